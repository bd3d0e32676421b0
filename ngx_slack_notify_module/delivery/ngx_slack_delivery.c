
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Delivery's side in the event loop: the eventfd that wakes the leader, and
 * the start and the end of a worker.  The task that leads is in
 * ngx_slack_delivery_task.c.  Runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <ngx_slack_client.h>
#include <ngx_slack_delivery.h>
#include <ngx_slack_delivery_task.h>
#include <ngx_slack_log_queue.h>
#include <ngx_slack_zone.h>


#if !(NGX_THREADS)
#error ngx_slack_notify_module needs nginx built --with-threads
#endif


#define NGX_SLACK_GRACE           5000      /* ms, for posts at the end */
#define NGX_SLACK_GRACE_MORE      2000      /* ms, to settle them, and spare */


static ngx_msec_t ngx_slack_delivery_grace(ngx_cycle_t *cycle);
static ngx_int_t ngx_slack_delivery_listen(ngx_slack_delivery_t *dl,
    ngx_cycle_t *cycle);
static ngx_int_t ngx_slack_delivery_watch(ngx_slack_delivery_t *dl,
    ngx_cycle_t *cycle);
static void ngx_slack_delivery_woken(ngx_event_t *ev);
static void ngx_slack_delivery_calmed(ngx_event_t *ev);
static void ngx_slack_delivery_look(ngx_slack_delivery_t *dl);
static void ngx_slack_delivery_closing(ngx_event_t *ev);
static void ngx_slack_delivery_left(ngx_event_t *ev);
static void ngx_slack_delivery_wanted(void);
static void ngx_slack_delivery_deafen(ngx_slack_delivery_t *dl);


static ngx_slack_delivery_t  *ngx_slack_delivery;


