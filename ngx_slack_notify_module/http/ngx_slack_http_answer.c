
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Sends the answer to the sender, one JSON object.  Runs in the event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_json_writer.h>


/* appends "before", the string, and its closing quote */

#define ngx_slack_http_answer_member(p, before, s)                            \
    ngx_cpymem(ngx_cpymem(ngx_cpymem(p, before, sizeof(before) - 1),          \
                          (s)->data, (s)->len),                               \
               "\"", 1)


/*
 * Seconds.  A full disk may last longer, but a sender that retries should come
 * back soon.
 */
#define NGX_SLACK_RETRY_AFTER  "30"


static ngx_int_t ngx_slack_http_answer_body(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *body);
static ngx_uint_t ngx_slack_http_error_page(ngx_http_request_t *r,
    ngx_uint_t code);


ngx_int_t
ngx_slack_http_answer(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_str_t   body;
    ngx_uint_t  first;

    static ngx_str_t  type = ngx_string("application/json");

    first = (ctx->state == NGX_SLACK_STATE_ANSWER);

    ctx->state = NGX_SLACK_STATE_ANSWERED;

    if (first && ctx->code == NGX_HTTP_NOT_ALLOWED
        && ngx_slack_http_answer_header(r, "Allow", "POST") != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (first && ctx->code == NGX_HTTP_SERVICE_UNAVAILABLE
        && ngx_slack_http_answer_header(r, "Retry-After",
                                        NGX_SLACK_RETRY_AFTER)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /*
     * An error_page of the operator for this code takes precedence over our
     * object, unless this location is that page.
     */

    if (first && !r->error_page && ngx_slack_http_error_page(r, ctx->code)) {
        return (ngx_int_t) ctx->code;
    }

    if (ngx_slack_http_answer_body(r, ctx, &body) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_http_send(r, ctx->code, &type, &body);
}


ngx_int_t
ngx_slack_http_send(ngx_http_request_t *r, ngx_uint_t code, ngx_str_t *type,
    ngx_str_t *body)
{
    ngx_int_t    rc;
    ngx_buf_t   *b;
    ngx_chain_t  out;

    r->headers_out.status = code;
    r->headers_out.content_length_n = (off_t) body->len;
    r->headers_out.content_type = *type;
    r->headers_out.content_type_len = type->len;
    r->headers_out.content_type_lowcase = NULL;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = body->data;
    b->last = body->data + body->len;
    b->memory = body->len ? 1 : 0;
    b->last_buf = 1;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


/*
 * The names of results, events and filters are the module's own and need no
 * escaping.  Any other reason may quote the sender.
 */

static ngx_int_t
ngx_slack_http_answer_body(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_str_t *body)
{
    u_char                  *p, buf[512], piece[128];
    ngx_slack_text_t         text;
    ngx_slack_json_writer_t  w;

    ngx_slack_text_init(&text, r->pool, buf, sizeof(buf),
                        NGX_SLACK_TEXT_NO_LIMIT);

    p = ngx_slack_http_answer_member(piece, "{\"status\":\"",
                                     &ngx_slack_http_results[ctx->status]);

    if (ctx->status == NGX_SLACK_RESULT_FILTERED) {
        p = ngx_slack_http_answer_member(p, ",\"reason\":\"", &ctx->reason);

    } else if (ctx->reason.len) {
        p = ngx_cpymem(p, ",\"reason\":", sizeof(",\"reason\":") - 1);
        ngx_slack_text_append(&text, piece, p - piece);

        ngx_slack_json_writer_init(&w, &text);
        ngx_slack_json_writer_shown(&w, &ctx->reason);

        if (ngx_slack_json_writer_done(&w) != NGX_OK) {
            return NGX_ERROR;
        }

        p = piece;
    }

    if (ctx->event && ctx->event->kind) {
        p = ngx_slack_http_answer_member(p, ",\"event\":\"",
                                      &ngx_slack_kinds[ctx->event->kind].name);
    }

    ngx_slack_text_append(&text, piece, p - piece);
    p = piece;

    if (ctx->status == NGX_SLACK_RESULT_QUEUED) {
        p = ngx_sprintf(p, ",\"messages\":%ui", ctx->messages);
    }

    if (ctx->status == NGX_SLACK_RESULT_QUEUED
        || ctx->status == NGX_SLACK_RESULT_DUPLICATE)
    {
        p = ngx_sprintf(p, ",\"id\":%L", ctx->entry->id);
    }

    p = ngx_cpymem(p, "}\n", sizeof("}\n") - 1);
    ngx_slack_text_append(&text, piece, p - piece);

    return ngx_slack_text_copy(&text, r->pool, body);
}


ngx_int_t
ngx_slack_http_answer_header(ngx_http_request_t *r, const char *name,
    const char *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif
    h->key.data = (u_char *) name;
    h->key.len = ngx_strlen(name);
    h->value.data = (u_char *) value;
    h->value.len = ngx_strlen(value);

    return NGX_OK;
}


static ngx_uint_t
ngx_slack_http_error_page(ngx_http_request_t *r, ngx_uint_t code)
{
    ngx_uint_t                 i;
    ngx_http_err_page_t       *page;
    ngx_http_core_loc_conf_t  *clcf;

    if (code < NGX_HTTP_SPECIAL_RESPONSE) {
        return 0;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (clcf->error_pages == NULL) {
        return 0;
    }

    page = clcf->error_pages->elts;

    for (i = 0; i < clcf->error_pages->nelts; i++) {
        if (page[i].status == (ngx_int_t) code) {
            return 1;
        }
    }

    return 0;
}
