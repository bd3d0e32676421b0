
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The limit of what a webhook's receiver can do in nginx: "readbody" in a
 * location reads the request body and answers 202.  For util/bench only; runs
 * in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


static ngx_int_t ngx_http_readbody_handler(ngx_http_request_t *r);
static void ngx_http_readbody_done(ngx_http_request_t *r);
static char *ngx_http_readbody(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


static ngx_command_t  ngx_http_readbody_commands[] = {

    { ngx_string("readbody"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_readbody,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_readbody_module_ctx = {
    NULL,                                  /* preconfiguration */
    NULL,                                  /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_readbody_module = {
    NGX_MODULE_V1,
    &ngx_http_readbody_module_ctx,         /* module context */
    ngx_http_readbody_commands,            /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_str_t  ngx_http_readbody_type = ngx_string("application/json");
static ngx_str_t  ngx_http_readbody_text =
    ngx_string("{\"status\":\"read\"}\n");


/* what nginx's configure writes for a dynamic module */

ngx_module_t  *ngx_modules[] = {
    &ngx_http_readbody_module,
    NULL
};

char  *ngx_module_names[] = {
    "ngx_http_readbody_module",
    NULL
};

char  *ngx_module_order[] = {
    NULL
};


static ngx_int_t
ngx_http_readbody_handler(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    rc = ngx_http_read_client_request_body(r, ngx_http_readbody_done);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


static void
ngx_http_readbody_done(ngx_http_request_t *r)
{
    ngx_http_complex_value_t  cv;

    ngx_memzero(&cv, sizeof(ngx_http_complex_value_t));

    cv.value = ngx_http_readbody_text;

    ngx_http_finalize_request(r, ngx_http_send_response(r, NGX_HTTP_ACCEPTED,
                                                   &ngx_http_readbody_type,
                                                   &cv));
}


static char *
ngx_http_readbody(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_readbody_handler;

    return NGX_CONF_OK;
}
