
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What delivery reads from the outbox and writes back: channels, waiting
 * messages, their outcomes.  Times are milliseconds since the epoch, 0: never.
 */


#ifndef _NGX_SLACK_WAITING_H_INCLUDED_
#define _NGX_SLACK_WAITING_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* a workspace's channel that has waiting messages */

typedef struct {
    int64_t                     id;
    ngx_str_t                   workspace;   /* valid during the call only */
    ngx_str_t                   channel;
    int64_t                     not_before;  /* as settled last */
    ngx_uint_t                  failures;    /* in a row, as settled last */
    int64_t                     settled;     /* when that was */

    /* what operators did */
    int64_t                     paused_since;    /* the last pause that has */
    int64_t                     paused_until;    /* ended */
    int64_t                     tried;       /* when they wanted a try */
    unsigned                    paused:1;    /* now */
} ngx_slack_outbox_channel_t;

/* other than NGX_OK ends the walk, which then returns NGX_ERROR */

typedef ngx_int_t (*ngx_slack_outbox_channel_pt)(
    ngx_slack_outbox_channel_t *dest, void *data);


/* where the leader can deliver to: a channel, or others of a workspace */

typedef struct {
    ngx_str_t                   workspace;
    ngx_str_t                   channel;     /* without '#'; empty: all that
                                                are not named */
} ngx_slack_served_t;


/* a channel with n waiting messages, to which the leader cannot deliver */

typedef struct {
    int64_t                     id;
    ngx_str_t                   workspace;   /* valid during the call only */
    ngx_str_t                   channel;
    ngx_uint_t                  n;
} ngx_slack_unserved_t;

typedef ngx_int_t (*ngx_slack_unserved_pt)(ngx_slack_unserved_t *unserved,
    void *data);


/* a waiting message */

typedef struct {
    int64_t                     id;
    int64_t                     created;
    int64_t                     due;         /* not before, 0: at once */
    ngx_uint_t                  attempts;    /* that counted */
    ngx_str_t                   envelope;    /* malloc()ed in one piece: */
    ngx_str_t                   body;        /* free(envelope.data) frees */
} ngx_slack_waiting_message_t;


#define NGX_SLACK_SETTLE_SENT   1
#define NGX_SLACK_SETTLE_RETRY  2
#define NGX_SLACK_SETTLE_DEAD   3


/* what became of a message */

typedef struct {
    int64_t                     id;
    ngx_uint_t                  outcome;     /* NGX_SLACK_SETTLE_… */
    int64_t                     due;         /* of a retry */
    ngx_uint_t                  attempts;    /* new value */
    ngx_str_t                   answer;      /* Slack's words, or why */
} ngx_slack_settlement_t;


/* what became of a channel */

typedef struct {
    int64_t                     id;
    int64_t                     not_before;
    ngx_uint_t                  failures;
    ngx_str_t                   answer;      /* last refusal, empty: none */
} ngx_slack_standing_t;


#endif /* _NGX_SLACK_WAITING_H_INCLUDED_ */
