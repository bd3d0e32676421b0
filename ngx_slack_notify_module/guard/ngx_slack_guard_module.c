
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The module of the guard: its directives, how locations inherit them, and the
 * shared counters.  Runs in the master when the configuration is read, unless
 * marked otherwise.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_guard.h>


static void *ngx_slack_guard_create_main(ngx_conf_t *cf);
static void *ngx_slack_guard_create_loc(ngx_conf_t *cf);
static char *ngx_slack_guard_merge_loc(ngx_conf_t *cf, void *parent,
    void *child);
static ngx_int_t ngx_slack_guard_alone(ngx_conf_t *cf,
    ngx_slack_guard_conf_t *conf);
static ngx_int_t ngx_slack_guard_postconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_slack_guard_zone_init(ngx_shm_zone_t *zone, void *data);
static char *ngx_slack_guard_secret(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_slack_guard_secret_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_slack_guard_add_secret(ngx_conf_t *cf,
    ngx_slack_guard_conf_t *gcf, ngx_str_t *value);


static ngx_command_t  ngx_slack_guard_commands[] = {

    { ngx_string("slack_signing_secret"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_slack_guard_secret,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_signing_secret_file"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_slack_guard_secret_file,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_slack_guard_module_ctx = {
    NULL,                                  /* preconfiguration */
    ngx_slack_guard_postconfiguration,     /* postconfiguration */

    ngx_slack_guard_create_main,           /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_slack_guard_create_loc,            /* create location configuration */
    ngx_slack_guard_merge_loc              /* merge location configuration */
};


ngx_module_t  ngx_slack_guard_module = {
    NGX_MODULE_V1,
    &ngx_slack_guard_module_ctx,           /* module context */
    ngx_slack_guard_commands,              /* module directives */
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


static void *
ngx_slack_guard_create_main(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_slack_guard_main_conf_t));
}


static void *
ngx_slack_guard_create_loc(ngx_conf_t *cf)
{
    ngx_slack_guard_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_slack_guard_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->secrets = NGX_CONF_UNSET_PTR;

    return conf;
}


static char *
ngx_slack_guard_merge_loc(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_slack_guard_conf_t  *prev = parent;
    ngx_slack_guard_conf_t  *conf = child;

    if (conf->secrets == NGX_CONF_UNSET_PTR) {
        ngx_conf_merge_ptr_value(conf->secrets, prev->secrets, NULL);

        conf->file = prev->file;
        conf->line = prev->line;
    }

    if (conf->secrets == NULL) {
        return NGX_CONF_OK;
    }

    return (ngx_slack_guard_alone(cf, conf) == NGX_OK) ? NGX_CONF_OK
                                                       : NGX_CONF_ERROR;
}


/*
 * A location takes requests from Slack or webhooks, not both.  The other
 * module is merged after this one, so what is set in its configuration now was
 * set in this location.
 */

static ngx_int_t
ngx_slack_guard_alone(ngx_conf_t *cf, ngx_slack_guard_conf_t *conf)
{
    char                  *name;
    ngx_slack_loc_conf_t  *slcf;

    slcf = ngx_http_conf_get_module_loc_conf(cf, ngx_slack_notify_module);

    name = NULL;

    if (slcf->routes != NGX_CONF_UNSET_PTR) {
        name = "slack_route\" or \"slack_notify";

    } else if (slcf->secrets != NGX_CONF_UNSET_PTR) {
        name = "slack_secret";

    } else if (slcf->status) {
        name = "slack_status";
    }

    if (name) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"slack_signing_secret\" in %V:%ui is for requests "
                      "from Slack, \"%s\" in the same location is for "
                      "others: use two locations, none inside the other",
                      &conf->file, conf->line, name);
        return NGX_ERROR;
    }

    /* what the server has for all its locations ends here */

    slcf->off = 1;
    slcf->secrets = NULL;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_guard_postconfiguration(ngx_conf_t *cf)
{
    ngx_str_t                     name;
    ngx_http_handler_pt          *h;
    ngx_http_core_main_conf_t    *cmcf;
    ngx_slack_guard_main_conf_t  *gmcf;

    gmcf = ngx_http_conf_get_module_main_conf(cf, ngx_slack_guard_module);

    if (!gmcf->used) {
        return NGX_OK;
    }

    ngx_str_set(&name, "slack_guard");

    gmcf->zone = ngx_shared_memory_add(cf, &name, 8 * ngx_pagesize,
                                       &ngx_slack_guard_module);
    if (gmcf->zone == NULL) {
        return NGX_ERROR;
    }

    gmcf->zone->init = ngx_slack_guard_zone_init;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_REWRITE_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_slack_guard_enter;

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_PRECONTENT_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_slack_guard_handler;

    ngx_slack_guard_body_init();

    return NGX_OK;
}


static ngx_int_t
ngx_slack_guard_zone_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_slab_pool_t  *shpool;

    if (data) {
        zone->data = data;
        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (zone->shm.exists) {
        zone->data = shpool->data;
        return NGX_OK;
    }

    zone->data = ngx_slab_calloc(shpool, sizeof(ngx_slack_guard_counters_t));
    if (zone->data == NULL) {
        return NGX_ERROR;
    }

    shpool->data = zone->data;

    return NGX_OK;
}


static char *
ngx_slack_guard_secret(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t  *value;

    value = cf->args->elts;

    return ngx_slack_guard_add_secret(cf, conf, &value[1]);
}


static char *
ngx_slack_guard_secret_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t  *value, secret;

    value = cf->args->elts;

    if (ngx_slack_conf_read_secret(cf, &value[1], &secret) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return ngx_slack_guard_add_secret(cf, conf, &secret);
}


static char *
ngx_slack_guard_add_secret(ngx_conf_t *cf, ngx_slack_guard_conf_t *gcf,
    ngx_str_t *value)
{
    ngx_str_t                    *secret;
    ngx_slack_guard_main_conf_t  *gmcf;

    if (value->len == 0) {
        return "has an empty secret";
    }

    if (ngx_slack_secret_word(value) != value) {
        return "has a URL or a token; the signing secret of a Slack app is on "
               "its page \"Basic Information\"";
    }

    if (gcf->secrets == NGX_CONF_UNSET_PTR) {
        gcf->secrets = ngx_array_create(cf->pool, 2, sizeof(ngx_str_t));
        if (gcf->secrets == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    secret = ngx_array_push(gcf->secrets);
    if (secret == NULL) {
        return NGX_CONF_ERROR;
    }

    *secret = *value;

    gcf->file = cf->conf_file->file.name;
    gcf->line = cf->conf_file->line;

    gmcf = ngx_http_conf_get_module_main_conf(cf, ngx_slack_guard_module);
    gmcf->used = 1;

    return NGX_CONF_OK;
}
