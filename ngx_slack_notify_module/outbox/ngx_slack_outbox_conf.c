
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The configuration of the outbox: the choice of the engine, its parameters
 * and its checks.  Runs in the master, when the configuration is read.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_engine.h>


#define NGX_SLACK_OUTBOX_MAX   100000
#define NGX_SLACK_KEEP_SENT    3600
#define NGX_SLACK_KEEP_FAILED  (7 * 24 * 3600)
#define NGX_SLACK_DEDUP        (24 * 3600)


static ngx_int_t ngx_slack_outbox_use(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_engine_t *engine, ngx_pool_t *pool);


void
ngx_slack_outbox_conf_init(ngx_slack_outbox_conf_t *conf)
{
    conf->engine = ngx_slack_engines[0];
    conf->max = NGX_SLACK_OUTBOX_MAX;
    conf->keep_sent = NGX_SLACK_KEEP_SENT;
    conf->keep_failed = NGX_SLACK_KEEP_FAILED;
    conf->dedup = NGX_SLACK_DEDUP;
}


ngx_int_t
ngx_slack_outbox_choose(ngx_slack_outbox_conf_t *conf, ngx_pool_t *pool,
    ngx_str_t *value)
{
    size_t                      len;
    ngx_uint_t                  i;
    ngx_slack_outbox_engine_t  *engine;

    for (i = 0; ngx_slack_engines[i] != NULL; i++) {
        engine = ngx_slack_engines[i];
        len = engine->name.len;

        if (value->len > len
            && value->data[len] == ':'
            && ngx_memcmp(value->data, engine->name.data, len) == 0)
        {
            conf->address.data = value->data + len + 1;
            conf->address.len = value->len - len - 1;

            return ngx_slack_outbox_use(conf, engine, pool);
        }
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_slack_outbox_default(ngx_slack_outbox_conf_t *conf, ngx_pool_t *pool,
    ngx_str_t *place)
{
    if (ngx_slack_outbox_use(conf, ngx_slack_engines[0], pool) != NGX_OK) {
        return NGX_ERROR;
    }

    return conf->engine->set_default(conf, pool, place);
}


static ngx_int_t
ngx_slack_outbox_use(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_engine_t *engine, ngx_pool_t *pool)
{
    conf->own = engine->create_conf(pool);
    if (conf->own == NULL) {
        return NGX_ERROR;
    }

    conf->engine = engine;
    conf->chosen = 1;

    return NGX_OK;
}


u_char *
ngx_slack_outbox_no_engine(u_char *buf, u_char *last)
{
    u_char      *p;
    ngx_uint_t   i;

    p = ngx_slprintf(buf, last, "no such engine; there %s %V",
                     (ngx_slack_engines[1] == NULL) ? "is" : "are",
                     &ngx_slack_engines[0]->name);

    for (i = 1; ngx_slack_engines[i] != NULL; i++) {
        p = ngx_slprintf(p, last, "%s %V",
                         (ngx_slack_engines[i + 1] == NULL) ? " and" : ",",
                         &ngx_slack_engines[i]->name);
    }

    return ngx_slprintf(p, last, ", write \"%V\"",
                        &ngx_slack_engines[0]->syntax);
}


ngx_str_t *
ngx_slack_outbox_engine(ngx_slack_outbox_conf_t *conf)
{
    return &conf->engine->name;
}


ngx_str_t *
ngx_slack_outbox_shown(ngx_slack_outbox_conf_t *conf, ngx_str_t *value)
{
    return conf->engine->secret ? &conf->engine->syntax : value;
}


ngx_slack_outbox_param_t *
ngx_slack_outbox_param(ngx_slack_outbox_conf_t *conf, ngx_str_t *value,
    void **field)
{
    u_char                    *base;
    ngx_slack_outbox_param_t  *param;

    for (param = conf->engine->params; param->name.data != NULL; param++) {

        if (value->len >= param->name.len
            && (value->len == param->name.len
                || value->data[param->name.len] == '=')
            && ngx_memcmp(value->data, param->name.data, param->name.len) == 0)
        {
            base = param->own ? conf->own : (u_char *) conf;
            *field = base + param->offset;

            return param;
        }
    }

    return NULL;
}


char *
ngx_slack_outbox_check(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf)
{
    return conf->engine->check(conf, cf);
}


ngx_int_t
ngx_slack_outbox_complete(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf)
{
    return (conf->engine->complete == NULL)
           ? NGX_OK : conf->engine->complete(conf, cf);
}


ngx_int_t
ngx_slack_outbox_prepare(ngx_slack_outbox_conf_t *conf, ngx_log_t *log)
{
    return (conf->engine->prepare == NULL)
           ? NGX_OK : conf->engine->prepare(conf, log);
}
