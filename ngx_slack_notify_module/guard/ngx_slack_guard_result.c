
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The results of requests in guarded locations: counted, and logged when
 * refused.  Runs in the event loop.
 */


#include <ngx_slack_guard_private.h>
#include <ngx_slack_log.h>


/* what the log says of a refused request */

static char  *ngx_slack_guard_causes[] = {
    NULL,
    NULL,
    "X-Slack-Signature or X-Slack-Request-Timestamp was not sent: it does not "
        "come from Slack, or a proxy has removed them",
    "X-Slack-Signature or X-Slack-Request-Timestamp was sent twice",
    "X-Slack-Signature is not \"v0=\" and 64 hexadecimal digits, or "
        "X-Slack-Request-Timestamp is not a time",
    "X-Slack-Request-Timestamp is more than 300 seconds away from this host's "
        "time: check its clock, or somebody repeats a request",
    "X-Slack-Signature is wrong: the app's \"Signing Secret\" must be a "
        "slack_signing_secret of the location, and nothing may change the "
        "body on the way",
    "there is no whole body in memory to check: it did not arrive, or another "
        "module has read it before, then increase client_body_buffer_size"
};

static ngx_slack_log_burst_t  ngx_slack_guard_lines;


void
ngx_slack_guard_tell(ngx_http_request_t *r, ngx_slack_guard_result_e result)
{
    ngx_uint_t                   silent;
    ngx_slack_guard_counters_t  *counters;

    counters = ngx_slack_guard_counters((ngx_cycle_t *) ngx_cycle);

    if (counters) {
        (void) ngx_atomic_fetch_add(&counters->n[result], 1);
    }

    if (ngx_slack_guard_causes[result] == NULL
        || !ngx_slack_log_burst(&ngx_slack_guard_lines, ngx_current_msec,
                                &silent))
    {
        return;
    }

    if (silent) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "slack_signing_secret: %ui more requests refused, too "
                      "many in a second for a line each", silent);
    }

    ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                  "slack_signing_secret: request refused, %s",
                  ngx_slack_guard_causes[result]);
}


ngx_slack_guard_counters_t *
ngx_slack_guard_counters(ngx_cycle_t *cycle)
{
    ngx_slack_guard_main_conf_t  *gmcf;

    gmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_slack_guard_module);

    return (gmcf && gmcf->zone) ? gmcf->zone->data : NULL;
}
