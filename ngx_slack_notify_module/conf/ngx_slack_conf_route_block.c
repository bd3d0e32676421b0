
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The directives inside slack_route.  Runs when the configuration is read.
 */


#include <ngx_slack_conf.h>


static char *ngx_slack_conf_route_events(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_route_branches(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static ngx_uint_t ngx_slack_conf_branch_class(u_char *name);
static char *ngx_slack_conf_route_pipelines(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_route_labels(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_route_patterns(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_route_match(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_route_repeat(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_route_persona(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);


ngx_slack_conf_option_t  ngx_slack_conf_route_options[] = {
    { ngx_string("events"), 1, 0, ngx_slack_conf_route_events },
    { ngx_string("branches"), 1, 0, ngx_slack_conf_route_branches },
    { ngx_string("protected_branches"), 1, 0, ngx_slack_conf_route_patterns },
    { ngx_string("pipelines"), 1, 1, ngx_slack_conf_route_pipelines },
    { ngx_string("labels"), 2, 0, ngx_slack_conf_route_labels },
    { ngx_string("users"), 1, 0, ngx_slack_conf_route_patterns },
    { ngx_string("projects"), 1, 0, ngx_slack_conf_route_patterns },
    { ngx_string("paths"), 1, 0, ngx_slack_conf_route_patterns },
    { ngx_string("match"), 2, 0, ngx_slack_conf_route_match },
    { ngx_string("repeat"), 1, 1, ngx_slack_conf_route_repeat },
    { ngx_string("channel"), 1, 0, ngx_slack_conf_route_channel },
    { ngx_string("username"), 1, 1, ngx_slack_conf_route_persona },
    { ngx_string("icon_emoji"), 1, 1, ngx_slack_conf_route_persona },
    { ngx_string("icon_url"), 1, 1, ngx_slack_conf_route_persona },
    { ngx_null_string, 0, 0, NULL }
};


static ngx_conf_enum_t  ngx_slack_conf_route_statuses[] = {
    { ngx_string("all"), NGX_SLACK_PIPELINES_ALL },
    { ngx_string("broken"), NGX_SLACK_PIPELINES_BROKEN },
    { ngx_string("changed"), NGX_SLACK_PIPELINES_CHANGED },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_slack_conf_route_modes[] = {
    { ngx_string("any"), NGX_SLACK_LABELS_ANY },
    { ngx_string("all"), NGX_SLACK_LABELS_ALL },
    { ngx_string("none"), NGX_SLACK_LABELS_NONE },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_slack_conf_route_repeats[] = {
    { ngx_string("on"), NGX_SLACK_REPEAT_ON },
    { ngx_string("off"), NGX_SLACK_REPEAT_OFF },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_slack_conf_branch_classes[] = {
    { ngx_string("all"), NGX_SLACK_BRANCHES_ALL },
    { ngx_string("default"), NGX_SLACK_BRANCHES_DEFAULT },
    { ngx_string("protected"), NGX_SLACK_BRANCHES_PROTECTED },
    { ngx_string("default_and_protected"),
      NGX_SLACK_BRANCHES_DEFAULT|NGX_SLACK_BRANCHES_PROTECTED },
    { ngx_null_string, 0 }
};


static char *
ngx_slack_conf_route_events(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_route_t  *route = conf;

    char        *err;
    ngx_uint_t   i;

    if (route->filter.kinds) {
        return "is duplicate";
    }

    for (i = 1; i <= n; i++) {
        err = ngx_slack_filter_event(cf, &route->filter, &value[i]);

        if (err) {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, err,
                               ngx_slack_secret_word(&value[i]));
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_route_branches(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_route_t  *route = conf;

    ngx_uint_t           i, class;
    ngx_slack_filter_t  *filter;

    filter = &route->filter;

    if (filter->branch_classes || filter->branches.patterns.nelts) {
        return "is duplicate";
    }

    for (i = 1; i <= n; i++) {

        class = ngx_slack_conf_branch_class(value[i].data);

        if (class) {
            filter->branch_classes |= class;
            continue;
        }

        if (value[i].data[0] == '!'
            && ngx_slack_conf_branch_class(value[i].data + 1))
        {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                               "a class of branches cannot be excluded, "
                               "\"%V\"; for a branch of this name "
                               "use \"!~^%s$\"",
                               &value[i], value[i].data + 1);
            return NGX_CONF_ERROR;
        }

        if (ngx_slack_patterns_add(cf, &filter->branches, &value[i])
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* 0: not a class */

static ngx_uint_t
ngx_slack_conf_branch_class(u_char *name)
{
    ngx_uint_t  i;

    for (i = 0; ngx_slack_conf_branch_classes[i].name.len; i++) {
        if (ngx_strcmp(ngx_slack_conf_branch_classes[i].name.data, name)
            == 0)
        {
            return ngx_slack_conf_branch_classes[i].value;
        }
    }

    return 0;
}


static char *
ngx_slack_conf_route_pipelines(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_route_t  *route = conf;

    ngx_int_t  choice;

    if (route->filter.pipelines) {
        return "is duplicate";
    }

    choice = ngx_slack_conf_choice(cf, ngx_slack_conf_route_statuses);
    if (choice == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    route->filter.pipelines = choice;

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_route_labels(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_route_t  *route = conf;

    ngx_int_t            choice;
    ngx_str_t           *title;
    ngx_uint_t           i;
    ngx_slack_labels_t  *labels;
    ngx_slack_filter_t  *filter;

    filter = &route->filter;

    if (filter->labels.elts == NULL
        && ngx_array_init(&filter->labels, cf->pool, 2,
                          sizeof(ngx_slack_labels_t))
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    labels = ngx_array_push(&filter->labels);
    if (labels == NULL) {
        return NGX_CONF_ERROR;
    }

    choice = ngx_slack_conf_choice(cf, ngx_slack_conf_route_modes);
    if (choice == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    labels->mode = choice;

    if (ngx_array_init(&labels->titles, cf->pool, n, sizeof(ngx_str_t))
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    for (i = 2; i <= n; i++) {
        title = ngx_array_push(&labels->titles);
        if (title == NULL) {
            return NGX_CONF_ERROR;
        }

        *title = value[i];
    }

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_route_patterns(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_route_t  *route = conf;

    ngx_uint_t             i;
    ngx_slack_patterns_t  *list;

    switch (value[0].data[1]) {

    case 's':
        list = &route->filter.users;
        break;

    case 'a':
        list = &route->filter.paths;
        break;

    default:
        list = (value[0].len == sizeof("projects") - 1)
               ? &route->filter.projects : &route->filter.protected;
        break;
    }

    if (list->patterns.nelts) {
        return "is duplicate";
    }

    for (i = 1; i <= n; i++) {
        if (ngx_slack_patterns_add(cf, list, &value[i]) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_route_match(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_route_t  *route = conf;

    ngx_uint_t           i;
    ngx_slack_match_t   *match;
    ngx_slack_filter_t  *filter;

    filter = &route->filter;

    if (filter->matches.elts == NULL
        && ngx_array_init(&filter->matches, cf->pool, 2,
                          sizeof(ngx_slack_match_t))
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    match = ngx_array_push(&filter->matches);
    if (match == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(match, sizeof(ngx_slack_match_t));

    match->path = value[1];

    if (!ngx_slack_json_is_path(&value[1])) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "invalid path \"%V\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    for (i = 2; i <= n; i++) {
        if (ngx_slack_patterns_add(cf, &match->patterns, &value[i])
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_route_repeat(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_route_t  *route = conf;

    ngx_int_t  choice;

    if (route->filter.repeat) {
        return "is duplicate";
    }

    choice = ngx_slack_conf_choice(cf, ngx_slack_conf_route_repeats);
    if (choice == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    route->filter.repeat = choice;

    return NGX_CONF_OK;
}


char *
ngx_slack_conf_route_channel(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_route_t  *route = conf;

    if (route->channels) {
        return "is duplicate";
    }

    route->channels = ngx_array_create(cf->pool, n, sizeof(ngx_str_t));
    if (route->channels == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_slack_conf_channels(cf, route->channels, value + 1, n) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_route_persona(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_route_t  *route = conf;

    return ngx_slack_conf_persona(cf, value, &route->persona);
}
