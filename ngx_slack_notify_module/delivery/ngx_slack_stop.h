
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * How a leader stops delivering.
 */


#ifndef _NGX_SLACK_STOP_H_INCLUDED_
#define _NGX_SLACK_STOP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_dispatcher_private.h>


/*
 * In a pool thread, when the worker has to end: waits for the answers to posts
 * that have been written, for at most d->grace milliseconds, and settles them.
 * No post is in flight when it returns
 */

void ngx_slack_stop_posts(ngx_slack_dispatcher_t *d);


#endif /* _NGX_SLACK_STOP_H_INCLUDED_ */
