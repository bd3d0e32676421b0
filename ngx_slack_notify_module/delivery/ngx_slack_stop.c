
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * How a leader stops: posts that have been written may finish, the messages of
 * unwritten posts stay as they are, and a post that is cut off is ambiguous.
 * All functions run in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_settle.h>
#include <ngx_slack_stop.h>


/*
 * ms for posts to finish after SIGTERM or SIGINT.  The master sends SIGKILL
 * 1.5 to 3 seconds later, see ngx_master_process_cycle(), and this thread may
 * need NGX_SLACK_SLICE ms to notice the signal.
 */

#define NGX_SLACK_STOP_FAST    750

#define NGX_SLACK_STOP_STORE   1000         /* ms to try a failing outbox */
#define NGX_SLACK_STOP_PAUSE   100          /* ms between the tries */


static int64_t ngx_slack_stop_wait(ngx_slack_dispatcher_t *d);
static void ngx_slack_stop_settle(ngx_slack_dispatcher_t *d, int64_t end);


/* executed in a pool thread */

void
ngx_slack_stop_posts(ngx_slack_dispatcher_t *d)
{
    int64_t  end;

    ngx_slack_client_cancel(d->client, 0);

    end = ngx_slack_stop_wait(d);

    ngx_slack_client_cancel(d->client, 1);

    ngx_slack_stop_settle(d, end);
}


/* Returns the time at which the wait had to end, in monotonic ms. */

static int64_t
ngx_slack_stop_wait(ngx_slack_dispatcher_t *d)
{
    int64_t     end, until;
    ngx_uint_t  fast;

    fast = 0;
    end = d->now + d->grace;

    /* nothing waits for auth.test */

    if (d->in_flight > d->tests) {
        ngx_log_error(NGX_LOG_INFO, d->log, 0,
                      "slack: waiting for the answers to %ui posts",
                      d->in_flight - d->tests);
    }

    for ( ;; ) {

        if (ngx_terminate && !fast) {
            fast = 1;
            end = ngx_min(end, d->now + NGX_SLACK_STOP_FAST);
        }

        ngx_slack_settle_due(d, d->in_flight == d->tests);

        if (d->in_flight == d->tests || d->now >= end) {
            return end;
        }

        until = ngx_min(end, d->now + NGX_SLACK_SLICE);

        if (!ngx_queue_empty(&d->ended)) {
            until = ngx_min(until, d->settle_at);
        }

        until = ngx_max(until - d->now, 0);

        ngx_slack_client_run(d->client, (ngx_msec_t) until);

        ngx_slack_dispatcher_clock(d);
    }
}


/* This is the last chance to store the outcomes, so try for a while. */

static void
ngx_slack_stop_settle(ngx_slack_dispatcher_t *d, int64_t end)
{
    end = ngx_max(end, d->now + NGX_SLACK_STOP_STORE);

    while (!ngx_queue_empty(&d->ended)) {

        if (ngx_slack_settle(d) == NGX_OK) {
            return;
        }

        if (d->declined) {
            ngx_log_error(NGX_LOG_WARN, d->log, 0,
                          "slack: another process delivers by now, the "
                          "outcome of %ui messages is lost, they may be sent "
                          "twice", d->nended);
            return;
        }

        ngx_slack_dispatcher_clock(d);

        if (d->now >= end) {
            ngx_log_error(NGX_LOG_ERR, d->log, 0,
                          "slack: the outcome of %ui messages could not be "
                          "stored, they may be sent twice", d->nended);
            return;
        }

        ngx_msleep(NGX_SLACK_STOP_PAUSE);
    }
}
