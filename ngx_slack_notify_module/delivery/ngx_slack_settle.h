
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Settling: storing the outcomes of posts in the outbox.  All in a pool
 * thread.
 */


#ifndef _NGX_SLACK_SETTLE_H_INCLUDED_
#define _NGX_SLACK_SETTLE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_post.h>


/* hands a post over; its channel has no turn until the outcome is stored */

void ngx_slack_settle_add(ngx_slack_post_t *post);


/*
 * Stores the outcomes of all posts that were handed over, in as few
 * transactions as possible.  NGX_ERROR: those that are left are kept for the
 * next call; logged
 */

ngx_int_t ngx_slack_settle(ngx_slack_dispatcher_t *d);


/*
 * The same when it is time: a single post at once, those that end soon after
 * each other together.  "now": no other post is in flight to wait for
 */

void ngx_slack_settle_due(ngx_slack_dispatcher_t *d, ngx_uint_t now);


#endif /* _NGX_SLACK_SETTLE_H_INCLUDED_ */
