
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Tokens that come in pieces (see the header).  Runs in any thread, also in
 * unit programs and fuzzers.
 */


#include <ngx_slack_json_token.h>


#define NGX_SLACK_JSON_TOKEN_SIZE  4096


/* parts of a number */

enum {
    NGX_SLACK_JSON_NO_DIGIT = 0,
    NGX_SLACK_JSON_SIGN,
    NGX_SLACK_JSON_ZERO,
    NGX_SLACK_JSON_INTEGER,
    NGX_SLACK_JSON_POINT,
    NGX_SLACK_JSON_FRACTION,
    NGX_SLACK_JSON_E,
    NGX_SLACK_JSON_E_SIGN,
    NGX_SLACK_JSON_EXPONENT
};


static size_t ngx_slack_json_token_broken(u_char *data, size_t len);


ngx_int_t
ngx_slack_json_token_gather(ngx_slack_json_token_t *token, u_char *data,
    size_t len, ngx_log_t *log)
{
    size_t   size;
    u_char  *gathered;

    if (token->cut || len == 0) {
        return NGX_OK;
    }

    if (len > NGX_SLACK_JSON_TOKEN_MAX - token->len) {
        len = NGX_SLACK_JSON_TOKEN_MAX - token->len;
        token->cut = 1;
    }

    size = token->len + len + 1;

    if (size > token->allocated) {
        size = ngx_max(size * 2, NGX_SLACK_JSON_TOKEN_SIZE);

        gathered = ngx_alloc(size, log);
        if (gathered == NULL) {
            return NGX_ERROR;
        }

        if (token->data) {
            ngx_memcpy(gathered, token->data, token->len);
            ngx_slack_json_token_free(token);
        }

        token->data = gathered;
        token->allocated = size;
    }

    ngx_memcpy(token->data + token->len, data, len);
    token->len += len;

    if (token->cut) {

        /* only strings are that long */

        token->len -= ngx_slack_json_token_broken(token->data, token->len);
        token->data[token->len++] = '"';
    }

    return NGX_OK;
}


void
ngx_slack_json_token_reset(ngx_slack_json_token_t *token)
{
    token->len = 0;
    token->cut = 0;
}


void
ngx_slack_json_token_free(ngx_slack_json_token_t *token)
{
    if (token->data) {
        ngx_free(token->data);
        token->data = NULL;
    }
}


/* returns the length of an incomplete escape at the end */

static size_t
ngx_slack_json_token_broken(u_char *data, size_t len)
{
    size_t  n, slashes;

    for (n = 1; n < 6; n++) {

        if (data[len - n] != '\\') {
            continue;
        }

        for (slashes = 1; data[len - n - slashes] == '\\'; slashes++) {
            /* void */
        }

        if (slashes % 2 == 0) {

            /* escaped backslashes */

            return 0;
        }

        return (n == 1 || data[len - n + 1] == 'u') ? n : 0;
    }

    return 0;
}


void
ngx_slack_json_number_begin(ngx_slack_json_number_t *number)
{
    number->part = NGX_SLACK_JSON_NO_DIGIT;
    number->len = 0;
}


ngx_int_t
ngx_slack_json_number(ngx_slack_json_number_t *number, u_char **pos,
    u_char *last)
{
    u_char      ch, *p;
    ngx_uint_t  digit, part;

    part = number->part;

    for (p = *pos; p < last; p++) {

        ch = *p;
        digit = (ch >= '0' && ch <= '9');

        switch (part) {

        case NGX_SLACK_JSON_NO_DIGIT:

            if (ch == '-') {
                part = NGX_SLACK_JSON_SIGN;
                continue;
            }

            /* fall through */

        case NGX_SLACK_JSON_SIGN:

            if (!digit) {
                goto bad;
            }

            part = (ch == '0') ? NGX_SLACK_JSON_ZERO : NGX_SLACK_JSON_INTEGER;
            continue;

        case NGX_SLACK_JSON_INTEGER:

            if (digit) {
                continue;
            }

            /* fall through */

        case NGX_SLACK_JSON_ZERO:

            if (ch == '.') {
                part = NGX_SLACK_JSON_POINT;
                continue;
            }

            if (ch == 'e' || ch == 'E') {
                part = NGX_SLACK_JSON_E;
                continue;
            }

            break;

        case NGX_SLACK_JSON_POINT:

            if (!digit) {
                goto bad;
            }

            part = NGX_SLACK_JSON_FRACTION;
            continue;

        case NGX_SLACK_JSON_FRACTION:

            if (digit) {
                continue;
            }

            if (ch == 'e' || ch == 'E') {
                part = NGX_SLACK_JSON_E;
                continue;
            }

            break;

        case NGX_SLACK_JSON_E:

            if (ch == '+' || ch == '-') {
                part = NGX_SLACK_JSON_E_SIGN;
                continue;
            }

            /* fall through */

        case NGX_SLACK_JSON_E_SIGN:

            if (!digit) {
                goto bad;
            }

            part = NGX_SLACK_JSON_EXPONENT;
            continue;

        default: /* NGX_SLACK_JSON_EXPONENT */

            if (digit) {
                continue;
            }
        }

        break;
    }

    number->part = part;
    number->len += p - *pos;

    *pos = p;

    return NGX_OK;

bad:

    *pos = p + 1;

    return NGX_DECLINED;
}


ngx_uint_t
ngx_slack_json_number_long(ngx_slack_json_number_t *number)
{
    return number->len > NGX_SLACK_JSON_NUMBER_MAX;
}


ngx_uint_t
ngx_slack_json_number_whole(ngx_slack_json_number_t *number)
{
    return number->part == NGX_SLACK_JSON_ZERO
           || number->part == NGX_SLACK_JSON_INTEGER
           || number->part == NGX_SLACK_JSON_FRACTION
           || number->part == NGX_SLACK_JSON_EXPONENT;
}
