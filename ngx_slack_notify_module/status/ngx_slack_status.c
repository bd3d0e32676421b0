
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The resources below a location with slack_status.  Runs in the event loop.
 */


#include <ngx_slack_status.h>
#include <ngx_slack_equal.h>


static ngx_int_t ngx_slack_status_name(ngx_http_request_t *r,
    ngx_str_t *name);
static ngx_slack_status_resource_t *ngx_slack_status_resource(ngx_str_t *name);
static ngx_int_t ngx_slack_status_redirect(ngx_http_request_t *r);
static ngx_int_t ngx_slack_status_post(ngx_http_request_t *r,
    ngx_slack_status_resource_t *resource);
static ngx_uint_t ngx_slack_status_is_json(ngx_http_request_t *r);
static void ngx_slack_status_body(ngx_http_request_t *r);
static void ngx_slack_status_run(ngx_http_request_t *r);


static ngx_slack_status_resource_t  ngx_slack_status_resources[] = {

    { ngx_null_string, NGX_HTTP_GET, 0,
      ngx_slack_status_page_handler },

    { ngx_string("page.css"), NGX_HTTP_GET, 0,
      ngx_slack_status_style_handler },

    { ngx_string("page.js"), NGX_HTTP_GET, 0,
      ngx_slack_status_script_handler },

    { ngx_string("status.json"), NGX_HTTP_GET, 0,
      ngx_slack_status_json_handler },

    { ngx_string("metrics"), NGX_HTTP_GET, 0,
      ngx_slack_status_metrics_handler },

    { ngx_string("threads"), NGX_HTTP_GET, 0,
      ngx_slack_status_threads_handler },

    { ngx_string("explain"), NGX_HTTP_POST, 0,
      ngx_slack_status_explain_handler },

    { ngx_string("test"), NGX_HTTP_POST, 1,
      ngx_slack_status_action_test },

    { ngx_string("replay"), NGX_HTTP_POST, 1,
      ngx_slack_status_action_replay },

    { ngx_string("drop"), NGX_HTTP_POST, 1,
      ngx_slack_status_action_drop },

    { ngx_string("forget"), NGX_HTTP_POST, 1,
      ngx_slack_status_action_forget },

    { ngx_string("pause"), NGX_HTTP_POST, 1,
      ngx_slack_status_action_pause },

    { ngx_string("resume"), NGX_HTTP_POST, 1,
      ngx_slack_status_action_resume },

    { ngx_null_string, 0, 0, NULL }
};


