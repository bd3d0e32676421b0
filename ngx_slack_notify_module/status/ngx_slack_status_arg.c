
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Arguments of a request to slack_status, decoded.  Runs in the event loop.
 */


#include <ngx_slack_status.h>
#include <ngx_slack_form.h>


static ngx_int_t ngx_slack_status_arg_piece(void *data, u_char *piece,
    size_t len);


ngx_int_t
ngx_slack_status_arg(ngx_http_request_t *r, const char *name, ngx_str_t *value)
{
    ngx_str_t         field;
    ngx_slack_form_t  form;

    /* decoding does not make it longer */

    value->len = 0;
    value->data = ngx_pnalloc(r->pool, r->args.len + 1);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    field.data = (u_char *) name;
    field.len = ngx_strlen(name);

    ngx_memzero(&form, sizeof(ngx_slack_form_t));

    form.handler = ngx_slack_status_arg_piece;
    form.data = value;
    form.name = &field;

    if (ngx_slack_form_feed(&form, r->args.data, r->args.len) != NGX_OK
        || ngx_slack_form_end(&form) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return form.found ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_slack_status_arg_piece(void *data, u_char *piece, size_t len)
{
    ngx_str_t  *value = data;

    ngx_memcpy(value->data + value->len, piece, len);
    value->len += len;

    return NGX_OK;
}
