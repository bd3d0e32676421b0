
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Makes text from outside valid UTF-8 without control characters.  Runs in any
 * thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_text.h>
#include <ngx_slack_text_private.h>


static u_char *ngx_slack_text_sequence(u_char *p, u_char *last,
    ngx_uint_t *class);


static u_char  ngx_slack_text_replacement[] = "\xef\xbf\xbd";  /* U+FFFD */


/* classes of bytes: DROP is dropped, WIDE is checked */

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
 * Returns the end of the sequence at p, which is not ASCII.  The class is
 * COPY, DROP for a control character, or WIDE if the sequence is malformed.
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

    /* Noncharacters are well formed, but strict decoders refuse them. */

    if ((code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code < 0xfdf0)) {
        return p;
    }

    *class = (code < 0xa0) ? DROP : COPY;

    return p;
}
