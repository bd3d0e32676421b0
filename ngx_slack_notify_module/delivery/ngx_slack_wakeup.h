
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The wake-up of the leader.
 *
 * Who wakes: any thread of any worker, of any generation of workers.
 * Who waits: worker number 0 of each generation, which may be the leader.  Its
 * event loop listens to an eventfd that all generations inherit.  While the
 * worker delivers, a pool thread sleeps as well, until Slack answers.
 *
 * A wake-up means "the outbox has changed, look", nothing else.  It is taken
 * before the look, so what is stored before a wake-up is seen by the look that
 * takes it.  Many wake-ups may become one look:
 *
 *   - ngx_slack_wakeup_messages() signals once until the waiter has noticed;
 *   - after a look that found nothing to do, ngx_slack_wakeup_calm(), the next
 *     one waits for some milliseconds.  Under load nearly all new messages are
 *     for channels that wait for their pace, and a look after each commit
 *     would cost as much as the commit.
 *
 * Wake-ups may be lost, when a worker dies for one: the leader looks once a
 * second anyway.
 */


#ifndef _NGX_SLACK_WAKEUP_H_INCLUDED_
#define _NGX_SLACK_WAKEUP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>


/* in shared memory, zeroed */

typedef struct {
    ngx_atomic_t                signalled;  /* monotonic ms, 0: noticed */
} ngx_slack_wakeup_shared_t;


/* of the process that waits, zeroed; "handler" runs in the event loop */

typedef struct {
    void                      (*handler)(void *data);
    void                       *data;

    /* private */
    ngx_atomic_t                pending;    /* there was a wake-up, no look */
    ngx_atomic_t                calm;       /* monotonic ms, no look before */
    ngx_connection_t           *connection; /* of the eventfd */
    ngx_connection_t            dummy;      /* of the timer, for debug logs */
    ngx_event_t                 timer;      /* when it is calm no more */
} ngx_slack_wakeup_t;


/* an eventfd, which the caller keeps; -1: logged.  In the master */

ngx_fd_t ngx_slack_wakeup_create(ngx_log_t *log);


/* in each process, after the fork, before all below */

void ngx_slack_wakeup_use(ngx_fd_t fd, ngx_slack_wakeup_shared_t *shared);


/* wakes the leader; one system call, never blocks; any thread */

void ngx_slack_wakeup_now(void);


/* the same for new messages, of which there may be very many; any thread */

void ngx_slack_wakeup_messages(void);


/*
 * In the event loop: calls the handler after each wake-up from now on, until
 * ngx_slack_wakeup_deafen(); the eventfd stays open.  NGX_ERROR: logged
 */

ngx_int_t ngx_slack_wakeup_listen(ngx_slack_wakeup_t *w, ngx_cycle_t *cycle);

void ngx_slack_wakeup_deafen(ngx_slack_wakeup_t *w);


/* is there a wake-up that no look has taken?  Any thread of the process */

ngx_uint_t ngx_slack_wakeup_pending(ngx_slack_wakeup_t *w);


/* the same, and takes it: the caller looks now */

ngx_uint_t ngx_slack_wakeup_take(ngx_slack_wakeup_t *w);


/* a look at this time (monotonic ms) found nothing; any thread */

void ngx_slack_wakeup_calm(ngx_slack_wakeup_t *w, int64_t now);


#endif /* _NGX_SLACK_WAKEUP_H_INCLUDED_ */
