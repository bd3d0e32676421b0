
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A task of a thread pool: posting, the end, and the timer that goes with it.
 *
 * A running task does not keep nginx in its event loop, timers do.  A worker
 * that was told to quit would leave the loop, wait for its threads and exit
 * without calling the completion of any task.  While a task of a request runs,
 * a timer of this file's keeps the worker, so the request is answered.
 *
 * The lender: delivery may hold its thread for as long as Slack does not
 * answer.  When another task was posted and has not begun after a few
 * milliseconds, the pool has no thread to spare, and the lender is asked to
 * give its own back.  nginx does not tell how many threads a pool has, so none
 * are counted.
 *
 * All functions are called in the event loop, but for the one that says
 * otherwise.
 */


#ifndef _NGX_SLACK_TASK_H_INCLUDED_
#define _NGX_SLACK_TASK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_thread_pool.h>


typedef void (*ngx_slack_task_pt)(void *data);


/*
 * The caller's, zeroed, with the first members set, and kept until "done" was
 * called.  A task may be posted again after that, also by "done" itself.
 */

typedef struct {
    ngx_thread_pool_t          *pool;
    ngx_slack_task_pt           run;        /* in a pool thread */
    ngx_slack_task_pt           done;       /* in the event loop, when "run"
                                               has returned */
    void                       *data;       /* of both */
    const char                 *slow;       /* logged for each minute that the
                                               task takes; NULL: no timer keeps
                                               the worker for this task */
    ngx_log_t                  *log;        /* of the event loop */

    /* private */
    ngx_thread_task_t           task;
    ngx_connection_t            connection; /* debug logging takes the data of
                                               any event for a connection */
    ngx_atomic_t                begun;
    ngx_atomic_t                wanted;     /* a lender's thread, by others */
    unsigned                    posted:1;   /* "done" has not been called */
    unsigned                    asks:1;     /* the lender, if it has not begun
                                               when the timer expires */
} ngx_slack_task_t;


/*
 * NGX_OK: "run" and "done" will be called once each, "done" not from within.
 * It is not called when the worker exits first.  NGX_ERROR: nothing will be
 * called, no timer is left; nginx has logged why
 */

ngx_int_t ngx_slack_task_post(ngx_slack_task_t *task);


/* keeps the worker for a task that will be posted soon */

void ngx_slack_task_expect(ngx_slack_task_t *task);


/* keeps the worker until the task ends, for at most "time" milliseconds */

void ngx_slack_task_keep(ngx_slack_task_t *task, ngx_msec_t time);


/* removes the timer, before the memory of the task is freed */

void ngx_slack_task_close(ngx_slack_task_t *task);


/*
 * "task" is the lender from now on, NULL: there is none.  "give" is called
 * with its data when ngx_slack_task_wanted() has become true
 */

void ngx_slack_task_lender(ngx_slack_task_t *task, ngx_slack_task_pt give);


/*
 * Does another task wait for the thread of this lender?  It should return
 * soon, and may be posted again, behind the other.  Any thread
 */

ngx_uint_t ngx_slack_task_wanted(ngx_slack_task_t *task);


#endif /* _NGX_SLACK_TASK_H_INCLUDED_ */
