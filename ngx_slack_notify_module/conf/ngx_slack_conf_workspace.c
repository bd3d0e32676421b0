
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The block slack_workspace.  Runs when the configuration is read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_trust.h>


#define NGX_SLACK_COALESCE_MAX  100      /* attachments Slack takes */
#define NGX_SLACK_RATE_MAX      1000000
#define NGX_SLACK_BURST_MAX     100000


typedef struct {
    ngx_slack_workspace_t     *ws;
    ngx_slack_persona_t        persona;
} ngx_slack_conf_workspace_t;


static ngx_uint_t ngx_slack_conf_workspace_name(ngx_str_t *name);
static char *ngx_slack_conf_ws_webhook(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_ws_channel(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_ws_persona(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_rate(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_timeout(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_retry(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_coalesce(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_ambiguous(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_certificate(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_verify(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_ws_proxy(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);
static char *ngx_slack_conf_invalid(ngx_conf_t *cf, ngx_str_t *value);


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


static ngx_slack_conf_option_t  ngx_slack_conf_workspace_options[] = {
    { ngx_string("webhook_url"), 1, 2, ngx_slack_conf_ws_webhook },
    { ngx_string("webhook_url_file"), 1, 2, ngx_slack_conf_ws_webhook },
    { ngx_string("channel"), 1, 20, ngx_slack_conf_ws_channel },
    { ngx_string("username"), 1, 1, ngx_slack_conf_ws_persona },
    { ngx_string("icon_emoji"), 1, 1, ngx_slack_conf_ws_persona },
    { ngx_string("icon_url"), 1, 1, ngx_slack_conf_ws_persona },
    { ngx_string("rate"), 1, 2, ngx_slack_conf_rate },
    { ngx_string("connect_timeout"), 1, 1, ngx_slack_conf_timeout },
    { ngx_string("timeout"), 1, 1, ngx_slack_conf_timeout },
    { ngx_string("retry"), 2, 3, ngx_slack_conf_retry },
    { ngx_string("coalesce"), 1, 1, ngx_slack_conf_coalesce },
    { ngx_string("on_ambiguous"), 1, 1, ngx_slack_conf_ambiguous },
    { ngx_string("trusted_certificate"), 1, 1, ngx_slack_conf_certificate },
    { ngx_string("ssl_verify"), 1, 1, ngx_slack_conf_verify },
    { ngx_string("proxy"), 1, 1, ngx_slack_conf_ws_proxy },
    { ngx_null_string, 0, 0, NULL }
};


char *
ngx_slack_conf_workspace(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_main_conf_t  *smcf = conf;

    char                        *rv;
    ngx_str_t                   *value;
    ngx_uint_t                   i;
    ngx_slack_workspace_t       *ws;
    ngx_slack_conf_workspace_t   w;

    value = cf->args->elts;

    ws = smcf->workspaces.elts;

    for (i = 0; i < smcf->workspaces.nelts; i++) {
        if (ws[i].name.len == value[1].len
            && ngx_memcmp(ws[i].name.data, value[1].data, value[1].len) == 0)
        {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                               "duplicate workspace \"%V\", see %V:%ui",
                               &value[1], &ws[i].file, ws[i].line);
            return NGX_CONF_ERROR;
        }
    }

    /* slack_notify takes "off" for the end of what was inherited */

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

    ws->rate = NGX_CONF_UNSET_UINT;
    ws->burst = 1;
    ws->connect_timeout = NGX_CONF_UNSET_MSEC;
    ws->timeout = NGX_CONF_UNSET_MSEC;
    ws->retry_min = NGX_CONF_UNSET_MSEC;
    ws->coalesce = NGX_CONF_UNSET_UINT;
    ws->ambiguous_drop = NGX_CONF_UNSET;
    ws->ssl_verify = NGX_CONF_UNSET;

    if (ngx_array_init(&ws->endpoints, cf->pool, 2,
                       sizeof(ngx_slack_endpoint_t))
        != NGX_OK
        || ngx_array_init(&ws->channels, cf->pool, 2, sizeof(ngx_str_t))
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&w, sizeof(ngx_slack_conf_workspace_t));
    w.ws = ws;

    rv = ngx_slack_conf_block(cf, "slack_workspace",
                              ngx_slack_conf_workspace_options, &w);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    if (ws->endpoints.nelts == 0) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "workspace \"%V\" has no \"webhook_url\" or "
                      "\"webhook_url_file\" in %V:%ui",
                      &ws->name, &ws->file, ws->line);
        return NGX_CONF_ERROR;
    }

    ws->username = w.persona.username;
    ws->icon_emoji = w.persona.icon_emoji;
    ws->icon_url = w.persona.icon_url;

    ngx_conf_init_uint_value(ws->rate, 1000);
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


/* it stands in logs and addresses: neither controls, spaces nor these */

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
ngx_slack_conf_ws_webhook(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_workspace_t  *w = conf;

    return ngx_slack_conf_webhook(cf, w->ws, value, n);
}


static char *
ngx_slack_conf_ws_channel(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_workspace_t  *w = conf;

    if (w->ws->channels.nelts) {
        return "is duplicate";
    }

    if (ngx_slack_conf_channels(cf, &w->ws->channels, value + 1, n)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_ws_persona(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_workspace_t  *w = conf;

    return ngx_slack_conf_persona(cf, value, &w->persona);
}


/* Nr/s or Nr/m, then burst=M */

static char *
ngx_slack_conf_rate(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_workspace_t  *w = conf;

    size_t      len;
    u_char     *p;
    ngx_int_t   rc, rate, burst, scale;
    ngx_str_t   s;

    if (w->ws->rate != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    scale = 1;
    len = value[1].len;

    if (len <= 3) {
        goto invalid;
    }

    p = value[1].data + len - 3;

    if (ngx_strncmp(p, "r/s", 3) == 0) {
        scale = 1;

    } else if (ngx_strncmp(p, "r/m", 3) == 0) {
        scale = 60;

    } else {
        goto invalid;
    }

    s.data = value[1].data;
    s.len = len - 3;

    rc = ngx_slack_conf_number(cf, &value[1], &s, NGX_SLACK_RATE_MAX, &rate);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED) {
        goto invalid;
    }

    w->ws->rate = ngx_max((ngx_uint_t) rate * 1000 / scale, 1);

    if (n == 2) {
        if (ngx_strncmp(value[2].data, "burst=", 6) != 0) {
            return ngx_slack_conf_invalid(cf, &value[2]);
        }

        s.data = value[2].data + 6;
        s.len = value[2].len - 6;

        rc = ngx_slack_conf_number(cf, &value[2], &s, NGX_SLACK_BURST_MAX,
                                   &burst);

        if (rc == NGX_ERROR) {
            return NGX_CONF_ERROR;
        }

        if (rc == NGX_DECLINED) {
            return ngx_slack_conf_invalid(cf, &value[2]);
        }

        w->ws->burst = (ngx_uint_t) burst;
    }

    return NGX_CONF_OK;

invalid:

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "invalid rate \"%V\", write such as \"1r/s\" or "
                       "\"30r/m\"", &value[1]);

    return NGX_CONF_ERROR;
}


static char *
ngx_slack_conf_timeout(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_workspace_t  *w = conf;

    ngx_int_t    rc, msec;
    ngx_msec_t  *timeout;

    timeout = value[0].data[0] == 'c' ? &w->ws->connect_timeout
                                      : &w->ws->timeout;

    if (*timeout != NGX_CONF_UNSET_MSEC) {
        return "is duplicate";
    }

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
ngx_slack_conf_retry(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_workspace_t  *w = conf;

    ngx_int_t  rc, min, max, sec;
    ngx_str_t  s;

    if (w->ws->retry_min != NGX_CONF_UNSET_MSEC) {
        return "is duplicate";
    }

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

    if (n == 3) {
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

    w->ws->retry_min = (ngx_msec_t) min;
    w->ws->retry_max = (ngx_msec_t) max;
    w->ws->retry_for = sec;

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_coalesce(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_workspace_t  *w = conf;

    ngx_int_t  number;

    if (w->ws->coalesce != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    number = ngx_atoi(value[1].data, value[1].len);

    if (number <= 0 || number > NGX_SLACK_COALESCE_MAX) {
        return "invalid value, write a number from 1 to 100";
    }

    w->ws->coalesce = (ngx_uint_t) number;

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_ambiguous(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_workspace_t  *w = conf;

    if (w->ws->ambiguous_drop != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    w->ws->ambiguous_drop = ngx_slack_conf_choice(cf,
                                                  ngx_slack_conf_ambiguities);

    return (w->ws->ambiguous_drop == NGX_ERROR) ? NGX_CONF_ERROR
                                                : NGX_CONF_OK;
}


static char *
ngx_slack_conf_certificate(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_workspace_t  *w = conf;

    ngx_int_t        found;
    ngx_str_t       *name;
    ngx_file_info_t  fi;

    name = &w->ws->trusted_certificate;

    if (name->len) {
        return "is duplicate";
    }

    *name = value[1];

    if (ngx_conf_full_name(cf->cycle, name, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    /* what is no file may block for ever */

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


static char *
ngx_slack_conf_verify(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_workspace_t  *w = conf;

    if (w->ws->ssl_verify != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    w->ws->ssl_verify = ngx_slack_conf_choice(cf, ngx_slack_conf_flags);

    return (w->ws->ssl_verify == NGX_ERROR) ? NGX_CONF_ERROR : NGX_CONF_OK;
}


static char *
ngx_slack_conf_ws_proxy(ngx_conf_t *cf, void *conf, ngx_str_t *value,
    ngx_uint_t n)
{
    ngx_slack_conf_workspace_t  *w = conf;

    return ngx_slack_conf_proxy(cf, w->ws, value);
}


static char *
ngx_slack_conf_invalid(ngx_conf_t *cf, ngx_str_t *value)
{
    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "invalid parameter \"%V\", see \"Inside "
                       "slack_workspace\" in the README",
                       ngx_slack_secret_word(value));

    return NGX_CONF_ERROR;
}
