
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Finds workspaces, and the endpoint of a workspace that serves a channel.
 * Only reads the configuration; runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_workspace.h>


ngx_slack_workspace_t *
ngx_slack_workspace_find(ngx_array_t *workspaces, ngx_str_t *name)
{
    ngx_uint_t              i;
    ngx_slack_workspace_t  *ws;

    ws = workspaces->elts;

    for (i = 0; i < workspaces->nelts; i++) {
        if (ws[i].name.len == name->len
            && ngx_memcmp(ws[i].name.data, name->data, name->len) == 0)
        {
            return &ws[i];
        }
    }

    return NULL;
}


ngx_slack_endpoint_t *
ngx_slack_workspace_endpoint(ngx_slack_workspace_t *ws, ngx_str_t *channel)
{
    ngx_str_t              name;
    ngx_uint_t             i;
    ngx_slack_endpoint_t  *endpoint, *rest;

    name = *channel;

    if (name.len && name.data[0] == '#') {
        name.data++;
        name.len--;
    }

    rest = NULL;
    endpoint = ws->endpoints.elts;

    for (i = 0; i < ws->endpoints.nelts; i++) {

        if (endpoint[i].any && endpoint[i].channel.len == 0) {
            rest = &endpoint[i];
            continue;
        }

        if (endpoint[i].channel.len == name.len
            && (name.len == 0
                || ngx_memcmp(endpoint[i].channel.data, name.data, name.len)
                   == 0))
        {
            return &endpoint[i];
        }
    }

    return rest;
}
