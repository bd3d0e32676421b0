
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to core/ngx_slack_text*.c: how values are walked.
 */


#ifndef _NGX_SLACK_TEXT_PRIVATE_H_INCLUDED_
#define _NGX_SLACK_TEXT_PRIVATE_H_INCLUDED_


#include <ngx_slack_text.h>


/* what a byte needs; runs of COPY are copied */

typedef enum {
    COPY = 0,
    AMP,
    LT,
    GT,
    BAR,
    TICK,
    STAR,
    BANG,
    SPACE,
    DROP,
    WIDE
} ngx_slack_text_class_e;


#define X8(x)   x, x, x, x, x, x, x, x
#define X16(x)  X8(x), X8(x)
#define X64(x)  X16(x), X16(x), X16(x), X16(x)


/* U+2028 and the bidi controls begin with E2, U+FEFF with EF */

#define NGX_SLACK_TEXT_HIGH                                                   \
    X64(COPY), X16(COPY), X16(COPY),                                          \
    COPY, COPY, WIDE, COPY, COPY, COPY, COPY, COPY,                           \
    COPY, COPY, COPY, COPY, COPY, COPY, COPY, WIDE,                           \
    X16(COPY)


#define NGX_SLACK_TEXT_IN_LINK   1
#define NGX_SLACK_TEXT_IN_BOLD   2


#define NGX_SLACK_TEXT_ELLIPSIS     "\xe2\x80\xa6"     /* U+2026 */


/* the end of a run of COPY */

static ngx_inline u_char *
ngx_slack_text_skip(u_char *p, u_char *last, const u_char *class)
{
    while (last - p >= 4
           && (class[p[0]] | class[p[1]] | class[p[2]] | class[p[3]]) == COPY)
    {
        p += 4;
    }

    while (p < last && class[*p] == COPY) {
        p++;
    }

    return p;
}


/* usually bytes fit, and there is room: NGX_OK, they are copied */

static ngx_inline ngx_int_t
ngx_slack_text_quick(ngx_slack_text_t *text, u_char *p, size_t n)
{
    if (text->full
        || text->len + n > text->limit || n >= text->size - text->len)
    {
        return NGX_DECLINED;
    }

    ngx_memcpy(text->start + text->len, p, n);
    text->len += n;

    return NGX_OK;
}


/*
 * how many code points still fit; no more than "enough" are looked for, since
 * bytes are never fewer than code points
 */

size_t ngx_slack_text_left(ngx_slack_text_t *text, size_t enough);


/* copies as many code points as fit */

void ngx_slack_text_run(ngx_slack_text_t *text, u_char *p, size_t n);


/* an ellipsis, for which the limit leaves room; the text is full */

void ngx_slack_text_end(ngx_slack_text_t *text);


/*
 * the class of the character at p that begins with a byte of class WIDE:
 * COPY, SPACE or DROP
 */

ngx_uint_t ngx_slack_text_wide(u_char *p, u_char *last);


/* a label; flags are NGX_SLACK_TEXT_IN_... */

void ngx_slack_text_value(ngx_slack_text_t *text, ngx_str_t *label,
    size_t max, ngx_uint_t flags);


/* whether it is an http or https URL */

ngx_uint_t ngx_slack_text_linkable(ngx_str_t *url);


/*
 * the http or https URL percent-encoded, with "&" as an entity if amp is set;
 * NGX_DECLINED and nothing written if it is too long
 */

ngx_int_t ngx_slack_text_encode(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_uint_t amp);


#endif /* _NGX_SLACK_TEXT_PRIVATE_H_INCLUDED_ */
