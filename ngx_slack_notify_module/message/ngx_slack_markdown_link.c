
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Markup of people: links, images and named URLs of Markdown.  Runs in any
 * thread if the text has no pool.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_markdown_private.h>


#define NGX_SLACK_MARKDOWN_BADGES    5       /* images in a label, at most */
#define NGX_SLACK_MARKDOWN_NAME_MAX  300     /* bytes of a name or a label of
                                                a named URL */


static u_char *ngx_slack_markdown_opening(ngx_slack_markdown_t *md,
    u_char *p);
static u_char *ngx_slack_markdown_target(ngx_slack_markdown_t *md, u_char *p,
    ngx_str_t *url);
static u_char *ngx_slack_markdown_badge(ngx_slack_markdown_t *md, u_char *p);
static u_char *ngx_slack_markdown_named(ngx_slack_markdown_t *md, u_char *p,
    ngx_uint_t image);
static u_char *ngx_slack_markdown_pair_of(u_char *p, u_char *last);
static u_char *ngx_slack_markdown_write(ngx_slack_markdown_t *md, u_char *p,
    u_char *last, ngx_str_t *src, u_char *next);


/*
 * Returns the "[" that belongs to the next "](" at or behind p; both are
 * remembered until p is behind them.  NULL: there is none from p on.
 */

static u_char *
ngx_slack_markdown_opening(ngx_slack_markdown_t *md, u_char *p)
{
    u_char      *q, *first, *image;
    ngx_uint_t   depth;

    if (md->close && p <= md->close) {
        return md->open;
    }

    for (q = p; /* void */ ; q++) {
        q = memchr(q, ']', md->last - q);

        if (q == NULL || md->last - q < 2) {
            md->open = NULL;
            md->close = md->last;
            return NULL;
        }

        if (q[1] == '(') {
            break;
        }
    }

    md->open = NULL;
    md->close = q;

    first = (q - p > NGX_SLACK_MARKDOWN_AHEAD)
            ? q - NGX_SLACK_MARKDOWN_AHEAD : p;
    image = NULL;
    depth = 0;

    while (q > first) {
        q--;

        if (*q == LF && q > first && q[-1] == LF) {
            break;
        }

        if ((*q != '[' && *q != ']') || (q > md->first && q[-1] == '\\')) {
            continue;
        }

        if (*q == ']') {
            depth++;
            continue;
        }

        if (depth == 0) {
            md->open = q;
            return q;
        }

        depth--;

        if (image == NULL && q > md->first && q[-1] == '!') {
            image = q;
        }
    }

    /* an image's name may have a bracket that has no pair */

    md->open = image;

    return image;
}


/*
 * Reads the URL behind "](", and a title, up to ")".  Returns the place after
 * it; NULL: it has no end.
 */

static u_char *
ngx_slack_markdown_target(ngx_slack_markdown_t *md, u_char *p, ngx_str_t *url)
{
    u_char      *last, *end, quote;
    ngx_uint_t   depth;

    if (p < md->no_paren) {
        return NULL;
    }

    last = md->last;

    while (p < last && (*p == ' ' || *p == LF)) {
        p++;
    }

    if (p < last && *p == '<') {
        url->data = ++p;

        while (p < last && *p != '>' && *p != '<' && *p != LF) {
            p++;
        }

        if (p == last || *p != '>') {
            return NULL;
        }

        url->len = p - url->data;
        p++;

    } else {
        url->data = p;

        end = (last - p > NGX_SLACK_TEXT_URL_MAX)
              ? p + NGX_SLACK_TEXT_URL_MAX : last;

        for (depth = 0; p < end; p++) {

            if (*p <= ' ' || *p == '<' || *p == '`') {
                break;
            }

            if (*p == '(') {
                depth++;

            } else if (*p == ')') {

                if (depth == 0) {
                    break;
                }

                depth--;
            }
        }

        url->len = p - url->data;

        if (p == end) {
            md->no_paren = end;
            return NULL;
        }
    }

    /* a title, or a size */

    while (p < last && (*p == ' ' || *p == LF)) {
        p++;
    }

    if (p < last && (*p == '"' || *p == '\'')) {
        quote = *p;
        end = p + 1;

        while (end < last && *end != quote && *end != LF) {
            end++;
        }

        if (end < last && *end == quote) {
            p = end;
        }
    }

    while (p < last && *p != ')' && *p != LF && *p != '`') {
        p++;
    }

    if (p == last || *p != ')') {
        md->no_paren = p;
        return NULL;
    }

    return p + 1;
}


