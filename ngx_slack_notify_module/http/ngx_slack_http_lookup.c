
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The headers of a request by their names.  Runs in the event loop.
 */


#include <ngx_slack_http.h>


/*
 * Names of headers, whatever their case: most are sent as they are written
 * here.  The ends first, as those of one length mostly begin alike.
 */

static ngx_inline ngx_uint_t
ngx_slack_http_alike(u_char *a, u_char *b, size_t len)
{
    uint64_t  x, y;

    while (len >= sizeof(uint64_t)) {
        len -= sizeof(uint64_t);

        ngx_memcpy(&x, a + len, sizeof(uint64_t));
        ngx_memcpy(&y, b + len, sizeof(uint64_t));

        if (x == y) {
            continue;
        }

        if (((x ^ y) & 0xdfdfdfdfdfdfdfdfULL)
            || ngx_strncasecmp(a + len, b + len, sizeof(uint64_t)) != 0)
        {
            return 0;
        }
    }

    return ngx_strncasecmp(a, b, len) == 0;
}


ngx_uint_t
ngx_slack_http_header(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *value)
{
    ngx_uint_t        i, n;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    n = 0;
    ngx_str_null(value);

    part = &r->headers_in.headers.part;
    header = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {
            if (part->next == NULL) {
                break;
            }

            part = part->next;
            header = part->elts;
            i = 0;
        }

        if (header[i].key.len != name->len
            || !ngx_slack_http_alike(header[i].key.data, name->data,
                                     name->len))
        {
            continue;
        }

        if (n++ == 0) {
            *value = header[i].value;
        }
    }

    return n;
}
