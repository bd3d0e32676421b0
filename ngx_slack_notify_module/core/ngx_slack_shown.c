
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Makes text from outside fit to be shown to operators and senders.  Runs in
 * any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_shown.h>
#include <ngx_slack_text.h>


static u_char *ngx_slack_shown_mark(u_char *p, u_char *last,
    ngx_uint_t *line);


size_t
ngx_slack_shown(u_char *dst, ngx_str_t *value)
{
    size_t       n;
    u_char      *p, *last, *next;
    ngx_uint_t   i, line;

    n = value->len;

    if (n > NGX_SLACK_SHOWN_PIECE) {

        /* do not cut within a character, unless that is malformed */

        n = NGX_SLACK_SHOWN_PIECE;

        for (i = 0; i < 3 && (value->data[n] & 0xc0) == 0x80; i++) {
            n--;
        }
    }

    last = dst + ngx_slack_text_scrub(dst, value->data, n);

    if (n) {
        value->data += n;
        value->len -= n;
    }

    /* put all on one line */

    n = 0;

    for (p = dst; p < last; p = next) {

        next = p + 1;

        if (*p == LF || *p == '\t') {
            dst[n++] = ' ';
            continue;
        }

        if (*p >= 0x80) {
            next = ngx_slack_shown_mark(p, last, &line);

            if (next != p) {

                if (line) {
                    dst[n++] = ' ';
                }

                continue;
            }

            next = p + 1;
        }

        dst[n++] = *p;
    }

    return n;
}


/*
 * Returns the end of the character at p if it has to be replaced or dropped,
 * else p.  That is a character that breaks lines ("line" is set then), that
 * reorders text (U+061C, U+200E, U+200F, U+202A..U+202E, U+2066..U+2069), or
 * U+FEFF.  The text is valid UTF-8.
 */

static u_char *
ngx_slack_shown_mark(u_char *p, u_char *last, ngx_uint_t *line)
{
    *line = 0;

    if (last - p >= 2 && p[0] == 0xd8 && p[1] == 0x9c) {
        return p + 2;
    }

    if (last - p < 3) {
        return p;
    }

    if (p[0] == 0xef) {
        return (p[1] == 0xbb && p[2] == 0xbf) ? p + 3 : p;
    }

    if (p[0] != 0xe2) {
        return p;
    }

    if (p[1] == 0x80) {

        if (p[2] == 0xa8 || p[2] == 0xa9) {
            *line = 1;
            return p + 3;
        }

        return ((p[2] >= 0xaa && p[2] <= 0xae) || p[2] == 0x8e
                || p[2] == 0x8f) ? p + 3 : p;
    }

    return (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9) ? p + 3 : p;
}


size_t
ngx_slack_shown_ascii(char *dst, size_t size, ngx_str_t *src)
{
    char    c;
    size_t  i, n;

    n = 0;

    for (i = 0; i < src->len && n + 1 < size; i++) {

        c = (char) src->data[i];

        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            c = ' ';

        } else if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
            c = (c == '"') ? '\'' : '?';
        }

        if ((c == ' ' || c == '?') && n > 0 && dst[n - 1] == c) {
            continue;
        }

        dst[n++] = c;
    }

    if (size) {
        dst[n] = '\0';
    }

    return n;
}
