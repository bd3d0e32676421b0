
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Actions of operators: replaying or dropping dead letters, in transactions so
 * small that storing does not wait long; pausing and resuming channels and
 * workspaces.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_sqlite.h>


#define NGX_SLACK_SQLITE_MESSAGES  200           /* of one transaction */

/*
 * ms: after so long an ended pause is deleted, as no message waits so long
 * that it could matter
 */
#define NGX_SLACK_SQLITE_PAUSES   ((int64_t) 90 * 24 * 3600 * 1000)


typedef ngx_int_t (*ngx_slack_sqlite_message_pt)(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now);


typedef struct {
    ngx_slack_steer_t            *steer;
    ngx_slack_sqlite_message_pt   handler;
    int64_t                      *ids;
    ngx_uint_t                    n;
    ngx_uint_t                    pos;
    ngx_uint_t                    looked;        /* in this transaction */
    ngx_uint_t                    done;
    ngx_uint_t                    full;
} ngx_slack_sqlite_selection_t;


typedef struct {
    ngx_slack_scope_t            *scope;
    ngx_slack_sqlite_statement_e  statement;
    ngx_uint_t                    paused;
} ngx_slack_sqlite_pause_t;


static ngx_int_t ngx_slack_sqlite_select(ngx_slack_store_t *store,
    ngx_slack_steer_t  *steer, ngx_slack_sqlite_message_pt handler);
static ngx_int_t ngx_slack_sqlite_dead_ids(ngx_slack_store_t *store,
    ngx_slack_scope_t  *scope, ngx_slack_sqlite_selection_t *messages);
static ngx_int_t ngx_slack_sqlite_piece(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_replay_message(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now);
static ngx_int_t ngx_slack_sqlite_drop_message(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now);
static ngx_int_t ngx_slack_sqlite_mark(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, ngx_slack_sqlite_statement_e statement);
static ngx_int_t ngx_slack_sqlite_set_mark(ngx_slack_store_t *store,
    void *data);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_steer(ngx_slack_store_t *store, ngx_slack_steer_t *steer)
{
    steer->count = 0;
    steer->paused = 0;

    switch (steer->action) {

    case NGX_SLACK_STEER_REPLAY:
        return ngx_slack_sqlite_select(store, steer,
                                       ngx_slack_sqlite_replay_message);

    case NGX_SLACK_STEER_DROP:
        return ngx_slack_sqlite_select(store, steer,
                                       ngx_slack_sqlite_drop_message);

    case NGX_SLACK_STEER_PAUSE:
        return ngx_slack_sqlite_mark(store, steer, NGX_SLACK_SQL_PAUSE);

    case NGX_SLACK_STEER_RESUME:
        return ngx_slack_sqlite_mark(store, steer, NGX_SLACK_SQL_RESUME);

    default: /* NGX_SLACK_STEER_NUDGE */
        return ngx_slack_sqlite_mark(store, steer, NGX_SLACK_SQL_NUDGE);
    }
}


/*
 * The ids are looked up once, so that a message which becomes a dead letter
 * again meanwhile is not processed twice.  The oldest come first, as messages
 * are sent in this order.
 */

static ngx_int_t
ngx_slack_sqlite_select(ngx_slack_store_t *store, ngx_slack_steer_t *steer,
    ngx_slack_sqlite_message_pt handler)
{
    ngx_int_t                     rc;
    ngx_slack_sqlite_selection_t  messages;

    ngx_memzero(&messages, sizeof(ngx_slack_sqlite_selection_t));

    messages.steer = steer;
    messages.handler = handler;

    if (steer->ids) {
        messages.ids = steer->ids;
        messages.n = steer->n;
        rc = NGX_OK;

    } else {
        rc = ngx_slack_sqlite_dead_ids(store, steer->scope, &messages);
    }

    while (rc == NGX_OK && messages.pos < messages.n && !messages.full) {

        rc = ngx_slack_sqlite_transact(store, ngx_slack_sqlite_piece,
                                       &messages);
        if (rc == NGX_OK) {
            messages.pos += messages.looked;
            steer->count += messages.done;
        }
    }

    if (messages.ids != steer->ids) {
        ngx_free(messages.ids);
    }

    return (rc == NGX_OK && messages.full) ? NGX_BUSY : rc;
}


static ngx_int_t
ngx_slack_sqlite_dead_ids(ngx_slack_store_t *store, ngx_slack_scope_t *scope,
    ngx_slack_sqlite_selection_t *messages)
{
    int64_t    *ids;
    ngx_int_t   rc;
    ngx_uint_t  size;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DEAD_IDS, 1,
                              (scope == NULL));

    if (scope) {
        ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_DEAD_IDS, 2,
                                   &scope->workspace);
        ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DEAD_IDS, 3,
                                  scope->whole);
        ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_DEAD_IDS, 4,
                                   &scope->channel);
    }

    size = 0;

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_DEAD_IDS);

        if (rc != NGX_OK) {
            break;
        }

        if (messages->n == size) {
            size = ngx_max(2 * size, 64);

            ids = ngx_alloc(size * sizeof(int64_t), store->log);
            if (ids == NULL) {
                rc = NGX_ERROR;
                break;
            }

            if (messages->n) {
                ngx_memcpy(ids, messages->ids, messages->n * sizeof(int64_t));
            }

            ngx_free(messages->ids);
            messages->ids = ids;
        }

        messages->ids[messages->n++] =
                     sqlite3_column_int64(store->stmts[NGX_SLACK_SQL_DEAD_IDS],
                                          0);
    }

    return ngx_slack_sqlite_read_done(store,
                                      (rc == NGX_DONE) ? NGX_OK : NGX_ERROR);
}


