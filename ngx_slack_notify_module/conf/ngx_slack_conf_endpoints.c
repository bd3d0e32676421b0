
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Which endpoint serves which channel.  The webhook of a Slack app posts to
 * its own channel whatever a message says, and does not tell, so a channel
 * that no endpoint serves is an error, lest its messages come to another one.
 * Runs in the master when the configuration is read.
 */


#include <ngx_slack_conf.h>


#define NGX_SLACK_CONF_OR_LEGACY                                              \
    "say \"legacy\" of a webhook that takes any channel, or use "             \
    "\"bot_token\" in %V:%ui"


static ngx_int_t ngx_slack_conf_default_channel(ngx_conf_t *cf,
    ngx_slack_workspace_t *ws, ngx_slack_endpoint_t *webhook);
static ngx_int_t ngx_slack_conf_served(ngx_conf_t *cf,
    ngx_slack_workspace_t *ws, ngx_str_t *channel, ngx_str_t *file,
    ngx_uint_t line);
static ngx_int_t ngx_slack_conf_direct(ngx_conf_t *cf, ngx_str_t *channel,
    ngx_str_t *file, ngx_uint_t line);
static void ngx_slack_conf_no_persona(ngx_conf_t *cf,
    ngx_slack_conf_route_t *route, ngx_str_t *channel);
static ngx_int_t ngx_slack_conf_named(ngx_conf_t *cf,
    ngx_slack_conf_route_t *route);


ngx_int_t
ngx_slack_conf_workspace_endpoints(ngx_conf_t *cf, ngx_slack_workspace_t *ws)
{
    ngx_str_t             *channel;
    ngx_uint_t             i, persona;
    ngx_slack_endpoint_t  *endpoint;

    persona = 0;
    endpoint = ws->endpoints.elts;

    for (i = 0; i < ws->endpoints.nelts; i++) {

        persona |= endpoint[i].persona;

        if (endpoint[i].any) {
            continue;
        }

        if (endpoint[i].channel.len == 0
            && ngx_slack_conf_default_channel(cf, ws, &endpoint[i]) != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (ngx_slack_channel_is_direct(&endpoint[i].channel)) {
            return ngx_slack_conf_direct(cf, &endpoint[i].channel, &ws->file,
                                         ws->line);
        }
    }

    channel = ws->channels->elts;

    for (i = 0; i < ws->channels->nelts; i++) {
        if (ngx_slack_conf_served(cf, ws, &channel[i], &ws->file, ws->line)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (!persona
        && (ws->username.len || ws->icon_emoji.len || ws->icon_url.len))
    {
        ngx_slack_log(NGX_LOG_WARN, cf->log, 0,
                      "name and icon of workspace \"%V\" are not sent, the "
                      "webhook of a Slack app ignores them; "
                      NGX_SLACK_CONF_OR_LEGACY,
                      &ws->name, &ws->file, ws->line);
    }

    return NGX_OK;
}


/*
 * Sets the channel of an app's webhook that was given none: the only one of
 * the workspace.  If the workspace has none either, the webhook serves routes
 * that name none.
 */

static ngx_int_t
ngx_slack_conf_default_channel(ngx_conf_t *cf, ngx_slack_workspace_t *ws,
    ngx_slack_endpoint_t *webhook)
{
    ngx_str_t              channel;
    ngx_slack_endpoint_t  *other;

    if (ws->channels->nelts == 0) {
        return NGX_OK;
    }

    if (ws->channels->nelts > 1) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "workspace \"%V\" has several channels, but a webhook "
                      "without \"channel=\" serves only one; give each "
                      "channel a webhook with \"channel=\", or "
                      NGX_SLACK_CONF_OR_LEGACY,
                      &ws->name, &ws->file, ws->line);
        return NGX_ERROR;
    }

    channel = *(ngx_str_t *) ws->channels->elts;

    other = ngx_slack_workspace_endpoint(ws, &channel);

    if (other && other->channel.len) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "workspace \"%V\" has two webhooks for its channel "
                      "\"%V\", one with \"channel=\" and one without in "
                      "%V:%ui",
                      &ws->name, &channel, &ws->file, ws->line);
        return NGX_ERROR;
    }

    if (channel.data[0] == '#') {
        channel.data++;
        channel.len--;
    }

    webhook->channel = channel;

    return NGX_OK;
}


