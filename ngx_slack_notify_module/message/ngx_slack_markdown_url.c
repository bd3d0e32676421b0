
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Markup of people: URLs of links and images, and labels that pretend to be
 * one of another host.  Runs in any thread if the text has no pool.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_markdown_private.h>
#include <ngx_slack_equal.h>


static ngx_uint_t ngx_slack_markdown_scheme(ngx_str_t *src);
static ngx_uint_t ngx_slack_markdown_address(ngx_str_t *src);
static ngx_str_t ngx_slack_markdown_before(ngx_str_t *base, ngx_str_t *path);
static ngx_int_t ngx_slack_markdown_compose(ngx_slack_markdown_url_t *url,
    ngx_str_t *before, ngx_uint_t slash, ngx_str_t *src);
static void ngx_slack_markdown_mailto(ngx_slack_markdown_t *md,
    ngx_slack_markdown_url_t *url, ngx_str_t *label);
static ngx_str_t ngx_slack_markdown_host(ngx_str_t *url);
static ngx_uint_t ngx_slack_markdown_pretends(ngx_str_t *label,
    ngx_str_t *host);
static ngx_uint_t ngx_slack_markdown_is_host(ngx_str_t *word);


/* names that end so are files, as long as no scheme says otherwise */

static const ngx_str_t  ngx_slack_markdown_files[] = {
    ngx_string("md"), ngx_string("py"), ngx_string("rs"), ngx_string("sh"),
    ngx_string("pl"), ngx_string("js"), ngx_string("ts"), ngx_string("go"),
    ngx_string("rb"), ngx_string("cc"), ngx_string("hh"), ngx_string("cpp"),
    ngx_string("hpp"), ngx_string("java"), ngx_string("php"),
    ngx_string("css"), ngx_string("html"), ngx_string("json"),
    ngx_string("yml"), ngx_string("yaml"), ngx_string("toml"),
    ngx_string("xml"), ngx_string("txt"), ngx_string("log"),
    ngx_string("conf"), ngx_string("ini"), ngx_string("lock"),
    ngx_string("png"), ngx_string("jpg"), ngx_string("jpeg"),
    ngx_string("gif"), ngx_string("svg"), ngx_string("pdf"),
    ngx_string("csv"), ngx_string("sql"), ngx_string("gz"),
    ngx_null_string
};


ngx_int_t
ngx_slack_markdown_resolve(ngx_slack_markdown_t *md, ngx_str_t *src,
    ngx_slack_markdown_url_t *url)
{
    size_t      i;
    ngx_str_t   rest, before;

    static ngx_str_t  none = ngx_null_string;
    static ngx_str_t  https = ngx_string("https:");

    for (i = 0; i < src->len; i++) {
        if (src->data[i] <= ' ' || src->data[i] == '|'
            || src->data[i] == '<' || src->data[i] == '>'
            || src->data[i] == 0x7f)
        {
            return NGX_DECLINED;
        }
    }

    if (src->len == 0 || src->len > NGX_SLACK_TEXT_URL_MAX
        || src->data[0] == '#' || src->data[0] == '\\')
    {
        return NGX_DECLINED;
    }

    url->address = 0;

    if (ngx_slack_markdown_scheme(src)) {

        if (src->len > 7
            && ngx_slack_markdown_same(src->data, (u_char *) "mailto:", 7))
        {
            if (!ngx_slack_markdown_address(src)) {
                return NGX_DECLINED;
            }

            url->address = 1;

            return ngx_slack_markdown_compose(url, &none, 0, src);
        }

        if (ngx_slack_markdown_compose(url, &none, 0, src) != NGX_OK) {
            return NGX_DECLINED;
        }

        return ngx_slack_text_linkable(&url->url) ? NGX_OK : NGX_DECLINED;
    }

    if (src->len > 2 && src->data[0] == '/' && src->data[1] == '/') {

        if (ngx_slack_markdown_compose(url, &https, 0, src) != NGX_OK) {
            return NGX_DECLINED;
        }

        return ngx_slack_text_linkable(&url->url) ? NGX_OK : NGX_DECLINED;
    }

    if (!ngx_slack_text_linkable(md->base)) {
        return NGX_DECLINED;
    }

    if (src->data[0] == '/') {
        before = ngx_slack_markdown_before(md->base, src);
        return ngx_slack_markdown_compose(url, &before, 0, src);
    }

    rest = *src;

    while (rest.len > 2 && rest.data[0] == '.' && rest.data[1] == '/') {
        rest.data += 2;
        rest.len -= 2;
    }

    return ngx_slack_markdown_compose(url, md->base, rest.data[0] != '?',
                                      &rest);
}


