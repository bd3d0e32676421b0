
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Limits the number of log lines, also over all workers.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_log.h>


static ngx_slack_log_table_t   ngx_slack_log_own;
static ngx_slack_log_table_t  *ngx_slack_log_table = &ngx_slack_log_own;


void
ngx_slack_log_share(ngx_slack_log_table_t *table)
{
    ngx_slack_log_table = table ? table : &ngx_slack_log_own;
}


void
ngx_slack_log_renew(ngx_slack_log_table_t *table)
{
    ngx_uint_t  i, cause;

    for (i = 0; i < NGX_SLACK_RARE_LAST; i++) {
        for (cause = 0; cause < NGX_SLACK_RARE_CAUSES; cause++) {
            table->next[i][cause] = 0;
        }
    }
}


ngx_uint_t
ngx_slack_log_allowed(ngx_slack_log_rare_e line, ngx_uint_t cause)
{
    ngx_atomic_t       *next;
    ngx_atomic_uint_t   now, before;

    cause = ngx_min(cause, NGX_SLACK_RARE_CAUSES - 1);
    next = &ngx_slack_log_table->next[line][cause];

    now = (ngx_atomic_uint_t) ngx_slack_clock_monotonic();
    before = *next;

    if (now < before) {
        return 0;
    }

    /* if several threads get here, only one succeeds */

    return ngx_atomic_cmp_set(next, before, now + NGX_SLACK_LOG_INTERVAL);
}


ngx_uint_t
ngx_slack_log_burst(ngx_slack_log_burst_t *burst, ngx_msec_t now,
    ngx_uint_t *silent)
{
    if (now - burst->since >= 1000) {
        burst->since = now;
        burst->lines = 0;
    }

    if (burst->lines == NGX_SLACK_LOG_BURST) {
        burst->silent++;
        return 0;
    }

    burst->lines++;

    *silent = burst->silent;
    burst->silent = 0;

    return 1;
}
