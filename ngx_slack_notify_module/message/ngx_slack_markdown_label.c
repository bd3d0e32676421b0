
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Markup of people: the label of a link, in which there is no markup.  Runs in
 * any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_markdown_private.h>


static u_char *ngx_slack_markdown_label_piece(u_char *p, u_char *last,
    u_char **dst, ngx_uint_t *depth);
static u_char *ngx_slack_markdown_label_close(u_char *p, u_char *last,
    ngx_uint_t *depth);
static u_char *ngx_slack_markdown_label_tag(u_char *p, u_char *last,
    u_char **dst, u_char *end);


ngx_str_t
ngx_slack_markdown_label(u_char *p, u_char *last, u_char *buf)
{
    u_char      *q, *dst, *end;
    ngx_str_t    label;
    ngx_uint_t   depth;

    dst = buf;
    end = buf + NGX_SLACK_MARKDOWN_AHEAD - 4;
    depth = 0;

    while (p < last && dst < end) {

        q = NULL;

        if (*p == '<') {
            q = ngx_slack_markdown_label_tag(p, last, &dst, end);

        } else if (*p == '!' || *p == ']' || *p == '&' || *p == '\\'
                   || *p == '*')
        {
            q = ngx_slack_markdown_label_piece(p, last, &dst, &depth);
        }

        if (q) {
            p = q;
            continue;
        }

        /* never a part of a character */

        do {
            *dst++ = *p++;
        } while (p < last && (*p & 0xc0) == 0x80 && dst < end + 4);
    }

    p = buf;

    while (p < dst && *p <= ' ') {
        p++;
    }

    while (dst > p && *(dst - 1) <= ' ') {
        dst--;
    }

    label.data = p;
    label.len = dst - p;

    return label;
}


/* returns the place after a piece of markup; NULL: this is none */

static u_char *
ngx_slack_markdown_label_piece(u_char *p, u_char *last, u_char **dst,
    ngx_uint_t *depth)
{
    u_char    *q;
    uint32_t   code;

    switch (*p) {

    case '!':
        if (last - p > 1 && p[1] == '[') {
            (*depth)++;
            return p + 2;
        }

        return NULL;

    case ']':
        return ngx_slack_markdown_label_close(p, last, depth);

    case '&':
        q = ngx_slack_markdown_entity(p, last, &code);

        if (q && code) {
            *dst = ngx_slack_markdown_utf8(*dst, code);
        }

        return q;

    case '\\':
        if (last - p > 1
            && (p[1] == '[' || p[1] == ']' || p[1] == '*' || p[1] == '_'
                || p[1] == '|' || p[1] == '`' || p[1] == '\\'))
        {
            *(*dst)++ = p[1];
            return p + 2;
        }

        return NULL;

    default: /* '*' */
        for (q = p; q < last && *q == '*'; q++) { /* void */ }

        return (q - p > 1) ? q : NULL;
    }
}


/* what follows the name of an image, or of a link within the label */

static u_char *
ngx_slack_markdown_label_close(u_char *p, u_char *last, ngx_uint_t *depth)
{
    u_char  *q, close;

    if (last - p > 1 && (p[1] == '(' || (p[1] == '[' && *depth))) {

        close = (p[1] == '(') ? ')' : ']';
        q = ngx_strlchr(p + 2, last, close);

        if (q) {
            *depth -= (*depth > 0);
            return q + 1;
        }
    }

    if (*depth) {
        (*depth)--;
        return p + 1;
    }

    return NULL;
}


/* of an image, its name */

static u_char *
ngx_slack_markdown_label_tag(u_char *p, u_char *last, u_char **dst,
    u_char *end)
{
    size_t           n;
    ngx_str_t        alt;
    ngx_slack_tag_t  tag;

    if (ngx_slack_markdown_tag(p, last, &tag) != NGX_OK) {
        return NULL;
    }

    if (tag.kind == NGX_SLACK_TAG_IMAGE
        && ngx_slack_markdown_attribute(p, &tag, "alt", &alt) == NGX_OK
        && alt.len)
    {
        n = ngx_slack_text_prefix(alt.data, alt.len,
                                  (size_t) (end - *dst) / 4);
        *dst = ngx_cpymem(*dst, alt.data, n);

    } else if (tag.kind == NGX_SLACK_TAG_BREAK) {
        *(*dst)++ = ' ';
    }

    return tag.end;
}
