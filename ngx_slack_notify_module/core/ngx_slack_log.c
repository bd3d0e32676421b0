
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Keeps log lines rare.  Knows the clock only; runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_log.h>


ngx_uint_t
ngx_slack_log_allowed(ngx_slack_log_limit_t *limit)
{
    ngx_atomic_uint_t  now, next;

    now = (ngx_atomic_uint_t) ngx_slack_clock_monotonic();
    next = limit->next;

    if (now < next) {
        return 0;
    }

    /* of several threads one wins */

    return ngx_atomic_cmp_set(&limit->next, next,
                              now + NGX_SLACK_LOG_INTERVAL);
}
