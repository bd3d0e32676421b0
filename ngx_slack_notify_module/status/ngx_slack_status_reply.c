
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Sends the answers of slack_status.  Runs in the event loop.
 */


#include <ngx_slack_status.h>
#include <ngx_slack_json_writer.h>


#define NGX_SLACK_STATUS_ERROR_MAX  512


/*
 * The page loads nothing from other sites, and its script may only call this
 * location.  The script sets the colours of a message's bar, which this policy
 * allows.
 */

static const char  ngx_slack_status_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";


ngx_int_t
ngx_slack_status_send(ngx_http_request_t *r, ngx_uint_t code,
    ngx_str_t *type, ngx_str_t *body)
{
    if (ngx_slack_http_answer_header(r, "Cache-Control", "no-store") != NGX_OK
        || ngx_slack_http_answer_header(r, "X-Content-Type-Options", "nosniff")
           != NGX_OK
        || ngx_slack_http_answer_header(r, "Referrer-Policy", "no-referrer")
           != NGX_OK
        || ngx_slack_http_answer_header(r, "Content-Security-Policy",
                                        ngx_slack_status_policy)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_http_send(r, code, type, body);
}


ngx_int_t
ngx_slack_status_send_json(ngx_http_request_t *r, ngx_uint_t code,
    ngx_slack_text_t *text)
{
    ngx_str_t  type, body;

    ngx_slack_text_append(text, (u_char *) "\n", 1);

    if (text->failed) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_str_set(&type, "application/json");

    body.data = text->start;
    body.len = text->len;

    return ngx_slack_status_send(r, code, &type, &body);
}


ngx_int_t
ngx_slack_status_error(ngx_http_request_t *r, ngx_uint_t code,
    const char *fmt, ...)
{
    u_char                  *p;
    va_list                  args;
    ngx_str_t                error;
    ngx_slack_text_t         text;
    ngx_slack_json_writer_t  w;

    p = ngx_pnalloc(r->pool, NGX_SLACK_STATUS_ERROR_MAX);
    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    va_start(args, fmt);
    error.len = ngx_vslprintf(p, p + NGX_SLACK_STATUS_ERROR_MAX, fmt, args)
                - p;
    va_end(args);

    error.data = p;

    ngx_slack_text_init(&text, r->pool, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);

    ngx_slack_json_writer_init(&w, &text);
    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_lit(&w, "error");
    ngx_slack_json_writer_shown(&w, &error);
    ngx_slack_json_writer_object_end(&w);

    if (ngx_slack_json_writer_done(&w) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_send_json(r, code, &text);
}
