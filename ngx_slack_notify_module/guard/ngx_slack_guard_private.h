
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the files of guard/ share: the context of a request, and the functions
 * that each file supplies.  Runs in the event loop.
 */


#ifndef _NGX_SLACK_GUARD_PRIVATE_H_INCLUDED_
#define _NGX_SLACK_GUARD_PRIVATE_H_INCLUDED_


#include <ngx_slack_form.h>
#include <ngx_slack_guard.h>
#include <ngx_slack_sign.h>


typedef enum {
    NGX_SLACK_GUARD_MET = 0,                 /* guards are to be passed */
    NGX_SLACK_GUARD_READING,
    NGX_SLACK_GUARD_ANSWER                   /* answered here, with "code" */
} ngx_slack_guard_state_e;


/* a guard that the request has met */

typedef struct {
    ngx_array_t                *secrets;     /* of the location, ngx_str_t */
    unsigned                    passed:1;
} ngx_slack_guard_met_t;


/* the HMAC of the request with a secret of a guard */

typedef struct {
    ngx_slack_hmac_t           *hmac;
    ngx_uint_t                  guard;       /* index */
} ngx_slack_guard_hmac_t;


typedef struct {
    ngx_slack_guard_state_e     state;
    ngx_array_t                 guards;      /* ngx_slack_guard_met_t */
    ngx_array_t                 hmacs;       /* ngx_slack_guard_hmac_t */
    ngx_slack_guard_claim_t     claim;
    ngx_slack_guard_result_e    result;      /* refused by the headers, unless
                                                PASSED */
    ngx_int_t                   code;
    ngx_slack_form_t           *form;        /* NULL: the body is no form */
    ngx_uint_t                  ssl_check;   /* bytes of the field's value that
                                                are "1" */
    unsigned                    failed:1;    /* an HMAC has failed */
} ngx_slack_guard_ctx_t;


/* ngx_slack_guard_body.c */

/*
 * Prepare for the body: an HMAC for each secret of each guard that is not
 * passed yet, and the decoder of a form, in which Slack may tell that it tests
 * a certificate.  NGX_ERROR: no memory, or OpenSSL failed.
 */

ngx_int_t ngx_slack_guard_start_hmacs(ngx_http_request_t *r,
    ngx_slack_guard_ctx_t *ctx);
ngx_int_t ngx_slack_guard_start_form(ngx_http_request_t *r,
    ngx_slack_guard_ctx_t *ctx);

/*
 * Takes a body that was read before.  Returns NGX_DECLINED if some of it is in
 * a file.
 */

ngx_int_t ngx_slack_guard_kept(ngx_http_request_t *r,
    ngx_slack_guard_ctx_t *ctx);

/*
 * Ends the body.  Returns NGX_SLACK_GUARD_SSL_CHECK, _PASSED or why the
 * request is refused.
 */

ngx_slack_guard_result_e ngx_slack_guard_judge(ngx_slack_guard_ctx_t *ctx);


/* ngx_slack_guard_result.c */

/* Counts a result, and logs it if the request is refused. */

void ngx_slack_guard_tell(ngx_http_request_t *r,
    ngx_slack_guard_result_e result);


#endif /* _NGX_SLACK_GUARD_PRIVATE_H_INCLUDED_ */
