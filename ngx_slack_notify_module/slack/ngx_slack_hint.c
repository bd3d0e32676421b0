
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Hints for the reason of an outcome as kept in the outbox: a look-up in the
 * tables of Slack's errors and of failed transfers.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_hint.h>
#include <ngx_slack_transfer_error.h>
#include <ngx_slack_error.h>


void
ngx_slack_hint_find(const char *shown, ngx_slack_hint_t *hint)
{
    ngx_str_t                 name;
    const char               *p, *last;
    const ngx_slack_error_t  *known;

    if (ngx_strncmp(shown, "HTTP ", sizeof("HTTP ") - 1) != 0) {
        hint->cause = strstr(shown, "certificate") ? "certificate"
                                                     : "transfer";
        hint->hint = ngx_slack_transfer_error_hint(shown);
        return;
    }

    hint->cause = "slack";
    hint->hint = NULL;

    /* an example: HTTP 404 "no_service" */

    p = ngx_strchr(shown, '"');

    if (p == NULL) {
        return;
    }

    p++;
    last = ngx_strchr(p, '"');

    if (last == NULL) {
        return;
    }

    name.data = (u_char *) p;
    name.len = last - p;

    known = ngx_slack_error_find(&name);

    if (known) {
        hint->hint = known->hint;
    }
}
