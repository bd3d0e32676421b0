
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Comparing secrets in constant time, HMAC-SHA256 over a body that arrives in
 * pieces, and hashes, by OpenSSL.  NGX_ERROR from these functions means that
 * OpenSSL failed; it is not logged.  In the event loop, unless marked
 * otherwise.
 */


#ifndef _NGX_SLACK_SIGN_H_INCLUDED_
#define _NGX_SLACK_SIGN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_HMAC_LEN  32


typedef struct ngx_slack_hmac_s  ngx_slack_hmac_t;


/* Whether two secrets are equal.  The time depends on their lengths only. */

ngx_uint_t ngx_slack_secret_equal(ngx_str_t *a, ngx_str_t *b);


/*
 * Starts an HMAC with "key", which is copied.  The pool frees it.  NULL: no
 * memory, or OpenSSL failed, which is not logged.
 */

ngx_slack_hmac_t *ngx_slack_hmac_create(ngx_str_t *key, ngx_pool_t *pool);

/* Adds "len" bytes of the body. */

ngx_int_t ngx_slack_hmac_update(ngx_slack_hmac_t *hmac, u_char *data,
    size_t len);

/*
 * Writes NGX_SLACK_HMAC_LEN bytes to "digest".  Call it once, after all
 * updates.
 */

ngx_int_t ngx_slack_hmac_final(ngx_slack_hmac_t *hmac, u_char *digest);


/* Writes the SHA-256 of a string, NGX_SLACK_HMAC_LEN bytes, to "digest". */

ngx_int_t ngx_slack_sha256(ngx_str_t *s, u_char *digest);


/*
 * Encodes "len" bytes as base64 with padding and a NUL; "dst" has room for len
 * / 3 * 4 + 5 bytes.  Returns the length without the NUL.  Any thread.
 */

size_t ngx_slack_base64(u_char *dst, u_char *src, size_t len);


#endif /* _NGX_SLACK_SIGN_H_INCLUDED_ */
