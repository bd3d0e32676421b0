
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What a post has to do with threads: which messages may share it, what it
 * replies to, and what its messages are called afterwards.  All functions run
 * in a pool thread; none of them fails.
 */


#ifndef _NGX_SLACK_POST_THREAD_H_INCLUDED_
#define _NGX_SLACK_POST_THREAD_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_message.h>
#include <ngx_slack_post.h>


/* Whether two messages may share a post, as far as their threads go. */

ngx_uint_t ngx_slack_post_thread_shares(ngx_slack_waiting_message_t *a,
    ngx_slack_waiting_message_t *b);


/*
 * Notes what the messages of the post are to their threads, and sets the
 * thread of a reply in its head, which points into "messages".
 */

void ngx_slack_post_thread_head(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *messages, ngx_slack_post_head_t *head);


/*
 * The post was sent: sets the handle of its roots.  A reply that went to the
 * channel, because its root is gone, is the new root.
 */

void ngx_slack_post_thread_sent(ngx_slack_post_t *post);


/*
 * Slack takes no replies there: the messages are sent again, to the channel.
 * NGX_DECLINED: the post is no reply.
 */

ngx_int_t ngx_slack_post_thread_alone(ngx_slack_post_t *post);


/*
 * Slack knows the channel by another ID than before: its threads are
 * forgotten, since their messages are in the other channel.
 */

void ngx_slack_post_thread_forget(ngx_slack_post_t *post);


#endif /* _NGX_SLACK_POST_THREAD_H_INCLUDED_ */
