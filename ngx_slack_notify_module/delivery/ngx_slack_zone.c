
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The shared zone of delivery (see the header).  The master creates it when
 * the configuration is read; all workers use it.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_admit.h>
#include <ngx_slack_log.h>
#include <ngx_slack_wakeup.h>
#include <ngx_slack_zone.h>


/* pages for nginx's slab allocator, in addition to ngx_slack_shared_t */

#define NGX_SLACK_ZONE_PAGES  16


/* in shared memory */

typedef struct {
    ngx_slack_wakeup_shared_t   wakeup;
    ngx_slack_counters_t        counters;
    ngx_slack_log_table_t       log;
    ngx_slack_history_t         history;
    ngx_slack_tally_t           tally;
    ngx_slack_tokens_t          tokens;
    ngx_slack_turnstile_t       turnstile;
    ngx_slack_leader_t          leader;
} ngx_slack_shared_t;


/* The data of the zone.  All generations inherit the descriptor. */

typedef struct {
    ngx_slack_outbox_conf_t    *outbox;
    ngx_cycle_t                *cycle;      /* being configured */
    ngx_fd_t                    wakeup;     /* an eventfd */
    ngx_slack_shared_t         *shared;
} ngx_slack_zone_t;


static ngx_int_t ngx_slack_zone_init(ngx_shm_zone_t *zone, void *data);
static void ngx_slack_zone_lend(ngx_slack_zone_t *ctx);
static ngx_int_t ngx_slack_zone_init_names(ngx_shm_zone_t *zone, void *data);


static ngx_slack_shared_t  *ngx_slack_zone_shared;
static ngx_slack_names_t   *ngx_slack_zone_shared_names;


ngx_shm_zone_t *
ngx_slack_zone_add(ngx_conf_t *cf, void *tag, ngx_slack_outbox_conf_t *outbox)
{
    size_t             size;
    ngx_str_t          name;
    ngx_shm_zone_t    *zone;
    ngx_slack_zone_t  *ctx;

    ngx_str_set(&name, "slack_notify");

    ctx = ngx_pcalloc(cf->pool, sizeof(ngx_slack_zone_t));
    if (ctx == NULL) {
        return NULL;
    }

    ctx->outbox = outbox;
    ctx->cycle = cf->cycle;
    ctx->wakeup = -1;

    size = ngx_align(sizeof(ngx_slack_shared_t), ngx_pagesize)
           + NGX_SLACK_ZONE_PAGES * ngx_pagesize;

    zone = ngx_shared_memory_add(cf, &name, size, tag);
    if (zone == NULL) {
        return NULL;
    }

    zone->init = ngx_slack_zone_init;
    zone->data = ctx;

    return zone;
}


static ngx_int_t
ngx_slack_zone_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_slack_zone_t  *old = data;

    ngx_slab_pool_t   *shpool;
    ngx_slack_zone_t  *ctx;

    ctx = zone->data;

    if (ngx_slack_outbox_prepare(ctx->outbox, zone->shm.log)
        != NGX_OK
        || ngx_slack_admit(ctx->outbox, ctx->cycle, zone->shm.log)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (old) {
        ngx_slack_admit_left(ctx->outbox, old->outbox, ctx->cycle,
                             zone->shm.log);

        ctx->wakeup = old->wakeup;
        ctx->shared = old->shared;

        /*
         * Whoever has changed the configuration wants to see at once whether
         * that helped: let each rare line be logged again.
         */

        ngx_slack_log_renew(&ctx->shared->log);
        ngx_slack_zone_lend(ctx);

        return NGX_OK;
    }

    ctx->wakeup = ngx_slack_wakeup_create(zone->shm.log);

    if (ctx->wakeup == -1) {
        return NGX_ERROR;
    }

    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (zone->shm.exists) {
        ctx->shared = shpool->data;
        ngx_slack_zone_lend(ctx);

        return NGX_OK;
    }

    ctx->shared = ngx_slab_calloc(shpool, sizeof(ngx_slack_shared_t));
    if (ctx->shared == NULL) {
        return NGX_ERROR;
    }

    shpool->data = ctx->shared;

    ngx_slack_history_init(&ctx->shared->history, &shpool->mutex);

    ctx->shared->tally.mutex = &shpool->mutex;
    ctx->shared->tokens.mutex = &shpool->mutex;
    ctx->shared->leader.mutex = &shpool->mutex;

    if (ngx_slack_turnstile_init(&ctx->shared->turnstile) != NGX_OK) {
        ngx_slack_log(NGX_LOG_EMERG, zone->shm.log, ngx_errno,
                      "pthread_mutex_init() failed");
        return NGX_ERROR;
    }

    ngx_slack_zone_lend(ctx);

    return NGX_OK;
}


