
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Forgetting, in pieces so small that nobody who stores waits long: messages
 * by their index, keys and memory by walking through their tables.  Runs in a
 * pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_sqlite.h>


#define NGX_SLACK_SQLITE_PIECE    100            /* rows of a transaction */
#define NGX_SLACK_SQLITE_PIECES   20             /* transactions of a call */
#define NGX_SLACK_SQLITE_STEP     2000           /* rows looked at in a walk */

/* a walk through a table begins when so much of its age has passed */
#define NGX_SLACK_SQLITE_LEEWAY   8

/* branches and alerts that nobody has heard of for so long begin anew */
#define NGX_SLACK_SQLITE_MEMORY   ((int64_t) 90 * 24 * 3600 * 1000)


typedef struct {
    int64_t                        state;
    int64_t                        before;
    ngx_uint_t                     deleted;
} ngx_slack_sqlite_purge_ctx_t;


typedef struct {
    u_char                        *keys;         /* size_t, bytes; … */
    size_t                         size;
    size_t                         used;
    size_t                         pos;
    int64_t                        before;
    ngx_slack_sqlite_statement_e   delete;
} ngx_slack_sqlite_expired_t;


static ngx_int_t ngx_slack_sqlite_recount(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_recount_wrong(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_purge_state(ngx_slack_store_t *store,
    ngx_uint_t state, time_t keep);
static ngx_int_t ngx_slack_sqlite_purge_piece(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_walk(ngx_slack_store_t *store,
    ngx_slack_sqlite_walk_t *walk, ngx_slack_sqlite_statement_e scan,
    ngx_slack_sqlite_statement_e delete, int64_t age);
static ngx_int_t ngx_slack_sqlite_walk_scan(ngx_slack_store_t *store,
    ngx_slack_sqlite_walk_t *walk, ngx_slack_sqlite_statement_e scan,
    ngx_slack_sqlite_expired_t *expired, ngx_uint_t *n);
static ngx_int_t ngx_slack_sqlite_walk_delete(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_expired_add(
    ngx_slack_sqlite_expired_t *expired, ngx_str_t *key, ngx_log_t *log);


ngx_int_t
ngx_slack_sqlite_purge(ngx_slack_store_t *store)
{
    ngx_int_t   rc;
    ngx_uint_t  again;

    if (!store->purging && ngx_slack_sqlite_recount(store) != NGX_OK) {
        return NGX_ERROR;
    }

    again = 0;
    store->purging = 0;

    rc = ngx_slack_sqlite_purge_state(store, NGX_SLACK_SQLITE_SENT,
                                      store->conf->keep_sent);
    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    again |= (rc == NGX_AGAIN);

    rc = ngx_slack_sqlite_purge_state(store, NGX_SLACK_SQLITE_DEAD,
                                      store->conf->keep_failed);
    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    again |= (rc == NGX_AGAIN);

    rc = ngx_slack_sqlite_walk(store, &store->keys, NGX_SLACK_SQL_SCAN_KEYS,
                               NGX_SLACK_SQL_DELETE_KEY,
                               (int64_t) ngx_max(store->conf->dedup,
                                                 NGX_SLACK_OUTBOX_KEEP)
                               * 1000);
    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    again |= (rc == NGX_AGAIN);

    rc = ngx_slack_sqlite_walk(store, &store->memory,
                               NGX_SLACK_SQL_SCAN_MEMORY,
                               NGX_SLACK_SQL_DELETE_MEMORY,
                               NGX_SLACK_SQLITE_MEMORY);
    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    again |= (rc == NGX_AGAIN);

    store->purging = (again != 0);

    return again ? NGX_AGAIN : NGX_OK;
}


/*
 * How many wait is right unless somebody edited the file by hand.  It is
 * counted without the lock: with many that is the longest of all statements.
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


/* what is written with the commit follows from how many wait */

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


static ngx_int_t
ngx_slack_sqlite_purge_state(ngx_slack_store_t *store, ngx_uint_t state,
    time_t keep)
{
    ngx_uint_t                    i;
    ngx_slack_sqlite_purge_ctx_t  ctx;

    ctx.state = (int64_t) state;
    ctx.before = ngx_slack_clock_wall() - (int64_t) keep * 1000;

    for (i = 0; i < NGX_SLACK_SQLITE_PIECES; i++) {

        if (ngx_slack_sqlite_transact(store, ngx_slack_sqlite_purge_piece,
                                      &ctx)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (ctx.deleted < NGX_SLACK_SQLITE_PIECE) {
            return NGX_OK;
        }
    }

    return NGX_AGAIN;
}


static ngx_int_t
ngx_slack_sqlite_purge_piece(ngx_slack_store_t *store, void *data)
{
    ngx_slack_sqlite_purge_ctx_t  *ctx;

    ctx = data;

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_PURGE_MESSAGES, 1,
                              ctx->state);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_PURGE_MESSAGES, 2,
                              ctx->before);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_PURGE_MESSAGES, 3,
                              NGX_SLACK_SQLITE_PIECE);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_PURGE_MESSAGES) != NGX_OK) {
        return NGX_ERROR;
    }

    ctx->deleted = (ngx_uint_t) sqlite3_changes(store->db);

    return NGX_OK;
}


