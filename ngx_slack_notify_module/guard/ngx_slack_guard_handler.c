
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A request in a guarded location: its headers, its body, and what becomes of
 * it.  Runs in the event loop.
 *
 * The body goes through an HMAC with each secret while core reads and keeps
 * it, so it reaches the content handler as it came.  A request that was
 * refused stays refused wherever error_page takes it; "return" in that place
 * still answers, as it comes before the guard.
 */


#include <ngx_slack_guard_private.h>
#include <ngx_slack_http.h>


/* a test of Slack's is smaller than this, in bytes */
#define NGX_SLACK_GUARD_FORM_MAX  4096


static ngx_slack_guard_ctx_t *ngx_slack_guard_ctx(ngx_http_request_t *r);
static ngx_slack_guard_ctx_t *ngx_slack_guard_create_ctx(
    ngx_http_request_t *r);
static void ngx_slack_guard_cleanup(void *data);
static ngx_int_t ngx_slack_guard_subrequest(ngx_http_request_t *r);
static ngx_int_t ngx_slack_guard_begin(ngx_http_request_t *r,
    ngx_slack_guard_ctx_t *ctx);
static ngx_uint_t ngx_slack_guard_query(ngx_http_request_t *r);
static ngx_slack_guard_result_e ngx_slack_guard_headers(ngx_http_request_t *r,
    ngx_slack_guard_ctx_t *ctx);
static void ngx_slack_guard_body_handler(ngx_http_request_t *r);
static void ngx_slack_guard_end(ngx_http_request_t *r,
    ngx_slack_guard_ctx_t *ctx, ngx_slack_guard_result_e result);
static ngx_int_t ngx_slack_guard_answer(ngx_http_request_t *r,
    ngx_slack_guard_ctx_t *ctx);


static ngx_str_t  ngx_slack_guard_signature =
    ngx_string("x-slack-signature");
static ngx_str_t  ngx_slack_guard_timestamp =
    ngx_string("x-slack-request-timestamp");

static ngx_str_t  ngx_slack_guard_test = ngx_string("ssl_check");


