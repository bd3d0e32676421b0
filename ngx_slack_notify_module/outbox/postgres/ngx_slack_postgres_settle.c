
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Stores outcomes, and deletes what has expired.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_postgres.h>


/* ms between two looks for channels that are idle */
#define NGX_SLACK_POSTGRES_LOOK  ((int64_t) 3600 * 1000)


static ngx_int_t ngx_slack_postgres_purge_channels(ngx_slack_store_t *store,
    int64_t now);
static void ngx_slack_postgres_put_outcome(ngx_slack_store_t *store,
    ngx_slack_settlement_t *settlement);
static void ngx_slack_postgres_put_memos(ngx_slack_store_t *store,
    ngx_slack_memo_t *memos, ngx_uint_t n);
static void ngx_slack_postgres_put_standing(ngx_slack_store_t *store,
    ngx_slack_standing_t *standing);
static void ngx_slack_postgres_put_answer(ngx_slack_store_t *store,
    ngx_str_t *answer, ngx_str_t *handle);


ngx_int_t
ngx_slack_postgres_settle(ngx_slack_store_t *store, int64_t term,
    ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t m)
{
    ngx_uint_t                  i, memos;
    ngx_slack_postgres_text_t  *text;

    if (ngx_slack_postgres_begin(store) != NGX_OK) {
        return NGX_ERROR;
    }

    text = &store->text;
    memos = 0;

    ngx_slack_postgres_put(text, "SELECT settle(");
    ngx_slack_postgres_int(text, ngx_slack_clock_wall());
    ngx_slack_postgres_put(text, ", ");
    ngx_slack_postgres_put_term(store, term);
    ngx_slack_postgres_put(text, ", '[");

    for (i = 0; i < n; i++) {
        ngx_slack_postgres_put(text, i ? ",{" : "{");
        ngx_slack_postgres_put_outcome(store, &settlements[i]);
        ngx_slack_postgres_put(text, "}");
    }

    ngx_slack_postgres_put(text, "]', '[");

    for (i = 0; i < m; i++) {
        ngx_slack_postgres_put(text, i ? ",{" : "{");
        ngx_slack_postgres_put_standing(store, &standings[i]);
        ngx_slack_postgres_put(text, "}");
    }

    ngx_slack_postgres_put(text, "]', '[");

    for (i = 0; i < m; i++) {

        if (standings[i].nmemos == 0) {
            continue;
        }

        if (memos++) {
            ngx_slack_postgres_put(text, ",");
        }

        ngx_slack_postgres_put_memos(store, standings[i].memos,
                                     standings[i].nmemos);
    }

    ngx_slack_postgres_put(text, "]')");

    return ngx_slack_postgres_term(store);
}


