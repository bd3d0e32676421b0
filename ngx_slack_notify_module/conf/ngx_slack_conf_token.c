
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The token of a Slack app and the Web API of a workspace.  The token is a
 * secret, and no message shows it.  Runs in the master when the configuration
 * is read.
 */


#include <ngx_sha1.h>

#include <ngx_slack_conf.h>


#define NGX_SLACK_TOKEN_MIN    16           /* bytes */
#define NGX_SLACK_API_URL      "https://slack.com/api"

#define NGX_SLACK_POST_LIMIT   5000         /* per 1000 s: 300 a minute */
#define NGX_SLACK_POST_BURST   60
#define NGX_SLACK_UPDATE_LIMIT 833          /* per 1000 s: 50 a minute, tier 3
                                               of Slack's limits */

#define NGX_SLACK_API_INVALID                                                 \
    "has a URL that is not https, write \"" NGX_SLACK_API_URL "\", or http "  \
    "to a loopback address for tests"


static char *ngx_slack_conf_token(ngx_slack_workspace_t *ws, ngx_str_t *token);
static ngx_uint_t ngx_slack_conf_loopback(ngx_str_t *host);
static ngx_int_t ngx_slack_conf_needs_token(ngx_conf_t *cf,
    ngx_slack_workspace_t *ws, const char *directive);
static ngx_int_t ngx_slack_conf_token_endpoint(ngx_conf_t *cf,
    ngx_slack_workspace_t *ws);


/* tokens of Slack that are no bot tokens */

static const struct {
    const char               *prefix;
    char                     *error;
} ngx_slack_conf_tokens[] = {
    { "xoxp-", "has a user token, write the app's bot token, which begins "
               "with \"xoxb-\"" },
    { "xapp-", "has an app-level token, write the app's bot token, which "
               "begins with \"xoxb-\"" },
    { "xoxe-", "has a refresh token: turn off token rotation for the app and "
               "write its bot token, which begins with \"xoxb-\"" },
    { "xoxe.", "has a token that expires within hours: turn off token "
               "rotation for the app and write its bot token, which begins "
               "with \"xoxb-\"" },
    { NULL, NULL }
};


char *
ngx_slack_conf_bot_token(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t  *value;

    value = cf->args->elts;

    return ngx_slack_conf_token(conf, &value[1]);
}


char *
ngx_slack_conf_bot_token_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t  *value, token;

    value = cf->args->elts;

    if (ngx_slack_conf_read_secret(cf, &value[1], &token) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return ngx_slack_conf_token(conf, &token);
}


static char *
ngx_slack_conf_token(ngx_slack_workspace_t *ws, ngx_str_t *token)
{
    size_t       i;
    ngx_uint_t   n;
    const char  *prefix;

    if (ws->bot_token.len) {
        return "is duplicate: a message can be changed only by the app that "
               "has posted it, so a workspace has one token";
    }

    for (n = 0; ngx_slack_conf_tokens[n].prefix; n++) {
        prefix = ngx_slack_conf_tokens[n].prefix;

        if (ngx_strncmp(token->data, prefix, ngx_strlen(prefix)) == 0) {
            return ngx_slack_conf_tokens[n].error;
        }
    }

    if (token->len < NGX_SLACK_TOKEN_MIN
        || ngx_strncmp(token->data, "xoxb-", 5) != 0)
    {
        return "has no bot token, write the one that Slack shows under "
               "\"OAuth & Permissions\" of the app, which begins with "
               "\"xoxb-\"";
    }

    for (i = 0; i < token->len; i++) {
        if (!isalnum(token->data[i]) && token->data[i] != '-') {
            return "has a bot token with a character that none has";
        }
    }

    ws->bot_token = *token;

    return NGX_CONF_OK;
}


char *
ngx_slack_conf_api_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_workspace_t  *ws = conf;

    char       *rv;
    ngx_str_t  *value, *url;
    ngx_url_t   u;

    if (ws->api_url.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    url = &value[1];

    rv = ngx_slack_conf_url(cf, url, NGX_SLACK_API_INVALID, &u);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (u.default_port == 80 && !ngx_slack_conf_loopback(&u.host)) {
        return NGX_SLACK_API_INVALID;
    }

    if (ngx_strlchr(url->data, url->data + url->len, '?')
        || ngx_strlchr(url->data, url->data + url->len, '#')
        || ngx_strlchr(url->data, url->data + url->len, '@'))
    {
        return "has a URL with more than host and path, write such as \""
               NGX_SLACK_API_URL "\"";
    }

    while (url->data[url->len - 1] == '/') {
        url->len--;
    }

    ws->api_url = *url;

    return NGX_CONF_OK;
}


/* a name that only begins with "127." may be anywhere */

static ngx_uint_t
ngx_slack_conf_loopback(ngx_str_t *host)
{
    in_addr_t  addr;

    addr = ngx_inet_addr(host->data, host->len);

    return (addr != INADDR_NONE && (ntohl(addr) >> 24) == 127)
           || (host->len == 9
               && ngx_strncasecmp(host->data, (u_char *) "localhost", 9) == 0)
           || (host->len == 5 && ngx_strncmp(host->data, "[::1]", 5) == 0);
}


