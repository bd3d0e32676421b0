
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What yajl says of a document, for the targets that are held against it.
 */


#ifndef _NGX_SLACK_FUZZ_YAJL_H_INCLUDED_
#define _NGX_SLACK_FUZZ_YAJL_H_INCLUDED_


#include <yajl/yajl_parse.h>

#include "fuzz.h"


static inline ngx_uint_t
fuzz_yajl_feed(yajl_handle yajl, const char *text, size_t len)
{
    return yajl_parse(yajl, (const u_char *) text, len) == yajl_status_ok;
}


/*
 * What the readers take otherwise than yajl, as RFC 8259 has it: a vertical
 * tab or a form feed is no white space, and in a string neither may stand
 * unescaped; a byte order mark of UTF-8 before the document is skipped.
 *
 * With an unfinished token behind the value, as in {}"a, yajl is content;
 * within an array it is not.
 */

static inline ngx_uint_t
fuzz_yajl(const uint8_t *data, size_t size, yajl_callbacks *callbacks,
    void *ctx)
{
    ngx_uint_t   rc;
    yajl_handle  yajl, array;

    if (size && (memchr(data, '\v', size) || memchr(data, '\f', size))) {
        return 0;
    }

    if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        size -= 3;
    }

    yajl = yajl_alloc(callbacks, NULL, ctx);
    array = yajl_alloc(NULL, NULL, NULL);

    if (yajl == NULL || array == NULL) {
        exit(2);
    }

    yajl_config(yajl, yajl_dont_validate_strings, 1);
    yajl_config(array, yajl_dont_validate_strings, 1);

    rc = fuzz_yajl_feed(yajl, (const char *) data, size)
         && yajl_complete_parse(yajl) == yajl_status_ok
         && fuzz_yajl_feed(array, "[", 1)
         && fuzz_yajl_feed(array, (const char *) data, size)
         && fuzz_yajl_feed(array, "]", 1)
         && yajl_complete_parse(array) == yajl_status_ok;

    yajl_free(yajl);
    yajl_free(array);

    return rc;
}


#endif /* _NGX_SLACK_FUZZ_YAJL_H_INCLUDED_ */
