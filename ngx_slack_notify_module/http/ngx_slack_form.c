
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Decodes form fields (see the header).  If the name occurs twice, the first
 * field is used; a malformed escape is kept as it is.  Has no side effects;
 * runs in any thread.
 */


#include <ngx_slack_form.h>


#define NGX_SLACK_FORM_PIECE  1024


enum {
    NGX_SLACK_FORM_NAME = 0,
    NGX_SLACK_FORM_OTHER,        /* another field: skip to '&' */
    NGX_SLACK_FORM_VALUE,
    NGX_SLACK_FORM_HEX1,         /* after '%' */
    NGX_SLACK_FORM_HEX2,
    NGX_SLACK_FORM_DONE
};


static ngx_str_t  ngx_slack_form_payload = ngx_string("payload");


static ngx_int_t ngx_slack_form_hex(u_char ch);


ngx_int_t
ngx_slack_form_feed(ngx_slack_form_t *form, u_char *data, size_t len)
{
    u_char     *last, *p, *end, ch, piece[NGX_SLACK_FORM_PIECE];
    ngx_int_t   rc, hex;
    ngx_str_t  *name;

    name = form->name ? form->name : &ngx_slack_form_payload;

    p = piece;
    end = piece + NGX_SLACK_FORM_PIECE - 3;
    last = data + len;

    while (data < last) {

        ch = *data++;

        switch (form->state) {

        case NGX_SLACK_FORM_NAME:

            if (ch == '=' && form->matched == name->len) {
                form->state = NGX_SLACK_FORM_VALUE;
                form->found = 1;

            } else if (ch == '&') {
                form->matched = 0;

            } else if (form->matched < name->len
                       && ch == name->data[form->matched])
            {
                form->matched++;

            } else {
                form->state = NGX_SLACK_FORM_OTHER;
            }

            break;

        case NGX_SLACK_FORM_OTHER:

            if (ch == '&') {
                form->state = NGX_SLACK_FORM_NAME;
                form->matched = 0;
            }

            break;

        case NGX_SLACK_FORM_VALUE:

            if (ch == '&') {
                form->state = NGX_SLACK_FORM_DONE;

            } else if (ch == '%') {
                form->state = NGX_SLACK_FORM_HEX1;

            } else {
                *p++ = (ch == '+') ? ' ' : ch;
            }

            break;

        case NGX_SLACK_FORM_HEX1:

            if (ngx_slack_form_hex(ch) == NGX_ERROR) {
                *p++ = '%';
                form->state = NGX_SLACK_FORM_VALUE;
                data--;
                break;
            }

            form->hex = ch;
            form->state = NGX_SLACK_FORM_HEX2;
            break;

        case NGX_SLACK_FORM_HEX2:

            hex = ngx_slack_form_hex(ch);
            form->state = NGX_SLACK_FORM_VALUE;

            if (hex == NGX_ERROR) {
                *p++ = '%';
                *p++ = form->hex;
                data--;
                break;
            }

            *p++ = (u_char) (ngx_slack_form_hex(form->hex) * 16 + hex);
            break;

        default: /* NGX_SLACK_FORM_DONE */
            data = last;
            break;
        }

        if (p > end) {
            rc = form->handler(form->data, piece, p - piece);
            if (rc != NGX_OK) {
                return rc;
            }

            p = piece;
        }
    }

    if (p > piece) {
        return form->handler(form->data, piece, p - piece);
    }

    return NGX_OK;
}


ngx_int_t
ngx_slack_form_end(ngx_slack_form_t *form)
{
    size_t  len;
    u_char  piece[2];

    piece[0] = '%';
    piece[1] = form->hex;

    switch (form->state) {

    case NGX_SLACK_FORM_HEX1:
        len = 1;
        break;

    case NGX_SLACK_FORM_HEX2:
        len = 2;
        break;

    default:
        return NGX_OK;
    }

    form->state = NGX_SLACK_FORM_DONE;

    return form->handler(form->data, piece, len);
}


static ngx_int_t
ngx_slack_form_hex(u_char ch)
{
    if (ch >= '0' && ch <= '9') {
        return ch - '0';
    }

    ch = ngx_tolower(ch);

    if (ch >= 'a' && ch <= 'f') {
        return ch - 'a' + 10;
    }

    return NGX_ERROR;
}
