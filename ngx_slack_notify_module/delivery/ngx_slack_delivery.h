
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Delivery as http/ sees it: sets the leader going in the first worker of
 * each generation and wakes it from all of them.
 *
 *   postconfiguration    ngx_slack_delivery_add_zone()
 *   init_process         ngx_slack_delivery_init_process(), in each process
 *   after a COMMIT       ngx_slack_delivery_wake(), in any thread
 *   exit_process         ngx_slack_delivery_exit_process()
 */


#ifndef _NGX_SLACK_DELIVERY_H_INCLUDED_
#define _NGX_SLACK_DELIVERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_thread_pool.h>

#include <ngx_slack_counters.h>
#include <ngx_slack_history.h>
#include <ngx_slack_outbox.h>
#include <ngx_slack_workspace.h>


/* lives as long as its cycle; zeroed, then filled by http/ but for the zone */

typedef struct {
    ngx_slack_outbox_conf_t    *outbox;
    ngx_array_t                *workspaces; /* ngx_slack_workspace_t */
    ngx_thread_pool_t          *pool;
    ngx_shm_zone_t             *zone;       /* NULL: nothing to deliver */
} ngx_slack_delivery_conf_t;


/*
 * When the configuration is read, if it uses the module at all.  "tag" is the
 * module's address.  NGX_ERROR: logged.
 */

ngx_int_t ngx_slack_delivery_add_zone(ngx_conf_t *cf, void *tag,
    ngx_slack_delivery_conf_t *conf);


/* in the event loop, after fork; NGX_ERROR: logged, the worker cannot run */

ngx_int_t ngx_slack_delivery_init_process(ngx_cycle_t *cycle,
    ngx_slack_delivery_conf_t *conf);


/* in the event loop, when no thread runs any more */

void ngx_slack_delivery_exit_process(ngx_cycle_t *cycle);


/*
 * Something has changed: the leader, in whatever worker, looks at once, or a
 * few ms after a look that found nothing to do.  Any thread of any worker; one
 * system call, never blocks.
 */

void ngx_slack_delivery_wake(void);


/*
 * The same for new messages, of which there may be very many: a leader that
 * was called and has not looked since is not called again.
 */

void ngx_slack_delivery_call(void);


/* shared by all workers; NULL before init_process and without a zone */

ngx_slack_counters_t *ngx_slack_delivery_counters(void);
ngx_slack_history_t *ngx_slack_delivery_history(void);


#endif /* _NGX_SLACK_DELIVERY_H_INCLUDED_ */
