
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Describes failed transfers in plain words.  No function logs; they run in
 * the thread that uses the handle, ngx_slack_transfer_error_hint() in any
 * thread.
 */


#ifndef _NGX_SLACK_TRANSFER_ERROR_H_INCLUDED_
#define _NGX_SLACK_TRANSFER_ERROR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <curl/curl.h>


#define NGX_SLACK_ERROR_TEXT_MAX  160


typedef struct {
    char                      text[NGX_SLACK_ERROR_TEXT_MAX];
    const char               *hint;         /* static; NULL: none */
} ngx_slack_transfer_error_t;


/*
 * Describes why a transfer ended with "rc" and which directive to change.
 * "detail" is libcurl's error buffer; only the reason of the TLS library is
 * taken from it.  "written" is 1 if the request was sent completely.  The text
 * never contains any part of the URL or of the proxy's URL.
 */

void ngx_slack_transfer_error(CURL *easy, CURLcode rc, const char *detail,
    ngx_uint_t  written, ngx_slack_transfer_error_t *error);


/*
 * Finds the hint for a text made by ngx_slack_transfer_error(), which may be
 * cut; a static string.  NULL: none.
 */

const char *ngx_slack_transfer_error_hint(const char *text);


/* Sets the error for an answer whose headers are too large. */

void ngx_slack_transfer_error_headers(ngx_slack_transfer_error_t *error);


/*
 * Appends the proxy's host and port to the text; the rest of the proxy's URL
 * may contain secrets.
 */

void ngx_slack_transfer_error_by_proxy(ngx_slack_transfer_error_t *error,
    ngx_str_t *proxy);


#endif /* _NGX_SLACK_TRANSFER_ERROR_H_INCLUDED_ */
