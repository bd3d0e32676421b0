
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The shared zone of delivery (see the header).  It is made in the master when
 * the configuration is read, and used in all workers.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <sys/eventfd.h>

#include <ngx_slack_admit.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_log_queue.h>
#include <ngx_slack_pool.h>
#include <ngx_slack_zone.h>


/* besides what is shared, for nginx's allocator */

#define NGX_SLACK_ZONE_PAGES      16

#define NGX_SLACK_ZONE_CALLED     1000      /* ms, a call that was not heard */


static ngx_int_t ngx_slack_zone_init(ngx_shm_zone_t *zone, void *data);


static ngx_fd_t             ngx_slack_zone_fd = -1;
static ngx_slack_shared_t  *ngx_slack_zone_shared;


ngx_int_t
ngx_slack_delivery_add_zone(ngx_conf_t *cf, void *tag,
    ngx_slack_delivery_conf_t *conf)
{
    size_t             size;
    ngx_str_t          name;
    ngx_shm_zone_t    *zone;
    ngx_slack_zone_t  *ctx;

    ngx_str_set(&name, "slack_notify");

    ctx = ngx_pcalloc(cf->pool, sizeof(ngx_slack_zone_t));
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ctx->conf = conf;
    conf->log = cf->log;
    ctx->cycle = cf->cycle;
    ctx->wakeup = -1;

    size = ngx_align(sizeof(ngx_slack_shared_t), ngx_pagesize)
           + NGX_SLACK_ZONE_PAGES * ngx_pagesize;

    zone = ngx_shared_memory_add(cf, &name, size, tag);
    if (zone == NULL) {
        return NGX_ERROR;
    }

    zone->init = ngx_slack_zone_init;
    zone->data = ctx;

    conf->zone = zone;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_zone_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_slack_zone_t  *old = data;

    ngx_slab_pool_t   *shpool;
    ngx_slack_zone_t  *ctx;

    ctx = zone->data;

    /* all is read by now */

    ctx->conf->threads = ngx_slack_pool_threads(ctx->conf->pool,
                                                &ctx->conf->pool_name,
                                                ctx->conf->log);

    if (ngx_slack_outbox_prepare(ctx->conf->outbox, zone->shm.log)
        != NGX_OK
        || ngx_slack_admit(ctx->conf->outbox, ctx->cycle, zone->shm.log)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (old) {
        ctx->wakeup = old->wakeup;
        ctx->shared = old->shared;

        /* who has changed the configuration looks whether that has helped */

        ngx_slack_log_renew(&ctx->shared->log);
        ctx->conf->outbox->history = &ctx->shared->history;
        ctx->conf->outbox->tally = &ctx->shared->tally;

        return NGX_OK;
    }

    ctx->wakeup = eventfd(0, EFD_NONBLOCK|EFD_CLOEXEC);

    if (ctx->wakeup == -1) {
        ngx_log_error(NGX_LOG_EMERG, zone->shm.log, ngx_errno,
                      "slack: eventfd() failed");
        return NGX_ERROR;
    }

    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (zone->shm.exists) {
        ctx->shared = shpool->data;
        ctx->conf->outbox->history = &ctx->shared->history;
        ctx->conf->outbox->tally = &ctx->shared->tally;

        return NGX_OK;
    }

    ctx->shared = ngx_slab_calloc(shpool, sizeof(ngx_slack_shared_t));
    if (ctx->shared == NULL) {
        return NGX_ERROR;
    }

    shpool->data = ctx->shared;

    ngx_slack_history_init(&ctx->shared->history, &shpool->mutex);
    ctx->conf->outbox->history = &ctx->shared->history;

    ctx->shared->tally.mutex = &shpool->mutex;
    ctx->conf->outbox->tally = &ctx->shared->tally;

    return NGX_OK;
}


void
ngx_slack_zone_use(ngx_slack_zone_t *ctx)
{
    ngx_slack_zone_fd = ctx->wakeup;
    ngx_slack_zone_shared = ctx->shared;

    ngx_slack_log_share(&ctx->shared->log);
}


ngx_fd_t
ngx_slack_zone_wakeup(void)
{
    return ngx_slack_zone_fd;
}


void
ngx_slack_zone_heard(void)
{
    ngx_atomic_uint_t  called;

    called = ngx_slack_zone_shared->called;

    if (called) {
        (void) ngx_atomic_cmp_set(&ngx_slack_zone_shared->called, called, 0);
    }
}


/* any thread */

void
ngx_slack_delivery_wake(void)
{
    uint64_t  n;

    if (ngx_slack_zone_fd == -1) {
        return;
    }

    n = 1;

    /* if it cannot be woken, it looks by itself in a second */

    if (write(ngx_slack_zone_fd, &n, sizeof(uint64_t)) == -1
        && ngx_errno != NGX_EAGAIN)
    {
        ngx_log_error(NGX_LOG_ALERT, ngx_slack_log_threads(), ngx_errno,
                      "slack: write() to eventfd failed");
    }
}


/* any thread, after the commit: who clears the call looks after that */

void
ngx_slack_delivery_call(void)
{
    ngx_atomic_t      *called;
    ngx_atomic_uint_t  now, before;

    if (ngx_slack_zone_shared == NULL) {
        return;
    }

    called = &ngx_slack_zone_shared->called;
    now = (ngx_atomic_uint_t) ngx_slack_clock_monotonic();

    if (!ngx_atomic_cmp_set(called, 0, now)) {

        before = *called;

        if (now - before < NGX_SLACK_ZONE_CALLED) {
            return;
        }

        /* who called, or who was to hear it, has died of it */

        (void) ngx_atomic_cmp_set(called, before, now);
    }

    ngx_slack_delivery_wake();
}


ngx_slack_counters_t *
ngx_slack_delivery_counters(void)
{
    return ngx_slack_zone_shared ? &ngx_slack_zone_shared->counters
                                     : NULL;
}


ngx_slack_history_t *
ngx_slack_delivery_history(void)
{
    return ngx_slack_zone_shared ? &ngx_slack_zone_shared->history
                                     : NULL;
}
