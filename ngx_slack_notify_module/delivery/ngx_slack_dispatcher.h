
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The dispatcher: from the outbox to Slack.
 */


#ifndef _NGX_SLACK_DISPATCHER_H_INCLUDED_
#define _NGX_SLACK_DISPATCHER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_counters.h>
#include <ngx_slack_history.h>
#include <ngx_slack_outbox.h>
#include <ngx_slack_workspace.h>


/* a worker that must end ends its waits */

#define ngx_slack_stopping()  (ngx_exiting || ngx_terminate || ngx_quit)


typedef struct ngx_slack_dispatcher_s  ngx_slack_dispatcher_t;


/*
 * In the event loop, before and after all tasks.  What is passed belongs to
 * the caller, "workspaces" are ngx_slack_workspace_t, the history may be NULL.
 * "grace": for how many ms posts may finish when the worker has to end.
 * NULL: no memory or no descriptors, logged.
 */

ngx_slack_dispatcher_t *ngx_slack_dispatcher_create(
    ngx_slack_outbox_conf_t *outbox, ngx_array_t *workspaces,
    ngx_slack_counters_t *counters, ngx_slack_history_t *history,
    ngx_msec_t grace, ngx_log_t *log);

void ngx_slack_dispatcher_destroy(ngx_slack_dispatcher_t *d);


/*
 * In a pool thread: becomes the leader, or goes on to be it.  NGX_OK: it is;
 * NGX_DECLINED: another process is, and no post of this one is in flight;
 * NGX_ERROR: it cannot be, logged.
 */

ngx_int_t ngx_slack_dispatcher_lead(ngx_slack_dispatcher_t *d);


/* while no task runs, or in it: is it the leader?  It is one no longer */

ngx_uint_t ngx_slack_dispatcher_leads(ngx_slack_dispatcher_t *d);
void ngx_slack_dispatcher_resign(ngx_slack_dispatcher_t *d);


/*
 * In a pool thread, by the leader: delivers what is due, until nothing is due
 * soon or the worker must end.  NGX_OK: the next run is due at
 * ngx_slack_dispatcher_next(); NGX_DONE: the worker must end, nothing is on
 * its way to Slack any more, and the caller has to resign; NGX_DECLINED: the
 * term is over, or this version of the module does not know the form of the
 * outbox: the caller has to resign, let another one lead.
 */

ngx_int_t ngx_slack_dispatcher_run(ngx_slack_dispatcher_t *d);


/* in a pool thread, instead of a run, while another one leads */

void ngx_slack_dispatcher_rest(ngx_slack_dispatcher_t *d);


/* after a run: when the next one is due, monotonic ms; NGX_SLACK_NEVER */

int64_t ngx_slack_dispatcher_next(ngx_slack_dispatcher_t *d);


/* there are new messages: noticed by this run or the next; any thread */

void ngx_slack_dispatcher_wake(ngx_slack_dispatcher_t *d);


/*
 * Is a look worth its while, or has the last one found nothing to do a moment
 * ago?  In that case it can wait so many ms; any thread.
 */

ngx_msec_t ngx_slack_dispatcher_calm(ngx_slack_dispatcher_t *d);


/*
 * In the event loop: others need the thread of the run, which returns soon,
 * though posts are in flight; and before the next run: this one may keep it
 */

void ngx_slack_dispatcher_give(ngx_slack_dispatcher_t *d);
void ngx_slack_dispatcher_keep(ngx_slack_dispatcher_t *d);


/* after a run: are posts in flight, for which another run must wait? */

ngx_uint_t ngx_slack_dispatcher_busy(ngx_slack_dispatcher_t *d);


/* was it woken since the last run looked? */

ngx_uint_t ngx_slack_dispatcher_woken(ngx_slack_dispatcher_t *d);


#endif /* _NGX_SLACK_DISPATCHER_H_INCLUDED_ */
