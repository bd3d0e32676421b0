
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Finds workspaces, and which endpoint of a workspace serves a channel; knows
 * which channels are written as IDs.  Only reads the configuration; runs in
 * any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_workspace.h>
#include <ngx_slack_equal.h>


#define NGX_SLACK_ID_MIN  9                 /* characters */


ngx_slack_workspace_t *
ngx_slack_workspace_find(ngx_array_t *workspaces, ngx_str_t *name)
{
    ngx_uint_t              i;
    ngx_slack_workspace_t  *ws;

    ws = workspaces->elts;

    for (i = 0; i < workspaces->nelts; i++) {
        if (ngx_slack_equal(&ws[i].name, name)) {
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

    if (name.len == 1 && name.data[0] == '?') {

        /* that of messages which have no channel */

        return NULL;
    }

    rest = NULL;
    endpoint = ws->endpoints.elts;

    for (i = 0; i < ws->endpoints.nelts; i++) {

        if (endpoint[i].any && endpoint[i].channel.len == 0) {

            /* a token has no channel of its own */

            if (name.len || endpoint[i].token.len == 0) {
                rest = &endpoint[i];
            }

            continue;
        }

        if (ngx_slack_equal(&endpoint[i].channel, &name)) {
            return &endpoint[i];
        }
    }

    return rest;
}


ngx_uint_t
ngx_slack_workspace_names(ngx_slack_endpoint_t *endpoint, ngx_str_t *channel)
{
    ngx_uint_t  names;

    names = endpoint->any ? NGX_SLACK_NAMES_CHANNEL : 0;

    /* a direct message with a name or icon of its own would be Slackbot's */

    if (endpoint->persona
        && (endpoint->token.len == 0
            || !ngx_slack_workspace_is_id(channel, NGX_SLACK_ID_MEMBER)))
    {
        names |= NGX_SLACK_NAMES_PERSONA;
    }

    return names;
}


ngx_uint_t
ngx_slack_workspace_is_id(ngx_str_t *channel, const char *kinds)
{
    size_t  i;

    if (channel->len < NGX_SLACK_ID_MIN
        || memchr(kinds, channel->data[0], ngx_strlen(kinds)) == NULL)
    {
        return 0;
    }

    for (i = 1; i < channel->len; i++) {
        if ((channel->data[i] < 'A' || channel->data[i] > 'Z')
            && (channel->data[i] < '0' || channel->data[i] > '9'))
        {
            return 0;
        }
    }

    return 1;
}
