
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A post: one request to Slack that carries one message, or several messages
 * of one channel.
 */


#ifndef _NGX_SLACK_POST_H_INCLUDED_
#define _NGX_SLACK_POST_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_client.h>
#include <ngx_slack_dispatcher_private.h>
#include <ngx_slack_outcome.h>
#include <ngx_slack_schedule.h>


typedef struct {
    int64_t                     id;
    int64_t                     created;
    ngx_uint_t                  attempts;
} ngx_slack_post_message_t;


typedef struct {
    ngx_slack_request_t         request;
    ngx_slack_dispatcher_t     *dispatcher;
    ngx_slack_channel_t        *channel;
    ngx_slack_outcome_t         outcome;
    ngx_queue_t                 queue;      /* of the ended */

    /* to be settled: 0, messages stay as they are; their new "due" */
    ngx_uint_t                  settle;     /* NGX_SLACK_SETTLE_… */
    int64_t                     due;
    int64_t                     not_before; /* wall clock */
    ngx_uint_t                  failures;
    int64_t                     started;    /* monotonic */
    unsigned                    standing:1; /* the channel's is settled too */
    unsigned                    cut:1;      /* by the end of the worker */

    ngx_uint_t                  n;
    ngx_slack_post_message_t    messages[1];
} ngx_slack_post_t;


/*
 * In a pool thread: the turn of a channel.  Starts a post, or schedules the
 * channel's next turn
 */

void ngx_slack_post_start(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch);


#endif /* _NGX_SLACK_POST_H_INCLUDED_ */
