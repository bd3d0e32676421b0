
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Text for Slack: UTF-8, escaping, links, cutting.
 *
 * Slack wants "&", "<" and ">" escaped once in every value from outside, and
 * reads "<url|label>" as a link (docs.slack.dev, "Formatting message text").
 * Lengths are counted in code points of the written text, including entities
 * and the markup of links: Slack does not say what it counts, and no other way
 * of counting gives a larger number.
 *
 * Some receivers notify people of "@channel", "@here" or "@NAME" in plain
 * text.  In a text for such a receiver an invisible U+200B follows each "@" of
 * a value, also in bold, in labels of links and in code.  A URL keeps working
 * without it: in its path "@" is percent-encoded, and one with "@" in front of
 * its host does not become a link.
 *
 * The functions run in any thread if the text has no pool, else in the thread
 * of the pool.  None of them logs, except nginx's allocator.  Strings that are
 * passed stay the caller's and are copied.
 */


#ifndef _NGX_SLACK_TEXT_H_INCLUDED_
#define _NGX_SLACK_TEXT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_receiver.h>


/*
 * A growing text with a limit.  When an addition does not fit, the text ends
 * with an ellipsis, "full" is set, and further additions are dropped.  When
 * there is no memory, "failed" and "full" are set.  So callers need to check
 * "failed" only once, at the end.
 */

typedef struct {
    u_char                   *start;
    size_t                    len;        /* bytes */
    size_t                    size;       /* bytes there is room for */
    size_t                    limit;      /* code points, less the ellipsis */
    size_t                    counted;    /* the first "counted" bytes have */
    size_t                    chars;      /* this number of code points */
    ngx_pool_t               *pool;       /* NULL: malloc() */
    unsigned                  heap:1;     /* start is from malloc() */
    unsigned                  plain:1;    /* no markup: links and bold write
                                             the label */
    unsigned                  guard:1;    /* U+200B follows each "@" */
    unsigned                  strong:1;   /* bold is "**bold**" */
    unsigned                  full:1;
    unsigned                  failed:1;
} ngx_slack_text_t;


/* in bytes, percent-encoded; a longer URL does not become a link */

#define NGX_SLACK_TEXT_URL_MAX    2000


#define NGX_SLACK_TEXT_NO_LIMIT   0


/*
 * Starts a text of at most "limit" code points, or NGX_SLACK_TEXT_NO_LIMIT.
 * "buf" of "size" bytes, or NULL, is used first and stays the caller's.  More
 * memory comes from the pool; if that is NULL, from malloc(), and the caller
 * has to call ngx_slack_text_done().
 */

void ngx_slack_text_init(ngx_slack_text_t *text, ngx_pool_t *pool,
    u_char *buf, size_t size, size_t limit);


/* Has the following values written for a receiver; at first it is Slack. */

void ngx_slack_text_receiver(ngx_slack_text_t *text,
    const ngx_slack_receiver_t *receiver);


/* Empties the text for another one and keeps its memory and its receiver. */

void ngx_slack_text_reset(ngx_slack_text_t *text, size_t limit);


/*
 * Frees memory from malloc().  To keep a text that has neither pool nor
 * buffer, take text->start instead of calling this, and free() it later.
 */

void ngx_slack_text_done(ngx_slack_text_t *text);


/* Makes room for n bytes more.  NGX_ERROR: no memory; the text has failed. */

ngx_int_t ngx_slack_text_reserve(ngx_slack_text_t *text, size_t n);


/*
 * Copies the text to the pool.  NGX_ERROR: no memory, or the text has failed.
 */

ngx_int_t ngx_slack_text_copy(ngx_slack_text_t *text, ngx_pool_t *pool,
    ngx_str_t *copy);


/* Appends bytes as they are, even beyond the limit. */

void ngx_slack_text_append(ngx_slack_text_t *text, u_char *data, size_t len);


/* Appends bytes as they are if all of them fit; else only the ellipsis. */

