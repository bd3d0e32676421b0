
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * How fast a channel is posted to: a token bucket, kept as the moment at which
 * it will be full again, and the delays after failures.  The functions only
 * calculate with what the caller passes; they read no clock, never fail, and
 * run in any thread.
 */


#ifndef _NGX_SLACK_PACE_H_INCLUDED_
#define _NGX_SLACK_PACE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_SUSPEND_MAX  (60 * 60 * 1000)     /* ms */

/*
 * A flag in the stored number of failures: the delay came from Slack
 * (Retry-After) and therefore lasts over a restart.  Other delays are
 * shortened then, as the configuration may have been corrected.
 */
#define NGX_SLACK_PACE_HELD    0x40000000


typedef struct {
    int64_t                   interval;     /* microseconds per message */
    int64_t                   slack;        /* microseconds, for the burst */
    int64_t                   full;         /* monotonic, microseconds */
} ngx_slack_pace_t;


/*
 * Starts with a full bucket.  "rate" is in messages per 1000 seconds, "burst"
 * in messages.
 */

void ngx_slack_pace_init(ngx_slack_pace_t *pace, ngx_uint_t rate,
    ngx_uint_t burst);


/* The number of messages that may be sent now; "now" is in monotonic ms. */

ngx_uint_t ngx_slack_pace_tokens(ngx_slack_pace_t *pace, int64_t now);


/* When the next message may be sent, in monotonic ms; may be in the past. */

int64_t ngx_slack_pace_next(ngx_slack_pace_t *pace);


/* Takes a token for a request that starts at "now" (monotonic ms). */

void ngx_slack_pace_take(ngx_slack_pace_t *pace, int64_t now);


/*
 * Corrects the bucket after ngx_slack_pace_take(): the request was written at
 * "when" (monotonic ms) or later.
 */

void ngx_slack_pace_sent(ngx_slack_pace_t *pace, int64_t when);


/*
 * Allows no message before "when" (monotonic ms), and no burst at that time.
 */

void ngx_slack_pace_hold(ngx_slack_pace_t *pace, int64_t when);


/* Makes "pace" as slow as the slower of both, at each moment. */

void ngx_slack_pace_join(ngx_slack_pace_t *pace, ngx_slack_pace_t *other);


/*
 * The delay in ms, counted from "wall", until a stored "not_before"; both are
 * wall clock, ms.  0: no delay.  A delay above "max" (ms) means that the clock
 * was set in between; then "otherwise" (ms) is returned.
 */

int64_t ngx_slack_pace_remembered(int64_t not_before, int64_t wall,
    int64_t max, int64_t otherwise);


/*
 * The delay in ms after "failures" failures in a row: min, 2 min, 4 min, and
 * so on, at most max.
 */

ngx_msec_t ngx_slack_pace_backoff(ngx_msec_t min, ngx_msec_t max,
    ngx_uint_t failures);


/*
 * The same for a suspension: min, 4 min, 16 min, and so on, at most an hour.
 */

ngx_msec_t ngx_slack_pace_suspend(ngx_msec_t min, ngx_uint_t failures);


/* A random delay between 80 and 120 % of "delay"; "random" is any number. */

ngx_msec_t ngx_slack_pace_jitter(ngx_msec_t delay, ngx_uint_t random);


#endif /* _NGX_SLACK_PACE_H_INCLUDED_ */
