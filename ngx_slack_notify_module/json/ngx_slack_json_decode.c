
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Decodes JSON strings with escapes, by yajl.  Runs in the event loop, in
 * fuzzers and unit programs.
 *
 * yajl does not validate UTF-8 here.  Kept strings are scrubbed instead, so
 * that an invalid byte from a sender does not lose the event.
 */


#include <ngx_slack_json_decode.h>


static int ngx_slack_json_decode_string(void *data, const unsigned char *text,
    size_t len);


static yajl_callbacks  ngx_slack_json_decode_callbacks = {
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    ngx_slack_json_decode_string,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL
};


ngx_int_t
ngx_slack_json_unescape(ngx_slack_json_decoder_t *decoder, u_char *token,
    size_t len, ngx_str_t *text)
{
    if (decoder->yajl == NULL) {
        decoder->yajl = yajl_alloc(&ngx_slack_json_decode_callbacks, NULL,
                                   decoder);
        if (decoder->yajl == NULL) {
            return NGX_ERROR;
        }

        /* the strings are a sequence of values */

        if (yajl_config(decoder->yajl, yajl_allow_multiple_values, 1) == 0
            || yajl_config(decoder->yajl, yajl_dont_validate_strings, 1) == 0)
        {
            ngx_slack_json_decode_done(decoder);
            return NGX_ERROR;
        }
    }

    if (yajl_parse(decoder->yajl, token, len) != yajl_status_ok) {
        ngx_slack_json_decode_done(decoder);
        return NGX_ERROR;
    }

    *text = decoder->text;

    return NGX_OK;
}


void
ngx_slack_json_decode_done(ngx_slack_json_decoder_t *decoder)
{
    if (decoder->yajl) {
        yajl_free(decoder->yajl);
        decoder->yajl = NULL;
    }
}


static int
ngx_slack_json_decode_string(void *data, const unsigned char *text, size_t len)
{
    ngx_slack_json_decoder_t *decoder = data;

    decoder->text.data = (u_char *) text;
    decoder->text.len = len;

    return 1;
}
