
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Transactions of the SQLite engine, and their error handling.  Knows only the
 * row of "counter".  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_log.h>
#include <ngx_slack_sqlite.h>

#include <sys/file.h>


/* who opens the file does so in milliseconds, but may be stuck */

#define NGX_SLACK_SQLITE_GUARD        5          /* milliseconds */
#define NGX_SLACK_SQLITE_GUARD_TIMES  800


static ngx_int_t ngx_slack_sqlite_begin(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_commit(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_abort(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_counters(ngx_slack_store_t *store,
    int64_t *settled, int64_t *newest);
static ngx_int_t ngx_slack_sqlite_current(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_guarded(ngx_slack_store_t *store,
    ngx_int_t (*handler)(ngx_slack_store_t *store));
static ngx_fd_t ngx_slack_sqlite_guard(ngx_slack_store_t *store);
static ngx_uint_t ngx_slack_sqlite_moved(ngx_slack_store_t *store);
static unsigned int ngx_slack_sqlite_data_version(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_lock(ngx_slack_store_t *store);
static void ngx_slack_sqlite_unlock(ngx_slack_store_t *store);
static void ngx_slack_sqlite_works(ngx_slack_store_t *store);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_transact(ngx_slack_store_t *store,
    ngx_slack_sqlite_handler_pt handler, void *data)
{
    ngx_uint_t  tries;

    for (tries = 0; tries < 2; tries++) {

        if (ngx_slack_sqlite_begin(store) == NGX_OK
            && handler(store, data) == NGX_OK
            && ngx_slack_sqlite_commit(store) == NGX_OK)
        {
            ngx_slack_sqlite_unlock(store);
            return NGX_OK;
        }

        if (ngx_slack_sqlite_abort(store) != NGX_AGAIN) {
            break;
        }
    }

    return NGX_ERROR;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_read(ngx_slack_store_t *store)
{
    ngx_uint_t  tries;

    for (tries = 0; tries < 2; tries++) {

        if (ngx_slack_sqlite_current(store) == NGX_OK) {
            return NGX_OK;
        }

        if (ngx_slack_sqlite_abort(store) != NGX_AGAIN) {
            break;
        }
    }

    return NGX_ERROR;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_read_done(ngx_slack_store_t *store, ngx_int_t rc)
{
    if (rc != NGX_OK) {
        (void) ngx_slack_sqlite_abort(store);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_begin(ngx_slack_store_t *store)
{
    int64_t  settled, newest, should;

    if (ngx_slack_sqlite_lock(store) != NGX_OK
        || ngx_slack_sqlite_current(store) != NGX_OK
        || ngx_slack_sqlite_run(store, NGX_SLACK_SQL_BEGIN) != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* no other process has written since the last commit */

    if (store->counted
        && store->version == ngx_slack_sqlite_data_version(store))
    {
        return NGX_OK;
    }

    if (ngx_slack_sqlite_counters(store, &settled, &newest) != NGX_OK) {
        return NGX_ERROR;
    }

    if (newest < 0 || newest > NGX_SLACK_SQLITE_ID_MAX) {

        /* no ids are left; a new file must not continue with these */

        store->newest = 0;
        store->corrupt = 1;

        ngx_slack_sqlite_fault(store, NGX_SLACK_SQLITE_CORRUPT,
                               "its greatest id was not made by nginx", 0);
        return NGX_ERROR;
    }

    should = settled;

    if (settled < 0 || settled > newest) {

        /* ngx_slack_sqlite_purge.c would correct this, too, but only later */

        if (ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_RECOUNT, &settled,
                                  &should)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    store->settled = settled;
    store->newest = newest;
    store->waiting = newest - should;
    store->counted = 1;

    return NGX_OK;
}


/* Another process may have written: what is remembered of the file goes. */

static ngx_int_t
ngx_slack_sqlite_counters(ngx_slack_store_t *store, int64_t *settled,
    int64_t *newest)
{
    int64_t                       revisions;
    ngx_slack_sqlite_statement_e  n;

    n = store->stmts[NGX_SLACK_SQL_COUNTERS] ? NGX_SLACK_SQL_COUNTERS
                                             : NGX_SLACK_SQL_COUNTER;

    if (ngx_slack_sqlite_triple(store, n, settled, newest, &revisions)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (sqlite3_stmt_status(store->stmts[n], SQLITE_STMTSTATUS_REPREPARE, 1)) {

        /* the schema has changed: check the form of the file again */

        store->stale = 1;
        return NGX_ERROR;
    }

    if (n == NGX_SLACK_SQL_COUNTER || revisions != store->revisions) {
        store->emptied++;
        store->revisions = revisions;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_commit(ngx_slack_store_t *store)
{
    if (store->newest - store->waiting != store->settled) {
        ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SET_COUNTER, 1,
                                  store->newest - store->waiting);

        if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_SET_COUNTER) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_COMMIT) != NGX_OK) {
        return NGX_ERROR;
    }

    store->settled = store->newest - store->waiting;
    store->version = ngx_slack_sqlite_data_version(store);

    store->suspect = 0;

    if (store->failing) {
        ngx_slack_sqlite_works(store);
    }

    return NGX_OK;
}


/*
 * Call after an error, in a transaction or not.  Rolls back, repairs what it
 * can, and unlocks.  NGX_AGAIN: the caller should try again at once.
 */

static ngx_int_t
ngx_slack_sqlite_abort(ngx_slack_store_t *store)
{
    ngx_int_t   rc;
    ngx_uint_t  n;

    rc = NGX_ERROR;

    /* cached ids may be of channels whose insertion is rolled back */

    ngx_slack_sqlite_forget(store);

    store->counted = 0;

    if (store->db != NULL) {

        for (n = 0; n < NGX_SLACK_SQL_LAST; n++) {
            (void) sqlite3_reset(store->stmts[n]);
        }

        /* SQLite has rolled back already after some errors */

        if (!sqlite3_get_autocommit(store->db)
            && sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL)
               != SQLITE_OK)
        {
            store->reopen = 1;
        }
    }

    if (store->corrupt && (store->locked
                           || ngx_slack_sqlite_lock(store) == NGX_OK))
    {
        rc = ngx_slack_sqlite_guarded(store, ngx_slack_sqlite_set_aside);
    }

    if (store->stale) {
        store->reopen = 1;
        rc = NGX_AGAIN;
    }

    if (store->reopen) {
        ngx_slack_sqlite_close(store);
    }

    ngx_slack_sqlite_unlock(store);

    return rc;
}


/*
 * Opens the file if it is not open, and reopens it if it was replaced or its
 * form has changed.
 */

static ngx_int_t
ngx_slack_sqlite_current(ngx_slack_store_t *store)
{
    ngx_uint_t  moved;

    moved = (store->db != NULL && ngx_slack_sqlite_moved(store));

    if (store->db != NULL && !moved && !store->stale
        && !ngx_slack_sqlite_schema_changed(store))
    {
        return NGX_OK;
    }

    if (moved && ngx_slack_log_allowed(NGX_SLACK_RARE_OUTBOX_MOVED, 0)) {
        ngx_slack_log(NGX_LOG_WARN, store->log, 0,
                      "outbox \"%V\" was moved away or removed, the one "
                      "in its place is used from now on",
                      &store->conf->address);
    }

    ngx_slack_sqlite_close(store);

    return ngx_slack_sqlite_guarded(store, ngx_slack_sqlite_open);
}


/* "handler" opens the file or sets it aside */

static ngx_int_t
ngx_slack_sqlite_guarded(ngx_slack_store_t *store,
    ngx_int_t (*handler)(ngx_slack_store_t *store))
{
    ngx_fd_t   guard;
    ngx_int_t  rc;

    guard = ngx_slack_sqlite_guard(store);

    if (guard == NGX_INVALID_FILE) {
        return NGX_ERROR;
    }

    rc = handler(store);

    (void) close(guard);

    return rc;
}


/*
 * One process at a time opens, creates or replaces the file; this excludes
 * those of another nginx and of earlier versions of the module, too, which
 * hold the same lock file whenever they write.  Returns the locked file, to be
 * closed; NGX_INVALID_FILE: logged.  Commits do without, as SQLite's own locks
 * exclude other writers.
 */

static ngx_fd_t
ngx_slack_sqlite_guard(ngx_slack_store_t *store)
{
    ngx_fd_t    fd;
    ngx_err_t   err;
    ngx_uint_t  n;

    fd = open(store->lock, O_RDWR|O_CREAT|O_CLOEXEC|O_NOFOLLOW,
              S_IRUSR|S_IWUSR);

    if (fd == NGX_INVALID_FILE) {
        ngx_slack_sqlite_fault(store, NGX_SLACK_SQLITE_CANTOPEN,
                               "open() of its lock file failed", ngx_errno);
        return NGX_INVALID_FILE;
    }

    for (n = 0; flock(fd, LOCK_EX|LOCK_NB) == -1; n++) {

        err = ngx_errno;

        if (err == NGX_EINTR) {
            continue;
        }

        if (err != NGX_EAGAIN || n >= NGX_SLACK_SQLITE_GUARD_TIMES) {
            ngx_slack_sqlite_fault(store, (err == NGX_EAGAIN)
                                          ? NGX_SLACK_SQLITE_HELD
                                          : NGX_SLACK_SQLITE_LOCK,
                                   "flock() failed", err);
            (void) close(fd);

            return NGX_INVALID_FILE;
        }

        ngx_msleep(NGX_SLACK_SQLITE_GUARD);
    }

    return fd;
}


/*
 * For this function and the next one: without a database name SQLite uses
 * "main" and saves a look-up.
 */

static ngx_uint_t
ngx_slack_sqlite_moved(ngx_slack_store_t *store)
{
    int  moved;

    moved = 0;

    (void) sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_HAS_MOVED,
                                &moved);

    return moved ? 1 : 0;
}


/*
 * Returns a number that changes with each commit.  Commits of other processes
 * are seen once a transaction has begun.
 */

static unsigned int
ngx_slack_sqlite_data_version(ngx_slack_store_t *store)
{
    unsigned int  version;

    version = 0;

    (void) sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_DATA_VERSION,
                                &version);

    return version;
}


static ngx_int_t
ngx_slack_sqlite_lock(ngx_slack_store_t *store)
{
    ngx_err_t  err;

    if (store->conf->turnstile == NULL) {
        return NGX_OK;
    }

    if (ngx_slack_turnstile_lock(store->conf->turnstile) != NGX_OK) {
        err = ngx_errno;

        ngx_slack_sqlite_fault(store, (err == NGX_ETIMEDOUT)
                                      ? NGX_SLACK_SQLITE_HELD
                                      : NGX_SLACK_SQLITE_LOCK,
                               "pthread_mutex_timedlock() failed", err);
        return NGX_ERROR;
    }

    store->locked = 1;
    store->crowded = 0;

    return NGX_OK;
}


static void
ngx_slack_sqlite_unlock(ngx_slack_store_t *store)
{
    if (store->locked) {
        ngx_slack_turnstile_unlock(store->conf->turnstile, store->crowded);
        store->locked = 0;
    }
}


static void
ngx_slack_sqlite_works(ngx_slack_store_t *store)
{
    store->failing = 0;

    if (ngx_slack_log_allowed(NGX_SLACK_RARE_OUTBOX_WORKS, 0)) {
        ngx_slack_log(NGX_LOG_NOTICE, store->log, 0,
                      "outbox \"%V\" works again", &store->conf->address);
    }
}
