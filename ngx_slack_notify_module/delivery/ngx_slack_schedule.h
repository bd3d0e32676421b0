
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The schedule: whose turn it is.  It holds a channel only while that has
 * waiting messages.  All times are monotonic milliseconds unless marked as
 * wall clock.  Used by one thread at a time, which is the dispatcher's; only
 * ngx_slack_schedule_create() and ngx_slack_schedule_add() can fail.
 */


#ifndef _NGX_SLACK_SCHEDULE_H_INCLUDED_
#define _NGX_SLACK_SCHEDULE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_history.h>
#include <ngx_slack_outcome.h>
#include <ngx_slack_pace.h>
#include <ngx_slack_workspace.h>


#define NGX_SLACK_SCHEDULE_MAX         10000    /* channels in memory */
#define NGX_SLACK_WORKSPACE_POSTS_MAX  64       /* in flight */
#define NGX_SLACK_NEVER                INT64_MAX


/*
 * An endpoint; the same token in two workspaces is one endpoint.  One that
 * Slack refuses is suspended for all its channels, and then one channel at a
 * time probes it.  An uncertain one is probed in the same way: its last posts
 * failed before this process became the leader.
 */

typedef struct {
    ngx_slack_endpoint_t       *conf;       /* as in its first workspace */
    ngx_slack_rate_t            rate;       /* the lowest of its workspaces */
    ngx_slack_pace_t            pace;       /* of all posts, if "limited" */
    int64_t                     held;       /* Slack wants no post before */
    ngx_queue_t                 waiting;    /* channels that wait for the pace
                                               or the end of the hold */
    ngx_queue_t                 queue;      /* in s->busy */
    ngx_uint_t                  failures;
    int64_t                     until;
    int64_t                     tried;      /* when an operator last asked for
                                               a try, wall clock */
    int64_t                     tested;     /* when auth.test was sent in this
                                               term, wall clock; 0: never */
    ngx_slack_rate_t            update_rate;    /* the lowest, likewise */
    ngx_slack_pace_t            update_pace;    /* of chat.update */
    int64_t                     update_held;    /* Slack wants no change
                                                   before */
    int64_t                     lookup_until;   /* no address is looked up
                                                   before */
    ngx_uint_t                  lookup_failures;
    ngx_queue_t                 changes[2]; /* that may be sent now, final ones
                                               first; see
                                               ngx_slack_changes.h */
    ngx_uint_t                  changing;   /* changes in flight */
    ngx_queue_t                 probed;     /* channels that wait for the
                                               probe */
    unsigned                    limited:1;  /* "pace" is set */
    unsigned                    busy:1;     /* in s->busy */
    unsigned                    suspended:1;
    unsigned                    uncertain:1;
    unsigned                    proven:1;   /* has worked in this term */
    unsigned                    probing:1;
    unsigned                    lookup_off:1;   /* nor at any time */
} ngx_slack_schedule_endpoint_t;


/*
 * Limits the posts of a workspace, so that one that does not answer cannot
 * take all of them.
 */

typedef struct {
    ngx_slack_workspace_t      *conf;
    ngx_slack_schedule_endpoint_t  **endpoints;     /* as in conf */
    ngx_uint_t                  in_flight;
    ngx_queue_t                 held;       /* channels that wait for a post of
                                               it to end */

    /* start of the window, log lines in it, and lines left out */
    int64_t                     log_from;
    ngx_uint_t                  log_lines;
    ngx_uint_t                  log_more;
} ngx_slack_schedule_workspace_t;


/* where the posts to a channel go; owned by the schedule */

typedef struct {
    ngx_slack_schedule_workspace_t  *workspace;
    ngx_slack_schedule_endpoint_t  *endpoint;
    ngx_slack_endpoint_t       *conf;       /* of this workspace */
} ngx_slack_schedule_target_t;


/* A channel that has waiting messages. */

