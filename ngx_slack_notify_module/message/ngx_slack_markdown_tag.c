
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Markup of people: reads tags of HTML.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_markdown_private.h>


#define NGX_SLACK_TAG_NAME_MAX  10


typedef struct {
    ngx_str_t        name;
    ngx_slack_tag_e  kind;
} ngx_slack_tag_name_t;


static u_char *ngx_slack_markdown_tag_end(u_char *p, u_char *last);


static const ngx_slack_tag_name_t  ngx_slack_tags[] = {
    { ngx_string("br"), NGX_SLACK_TAG_BREAK },
    { ngx_string("td"), NGX_SLACK_TAG_CELL },
    { ngx_string("th"), NGX_SLACK_TAG_CELL },
    { ngx_string("tr"), NGX_SLACK_TAG_ROW },
    { ngx_string("a"), NGX_SLACK_TAG_LINK },
    { ngx_string("img"), NGX_SLACK_TAG_IMAGE },
    { ngx_string("video"), NGX_SLACK_TAG_IMAGE },
    { ngx_string("b"), NGX_SLACK_TAG_BOLD },
    { ngx_string("strong"), NGX_SLACK_TAG_BOLD },
    { ngx_string("i"), NGX_SLACK_TAG_ITALIC },
    { ngx_string("em"), NGX_SLACK_TAG_ITALIC },
    { ngx_string("s"), NGX_SLACK_TAG_STRIKE },
    { ngx_string("del"), NGX_SLACK_TAG_STRIKE },
    { ngx_string("strike"), NGX_SLACK_TAG_STRIKE },
    { ngx_string("code"), NGX_SLACK_TAG_CODE },
    { ngx_string("kbd"), NGX_SLACK_TAG_CODE },
    { ngx_string("tt"), NGX_SLACK_TAG_CODE },
    { ngx_string("samp"), NGX_SLACK_TAG_CODE },
    { ngx_string("summary"), NGX_SLACK_TAG_HEADING },
    { ngx_string("caption"), NGX_SLACK_TAG_HEADING },
    { ngx_string("h1"), NGX_SLACK_TAG_HEADING },
    { ngx_string("h2"), NGX_SLACK_TAG_HEADING },
    { ngx_string("h3"), NGX_SLACK_TAG_HEADING },
    { ngx_string("h4"), NGX_SLACK_TAG_HEADING },
    { ngx_string("h5"), NGX_SLACK_TAG_HEADING },
    { ngx_string("h6"), NGX_SLACK_TAG_HEADING },
    { ngx_string("pre"), NGX_SLACK_TAG_PRE },
    { ngx_string("sub"), NGX_SLACK_TAG_INLINE },
    { ngx_string("sup"), NGX_SLACK_TAG_INLINE },
    { ngx_string("span"), NGX_SLACK_TAG_INLINE },
    { ngx_string("font"), NGX_SLACK_TAG_INLINE },
    { ngx_string("small"), NGX_SLACK_TAG_INLINE },
    { ngx_string("big"), NGX_SLACK_TAG_INLINE },
    { ngx_string("u"), NGX_SLACK_TAG_INLINE },
    { ngx_string("ins"), NGX_SLACK_TAG_INLINE },
    { ngx_string("mark"), NGX_SLACK_TAG_INLINE },
    { ngx_string("q"), NGX_SLACK_TAG_INLINE },
    { ngx_string("cite"), NGX_SLACK_TAG_INLINE },
    { ngx_string("abbr"), NGX_SLACK_TAG_INLINE },
    { ngx_string("picture"), NGX_SLACK_TAG_INLINE },
    { ngx_string("p"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("div"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("hr"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("details"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("table"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("thead"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("tbody"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("tfoot"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("ul"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("ol"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("dl"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("dt"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("dd"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("center"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("blockquote"), NGX_SLACK_TAG_BLOCK },
    { ngx_string("li"), NGX_SLACK_TAG_ITEM },
    { ngx_null_string, NGX_SLACK_TAG_INLINE }
};


ngx_int_t
ngx_slack_markdown_tag(u_char *p, u_char *last, ngx_slack_tag_t *tag)
{
    size_t                       len;
    u_char                      *name;
    const ngx_slack_tag_name_t  *known;

    name = p + 1;
    tag->closing = (name < last && *name == '/');

    if (tag->closing) {
        name++;
    }

    for (p = name; p < last && p - name <= NGX_SLACK_TAG_NAME_MAX; p++) {
        if (!ngx_slack_markdown_is_alpha(*p)
            && !(p > name && ngx_slack_markdown_is_digit(*p)))
        {
            break;
        }
    }

    len = p - name;

    if (p == last || len == 0 || len > NGX_SLACK_TAG_NAME_MAX
        || (*p != '>' && *p != '/' && *p > ' '))
    {
        return NGX_DECLINED;
    }

    for (known = ngx_slack_tags; known->name.len; known++) {

        if (known->name.len != len
            || !ngx_slack_markdown_same(known->name.data, name, len))
        {
            continue;
        }

        tag->kind = known->kind;
        tag->name.data = name;
        tag->name.len = len;
        tag->end = ngx_slack_markdown_tag_end(p, last);

        return tag->end ? NGX_OK : NGX_DECLINED;
    }

    return NGX_DECLINED;
}


/* a tag has no "<" but in quotes, so that most of what is none ends soon */

static u_char *
ngx_slack_markdown_tag_end(u_char *p, u_char *last)
{
    while (p < last) {

        switch (*p) {

        case '>':
            return p + 1;

        case '<':
            return NULL;

        case '"':
        case '\'':
            p = memchr(p + 1, *p, last - p - 1);

            if (p == NULL) {
                return NULL;
            }

            break;
        }

        p++;
    }

    return NULL;
}


ngx_int_t
ngx_slack_markdown_attribute(u_char *p, ngx_slack_tag_t *tag, const char *name,
    ngx_str_t *value)
{
    size_t   len, n;
    u_char  *last, *start, quote;

    len = ngx_strlen(name);
    last = tag->end - 1;

    for (p = tag->name.data + tag->name.len; p < last; /* void */ ) {

        if (*p <= ' ' || *p == '/' || *p == '=') {
            p++;
            continue;
        }

        start = p;

        while (p < last && *p > ' ' && *p != '=') {
            p++;
        }

        n = p - start;

        while (p < last && *p <= ' ') {
            p++;
        }

        ngx_str_null(value);

        if (p < last && *p == '=') {
            p++;

            while (p < last && *p <= ' ') {
                p++;
            }

            quote = (p < last && (*p == '"' || *p == '\'')) ? *p++ : 0;
            value->data = p;

            while (p < last && (quote ? *p != quote : *p > ' ')) {
                p++;
            }

            value->len = p - value->data;

            if (quote && p < last) {
                p++;
            }
        }

        if (n == len
            && ngx_slack_markdown_same(start, (const u_char *) name, n))
        {
            return NGX_OK;
        }
    }

    ngx_str_null(value);

    return NGX_DECLINED;
}
