
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The clocks (see the header).  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>

#include <time.h>


static int64_t ngx_slack_clock_read(clockid_t id);


int64_t
ngx_slack_clock_wall(void)
{
    return ngx_slack_clock_read(CLOCK_REALTIME);
}


int64_t
ngx_slack_clock_monotonic(void)
{
    return ngx_slack_clock_read(CLOCK_MONOTONIC);
}


static int64_t
ngx_slack_clock_read(clockid_t id)
{
    struct timespec  ts;

    /* Only an unknown clock can fail, and every system has these two. */

    if (clock_gettime(id, &ts) == -1) {
        return 0;
    }

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
