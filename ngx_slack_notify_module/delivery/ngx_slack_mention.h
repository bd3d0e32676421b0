
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Whom the messages of a post notify: at most one of all messages of a channel
 * and a minute notifies somebody, the others show the name.  That is counted
 * when Slack has accepted the post, and remembered by the outbox, so that it
 * holds over reloads, too.  All functions run in a pool thread.
 */


#ifndef _NGX_SLACK_MENTION_H_INCLUDED_
#define _NGX_SLACK_MENTION_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_post.h>


#define NGX_SLACK_MENTION_BUDGET  60000     /* ms */
#define NGX_SLACK_MENTION_MAX     300       /* people that a post notifies */


/*
 * How many people the messages may notify: so many memos a post needs room
 * for.
 */

ngx_uint_t ngx_slack_mention_count(ngx_slack_waiting_message_t *messages,
    ngx_uint_t n);


/*
 * Resolves the places of the post's messages, whose bodies are in "bodies":
 * puts copies there.  *first is for those whom a root notifies that shows a
 * newer state already, in JSON, or empty.  In the end, done() frees what is
 * new.  NGX_ERROR: no memory, logged; done() must be called nevertheless.
 */

ngx_int_t ngx_slack_mention_resolve(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *messages, ngx_str_t *bodies,
    ngx_str_t *first);
void ngx_slack_mention_done(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *messages, ngx_str_t *bodies,
    ngx_str_t *first);


#endif /* _NGX_SLACK_MENTION_H_INCLUDED_ */
