
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Markup of people: what tags of HTML do to the text.  Runs in any thread if
 * the text has no pool.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_markdown_private.h>


static u_char *ngx_slack_markdown_ends(ngx_slack_markdown_t *md,
    ngx_slack_tag_t *tag);
static u_char *ngx_slack_markdown_pair(ngx_slack_markdown_t *md, u_char *p,
    ngx_slack_tag_t *tag);
static u_char *ngx_slack_markdown_closed(ngx_slack_markdown_t *md,
    ngx_slack_tag_t *tag);
static void ngx_slack_markdown_mark(ngx_slack_markdown_t *md,
    ngx_slack_tag_t *tag, u_char *closing);
static u_char *ngx_slack_markdown_anchor(ngx_slack_markdown_t *md, u_char *p,
    ngx_slack_tag_t *tag, u_char *closing);
static u_char *ngx_slack_markdown_picture(ngx_slack_markdown_t *md, u_char *p,
    ngx_slack_tag_t *tag);
static u_char *ngx_slack_markdown_fresh_line(ngx_slack_markdown_t *md,
    u_char *p);
static u_char *ngx_slack_markdown_blanks(ngx_slack_markdown_t *md, u_char *p);


u_char *
ngx_slack_markdown_html(ngx_slack_markdown_t *md, u_char *p)
{
    ngx_slack_tag_t  tag;

    if (ngx_slack_markdown_tag(p, md->last, &tag) != NGX_OK) {
        return NULL;
    }

    if (tag.kind < NGX_SLACK_TAG_PAIRS) {
        return tag.closing ? ngx_slack_markdown_closed(md, &tag)
                           : ngx_slack_markdown_pair(md, p, &tag);
    }

    switch (tag.kind) {

    case NGX_SLACK_TAG_IMAGE:
        return tag.closing ? tag.end : ngx_slack_markdown_picture(md, p, &tag);

    case NGX_SLACK_TAG_CELL:

        if (md->row == NULL) {
            return NULL;
        }

        ngx_slack_markdown_trim(md);

        if (!tag.closing && !ngx_slack_markdown_fresh(md)) {
            ngx_slack_text_lit(md->text, " | ");
        }

        return ngx_slack_markdown_blanks(md, tag.end);

    case NGX_SLACK_TAG_ITEM:

        if (tag.closing) {
            return tag.end;
        }

        p = ngx_slack_markdown_fresh_line(md, tag.end);
        ngx_slack_text_lit(md->text, "\xe2\x80\xa2 ");           /* U+2022 */

        return ngx_slack_markdown_blanks(md, p);

    case NGX_SLACK_TAG_BREAK:

        if (md->row || md->tag.mark.len) {
            ngx_slack_text_lit(md->text, " ");
            return ngx_slack_markdown_blanks(md, tag.end);
        }

        ngx_slack_markdown_trim(md);
        ngx_slack_text_lit(md->text, "\n");

        for (p = tag.end; p < md->last && (*p == ' ' || *p == '\t'); p++) {
            /* void */
        }

        return (p < md->last && *p == LF) ? p + 1 : p;

    default: /* NGX_SLACK_TAG_BLOCK */

        if (md->row && tag.end < md->row) {
            return ngx_slack_markdown_blanks(md, tag.end);
        }

        return ngx_slack_markdown_fresh_line(md, tag.end);
    }
}


/*
 * Returns the "</" of the tag that ends a pair; NULL: there is none nearby.
 * What has been searched for one kind of tag is not searched again.
 */

static u_char *
ngx_slack_markdown_ends(ngx_slack_markdown_t *md, ngx_slack_tag_t *tag)
{
    u_char                     *p, *last, *limit;
    ngx_slack_tag_t             other;
    ngx_slack_markdown_pair_t  *pair;

    pair = &md->pairs[tag->kind];
    p = tag->end;

    last = md->last;
    limit = (last - p > 4 * NGX_SLACK_MARKDOWN_AHEAD)
            ? p + 4 * NGX_SLACK_MARKDOWN_AHEAD : last;

    if (pair->found && pair->found >= p) {
        return pair->found < limit ? pair->found : NULL;
    }

    if (pair->seen && pair->seen > p) {
        p = pair->seen;
    }

    pair->found = NULL;

    while (p < limit) {

        p = memchr(p, '<', limit - p);

        if (p == NULL) {
            p = limit;
            break;
        }

        if (last - p > 3 && p[1] == '/'
            && ngx_slack_markdown_tag(p, last, &other) == NGX_OK
            && other.kind == tag->kind)
        {
            pair->found = p;
            pair->seen = p;
            return p;
        }

        p++;
    }

    pair->seen = p;

    return NULL;
}


/* begins what has an end */

static u_char *
ngx_slack_markdown_pair(ngx_slack_markdown_t *md, u_char *p,
    ngx_slack_tag_t *tag)
{
    u_char  *closing;

    closing = ngx_slack_markdown_ends(md, tag);

    if (closing == NULL) {
        return NULL;
    }

    switch (tag->kind) {

    case NGX_SLACK_TAG_LINK:
        return ngx_slack_markdown_anchor(md, p, tag, closing);

    case NGX_SLACK_TAG_PRE:

        p = ngx_slack_markdown_fresh_line(md, tag->end);
        ngx_slack_markdown_mark_end(md, &md->tag);

        ngx_slack_text_lit(md->text, "```\n");

        if (!md->text->full) {
            md->pre = closing;
            md->fence = 3;
            md->fence_mark = 0;
        }

        return ngx_min(p, closing);

    case NGX_SLACK_TAG_ROW:

        p = ngx_slack_markdown_fresh_line(md, tag->end);
        md->row = closing;

        return p;

    case NGX_SLACK_TAG_HEADING:

        p = ngx_slack_markdown_fresh_line(md, tag->end);
        tag->end = p;
        ngx_slack_markdown_mark(md, tag, closing);
        break;

    case NGX_SLACK_TAG_INLINE:
        break;

    default:
        ngx_slack_markdown_mark(md, tag, closing);
    }

    md->opened[tag->kind]++;

    return tag->end;
}