static ngx_uint_t
ngx_slack_markdown_scheme(ngx_str_t *src)
{
    u_char  ch;
    size_t  i;

    for (i = 0; i < src->len; i++) {
        ch = src->data[i];

        if (ch == ':') {
            return 1;
        }

        if (!ngx_slack_markdown_is_alpha(ch)
            && !ngx_slack_markdown_is_digit(ch)
            && ch != '+' && ch != '-' && ch != '.')
        {
            return 0;
        }
    }

    return 0;
}


/* whether there is one plain address behind "mailto:" */

static ngx_uint_t
ngx_slack_markdown_address(ngx_str_t *src)
{
    u_char  *p, *at, *last;

    at = NULL;
    last = src->data + src->len;

    for (p = src->data + 7; p < last && *p != '?'; p++) {

        if (*p == '@' && at == NULL && p > src->data + 7) {
            at = p;
            continue;
        }

        if (!ngx_slack_markdown_is_alpha(*p)
            && !ngx_slack_markdown_is_digit(*p)
            && *p != '.' && *p != '-' && *p != '_' && *p != '+')
        {
            return 0;
        }
    }

    return at && p > at + 1;
}


/*
 * What precedes a path that begins with a slash.  A path that begins with the
 * project's, or with GitLab's "/-/", is one of the host; any other, such as
 * "/uploads/", one of the project.
 */

static ngx_str_t
ngx_slack_markdown_before(ngx_str_t *base, ngx_str_t *path)
{
    u_char     *p, *last;
    ngx_str_t   own, origin;

    last = base->data + base->len;

    p = ngx_strlchr(base->data, last, ':');
    p = p ? ngx_strlchr(ngx_min(p + 3, last), last, '/') : NULL;

    if (p == NULL) {
        return *base;
    }

    own.data = p;
    own.len = last - p;

    origin.data = base->data;
    origin.len = p - base->data;

    if (own.len && own.data[own.len - 1] == '/') {
        own.len--;
    }

    if (path->len > own.len && path->data[own.len] == '/'
        && ngx_memcmp(path->data, own.data, own.len) == 0)
    {
        return origin;
    }

    if (path->len > 3 && ngx_memcmp(path->data, "/-/", 3) == 0) {
        return origin;
    }

    return *base;
}


/* also turns "&amp;" into "&", as both Markdown and HTML do */

static ngx_int_t
ngx_slack_markdown_compose(ngx_slack_markdown_url_t *url, ngx_str_t *before,
    ngx_uint_t slash, ngx_str_t *src)
{
    u_char  *p, *last, *dst;
    size_t   len;

    len = before->len;

    if (len && before->data[len - 1] == '/') {
        len--;
    }

    if (len + slash + src->len > NGX_SLACK_TEXT_URL_MAX) {
        return NGX_DECLINED;
    }

    dst = url->buf;

    if (len) {
        dst = ngx_cpymem(dst, before->data, len);
    }

    if (slash) {
        *dst++ = '/';
    }

    p = src->data;
    last = p + src->len;

    while (p < last) {
        *dst++ = *p;

        p += (last - p >= 5 && ngx_memcmp(p, "&amp;", 5) == 0) ? 5 : 1;
    }

    url->url.data = url->buf;
    url->url.len = dst - url->buf;

    return NGX_OK;
}


void
ngx_slack_markdown_image_url(ngx_slack_markdown_t *md,
    ngx_slack_markdown_url_t *url)
{
    ngx_slack_text_label(md->text, &url->url, NGX_SLACK_TEXT_URL_MAX);
}


void
ngx_slack_markdown_link(ngx_slack_markdown_t *md,
    ngx_slack_markdown_url_t *url, ngx_str_t *label)
{
    size_t             mark;
    ngx_str_t          host;
    ngx_slack_text_t  *text;

    if (url->address) {
        ngx_slack_markdown_mailto(md, url, label);
        return;
    }

    text = md->text;
    mark = text->len;

    ngx_slack_text_link(text, &url->url, label,
                        NGX_SLACK_MARKDOWN_LABEL_MAX);

    if (text->full || text->len == mark || text->start[mark] != '<') {
        return;
    }

    host = ngx_slack_markdown_host(&url->url);

    if (ngx_slack_markdown_pretends(label, &host)) {

        ngx_slack_text_lit(text, " (");
        ngx_slack_text_label(text, &host, NGX_SLACK_MARKDOWN_LABEL_MAX);
        ngx_slack_text_lit(text, ")");

        if (text->full) {

            /* rather no link than one that pretends */

            ngx_slack_text_rollback(text, mark);
            ngx_slack_text_label(text, label, NGX_SLACK_MARKDOWN_LABEL_MAX);
            return;
        }
    }

    md->whole = text->len;
}


/*
 * Appends a link to an address.  A receiver that rings for "@" gets the
 * address as text.
 */

