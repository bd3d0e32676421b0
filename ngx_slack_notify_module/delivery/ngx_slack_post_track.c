
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Counters, history and the state of the channel for a post.  Runs in a pool
 * thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_post_track.h>


/* executed in a pool thread */

void
ngx_slack_post_begun(ngx_slack_post_t *post)
{
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;

    d->in_flight++;
    (void) ngx_atomic_fetch_add(&d->counters->in_flight, 1);

    if (post->channel->history) {
        (void) ngx_atomic_fetch_add(&post->channel->history->in_flight,
                                    (ngx_atomic_int_t) post->n);
    }
}


/* executed in a pool thread */

void
ngx_slack_post_ended(ngx_slack_post_t *post)
{
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;

    d->in_flight--;
    (void) ngx_atomic_fetch_add(&d->counters->in_flight, -1);

    if (post->channel->history) {
        (void) ngx_atomic_fetch_add(&post->channel->history->in_flight,
                                    -(ngx_atomic_int_t) post->n);
    }

    free(post->request.body.data);
    ngx_str_null(&post->request.body);

    ngx_slack_dispatcher_clock(d);
}


/* executed in a pool thread */

void
ngx_slack_post_channel(ngx_slack_post_t *post)
{
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;

    post->standing = 1;
    post->failures = ch->failures;
    post->not_before = d->wall + ngx_slack_pace_next(&ch->pace) - d->now;

    /* A suspended endpoint holds its channels after a restart as well. */

    if (ch->endpoint->until > d->now) {
        post->not_before = ngx_max(post->not_before,
                                   d->wall + ch->endpoint->until - d->now);
    }

    /* channels with the same ID in Slack have one pace */

    ngx_slack_schedule_share(ch);
}


/* executed in a pool thread */

void
ngx_slack_post_count(ngx_slack_post_t *post, ngx_uint_t what)
{
    time_t                   now;
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;
    now = (time_t) (d->wall / 1000);

    if (what != NGX_SLACK_COUNT_LAST) {
        ngx_slack_history_messages(d->history, ch->history, what, post->n,
                                   now);
        ngx_slack_post_note(post, ch->history, what);
    }

    if (ch->history && what != NGX_SLACK_COUNT_SENT) {
        ngx_slack_history_tell(&ch->history->error,
                               (u_char *) post->outcome.reason,
                               post->outcome.len, now);
    }
}


size_t
ngx_slack_post_handle(ngx_slack_post_t *post, u_char *handle)
{
    u_char               *p;
    ngx_slack_outcome_t  *out;

    out = &post->outcome;

    if (out->channel_len == 0 || out->ts_len == 0) {
        return 0;
    }

    p = ngx_cpymem(handle, out->channel, out->channel_len);
    *p++ = ' ';
    p = ngx_cpymem(p, out->ts, out->ts_len);

    return p - handle;
}


/* executed in a pool thread */

void
ngx_slack_post_note(ngx_slack_post_t *post,
    ngx_slack_history_channel_t *channel, ngx_uint_t what)
{
    u_char                   buf[NGX_SLACK_HANDLE_MAX];
    ngx_str_t                handle;
    ngx_uint_t               i;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;

    handle.data = buf;
    handle.len = (what == NGX_SLACK_COUNT_SENT)
                 ? ngx_slack_post_handle(post, buf) : 0;

    for (i = 0; i < post->n; i++) {
        ngx_slack_history_settled(d->history, channel, post->messages[i].id,
                                  what, &handle, post->messages[i].created,
                                  d->wall);
    }
}
