
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Texts of values, for the reader (ngx_slack_json.c) only.
 */


#ifndef _NGX_SLACK_JSON_TEXT_H_INCLUDED_
#define _NGX_SLACK_JSON_TEXT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Whether the text is printable ASCII, line feeds and tabs, as most are.  Then
 * it need not be scrubbed.
 */

ngx_uint_t ngx_slack_json_plain(const u_char *data, size_t len);

/*
 * Copies "len" bytes to the pool, scrubbed (ngx_slack_text_scrub()).  NGX_OK
 * or NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_json_text(ngx_str_t *text, const u_char *data, size_t len,
    ngx_pool_t *pool);


/*
 * Cuts a string, given with its quotes as it is written, after its first line
 * that is not blank.  Returns the result, with quotes, in "buf" of "size"
 * bytes, and sets *len.  If that line is longer than "size" or the last,
 * returns the token.
 */

u_char *ngx_slack_json_line(u_char *token, size_t *len, u_char *buf,
    size_t size);


/* returns a length of at most "max" bytes that does not cut a character */

static ngx_inline size_t
ngx_slack_json_text_cut(const u_char *data, size_t len, size_t max)
{
    if (len <= max) {
        return len;
    }

    while (max && (data[max] & 0xc0) == 0x80) {
        max--;
    }

    return max;
}


#endif /* _NGX_SLACK_JSON_TEXT_H_INCLUDED_ */
