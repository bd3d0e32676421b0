
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The module: directives, configurations and their merge, what happens when
 * the configuration is read and when a process starts and ends.  Runs in the
 * event loop and, for the configuration, in the master.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_status.h>
#include <ngx_slack_log_queue.h>


static ngx_int_t ngx_slack_http_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_slack_http_postconfiguration(ngx_conf_t *cf);
static void *ngx_slack_http_create_main_conf(ngx_conf_t *cf);
static char *ngx_slack_http_init_main_conf(ngx_conf_t *cf, void *conf);
static void *ngx_slack_http_create_loc_conf(ngx_conf_t *cf);
static char *ngx_slack_http_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
static ngx_int_t ngx_slack_add_location(ngx_conf_t *cf,
    ngx_slack_loc_conf_t *conf);
static void ngx_slack_http_union_kinds(ngx_slack_loc_conf_t *conf);
static ngx_int_t ngx_slack_http_init_process(ngx_cycle_t *cycle);
static void ngx_slack_http_exit_process(ngx_cycle_t *cycle);
static ngx_slack_main_conf_t *ngx_slack_http_main(ngx_cycle_t *cycle);


static ngx_command_t  ngx_slack_http_commands[] = {

    { ngx_string("slack_outbox"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_slack_conf_outbox,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_thread_pool"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_slack_conf_thread_pool,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_workspace"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_BLOCK|NGX_CONF_TAKE1,
      ngx_slack_conf_workspace,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_route"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_BLOCK
                        |NGX_CONF_TAKE12,
      ngx_slack_conf_route,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_notify"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_slack_conf_notify,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_source"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_slack_conf_source,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_secret"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_slack_conf_secret,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_secret_file"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_slack_conf_secret_file,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_on_error"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_slack_conf_on_error,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_status"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_slack_status,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_slack_http_module_ctx = {
    ngx_slack_http_preconfiguration,       /* preconfiguration */
    ngx_slack_http_postconfiguration,      /* postconfiguration */

    ngx_slack_http_create_main_conf,       /* create main configuration */
    ngx_slack_http_init_main_conf,         /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_slack_http_create_loc_conf,        /* create location configuration */
    ngx_slack_http_merge_loc_conf          /* merge location configuration */
};


ngx_module_t  ngx_slack_notify_module = {
    NGX_MODULE_V1,
    &ngx_slack_http_module_ctx,            /* module context */
    ngx_slack_http_commands,               /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_slack_http_init_process,           /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_slack_http_exit_process,           /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


ngx_slack_writer_t  *ngx_slack_http_commit;


static ngx_int_t
ngx_slack_http_preconfiguration(ngx_conf_t *cf)
{
    return ngx_slack_http_add_variables(cf);
}


static ngx_int_t
ngx_slack_http_postconfiguration(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_slack_main_conf_t      *smcf;
    ngx_http_core_main_conf_t  *cmcf;

    smcf = ngx_http_conf_get_module_main_conf(cf, ngx_slack_notify_module);

    if (ngx_slack_conf_readers(cf, smcf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (smcf->routes.nelts == 0 && !smcf->status) {
        return NGX_OK;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_PRECONTENT_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_slack_http_handler;

    ngx_slack_http_body_init();

    return NGX_OK;
}


static void *
ngx_slack_http_create_main_conf(ngx_conf_t *cf)
{
    ngx_slack_main_conf_t  *smcf;

    smcf = ngx_pcalloc(cf->pool, sizeof(ngx_slack_main_conf_t));
    if (smcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&smcf->workspaces, cf->pool, 4,
                       sizeof(ngx_slack_workspace_t))
        != NGX_OK
        || ngx_array_init(&smcf->routes, cf->pool, 4,
                          sizeof(ngx_slack_conf_route_t *))
           != NGX_OK
        || ngx_array_init(&smcf->readers, cf->pool, 4,
                          sizeof(ngx_slack_reader_t *))
           != NGX_OK
        || ngx_array_init(&smcf->any, cf->pool, 4,
                          sizeof(ngx_slack_reader_t *))
           != NGX_OK
        || ngx_array_init(&smcf->sets, cf->pool, 4,
                          sizeof(ngx_slack_json_paths_t *))
           != NGX_OK
        || ngx_array_init(&smcf->fields, cf->pool, 4,
                          sizeof(ngx_slack_conf_field_t))
           != NGX_OK
        || ngx_array_init(&smcf->locations, cf->pool, 4,
                          sizeof(ngx_slack_conf_location_t))
           != NGX_OK)
    {
        return NULL;
    }

    ngx_slack_outbox_conf_init(&smcf->outbox);

    return smcf;
}


static char *
ngx_slack_http_init_main_conf(ngx_conf_t *cf, void *conf)
{
    if (ngx_slack_conf_resolve(cf, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static void *
ngx_slack_http_create_loc_conf(ngx_conf_t *cf)
{
    ngx_slack_loc_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_slack_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     conf->own = 0;
     *     conf->kinds = 0;
     *     conf->status = 0;
     */

    conf->routes = NGX_CONF_UNSET_PTR;
    conf->off = NGX_CONF_UNSET;
    conf->secrets = NGX_CONF_UNSET_PTR;
    conf->source = NGX_CONF_UNSET_UINT;
    conf->on_error = NGX_CONF_UNSET_UINT;

    return conf;
}


static char *
ngx_slack_http_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_slack_loc_conf_t  *prev = parent;
    ngx_slack_loc_conf_t  *conf = child;

    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (conf->routes != NGX_CONF_UNSET_PTR) {
        conf->own = 1;

    } else if (conf->off == 1) {
        conf->routes = NULL;

    } else if (clcf->noname) {

        /* "if" and "limit_except" are still the same location */

        conf->own = prev->own;
        conf->status = prev->status;
    }

    ngx_conf_merge_ptr_value(conf->routes, prev->routes, NULL);
    ngx_conf_merge_ptr_value(conf->secrets, prev->secrets, NULL);
    ngx_conf_merge_uint_value(conf->source, prev->source, NGX_SLACK_AUTO);
    ngx_conf_merge_uint_value(conf->on_error, prev->on_error,
                              NGX_SLACK_ON_ERROR_FAIL);

    if (conf->status) {
        if (clcf->handler == NULL) {
            clcf->handler = ngx_slack_status_handler;

        } else if (!clcf->noname) {
            ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                          "\"slack_status\" conflicts with another directive "
                          "that makes the content of location \"%V\", give it "
                          "a location of its own in %V:%ui", &clcf->name,
                          &conf->status_file, conf->status_line);
            return NGX_CONF_ERROR;
        }

        /* what is posted there is no event */
        conf->routes = NULL;
    }

    ngx_slack_http_union_kinds(conf);

    if (ngx_slack_http_scope(cf, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return (ngx_slack_add_location(cf, conf) == NGX_OK) ? NGX_CONF_OK
                                                         : NGX_CONF_ERROR;
}


/* where an event can come in, for who asks what would become of it */

static ngx_int_t
ngx_slack_add_location(ngx_conf_t *cf, ngx_slack_loc_conf_t *conf)
{
    ngx_slack_main_conf_t      *smcf;
    ngx_http_core_loc_conf_t   *clcf;
    ngx_http_core_srv_conf_t   *cscf;
    ngx_slack_conf_location_t  *location;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (conf->routes == NULL || clcf->name.len == 0 || clcf->noname
        || (!conf->own && clcf->handler == NULL))
    {
        return NGX_OK;
    }

    smcf = ngx_http_conf_get_module_main_conf(cf, ngx_slack_notify_module);
    cscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module);

    location = ngx_array_push(&smcf->locations);
    if (location == NULL) {
        return NGX_ERROR;
    }

    location->server = cscf->server_name;
    location->name = clcf->name;
    location->slcf = conf;

    return NGX_OK;
}


static void
ngx_slack_http_union_kinds(ngx_slack_loc_conf_t *conf)
{
    ngx_uint_t                i;
    ngx_slack_conf_route_t  **route;

    if (conf->routes == NULL) {
        return;
    }

    route = conf->routes->elts;

    for (i = 0; i < conf->routes->nelts; i++) {
        conf->kinds |= route[i]->filter.kinds;
    }
}


static ngx_int_t
ngx_slack_http_init_process(ngx_cycle_t *cycle)
{
    ngx_slack_main_conf_t  *smcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    smcf = ngx_slack_http_main(cycle);

    if (smcf == NULL || smcf->workspaces.nelts == 0) {
        return NGX_OK;
    }

    if (ngx_slack_http_log_init(cycle) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_http_commit = ngx_slack_commit_create(&smcf->outbox, smcf->pool,
                                                    ngx_slack_delivery_call,
                                                    ngx_slack_log_threads());
    if (ngx_slack_http_commit == NULL) {
        return NGX_ERROR;
    }

    return ngx_slack_delivery_init_process(cycle, &smcf->delivery);
}


/* the thread pool was joined before: nothing of ours runs any more */

static void
ngx_slack_http_exit_process(ngx_cycle_t *cycle)
{
    if (ngx_slack_http_commit == NULL) {
        return;
    }

    ngx_slack_status_job_exit();
    ngx_slack_delivery_exit_process(cycle);

    ngx_slack_commit_destroy(ngx_slack_http_commit);
    ngx_slack_http_commit = NULL;

    ngx_slack_http_log_exit();
}


static ngx_slack_main_conf_t *
ngx_slack_http_main(ngx_cycle_t *cycle)
{
    ngx_http_conf_ctx_t  *ctx;

    ctx = (ngx_http_conf_ctx_t *) cycle->conf_ctx[ngx_http_module.index];

    if (ctx == NULL) {
        return NULL;
    }

    return ctx->main_conf[ngx_slack_notify_module.ctx_index];
}
