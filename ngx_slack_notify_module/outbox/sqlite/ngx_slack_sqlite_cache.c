
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Ids of channels, and a cache of them, which saves a query for each message
 * that is stored.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_sqlite.h>


static ngx_int_t ngx_slack_sqlite_find_channel(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message, int64_t *id);
static ngx_int_t ngx_slack_sqlite_recall(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message, int64_t *id);
static void ngx_slack_sqlite_keep(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message, int64_t id);
static uint32_t ngx_slack_sqlite_hash(ngx_slack_new_message_t *message);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_channel(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message, int64_t *id)
{
    if (ngx_slack_sqlite_recall(store, message, id) == NGX_OK) {
        return NGX_OK;
    }

    if (ngx_slack_sqlite_find_channel(store, message, id) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_keep(store, message, *id);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_find_channel(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message, int64_t *id)
{
    sqlite3_stmt  *stmt;

    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_DESTINATION, 1,
                               &message->workspace);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_DESTINATION, 2,
                               &message->channel);

    switch (ngx_slack_sqlite_step(store, NGX_SLACK_SQL_DESTINATION)) {

    case NGX_OK:
        stmt = store->stmts[NGX_SLACK_SQL_DESTINATION];
        *id = sqlite3_column_int64(stmt, 0);
        (void) sqlite3_reset(stmt);

        return NGX_OK;

    case NGX_DONE:
        break;

    default:
        return NGX_ERROR;
    }

    /* begins with the time, so that it is never an id of another file */

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ADD_DESTINATION, 1,
                              ngx_slack_clock_wall());
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_DESTINATION, 2,
                               &message->workspace);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_DESTINATION, 3,
                               &message->channel);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_ADD_DESTINATION) != NGX_OK) {
        return NGX_ERROR;
    }

    *id = sqlite3_last_insert_rowid(store->db);

    return NGX_OK;
}


/* NGX_OK: *id is set; NGX_DECLINED: the channel is not in the cache */

static ngx_int_t
ngx_slack_sqlite_recall(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message, int64_t *id)
{
    uint32_t                   hash;
    ngx_slack_sqlite_known_t  *known;

    hash = ngx_slack_sqlite_hash(message);

    for (known = store->known[hash % NGX_SLACK_SQLITE_BUCKETS];
         known != NULL;
         known = known->next)
    {
        if (known->hash == hash
            && known->workspace == message->workspace.len
            && known->channel == message->channel.len
            && ngx_memcmp(known->name, message->workspace.data,
                          known->workspace)
               == 0
            && (known->channel == 0
                || ngx_memcmp(known->name + known->workspace,
                              message->channel.data, known->channel)
                   == 0))
        {
            *id = known->id;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


/*
 * Adds a channel to the cache.  Without memory it is not added, and is read
 * from the file again next time.
 */

static void
ngx_slack_sqlite_keep(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message, int64_t id)
{
    u_char                    *p;
    uint32_t                   hash;
    ngx_slack_sqlite_known_t  *known, **bucket;

    if (store->nknown == NGX_SLACK_SQLITE_KNOWN) {
        ngx_slack_sqlite_forget(store);
    }

    known = ngx_alloc(offsetof(ngx_slack_sqlite_known_t, name)
                      + message->workspace.len + message->channel.len,
                      store->log);
    if (known == NULL) {
        return;
    }

    hash = ngx_slack_sqlite_hash(message);
    bucket = &store->known[hash % NGX_SLACK_SQLITE_BUCKETS];

    known->next = *bucket;
    known->id = id;
    known->hash = hash;
    known->workspace = message->workspace.len;
    known->channel = message->channel.len;

    p = ngx_cpymem(known->name, message->workspace.data,
                   message->workspace.len);

    if (message->channel.len) {
        ngx_memcpy(p, message->channel.data, message->channel.len);
    }

    *bucket = known;
    store->nknown++;
}


/* FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */

static uint32_t
ngx_slack_sqlite_hash(ngx_slack_new_message_t *message)
{
    size_t    i;
    uint32_t  hash;

    hash = 2166136261U;

    for (i = 0; i < message->workspace.len; i++) {
        hash = (hash ^ message->workspace.data[i]) * 16777619U;
    }

    for (i = 0; i < message->channel.len; i++) {
        hash = (hash ^ message->channel.data[i]) * 16777619U;
    }

    return hash;
}


void
ngx_slack_sqlite_forget(ngx_slack_store_t *store)
{
    ngx_uint_t                 i;
    ngx_slack_sqlite_known_t  *known, *next;

    store->emptied++;

    if (store->nknown == 0) {
        return;
    }

    for (i = 0; i < NGX_SLACK_SQLITE_BUCKETS; i++) {

        for (known = store->known[i]; known != NULL; known = next) {
            next = known->next;
            ngx_free(known);
        }

        store->known[i] = NULL;
    }

    store->nknown = 0;
}
