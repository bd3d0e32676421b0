
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Deletes what has expired, a little in each call: messages by their index,
 * keys and states by walking through their tables.  Each call makes one
 * transaction, so that storing waits for one commit only, and the caller can
 * do other work between calls.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_memory.h>
#include <ngx_slack_sqlite_thread.h>


/* maximum for each call: messages, keys, states */
#define NGX_SLACK_SQLITE_PIECE    100

/* rows that a call reads in a walk, without a lock */
#define NGX_SLACK_SQLITE_STEP     2000

/* ms between two looks for channels that are idle */
#define NGX_SLACK_SQLITE_LOOK     ((int64_t) 3600 * 1000)

/* the next walk begins when the oldest row is overdue by 1/8 of its age */
#define NGX_SLACK_SQLITE_LEEWAY   8

/* ms: a state that has not been stored for so long is deleted */
#define NGX_SLACK_SQLITE_MEMORY   ((int64_t) 90 * 24 * 3600 * 1000)


/* the expired rows that a step of a walk has found */

typedef struct {
    ngx_slack_sqlite_walk_t       *walk;
    ngx_slack_sqlite_statement_e   scan;
    ngx_slack_sqlite_statement_e   delete;
    int64_t                        age;
    int64_t                        before;       /* ms since the epoch */
    u_char                        *keys;         /* a list of lengths (size_t)
                                                    and bytes */
    size_t                         size;
    size_t                         used;
    ngx_uint_t                     n;
    unsigned                       walks:1;
    unsigned                       again:1;      /* there are more rows */
} ngx_slack_sqlite_expired_t;


typedef struct {
    int64_t                        sent;         /* sent before, ms since the
                                                    epoch */
    int64_t                        dead;
    int64_t                        now;
    ngx_uint_t                     messages;     /* deleted */
    ngx_uint_t                     memos;
    ngx_slack_sqlite_expired_t     expired[2];   /* keys, memory */
} ngx_slack_sqlite_purge_ctx_t;


