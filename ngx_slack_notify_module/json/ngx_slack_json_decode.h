
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Decodes JSON strings, for the readers of this folder only: yajl decodes
 * strings with an escape, all others are their own text.
 */


#ifndef _NGX_SLACK_JSON_DECODE_H_INCLUDED_
#define _NGX_SLACK_JSON_DECODE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <yajl/yajl_parse.h>


/*
 * A decoder, zeroed by the caller and used by one thread.  yajl's parser is
 * created when it is first needed and serves all documents, since it always
 * gets whole strings.
 */

typedef struct {
    yajl_handle               yajl;
    ngx_str_t                 text;      /* the last string */
} ngx_slack_json_decoder_t;


/*
 * Decodes a well-formed string with its quotes that contains a backslash.  The
 * text is yajl's, valid until the next call.  NGX_OK or NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_json_unescape(ngx_slack_json_decoder_t *decoder,
    u_char *token, size_t len, ngx_str_t *text);

void ngx_slack_json_decode_done(ngx_slack_json_decoder_t *decoder);


/*
 * Decodes a well-formed string with its quotes; "escaped": it contains a
 * backslash.  The text is part of the token or yajl's, valid until the next
 * call.  NGX_OK or NGX_ERROR: no memory.
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
