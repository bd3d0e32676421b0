
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A task of a thread pool: posting, completion, and the timer that belongs to
 * it.
 *
 * Timers keep an exiting worker in its event loop; running tasks do not.
 * Without a timer, a worker that was told to quit would leave the loop, join
 * its threads and exit without calling the completion handler of any task.  So
 * while the task of a request runs, a timer set here keeps the worker, and the
 * request is answered.
 *
 * The lender: delivery may occupy its thread for as long as Slack does not
 * answer.  If another task was posted and has not begun after a few
 * milliseconds, the pool has no free thread, and the lender is asked to give
 * back its own.  Threads are not counted, as nginx does not tell how many a
 * pool has.
 *
 * All functions are called in the event loop, unless said otherwise.
 */


#ifndef _NGX_SLACK_TASK_H_INCLUDED_
#define _NGX_SLACK_TASK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_thread_pool.h>


typedef void (*ngx_slack_task_pt)(void *data);


/*
 * Owned by the caller, who zeroes it, sets the first members, calls
 * ngx_slack_task_init(), and keeps it until "done" was called.  After that the
 * task may be posted again, also by "done".
 */

typedef struct {
    ngx_thread_pool_t          *pool;
    ngx_slack_task_pt           run;        /* called in a pool thread */
    ngx_slack_task_pt           done;       /* called in the event loop after
                                               "run" has returned */
    void                       *data;       /* argument of both */
    const char                 *slow;       /* logged for every minute that the
                                               task takes; NULL: no timer keeps
                                               the worker for this task */
    ngx_log_t                  *log;        /* used in the event loop */

    /* private */
    ngx_thread_task_t           task;
    ngx_connection_t            connection; /* nginx's debug log takes the
                                               data of every event for a
                                               connection */
    ngx_atomic_t                begun;
    ngx_atomic_t                wanted;     /* 1: other tasks want the lender's
                                               thread */
    unsigned                    posted:1;   /* "done" was not called yet */
    unsigned                    asks:1;     /* ask the lender if the task
                                               has not begun when the timer
                                               expires */
} ngx_slack_task_t;


/* Sets the private members; call it once, before any other function. */

void ngx_slack_task_init(ngx_slack_task_t *task);


/*
 * Posts a task.  NGX_OK: "run" and "done" will be called once each, "done" not
 * within this call, and not at all if the worker exits first.  NGX_ERROR:
 * neither is called and no timer is set; nginx has logged the cause.
 */

ngx_int_t ngx_slack_task_post(ngx_slack_task_t *task);


/* Sets a timer that keeps the worker for a task that will be posted soon. */

void ngx_slack_task_expect(ngx_slack_task_t *task);


/* Keeps the worker until the task ends, for at most "time" milliseconds. */

void ngx_slack_task_keep(ngx_slack_task_t *task, ngx_msec_t time);


/* Removes the timer; call it before the memory of the task is freed. */

void ngx_slack_task_close(ngx_slack_task_t *task);


/*
 * Makes "task" the lender; NULL: there is none any more.  "give" is called
 * with task->data when ngx_slack_task_wanted() becomes true.
 */

void ngx_slack_task_lender(ngx_slack_task_t *task, ngx_slack_task_pt give);


/*
 * Returns 1 if another task waits for the thread of this lender.  The lender
 * should then return soon; it may be posted again, behind the other task.  Any
 * thread.
 */

ngx_uint_t ngx_slack_task_wanted(ngx_slack_task_t *task);


#endif /* _NGX_SLACK_TASK_H_INCLUDED_ */