/* the outbox uses parts of the zone, and knows nothing of it */

static void
ngx_slack_zone_lend(ngx_slack_zone_t *ctx)
{
    ctx->outbox->history = &ctx->shared->history;
    ctx->outbox->tally = &ctx->shared->tally;
    ctx->outbox->turnstile = &ctx->shared->turnstile;
    ctx->outbox->leader = &ctx->shared->leader;
}


ngx_shm_zone_t *
ngx_slack_zone_add_names(ngx_conf_t *cf, void *tag, ngx_uint_t n)
{
    size_t            size;
    ngx_str_t         name;
    ngx_uint_t       *tables;
    ngx_shm_zone_t   *zone;

    ngx_str_set(&name, "slack_notify_names");

    tables = ngx_palloc(cf->pool, sizeof(ngx_uint_t));
    if (tables == NULL) {
        return NULL;
    }

    *tables = n;

    /* the allocator wants some bytes for each page */

    size = ngx_slack_names_size(n);
    size = ngx_align(size + size / 64, ngx_pagesize)
           + NGX_SLACK_ZONE_PAGES * ngx_pagesize;

    zone = ngx_shared_memory_add(cf, &name, size, tag);
    if (zone == NULL) {
        return NULL;
    }

    zone->init = ngx_slack_zone_init_names;
    zone->data = tables;

    return zone;
}


static ngx_int_t
ngx_slack_zone_init_names(ngx_shm_zone_t *zone, void *data)
{
    ngx_slab_pool_t    *shpool;
    ngx_slack_names_t  *names;

    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (data || zone->shm.exists) {

        /* the zone has its size, and so as many tables as before */

        return NGX_OK;
    }

    names = ngx_slab_calloc(shpool,
                            ngx_slack_names_size(*(ngx_uint_t *) zone->data));
    if (names == NULL) {
        return NGX_ERROR;
    }

    names->mutex = &shpool->mutex;
    names->n = *(ngx_uint_t *) zone->data;

    shpool->data = names;

    return NGX_OK;
}


void
ngx_slack_zone_use(ngx_shm_zone_t *zone, ngx_shm_zone_t *names)
{
    ngx_slack_zone_t  *ctx;

    ctx = zone->data;

    ngx_slack_zone_shared = ctx->shared;

    if (names) {
        ngx_slack_zone_shared_names = ((ngx_slab_pool_t *) names->shm.addr)
                                      ->data;
    }

    ngx_slack_wakeup_use(ctx->wakeup, &ctx->shared->wakeup);
    ngx_slack_log_share(&ctx->shared->log);
}


ngx_slack_counters_t *
ngx_slack_zone_counters(void)
{
    return ngx_slack_zone_shared ? &ngx_slack_zone_shared->counters : NULL;
}


ngx_slack_history_t *
ngx_slack_zone_history(void)
{
    return ngx_slack_zone_shared ? &ngx_slack_zone_shared->history : NULL;
}


ngx_slack_tokens_t *
ngx_slack_zone_tokens(void)
{
    return ngx_slack_zone_shared ? &ngx_slack_zone_shared->tokens : NULL;
}


ngx_slack_names_t *
ngx_slack_zone_names(void)
{
    return ngx_slack_zone_shared_names;
}