static ngx_int_t ngx_slack_sqlite_recount(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_recount_wrong(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_purge_channels(ngx_slack_store_t *store,
    int64_t now);
static ngx_int_t ngx_slack_sqlite_forget_channels(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_purge_piece(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_purge_messages(ngx_slack_store_t *store,
    ngx_uint_t state, int64_t before, ngx_uint_t *n);
static ngx_int_t ngx_slack_sqlite_walk(ngx_slack_store_t *store,
    ngx_slack_sqlite_expired_t *expired);
static ngx_int_t ngx_slack_sqlite_walk_scan(ngx_slack_store_t *store,
    ngx_slack_sqlite_expired_t *expired);
static ngx_int_t ngx_slack_sqlite_walk_delete(ngx_slack_store_t *store,
    ngx_slack_sqlite_expired_t *expired);
static void ngx_slack_sqlite_walk_done(ngx_slack_sqlite_expired_t *expired,
    ngx_int_t rc);
static ngx_int_t ngx_slack_sqlite_expired_add(
    ngx_slack_sqlite_expired_t *expired, ngx_str_t *key, ngx_log_t *log);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_purge(ngx_slack_store_t *store)
{
    int64_t                       now;
    ngx_int_t                     rc;
    ngx_uint_t                    again;
    ngx_slack_sqlite_expired_t   *keys, *memory;
    ngx_slack_sqlite_purge_ctx_t  ctx;

    if (!store->purging && ngx_slack_sqlite_recount(store) != NGX_OK) {
        return NGX_ERROR;
    }

    now = ngx_slack_clock_wall();

    ngx_memzero(&ctx, sizeof(ngx_slack_sqlite_purge_ctx_t));

    ctx.now = now;
    ctx.sent = now - (int64_t) store->conf->keep_sent * 1000;
    ctx.dead = now - (int64_t) store->conf->keep_failed * 1000;

    keys = &ctx.expired[0];
    keys->walk = &store->keys;
    keys->scan = NGX_SLACK_SQL_SCAN_KEYS;
    keys->delete = NGX_SLACK_SQL_DELETE_KEY;
    keys->age = (int64_t) ngx_max(store->conf->dedup, NGX_SLACK_OUTBOX_KEEP)
                * 1000;

    memory = &ctx.expired[1];
    memory->walk = &store->memory;
    memory->scan = NGX_SLACK_SQL_SCAN_MEMORY;
    memory->delete = NGX_SLACK_SQL_DELETE_MEMORY;
    memory->age = NGX_SLACK_SQLITE_MEMORY;

    rc = ngx_slack_sqlite_walk(store, keys);

    if (rc == NGX_OK) {
        rc = ngx_slack_sqlite_walk(store, memory);
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_sqlite_transact(store, ngx_slack_sqlite_purge_piece,
                                       &ctx);
    }

    ngx_slack_sqlite_walk_done(keys, rc);
    ngx_slack_sqlite_walk_done(memory, rc);

    again = ctx.messages == NGX_SLACK_SQLITE_PIECE
            || ctx.memos == NGX_SLACK_SQLITE_PIECE || keys->again
            || memory->again;

    store->purging = 0;

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_slack_sqlite_sweep(store);

    if (rc == NGX_OK && again) {
        rc = NGX_AGAIN;
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_sqlite_purge_channels(store, now);
    }

    store->purging = (rc == NGX_AGAIN);

    return rc;
}


/* Once an hour.  Looks without a lock whether there is any. */

static ngx_int_t
ngx_slack_sqlite_purge_channels(ngx_slack_store_t *store, int64_t now)
{
    int64_t    before, n, unused;
    ngx_int_t  rc;

    /* the second test detects a clock that was set back */

    if (now < store->idle && store->idle <= now + 2 * NGX_SLACK_SQLITE_LOOK) {
        return NGX_OK;
    }

    store->idle = now + NGX_SLACK_SQLITE_LOOK;

    before = now - 1000 * (int64_t) ngx_max(NGX_SLACK_OUTBOX_IDLE,
                                            store->conf->keep_sent);

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    if (store->stmts[NGX_SLACK_SQL_IDLE] == NULL) {
        /* until a leader has migrated the file */
        return NGX_OK;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_IDLE, 1, before);

    rc = ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_IDLE, &n, &unused);

    if (ngx_slack_sqlite_read_done(store, rc) != NGX_OK) {
        return NGX_ERROR;
    }

    if (n == 0) {
        return NGX_OK;
    }

    return ngx_slack_sqlite_transact(store, ngx_slack_sqlite_forget_channels,
                                     &before);
}


/*
 * Other processes know ids of channels.  As with a change of the form, a table
 * that is created and dropped has them open the file again, and so forget
 * these, before they store what is next.
 */

static ngx_int_t
ngx_slack_sqlite_forget_channels(ngx_slack_store_t *store, void *data)
{
    int64_t  *before = data;

    ngx_slack_sqlite_forget(store);

    if (store->stmts[NGX_SLACK_SQL_FORGET_CHANNELS] == NULL) {
        return NGX_OK;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_FORGET_CHANNELS, 1,
                              *before);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_FORGET_CHANNELS) != NGX_OK
        || ngx_slack_sqlite_run(store, NGX_SLACK_SQL_FORGET_HANDLES) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_sqlite_exec(store, "CREATE TABLE raised (x);"
                                        " DROP TABLE raised");
}


/*
 * Corrects the number of waiting messages, which is wrong only if somebody has
 * edited the file.  Counting runs without the lock, as with many messages it
 * is the slowest statement.
 */

static ngx_int_t
ngx_slack_sqlite_recount(ngx_slack_store_t *store)
{
    int64_t    written, counted;
    ngx_int_t  rc;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_RECOUNT, &written,
                               &counted);

    if (ngx_slack_sqlite_read_done(store, rc) != NGX_OK) {
        return NGX_ERROR;
    }

    if (written == counted) {
        return NGX_OK;
    }

    return ngx_slack_sqlite_transact(store, ngx_slack_sqlite_recount_wrong,
                                     NULL);
}


/* The commit derives counter.settled from store->waiting. */

static ngx_int_t
ngx_slack_sqlite_recount_wrong(ngx_slack_store_t *store, void *data)
{
    int64_t  written, counted;

    if (ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_RECOUNT, &written, &counted)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    store->waiting = store->newest - counted;

    return NGX_OK;
}


/* the transaction of ngx_slack_sqlite_purge() */

static ngx_int_t
ngx_slack_sqlite_purge_piece(ngx_slack_store_t *store, void *data)
{
    ngx_slack_sqlite_purge_ctx_t *ctx = data;

    ctx->messages = 0;

    if (ngx_slack_sqlite_purge_messages(store, NGX_SLACK_SQLITE_SENT,
                                        ctx->sent, &ctx->messages)
        != NGX_OK
        || ngx_slack_sqlite_purge_messages(store, NGX_SLACK_SQLITE_DEAD,
                                           ctx->dead, &ctx->messages)
           != NGX_OK
        || ngx_slack_sqlite_walk_delete(store, &ctx->expired[0]) != NGX_OK
        || ngx_slack_sqlite_walk_delete(store, &ctx->expired[1]) != NGX_OK
        || ngx_slack_sqlite_purge_memos(store, ctx->now,
                                        NGX_SLACK_SQLITE_PIECE, &ctx->memos)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * Deletes the oldest messages that were done before "before" and adds their
 * number to *n.
 */

static ngx_int_t
ngx_slack_sqlite_purge_messages(ngx_slack_store_t *store, ngx_uint_t state,
    int64_t before, ngx_uint_t *n)
{
    if (*n == NGX_SLACK_SQLITE_PIECE) {
        return NGX_OK;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_PURGE_MESSAGES, 1,
                              (int64_t) state);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_PURGE_MESSAGES, 2, before);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_PURGE_MESSAGES, 3,
                              (int64_t) (NGX_SLACK_SQLITE_PIECE - *n));

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_PURGE_MESSAGES) != NGX_OK) {
        return NGX_ERROR;
    }

    *n += (ngx_uint_t) sqlite3_changes(store->db);

    return NGX_OK;
}


/*
 * Makes a step of a walk: reads without a lock; the expired rows are deleted
 * later, in the transaction.
 */

