
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The connection to the database, and SQL that is not prepared in advance.
 * Knows no tables.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>


/*
 * Programs that do not share the turnstile are waited for by looking again:
 * often at first, as another nginx commits in a millisecond and begins anew
 * soon, and for 2 seconds in all.
 */

#define NGX_SLACK_SQLITE_SOON         250        /* microseconds */
#define NGX_SLACK_SQLITE_SOON_TIMES   200
#define NGX_SLACK_SQLITE_LATER        5000
#define NGX_SLACK_SQLITE_LATER_TIMES  390


static int ngx_slack_sqlite_busy(void *data, int n);


ngx_int_t
ngx_slack_sqlite_connect(ngx_slack_store_t *store)
{
    int  rc;

    rc = sqlite3_open_v2((char *) store->conf->address.data, &store->db,
                         SQLITE_OPEN_READWRITE|SQLITE_OPEN_NOMUTEX
                         |SQLITE_OPEN_EXRESCODE, NULL);

    if (rc == SQLITE_OK) {
        rc = sqlite3_busy_handler(store->db, ngx_slack_sqlite_busy, store);
    }

    if (rc != SQLITE_OK) {
        ngx_slack_sqlite_error(store, rc);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* "n" is how often it was called for the same lock; 0: do not wait */

static int
ngx_slack_sqlite_busy(void *data, int n)
{
    ngx_slack_store_t *store = data;

    store->crowded = 1;

    if (n < NGX_SLACK_SQLITE_SOON_TIMES) {
        (void) usleep(NGX_SLACK_SQLITE_SOON);
        return 1;
    }

    if (n < NGX_SLACK_SQLITE_SOON_TIMES + NGX_SLACK_SQLITE_LATER_TIMES) {
        (void) usleep(NGX_SLACK_SQLITE_LATER);
        return 1;
    }

    return 0;
}


ngx_int_t
ngx_slack_sqlite_exec(ngx_slack_store_t *store, const char *sql)
{
    int  rc;

    rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

    if (rc != SQLITE_OK) {
        ngx_slack_sqlite_error(store, rc);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_slack_sqlite_query(ngx_slack_store_t *store, const char *sql, char *text,
    size_t size)
{
    int            rc;
    sqlite3_stmt  *stmt;
    const u_char  *value;

    text[0] = '\0';
    stmt = NULL;

    rc = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);

    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);

        if (rc == SQLITE_ROW) {
            value = sqlite3_column_text(stmt, 0);

            if (value != NULL) {
                (void) ngx_cpystrn((u_char *) text, (u_char *) value, size);
            }

            rc = SQLITE_OK;

        } else if (rc == SQLITE_DONE) {
            rc = SQLITE_OK;
        }
    }

    if (rc != SQLITE_OK) {
        ngx_slack_sqlite_error(store, rc);
    }

    (void) sqlite3_finalize(stmt);

    return (rc == SQLITE_OK) ? NGX_OK : NGX_ERROR;
}


uint64_t
ngx_slack_sqlite_file(ngx_slack_store_t *store)
{
    struct stat  st;

    if (stat((char *) store->conf->address.data, &st) == -1) {
        return 0;
    }

    return ((uint64_t) st.st_dev << 40) ^ (uint64_t) st.st_ino;
}