u_char *
ngx_slack_markdown_image(ngx_slack_markdown_t *md, u_char *p)
{
    u_char                    *next;
    ngx_str_t                  src;
    ngx_slack_markdown_url_t   url;

    if (ngx_slack_markdown_opening(md, p + 1) != p + 1) {
        return ngx_slack_markdown_named(md, p + 1, 1);
    }

    next = ngx_slack_markdown_target(md, md->close + 2, &src);

    if (next == NULL
        || ngx_slack_markdown_resolve(md, &src, &url) != NGX_OK || url.address)
    {
        return NULL;
    }

    /* GitLab's size, such as {width=100} */

    if (next < md->last && *next == '{') {

        for (p = next; p < md->last && *p != '}' && *p != LF && *p != '`';
             p++)
        {
            /* void */
        }

        if (p < md->last && *p == '}') {
            next = p + 1;
        }
    }

    ngx_slack_markdown_image_url(md, &url);

    return next;
}


u_char *
ngx_slack_markdown_bracket(ngx_slack_markdown_t *md, u_char *p)
{
    u_char     *next;
    ngx_str_t   src;

    if (p > md->first && p[-1] == '\\') {
        return NULL;
    }

    if (ngx_slack_markdown_opening(md, p) == p) {

        next = ngx_slack_markdown_target(md, md->close + 2, &src);

        return next ? ngx_slack_markdown_write(md, p + 1, md->close, &src,
                                               next)
                    : NULL;
    }

    next = ngx_slack_markdown_named(md, p, 0);

    return next ? next : ngx_slack_markdown_badge(md, p);
}


/* a link whose label begins with images that have URLs of their own */

static u_char *
ngx_slack_markdown_badge(ngx_slack_markdown_t *md, u_char *p)
{
    u_char      *q, *end, *next;
    ngx_str_t    src;
    ngx_uint_t   n;

    q = p + 1;

    for (n = 0; n < NGX_SLACK_MARKDOWN_BADGES; n++) {

        while (q < md->last && *q <= ' ') {
            q++;
        }

        if (md->last - q < 2 || q[0] != '!' || q[1] != '[') {
            break;
        }

        if (ngx_slack_markdown_opening(md, q + 1) != q + 1) {
            return NULL;
        }

        q = ngx_slack_markdown_target(md, md->close + 2, &src);

        if (q == NULL) {
            return NULL;
        }
    }

    if (n == 0) {
        return NULL;
    }

    end = (md->last - q > NGX_SLACK_MARKDOWN_NAME_MAX)
          ? q + NGX_SLACK_MARKDOWN_NAME_MAX : md->last;

    while (q < end && *q != ']' && *q != '[') {
        q++;
    }

    if (end - q < 2 || q[0] != ']' || q[1] != '(') {
        return NULL;
    }

    next = ngx_slack_markdown_target(md, q + 2, &src);

    return next ? ngx_slack_markdown_write(md, p + 1, q, &src, next) : NULL;
}


static u_char *
ngx_slack_markdown_write(ngx_slack_markdown_t *md, u_char *p, u_char *last,
    ngx_str_t *src, u_char *next)
{
    u_char                    buf[NGX_SLACK_MARKDOWN_AHEAD];
    ngx_str_t                 label;
    ngx_slack_markdown_url_t  url;

    if (ngx_slack_markdown_resolve(md, src, &url) != NGX_OK) {
        return NULL;
    }

    label = ngx_slack_markdown_label(p, last, buf);
    ngx_slack_markdown_link(md, &url, &label);

    return next;
}


/* "[label][name]", "[name][]" or "[name]" where p is the "[" */

