
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * One request to Slack; the client's own.
 */


#ifndef _NGX_SLACK_TRANSFER_H_INCLUDED_
#define _NGX_SLACK_TRANSFER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <curl/curl.h>

#include <ngx_slack_client.h>
#include <ngx_slack_transfer_error.h>


#define NGX_SLACK_BODY_KEPT  4096           /* bytes of an answer */


typedef struct {
    CURL                       *easy;
    ngx_slack_endpoint_t       *endpoint;   /* for which it is set up */
    ngx_slack_request_t        *request;    /* NULL: free */
    size_t                      written;    /* given to libcurl, if counted */
    size_t                      received;
    size_t                      heard;      /* of headers */
    ngx_str_t                   retry_after;
    ngx_str_t                   date;
    ngx_queue_t                 queue;
    u_char                      headers[2][64];
    char                        error[CURL_ERROR_SIZE];
    u_char                      body[NGX_SLACK_BODY_KEPT];
    u_char                      shown[NGX_SLACK_BODY_KEPT];
} ngx_slack_transfer_t;


/* NULL: no memory */

ngx_slack_transfer_t *ngx_slack_transfer_create(void);

void ngx_slack_transfer_destroy(ngx_slack_transfer_t *t);


/* tells the handle all that does not change from request to request */

ngx_int_t ngx_slack_transfer_setup(ngx_slack_transfer_t *t,
    ngx_slack_workspace_t *ws, ngx_slack_endpoint_t *endpoint,
    struct curl_slist *headers, CURLSH *share);


ngx_int_t ngx_slack_transfer_start(ngx_slack_transfer_t *t,
    ngx_slack_request_t *request);


/*
 * what came back, when the transfer has ended with "rc"; points into the
 * transfer and the error
 */

void ngx_slack_transfer_answer(ngx_slack_transfer_t *t, CURLcode rc,
    ngx_slack_transfer_error_t  *error, ngx_slack_answer_t *answer);


#endif /* _NGX_SLACK_TRANSFER_H_INCLUDED_ */
