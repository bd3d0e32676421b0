
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Threads as operators see them, and the end of threads: those that are
 * forgotten, have expired or are too many.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_thread.h>


/* maximum of rows that a call deletes, and reads without a lock */
#define NGX_SLACK_SQLITE_PIECE    100
#define NGX_SLACK_SQLITE_STEP     2000

/*
 * The next walk begins after so many ms, or when so many messages were stored
 * since the start of the last one.
 */
#define NGX_SLACK_SQLITE_PAUSE    (10 * 60 * 1000)
#define NGX_SLACK_SQLITE_MANY     (NGX_SLACK_OUTBOX_THREADS / 10)


typedef struct {
    int64_t                   ids[NGX_SLACK_SQLITE_PIECE];
    ngx_uint_t                n;
    int64_t                   now;
    int64_t                   beyond;
} ngx_slack_sqlite_swept_t;


static ngx_int_t ngx_slack_sqlite_sweep_begin(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_sweep_scan(ngx_slack_store_t *store,
    ngx_slack_sqlite_swept_t *swept);
static ngx_int_t ngx_slack_sqlite_sweep_delete(ngx_slack_store_t *store,
    void *data);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_threads(ngx_slack_store_t *store, ngx_slack_scope_t *scope,
    ngx_str_t *key, ngx_slack_thread_pt handler, void *data)
{
    ngx_int_t                      rc;
    sqlite3_stmt                  *stmt;
    ngx_slack_thread_info_t        thread;
    ngx_slack_sqlite_statement_e   n;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    n = key ? NGX_SLACK_SQL_THREADS_OF : NGX_SLACK_SQL_THREADS;

    ngx_slack_sqlite_bind_scope(store, n, scope);
    ngx_slack_sqlite_bind_int(store, n, 5, ngx_slack_clock_wall());

    if (key) {
        ngx_slack_sqlite_bind_text(store, n, 6, key);
    }

    stmt = store->stmts[n];

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, n);

        if (rc != NGX_OK) {
            break;
        }

        thread.id = sqlite3_column_int64(stmt, 0);
        thread.workspace.data = (u_char *) sqlite3_column_text(stmt, 1);
        thread.workspace.len = (size_t) sqlite3_column_bytes(stmt, 1);
        thread.channel.data = (u_char *) sqlite3_column_text(stmt, 2);
        thread.channel.len = (size_t) sqlite3_column_bytes(stmt, 2);
        thread.key.data = (u_char *) sqlite3_column_text(stmt, 3);
        thread.key.len = (size_t) sqlite3_column_bytes(stmt, 3);
        thread.handle.data = (u_char *) sqlite3_column_text(stmt, 4);
        thread.handle.len = (size_t) sqlite3_column_bytes(stmt, 4);
        thread.stamp = ngx_slack_sqlite_time(stmt, 5);
        thread.touched = ngx_slack_sqlite_time(stmt, 6);
        thread.expires = ngx_slack_sqlite_time(stmt, 7);
        thread.final = sqlite3_column_int(stmt, 8) ? 1 : 0;
        thread.waits = sqlite3_column_int64(stmt, 9) ? 1 : 0;
        thread.ended = sqlite3_column_int(stmt, 10) ? 1 : 0;
        thread.root = sqlite3_column_int(stmt, 11) ? 1 : 0;

        if (thread.workspace.data == NULL || thread.channel.data == NULL
            || thread.key.data == NULL || thread.handle.data == NULL)
        {
            ngx_slack_sqlite_error(store, SQLITE_NOMEM);
            rc = NGX_ERROR;
            break;
        }

        if (handler(&thread, data) != NGX_OK) {
            (void) sqlite3_reset(stmt);
            return NGX_ERROR;
        }
    }

    return ngx_slack_sqlite_read_done(store,
                                      (rc == NGX_DONE) ? NGX_OK : NGX_ERROR);
}


/*
 * executed in a pool thread
 *
 * The row stays until nothing waits for it any more.
 */

