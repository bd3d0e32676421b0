
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the receiver of a workspace, "receiver slack|mattermost|discord", means
 * for its channels.  Runs in the master when the configuration is read.
 */


#include <ngx_slack_conf.h>


static ngx_int_t ngx_slack_conf_receiver_channel(ngx_conf_t *cf,
    ngx_slack_workspace_t *ws, ngx_str_t *channel, ngx_str_t *file,
    ngx_uint_t line);


static ngx_conf_enum_t  ngx_slack_conf_receivers[] = {
    { ngx_string("slack"), NGX_SLACK_RECEIVER_SLACK },
    { ngx_string("mattermost"), NGX_SLACK_RECEIVER_MATTERMOST },
    { ngx_string("discord"), NGX_SLACK_RECEIVER_DISCORD },
    { ngx_null_string, 0 }
};


char *
ngx_slack_conf_set_receiver(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_workspace_t  *ws = conf;

    ngx_int_t  choice;

    if (ws->receiver != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    choice = ngx_slack_conf_choice(cf, ngx_slack_conf_receivers);

    if (choice == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    ws->receiver = (ngx_uint_t) choice;

    return NGX_CONF_OK;
}


ngx_int_t
ngx_slack_conf_receiver(ngx_conf_t *cf, ngx_slack_workspace_t *ws)
{
    ngx_uint_t             i;
    ngx_slack_endpoint_t  *endpoint;

    if (ws->bot_token.len && ws->receiver != NGX_CONF_UNSET_UINT) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "workspace \"%V\" has \"receiver\" and \"bot_token\": "
                      "only webhooks have other receivers than Slack in "
                      "%V:%ui", &ws->name, &ws->file, ws->line);
        return NGX_ERROR;
    }

    ngx_conf_init_uint_value(ws->receiver, NGX_SLACK_RECEIVER_SLACK);

    endpoint = ws->endpoints.elts;

    for (i = 0; i < ws->endpoints.nelts; i++) {

        /* Mattermost's webhooks take any channel; none is like Slack's apps */

        endpoint[i].any |= (ws->receiver == NGX_SLACK_RECEIVER_MATTERMOST);
        endpoint[i].persona = (endpoint[i].any
                               || ws->receiver != NGX_SLACK_RECEIVER_SLACK);

        if (endpoint[i].channel.len
            && ngx_slack_conf_receiver_channel(cf, ws, &endpoint[i].channel,
                                               &ws->file, ws->line)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return ngx_slack_conf_receiver_channels(cf, ws, ws->channels, &ws->file,
                                            ws->line);
}


ngx_int_t
ngx_slack_conf_receiver_channels(ngx_conf_t *cf, ngx_slack_workspace_t *ws,
    ngx_array_t *channels, ngx_str_t *file, ngx_uint_t line)
{
    ngx_str_t   *channel;
    ngx_uint_t   i;

    channel = channels->elts;

    for (i = 0; i < channels->nelts; i++) {

        if (channels != ws->channels && ws->bot_token.len
            && ngx_slack_conf_role(&channel[i]))
        {
            /* to people, which only routes know */
            continue;
        }

        if (ngx_slack_conf_receiver_channel(cf, ws, &channel[i], file, line)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_slack_conf_receiver_named(ngx_conf_t *cf, ngx_slack_conf_route_t *route)
{
    ngx_uint_t               i;
    ngx_slack_conf_named_t  *named;

    if (route->named == NULL) {
        return NGX_OK;
    }

    named = route->named->elts;

    for (i = 0; i < route->named->nelts; i++) {
        if (ngx_slack_conf_receiver_channel(cf, route->workspace,
                                            &named[i].source, &route->file,
                                            route->line)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_conf_receiver_channel(ngx_conf_t *cf, ngx_slack_workspace_t *ws,
    ngx_str_t *channel, ngx_str_t *file, ngx_uint_t line)
{
    const char  *why;

    why = ngx_slack_channel_receiver(ws, channel);

    if (why == NULL) {
        return NGX_OK;
    }

    ngx_slack_log(NGX_LOG_EMERG, cf->log, 0, "invalid channel \"%V\", %s in "
                  "%V:%ui", channel, why, file, line);

    return NGX_ERROR;
}
