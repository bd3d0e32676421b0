
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Decides whether a request is accepted, by the proofs that its sender
 * describes: a token, an HMAC of the body, or the signatures of Standard
 * Webhooks (webhook-id, webhook-timestamp, webhook-signature).  Knows no
 * sender.  Every refusal gets the same answer; its cause is logged.  Runs in
 * the event loop.
 *
 * Without slack_source the headers of the request select the sender.  An
 * attacker gains nothing by that: each proof needs a secret, secrets "whsec_…"
 * are used for Standard Webhooks only and other secrets never are, and a
 * request without a proof, or without a secret for it, is refused.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_log.h>


/* seconds; the tolerance of Standard Webhooks and GitLab's signing tokens */
#define NGX_SLACK_SIGNATURE_AGE    300

#define NGX_SLACK_CAUSE_MAX        256


static ngx_slack_proof_t *ngx_slack_http_auth_find(ngx_http_request_t *r,
    ngx_slack_source_t *source, ngx_str_t *value, ngx_uint_t *n);
static ngx_int_t ngx_slack_http_auth_none(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static ngx_int_t ngx_slack_http_auth_token(ngx_http_request_t *r,
    ngx_array_t *secrets, ngx_slack_proof_t *proof, ngx_str_t *value);
static ngx_int_t ngx_slack_http_auth_digest(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_array_t *secrets);
static ngx_int_t ngx_slack_http_auth_webhook(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_array_t *secrets);
static ngx_int_t ngx_slack_http_auth_hmacs(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_array_t *secrets, ngx_uint_t signing);
static ngx_uint_t ngx_slack_http_auth_hex(ngx_slack_http_ctx_t *ctx,
    u_char *digests);
static ngx_uint_t ngx_slack_http_auth_listed(ngx_slack_http_ctx_t *ctx,
    u_char *digests);
static ngx_uint_t ngx_slack_http_auth_equal(ngx_slack_http_ctx_t *ctx,
    u_char *digests, ngx_str_t *sent);
static ngx_int_t ngx_slack_http_auth_prefix(ngx_slack_proof_t *proof,
    ngx_str_t *value);
static ngx_int_t ngx_slack_http_refuse(ngx_http_request_t *r,
    ngx_str_t *header, char *cause);


static ngx_str_t  ngx_slack_http_id = ngx_string("webhook-id");
static ngx_str_t  ngx_slack_http_timestamp = ngx_string("webhook-timestamp");
static ngx_str_t  ngx_slack_http_none = ngx_null_string;
static ngx_str_t  ngx_slack_http_neither = ngx_string("neither ");

static ngx_slack_log_burst_t  ngx_slack_http_refused;


ngx_int_t
ngx_slack_http_auth_headers(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_array_t *secrets)
{
    ngx_str_t           value;
    ngx_uint_t          i, n;
    ngx_slack_proof_t  *proof;

    if (secrets == NULL) {
        return NGX_OK;
    }

    proof = ngx_slack_http_auth_find(r, ctx->reader->source, &value, &n);

    if (ctx->any) {

        /* The sender is not known yet: look for the proofs of all senders. */

        for (i = 0; proof == NULL && ngx_slack_sources[i]; i++) {
            proof = ngx_slack_http_auth_find(r, ngx_slack_sources[i], &value,
                                             &n);
        }
    }

    if (proof == NULL) {
        return ngx_slack_http_auth_none(r, ctx);
    }

    if (n > 1) {
        return ngx_slack_http_refuse(r, &proof->shown, " was sent twice");
    }

    if (proof->type == NGX_SLACK_PROOF_TOKEN) {
        return ngx_slack_http_auth_token(r, secrets, proof, &value);
    }

    ctx->proof = proof;
    ctx->signature = value;

    if (proof->type == NGX_SLACK_PROOF_HEX) {
        return ngx_slack_http_auth_digest(r, ctx, secrets);
    }

    return ngx_slack_http_auth_webhook(r, ctx, secrets);
}


/*
 * Finds the source's first proof whose header was sent.  "n" is how often it
 * was sent.  Returns NULL if the request has none of them.
 */

static ngx_slack_proof_t *
ngx_slack_http_auth_find(ngx_http_request_t *r, ngx_slack_source_t *source,
    ngx_str_t *value, ngx_uint_t *n)
{
    ngx_slack_proof_t  *proof;

    for (proof = source->proofs; proof->header.len; proof++) {

        *n = ngx_slack_http_header(r, &proof->header, value);

        if (*n) {
            return proof;
        }
    }

    return NULL;
}


/* Refuses the request; the log line says "neither A nor B was sent". */

static ngx_int_t
ngx_slack_http_auth_none(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    u_char              *p, *last, cause[NGX_SLACK_CAUSE_MAX];
    ngx_uint_t           i, n;
    ngx_slack_proof_t   *proof;
    ngx_slack_source_t  *source;

    p = cause;
    last = cause + NGX_SLACK_CAUSE_MAX - 1;
    n = 0;

    source = ctx->any ? ngx_slack_sources[0] : ctx->reader->source;

    for (i = 1; source; i++) {

        for (proof = source->proofs; proof->header.len; proof++) {
            p = ngx_slprintf(p, last, n++ ? " nor %V" : "%V", &proof->shown);
        }

        source = ctx->any ? ngx_slack_sources[i] : NULL;
    }

    if (n == 0) {
        return ngx_slack_http_refuse(r, &ctx->reader->source->name,
                                     " has no header for a slack_secret");
    }

    p = ngx_slprintf(p, last, n == 1 ? " was not sent" : " was sent");
    p = ngx_slprintf(p, last, ", give the sender a secret");
    *p = '\0';

    return ngx_slack_http_refuse(r, n == 1 ? &ngx_slack_http_none
                                           : &ngx_slack_http_neither,
                                 (char *) cause);
}


static ngx_int_t
ngx_slack_http_auth_token(ngx_http_request_t *r, ngx_array_t *secrets,
    ngx_slack_proof_t *proof, ngx_str_t *value)
{
    ngx_str_t                 token;
    ngx_uint_t                i, equal, tokens;
    ngx_slack_conf_secret_t  *secret;

    token = *value;

    if (ngx_slack_http_auth_prefix(proof, &token) != NGX_OK) {
        return ngx_slack_http_refuse(r, &proof->shown,
                                     " is wrong, the sender's token must be "
                                     "a slack_secret of the location");
    }

    equal = 0;
    tokens = 0;
    secret = secrets->elts;

    for (i = 0; i < secrets->nelts; i++) {
        if (!secret[i].signing) {
            tokens++;
            equal |= ngx_slack_secret_equal(&secret[i].value, &token);
        }
    }

    if (tokens == 0) {
        return ngx_slack_http_refuse(r, &ngx_slack_http_none,
                                     "the request is not signed, but every "
                                     "slack_secret begins with whsec_");
    }

    if (!equal) {
        return ngx_slack_http_refuse(r, &proof->shown,
                                     " is wrong, the sender's token must be "
                                     "a slack_secret of the location");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_auth_digest(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_array_t *secrets)
{
    if (ngx_slack_http_auth_hmacs(r, ctx, secrets, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ctx->hmacs == NULL) {
        return ngx_slack_http_refuse(r, &ctx->proof->shown,
                                     " was sent, but every slack_secret "
                                     "begins with whsec_");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_auth_webhook(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_array_t *secrets)
{
    time_t     sent;
    ngx_str_t  id, timestamp;

    if (ngx_slack_http_header(r, &ngx_slack_http_id, &id) != 1
        || ngx_slack_http_header(r, &ngx_slack_http_timestamp, &timestamp)
           != 1
        || id.len == 0)
    {
        return ngx_slack_http_refuse(r, &ngx_slack_http_none,
                                     "webhook-id and webhook-timestamp "
                                     "must be sent once each");
    }

    sent = ngx_atotm(timestamp.data, timestamp.len);

    if (sent == (time_t) NGX_ERROR
        || sent > ngx_time() + NGX_SLACK_SIGNATURE_AGE
        || sent < ngx_time() - NGX_SLACK_SIGNATURE_AGE)
    {
        return ngx_slack_http_refuse(r, &ngx_slack_http_none,
                                     "webhook-timestamp is not within "
                                     "five minutes of this clock");
    }

    if (ngx_slack_http_auth_hmacs(r, ctx, secrets, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ctx->hmacs == NULL) {
        return ngx_slack_http_refuse(r, &ngx_slack_http_none,
                                     "the request is signed, but no "
                                     "slack_secret begins with whsec_");
    }

    ngx_slack_http_auth_feed(ctx, id.data, id.len);
    ngx_slack_http_auth_feed(ctx, (u_char *) ".", 1);
    ngx_slack_http_auth_feed(ctx, timestamp.data, timestamp.len);
    ngx_slack_http_auth_feed(ctx, (u_char *) ".", 1);

    /* The signed id is the one that protects against replays. */

    ctx->delivery = id;

    return NGX_OK;
}


/* Starts an HMAC for each secret that may have signed the body. */

static ngx_int_t
ngx_slack_http_auth_hmacs(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_array_t *secrets, ngx_uint_t signing)
{
    ngx_uint_t                i;
    ngx_slack_http_hmac_t    *hmac;
    ngx_slack_conf_secret_t  *secret;

    secret = secrets->elts;

    for (i = 0; i < secrets->nelts; i++) {

        if (secret[i].signing != signing) {
            continue;
        }

        if (ctx->hmacs == NULL) {
            ctx->hmacs = ngx_array_create(r->pool, 2,
                                          sizeof(ngx_slack_http_hmac_t));
            if (ctx->hmacs == NULL) {
                return NGX_ERROR;
            }
        }

        hmac = ngx_array_push(ctx->hmacs);
        if (hmac == NULL) {
            return NGX_ERROR;
        }

        hmac->secret = &secret[i];

        hmac->hmac = ngx_slack_hmac_create(&secret[i].value, r->pool);
        if (hmac->hmac == NULL) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


void
ngx_slack_http_auth_feed(ngx_slack_http_ctx_t *ctx, u_char *data, size_t len)
{
    ngx_uint_t              i;
    ngx_slack_http_hmac_t  *hmac;

    if (ctx->hmacs == NULL) {
        return;
    }

    hmac = ctx->hmacs->elts;

    for (i = 0; i < ctx->hmacs->nelts; i++) {
        if (ngx_slack_hmac_update(hmac[i].hmac, data, len) != NGX_OK) {
            ctx->failed = 1;
            return;
        }
    }
}


ngx_int_t
ngx_slack_http_auth_body(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    u_char                 *digests;
    ngx_uint_t              i, equal;
    ngx_slack_http_hmac_t  *hmac;

    if (ctx->hmacs == NULL) {
        return NGX_OK;
    }

    digests = ngx_pnalloc(r->pool, ctx->hmacs->nelts * NGX_SLACK_HMAC_LEN);
    if (digests == NULL) {
        return NGX_ERROR;
    }

    hmac = ctx->hmacs->elts;

    for (i = 0; i < ctx->hmacs->nelts; i++) {
        if (ngx_slack_hmac_final(hmac[i].hmac,
                                 digests + i * NGX_SLACK_HMAC_LEN)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    equal = (ctx->proof->type == NGX_SLACK_PROOF_HEX)
            ? ngx_slack_http_auth_hex(ctx, digests)
            : ngx_slack_http_auth_listed(ctx, digests);

    if (!equal) {
        return ngx_slack_http_refuse(r, &ctx->proof->shown,
                                     " is wrong, the sender's secret must be "
                                     "a slack_secret of the location, and "
                                     "nothing may change the body on the "
                                     "way");
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_slack_http_auth_hex(ngx_slack_http_ctx_t *ctx, u_char *digests)
{
    u_char      buf[NGX_SLACK_HMAC_LEN];
    ngx_int_t   n;
    ngx_str_t   value, sent;
    ngx_uint_t  i;

    value = ctx->signature;

    if (ngx_slack_http_auth_prefix(ctx->proof, &value) != NGX_OK
        || value.len != 2 * NGX_SLACK_HMAC_LEN)
    {
        return 0;
    }

    for (i = 0; i < NGX_SLACK_HMAC_LEN; i++) {

        n = ngx_hextoi(value.data + 2 * i, 2);

        if (n == NGX_ERROR) {
            return 0;
        }

        buf[i] = (u_char) n;
    }

    sent.data = buf;
    sent.len = NGX_SLACK_HMAC_LEN;

    return ngx_slack_http_auth_equal(ctx, digests, &sent);
}


/*
 * Returns 1 if one of the signatures in "v1,BASE64 v1,BASE64 v2,…" is right.
 */

static ngx_uint_t
ngx_slack_http_auth_listed(ngx_slack_http_ctx_t *ctx, u_char *digests)
{
    u_char     *p, *last, *space, buf[64];
    ngx_str_t   encoded, decoded;
    ngx_uint_t  equal;

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

        /* 44 characters of base64 are 32 bytes */

        if (space - p == 3 + 44 && ngx_strncmp(p, "v1,", 3) == 0) {

            decoded.data = buf;

            if (ngx_decode_base64(&decoded, &encoded) == NGX_OK) {
                equal |= ngx_slack_http_auth_equal(ctx, digests, &decoded);
            }
        }

        for (p = space; p < last && *p == ' '; p++) { /* void */ }
    }

    return equal;
}


/*
 * Compares the value with each of the digests, in constant time.  In Standard
 * Webhooks the id is signed, so it belongs to the secret whose digest is
 * equal.
 */

static ngx_uint_t
ngx_slack_http_auth_equal(ngx_slack_http_ctx_t *ctx, u_char *digests,
    ngx_str_t *sent)
{
    ngx_str_t               digest;
    ngx_uint_t              i, equal;
    ngx_slack_http_hmac_t  *hmac;

    equal = 0;
    hmac = ctx->hmacs->elts;

    for (i = 0; i < ctx->hmacs->nelts; i++) {
        digest.data = digests + i * NGX_SLACK_HMAC_LEN;
        digest.len = NGX_SLACK_HMAC_LEN;

        if (!ngx_slack_secret_equal(&digest, sent)) {
            continue;
        }

        equal = 1;

        if (ctx->proof->type == NGX_SLACK_PROOF_WEBHOOK) {
            ctx->signer = hmac[i].secret;
        }
    }

    return equal;
}


/* Removes the proof's prefix.  Returns NGX_DECLINED if the value lacks it. */

static ngx_int_t
ngx_slack_http_auth_prefix(ngx_slack_proof_t *proof, ngx_str_t *value)
{
    if (value->len < proof->prefix.len
        || ngx_strncasecmp(value->data, proof->prefix.data, proof->prefix.len)
           != 0)
    {
        return NGX_DECLINED;
    }

    value->data += proof->prefix.len;
    value->len -= proof->prefix.len;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_refuse(ngx_http_request_t *r, ngx_str_t *header, char *cause)
{
    ngx_uint_t  silent;

    if (!ngx_slack_log_burst(&ngx_slack_http_refused, ngx_current_msec,
                             &silent))
    {
        return NGX_HTTP_UNAUTHORIZED;
    }

    if (silent) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "slack notify: %ui more requests refused, too many in "
                      "a second for a line each", silent);
    }

    ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                  "slack notify: request refused, %V%s", header, cause);

    return NGX_HTTP_UNAUTHORIZED;
}
