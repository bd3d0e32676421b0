
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Failed transfers in plain words.
 */


#ifndef _NGX_SLACK_TRANSFER_ERROR_H_INCLUDED_
#define _NGX_SLACK_TRANSFER_ERROR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <curl/curl.h>


#define NGX_SLACK_TRANSFER_ERROR_LEN  160


typedef struct {
    char                      text[NGX_SLACK_TRANSFER_ERROR_LEN];
    const char               *hint;         /* static, NULL: none */
} ngx_slack_transfer_error_t;


/*
 * What went wrong with a transfer that ended with "rc", and which directive
 * mends it.  "detail" is libcurl's error buffer, of which nothing is passed
 * on but the reason of the TLS library.  "written": the request was written
 * as a whole.  Never tells anything of the URL or the proxy.
 */

void ngx_slack_transfer_error(CURL *easy, CURLcode rc, const char *detail,
    ngx_uint_t  written, ngx_slack_transfer_error_t *error);


/* the hint that came with a text, which may be cut; NULL: none */

const char *ngx_slack_transfer_error_hint(const char *text);


/* the answer's headers had no end */

void ngx_slack_transfer_error_headers(ngx_slack_transfer_error_t *error);


/* adds the proxy's host and port, as its URL has them, nothing else of it */

void ngx_slack_transfer_error_by_proxy(ngx_slack_transfer_error_t *error,
    ngx_str_t *proxy);


#endif /* _NGX_SLACK_TRANSFER_ERROR_H_INCLUDED_ */
