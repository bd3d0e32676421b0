
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Settling: storing the outcomes of posts in the outbox.  All functions run in
 * a pool thread.
 */


#ifndef _NGX_SLACK_SETTLE_H_INCLUDED_
#define _NGX_SLACK_SETTLE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_post.h>


/*
 * Takes over an ended post, which is freed once its outcome is stored.  Its
 * channel gets no turn until then.
 */

void ngx_slack_settle_add(ngx_slack_post_t *post);


/*
 * Stores the outcomes of all posts that were handed over, in as few
 * transactions as possible.  After an error, which is logged, the posts that
 * are left are kept for the next call.
 *
 * NGX_OK        all are stored
 * NGX_ERROR     no memory, or the outbox failed
 * NGX_DECLINED  as from ngx_slack_dispatcher_run(); d->declined is set
 */

ngx_int_t ngx_slack_settle(ngx_slack_dispatcher_t *d);


/*
 * Calls ngx_slack_settle() when it is time: at once for a single post, while
 * posts that end within some milliseconds share a transaction.  With "now" set
 * it does not wait for others, because no post is in flight.
 */

void ngx_slack_settle_due(ngx_slack_dispatcher_t *d, ngx_uint_t now);


#endif /* _NGX_SLACK_SETTLE_H_INCLUDED_ */
