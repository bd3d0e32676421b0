
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Whether a request may come in: X-Gitlab-Token, and signatures of Standard
 * Webhooks (webhook-id, webhook-timestamp, webhook-signature).  Every refusal
 * gets the same answer and its cause in the log.  Runs in the event loop.
 */


#include <ngx_slack_http.h>


/* seconds; Standard Webhooks and GitLab's documentation of signing tokens */
#define NGX_SLACK_SIGNATURE_AGE    300


static ngx_int_t ngx_slack_http_auth_token(ngx_http_request_t *r,
    ngx_array_t *secrets, ngx_uint_t n, ngx_str_t *token);
static ngx_int_t ngx_slack_http_auth_signed(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_array_t *secrets);
static ngx_int_t ngx_slack_http_auth_hmac(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *key, ngx_str_t *id,
    ngx_str_t *timestamp);
static ngx_int_t ngx_slack_http_refuse(ngx_http_request_t *r, char *cause);


static ngx_str_t  ngx_slack_http_token = ngx_string("x-gitlab-token");
static ngx_str_t  ngx_slack_http_signature = ngx_string("webhook-signature");
static ngx_str_t  ngx_slack_http_id = ngx_string("webhook-id");
static ngx_str_t  ngx_slack_http_timestamp = ngx_string("webhook-timestamp");


ngx_int_t
ngx_slack_http_auth_headers(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_array_t *secrets)
{
    ngx_str_t   token;
    ngx_uint_t  n;

    if (secrets == NULL) {
        return NGX_OK;
    }

    n = ngx_slack_http_header(r, &ngx_slack_http_signature, &ctx->signature);

    if (n > 1) {
        return ngx_slack_http_refuse(r, "signature was sent twice");
    }

    if (n) {
        return ngx_slack_http_auth_signed(r, ctx, secrets);
    }

    n = ngx_slack_http_header(r, &ngx_slack_http_token, &token);

    return ngx_slack_http_auth_token(r, secrets, n, &token);
}


static ngx_int_t
ngx_slack_http_auth_token(ngx_http_request_t *r, ngx_array_t *secrets,
    ngx_uint_t n, ngx_str_t *token)
{
    ngx_uint_t                i, equal, tokens;
    ngx_slack_http_secret_t  *secret;

    if (n == 0) {
        return ngx_slack_http_refuse(r, "neither X-Gitlab-Token nor "
                                        "webhook-signature was sent");
    }

    if (n > 1) {
        return ngx_slack_http_refuse(r, "X-Gitlab-Token was sent twice");
    }

    equal = 0;
    tokens = 0;
    secret = secrets->elts;

    for (i = 0; i < secrets->nelts; i++) {
        if (!secret[i].signing) {
            tokens++;
            equal |= ngx_slack_secret_equal(&secret[i].value, token);
        }
    }

    if (tokens == 0) {
        return ngx_slack_http_refuse(r, "the request is not signed, but "
                                        "every slack_secret begins with "
                                        "whsec_");
    }

    if (!equal) {
        return ngx_slack_http_refuse(r, "X-Gitlab-Token is wrong");
    }

    return NGX_OK;
}


/* the body is still to come: a HMAC for each key that may be the one */