ngx_int_t
ngx_slack_delivery_init_process(ngx_cycle_t *cycle,
    ngx_slack_delivery_conf_t *conf)
{
    ngx_slack_zone_t      *ctx;
    ngx_slack_delivery_t  *dl;

    if (conf->zone == NULL) {
        return NGX_OK;
    }

    ctx = conf->zone->data;

    ngx_slack_zone_use(ctx);

    conf->outbox->threads.total = conf->threads;

    if (ngx_process != NGX_PROCESS_WORKER
        && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    if (ngx_worker != 0) {
        return NGX_OK;
    }

    if (ngx_slack_client_init(cycle->log) != NGX_OK) {
        return NGX_ERROR;
    }

    dl = calloc(1, sizeof(ngx_slack_delivery_t));
    if (dl == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                      "slack: no memory");
        ngx_slack_client_exit();
        return NGX_ERROR;
    }

    ngx_slack_delivery = dl;
    conf->outbox->threads.wanted = ngx_slack_delivery_wanted;

    dl->conf = conf;
    dl->log = ngx_slack_log_threads();
    dl->grace = ngx_slack_delivery_grace(cycle);

    dl->dispatcher = ngx_slack_dispatcher_create(conf->outbox,
                                                 conf->workspaces,
                                                 &ctx->shared->counters,
                                                 &ctx->shared->history,
                                                 dl->grace, dl->log);
    if (dl->dispatcher == NULL) {
        return NGX_ERROR;
    }

    dl->task.ctx = dl;
    dl->task.handler = ngx_slack_delivery_task;
    dl->task.event.data = dl;
    dl->task.event.log = cycle->log;
    dl->task.event.handler = ngx_slack_delivery_done;

    dl->dummy.fd = (ngx_socket_t) -1;
    dl->dummy.data = dl;

    dl->timer.data = &dl->dummy;
    dl->timer.log = cycle->log;
    dl->timer.handler = ngx_slack_delivery_tick;
    dl->timer.cancelable = 1;

    dl->calm = dl->timer;
    dl->calm.handler = ngx_slack_delivery_calmed;

    dl->leaving = dl->timer;
    dl->leaving.handler = ngx_slack_delivery_left;
    dl->leaving.cancelable = 0;

    if (ngx_slack_delivery_listen(dl, cycle) != NGX_OK
        || ngx_slack_delivery_watch(dl, cycle) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_add_timer(&dl->timer, 1);

    return NGX_OK;
}


void
ngx_slack_delivery_exit_process(ngx_cycle_t *cycle)
{
    ngx_slack_delivery_t  *dl;

    dl = ngx_slack_delivery;

    if (dl == NULL) {
        return;
    }

    ngx_slack_delivery = NULL;

    dl->conf->outbox->threads.wanted = NULL;

    if (dl->dispatcher && ngx_slack_dispatcher_busy(dl->dispatcher)) {

        /* its thread was given away when the worker had to end */

        (void) ngx_slack_dispatcher_run(dl->dispatcher);
    }

    if (dl->timer.timer_set) {
        ngx_del_timer(&dl->timer);
    }

    if (dl->calm.timer_set) {
        ngx_del_timer(&dl->calm);
    }

    if (dl->leaving.timer_set) {
        ngx_del_timer(&dl->leaving);
    }

    ngx_slack_delivery_deafen(dl);

    if (dl->watcher) {
        ngx_close_connection(dl->watcher);
    }

    if (dl->dispatcher) {
        ngx_slack_dispatcher_destroy(dl->dispatcher);
    }

    free(dl);

    ngx_slack_client_exit();
}


/* "worker_shutdown_timeout" is 0 if it is not set */

static ngx_msec_t
ngx_slack_delivery_grace(ngx_cycle_t *cycle)
{
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    if (ccf->shutdown_timeout == 0) {
        return NGX_SLACK_GRACE;
    }

    return ngx_min(ccf->shutdown_timeout, NGX_SLACK_GRACE);
}


/* the eventfd is the zone's: it stays open when we stop to listen */

static ngx_int_t
ngx_slack_delivery_listen(ngx_slack_delivery_t *dl, ngx_cycle_t *cycle)
{
    ngx_connection_t  *c;

    c = ngx_get_connection(ngx_slack_zone_wakeup(), cycle->log);
    if (c == NULL) {
        return NGX_ERROR;
    }

    c->data = dl;
    c->pool = cycle->pool;
    c->read->log = cycle->log;
    c->write->log = cycle->log;
    c->read->handler = ngx_slack_delivery_woken;

    /* neither a leak nor to be waited for when the worker ends */

    c->read->channel = 1;
    c->write->channel = 1;

    dl->wakeup = c;

    if (ngx_add_event(c->read, NGX_READ_EVENT, 0) == NGX_ERROR) {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* an idle connection: nginx closes it when a worker is to end gracefully */

static ngx_int_t
ngx_slack_delivery_watch(ngx_slack_delivery_t *dl, ngx_cycle_t *cycle)
{
    ngx_fd_t           fd;
    ngx_connection_t  *c;

    fd = open("/dev/null", O_RDONLY|O_CLOEXEC);

    if (fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                      ngx_open_file_n " \"/dev/null\" failed");
        return NGX_ERROR;
    }

    c = ngx_get_connection(fd, cycle->log);
    if (c == NULL) {
        (void) close(fd);
        return NGX_ERROR;
    }

    c->data = dl;
    c->pool = cycle->pool;
    c->read->log = cycle->log;
    c->write->log = cycle->log;
    c->read->handler = ngx_slack_delivery_closing;
    c->idle = 1;

    dl->watcher = c;

    return NGX_OK;
}


static void
ngx_slack_delivery_woken(ngx_event_t *ev)
{
    ssize_t                n;
    uint64_t               value;
    ngx_msec_t             calm;
    ngx_connection_t      *c;
    ngx_slack_delivery_t  *dl;

    c = ev->data;
    dl = c->data;

    n = read(c->fd, &value, sizeof(uint64_t));

    if (n == -1 && ngx_errno != NGX_EAGAIN) {
        ngx_log_error(NGX_LOG_ALERT, ev->log, ngx_errno,
                      "slack: read() of eventfd failed");
        return;
    }

    /* EAGAIN: a worker of another generation took it, but it is for all */

    if (dl->calm.timer_set) {
        return;
    }

    calm = ngx_slack_dispatcher_calm(dl->dispatcher);

    if (calm) {
        ngx_add_timer(&dl->calm, calm);
        return;
    }

    ngx_slack_delivery_look(dl);
}


static void
ngx_slack_delivery_calmed(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    ngx_slack_delivery_look(c->data);
}


static void
ngx_slack_delivery_look(ngx_slack_delivery_t *dl)
{
    ngx_slack_zone_heard();

    ngx_slack_dispatcher_wake(dl->dispatcher);

    if (!dl->running) {
        ngx_slack_delivery_start(dl);
    }
}


static void
ngx_slack_delivery_closing(ngx_event_t *ev)
{
    ngx_connection_t      *c;
    ngx_slack_delivery_t  *dl;

    c = ev->data;
    dl = c->data;

    if (!c->close) {
        return;
    }

    dl->watcher = NULL;
    ngx_close_connection(c);

    ngx_slack_delivery_deafen(dl);

    if (!dl->running && ngx_slack_dispatcher_busy(dl->dispatcher)) {
        ngx_slack_delivery_start(dl);
    }

    if (dl->running) {

        /*
         * it notices, waits for Slack's answers, ends, and releases the lock
         * by itself; without a timer nginx would end the event loop at once
         * and wait for the thread in a busy loop
         */

        ngx_add_timer(&dl->leaving, dl->grace + NGX_SLACK_GRACE_MORE);

        ngx_slack_dispatcher_wake(dl->dispatcher);
        return;
    }

    if (ngx_slack_dispatcher_leads(dl->dispatcher)) {
        ngx_slack_delivery_resign(dl);
        ngx_slack_delivery_wake();
    }
}


static void
ngx_slack_delivery_left(ngx_event_t *ev)
{
    /* the thread is at the disk for so long: nginx may wait for it */
}


/* what it waits for in its thread others wait for, too: it goes on later */

static void
ngx_slack_delivery_wanted(void)
{
    if (ngx_slack_delivery->running) {
        ngx_slack_dispatcher_give(ngx_slack_delivery->dispatcher);
    }
}


static void
ngx_slack_delivery_deafen(ngx_slack_delivery_t *dl)
{
    ngx_connection_t  *c;

    c = dl->wakeup;

    if (c == NULL) {
        return;
    }

    dl->wakeup = NULL;

    if (c->read->active) {
        (void) ngx_del_event(c->read, NGX_READ_EVENT, 0);
    }

    ngx_free_connection(c);
    c->fd = (ngx_socket_t) -1;
}
