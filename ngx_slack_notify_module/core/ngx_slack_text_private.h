
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to core/ngx_slack_text*.c and message/ngx_slack_markdown*.c: how
 * values are scanned.  A table gives the class of each byte, and only bytes of
 * other classes than COPY need care.
 */


#ifndef _NGX_SLACK_TEXT_PRIVATE_H_INCLUDED_
#define _NGX_SLACK_TEXT_PRIVATE_H_INCLUDED_


#include <ngx_slack_text.h>


/*
 * The classes of bytes.  COPY is copied, DROP usually dropped, WIDE begins a
 * character of several bytes that must be looked at.  A table that depends on
 * "@" exists twice: [1] is for texts that guard it.
 */

typedef enum {
    COPY = 0,
    AMP,
    LT,
    GT,
    BAR,
    TICK,
    STAR,
    MARK,                                  /* of italics and strikes */
    COLON,
    TILDE,
    LINE,
    BRACKET,
    SLASH,                                 /* backslash */
    BANG,
    AT,
    SPACE,
    DROP,
    WIDE
} ngx_slack_text_class_e;


#define X8(x)   x, x, x, x, x, x, x, x
#define X16(x)  X8(x), X8(x)
#define X64(x)  X16(x), X16(x), X16(x), X16(x)


/*
 * The classes of bytes from 0x80 on.  U+2028 and most bidi controls begin with
 * E2, U+FEFF with EF.
 */

#define NGX_SLACK_TEXT_HIGH                                                   \
    X64(COPY), X16(COPY), X16(COPY),                                          \
    COPY, COPY, WIDE, COPY, COPY, COPY, COPY, COPY,                           \
    COPY, COPY, COPY, COPY, COPY, COPY, COPY, WIDE,                           \
    X16(COPY)


#define NGX_SLACK_TEXT_IN_LINK   1
#define NGX_SLACK_TEXT_IN_BOLD   2
#define NGX_SLACK_TEXT_TYPED     4        /* marks and emoji do not count */


#define NGX_SLACK_TEXT_GUARD     "\xe2\x80\x8b"         /* U+200B */


/*
 * Where in a value "@" is found: "seen" is the end of what was looked at, of
 * which "place" is known.
 */

typedef enum {
    NGX_SLACK_TEXT_OUTSIDE = 0,            /* of URLs */
    NGX_SLACK_TEXT_HOST,
    NGX_SLACK_TEXT_PATH                    /* also query and fragment */
} ngx_slack_text_place_e;


typedef struct {
    u_char                  *seen;
    ngx_slack_text_place_e   place;
} ngx_slack_text_at_t;


/* code points of LF and a fence */

#define NGX_SLACK_TEXT_FENCE     4


#define NGX_SLACK_TEXT_ELLIPSIS     "\xe2\x80\xa6"     /* U+2026 */


/* returns the end of a run of COPY */

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


/*
 * The fast path of an addition: copies the bytes if they surely fit, which is
 * the usual case.  NGX_DECLINED: not sure, nothing was copied.
 */

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
 * How many code points still fit, but at most "enough": a text that has room
 * for "enough" bytes has room for as many code points and is not counted.
 */

size_t ngx_slack_text_left(ngx_slack_text_t *text, size_t enough);


/* Appends as many code points as fit, then an ellipsis if some did not. */

void ngx_slack_text_run(ngx_slack_text_t *text, u_char *p, size_t n);


/*
 * Appends an ellipsis, for which the limit leaves room, and marks the text
 * full.
 */

void ngx_slack_text_end(ngx_slack_text_t *text);


/*
 * The class of the character at p, whose first byte is of class WIDE: COPY,
 * SPACE or DROP.
 */

ngx_uint_t ngx_slack_text_wide(u_char *p, u_char *last);


/*
 * Returns where p is in a value that begins at "first".  Neither answer is
 * dangerous: "@" that is taken for text gets U+200B, and text that is taken
 * for a URL is encoded.
 */

ngx_slack_text_place_e ngx_slack_text_find(ngx_slack_text_at_t *at,
    u_char *first, u_char *p);


/*
 * Appends the "@" at p of a value so that it does not ring: followed by
 * U+200B, or percent-encoded in the path of a URL.  "first" is where the value
 * begins.
 */

void ngx_slack_text_at(ngx_slack_text_t *text, ngx_slack_text_at_t *at,
    u_char *first, u_char *p);


/* Appends a label; "flags" are NGX_SLACK_TEXT_IN_... */

void ngx_slack_text_value(ngx_slack_text_t *text, ngx_str_t *label,
    size_t max, ngx_uint_t flags);


/*
 * Appends a fence.  p is behind the one that was read; the language that may
 * follow an opening one is left out.  Returns the place to go on from.
 */

u_char *ngx_slack_text_fence(ngx_slack_text_t *text, u_char *p, u_char *last,
    ngx_uint_t opening);


/*
 * Returns the end of inline code that began with "ticks" backticks before p; p
 * if it does not end on the same line.
 */

u_char *ngx_slack_text_code(u_char *p, u_char *last, size_t ticks);


/*
 * Removes a URL that was cut from the end of a full text, because it would
 * lead elsewhere.  What is before "from" is kept.
 */

void ngx_slack_text_whole_word(ngx_slack_text_t *text, size_t from);


/* whether it is an http or https URL */

ngx_uint_t ngx_slack_text_linkable(ngx_str_t *url);


/*
 * Appends an http or https URL percent-encoded, with "&" as an entity if "amp"
 * is set.  NGX_DECLINED: too long, a host with "@" in a text that guards it,
 * or no memory; nothing is written.
 */

ngx_int_t ngx_slack_text_encode(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_uint_t amp);


#endif /* _NGX_SLACK_TEXT_PRIVATE_H_INCLUDED_ */
