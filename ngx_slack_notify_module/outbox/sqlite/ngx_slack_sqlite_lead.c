
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Leadership: the lock, and the migration of the file, which only the leader
 * does.  Runs in a pool thread; resigning also runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_log.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_version.h>


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_lead(ngx_slack_store_t *store, int64_t *term)
{
    ngx_int_t  rc;

    rc = ngx_slack_sqlite_leader_try(&store->leader, store->log);

    if (rc == NGX_OK) {
        *term = store->leader.term;
    }

    return rc;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_renew(ngx_slack_store_t *store, int64_t term)
{
    ngx_int_t  rc;

    if (!ngx_slack_sqlite_leader_holds(&store->leader, term)) {
        return NGX_DECLINED;
    }

    rc = ngx_slack_sqlite_read(store);

    if (rc == NGX_OK && store->incomplete) {

        rc = ngx_slack_sqlite_transact(store, ngx_slack_sqlite_migrate, NULL);

        if (rc == NGX_OK) {
            ngx_slack_log(NGX_LOG_NOTICE, store->log, 0,
                          "outbox \"%V\" was upgraded to the schema "
                          "of version " NGX_SLACK_NOTIFY_VERSION,
                          &store->conf->address);

            /* reopen the file to prepare the statements that failed before */

            store->stale = 1;
            rc = ngx_slack_sqlite_read(store);
        }
    }

    if (rc != NGX_OK) {
        return store->refused ? NGX_DECLINED : NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_slack_sqlite_resign(ngx_slack_store_t *store, int64_t term)
{
    if (store->leader.term == term) {
        ngx_slack_sqlite_leader_release(&store->leader);
    }
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_identity(ngx_slack_store_t *store, u_char *identity)
{
    size_t         len;
    const void    *bytes;
    sqlite3_stmt  *stmt;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    switch (ngx_slack_sqlite_step(store, NGX_SLACK_SQL_IDENTITY)) {

    case NGX_OK:
        break;

    case NGX_DONE:
        /* the row was deleted */
        ngx_slack_sqlite_error(store, SQLITE_CORRUPT);

        /* fall through */

    default:
        return ngx_slack_sqlite_read_done(store, NGX_ERROR);
    }

    stmt = store->stmts[NGX_SLACK_SQL_IDENTITY];

    bytes = sqlite3_column_blob(stmt, 0);
    len = (size_t) sqlite3_column_bytes(stmt, 0);

    ngx_memzero(identity, NGX_SLACK_OUTBOX_IDENTITY);

    if (bytes) {
        ngx_memcpy(identity, bytes, ngx_min(len, NGX_SLACK_OUTBOX_IDENTITY));
    }

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}
