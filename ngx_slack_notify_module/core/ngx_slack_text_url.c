
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Text for Slack: URLs, and the paths they are composed of.  Runs in any
 * thread if the text has no pool.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_text.h>
#include <ngx_slack_text_private.h>


static ngx_uint_t ngx_slack_text_userinfo(ngx_str_t *url);


static u_char  ngx_slack_text_hex[] = "0123456789ABCDEF";


/* bytes of a URL: AMP is escaped in mrkdwn, DROP percent-encoded */

#define NGX_SLACK_TEXT_URL(at)                                                \
    {                                                                         \
        X16(DROP),                                                            \
        X16(DROP),                                                            \
                                                                              \
        /*  !"#$%&' ()*+,-./ */                                               \
        DROP, COPY, DROP, COPY, COPY, COPY, AMP, COPY,                        \
        X8(COPY),                                                             \
                                                                              \
        /* 01234567 89:;<=>? */                                               \
        X8(COPY),                                                             \
        COPY, COPY, COPY, COPY, DROP, COPY, DROP, COPY,                       \
                                                                              \
        /* @ABCDEFG .. XYZ[\]^_ */                                            \
        at, COPY, COPY, COPY, COPY, COPY, COPY, COPY,                         \
        X8(COPY),                                                             \
        X8(COPY),                                                             \
        COPY, COPY, COPY, COPY, DROP, COPY, COPY, COPY,                       \
                                                                              \
        /* `abcdefg hijklmno */                                               \
        DROP, COPY, COPY, COPY, COPY, COPY, COPY, COPY,                       \
        X8(COPY),                                                             \
                                                                              \
        /* pqrstuvw xyz{|}~ */                                                \
        X8(COPY),                                                             \
        COPY, COPY, COPY, COPY, DROP, COPY, COPY, DROP,                       \
                                                                              \
        X64(DROP),                                                            \
        X64(DROP)                                                             \
    }


static const u_char  ngx_slack_text_in_url[2][256] = {
    NGX_SLACK_TEXT_URL(COPY),
    NGX_SLACK_TEXT_URL(DROP)
};


/* bytes of a path: all but letters, digits and "-./_~" are encoded */

static u_char  ngx_slack_text_in_path[256] = {

    X16(DROP),
    X16(DROP),

    /*  !"#$%&' ()*+,-./ */
    X8(DROP),
    DROP, DROP, DROP, DROP, DROP, COPY, COPY, COPY,

    /* 01234567 89:;<=>? */
    X8(COPY),
    COPY, COPY, DROP, DROP, DROP, DROP, DROP, DROP,

    /* @ABCDEFG .. XYZ[\]^_ */
    DROP, COPY, COPY, COPY, COPY, COPY, COPY, COPY,
    X8(COPY),
    X8(COPY),
    COPY, COPY, COPY, DROP, DROP, DROP, DROP, COPY,

    /* `abcdefg .. xyz{|}~ */
    DROP, COPY, COPY, COPY, COPY, COPY, COPY, COPY,
    X8(COPY),
    X8(COPY),
    COPY, COPY, COPY, DROP, DROP, DROP, COPY, DROP,

    X64(DROP),
    X64(DROP)
};


ngx_uint_t
ngx_slack_text_linkable(ngx_str_t *url)
{
    u_char  *p, *last;

    if (url->len < sizeof("http://x") - 1
        || url->len > NGX_SLACK_TEXT_URL_MAX)
    {
        return 0;
    }

    p = url->data;
    last = p + url->len;

    if ((p[0] | 0x20) != 'h' || (p[1] | 0x20) != 't' || (p[2] | 0x20) != 't'
        || (p[3] | 0x20) != 'p')
    {
        return 0;
    }

    p += 4;

    if ((*p | 0x20) == 's') {
        p++;
    }

    if (last - p < 4 || p[0] != ':' || p[1] != '/' || p[2] != '/') {
        return 0;
    }

    /* a host begins with a letter, a digit, or the "[" of an IPv6 address */

    return (p[3] >= '0' && p[3] <= '9')
           || ((p[3] | 0x20) >= 'a' && (p[3] | 0x20) <= 'z')
           || p[3] == '[' || p[3] >= 0x80;
}


