
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Checks whether a text is JSON.  Runs in any thread.  yajl checks it, because
 * the reader leaves the validation of UTF-8 to ngx_slack_text_scrub().
 */


#include <ngx_slack_json.h>

#include <yajl/yajl_parse.h>


ngx_uint_t
ngx_slack_json_is_valid(ngx_str_t *text)
{
    ngx_uint_t   valid;
    yajl_handle  yajl;

    /*
     * white space to yajl, but not in RFC 8259; in strings they must be
     * escaped
     */

    if (text->len
        && (memchr(text->data, '\v', text->len)
            || memchr(text->data, '\f', text->len)))
    {
        return 0;
    }

    yajl = yajl_alloc(NULL, NULL, NULL);
    if (yajl == NULL) {
        return 0;
    }

    valid = (yajl_parse(yajl, text->data, text->len) == yajl_status_ok
             && yajl_complete_parse(yajl) == yajl_status_ok);

    yajl_free(yajl);

    return valid;
}
