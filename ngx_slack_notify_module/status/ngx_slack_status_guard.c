
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Whether something restricts a location of slack_status: "deny" or
 * "auth_basic".  Runs in the event loop.
 */


#include <ngx_slack_status.h>


static ngx_module_t *ngx_slack_guard_module(const char *name);
static void *ngx_slack_guard_conf(ngx_http_request_t *r, const char *name);
static ngx_uint_t ngx_slack_guard_denies(ngx_http_request_t *r);
static ngx_uint_t ngx_slack_guard_asks(ngx_http_request_t *r);


const char *
ngx_slack_status_refuses(ngx_http_request_t *r)
{
    ngx_slack_loc_conf_t  *slcf;

    slcf = ngx_http_get_module_loc_conf(r, ngx_slack_notify_module);

    if (slcf->status == NGX_SLACK_STATUS_OPEN
        || ngx_slack_guard_denies(r) || ngx_slack_guard_asks(r))
    {
        return NULL;
    }

    return "actions are refused where nothing restricts the location: use "
           "\"allow\" and \"deny\" or \"auth_basic\" there, or \"slack_status "
           "open\"";
}


/*
 * The rules of ngx_http_access_module are its own: up to three arrays, of
 * IPv4, IPv6 and Unix addresses, of structures that end with the flag "deny".
 */

static ngx_uint_t
ngx_slack_guard_denies(ngx_http_request_t *r)
{
    u_char        *elt;
    ngx_uint_t     i, k, n;
    ngx_array_t  **rules;

    rules = ngx_slack_guard_conf(r, "ngx_http_access_module");

    if (rules == NULL) {
        return 0;
    }

    n = 1;
#if (NGX_HAVE_INET6)
    n++;
#endif
#if (NGX_HAVE_UNIX_DOMAIN)
    n++;
#endif

    for (i = 0; i < n; i++) {

        if (rules[i] == NULL) {
            continue;
        }

        elt = rules[i]->elts;

        for (k = 0; k < rules[i]->nelts; k++) {
            elt += rules[i]->size;

            if (*(ngx_uint_t *) (elt - sizeof(ngx_uint_t))) {
                return 1;
            }
        }
    }

    return 0;
}


/*
 * Where ngx_http_auth_basic_module keeps realm and file its directives tell;
 * without a file it lets everybody in
 */

static ngx_uint_t
ngx_slack_guard_asks(ngx_http_request_t *r)
{
    u_char                    *conf;
    ngx_str_t                  value;
    ngx_uint_t                 realm, file;
    ngx_module_t              *module;
    ngx_command_t             *cmd;
    ngx_http_complex_value_t  *cv;

    conf = ngx_slack_guard_conf(r, "ngx_http_auth_basic_module");

    if (conf == NULL) {
        return 0;
    }

    realm = 0;
    file = 0;

    module = ngx_slack_guard_module("ngx_http_auth_basic_module");

    if (module == NULL) {
        return 0;
    }

    for (cmd = module->commands; cmd->name.len; cmd++) {

        cv = *(ngx_http_complex_value_t **) (conf + cmd->offset);

        if (ngx_strcmp(cmd->name.data, "auth_basic_user_file") == 0) {
            file = (cv != NULL);

        } else if (ngx_strcmp(cmd->name.data, "auth_basic") == 0
                   && cmd->set == ngx_http_set_complex_value_slot)
        {
            realm = cv != NULL
                    && ngx_http_complex_value(r, cv, &value) == NGX_OK
                    && (value.len != 3
                        || ngx_strncmp(value.data, "off", 3) != 0);
        }
    }

    return realm && file;
}


static void *
ngx_slack_guard_conf(ngx_http_request_t *r, const char *name)
{
    ngx_module_t  *module;

    module = ngx_slack_guard_module(name);

    return module ? r->loc_conf[module->ctx_index] : NULL;
}


static ngx_module_t *
ngx_slack_guard_module(const char *name)
{
    ngx_uint_t  i;

    for (i = 0; ngx_cycle->modules[i]; i++) {
        if (ngx_cycle->modules[i]->type == NGX_HTTP_MODULE
            && ngx_strcmp(ngx_cycle->modules[i]->name, name) == 0)
        {
            return ngx_cycle->modules[i];
        }
    }

    return NULL;
}
