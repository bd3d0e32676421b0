
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What is a channel (see the header).  Has no state; runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_channel.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_secret.h>
#include <ngx_slack_shown.h>
#include <ngx_slack_text.h>


static ngx_uint_t ngx_slack_channel_is_name(ngx_str_t *name);
static ngx_uint_t ngx_slack_channel_is_text(ngx_str_t *name);


const char *
ngx_slack_channel_name(ngx_str_t *word, u_char *buf, ngx_str_t *channel)
{
    u_char     sigil;
    ngx_str_t  name;

    name = *word;
    sigil = '#';

    if (name.len && (name.data[0] == '#' || name.data[0] == '@')) {
        sigil = name.data[0];
        name.data++;
        name.len--;
    }

    if (sigil != '@'
        && ngx_slack_workspace_is_id(&name, NGX_SLACK_ID_MEMBER
                                            NGX_SLACK_ID_CHANNEL)
        && name.len <= NGX_SLACK_CHANNEL_MAX)
    {
        *channel = name;
        return NULL;
    }

    /* A token might be the name of a channel, but is none. */

    if (!ngx_slack_channel_is_name(&name)
        || ngx_slack_secret_word(&name) != &name
        || !ngx_slack_channel_is_text(&name))
    {
        return "write its name, of small letters, digits, \"-\" and \"_\", "
               "or its ID, such as C024BE7LR";
    }

    buf[0] = sigil;
    ngx_memcpy(buf + 1, name.data, name.len);

    channel->data = buf;
    channel->len = 1 + name.len;

    return NULL;
}


/*
 * Letters other than A to Z, digits, "-", "_", and "." as in old workspaces.
 */

static ngx_uint_t
ngx_slack_channel_is_name(ngx_str_t *name)
{
    size_t  i;
    u_char  c;

    if (name->len == 0 || name->len > 4 * NGX_SLACK_CHANNEL_MAX) {
        return 0;
    }

    for (i = 0; i < name->len; i++) {

        c = name->data[i];

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c < 0x80
            && c != '-' && c != '_' && c != '.')
        {
            return 0;
        }
    }

    return ngx_slack_text_prefix(name->data, name->len, NGX_SLACK_CHANNEL_MAX)
           == name->len;
}


/*
 * Whether the name is what would be shown of it: else Slack would refuse each
 * message, or people would read another name.
 */

static ngx_uint_t
ngx_slack_channel_is_text(ngx_str_t *name)
{
    size_t     n;
    u_char     piece[NGX_SLACK_SHOWN_SIZE], *p;
    ngx_str_t  rest;

    if (memmem(name->data, name->len, "\xef\xbf\xbd", 3)) {
        /* U+FFFD stands for what was none */
        return 0;
    }

    rest = *name;

    while (rest.len) {
        p = rest.data;
        n = ngx_slack_shown(piece, &rest);

        if (n != (size_t) (rest.data - p) || ngx_memcmp(piece, p, n) != 0) {
            return 0;
        }
    }

    return 1;
}


const char *
ngx_slack_channel_receiver(ngx_slack_workspace_t *ws, ngx_str_t *channel)
{
    switch (ws->receiver) {

    case NGX_SLACK_RECEIVER_MATTERMOST:

        if (!ngx_slack_workspace_is_id(channel, NGX_SLACK_ID_MEMBER
                                                NGX_SLACK_ID_CHANNEL))
        {
            return NULL;
        }

        return "\"receiver mattermost\" does not know Slack's IDs, write "
               "the name of the channel, or \"@NAME\" for a direct message";

    case NGX_SLACK_RECEIVER_DISCORD:
        return "a webhook of \"receiver discord\" posts to its own channel "
               "only, write a slack_workspace for each webhook";

    default: /* NGX_SLACK_RECEIVER_SLACK */

        if (channel->len == 0 || channel->data[0] != '@') {
            return NULL;
        }

        return "a direct message needs the member ID, such as U024BE7LH";
    }
}


const char *
ngx_slack_channel_served(ngx_slack_workspace_t *ws, ngx_str_t *channel)
{
    if (ngx_slack_workspace_endpoint(ws, channel)) {
        return NULL;
    }

    if (channel->len == 0) {
        return "name a channel";
    }

    if (ngx_slack_channel_is_direct(channel)) {
        return "the webhook of a Slack app sends no direct message, say "
               "\"legacy\" of a webhook that takes any channel, or use "
               "\"bot_token\"";
    }

    return "no webhook of the workspace serves it, give its webhook "
           "\"channel=\", say \"legacy\" of one that takes any channel, or "
           "use \"bot_token\"";
}


const char *
ngx_slack_channel_check(ngx_slack_workspace_t *ws, ngx_str_t *word,
    u_char *buf, ngx_str_t *channel)
{
    const char  *why;

    why = ngx_slack_channel_name(word, buf, channel);

    if (why == NULL) {
        why = ngx_slack_channel_receiver(ws, channel);
    }

    return why ? why : ngx_slack_channel_served(ws, channel);
}


/* Names of channels have no capital letters, so such a word is an ID. */

ngx_uint_t
ngx_slack_channel_is_direct(ngx_str_t *channel)
{
    return channel->len && ngx_strchr("UWD", channel->data[0]) != NULL;
}


ngx_uint_t
ngx_slack_channel_listed(ngx_array_t *list, ngx_str_t *channel)
{
    ngx_str_t   *name;
    ngx_uint_t   i;

    name = list->elts;

    for (i = 0; i < list->nelts; i++) {
        if (ngx_slack_equal(&name[i], channel)) {
            return 1;
        }
    }

    return 0;
}


ngx_str_t
ngx_slack_channel_next(ngx_str_t *list)
{
    ngx_str_t  word;

    while (list->len && (list->data[0] == ',' || list->data[0] == ' ')) {
        list->data++;
        list->len--;
    }

    word.data = list->data;
    word.len = 0;

    while (list->len && list->data[0] != ',' && list->data[0] != ' ') {
        list->data++;
        list->len--;
        word.len++;
    }

    return word;
}
