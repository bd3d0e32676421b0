
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A stored message as Slack gets it, for those who look at it.  Runs in any
 * thread.
 */


#include <ngx_slack_status.h>


ngx_int_t
ngx_slack_status_message(ngx_slack_main_conf_t *smcf, ngx_str_t *workspace,
    ngx_str_t *channel, ngx_str_t *envelope, ngx_str_t *body,
    ngx_str_t *message)
{
    ngx_str_t               none;
    ngx_slack_endpoint_t   *endpoint;
    ngx_slack_workspace_t  *ws;

    ws = ngx_slack_workspace_find(&smcf->workspaces, workspace);
    endpoint = ws ? ngx_slack_workspace_endpoint(ws, channel) : NULL;

    if (endpoint && !endpoint->any) {
        ngx_str_null(&none);

        return ngx_slack_message_compose(&none, &none, body, 1, message);
    }

    return ngx_slack_message_compose(envelope, channel, body, 1, message);
}
