
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The location whose routes an event is explained with, by its name.  Runs in
 * the event loop.
 */


#include <ngx_slack_status_member.h>
#include <ngx_slack_status.h>


static ngx_uint_t ngx_slack_status_explain_same(
    ngx_slack_conf_location_t *location, ngx_str_t *name, ngx_uint_t server);


ngx_slack_conf_location_t *
ngx_slack_status_explain_location(ngx_slack_main_conf_t *smcf, ngx_str_t *name)
{
    ngx_uint_t                  i;
    ngx_slack_conf_location_t  *location, *found;

    location = smcf->locations.elts;
    found = NULL;

    for (i = 0; i < smcf->locations.nelts; i++) {

        if (name->len) {

            if (ngx_slack_status_explain_same(&location[i], name, 1)) {
                return &location[i];
            }

            if (!ngx_slack_status_explain_same(&location[i], name, 0)) {
                continue;
            }
        }

        if (found && found->slcf->routes != location[i].slcf->routes) {
            return NULL;
        }

        if (found == NULL) {
            found = &location[i];
        }
    }

    return found;
}


/* "server": the name of the server precedes that of the location */

static ngx_uint_t
ngx_slack_status_explain_same(ngx_slack_conf_location_t *location,
    ngx_str_t *name, ngx_uint_t server)
{
    size_t  len;

    len = server ? location->server.len : 0;

    return name->len == len + location->name.len
           && (len == 0
               || ngx_memcmp(name->data, location->server.data, len) == 0)
           && ngx_memcmp(name->data + len, location->name.data,
                         location->name.len)
              == 0;
}


ngx_int_t
ngx_slack_status_explain_which(ngx_http_request_t *r,
    ngx_slack_main_conf_t *smcf, ngx_str_t *name)
{
    u_char                     *p;
    ngx_str_t                   label;
    ngx_uint_t                  i, k, code;
    ngx_slack_text_t            text;
    ngx_slack_json_writer_t     w;
    ngx_slack_conf_location_t  *location;

    location = smcf->locations.elts;

    ngx_slack_text_init(&text, r->pool, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&w, &text);

    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_lit(&w, "error");

    if (smcf->locations.nelts == 0) {
        ngx_slack_json_writer_lit(&w, "no location has routes");

    } else if (name->len) {
        ngx_slack_json_writer_lit(&w, "no location of that name has routes, "
                                  "or several: name one");

    } else {
        ngx_slack_json_writer_lit(&w, "several locations have routes: name "
                                  "one");
    }

    ngx_slack_json_writer_lit(&w, "locations");
    ngx_slack_json_writer_array(&w);

    for (i = 0; i < smcf->locations.nelts; i++) {

        label = location[i].name;

        for (k = 0; k < smcf->locations.nelts; k++) {
            if (k != i && ngx_slack_status_explain_same(&location[k], &label,
                                                        0)) {
                break;
            }
        }

        if (k < smcf->locations.nelts) {

            /* a location of another server has the same name */

            label.len = location[i].server.len + location[i].name.len;
            label.data = ngx_pnalloc(r->pool, label.len);
            if (label.data == NULL) {
                return NGX_HTTP_INTERNAL_SERVER_ERROR;
            }

            p = ngx_copy(label.data, location[i].server.data,
                         location[i].server.len);
            ngx_memcpy(p, location[i].name.data, location[i].name.len);
        }

        ngx_slack_json_writer_shown(&w, &label);
    }

    ngx_slack_json_writer_array_end(&w);
    ngx_slack_json_writer_object_end(&w);

    if (ngx_slack_json_writer_done(&w) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    code = (name->len || smcf->locations.nelts == 0) ? NGX_HTTP_NOT_FOUND
                                                     : NGX_HTTP_BAD_REQUEST;

    return ngx_slack_status_send_json(r, code, &text);
}
