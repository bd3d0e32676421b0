
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Opening, creating and closing the SQLite engine's file, and replacing a
 * corrupt one.  Runs in a pool thread that holds the lock file.
 *
 * A connection must not be used across a fork.  Only SQLite may open the
 * database file: when a process closes any other descriptor of the file, it
 * loses SQLite's locks (https://www.sqlite.org/howtocorrupt.html).
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_log.h>
#include <ngx_slack_sqlite.h>


static ngx_int_t ngx_slack_sqlite_make_file(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_known_form(ngx_slack_store_t *store,
    ngx_uint_t *empty);
static ngx_int_t ngx_slack_sqlite_configure(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_start(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_prepare_all(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_sqlite_verify(ngx_slack_store_t *store,
    char *text, size_t size);
static ngx_int_t ngx_slack_sqlite_rename(ngx_slack_store_t *store,
    const char *suffix, char *to);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_open(ngx_slack_store_t *store)
{
    ngx_uint_t  empty;

    store->refused = 0;

    if (ngx_slack_sqlite_make_file(store) != NGX_OK
        || ngx_slack_sqlite_connect(store) != NGX_OK
        || ngx_slack_sqlite_known_form(store, &empty) != NGX_OK
        || ngx_slack_sqlite_configure(store) != NGX_OK
        || (empty && ngx_slack_sqlite_start(store) != NGX_OK)
        || ngx_slack_sqlite_prepare_all(store) != NGX_OK)
    {
        store->reopen = 1;
        return NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_slack_sqlite_close(ngx_slack_store_t *store)
{
    ngx_uint_t  n;

    for (n = 0; n < NGX_SLACK_SQL_LAST; n++) {
        (void) sqlite3_finalize(store->stmts[n]);
        store->stmts[n] = NULL;
    }

    if (store->db != NULL) {

        if (store->corrupt || store->refused) {
            /* leave a corrupt or foreign file unchanged: no checkpoint */
            (void) sqlite3_db_config(store->db,
                                     SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                                     NULL);
        }

        (void) sqlite3_close(store->db);
        store->db = NULL;
    }

    ngx_slack_sqlite_forget(store);

    store->counted = 0;
    store->reopen = 0;
    store->stale = 0;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_set_aside(ngx_slack_store_t *store)
{
    char         why[256], to[NGX_MAX_PATH];
    int64_t      stamp;
    ngx_int_t    rc;
    struct stat  st;

    ngx_slack_sqlite_close(store);

    store->corrupt = 0;

    /* another process may have replaced the file already */

    rc = ngx_slack_sqlite_verify(store, why, sizeof(why));

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_OK) {

        if (!store->suspect) {
            store->suspect = 1;
            return NGX_AGAIN;
        }

        (void) ngx_cpystrn((u_char *) why, (u_char *) "it fails in use",
                           sizeof(why));
    }

    for (stamp = ngx_slack_clock_wall() / 1000; /* void */ ; stamp++) {
        (void) ngx_snprintf((u_char *) to, sizeof(to), "%V.corrupt-%L%Z",
                            &store->conf->address, stamp);

        if (lstat(to, &st) == -1) {
            break;
        }
    }

    /*
     * The log (WAL) is renamed first.  If the process dies in between, a
     * database without its log is still found to be corrupt; a new database
     * with an old log would not be.
     */

    if (ngx_slack_sqlite_rename(store, "-wal", to) != NGX_OK
        || ngx_slack_sqlite_rename(store, "-shm", to) != NGX_OK
        || ngx_slack_sqlite_rename(store, "", to) != NGX_OK)
    {
        return NGX_ERROR;
    }

    store->suspect = 0;

    ngx_slack_log(NGX_LOG_ALERT, store->log, 0,
                  "outbox \"%V\" is corrupt (%s): it was set aside as \"%s\", "
                  "its waiting messages are not delivered, and a new one is "
                  "started; see what \"sqlite3 %s .recover\" can save",
                  &store->conf->address, why, to, to);

    return NGX_AGAIN;
}


static ngx_int_t
ngx_slack_sqlite_make_file(ngx_slack_store_t *store)
{
    ngx_fd_t  fd;

    /*
     * SQLite would create a file that all users can read.  Closing the new
     * file loses no locks, as nobody uses it yet.
     */

    fd = open((char *) store->conf->address.data,
              O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, S_IRUSR|S_IWUSR);

    if (fd != NGX_INVALID_FILE) {
        (void) close(fd);
        return NGX_OK;
    }

    if (ngx_errno == NGX_EEXIST) {
        return NGX_OK;
    }

    ngx_slack_sqlite_fault(store, NGX_SLACK_SQLITE_CANTOPEN,
                           "open() failed", ngx_errno);

    return NGX_ERROR;
}


static ngx_int_t
ngx_slack_sqlite_known_form(ngx_slack_store_t *store, ngx_uint_t *empty)
{
    char                      detail[256];
    ngx_int_t                 rc;
    ngx_slack_sqlite_fault_e  fault;

    rc = ngx_slack_sqlite_schema_check(store, empty, &fault, detail,
                                       sizeof(detail));

    if (rc == NGX_DECLINED) {
        store->refused = 1;
        ngx_slack_sqlite_fault(store, fault, detail, 0);
    }

    return (rc == NGX_OK) ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_slack_sqlite_configure(ngx_slack_store_t *store)
{
    char                      text[16];
    ngx_slack_sqlite_conf_t  *own;

    /*
     * The page size is for a new file.  Each page of a commit costs four
     * system calls until it is in the database, and a checksum of all of it.
     * With smaller pages a commit of many messages would be much slower, with
     * larger ones each commit a little.
     */

    if (ngx_slack_sqlite_exec(store, "PRAGMA page_size = 4096") != NGX_OK
        || ngx_slack_sqlite_query(store, "PRAGMA journal_mode = WAL", text,
                                  sizeof(text))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_strcmp(text, "wal") != 0) {
        ngx_slack_sqlite_fault(store, NGX_SLACK_SQLITE_NOWAL, text, 0);
        return NGX_ERROR;
    }

    own = store->conf->own;

    if (ngx_slack_sqlite_exec(store, (own->sync == NGX_SLACK_SQLITE_SYNC_FULL)
                                     ? "PRAGMA synchronous = FULL"
                                     : "PRAGMA synchronous = NORMAL")
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    /*
     * Debian's SQLite overwrites deleted data with zeros by default, which
     * slows each append.  The size limit truncates a log that has grown while
     * a reader prevented checkpoints.
     */

    return ngx_slack_sqlite_exec(store,
                                 "PRAGMA secure_delete = OFF;"
                                 "PRAGMA journal_size_limit = 16777216;"
                                 "PRAGMA temp_store = MEMORY;"
                                 "PRAGMA trusted_schema = OFF");
}


static ngx_int_t
ngx_slack_sqlite_start(ngx_slack_store_t *store)
{
    char  base[128];

    /* continue with the ids of a file that this process has used before */

    (void) ngx_snprintf((u_char *) base, sizeof(base),
                        "UPDATE counter SET settled = max(settled, %L)%Z",
                        store->newest);

    if (ngx_slack_sqlite_exec(store, "BEGIN IMMEDIATE") != NGX_OK
        || ngx_slack_sqlite_exec(store, ngx_slack_sqlite_tables) != NGX_OK
        || ngx_slack_sqlite_migrate(store, NULL) != NGX_OK
        || ngx_slack_sqlite_exec(store, base) != NGX_OK
        || ngx_slack_sqlite_exec(store, "COMMIT") != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_prepare_all(ngx_slack_store_t *store)
{
    int         rc;
    ngx_uint_t  n;

    for (n = 0; n < NGX_SLACK_SQL_LAST; n++) {
        rc = sqlite3_prepare_v3(store->db, ngx_slack_sqlite_statements[n], -1,
                                SQLITE_PREPARE_PERSISTENT, &store->stmts[n],
                                NULL);

        if (rc == SQLITE_ERROR && store->incomplete) {
            /* the statement needs what the leader has not added yet */
            continue;
        }

        if (rc != SQLITE_OK) {
            ngx_slack_sqlite_error(store, rc);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * NGX_OK: not corrupt; NGX_DECLINED: corrupt, "text" has the NUL-terminated
 * reason; NGX_ERROR: unknown, logged
 */

static ngx_int_t
ngx_slack_sqlite_verify(ngx_slack_store_t *store, char *text, size_t size)
{
    ngx_int_t  rc;

    if (ngx_slack_sqlite_make_file(store) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_slack_sqlite_connect(store);

    if (rc == NGX_OK) {

        /*
         * LIMIT is used, as newer versions of SQLite take an argument of
         * integrity_check for the name of a table
         */

        rc = ngx_slack_sqlite_query(store,
                                    "SELECT replace(integrity_check,"
                                    " char(10), ' ')"
                                    " FROM pragma_integrity_check LIMIT 1",
                                    text, size);
    }

    if (rc == NGX_OK && ngx_strcmp(text, "ok") != 0) {
        store->corrupt = 1;
        rc = NGX_DECLINED;

    } else if (rc != NGX_OK && store->corrupt) {
        (void) ngx_cpystrn((u_char *) text,
                           (u_char *) sqlite3_errmsg(store->db), size);
        rc = NGX_DECLINED;
    }

    ngx_slack_sqlite_close(store);

    store->corrupt = 0;

    return rc;
}


/* "to" is the new name of the database */

static ngx_int_t
ngx_slack_sqlite_rename(ngx_slack_store_t *store, const char *suffix,
    char *to)
{
    char  from[NGX_MAX_PATH], name[NGX_MAX_PATH];

    (void) ngx_snprintf((u_char *) from, sizeof(from), "%V%s%Z",
                        &store->conf->address, suffix);
    (void) ngx_snprintf((u_char *) name, sizeof(name), "%s%s%Z", to, suffix);

    if (rename(from, name) == 0 || ngx_errno == NGX_ENOENT) {
        return NGX_OK;
    }

    ngx_slack_sqlite_fault(store, NGX_SLACK_SQLITE_STUCK, "rename() failed",
                           ngx_errno);

    return NGX_ERROR;
}
