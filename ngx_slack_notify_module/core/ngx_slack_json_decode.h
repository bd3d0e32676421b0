
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Strings of JSON as yajl reads them, for the reader (ngx_slack_json.c) only.
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


/*
 * A string with its quotes, well formed; the text is the token's or yajl's,
 * valid until the next call.  NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_json_decode(ngx_slack_json_decoder_t *decoder,
    u_char *token, size_t len, ngx_str_t *text);

void ngx_slack_json_decode_done(ngx_slack_json_decoder_t *decoder);


#endif /* _NGX_SLACK_JSON_DECODE_H_INCLUDED_ */
