
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The tables of Slack's words and of failed transfers, read the other way
 * round.  Pure; runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_remedy.h>
#include <ngx_slack_trouble.h>
#include <ngx_slack_word.h>


void
ngx_slack_remedy_find(const char *words, ngx_slack_remedy_t *remedy)
{
    ngx_str_t                word;
    const char              *p, *last;
    const ngx_slack_word_t  *known;

    if (ngx_strncmp(words, "HTTP ", sizeof("HTTP ") - 1) != 0) {
        remedy->cause = strstr(words, "certificate") ? "certificate"
                                                     : "transfer";
        remedy->hint = ngx_slack_trouble_hint(words);
        return;
    }

    remedy->cause = "slack";
    remedy->hint = NULL;

    /* HTTP 404 "no_service" */

    p = ngx_strchr(words, '"');

    if (p == NULL) {
        return;
    }

    p++;
    last = ngx_strchr(p, '"');

    if (last == NULL) {
        return;
    }

    word.data = (u_char *) p;
    word.len = last - p;

    known = ngx_slack_word_find(&word);

    if (known) {
        remedy->hint = known->hint;
    }
}
