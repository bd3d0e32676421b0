
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Decides about a body that was read: whether it is accepted, which events it
 * holds, and what is stored of them.  Runs in the event loop.
 */


#include <ngx_slack_http.h>


static ngx_int_t ngx_slack_http_verify_body(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static ngx_int_t ngx_slack_http_document(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static void ngx_slack_http_recognise(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static ngx_int_t ngx_slack_http_events(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static ngx_int_t ngx_slack_http_event(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_uint_t n);


void
ngx_slack_http_decide(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_int_t  rc;
    ngx_str_t  reason;

    if (ctx->collect) {
        /* The body belongs to an action of slack_status. */
        return;
    }

    rc = ngx_slack_http_verify_body(r, ctx);

    if (rc == NGX_OK) {
        rc = ngx_slack_http_document(r, ctx);
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_http_events(r, ctx);
    }

    if (rc == NGX_ERROR) {
        ngx_str_set(&reason, "internal error");

        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "slack notify: no memory, or the body was not read; the "
                      "event is not stored");

        ngx_slack_http_result(ctx, NGX_HTTP_SERVICE_UNAVAILABLE,
                              NGX_SLACK_RESULT_ERROR, &reason);
    }
}


/*
 * Here and in the functions below NGX_DECLINED means that the result is known.
 */

static ngx_int_t
ngx_slack_http_verify_body(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_int_t  rc;
    ngx_str_t  reason;

    if (ctx->failed) {
        return NGX_ERROR;
    }

    if (ctx->form) {
        (void) ngx_slack_form_end(ctx->form);
    }

    rc = ngx_slack_http_auth_body(r, ctx);

    if (rc == NGX_HTTP_UNAUTHORIZED) {
        ngx_str_set(&reason, "unauthorized");

        ngx_slack_http_result(ctx, NGX_HTTP_UNAUTHORIZED,
                              NGX_SLACK_RESULT_REJECTED, &reason);
        return NGX_DECLINED;
    }

    if (rc == NGX_OK && ctx->decided) {
        ngx_slack_http_result(ctx, ctx->code, ctx->status, NULL);
        return NGX_DECLINED;
    }

    return rc;
}


static ngx_int_t
ngx_slack_http_document(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    char      *error;
    off_t      offset;
    ngx_int_t  rc;
    ngx_str_t  reason;

    if (ctx->form && !ctx->form->found) {
        ngx_str_set(&reason, "form without payload");

        ngx_slack_http_result(ctx, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                              NGX_SLACK_RESULT_REJECTED, &reason);
        return NGX_DECLINED;
    }

    if (ngx_slack_json_is_empty(ctx->json)) {
        ngx_str_set(&reason, "body is empty");

        ngx_slack_http_result(ctx, NGX_HTTP_BAD_REQUEST,
                              NGX_SLACK_RESULT_REJECTED, &reason);
        return NGX_DECLINED;
    }

    rc = ngx_slack_json_finish(ctx->json);

    if (rc == NGX_DECLINED) {
        error = ngx_slack_json_error(ctx->json, &offset);

        reason.data = ngx_pnalloc(r->pool, 64 + NGX_OFF_T_LEN);
        if (reason.data == NULL) {
            return NGX_ERROR;
        }

        reason.len = ngx_sprintf(reason.data, "body %s at byte %O", error,
                                 offset)
                     - reason.data;

        ngx_slack_http_result(ctx, NGX_HTTP_BAD_REQUEST,
                              NGX_SLACK_RESULT_REJECTED, &reason);
        return NGX_DECLINED;
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    if (ctx->any) {
        ngx_slack_http_recognise(r, ctx);
    }

    return NGX_OK;
}


/*
 * Selects the first sender whose mark is in the body.  Without a mark it
 * remains the first of all senders.
 */

static void
ngx_slack_http_recognise(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_uint_t              i;
    ngx_slack_reader_t    **reader;
    ngx_slack_main_conf_t  *smcf;

    smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

    reader = smcf->any.elts;

    for (i = 0; i < smcf->any.nelts; i++) {
        if (ngx_slack_reader_recognises(reader[i], ctx->json)) {
            ctx->reader = reader[i];
            return;
        }
    }
}


static ngx_int_t
ngx_slack_http_events(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_uint_t              i, n;
    ngx_slack_main_conf_t  *smcf;

    if (ngx_slack_reader_events(ctx->reader, ctx->json, &ctx->list)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    n = ctx->list.nevents;

    ctx->events = &ctx->one;

    smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

    if (n > 1) {
        ctx->events = ngx_pcalloc(r->pool, n * sizeof(ngx_slack_http_event_t));
        if (ctx->events == NULL) {
            return NGX_ERROR;
        }
    }

    if ((n > 1 || smcf->people || smcf->mentions)
        && ngx_slack_http_remember(r, ctx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {

        if (i) {
            ngx_slack_http_flush(ctx);
        }

        if (ngx_slack_http_event(r, ctx, i) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (ctx->entry == NULL || ctx->explain) {
        ngx_slack_http_settle(ctx);
        return NGX_DECLINED;
    }

    return ngx_slack_http_store(r, ctx);
}


static ngx_int_t
ngx_slack_http_event(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_uint_t n)
{
    ngx_int_t                rc;
    ngx_slack_http_event_t  *e;

    e = &ctx->events[n];

    rc = ngx_slack_events_read(&ctx->list, n, &ctx->header, r->pool, &e->event,
                               &e->reason);

    ctx->event = e->event;

    if (rc == NGX_DECLINED) {
        e->result = NGX_SLACK_RESULT_IGNORED;
        return NGX_OK;
    }

    return (rc == NGX_OK) ? ngx_slack_http_routes(r, ctx, e) : NGX_ERROR;
}
