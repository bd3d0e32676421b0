
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The context of a request.  Runs in the event loop.
 */


#include <ngx_slack_http.h>


static void ngx_slack_http_ctx_cleanup(void *data);


/*
 * An internal redirect zeroes the modules' contexts.  Keep the context among
 * the pool's cleanups as well, so that an event is not stored twice.
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
    /* The handler only identifies the context, by its address. */
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
                 * Core redirects a request whose body is being read only after
                 * it has given up that body, and does not call the body
                 * handler any more.
                 */

                ngx_slack_http_incomplete(r, ctx);
            }

            break;
        }
    }

    return ctx;
}


/*
 * The body did not arrive as a whole, and core has answered already.  Reject
 * the event with the code of that answer; only the error page is left to send.
 */

void
ngx_slack_http_incomplete(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_str_t   reason;
    ngx_uint_t  code;

    code = (r->err_status >= NGX_HTTP_BAD_REQUEST) ? r->err_status
                                                   : NGX_HTTP_BAD_REQUEST;

    if (ctx->collect) {

        /*
         * This is an action of slack_status, not an event; it is not executed.
         */

        ctx->code = code;

    } else {
        ngx_str_set(&reason, "body did not arrive whole");

        ngx_slack_http_result(ctx, code, NGX_SLACK_RESULT_REJECTED, &reason);
    }

    ctx->state = NGX_SLACK_STATE_ANSWERED;

    /* Ignore the rest of the body. */

    r->read_event_handler = ngx_http_block_reading;
}
