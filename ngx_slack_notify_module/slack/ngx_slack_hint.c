
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


static void ngx_slack_hint_status(const char *shown, ngx_slack_hint_t *hint);


void
ngx_slack_hint_find(const char *shown, ngx_slack_hint_t *hint)
{
    ngx_str_t                 name;
    const char               *p, *last;
    const ngx_slack_error_t  *known;

    hint->suspends = 0;

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
        ngx_slack_hint_status(shown, hint);
        return;
    }

    p++;
    last = ngx_strchr(p, '"');

    if (last == NULL) {
        ngx_slack_hint_status(shown, hint);
        return;
    }

    name.data = (u_char *) p;
    name.len = last - p;

    known = ngx_slack_error_find(&name);

    if (known) {
        hint->hint = known->hint;
        hint->suspends =
            (known->outcome == NGX_SLACK_OUTCOME_SUSPEND_CHANNEL
             || known->outcome == NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT);
        return;
    }

    if (*p < 'a' || *p > 'z') {
        ngx_slack_hint_status(shown, hint);
    }
}


/* of an answer without an error of Slack's, as ngx_slack_outcome_judge() */

static void
ngx_slack_hint_status(const char *shown, ngx_slack_hint_t *hint)
{
    shown += sizeof("HTTP ") - 1;

    switch (*shown) {

    case '2':
        hint->hint = "this is not an answer of Slack, check webhook_url or "
                     "api_url";
        hint->suspends = 1;
        break;

    case '3':
        hint->hint = "redirects are not followed, check webhook_url or "
                     "api_url";
        hint->suspends = 1;
        break;

    default:
        if (ngx_strncmp(shown, "407", 3) == 0) {
            hint->hint = "check the credentials in proxy";
        }
    }
}
