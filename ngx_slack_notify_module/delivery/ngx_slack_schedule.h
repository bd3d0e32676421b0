
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Which channel's turn it is.  Holds a channel only while it has waiting
 * messages.  All times are monotonic milliseconds.  Used by one thread at a
 * time.
 */


#ifndef _NGX_SLACK_SCHEDULE_H_INCLUDED_
#define _NGX_SLACK_SCHEDULE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_history.h>
#include <ngx_slack_pace.h>
#include <ngx_slack_workspace.h>


#define NGX_SLACK_SCHEDULE_MAX         10000    /* channels in memory */
#define NGX_SLACK_WORKSPACE_POSTS_MAX  64       /* in flight */
#define NGX_SLACK_NEVER                INT64_MAX


/* a workspace: one that does not answer must not take all there is */

typedef struct {
    ngx_slack_workspace_t      *conf;
    ngx_uint_t                  in_flight;
    ngx_queue_t                 held;       /* wait for one to end */

    /* log lines in this window, and those left out */
    int64_t                     log_from;
    ngx_uint_t                  log_lines;
    ngx_uint_t                  log_more;
} ngx_slack_schedule_workspace_t;


/*
 * An endpoint.  One that Slack refuses is suspended for all its channels
 * together and then probed by one channel at a time.  So is one that is
 * uncertain: its last posts failed before this process became the leader.
 */

typedef struct {
    ngx_slack_endpoint_t       *conf;
    ngx_slack_schedule_workspace_t  *workspace;
    ngx_uint_t                  failures;
    int64_t                     until;
    int64_t                     tried;      /* the last try an operator asked
                                               for, wall clock */
    ngx_queue_t                 held;       /* wait for the probe */
    unsigned                    suspended:1;
    unsigned                    uncertain:1;
    unsigned                    proven:1;   /* it worked once */
    unsigned                    probing:1;
} ngx_slack_schedule_endpoint_t;


typedef struct {
    ngx_rbtree_node_t           node;       /* key: id */
    ngx_rbtree_node_t           timer;      /* key: time */
    ngx_queue_t                 queue;
    int64_t                     id;
    ngx_str_t                   name;
    ngx_slack_schedule_endpoint_t  *endpoint;
    ngx_slack_history_channel_t  *history;  /* may be NULL */
    ngx_slack_pace_t            pace;
    ngx_uint_t                  failures;   /* in a row */
    int64_t                     single;     /* up to this id: alone */
    ngx_uint_t                  postponed;  /* messages not yet due */
    ngx_uint_t                  bypassed;   /* messages, nothing sent since */
    unsigned                    timed:1;    /* in the tree of timers */
    unsigned                    queued:1;
    unsigned                    posting:1;  /* counted by its workspace */
    unsigned                    probe:1;
    unsigned                    by_endpoint:1;    /* timed by its endpoint */
    unsigned                    waited:1;   /* its messages were held back */
    unsigned                    sleeping:1; /* none of them is due */
    unsigned                    suspended:1;
    unsigned                    paused:1;   /* by an operator */
    int64_t                     paused_since;   /* the last time, wall clock */
    int64_t                     paused_until;
    int64_t                     tried;      /* as above */
    char                        answer[128];    /* last refusal */
} ngx_slack_channel_t;


typedef struct {
    ngx_slack_schedule_workspace_t  *workspaces;
    ngx_slack_schedule_endpoint_t  *endpoints;
    ngx_uint_t                  nworkspaces;
    ngx_uint_t                  nendpoints;
    ngx_rbtree_t                channels;
    ngx_rbtree_node_t           channels_sentinel;
    ngx_rbtree_t                timers;
    ngx_rbtree_node_t           timers_sentinel;
    ngx_queue_t                 ready;
    ngx_uint_t                  n;          /* channels */
} ngx_slack_schedule_t;


/* "workspaces" are ngx_slack_workspace_t; NULL: no memory */

ngx_slack_schedule_t *ngx_slack_schedule_create(ngx_array_t *workspaces);

void ngx_slack_schedule_destroy(ngx_slack_schedule_t *s);


/* forgets all channels, and what is known of endpoints */

void ngx_slack_schedule_reset(ngx_slack_schedule_t *s);


/* the endpoint of a workspace's channel, NULL: not in the configuration */

ngx_slack_schedule_endpoint_t *ngx_slack_schedule_endpoint(
    ngx_slack_schedule_t *s, ngx_str_t *workspace, ngx_str_t *channel);


ngx_slack_channel_t *ngx_slack_schedule_find(ngx_slack_schedule_t *s,
    int64_t id);


/* a new one, not timed yet; NULL: too many, or no memory */

ngx_slack_channel_t *ngx_slack_schedule_add(ngx_slack_schedule_t *s,
    int64_t  id, ngx_slack_schedule_endpoint_t *endpoint, ngx_str_t *name);

void ngx_slack_schedule_remove(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch);


/* its turn comes at "when" */

void ngx_slack_schedule_at(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch,
    int64_t when);


/*
 * The channel whose turn it is, which has no other turn until
 * ngx_slack_schedule_ended(); NULL: none
 */

ngx_slack_channel_t *ngx_slack_schedule_next(ngx_slack_schedule_t *s,
    int64_t now);

void ngx_slack_schedule_ended(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch);


/* when the next turn is; NGX_SLACK_NEVER: none */

int64_t ngx_slack_schedule_due(ngx_slack_schedule_t *s);


/* the outbox remembers failures of a channel of the endpoint */

void ngx_slack_schedule_uncertain(ngx_slack_schedule_endpoint_t *endpoint,
    ngx_uint_t failures);


/* Slack refused the endpoint: none of its channels has a turn before */

void ngx_slack_schedule_suspend(ngx_slack_schedule_endpoint_t *endpoint,
    int64_t until);


/* probes a suspended endpoint at once, as an operator asked at that time */

void ngx_slack_schedule_probe(ngx_slack_schedule_endpoint_t *endpoint,
    int64_t tried);


/*
 * Forgets a channel that waits for its turn, so that it can be taken up anew;
 * 0: it does not, something is in flight or to be settled
 */

ngx_uint_t ngx_slack_schedule_drop(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch);


/* the endpoint works; returns 1 if it was suspended */

ngx_uint_t ngx_slack_schedule_resume(ngx_slack_schedule_t *s,
    ngx_slack_schedule_endpoint_t *endpoint);


#endif /* _NGX_SLACK_SCHEDULE_H_INCLUDED_ */
