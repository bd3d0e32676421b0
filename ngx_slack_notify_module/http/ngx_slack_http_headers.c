
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Reads the headers of a webhook's request: who the sender is, whether the
 * request is accepted, how the body is encoded, and whether any route can take
 * the event.  Runs in the event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_log.h>


#define NGX_SLACK_ENCODING_MAX  32           /* bytes, in the reason */


static ngx_int_t ngx_slack_http_decided(ngx_slack_http_ctx_t *ctx);
static void ngx_slack_http_sender(ngx_http_request_t *r,
    ngx_slack_http_ctx_t  *ctx, ngx_slack_loc_conf_t *slcf);
static ngx_uint_t ngx_slack_http_first(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *value);
static ngx_int_t ngx_slack_http_content_type(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static ngx_int_t ngx_slack_http_encoding(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static ngx_int_t ngx_slack_http_form(void *data, u_char *piece, size_t len);


ngx_int_t
ngx_slack_http_headers(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_loc_conf_t *slcf)
{
    ngx_int_t   rc;
    ngx_str_t   reason;
    ngx_uint_t  kinds;

    if (r->method != NGX_HTTP_POST) {
        ngx_str_set(&reason, "method is not POST");

        ngx_slack_http_result(ctx, NGX_HTTP_NOT_ALLOWED,
                              NGX_SLACK_RESULT_REJECTED, &reason);
        return NGX_DECLINED;
    }

    rc = ngx_slack_http_content_type(r, ctx);

    if (rc == NGX_DECLINED && ctx->tap) {

        /* This is not a webhook's request. */

        ctx->state = NGX_SLACK_STATE_PASS;
        return NGX_DECLINED;
    }

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    ngx_slack_http_sender(r, ctx, slcf);

    switch (ngx_slack_http_auth_headers(r, ctx, slcf->secrets)) {

    case NGX_OK:
        break;

    case NGX_HTTP_UNAUTHORIZED:
        ngx_str_set(&reason, "unauthorized");

        ngx_slack_http_result(ctx, NGX_HTTP_UNAUTHORIZED,
                              NGX_SLACK_RESULT_REJECTED, &reason);
        return NGX_DECLINED;

    default:
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {
        ngx_str_set(&reason, "neither JSON nor a form");

        ngx_slack_http_result(ctx, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                              NGX_SLACK_RESULT_REJECTED, &reason);
        return NGX_DECLINED;
    }

    rc = ngx_slack_http_encoding(r, ctx);

    if (rc != NGX_OK) {
        return (rc == NGX_DONE) ? ngx_slack_http_decided(ctx) : NGX_ERROR;
    }

    kinds = ctx->any ? NGX_SLACK_KINDS_ALL
                     : ctx->reader->source->kinds(&ctx->header);

    if ((kinds & slcf->kinds) == 0) {

        /* No route takes any event with this header. */

        ctx->code = NGX_HTTP_OK;
        ctx->status = NGX_SLACK_RESULT_FILTERED;
        ctx->reason = *ngx_slack_filter_name(0);

        return ngx_slack_http_decided(ctx);
    }

    ctx->json = ngx_slack_json_create(ctx->reader->paths, r->pool);

    return ctx->json ? NGX_OK : NGX_ERROR;
}


/*
 * The result is in the context already.  The body is not parsed, but it is
 * read if its signature has to be verified.
 */

static ngx_int_t
ngx_slack_http_decided(ngx_slack_http_ctx_t *ctx)
{
    ctx->decided = 1;

    if (ctx->proof == NULL || !ctx->proof->payload) {
        ctx->form = NULL;
    }

    if (ctx->tap && ctx->hmacs == NULL) {
        ngx_slack_http_result(ctx, ctx->code, ctx->status, NULL);
        return NGX_DECLINED;
    }

    return NGX_OK;
}


/*
 * Determines the sender by slack_source, else by the headers, else by the
 * body.  Until the body is read, the first of all senders stands for any of
 * them.
 */

static void
ngx_slack_http_sender(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_loc_conf_t *slcf)
{
    ngx_uint_t              i;
    ngx_slack_reader_t    **reader;
    ngx_slack_main_conf_t  *smcf;

    smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

    reader = smcf->readers.elts;
    i = slcf->source;

    if (i == NGX_SLACK_AUTO) {

        for (i = 0; i < smcf->readers.nelts; i++) {
            if (ngx_slack_http_first(r, reader[i]->source->headers,
                                     &ctx->header))
            {
                break;
            }
        }

    } else {
        (void) ngx_slack_http_first(r, reader[i]->source->headers,
                                    &ctx->header);
    }

    ngx_slack_http_choose(ctx, smcf, i);

    (void) ngx_slack_http_first(r, ctx->reader->source->deliveries,
                                &ctx->delivery);
}


void
ngx_slack_http_choose(ngx_slack_http_ctx_t *ctx,
    ngx_slack_main_conf_t *smcf, ngx_uint_t i)
{
    ngx_slack_reader_t  **reader;

    ctx->set = i;

    reader = smcf->readers.elts;

    if (i == smcf->readers.nelts) {
        ctx->any = 1;
        reader = smcf->any.elts;
        i = 0;
    }

    ctx->reader = reader[i];
}


/*
 * Finds the first header of the list that was sent.  Returns how often it was
 * sent, or 0 if none of them was.
 */

static ngx_uint_t
ngx_slack_http_first(ngx_http_request_t *r, ngx_str_t *name, ngx_str_t *value)
{
    ngx_uint_t  n;

    for ( /* void */ ; name->len; name++) {

        n = ngx_slack_http_header(r, name, value);

        if (n) {
            return n;
        }
    }

    return 0;
}


static ngx_int_t
ngx_slack_http_content_type(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    u_char    *p;
    size_t     len;
    ngx_str_t  type;

    if (r->headers_in.content_type == NULL) {
        return NGX_OK;
    }

    type = r->headers_in.content_type->value;

    p = ngx_strlchr(type.data, type.data + type.len, ';');

    len = p ? (size_t) (p - type.data) : type.len;

    while (len && type.data[len - 1] == ' ') {
        len--;
    }

    if ((len == sizeof("application/json") - 1
         && ngx_strncasecmp(type.data, (u_char *) "application/json", len)
            == 0)
        || (len > sizeof("+json") - 1
            && ngx_strncasecmp(type.data + len - (sizeof("+json") - 1),
                               (u_char *) "+json", sizeof("+json") - 1)
               == 0))
    {
        return NGX_OK;
    }

    if (len == sizeof("application/x-www-form-urlencoded") - 1
        && ngx_strncasecmp(type.data,
                           (u_char *) "application/x-www-form-urlencoded",
                           len)
           == 0)
    {
        ctx->form = ngx_pcalloc(r->pool, sizeof(ngx_slack_form_t));
        if (ctx->form == NULL) {
            return NGX_ERROR;
        }

        ctx->form->handler = ngx_slack_http_form;
        ctx->form->data = ctx;

        return NGX_OK;
    }

    return NGX_DECLINED;
}


/*
 * Refuses a compressed body: no sender compresses webhooks by default, and
 * inflating data of unknown origin is a risk.  NGX_OK; NGX_DONE: the result is
 * in the context; NGX_ERROR: no memory.
 */

static ngx_int_t
ngx_slack_http_encoding(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    u_char     *p;
    size_t      len;
    ngx_str_t   value;
    ngx_uint_t  n;

    static ngx_str_t  name = ngx_string("content-encoding");

    n = ngx_slack_http_header(r, &name, &value);

    if (n == 0
        || (n == 1
            && (value.len == 0
                || (value.len == sizeof("identity") - 1
                    && ngx_strncasecmp(value.data, (u_char *) "identity",
                                       value.len)
                       == 0))))
    {
        return NGX_OK;
    }

    len = ngx_min(value.len, NGX_SLACK_ENCODING_MAX);

    p = ngx_pnalloc(r->pool, sizeof("Content-Encoding \"\" is not read") - 1
                             + NGX_SLACK_ENCODING_MAX);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ctx->code = NGX_HTTP_UNSUPPORTED_MEDIA_TYPE;
    ctx->status = NGX_SLACK_RESULT_REJECTED;
    ctx->reason.data = p;
    ctx->reason.len = ngx_sprintf(p, "Content-Encoding \"%*s\" is not read",
                                  len, value.data)
                      - p;

    if (ctx->tap && ngx_slack_log_allowed(NGX_SLACK_RARE_ENCODED, 0)) {
        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                      "slack notify: an event is forwarded to the upstream "
                      "unread, because its body is compressed or otherwise "
                      "encoded; let the sender post without Content-Encoding");
    }

    return NGX_DONE;
}


static ngx_int_t
ngx_slack_http_form(void *data, u_char *piece, size_t len)
{
    ngx_slack_http_ctx_t  *ctx = data;

    if (ctx->proof && ctx->proof->payload) {
        ngx_slack_http_auth_feed(ctx, piece, len);
    }

    /* ngx_slack_json_finish() reports errors */

    if (ctx->json) {
        (void) ngx_slack_json_parse(ctx->json, piece, len);
    }

    return NGX_OK;
}
