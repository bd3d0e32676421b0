
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The wake-up of the leader (see the header).  Uses an eventfd, a number in
 * shared memory and nginx's events.  Functions run in the event loop unless
 * they are marked otherwise.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <sys/eventfd.h>

#include <ngx_slack_clock.h>
#include <ngx_slack_log_queue.h>
#include <ngx_slack_wakeup.h>


#define NGX_SLACK_WAKEUP_LOST  1000         /* ms until it is signalled
                                               again */
#define NGX_SLACK_WAKEUP_CALM  10           /* ms between polls */


static void ngx_slack_wakeup_event(ngx_event_t *ev);
static void ngx_slack_wakeup_timer(ngx_event_t *ev);
static void ngx_slack_wakeup_notice(ngx_slack_wakeup_t *w);


static ngx_fd_t                    ngx_slack_wakeup_fd = -1;
static ngx_slack_wakeup_shared_t  *ngx_slack_wakeup_shared;


ngx_fd_t
ngx_slack_wakeup_create(ngx_log_t *log)
{
    ngx_fd_t  fd;

    fd = eventfd(0, EFD_NONBLOCK|EFD_CLOEXEC);

    if (fd == -1) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "slack: eventfd() failed");
    }

    return fd;
}


void
ngx_slack_wakeup_use(ngx_fd_t fd, ngx_slack_wakeup_shared_t *shared)
{
    ngx_slack_wakeup_fd = fd;
    ngx_slack_wakeup_shared = shared;
}


/* any thread */

void
ngx_slack_wakeup_now(void)
{
    uint64_t  n;

    if (ngx_slack_wakeup_fd == -1) {
        return;
    }

    n = 1;

    if (write(ngx_slack_wakeup_fd, &n, sizeof(uint64_t)) == -1
        && ngx_errno != NGX_EAGAIN)
    {
        ngx_log_error(NGX_LOG_ALERT, ngx_slack_log_threads(), ngx_errno,
                      "slack: write() to eventfd failed");
    }
}


/* Any thread, after the commit, so that the poll sees the new messages. */

void
ngx_slack_wakeup_messages(void)
{
    ngx_atomic_t       *signalled;
    ngx_atomic_uint_t   now, before;

    if (ngx_slack_wakeup_shared == NULL) {
        return;
    }

    signalled = &ngx_slack_wakeup_shared->signalled;
    now = (ngx_atomic_uint_t) ngx_slack_clock_monotonic();

    if (!ngx_atomic_cmp_set(signalled, 0, now)) {

        before = *signalled;

        if (now - before < NGX_SLACK_WAKEUP_LOST) {
            return;
        }

        /* The process that signalled, or the one that waits, has died. */

        (void) ngx_atomic_cmp_set(signalled, before, now);
    }

    ngx_slack_wakeup_now();
}


ngx_int_t
ngx_slack_wakeup_listen(ngx_slack_wakeup_t *w, ngx_cycle_t *cycle)
{
    ngx_connection_t  *c;

    w->dummy.fd = (ngx_socket_t) -1;
    w->dummy.data = w;

    w->timer.data = &w->dummy;
    w->timer.log = cycle->log;
    w->timer.handler = ngx_slack_wakeup_timer;
    w->timer.cancelable = 1;

    c = ngx_get_connection(ngx_slack_wakeup_fd, cycle->log);
    if (c == NULL) {
        return NGX_ERROR;
    }

    c->data = w;
    c->pool = cycle->pool;
    c->read->log = cycle->log;
    c->write->log = cycle->log;
    c->read->handler = ngx_slack_wakeup_event;

    /*
     * "channel" exempts the connection from nginx's checks at the worker's
     * end: it neither counts as leaked nor keeps the worker alive.
     */

    c->read->channel = 1;
    c->write->channel = 1;

    w->connection = c;

    if (ngx_add_event(c->read, NGX_READ_EVENT, 0) == NGX_ERROR) {
        return NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_slack_wakeup_deafen(ngx_slack_wakeup_t *w)
{
    ngx_connection_t  *c;

    c = w->connection;

    if (c == NULL) {
        return;
    }

    w->connection = NULL;

    if (c->read->active) {
        (void) ngx_del_event(c->read, NGX_READ_EVENT, 0);
    }

    ngx_free_connection(c);
    c->fd = (ngx_socket_t) -1;

    if (w->timer.timer_set) {
        ngx_del_timer(&w->timer);

        /*
         * A wake-up was waiting for this timer: leave it to another
         * generation.
         */

        ngx_slack_wakeup_now();
    }
}


/* any thread */

ngx_uint_t
ngx_slack_wakeup_pending(ngx_slack_wakeup_t *w)
{
    return ngx_atomic_fetch_add(&w->pending, 0) != 0;
}


/* any thread */

ngx_uint_t
ngx_slack_wakeup_take(ngx_slack_wakeup_t *w)
{
    return ngx_atomic_cmp_set(&w->pending, 1, 0);
}


/* any thread */

void
ngx_slack_wakeup_calm(ngx_slack_wakeup_t *w, int64_t now)
{
    w->calm = (ngx_atomic_uint_t) (now + NGX_SLACK_WAKEUP_CALM);
}


static void
ngx_slack_wakeup_event(ngx_event_t *ev)
{
    int64_t              wait;
    ssize_t              n;
    uint64_t             value;
    ngx_connection_t    *c;
    ngx_slack_wakeup_t  *w;

    c = ev->data;
    w = c->data;

    n = read(c->fd, &value, sizeof(uint64_t));

    if (n == -1 && ngx_errno != NGX_EAGAIN) {
        ngx_log_error(NGX_LOG_ALERT, ev->log, ngx_errno,
                      "slack: read() of eventfd failed");
        return;
    }

    /*
     * EAGAIN: a worker of another generation has read the wake-up first.  It
     * is meant for all of them, because any of them may be the leader.
     */

    if (w->timer.timer_set) {
        return;
    }

    wait = (int64_t) ngx_atomic_fetch_add(&w->calm, 0)
           - ngx_slack_clock_monotonic();

    if (wait > 0) {
        wait = ngx_min(wait, NGX_SLACK_WAKEUP_CALM);
        ngx_add_timer(&w->timer, (ngx_msec_t) wait);
        return;
    }

    ngx_slack_wakeup_notice(w);
}


static void
ngx_slack_wakeup_timer(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    ngx_slack_wakeup_notice(c->data);
}


/*
 * Clears the signal before the poll, so that messages stored from here on
 * signal again.
 */

static void
ngx_slack_wakeup_notice(ngx_slack_wakeup_t *w)
{
    ngx_atomic_uint_t  signalled;

    signalled = ngx_slack_wakeup_shared->signalled;

    if (signalled) {
        (void) ngx_atomic_cmp_set(&ngx_slack_wakeup_shared->signalled,
                                  signalled, 0);
    }

    (void) ngx_atomic_cmp_set(&w->pending, 0, 1);

    w->handler(w->data);
}
