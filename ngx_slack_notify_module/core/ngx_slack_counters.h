
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The counters of all workers together, in shared memory.  Any thread of any
 * worker changes them by atomic operations.
 */


#ifndef _NGX_SLACK_COUNTERS_H_INCLUDED_
#define _NGX_SLACK_COUNTERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Counts messages since nginx was started, unless marked otherwise.  in_flight
 * and channels are current values.
 */

typedef struct {
    ngx_atomic_t                appended;   /* stored, by http/ */
    ngx_atomic_t                sent;
    ngx_atomic_t                retried;    /* attempts that failed */
    ngx_atomic_t                limited;    /* answers 429 */
    ngx_atomic_t                changed;    /* messages sent as changes */
    ngx_atomic_t                superseded; /* changes that a newer one has
                                               replaced */
    ngx_atomic_t                stale;      /* states older than those shown */
    ngx_atomic_t                fallbacks;  /* replies and changes for which
                                               Slack had no root, or a closed
                                               one */
    ngx_atomic_t                suspended;  /* channels and endpoints */
    ngx_atomic_t                led;        /* terms that were begun */
    ngx_atomic_t                dead;
    ngx_atomic_t                in_flight;  /* requests to Slack, now */
    ngx_atomic_t                channels;   /* with waiting messages, now */
    ngx_atomic_t                acted;      /* operators' actions */
} ngx_slack_counters_t;


#endif /* _NGX_SLACK_COUNTERS_H_INCLUDED_ */
