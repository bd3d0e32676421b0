
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A cache of threads, which saves most replies and changes a query.  Runs in a
 * pool thread, in a transaction.
 *
 * What it tells of a thread may be behind the file, as other stores write it,
 * too.  But a thread that has lost its key, its handle or its root, or whose
 * flags have changed, raises counter.threads, in whatever process: triggers of
 * the file do most of that, ngx_slack_sqlite_revise_threads() the rest.  Who
 * begins a transaction looks at that counter if another has written, and then
 * empties the cache.  What else the caller needs it compares when it writes.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_thread.h>


/* a power of two; a thread takes the place of another one with its hash */
#define NGX_SLACK_SQLITE_CACHED      512

#define NGX_SLACK_SQLITE_RECENT_KEY  128         /* bytes */


struct ngx_slack_sqlite_recent_s {
    ngx_slack_sqlite_thread_t   thread;
    uint64_t                    filled;      /* store->emptied + 1 when it was;
                                                0: never */
    size_t                      len;
    u_char                      key[NGX_SLACK_SQLITE_RECENT_KEY];
};


static ngx_slack_sqlite_recent_t *ngx_slack_sqlite_recent(
    ngx_slack_store_t *store, int64_t channel, ngx_str_t *key);
static ngx_uint_t ngx_slack_sqlite_is_recent(ngx_slack_store_t *store,
    ngx_slack_sqlite_recent_t *recent, int64_t channel, ngx_str_t *key);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_recall_thread(ngx_slack_store_t *store, int64_t channel,
    ngx_str_t *key, ngx_slack_sqlite_thread_t *thread)
{
    ngx_slack_sqlite_recent_t  *recent;

    if (store->recent == NULL) {
        return NGX_DECLINED;
    }

    recent = ngx_slack_sqlite_recent(store, channel, key);

    if (!ngx_slack_sqlite_is_recent(store, recent, channel, key)) {
        return NGX_DECLINED;
    }

    *thread = recent->thread;

    return NGX_OK;
}


/* executed in a pool thread */

void
ngx_slack_sqlite_keep_thread(ngx_slack_store_t *store, ngx_str_t *key,
    ngx_slack_sqlite_thread_t *thread)
{
    ngx_slack_sqlite_recent_t  *recent;

    if (store->recent == NULL) {
        store->recent = ngx_calloc(NGX_SLACK_SQLITE_CACHED
                                   * sizeof(ngx_slack_sqlite_recent_t),
                                   store->log);
        if (store->recent == NULL) {
            return;
        }
    }

    recent = ngx_slack_sqlite_recent(store, thread->destination, key);

    if (key->len > NGX_SLACK_SQLITE_RECENT_KEY
        || (thread->flags & NGX_SLACK_SQLITE_ENDED)
        || thread->has == NGX_SLACK_SQLITE_NO_ROOT)
    {
        if (ngx_slack_sqlite_is_recent(store, recent, thread->destination,
                                       key))
        {
            recent->filled = 0;
        }

        return;
    }

    recent->thread = *thread;
    recent->filled = store->emptied + 1;
    recent->len = key->len;
    ngx_memcpy(recent->key, key->data, key->len);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_revise_threads(ngx_slack_store_t *store)
{
    store->emptied++;

    /* until a leader has migrated the file, nobody's cache lasts */

    return store->stmts[NGX_SLACK_SQL_REVISE_THREADS]
           ? ngx_slack_sqlite_run(store, NGX_SLACK_SQL_REVISE_THREADS)
           : NGX_OK;
}


static ngx_slack_sqlite_recent_t *
ngx_slack_sqlite_recent(ngx_slack_store_t *store, int64_t channel,
    ngx_str_t *key)
{
    size_t    i;
    uint32_t  hash;

    /* FNV-1a, as in ngx_slack_sqlite_cache.c */

    hash = (2166136261U ^ (uint32_t) channel) * 16777619U;

    for (i = 0; i < key->len; i++) {
        hash = (hash ^ key->data[i]) * 16777619U;
    }

    hash ^= hash >> 16;

    return &store->recent[hash & (NGX_SLACK_SQLITE_CACHED - 1)];
}


static ngx_uint_t
ngx_slack_sqlite_is_recent(ngx_slack_store_t *store,
    ngx_slack_sqlite_recent_t *recent, int64_t channel, ngx_str_t *key)
{
    return recent->filled == store->emptied + 1
           && recent->thread.destination == channel
           && recent->len == key->len
           && ngx_memcmp(recent->key, key->data, key->len) == 0;
}
