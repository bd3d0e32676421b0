
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * How fast a channel is posted to.  A token bucket, kept as the moment at
 * which it will be full again; and the delays after failures.  No clock of
 * its own, no state but the caller's; runs in any thread.
 */


#ifndef _NGX_SLACK_PACE_H_INCLUDED_
#define _NGX_SLACK_PACE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_SUSPEND_MAX  (60 * 60 * 1000)     /* ms */

/*
 * in the number of failures as it is settled: Slack asked for the delay
 * (Retry-After), so it lasts over restarts, which other delays do not
 */
#define NGX_SLACK_PACE_HELD    0x40000000


typedef struct {
    int64_t                   interval;     /* microseconds per message */
    int64_t                   slack;        /* microseconds, of the burst */
    int64_t                   full;         /* monotonic, microseconds */
} ngx_slack_pace_t;


/* "rate" as in messages per 1000 seconds, "burst" in messages */

void ngx_slack_pace_init(ngx_slack_pace_t *pace, ngx_uint_t rate,
    ngx_uint_t burst);


/* messages that may be sent now */

ngx_uint_t ngx_slack_pace_tokens(ngx_slack_pace_t *pace, int64_t now);


/* when the next one may be sent; monotonic ms, perhaps past */

int64_t ngx_slack_pace_next(ngx_slack_pace_t *pace);


/* one is sent now */

void ngx_slack_pace_take(ngx_slack_pace_t *pace, int64_t now);


/* the token was taken for a request that was written not before "when" */

void ngx_slack_pace_sent(ngx_slack_pace_t *pace, int64_t when);


/* none before "when" (monotonic ms), and no burst then */

void ngx_slack_pace_hold(ngx_slack_pace_t *pace, int64_t when);


/*
 * The delay in ms of a remembered "not before" (wall clock, ms); 0: none.
 * Longer than "max" it cannot have been: the clock was set, and "otherwise"
 * is the delay.
 */

int64_t ngx_slack_pace_remembered(int64_t not_before, int64_t wall,
    int64_t max, int64_t otherwise);


/* min, 2 min, 4 min … max for 1, 2, 3 … failures; ms */

ngx_msec_t ngx_slack_pace_backoff(ngx_msec_t min, ngx_msec_t max,
    ngx_uint_t failures);


/* min, 4 min, 16 min … an hour */

ngx_msec_t ngx_slack_pace_suspend(ngx_msec_t min, ngx_uint_t failures);


/* 80 to 120 % of a delay; "random" is any number */

ngx_msec_t ngx_slack_pace_jitter(ngx_msec_t delay, ngx_uint_t random);


#endif /* _NGX_SLACK_PACE_H_INCLUDED_ */
