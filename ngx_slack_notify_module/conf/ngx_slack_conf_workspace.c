
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The block slack_workspace.  Runs in the master when the configuration is
 * read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_trust.h>


#define NGX_SLACK_COALESCE_MAX  100      /* Slack's limit of attachments */


static ngx_uint_t ngx_slack_conf_workspace_name(ngx_str_t *name);
static char *ngx_slack_conf_set_timeout(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_slack_conf_retry(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_slack_conf_coalesce(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_slack_conf_set_certificates(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


static ngx_conf_enum_t  ngx_slack_conf_ambiguities[] = {
    { ngx_string("retry"), 0 },
    { ngx_string("drop"), 1 },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_slack_conf_flags[] = {
    { ngx_string("on"), 1 },
    { ngx_string("off"), 0 },
    { ngx_null_string, 0 }
};


static ngx_command_t  ngx_slack_conf_workspace_commands[] = {

    { ngx_string("webhook_url"),
      NGX_CONF_TAKE123,
      ngx_slack_conf_webhook_url,
      0,
      0,
      NULL },

    { ngx_string("webhook_url_file"),
      NGX_CONF_TAKE123,
      ngx_slack_conf_webhook_url_file,
      0,
      0,
      NULL },

    { ngx_string("receiver"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_receiver,
      0,
      0,
      NULL },

    { ngx_string("bot_token"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_bot_token,
      0,
      0,
      NULL },

    { ngx_string("bot_token_file"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_bot_token_file,
      0,
      0,
      NULL },

    { ngx_string("api_url"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_api_url,
      0,
      0,
      NULL },

    { ngx_string("post_rate"),
      NGX_CONF_TAKE12,
      ngx_slack_conf_set_post_rate,
      0,
      offsetof(ngx_slack_workspace_t, post_rate),
      NULL },

    { ngx_string("update_rate"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_rate,
      0,
      offsetof(ngx_slack_workspace_t, update_rate),
      NULL },

    { ngx_string("join"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_enum,
      0,
      offsetof(ngx_slack_workspace_t, join),
      ngx_slack_conf_flags },

    { ngx_string("member"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_member,
      0,
      offsetof(ngx_slack_workspace_t, member),
      NULL },

    { ngx_string("channel"),
      NGX_CONF_1MORE,
      ngx_slack_conf_set_channels,
      0,
      offsetof(ngx_slack_workspace_t, channels),
      NULL },

    { ngx_string("username"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_username,
      0,
      offsetof(ngx_slack_workspace_t, username),
      NULL },

    { ngx_string("icon_emoji"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_icon_emoji,
      0,
      offsetof(ngx_slack_workspace_t, icon_emoji),
      NULL },

    { ngx_string("icon_url"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_icon_url,
      0,
      offsetof(ngx_slack_workspace_t, icon_url),
      NULL },

    { ngx_string("rate"),
      NGX_CONF_TAKE12,
      ngx_slack_conf_set_rate,
      0,
      offsetof(ngx_slack_workspace_t, rate),
      NULL },

    { ngx_string("connect_timeout"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_timeout,
      0,
      offsetof(ngx_slack_workspace_t, connect_timeout),
      NULL },

    { ngx_string("timeout"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_timeout,
      0,
      offsetof(ngx_slack_workspace_t, timeout),
      NULL },

    { ngx_string("retry"),
      NGX_CONF_TAKE23,
      ngx_slack_conf_retry,
      0,
      0,
      NULL },

    { ngx_string("coalesce"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_coalesce,
      0,
      0,
      NULL },

    { ngx_string("on_ambiguous"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_enum,
      0,
      offsetof(ngx_slack_workspace_t, ambiguous_drop),
      ngx_slack_conf_ambiguities },

    { ngx_string("trusted_certificate"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_certificates,
      0,
      offsetof(ngx_slack_workspace_t, trusted_certificate),
      NULL },

    { ngx_string("ssl_verify"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_set_enum,
      0,
      offsetof(ngx_slack_workspace_t, ssl_verify),
      ngx_slack_conf_flags },

    { ngx_string("proxy"),
      NGX_CONF_TAKE1,
      ngx_slack_conf_proxy,
      0,
      offsetof(ngx_slack_workspace_t, proxy),
      NULL },

      ngx_null_command
};


char *
ngx_slack_conf_workspace(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_main_conf_t  *smcf = conf;

    char                    *rv;
    ngx_str_t               *value;
    ngx_uint_t               i;
    ngx_slack_workspace_t   *ws;
    ngx_slack_conf_table_t   tables[2];

    value = cf->args->elts;

    ws = smcf->workspaces.elts;

    for (i = 0; i < smcf->workspaces.nelts; i++) {
        if (ngx_slack_equal(&ws[i].name, &value[1])) {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                               "duplicate workspace \"%V\", see %V:%ui",
                               &value[1], &ws[i].file, ws[i].line);
            return NGX_CONF_ERROR;
        }
    }

    /*
     * "slack_notify off" would not mean a workspace, but the end of
     * inheritance.
     */

    if (value[1].len == 0 || value[1].len > 64
        || ngx_strcmp(value[1].data, "off") == 0
        || !ngx_slack_conf_workspace_name(&value[1]))
    {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "invalid workspace name \"%V\", choose a word of "
                           "letters and digits, but not \"off\"",
                           ngx_slack_secret_word(&value[1]));
        return NGX_CONF_ERROR;
    }

    ws = ngx_array_push(&smcf->workspaces);
    if (ws == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(ws, sizeof(ngx_slack_workspace_t));

    ws->name = value[1];
    ws->file = cf->conf_file->file.name;
    ws->line = cf->conf_file->line;

    ngx_slack_conf_token_init(ws);

    ws->receiver = NGX_CONF_UNSET_UINT;
    ws->rate.limit = NGX_CONF_UNSET_UINT;
    ws->rate.burst = 1;
    ws->connect_timeout = NGX_CONF_UNSET_MSEC;
    ws->timeout = NGX_CONF_UNSET_MSEC;
    ws->retry_min = NGX_CONF_UNSET_MSEC;
    ws->coalesce = NGX_CONF_UNSET_UINT;
    ws->ambiguous_drop = NGX_CONF_UNSET;
    ws->ssl_verify = NGX_CONF_UNSET;

    if (ngx_array_init(&ws->endpoints, cf->pool, 2,
                       sizeof(ngx_slack_endpoint_t))
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(tables, sizeof(tables));

    tables[0].commands = ngx_slack_conf_workspace_commands;
    tables[0].size = sizeof(ngx_command_t);
    tables[0].conf = ws;

    rv = ngx_slack_conf_block(cf, "slack_workspace", tables, NULL);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (ngx_slack_conf_token_done(cf, ws) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (ws->endpoints.nelts == 0) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "workspace \"%V\" has no \"bot_token\" or "
                      "\"webhook_url\", also not in a file, in %V:%ui",
                      &ws->name, &ws->file, ws->line);
        return NGX_CONF_ERROR;
    }

    if (ws->channels == NULL) {
        ws->channels = ngx_array_create(cf->pool, 1, sizeof(ngx_str_t));
        if (ws->channels == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    if (ngx_slack_conf_receiver(cf, ws) != NGX_OK
        || ngx_slack_conf_workspace_endpoints(cf, ws) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_conf_init_uint_value(ws->rate.limit, 1000);
    ngx_conf_init_msec_value(ws->connect_timeout, 5000);
    ngx_conf_init_msec_value(ws->timeout, 15000);
    ngx_conf_init_uint_value(ws->coalesce, 20);
    ngx_conf_init_value(ws->ambiguous_drop, 0);
    ngx_conf_init_value(ws->ssl_verify, 1);

    if (ws->retry_min == NGX_CONF_UNSET_MSEC) {
        ws->retry_min = 1000;
        ws->retry_max = 5 * 60 * 1000;
        ws->retry_for = 24 * 60 * 60;
    }

    return NGX_CONF_OK;
}


/* The name is used in logs and URLs: refuse controls, spaces and these. */

static ngx_uint_t
ngx_slack_conf_workspace_name(ngx_str_t *name)
{
    size_t  i;

    for (i = 0; i < name->len; i++) {
        if (name->data[i] <= ' ' || name->data[i] == 0x7f
            || ngx_strchr("\"#%/:<>?\\", name->data[i]))
        {
            return 0;
        }
    }

    return 1;
}


static char *
ngx_slack_conf_set_timeout(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_int_t    rc, msec;
    ngx_str_t   *value;
    ngx_msec_t  *timeout;

    timeout = (ngx_msec_t *) (p + cmd->offset);

    if (*timeout != NGX_CONF_UNSET_MSEC) {
        return "is duplicate";
    }

    value = cf->args->elts;

    rc = ngx_slack_conf_time(cf, &value[1], &value[1], 0,
                             NGX_SLACK_CONF_TIMEOUT_DAYS, &msec);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED || msec == 0) {
        return "invalid value, write such as \"10s\" or \"500ms\"";
    }

    *timeout = (ngx_msec_t) msec;

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_retry(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_workspace_t  *ws = conf;

    ngx_int_t   rc, min, max, sec;
    ngx_str_t  *value, s;

    if (ws->retry_min != NGX_CONF_UNSET_MSEC) {
        return "is duplicate";
    }

    value = cf->args->elts;

    rc = ngx_slack_conf_time(cf, &value[1], &value[1], 0, NGX_SLACK_CONF_DAYS,
                             &min);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED || min == 0) {
        return ngx_slack_conf_invalid(cf, &value[1]);
    }

    rc = ngx_slack_conf_time(cf, &value[2], &value[2], 0, NGX_SLACK_CONF_DAYS,
                             &max);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED || max == 0) {
        return ngx_slack_conf_invalid(cf, &value[2]);
    }

    if (max < min) {
        return "has a largest delay below the first one";
    }

    sec = 24 * 60 * 60;

    if (cf->args->nelts == 4) {
        if (ngx_strncmp(value[3].data, "for=", 4) != 0) {
            return ngx_slack_conf_invalid(cf, &value[3]);
        }

        s.data = value[3].data + 4;
        s.len = value[3].len - 4;

        rc = ngx_slack_conf_time(cf, &value[3], &s, 1, NGX_SLACK_CONF_DAYS,
                                 &sec);

        if (rc == NGX_ERROR) {
            return NGX_CONF_ERROR;
        }

        if (rc == NGX_DECLINED || sec == 0) {
            return ngx_slack_conf_invalid(cf, &value[3]);
        }
    }

    if (sec < (max + 999) / 1000) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "\"retry\" gives up after %i seconds, before it "
                           "waits the largest delay of %i: enlarge \"for=\"",
                           sec, (max + 999) / 1000);
    }

    ws->retry_min = (ngx_msec_t) min;
    ws->retry_max = (ngx_msec_t) max;
    ws->retry_for = sec;

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_coalesce(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_workspace_t  *ws = conf;

    ngx_int_t   number;
    ngx_str_t  *value;

    if (ws->coalesce != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    number = ngx_atoi(value[1].data, value[1].len);

    if (number <= 0 || number > NGX_SLACK_COALESCE_MAX) {
        return "invalid value, write a number from 1 to 100";
    }

    ws->coalesce = (ngx_uint_t) number;

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_set_certificates(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_int_t        found;
    ngx_str_t       *value, *name;
    ngx_file_info_t  fi;

    name = (ngx_str_t *) (p + cmd->offset);

    if (name->len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    *name = value[1];

    if (ngx_conf_full_name(cf->cycle, name, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    /* Opening anything but a file may block forever. */

    if (ngx_file_info(name->data, &fi) == NGX_FILE_ERROR) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, ngx_errno,
                           "a file with the certificates of CAs to trust is "
                           "needed: " ngx_file_info_n " \"%V\" failed",
                           ngx_slack_secret_word(name));
        return NGX_CONF_ERROR;
    }

    if (!ngx_is_file(&fi)) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is no file, write all certificates into "
                           "one", name);
        return NGX_CONF_ERROR;
    }

    found = ngx_slack_trust_count(name->data);

    if (found == NGX_ERROR) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, ngx_errno,
                           "certificates in \"%V\" cannot be read", name);
        return NGX_CONF_ERROR;
    }

    if (found == NGX_DECLINED || found == 0) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" has %s, write those of the CAs to trust "
                           "into it: \"-----BEGIN CERTIFICATE-----\" and "
                           "what follows", name,
                           found ? "something that is no certificate in PEM"
                                 : "no certificate in PEM");
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}
