
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the outcome of a post does to its messages, channel and endpoint.  All
 * functions run in a pool thread; none of them fails.
 */


#ifndef _NGX_SLACK_POST_OUTCOME_H_INCLUDED_
#define _NGX_SLACK_POST_OUTCOME_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_post.h>


/*
 * Acts on post->outcome, which the caller has set: decides what is settled and
 * when the channel continues, logs, and hands the post over with
 * ngx_slack_settle_add().
 */

void ngx_slack_post_conclude(ngx_slack_post_t *post);


#endif /* _NGX_SLACK_POST_OUTCOME_H_INCLUDED_ */
