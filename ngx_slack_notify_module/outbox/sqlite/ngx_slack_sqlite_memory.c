
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the outbox remembers of entries beside their messages: delivery ids and
 * states.  Runs in a pool thread, in a transaction.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_memory.h>


/* a row of the table "memory"; all zero: there is none */

typedef struct {
    ngx_uint_t                  known;
    ngx_uint_t                  same;            /* it has the value of the
                                                    state */
    int64_t                     heard;
    int64_t                     since;
    int64_t                     message;
    int64_t                     messages;
    int64_t                     alive;
} ngx_slack_sqlite_memory_t;


static ngx_int_t ngx_slack_sqlite_row_of(ngx_slack_store_t *store,
    ngx_slack_state_t *state, ngx_slack_sqlite_memory_t *row);
static ngx_uint_t ngx_slack_sqlite_differs(ngx_slack_state_t *state,
    ngx_slack_sqlite_memory_t *row);
static ngx_int_t ngx_slack_sqlite_remember(ngx_slack_store_t *store,
    ngx_str_t *key, ngx_str_t *value, ngx_slack_sqlite_memory_t *row);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_changed(ngx_slack_store_t *store, ngx_slack_entry_t *event)
{
    ngx_uint_t                  i, later;
    ngx_slack_state_t          *state;
    ngx_slack_sqlite_memory_t   row;

    event->changed = 0;
    event->anew = 0;

    /* Only a thread asks whether all of the event is new. */

    for (i = 0; i < event->nmessages && !event->anew; i++) {
        event->anew = (event->messages[i].part.key.len != 0);
    }

    later = 0;

    for (i = 0; i < event->nstates && (!event->changed || event->anew); i++) {
        state = &event->states[i];

        if (ngx_slack_sqlite_row_of(store, state, &row) != NGX_OK) {
            return NGX_ERROR;
        }

        if (ngx_slack_sqlite_differs(state, &row)) {
            event->changed = 1;
        }

        if (!row.known) {
            continue;
        }

        if (ngx_slack_state_anew(state->since, row.since, row.heard)) {
            later = 1;

        } else {
            event->anew = 0;
        }
    }

    if (!later) {
        event->anew = 0;
    }

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_set_states(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, int64_t first, int64_t now)
{
    ngx_uint_t                  i, differs;
    ngx_slack_state_t          *state;
    ngx_slack_sqlite_memory_t   row;

    for (i = 0; i < event->nstates; i++) {
        state = &event->states[i];

        if (ngx_slack_sqlite_row_of(store, state, &row) != NGX_OK) {
            return NGX_ERROR;
        }

        differs = (!row.known || ngx_slack_sqlite_differs(state, &row));

        /* what was to tell of the state may have been replaced just now */

        if (differs || event->superseded) {
            row.message = event->stored ? first : 0;
            row.messages = (int64_t) event->stored;
            row.alive = (int64_t) (event->stored - event->dead);
        }

        row.since = differs ? state->since : ngx_max(row.since, state->since);
        row.heard = now;

        if (ngx_slack_sqlite_remember(store, &state->key, &state->value, &row)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_forget_states(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, int64_t now)
{
    ngx_str_t                   none;
    ngx_uint_t                  i;
    ngx_slack_state_t          *state;
    ngx_slack_sqlite_memory_t   row;

    ngx_str_set(&none, "");

    for (i = 0; i < event->nstates; i++) {
        state = &event->states[i];

        if (ngx_slack_sqlite_row_of(store, state, &row) != NGX_OK) {
            return NGX_ERROR;
        }

        if (!row.known || !ngx_slack_sqlite_differs(state, &row)) {
            continue;
        }

        ngx_memzero(&row, sizeof(ngx_slack_sqlite_memory_t));
        row.heard = now;

        if (ngx_slack_sqlite_remember(store, &state->key, &none, &row)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_announced(ngx_slack_store_t *store, int64_t message, int more)
{
    if (store->stmts[NGX_SLACK_SQL_ANNOUNCED] == NULL) {

        /* until a leader has migrated the file, this is not known */

        return NGX_OK;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ANNOUNCED, 1, message);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ANNOUNCED, 2, more);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_ANNOUNCED);
}


static ngx_int_t
ngx_slack_sqlite_row_of(ngx_slack_store_t *store, ngx_slack_state_t *state,
    ngx_slack_sqlite_memory_t *row)
{
    size_t                         len;
    const u_char                  *value;
    sqlite3_stmt                  *stmt;
    ngx_slack_sqlite_statement_e   n;

    ngx_memzero(row, sizeof(ngx_slack_sqlite_memory_t));

    n = store->stmts[NGX_SLACK_SQL_STATE] ? NGX_SLACK_SQL_STATE
                                          : NGX_SLACK_SQL_MEMORY;

    ngx_slack_sqlite_bind_text(store, n, 1, &state->key);

    switch (ngx_slack_sqlite_step(store, n)) {

    case NGX_OK:
        stmt = store->stmts[n];

        value = sqlite3_column_text(stmt, 0);
        len = value ? (size_t) sqlite3_column_bytes(stmt, 0) : 0;

        row->known = 1;
        row->same = (len == state->value.len
                     && (len == 0
                         || ngx_memcmp(value, state->value.data, len) == 0));
        row->heard = ngx_slack_sqlite_time(stmt, 1);

        if (n == NGX_SLACK_SQL_STATE) {
            row->since = ngx_slack_sqlite_time(stmt, 2);
            row->message = sqlite3_column_int64(stmt, 3);
            row->messages = sqlite3_column_int64(stmt, 4);
            row->alive = sqlite3_column_int64(stmt, 5);
        }

        (void) sqlite3_reset(stmt);

        return NGX_OK;

    case NGX_DONE:
        return NGX_OK;

    default:
        return NGX_ERROR;
    }
}


static ngx_uint_t
ngx_slack_sqlite_differs(ngx_slack_state_t *state,
    ngx_slack_sqlite_memory_t *row)
{
    if (!row->known) {
        return state->first;
    }

    return !row->same || (row->message && row->alive == 0)
           || ngx_slack_state_anew(state->since, row->since, row->heard);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_known(ngx_slack_store_t *store, ngx_slack_entry_t *entry,
    int64_t expired)
{
    ngx_int_t      rc;
    sqlite3_stmt  *stmt;

    if (entry->key.len == 0) {
        return NGX_DECLINED;
    }

    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_KEY, 1, &entry->key);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_KEY, 2, expired);

    rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_KEY);

    if (rc != NGX_OK) {
        return (rc == NGX_DONE) ? NGX_DECLINED : NGX_ERROR;
    }

    stmt = store->stmts[NGX_SLACK_SQL_KEY];

    entry->result = NGX_SLACK_ENTRY_DUPLICATE;
    entry->id = sqlite3_column_int64(stmt, 0);

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_add_key(ngx_slack_store_t *store, ngx_slack_entry_t *entry,
    int64_t message, int64_t now, int64_t expired)
{
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_KEY, 1, &entry->key);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ADD_KEY, 2, message);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ADD_KEY, 3, now);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ADD_KEY, 4, expired);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_ADD_KEY) != NGX_OK) {
        return NGX_ERROR;
    }

    return sqlite3_changes(store->db) ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_slack_sqlite_remember(ngx_slack_store_t *store, ngx_str_t *key,
    ngx_str_t *value, ngx_slack_sqlite_memory_t *row)
{
    ngx_slack_sqlite_statement_e  n;

    n = store->stmts[NGX_SLACK_SQL_SET_STATE] ? NGX_SLACK_SQL_SET_STATE
                                              : NGX_SLACK_SQL_SET_MEMORY;

    ngx_slack_sqlite_bind_text(store, n, 1, key);
    ngx_slack_sqlite_bind_text(store, n, 2, value);
    ngx_slack_sqlite_bind_int(store, n, 3, row->heard);

    if (n == NGX_SLACK_SQL_SET_STATE) {
        ngx_slack_sqlite_bind_int(store, n, 4, row->since);
        ngx_slack_sqlite_bind_int(store, n, 5, row->message);
        ngx_slack_sqlite_bind_int(store, n, 6, row->messages);
        ngx_slack_sqlite_bind_int(store, n, 7, row->alive);
    }

    return ngx_slack_sqlite_run(store, n);
}
