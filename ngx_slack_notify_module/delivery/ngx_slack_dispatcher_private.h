
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to delivery/: the state of the dispatcher.  During a run it belongs
 * to the pool thread of the run, between two runs to the event loop.  Only
 * atomic members may be used by both at once.
 */


#ifndef _NGX_SLACK_DISPATCHER_PRIVATE_H_INCLUDED_
#define _NGX_SLACK_DISPATCHER_PRIVATE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_client.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_dispatcher.h>
#include <ngx_slack_outbox.h>
#include <ngx_slack_schedule.h>


#define NGX_SLACK_SLICE  250                /* ms, longest wait for Slack */
#define NGX_SLACK_IN_FLIGHT_MAX  256        /* requests */
#define NGX_SLACK_UNSERVED_MAX  16          /* channels per scan */


/* a channel with waiting messages that no endpoint serves */

typedef struct {
    int64_t                     id;
    int64_t                     keep;       /* ms that its messages wait */
    ngx_uint_t                  workspace;  /* bytes of both names */
    ngx_uint_t                  channel;
    u_char                      names[2][NGX_SLACK_HISTORY_NAME];
} ngx_slack_no_endpoint_channel_t;


/* what was warned of already, as crc32 */

typedef struct {
    ngx_uint_t                  n;
    uint32_t                    hashes[64];
} ngx_slack_dispatcher_seen_t;


/* changes that wait or are in flight, see ngx_slack_changes.h */

typedef struct ngx_slack_change_s  ngx_slack_change_t;

typedef struct {
    ngx_rbtree_t                threads;    /* by the id of their thread */
    ngx_rbtree_node_t           threads_sentinel;
    ngx_rbtree_t                timers;     /* by the time of their turn */
    ngx_rbtree_node_t           timers_sentinel;
    ngx_uint_t                  n;
    int64_t                     last;       /* id of the newest one seen */
} ngx_slack_changes_t;


struct ngx_slack_dispatcher_s {
    ngx_slack_outbox_t         *outbox;
    int64_t                     term;       /* of the leader; 0: not leader */
    u_char                      identity[NGX_SLACK_OUTBOX_IDENTITY];
    ngx_slack_counters_t       *counters;
    ngx_slack_history_t        *history;    /* may be NULL */
    ngx_slack_tokens_t         *tokens;     /* may be NULL */
    ngx_atomic_uint_t           asks;       /* of operators, seen so far */
    ngx_slack_wakeup_t         *wakeup;
    ngx_slack_task_t           *task;
    ngx_slack_client_t         *client;
    ngx_slack_schedule_t       *schedule;
    ngx_log_t                  *log;

    int64_t                     grace;      /* ms for posts to finish at
                                               exit */
    ngx_uint_t                  in_flight;  /* requests */
    ngx_uint_t                  tests;      /* of them, auth.test and
                                               users.lookupByEmail */
    ngx_queue_t                 lookups;    /* of them, see
                                               ngx_slack_lookup.h */
    ngx_uint_t                  nlookups;
    int64_t                     now;        /* monotonic ms, of this turn */
    int64_t                     wall;

    /* wall clock minus monotonic clock when the dispatcher was created, ms */
    int64_t                     offset;

    int64_t                     last;       /* id of the newest message seen */
    int64_t                     look_at;    /* next poll for new messages */
    int64_t                     scan_at;    /* next poll for all messages */
    int64_t                     purge_at;
    unsigned                    purging:1;  /* more rows are to be purged */
    unsigned                    news:1;     /* the last poll found work */
    unsigned                    declined:1; /* the term is over, or this
                                               version does not know the
                                               outbox's schema */

    ngx_slack_changes_t         changes;

    ngx_queue_t                 ended;      /* ngx_slack_post_t, to settle */
    ngx_uint_t                  nended;
    int64_t                     settle_at;
    int64_t                     settled_at; /* end of the last settle */
    ngx_uint_t                  settle_failures;

    ngx_slack_dispatcher_seen_t  warned;    /* channels without an endpoint */
    ngx_slack_dispatcher_seen_t  twins;     /* Slack's IDs with two names */
    int64_t                     unserved_at;    /* when to look again */
    ngx_uint_t                  nunserved;
    ngx_slack_no_endpoint_channel_t  unserved[NGX_SLACK_UNSERVED_MAX];
};


/* Reads both clocks once per turn, so that all decisions of a turn agree. */

static ngx_inline void
ngx_slack_dispatcher_clock(ngx_slack_dispatcher_t *d)
{
    d->now = ngx_slack_clock_monotonic();
    d->wall = ngx_slack_clock_wall();
}


/*
 * The age of a message in ms; "created" is wall clock ms.  Two ages are
 * possible if the clock was set.  The smaller one counts, so that no message
 * expires early.
 */

static ngx_inline int64_t
ngx_slack_dispatcher_age(ngx_slack_dispatcher_t *d, int64_t created)
{
    return ngx_min(d->wall, d->now + d->offset) - created;
}


/*
 * Returns 1 the first time that it gets "hash"; 0 when there is no more room.
 */

static ngx_inline ngx_uint_t
ngx_slack_dispatcher_first(ngx_slack_dispatcher_seen_t *seen, uint32_t hash)
{
    ngx_uint_t  i;

    for (i = 0; i < seen->n; i++) {
        if (seen->hashes[i] == hash) {
            return 0;
        }
    }

    if (seen->n == sizeof(seen->hashes) / sizeof(uint32_t)) {
        return 0;
    }

    seen->hashes[seen->n++] = hash;

    return 1;
}


#endif /* _NGX_SLACK_DISPATCHER_PRIVATE_H_INCLUDED_ */
