
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A task of a thread pool (see the header).  Knows only nginx's events and
 * thread pools.  Runs in the event loop, except for functions that are marked
 * otherwise.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_task.h>


#define NGX_SLACK_TASK_LONG   60000         /* ms until a task is logged as
                                               slow */
#define NGX_SLACK_TASK_BEGIN  5             /* ms until the lender is asked */


static void ngx_slack_task_thread(void *data, ngx_log_t *log);
static void ngx_slack_task_event(ngx_event_t *ev);
static void ngx_slack_task_timeout(ngx_slack_task_t *task);


static ngx_slack_task_t   *ngx_slack_task_lends;
static ngx_slack_task_pt   ngx_slack_task_give;


void
ngx_slack_task_init(ngx_slack_task_t *task)
{
    task->connection.fd = (ngx_socket_t) -1;
    task->connection.data = task;

    task->task.ctx = task;
    task->task.handler = ngx_slack_task_thread;
    task->task.event.handler = ngx_slack_task_event;
    task->task.event.data = &task->connection;
    task->task.event.log = task->log;
}


ngx_int_t
ngx_slack_task_post(ngx_slack_task_t *task)
{
    ngx_slack_task_t  *lender;

    task->begun = 0;
    task->wanted = 0;

    if (ngx_thread_task_post(task->pool, &task->task) != NGX_OK) {
        ngx_slack_task_close(task);
        return NGX_ERROR;
    }

    task->posted = 1;

    lender = ngx_slack_task_lends;

    task->asks = (lender && lender != task && lender->posted);

    if (task->asks) {
        ngx_slack_task_keep(task, NGX_SLACK_TASK_BEGIN);

    } else if (task->slow) {
        ngx_slack_task_keep(task, NGX_SLACK_TASK_LONG);
    }

    return NGX_OK;
}


void
ngx_slack_task_expect(ngx_slack_task_t *task)
{
    if (!task->task.event.timer_set) {
        ngx_add_timer(&task->task.event, NGX_SLACK_TASK_LONG);
    }
}


void
ngx_slack_task_keep(ngx_slack_task_t *task, ngx_msec_t time)
{
    ngx_add_timer(&task->task.event, time);
}


void
ngx_slack_task_close(ngx_slack_task_t *task)
{
    if (task->task.event.timer_set) {
        ngx_del_timer(&task->task.event);
    }
}


void
ngx_slack_task_lender(ngx_slack_task_t *task, ngx_slack_task_pt give)
{
    ngx_slack_task_lends = task;
    ngx_slack_task_give = give;
}


/* any thread */

ngx_uint_t
ngx_slack_task_wanted(ngx_slack_task_t *task)
{
    return ngx_atomic_fetch_add(&task->wanted, 0) != 0;
}


/* executed in a pool thread */

static void
ngx_slack_task_thread(void *data, ngx_log_t *log)
{
    ngx_slack_task_t *task = data;

    (void) ngx_atomic_cmp_set(&task->begun, 0, 1);

    task->run(task->data);
}


/* called when the task has ended or its timer has expired */

static void
ngx_slack_task_event(ngx_event_t *ev)
{
    ngx_connection_t  *c;
    ngx_slack_task_t  *task;

    c = ev->data;
    task = c->data;

    if (ev->timedout) {
        ev->timedout = 0;
        ngx_slack_task_timeout(task);
        return;
    }

    ngx_slack_task_close(task);

    task->posted = 0;

    task->done(task->data);
}


static void
ngx_slack_task_timeout(ngx_slack_task_t *task)
{
    ngx_slack_task_t  *lender;

    if (task->asks) {

        /* this is the timer set by ngx_slack_task_post() */

        task->asks = 0;

        lender = ngx_slack_task_lends;

        if (lender && lender->posted
            && ngx_atomic_fetch_add(&task->begun, 0) == 0)
        {
            (void) ngx_atomic_cmp_set(&lender->wanted, 0, 1);

            ngx_slack_task_give(lender->data);
        }

    } else if (task->slow) {
        ngx_log_error(NGX_LOG_ALERT, task->log, 0, "%s", task->slow);
    }

    if (task->slow) {
        ngx_slack_task_keep(task, NGX_SLACK_TASK_LONG);
    }
}
