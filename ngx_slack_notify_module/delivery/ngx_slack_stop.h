
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
 * Called when the worker has to end or the term is over.  Cancels posts that
 * have not been written, waits for the answers to the others for at most
 * d->grace milliseconds, and settles the outcomes.  No post is in flight when
 * it returns.  Outcomes that could not be stored are logged.  In a pool
 * thread.
 */

void ngx_slack_stop_posts(ngx_slack_dispatcher_t *d);


#endif /* _NGX_SLACK_STOP_H_INCLUDED_ */
