
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


/* what Slack calls a message: the channel's ID, a blank, and its ts */

#define NGX_SLACK_HANDLE_MAX  (NGX_SLACK_ID_MAX + 1 + NGX_SLACK_TS_MAX)


/* A message of a post; "created" is wall clock ms. */

typedef struct {
    int64_t                     id;
    int64_t                     created;
    ngx_uint_t                  attempts;
    int64_t                     thread;     /* id; 0: none */
    int64_t                     change;     /* the waiting change whose state
                                               this root shows; 0: none */
    unsigned                    root:1;     /* others reply to it or change
                                               it */
} ngx_slack_post_message_t;


typedef struct ngx_slack_post_s  ngx_slack_post_t;

/* The outcome of a post is stored; afterwards the post is freed. */

typedef void (*ngx_slack_post_settled_pt)(ngx_slack_post_t *post);


/*
 * One block of malloc() with n messages.  It belongs to the client while the
 * request is in flight, then to d->ended until it is settled and freed.
 */

struct ngx_slack_post_s {
    ngx_slack_request_t         request;
    ngx_slack_dispatcher_t     *dispatcher;
    ngx_slack_channel_t        *channel;    /* NULL: a change */
    ngx_slack_change_t         *change;     /* NULL: a post to the channel */
    ngx_slack_outcome_t         outcome;
    ngx_queue_t                 queue;      /* in d->ended */
    ngx_slack_post_settled_pt   settled;    /* may be NULL */

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
    unsigned                    reply:1;    /* it has a thread_ts */

    size_t                      handle_len; /* of its roots; 0: not known */
    u_char                      handle[NGX_SLACK_HANDLE_MAX];

    ngx_slack_memo_t           *memos;      /* whom it notifies, see
                                               ngx_slack_mention.h: room
                                               behind the messages */
    ngx_uint_t                  nmemos;
    ngx_uint_t                  memos_max;

    ngx_uint_t                  n;
    ngx_slack_post_message_t    messages[1];
};


/*
 * Takes the turn of a channel: starts a post, makes dead letters of messages
 * that are too old, or schedules the channel's next turn.  May remove and free
 * the channel.  Failures are logged and tried again later.  In a pool thread.
 */

void ngx_slack_post_start(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch);


#endif /* _NGX_SLACK_POST_H_INCLUDED_ */
