
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
#include <ngx_slack_task.h>
#include <ngx_slack_wakeup.h>


typedef struct {
    ngx_slack_delivery_conf_t  *conf;
    ngx_slack_dispatcher_t     *dispatcher;
    ngx_slack_task_t            task;
    ngx_event_t                 timer;
    ngx_connection_t            dummy;      /* of timers, for debug logs */
    ngx_slack_wakeup_t          wakeup;
    ngx_connection_t           *watcher;
    ngx_msec_t                  leaving;    /* for the task at the end */
    ngx_log_t                  *log;
} ngx_slack_delivery_t;


/* in the event loop: posts the task, unless the worker ends and has no post */

void ngx_slack_delivery_start(ngx_slack_delivery_t *dl);


/* in the event loop: the timer's handler, which starts the task */

void ngx_slack_delivery_tick(ngx_event_t *ev);


/* in a pool thread, the task itself; in the event loop, when it has ended */

void ngx_slack_delivery_task(void *data);
void ngx_slack_delivery_done(void *data);


/* any thread, but not while another one tries to lead */

void ngx_slack_delivery_resign(ngx_slack_delivery_t *dl);


#endif /* _NGX_SLACK_DELIVERY_TASK_H_INCLUDED_ */