void ngx_slack_text_raw(ngx_slack_text_t *text, u_char *data, size_t len);

#define ngx_slack_text_lit(text, s)                                           \
    ngx_slack_text_raw(text, (u_char *) s, sizeof(s) - 1)


/*
 * Appends at most "max" code points of a string as they are, the last of them
 * an ellipsis if the string is longer.
 */

void ngx_slack_text_verbatim(ngx_slack_text_t *text, ngx_str_t *s,
    size_t max);


/* Appends a decimal number if all of it fits. */

void ngx_slack_text_number(ngx_slack_text_t *text, ngx_uint_t n);


/*
 * Appends a value, escaped, on one line, as at most "max" code points of it.
 * Line breaks become spaces; spaces around the value and bidi controls, which
 * reorder text, are removed.  A label never opens or closes a code fence.
 */

void ngx_slack_text_label(ngx_slack_text_t *text, ngx_str_t *label,
    size_t max);


/*
 * The same as a label that is shown as it was typed, as the title of a commit:
 * in Slack "*", "_" and "~" do not become bold, italics or a strike, and with
 * any receiver ":name:" does not become an emoji.
 */

void ngx_slack_text_typed(ngx_slack_text_t *text, ngx_str_t *label,
    size_t max);


/* The same as a label, in bold. */

void ngx_slack_text_bold(ngx_slack_text_t *text, ngx_str_t *label, size_t max);


/*
 * Appends a link; "max" is for the label.  Writes only the label if the URL is
 * neither http nor https, is too long, or if the whole link does not fit, and
 * only the URL if the label is blank.
 */

void ngx_slack_text_link(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label, size_t max);


/* The same with a label as of ngx_slack_text_typed(). */

void ngx_slack_text_typed_link(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label, size_t max);


/*
 * Appends a link to the address of a "mailto:" URL.  NGX_DECLINED: it cannot
 * be one, or does not fit; nothing is written.
 */

ngx_int_t ngx_slack_text_mailto(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label, size_t max);


/*
 * Appends a URL that is a value of its own, percent-encoded and not escaped.
 * NGX_DECLINED: it would not become a link; nothing is written.
 */

ngx_int_t ngx_slack_text_url(ngx_slack_text_t *text, ngx_str_t *url);


/*
 * Appends a plain text of several lines, such as the message of a commit or
 * the annotation of an alert.  It is escaped and otherwise kept, and every
 * code fence is closed.
 */

void ngx_slack_text_lines(ngx_slack_text_t *text, ngx_str_t *lines);


/*
 * Cuts the text back to its first "len" bytes, where "len" is an earlier value
 * of text->len.  The text may have become full since.
 */

void ngx_slack_text_rollback(ngx_slack_text_t *text, size_t len);


/* The number of code points of the text. */

size_t ngx_slack_text_chars(ngx_slack_text_t *text);


/* The number of bytes of the first "max" code points of a string. */

size_t ngx_slack_text_prefix(u_char *data, size_t len, size_t max);


/*
 * The part before the first line break, without spaces around it; points into
 * the string.
 */

ngx_str_t ngx_slack_text_first_line(ngx_str_t *s);


/*
 * Percent-encodes a path, such as that of a ref, for a URL; "/" is kept.  dst
 * has room for 3 * len bytes.  Returns the end of what is written.
 */

u_char *ngx_slack_text_escape_path(u_char *dst, u_char *src, size_t len);


/*
 * Copies a string as valid UTF-8: every malformed, overlong, surrogate or too
 * large sequence, and every noncharacter, becomes U+FFFD.  Control characters
 * except LF and TAB are dropped, so CR LF becomes LF.  dst has room for 3 *
 * len bytes and does not overlap src.  Returns the number of bytes written.
 */

size_t ngx_slack_text_scrub(u_char *dst, u_char *src, size_t len);


#endif /* _NGX_SLACK_TEXT_H_INCLUDED_ */
