
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Webhooks and proxy of a workspace.  Their URLs are secrets, and no message
 * shows one.  Runs in the master when the configuration is read.
 */


#include <ngx_slack_conf.h>


static char *ngx_slack_conf_add_webhook(ngx_conf_t *cf,
    ngx_slack_workspace_t *ws, ngx_str_t *url);
static ngx_int_t ngx_slack_conf_webhook_parameter(ngx_conf_t *cf,
    ngx_str_t *value, ngx_slack_endpoint_t *webhook);
static char *ngx_slack_conf_check_webhook(ngx_url_t *u);


#define NGX_SLACK_WEBHOOK_HOST     "hooks.slack.com"
#define NGX_SLACK_WEBHOOK_PATH     "/services/"

#define NGX_SLACK_WEBHOOK_EXAMPLE                                             \
    "write the whole one that Slack shows for the incoming webhook, "         \
    "\"https://" NGX_SLACK_WEBHOOK_HOST NGX_SLACK_WEBHOOK_PATH "...\""

#define NGX_SLACK_WEBHOOK_SCHEME                                              \
    "has a URL that is neither http nor https, " NGX_SLACK_WEBHOOK_EXAMPLE

#define NGX_SLACK_PROXY_SCHEME                                                \
    "has a URL that is neither http nor https, write \"http://HOST:PORT\""


char *
ngx_slack_conf_webhook_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t  *value;

    value = cf->args->elts;

    return ngx_slack_conf_add_webhook(cf, conf, &value[1]);
}


char *
ngx_slack_conf_webhook_url_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t  *value, url;

    value = cf->args->elts;

    if (ngx_slack_conf_read_secret(cf, &value[1], &url) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return ngx_slack_conf_add_webhook(cf, conf, &url);
}


static char *
ngx_slack_conf_add_webhook(ngx_conf_t *cf, ngx_slack_workspace_t *ws,
    ngx_str_t *url)
{
    char                  *rv;
    ngx_str_t             *value;
    ngx_url_t              u;
    ngx_uint_t             i;
    ngx_slack_endpoint_t  *other, *webhook, parsed;

    rv = ngx_slack_conf_url(cf, url, NGX_SLACK_WEBHOOK_SCHEME, &u);

    if (rv == NGX_CONF_OK) {
        rv = ngx_slack_conf_check_webhook(&u);
    }

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    value = cf->args->elts;

    ngx_memzero(&parsed, sizeof(ngx_slack_endpoint_t));

    parsed.url = *url;

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_slack_conf_webhook_parameter(cf, &value[i], &parsed)
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    other = ws->endpoints.elts;

    for (i = 0; i < ws->endpoints.nelts; i++) {

        if (other[i].channel.len != parsed.channel.len) {
            continue;
        }

        if (parsed.channel.len == 0) {
            if (other[i].any == parsed.any) {
                return "is duplicate, give each but one a \"channel=\"";
            }

            continue;
        }

        if (ngx_memcmp(other[i].channel.data, parsed.channel.data,
                       parsed.channel.len)
            == 0)
        {
            return "is duplicate for the channel";
        }
    }

    webhook = ngx_array_push(&ws->endpoints);
    if (webhook == NULL) {
        return NGX_CONF_ERROR;
    }

    *webhook = parsed;

    return NGX_CONF_OK;
}


/*
 * Parses "channel=NAME" or "legacy".  The channel is stored without its "#",
 * as endpoints are looked up without it.
 */

static ngx_int_t
ngx_slack_conf_webhook_parameter(ngx_conf_t *cf, ngx_str_t *value,
    ngx_slack_endpoint_t *webhook)
{
    ngx_str_t    name, *channel;
    ngx_array_t  list;

    if (ngx_strcmp(value->data, "legacy") == 0 && !webhook->any) {
        webhook->any = 1;
        return NGX_OK;
    }

    channel = &webhook->channel;

    if (value->len <= 8 || channel->len
        || ngx_strncmp(value->data, "channel=", 8) != 0)
    {
        goto invalid;
    }

    name.data = value->data + 8;
    name.len = value->len - 8;

    if (ngx_array_init(&list, cf->temp_pool, 1, sizeof(ngx_str_t)) != NGX_OK
        || ngx_slack_conf_channels(cf, &list, NULL, &name, 1) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (list.nelts != 1) {
        goto invalid;
    }

    *channel = *(ngx_str_t *) list.elts;

    if (channel->data[0] == '#') {
        channel->data++;
        channel->len--;
    }

    return NGX_OK;

invalid:

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "invalid parameter \"%V\", write \"channel=NAME\" "
                       "or \"legacy\"",
                       ngx_slack_secret_word(value));

    return NGX_ERROR;
}


