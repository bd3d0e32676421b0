
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A Slack workspace as configured.  Code in conf/ fills it when the
 * configuration is read; afterwards it is read only, in the event loop and in
 * pool threads, and lives as long as its cycle.
 */


#ifndef _NGX_SLACK_WORKSPACE_H_INCLUDED_
#define _NGX_SLACK_WORKSPACE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_receiver.h>

#include <ngx_slack_method.h>
#include <ngx_slack_scope.h>
#include <ngx_slack_tokens.h>


/* a rate limit */

typedef struct {
    ngx_uint_t                limit;        /* per 1000 seconds; 0: no limit */
    ngx_uint_t                burst;        /* at once */
} ngx_slack_rate_t;


/*
 * How a workspace is reached: an incoming webhook, or the token of a Slack
 * app and the URL of the Web API.  URLs are NUL-terminated.
 *
 * The webhook of a Slack app posts to one channel and ignores the channel,
 * name and icon of a post in silence, so it serves one channel only, and none
 * of them is sent.  With "any" the channel is sent, and an endpoint that has
 * no channel of its own serves each channel that no other endpoint has.
 */

typedef struct {
    ngx_str_t                 channel;      /* without '#'; empty: "any", or
                                               the webhook's own channel,
                                               which has no name here */
    ngx_str_t                 url;          /* of the webhook, a secret; of
                                               the API */
    ngx_str_t                 token;        /* secret, NUL-terminated; empty:
                                               a webhook */
    ngx_str_t                 methods[NGX_SLACK_METHOD_LAST];
                                            /* URLs of the API's methods */
    u_char                    hash[NGX_SLACK_TOKEN_HASH];
                                            /* of URL and token */
    ngx_slack_rate_t          post_rate;    /* of all posts of a token */
    ngx_slack_rate_t          update_rate;  /* of changes of messages */
    unsigned                  any:1;
    unsigned                  persona:1;    /* name and icon are sent */
} ngx_slack_endpoint_t;


typedef struct {
    ngx_str_t                 name;

    ngx_array_t               endpoints;    /* ngx_slack_endpoint_t */
    ngx_uint_t                receiver;     /* NGX_SLACK_RECEIVER_... */

    /* as written; the endpoint has them, too */
    ngx_str_t                 bot_token;    /* secret, NUL-terminated */
    ngx_str_t                 api_url;
    ngx_slack_rate_t          post_rate;
    ngx_slack_rate_t          update_rate;

    /* defaults for routes */
    ngx_array_t              *channels;     /* ngx_str_t, "#dev", "U024…",
                                               "@jdoe" */
    ngx_str_t                 username;
    ngx_str_t                 icon_emoji;
    ngx_str_t                 icon_url;

    void                     *member;       /* the configuration's: who a
                                               person is in Slack; NULL: it
                                               does not say */
    ngx_flag_t                join;         /* public channels, when Slack
                                               says not_in_channel */
    ngx_slack_rate_t          rate;         /* of posts to one channel */
    ngx_msec_t                connect_timeout;
    ngx_msec_t                timeout;
    ngx_msec_t                retry_min;
    ngx_msec_t                retry_max;
    time_t                    retry_for;    /* seconds */
    ngx_uint_t                coalesce;

    ngx_flag_t                ambiguous_drop;   /* on_ambiguous drop */
    ngx_flag_t                ssl_verify;
    ngx_str_t                 trusted_certificate;  /* NUL-terminated */
    ngx_str_t                 proxy;        /* secret, NUL-terminated */

    /* scopes that routes and settings need, NGX_SLACK_SCOPE_... */
    ngx_uint_t                scopes;

    /* place of the block, for errors */
    ngx_str_t                 file;
    ngx_uint_t                line;
} ngx_slack_workspace_t;


/* Finds a workspace in an array of them.  NULL: there is none.  Any thread. */

ngx_slack_workspace_t *ngx_slack_workspace_find(ngx_array_t *workspaces,
    ngx_str_t *name);


/*
 * What a post to a channel names besides its attachments: the channel, and
 * username and icon.  Any thread.
 */

#define NGX_SLACK_NAMES_CHANNEL  1
#define NGX_SLACK_NAMES_PERSONA  2

ngx_uint_t ngx_slack_workspace_names(ngx_slack_endpoint_t *endpoint,
    ngx_str_t *channel);


/*
 * Whether a channel is written as an ID of Slack's, such as "C024BE91L", that
 * begins with one of the characters of "kinds".  Any thread.
 */

ngx_uint_t ngx_slack_workspace_is_id(ngx_str_t *channel, const char *kinds);

#define NGX_SLACK_ID_MEMBER   "UW"
#define NGX_SLACK_ID_CHANNEL  "CGD"


/*
 * Finds the endpoint that serves a channel: "#dev", "dev", an ID, or "" for
 * the webhook's own, which a token does not have.  It points into "ws".  NULL:
 * none does.  Any thread.
 */

ngx_slack_endpoint_t *ngx_slack_workspace_endpoint(ngx_slack_workspace_t *ws,
    ngx_str_t *channel);


#endif /* _NGX_SLACK_WORKSPACE_H_INCLUDED_ */
