
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * slack_route and slack_notify.  Runs in the master when the configuration is
 * read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_filter.h>


static ngx_slack_conf_route_t *ngx_slack_conf_route_create(ngx_conf_t *cf,
    ngx_slack_loc_conf_t      *slcf, ngx_str_t *workspace);
static char *ngx_slack_conf_route_twin(ngx_conf_t *cf,
    ngx_slack_loc_conf_t *slcf, ngx_slack_conf_route_t *route);
static char *ngx_slack_conf_route_if(ngx_conf_t *cf,
    ngx_slack_conf_route_t  *route, ngx_str_t *value);
static char *ngx_slack_conf_route_invalid(ngx_conf_t *cf, ngx_str_t *value);


/* the directives of slack_route, except the filters */

static ngx_command_t  ngx_slack_conf_route_commands[] = {

    { ngx_string("channel"),
      NGX_CONF_1MORE,
      ngx_slack_conf_set_route_channels,
      0,
      0,
      NULL },

    { ngx_string("username"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_username,
      0,
      offsetof(ngx_slack_conf_route_t, persona.username),
      NULL },

    { ngx_string("icon_emoji"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_icon_emoji,
      0,
      offsetof(ngx_slack_conf_route_t, persona.icon_emoji),
      NULL },

    { ngx_string("icon_url"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_icon_url,
      0,
      offsetof(ngx_slack_conf_route_t, persona.icon_url),
      NULL },

    { ngx_string("thread"),
      NGX_CONF_1MORE,
      ngx_slack_conf_set_thread,
      0,
      offsetof(ngx_slack_conf_route_t, thread),
      NULL },

    { ngx_string("people"),
      NGX_CONF_1MORE,
      ngx_slack_conf_set_people,
      0,
      offsetof(ngx_slack_conf_route_t, people),
      NULL },

    { ngx_string("format"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_format,
      0,
      offsetof(ngx_slack_conf_route_t, format),
      NULL },

    { ngx_string("message"),
      NGX_CONF_2MORE,
      ngx_slack_conf_set_message,
      0,
      offsetof(ngx_slack_conf_route_t, messages),
      NULL },

    { ngx_string("mention"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_mention,
      0,
      offsetof(ngx_slack_conf_route_t, mention),
      NULL },

      ngx_null_command
};


char *
ngx_slack_conf_route(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_loc_conf_t  *slcf = conf;

    char                    *rv;
    ngx_str_t               *value;
    ngx_slack_conf_route_t  *route;
    ngx_slack_conf_table_t   tables[3];

    value = cf->args->elts;

    if (slcf->off == 1) {
        return "conflicts with \"slack_notify off\"";
    }

    route = ngx_slack_conf_route_create(cf, slcf, &value[1]);
    if (route == NULL) {
        return NGX_CONF_ERROR;
    }

    if (cf->args->nelts == 3) {
        rv = ngx_slack_conf_route_if(cf, route, &value[2]);
        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    ngx_memzero(tables, sizeof(tables));

    route->format = NGX_CONF_UNSET_UINT;

    tables[0].commands = ngx_slack_conf_route_commands;
    tables[0].size = sizeof(ngx_command_t);
    tables[0].conf = route;

    tables[1].commands = &ngx_slack_filters[0].directive;
    tables[1].size = sizeof(ngx_slack_filter_rule_t);
    tables[1].conf = &route->filter;

    rv = ngx_slack_conf_block(cf, "slack_route", tables, &route->words);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    ngx_slack_filter_init_values(&route->filter);

    ngx_slack_conf_thread_check(cf, route);
    ngx_slack_conf_messages_check(cf, route);
    ngx_slack_conf_format_default(route);

    return ngx_slack_conf_route_twin(cf, slcf, route);
}


char *
ngx_slack_conf_notify(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_loc_conf_t  *slcf = conf;

    char                    *rv;
    ngx_str_t               *value;
    ngx_uint_t               i, n;
    ngx_slack_conf_route_t  *route;

    value = cf->args->elts;
    n = cf->args->nelts;

    if (ngx_strcmp(value[1].data, "off") == 0) {

        if (n > 2) {
            return ngx_slack_conf_route_invalid(cf, &value[2]);
        }

        if (slcf->off == 1) {
            return "is duplicate";
        }

        if (slcf->routes != NGX_CONF_UNSET_PTR) {
            return "\"off\" conflicts with another route of the same level";
        }

        slcf->off = 1;

        return NGX_CONF_OK;
    }

    if (slcf->off == 1) {
        return "conflicts with \"slack_notify off\"";
    }

    route = ngx_slack_conf_route_create(cf, slcf, &value[1]);
    if (route == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_slack_filter_init_values(&route->filter);

    if (n > 2 && ngx_strncmp(value[n - 1].data, "if=", 3) == 0) {
        rv = ngx_slack_conf_route_if(cf, route, &value[n - 1]);
        if (rv != NGX_CONF_OK) {
            return rv;
        }

        n--;
    }

    if (n == 2) {
        return ngx_slack_conf_route_twin(cf, slcf, route);
    }

    for (i = 2; i < n; i++) {
        if (ngx_strncmp(value[i].data, "if=", 3) == 0) {
            return ngx_slack_conf_route_invalid(cf, &value[i]);
        }
    }

    route->channels = ngx_array_create(cf->pool, 2, sizeof(ngx_str_t));
    if (route->channels == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_slack_conf_channels(cf, route->channels, &route->named, value + 2,
                                n - 2)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return ngx_slack_conf_route_twin(cf, slcf, route);
}


static ngx_slack_conf_route_t *
ngx_slack_conf_route_create(ngx_conf_t *cf, ngx_slack_loc_conf_t *slcf,
    ngx_str_t *workspace)
{
    ngx_slack_main_conf_t   *smcf;
    ngx_slack_conf_route_t  *route, **place;

    if (slcf->status) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a route conflicts with \"slack_status\" of the "
                           "same location");
        return NULL;
    }

    if (slcf->routes == NGX_CONF_UNSET_PTR) {
        slcf->routes = ngx_array_create(cf->pool, 2,
                                        sizeof(ngx_slack_conf_route_t *));
        if (slcf->routes == NULL) {
            return NULL;
        }

        ngx_rbtree_init(&slcf->twins, &slcf->twins_sentinel,
                        ngx_str_rbtree_insert_value);
    }

    route = ngx_pcalloc(cf->pool, sizeof(ngx_slack_conf_route_t));
    if (route == NULL) {
        return NULL;
    }

    ngx_slack_filter_init(&route->filter);

    route->workspace_name = *workspace;
    route->file = cf->conf_file->file.name;
    route->line = cf->conf_file->line;

    if (ngx_array_init(&route->words, cf->pool, 8, sizeof(ngx_str_t))
        != NGX_OK
        || ngx_slack_conf_block_words(&route->words, cf->args) != NGX_OK)
    {
        return NULL;
    }

    place = ngx_array_push(slcf->routes);
    if (place == NULL) {
        return NULL;
    }

    *place = route;

    /* The workspace may be defined later: resolve it when all is read. */

    smcf = ngx_http_conf_get_module_main_conf(cf, ngx_slack_notify_module);

    place = ngx_array_push(&smcf->routes);
    if (place == NULL) {
        return NULL;
    }

    *place = route;

    return route;
}


/*
 * Warns of a route that is written as an earlier one of the same level: an
 * event goes to each channel once, so it adds nothing.  A location may have
 * thousands of routes, so they are looked up: words with their lengths, one
 * after another, are the key.
 */

static char *
ngx_slack_conf_route_twin(ngx_conf_t *cf, ngx_slack_loc_conf_t *slcf,
    ngx_slack_conf_route_t *route)
{
    size_t                   len;
    u_char                  *p;
    uint32_t                 hash;
    ngx_str_t               *word, *key;
    ngx_uint_t               i;
    ngx_str_node_t          *node;
    ngx_slack_conf_route_t  *other;

    word = route->words.elts;
    key = &route->twin.str;
    len = 0;

    for (i = 0; i < route->words.nelts; i++) {
        len += sizeof(size_t) + word[i].len;
    }

    p = ngx_pnalloc(cf->temp_pool, len);
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    key->data = p;
    key->len = len;

    for (i = 0; i < route->words.nelts; i++) {
        p = ngx_cpymem(p, &word[i].len, sizeof(size_t));

        if (word[i].data) {
            p = ngx_cpymem(p, word[i].data, word[i].len);
        }
    }

    hash = ngx_crc32_long(key->data, key->len);

    node = ngx_str_rbtree_lookup(&slcf->twins, key, hash);

    if (node == NULL) {
        route->twin.node.key = hash;
        ngx_rbtree_insert(&slcf->twins, &route->twin.node);

        return NGX_CONF_OK;
    }

    other = ngx_rbtree_data(node, ngx_slack_conf_route_t, twin);

    ngx_slack_log(NGX_LOG_WARN, cf->log, 0,
                  "the route is the same as that in %V:%ui and adds nothing "
                  "in %V:%ui",
                  &other->file, other->line, &route->file, route->line);

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_route_if(ngx_conf_t *cf, ngx_slack_conf_route_t *route,
    ngx_str_t *value)
{
    ngx_str_t                         s;
    ngx_http_complex_value_t         *condition;
    ngx_http_compile_complex_value_t  ccv;

    if (ngx_strncmp(value->data, "if=", 3) != 0 || value->len == 3) {
        return ngx_slack_conf_route_invalid(cf, value);
    }

    route->conditions = ngx_array_create(cf->pool, 1,
                                         sizeof(ngx_http_complex_value_t));
    if (route->conditions == NULL) {
        return NGX_CONF_ERROR;
    }

    condition = ngx_array_push(route->conditions);
    if (condition == NULL) {
        return NGX_CONF_ERROR;
    }

    s.data = value->data + 3;
    s.len = value->len - 3;

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = &s;
    ccv.complex_value = condition;

    if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_route_invalid(ngx_conf_t *cf, ngx_str_t *value)
{
    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "invalid parameter \"%V\", write \"if=CONDITION\"",
                       ngx_slack_secret_word(value));

    return NGX_CONF_ERROR;
}
