
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Replies and roots.  All functions run in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_changes.h>
#include <ngx_slack_log.h>
#include <ngx_slack_post_thread.h>
#include <ngx_slack_post_track.h>


static ngx_uint_t ngx_slack_post_thread_replies(
    ngx_slack_waiting_message_t  *message);
static void ngx_slack_post_thread_settled(ngx_slack_post_t *post);


ngx_uint_t
ngx_slack_post_thread_shares(ngx_slack_waiting_message_t *a,
    ngx_slack_waiting_message_t *b)
{
    if (a->part.role == NGX_SLACK_ROLE_STATE_ROOT
        || b->part.role == NGX_SLACK_ROLE_STATE_ROOT)
    {
        return 0;
    }

    if (!ngx_slack_post_thread_replies(a)
        && !ngx_slack_post_thread_replies(b))
    {
        return 1;
    }

    /* a post has one thread, and is shown in the channel or not */

    return a->part.id == b->part.id && a->part.role == b->part.role;
}


static ngx_uint_t
ngx_slack_post_thread_replies(ngx_slack_waiting_message_t *message)
{
    return message->part.handle.len
           && (message->part.role == NGX_SLACK_ROLE_REPLY
               || message->part.role == NGX_SLACK_ROLE_BROADCAST);
}


void
ngx_slack_post_thread_head(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *messages, ngx_slack_post_head_t *head)
{
    u_char                    *p;
    ngx_str_t                 *handle;
    ngx_uint_t                 i;
    ngx_slack_waiting_part_t  *part;

    for (i = 0; i < post->n; i++) {
        part = &messages[i].part;

        post->messages[i].thread = part->id;
        post->messages[i].change = part->change;
        post->messages[i].root = (part->id
                                  && part->role != NGX_SLACK_ROLE_PLAIN
                                  && !ngx_slack_post_thread_replies(
                                                               &messages[i]));
    }

    if (post->channel->conf->token.len == 0) {
        /* a webhook knows no threads: all are messages */
        return;
    }

    post->settled = ngx_slack_post_thread_settled;

    if (!ngx_slack_post_thread_replies(&messages[0])) {
        return;
    }

    handle = &messages[0].part.handle;

    p = ngx_strlchr(handle->data, handle->data + handle->len, ' ');

    if (p == NULL) {
        /* not ours: the message is a new root */

        for (i = 0; i < post->n; i++) {
            post->messages[i].root = 1;
        }

        return;
    }

    post->reply = 1;

    head->thread_ts.data = p + 1;
    head->thread_ts.len = handle->data + handle->len - head->thread_ts.data;
    head->broadcast = (messages[0].part.role == NGX_SLACK_ROLE_BROADCAST);
}


void
ngx_slack_post_thread_sent(ngx_slack_post_t *post)
{
    size_t      len;
    ngx_uint_t  i;

    len = ngx_slack_post_handle(post, post->handle);

    if (len == 0) {
        return;
    }

    post->handle_len = len;

    if (!post->reply || !post->outcome.unthreaded) {
        return;
    }

    for (i = 0; i < post->n; i++) {
        post->messages[i].root = 1;
    }

    (void) ngx_atomic_fetch_add(&post->dispatcher->counters->fallbacks, 1);

    ngx_slack_log(NGX_LOG_NOTICE, post->dispatcher->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": the first message "
                  "of a thread was deleted, reply %L replaces it",
                  &post->channel->workspace->conf->name, &post->channel->name,
                  post->messages[0].id);
}


ngx_int_t
ngx_slack_post_thread_alone(ngx_slack_post_t *post)
{
    if (!post->reply) {
        return NGX_DECLINED;
    }

    post->settle = NGX_SLACK_SETTLE_PLAIN;

    (void) ngx_atomic_fetch_add(&post->dispatcher->counters->fallbacks, 1);

    ngx_slack_log(NGX_LOG_NOTICE, post->dispatcher->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": Slack accepts no "
                  "reply there, %s; message %L is sent to the channel",
                  &post->channel->workspace->conf->name, &post->channel->name,
                  post->outcome.reason, post->messages[0].id);

    return NGX_OK;
}


void
ngx_slack_post_thread_forget(ngx_slack_post_t *post)
{
    ngx_slack_scope_t        scope;
    ngx_slack_steer_t        steer;
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;

    ngx_memzero(&scope, sizeof(ngx_slack_scope_t));
    scope.workspace = ch->workspace->conf->name;
    scope.channel = ch->name;

    ngx_memzero(&steer, sizeof(ngx_slack_steer_t));
    steer.action = NGX_SLACK_STEER_FORGET;
    steer.scope = &scope;

    if (ngx_slack_outbox_steer(d->outbox, &steer) == NGX_OK && steer.count) {
        ngx_slack_log(NGX_LOG_NOTICE, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": the name "
                      "belongs to another channel in Slack now, %ui threads "
                      "are forgotten", &ch->workspace->conf->name, &ch->name,
                      steer.count);
    }
}


/* A change may have been stored while the root was in flight. */

static void
ngx_slack_post_thread_settled(ngx_slack_post_t *post)
{
    ngx_uint_t  i;

    for (i = 0; post->handle_len && i < post->n; i++) {
        if (post->messages[i].root && post->messages[i].thread) {
            ngx_slack_changes_expect(post->dispatcher, post->channel,
                                     post->messages[i].thread);
        }
    }
}
