
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the outcome of a post does to its messages, channel and endpoint.  All
 * in a pool thread.
 */


#ifndef _NGX_SLACK_POST_OUTCOME_H_INCLUDED_
#define _NGX_SLACK_POST_OUTCOME_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_post.h>


/*
 * The outcome of a post is known: decides what is settled and when the channel
 * goes on, logs, and hands the post over for settlement
 */

void ngx_slack_post_conclude(ngx_slack_post_t *post);


/* settles the channel's pace and failures, as they are now, with the post */

void ngx_slack_post_channel(ngx_slack_post_t *post);


/*
 * Counts the post's messages in the history, as NGX_SLACK_HISTORY_SENT,
 * RETRIED or DEAD; LAST counts none.  The outcome of what was not sent becomes
 * the channel's last error there
 */

void ngx_slack_post_count(ngx_slack_post_t *post, ngx_uint_t what);


#endif /* _NGX_SLACK_POST_OUTCOME_H_INCLUDED_ */