char *
ngx_slack_conf_proxy(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t  *value, *proxy;
    ngx_url_t   u;

    proxy = (ngx_str_t *) (p + cmd->offset);

    if (proxy->len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    *proxy = value[1];

    return ngx_slack_conf_url(cf, proxy, NGX_SLACK_PROXY_SCHEME, &u);
}


char *
ngx_slack_conf_url(ngx_conf_t *cf, ngx_str_t *url, char *scheme, ngx_url_t *u)
{
    size_t      i;
    u_char     *p, *last, *at;
    ngx_str_t  *directive;

    ngx_memzero(u, sizeof(ngx_url_t));

    u->uri_part = 1;
    u->no_resolve = 1;

    if (ngx_strncmp(url->data, "https://", 8) == 0) {
        p = url->data + 8;
        u->default_port = 443;

    } else if (ngx_strncmp(url->data, "http://", 7) == 0) {
        p = url->data + 7;
        u->default_port = 80;

    } else {
        return scheme;
    }

    for (i = 0; i < url->len; i++) {
        if (url->data[i] <= ' ' || url->data[i] >= 0x7f) {
            return "has a URL with a space or another character "
                   "that must be encoded";
        }
    }

    /* skip user and password, which only libcurl needs */

    last = url->data + url->len;

    for (at = p; at < last && *at != '/' && *at != '?'; at++) {
        if (*at == '@') {
            p = at + 1;
        }
    }

    u->url.data = p;
    u->url.len = last - p;

    if (u->url.len == 0) {
        u->err = "no host";

    } else if (ngx_strncmp(p, "unix:", 5) == 0) {
        u->err = "invalid host";

    } else if (ngx_parse_url(cf->temp_pool, u) == NGX_OK) {
        return NGX_CONF_OK;
    }

    directive = cf->args->elts;

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "%s in the URL of \"%V\"",
                       u->err ? u->err : "invalid host", directive);

    return NGX_CONF_ERROR;
}


/*
 * Refuses URLs for which Slack would refuse each message.  Other hosts are
 * allowed for tests and for services that accept Slack's messages; their URLs
 * only need a path.
 */

static char *
ngx_slack_conf_check_webhook(ngx_url_t *u)
{
    u_char  *p;
    size_t   len;

    if (u->uri.len <= 1) {
        return "has a URL without a path, " NGX_SLACK_WEBHOOK_EXAMPLE;
    }

    len = sizeof("slack.com") - 1;

    if (u->host.len < len) {
        return NGX_CONF_OK;
    }

    p = u->host.data + u->host.len - len;

    if (ngx_strncasecmp(p, (u_char *) "slack.com", len) != 0
        || (p > u->host.data && *(p - 1) != '.'))
    {
        return NGX_CONF_OK;
    }

    if (u->host.len != sizeof(NGX_SLACK_WEBHOOK_HOST) - 1
        || ngx_strncasecmp(u->host.data, (u_char *) NGX_SLACK_WEBHOOK_HOST,
                           u->host.len)
           != 0)
    {
        return "has the URL of a page of Slack, " NGX_SLACK_WEBHOOK_EXAMPLE;
    }

    if (u->default_port != 443) {
        return "has a URL of Slack that is not https, "
               NGX_SLACK_WEBHOOK_EXAMPLE;
    }

    if (ngx_strncmp(u->uri.data, NGX_SLACK_WEBHOOK_PATH,
                    sizeof(NGX_SLACK_WEBHOOK_PATH) - 1)
        != 0)
    {
        return "has a URL of Slack that is not an incoming webhook's, "
               NGX_SLACK_WEBHOOK_EXAMPLE;
    }

    return NGX_CONF_OK;
}