static ngx_int_t
ngx_slack_sqlite_piece(ngx_slack_store_t *store, void *data)
{
    ngx_slack_sqlite_selection_t  *messages = data;

    int64_t    now;
    ngx_int_t  rc;

    /* this may be the second try of the transaction */

    messages->looked = 0;
    messages->done = 0;
    messages->full = 0;

    now = ngx_slack_clock_wall();

    while (messages->looked < NGX_SLACK_SQLITE_MESSAGES
           && messages->pos + messages->looked < messages->n)
    {
        rc = messages->handler(store, messages->steer,
                               messages->ids[messages->pos + messages->looked],
                               now);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_BUSY) {
            messages->full = 1;
            break;
        }

        messages->looked++;
        messages->done += (rc == NGX_OK);
    }

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_REVISE);
}


/* NGX_DECLINED, here and in the next function: no such message */

static ngx_int_t
ngx_slack_sqlite_replay_message(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now)
{
    if (store->waiting >= (int64_t) store->conf->max) {
        return NGX_BUSY;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_REPLAY, 1, id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_REPLAY, 2, now);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_REPLAY) != NGX_OK) {
        return NGX_ERROR;
    }

    if (sqlite3_changes(store->db) == 0) {
        return NGX_DECLINED;
    }

    store->waiting++;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_drop_message(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now)
{
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DROP, 1, id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DROP, 2, now);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DROP, 3,
                              NGX_SLACK_SQLITE_DEAD);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_DROP) != NGX_OK) {
        return NGX_ERROR;
    }

    if (sqlite3_changes(store->db)) {
        return NGX_OK;
    }

    if (!steer->waiting) {
        return NGX_DECLINED;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DROP, 3,
                              NGX_SLACK_SQLITE_WAITING);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_DROP) != NGX_OK) {
        return NGX_ERROR;
    }

    if (sqlite3_changes(store->db) == 0) {
        return NGX_DECLINED;
    }

    store->waiting--;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_mark(ngx_slack_store_t *store, ngx_slack_steer_t *steer,
    ngx_slack_sqlite_statement_e statement)
{
    ngx_slack_sqlite_pause_t  pause;

    pause.scope = steer->scope;
    pause.statement = statement;
    pause.paused = 0;

    if (ngx_slack_sqlite_transact(store, ngx_slack_sqlite_set_mark, &pause)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    steer->paused = pause.paused;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_set_mark(ngx_slack_store_t *store, void *data)
{
    ngx_slack_sqlite_pause_t  *pause = data;

    int64_t             now;
    ngx_str_t           channel;
    sqlite3_stmt       *stmt;
    ngx_slack_scope_t  *scope;

    now = ngx_slack_clock_wall();
    scope = pause->scope;

    if (scope->whole) {
        ngx_str_null(&channel);

    } else {
        channel = scope->channel;
    }

    ngx_slack_sqlite_bind_text(store, pause->statement, 1, &scope->workspace);
    ngx_slack_sqlite_bind_int(store, pause->statement, 2, scope->whole);
    ngx_slack_sqlite_bind_text(store, pause->statement, 3, &channel);
    ngx_slack_sqlite_bind_int(store, pause->statement, 4, now);

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_FORGET_PAUSES, 1,
                              now - NGX_SLACK_SQLITE_PAUSES);

    if (ngx_slack_sqlite_run(store, pause->statement) != NGX_OK
        || ngx_slack_sqlite_run(store, NGX_SLACK_SQL_FORGET_PAUSES) != NGX_OK
        || ngx_slack_sqlite_run(store, NGX_SLACK_SQL_REVISE) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_IS_PAUSED, 1,
                               &scope->workspace);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_IS_PAUSED, 2,
                              scope->whole);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_IS_PAUSED, 3, &channel);

    if (ngx_slack_sqlite_step(store, NGX_SLACK_SQL_IS_PAUSED) != NGX_OK) {
        return NGX_ERROR;
    }

    stmt = store->stmts[NGX_SLACK_SQL_IS_PAUSED];
    pause->paused = sqlite3_column_int(stmt, 0) ? 1 : 0;

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}