static u_char *
ngx_slack_markdown_named(ngx_slack_markdown_t *md, u_char *p, ngx_uint_t image)
{
    u_char                    *end, *next;
    ngx_str_t                  name;
    ngx_uint_t                 i;
    ngx_slack_markdown_url_t   url;

    if (md->nnames == 0) {
        return NULL;
    }

    end = ngx_slack_markdown_pair_of(p, md->last);
    if (end == NULL) {
        return NULL;
    }

    name.data = p + 1;
    name.len = end - name.data;
    next = end + 1;

    if (next < md->last && *next == '[') {

        next = ngx_slack_markdown_pair_of(next, md->last);
        if (next == NULL) {
            return NULL;
        }

        if (next - end > 2) {
            name.data = end + 2;
            name.len = next - name.data;
        }

        next++;
    }

    for (i = 0; i < md->nnames; i++) {
        if (md->names[i].name.len == name.len
            && ngx_slack_markdown_same(md->names[i].name.data, name.data,
                                       name.len))
        {
            break;
        }
    }

    if (i == md->nnames) {
        return NULL;
    }

    if (!image) {
        return ngx_slack_markdown_write(md, p + 1, end, &md->names[i].url,
                                        next);
    }

    if (ngx_slack_markdown_resolve(md, &md->names[i].url, &url) != NGX_OK
        || url.address)
    {
        return NULL;
    }

    ngx_slack_markdown_image_url(md, &url);

    return next;
}


/* returns the "]" that belongs to the "[" at p; NULL: none that is near */

static u_char *
ngx_slack_markdown_pair_of(u_char *p, u_char *last)
{
    ngx_uint_t  depth;

    if (last - p > NGX_SLACK_MARKDOWN_NAME_MAX) {
        last = p + NGX_SLACK_MARKDOWN_NAME_MAX;
    }

    for (depth = 0; p < last; p++) {

        if (*p == '[') {
            depth++;

        } else if (*p == ']' && --depth == 0) {
            return p;
        }
    }

    return NULL;
}


void
ngx_slack_markdown_names(ngx_slack_markdown_t *md)
{
    u_char                     *p, *line, *last;
    ngx_slack_markdown_url_t    url;
    ngx_slack_markdown_name_t  *name;

    p = md->first;
    last = md->last;

    while (p < last && md->nnames < NGX_SLACK_MARKDOWN_NAMES) {

        p = memchr(p, ']', last - p);

        if (p == NULL || last - p < 2) {
            return;
        }

        p++;

        if (*p != ':') {
            continue;
        }

        /* its line begins with "[" and has no other bracket up to here */

        name = &md->names[md->nnames];
        name->name.data = p - 1;

        for (line = p - 1;
             line > md->first && line[-1] != '[' && line[-1] != ']'
             && line[-1] != LF && p - line < NGX_SLACK_MARKDOWN_NAME_MAX;
             line--)
        {
            /* void */
        }

        if (line == md->first || line[-1] != '[' || line == p - 1
            || *line == '^')
        {
            continue;
        }

        name->name.data = line;
        name->name.len = p - 1 - line;

        for (line--; line > md->first && line[-1] == ' '; line--) {
            /* void */
        }

        if (line > md->first && line[-1] != LF) {
            continue;
        }

        name->line = line;

        for (p++; p < last && (*p == ' ' || *p == '\t'); p++) { /* void */ }

        name->url.data = p;

        while (p < last && *p > ' ') {
            p++;
        }

        name->url.len = p - name->url.data;

        if (name->url.len > 2 && *name->url.data == '<' && p[-1] == '>') {
            name->url.data++;
            name->url.len -= 2;
        }

        if (ngx_slack_markdown_resolve(md, &name->url, &url) != NGX_OK) {
            continue;
        }

        /* a title may follow */

        while (p < last && *p != LF) {
            p++;
        }

        name->next = (p < last) ? p + 1 : p;
        md->nnames++;
    }
}


u_char *
ngx_slack_markdown_autolink(ngx_slack_markdown_t *md, u_char *p)
{
    u_char                    *end, *last;
    ngx_str_t                  src;
    ngx_slack_markdown_url_t   url;

    static ngx_str_t  none = ngx_string("");

    last = (md->last - p > NGX_SLACK_TEXT_URL_MAX)
           ? p + NGX_SLACK_TEXT_URL_MAX : md->last;

    for (end = p + 1; end < last && *end > ' '; end++) {
        if (*end == '>' || *end == '<' || *end == '|' || *end == '`'
            || *end == '"')
        {
            break;
        }
    }

    src.data = p + 1;
    src.len = end - src.data;

    if (end == last || *end != '>' || !ngx_slack_text_linkable(&src)
        || ngx_slack_markdown_resolve(md, &src, &url) != NGX_OK)
    {
        return NULL;
    }

    ngx_slack_markdown_link(md, &url, &none);

    return end + 1;
}
