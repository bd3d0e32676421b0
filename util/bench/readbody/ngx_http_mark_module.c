
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Parts of what callgrind counts: a request to a location with "mark" has
 * callgrind write down what it has counted so far, under the request's
 * arguments as a name, and begin anew.  For util/bench/instructions only; runs
 * in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <valgrind/callgrind.h>


static ngx_int_t ngx_http_mark_handler(ngx_http_request_t *r);
static char *ngx_http_mark(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


static ngx_command_t  ngx_http_mark_commands[] = {

    { ngx_string("mark"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_mark,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_mark_module_ctx = {
    NULL,                                  /* preconfiguration */
    NULL,                                  /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_mark_module = {
    NGX_MODULE_V1,
    &ngx_http_mark_module_ctx,         /* module context */
    ngx_http_mark_commands,            /* module directives */
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


/* what nginx's configure writes for a dynamic module */

ngx_module_t  *ngx_modules[] = {
    &ngx_http_mark_module,
    NULL
};

char  *ngx_module_names[] = {
    "ngx_http_mark_module",
    NULL
};

char  *ngx_module_order[] = {
    NULL
};


static ngx_int_t
ngx_http_mark_handler(ngx_http_request_t *r)
{
    u_char  name[64];

    (void) ngx_snprintf(name, sizeof(name), "%V%Z", &r->args);
    name[sizeof(name) - 1] = '\0';

    CALLGRIND_DUMP_STATS_AT((char *) name);

    return NGX_HTTP_NO_CONTENT;
}


static char *
ngx_http_mark(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_mark_handler;

    return NGX_CONF_OK;
}
