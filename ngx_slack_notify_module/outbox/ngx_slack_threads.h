
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The threads that this worker holds: one of delivery as long as posts are on
 * their way to Slack, one of a commit, one of what an operator asks.  Where
 * the pool has fewer, delivery gives its thread back when another task waits,
 * and asks for it anew: it goes on where it was.  In the event loop only.
 */


#ifndef _NGX_SLACK_THREADS_H_INCLUDED_
#define _NGX_SLACK_THREADS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_thread_pool.h>


#define NGX_SLACK_THREADS  3


typedef struct {
    ngx_uint_t                  total;       /* of the pool; 0: not known, they
                                                are taken to be enough */
    ngx_uint_t                  held;        /* by tasks that run or wait */

    /* a task waits for a thread; NULL: nobody has one to give */
    void                      (*wanted)(void);
} ngx_slack_threads_t;


/* as ngx_thread_task_post() */

static ngx_inline ngx_int_t
ngx_slack_threads_post(ngx_slack_threads_t *threads, ngx_thread_pool_t *pool,
    ngx_thread_task_t *task)
{
    if (ngx_thread_task_post(pool, task) != NGX_OK) {
        return NGX_ERROR;
    }

    threads->held++;

    if (threads->total && threads->held > threads->total && threads->wanted) {
        threads->wanted();
    }

    return NGX_OK;
}


/* a task that was posted has ended */

static ngx_inline void
ngx_slack_threads_done(ngx_slack_threads_t *threads)
{
    threads->held--;
}


#endif /* _NGX_SLACK_THREADS_H_INCLUDED_ */
