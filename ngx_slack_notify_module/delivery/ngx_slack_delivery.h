
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Delivery as the door sees it: worker number 0 of each generation may become
 * the leader, which delivers.  All in the event loop.
 *
 *   init_process         ngx_slack_delivery_init_process(), in each process
 *   exit_process         ngx_slack_delivery_exit_process()
 *
 * The leader is woken by ngx_slack_wakeup.h.
 */


#ifndef _NGX_SLACK_DELIVERY_H_INCLUDED_
#define _NGX_SLACK_DELIVERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_thread_pool.h>

#include <ngx_slack_outbox.h>
#include <ngx_slack_workspace.h>


/* lives as long as its cycle; zeroed, then filled by conf/ */

typedef struct {
    ngx_slack_outbox_conf_t    *outbox;
    ngx_array_t                *workspaces; /* ngx_slack_workspace_t */
    ngx_thread_pool_t          *pool;
    ngx_shm_zone_t             *zone;       /* NULL: nothing to deliver */
} ngx_slack_delivery_conf_t;


/* in the event loop, after fork; NGX_ERROR: logged, the worker cannot run */

ngx_int_t ngx_slack_delivery_init_process(ngx_cycle_t *cycle,
    ngx_slack_delivery_conf_t *conf);


/* in the event loop, when no thread runs any more */

void ngx_slack_delivery_exit_process(ngx_cycle_t *cycle);


#endif /* _NGX_SLACK_DELIVERY_H_INCLUDED_ */
