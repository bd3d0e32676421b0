
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A post: one or several messages of a channel on their way to Slack, in
 * one request; the dispatcher's own.
 */


#ifndef _NGX_SLACK_POST_H_INCLUDED_
#define _NGX_SLACK_POST_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_client.h>
#include <ngx_slack_dispatcher.h>
#include <ngx_slack_outbox.h>
#include <ngx_slack_outcome.h>
#include <ngx_slack_schedule.h>


#define NGX_SLACK_SETTLE_DELAY  5           /* ms, from one to the next */
#define NGX_SLACK_SLICE         250         /* ms, longest wait for Slack */


struct ngx_slack_dispatcher_s {
    ngx_slack_outbox_t         *outbox;
    int64_t                     term;       /* as the leader; 0: it is not */
    ngx_slack_counters_t       *counters;
    ngx_slack_history_t        *history;    /* may be NULL */
    ngx_slack_client_t         *client;
    ngx_slack_schedule_t       *schedule;
    ngx_log_t                  *log;

    ngx_atomic_t                woken;
    ngx_atomic_t                given;       /* the thread, to others */
    ngx_atomic_t                calm;       /* until then, monotonic ms */

    int64_t                     grace;      /* ms, for posts at the end */
    ngx_uint_t                  in_flight;
    int64_t                     now;        /* monotonic, of this turn */
    int64_t                     wall;

    /* wall clock less monotonic one as it was at first */
    int64_t                     offset;

    int64_t                     last;       /* newest message seen */
    int64_t                     look_at;    /* for new ones, poll */
    int64_t                     scan_at;    /* for all of them */
    int64_t                     purge_at;
    unsigned                    purging:1;  /* there is more */
    unsigned                    news:1;     /* the look found work */
    unsigned                    declined:1; /* the term is over, or this
                                               version does not know the form
                                               of the outbox */

    ngx_queue_t                 ended;      /* posts to settle */
    ngx_uint_t                  nended;
    int64_t                     settle_at;
    int64_t                     settled_at; /* last, its end */
    ngx_uint_t                  settle_failures;

    uint32_t                    warned[64];     /* warned of: crc32 */
    ngx_uint_t                  nwarned;
    int64_t                     unserved_at;    /* see no_endpoint_look() */
};


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


/* ngx_slack_no_endpoint.c: of channels that the configuration does not know */

/* there are messages for it: a warning, the first time */

void ngx_slack_no_endpoint(ngx_slack_dispatcher_t *d,
    ngx_slack_outbox_channel_t *dest);

/* the leader tells the others what it knows; NGX_ERROR: logged */

ngx_int_t ngx_slack_no_endpoint_tell(ngx_slack_dispatcher_t *d);

/*
 * while another process leads: do messages wait that it cannot deliver, and
 * this nginx could?  A warning, once a minute
 */

void ngx_slack_no_endpoint_look(ngx_slack_dispatcher_t *d);


/* the turn of a channel: starts a post, or says when its turn comes again */

void ngx_slack_post_start(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch);


/* the time of this turn */

void ngx_slack_post_clock(ngx_slack_dispatcher_t *d);


/* a post has an outcome: what is to be settled, and when to go on; logs */

void ngx_slack_post_conclude(ngx_slack_post_t *post);


/* the channel's pace and failures as they are now: to be settled too */

void ngx_slack_post_channel(ngx_slack_post_t *post);


/*
 * counts its messages as NGX_SLACK_HISTORY_SENT, RETRIED or DEAD in the
 * history, LAST: none; what was not sent leaves its outcome there
 */

void ngx_slack_post_count(ngx_slack_post_t *post, ngx_uint_t what);


/* hands a post over for settlement, its channel waits for that */

void ngx_slack_post_ended(ngx_slack_post_t *post);


/*
 * settles what ended in one transaction; NGX_ERROR: all is kept, to be tried
 * again; NGX_DECLINED: the term is over, d->declined is set
 */

ngx_int_t ngx_slack_post_settle(ngx_slack_dispatcher_t *d);


/*
 * The same, if it is time: a lone answer at once; of many, what ended since
 * the last time, together.  "now": nothing else is in flight to wait for.
 */

void ngx_slack_settle_due(ngx_slack_dispatcher_t *d, ngx_uint_t now);


/*
 * The worker has to end: waits for the answers to posts that have been
 * written, at most for d->grace ms, and settles them.  Nothing is in flight
 * any more when it returns.
 */

void ngx_slack_stop_posts(ngx_slack_dispatcher_t *d);


#endif /* _NGX_SLACK_POST_H_INCLUDED_ */
