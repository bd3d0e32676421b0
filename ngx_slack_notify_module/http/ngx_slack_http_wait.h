
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Blocks a request while a pool thread works for it.  Everything here runs in
 * the event loop, in this order:
 *
 *   the task is posted, or the entry passed to the outbox
 *                        ngx_slack_http_block()
 *   the task has ended   ngx_slack_http_unblock(), then whatever concerns the
 *                        request, which may block it again
 *   there is nothing left to wait for
 *                        ngx_slack_http_resume()
 */


#ifndef _NGX_SLACK_HTTP_WAIT_H_INCLUDED_
#define _NGX_SLACK_HTTP_WAIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * The thread uses memory of the request, so nginx must not free the request
 * before it is unblocked.
 */

void ngx_slack_http_block(ngx_http_request_t *r);

void ngx_slack_http_unblock(ngx_http_request_t *r);


/*
 * Calls the request's write_event_handler; if nginx has ended the request
 * meanwhile, that is another handler than the one set before.  The request may
 * be freed during the call.
 */

void ngx_slack_http_resume(ngx_http_request_t *r);


#endif /* _NGX_SLACK_HTTP_WAIT_H_INCLUDED_ */
