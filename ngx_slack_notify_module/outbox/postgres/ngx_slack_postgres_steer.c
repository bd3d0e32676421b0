
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Actions of operators.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_postgres.h>


/* messages, or threads, of a transaction */
#define NGX_SLACK_POSTGRES_PIECE  100


typedef struct {
    int64_t                    *ids;
    ngx_uint_t                  n;
} ngx_slack_postgres_ids_t;


static ngx_int_t ngx_slack_postgres_find(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, ngx_slack_postgres_ids_t *ids);
static ngx_int_t ngx_slack_postgres_piece(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t *ids, ngx_uint_t n);
static ngx_int_t ngx_slack_postgres_mark(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer);


ngx_int_t
ngx_slack_postgres_steer(ngx_slack_store_t *store, ngx_slack_steer_t *steer)
{
    ngx_int_t                 rc;
    ngx_uint_t                i, n;
    ngx_slack_postgres_ids_t  found;

    steer->count = 0;
    steer->paused = 0;

    switch (steer->action) {

    case NGX_SLACK_STEER_REPLAY:
    case NGX_SLACK_STEER_DROP:
    case NGX_SLACK_STEER_FORGET:
        break;

    default:
        return ngx_slack_postgres_mark(store, steer);
    }

    found.ids = steer->ids;
    found.n = steer->n;

    if (steer->ids == NULL
        && ngx_slack_postgres_find(store, steer, &found) != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = NGX_OK;

    for (i = 0; i < found.n && rc == NGX_OK; i += n) {
        n = ngx_min(found.n - i, NGX_SLACK_POSTGRES_PIECE);
        rc = ngx_slack_postgres_piece(store, steer, &found.ids[i], n);
    }

    if (steer->ids == NULL) {
        ngx_free(found.ids);
    }

    return rc;
}


void
ngx_slack_postgres_put_scope(ngx_slack_store_t *store,
    ngx_slack_scope_t *scope)
{
    if (scope == NULL) {
        ngx_slack_postgres_put(&store->text, "true");
        return;
    }

    ngx_slack_postgres_put(&store->text, "d.workspace = ");
    ngx_slack_postgres_literal(&store->text, &scope->workspace);

    if (!scope->whole) {
        ngx_slack_postgres_put(&store->text, " AND d.channel = ");
        ngx_slack_postgres_literal(&store->text, &scope->channel);
    }
}


/*
 * The ids are looked up once, so that a message which becomes a dead letter
 * again meanwhile is not taken twice.
 */

static ngx_int_t
ngx_slack_postgres_find(ngx_slack_store_t *store, ngx_slack_steer_t *steer,
    ngx_slack_postgres_ids_t *found)
{
    int                         i;
    PGresult                   *res;
    ngx_slack_postgres_text_t  *text;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    text = &store->text;

    ngx_slack_postgres_put(text, "SELECT x.id FROM ");
    ngx_slack_postgres_put(text, (steer->action == NGX_SLACK_STEER_FORGET)
                                 ? "thread" : "message");
    ngx_slack_postgres_put(text, " AS x JOIN destination AS d"
                                 " ON d.id = x.destination WHERE ");
    ngx_slack_postgres_put(text, (steer->action == NGX_SLACK_STEER_FORGET)
                                 ? "x.key IS NOT NULL AND "
                                 : "x.state = 2 AND ");
    ngx_slack_postgres_put_scope(store, steer->scope);
    ngx_slack_postgres_put(text, " ORDER BY x.id");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    found->n = (ngx_uint_t) PQntuples(res);
    found->ids = ngx_alloc((found->n + 1) * sizeof(int64_t), store->log);

    for (i = 0; found->ids != NULL && i < PQntuples(res); i++) {
        found->ids[i] = ngx_slack_postgres_get(res, i, 0);
    }

    PQclear(res);

    return found->ids ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_slack_postgres_piece(ngx_slack_store_t *store, ngx_slack_steer_t *steer,
    int64_t *ids, ngx_uint_t n)
{
    PGresult                   *res;
    ngx_uint_t                  i, stopped;
    ngx_slack_postgres_text_t  *text;

    if (ngx_slack_postgres_begin(store) != NGX_OK) {
        return NGX_ERROR;
    }

    text = &store->text;

    switch (steer->action) {

    case NGX_SLACK_STEER_REPLAY:
        ngx_slack_postgres_put(text, "SELECT r.done, r.stopped FROM replay(");
        ngx_slack_postgres_int(text, ngx_slack_clock_wall());
        ngx_slack_postgres_put(text, ", ");
        ngx_slack_postgres_int(text, (int64_t) store->conf->max);
        ngx_slack_postgres_put(text, ", ");
        ngx_slack_postgres_literal(text, &steer->to);
        ngx_slack_postgres_put(text, ", '{");
        break;

    case NGX_SLACK_STEER_DROP:
        ngx_slack_postgres_put(text,
                               "SELECT r, false FROM drop_messages(");
        ngx_slack_postgres_int(text, ngx_slack_clock_wall());
        ngx_slack_postgres_put(text, (steer->waiting && steer->ids)
                                     ? ", true, '{" : ", false, '{");
        break;

    default: /* NGX_SLACK_STEER_FORGET */
        ngx_slack_postgres_put(text, "SELECT r, false FROM forget(");
        ngx_slack_postgres_int(text, ngx_slack_clock_wall());
        ngx_slack_postgres_put(text, ", '{");
    }

    for (i = 0; i < n; i++) {
        ngx_slack_postgres_put(text, i ? "," : "");
        ngx_slack_postgres_int(text, ids[i]);
    }

    ngx_slack_postgres_put(text, "}') AS r");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    steer->count += (ngx_uint_t) ngx_slack_postgres_get(res, 0, 0);
    stopped = ngx_slack_postgres_true(res, 0, 1);

    PQclear(res);

    return stopped ? NGX_BUSY : NGX_OK;
}


static ngx_int_t
ngx_slack_postgres_mark(ngx_slack_store_t *store, ngx_slack_steer_t *steer)
{
    PGresult                   *res;
    ngx_str_t                   none;
    ngx_slack_postgres_text_t  *text;

    if (ngx_slack_postgres_begin(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_str_set(&none, "");
    text = &store->text;

    ngx_slack_postgres_put(text, "SELECT mark(");
    ngx_slack_postgres_int(text, ngx_slack_clock_wall());

    switch (steer->action) {

    case NGX_SLACK_STEER_PAUSE:
        ngx_slack_postgres_put(text, ", 0, ");
        break;

    case NGX_SLACK_STEER_RESUME:
        ngx_slack_postgres_put(text, ", 1, ");
        break;

    default: /* NGX_SLACK_STEER_NUDGE */
        ngx_slack_postgres_put(text, ", 2, ");
    }

    ngx_slack_postgres_literal(text, &steer->scope->workspace);
    ngx_slack_postgres_put(text, steer->scope->whole ? ", true, "
                                                     : ", false, ");
    ngx_slack_postgres_literal(text, steer->scope->whole
                                     ? &none : &steer->scope->channel);
    ngx_slack_postgres_put(text, ")");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    steer->paused = ngx_slack_postgres_true(res, 0, 0);

    PQclear(res);

    return NGX_OK;
}
