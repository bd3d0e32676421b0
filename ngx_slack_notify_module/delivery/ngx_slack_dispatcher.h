
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The dispatcher: reads due messages from the outbox, has them sent, and
 * settles the outcomes.
 */


#ifndef _NGX_SLACK_DISPATCHER_H_INCLUDED_
#define _NGX_SLACK_DISPATCHER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_counters.h>
#include <ngx_slack_history.h>
#include <ngx_slack_outbox.h>
#include <ngx_slack_task.h>
#include <ngx_slack_wakeup.h>
#include <ngx_slack_workspace.h>


/* a worker that must end ends its waits */

#define ngx_slack_stopping()  (ngx_exiting || ngx_terminate || ngx_quit)


typedef struct ngx_slack_dispatcher_s  ngx_slack_dispatcher_t;


/* what is pointed to belongs to the caller and lives longer */

typedef struct {
    ngx_slack_outbox_conf_t    *outbox;
    ngx_array_t                *workspaces; /* ngx_slack_workspace_t */
    ngx_slack_counters_t       *counters;
    ngx_slack_history_t        *history;    /* may be NULL */
    ngx_slack_wakeup_t         *wakeup;
    ngx_slack_task_t           *task;       /* in which the runs are */
    ngx_msec_t                  grace;      /* for how long posts may finish
                                               when the worker has to end */
    ngx_log_t                  *log;        /* of pool threads */
} ngx_slack_dispatcher_conf_t;


/*
 * In the event loop, before and after all tasks.  The structure is copied.
 * NULL: no memory or no descriptors, logged
 */

ngx_slack_dispatcher_t *ngx_slack_dispatcher_create(
    ngx_slack_dispatcher_conf_t *conf);

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
 * soon, another task wants the thread, or the worker must end.
 *
 * NGX_OK        the next run is due at ngx_slack_dispatcher_next(), at once if
 *               posts are in flight, see ngx_slack_dispatcher_busy()
 * NGX_DONE      the worker must end, no post is in flight, the caller has to
 *               resign
 * NGX_DECLINED  the term is over, or this version of the module does not know
 *               the form of the outbox, the caller has to resign
 */

ngx_int_t ngx_slack_dispatcher_run(ngx_slack_dispatcher_t *d);


/* in a pool thread, instead of a run, while another one leads */

void ngx_slack_dispatcher_rest(ngx_slack_dispatcher_t *d);


/* after a run: when the next one is due, monotonic ms; NGX_SLACK_NEVER */

int64_t ngx_slack_dispatcher_next(ngx_slack_dispatcher_t *d);


/* ends the wait of a run, which looks whether it was woken; any thread */

void ngx_slack_dispatcher_poke(ngx_slack_dispatcher_t *d);


/* after a run: are posts in flight, for which another run must wait? */

ngx_uint_t ngx_slack_dispatcher_busy(ngx_slack_dispatcher_t *d);


#endif /* _NGX_SLACK_DISPATCHER_H_INCLUDED_ */
