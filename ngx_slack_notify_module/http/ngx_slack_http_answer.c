
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The answer to the sender: one JSON object.  Runs in the event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_json_writer.h>


/* seconds; senders that retry come back soon, the disk may be full for long */
#define NGX_SLACK_RETRY_AFTER  "30"

/* filters by kinds of events, as many as locations use */
#define NGX_SLACK_ANSWERS      256


/* what was filtered is answered by a filter's name and an event's only */

typedef struct {
    u_char                     *reason;      /* NULL: not needed before */
    ngx_uint_t                  kind;        /* 0: not known */
    ngx_str_t                   body;
} ngx_slack_http_answer_t;


static ngx_int_t ngx_slack_http_answer_body(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *body);
static ngx_int_t ngx_slack_http_answer_json(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *body);
static ngx_uint_t ngx_slack_http_error_page(ngx_http_request_t *r,
    ngx_uint_t code);


static ngx_slack_http_answer_t  ngx_slack_http_answers[NGX_SLACK_ANSWERS];


ngx_int_t
ngx_slack_http_answer(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_int_t    rc;
    ngx_str_t    body;
    ngx_buf_t   *b;
    ngx_uint_t   first;
    ngx_chain_t  out;

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
     * an operator's own page for the code comes before our object, unless we
     * are that page, or core would show its own
     */

    if (first && !r->error_page && ngx_slack_http_error_page(r, ctx->code)) {
        return (ngx_int_t) ctx->code;
    }

    if (ngx_slack_http_answer_body(r, ctx, &body) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->headers_out.status = ctx->code;
    r->headers_out.content_length_n = (off_t) body.len;

    ngx_str_set(&r->headers_out.content_type, "application/json");
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.content_type_lowcase = NULL;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = body.data;
    b->last = body.data + body.len;
    b->memory = 1;
    b->last_buf = 1;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


/*
 * Of what was filtered the reason is the name of a filter, a constant.  What
 * was written stays as long as the process, as requests still send it.
 */

static ngx_int_t
ngx_slack_http_answer_body(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_str_t *body)
{
    u_char                   *p;
    ngx_uint_t                kind;
    ngx_slack_http_answer_t  *answer;

    if (ctx->status != NGX_SLACK_RESULT_FILTERED) {
        return ngx_slack_http_answer_json(r, ctx, body);
    }

    kind = ctx->event ? ctx->event->kind : 0;

    answer = &ngx_slack_http_answers[((uintptr_t) ctx->reason.data / 8
                                      + kind * 31)
                                     % NGX_SLACK_ANSWERS];

    if (answer->reason == ctx->reason.data && answer->kind == kind) {
        *body = answer->body;
        return NGX_OK;
    }

    if (ngx_slack_http_answer_json(r, ctx, body) != NGX_OK) {
        return NGX_ERROR;
    }

    if (answer->reason != NULL) {
        return NGX_OK;
    }

    p = ngx_alloc(body->len, r->connection->log);

    if (p != NULL) {
        ngx_memcpy(p, body->data, body->len);

        answer->reason = ctx->reason.data;
        answer->kind = kind;
        answer->body.data = p;
        answer->body.len = body->len;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_answer_json(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_str_t *body)
{
    u_char                   buf[512];
    ngx_str_t               *status, event;
    ngx_slack_text_t         text;
    ngx_slack_json_writer_t  w;

    status = &ngx_slack_http_results[ctx->status];

    ngx_slack_text_init(&text, r->pool, buf, sizeof(buf),
                        NGX_SLACK_TEXT_NO_LIMIT);

    ngx_slack_json_writer_init(&w, &text);
    ngx_slack_json_writer_object(&w);

    ngx_slack_json_writer_lit(&w, "status");
    ngx_slack_json_writer_string(&w, status->data, status->len);

    if (ctx->reason.len) {
        ngx_slack_json_writer_lit(&w, "reason");
        ngx_slack_json_writer_shown(&w, &ctx->reason);
    }

    if (ctx->event && ctx->event->kind) {
        event = ngx_slack_kinds[ctx->event->kind].name;

        ngx_slack_json_writer_lit(&w, "event");
        ngx_slack_json_writer_string(&w, event.data, event.len);
    }

    if (ctx->status == NGX_SLACK_RESULT_QUEUED) {
        ngx_slack_json_writer_lit(&w, "messages");
        ngx_slack_json_writer_integer(&w, (int64_t) ctx->entry->stored);
    }

    if (ctx->status == NGX_SLACK_RESULT_QUEUED
        || ctx->status == NGX_SLACK_RESULT_DUPLICATE)
    {
        ngx_slack_json_writer_lit(&w, "id");
        ngx_slack_json_writer_integer(&w, ctx->entry->id);
    }

    ngx_slack_json_writer_object_end(&w);

    if (ngx_slack_json_writer_done(&w) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_text_append(&text, (u_char *) "\n", 1);

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
