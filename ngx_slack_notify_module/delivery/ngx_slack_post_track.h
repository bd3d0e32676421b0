
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What is counted and noted about a post.  All functions run in a pool thread;
 * none of them fails.
 */


#ifndef _NGX_SLACK_POST_TRACK_H_INCLUDED_
#define _NGX_SLACK_POST_TRACK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_post.h>


/*
 * Counts a request of the post as being in flight, or not any more; then its
 * body is freed, too.
 */

void ngx_slack_post_begun(ngx_slack_post_t *post);
void ngx_slack_post_ended(ngx_slack_post_t *post);


/*
 * Marks the channel's current pace and failures to be settled with the post.
 */

void ngx_slack_post_channel(ngx_slack_post_t *post);


/*
 * Counts the post's messages in the history under NGX_SLACK_COUNT_SENT,
 * RETRIED or DEAD; with NGX_SLACK_COUNT_LAST it counts nothing.  Unless the
 * messages were sent, the outcome becomes the channel's last error there.
 */

void ngx_slack_post_count(ngx_slack_post_t *post, ngx_uint_t what);


/*
 * Writes how Slack knows the message that it has answered for, "CHANNEL TS",
 * of at most NGX_SLACK_HANDLE_MAX bytes; returns the length, 0: it has not
 * told.
 */

size_t ngx_slack_post_handle(ngx_slack_post_t *post, u_char *handle);


/*
 * Notes in the history what became of the post's messages: the part of
 * ngx_slack_post_count() that a change needs, too.
 */

void ngx_slack_post_note(ngx_slack_post_t *post,
    ngx_slack_history_channel_t *channel, ngx_uint_t what);


#endif /* _NGX_SLACK_POST_TRACK_H_INCLUDED_ */
