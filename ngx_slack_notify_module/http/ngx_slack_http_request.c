
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The stages of a request: headers, body, outbox, answer.  Runs in the
 * event loop.
 *
 * One handler of the precontent phase serves a location with and without a
 * content handler.  After each stage ngx_http_core_run_phases() calls it
 * again, and it acts on the state of the context.  If the location has a
 * content handler (proxy_pass, …), the request continues with it, otherwise it
 * is answered here.
 */


#include <ngx_slack_http.h>


static ngx_int_t ngx_slack_http_begin(ngx_http_request_t *r,
    ngx_slack_loc_conf_t      *slcf, ngx_uint_t tap);
static ngx_int_t ngx_slack_http_continue(ngx_http_request_t *r,
    ngx_slack_http_ctx_t  *ctx, ngx_slack_loc_conf_t *slcf);
static void ngx_slack_http_body_handler(ngx_http_request_t *r);


ngx_int_t
ngx_slack_http_handler(ngx_http_request_t *r)
{
    ngx_uint_t             tap;
    ngx_slack_http_ctx_t  *ctx;
    ngx_slack_loc_conf_t  *slcf;

    slcf = ngx_http_get_module_loc_conf(r, ngx_slack_notify_module);

    if (slcf->routes == NULL || r != r->main) {
        return NGX_DECLINED;
    }

    ctx = ngx_slack_http_ctx(r);

    if (ctx) {
        return ngx_slack_http_continue(r, ctx, slcf);
    }

    tap = (r->content_handler != NULL);

    if (r->method != NGX_HTTP_POST && (tap || !slcf->own)) {
        return NGX_DECLINED;
    }

    return ngx_slack_http_begin(r, slcf, tap);
}


static ngx_int_t
ngx_slack_http_begin(ngx_http_request_t *r, ngx_slack_loc_conf_t *slcf,
    ngx_uint_t tap)
{
    ngx_int_t              rc;
    ngx_slack_http_ctx_t  *ctx;

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "slack notify handler, tap:%ui", tap);

    ctx = ngx_slack_http_ctx_create(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->tap = tap ? 1 : 0;

    rc = ngx_slack_http_headers(r, ctx, slcf);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc == NGX_DECLINED) {

        /* The headers are enough to decide. */

        if (ctx->state == NGX_SLACK_STATE_PASS) {
            return NGX_DECLINED;
        }

        /*
         * Do not ask the client for the body; core's error pages do not
         * either.
         */

        r->expect_tested = 1;

        rc = ngx_http_discard_request_body(r);

        if (rc != NGX_OK) {
            return rc;
        }

        return ngx_slack_http_continue(r, ctx, slcf);
    }

    if (ngx_slack_http_body_cut(r)) {

        /* This is the error page of a location that was reading the body. */

        ngx_slack_http_incomplete(r, ctx);

        return ngx_slack_http_continue(r, ctx, slcf);
    }

    rc = ngx_http_read_client_request_body(r, ngx_slack_http_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    ngx_http_finalize_request(r, NGX_DONE);

    return NGX_DONE;
}


static ngx_int_t
ngx_slack_http_continue(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_loc_conf_t *slcf)
{
    ngx_int_t  rc;

    switch (ctx->state) {

    case NGX_SLACK_STATE_READING:
    case NGX_SLACK_STATE_STORING:
        return NGX_DONE;

    case NGX_SLACK_STATE_ANSWER:
        break;

    default:

        /*
         * The request was passed on or answered, and this is an error page or
         * post_action.  A webhook location without a content handler answers
         * again, because it has nothing else that could.
         */

        if (r->content_handler || !slcf->own) {
            return NGX_DECLINED;
        }

        if (r->header_sent) {
            ngx_http_finalize_request(r, NGX_OK);
            return NGX_DONE;
        }

        if (ctx->code == 0) {
            return NGX_DECLINED;
        }

        break;
    }

    rc = ngx_slack_http_answer(r, ctx);

    ngx_http_finalize_request(r, rc);

    return NGX_DONE;
}


static void
ngx_slack_http_body_handler(ngx_http_request_t *r)
{
    ngx_int_t              rc;
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL || ctx->state != NGX_SLACK_STATE_READING) {

        /*
         * Core gave up the body, redirected the request and kept reading.  The
         * location that asked for the body is not this one.
         */

        return;
    }

    r->preserve_body = 1;
    r->write_event_handler = ngx_http_core_run_phases;

    rc = ngx_slack_http_body_walk(r, ctx);

    if (rc == NGX_AGAIN) {
        return;
    }

    if (rc == NGX_ERROR) {
        ctx->failed = 1;
    }

    ngx_slack_http_decide(r, ctx);

    ngx_http_core_run_phases(r);
}
