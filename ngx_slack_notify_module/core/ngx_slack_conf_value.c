
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Parameters of directives, for any room (see the header).  Runs in the master
 * when the configuration is read.
 */


#include <ngx_slack_conf_value.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_log.h>
#include <ngx_slack_secret.h>


ngx_int_t
ngx_slack_conf_choice(ngx_conf_t *cf, ngx_conf_enum_t *choices)
{
    u_char           *p, *last, buf[NGX_MAX_CONF_ERRSTR / 4];
    ngx_str_t        *value;
    ngx_conf_enum_t  *choice;

    value = cf->args->elts;
    p = buf;
    last = buf + sizeof(buf);

    for (choice = choices; choice->name.len; choice++) {

        if (ngx_slack_equal(&choice->name, &value[1])) {
            return choice->value;
        }

        p = ngx_slprintf(p, last, "%s\"%V\"",
                         (choice == choices) ? ""
                         : (choice[1].name.len) ? ", " : " or ",
                         &choice->name);
    }

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "invalid value \"%V\" in \"%V\" directive, "
                       "it must be %*s",
                       ngx_slack_secret_word(&value[1]), &value[0],
                       (size_t) (p - buf), buf);

    return NGX_ERROR;
}


char *
ngx_slack_conf_set_enum(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_int_t    choice;
    ngx_uint_t  *field;

    field = (ngx_uint_t *) (p + cmd->offset);

    if (*field != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    choice = ngx_slack_conf_choice(cf, cmd->post);

    if (choice == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    *field = (ngx_uint_t) choice;

    return NGX_CONF_OK;
}