typedef struct {
    ngx_rbtree_node_t           node;       /* key: id */
    ngx_rbtree_node_t           timer;      /* key: time */
    ngx_queue_t                 queue;
    int64_t                     id;
    ngx_str_t                   name;
    ngx_str_t                   slack_id;   /* as Slack knows the channel;
                                               empty: not known */
    ngx_slack_schedule_workspace_t  *workspace;
    ngx_slack_schedule_endpoint_t  *endpoint;
    ngx_slack_endpoint_t       *conf;       /* the endpoint, as in its
                                               workspace */
    ngx_slack_history_channel_t  *history;  /* NULL: no history */
    ngx_slack_pace_t            pace;       /* the same for all twins */
    ngx_queue_t                 twins;      /* ring of the configured names
                                               that are one channel in Slack */
    ngx_queue_t                 known;      /* in s->known, if slack_id is */
    ngx_uint_t                  failures;   /* in a row */
    int64_t                     single;     /* no coalescing up to this id */
    ngx_uint_t                  postponed;  /* messages not yet due */
    ngx_uint_t                  bypassed;   /* messages postponed since the
                                               last one was sent */
    unsigned                    timed:1;    /* in s->timers */
    unsigned                    queued:1;
    unsigned                    posting:1;  /* counted in in_flight */
    unsigned                    probe:1;
    unsigned                    by_endpoint:1;    /* timed by its endpoint */
    unsigned                    waited:1;   /* messages were held back */
    unsigned                    sleeping:1; /* no message is due */
    unsigned                    joined:1;   /* conversations.join was tried */
    unsigned                    suspended:1;
    unsigned                    paused:1;   /* by an operator */
    int64_t                     paused_since;   /* last pause, wall clock ms */
    int64_t                     paused_until;
    int64_t                     tried;      /* as of an endpoint */
    int64_t                     fresh;      /* a message that gets another
                                               client_msg_id */
    int64_t                     looked;     /* the newest message that has
                                               waited for a look-up */
    int64_t                     look_until; /* until when it may */
    char                        answer[128];    /* last refusal */
    u_char                      id_buf[NGX_SLACK_ID_MAX];
} ngx_slack_channel_t;


/* a channel that was removed lately, by a hash of endpoint and Slack's ID */

#define NGX_SLACK_SCHEDULE_RECENT  256
#define NGX_SLACK_SCHEDULE_KNOWN   1024     /* buckets */

typedef struct {
    uint32_t                    hash;
    ngx_slack_pace_t            pace;
    size_t                      len;
    u_char                      name[80];
} ngx_slack_schedule_recent_t;


/*
 * The workspaces are in the order of the configuration.  "ready" has the
 * channels whose turn it is.
 */

typedef struct {
    ngx_slack_schedule_workspace_t  *workspaces;
    ngx_slack_schedule_endpoint_t  *endpoints;
    ngx_slack_schedule_endpoint_t  **served;        /* by all workspaces */
    ngx_uint_t                  nworkspaces;
    ngx_uint_t                  nendpoints;
    ngx_rbtree_t                channels;
    ngx_rbtree_node_t           channels_sentinel;
    ngx_rbtree_t                timers;
    ngx_rbtree_node_t           timers_sentinel;
    ngx_queue_t                 ready;
    ngx_queue_t                 busy;       /* endpoints for whose pace
                                               channels wait */
    ngx_uint_t                  n;          /* channels */
    ngx_str_t                   twin;       /* of the last identify() */
    ngx_slack_schedule_recent_t  recent[NGX_SLACK_SCHEDULE_RECENT];
    ngx_queue_t                 known[NGX_SLACK_SCHEDULE_KNOWN];
                                            /* channels by Slack's ID */
} ngx_slack_schedule_t;


/*
 * Creates a schedule without channels.  "workspaces" is an array of
 * ngx_slack_workspace_t, which stays the caller's and must live longer.  The
 * caller owns the result and frees it with ngx_slack_schedule_destroy().
 * NULL: no memory, not logged.
 */

ngx_slack_schedule_t *ngx_slack_schedule_create(ngx_array_t *workspaces,
    int64_t now);

void ngx_slack_schedule_destroy(ngx_slack_schedule_t *s);


/*
 * Frees all channels and forgets the state of all endpoints.  As their last
 * posts are not known, they start without a burst.
 */

void ngx_slack_schedule_reset(ngx_slack_schedule_t *s, int64_t now);


/* Finds a workspace by its name; owned by the schedule.  NULL: none. */

ngx_slack_schedule_workspace_t *ngx_slack_schedule_workspace(
    ngx_slack_schedule_t *s, ngx_str_t *name);


/*
 * Finds where posts to a channel go.  NGX_DECLINED: the configuration has no
 * endpoint for it.
 */

