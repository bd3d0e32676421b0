
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What Slack's refusal of a channel or an endpoint does, how a token is held,
 * and the end of a suspension.  All functions run in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_log.h>
#include <ngx_slack_post_suspend.h>
#include <ngx_slack_post_track.h>


static void ngx_slack_post_tell_held(ngx_slack_post_t *post, int64_t until,
    ngx_uint_t refused);
static const char *ngx_slack_post_endpoint_name(ngx_slack_post_t *post);


/*
 * An answer that does not refuse the endpoint proves that the endpoint works.
 */

void
ngx_slack_post_works(ngx_slack_post_t *post)
{
    ngx_slack_dispatcher_t         *d;
    ngx_slack_schedule_endpoint_t  *endpoint;

    d = post->dispatcher;
    endpoint = post->channel->endpoint;

    if (ngx_slack_schedule_resume(d->schedule, endpoint)) {
        ngx_slack_post_tell_held(post, 0, 0);

        ngx_slack_log(NGX_LOG_NOTICE, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": "
                      "the %s works again",
                      &post->channel->workspace->conf->name,
                      &post->channel->name,
                      ngx_slack_post_endpoint_name(post));
    }
}


void
ngx_slack_post_suspend_channel(ngx_slack_post_t *post)
{
    ngx_uint_t               level;
    ngx_msec_t               delay;
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;
    ws = ch->workspace->conf;

    /* Slack refused the channel only, so the endpoint works. */

    ngx_slack_post_works(post);

    ngx_slack_post_count(post, NGX_SLACK_COUNT_LAST);

    ch->failures++;

    delay = ngx_slack_post_delay(ws, ch->failures);

    ngx_slack_pace_hold(&ch->pace, d->now + (int64_t) delay);

    level = ch->suspended ? NGX_LOG_INFO : NGX_LOG_ERR;

    ngx_slack_log(level, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": Slack refuses the "
                  "channel, %s; %s; its messages wait, next try in %.1fs",
                  &ws->name, &ch->name, post->outcome.reason,
                  post->outcome.hint ? post->outcome.hint
                                       : "check it in Slack",
                  (double) delay / 1000);

    if (!ch->suspended) {
        ch->suspended = 1;
        (void) ngx_atomic_fetch_add(&d->counters->suspended, 1);
    }
}


void
ngx_slack_post_suspend_endpoint(ngx_slack_post_t *post)
{
    ngx_msec_t                      delay;
    ngx_slack_channel_t            *ch;
    ngx_slack_workspace_t          *ws;
    ngx_slack_dispatcher_t         *d;
    ngx_slack_schedule_endpoint_t  *endpoint;

    d = post->dispatcher;
    ch = post->channel;
    endpoint = ch->endpoint;
    ws = ch->workspace->conf;

    ch->failures = ngx_max(ch->failures, endpoint->failures) + 1;

    ngx_slack_post_count(post, NGX_SLACK_COUNT_LAST);

    delay = ngx_slack_post_refused(post, endpoint, ws, &ch->name,
                                   ngx_slack_post_endpoint_name(post));

    if (delay) {
        ngx_slack_post_tell_held(post, (d->wall + (int64_t) delay) / 1000, 1);
    }
}


ngx_msec_t
ngx_slack_post_refused(ngx_slack_post_t *post,
    ngx_slack_schedule_endpoint_t *endpoint, ngx_slack_workspace_t *ws,
    ngx_str_t *channel, const char *name)
{
    ngx_uint_t               level;
    ngx_msec_t               delay;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;

    if (endpoint->until > d->now) {
        /* the request was in flight when the endpoint was suspended */
        return 0;
    }

    endpoint->failures++;

    delay = ngx_slack_post_delay(ws, endpoint->failures);

    level = endpoint->suspended ? NGX_LOG_INFO : NGX_LOG_ERR;

    ngx_slack_log(level, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": Slack refuses the "
                  "%s, %s; %s; messages of all its channels wait, "
                  "next try in %.1fs",
                  &ws->name, channel, name, post->outcome.reason,
                  post->outcome.hint ? post->outcome.hint
                                     : "check it in Slack",
                  (double) delay / 1000);

    if (!endpoint->suspended) {
        (void) ngx_atomic_fetch_add(&d->counters->suspended, 1);
    }

    ngx_slack_schedule_suspend(endpoint, d->now + (int64_t) delay);

    return delay;
}


void
ngx_slack_post_hold_endpoint(ngx_slack_post_t *post)
{
    int64_t                  until;
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;

    until = d->now + (int64_t) post->outcome.hold;

    ngx_slack_schedule_hold(ch->endpoint, until);

    /* its next turn comes after those of the channels that wait already */

    ngx_slack_pace_hold(&ch->pace, until + 1);

    ngx_slack_post_tell_held(post, (d->wall + (int64_t) post->outcome.hold)
                                   / 1000, 0);
}


/*
 * Shows on the status page that all channels of the endpoint are held, or
 * refused, until "until", in seconds since the epoch; 0 means that they are
 * not.
 */

static void
ngx_slack_post_tell_held(ngx_slack_post_t *post, int64_t until,
    ngx_uint_t refused)
{
    ngx_rbtree_t         *tree;
    ngx_rbtree_node_t    *node;
    ngx_slack_channel_t  *ch;

    tree = &post->dispatcher->schedule->channels;

    /* The tree is not empty: the post's channel is in it. */

    for (node = ngx_rbtree_min(tree->root, tree->sentinel);
         node;
         node = ngx_rbtree_next(tree, node))
    {
        ch = ngx_rbtree_data(node, ngx_slack_channel_t, node);

        if (ch->endpoint == post->channel->endpoint && ch->history) {
            ch->history->refused = refused;
            ch->history->held = (ngx_atomic_uint_t) until;
        }
    }
}


ngx_msec_t
ngx_slack_post_delay(ngx_slack_workspace_t *ws, ngx_uint_t failures)
{
    return ngx_slack_pace_jitter(ngx_slack_pace_suspend(ws->retry_min,
                                                        failures),
                                 (ngx_uint_t) ngx_random());
}


static const char *
ngx_slack_post_endpoint_name(ngx_slack_post_t *post)
{
    return post->channel->conf->token.len ? "token" : "webhook";
}