ngx_int_t
ngx_slack_text_encode(ngx_slack_text_t *text, ngx_str_t *url, ngx_uint_t amp)
{
    u_char        *p, *q, *last, *dst, encoded[3];
    size_t         mark;
    const u_char  *classes;

    if (text->guard && ngx_slack_text_userinfo(url)) {
        return NGX_DECLINED;
    }

    classes = ngx_slack_text_in_url[text->guard];
    mark = text->len;
    p = url->data;
    last = p + url->len;

    /* usually nothing has to be encoded */

    if (ngx_slack_text_reserve(text, url->len) != NGX_OK) {
        return NGX_DECLINED;
    }

    /* Slack documents links only with the scheme in lower case */

    dst = text->start + mark;

    while (p < last && *p != ':') {
        *dst++ = ngx_tolower(*p);
        p++;
    }

    text->len = dst - text->start;

    while (p < last) {

        q = ngx_slack_text_skip(p, last, classes);

        ngx_slack_text_append(text, p, q - p);

        if (q == last) {
            break;
        }

        if (*q != '&') {
            encoded[0] = '%';
            encoded[1] = ngx_slack_text_hex[*q >> 4];
            encoded[2] = ngx_slack_text_hex[*q & 0xf];

            ngx_slack_text_append(text, encoded, 3);

        } else if (amp) {
            ngx_slack_text_append(text, (u_char *) "&amp;", 5);

        } else {
            ngx_slack_text_append(text, (u_char *) "&", 1);
        }

        p = q + 1;
    }

    if (text->failed || text->len - mark > NGX_SLACK_TEXT_URL_MAX) {
        ngx_slack_text_rollback(text, mark);
        return NGX_DECLINED;
    }

    return NGX_OK;
}


/*
 * Whether the host of a URL is preceded by a user: this "@" can neither be
 * encoded nor followed by U+200B.
 */

static ngx_uint_t
ngx_slack_text_userinfo(ngx_str_t *url)
{
    u_char               *p;
    ngx_slack_text_at_t   at;

    p = ngx_strlchr(url->data, url->data + url->len, '@');

    if (p == NULL) {
        return 0;
    }

    at.seen = NULL;

    return ngx_slack_text_find(&at, url->data, p) == NGX_SLACK_TEXT_HOST;
}


void
ngx_slack_text_at(ngx_slack_text_t *text, ngx_slack_text_at_t *at,
    u_char *first, u_char *p)
{
    if (ngx_slack_text_find(at, first, p) == NGX_SLACK_TEXT_PATH) {
        ngx_slack_text_lit(text, "%40");

    } else {
        ngx_slack_text_lit(text, "@" NGX_SLACK_TEXT_GUARD);
    }
}


ngx_slack_text_place_e
ngx_slack_text_find(ngx_slack_text_at_t *at, u_char *first, u_char *p)
{
    u_char  *s;

    s = at->seen;

    if (s == NULL) {
        s = first;
        at->place = NGX_SLACK_TEXT_OUTSIDE;
    }

    for ( /* void */ ; s < p; s++) {

        switch (*s) {

        case '<':
        case '>':
        case '"':
        case '`':
        case '|':
        case ')':
        case ']':
            at->place = NGX_SLACK_TEXT_OUTSIDE;
            break;

        case '/':
            if (at->place == NGX_SLACK_TEXT_HOST) {
                at->place = NGX_SLACK_TEXT_PATH;

            } else if (at->place == NGX_SLACK_TEXT_OUTSIDE
                       && s - first >= 2 && s[-1] == '/' && s[-2] == ':')
            {
                at->place = NGX_SLACK_TEXT_HOST;
            }

            break;

        case '?':
        case '#':
            if (at->place == NGX_SLACK_TEXT_HOST) {
                at->place = NGX_SLACK_TEXT_PATH;
            }

            break;

        default:
            if (*s <= ' ') {
                at->place = NGX_SLACK_TEXT_OUTSIDE;
            }

            break;
        }
    }

    at->seen = p;

    return at->place;
}


ngx_int_t
ngx_slack_text_url(ngx_slack_text_t *text, ngx_str_t *url)
{
    if (!ngx_slack_text_linkable(url)) {
        return NGX_DECLINED;
    }

    return ngx_slack_text_encode(text, url, 0);
}


u_char *
ngx_slack_text_escape_path(u_char *dst, u_char *src, size_t len)
{
    while (len--) {

        if (ngx_slack_text_in_path[*src] == COPY) {
            *dst++ = *src++;
            continue;
        }

        *dst++ = '%';
        *dst++ = ngx_slack_text_hex[*src >> 4];
        *dst++ = ngx_slack_text_hex[*src & 0xf];
        src++;
    }

    return dst;
}
