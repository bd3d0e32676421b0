
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Text for Slack: UTF-8, escaping, links, cutting.
 *
 * Slack wants "&", "<" and ">" escaped in every value from outside, once, and
 * reads "<url|label>" as a link (docs.slack.dev, "Formatting message text").
 * Lengths are counted in code points of the written text, entities and link
 * markup included: Slack does not say what it counts, and no other count is
 * larger.
 */


#ifndef _NGX_SLACK_TEXT_H_INCLUDED_
#define _NGX_SLACK_TEXT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * A growing text with a limit.  Once an addition does not fit, the text ends
 * with an ellipsis, "full" is set and additions are dropped.  Once there is no
 * memory, "failed" and "full" are set: callers need to look only at the end.
 */

typedef struct {
    u_char                   *start;
    size_t                    len;        /* bytes */
    size_t                    size;       /* bytes there is room for */
    size_t                    limit;      /* code points, without ellipsis */
    size_t                    counted;    /* of the first "counted" bytes, */
    size_t                    chars;      /* as many are code points */
    ngx_pool_t               *pool;       /* NULL: malloc() */
    unsigned                  heap:1;     /* start is malloc()ed */
    unsigned                  plain:1;    /* links, bold: the label only */
    unsigned                  full:1;
    unsigned                  failed:1;
} ngx_slack_text_t;


/* bytes; a longer URL, percent-encoded, does not become a link */

#define NGX_SLACK_TEXT_URL_MAX    2000


#define NGX_SLACK_TEXT_NO_LIMIT   0


/*
 * Starts a text of at most "limit" code points.  "buf" of "size" bytes is the
 * caller's first room, NULL: none.  More comes from the pool, or with pool
 * NULL from malloc(): then ngx_slack_text_done() must be called.
 */

void ngx_slack_text_init(ngx_slack_text_t *text, ngx_pool_t *pool,
    u_char *buf, size_t size, size_t limit);


/* empties the text for another one, keeps its room */

void ngx_slack_text_reset(ngx_slack_text_t *text, size_t limit);


/*
 * Frees what malloc() gave.  Who wants to keep a text without pool and buffer
 * takes text->start instead and free()s it.
 */

void ngx_slack_text_done(ngx_slack_text_t *text);


/* makes room for that many bytes more */

ngx_int_t ngx_slack_text_reserve(ngx_slack_text_t *text, size_t n);


/* a copy in the pool, NGX_ERROR if there is no memory or the text failed */

ngx_int_t ngx_slack_text_copy(ngx_slack_text_t *text, ngx_pool_t *pool,
    ngx_str_t *copy);


/* bytes as they are, whatever the limit is */

void ngx_slack_text_append(ngx_slack_text_t *text, u_char *data, size_t len);


/* bytes as they are if all of them fit */

void ngx_slack_text_raw(ngx_slack_text_t *text, u_char *data, size_t len);

#define ngx_slack_text_lit(text, s)                                           \
    ngx_slack_text_raw(text, (u_char *) s, sizeof(s) - 1)


/* at most "max" code points of a string as they are */

void ngx_slack_text_verbatim(ngx_slack_text_t *text, ngx_str_t *s,
    size_t max);


void ngx_slack_text_number(ngx_slack_text_t *text, ngx_uint_t n);


/*
 * A value in a line, escaped, of at most "max" code points: spaces around it,
 * line breaks and what reorders text (bidi controls) are taken away.  A label
 * never opens or closes a code fence.
 */

void ngx_slack_text_label(ngx_slack_text_t *text, ngx_str_t *label,
    size_t max);


/* the same between asterisks */

void ngx_slack_text_bold(ngx_slack_text_t *text, ngx_str_t *label, size_t max);


/*
 * A link.  Only the label if the URL is neither http nor https, too long, or
 * if the whole link does not fit; only the URL if the label is blank.
 */

void ngx_slack_text_link(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label, size_t max);


/*
 * A URL that is a value of its own, percent-encoded and not escaped.
 * NGX_DECLINED, and nothing is written, if it would not become a link.
 */

ngx_int_t ngx_slack_text_url(ngx_slack_text_t *text, ngx_str_t *url);


/*
 * A Markdown text of several lines, escaped and otherwise as written, but
 * without HTML comments, with "**bold**" as Slack has it, with images as their
 * URLs and with every code fence closed.  "base" precedes the URL of an image
 * that begins with "/uploads/".
 */

void ngx_slack_text_markdown(ngx_slack_text_t *text, ngx_str_t *markdown,
    ngx_str_t *base);


/*
 * Cuts the text back to its first "len" bytes, as they were when text->len
 * was that, also if it was filled since.
 */

void ngx_slack_text_rollback(ngx_slack_text_t *text, size_t len);


/* bytes of the first "max" code points of a string */

size_t ngx_slack_text_prefix(u_char *data, size_t len, size_t max);


/* what is before the first line break, without spaces around it */

ngx_str_t ngx_slack_text_first_line(ngx_str_t *s);


/*
 * Percent-encodes a ref, or another path, for a URL; "/" stays.  dst has room
 * for 3 * len bytes; returns where the written ends.
 */

u_char *ngx_slack_text_escape_path(u_char *dst, u_char *src, size_t len);


/*
 * Copies a string as valid UTF-8: every malformed, overlong, surrogate or too
 * large sequence, and every noncharacter, becomes U+FFFD; control characters
 * except LF and TAB are dropped (CR LF becomes LF).  dst has room for 3 * len
 * bytes and does not overlap src; returns the bytes written.
 */

size_t ngx_slack_text_scrub(u_char *dst, u_char *src, size_t len);


#endif /* _NGX_SLACK_TEXT_H_INCLUDED_ */
