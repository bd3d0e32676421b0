
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The text of a value, for the reader (ngx_slack_json.c) only.
 */


#ifndef _NGX_SLACK_JSON_TEXT_H_INCLUDED_
#define _NGX_SLACK_JSON_TEXT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* printable ASCII, line feeds and tabs, as most strings: nothing to scrub */

ngx_uint_t ngx_slack_json_plain(const u_char *data, size_t len);

/*
 * a copy in the pool, scrubbed (ngx_slack_text_scrub()), of the size it needs;
 * NGX_ERROR: no memory
 */

ngx_int_t ngx_slack_json_text(ngx_str_t *text, const u_char *data, size_t len,
    ngx_pool_t *pool);


/*
 * Of a string as it is written, with its quotes: up to the end of its first
 * line that has something to see, in "buf" with a quote of its own; a line
 * that is longer than "size" stays as it is.
 */

u_char *ngx_slack_json_line(u_char *token, size_t *len, u_char *buf,
    size_t size);


/* the length of at most "max" bytes that does not end within a character */

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
