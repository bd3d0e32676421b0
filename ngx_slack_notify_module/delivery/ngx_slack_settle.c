
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Settling: the outcomes of several flights go to the outbox in one
 * transaction, and are kept until it has them.  Knows no Slack.  Runs in a
 * pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_clock.h>
#include <ngx_slack_flight.h>


#define NGX_SLACK_SETTLE_MAX    1024        /* messages in a transaction */
#define NGX_SLACK_SETTLE_BATCH  64          /* messages */
#define NGX_SLACK_SETTLE_PAUSE  5000        /* ms, longest, after an error */


static void ngx_slack_settle_resume(ngx_slack_flight_t *flight);


/* executed in a worker thread */

void
ngx_slack_flight_landed(ngx_slack_flight_t *flight)
{
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;

    ngx_slack_schedule_landed(d->schedule, flight->channel);

    if (ngx_queue_empty(&d->landed)) {
        d->settle_at = d->settled_at + NGX_SLACK_SETTLE_DELAY;
    }

    ngx_queue_insert_tail(&d->landed, &flight->queue);
    d->nlanded += flight->n;
}


/* executed in a worker thread */

void
ngx_slack_settle_due(ngx_slack_dispatcher_t *d, ngx_uint_t now)
{
    ngx_msec_t  pause;

    if (ngx_queue_empty(&d->landed)) {
        return;
    }

    if (d->now < d->settle_at
        && (d->settle_failures
            || (!now && d->nlanded < NGX_SLACK_SETTLE_BATCH)))
    {
        return;
    }

    if (ngx_slack_flight_settle(d) == NGX_OK) {
        d->settle_failures = 0;
        d->settled_at = ngx_slack_clock_monotonic();
        return;
    }

    /* Slack has them, so they are kept here until the outbox knows */

    pause = ngx_slack_pace_backoff(100, NGX_SLACK_SETTLE_PAUSE,
                                   ++d->settle_failures);
    d->settle_at = d->now + (int64_t) pause;
}


/* executed in a worker thread */

ngx_int_t
ngx_slack_flight_settle(ngx_slack_dispatcher_t *d)
{
    ngx_uint_t                i, n, m;
    ngx_queue_t              *q;
    ngx_slack_flight_t       *flight;
    ngx_slack_standing_t     *standings, *st;
    ngx_slack_settlement_t   *settlements, *se;

    settlements = calloc(NGX_SLACK_SETTLE_MAX, sizeof(ngx_slack_settlement_t));
    standings = calloc(NGX_SLACK_SETTLE_MAX, sizeof(ngx_slack_standing_t));

    if (settlements == NULL || standings == NULL) {
        ngx_log_error(NGX_LOG_ERR, d->log, 0, "slack: no memory");
        goto failed;
    }

    while (!ngx_queue_empty(&d->landed)) {

        n = 0;
        m = 0;

        for (q = ngx_queue_head(&d->landed);
             q != ngx_queue_sentinel(&d->landed);
             q = ngx_queue_next(q))
        {
            flight = ngx_queue_data(q, ngx_slack_flight_t, queue);

            if (n + flight->n > NGX_SLACK_SETTLE_MAX
                || m == NGX_SLACK_SETTLE_MAX)
            {
                break;
            }

            if (flight->standing) {
                st = &standings[m++];
                st->id = flight->channel->id;
                st->not_before = flight->not_before;
                st->failures = flight->failures;
                ngx_str_null(&st->answer);

                if (flight->outcome.outcome != NGX_SLACK_OUTCOME_SENT) {
                    st->answer.data = (u_char *) flight->outcome.reason;
                    st->answer.len = flight->outcome.len;
                }
            }

            for (i = 0; flight->settle && i < flight->n; i++) {
                se = &settlements[n++];
                se->id = flight->passengers[i].id;
                se->outcome = flight->settle;
                se->due = flight->due;
                se->attempts = flight->passengers[i].attempts;
                se->answer.data = (u_char *) flight->outcome.reason;
                se->answer.len = flight->outcome.len;
            }
        }

        if (d->outbox->engine->settle(d->store, settlements, n, standings, m)
            != NGX_OK)
        {
            goto failed;
        }

        while (ngx_queue_head(&d->landed) != q) {
            flight = ngx_queue_data(ngx_queue_head(&d->landed),
                                    ngx_slack_flight_t, queue);

            ngx_queue_remove(&flight->queue);
            ngx_slack_settle_resume(flight);
        }
    }

    free(settlements);
    free(standings);

    return NGX_OK;

failed:

    free(settlements);
    free(standings);

    return NGX_ERROR;
}


/* the outbox knows: the channel may look at its messages again */

static void
ngx_slack_settle_resume(ngx_slack_flight_t *flight)
{
    int64_t                  when;
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    ch = flight->channel;

    d->nlanded -= flight->n;

    when = ngx_slack_pace_next(&ch->pace);

    ch->waited = (when > d->now || ch->gate->until > d->now);

    ngx_slack_schedule_at(d->schedule, ch, when);

    free(flight);
}
