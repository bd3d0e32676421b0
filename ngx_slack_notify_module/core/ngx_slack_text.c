
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Text for Slack: the growing buffer and its limit.  Knows neither events nor
 * JSON.  Runs in any thread if the text has no pool.
 *
 * Code points are counted only when a text comes near its limit in bytes.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_text.h>
#include <ngx_slack_text_private.h>


void
ngx_slack_text_init(ngx_slack_text_t *text, ngx_pool_t *pool, u_char *buf,
    size_t size, size_t limit)
{
    text->start = buf;
    text->size = buf ? size : 0;
    text->pool = pool;
    text->heap = 0;
    text->plain = 0;
    text->guard = 0;
    text->strong = 0;
    text->failed = 0;

    ngx_slack_text_reset(text, limit);
}


void
ngx_slack_text_receiver(ngx_slack_text_t *text,
    const ngx_slack_receiver_t *receiver)
{
    text->guard = receiver->guard;
    text->strong = receiver->strong;
}


void
ngx_slack_text_reset(ngx_slack_text_t *text, size_t limit)
{
    text->len = 0;
    text->limit = limit ? limit - 1 : NGX_MAX_SIZE_T_VALUE;
    text->counted = 0;
    text->chars = 0;
    text->full = text->failed;
}


void
ngx_slack_text_done(ngx_slack_text_t *text)
{
    if (text->heap) {
        free(text->start);
        text->heap = 0;
    }

    text->start = NULL;
    text->len = 0;
    text->size = 0;
}


ngx_int_t
ngx_slack_text_copy(ngx_slack_text_t *text, ngx_pool_t *pool, ngx_str_t *copy)
{
    if (text->failed) {
        return NGX_ERROR;
    }

    copy->data = ngx_pnalloc(pool, text->len);
    if (copy->data == NULL) {
        return NGX_ERROR;
    }

    copy->len = text->len;

    if (text->len) {
        ngx_memcpy(copy->data, text->start, text->len);
    }

    return NGX_OK;
}


ngx_int_t
ngx_slack_text_reserve(ngx_slack_text_t *text, size_t n)
{
    u_char  *p;
    size_t   size;

    if (n <= text->size - text->len) {
        return NGX_OK;
    }

    if (text->failed) {
        return NGX_ERROR;
    }

    size = 2 * text->size;

    if (size < text->len + n) {
        size = text->len + n;
    }

    if (size < 256) {
        size = 256;
    }

    if (text->pool) {
        p = ngx_pnalloc(text->pool, size);

    } else if (text->heap) {
        p = realloc(text->start, size);

    } else {
        p = malloc(size);
    }

    if (p == NULL) {
        text->failed = 1;
        text->full = 1;
        return NGX_ERROR;
    }

    if (!text->heap && text->len) {
        ngx_memcpy(p, text->start, text->len);
    }

    text->start = p;
    text->size = size;
    text->heap = (text->pool == NULL);

    return NGX_OK;
}


void
ngx_slack_text_append(ngx_slack_text_t *text, u_char *data, size_t len)
{
    if (len > text->size - text->len
        && ngx_slack_text_reserve(text, len) != NGX_OK)
    {
        return;
    }

    if (len) {
        ngx_memcpy(text->start + text->len, data, len);
        text->len += len;
    }
}


size_t
ngx_slack_text_left(ngx_slack_text_t *text, size_t enough)
{
    size_t  n;

    if (text->len <= text->limit && enough <= text->limit - text->len) {
        return enough;
    }

    n = ngx_slack_text_chars(text);

    return n < text->limit ? text->limit - n : 0;
}


size_t
ngx_slack_text_chars(ngx_slack_text_t *text)
{
    size_t  n;

    for (n = text->counted; n < text->len; n++) {
        text->chars += ((text->start[n] & 0xc0) != 0x80);
    }

    text->counted = text->len;

    return text->chars;
}


