
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Directives outside of blocks, except those of routes, secrets, the outbox
 * and the status page.  Runs in the master when the configuration is read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_equal.h>


char *
ngx_slack_conf_thread_pool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_main_conf_t  *smcf = conf;

    ngx_str_t  *value;

    if (smcf->pool) {
        return "is duplicate";
    }

    value = cf->args->elts;

    smcf->pool = ngx_thread_pool_add(cf, &value[1]);

    if (smcf->pool == NULL) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_slack_conf_source(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_loc_conf_t  *slcf = conf;

    ngx_str_t   *value, *name;
    ngx_uint_t   i;

    if (slcf->source != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "auto") == 0) {
        slcf->source = NGX_SLACK_AUTO;
        return NGX_CONF_OK;
    }

    for (i = 0; ngx_slack_sources[i]; i++) {
        name = &ngx_slack_sources[i]->name;

        if (ngx_slack_equal(name, &value[1])) {
            slcf->source = i;
            return NGX_CONF_OK;
        }
    }

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "unknown source \"%V\", see \"slack_source\" in the "
                       "README", &value[1]);

    return NGX_CONF_ERROR;
}