ngx_int_t
ngx_slack_postgres_memorize(ngx_slack_store_t *store, int64_t term,
    ngx_slack_memo_t *memos, ngx_uint_t n)
{
    if (ngx_slack_postgres_begin(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_put(&store->text, "SELECT memorize(");
    ngx_slack_postgres_put_term(store, term);
    ngx_slack_postgres_put(&store->text, ", '[");
    ngx_slack_postgres_put_memos(store, memos, n);
    ngx_slack_postgres_put(&store->text, "]')");

    return ngx_slack_postgres_term(store);
}


/* Of two with the same key the later one counts. */

static void
ngx_slack_postgres_put_memos(ngx_slack_store_t *store, ngx_slack_memo_t *memos,
    ngx_uint_t n)
{
    ngx_str_t                   value;
    ngx_uint_t                  i;
    ngx_slack_postgres_text_t  *text;

    text = &store->text;

    for (i = 0; i < n; i++) {
        ngx_slack_postgres_put(text, i ? ",[" : "[");

        value.data = memos[i].key;
        value.len = NGX_SLACK_MEMO_KEY;
        ngx_slack_postgres_hex(text, &value);

        ngx_slack_postgres_put(text, ",");

        value.data = memos[i].value;
        value.len = ngx_min(memos[i].len, NGX_SLACK_MEMO_VALUE);
        ngx_slack_postgres_hex(text, &value);

        ngx_slack_postgres_put(text, ",");
        ngx_slack_postgres_int(text, memos[i].expires);
        ngx_slack_postgres_put(text, "]");
    }
}


ngx_int_t
ngx_slack_postgres_recall(ngx_slack_store_t *store, ngx_slack_memo_t *memo)
{
    PGresult   *res;
    ngx_int_t   rc;
    ngx_str_t   key;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    key.data = memo->key;
    key.len = NGX_SLACK_MEMO_KEY;

    ngx_slack_postgres_put(&store->text,
                           "SELECT value, expires FROM memo"
                           " WHERE key = decode('");
    ngx_slack_postgres_digits(&store->text, &key);
    ngx_slack_postgres_put(&store->text, "', 'hex') AND expires > ");
    ngx_slack_postgres_int(&store->text, ngx_slack_clock_wall());

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = NGX_DECLINED;

    if (PQntuples(res) == 1
        && PQgetlength(res, 0, 0) <= 2 + 2 * NGX_SLACK_MEMO_VALUE)
    {
        memo->len = (size_t) (ngx_slack_postgres_bytes(res, 0, 0, memo->value)
                              - memo->value);
        memo->expires = ngx_slack_postgres_get(res, 0, 1);
        rc = NGX_OK;
    }

    PQclear(res);

    return rc;
}


static void
ngx_slack_postgres_put_outcome(ngx_slack_store_t *store,
    ngx_slack_settlement_t *settlement)
{
    ngx_slack_postgres_text_t  *text;

    text = &store->text;

    ngx_slack_postgres_put(text, "\"id\":");
    ngx_slack_postgres_int(text, settlement->id);
    ngx_slack_postgres_put(text, ",\"outcome\":");
    ngx_slack_postgres_int(text, (int64_t) settlement->outcome);
    ngx_slack_postgres_put(text, ",\"due\":");
    ngx_slack_postgres_int(text, settlement->due);
    ngx_slack_postgres_put(text, ",\"attempts\":");
    ngx_slack_postgres_int(text, (int64_t) settlement->attempts);
    ngx_slack_postgres_put_answer(store, &settlement->answer,
                                  &settlement->handle);
}


static void
ngx_slack_postgres_put_standing(ngx_slack_store_t *store,
    ngx_slack_standing_t *standing)
{
    ngx_slack_postgres_text_t  *text;

    text = &store->text;

    ngx_slack_postgres_put(text, "\"id\":");
    ngx_slack_postgres_int(text, standing->id);
    ngx_slack_postgres_put(text, ",\"not_before\":");
    ngx_slack_postgres_int(text, standing->not_before);
    ngx_slack_postgres_put(text, ",\"failures\":");
    ngx_slack_postgres_int(text, (int64_t) standing->failures);
    ngx_slack_postgres_put_answer(store, &standing->answer, &standing->handle);
}


static void
ngx_slack_postgres_put_answer(ngx_slack_store_t *store, ngx_str_t *answer,
    ngx_str_t *handle)
{
    ngx_slack_postgres_put(&store->text, ",\"answer\":");
    ngx_slack_postgres_string(&store->text, answer);

    if (handle->len) {
        ngx_slack_postgres_put(&store->text, ",\"handle\":");
        ngx_slack_postgres_hex(&store->text, handle);
    }
}


ngx_int_t
ngx_slack_postgres_purge(ngx_slack_store_t *store)
{
    int64_t                     now;
    PGresult                   *res;
    ngx_uint_t                  more;
    ngx_slack_outbox_conf_t    *conf;
    ngx_slack_postgres_text_t  *text;

    if (ngx_slack_postgres_begin(store) != NGX_OK) {
        return NGX_ERROR;
    }

    conf = store->conf;
    text = &store->text;
    now = ngx_slack_clock_wall();

    ngx_slack_postgres_put(text, "SELECT purge(");
    ngx_slack_postgres_int(text, now);
    ngx_slack_postgres_put(text, ", ");
    ngx_slack_postgres_int(text, now - 1000 * (int64_t) conf->keep_sent);
    ngx_slack_postgres_put(text, ", ");
    ngx_slack_postgres_int(text, now - 1000 * (int64_t) conf->keep_failed);
    ngx_slack_postgres_put(text, ", ");
    ngx_slack_postgres_int(text, now - 1000 * (int64_t)
                                 ngx_max(conf->dedup, NGX_SLACK_OUTBOX_KEEP));
    ngx_slack_postgres_put(text, ", ");
    ngx_slack_postgres_int(text, NGX_SLACK_OUTBOX_THREADS);
    ngx_slack_postgres_put(text, ")");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    more = ngx_slack_postgres_true(res, 0, 0);

    PQclear(res);

    return more ? NGX_AGAIN : ngx_slack_postgres_purge_channels(store, now);
}


/* Once an hour. */

static ngx_int_t
ngx_slack_postgres_purge_channels(ngx_slack_store_t *store, int64_t now)
{
    PGresult  *res;

    if (now < store->idle
        && store->idle <= now + 2 * NGX_SLACK_POSTGRES_LOOK)
    {
        return NGX_OK;
    }

    if (ngx_slack_postgres_begin(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_put(&store->text, "SELECT purge_channels(");
    ngx_slack_postgres_int(&store->text,
                           now - 1000 * (int64_t)
                                 ngx_max(NGX_SLACK_OUTBOX_IDLE,
                                         store->conf->keep_sent));
    ngx_slack_postgres_put(&store->text, ")");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    PQclear(res);

    store->idle = now + NGX_SLACK_POSTGRES_LOOK;

    return NGX_OK;
}
