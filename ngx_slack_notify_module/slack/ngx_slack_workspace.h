
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A Slack workspace as the configuration describes it.  conf/ fills it when
 * the configuration is read; afterwards it is only read, by the event loop and
 * by pool threads, and lives as long as its cycle.
 */


#ifndef _NGX_SLACK_WORKSPACE_H_INCLUDED_
#define _NGX_SLACK_WORKSPACE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    ngx_str_t                 channel;      /* without '#'; empty: the rest */
    ngx_str_t                 url;          /* secret, NUL-terminated */
} ngx_slack_endpoint_t;


/* how often something may be done */

typedef struct {
    ngx_uint_t                limit;        /* times in 1000 seconds */
    ngx_uint_t                burst;        /* times at once */
} ngx_slack_rate_t;


typedef struct {
    ngx_str_t                 name;

    ngx_array_t               endpoints;    /* ngx_slack_endpoint_t */

    /* the defaults of routes */
    ngx_array_t              *channels;     /* ngx_str_t, "#dev", "U024…" */
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

    /* where the block stands, for messages */
    ngx_str_t                 file;
    ngx_uint_t                line;
} ngx_slack_workspace_t;


/* the webhook of a channel ("#dev" or "dev"): its own, else the rest's */

ngx_slack_endpoint_t *ngx_slack_workspace_endpoint(ngx_slack_workspace_t *ws,
    ngx_str_t *channel);


#endif /* _NGX_SLACK_WORKSPACE_H_INCLUDED_ */
