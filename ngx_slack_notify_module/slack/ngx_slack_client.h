
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The Slack client: many requests at once by libcurl's multi interface.
 *
 * A client is used by one thread at a time, but for ngx_slack_client_poke().
 */


#ifndef _NGX_SLACK_CLIENT_H_INCLUDED_
#define _NGX_SLACK_CLIENT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_outcome.h>
#include <ngx_slack_version.h>
#include <ngx_slack_workspace.h>


#define NGX_SLACK_ANSWER_MAX   65536        /* bytes, then it is cut off */


typedef struct ngx_slack_client_s  ngx_slack_client_t;
typedef struct ngx_slack_request_s    ngx_slack_request_t;


/*
 * "answer" is valid during the call only; NULL: the request was cancelled, and
 * request->begun says whether Slack may have it
 */

typedef void (*ngx_slack_request_handler_pt)(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer);


/*
 * A request; the caller's, to be kept until its handler was called.  It names
 * an endpoint, and the workspace for time-outs, proxy and certificates
 */

struct ngx_slack_request_s {
    ngx_slack_workspace_t      *workspace;
    ngx_slack_endpoint_t       *endpoint;
    ngx_str_t                   body;       /* JSON */
    ngx_slack_request_handler_pt  handler;  /* may start other requests */
    void                       *data;

    /* set by the client: parts of the request may have been written */
    unsigned                    begun:1;
};


/* in the event loop, before the first client; NGX_ERROR: logged */

ngx_int_t ngx_slack_client_init(ngx_log_t *log);


/* in the event loop, after the last one */

void ngx_slack_client_exit(void);


/* NULL: no memory or no descriptors, logged */

ngx_slack_client_t *ngx_slack_client_create(ngx_log_t *log);


/* cancels what is under way without calling handlers, closes connections */

void ngx_slack_client_destroy(ngx_slack_client_t *client);


/* NGX_ERROR: not started, the handler is not called; logged */

ngx_int_t ngx_slack_client_send(ngx_slack_client_t *client,
    ngx_slack_request_t *request);


/*
 * Works until a request was answered, ngx_slack_client_poke() was called, or
 * "timeout" milliseconds have passed.  Calls the handlers of what is finished.
 */

void ngx_slack_client_run(ngx_slack_client_t *client, ngx_msec_t timeout);


/*
 * Cancels requests of which nothing has been written, which still wait for a
 * name, a connection, a proxy or a TLS handshake, and with "begun" all others
 * too.  Calls their handlers.
 */

void ngx_slack_client_cancel(ngx_slack_client_t *client, ngx_uint_t begun);


/* closes connections and gives memory back if unused for "idle" ms */

void ngx_slack_client_tidy(ngx_slack_client_t *client, ngx_msec_t idle);


/* ends a wait in ngx_slack_client_run(), or its next one; any thread */

void ngx_slack_client_poke(ngx_slack_client_t *client);


#endif /* _NGX_SLACK_CLIENT_H_INCLUDED_ */
