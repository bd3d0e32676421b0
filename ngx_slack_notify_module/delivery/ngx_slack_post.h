
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A post: one request to Slack, which carries one message, or several waiting
 * messages of one channel.
 */


#ifndef _NGX_SLACK_POST_H_INCLUDED_
#define _NGX_SLACK_POST_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_client.h>
#include <ngx_slack_dispatcher_private.h>
#include <ngx_slack_outcome.h>
#include <ngx_slack_schedule.h>


/* A message of a post; "created" is wall clock ms. */

typedef struct {
    int64_t                     id;
    int64_t                     created;
    ngx_uint_t                  attempts;
} ngx_slack_post_message_t;


/*
 * One block of malloc() with n messages.  It belongs to the client while the
 * request is in flight, then to d->ended until it is settled and freed.
 */

typedef struct {
    ngx_slack_request_t         request;
    ngx_slack_dispatcher_t     *dispatcher;
    ngx_slack_channel_t        *channel;
    ngx_slack_outcome_t         outcome;
    ngx_queue_t                 queue;      /* in d->ended */

    /*
     * What is to be settled.  settle is 0 if the messages stay as they are;
     * due is their new time for NGX_SLACK_SETTLE_RETRY.  Times are wall clock
     * ms.
     */
    ngx_uint_t                  settle;     /* NGX_SLACK_SETTLE_... */
    int64_t                     due;
    int64_t                     not_before; /* of the channel */
    ngx_uint_t                  failures;
    int64_t                     started;    /* monotonic ms */
    unsigned                    standing:1; /* settle the channel, too */
    unsigned                    cut:1;      /* the worker ended first */
    unsigned                    identified:1;   /* the outcome's ID of the
                                               channel is to be stored */

    ngx_uint_t                  n;
    ngx_slack_post_message_t    messages[1];
} ngx_slack_post_t;


/*
 * Takes the turn of a channel: starts a post, makes dead letters of messages
 * that are too old, or schedules the channel's next turn.  May remove and free
 * the channel.  Failures are logged and tried again later.  In a pool thread.
 */

void ngx_slack_post_start(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch);


#endif /* _NGX_SLACK_POST_H_INCLUDED_ */
