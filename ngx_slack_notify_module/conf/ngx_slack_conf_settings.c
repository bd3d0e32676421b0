
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Directives without a block but those of routes and secrets.  Runs when the
 * configuration is read.
 */


#include <ngx_slack_engine.h>
#include <ngx_slack_conf.h>


/* messages: some 200 GB of them */

#define NGX_SLACK_OUTBOX_LIMIT  100000000


static char *ngx_slack_conf_outbox_param(ngx_conf_t *cf,
    ngx_slack_main_conf_t      *smcf, ngx_str_t *value);


char *
ngx_slack_conf_outbox(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_main_conf_t  *smcf = conf;

    char        *rv;
    ngx_str_t   *value, address;
    ngx_uint_t   i;

    if (smcf->outbox.engine) {
        return "is duplicate";
    }

    value = cf->args->elts;

    address = value[1];

    smcf->outbox.engine = ngx_slack_engine_find(&address);

    if (smcf->outbox.engine == NULL) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "unknown outbox engine in \"%V\", "
                           "write \"sqlite:PATH\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    smcf->outbox.address = address;
    smcf->outbox_file = cf->conf_file->file.name;
    smcf->outbox_line = cf->conf_file->line;

    for (i = 2; i < cf->args->nelts; i++) {
        rv = ngx_slack_conf_outbox_param(cf, smcf, &value[i]);
        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    rv = smcf->outbox.engine->check(&smcf->outbox, cf);

    if (rv != NULL) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "outbox \"%V\" %s",
                           &value[1], rv);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_outbox_param(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf,
    ngx_str_t *value)
{
    time_t    *time;
    ngx_int_t  n, rc;
    ngx_str_t  s;

    time = NULL;
    s = *value;

    if (ngx_strncmp(s.data, "max=", 4) == 0) {
        s.data += 4;
        s.len -= 4;

        rc = ngx_slack_conf_number(cf, value, &s, NGX_SLACK_OUTBOX_LIMIT, &n);

        if (rc == NGX_ERROR) {
            return NGX_CONF_ERROR;
        }

        if (rc == NGX_DECLINED) {
            goto invalid;
        }

        smcf->outbox.max = (ngx_uint_t) n;

        return NGX_CONF_OK;
    }

    if (ngx_strcmp(s.data, "sync=full") == 0) {
        smcf->outbox.sync_full = 1;
        return NGX_CONF_OK;
    }

    if (ngx_strcmp(s.data, "sync=normal") == 0) {
        smcf->outbox.sync_full = 0;
        return NGX_CONF_OK;
    }

    if (ngx_strncmp(s.data, "keep_sent=", 10) == 0) {
        time = &smcf->outbox.keep_sent;
        s.data += 10;
        s.len -= 10;

    } else if (ngx_strncmp(s.data, "keep_failed=", 12) == 0) {
        time = &smcf->outbox.keep_failed;
        s.data += 12;
        s.len -= 12;

    } else if (ngx_strncmp(s.data, "dedup=", 6) == 0) {
        time = &smcf->outbox.dedup;
        s.data += 6;
        s.len -= 6;
    }

    if (time) {
        rc = ngx_slack_conf_time(cf, value, &s, 1, NGX_SLACK_CONF_DAYS, &n);

        if (rc == NGX_ERROR) {
            return NGX_CONF_ERROR;
        }

        if (rc == NGX_OK) {
            *time = n;
            return NGX_CONF_OK;
        }
    }

invalid:

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "invalid parameter \"%V\", see \"slack_outbox\" in the "
                       "README", value);

    return NGX_CONF_ERROR;
}


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

        if (name->len == value[1].len
            && ngx_memcmp(name->data, value[1].data, name->len) == 0)
        {
            slcf->source = i;
            return NGX_CONF_OK;
        }
    }

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "unknown source \"%V\", see \"slack_source\" in the "
                       "README", &value[1]);

    return NGX_CONF_ERROR;
}
