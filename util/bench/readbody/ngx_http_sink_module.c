
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A Slack that thinks for a while: "sink 150ms" in a location reads the
 * request body and answers "ok" after that time.  For util/bench only; runs in
 * the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


typedef struct {
    ngx_msec_t                 delay;
} ngx_http_sink_loc_conf_t;


static ngx_int_t ngx_http_sink_handler(ngx_http_request_t *r);
static void ngx_http_sink_done(ngx_http_request_t *r);
static void ngx_http_sink_cleanup(void *data);
static void ngx_http_sink_answer(ngx_event_t *ev);
static void *ngx_http_sink_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_sink(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


static ngx_command_t  ngx_http_sink_commands[] = {

    { ngx_string("sink"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_sink,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_sink_loc_conf_t, delay),
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_sink_module_ctx = {
    NULL,                                  /* preconfiguration */
    NULL,                                  /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_sink_create_loc_conf,         /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_sink_module = {
    NGX_MODULE_V1,
    &ngx_http_sink_module_ctx,         /* module context */
    ngx_http_sink_commands,            /* module directives */
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


static ngx_str_t  ngx_http_sink_type = ngx_string("text/plain");
static ngx_str_t  ngx_http_sink_text = ngx_string("ok");


/* what nginx's configure writes for a dynamic module */

ngx_module_t  *ngx_modules[] = {
    &ngx_http_sink_module,
    NULL
};

char  *ngx_module_names[] = {
    "ngx_http_sink_module",
    NULL
};

char  *ngx_module_order[] = {
    NULL
};


static ngx_int_t
ngx_http_sink_handler(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    rc = ngx_http_read_client_request_body(r, ngx_http_sink_done);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


static void
ngx_http_sink_done(ngx_http_request_t *r)
{
    ngx_event_t               *ev;
    ngx_pool_cleanup_t        *cln;
    ngx_http_sink_loc_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_sink_module);

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_event_t));
    if (cln == NULL) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    ev = cln->data;

    ngx_memzero(ev, sizeof(ngx_event_t));

    ev->handler = ngx_http_sink_answer;
    ev->data = r;
    ev->log = r->connection->log;

    cln->handler = ngx_http_sink_cleanup;

    if (conf->delay) {
        ngx_add_timer(ev, conf->delay);

    } else {
        ngx_post_event(ev, &ngx_posted_events);
    }
}


static void
ngx_http_sink_cleanup(void *data)
{
    ngx_event_t *ev = data;

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    if (ev->posted) {
        ngx_delete_posted_event(ev);
    }
}


static void
ngx_http_sink_answer(ngx_event_t *ev)
{
    ngx_connection_t          *c;
    ngx_http_request_t        *r;
    ngx_http_complex_value_t   cv;

    r = ev->data;
    c = r->connection;

    ngx_memzero(&cv, sizeof(ngx_http_complex_value_t));

    cv.value = ngx_http_sink_text;

    ngx_http_finalize_request(r, ngx_http_send_response(r, NGX_HTTP_OK,
                                                        &ngx_http_sink_type,
                                                        &cv));

    ngx_http_run_posted_requests(c);
}


static void *
ngx_http_sink_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_sink_loc_conf_t  *conf;

    conf = ngx_palloc(cf->pool, sizeof(ngx_http_sink_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->delay = NGX_CONF_UNSET_MSEC;

    return conf;
}


static char *
ngx_http_sink(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_sink_handler;

    return ngx_conf_set_msec_slot(cf, cmd, conf);
}
