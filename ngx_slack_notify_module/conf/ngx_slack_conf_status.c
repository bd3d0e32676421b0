
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The directive slack_status.  Runs in the master when the configuration is
 * read.
 */


#include <ngx_slack_conf.h>


static ngx_int_t ngx_slack_conf_hosts(ngx_conf_t *cf,
    ngx_slack_loc_conf_t *conf);


char *
ngx_slack_conf_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_loc_conf_t  *slcf = conf;

    ngx_str_t                 *value;
    ngx_slack_main_conf_t     *smcf;
    ngx_http_core_loc_conf_t  *clcf;

    if (slcf->status) {
        return "is duplicate";
    }

    if (slcf->routes != NGX_CONF_UNSET_PTR) {
        return "conflicts with a route of the same location";
    }

    value = cf->args->elts;

    if (cf->args->nelts == 2) {

        if (ngx_strcmp(value[1].data, "actions") == 0) {
            slcf->actions = NGX_SLACK_ACTIONS_LOCAL;

        } else if (ngx_strcmp(value[1].data, "actions=remote") == 0) {
            slcf->actions = NGX_SLACK_ACTIONS_REMOTE;

        } else {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\", it may be "
                               "\"actions\" or \"actions=remote\"",
                               ngx_slack_secret_word(&value[1]));
            return NGX_CONF_ERROR;
        }
    }

    slcf->status = 1;
    slcf->status_file = cf->conf_file->file.name;
    slcf->status_line = cf->conf_file->line;

    smcf = ngx_http_conf_get_module_main_conf(cf, ngx_slack_notify_module);

    smcf->status = 1;
    smcf->status_handler = *(ngx_http_handler_pt *) cmd->post;

    /*
     * The handler is set in the merge, when the whole location has been read.
     */

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->name.len && clcf->name.data[clcf->name.len - 1] == '/') {
        clcf->auto_redirect = 1;
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_slack_conf_merge_status(ngx_conf_t *cf, ngx_slack_loc_conf_t *conf)
{
    ngx_slack_main_conf_t     *smcf;
    ngx_http_core_loc_conf_t  *clcf;

    smcf = ngx_http_conf_get_module_main_conf(cf, ngx_slack_notify_module);
    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->handler == NULL) {
        clcf->handler = smcf->status_handler;

    } else if (!clcf->noname) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "\"slack_status\" conflicts with another directive "
                      "that makes the content of location \"%V\", give it "
                      "a location of its own in %V:%ui", &clcf->name,
                      &conf->status_file, conf->status_line);
        return NGX_ERROR;
    }

    /* Requests to a status page are not events. */
    conf->routes = NULL;

    if (conf->actions == NGX_SLACK_ACTIONS_OFF) {
        return NGX_OK;
    }

    return ngx_slack_conf_hosts(cf, conf);
}


/*
 * Copies the names of the server, because nginx frees them after the
 * configuration was read.  "_" is not the name of a host.  Regular expressions
 * and "www.example.*" may match names in a foreign domain, so no actions are
 * accepted for them.
 */

static ngx_int_t
ngx_slack_conf_hosts(ngx_conf_t *cf, ngx_slack_loc_conf_t *conf)
{
    ngx_str_t                 *host;
    ngx_uint_t                 i;
    ngx_http_server_name_t    *name;
    ngx_http_core_srv_conf_t  *cscf;

    cscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module);

    conf->hosts = ngx_array_create(cf->pool, ngx_max(cscf->server_names.nelts,
                                                     1),
                                   sizeof(ngx_str_t));
    if (conf->hosts == NULL) {
        return NGX_ERROR;
    }

    name = cscf->server_names.elts;

    for (i = 0; i < cscf->server_names.nelts; i++) {

#if (NGX_PCRE)
        if (name[i].regex) {
            continue;
        }
#endif

        if (name[i].name.len == 0
            || (name[i].name.len == 1 && name[i].name.data[0] == '_')
            || name[i].name.data[name[i].name.len - 1] == '*')
        {
            continue;
        }

        host = ngx_array_push(conf->hosts);
        if (host == NULL) {
            return NGX_ERROR;
        }

        *host = name[i].name;
    }

    return NGX_OK;
}
