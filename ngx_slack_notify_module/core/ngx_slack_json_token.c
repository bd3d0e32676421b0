
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The token a piece ends in (see the header).  yajl does not tell of it, but
 * it is the rest of the piece after the last token that yajl told of.  Knows
 * nothing of yajl, which checks what is given to it.  Runs in the event loop,
 * and where a unit program calls it.
 */


#include <ngx_slack_json_token.h>


/*
 * of a string as it is written, after which it is cut: whatever it decodes to
 * (six bytes of an escape to one) is more than what is kept
 */
#define NGX_SLACK_JSON_TOKEN_MAX   (6 * NGX_SLACK_JSON_STRING_MAX + 64)

#define NGX_SLACK_JSON_TOKEN_SIZE  4096


enum {
    NGX_SLACK_JSON_BETWEEN = 0,
    NGX_SLACK_JSON_IN_STRING,
    NGX_SLACK_JSON_IN_ESCAPE,
    NGX_SLACK_JSON_IN_HEX,
    NGX_SLACK_JSON_IN_OTHER              /* number, true, false, null */
};


static u_char *ngx_slack_json_token_scan(ngx_slack_json_token_t *token,
    u_char *p, u_char *last);
static ngx_int_t ngx_slack_json_token_gather(ngx_slack_json_token_t *token,
    u_char *data, size_t len, ngx_log_t *log);


ngx_int_t
ngx_slack_json_token_watch(ngx_slack_json_token_t *token, u_char *data,
    size_t len, ssize_t whole)
{
    u_char  *p, *last;

    p = data;
    last = data + len;

    if (whole >= 0) {
        p += whole;
        token->state = NGX_SLACK_JSON_BETWEEN;
    }

    if (token->state == NGX_SLACK_JSON_BETWEEN) {

        while (p < last
               && (*p == ' ' || *p == LF || *p == CR || *p == '\t'
                   || *p == ',' || *p == ':'))
        {
            p++;
        }

        if (p == last) {
            return NGX_OK;
        }

        token->state = (*p == '"') ? NGX_SLACK_JSON_IN_STRING
                                   : NGX_SLACK_JSON_IN_OTHER;
        token->length = 0;
    }

    token->length += last - p;

    if (token->state == NGX_SLACK_JSON_IN_OTHER) {
        return token->length > NGX_SLACK_JSON_NUMBER_MAX ? NGX_DECLINED
                                                         : NGX_OK;
    }

    (void) ngx_slack_json_token_scan(token, p + 1, last);

    token->string = 1;

    return NGX_OK;
}


ngx_int_t
ngx_slack_json_token_take(ngx_slack_json_token_t *token, u_char *data,
    size_t *len, ngx_log_t *log)
{
    u_char  *p, *last, *kept;

    last = data + *len;
    kept = data;

    if (!token->cut) {

        /* an escape is not cut in its midst */

        for ( /* void */ ; kept < last; kept++) {

            if (token->length >= NGX_SLACK_JSON_TOKEN_MAX
                && token->state == NGX_SLACK_JSON_IN_STRING)
            {
                token->cut = 1;
                token->ready = 1;
                break;
            }

            if (ngx_slack_json_token_scan(token, kept, kept + 1) == kept) {
                break;
            }

            token->length++;
        }

        if (ngx_slack_json_token_gather(token, data, kept - data, log)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    p = ngx_slack_json_token_scan(token, kept, last);

    if (p < last) {

        /* the quote */

        token->state = NGX_SLACK_JSON_BETWEEN;
        token->ready = 1;
        token->string = 0;
        token->cut = 0;
    }

    *len = p - data;

    return NGX_OK;
}


void
ngx_slack_json_token_given(ngx_slack_json_token_t *token)
{
    token->size = 0;
    token->ready = 0;
}


void
ngx_slack_json_token_free(ngx_slack_json_token_t *token)
{
    if (token->rest) {
        ngx_free(token->rest);
        token->rest = NULL;
    }
}


/* follows a string; returns where it closes, or last */

static u_char *
ngx_slack_json_token_scan(ngx_slack_json_token_t *token, u_char *p,
    u_char *last)
{
    for ( /* void */ ; p < last; p++) {

        switch (token->state) {

        case NGX_SLACK_JSON_IN_ESCAPE:
            token->state = NGX_SLACK_JSON_IN_STRING;

            if (*p == 'u') {
                token->state = NGX_SLACK_JSON_IN_HEX;
                token->hex = 4;
            }

            break;

        case NGX_SLACK_JSON_IN_HEX:

            if (--token->hex == 0) {
                token->state = NGX_SLACK_JSON_IN_STRING;
            }

            break;

        default: /* NGX_SLACK_JSON_IN_STRING */

            if (*p == '"') {
                return p;
            }

            if (*p == '\\') {
                token->state = NGX_SLACK_JSON_IN_ESCAPE;
            }

            break;
        }
    }

    return last;
}


static ngx_int_t
ngx_slack_json_token_gather(ngx_slack_json_token_t *token, u_char *data,
    size_t len, ngx_log_t *log)
{
    size_t   size;
    u_char  *rest;

    if (len == 0) {
        return NGX_OK;
    }

    if (token->size + len > token->allocated) {

        size = ngx_max(token->allocated, NGX_SLACK_JSON_TOKEN_SIZE);

        while (size < token->size + len) {
            size *= 2;
        }

        rest = ngx_alloc(size, log);
        if (rest == NULL) {
            return NGX_ERROR;
        }

        if (token->rest) {
            ngx_memcpy(rest, token->rest, token->size);
            ngx_slack_json_token_free(token);
        }

        token->rest = rest;
        token->allocated = size;
    }

    ngx_memcpy(token->rest + token->size, data, len);
    token->size += len;

    return NGX_OK;
}
