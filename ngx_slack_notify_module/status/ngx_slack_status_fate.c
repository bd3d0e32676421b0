
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What became of a message of one of the last events, and where it is in
 * Slack.  Runs in a pool thread.
 */


#include <ngx_slack_status_json.h>
#include <ngx_slack_status_token.h>
#include <ngx_slack_zone.h>


const char *
ngx_slack_status_fate(ngx_slack_status_snapshot_t *s,
    ngx_slack_history_message_t *message, ngx_slack_status_channel_t **channel)
{
    ngx_str_t                    workspace, name;
    ngx_slack_status_channel_t  *ch;

    ch = NULL;

    if (message->workspace_len) {
        workspace.data = message->workspace;
        workspace.len = message->workspace_len;
        name.data = message->channel;
        name.len = message->channel_len;

        ch = ngx_slack_status_find(s, &workspace, &name);
    }

    *channel = ch;

    switch (message->state) {

    case NGX_SLACK_COUNT_SENT:
        return "sent";

    case NGX_SLACK_COUNT_DEAD:

        /* an operator may have replayed it, or dropped it */

        if (!s->ok || ch == NULL || ch->dead_letters) {
            return "dead";
        }

        break;

    default:

        /* another host may have sent it */

        if (!s->ok || ch == NULL || (ch->first && ch->first <= message->id)) {
            return message->state == NGX_SLACK_COUNT_RETRIED ? "retrying"
                                                             : "waiting";
        }
    }

    return "no longer waiting";
}


/* https://acme.slack.com/archives/C024BE91L/p1712000000123456 */

void
ngx_slack_status_url(ngx_slack_status_snapshot_t *s,
    ngx_slack_history_message_t *message, u_char *buf, ngx_str_t *url)
{
    u_char                  *p, *last, *blank, *ch;
    ngx_str_t                name;
    ngx_slack_endpoint_t    *endpoint;
    ngx_slack_workspace_t   *ws;
    ngx_slack_token_info_t   info;

    url->data = buf;
    url->len = 0;

    last = message->handle + message->handle_len;
    blank = ngx_strlchr(message->handle, last, ' ');

    if (blank == NULL) {
        return;
    }

    name.data = message->workspace;
    name.len = message->workspace_len;

    ws = ngx_slack_workspace_find(&s->smcf->workspaces, &name);
    endpoint = ws ? ngx_slack_status_token(ws) : NULL;

    if (endpoint == NULL
        || ngx_slack_tokens_get(ngx_slack_zone_tokens(), endpoint->hash, &info)
           != NGX_OK
        || ngx_strncmp(info.url, "https://", 8) != 0)
    {
        return;
    }

    p = ngx_slprintf(buf, buf + NGX_SLACK_STATUS_URL, "%s%sarchives/%*s/p",
                     info.url,
                     info.url[ngx_strlen(info.url) - 1] == '/' ? "" : "/",
                     (size_t) (blank - message->handle), message->handle);

    for (ch = blank + 1; ch < last; ch++) {
        if (*ch >= '0' && *ch <= '9' && p < buf + NGX_SLACK_STATUS_URL) {
            *p++ = *ch;
        }
    }

    url->len = p - buf;
}
