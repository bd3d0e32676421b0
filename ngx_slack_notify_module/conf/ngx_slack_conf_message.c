
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The directive "message" of slack_route: templates.  Runs in the master when
 * the configuration is read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_list.h>


static ngx_uint_t ngx_slack_conf_is_event(ngx_str_t *word);
static ngx_int_t ngx_slack_conf_known(ngx_conf_t *cf, ngx_str_t *name);


char *
ngx_slack_conf_set_message(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t                 *value;
    ngx_uint_t                 i, n;
    ngx_array_t              **messages;
    ngx_slack_conf_message_t  *message;

    messages = (ngx_array_t **) (p + cmd->offset);

    if (*messages == NULL) {
        *messages = ngx_array_create(cf->pool, 4,
                                     sizeof(ngx_slack_conf_message_t));
        if (*messages == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    message = ngx_array_push(*messages);
    if (message == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(message, sizeof(ngx_slack_conf_message_t));

    value = cf->args->elts;
    n = cf->args->nelts - 1;

    if (ngx_slack_conf_is_event(&value[n])) {
        return "has no template, write it behind the events, in quotes";
    }

    message->events = ngx_pcalloc(cf->pool, sizeof(ngx_slack_filter_t));
    if (message->events == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 1; i < n; i++) {
        if (ngx_slack_filter_add_event(cf, message->events, &value[i])
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    message->file = cf->conf_file->file.name;
    message->line = cf->conf_file->line;

    return ngx_slack_conf_template(cf, &value[n], &message->template);
}


/* The words before the template are events, and so may the last one be. */

static ngx_uint_t
ngx_slack_conf_is_event(ngx_str_t *word)
{
    u_char     *colon;
    ngx_str_t   name;

    colon = ngx_strlchr(word->data, word->data + word->len, ':');

    name.data = word->data;
    name.len = colon ? (size_t) (colon - word->data) : word->len;

    return ngx_slack_kind_find(&name) != NULL;
}


char *
ngx_slack_conf_template(ngx_conf_t *cf, ngx_str_t *source,
    ngx_slack_template_t *template)
{
    char                           *err;
    ngx_str_t                       where, bare, *shown;
    ngx_uint_t                      i;
    ngx_slack_template_variable_t  *variable;

    err = ngx_slack_template_parse(cf->pool, source, template, &where);

    if (err) {

        /* a secret may stand behind the bracket, too */

        bare = where;

        if (bare.len && *bare.data == '<') {
            bare.data++;
            bare.len--;
        }

        shown = ngx_slack_secret_word(&bare);

        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, err,
                           (shown == &bare) ? &where : shown);
        return NGX_CONF_ERROR;
    }

    variable = template->variables.elts;

    for (i = 0; i < template->variables.nelts; i++) {

        /* also that of a list: so readers know that it is wanted */

        variable[i].index = ngx_http_get_variable_index(cf, &variable[i].name);

        if (variable[i].index == NGX_ERROR) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


void
ngx_slack_conf_messages_check(ngx_conf_t *cf, ngx_slack_conf_route_t *route)
{
    ngx_str_t                  never;
    ngx_uint_t                 i;
    ngx_slack_conf_message_t  *message;

    if (route->messages == NULL
        || route->thread.mode == NGX_SLACK_THREAD_UPDATE
        || route->thread.mode == NGX_SLACK_THREAD_BOTH)
    {
        /* there all that happens to an object is shown */

        return;
    }

    message = route->messages->elts;

    for (i = 0; i < route->messages->nelts; i++) {

        if (ngx_slack_filter_covers(&route->filter, message[i].events, &never)
            == NGX_OK)
        {
            continue;
        }

        ngx_slack_log(NGX_LOG_WARN, cf->log, 0,
                      "\"message\" has \"%V\", which the route never takes in "
                      "%V:%ui", &never, &message[i].file, message[i].line);
    }
}


ngx_int_t
ngx_slack_conf_template_variables(ngx_conf_t *cf,
    ngx_slack_template_t *template, const char *directive, ngx_str_t *file,
    ngx_uint_t line)
{
    ngx_uint_t                      i;
    ngx_slack_template_variable_t  *variable;

    variable = template->variables.elts;

    for (i = 0; i < template->variables.nelts; i++) {

        if (ngx_slack_conf_known(cf, &variable[i].name) == NGX_OK) {
            continue;
        }

        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "unknown variable \"$%V\" in \"%s\" in %V:%ui",
                      ngx_slack_secret_word(&variable[i].name), directive,
                      file, line);

        return NGX_ERROR;
    }

    return NGX_OK;
}


/* nginx names an unknown variable, but neither the file nor the line. */

static ngx_int_t
ngx_slack_conf_known(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_uint_t                  i;
    ngx_hash_key_t             *key;
    ngx_http_variable_t        *prefix;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    key = cmcf->variables_keys->keys.elts;

    for (i = 0; i < cmcf->variables_keys->keys.nelts; i++) {
        if (ngx_slack_equal(&key[i].key, name)) {
            return NGX_OK;
        }
    }

    prefix = cmcf->prefix_variables.elts;

    for (i = 0; i < cmcf->prefix_variables.nelts; i++) {
        if (name->len >= prefix[i].name.len
            && ngx_memcmp(prefix[i].name.data, name->data,
                          prefix[i].name.len)
               == 0)
        {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}
