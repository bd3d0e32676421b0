
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Memos: what delivery remembers for a while.  Knows neither keys nor values.
 * Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_memory.h>


typedef struct {
    int64_t                   term;
    ngx_uint_t                over;              /* the term is over */
    ngx_slack_memo_t         *memos;
    ngx_uint_t                n;
} ngx_slack_sqlite_memorize_t;


static ngx_int_t ngx_slack_sqlite_memorize_all(ngx_slack_store_t *store,
    void *data);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_memorize(ngx_slack_store_t *store, int64_t term,
    ngx_slack_memo_t *memos, ngx_uint_t n)
{
    ngx_int_t                    rc;
    ngx_slack_sqlite_memorize_t  ctx;

    ctx.term = term;
    ctx.over = 0;
    ctx.memos = memos;
    ctx.n = n;

    rc = ngx_slack_sqlite_transact(store, ngx_slack_sqlite_memorize_all, &ctx);

    return (rc != NGX_OK && ctx.over) ? NGX_DECLINED : rc;
}


static ngx_int_t
ngx_slack_sqlite_memorize_all(ngx_slack_store_t *store, void *data)
{
    ngx_slack_sqlite_memorize_t  *ctx = data;

    if (!ngx_slack_sqlite_leader_holds(&store->leader, ctx->term)) {
        ctx->over = 1;
        return NGX_ERROR;
    }

    return ngx_slack_sqlite_set_memos(store, ctx->memos, ctx->n);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_set_memos(ngx_slack_store_t *store, ngx_slack_memo_t *memos,
    ngx_uint_t n)
{
    ngx_str_t   key, value;
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {

        key.data = memos[i].key;
        key.len = NGX_SLACK_MEMO_KEY;
        value.data = memos[i].value;
        value.len = memos[i].len;

        ngx_slack_sqlite_bind_blob(store, NGX_SLACK_SQL_SET_MEMO, 1, &key);
        ngx_slack_sqlite_bind_blob(store, NGX_SLACK_SQL_SET_MEMO, 2, &value);
        ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SET_MEMO, 3,
                                  memos[i].expires);

        if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_SET_MEMO) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_memo(ngx_slack_store_t *store, ngx_slack_memo_t *memo)
{
    ngx_int_t      rc;
    ngx_str_t      key;
    const void    *value;
    sqlite3_stmt  *stmt;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    key.data = memo->key;
    key.len = NGX_SLACK_MEMO_KEY;

    ngx_slack_sqlite_bind_blob(store, NGX_SLACK_SQL_MEMO, 1, &key);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_MEMO, 2,
                              ngx_slack_clock_wall());

    rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_MEMO);

    if (rc == NGX_DONE) {
        return NGX_DECLINED;
    }

    if (rc != NGX_OK) {
        return ngx_slack_sqlite_read_done(store, NGX_ERROR);
    }

    stmt = store->stmts[NGX_SLACK_SQL_MEMO];

    /* an empty blob is NULL; one longer than ours was not written by us */

    value = sqlite3_column_blob(stmt, 0);
    memo->len = (size_t) sqlite3_column_bytes(stmt, 0);
    memo->len = value ? ngx_min(memo->len, NGX_SLACK_MEMO_VALUE) : 0;

    if (value) {
        ngx_memcpy(memo->value, value, memo->len);
    }

    memo->expires = ngx_slack_sqlite_time(stmt, 1);

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_purge_memos(ngx_slack_store_t *store, int64_t now,
    ngx_uint_t max, ngx_uint_t *n)
{
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_PURGE_MEMOS, 1, now);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_PURGE_MEMOS, 2,
                              (int64_t) max);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_PURGE_MEMOS) != NGX_OK) {
        return NGX_ERROR;
    }

    *n = (ngx_uint_t) sqlite3_changes(store->db);

    return NGX_OK;
}