ngx_int_t
ngx_slack_guard_enter(ngx_http_request_t *r)
{
    ngx_uint_t               i;
    ngx_slack_guard_ctx_t   *ctx;
    ngx_slack_guard_met_t   *guard;
    ngx_slack_guard_conf_t  *gcf;

    gcf = ngx_http_get_module_loc_conf(r, ngx_slack_guard_module);

    if (gcf->secrets == NULL || r != r->main) {
        return NGX_DECLINED;
    }

    ctx = ngx_slack_guard_ctx(r);

    if (ctx == NULL) {
        ctx = ngx_slack_guard_create_ctx(r);
        if (ctx == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    guard = ctx->guards.elts;

    for (i = 0; i < ctx->guards.nelts; i++) {
        if (guard[i].secrets == gcf->secrets) {
            return NGX_DECLINED;
        }
    }

    guard = ngx_array_push(&ctx->guards);
    if (guard == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    guard->secrets = gcf->secrets;
    guard->passed = 0;

    return NGX_DECLINED;
}


ngx_int_t
ngx_slack_guard_handler(ngx_http_request_t *r)
{
    ngx_uint_t              i;
    ngx_slack_guard_ctx_t  *ctx;
    ngx_slack_guard_met_t  *guard;

    if (r != r->main) {
        return ngx_slack_guard_subrequest(r);
    }

    ctx = ngx_slack_guard_ctx(r);

    if (ctx == NULL) {
        return NGX_DECLINED;
    }

    switch (ctx->state) {

    case NGX_SLACK_GUARD_READING:
        return NGX_DONE;

    case NGX_SLACK_GUARD_ANSWER:
        return ngx_slack_guard_answer(r, ctx);

    default: /* NGX_SLACK_GUARD_MET */
        break;
    }

    guard = ctx->guards.elts;

    for (i = 0; i < ctx->guards.nelts; i++) {
        if (!guard[i].passed) {
            return ngx_slack_guard_begin(r, ctx);
        }
    }

    return NGX_DECLINED;
}


/*
 * A redirect within nginx zeroes the modules' contexts.  The context is kept
 * among the pool's cleanups as well, as what was passed and what was refused
 * holds for the whole request.
 */

static ngx_slack_guard_ctx_t *
ngx_slack_guard_ctx(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t     *cln;
    ngx_slack_guard_ctx_t  *ctx;

    r = r->main;

    ctx = ngx_http_get_module_ctx(r, ngx_slack_guard_module);

    if (ctx || (!r->internal && !r->filter_finalize)) {
        return ctx;
    }

    for (cln = r->pool->cleanup; cln; cln = cln->next) {

        if (cln->handler != ngx_slack_guard_cleanup) {
            continue;
        }

        ctx = cln->data;
        ngx_http_set_ctx(r, ctx, ngx_slack_guard_module);

        if (ctx->state == NGX_SLACK_GUARD_READING) {

            /* Core has given up the body, and this is the error page. */

            ngx_slack_guard_end(r, ctx, NGX_SLACK_GUARD_BODY);

            if (r->err_status >= NGX_HTTP_BAD_REQUEST) {
                ctx->code = (ngx_int_t) r->err_status;
            }

            r->read_event_handler = ngx_http_block_reading;
        }

        break;
    }

    return ctx;
}


static ngx_slack_guard_ctx_t *
ngx_slack_guard_create_ctx(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t     *cln;
    ngx_slack_guard_ctx_t  *ctx;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_slack_guard_ctx_t));
    if (cln == NULL) {
        return NULL;
    }

    ctx = cln->data;

    ngx_memzero(ctx, sizeof(ngx_slack_guard_ctx_t));

    if (ngx_array_init(&ctx->guards, r->pool, 1, sizeof(ngx_slack_guard_met_t))
        != NGX_OK
        || ngx_array_init(&ctx->hmacs, r->pool, 2,
                          sizeof(ngx_slack_guard_hmac_t))
           != NGX_OK)
    {
        return NULL;
    }

    cln->handler = ngx_slack_guard_cleanup;

    ngx_http_set_ctx(r, ctx, ngx_slack_guard_module);

    return ctx;
}


static void
ngx_slack_guard_cleanup(void *data)
{
    /* The handler only identifies the context, by its address. */
}


/*
 * A subrequest has no body of its own: it may enter what its request has
 * passed.
 */

static ngx_int_t
ngx_slack_guard_subrequest(ngx_http_request_t *r)
{
    ngx_uint_t               i;
    ngx_slack_guard_ctx_t   *ctx;
    ngx_slack_guard_met_t   *guard;
    ngx_slack_guard_conf_t  *gcf;

    gcf = ngx_http_get_module_loc_conf(r, ngx_slack_guard_module);

    if (gcf->secrets == NULL) {
        return NGX_DECLINED;
    }

    ctx = ngx_slack_guard_ctx(r);

    if (ctx) {
        guard = ctx->guards.elts;

        for (i = 0; i < ctx->guards.nelts; i++) {
            if (guard[i].secrets == gcf->secrets && guard[i].passed) {
                return NGX_DECLINED;
            }
        }
    }

    ngx_slack_guard_tell(r, NGX_SLACK_GUARD_UNSIGNED);

    return NGX_HTTP_UNAUTHORIZED;
}


static ngx_int_t
ngx_slack_guard_begin(ngx_http_request_t *r, ngx_slack_guard_ctx_t *ctx)
{
    ngx_int_t  rc;

    if (ngx_slack_guard_query(r)) {
        ngx_slack_guard_end(r, ctx, NGX_SLACK_GUARD_SSL_CHECK);

        return ngx_slack_guard_answer(r, ctx);
    }

    if (ngx_slack_http_body_cut(r)) {
        ngx_slack_guard_end(r, ctx, NGX_SLACK_GUARD_BODY);

        return ngx_slack_guard_answer(r, ctx);
    }

    if (ngx_slack_guard_start_form(r, ctx) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->failed = 0;
    ctx->hmacs.nelts = 0;
    ctx->result = ngx_slack_guard_headers(r, ctx);

    if (ctx->result != NGX_SLACK_GUARD_PASSED) {

        /* only a small form may be Slack's test, which is not signed */

        if (ctx->form == NULL || r->headers_in.chunked
            || r->headers_in.content_length_n > NGX_SLACK_GUARD_FORM_MAX)
        {
            ngx_slack_guard_end(r, ctx, ctx->result);

            return ngx_slack_guard_answer(r, ctx);
        }

    } else if (ngx_slack_guard_start_hmacs(r, ctx) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (r->request_body) {
        ngx_slack_guard_end(r, ctx, (ngx_slack_guard_kept(r, ctx) == NGX_OK)
                                    ? ngx_slack_guard_judge(ctx)
                                    : NGX_SLACK_GUARD_BODY);

        return ngx_slack_guard_handler(r);
    }

    ctx->state = NGX_SLACK_GUARD_READING;

    rc = ngx_http_read_client_request_body(r, ngx_slack_guard_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    ngx_http_finalize_request(r, NGX_DONE);

    return NGX_DONE;
}


/* Slack may test a certificate by a GET, too. */

static ngx_uint_t
ngx_slack_guard_query(ngx_http_request_t *r)
{
    ngx_str_t  value;

    return (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))
           && ngx_http_arg(r, ngx_slack_guard_test.data,
                           ngx_slack_guard_test.len, &value)
              == NGX_OK
           && value.len == 1 && value.data[0] == '1';
}


static ngx_slack_guard_result_e
ngx_slack_guard_headers(ngx_http_request_t *r, ngx_slack_guard_ctx_t *ctx)
{
    ngx_str_t   timestamp, signature;
    ngx_uint_t  timestamps, signatures;

    timestamps = ngx_slack_http_header(r, &ngx_slack_guard_timestamp,
                                       &timestamp);
    signatures = ngx_slack_http_header(r, &ngx_slack_guard_signature,
                                       &signature);

    if (timestamps == 0 || signatures == 0) {
        return NGX_SLACK_GUARD_UNSIGNED;
    }

    if (timestamps > 1 || signatures > 1) {
        return NGX_SLACK_GUARD_TWICE;
    }

    return ngx_slack_guard_parse(&ctx->claim, &timestamp, &signature,
                                 ngx_time());
}


static void
ngx_slack_guard_body_handler(ngx_http_request_t *r)
{
    ngx_slack_guard_ctx_t  *ctx;

    ctx = ngx_slack_guard_ctx(r);

    if (ctx == NULL || ctx->state != NGX_SLACK_GUARD_READING) {

        /* Core gave up the body, redirected the request and kept reading. */

        return;
    }

    r->preserve_body = 1;
    r->write_event_handler = ngx_http_core_run_phases;

    ngx_slack_guard_end(r, ctx, ngx_slack_guard_judge(ctx));

    ngx_http_core_run_phases(r);
}


static void
ngx_slack_guard_end(ngx_http_request_t *r, ngx_slack_guard_ctx_t *ctx,
    ngx_slack_guard_result_e result)
{
    ngx_slack_guard_tell(r, result);

    switch (result) {

    case NGX_SLACK_GUARD_PASSED:
        ctx->state = NGX_SLACK_GUARD_MET;
        return;

    case NGX_SLACK_GUARD_SSL_CHECK:
        ctx->code = NGX_HTTP_OK;
        break;

    case NGX_SLACK_GUARD_BODY:
        ctx->code = NGX_HTTP_BAD_REQUEST;
        break;

    default:
        ctx->code = NGX_HTTP_UNAUTHORIZED;
    }

    ctx->state = NGX_SLACK_GUARD_ANSWER;
}


static ngx_int_t
ngx_slack_guard_answer(ngx_http_request_t *r, ngx_slack_guard_ctx_t *ctx)
{
    ngx_int_t                 rc;
    ngx_http_complex_value_t  cv;

    if (ctx->code != NGX_HTTP_OK && !r->header_sent) {
        return ctx->code;
    }

    /* NGX_OK as a result would have the next phase called */

    rc = NGX_OK;

    if (!r->header_sent) {
        ngx_memzero(&cv, sizeof(ngx_http_complex_value_t));

        rc = ngx_http_send_response(r, NGX_HTTP_OK, NULL, &cv);
    }

    ngx_http_finalize_request(r, rc);

    return NGX_DONE;
}