/* a step of a walk: reads without a lock, then deletes what is expired */

static ngx_int_t
ngx_slack_sqlite_walk(ngx_slack_store_t *store, ngx_slack_sqlite_walk_t *walk,
    ngx_slack_sqlite_statement_e scan, ngx_slack_sqlite_statement_e delete,
    int64_t age)
{
    int64_t                     now;
    ngx_int_t                   rc;
    ngx_uint_t                  n;
    ngx_slack_sqlite_expired_t  expired;

    now = ngx_slack_clock_wall();

    if (walk->len == 0) {

        /* the second test: the clock was set back */

        if (now < walk->next && walk->next <= now + age + age) {
            return NGX_OK;
        }

        walk->oldest = now;
    }

    ngx_memzero(&expired, sizeof(ngx_slack_sqlite_expired_t));

    expired.before = now - age;
    expired.delete = delete;

    rc = ngx_slack_sqlite_walk_scan(store, walk, scan, &expired, &n);

    while (rc == NGX_OK && expired.pos < expired.used) {
        rc = ngx_slack_sqlite_transact(store, ngx_slack_sqlite_walk_delete,
                                       &expired);
    }

    ngx_free(expired.keys);

    if (rc != NGX_OK) {
        /* from the beginning, as what was read is not deleted */
        walk->len = 0;
        return NGX_ERROR;
    }

    if (n == NGX_SLACK_SQLITE_STEP) {
        return NGX_AGAIN;
    }

    walk->len = 0;
    walk->next = walk->oldest + age + age / NGX_SLACK_SQLITE_LEEWAY;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_walk_scan(ngx_slack_store_t *store,
    ngx_slack_sqlite_walk_t *walk, ngx_slack_sqlite_statement_e scan,
    ngx_slack_sqlite_expired_t *expired, ngx_uint_t *n)
{
    u_char        *p;
    int64_t        created;
    ngx_int_t      rc;
    ngx_str_t      key, last;
    sqlite3_stmt  *stmt;

    *n = 0;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    last.len = walk->len;
    last.data = walk->key;

    ngx_slack_sqlite_bind_text(store, scan, 1, &last);
    ngx_slack_sqlite_bind_int(store, scan, 2, NGX_SLACK_SQLITE_STEP);

    stmt = store->stmts[scan];

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, scan);

        if (rc != NGX_OK) {
            break;
        }

        key.data = (u_char *) sqlite3_column_text(stmt, 0);
        key.len = (size_t) sqlite3_column_bytes(stmt, 0);
        created = sqlite3_column_int64(stmt, 1);

        if (key.data == NULL) {
            rc = NGX_ERROR;
            break;
        }

        (*n)++;

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

        if (*n == NGX_SLACK_SQLITE_STEP) {

            /* "last" points to the old one until the statement is reset */

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

            return NGX_OK;
        }
    }

    return ngx_slack_sqlite_read_done(store,
                                      (rc == NGX_DONE) ? NGX_OK : NGX_ERROR);
}


static ngx_int_t
ngx_slack_sqlite_walk_delete(ngx_slack_store_t *store, void *data)
{
    size_t                       pos;
    ngx_str_t                    key;
    ngx_uint_t                   i;
    ngx_slack_sqlite_expired_t  *expired;

    expired = data;
    pos = expired->pos;

    for (i = 0; i < NGX_SLACK_SQLITE_PIECE && pos < expired->used; i++) {

        ngx_memcpy(&key.len, expired->keys + pos, sizeof(size_t));
        key.data = expired->keys + pos + sizeof(size_t);

        ngx_slack_sqlite_bind_text(store, expired->delete, 1, &key);
        ngx_slack_sqlite_bind_int(store, expired->delete, 2, expired->before);

        if (ngx_slack_sqlite_run(store, expired->delete) != NGX_OK) {
            return NGX_ERROR;
        }

        pos += sizeof(size_t) + key.len;
    }

    /* what a failed commit leaves is for the next walk */

    expired->pos = pos;

    return NGX_OK;
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

    return NGX_OK;
}
