
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The fields of a body that variables $slack_json_... name; every reader
 * captures all of them.  Runs in the master after the configuration was read.
 */


#include <ngx_slack_conf.h>


static ngx_int_t ngx_slack_conf_add_field(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf, ngx_str_t *name);


/* By now nginx has indexed every variable that the configuration uses. */

ngx_uint_t
ngx_slack_conf_has_variable(ngx_conf_t *cf, const char *name)
{
    size_t                      len;
    ngx_uint_t                  i;
    ngx_http_variable_t        *v;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    len = ngx_strlen(name);
    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {
        if (v[i].name.len == len && ngx_memcmp(v[i].name.data, name, len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


ngx_int_t
ngx_slack_conf_find_fields(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf)
{
    size_t                      prefix;
    ngx_uint_t                  i;
    ngx_http_variable_t        *v;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    prefix = sizeof(NGX_SLACK_JSON_PREFIX) - 1;
    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {

        if (v[i].name.len < prefix
            || ngx_memcmp(v[i].name.data, NGX_SLACK_JSON_PREFIX, prefix) != 0)
        {
            continue;
        }

        if (ngx_slack_conf_add_field(cf, smcf, &v[i].name) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_conf_add_field(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf,
    ngx_str_t *name)
{
    u_char                   *p, *src, *last;
    ngx_int_t                 slot;
    ngx_str_t                 path;
    ngx_uint_t                i;
    ngx_slack_conf_field_t   *field;
    ngx_slack_json_paths_t  **set;

    src = name->data + sizeof(NGX_SLACK_JSON_PREFIX) - 1;
    last = name->data + name->len;

    path.data = ngx_pnalloc(cf->pool, name->len);
    if (path.data == NULL) {
        return NGX_ERROR;
    }

    for (p = path.data; src < last; src++) {

        if (*src == '_' && src + 1 < last && src[1] == '_') {
            *p++ = '.';
            src++;
            continue;
        }

        *p++ = *src;
    }

    path.len = p - path.data;

    if (!ngx_slack_json_is_path(&path)) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "variable \"$%V\" names no field", name);
        return NGX_ERROR;
    }

    field = ngx_array_push(&smcf->fields);
    if (field == NULL) {
        return NGX_ERROR;
    }

    field->name = *name;

    field->slots = ngx_palloc(cf->pool,
                              smcf->sets.nelts * sizeof(ngx_uint_t));
    if (field->slots == NULL) {
        return NGX_ERROR;
    }

    set = smcf->sets.elts;

    for (i = 0; i < smcf->sets.nelts; i++) {

        slot = ngx_slack_json_paths_add(set[i], &path);
        if (slot < 0) {
            return NGX_ERROR;
        }

        field->slots[i] = (ngx_uint_t) slot;
    }

    return NGX_OK;
}
