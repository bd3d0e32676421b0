
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A workspace's token as auth.test has described it.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_status_member.h>
#include <ngx_slack_status_token.h>
#include <ngx_slack_zone.h>


static void ngx_slack_status_token_member(ngx_slack_json_writer_t *w,
    const char *key, u_char *text);
static void ngx_slack_status_token_list(ngx_slack_json_writer_t *w,
    const char *key, u_char *scopes);


ngx_slack_endpoint_t *
ngx_slack_status_token(ngx_slack_workspace_t *ws)
{
    ngx_slack_endpoint_t  *endpoint;

    if (ws->bot_token.len == 0) {
        return NULL;
    }

    endpoint = ws->endpoints.elts;

    return endpoint;
}


void
ngx_slack_status_token_json(ngx_slack_json_writer_t *w,
    ngx_slack_workspace_t *ws)
{
    u_char                   missing[NGX_SLACK_SCOPES_TEXT];
    ngx_slack_endpoint_t    *endpoint;
    ngx_slack_token_info_t   info;

    endpoint = ws ? ngx_slack_status_token(ws) : NULL;

    if (endpoint == NULL) {
        ngx_slack_status_member_null(w, "token");
        return;
    }

    if (ngx_slack_tokens_get(ngx_slack_zone_tokens(), endpoint->hash, &info)
        != NGX_OK)
    {
        ngx_memzero(&info, sizeof(ngx_slack_token_info_t));
    }

    missing[0] = '\0';

    if (info.scopes[0]) {
        (void) ngx_slack_scope_missing(ws->scopes, info.scopes, missing);
    }

    ngx_slack_status_member(w, "token");
    ngx_slack_json_writer_object(w);
    ngx_slack_status_token_member(w, "team", info.team);
    ngx_slack_status_token_member(w, "bot", info.user);
    ngx_slack_status_token_member(w, "url", info.url);
    ngx_slack_status_token_list(w, "scopes", info.scopes);
    ngx_slack_status_token_list(w, "missing", missing);
    ngx_slack_status_member_bool(w, "rotates", info.rotates);
    ngx_slack_status_member_time(w, "told", (time_t) (info.told / 1000));
    ngx_slack_status_token_member(w, "error", info.error);
    ngx_slack_json_writer_object_end(w);
}


/* null if there is no text */

static void
ngx_slack_status_token_member(ngx_slack_json_writer_t *w, const char *key,
    u_char *text)
{
    ngx_str_t  value;

    value.data = text;
    value.len = ngx_strlen(text);

    if (value.len == 0) {
        ngx_slack_status_member_null(w, key);
        return;
    }

    ngx_slack_status_member_text(w, key, &value);
}


static void
ngx_slack_status_token_list(ngx_slack_json_writer_t *w, const char *key,
    u_char *scopes)
{
    u_char     *p;
    ngx_str_t   scope;

    ngx_slack_status_member(w, key);
    ngx_slack_json_writer_array(w);

    for (p = scopes; *p; /* void */) {

        while (*p == ',' || *p == ' ') {
            p++;
        }

        scope.data = p;

        while (*p && *p != ',') {
            p++;
        }

        scope.len = p - scope.data;

        if (scope.len) {
            ngx_slack_json_writer_shown(w, &scope);
        }
    }

    ngx_slack_json_writer_array_end(w);
}


u_char *
ngx_slack_status_token_text(u_char *buf, ngx_slack_workspace_t *ws,
    ngx_uint_t brief)
{
    u_char                  *p, *last;
    u_char                   missing[NGX_SLACK_SCOPES_TEXT];
    ngx_slack_endpoint_t    *endpoint;
    ngx_slack_token_info_t   info;

    last = buf + NGX_SLACK_TOKEN_TEXT;
    endpoint = ngx_slack_status_token(ws);

    if (endpoint == NULL
        || ngx_slack_tokens_get(ngx_slack_zone_tokens(), endpoint->hash, &info)
           != NGX_OK)
    {
        return ngx_slprintf(buf, last, "the token has not been checked yet");
    }

    if (info.error[0]) {
        return ngx_slprintf(buf, last, "the token could not be checked: "
                            "%s", info.error);
    }

    p = ngx_slprintf(buf, last, "token of team %s, bot %s", info.team,
                     info.user);

    if (!brief) {
        p = ngx_slprintf(p, last, ", scopes %s", info.scopes[0]
                         ? info.scopes : (u_char *) "not told");
    }

    if (info.scopes[0]
        && (ngx_slack_scope_missing(ws->scopes, info.scopes, missing)
            || !brief))
    {
        p = ngx_slprintf(p, last, ", missing for what your configuration "
                         "uses: %s",
                         missing[0] ? missing : (u_char *) "nothing");
    }

    if (info.rotates) {
        p = ngx_slprintf(p, last, "; it expires by itself, as token rotation "
                         "is on for the app");
    }

    return p;
}
