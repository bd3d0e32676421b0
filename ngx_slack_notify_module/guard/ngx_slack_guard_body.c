
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The body of a request in a guarded location.  Each piece goes to the HMACs
 * and to the decoder of a form as it arrives, before core keeps it in memory
 * or in a file.  Runs in the event loop.
 */


#include <ngx_slack_guard_private.h>


static ngx_int_t ngx_slack_guard_field(void *data, u_char *piece, size_t len);
static ngx_int_t ngx_slack_guard_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in);
static void ngx_slack_guard_feed(ngx_slack_guard_ctx_t *ctx, ngx_chain_t *in);
static ngx_slack_guard_result_e ngx_slack_guard_compare(
    ngx_slack_guard_ctx_t *ctx);


static ngx_str_t  ngx_slack_guard_field_name = ngx_string("ssl_check");

static ngx_http_request_body_filter_pt  ngx_slack_guard_next_body_filter;


ngx_int_t
ngx_slack_guard_start_hmacs(ngx_http_request_t *r, ngx_slack_guard_ctx_t *ctx)
{
    ngx_str_t               *secret;
    ngx_uint_t               i, n;
    ngx_slack_guard_met_t   *guard;
    ngx_slack_guard_hmac_t  *hmac;

    guard = ctx->guards.elts;

    for (i = 0; i < ctx->guards.nelts; i++) {

        if (guard[i].passed) {
            continue;
        }

        secret = guard[i].secrets->elts;

        for (n = 0; n < guard[i].secrets->nelts; n++) {
            hmac = ngx_array_push(&ctx->hmacs);
            if (hmac == NULL) {
                return NGX_ERROR;
            }

            hmac->guard = i;
            hmac->hmac = ngx_slack_hmac_create(&secret[n], r->pool);

            if (hmac->hmac == NULL
                || ngx_slack_hmac_update(hmac->hmac, (u_char *) "v0:", 3)
                   != NGX_OK
                || ngx_slack_hmac_update(hmac->hmac, ctx->claim.timestamp.data,
                                         ctx->claim.timestamp.len)
                   != NGX_OK
                || ngx_slack_hmac_update(hmac->hmac, (u_char *) ":", 1)
                   != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_slack_guard_start_form(ngx_http_request_t *r, ngx_slack_guard_ctx_t *ctx)
{
    ngx_str_t  *type;

    static ngx_str_t  form = ngx_string("application/x-www-form-urlencoded");

    ctx->form = NULL;
    ctx->ssl_check = 0;

    if (r->headers_in.content_type == NULL) {
        return NGX_OK;
    }

    type = &r->headers_in.content_type->value;

    if (type->len < form.len
        || ngx_strncasecmp(type->data, form.data, form.len) != 0)
    {
        return NGX_OK;
    }

    ctx->form = ngx_pcalloc(r->pool, sizeof(ngx_slack_form_t));
    if (ctx->form == NULL) {
        return NGX_ERROR;
    }

    ctx->form->handler = ngx_slack_guard_field;
    ctx->form->data = ctx;
    ctx->form->name = &ngx_slack_guard_field_name;

    return NGX_OK;
}


/* The value of ssl_check is "1" if it has one byte, and that is this. */

static ngx_int_t
ngx_slack_guard_field(void *data, u_char *piece, size_t len)
{
    ngx_slack_guard_ctx_t *ctx = data;

    if (len == 0) {
        return NGX_OK;
    }

    ctx->ssl_check += (len == 1 && piece[0] == '1') ? 1 : 2;

    return NGX_OK;
}


void
ngx_slack_guard_body_init(void)
{
    ngx_slack_guard_next_body_filter = ngx_http_top_request_body_filter;
    ngx_http_top_request_body_filter = ngx_slack_guard_body_filter;
}


static ngx_int_t
ngx_slack_guard_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_slack_guard_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_slack_guard_module);

    if (ctx && ctx->state == NGX_SLACK_GUARD_READING) {
        ngx_slack_guard_feed(ctx, in);
    }

    return ngx_slack_guard_next_body_filter(r, in);
}


static void
ngx_slack_guard_feed(ngx_slack_guard_ctx_t *ctx, ngx_chain_t *in)
{
    size_t                   len;
    ngx_buf_t               *b;
    ngx_uint_t               i;
    ngx_slack_guard_hmac_t  *hmac;

    for ( /* void */ ; in; in = in->next) {
        b = in->buf;

        if (!ngx_buf_in_memory(b) || b->last == b->pos) {
            continue;
        }

        len = b->last - b->pos;
        hmac = ctx->hmacs.elts;

        for (i = 0; i < ctx->hmacs.nelts; i++) {
            if (ngx_slack_hmac_update(hmac[i].hmac, b->pos, len) != NGX_OK) {
                ctx->failed = 1;
            }
        }

        if (ctx->form) {
            (void) ngx_slack_form_feed(ctx->form, b->pos, len);
        }
    }
}


ngx_int_t
ngx_slack_guard_kept(ngx_http_request_t *r, ngx_slack_guard_ctx_t *ctx)
{
    ngx_chain_t  *cl;

    for (cl = r->request_body->bufs; cl; cl = cl->next) {
        if (cl->buf->in_file) {
            return NGX_DECLINED;
        }
    }

    ngx_slack_guard_feed(ctx, r->request_body->bufs);

    return NGX_OK;
}


ngx_slack_guard_result_e
ngx_slack_guard_judge(ngx_slack_guard_ctx_t *ctx)
{
    if (ctx->form) {
        (void) ngx_slack_form_end(ctx->form);

        if (ctx->ssl_check == 1) {
            return NGX_SLACK_GUARD_SSL_CHECK;
        }
    }

    return (ctx->result == NGX_SLACK_GUARD_PASSED)
           ? ngx_slack_guard_compare(ctx) : ctx->result;
}


/* All guards have to be passed, each by one of its secrets. */

static ngx_slack_guard_result_e
ngx_slack_guard_compare(ngx_slack_guard_ctx_t *ctx)
{
    u_char                   digest[NGX_SLACK_HMAC_LEN];
    ngx_str_t                ours, theirs;
    ngx_uint_t               i;
    ngx_slack_guard_met_t   *guard;
    ngx_slack_guard_hmac_t  *hmac;

    if (ctx->failed) {
        return NGX_SLACK_GUARD_SIGNATURE;
    }

    ours.data = digest;
    ours.len = NGX_SLACK_HMAC_LEN;

    theirs.data = ctx->claim.digest;
    theirs.len = NGX_SLACK_HMAC_LEN;

    guard = ctx->guards.elts;
    hmac = ctx->hmacs.elts;

    for (i = 0; i < ctx->hmacs.nelts; i++) {

        if (ngx_slack_hmac_final(hmac[i].hmac, digest) == NGX_OK
            && ngx_slack_secret_equal(&ours, &theirs))
        {
            guard[hmac[i].guard].passed = 1;
        }
    }

    for (i = 0; i < ctx->guards.nelts; i++) {
        if (!guard[i].passed) {
            return NGX_SLACK_GUARD_SIGNATURE;
        }
    }

    return NGX_SLACK_GUARD_PASSED;
}
