
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Which webhook of a workspace serves a channel.  Only reads the
 * configuration; runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_workspace.h>


ngx_slack_webhook_t *
ngx_slack_workspace_webhook(ngx_slack_workspace_t *ws, ngx_str_t *channel)
{
    ngx_str_t             name;
    ngx_uint_t            i;
    ngx_slack_webhook_t  *webhook, *rest;

    name = *channel;

    if (name.len && name.data[0] == '#') {
        name.data++;
        name.len--;
    }

    rest = NULL;
    webhook = ws->webhooks.elts;

    for (i = 0; i < ws->webhooks.nelts; i++) {

        if (webhook[i].channel.len == 0) {
            rest = &webhook[i];
            continue;
        }

        if (webhook[i].channel.len == name.len
            && ngx_memcmp(webhook[i].channel.data, name.data, name.len) == 0)
        {
            return &webhook[i];
        }
    }

    return rest;
}
