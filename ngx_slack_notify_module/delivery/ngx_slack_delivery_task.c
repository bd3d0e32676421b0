
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The task of a worker: it tries to become the leader, and delivers if it is.
 * Outbox and network are used in a pool thread only.  Functions run in the
 * event loop unless they are marked otherwise.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <ngx_slack_clock.h>
#include <ngx_slack_delivery_task.h>
#include <ngx_slack_schedule.h>
#include <ngx_slack_zone.h>


#define NGX_SLACK_CANDIDATE_TICK  500       /* ms between attempts to lead */
#define NGX_SLACK_LEADER_TICK     1000      /* ms between runs, at most */


void
ngx_slack_delivery_tick(ngx_event_t *ev)
{
    ngx_connection_t      *c;
    ngx_slack_delivery_t  *dl;

    c = ev->data;
    dl = c->data;

    if (!dl->task.posted) {
        ngx_slack_delivery_start(dl);
    }
}


void
ngx_slack_delivery_start(ngx_slack_delivery_t *dl)
{
    if (ngx_slack_stopping() && !ngx_slack_dispatcher_busy(dl->dispatcher)) {
        return;
    }

    if (dl->timer.timer_set) {
        ngx_del_timer(&dl->timer);
    }

    if (ngx_slack_task_post(&dl->task) != NGX_OK) {
        ngx_add_timer(&dl->timer, NGX_SLACK_CANDIDATE_TICK);
        return;
    }

    if (ngx_slack_stopping()) {
        ngx_slack_task_keep(&dl->task, dl->leaving);
    }
}


/* executed in a pool thread */

void
ngx_slack_delivery_task(void *data)
{
    ngx_slack_delivery_t  *dl = data;

    ngx_int_t   rc;
    ngx_uint_t  led;

    rc = NGX_DONE;

    if (ngx_slack_stopping() && !ngx_slack_dispatcher_busy(dl->dispatcher)) {
        goto done;
    }

    led = ngx_slack_dispatcher_leads(dl->dispatcher);

    if (ngx_slack_dispatcher_lead(dl->dispatcher) == NGX_OK) {

        if (!led) {
            ngx_slack_history_lead(ngx_slack_zone_history(), ngx_pid);
            (void) ngx_atomic_fetch_add(&ngx_slack_zone_counters()->led, 1);
        }

        rc = ngx_slack_dispatcher_run(dl->dispatcher);

        if (rc == NGX_DECLINED) {
            ngx_slack_delivery_resign(dl);
        }

    } else {

        if (led) {
            ngx_slack_history_resign(ngx_slack_zone_history(), ngx_pid);
        }

        ngx_slack_dispatcher_rest(dl->dispatcher);
        rc = NGX_OK;
    }

done:

    if (rc == NGX_OK && ngx_slack_stopping()
        && ngx_slack_dispatcher_busy(dl->dispatcher))
    {
        /*
         * The run has only given its thread back and still has posts in
         * flight.
         */

        rc = ngx_slack_dispatcher_run(dl->dispatcher);
    }

    if (rc == NGX_DONE) {

        /*
         * Resign here, not in ngx_slack_delivery_done(): the event loop may
         * have ended by the time this function returns.
         */

        ngx_slack_delivery_resign(dl);
        ngx_slack_wakeup_now();
    }
}


void
ngx_slack_delivery_done(void *data)
{
    ngx_slack_delivery_t  *dl = data;

    int64_t  due, delay;

    if (ngx_slack_dispatcher_busy(dl->dispatcher)) {

        /* the run gave its thread back: queue again behind the other tasks */

        ngx_slack_delivery_start(dl);
        return;
    }

    if (ngx_slack_stopping()) {

        /* The task may have ended before the worker was told to end. */

        if (ngx_slack_dispatcher_leads(dl->dispatcher)) {
            ngx_slack_delivery_resign(dl);
            ngx_slack_wakeup_now();
        }

        return;
    }

    /* A wake-up came after the task's last look at the outbox. */

    if (ngx_slack_wakeup_pending(&dl->wakeup)) {
        ngx_slack_delivery_start(dl);
        return;
    }

    if (ngx_slack_dispatcher_leads(dl->dispatcher)) {
        due = ngx_slack_dispatcher_next(dl->dispatcher);
        delay = NGX_SLACK_LEADER_TICK;

        if (due != NGX_SLACK_NEVER) {
            due -= ngx_slack_clock_monotonic();
            delay = ngx_min(delay, ngx_max(due, 1));
        }

    } else {
        delay = NGX_SLACK_CANDIDATE_TICK;
    }

    ngx_add_timer(&dl->timer, (ngx_msec_t) delay);
}


void
ngx_slack_delivery_resign(ngx_slack_delivery_t *dl)
{
    if (ngx_slack_dispatcher_leads(dl->dispatcher)) {
        ngx_slack_history_resign(ngx_slack_zone_history(), ngx_pid);
    }

    ngx_slack_dispatcher_resign(dl->dispatcher);
}
