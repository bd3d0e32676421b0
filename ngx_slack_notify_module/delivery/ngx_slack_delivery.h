
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The interface of delivery for ngx_slack_notify_module.c: starting and ending
 * delivery in a process.  Worker number 0 of each generation may become the
 * leader.  Other rooms wake the leader through ngx_slack_wakeup.h.
 */


#ifndef _NGX_SLACK_DELIVERY_H_INCLUDED_
#define _NGX_SLACK_DELIVERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_thread_pool.h>

#include <ngx_slack_outbox.h>
#include <ngx_slack_workspace.h>


/*
 * The caller zeroes and fills it when the configuration is read.  It belongs
 * to the cycle's pool and must live as long as the cycle.
 */

typedef struct {
    ngx_slack_outbox_conf_t    *outbox;
    ngx_array_t                *workspaces; /* ngx_slack_workspace_t */
    ngx_thread_pool_t          *pool;
    ngx_shm_zone_t             *zone;       /* NULL: no delivery */
    ngx_shm_zone_t             *names;      /* of channels by variables; NULL:
                                               there are none */
} ngx_slack_delivery_conf_t;


/*
 * Starts delivery in a process: uses the shared zone and, in worker number 0,
 * tries to become the leader.  "conf" stays the caller's and must live until
 * ngx_slack_delivery_exit_process().  Called once per process after fork, in
 * the event loop (init_process).
 *
 * NGX_OK       also in processes that never deliver
 * NGX_ERROR    no memory, descriptor or connection, logged; the worker
 *              cannot run
 */

ngx_int_t ngx_slack_delivery_init_process(ngx_cycle_t *cycle,
    ngx_slack_delivery_conf_t *conf);


/*
 * Ends delivery and frees all it owns.  May run the dispatcher once more,
 * which blocks for some seconds at most.  In the event loop (exit_process),
 * after the thread pool was joined.
 */

void ngx_slack_delivery_exit_process(ngx_cycle_t *cycle);


#endif /* _NGX_SLACK_DELIVERY_H_INCLUDED_ */
