
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the workers count together, in shared memory.
 */


#ifndef _NGX_SLACK_COUNTERS_H_INCLUDED_
#define _NGX_SLACK_COUNTERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * messages since the start of nginx, but for in_flight and channels, as it is
 * now, and acted
 */

typedef struct {
    ngx_atomic_t                appended;   /* stored; by http/ */
    ngx_atomic_t                sent;
    ngx_atomic_t                retried;    /* attempts that failed */
    ngx_atomic_t                limited;    /* answers 429 */
    ngx_atomic_t                suspended;  /* refused channels, webhooks */
    ngx_atomic_t                dead;
    ngx_atomic_t                in_flight;  /* requests to Slack */
    ngx_atomic_t                channels;   /* that have waiting messages */
    ngx_atomic_t                acted;      /* actions of operators */
} ngx_slack_counters_t;


#endif /* _NGX_SLACK_COUNTERS_H_INCLUDED_ */
