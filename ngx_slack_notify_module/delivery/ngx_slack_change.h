
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * One change: its request and its outcome.  All functions run in the
 * dispatcher's pool thread.
 */


#ifndef _NGX_SLACK_CHANGE_H_INCLUDED_
#define _NGX_SLACK_CHANGE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_post.h>


/* Times are monotonic ms unless marked as wall clock. */

struct ngx_slack_change_s {
    ngx_rbtree_node_t           node;       /* key: id of the thread */
    ngx_rbtree_node_t           timer;      /* key: time */
    ngx_queue_t                 queue;      /* in endpoint->changes */
    int64_t                     thread;
    ngx_slack_schedule_target_t  target;    /* endpoint NULL: nothing there
                                               can change messages */
    ngx_slack_history_channel_t  *history;  /* NULL: no history */
    int64_t                     when;       /* its turn */
    int64_t                     retry;      /* no attempt before */
    ngx_uint_t                  failures;   /* in a row */
    int64_t                     paused_since;   /* of the channel, wall clock
                                                   ms */
    int64_t                     paused_until;
    unsigned                    timed:1;
    unsigned                    queued:1;
    unsigned                    posting:1;
    unsigned                    again:1;    /* a newer one came meanwhile, or
                                               this one has to be tried
                                               again */
    unsigned                    final:1;    /* need not settle down */
    ngx_str_t                   channel;    /* its name, for the log */
};


/*
 * Takes the turn of a change: starts its request, or settles it without one,
 * if it is too old or if nothing can change messages there any more.  NGX_OK:
 * it is in flight until "settled" is called; NGX_AGAIN: try again at
 * change->when; NGX_DONE: no change of this thread waits.
 */

ngx_int_t ngx_slack_change_start(ngx_slack_dispatcher_t *d,
    ngx_slack_change_t *change, ngx_slack_post_settled_pt settled);


#endif /* _NGX_SLACK_CHANGE_H_INCLUDED_ */