static ngx_int_t
ngx_slack_sqlite_walk(ngx_slack_store_t *store,
    ngx_slack_sqlite_expired_t *expired)
{
    int64_t                   now;
    ngx_slack_sqlite_walk_t  *walk;

    walk = expired->walk;
    now = ngx_slack_clock_wall();

    if (walk->len == 0) {

        /* the second test detects a clock that was set back */

        if (now < walk->next && walk->next <= now + 2 * expired->age) {
            return NGX_OK;
        }

        walk->oldest = now;
    }

    expired->walks = 1;
    expired->before = now - expired->age;

    return ngx_slack_sqlite_walk_scan(store, expired);
}


static ngx_int_t
ngx_slack_sqlite_walk_scan(ngx_slack_store_t *store,
    ngx_slack_sqlite_expired_t *expired)
{
    u_char                   *p;
    int64_t                   created;
    ngx_int_t                 rc;
    ngx_str_t                 key, last;
    ngx_uint_t                n;
    sqlite3_stmt             *stmt;
    ngx_slack_sqlite_walk_t  *walk;

    walk = expired->walk;
    n = 0;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    last.len = walk->len;
    last.data = walk->key;

    ngx_slack_sqlite_bind_text(store, expired->scan, 1, &last);
    ngx_slack_sqlite_bind_int(store, expired->scan, 2, NGX_SLACK_SQLITE_STEP);

    stmt = store->stmts[expired->scan];

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, expired->scan);

        if (rc != NGX_OK) {
            break;
        }

        key.data = (u_char *) sqlite3_column_text(stmt, 0);
        key.len = (size_t) sqlite3_column_bytes(stmt, 0);
        created = ngx_slack_sqlite_time(stmt, 1);

        if (key.data == NULL) {
            rc = NGX_ERROR;
            break;
        }

        n++;

        if (created < expired->before) {
            if (ngx_slack_sqlite_expired_add(expired, &key, store->log)
                != NGX_OK)
            {
                rc = NGX_ERROR;
                break;
            }

        } else if (created < walk->oldest) {
            walk->oldest = created;
        }

        if (n == NGX_SLACK_SQLITE_STEP || expired->n == NGX_SLACK_SQLITE_PIECE)
        {
            /* "last" points to the old key until the statement is reset */

            p = ngx_alloc(key.len, store->log);
            if (p == NULL) {
                rc = NGX_ERROR;
                break;
            }

            ngx_memcpy(p, key.data, key.len);

            (void) sqlite3_reset(stmt);

            ngx_free(walk->key);

            walk->key = p;
            walk->len = key.len;

            expired->again = 1;

            return NGX_OK;
        }
    }

    return ngx_slack_sqlite_read_done(store,
                                      (rc == NGX_DONE) ? NGX_OK : NGX_ERROR);
}


static ngx_int_t
ngx_slack_sqlite_walk_delete(ngx_slack_store_t *store,
    ngx_slack_sqlite_expired_t *expired)
{
    size_t     pos;
    ngx_str_t  key;

    pos = 0;

    while (pos < expired->used) {

        ngx_memcpy(&key.len, expired->keys + pos, sizeof(size_t));
        key.data = expired->keys + pos + sizeof(size_t);

        ngx_slack_sqlite_bind_text(store, expired->delete, 1, &key);
        ngx_slack_sqlite_bind_int(store, expired->delete, 2, expired->before);

        if (ngx_slack_sqlite_run(store, expired->delete) != NGX_OK) {
            return NGX_ERROR;
        }

        pos += sizeof(size_t) + key.len;
    }

    return NGX_OK;
}


static void
ngx_slack_sqlite_walk_done(ngx_slack_sqlite_expired_t *expired, ngx_int_t rc)
{
    ngx_slack_sqlite_walk_t  *walk;

    walk = expired->walk;

    ngx_free(expired->keys);

    if (rc != NGX_OK) {
        /* start again, as expired rows were not deleted */
        walk->len = 0;

    } else if (expired->walks && !expired->again) {
        walk->len = 0;
        walk->next = walk->oldest + expired->age
                     + expired->age / NGX_SLACK_SQLITE_LEEWAY;
    }
}


static ngx_int_t
ngx_slack_sqlite_expired_add(ngx_slack_sqlite_expired_t *expired,
    ngx_str_t *key, ngx_log_t *log)
{
    u_char  *p;
    size_t   size;

    size = sizeof(size_t) + key->len;

    if (expired->size - expired->used < size) {
        p = ngx_alloc(2 * expired->size + size + 4096, log);
        if (p == NULL) {
            return NGX_ERROR;
        }

        if (expired->used) {
            ngx_memcpy(p, expired->keys, expired->used);
        }

        ngx_free(expired->keys);

        expired->keys = p;
        expired->size = 2 * expired->size + size + 4096;
    }

    p = expired->keys + expired->used;

    ngx_memcpy(p, &key->len, sizeof(size_t));
    ngx_memcpy(p + sizeof(size_t), key->data, key->len);

    expired->used += size;
    expired->n++;

    return NGX_OK;
}
