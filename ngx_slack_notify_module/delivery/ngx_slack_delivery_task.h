
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to delivery/: the state of the task that tries to lead and, as the
 * leader, delivers.  ngx_slack_delivery_task.c runs the task,
 * ngx_slack_delivery.c wakes and ends it.
 */


#ifndef _NGX_SLACK_DELIVERY_TASK_H_INCLUDED_
#define _NGX_SLACK_DELIVERY_TASK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <ngx_slack_delivery.h>
#include <ngx_slack_dispatcher.h>
#include <ngx_slack_task.h>
#include <ngx_slack_wakeup.h>


/* One per worker that may lead; ngx_slack_delivery.c creates and frees it. */

typedef struct {
    ngx_slack_delivery_conf_t  *conf;
    ngx_slack_dispatcher_t     *dispatcher;
    ngx_slack_task_t            task;
    ngx_event_t                 timer;
    ngx_connection_t            dummy;      /* timer's data, for debug logs */
    ngx_slack_wakeup_t          wakeup;
    ngx_connection_t           *watcher;
    ngx_msec_t                  leaving;    /* ms for the task to end at
                                               exit */
    ngx_log_t                  *log;
} ngx_slack_delivery_t;


/*
 * Posts the task to the thread pool, unless the worker is ending and has no
 * post in flight.  If the task cannot be posted, a timer tries again.  In the
 * event loop.
 */

void ngx_slack_delivery_start(ngx_slack_delivery_t *dl);


/* The handler of dl->timer; starts the task.  In the event loop. */

void ngx_slack_delivery_tick(ngx_event_t *ev);


/*
 * ngx_slack_delivery_task() is the task and runs in a pool thread;
 * ngx_slack_delivery_done() runs in the event loop after the task has ended.
 * "data" is the ngx_slack_delivery_t.
 */

void ngx_slack_delivery_task(void *data);
void ngx_slack_delivery_done(void *data);


/*
 * Gives up the leadership, if this process has it, and shows on the status
 * page that it has none.  Any thread, but not while another thread is in
 * ngx_slack_dispatcher_lead().
 */

void ngx_slack_delivery_resign(ngx_slack_delivery_t *dl);


#endif /* _NGX_SLACK_DELIVERY_TASK_H_INCLUDED_ */