ngx_int_t
ngx_slack_status_handler(ngx_http_request_t *r)
{
    ngx_int_t                     rc;
    ngx_str_t                     name;
    ngx_slack_http_ctx_t         *ctx;
    ngx_slack_status_resource_t  *resource;

    /* subrequests have no use for these answers */

    if (r != r->main) {
        return NGX_HTTP_NOT_FOUND;
    }

    ctx = ngx_slack_http_ctx_create(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->state = NGX_SLACK_STATE_ANSWERED;

    if (ngx_slack_http_body_cut(r)) {
        /* ignore the rest of the body */
        r->read_event_handler = ngx_http_block_reading;
    }

    rc = ngx_slack_status_name(r, &name);

    if (rc == NGX_DECLINED) {
        return ngx_slack_status_redirect(r);
    }

    resource = (rc == NGX_OK) ? ngx_slack_status_resource(&name) : NULL;

    if (resource && resource->method == NGX_HTTP_POST
        && r->method == NGX_HTTP_POST)
    {
        ctx->job = resource;
        return ngx_slack_status_post(r, resource);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (resource == NULL) {
        return ngx_slack_status_error(r, NGX_HTTP_NOT_FOUND,
                                      "there is no such resource");
    }

    if (resource->method == NGX_HTTP_POST) {

        if (ngx_slack_http_answer_header(r, "Allow", "POST") != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_slack_status_error(r, NGX_HTTP_NOT_ALLOWED,
                                      "method is not POST");
    }

    if (r->method != NGX_HTTP_GET && r->method != NGX_HTTP_HEAD) {

        if (ngx_slack_http_answer_header(r, "Allow", "GET, HEAD") != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_slack_status_error(r, NGX_HTTP_NOT_ALLOWED,
                                      "method is not GET");
    }

    return resource->handler(r, NULL);
}


/*
 * Sets "name" to the part of the path below the location.  NGX_DECLINED: the
 * path is the location without its last "/"; NGX_ERROR: it is no resource's.
 */

static ngx_int_t
ngx_slack_status_name(ngx_http_request_t *r, ngx_str_t *name)
{
    u_char                    *p, *last;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    p = r->uri.data;
    last = r->uri.data + r->uri.len;

#if (NGX_PCRE)
    if (clcf->regex) {
        for (p = last; p > r->uri.data && p[-1] != '/'; p--) {
            /* void */
        }

        name->data = p;
        name->len = last - p;

        return NGX_OK;
    }
#endif

    /* names of "if" and of named locations are not prefixes of the path */

    if (clcf->noname || clcf->named) {
        for (p = last; p > r->uri.data && p[-1] != '/'; p--) {
            /* void */
        }

    } else {
        p += ngx_min(clcf->name.len, r->uri.len);

        if (p == last && p[-1] != '/') {
            return NGX_DECLINED;
        }

        if (p[-1] != '/') {

            if (*p != '/') {
                return NGX_ERROR;
            }

            p++;
        }
    }

    name->data = p;
    name->len = last - p;

    return NGX_OK;
}


static ngx_slack_status_resource_t *
ngx_slack_status_resource(ngx_str_t *name)
{
    ngx_slack_status_resource_t  *resource;

    for (resource = ngx_slack_status_resources;
         resource->handler;
         resource++)
    {

        if (ngx_slack_equal(&resource->name, name)) {
            return resource;
        }
    }

    return NULL;
}


/*
 * Adds the final "/", because the page requests its resources by relative
 * URLs.
 */

static ngx_int_t
ngx_slack_status_redirect(ngx_http_request_t *r)
{
    size_t     len;
    u_char    *p;
    ngx_int_t  rc;

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    ngx_http_clear_location(r);

    r->headers_out.location = ngx_list_push(&r->headers_out.headers);
    if (r->headers_out.location == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    len = r->uri.len
          + 2 * ngx_escape_uri(NULL, r->uri.data, r->uri.len, NGX_ESCAPE_URI);

    p = ngx_pnalloc(r->pool, len + 1);
    if (p == NULL) {
        ngx_http_clear_location(r);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->headers_out.location->hash = 1;
#if (nginx_version >= 1023000)
    r->headers_out.location->next = NULL;
#endif
    ngx_str_set(&r->headers_out.location->key, "Location");
    r->headers_out.location->value.len = len + 1;
    r->headers_out.location->value.data = p;

    (void) ngx_escape_uri(p, r->uri.data, r->uri.len, NGX_ESCAPE_URI);
    p[len] = '/';

    return NGX_HTTP_MOVED_PERMANENTLY;
}


/* handles a POST to a resource: reads the body if the request is allowed */

static ngx_int_t
ngx_slack_status_post(ngx_http_request_t *r,
    ngx_slack_status_resource_t *resource)
{
    ngx_int_t              rc;
    const char            *why;
    ngx_slack_http_ctx_t  *ctx;

    why = resource->action ? ngx_slack_status_refuses(r) : NULL;

    if (why == NULL) {
        why = ngx_slack_status_foreign(r);
    }

    if (why) {
        rc = ngx_http_discard_request_body(r);

        if (rc != NGX_OK) {
            return rc;
        }

        return ngx_slack_status_error(r, NGX_HTTP_FORBIDDEN, "%s", why);
    }

    if (!ngx_slack_status_is_json(r)) {

        rc = ngx_http_discard_request_body(r);

        if (rc != NGX_OK) {
            return rc;
        }

        return ngx_slack_status_error(r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                      "Content-Type must be "
                                      "application/json");
    }

    ctx = ngx_http_get_module_ctx(r, ngx_slack_notify_module);

    ctx->collect = ngx_palloc(r->pool, sizeof(ngx_slack_text_t));
    if (ctx->collect == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_slack_text_init(ctx->collect, r->pool, NULL, 0,
                        NGX_SLACK_TEXT_NO_LIMIT);

    if (ngx_slack_http_body_cut(r)) {
        return ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST,
                                      "the body did not arrive whole");
    }

    ctx->state = NGX_SLACK_STATE_READING;

    rc = ngx_http_read_client_request_body(r, ngx_slack_status_body);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


static ngx_uint_t
ngx_slack_status_is_json(ngx_http_request_t *r)
{
    size_t      len;
    ngx_str_t  *type;

    if (r->headers_in.content_type == NULL) {
        return 0;
    }

    type = &r->headers_in.content_type->value;
    len = sizeof("application/json") - 1;

    return type->len >= len
           && ngx_strncasecmp(type->data, (u_char *) "application/json", len)
              == 0
           && (type->len == len || type->data[len] == ';'
               || type->data[len] == ' ');
}


static void
ngx_slack_status_body(ngx_http_request_t *r)
{
    ngx_int_t              rc;
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL || ctx->state != NGX_SLACK_STATE_READING) {
        /* the request was redirected, see ngx_slack_http_body_handler() */
        return;
    }

    r->write_event_handler = ngx_slack_status_run;

    rc = ngx_slack_http_body_walk(r, ctx);

    if (rc == NGX_AGAIN) {
        return;
    }

    if (rc == NGX_ERROR) {
        ctx->failed = 1;
    }

    ngx_slack_status_run(r);
}


/* calls the resource's handler, when the body was read */

static void
ngx_slack_status_run(ngx_http_request_t *r)
{
    ngx_int_t                     rc;
    ngx_str_t                     body;
    ngx_slack_http_ctx_t         *ctx;
    ngx_slack_status_resource_t  *resource;

    ctx = ngx_http_get_module_ctx(r, ngx_slack_notify_module);

    if (r->aio) {
        /* a thread still reads the body from a file */
        return;
    }

    resource = ctx->job;

    ctx->job = NULL;
    ctx->state = NGX_SLACK_STATE_ANSWERED;

    r->write_event_handler = ngx_http_request_empty_handler;

    body.data = ctx->collect->start;
    body.len = ctx->collect->len;

    if (ctx->collect->failed) {
        rc = NGX_HTTP_INTERNAL_SERVER_ERROR;

    } else if (ctx->failed) {
        rc = ngx_slack_status_error(r, NGX_HTTP_REQUEST_ENTITY_TOO_LARGE,
                                    "the body is too large, or could not "
                                    "be read");

    } else {
        rc = resource->handler(r, &body);
    }

    ngx_http_finalize_request(r, rc);
}
