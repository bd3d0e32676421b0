
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * slack_outbox: its engine, address and parameters, and the default without
 * the directive.  The engine defines and checks the parameters.  Runs in the
 * master when the configuration is read.
 */


#include <ngx_slack_outbox.h>
#include <ngx_slack_conf.h>
#include <ngx_slack_equal.h>


static char *ngx_slack_conf_outbox_param(ngx_conf_t *cf,
    ngx_slack_outbox_conf_t *outbox, ngx_str_t *value);
static ngx_int_t ngx_slack_conf_outbox_value(ngx_conf_t *cf,
    ngx_slack_outbox_param_t *param, void *field, ngx_str_t *value);
static ngx_int_t ngx_slack_conf_outbox_default(ngx_conf_t *cf,
    ngx_slack_outbox_conf_t *outbox);


char *
ngx_slack_conf_outbox(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_main_conf_t  *smcf = conf;

    char                     *rv;
    u_char                   *p, *colon, text[NGX_MAX_CONF_ERRSTR];
    ngx_str_t                *value, engine;
    ngx_uint_t                i;
    ngx_slack_outbox_conf_t  *outbox;

    outbox = &smcf->outbox;

    if (outbox->chosen) {
        return "is duplicate";
    }

    value = cf->args->elts;

    switch (ngx_slack_outbox_choose(outbox, cf->pool, &value[1])) {

    case NGX_OK:
        break;

    case NGX_DECLINED:
        p = ngx_slack_outbox_no_engine(text, text + sizeof(text));

        /* an address may have a password */

        engine = value[1];
        colon = ngx_strlchr(engine.data, engine.data + engine.len, ':');

        if (colon != NULL) {
            engine.len = (size_t) (colon - engine.data);
        }

        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "outbox \"%V\": %*s",
                           &engine, (size_t) (p - text), text);
        return NGX_CONF_ERROR;

    default:
        return NGX_CONF_ERROR;
    }

    outbox->file = cf->conf_file->file.name;
    outbox->line = cf->conf_file->line;

    for (i = 2; i < cf->args->nelts; i++) {
        rv = ngx_slack_conf_outbox_param(cf, outbox, &value[i]);
        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    rv = ngx_slack_outbox_check(outbox, cf);

    if (rv != NULL) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "outbox \"%V\" %s",
                           ngx_slack_outbox_shown(outbox, &value[1]), rv);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_outbox_param(ngx_conf_t *cf, ngx_slack_outbox_conf_t *outbox,
    ngx_str_t *value)
{
    void                      *field;
    ngx_int_t                  rc;
    ngx_slack_outbox_param_t  *param;

    param = ngx_slack_outbox_param(outbox, value, &field);

    if (param == NULL) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "invalid parameter \"%V\", the engine \"%V\" does "
                           "not take it, see \"slack_outbox\" in the README",
                           value, ngx_slack_outbox_engine(outbox));
        return NGX_CONF_ERROR;
    }

    rc = ngx_slack_conf_outbox_value(cf, param, field, value);

    if (rc == NGX_DECLINED) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "invalid parameter \"%V\", see \"slack_outbox\" in "
                           "the README", value);
    }

    return (rc == NGX_OK) ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/*
 * Parses the value of a parameter.  NGX_DECLINED: invalid, not logged;
 * NGX_ERROR: logged.
 */

static ngx_int_t
ngx_slack_conf_outbox_value(ngx_conf_t *cf, ngx_slack_outbox_param_t *param,
    void *field, ngx_str_t *value)
{
    ngx_int_t         n, rc;
    ngx_str_t         s;
    ngx_conf_enum_t  *choice;

    if (value->len == param->name.len) {
        return NGX_DECLINED;
    }

    s.data = value->data + param->name.len + 1;
    s.len = value->len - param->name.len - 1;

    switch (param->type) {

    case NGX_SLACK_PARAM_COUNT:
        rc = ngx_slack_conf_number(cf, value, &s, param->max, &n);

        if (rc == NGX_OK) {
            *(ngx_uint_t *) field = (ngx_uint_t) n;
        }

        return rc;

    case NGX_SLACK_PARAM_TIME:
        rc = ngx_slack_conf_time(cf, value, &s, 1, NGX_SLACK_CONF_DAYS, &n);

        if (rc == NGX_OK) {
            *(time_t *) field = n;
        }

        return rc;

    case NGX_SLACK_PARAM_TEXT:
        if (s.len == 0) {
            return NGX_DECLINED;
        }

        *(ngx_str_t *) field = s;

        return NGX_OK;

    default: /* NGX_SLACK_PARAM_CHOICE */

        for (choice = param->choices; choice->name.len; choice++) {

            if (ngx_slack_equal(&choice->name, &s)) {
                *(ngx_uint_t *) field = choice->value;
                return NGX_OK;
            }
        }

        return NGX_DECLINED;
    }
}


ngx_int_t
ngx_slack_conf_resolve_outbox(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf)
{
    if (!smcf->outbox.chosen
        && ngx_slack_conf_outbox_default(cf, &smcf->outbox) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_outbox_complete(&smcf->outbox, cf);
}


/*
 * The default outbox is in the directory that contains the one of client
 * bodies.
 */

static ngx_int_t
ngx_slack_conf_outbox_default(ngx_conf_t *cf, ngx_slack_outbox_conf_t *outbox)
{
    char                      *rv;
    ngx_str_t                  place;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->client_body_temp_path) {
        place = clcf->client_body_temp_path->name;

    } else {
        ngx_str_set(&place, NGX_HTTP_CLIENT_TEMP_PATH);

        if (ngx_conf_full_name(cf->cycle, &place, 0) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    while (place.len && place.data[place.len - 1] == '/') {
        place.len--;
    }

    while (place.len && place.data[place.len - 1] != '/') {
        place.len--;
    }

    if (ngx_slack_outbox_default(outbox, cf->pool, &place) != NGX_OK) {
        return NGX_ERROR;
    }

    outbox->file = cf->conf_file->file.name;
    outbox->line = cf->conf_file->line;

    rv = ngx_slack_outbox_check(outbox, cf);

    if (rv != NULL) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "outbox \"%V\" %s",
                           &outbox->address, rv);
        return NGX_ERROR;
    }

    return NGX_OK;
}