static void
ngx_slack_markdown_mailto(ngx_slack_markdown_t *md,
    ngx_slack_markdown_url_t *url, ngx_str_t *label)
{
    ngx_str_t  address;

    address.data = url->url.data + 7;
    address.len = url->url.len - 7;

    if (!md->text->guard && !md->text->plain
        && ngx_slack_text_mailto(md->text, &url->url, label,
                               NGX_SLACK_MARKDOWN_LABEL_MAX)
           == NGX_OK)
    {
        md->whole = md->text->len;

        if (ngx_strlchr(label->data, label->data + label->len, '@') == NULL) {
            return;
        }

    } else {
        ngx_slack_text_label(md->text, label, NGX_SLACK_MARKDOWN_LABEL_MAX);
    }

    if (ngx_slack_equal(label, &address)) {
        return;
    }

    if (label->len) {
        ngx_slack_text_lit(md->text, " ");
    }

    ngx_slack_text_lit(md->text, "(");
    ngx_slack_text_label(md->text, &address, NGX_SLACK_MARKDOWN_LABEL_MAX);
    ngx_slack_text_lit(md->text, ")");
}


/* the host of an absolute URL, without user and port */

static ngx_str_t
ngx_slack_markdown_host(ngx_str_t *url)
{
    u_char     *p, *last;
    ngx_str_t   host;

    p = url->data;
    last = p + url->len;

    while (p < last && *p != ':') {
        p++;
    }

    p = ngx_min(p + 3, last);
    host.data = p;

    for ( /* void */ ; p < last && *p != '/' && *p != '?' && *p != '#'; p++) {
        if (*p == '@') {
            host.data = p + 1;
        }
    }

    host.len = p - host.data;

    p = (host.len && *host.data == '[') ? NULL
        : ngx_strlchr(host.data, host.data + host.len, ':');

    if (p) {
        host.len = p - host.data;
    }

    return host;
}


/*
 * Whether a label names a host that is not the one of the URL: behind a
 * scheme, or as a word that looks like the name of one.
 */

static ngx_uint_t
ngx_slack_markdown_pretends(ngx_str_t *label, ngx_str_t *host)
{
    u_char      *p, *last;
    ngx_str_t    word, own;
    ngx_uint_t   scheme;

    own = *host;

    if (own.len > 4
        && ngx_slack_markdown_same(own.data, (u_char *) "www.", 4))
    {
        own.data += 4;
        own.len -= 4;
    }

    p = label->data;
    last = p + label->len;
    scheme = 0;

    while (p < last) {

        word.data = p;

        while (p < last
               && (ngx_slack_markdown_is_alpha(*p)
                   || ngx_slack_markdown_is_digit(*p)
                   || *p == '.' || *p == '-' || *p == '_' || *p >= 0x80))
        {
            p++;
        }

        word.len = p - word.data;

        if (word.len == 0) {
            p++;
            continue;
        }

        if (last - p >= 3 && p[0] == ':' && p[1] == '/' && p[2] == '/') {
            scheme = 1;
            p += 3;
            continue;
        }

        while (word.len && word.data[word.len - 1] == '.') {
            word.len--;
        }

        if (scheme || ngx_slack_markdown_is_host(&word)) {

            if (word.len > 4
                && ngx_slack_markdown_same(word.data, (u_char *) "www.", 4))
            {
                word.data += 4;
                word.len -= 4;
            }

            if (word.len != own.len
                || !ngx_slack_markdown_same(word.data, own.data, own.len))
            {
                return 1;
            }
        }

        /* what follows a host is its path */

        if (scheme && (p == last || *p != '@')) {
            scheme = 0;

            while (p < last && *p > ' ') {
                p++;
            }
        }
    }

    return 0;
}


static ngx_uint_t
ngx_slack_markdown_is_host(ngx_str_t *word)
{
    u_char           *p, *last, *dot;
    size_t            len;
    const ngx_str_t  *file;

    dot = NULL;
    last = word->data + word->len;

    for (p = word->data; p < last; p++) {

        if (*p == '.') {
            dot = p;
            continue;
        }

        /* browsers take U+3002, U+FF0E and U+FF61 for dots, too */

        if (last - p >= 3
            && (ngx_memcmp(p, "\xe3\x80\x82", 3) == 0
                || ngx_memcmp(p, "\xef\xbc\x8e", 3) == 0
                || ngx_memcmp(p, "\xef\xbd\xa1", 3) == 0))
        {
            return 1;
        }
    }

    if (dot == NULL || dot == word->data) {
        return 0;
    }

    dot++;
    len = last - dot;

    if (len >= 4 && ngx_slack_markdown_same(dot, (u_char *) "xn--", 4)) {
        return 1;
    }

    if (len < 2) {
        return 0;
    }

    for (p = dot; p < last; p++) {
        if (!ngx_slack_markdown_is_alpha(*p) && *p < 0x80) {
            return 0;
        }
    }

    for (file = ngx_slack_markdown_files; file->len; file++) {
        if (file->len == len
            && ngx_slack_markdown_same(file->data, dot, len))
        {
            return 0;
        }
    }

    return 1;
}
