
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Strings of JSON, for the reader (ngx_slack_json.c) only: yajl reads those
 * with an escape, the others are their own text.
 */


#ifndef _NGX_SLACK_JSON_DECODE_H_INCLUDED_
#define _NGX_SLACK_JSON_DECODE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <yajl/yajl_parse.h>


/*
 * Zeroed: yajl's parser is made when it is first needed, and serves all
 * documents: each string is given to it whole.
 */

typedef struct {
    yajl_handle               yajl;
    ngx_str_t                 text;      /* the string read last */
} ngx_slack_json_decoder_t;


/* with its quotes, well formed, with a backslash; NGX_ERROR: no memory */

ngx_int_t ngx_slack_json_unescape(ngx_slack_json_decoder_t *decoder,
    u_char *token, size_t len, ngx_str_t *text);

void ngx_slack_json_decode_done(ngx_slack_json_decoder_t *decoder);


/*
 * A string with its quotes, well formed; the text is the token's or yajl's,
 * valid until the next call.  NGX_ERROR: no memory.
 */

static ngx_inline ngx_int_t
ngx_slack_json_decode(ngx_slack_json_decoder_t *decoder, u_char *token,
    size_t len, ngx_uint_t escaped, ngx_str_t *text)
{
    if (escaped) {
        return ngx_slack_json_unescape(decoder, token, len, text);
    }

    text->data = token + 1;
    text->len = len - 2;

    return NGX_OK;
}


#endif /* _NGX_SLACK_JSON_DECODE_H_INCLUDED_ */
