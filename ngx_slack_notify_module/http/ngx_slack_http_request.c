
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The way of a request: headers, body, outbox, answer.  All of it runs in
 * the event loop.
 *
 * One handler of the precontent phase serves both ways to stand in a
 * location.  It is entered anew after each step (ngx_http_core_run_phases())
 * and does what the state of the context asks for; with a content handler in
 * the location (proxy_pass, …) the request goes on to it, else it ends here.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_http_wait.h>


static ngx_int_t ngx_slack_http_begin(ngx_http_request_t *r,
    ngx_slack_loc_conf_t      *slcf, ngx_uint_t tap);
static void ngx_slack_http_ctx_cleanup(void *data);
static ngx_int_t ngx_slack_http_continue(ngx_http_request_t *r,
    ngx_slack_http_ctx_t  *ctx, ngx_slack_loc_conf_t *slcf);
static void ngx_slack_http_incomplete(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static void ngx_slack_http_body_handler(ngx_http_request_t *r);
static void ngx_slack_http_stored(ngx_slack_entry_t *entry);


ngx_slack_writer_t  *ngx_slack_http_commit;


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

        /* the headers decided */

        if (ctx->state == NGX_SLACK_STATE_PASS) {
            return NGX_DECLINED;
        }

        /* as core's error pages do: no need to ask for the body first */

        r->expect_tested = 1;

        rc = ngx_http_discard_request_body(r);

        if (rc != NGX_OK) {
            return rc;
        }

        return ngx_slack_http_continue(r, ctx, slcf);
    }

    if (ngx_slack_http_body_cut(r)) {

        /* this is the error page of a location that was reading the body */

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


/*
 * The context must outlive internal redirects, which zero the contexts of
 * modules: else an event would be stored once more.
 */

ngx_slack_http_ctx_t *
ngx_slack_http_ctx_create(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t    *cln;
    ngx_slack_http_ctx_t  *ctx;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_slack_http_ctx_t));
    if (cln == NULL) {
        return NULL;
    }

    ctx = cln->data;

    ngx_memzero(ctx, sizeof(ngx_slack_http_ctx_t));

    ctx->request = r;

    cln->handler = ngx_slack_http_ctx_cleanup;

    ngx_http_set_ctx(r, ctx, ngx_slack_notify_module);

    return ctx;
}


static void
ngx_slack_http_ctx_cleanup(void *data)
{
    /* void: the handler marks the context among the pool's cleanups */
}


ngx_slack_http_ctx_t *
ngx_slack_http_ctx(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t    *cln;
    ngx_slack_http_ctx_t  *ctx;

    r = r->main;

    ctx = ngx_http_get_module_ctx(r, ngx_slack_notify_module);

    if (ctx || (!r->internal && !r->filter_finalize)) {
        return ctx;
    }

    for (cln = r->pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_slack_http_ctx_cleanup) {
            ctx = cln->data;
            ngx_http_set_ctx(r, ctx, ngx_slack_notify_module);

            if (ctx->state == NGX_SLACK_STATE_READING && !ctx->walking) {

                /*
                 * Core redirects a request whose body is being read only
                 * after it has given up that body: the body handler is not
                 * called any more.
                 */

                ngx_slack_http_incomplete(r, ctx);
            }

            break;
        }
    }

    return ctx;
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
         * The request was passed on or answered, and this is an error page, or
         * post_action.  A webhook location without a content handler answers
         * once more, as there is nothing else in it that could.
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


/*
 * The body did not arrive whole, core has said so already: the event is
 * rejected with the code of core's answer.  What is left to do is the error
 * page.
 */

static void
ngx_slack_http_incomplete(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_str_t   reason;
    ngx_uint_t  code;

    code = (r->err_status >= NGX_HTTP_BAD_REQUEST) ? r->err_status
                                                   : NGX_HTTP_BAD_REQUEST;

    if (ctx->collect) {

        /* an action of slack_status: it is no event, and does not happen */

        ctx->code = code;

    } else {
        ngx_str_set(&reason, "body did not arrive whole");

        ngx_slack_http_result(ctx, code, NGX_SLACK_RESULT_REJECTED, &reason);
    }

    ctx->state = NGX_SLACK_STATE_ANSWERED;

    /* what still arrives of the body is nobody's */

    r->read_event_handler = ngx_http_block_reading;
}


static void
ngx_slack_http_body_handler(ngx_http_request_t *r)
{
    ngx_int_t              rc;
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL || ctx->state != NGX_SLACK_STATE_READING) {

        /*
         * core went on reading after it had given up the body and redirected
         * the request: this is not the location that has asked for the body
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


ngx_int_t
ngx_slack_http_store(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_int_t  rc;
    ngx_str_t  reason;

    ctx->entry->handler = ngx_slack_http_stored;
    ctx->entry->data = ctx;
    ctx->state = NGX_SLACK_STATE_STORING;

    rc = ngx_slack_commit_post(ngx_slack_http_commit, ctx->entry);

    if (rc == NGX_BUSY) {
        ngx_str_set(&reason, "too many requests wait for the outbox");

        ngx_slack_http_result(ctx, NGX_HTTP_SERVICE_UNAVAILABLE,
                              NGX_SLACK_RESULT_ERROR, &reason);
        return NGX_OK;
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_http_block(r);

    return NGX_OK;
}


static void
ngx_slack_http_stored(ngx_slack_entry_t *entry)
{
    ngx_str_t              reason;
    ngx_http_request_t    *r;
    ngx_slack_http_ctx_t  *ctx;

    ctx = entry->data;
    r = ctx->request;

    ngx_slack_http_unblock(r);

    switch (entry->rc) {

    case NGX_OK:
        ngx_slack_http_result(ctx, NGX_HTTP_ACCEPTED, NGX_SLACK_RESULT_QUEUED,
                              NULL);
        break;

    case NGX_DONE:
        ngx_slack_http_result(ctx, NGX_HTTP_OK, NGX_SLACK_RESULT_DUPLICATE,
                              NULL);
        break;

    case NGX_DECLINED:
        ngx_slack_http_result(ctx, NGX_HTTP_OK, NGX_SLACK_RESULT_FILTERED,
                              ctx->unchanged);
        break;

    default:

        if (entry->rc == NGX_BUSY) {
            ngx_str_set(&reason, "outbox is full");

        } else {
            ngx_str_set(&reason, "outbox is failing");
        }

        ngx_slack_http_result(ctx, NGX_HTTP_SERVICE_UNAVAILABLE,
                              NGX_SLACK_RESULT_ERROR, &reason);
        break;
    }

    ngx_slack_http_resume(r);
}