static u_char *
ngx_slack_markdown_closed(ngx_slack_markdown_t *md, ngx_slack_tag_t *tag)
{
    if (tag->kind == NGX_SLACK_TAG_ROW) {
        md->row = NULL;
        ngx_slack_markdown_trim_row(md);
        return ngx_slack_markdown_fresh_line(md, tag->end);
    }

    if (md->opened[tag->kind] == 0) {
        return NULL;
    }

    md->opened[tag->kind]--;

    if (md->tag.mark.len && md->tag.kind == tag->kind) {
        ngx_slack_markdown_mark_end(md, &md->tag);
    }

    if (tag->kind == NGX_SLACK_TAG_HEADING) {
        return ngx_slack_markdown_fresh_line(md, tag->end);
    }

    return tag->end;
}


/* Writes the mark of a tag.  One within another would not be understood. */

static void
ngx_slack_markdown_mark(ngx_slack_markdown_t *md, ngx_slack_tag_t *tag,
    u_char *closing)
{
    u_char             ch;
    ngx_str_t          mark;
    ngx_slack_text_t  *text;

    text = md->text;

    if (md->tag.mark.len || md->bold.mark.len) {
        return;
    }

    /* nor is one that begins within a word */

    if (text->len > md->from) {
        ch = text->start[text->len - 1];

        if (ngx_slack_markdown_is_alpha(ch) || ngx_slack_markdown_is_digit(ch)
            || ch >= 0x80 || ch == '`' || ch == '*' || ch == '_' || ch == '~')
        {
            return;
        }
    }

    switch (tag->kind) {

    case NGX_SLACK_TAG_ITALIC:
        ngx_str_set(&mark, "_");
        break;

    case NGX_SLACK_TAG_STRIKE:
        ngx_str_set(&mark, "~~");
        mark.len = text->strong ? 2 : 1;
        break;

    case NGX_SLACK_TAG_CODE:
        ngx_str_set(&mark, "`");
        break;

    default:
        ngx_str_set(&mark, "**");
        mark.len = text->strong ? 2 : 1;
    }

    md->tag.at = text->len;
    ngx_slack_text_raw(text, mark.data, mark.len);

    if (text->full) {
        return;
    }

    md->tag.mark = mark;
    md->tag.kind = tag->kind;
    md->tag.end = closing;
}


void
ngx_slack_markdown_mark_end(ngx_slack_markdown_t *md,
    ngx_slack_markdown_mark_t *mark)
{
    size_t             n;
    ngx_slack_text_t  *text;

    n = mark->mark.len;

    if (n == 0) {
        return;
    }

    text = md->text;
    mark->mark.len = 0;

    ngx_slack_markdown_trim(md);

    if (text->len <= mark->at + n) {

        if (text->len == mark->at + n) {
            ngx_slack_text_rollback(text, mark->at);
        }

        return;
    }

    /* the room for the end of a fence is for the end of a mark, too */

    ngx_slack_text_append(text, mark->mark.data, n);
}


static u_char *
ngx_slack_markdown_anchor(ngx_slack_markdown_t *md, u_char *p,
    ngx_slack_tag_t *tag, u_char *closing)
{
    u_char                    buf[NGX_SLACK_MARKDOWN_AHEAD];
    ngx_str_t                 src, label;
    ngx_slack_tag_t           end;
    ngx_slack_markdown_url_t  url;

    if (ngx_slack_markdown_attribute(p, tag, "href", &src) != NGX_OK
        || ngx_slack_markdown_resolve(md, &src, &url) != NGX_OK
        || ngx_slack_markdown_tag(closing, md->last, &end) != NGX_OK)
    {
        return NULL;
    }

    label = ngx_slack_markdown_label(tag->end, closing, buf);
    ngx_slack_markdown_link(md, &url, &label);

    return end.end;
}


/* writes the URL of an image, or its name if it has none that leads there */

static u_char *
ngx_slack_markdown_picture(ngx_slack_markdown_t *md, u_char *p,
    ngx_slack_tag_t *tag)
{
    ngx_str_t                 src, alt;
    ngx_slack_markdown_url_t  url;

    if (ngx_slack_markdown_attribute(p, tag, "src", &src) != NGX_OK) {
        return NULL;
    }

    if (ngx_slack_markdown_resolve(md, &src, &url) == NGX_OK && !url.address) {
        ngx_slack_markdown_image_url(md, &url);
        return tag->end;
    }

    if (ngx_slack_markdown_attribute(p, tag, "alt", &alt) != NGX_OK
        || alt.len == 0)
    {
        return NULL;
    }

    ngx_slack_text_label(md->text, &alt, NGX_SLACK_MARKDOWN_LABEL_MAX);

    return tag->end;
}


/* begins a line if none has just begun; returns what is behind blanks */

static u_char *
ngx_slack_markdown_fresh_line(ngx_slack_markdown_t *md, u_char *p)
{
    ngx_slack_markdown_trim(md);

    if (!ngx_slack_markdown_fresh(md)) {
        ngx_slack_text_lit(md->text, "\n");
    }

    return ngx_slack_markdown_blanks(md, p);
}


static u_char *
ngx_slack_markdown_blanks(ngx_slack_markdown_t *md, u_char *p)
{
    while (p < md->last && *p <= ' ') {
        p++;
    }

    return p;
}
