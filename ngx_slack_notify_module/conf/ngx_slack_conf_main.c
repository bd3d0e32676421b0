
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The configuration of http{}: its structure and defaults.  Runs in the master
 * when the configuration is read.
 */


#include <ngx_slack_conf.h>


void *
ngx_slack_conf_create_main(ngx_conf_t *cf)
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


char *
ngx_slack_conf_init_main(ngx_conf_t *cf, void *conf)
{
    if (ngx_slack_conf_resolve(cf, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}