ngx_int_t
ngx_slack_sqlite_forget_thread(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now)
{
    ngx_int_t                  rc;
    ngx_slack_sqlite_thread_t  thread;

    rc = ngx_slack_sqlite_thread(store, id, &thread);

    if (rc != NGX_OK) {
        return rc;
    }

    if (!thread.found || thread.expires < now) {
        return NGX_DECLINED;
    }

    if (thread.has != NGX_SLACK_SQLITE_ROOT_WAITS) {
        thread.root = 0;

        if (ngx_slack_sqlite_succeed(store, &thread) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    thread.flags = NGX_SLACK_SQLITE_ENDED;
    thread.forgets = 1;

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_FORGET_THREAD, 1, id);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_FORGET_THREAD) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_sqlite_set_thread(store, &thread);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_sweep(ngx_slack_store_t *store)
{
    int64_t                    now;
    ngx_int_t                  rc;
    ngx_slack_sqlite_sweep_t  *sweep;
    ngx_slack_sqlite_swept_t   swept;

    sweep = &store->threads;
    now = ngx_slack_clock_wall();

    if (sweep->id == 0) {

        /* the second test detects a clock that was set back */

        if (now < sweep->next && sweep->next <= now + NGX_SLACK_SQLITE_PAUSE
            && store->newest >= sweep->newest
            && store->newest - sweep->newest <= NGX_SLACK_SQLITE_MANY)
        {
            return NGX_OK;
        }

        if (ngx_slack_sqlite_sweep_begin(store) != NGX_OK) {
            return NGX_ERROR;
        }

        sweep->newest = store->newest;
        sweep->next = now + NGX_SLACK_SQLITE_PAUSE;
    }

    swept.n = 0;
    swept.now = now;
    swept.beyond = sweep->beyond;

    rc = ngx_slack_sqlite_sweep_scan(store, &swept);

    if (rc != NGX_ERROR && swept.n
        && ngx_slack_sqlite_transact(store, ngx_slack_sqlite_sweep_delete,
                                     &swept)
           != NGX_OK)
    {
        rc = NGX_ERROR;
    }

    if (rc == NGX_ERROR) {

        /* start again, as the rows were not deleted */

        sweep->id = 0;
        sweep->next = 0;
    }

    return rc;
}


/* Finds which threads are too many. */

static ngx_int_t
ngx_slack_sqlite_sweep_begin(ngx_slack_store_t *store)
{
    int64_t        n, unused;
    ngx_int_t      rc;
    sqlite3_stmt  *stmt;

    store->threads.beyond = -1;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_COUNT_THREADS, 1,
                              NGX_SLACK_OUTBOX_THREADS);

    rc = ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_COUNT_THREADS, &n,
                               &unused);

    if (rc != NGX_OK || n <= 0) {
        return ngx_slack_sqlite_read_done(store, rc);
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_OLD_THREAD, 1, n);

    rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_OLD_THREAD);

    if (rc == NGX_OK) {
        stmt = store->stmts[NGX_SLACK_SQL_OLD_THREAD];
        store->threads.beyond = sqlite3_column_int64(stmt, 0);

        (void) sqlite3_reset(stmt);
    }

    return ngx_slack_sqlite_read_done(store,
                                      (rc == NGX_DONE) ? NGX_OK : rc);
}


/* NGX_AGAIN: there are more rows */

static ngx_int_t
ngx_slack_sqlite_sweep_scan(ngx_slack_store_t *store,
    ngx_slack_sqlite_swept_t *swept)
{
    int64_t        id;
    ngx_int_t      rc;
    ngx_uint_t     n;
    sqlite3_stmt  *stmt;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SCAN_THREADS, 1,
                              store->threads.id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SCAN_THREADS, 2,
                              NGX_SLACK_SQLITE_STEP);

    stmt = store->stmts[NGX_SLACK_SQL_SCAN_THREADS];
    n = 0;

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_SCAN_THREADS);

        if (rc != NGX_OK) {
            break;
        }

        id = sqlite3_column_int64(stmt, 0);

        if (sqlite3_column_int(stmt, 1)
            || sqlite3_column_int64(stmt, 2) < swept->now
            || sqlite3_column_int64(stmt, 3) <= swept->beyond)
        {
            swept->ids[swept->n++] = id;
        }

        n++;

        if (n == NGX_SLACK_SQLITE_STEP || swept->n == NGX_SLACK_SQLITE_PIECE) {
            store->threads.id = id;
            (void) sqlite3_reset(stmt);

            return NGX_AGAIN;
        }
    }

    store->threads.id = 0;

    return ngx_slack_sqlite_read_done(store,
                                      (rc == NGX_DONE) ? NGX_OK : NGX_ERROR);
}


static ngx_int_t
ngx_slack_sqlite_sweep_delete(ngx_slack_store_t *store, void *data)
{
    ngx_slack_sqlite_swept_t *swept = data;

    ngx_uint_t  i, n;

    ngx_slack_sqlite_forget_threads(store);

    n = NGX_SLACK_SQL_DELETE_THREAD;

    for (i = 0; i < swept->n; i++) {
        ngx_slack_sqlite_bind_int(store, n, 1, swept->ids[i]);
        ngx_slack_sqlite_bind_int(store, n, 2, swept->now);
        ngx_slack_sqlite_bind_int(store, n, 3, swept->beyond);
        ngx_slack_sqlite_bind_int(store, n, 4, NGX_SLACK_SQLITE_BEHIND);

        if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_DELETE_THREAD)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
