
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Keeps log lines rare, over all workers too.  Knows the clock only; runs in
 * any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_log.h>


static ngx_slack_log_limit_t *ngx_slack_log_shared(
    ngx_slack_log_limit_t *limit);


static ngx_slack_log_table_t  *ngx_slack_log_table;


void
ngx_slack_log_share(ngx_slack_log_table_t *table)
{
    ngx_slack_log_table = table;
}


void
ngx_slack_log_renew(ngx_slack_log_table_t *table)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_SLACK_LOG_SLOTS; i++) {
        table->slots[i].limit.next = 0;
    }
}


ngx_uint_t
ngx_slack_log_allowed(ngx_slack_log_limit_t *limit)
{
    ngx_atomic_uint_t  now, next;

    limit = ngx_slack_log_shared(limit);

    now = (ngx_atomic_uint_t) ngx_slack_clock_monotonic();
    next = limit->next;

    if (now < next) {
        return 0;
    }

    /* of several threads one wins */

    return ngx_atomic_cmp_set(&limit->next, next,
                              now + NGX_SLACK_LOG_INTERVAL);
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


/*
 * A static variable has the same address in all processes that were forked
 * from the same one; a new generation whose library lies elsewhere takes new
 * slots.
 */

static ngx_slack_log_limit_t *
ngx_slack_log_shared(ngx_slack_log_limit_t *limit)
{
    ngx_uint_t             i, n;
    ngx_atomic_uint_t      owner;
    ngx_slack_log_slot_t  *slot;

    if (ngx_slack_log_table == NULL) {
        return limit;
    }

    owner = (ngx_atomic_uint_t) (uintptr_t) limit;
    n = (ngx_uint_t) (owner / sizeof(ngx_slack_log_limit_t));

    for (i = 0; i < NGX_SLACK_LOG_SLOTS; i++) {
        slot = &ngx_slack_log_table->slots[(n + i) % NGX_SLACK_LOG_SLOTS];

        if (slot->owner == owner
            || ngx_atomic_cmp_set(&slot->owner, 0, owner)
            || slot->owner == owner)
        {
            return &slot->limit;
        }
    }

    return limit;
}
