
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Secrets: comparison in constant time, HMAC-SHA256 over a body that comes in
 * pieces (OpenSSL).
 */


#ifndef _NGX_SLACK_SIGN_H_INCLUDED_
#define _NGX_SLACK_SIGN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_HMAC_LEN  32


typedef struct ngx_slack_hmac_s  ngx_slack_hmac_t;


/* whether they are equal, in a time that depends on their lengths only */

ngx_uint_t ngx_slack_secret_equal(ngx_str_t *a, ngx_str_t *b);


/* freed with the pool; NULL: no memory, or OpenSSL refused */

ngx_slack_hmac_t *ngx_slack_hmac_create(ngx_str_t *key, ngx_pool_t *pool);

ngx_int_t ngx_slack_hmac_update(ngx_slack_hmac_t *hmac, u_char *data,
    size_t len);

/* once; NGX_SLACK_HMAC_LEN bytes */

ngx_int_t ngx_slack_hmac_final(ngx_slack_hmac_t *hmac, u_char *digest);


/* SHA-256 of a string, NGX_SLACK_HMAC_LEN bytes */

ngx_int_t ngx_slack_sha256(ngx_str_t *s, u_char *digest);


/* "dst" has room for len / 3 * 4 + 5 bytes; returns how many there are */

size_t ngx_slack_base64(u_char *dst, u_char *src, size_t len);


#endif /* _NGX_SLACK_SIGN_H_INCLUDED_ */