char *
ngx_slack_conf_set_post_rate(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t         *value;
    ngx_slack_rate_t  *rate;

    value = cf->args->elts;
    rate = (ngx_slack_rate_t *) (p + cmd->offset);

    if (ngx_strcmp(value[1].data, "off") != 0 || cf->args->nelts != 2) {
        return ngx_slack_conf_set_rate(cf, cmd, conf);
    }

    if (rate->limit != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    rate->limit = 0;

    return NGX_CONF_OK;
}


void
ngx_slack_conf_token_init(ngx_slack_workspace_t *ws)
{
    ws->join = NGX_CONF_UNSET;
    ws->post_rate.limit = NGX_CONF_UNSET_UINT;
    ws->post_rate.burst = 1;
    ws->update_rate.limit = NGX_CONF_UNSET_UINT;
    ws->update_rate.burst = 1;
}


ngx_int_t
ngx_slack_conf_token_done(ngx_conf_t *cf, ngx_slack_workspace_t *ws)
{
    if (ws->bot_token.len == 0) {

        if ((ws->api_url.len
             && ngx_slack_conf_needs_token(cf, ws, "api_url") != NGX_OK)
            || (ws->join != NGX_CONF_UNSET
                && ngx_slack_conf_needs_token(cf, ws, "join") != NGX_OK)
            || (ws->post_rate.limit != NGX_CONF_UNSET_UINT
                && ngx_slack_conf_needs_token(cf, ws, "post_rate") != NGX_OK)
            || (ws->update_rate.limit != NGX_CONF_UNSET_UINT
                && ngx_slack_conf_needs_token(cf, ws, "update_rate")
                   != NGX_OK))
        {
            return NGX_ERROR;
        }

        ws->join = 0;

        return NGX_OK;
    }

    if (ws->endpoints.nelts) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "workspace \"%V\" has \"bot_token\" and "
                      "\"webhook_url\", keep one of them in %V:%ui",
                      &ws->name, &ws->file, ws->line);
        return NGX_ERROR;
    }

    ngx_conf_init_value(ws->join, 0);

    if (ws->post_rate.limit == NGX_CONF_UNSET_UINT) {
        ws->post_rate.limit = NGX_SLACK_POST_LIMIT;
        ws->post_rate.burst = NGX_SLACK_POST_BURST;
    }

    ngx_conf_init_uint_value(ws->update_rate.limit, NGX_SLACK_UPDATE_LIMIT);

    if (ws->api_url.len == 0) {
        ngx_str_set(&ws->api_url, NGX_SLACK_API_URL);
    }

    ws->scopes = NGX_SLACK_SCOPE_WRITE;

    if (ws->join) {
        ws->scopes |= NGX_SLACK_SCOPE_JOIN;
    }

    return ngx_slack_conf_token_endpoint(cf, ws);
}


static ngx_int_t
ngx_slack_conf_needs_token(ngx_conf_t *cf, ngx_slack_workspace_t *ws,
    const char *directive)
{
    ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                  "workspace \"%V\" has \"%s\", which needs \"bot_token\": a "
                  "webhook has no such thing in %V:%ui", &ws->name, directive,
                  &ws->file, ws->line);

    return NGX_ERROR;
}


static ngx_int_t
ngx_slack_conf_token_endpoint(ngx_conf_t *cf, ngx_slack_workspace_t *ws)
{
    ngx_str_t             *url;
    ngx_uint_t             i;
    ngx_sha1_t             sha1;
    ngx_slack_endpoint_t  *endpoint;

    endpoint = ngx_array_push(&ws->endpoints);
    if (endpoint == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(endpoint, sizeof(ngx_slack_endpoint_t));

    endpoint->url = ws->api_url;
    endpoint->token = ws->bot_token;
    endpoint->post_rate = ws->post_rate;
    endpoint->update_rate = ws->update_rate;
    endpoint->any = 1;
    endpoint->persona = 1;

    for (i = 0; i < NGX_SLACK_METHOD_LAST; i++) {

        url = &endpoint->methods[i];

        url->len = ws->api_url.len + 1 + ngx_slack_methods[i].len;
        url->data = ngx_pnalloc(cf->pool, url->len + 1);

        if (url->data == NULL) {
            return NGX_ERROR;
        }

        (void) ngx_sprintf(url->data, "%V/%V%Z", &ws->api_url,
                           &ngx_slack_methods[i]);
    }

    ngx_sha1_init(&sha1);
    ngx_sha1_update(&sha1, endpoint->url.data, endpoint->url.len);
    ngx_sha1_update(&sha1, "\n", 1);
    ngx_sha1_update(&sha1, endpoint->token.data, endpoint->token.len);
    ngx_sha1_final(endpoint->hash, &sha1);

    return NGX_OK;
}
