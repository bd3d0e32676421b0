
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Text from outside made valid UTF-8 without control characters; and made fit
 * to be shown to operators and senders: in answers, on the page, in metrics
 * and in the log.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_text.h>
#include <ngx_slack_text_private.h>


static u_char *ngx_slack_text_sequence(u_char *p, u_char *last,
    ngx_uint_t *class);
static u_char *ngx_slack_text_mark(u_char *p, u_char *last,
    ngx_uint_t *line);


static u_char  ngx_slack_text_replacement[] = "\xef\xbf\xbd";  /* U+FFFD */


/* bytes of any string: DROP is dropped, WIDE is checked */

static u_char  ngx_slack_text_in_string[256] = {

    X8(DROP),
    DROP, COPY, COPY, DROP, DROP, DROP, DROP, DROP,
    X16(DROP),

    X64(COPY),

    X16(COPY),
    X8(COPY),
    COPY, COPY, COPY, COPY, COPY, COPY, COPY, DROP,

    X64(WIDE),
    X64(WIDE)
};


size_t
ngx_slack_text_scrub(u_char *dst, u_char *src, size_t len)
{
    u_char      *p, *last, *next, *start;
    ngx_uint_t   class;

    if (len == 0) {
        return 0;
    }

    p = src;
    last = src + len;
    start = dst;

    for ( ;; ) {

        p = ngx_slack_text_skip(p, last, ngx_slack_text_in_string);

        next = last;
        class = COPY;

        if (p < last) {
            class = ngx_slack_text_in_string[*p];
            next = p + 1;

            if (class == WIDE) {
                next = ngx_slack_text_sequence(p, last, &class);

                if (class == COPY) {
                    p = next;
                    continue;
                }
            }
        }

        dst = ngx_cpymem(dst, src, p - src);

        if (p == last) {
            return dst - start;
        }

        if (class == WIDE) {
            dst = ngx_cpymem(dst, ngx_slack_text_replacement, 3);
        }

        p = next;
        src = next;
    }
}


/*
 * the end of the sequence at p, which is not ASCII; the class is COPY, DROP
 * for a control character, WIDE for one that is malformed
 */

static u_char *
ngx_slack_text_sequence(u_char *p, u_char *last, ngx_uint_t *class)
{
    uint32_t    code, min;
    ngx_uint_t  n;

    *class = WIDE;

    code = *p++;

    if (code < 0xc0 || code >= 0xf8) {
        return p;
    }

    if (code < 0xe0) {
        n = 1;
        min = 0x80;

    } else if (code < 0xf0) {
        n = 2;
        min = 0x800;

    } else {
        n = 3;
        min = 0x10000;
    }

    code &= 0x3f >> n;

    while (n--) {

        if (p == last || (*p & 0xc0) != 0x80) {
            return p;
        }

        code = (code << 6) | (*p++ & 0x3f);
    }

    if (code < min || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        return p;
    }

    /* noncharacters: well formed, but strict decoders refuse them */

    if ((code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code < 0xfdf0)) {
        return p;
    }

    *class = (code < 0xa0) ? DROP : COPY;

    return p;
}


size_t
ngx_slack_text_shown(u_char *dst, ngx_str_t *value)
{
    size_t       n;
    u_char      *p, *last, *next;
    ngx_uint_t   i, line;

    n = value->len;

    if (n > NGX_SLACK_TEXT_PIECE) {

        /* a piece does not end within a character, unless that is broken */

        n = NGX_SLACK_TEXT_PIECE;

        for (i = 0; i < 3 && (value->data[n] & 0xc0) == 0x80; i++) {
            n--;
        }
    }

    last = dst + ngx_slack_text_scrub(dst, value->data, n);

    if (n) {
        value->data += n;
        value->len -= n;
    }

    /* what is left is in one line */

    n = 0;

    for (p = dst; p < last; p = next) {

        next = p + 1;

        if (*p == LF || *p == '\t') {
            dst[n++] = ' ';
            continue;
        }

        if (*p >= 0x80) {
            next = ngx_slack_text_mark(p, last, &line);

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
 * The end of the character at p if it breaks lines ("line" is set), if it
 * reorders text (U+061C, U+200E, U+200F, U+202A..U+202E, U+2066..U+2069), or
 * if it is U+FEFF; else p.  The text is UTF-8.
 */

static u_char *
ngx_slack_text_mark(u_char *p, u_char *last, ngx_uint_t *line)
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
