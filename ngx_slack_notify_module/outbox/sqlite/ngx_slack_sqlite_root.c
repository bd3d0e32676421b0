
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Rows of "thread", and what becomes of a thread's root and of its waiting
 * change.  Runs in a pool thread, in a transaction.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_thread.h>


static ngx_int_t ngx_slack_sqlite_thread_row(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, ngx_slack_sqlite_thread_t *thread);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_thread_of(ngx_slack_store_t *store, int64_t channel,
    ngx_str_t *key, ngx_slack_sqlite_thread_t *thread)
{
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_THREAD_OF, 1, channel);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_THREAD_OF, 2, key);

    return ngx_slack_sqlite_thread_row(store, NGX_SLACK_SQL_THREAD_OF, thread);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_thread(ngx_slack_store_t *store, int64_t id,
    ngx_slack_sqlite_thread_t *thread)
{
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_THREAD, 1, id);

    return ngx_slack_sqlite_thread_row(store, NGX_SLACK_SQL_THREAD, thread);
}


static ngx_int_t
ngx_slack_sqlite_thread_row(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, ngx_slack_sqlite_thread_t *thread)
{
    ngx_int_t      rc;
    sqlite3_stmt  *stmt;

    rc = ngx_slack_sqlite_step(store, n);

    if (rc != NGX_OK) {
        return (rc == NGX_DONE) ? NGX_DECLINED : NGX_ERROR;
    }

    stmt = store->stmts[n];

    thread->id = sqlite3_column_int64(stmt, 0);
    thread->destination = sqlite3_column_int64(stmt, 1);
    thread->stamp = ngx_slack_sqlite_time(stmt, 2);
    thread->rank = ngx_slack_sqlite_number(stmt, 3);
    thread->flags = ngx_slack_sqlite_number(stmt, 4);
    thread->root = sqlite3_column_int64(stmt, 5);
    thread->change = sqlite3_column_int64(stmt, 6);
    thread->since = ngx_slack_sqlite_time(stmt, 7);
    thread->touched = ngx_slack_sqlite_time(stmt, 8);
    thread->expires = ngx_slack_sqlite_time(stmt, 9);
    thread->last = ngx_slack_sqlite_id(sqlite3_column_int64(stmt, 10));
    thread->has = ngx_slack_sqlite_number(stmt, 11);
    thread->found = sqlite3_column_int(stmt, 12) ? 1 : 0;
    thread->forgets = 0;

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_part(ngx_slack_store_t *store, int64_t id,
    ngx_slack_sqlite_part_t *part)
{
    ngx_int_t      rc;
    sqlite3_stmt  *stmt;

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_PART, 1, id);

    rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_PART);

    if (rc != NGX_OK) {
        return (rc == NGX_DONE) ? NGX_DECLINED : NGX_ERROR;
    }

    stmt = store->stmts[NGX_SLACK_SQL_PART];

    part->state = ngx_slack_sqlite_number(stmt, 0);
    part->destination = sqlite3_column_int64(stmt, 1);
    part->thread = sqlite3_column_int64(stmt, 2);
    part->part = sqlite3_column_int64(stmt, 3);

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_set_thread(ngx_slack_store_t *store,
    ngx_slack_sqlite_thread_t *thread)
{
    ngx_uint_t  n;

    n = NGX_SLACK_SQL_SET_THREAD;

    ngx_slack_sqlite_bind_int(store, n, 1, thread->id);
    ngx_slack_sqlite_bind_int(store, n, 2, thread->stamp);
    ngx_slack_sqlite_bind_int(store, n, 3, (int64_t) thread->rank);
    ngx_slack_sqlite_bind_int(store, n, 4, (int64_t) thread->flags);
    ngx_slack_sqlite_bind_int(store, n, 5, thread->root);
    ngx_slack_sqlite_bind_int(store, n, 6, thread->change);
    ngx_slack_sqlite_bind_int(store, n, 7, thread->since);
    ngx_slack_sqlite_bind_int(store, n, 8, thread->touched);
    ngx_slack_sqlite_bind_int(store, n, 9, thread->expires);
    ngx_slack_sqlite_bind_int(store, n, 10, thread->last);
    ngx_slack_sqlite_bind_int(store, n, 11, thread->forgets ? 0 : 1);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_SET_THREAD);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_set_stated(ngx_slack_store_t *store,
    ngx_slack_sqlite_thread_t *old, ngx_slack_sqlite_thread_t *thread)
{
    ngx_uint_t  n;

    if (thread->flags != old->flags || thread->root != old->root) {
        return NGX_DECLINED;
    }

    n = NGX_SLACK_SQL_SET_STATED;

    ngx_slack_sqlite_bind_int(store, n, 1, thread->id);
    ngx_slack_sqlite_bind_int(store, n, 2, thread->stamp);
    ngx_slack_sqlite_bind_int(store, n, 3, (int64_t) thread->rank);
    ngx_slack_sqlite_bind_int(store, n, 4, thread->change);
    ngx_slack_sqlite_bind_int(store, n, 5, thread->since);
    ngx_slack_sqlite_bind_int(store, n, 6, thread->touched);
    ngx_slack_sqlite_bind_int(store, n, 7, thread->expires);
    ngx_slack_sqlite_bind_int(store, n, 8, thread->last);
    ngx_slack_sqlite_bind_int(store, n, 9, old->stamp);
    ngx_slack_sqlite_bind_int(store, n, 10, (int64_t) old->rank);
    ngx_slack_sqlite_bind_int(store, n, 11, old->change);
    ngx_slack_sqlite_bind_int(store, n, 12, old->since);
    ngx_slack_sqlite_bind_int(store, n, 13,
                              (old->has != NGX_SLACK_SQLITE_ROOT_SENT));

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_SET_STATED) != NGX_OK) {
        return NGX_ERROR;
    }

    return sqlite3_changes(store->db) ? NGX_OK : NGX_DECLINED;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_add_thread(ngx_slack_store_t *store, ngx_str_t *key,
    ngx_slack_sqlite_thread_t *thread)
{
    ngx_uint_t  n;

    n = NGX_SLACK_SQL_ADD_THREAD;

    ngx_slack_sqlite_bind_int(store, n, 1, thread->id);
    ngx_slack_sqlite_bind_int(store, n, 2, thread->destination);
    ngx_slack_sqlite_bind_text(store, n, 3, key);
    ngx_slack_sqlite_bind_int(store, n, 4, thread->stamp);
    ngx_slack_sqlite_bind_int(store, n, 5, (int64_t) thread->rank);
    ngx_slack_sqlite_bind_int(store, n, 6, (int64_t) thread->flags);
    ngx_slack_sqlite_bind_int(store, n, 7, thread->touched);
    ngx_slack_sqlite_bind_int(store, n, 8, thread->expires);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_ADD_THREAD);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_yield_key(ngx_slack_store_t *store, int64_t channel,
    ngx_str_t *key)
{
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_YIELD_KEY, 1, channel);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_YIELD_KEY, 2, key);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_YIELD_KEY);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_turn(ngx_slack_store_t *store, int64_t id,
    ngx_slack_role_e role)
{
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_TURN, 1, id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_TURN, 2, (int64_t) role);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_TURN);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_succeed(ngx_slack_store_t *store,
    ngx_slack_sqlite_thread_t *thread)
{
    if (thread->change == 0) {
        return NGX_OK;
    }

    if (ngx_slack_sqlite_turn(store, thread->change,
                              NGX_SLACK_ROLE_STATE_ROOT)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    thread->root = thread->change;
    thread->change = 0;
    thread->since = 0;

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_lost(ngx_slack_store_t *store, int64_t id)
{
    ngx_int_t                  rc;
    ngx_slack_sqlite_thread_t  thread;

    rc = ngx_slack_sqlite_thread(store, id, &thread);

    if (rc != NGX_OK) {
        return (rc == NGX_DECLINED) ? NGX_OK : NGX_ERROR;
    }

    if (thread.has != NGX_SLACK_SQLITE_NO_ROOT) {
        return NGX_OK;
    }

    if (ngx_slack_sqlite_revise_threads(store) != NGX_OK) {
        return NGX_ERROR;
    }

    if (thread.change == 0) {
        return NGX_OK;
    }

    if (ngx_slack_sqlite_succeed(store, &thread) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_sqlite_set_thread(store, &thread);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_end_change(ngx_slack_store_t *store, int64_t thread,
    int64_t change)
{
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_END_CHANGE, 1, thread);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_END_CHANGE, 2, change);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_END_CHANGE);
}


ngx_uint_t
ngx_slack_sqlite_older(ngx_slack_sqlite_thread_t *thread, int64_t stamp,
    ngx_uint_t rank)
{
    if (stamp == 0 || thread->stamp == 0
        || (rank >> 1) != (thread->rank >> 1))
    {
        return 0;
    }

    return stamp < thread->stamp
           || (stamp == thread->stamp && rank < thread->rank);
}
