
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to delivery/: the state of the dispatcher.  Between two runs it
 * belongs to the event loop, during a run to the pool thread of the run, but
 * for what is atomic.
 */


#ifndef _NGX_SLACK_DISPATCHER_PRIVATE_H_INCLUDED_
#define _NGX_SLACK_DISPATCHER_PRIVATE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_client.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_dispatcher.h>
#include <ngx_slack_outbox.h>
#include <ngx_slack_schedule.h>


#define NGX_SLACK_SLICE  250                /* ms, longest wait for Slack */


struct ngx_slack_dispatcher_s {
    ngx_slack_outbox_t         *outbox;
    int64_t                     term;       /* as the leader; 0: it is not */
    ngx_slack_counters_t       *counters;
    ngx_slack_history_t        *history;    /* may be NULL */
    ngx_slack_wakeup_t         *wakeup;
    ngx_slack_task_t           *task;
    ngx_slack_client_t         *client;
    ngx_slack_schedule_t       *schedule;
    ngx_log_t                  *log;

    int64_t                     grace;      /* ms, for posts at the end */
    ngx_uint_t                  in_flight;
    int64_t                     now;        /* monotonic, of this turn */
    int64_t                     wall;

    /* wall clock less monotonic one as it was at first */
    int64_t                     offset;

    int64_t                     last;       /* newest message seen */
    int64_t                     look_at;    /* for new ones, poll */
    int64_t                     scan_at;    /* for all of them */
    int64_t                     purge_at;
    unsigned                    purging:1;  /* there is more */
    unsigned                    news:1;     /* the look found work */
    unsigned                    declined:1; /* the term is over, or this
                                               version does not know the form
                                               of the outbox */

    ngx_queue_t                 ended;      /* ngx_slack_post_t, to settle */
    ngx_uint_t                  nended;
    int64_t                     settle_at;
    int64_t                     settled_at; /* last, its end */
    ngx_uint_t                  settle_failures;

    uint32_t                    warned[64];     /* warned of: crc32 */
    ngx_uint_t                  nwarned;
    int64_t                     unserved_at;    /* see no_endpoint_look() */
};


/* the time of this turn */

static ngx_inline void
ngx_slack_dispatcher_clock(ngx_slack_dispatcher_t *d)
{
    d->now = ngx_slack_clock_monotonic();
    d->wall = ngx_slack_clock_wall();
}


#endif /* _NGX_SLACK_DISPATCHER_PRIVATE_H_INCLUDED_ */
