
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Parses the blocks slack_workspace and slack_route by tables of
 * ngx_command_t.  Runs in the master when the configuration is read.
 */


#include <ngx_slack_conf.h>


static char *ngx_slack_conf_block_directive(ngx_conf_t *cf,
    ngx_command_t *dummy, void *conf);
static ngx_command_t *ngx_slack_conf_block_find(ngx_slack_conf_table_t *table,
    ngx_str_t *name);
static ngx_uint_t ngx_slack_conf_takes(ngx_command_t *cmd, ngx_uint_t n);


typedef struct {
    char                       *name;
    ngx_slack_conf_table_t     *tables;
} ngx_slack_conf_block_t;


char *
ngx_slack_conf_block(ngx_conf_t *cf, char *name,
    ngx_slack_conf_table_t *tables)
{
    ngx_conf_t              inner;
    ngx_slack_conf_block_t  block;

    block.name = name;
    block.tables = tables;

    inner = *cf;
    inner.handler = ngx_slack_conf_block_directive;
    inner.handler_conf = (void *) &block;

    return ngx_conf_parse(&inner, NULL);
}


static char *
ngx_slack_conf_block_directive(ngx_conf_t *cf, ngx_command_t *dummy,
    void *conf)
{
    ngx_slack_conf_block_t  *block = conf;

    char                    *rv;
    ngx_str_t               *name;
    ngx_command_t           *cmd;
    ngx_slack_conf_table_t  *table;

    name = cf->args->elts;
    cmd = NULL;

    for (table = block->tables; table->commands; table++) {
        cmd = ngx_slack_conf_block_find(table, name);

        if (cmd) {
            break;
        }
    }

    if (cmd == NULL) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "unknown directive \"%V\" in \"%s\", see "
                           "\"Inside %s\" in the README",
                           ngx_slack_secret_word(name), block->name,
                           block->name);
        return NGX_CONF_ERROR;
    }

    if (!ngx_slack_conf_takes(cmd, cf->args->nelts - 1)) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "invalid number of arguments in \"%V\" directive",
                           name);
        return NGX_CONF_ERROR;
    }

    rv = cmd->set(cf, cmd, table->conf);

    if (rv == NGX_CONF_OK || rv == NGX_CONF_ERROR) {
        return rv;
    }

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "\"%V\" directive %s", name, rv);

    return NGX_CONF_ERROR;
}


static ngx_command_t *
ngx_slack_conf_block_find(ngx_slack_conf_table_t *table, ngx_str_t *name)
{
    u_char         *p;
    ngx_command_t  *cmd;

    for (p = (u_char *) table->commands; ; p += table->size) {

        cmd = (ngx_command_t *) p;

        if (cmd->name.len == 0) {
            return NULL;
        }

        if (cmd->set
            && cmd->name.len == name->len
            && ngx_memcmp(cmd->name.data, name->data, name->len) == 0)
        {
            return cmd;
        }
    }
}


ngx_uint_t
ngx_slack_conf_block_has(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_slack_conf_block_t  *block;
    ngx_slack_conf_table_t  *table;

    if (cf->handler != ngx_slack_conf_block_directive) {
        return 0;
    }

    block = (ngx_slack_conf_block_t *) cf->handler_conf;

    for (table = block->tables; table->commands; table++) {
        if (ngx_slack_conf_block_find(table, name)) {
            return 1;
        }
    }

    return 0;
}


/*
 * Bit n of the type allows n parameters: NGX_CONF_TAKE1 is bit 1,
 * NGX_CONF_TAKE2 is bit 2, and so on.
 */

static ngx_uint_t
ngx_slack_conf_takes(ngx_command_t *cmd, ngx_uint_t n)
{
    if (cmd->type & NGX_CONF_1MORE) {
        return n >= 1;
    }

    if (cmd->type & NGX_CONF_2MORE) {
        return n >= 2;
    }

    return n < NGX_CONF_MAX_ARGS
           && (cmd->type & NGX_CONF_ARGS_NUMBER & (1 << n));
}
