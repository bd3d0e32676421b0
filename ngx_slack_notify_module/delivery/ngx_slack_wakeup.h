
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The wake-up of the leader.
 *
 * Any thread of any worker of any generation may wake it.  Worker number 0 of
 * each generation waits for wake-ups, as it may be the leader: its event loop
 * listens to an eventfd that all generations inherit.  While the worker
 * delivers, a pool thread waits for wake-ups and for Slack's answers.
 *
 * A wake-up only means that the outbox has changed.  The waiter takes it
 * before it polls the outbox, so that poll sees all that was stored before the
 * wake-up.  Several wake-ups may lead to one poll:
 *
 *   - ngx_slack_wakeup_messages() signals once until the waiter has noticed;
 *   - after a poll without a result, ngx_slack_wakeup_calm(), the next one
 *     waits for some milliseconds.  Under load nearly all new messages are
 *     for channels that wait for their pace, and a poll after each commit
 *     would cost as much as the commit.
 *
 * A wake-up may be lost, for example when a worker dies.  Therefore the leader
 * polls once a second in any case.
 */


#ifndef _NGX_SLACK_WAKEUP_H_INCLUDED_
#define _NGX_SLACK_WAKEUP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>


/* in shared memory; the owner zeroes it */

typedef struct {
    ngx_atomic_t                signalled;  /* monotonic ms; 0: noticed */
} ngx_slack_wakeup_shared_t;


/*
 * One per process that waits.  The caller owns and zeroes it, then sets
 * "handler" and "data".  The handler runs in the event loop.
 */

typedef struct {
    void                      (*handler)(void *data);
    void                       *data;

    /* private */
    ngx_atomic_t                pending;    /* a wake-up was not yet taken */
    ngx_atomic_t                calm;       /* no poll before; monotonic ms */
    ngx_connection_t           *connection; /* of the eventfd */
    ngx_connection_t            dummy;      /* timer's data, for debug logs */
    ngx_event_t                 timer;      /* ends the calm */
} ngx_slack_wakeup_t;


/*
 * Returns a new eventfd, which the caller owns; -1: failed, logged.  In the
 * master.
 */

ngx_fd_t ngx_slack_wakeup_create(ngx_log_t *log);


/*
 * Sets the eventfd and the shared memory of this process.  Both must outlive
 * the process.  In the event loop after fork, before any other call below.
 */

void ngx_slack_wakeup_use(ngx_fd_t fd, ngx_slack_wakeup_shared_t *shared);


/*
 * Wakes the leader.  Makes one system call and never blocks; a failure is
 * logged.  Any thread.
 */

void ngx_slack_wakeup_now(void);


/*
 * The same after new messages were stored, cheap enough for each commit.  Any
 * thread.
 */

void ngx_slack_wakeup_messages(void);


/*
 * From now on calls w->handler after each wake-up; ngx_slack_wakeup_deafen()
 * ends that and leaves the eventfd open.  NGX_ERROR: no connection or event,
 * logged; ngx_slack_wakeup_deafen() cleans up.  Both in the event loop.
 */

ngx_int_t ngx_slack_wakeup_listen(ngx_slack_wakeup_t *w, ngx_cycle_t *cycle);

void ngx_slack_wakeup_deafen(ngx_slack_wakeup_t *w);


/* Whether a wake-up was not yet taken.  Any thread of the process. */

ngx_uint_t ngx_slack_wakeup_pending(ngx_slack_wakeup_t *w);


/*
 * The same, and takes it: the caller must poll now.  Any thread of the
 * process.
 */

ngx_uint_t ngx_slack_wakeup_take(ngx_slack_wakeup_t *w);


/*
 * Reports that a poll at "now" (monotonic ms) found nothing to do.  Any
 * thread.
 */

void ngx_slack_wakeup_calm(ngx_slack_wakeup_t *w, int64_t now);


#endif /* _NGX_SLACK_WAKEUP_H_INCLUDED_ */
