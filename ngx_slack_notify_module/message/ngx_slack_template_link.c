
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Writes what of templates may be markup: links, and values that are words of
 * the operator themselves.  Runs in the event loop.
 */


#include <ngx_slack_template_private.h>


#define NGX_SLACK_TEMPLATE_LABEL  500        /* code points */


static void ngx_slack_template_link_to(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label, ngx_uint_t own);
static ngx_uint_t ngx_slack_template_address(ngx_str_t *url);
static void ngx_slack_template_url(ngx_slack_template_writer_t *w,
    ngx_array_t *parts);
static void ngx_slack_template_label(ngx_slack_template_writer_t *w,
    ngx_array_t *parts);
static ngx_str_t ngx_slack_template_own(ngx_slack_template_writer_t *w,
    ngx_uint_t variable);


void
ngx_slack_template_anchor(ngx_slack_template_writer_t *w,
    ngx_slack_template_part_t *part)
{
    ngx_str_t                   url, label;
    ngx_slack_template_part_t  *first;

    ngx_slack_text_reset(&w->url, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_text_reset(&w->label, NGX_SLACK_TEXT_NO_LIMIT);

    ngx_slack_template_url(w, part->url);

    if (part->label) {
        ngx_slack_template_label(w, part->label);
    }

    url.data = w->url.start;
    url.len = w->url.len;
    label.data = w->label.start;
    label.len = w->label.len;

    first = part->url->elts;

    ngx_slack_template_link_to(w->text, &url, &label,
                               first->kind == NGX_SLACK_TEMPLATE_TEXT);
}


/*
 * Where there is no label, a value that cannot be a link is shown as it is.
 * "own": the operator says what kind of link it is.
 */

static void
ngx_slack_template_link_to(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label, ngx_uint_t own)
{
    size_t  mark;

    if (own && ngx_slack_template_address(url) && !text->guard
        && ngx_slack_text_mailto(text, url, label, NGX_SLACK_TEMPLATE_LABEL)
           == NGX_OK)
    {
        return;
    }

    mark = text->len;

    ngx_slack_text_link(text, url, label, NGX_SLACK_TEMPLATE_LABEL);

    if (text->len == mark && !text->full) {
        ngx_slack_text_label(text, url, NGX_SLACK_TEMPLATE_LABEL);
    }
}


/* Whether it is the URL of an address, "mailto:jane@example.com". */

static ngx_uint_t
ngx_slack_template_address(ngx_str_t *url)
{
    u_char  *p, *last;

    p = url->data + sizeof("mailto:") - 1;
    last = url->data + url->len;

    if (url->len <= sizeof("mailto:@") - 1
        || ngx_strncmp(url->data, "mailto:", sizeof("mailto:") - 1) != 0)
    {
        return 0;
    }

    for ( /* void */ ; p < last && *p != '@'; p++) {
        if (*p == '/' || *p == '?' || *p == '#') {
            return 0;
        }
    }

    return p < last - 1 && p > url->data + sizeof("mailto:") - 1;
}


/*
 * A value at the beginning of a URL is a URL itself, any other is a part of
 * it, in which nothing may count that would begin another part.
 */

static void
ngx_slack_template_url(ngx_slack_template_writer_t *w, ngx_array_t *parts)
{
    u_char                     *p, *at;
    ngx_str_t                   value;
    ngx_uint_t                  i;
    ngx_slack_template_part_t  *part;

    part = parts->elts;

    for (i = 0; i < parts->nelts; i++) {

        if (part[i].kind == NGX_SLACK_TEMPLATE_TEXT) {
            ngx_slack_text_append(&w->url, part[i].text.data,
                                  part[i].text.len);
            continue;
        }

        value = ngx_slack_template_own(w, part[i].variable);

        if (value.len == 0) {
            continue;
        }

        /* a longer URL is no link */

        value.len = ngx_slack_text_prefix(value.data, value.len,
                                          NGX_SLACK_TEXT_URL_MAX + 1);

        if (i == 0) {
            ngx_slack_text_append(&w->url, value.data, value.len);
            continue;
        }

        if (ngx_slack_text_reserve(&w->url, 3 * value.len) != NGX_OK) {
            return;
        }

        p = w->url.start + w->url.len;
        at = NULL;

        if (w->url.len == sizeof("mailto:") - 1 && *w->url.start == 'm') {
            at = ngx_strlchr(value.data, value.data + value.len, '@');
        }

        if (at) {
            p = ngx_slack_text_escape_path(p, value.data, at - value.data);
            *p++ = '@';

            value.len -= at + 1 - value.data;
            value.data = at + 1;
        }

        w->url.len = ngx_slack_text_escape_path(p, value.data, value.len)
                     - w->url.start;
    }
}


static void
ngx_slack_template_label(ngx_slack_template_writer_t *w, ngx_array_t *parts)
{
    ngx_str_t                   value;
    ngx_uint_t                  i;
    ngx_slack_template_part_t  *part;

    part = parts->elts;

    for (i = 0; i < parts->nelts; i++) {

        if (part[i].kind == NGX_SLACK_TEMPLATE_TEXT) {
            ngx_slack_text_append(&w->label, part[i].text.data,
                                  part[i].text.len);
            continue;
        }

        value = ngx_slack_template_own(w, part[i].variable);

        ngx_slack_text_append(&w->label, value.data, value.len);
    }
}


/*
 * The value of a variable in a link.  Where values are words of the operator,
 * those of senders come escaped and with a mark.
 */

static ngx_str_t
ngx_slack_template_own(ngx_slack_template_writer_t *w, ngx_uint_t variable)
{
    size_t     n;
    ngx_str_t  value;

    value = w->values[variable];
    n = sizeof(NGX_SLACK_TEMPLATE_FOREIGN) - 1;

    if (w->template->words && value.len >= n
        && ngx_memcmp(value.data, NGX_SLACK_TEMPLATE_FOREIGN, n) == 0)
    {
        value.data += n;
        value.len -= n;
    }

    return value;
}


void
ngx_slack_template_words(ngx_slack_template_writer_t *w, ngx_str_t *value)
{
    size_t                      len;
    u_char                     *p, *q, *end, *last;
    ngx_str_t                   s;
    ngx_slack_text_t           *text;
    ngx_slack_template_token_t  token;

    text = w->text;
    p = value->data;
    last = p + value->len;

    while (p < last && !text->full) {

        for (q = p; q < last && strchr("<>&\xe2", *q) == NULL; q++) {
            /* void */
        }

        if (q > p) {
            s.data = p;
            s.len = q - p;
            ngx_slack_text_verbatim(text, &s, s.len);
            p = q;
            continue;
        }

        if (*p == '>') {
            ngx_slack_text_lit(text, "&gt;");
            p++;
            continue;
        }

        if (*p == 0xe2) {
            len = ngx_min(3, last - p);

            if (len < 3
                || ngx_memcmp(p, NGX_SLACK_TEMPLATE_FOREIGN, len) != 0)
            {
                ngx_slack_text_raw(text, p, len);
            }

            p += len;
            continue;
        }

        if (*p == '&') {
            len = ngx_slack_template_entity(p, last);

            if (len) {
                ngx_slack_text_raw(text, p, len);

            } else {
                ngx_slack_text_lit(text, "&amp;");
                len = 1;
            }

            p += len;
            continue;
        }

        end = ngx_strlchr(p, last, '>');

        if (end == NULL || ngx_slack_template_token(p, end, &token) != NGX_OK)
        {
            ngx_slack_text_lit(text, "&lt;");
            p++;
            continue;
        }

        if (token.kind == NGX_SLACK_TEMPLATE_MENTION) {
            ngx_slack_text_raw(text, token.whole.data, token.whole.len);

        } else {
            ngx_slack_text_reset(&w->url, NGX_SLACK_TEXT_NO_LIMIT);
            ngx_slack_text_reset(&w->label, NGX_SLACK_TEXT_NO_LIMIT);

            if (ngx_slack_text_reserve(&w->url, token.url.len) != NGX_OK
                || ngx_slack_text_reserve(&w->label, token.label.len)
                   != NGX_OK)
            {
                return;
            }

            s.data = w->url.start;
            s.len = ngx_slack_template_decode(s.data, token.url.data,
                                              token.url.data + token.url.len)
                    - s.data;

            token.url = s;

            if (token.label.data) {
                s.data = w->label.start;
                s.len = ngx_slack_template_decode(s.data, token.label.data,
                                                  token.label.data
                                                  + token.label.len)
                        - s.data;

                token.label = s;
            }

            ngx_slack_template_link_to(text, &token.url, &token.label, 1);
        }

        p = end + 1;
    }
}
