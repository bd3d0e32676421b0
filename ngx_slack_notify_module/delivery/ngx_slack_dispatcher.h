
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The dispatcher: reads due messages from the outbox, has them sent, and
 * settles the outcomes.  One dispatcher per worker; it delivers only while
 * this process is the leader.
 */


#ifndef _NGX_SLACK_DISPATCHER_H_INCLUDED_
#define _NGX_SLACK_DISPATCHER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_counters.h>
#include <ngx_slack_history.h>
#include <ngx_slack_outbox.h>
#include <ngx_slack_task.h>
#include <ngx_slack_tokens.h>
#include <ngx_slack_wakeup.h>
#include <ngx_slack_workspace.h>


/*
 * True once the worker was told to end.  Loops that wait poll it.  Any thread.
 */

#define ngx_slack_stopping()  (ngx_exiting || ngx_terminate || ngx_quit)


typedef struct ngx_slack_dispatcher_s  ngx_slack_dispatcher_t;


/*
 * All that the pointers refer to belongs to the caller and must live longer
 * than the dispatcher.
 */

typedef struct {
    ngx_slack_outbox_conf_t    *outbox;
    ngx_array_t                *workspaces; /* ngx_slack_workspace_t */
    ngx_slack_counters_t       *counters;
    ngx_slack_history_t        *history;    /* may be NULL */
    ngx_slack_tokens_t         *tokens;     /* may be NULL */
    ngx_slack_wakeup_t         *wakeup;
    ngx_slack_task_t           *task;       /* the task that calls _run() */
    ngx_msec_t                  grace;      /* for posts to finish when the
                                               worker ends */
    ngx_log_t                  *log;        /* for pool threads */
} ngx_slack_dispatcher_conf_t;


/*
 * Creates a dispatcher; "conf" itself is copied.  The caller owns the result
 * and destroys it, with all posts that are left, by
 * ngx_slack_dispatcher_destroy().  Both in the event loop while no task runs.
 * NULL: no memory or no descriptors, logged.
 */

ngx_slack_dispatcher_t *ngx_slack_dispatcher_create(
    ngx_slack_dispatcher_conf_t *conf);

void ngx_slack_dispatcher_destroy(ngx_slack_dispatcher_t *d);


/*
 * Becomes the leader, or renews the leadership.  In a pool thread.
 *
 * NGX_OK        this process is the leader, also if the outbox failed when
 *               the leadership was to be renewed
 * NGX_DECLINED  another process is, and no post of this one is in flight
 * NGX_ERROR     the outbox failed, logged; this process is not the leader
 */

ngx_int_t ngx_slack_dispatcher_lead(ngx_slack_dispatcher_t *d);


/*
 * ngx_slack_dispatcher_leads() tells whether this process is the leader.
 * ngx_slack_dispatcher_resign() gives the leadership up, and has no effect
 * without it.  In the task, or in the event loop while no task runs.
 */

ngx_uint_t ngx_slack_dispatcher_leads(ngx_slack_dispatcher_t *d);
void ngx_slack_dispatcher_resign(ngx_slack_dispatcher_t *d);


/*
 * Delivers what is due until nothing is due soon, another task wants the
 * thread, or the worker must end.  In a pool thread, and only as the leader.
 * Errors are logged.
 *
 * NGX_OK        run again at ngx_slack_dispatcher_next(), or at once if posts
 *               are in flight, see ngx_slack_dispatcher_busy()
 * NGX_DONE      the worker must end and no post is in flight; the caller
 *               has to resign
 * NGX_DECLINED  the term is over, or this version of the module does not
 *               know the outbox's schema; the caller has to resign
 */

ngx_int_t ngx_slack_dispatcher_run(ngx_slack_dispatcher_t *d);


/*
 * Called instead of ngx_slack_dispatcher_run() while another process leads:
 * warns of messages that the leader cannot deliver, and closes idle
 * connections.  In a pool thread.
 */

void ngx_slack_dispatcher_rest(ngx_slack_dispatcher_t *d);


/*
 * When the next run is due, in monotonic milliseconds; NGX_SLACK_NEVER if
 * nothing waits.  In the task, or in the event loop while no task runs.
 */

int64_t ngx_slack_dispatcher_next(ngx_slack_dispatcher_t *d);


/*
 * Ends the current wait of a run for Slack's answers, so that it checks for
 * wake-ups and for the worker's end.  Any thread.
 */

void ngx_slack_dispatcher_poke(ngx_slack_dispatcher_t *d);


/*
 * Whether posts are in flight, for which another run must wait.  In the task,
 * or in the event loop while no task runs.
 */

ngx_uint_t ngx_slack_dispatcher_busy(ngx_slack_dispatcher_t *d);


#endif /* _NGX_SLACK_DISPATCHER_H_INCLUDED_ */
