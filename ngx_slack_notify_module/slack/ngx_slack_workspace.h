
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


/* how a workspace is reached: an incoming webhook */

typedef struct {
    ngx_str_t                 channel;      /* without '#'; empty: all other
                                               channels */
    ngx_str_t                 url;          /* secret, NUL-terminated */
} ngx_slack_endpoint_t;


/* a rate limit */

typedef struct {
    ngx_uint_t                limit;        /* per 1000 seconds */
    ngx_uint_t                burst;        /* at once */
} ngx_slack_rate_t;


typedef struct {
    ngx_str_t                 name;

    ngx_array_t               endpoints;    /* ngx_slack_endpoint_t */
    ngx_uint_t                receiver;     /* NGX_SLACK_RECEIVER_... */

    /* defaults for routes */
    ngx_array_t              *channels;     /* ngx_str_t, "#dev", "U024…",
                                               "@jdoe" */
    ngx_str_t                 username;
    ngx_str_t                 icon_emoji;
    ngx_str_t                 icon_url;

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

    /* place of the block, for errors */
    ngx_str_t                 file;
    ngx_uint_t                line;
} ngx_slack_workspace_t;


/*
 * Finds the endpoint of a channel ("#dev" or "dev"), or else the one for all
 * other channels; it points into "ws".  NULL: there is none.  Any thread.
 */

ngx_slack_endpoint_t *ngx_slack_workspace_endpoint(ngx_slack_workspace_t *ws,
    ngx_str_t *channel);


#endif /* _NGX_SLACK_WORKSPACE_H_INCLUDED_ */
