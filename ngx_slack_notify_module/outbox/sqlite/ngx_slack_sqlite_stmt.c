
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Steps prepared statements and reads their columns.  Knows no transactions
 * and no tables.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_step(ngx_slack_store_t *store, ngx_slack_sqlite_statement_e n)
{
    int            rc;
    sqlite3_stmt  *stmt;

    stmt = store->stmts[n];

    if (stmt == NULL) {
        ngx_slack_sqlite_fault(store, NGX_SLACK_SQLITE_BEFORE,
                               "something is missing in it", 0);
        return NGX_ERROR;
    }

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


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_pair(ngx_slack_store_t *store, ngx_slack_sqlite_statement_e n,
    int64_t *first, int64_t *second)
{
    return ngx_slack_sqlite_triple(store, n, first, second, NULL);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_triple(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, int64_t *first, int64_t *second,
    int64_t *third)
{
    sqlite3_stmt  *stmt;

    switch (ngx_slack_sqlite_step(store, n)) {

    case NGX_OK:
        break;

    case NGX_DONE:
        /* the row of "counter" was deleted */
        ngx_slack_sqlite_error(store, SQLITE_CORRUPT);
        return NGX_ERROR;

    default:
        return NGX_ERROR;
    }

    stmt = store->stmts[n];

    *first = sqlite3_column_int64(stmt, 0);
    *second = sqlite3_column_int64(stmt, 1);

    if (third) {
        *third = sqlite3_column_int64(stmt, 2);
    }

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}


/* executed in a pool thread */

int64_t
ngx_slack_sqlite_time(sqlite3_stmt *stmt, int column)
{
    int64_t  time;

    time = sqlite3_column_int64(stmt, column);
    time = ngx_max(time, 0);

    return ngx_min(time, NGX_SLACK_SQLITE_TIME_MAX);
}


int64_t
ngx_slack_sqlite_id(int64_t id)
{
    id = ngx_max(id, 0);

    return ngx_min(id, NGX_SLACK_SQLITE_ID_MAX);
}


/* executed in a pool thread */

ngx_uint_t
ngx_slack_sqlite_number(sqlite3_stmt *stmt, int column)
{
    int64_t  count;

    count = sqlite3_column_int64(stmt, column);
    count = ngx_max(count, 0);

    return (ngx_uint_t) ngx_min(count, NGX_SLACK_SQLITE_COUNT_MAX);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_run(ngx_slack_store_t *store, ngx_slack_sqlite_statement_e n)
{
    return (ngx_slack_sqlite_step(store, n) == NGX_DONE) ? NGX_OK : NGX_ERROR;
}


/* executed in a pool thread */

void
ngx_slack_sqlite_bind_scope(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, ngx_slack_scope_t *scope)
{
    ngx_slack_sqlite_bind_int(store, n, 1, (scope == NULL));

    if (scope) {
        ngx_slack_sqlite_bind_text(store, n, 2, &scope->workspace);
        ngx_slack_sqlite_bind_int(store, n, 3, scope->whole);
        ngx_slack_sqlite_bind_text(store, n, 4, &scope->channel);
    }
}
