
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Parses the blocks slack_workspace and slack_route by tables of
 * ngx_command_t.  Runs in the master when the configuration is read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_equal.h>


static char *ngx_slack_conf_block_directive(ngx_conf_t *cf,
    ngx_command_t *dummy, void *conf);
static ngx_command_t *ngx_slack_conf_block_find(ngx_slack_conf_table_t *table,
    ngx_str_t *name);
static ngx_int_t ngx_slack_conf_block_swallowed(ngx_conf_t *cf,
    ngx_command_t *cmd);
static ngx_command_t *ngx_slack_conf_block_command(ngx_conf_t *cf,
    ngx_str_t *name);
static ngx_uint_t ngx_slack_conf_takes(ngx_command_t *cmd, ngx_uint_t n);


typedef struct {
    char                       *name;
    ngx_slack_conf_table_t     *tables;
    ngx_array_t                *words;       /* ngx_str_t; NULL: not wanted */
} ngx_slack_conf_block_t;


char *
ngx_slack_conf_block(ngx_conf_t *cf, char *name,
    ngx_slack_conf_table_t *tables, ngx_array_t *words)
{
    ngx_conf_t              inner;
    ngx_slack_conf_block_t  block;

    block.name = name;
    block.tables = tables;
    block.words = words;

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

    if (ngx_slack_conf_block_swallowed(cf, cmd) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (!ngx_slack_conf_takes(cmd, cf->args->nelts - 1)) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "invalid number of arguments in \"%V\" directive",
                           name);
        return NGX_CONF_ERROR;
    }

    if (block->words
        && ngx_slack_conf_block_words(block->words, cf->args) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    rv = cmd->set(cf, cmd, table->conf);

    if (rv == NGX_CONF_OK || rv == NGX_CONF_ERROR) {
        return rv;
    }

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "\"%V\" directive %s", name, rv);

    return NGX_CONF_ERROR;
}


ngx_int_t
ngx_slack_conf_block_words(ngx_array_t *words, ngx_array_t *args)
{
    ngx_str_t  *word;

    word = ngx_array_push_n(words, args->nelts + 1);
    if (word == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(word, args->elts, args->nelts * sizeof(ngx_str_t));
    ngx_str_null(&word[args->nelts]);

    return NGX_OK;
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
            && ngx_slack_equal(&cmd->name, name))
        {
            return cmd;
        }
    }
}


/*
 * If a ";" is missing, the next directive is read as parameters of this one.
 * That is noticed where a parameter is the name of a directive that may have
 * the parameters after it.  Labels and channels may well have such a name, so
 * there it is only a warning; names of directives with "_" are refused by the
 * setter of channels, as "username" is.
 */

static ngx_int_t
ngx_slack_conf_block_swallowed(ngx_conf_t *cf, ngx_command_t *cmd)
{
    ngx_str_t      *value;
    ngx_uint_t      i, channels, names;
    ngx_command_t  *next;

    static ngx_str_t  channel = ngx_string("channel");
    static ngx_str_t  labels = ngx_string("labels");
    static ngx_str_t  username = ngx_string("username");

    channels = ngx_slack_equal(&cmd->name, &channel);
    names = channels || ngx_slack_equal(&cmd->name, &labels);

    value = cf->args->elts;

    /* with a right number, the first parameter may have any value */

    i = ngx_slack_conf_takes(cmd, cf->args->nelts - 1) ? 2 : 1;

    for ( /* void */ ; i + 1 < cf->args->nelts; i++) {

        next = ngx_slack_conf_block_command(cf, &value[i]);

        if (next == NULL
            || !ngx_slack_conf_takes(next, cf->args->nelts - 1 - i)
            || (channels
                && (ngx_slack_equal(&next->name, &username)
                    || ngx_strlchr(value[i].data,
                                   value[i].data + value[i].len, '_'))))
        {
            continue;
        }

        if (names) {
            ngx_slack_conf_log(NGX_LOG_WARN, cf, 0,
                               "is a \";\" missing before \"%V\", which is "
                               "read as a parameter of \"%V\"",
                               &value[i], &value[0]);
            return NGX_OK;
        }

        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "a \";\" is missing before \"%V\", which is read "
                           "as a parameter of \"%V\"",
                           &value[i], &value[0]);

        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_uint_t
ngx_slack_conf_block_has(ngx_conf_t *cf, ngx_str_t *name)
{
    if (cf->handler != ngx_slack_conf_block_directive) {
        return 0;
    }

    return ngx_slack_conf_block_command(cf, name) ? 1 : 0;
}


/* Finds a directive of the block that is being read. */

static ngx_command_t *
ngx_slack_conf_block_command(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_command_t           *cmd;
    ngx_slack_conf_block_t  *block;
    ngx_slack_conf_table_t  *table;

    block = (ngx_slack_conf_block_t *) cf->handler_conf;

    for (table = block->tables; table->commands; table++) {
        cmd = ngx_slack_conf_block_find(table, name);

        if (cmd) {
            return cmd;
        }
    }

    return NULL;
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
