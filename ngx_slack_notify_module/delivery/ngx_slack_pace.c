
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Pacing: the token bucket of a channel and the delays after failures.  Pure
 * arithmetic without a clock of its own, so that setting the clock has no
 * effect here.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_pace.h>


static ngx_msec_t ngx_slack_pace_grow(ngx_msec_t min, ngx_msec_t max,
    ngx_uint_t failures, ngx_uint_t shift);


void
ngx_slack_pace_init(ngx_slack_pace_t *pace, ngx_uint_t rate, ngx_uint_t burst)
{
    pace->interval = (int64_t) (1000000000 / ngx_max(rate, 1));
    pace->slack = pace->interval * (int64_t) (ngx_max(burst, 1) - 1);
    pace->full = INT64_MIN / 2;
}


ngx_uint_t
ngx_slack_pace_tokens(ngx_slack_pace_t *pace, int64_t now)
{
    int64_t  room;

    if (pace->interval == 0) {
        return NGX_MAX_UINT32_VALUE;
    }

    now *= 1000;

    if (pace->full <= now) {
        room = pace->slack;

    } else {
        room = now - (pace->full - pace->slack);
    }

    return (room < 0) ? 0 : (ngx_uint_t) (room / pace->interval) + 1;
}


int64_t
ngx_slack_pace_next(ngx_slack_pace_t *pace)
{
    /* round up: sending even a millisecond early would break the pace */

    return (pace->full - pace->slack + 999) / 1000;
}


void
ngx_slack_pace_take(ngx_slack_pace_t *pace, int64_t now)
{
    pace->full = ngx_max(pace->full, now * 1000) + pace->interval;
}


void
ngx_slack_pace_sent(ngx_slack_pace_t *pace, int64_t when)
{
    pace->full = ngx_max(pace->full, when * 1000 + pace->interval);
}


void
ngx_slack_pace_hold(ngx_slack_pace_t *pace, int64_t when)
{
    pace->full = ngx_max(pace->full, when * 1000 + pace->slack);
}


void
ngx_slack_pace_join(ngx_slack_pace_t *pace, ngx_slack_pace_t *other)
{
    pace->interval = ngx_max(pace->interval, other->interval);
    pace->slack = ngx_min(pace->slack, other->slack);
    pace->full = ngx_max(pace->full, other->full);
}


int64_t
ngx_slack_pace_remembered(int64_t not_before, int64_t wall, int64_t max,
    int64_t otherwise)
{
    int64_t  delay;

    if (not_before <= wall) {
        return 0;
    }

    delay = not_before - wall;

    return (delay <= max) ? delay : otherwise;
}


ngx_msec_t
ngx_slack_pace_backoff(ngx_msec_t min, ngx_msec_t max, ngx_uint_t failures)
{
    return ngx_slack_pace_grow(min, max, failures, 1);
}


ngx_msec_t
ngx_slack_pace_suspend(ngx_msec_t min, ngx_uint_t failures)
{
    return ngx_slack_pace_grow(min, NGX_SLACK_SUSPEND_MAX, failures, 2);
}


ngx_msec_t
ngx_slack_pace_jitter(ngx_msec_t delay, ngx_uint_t random)
{
    return delay - delay / 5 + (delay / 5 * 2) * (random % 1001) / 1000;
}


static ngx_msec_t
ngx_slack_pace_grow(ngx_msec_t min, ngx_msec_t max, ngx_uint_t failures,
    ngx_uint_t shift)
{
    ngx_msec_t  delay;

    delay = ngx_max(min, 1);

    while (failures > 1 && delay < max) {
        delay <<= shift;
        failures--;
    }

    return ngx_min(delay, max);
}
