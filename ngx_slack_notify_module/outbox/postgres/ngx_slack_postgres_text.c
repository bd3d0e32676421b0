
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Writes SQL, with values that nobody vouches for: in no literal is a quote or
 * a backslash that is not ours.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_postgres.h>


static char *ngx_slack_postgres_room(ngx_slack_postgres_text_t *text,
    size_t len);
static size_t ngx_slack_postgres_utf8(u_char *p, u_char *last);


static char *
ngx_slack_postgres_room(ngx_slack_postgres_text_t *text, size_t len)
{
    char    *data;
    size_t   size;

    if (text->failed) {
        return NULL;
    }

    if (text->size - text->len > len) {
        return text->data + text->len;
    }

    size = ngx_max(2 * text->size, text->len + len + 1);
    size = ngx_max(size, 8192);

    data = realloc(text->data, size);

    if (data == NULL) {
        text->failed = 1;
        return NULL;
    }

    text->data = data;
    text->size = size;

    return data + text->len;
}


void
ngx_slack_postgres_put(ngx_slack_postgres_text_t *text, const char *sql)
{
    char    *p;
    size_t   len;

    len = ngx_strlen(sql);
    p = ngx_slack_postgres_room(text, len);

    if (p != NULL) {
        ngx_memcpy(p, sql, len + 1);
        text->len += len;
    }
}


void
ngx_slack_postgres_int(ngx_slack_postgres_text_t *text, int64_t n)
{
    u_char  *last, buf[NGX_INT64_LEN + 1];

    last = ngx_sprintf(buf, "%L", n);
    *last = '\0';

    ngx_slack_postgres_put(text, (char *) buf);
}


void
ngx_slack_postgres_digits(ngx_slack_postgres_text_t *text, ngx_str_t *value)
{
    char  *p;

    p = ngx_slack_postgres_room(text, 2 * value->len);

    if (p == NULL) {
        return;
    }

    p = (char *) ngx_hex_dump((u_char *) p, value->data, value->len);
    *p = '\0';

    text->len += 2 * value->len;
}


void
ngx_slack_postgres_hex(ngx_slack_postgres_text_t *text, ngx_str_t *value)
{
    ngx_slack_postgres_put(text, "\"");
    ngx_slack_postgres_digits(text, value);
    ngx_slack_postgres_put(text, "\"");
}


/* the length of a character; 0: it is none, or one that a text cannot have */

static size_t
ngx_slack_postgres_utf8(u_char *p, u_char *last)
{
    size_t    i, len;
    uint32_t  c;

    if (*p < 0x80) {
        return *p ? 1 : 0;
    }

    len = (*p >= 0xf0) ? 4 : (*p >= 0xe0) ? 3 : 2;
    c = *p & (0xff >> (len + 1));

    if (*p < 0xc2 || *p > 0xf4 || (size_t) (last - p) < len) {
        return 0;
    }

    for (i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }

        c = (c << 6) | (p[i] & 0x3f);
    }

    if ((len == 3 && (c < 0x800 || (c >= 0xd800 && c <= 0xdfff)))
        || (len == 4 && (c < 0x10000 || c > 0x10ffff)))
    {
        return 0;
    }

    return len;
}


void
ngx_slack_postgres_literal(ngx_slack_postgres_text_t *text, ngx_str_t *value)
{
    char    *start, *to;
    size_t   len;
    u_char  *p, *last;

    start = ngx_slack_postgres_room(text, 2 * value->len + 2);

    if (start == NULL) {
        return;
    }

    to = start;
    p = value->data;
    last = p + value->len;

    *to++ = '\'';

    while (p < last) {
        len = ngx_slack_postgres_utf8(p, last);

        if (len == 0) {
            *to++ = '?';
            p++;
            continue;
        }

        if (*p == '\'') {
            *to++ = '\'';
        }

        to = (char *) ngx_cpymem(to, p, len);
        p += len;
    }

    *to++ = '\'';
    *to = '\0';

    text->len += to - start;
}


void
ngx_slack_postgres_string(ngx_slack_postgres_text_t *text, ngx_str_t *value)
{
    char    *start, *to;
    size_t   len;
    u_char  *p, *last;

    start = ngx_slack_postgres_room(text, 6 * value->len + 2);

    if (start == NULL) {
        return;
    }

    to = start;
    p = value->data;
    last = p + value->len;

    *to++ = '"';

    while (p < last) {
        len = ngx_slack_postgres_utf8(p, last);

        if (len == 0) {
            *to++ = '?';
            p++;

        } else if (*p < 0x20 || *p == '"' || *p == '\\' || *p == '\'') {
            to = (char *) ngx_sprintf((u_char *) to, "\\u%04xd",
                                      (ngx_uint_t) *p);
            p++;

        } else {
            to = (char *) ngx_cpymem(to, p, len);
            p += len;
        }
    }

    *to++ = '"';
    *to = '\0';

    text->len += to - start;
}
