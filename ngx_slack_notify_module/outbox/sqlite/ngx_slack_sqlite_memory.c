
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


static ngx_int_t ngx_slack_sqlite_remember(ngx_slack_store_t *store,
    ngx_str_t *key, ngx_str_t *value, int64_t now);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_set_states(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, int64_t now)
{
    ngx_uint_t          i;
    ngx_slack_state_t  *state;

    for (i = 0; i < event->nstates; i++) {
        state = &event->states[i];

        if (ngx_slack_sqlite_remember(store, &state->key, &state->value, now)
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
    ngx_str_t           none;
    ngx_uint_t          i, changed, known;
    ngx_slack_state_t  *state;

    ngx_str_set(&none, "");

    for (i = 0; i < event->nstates; i++) {
        state = &event->states[i];

        if (ngx_slack_sqlite_changed(store, state, &changed, &known)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (known && changed
            && ngx_slack_sqlite_remember(store, &state->key, &none, now)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_changed(ngx_slack_store_t *store, ngx_slack_state_t *state,
    ngx_uint_t *changed, ngx_uint_t *known)
{
    size_t         len;
    const u_char  *value;
    sqlite3_stmt  *stmt;

    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_MEMORY, 1, &state->key);

    stmt = store->stmts[NGX_SLACK_SQL_MEMORY];

    switch (ngx_slack_sqlite_step(store, NGX_SLACK_SQL_MEMORY)) {

    case NGX_OK:
        value = sqlite3_column_text(stmt, 0);
        len = value ? (size_t) sqlite3_column_bytes(stmt, 0) : 0;

        *known = 1;
        *changed = (len != state->value.len
                    || (len && ngx_memcmp(value, state->value.data, len)
                               != 0));

        (void) sqlite3_reset(stmt);

        return NGX_OK;

    case NGX_DONE:
        *known = 0;
        *changed = state->first;

        return NGX_OK;

    default:
        return NGX_ERROR;
    }
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
    ngx_str_t *value, int64_t now)
{
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_SET_MEMORY, 1, key);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_SET_MEMORY, 2, value);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SET_MEMORY, 3, now);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_SET_MEMORY);
}
