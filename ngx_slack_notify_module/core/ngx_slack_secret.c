
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The only place where secrets are hidden: URLs of webhooks, credentials of
 * proxies, tokens and signing secrets.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_secret.h>
#include <ngx_slack_sign.h>


/* bytes; hiding anything shorter would hide too much */

#define NGX_SLACK_SECRET_MIN   6

#define NGX_SLACK_CREDENTIALS  192          /* bytes, a multiple of 3 */


static u_char *ngx_slack_secret_authority(ngx_str_t *url);
static void ngx_slack_secret_hide_basic(u_char *text, size_t len,
    u_char *user, size_t n);
static void ngx_slack_secret_mask(u_char *text, size_t len, u_char *secret,
    size_t n);


static ngx_str_t  ngx_slack_secret_hidden = ngx_string("(hidden)");

/* Slack's tokens; signing secrets of Standard Webhooks */

static ngx_str_t  ngx_slack_secret_prefixes[] = {
    ngx_string("xoxa-"),
    ngx_string("xoxb-"),
    ngx_string("xoxc-"),
    ngx_string("xoxd-"),
    ngx_string("xoxe-"),
    ngx_string("xoxe."),
    ngx_string("xoxp-"),
    ngx_string("xoxr-"),
    ngx_string("xoxs-"),
    ngx_string("xapp-"),
    ngx_string("whsec_"),
    ngx_null_string
};


void
ngx_slack_secret_hide(u_char *text, size_t len, ngx_str_t *url)
{
    u_char  *p, *last, *start, *user;

    if (url->len == 0 || len < NGX_SLACK_SECRET_MIN) {
        return;
    }

    last = url->data + url->len;

    /*
     * Scheme and host are not secret, but user and password before the host
     * are.
     */

    user = ngx_slack_secret_authority(url);

    for (start = user, p = user; p < last && *p != '/'; p++) {

        if (*p == '@') {
            ngx_slack_secret_mask(text, len, start, p - start);
            ngx_slack_secret_hide_basic(text, len, user, p - user);
            start = p + 1;

        } else if (*p == ':') {
            /*
             * Without an '@' behind it this is a port, too short to be hidden.
             */
            start = p + 1;
        }
    }

    for (start = p; p <= last; p++) {

        if (p < last && *p != '/' && *p != '?' && *p != '&' && *p != '=') {
            continue;
        }

        if ((size_t) (p - start) != sizeof("services") - 1
            || ngx_memcmp(start, "services", sizeof("services") - 1) != 0)
        {
            ngx_slack_secret_mask(text, len, start, p - start);
        }

        start = p + 1;
    }
}


void
ngx_slack_secret_hide_token(u_char *text, size_t len, ngx_str_t *token)
{
    u_char  *p, *last;

    if (token->len == 0 || len < NGX_SLACK_SECRET_MIN) {
        return;
    }

    last = token->data + token->len;

    for (p = last; p > token->data && p[-1] != '-'; p--) { /* void */ }

    /* a text without the token's last part has no whole token either */

    if (last - p >= NGX_SLACK_SECRET_MIN
        && memmem(text, len, p, (size_t) (last - p)) == NULL)
    {
        return;
    }

    ngx_slack_secret_mask(text, len, token->data, token->len);
    ngx_slack_secret_mask(text, len, p, last - p);
}


ngx_str_t *
ngx_slack_secret_word(ngx_str_t *word)
{
    ngx_str_t  *prefix;

    if (memmem(word->data, word->len, "://", 3)) {
        return &ngx_slack_secret_hidden;
    }

    for (prefix = ngx_slack_secret_prefixes; prefix->len; prefix++) {

        if (word->len >= prefix->len
            && ngx_memcmp(word->data, prefix->data, prefix->len) == 0)
        {
            return &ngx_slack_secret_hidden;
        }
    }

    return word;
}


ngx_str_t
ngx_slack_secret_host(ngx_str_t *url)
{
    u_char     *p, *last;
    ngx_str_t   host;

    last = url->data + url->len;
    host.data = ngx_slack_secret_authority(url);

    for (p = host.data; p < last && *p != '/' && *p != '?'; p++) {
        if (*p == '@') {
            host.data = p + 1;
        }
    }

    host.len = p - host.data;

    return host;
}


/* Where user, password and host begin; a proxy may have no scheme. */

static u_char *
ngx_slack_secret_authority(ngx_str_t *url)
{
    u_char  *p;

    p = (u_char *) memmem(url->data, url->len, "://", 3);

    return p ? p + 3 : url->data;
}


/* Hides percent-encoded credentials in the form of "Authorization: Basic". */

static void
ngx_slack_secret_hide_basic(u_char *text, size_t len, u_char *user, size_t n)
{
    size_t     size;
    u_char    *p, *last;
    u_char     plain[NGX_SLACK_CREDENTIALS];
    u_char     encoded[NGX_SLACK_CREDENTIALS / 3 * 4 + 1];
    ngx_int_t  byte;

    last = user + n;
    size = 0;

    for (p = user; p < last && size < NGX_SLACK_CREDENTIALS; p++) {

        if (*p == '%' && last - p > 2) {
            byte = ngx_hextoi(p + 1, 2);

            if (byte != NGX_ERROR) {
                plain[size++] = (u_char) byte;
                p += 2;
                continue;
            }
        }

        plain[size++] = *p;
    }

    /*
     * Use whole groups of 3 bytes only: the encoding of further bytes depends
     * on what follows them.
     */

    size = size / 3 * 3;

    ngx_slack_secret_mask(text, len, encoded,
                         ngx_slack_base64(encoded, plain, size));
}


static void
ngx_slack_secret_mask(u_char *text, size_t len, u_char *secret, size_t n)
{
    u_char  *p, *last;

    if (n < NGX_SLACK_SECRET_MIN || len < n) {
        return;
    }

    last = text + len;

    while ((p = (u_char *) memmem(text, (size_t) (last - text), secret, n))
           != NULL)
    {
        ngx_memset(p, '*', n);
        text = p + n;
    }
}
