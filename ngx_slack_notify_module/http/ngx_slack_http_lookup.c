
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Finds the headers of a request by their names.  Runs in the event loop.
 */


#include <ngx_slack_http.h>


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
            || ngx_memcmp(header[i].lowcase_key, name->data, name->len) != 0)
        {
            continue;
        }

        if (n++ == 0) {
            *value = header[i].value;
        }
    }

    return n;
}
