
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to message/ngx_slack_markdown*.c: a Markdown text while it is
 * converted, from left to right, and the parts of it.
 *
 * Whoever looks ahead remembers how far, so that no byte is looked at more
 * often than a few times, whatever the text.
 */


#ifndef _NGX_SLACK_MARKDOWN_PRIVATE_H_INCLUDED_
#define _NGX_SLACK_MARKDOWN_PRIVATE_H_INCLUDED_


#include <ngx_slack_markdown.h>
#include <ngx_slack_text_private.h>


#define NGX_SLACK_MARKDOWN_NAMES      16     /* named URLs, at most */
#define NGX_SLACK_MARKDOWN_LABEL_MAX  255    /* code points of a label */
#define NGX_SLACK_MARKDOWN_AHEAD      1000   /* bytes searched for an end */


/* what a tag does */

typedef enum {
    NGX_SLACK_TAG_BOLD = 0,
    NGX_SLACK_TAG_ITALIC,
    NGX_SLACK_TAG_STRIKE,
    NGX_SLACK_TAG_CODE,
    NGX_SLACK_TAG_HEADING,            /* bold, on lines of its own */
    NGX_SLACK_TAG_INLINE,             /* nothing */
    NGX_SLACK_TAG_LINK,
    NGX_SLACK_TAG_PRE,
    NGX_SLACK_TAG_ROW,
    NGX_SLACK_TAG_PAIRS,              /* those above come in pairs */
    NGX_SLACK_TAG_CELL = NGX_SLACK_TAG_PAIRS,
    NGX_SLACK_TAG_BREAK,
    NGX_SLACK_TAG_BLOCK,              /* begins and ends a line */
    NGX_SLACK_TAG_ITEM,
    NGX_SLACK_TAG_IMAGE
} ngx_slack_tag_e;


typedef struct {
    ngx_slack_tag_e              kind;
    ngx_str_t                    name;
    u_char                      *end;         /* after ">" */
    ngx_uint_t                   closing;
} ngx_slack_tag_t;


/* the end of a pair: what was searched for it, and what was found */

typedef struct {
    u_char                      *seen;
    u_char                      *found;       /* "</"; NULL: none so far */
} ngx_slack_markdown_pair_t;


/* "[name]: url", a line of its own */

typedef struct {
    ngx_str_t                    name;
    ngx_str_t                    url;
    u_char                      *line;
    u_char                      *next;        /* the line after it */
} ngx_slack_markdown_name_t;


/* a mark that has been written, and has to be written again as its end */

typedef struct {
    ngx_str_t                    mark;        /* empty: none is open */
    size_t                       at;          /* where in the text it is */
    u_char                      *end;         /* where its end is expected */
    ngx_uint_t                   kind;        /* of the tag */
} ngx_slack_markdown_mark_t;


typedef struct {
    ngx_slack_text_t            *text;
    ngx_str_t                   *base;
    u_char                      *first;       /* of the Markdown */
    u_char                      *last;
    size_t                       from;        /* where the text begins */
    size_t                       whole;       /* up to here it has no cut */

    u_char                      *stop;        /* where the text was full */

    u_char                      *code;        /* the end of inline code */
    ngx_uint_t                   ticks;       /* around it */
    size_t                       code_at;

    ngx_uint_t                   fence;       /* length; 0: outside */
    u_char                       fence_mark;
    u_char                      *pre;         /* "</pre" that ends it */

    ngx_slack_markdown_mark_t    bold;        /* of Markdown */
    ngx_slack_markdown_mark_t    tag;         /* of HTML */

    u_char                      *open;        /* the "[" of the "](" at */
    u_char                      *close;       /* the next one; NULL: unknown */
    u_char                      *no_paren;    /* no ")" before */

    ngx_uint_t                   table;       /* in a table of pipes */
    ngx_uint_t                   header;      /* in its first row */
    u_char                      *row;         /* "</tr" of a row of HTML */

    ngx_slack_markdown_pair_t    pairs[NGX_SLACK_TAG_PAIRS];
    ngx_uint_t                   opened[NGX_SLACK_TAG_PAIRS];

    ngx_uint_t                   nnames;
    ngx_slack_markdown_name_t    names[NGX_SLACK_MARKDOWN_NAMES];
} ngx_slack_markdown_t;


/* an absolute URL, made of what somebody wrote */

typedef struct {
    ngx_str_t                    url;
    ngx_uint_t                   address;     /* "mailto:" */
    u_char                       buf[NGX_SLACK_TEXT_URL_MAX];
} ngx_slack_markdown_url_t;


/*
 * Returns the end of the entity at p, "&amp;", and its character; 0 stands for
 * one that is not shown.  NULL: this is no entity, or one of a character that
 * must not be.
 */

