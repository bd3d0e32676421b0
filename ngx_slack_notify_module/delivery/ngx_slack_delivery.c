
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Delivery's side in the event loop: the wake-ups of the leader, and the start
 * and the end of a worker.  The task that leads is in
 * ngx_slack_delivery_task.c.  All functions run in the event loop.
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
#error this module needs nginx built --with-threads
#endif


#define NGX_SLACK_GRACE           5000      /* ms to finish posts */
#define NGX_SLACK_GRACE_MORE      2000      /* ms to settle them */


static ngx_msec_t ngx_slack_delivery_grace(ngx_cycle_t *cycle);
static ngx_int_t ngx_slack_delivery_watch(ngx_slack_delivery_t *dl,
    ngx_cycle_t *cycle);
static void ngx_slack_delivery_woken(void *data);
static void ngx_slack_delivery_closing(ngx_event_t *ev);
static void ngx_slack_delivery_wanted(void *data);


static ngx_slack_delivery_t  *ngx_slack_delivery;


ngx_int_t
ngx_slack_delivery_init_process(ngx_cycle_t *cycle,
    ngx_slack_delivery_conf_t *conf)
{
    ngx_msec_t                    grace;
    ngx_slack_delivery_t         *dl;
    ngx_slack_dispatcher_conf_t   dispatcher;

    if (conf->zone == NULL) {
        return NGX_OK;
    }

    ngx_slack_zone_use(conf->zone, conf->names);

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

    dl->conf = conf;
    dl->log = ngx_slack_log_threads();

    grace = ngx_slack_delivery_grace(cycle);

    dl->leaving = grace + NGX_SLACK_GRACE_MORE;

    dispatcher.outbox = conf->outbox;
    dispatcher.workspaces = conf->workspaces;
    dispatcher.counters = ngx_slack_zone_counters();
    dispatcher.history = ngx_slack_zone_history();
    dispatcher.tokens = ngx_slack_zone_tokens();
    dispatcher.wakeup = &dl->wakeup;
    dispatcher.task = &dl->task;
    dispatcher.grace = grace;
    dispatcher.log = dl->log;

    dl->dispatcher = ngx_slack_dispatcher_create(&dispatcher);
    if (dl->dispatcher == NULL) {
        return NGX_ERROR;
    }

    dl->task.pool = conf->pool;
    dl->task.run = ngx_slack_delivery_task;
    dl->task.done = ngx_slack_delivery_done;
    dl->task.data = dl;
    dl->task.log = cycle->log;

    ngx_slack_task_init(&dl->task);

    ngx_slack_task_lender(&dl->task, ngx_slack_delivery_wanted);

    dl->dummy.fd = (ngx_socket_t) -1;
    dl->dummy.data = dl;

    dl->timer.data = &dl->dummy;
    dl->timer.log = cycle->log;
    dl->timer.handler = ngx_slack_delivery_tick;
    dl->timer.cancelable = 1;

    dl->wakeup.handler = ngx_slack_delivery_woken;
    dl->wakeup.data = dl;

    if (ngx_slack_wakeup_listen(&dl->wakeup, cycle) != NGX_OK
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

    ngx_slack_task_lender(NULL, NULL);

    if (dl->dispatcher && ngx_slack_dispatcher_busy(dl->dispatcher)) {

        /*
         * The task gave its thread back while the worker was ending, and
         * nobody posted it again: finish its posts here.
         */

        (void) ngx_slack_dispatcher_run(dl->dispatcher);
    }

    if (dl->timer.timer_set) {
        ngx_del_timer(&dl->timer);
    }

    ngx_slack_task_close(&dl->task);

    ngx_slack_wakeup_deafen(&dl->wakeup);

    if (dl->watcher) {
        ngx_close_connection(dl->watcher);
    }

    if (dl->dispatcher) {
        ngx_slack_dispatcher_destroy(dl->dispatcher);
    }

    free(dl);

    ngx_slack_client_exit();
}


/*
 * Posts may take as long as "worker_shutdown_timeout" allows, which is 0 if it
 * is not set.
 */

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


/*
 * An idle connection, because nginx closes idle connections when a worker is
 * to end gracefully: this is how the worker learns of it at once.
 */

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
ngx_slack_delivery_woken(void *data)
{
    ngx_slack_delivery_t  *dl = data;

    if (dl->task.posted) {
        ngx_slack_dispatcher_poke(dl->dispatcher);
        return;
    }

    ngx_slack_delivery_start(dl);
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

    ngx_slack_wakeup_deafen(&dl->wakeup);

    if (!dl->task.posted && ngx_slack_dispatcher_busy(dl->dispatcher)) {
        ngx_slack_delivery_start(dl);
    }

    if (dl->task.posted) {

        /*
         * The task notices, waits for Slack's answers and gives up the
         * leadership by itself.  The timer of ngx_slack_task_keep() keeps
         * nginx in the event loop; without one, nginx would leave it at once
         * and wait for the thread in a busy loop.  If the thread needs longer,
         * it is blocked on the disk, and that busy wait is acceptable.
         */

        ngx_slack_task_keep(&dl->task, dl->leaving);

        ngx_slack_dispatcher_poke(dl->dispatcher);
        return;
    }

    if (ngx_slack_dispatcher_leads(dl->dispatcher)) {
        ngx_slack_delivery_resign(dl);
        ngx_slack_wakeup_now();
    }
}


/*
 * Another task wants the thread: the run ends, is posted again behind that
 * task, and continues where it stopped.
 */

static void
ngx_slack_delivery_wanted(void *data)
{
    ngx_slack_delivery_t  *dl = data;

    ngx_slack_dispatcher_poke(dl->dispatcher);
}
