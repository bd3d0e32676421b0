
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * How the blocks slack_workspace and slack_route are parsed: by a table of
 * what may stand inside; and parameters that are one word of a few.  Runs when
 * the configuration is read.
 */


#include <ngx_slack_conf.h>


typedef struct {
    ngx_slack_conf_option_t   *options;
    char                      *name;     /* of the block */
    void                      *conf;
} ngx_slack_conf_block_t;


static char *ngx_slack_conf_block_option(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


char *
ngx_slack_conf_block(ngx_conf_t *cf, char *name,
    ngx_slack_conf_option_t *options, void *conf)
{
    ngx_conf_t              inner;
    ngx_slack_conf_block_t  block;

    block.options = options;
    block.name = name;
    block.conf = conf;

    inner = *cf;
    inner.handler = ngx_slack_conf_block_option;
    inner.handler_conf = (void *) &block;

    return ngx_conf_parse(&inner, NULL);
}


static char *
ngx_slack_conf_block_option(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_conf_block_t  *block = conf;

    char                     *rv;
    ngx_str_t                *value;
    ngx_uint_t                n;
    ngx_slack_conf_option_t  *option;

    value = cf->args->elts;
    n = cf->args->nelts - 1;

    for (option = block->options; option->name.len; option++) {

        if (option->name.len != value[0].len
            || ngx_memcmp(option->name.data, value[0].data, value[0].len)
               != 0)
        {
            continue;
        }

        if (n < option->min || (option->max && n > option->max)) {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                               "invalid number of arguments in \"%V\" "
                               "directive", &value[0]);
            return NGX_CONF_ERROR;
        }

        rv = option->handler(cf, block->conf, value, n);

        if (rv == NGX_CONF_OK || rv == NGX_CONF_ERROR) {
            return rv;
        }

        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "\"%V\" directive %s",
                           &value[0], rv);
        return NGX_CONF_ERROR;
    }

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "unknown directive \"%V\" in \"%s\", see "
                       "\"Inside %s\" in the README",
                       ngx_slack_secret_word(&value[0]), block->name,
                       block->name);

    return NGX_CONF_ERROR;
}


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

        if (choice->name.len == value[1].len
            && ngx_memcmp(choice->name.data, value[1].data, value[1].len) == 0)
        {
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