size_t
ngx_slack_text_prefix(u_char *data, size_t len, size_t max)
{
    u_char  *p, *last;

    if (len <= max) {
        return len;
    }

    last = data + len;

    for (p = data; p < last; p++) {

        if ((*p & 0xc0) == 0x80) {
            continue;
        }

        if (max-- == 0) {
            break;
        }
    }

    return p - data;
}


void
ngx_slack_text_end(ngx_slack_text_t *text)
{
    ngx_slack_text_append(text, (u_char *) NGX_SLACK_TEXT_ELLIPSIS,
                          sizeof(NGX_SLACK_TEXT_ELLIPSIS) - 1);
    text->full = 1;
}


void
ngx_slack_text_run(ngx_slack_text_t *text, u_char *p, size_t n)
{
    size_t  fit;

    if (ngx_slack_text_quick(text, p, n) == NGX_OK || text->full) {
        return;
    }

    fit = ngx_slack_text_prefix(p, n, ngx_slack_text_left(text, n));

    ngx_slack_text_append(text, p, fit);

    if (fit < n) {
        ngx_slack_text_end(text);
    }
}


void
ngx_slack_text_raw(ngx_slack_text_t *text, u_char *data, size_t len)
{
    size_t  left;

    if (ngx_slack_text_quick(text, data, len) == NGX_OK || text->full) {
        return;
    }

    left = ngx_slack_text_left(text, len);

    if (left < len && ngx_slack_text_prefix(data, len, left) < len) {
        ngx_slack_text_end(text);
        return;
    }

    ngx_slack_text_append(text, data, len);
}


/*
 * E2 80 A8..A9 are the line and paragraph separators, E2 80 AA..AE and E2 81
 * A6..A9 reorder text, EF BB BF is a byte order mark.
 */

ngx_uint_t
ngx_slack_text_wide(u_char *p, u_char *last)
{
    if (last - p < 3) {
        return COPY;
    }

    if (p[0] == 0xef) {
        return (p[1] == 0xbb && p[2] == 0xbf) ? DROP : COPY;
    }

    if (p[1] == 0x80) {
        return (p[2] < 0xa8 || p[2] > 0xae) ? COPY
               : (p[2] < 0xaa) ? SPACE : DROP;
    }

    return (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9) ? DROP : COPY;
}


void
ngx_slack_text_verbatim(ngx_slack_text_t *text, ngx_str_t *s, size_t max)
{
    size_t  n;

    if (s->len == 0) {
        return;
    }

    n = ngx_slack_text_prefix(s->data, s->len, max);

    if (n < s->len) {
        n = ngx_slack_text_prefix(s->data, n, max - 1);
    }

    ngx_slack_text_run(text, s->data, n);

    if (n < s->len) {
        ngx_slack_text_lit(text, NGX_SLACK_TEXT_ELLIPSIS);
    }
}


void
ngx_slack_text_number(ngx_slack_text_t *text, ngx_uint_t n)
{
    u_char  *p, buf[NGX_INT_T_LEN];

    p = buf + NGX_INT_T_LEN;

    do {
        *--p = (u_char) (n % 10 + '0');
        n /= 10;
    } while (n);

    ngx_slack_text_raw(text, p, buf + NGX_INT_T_LEN - p);
}


void
ngx_slack_text_rollback(ngx_slack_text_t *text, size_t len)
{
    text->len = len;
    text->full = text->failed;

    if (text->counted > len) {
        text->counted = 0;
        text->chars = 0;
    }
}


ngx_str_t
ngx_slack_text_first_line(ngx_str_t *s)
{
    u_char     *p, *last;
    ngx_str_t   line;

    if (s->len == 0) {
        return *s;
    }

    p = s->data;
    last = p + s->len;

    while (p < last && *p <= ' ') {
        p++;
    }

    line.data = p;

    if (p < last) {
        p = memchr(p, LF, last - p);

        if (p) {
            last = p;
        }
    }

    while (last > line.data && *(last - 1) <= ' ') {
        last--;
    }

    line.len = last - line.data;

    return line;
}
