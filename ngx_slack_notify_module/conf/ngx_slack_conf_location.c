
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The configuration of a location and its merge.  Runs in the master when the
 * configuration is read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_equal.h>


static ngx_int_t ngx_slack_conf_scope(ngx_conf_t *cf,
    ngx_slack_loc_conf_t *conf);
static ngx_int_t ngx_slack_conf_add_location(ngx_conf_t *cf,
    ngx_slack_loc_conf_t *conf);
static void ngx_slack_conf_union_kinds(ngx_slack_loc_conf_t *conf);


void *
ngx_slack_conf_create_loc(ngx_conf_t *cf)
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
     *     conf->hosts = NULL;
     */

    conf->routes = NGX_CONF_UNSET_PTR;
    conf->off = NGX_CONF_UNSET;
    conf->secrets = NGX_CONF_UNSET_PTR;
    conf->open = NGX_CONF_UNSET;
    conf->source = NGX_CONF_UNSET_UINT;
    conf->on_error = NGX_CONF_UNSET_UINT;

    return conf;
}


char *
ngx_slack_conf_merge_loc(ngx_conf_t *cf, void *parent, void *child)
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

        /* "if" and "limit_except" create unnamed locations inside this one */

        conf->own = prev->own;
        conf->status = prev->status;
        conf->actions = prev->actions;
    }

    ngx_conf_merge_ptr_value(conf->routes, prev->routes, NULL);

    if (conf->secrets == NGX_CONF_UNSET_PTR && conf->open == NGX_CONF_UNSET) {
        conf->secrets = prev->secrets;
        conf->open = prev->open;
    }

    ngx_conf_init_ptr_value(conf->secrets, NULL);
    ngx_conf_init_value(conf->open, 0);

    ngx_conf_merge_uint_value(conf->source, prev->source, NGX_SLACK_AUTO);
    ngx_conf_merge_uint_value(conf->on_error, prev->on_error,
                              NGX_SLACK_ON_ERROR_FAIL);

    if (conf->status && ngx_slack_conf_merge_status(cf, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    ngx_slack_conf_union_kinds(conf);

    if (ngx_slack_conf_scope(cf, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return (ngx_slack_conf_add_location(cf, conf) == NGX_OK) ? NGX_CONF_OK
                                                              : NGX_CONF_ERROR;
}


/*
 * Sets the name of the location in the outbox, which keeps delivery ids and
 * states of alerts and pipelines apart by it.  The name consists of the first
 * server_name, the number of earlier servers with the same name if there are
 * any, and the location's name.
 */

static ngx_int_t
ngx_slack_conf_scope(ngx_conf_t *cf, ngx_slack_loc_conf_t *conf)
{
    u_char                     *p;
    ngx_uint_t                  i, n;
    ngx_http_core_loc_conf_t   *clcf;
    ngx_http_core_srv_conf_t   *cscf, **server;
    ngx_http_core_main_conf_t  *cmcf;

    if (conf->routes == NULL) {
        return NGX_OK;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    cscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module);
    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    server = cmcf->servers.elts;
    n = 0;

    for (i = 0; i < cmcf->servers.nelts && server[i] != cscf; i++) {
        if (ngx_slack_equal(&server[i]->server_name, &cscf->server_name)) {
            n++;
        }
    }

    p = ngx_pnalloc(cf->pool, cscf->server_name.len + 1 + NGX_INT_T_LEN + 1
                              + clcf->name.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    conf->scope.data = p;

    p = ngx_sprintf(p, "%V\n", &cscf->server_name);

    if (n) {
        p = ngx_sprintf(p, "%ui\n", n);
    }

    conf->scope.len = ngx_sprintf(p, "%V", &clcf->name) - conf->scope.data;

    return NGX_OK;
}


/* Adds the location to the list that the status page's "explain" offers. */

static ngx_int_t
ngx_slack_conf_add_location(ngx_conf_t *cf, ngx_slack_loc_conf_t *conf)
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
ngx_slack_conf_union_kinds(ngx_slack_loc_conf_t *conf)
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


void
ngx_slack_conf_open_locations(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf)
{
    ngx_uint_t                  i, n;
    ngx_slack_conf_location_t  *location, *first;

    first = NULL;
    n = 0;

    location = smcf->locations.elts;

    for (i = 0; i < smcf->locations.nelts; i++) {

        if (location[i].slcf->secrets || location[i].slcf->open) {
            continue;
        }

        if (first == NULL) {
            first = &location[i];
        }

        n++;
    }

    if (first == NULL) {
        return;
    }

    ngx_slack_log(NGX_LOG_NOTICE, cf->log, 0,
                  "location \"%V\" has no slack_secret, and %ui of %ui with "
                  "routes have none: they accept events from anybody whom "
                  "nginx admits; if that is meant, write "
                  "\"slack_secret off;\"",
                  &first->name, n, smcf->locations.nelts);
}