u_char *ngx_slack_markdown_entity(u_char *p, u_char *last, uint32_t *code);


/* writes a character as UTF-8, at most 4 bytes; returns their end */

u_char *ngx_slack_markdown_utf8(u_char *dst, uint32_t code);


/*
 * NGX_DECLINED: neither of http, https and mailto, not to be made absolute, or
 * too long
 */

ngx_int_t ngx_slack_markdown_resolve(ngx_slack_markdown_t *md, ngx_str_t *src,
    ngx_slack_markdown_url_t *url);


/* Appends a link.  The label is what people wrote; it is escaped. */

void ngx_slack_markdown_link(ngx_slack_markdown_t *md,
    ngx_slack_markdown_url_t *url, ngx_str_t *label);


/* appends the URL of an image */

void ngx_slack_markdown_image_url(ngx_slack_markdown_t *md,
    ngx_slack_markdown_url_t *url);


/* Reads the tag at p, a "<".  NGX_DECLINED: none, or an unknown one. */

ngx_int_t ngx_slack_markdown_tag(u_char *p, u_char *last,
    ngx_slack_tag_t *tag);


/* NGX_DECLINED: the tag at p has no such attribute */

ngx_int_t ngx_slack_markdown_attribute(u_char *p, ngx_slack_tag_t *tag,
    const char *name, ngx_str_t *value);


/*
 * Writes the label of a link without markup: names of images, no tags, no
 * stars of bold.  "buf" has room for NGX_SLACK_MARKDOWN_AHEAD bytes.
 */

ngx_str_t ngx_slack_markdown_label(u_char *p, u_char *last, u_char *buf);


/*
 * These look for markup at p and write what it means.  They return the place
 * after it; NULL: it is no markup, and nothing was written.
 */

u_char *ngx_slack_markdown_bracket(ngx_slack_markdown_t *md, u_char *p);
u_char *ngx_slack_markdown_image(ngx_slack_markdown_t *md, u_char *p);
u_char *ngx_slack_markdown_html(ngx_slack_markdown_t *md, u_char *p);
u_char *ngx_slack_markdown_autolink(ngx_slack_markdown_t *md, u_char *p);


/* finds the named URLs of the text */

void ngx_slack_markdown_names(ngx_slack_markdown_t *md);


/*
 * To be called where a line begins, outside code.  Leaves out lines that name
 * URLs and those below the header of a table, and begins and ends tables.
 * Returns where to go on.
 */

u_char *ngx_slack_markdown_line(ngx_slack_markdown_t *md, u_char *p);


/*
 * write the backticks or the tildes at p, which may begin or end a fence;
 * return the place after them
 */

u_char *ngx_slack_markdown_ticks(ngx_slack_markdown_t *md, u_char *p);
u_char *ngx_slack_markdown_tildes(ngx_slack_markdown_t *md, u_char *p);


/* whether only blanks precede p in its line */

ngx_uint_t ngx_slack_markdown_first_of_line(ngx_slack_markdown_t *md,
    u_char *p);


/* writes the bar at p of a row of a table; returns the place after it */

u_char *ngx_slack_markdown_bar(ngx_slack_markdown_t *md, u_char *p);


/*
 * Remove spaces and tabs from the end of what has been written; the second
 * one, at the end of a row, the bar before a last cell that is empty, too.
 */

void ngx_slack_markdown_trim(ngx_slack_markdown_t *md);
void ngx_slack_markdown_trim_row(ngx_slack_markdown_t *md);


/* writes the end of a mark, if one is open and anything is behind it */

void ngx_slack_markdown_mark_end(ngx_slack_markdown_t *md,
    ngx_slack_markdown_mark_t *mark);


/* whether p is neither in a fence nor in inline code */

#define ngx_slack_markdown_open(md, p)  (!(md)->fence && (p) >= (md)->code)


/* whether the text is at the beginning of a line */

static ngx_inline ngx_uint_t
ngx_slack_markdown_fresh(ngx_slack_markdown_t *md)
{
    return md->text->len == md->from
           || md->text->start[md->text->len - 1] == LF;
}


#define ngx_slack_markdown_is_alpha(ch)                                       \
    (((ch) | 0x20) >= 'a' && ((ch) | 0x20) <= 'z')

#define ngx_slack_markdown_is_digit(ch)  ((ch) >= '0' && (ch) <= '9')


/* whether two strings differ only in the case of ASCII */

static ngx_inline ngx_uint_t
ngx_slack_markdown_same(const u_char *a, const u_char *b, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (ngx_tolower(a[i]) != ngx_tolower(b[i])) {
            return 0;
        }
    }

    return 1;
}


#endif /* _NGX_SLACK_MARKDOWN_PRIVATE_H_INCLUDED_ */
