
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The task of a worker that delivers if the worker leads, between two files:
 * ngx_slack_delivery_task.c runs it, ngx_slack_delivery.c wakes and ends it.
 */


#ifndef _NGX_SLACK_DELIVERY_TASK_H_INCLUDED_
#define _NGX_SLACK_DELIVERY_TASK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <ngx_slack_delivery.h>
#include <ngx_slack_dispatcher.h>


typedef struct {
    ngx_slack_delivery_conf_t  *conf;
    ngx_slack_dispatcher_t     *dispatcher;
    ngx_thread_task_t           task;
    ngx_event_t                 timer;
    ngx_event_t                 calm;       /* the next look */
    ngx_event_t                 leaving;    /* while the task ends */
    ngx_connection_t            dummy;      /* of timers, for debug logs */
    ngx_connection_t           *wakeup;
    ngx_connection_t           *watcher;
    ngx_msec_t                  grace;      /* for posts at the end */
    ngx_log_t                  *log;
    ngx_uint_t                  running;    /* the task; the event loop's */
} ngx_slack_delivery_t;


/* in the event loop: posts the task, unless the worker ends and has no post */

void ngx_slack_delivery_start(ngx_slack_delivery_t *dl);


/* in the event loop: the timer's handler, which starts the task */

void ngx_slack_delivery_tick(ngx_event_t *ev);


/* in a pool thread, the task itself; in the event loop, when it has ended */

void ngx_slack_delivery_task(void *data, ngx_log_t *log);
void ngx_slack_delivery_done(ngx_event_t *ev);


/* any thread, but not while another one tries to lead */

void ngx_slack_delivery_resign(ngx_slack_delivery_t *dl);


#endif /* _NGX_SLACK_DELIVERY_TASK_H_INCLUDED_ */