static ngx_int_t
ngx_slack_http_auth_signed(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_array_t *secrets)
{
    time_t                    sent;
    ngx_str_t                 id, timestamp;
    ngx_uint_t                i;
    ngx_slack_http_secret_t  *secret;

    if (ngx_slack_http_header(r, &ngx_slack_http_id, &id) != 1
        || ngx_slack_http_header(r, &ngx_slack_http_timestamp, &timestamp)
           != 1
        || id.len == 0)
    {
        return ngx_slack_http_refuse(r, "webhook-id and webhook-timestamp "
                                        "must be sent once each");
    }

    sent = ngx_atotm(timestamp.data, timestamp.len);

    if (sent == (time_t) NGX_ERROR
        || sent > ngx_time() + NGX_SLACK_SIGNATURE_AGE
        || sent < ngx_time() - NGX_SLACK_SIGNATURE_AGE)
    {
        return ngx_slack_http_refuse(r, "webhook-timestamp is not within "
                                        "five minutes of this clock");
    }

    secret = secrets->elts;

    for (i = 0; i < secrets->nelts; i++) {
        if (secret[i].signing
            && ngx_slack_http_auth_hmac(r, ctx, &secret[i].value, &id,
                                        &timestamp)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ctx->hmacs == NULL) {
        return ngx_slack_http_refuse(r, "the request is signed, but no "
                                        "slack_secret begins with whsec_");
    }

    /* the signed id alone stops a replay */

    ctx->delivery = id;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_auth_hmac(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_str_t *key, ngx_str_t *id, ngx_str_t *timestamp)
{
    ngx_slack_hmac_t  *hmac, **place;

    if (ctx->hmacs == NULL) {
        ctx->hmacs = ngx_array_create(r->pool, 2, sizeof(ngx_slack_hmac_t *));
        if (ctx->hmacs == NULL) {
            return NGX_ERROR;
        }
    }

    hmac = ngx_slack_hmac_create(key, r->pool);
    if (hmac == NULL) {
        return NGX_ERROR;
    }

    place = ngx_array_push(ctx->hmacs);
    if (place == NULL) {
        return NGX_ERROR;
    }

    *place = hmac;

    if (ngx_slack_hmac_update(hmac, id->data, id->len) != NGX_OK
        || ngx_slack_hmac_update(hmac, (u_char *) ".", 1) != NGX_OK
        || ngx_slack_hmac_update(hmac, timestamp->data, timestamp->len)
           != NGX_OK
        || ngx_slack_hmac_update(hmac, (u_char *) ".", 1) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* "v1,BASE64 v1,BASE64 v2,…": one of them must be right */

ngx_int_t
ngx_slack_http_auth_body(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    u_char             *p, *last, *space, *digests, buf[64];
    ngx_str_t           encoded, decoded, digest;
    ngx_uint_t          i, equal;
    ngx_slack_hmac_t  **hmac;

    if (ctx->hmacs == NULL) {
        return NGX_OK;
    }

    digests = ngx_pnalloc(r->pool, ctx->hmacs->nelts * NGX_SLACK_HMAC_LEN);
    if (digests == NULL) {
        return NGX_ERROR;
    }

    hmac = ctx->hmacs->elts;

    for (i = 0; i < ctx->hmacs->nelts; i++) {
        if (ngx_slack_hmac_final(hmac[i], digests + i * NGX_SLACK_HMAC_LEN)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    equal = 0;
    p = ctx->signature.data;
    last = p + ctx->signature.len;

    while (p < last) {

        space = ngx_strlchr(p, last, ' ');

        if (space == NULL) {
            space = last;
        }

        encoded.data = p + 3;
        encoded.len = space - p - 3;

        /* base64 of 32 bytes */

        if (space - p == 3 + 44 && ngx_strncmp(p, "v1,", 3) == 0) {

            decoded.data = buf;

            if (ngx_decode_base64(&decoded, &encoded) == NGX_OK) {
                for (i = 0; i < ctx->hmacs->nelts; i++) {
                    digest.data = digests + i * NGX_SLACK_HMAC_LEN;
                    digest.len = NGX_SLACK_HMAC_LEN;

                    equal |= ngx_slack_secret_equal(&digest, &decoded);
                }
            }
        }

        for (p = space; p < last && *p == ' '; p++) { /* void */ }
    }

    if (!equal) {
        return ngx_slack_http_refuse(r, "webhook-signature is wrong");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_refuse(ngx_http_request_t *r, char *cause)
{
    ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                  "slack notify: request refused, %s", cause);

    return NGX_HTTP_UNAUTHORIZED;
}


ngx_uint_t
ngx_slack_http_header(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *value)
{
    ngx_uint_t        i, n;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    n = 0;
    ngx_str_null(value);

    part = &r->headers_in.headers.part;
    header = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {
            if (part->next == NULL) {
                break;
            }

            part = part->next;
            header = part->elts;
            i = 0;
        }

        if (header[i].key.len != name->len
            || ngx_strncasecmp(header[i].key.data, name->data, name->len)
               != 0)
        {
            continue;
        }

        if (n++ == 0) {
            *value = header[i].value;
        }
    }

    return n;
}
