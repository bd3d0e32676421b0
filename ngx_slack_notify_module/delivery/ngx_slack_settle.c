
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Settling: the outcomes of several posts go to the outbox in one transaction,
 * and are kept in memory until it has stored them.  Knows nothing of Slack.
 * All functions run in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_clock.h>
#include <ngx_slack_settle.h>


#define NGX_SLACK_SETTLING_MAX    1024      /* messages in a transaction */
#define NGX_SLACK_SETTLING_BATCH  64        /* messages that settle at once */
#define NGX_SLACK_SETTLING_DELAY  2         /* ms between transactions: an
                                               answer waits half of it */
#define NGX_SLACK_SETTLING_PAUSE  5000      /* ms, the longest after an
                                               error */


static void ngx_slack_settle_resume(ngx_slack_post_t *post);


/* executed in a pool thread */

void
ngx_slack_settle_add(ngx_slack_post_t *post)
{
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;

    if (post->channel) {
        ngx_slack_schedule_ended(d->schedule, post->channel);
    }

    if (ngx_queue_empty(&d->ended)) {
        d->settle_at = d->settled_at + NGX_SLACK_SETTLING_DELAY;
    }

    ngx_queue_insert_tail(&d->ended, &post->queue);
    d->nended += post->n;
}


/* executed in a pool thread */

void
ngx_slack_settle_due(ngx_slack_dispatcher_t *d, ngx_uint_t now)
{
    ngx_msec_t  pause;

    if (ngx_queue_empty(&d->ended)) {
        return;
    }

    if (d->now < d->settle_at
        && (d->settle_failures
            || (!now && d->nended < NGX_SLACK_SETTLING_BATCH)))
    {
        return;
    }

    if (ngx_slack_settle(d) == NGX_OK) {
        d->settle_failures = 0;
        d->settled_at = ngx_slack_clock_monotonic();
        return;
    }

    /*
     * Slack has these messages: forgetting the outcomes would send them twice.
     */

    pause = ngx_slack_pace_backoff(100, NGX_SLACK_SETTLING_PAUSE,
                                   ++d->settle_failures);
    d->settle_at = d->now + (int64_t) pause;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_settle(ngx_slack_dispatcher_t *d)
{
    ngx_int_t                rc;
    ngx_uint_t               i, n, m;
    ngx_queue_t             *q;
    ngx_slack_post_t        *post;
    ngx_slack_standing_t    *standings, *st;
    ngx_slack_settlement_t  *settlements, *se;

    settlements = calloc(NGX_SLACK_SETTLING_MAX,
                         sizeof(ngx_slack_settlement_t));
    standings = calloc(NGX_SLACK_SETTLING_MAX, sizeof(ngx_slack_standing_t));

    rc = NGX_ERROR;

    if (settlements == NULL || standings == NULL) {
        ngx_log_error(NGX_LOG_ERR, d->log, 0, "slack: no memory");
        goto failed;
    }

    while (!ngx_queue_empty(&d->ended)) {

        n = 0;
        m = 0;

        for (q = ngx_queue_head(&d->ended);
             q != ngx_queue_sentinel(&d->ended);
             q = ngx_queue_next(q))
        {
            post = ngx_queue_data(q, ngx_slack_post_t, queue);

            /* a root that shows a change settles both */

            if (n + 2 * post->n > NGX_SLACK_SETTLING_MAX
                || m == NGX_SLACK_SETTLING_MAX)
            {
                break;
            }

            if (post->standing) {
                st = &standings[m++];
                st->id = post->channel->id;
                st->not_before = post->not_before;
                st->failures = post->failures;

                if (post->settle == NGX_SLACK_SETTLE_SENT) {
                    st->memos = post->memos;
                    st->nmemos = post->nmemos;
                }

                ngx_str_null(&st->answer);
                ngx_str_null(&st->handle);

                if (post->identified) {
                    st->handle.data = post->outcome.channel;
                    st->handle.len = post->outcome.channel_len;
                }

                if (post->outcome.outcome != NGX_SLACK_OUTCOME_SENT) {
                    st->answer.data = (u_char *) post->outcome.reason;
                    st->answer.len = post->outcome.len;
                }
            }

            for (i = 0; post->settle && i < post->n; i++) {
                se = &settlements[n++];
                se->id = post->messages[i].id;
                se->outcome = post->settle;
                se->due = post->due;
                se->attempts = post->messages[i].attempts;
                se->answer.data = (u_char *) post->outcome.reason;
                se->answer.len = post->outcome.len;
                ngx_str_null(&se->handle);

                if (post->settle != NGX_SLACK_SETTLE_SENT) {
                    continue;
                }

                if (post->messages[i].root) {
                    se->handle.data = post->handle;
                    se->handle.len = post->handle_len;
                }

                if (post->messages[i].change) {
                    se = &settlements[n++];
                    ngx_memzero(se, sizeof(ngx_slack_settlement_t));
                    se->id = post->messages[i].change;
                    se->outcome = NGX_SLACK_SETTLE_SUPERSEDED;
                }
            }
        }

        rc = ngx_slack_outbox_settle(d->outbox, d->term, settlements, n,
                                     standings, m);

        if (rc != NGX_OK) {
            d->declined |= (rc == NGX_DECLINED);
            goto failed;
        }

        while (ngx_queue_head(&d->ended) != q) {
            post = ngx_queue_data(ngx_queue_head(&d->ended),
                                  ngx_slack_post_t, queue);

            ngx_queue_remove(&post->queue);
            ngx_slack_settle_resume(post);
        }
    }

    free(settlements);
    free(standings);

    return NGX_OK;

failed:

    free(settlements);
    free(standings);

    return rc;
}


/* The outcome is stored, so the channel may read its messages again. */

static void
ngx_slack_settle_resume(ngx_slack_post_t *post)
{
    int64_t                  when;
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;

    d->nended -= post->n;

    if (post->settled) {
        post->settled(post);
    }

    if (ch == NULL) {
        free(post);
        return;
    }

    when = ngx_slack_pace_next(&ch->pace);

    ch->waited = (when > d->now || ch->endpoint->until > d->now);

    ngx_slack_schedule_at(d->schedule, ch, when);

    free(post);
}
