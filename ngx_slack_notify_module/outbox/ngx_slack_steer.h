
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Actions of operators on an outbox: replaying or dropping dead letters,
 * pausing and resuming channels and workspaces.  Plain data, used in pool
 * threads.
 */


#ifndef _NGX_SLACK_STEER_H_INCLUDED_
#define _NGX_SLACK_STEER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    /*
     * For dead letters.  A replayed message waits like a new one, in its old
     * place in the channel; a state of a thread as its change, or as the root
     * if the thread has none, but one that is not the newest any more has then
     * the fate of a sent message, with the answer "superseded".  With "to" it
     * goes to that channel of its workspace, and to no thread.  Those that
     * have no channel (NGX_SLACK_OUTBOX_NOWHERE) are replayed only so.  A
     * dropped message is kept as long as a sent one, without its envelope and
     * body.
     */
    NGX_SLACK_STEER_REPLAY = 0,
    NGX_SLACK_STEER_DROP,

    /*
     * For a scope.  A channel of a paused workspace is paused.  Resuming a
     * workspace does not resume channels that were paused individually.
     */
    NGX_SLACK_STEER_PAUSE,
    NGX_SLACK_STEER_RESUME,

    /* for a scope: retry what Slack has refused; RESUME does this, too */
    NGX_SLACK_STEER_NUDGE,

    /*
     * Forgets threads: those with the ids of "ids", those of a scope, or all.
     * The next message of an object begins a new thread.  What waits for a
     * forgotten thread is sent: replies and changes as new roots; a root that
     * waits stays one.
     */
    NGX_SLACK_STEER_FORGET
} ngx_slack_steer_e;


/* a workspace, or one of its channels */

typedef struct {
    ngx_str_t                   workspace;
    ngx_str_t                   channel;
    unsigned                    whole:1;     /* all channels */
} ngx_slack_scope_t;


typedef struct {
    ngx_slack_steer_e           action;

    /*
     * Dead letters are selected by id, by scope, or all; so are threads, by
     * their own ids.  Other actions use only the scope, which they require.
     * The caller owns all that is pointed to.
     */
    int64_t                    *ids;         /* ascending; NULL: not by id */
    ngx_uint_t                  n;
    ngx_slack_scope_t          *scope;       /* NULL: all */
    ngx_str_t                   to;          /* only for REPLAY: the channel;
                                                empty: their own */
    unsigned                    waiting:1;   /* only for DROP by id: include
                                                waiting messages */

    /* results */
    ngx_uint_t                  count;       /* dead letters (and waiting
                                                messages) changed, or threads
                                                forgotten, also after an
                                                error */
    ngx_uint_t                  paused;      /* 1: the scope is paused after
                                                the action */
} ngx_slack_steer_t;


#endif /* _NGX_SLACK_STEER_H_INCLUDED_ */
