
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The directive "format" of slack_route.  Runs in the master when the
 * configuration is read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_equal.h>


char *
ngx_slack_conf_set_format(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t        *value;
    ngx_uint_t       *format, i;
    const ngx_str_t  *name;

    format = (ngx_uint_t *) (p + cmd->offset);

    if (*format != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 0; i < NGX_SLACK_FORMAT_MAX; i++) {

        name = &ngx_slack_message_formats[i];

        if (ngx_slack_equal(name, &value[1])) {
            *format = i;
            return NGX_CONF_OK;
        }
    }

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "invalid value \"%V\" in \"format\", it must be "
                       "\"full\", \"compact\" or \"card\"",
                       ngx_slack_secret_word(&value[1]));

    return NGX_CONF_ERROR;
}


/* A message that is changed tells how something stands. */

void
ngx_slack_conf_format_default(ngx_slack_conf_route_t *route)
{
    if (route->format != NGX_CONF_UNSET_UINT) {
        return;
    }

    if (route->thread.mode == NGX_SLACK_THREAD_UPDATE
        || route->thread.mode == NGX_SLACK_THREAD_BOTH)
    {
        route->format = NGX_SLACK_FORMAT_CARD;

    } else {
        route->format = NGX_SLACK_FORMAT_FULL;
    }
}