ngx_int_t ngx_slack_schedule_target(ngx_slack_schedule_t *s,
    ngx_str_t *workspace, ngx_str_t *channel,
    ngx_slack_schedule_target_t *target);


/*
 * The channel with this id; owned by the schedule.  NULL: the schedule does
 * not hold it.
 */

ngx_slack_channel_t *ngx_slack_schedule_find(ngx_slack_schedule_t *s,
    int64_t id);


/*
 * Adds a channel, without a turn yet; "name" is copied.  The schedule owns the
 * result until ngx_slack_schedule_remove() frees it.  NULL:
 * NGX_SLACK_SCHEDULE_MAX channels or no memory, not logged.
 */

ngx_slack_channel_t *ngx_slack_schedule_add(ngx_slack_schedule_t *s,
    int64_t  id, ngx_slack_schedule_target_t *target, ngx_str_t *name);


/*
 * Sets the ID by which Slack knows the channel, of at most NGX_SLACK_ID_MAX
 * bytes, which are copied.  If another channel of the endpoint has the same
 * ID, or had it lately, both have one pace.  Returns the name of that channel,
 * valid until the next call; NULL: there is none.
 */

ngx_str_t *ngx_slack_schedule_identify(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch, ngx_str_t *id);


/* Remembers the pace of a channel that is removed, for its other names. */

void ngx_slack_schedule_remember(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch);


/* Gives all twins of the channel its pace. */

void ngx_slack_schedule_share(ngx_slack_channel_t *ch);


/* Removes and frees a channel, and ends its turn if it has one. */

void ngx_slack_schedule_remove(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch);


/* Gives the channel its next turn at "when", instead of any other turn. */

void ngx_slack_schedule_at(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch,
    int64_t when);


/*
 * The channel whose turn it is.  The caller has to end the turn with
 * ngx_slack_schedule_ended() and to schedule the next one; until then the
 * channel has none.  NULL: no channel's turn.
 */

ngx_slack_channel_t *ngx_slack_schedule_next(ngx_slack_schedule_t *s,
    int64_t now);

void ngx_slack_schedule_ended(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch);


/* Gives the channel, which waits for its turn, that turn now. */

void ngx_slack_schedule_requeue(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch);


/* The same for the first "n" channels of a queue. */

void ngx_slack_schedule_release(ngx_slack_schedule_t *s, ngx_queue_t *queue,
    ngx_uint_t n);


/* When the next turn is: 0 at once, NGX_SLACK_NEVER if no channel has one. */

int64_t ngx_slack_schedule_due(ngx_slack_schedule_t *s);


/*
 * Marks an endpoint as uncertain, because the outbox remembers "failures"
 * failures of a channel of it.  No effect once it has worked.
 */

void ngx_slack_schedule_uncertain(ngx_slack_schedule_endpoint_t *endpoint,
    ngx_uint_t failures);


/*
 * Suspends an endpoint that Slack refuses: none of its channels has a turn
 * before "until".
 */

void ngx_slack_schedule_suspend(ngx_slack_schedule_endpoint_t *endpoint,
    int64_t until);


/*
 * Holds an endpoint, because Slack wants no post before "until".  Its channels
 * wait in the order of their turns.
 */

void ngx_slack_schedule_hold(ngx_slack_schedule_endpoint_t *endpoint,
    int64_t until);


/* Takes a token of the endpoint for a post that starts at "now". */

void ngx_slack_schedule_take(ngx_slack_schedule_endpoint_t *endpoint,
    int64_t now);


/*
 * Lets a suspended endpoint be probed at once, because an operator asked for
 * it at "tried" (wall clock ms).  No effect if an earlier call had the same
 * time or a later one.
 */

void ngx_slack_schedule_probe(ngx_slack_schedule_endpoint_t *endpoint,
    int64_t tried);


/*
 * Removes and frees a channel that waits for its turn, so that it can be added
 * anew.  Returns 0, and keeps it, while a post of it is in flight or to be
 * settled.
 */

ngx_uint_t ngx_slack_schedule_drop(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch);


/*
 * Notes that the endpoint works.  Returns 1 if it was suspended; then all its
 * channels may have their turn.
 */

ngx_uint_t ngx_slack_schedule_resume(ngx_slack_schedule_t *s,
    ngx_slack_schedule_endpoint_t *endpoint);


#endif /* _NGX_SLACK_SCHEDULE_H_INCLUDED_ */
