
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The Slack client: concurrent requests with libcurl's multi interface.
 *
 * One thread at a time uses a client; only ngx_slack_client_poke() may be
 * called in any thread at any time.  Sending, running, cancelling and tidying
 * run in a pool thread.
 */


#ifndef _NGX_SLACK_CLIENT_H_INCLUDED_
#define _NGX_SLACK_CLIENT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_outcome.h>
#include <ngx_slack_version.h>
#include <ngx_slack_workspace.h>


#define NGX_SLACK_ANSWER_MAX   65536        /* bytes; the rest of an answer is
                                               not read */


typedef struct ngx_slack_client_s  ngx_slack_client_t;
typedef struct ngx_slack_request_s    ngx_slack_request_t;


/*
 * Called in the pool thread of ngx_slack_client_run() or
 * ngx_slack_client_cancel().  "answer" is valid during the call only.  NULL:
 * the request was cancelled; request->begun says whether Slack may have
 * received it.
 */

typedef void (*ngx_slack_request_handler_pt)(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer);


/*
 * A request.  The caller owns it and all it points to, and keeps them until
 * the handler is called.  The endpoint has the URL and the token; the
 * workspace, which the endpoint is one of, has the timeouts, the proxy and the
 * certificates.
 */

struct ngx_slack_request_s {
    ngx_slack_workspace_t      *workspace;
    ngx_slack_endpoint_t       *endpoint;
    ngx_slack_method_e          method;     /* of a token */
    ngx_str_t                   body;       /* JSON, or as the method says */
    ngx_slack_request_handler_pt  handler;  /* may send other requests */
    void                       *data;

    /* set by the client: parts of the request may have been sent */
    unsigned                    begun:1;
};


/*
 * Initializes libcurl; in the event loop, before the first client is created.
 * NGX_ERROR: logged.
 */

ngx_int_t ngx_slack_client_init(ngx_log_t *log);


/* Cleans up libcurl; in the event loop, after the last client is destroyed. */

void ngx_slack_client_exit(void);


/*
 * Creates a client; in the event loop.  Free it with
 * ngx_slack_client_destroy().  NULL: no memory or no descriptors, logged.
 */

ngx_slack_client_t *ngx_slack_client_create(ngx_log_t *log);


/*
 * Frees a client in the event loop, when no thread uses it.  Aborts its
 * requests without calling their handlers and closes its connections.
 */

void ngx_slack_client_destroy(ngx_slack_client_t *client);


/*
 * Starts a request.  NGX_ERROR, logged: it was not started and its handler is
 * not called.
 */

ngx_int_t ngx_slack_client_send(ngx_slack_client_t *client,
    ngx_slack_request_t *request);


/*
 * Processes requests until one of them has ended, ngx_slack_client_poke() was
 * called, or "timeout" milliseconds have passed.  Calls the handlers of
 * requests that have ended, whether answered or not.
 */

void ngx_slack_client_run(ngx_slack_client_t *client, ngx_msec_t timeout);


/*
 * Cancels the requests of which nothing was sent yet, as they still wait for
 * DNS, a connection, a proxy or a TLS handshake; with "begun", cancels all
 * requests.  Calls their handlers.
 */

void ngx_slack_client_cancel(ngx_slack_client_t *client, ngx_uint_t begun);


/*
 * Closes connections and frees memory if the client has not been used for
 * "idle" milliseconds.
 */

void ngx_slack_client_tidy(ngx_slack_client_t *client, ngx_msec_t idle);


/* Ends the present or the next wait of ngx_slack_client_run().  Any thread. */

void ngx_slack_client_poke(ngx_slack_client_t *client);


#endif /* _NGX_SLACK_CLIENT_H_INCLUDED_ */
