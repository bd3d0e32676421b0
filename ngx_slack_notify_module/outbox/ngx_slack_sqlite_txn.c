
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Transactions of the SQLite engine, and what to do about its errors.  Knows
 * the counter's row, no other; runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_log.h>
#include <ngx_slack_sqlite.h>


typedef struct {
    const char             *cause;
    const char             *advice;
} ngx_slack_sqlite_words_t;


static ngx_err_t ngx_slack_sqlite_errno(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_begin(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_commit(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_abort(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_current(ngx_slack_store_t *store);
static ngx_uint_t ngx_slack_sqlite_moved(ngx_slack_store_t *store);
static unsigned int ngx_slack_sqlite_data_version(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_lock(ngx_slack_store_t *store);
static void ngx_slack_sqlite_unlock(ngx_slack_store_t *store);
static void ngx_slack_sqlite_works(ngx_slack_store_t *store);


/* by ngx_slack_sqlite_fault_e */

static ngx_slack_sqlite_words_t  ngx_slack_sqlite_words[] = {
    { "failed", "nothing is stored until that has an end" },
    { "has no space left on its disk",
      "free some, nothing is stored until then" },
    { "is read-only", "let the worker user write the file and its directory" },
    { "cannot be opened",
      "let its directory exist and belong to the worker user, and those "
      "above let that user through" },
    { "cannot be opened for want of file descriptors",
      "see worker_rlimit_nofile" },
    { "cannot be read or written", "see to its disk" },
    { "is locked by a program that is not nginx", "end its transaction" },
    { "failed for want of memory",
      "free some, nothing is stored until then" },
    { "seems to be corrupt", "it is being checked" },
    { "is corrupt and cannot be set aside",
      "let the worker user write its directory" },
    { "is on a file system without shared memory for SQLite's WAL mode",
      "name a file on a local disk" },
    { "is a database of another program", "name another file" },
    { "was made by another version of this module",
      "use that version or name another file" },
    { "cannot be locked", "name a file on a local disk" },
    { "is locked by a process that does not go on",
      "let it go on, or kill it; \"lslocks\" names it" }
};

#define NGX_SLACK_SQLITE_WORDS                                                \
    (sizeof(ngx_slack_sqlite_words) / sizeof(ngx_slack_sqlite_words_t))

static ngx_slack_log_limit_t  ngx_slack_sqlite_limits[NGX_SLACK_SQLITE_WORDS];
static ngx_slack_log_limit_t  ngx_slack_sqlite_moved_limit;
static ngx_slack_log_limit_t  ngx_slack_sqlite_works_limit;


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


ngx_int_t
ngx_slack_sqlite_read(ngx_slack_store_t *store)
{
    ngx_uint_t  tries;

    if (store->db != NULL && !ngx_slack_sqlite_moved(store)) {
        return NGX_OK;
    }

    for (tries = 0; tries < 2; tries++) {

        if (ngx_slack_sqlite_lock(store) == NGX_OK
            && ngx_slack_sqlite_current(store) == NGX_OK)
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


ngx_int_t
ngx_slack_sqlite_read_done(ngx_slack_store_t *store, ngx_int_t rc)
{
    if (rc != NGX_OK) {
        (void) ngx_slack_sqlite_abort(store);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_slack_sqlite_step(ngx_slack_store_t *store, ngx_slack_sqlite_statement_e n)
{
    int            rc;
    sqlite3_stmt  *stmt;

    stmt = store->stmts[n];

    rc = sqlite3_step(stmt);

    if (rc == SQLITE_ROW) {
        return NGX_OK;
    }

    if (rc == SQLITE_DONE) {
        (void) sqlite3_reset(stmt);
        return NGX_DONE;
    }

    ngx_slack_sqlite_error(store, rc);

    (void) sqlite3_reset(stmt);

    return NGX_ERROR;
}


ngx_int_t
ngx_slack_sqlite_pair(ngx_slack_store_t *store, ngx_slack_sqlite_statement_e n,
    int64_t *first, int64_t *second)
{
    sqlite3_stmt  *stmt;

    switch (ngx_slack_sqlite_step(store, n)) {

    case NGX_OK:
        break;

    case NGX_DONE:
        /* somebody deleted the row */
        ngx_slack_sqlite_error(store, SQLITE_CORRUPT);
        return NGX_ERROR;

    default:
        return NGX_ERROR;
    }

    stmt = store->stmts[n];

    *first = sqlite3_column_int64(stmt, 0);
    *second = sqlite3_column_int64(stmt, 1);

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}


ngx_int_t
ngx_slack_sqlite_run(ngx_slack_store_t *store, ngx_slack_sqlite_statement_e n)
{
    return (ngx_slack_sqlite_step(store, n) == NGX_DONE) ? NGX_OK : NGX_ERROR;
}


void
ngx_slack_sqlite_error(ngx_slack_store_t *store, int rc)
{
    char                      detail[256];
    ngx_err_t                 err;
    ngx_slack_sqlite_fault_e  fault;

    err = 0;

    (void) ngx_snprintf((u_char *) detail, sizeof(detail) - 1,
                        "%s, SQLite's code %d%Z",
                        (store->db != NULL) ? sqlite3_errmsg(store->db)
                                            : sqlite3_errstr(rc), rc);
    detail[sizeof(detail) - 1] = '\0';

    switch (rc & 0xff) {

    case SQLITE_FULL:
        fault = NGX_SLACK_SQLITE_FULL;
        break;

    case SQLITE_READONLY:
        fault = NGX_SLACK_SQLITE_READONLY;
        store->reopen = 1;
        break;

    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        fault = (rc & 0xff) == SQLITE_IOERR ? NGX_SLACK_SQLITE_IOERR
                                            : NGX_SLACK_SQLITE_CANTOPEN;
        store->reopen = 1;
        err = ngx_slack_sqlite_errno(store);

        if (err == 0 && store->db != NULL) {
            err = sqlite3_system_errno(store->db);
        }

        break;

    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        fault = NGX_SLACK_SQLITE_BUSY;
        break;

    case SQLITE_NOMEM:
        fault = NGX_SLACK_SQLITE_NOMEM;
        break;

    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:

        /* a bad sector is told as a bad file */

        err = ngx_slack_sqlite_errno(store);

        if (err) {
            fault = NGX_SLACK_SQLITE_IOERR;
            store->reopen = 1;
            break;
        }

        fault = NGX_SLACK_SQLITE_CORRUPT;
        store->corrupt = 1;
        break;

    default:
        fault = NGX_SLACK_SQLITE_FAILED;
        store->reopen = 1;
    }

    ngx_slack_sqlite_fault(store, fault, detail, err);
}


void
ngx_slack_sqlite_fault(ngx_slack_store_t *store,
    ngx_slack_sqlite_fault_e fault, const char *detail, ngx_err_t err)
{
    u_char  *last, text[NGX_SLACK_LEDGER_TEXT];

    store->failing = 1;

    /* what the system says tells more than who was told it */

    if (fault == NGX_SLACK_SQLITE_IOERR || fault == NGX_SLACK_SQLITE_CANTOPEN)
    {
        switch (err) {

        case NGX_ENOSPC:
        case EDQUOT:
            fault = NGX_SLACK_SQLITE_FULL;
            break;

        case NGX_EACCES:
            if (fault == NGX_SLACK_SQLITE_CANTOPEN) {
                break;
            }

            /* fall through */

        case EROFS:
            fault = NGX_SLACK_SQLITE_READONLY;
            break;

        case NGX_EMFILE:
        case NGX_ENFILE:
            fault = NGX_SLACK_SQLITE_FILES;
            break;

        default:
            break;
        }
    }

    if (store->conf->ledger) {
        last = ngx_snprintf(text, sizeof(text), "outbox %s: %s; %s",
                            ngx_slack_sqlite_words[fault].cause, detail,
                            ngx_slack_sqlite_words[fault].advice);

        ngx_slack_ledger_tell(&store->conf->ledger->trouble, text,
                              (size_t) (last - text),
                              (time_t) (ngx_slack_clock_wall() / 1000));
    }

    if (!ngx_slack_log_allowed(&ngx_slack_sqlite_limits[fault])) {
        return;
    }

    ngx_slack_log(NGX_LOG_CRIT, store->log, err,
                  "outbox \"%V\" %s: %s; %s", &store->conf->address,
                  ngx_slack_sqlite_words[fault].cause, detail,
                  ngx_slack_sqlite_words[fault].advice);
}


/*
 * What failed below SQLite, which keeps the errors of commits and of the log
 * with the file they happened to.
 */

static ngx_err_t
ngx_slack_sqlite_errno(ngx_slack_store_t *store)
{
    int            err;
    sqlite3_file  *wal;

    if (store->db == NULL) {
        return 0;
    }

    err = 0;
    wal = NULL;

    (void) sqlite3_file_control(store->db, "main",
                                SQLITE_FCNTL_JOURNAL_POINTER, &wal);

    if (wal != NULL && wal->pMethods != NULL) {
        (void) wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &err);
    }

    if (err == 0) {
        (void) sqlite3_file_control(store->db, "main", SQLITE_FCNTL_LAST_ERRNO,
                                    &err);
    }

    return err;
}


static ngx_int_t
ngx_slack_sqlite_begin(ngx_slack_store_t *store)
{
    if (ngx_slack_sqlite_lock(store) != NGX_OK
        || ngx_slack_sqlite_current(store) != NGX_OK
        || ngx_slack_sqlite_run(store, NGX_SLACK_SQL_BEGIN) != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* nobody else has written since */

    if (store->counted
        && store->version == ngx_slack_sqlite_data_version(store))
    {
        return NGX_OK;
    }

    if (ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_COUNTER, &store->settled,
                              &store->newest)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    store->waiting = store->newest - store->settled;
    store->counted = 1;

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

    if (ngx_slack_sqlite_log_commit(store) != NGX_OK) {
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
 * after an error, in a transaction or not: rolls back, mends what can be
 * mended, unlocks.  NGX_AGAIN: worth trying once more at once
 */

static ngx_int_t
ngx_slack_sqlite_abort(ngx_slack_store_t *store)
{
    ngx_int_t   rc;
    ngx_uint_t  n;

    rc = NGX_ERROR;

    /* ids of destinations that were added are rolled back with them */

    ngx_slack_sqlite_forget(store);

    store->counted = 0;

    if (store->db != NULL) {

        for (n = 0; n < NGX_SLACK_SQL_LAST; n++) {
            (void) sqlite3_reset(store->stmts[n]);
        }

        /* SQLite itself rolls back after some errors */

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
        rc = ngx_slack_sqlite_set_aside(store);
    }

    if (store->reopen) {
        ngx_slack_sqlite_close(store);
    }

    ngx_slack_sqlite_unlock(store);

    return rc;
}


/* opens what is not open, and anew what is not at its place any more */

static ngx_int_t
ngx_slack_sqlite_current(ngx_slack_store_t *store)
{
    if (store->db != NULL) {

        if (!ngx_slack_sqlite_moved(store)) {
            return NGX_OK;
        }

        if (ngx_slack_log_allowed(&ngx_slack_sqlite_moved_limit)) {
            ngx_slack_log(NGX_LOG_WARN, store->log, 0,
                          "outbox \"%V\" was moved away or removed, the one "
                          "in its place is used from now on",
                          &store->conf->address);
        }

        ngx_slack_sqlite_close(store);

        /* the lock files may have gone with it */

        ngx_slack_sqlite_unlock(store);
        ngx_slack_turnstile_close(&store->turnstile);

        if (ngx_slack_sqlite_lock(store) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_slack_sqlite_open(store);
}


/* here and below: no name is "main" without looking for it */

static ngx_uint_t
ngx_slack_sqlite_moved(ngx_slack_store_t *store)
{
    int  moved;

    moved = 0;

    (void) sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_HAS_MOVED,
                                &moved);

    return moved ? 1 : 0;
}


/* changes with each commit, also of others once a transaction has begun */

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

    if (ngx_slack_turnstile_open(&store->turnstile, store->turn, store->write)
        != NGX_OK)
    {
        ngx_slack_sqlite_fault(store, NGX_SLACK_SQLITE_CANTOPEN,
                               "open() of its lock file failed", ngx_errno);
        return NGX_ERROR;
    }

    if (ngx_slack_turnstile_lock(&store->turnstile) != NGX_OK) {
        err = ngx_errno;

        ngx_slack_sqlite_fault(store, (err == NGX_ETIMEDOUT)
                                      ? NGX_SLACK_SQLITE_HELD
                                      : NGX_SLACK_SQLITE_LOCK,
                               "flock() failed", err);
        ngx_slack_turnstile_close(&store->turnstile);
        return NGX_ERROR;
    }

    store->locked = 1;

    return NGX_OK;
}


static void
ngx_slack_sqlite_unlock(ngx_slack_store_t *store)
{
    if (store->locked) {
        ngx_slack_turnstile_unlock(&store->turnstile);
        store->locked = 0;
    }
}


static void
ngx_slack_sqlite_works(ngx_slack_store_t *store)
{
    store->failing = 0;

    if (ngx_slack_log_allowed(&ngx_slack_sqlite_works_limit)) {
        ngx_slack_log(NGX_LOG_NOTICE, store->log, 0,
                      "outbox \"%V\" works again", &store->conf->address);
    }
}
