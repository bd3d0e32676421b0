
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The shared zone, private to delivery/: what all workers share, over reloads
 * too, and the descriptor by which they wake the leader.  It is made by
 * ngx_slack_delivery_add_zone(), and reached by ngx_slack_delivery_wake(),
 * _call(), _counters() and _history().
 */


#ifndef _NGX_SLACK_ZONE_H_INCLUDED_
#define _NGX_SLACK_ZONE_H_INCLUDED_


#include <ngx_slack_delivery.h>
#include <ngx_slack_log.h>


/* in shared memory */

typedef struct {
    ngx_atomic_t                called;      /* see ngx_slack_delivery_call */
    ngx_slack_counters_t        counters;
    ngx_slack_log_table_t       log;
    ngx_slack_history_t         history;
    ngx_slack_tally_t           tally;
} ngx_slack_shared_t;


/* data of the zone; the descriptor is inherited by all generations */

typedef struct {
    ngx_slack_delivery_conf_t  *conf;
    ngx_cycle_t                *cycle;       /* the one that is being read */
    ngx_fd_t                    wakeup;      /* an eventfd */
    ngx_slack_shared_t         *shared;
} ngx_slack_zone_t;


/* in a process that has just started, before all below */

void ngx_slack_zone_use(ngx_slack_zone_t *ctx);


/* the descriptor by which the leader is woken */

ngx_fd_t ngx_slack_zone_wakeup(void);


/* the leader is about to look: the next call wakes it again */

void ngx_slack_zone_heard(void);


#endif /* _NGX_SLACK_ZONE_H_INCLUDED_ */