ngx_int_t
ngx_slack_conf_route_endpoints(ngx_conf_t *cf, ngx_slack_conf_route_t *route)
{
    ngx_str_t              *channel, none;
    ngx_uint_t              i, n;
    ngx_slack_persona_t    *persona;
    ngx_slack_endpoint_t   *endpoint;
    ngx_slack_workspace_t  *ws;

    ws = route->workspace;
    persona = &route->persona;

    n = route->channels->nelts;
    channel = route->channels->elts;

    if (route->named && ngx_slack_conf_named(cf, route) != NGX_OK) {
        return NGX_ERROR;
    }

    if (n == 0 && route->named == NULL) {
        ngx_str_null(&none);

        n = 1;
        channel = &none;
    }

    for (i = 0; i < n; i++) {
        if (ngx_slack_conf_served(cf, ws, &channel[i], &route->file,
                                  route->line)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (persona->username.len == 0 && persona->icon_emoji.len == 0
        && persona->icon_url.len == 0)
    {
        return NGX_OK;
    }

    for (i = 0; i < n; i++) {
        if (!ngx_slack_workspace_endpoint(ws, &channel[i])->persona) {
            ngx_slack_conf_no_persona(cf, route, &channel[i]);
            return NGX_OK;
        }
    }

    endpoint = ws->endpoints.elts;

    for (i = 0; route->named && i < ws->endpoints.nelts; i++) {
        if (!endpoint[i].persona) {
            ngx_slack_conf_no_persona(cf, route, &endpoint[i].channel);
            return NGX_OK;
        }
    }

    return NGX_OK;
}


static void
ngx_slack_conf_no_persona(ngx_conf_t *cf, ngx_slack_conf_route_t *route,
    ngx_str_t *channel)
{
    ngx_slack_log(NGX_LOG_WARN, cf->log, 0,
                  "name and icon of the route are not sent to channel "
                  "\"%V\", the webhook of a Slack app ignores them; "
                  NGX_SLACK_CONF_OR_LEGACY,
                  channel, &route->file, route->line);
}


/* Whether any value of a word with variables can be a channel. */

static ngx_int_t
ngx_slack_conf_named(ngx_conf_t *cf, ngx_slack_conf_route_t *route)
{
    ngx_uint_t               i;
    ngx_slack_endpoint_t    *endpoint;
    ngx_slack_workspace_t   *ws;
    ngx_slack_conf_named_t  *named;

    ws = route->workspace;
    named = route->named->elts;
    endpoint = ws->endpoints.elts;

    for (i = 0; i < ws->endpoints.nelts; i++) {
        if (endpoint[i].any || endpoint[i].channel.len) {
            return NGX_OK;
        }
    }

    ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                  "no webhook of workspace \"%V\" serves a channel by its "
                  "name, as \"%V\" wants it; give its webhooks "
                  "\"channel=\", or " NGX_SLACK_CONF_OR_LEGACY,
                  &ws->name, &named->source, &route->file, route->line);

    return NGX_ERROR;
}


static ngx_int_t
ngx_slack_conf_served(ngx_conf_t *cf, ngx_slack_workspace_t *ws,
    ngx_str_t *channel, ngx_str_t *file, ngx_uint_t line)
{
    ngx_str_t  name;

    if (ngx_slack_channel_served(ws, channel) == NULL) {
        return NGX_OK;
    }

    if (channel->len == 0 && ws->bot_token.len) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "no channel, and the token of workspace \"%V\" has none "
                      "of its own, write \"channel\" in %V:%ui",
                      &ws->name, file, line);
        return NGX_ERROR;
    }

    if (channel->len == 0) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "no channel, and workspace \"%V\" has neither a "
                      "\"channel\" nor a webhook without \"channel=\" in "
                      "%V:%ui", &ws->name, file, line);
        return NGX_ERROR;
    }

    if (ngx_slack_channel_is_direct(channel)) {
        return ngx_slack_conf_direct(cf, channel, file, line);
    }

    name = *channel;

    if (name.data[0] == '#') {
        name.data++;
        name.len--;
    }

    ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                  "no webhook of workspace \"%V\" serves channel \"%V\"; "
                  "give its webhook \"channel=%V\", or "
                  NGX_SLACK_CONF_OR_LEGACY,
                  &ws->name, channel, &name, file, line);

    return NGX_ERROR;
}


static ngx_int_t
ngx_slack_conf_direct(ngx_conf_t *cf, ngx_str_t *channel, ngx_str_t *file,
    ngx_uint_t line)
{
    ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                  "the webhook of a Slack app sends no direct message to "
                  "\"%V\"; " NGX_SLACK_CONF_OR_LEGACY,
                  channel, file, line);

    return NGX_ERROR;
}
