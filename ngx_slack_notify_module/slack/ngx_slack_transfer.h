
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * One request to Slack with an easy handle of libcurl.  Only the client uses
 * this.  All functions run in the thread that uses the client; none of them
 * logs.
 */


#ifndef _NGX_SLACK_TRANSFER_H_INCLUDED_
#define _NGX_SLACK_TRANSFER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <curl/curl.h>

#include <ngx_slack_client.h>
#include <ngx_slack_transfer_error.h>


#define NGX_SLACK_BODY_KEPT    4096         /* bytes of an answer; longer ones
                                               are kept in memory of their
                                               own */
#define NGX_SLACK_SCOPES_KEPT  512          /* bytes */


typedef struct {
    CURL                       *easy;
    ngx_slack_endpoint_t       *endpoint;   /* that the handle is set up for;
                                               NULL: none */
    ngx_slack_request_t        *request;    /* NULL: the transfer is unused */
    ngx_slack_method_e          method;     /* that the handle is set up for */
    struct curl_slist          *json;       /* headers of the methods */
    struct curl_slist          *form;
    size_t                      written;    /* bytes given to libcurl, for
                                               on_ambiguous drop only */
    size_t                      received;
    size_t                      heard;      /* bytes of headers received */
    ngx_str_t                   retry_after;
    ngx_str_t                   date;
    ngx_str_t                   scopes;
    ngx_queue_t                 queue;
    u_char                      headers[2][64];
    u_char                      scope[NGX_SLACK_SCOPES_KEPT];
    char                        error[CURL_ERROR_SIZE];
    u_char                     *large;      /* a long answer; else NULL */
    u_char                      body[NGX_SLACK_BODY_KEPT];
    u_char                      shown[NGX_SLACK_BODY_KEPT];
} ngx_slack_transfer_t;


/* Allocates a transfer without a handle.  NULL: no memory. */

ngx_slack_transfer_t *ngx_slack_transfer_create(void);

void ngx_slack_transfer_destroy(ngx_slack_transfer_t *t);


/*
 * Makes a new handle and sets all options that are the same for each request
 * of an endpoint.  "json" and "form" are the headers of requests, which with
 * "share", "ws" and "endpoint" must outlive the handle.  NGX_ERROR: no memory,
 * or libcurl refuses an option.
 */

ngx_int_t ngx_slack_transfer_setup(ngx_slack_transfer_t *t,
    ngx_slack_workspace_t *ws, ngx_slack_endpoint_t *endpoint,
    struct curl_slist *json, struct curl_slist *form, CURLSH *share);


/*
 * The headers of requests with a body of this type, to be freed by
 * curl_slist_free_all().  NULL: no memory.
 */

struct curl_slist *ngx_slack_transfer_headers(const char *type);


/*
 * Prepares the next transfer for "request", after the handle was set up for
 * its endpoint.  The caller keeps the request until the transfer has ended.
 * NGX_ERROR: libcurl refuses an option.
 */

ngx_int_t ngx_slack_transfer_start(ngx_slack_transfer_t *t,
    ngx_slack_request_t *request);


/*
 * Fills "answer" when the transfer has ended with "rc"; it points into "t" and
 * "error" and is valid until ngx_slack_transfer_done().  "error" is set only
 * if the transfer failed.
 */

void ngx_slack_transfer_answer(ngx_slack_transfer_t *t, CURLcode rc,
    ngx_slack_transfer_error_t  *error, ngx_slack_answer_t *answer);


/* Ends the use of the answer and forgets the request. */

void ngx_slack_transfer_done(ngx_slack_transfer_t *t);


#endif /* _NGX_SLACK_TRANSFER_H_INCLUDED_ */
