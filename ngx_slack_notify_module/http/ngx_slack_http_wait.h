
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A request that waits for a pool thread.  All in the event loop:
 *
 *   the task was posted, or the entry given to the outbox
 *                        ngx_slack_http_block()
 *   it has ended         ngx_slack_http_unblock(), then all that concerns the
 *                        request, which may block it again
 *   nothing is left to wait for
 *                        ngx_slack_http_resume()
 */


#ifndef _NGX_SLACK_HTTP_WAIT_H_INCLUDED_
#define _NGX_SLACK_HTTP_WAIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* the request must stay until the thread is done with its memory */

void ngx_slack_http_block(ngx_http_request_t *r);

void ngx_slack_http_unblock(ngx_http_request_t *r);


/*
 * Calls the request's write_event_handler, which is not the one that was set
 * before if nginx has ended the request meanwhile.  The request may be gone
 * afterwards
 */

void ngx_slack_http_resume(ngx_http_request_t *r);


#endif /* _NGX_SLACK_HTTP_WAIT_H_INCLUDED_ */
