
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Stores entries: duplicates, states, the limit of the outbox, channels.  This
 * is the hot path, so it uses as few statements as possible.  Runs in a pool
 * thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_sqlite.h>


typedef struct {
    ngx_queue_t            *entries;
    ngx_slack_more_pt       more;
    void                   *data;
} ngx_slack_sqlite_append_t;


static ngx_int_t ngx_slack_sqlite_append_entries(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_append_entry(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry, int64_t now);
static ngx_int_t ngx_slack_sqlite_count_messages(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_uint_t *n);
static ngx_int_t ngx_slack_sqlite_append_event(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, int64_t now);
static ngx_int_t ngx_slack_sqlite_forget_states(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, int64_t now);
static ngx_int_t ngx_slack_sqlite_changed(ngx_slack_store_t *store,
    ngx_slack_state_t *state, ngx_uint_t *changed, ngx_uint_t *known);
static ngx_int_t ngx_slack_sqlite_known(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry, int64_t expired);
static ngx_int_t ngx_slack_sqlite_add_key(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry, int64_t message, int64_t now, int64_t expired);
static ngx_int_t ngx_slack_sqlite_remember(ngx_slack_store_t *store,
    ngx_str_t *key, ngx_str_t *value, int64_t now);
static ngx_int_t ngx_slack_sqlite_add_message(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_message_t *message, int64_t id,
    int64_t now);
static ngx_int_t ngx_slack_sqlite_channel(ngx_slack_store_t *store,
    ngx_slack_new_message_t  *message, int64_t *id);
static ngx_int_t ngx_slack_sqlite_find_channel(ngx_slack_store_t *store,
    ngx_slack_new_message_t  *message, int64_t *id);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_append(ngx_slack_store_t *store, ngx_queue_t *entries,
    ngx_slack_more_pt more, void *data)
{
    ngx_int_t                  rc;
    ngx_queue_t               *q;
    ngx_slack_entry_t         *entry;
    ngx_slack_sqlite_append_t  append;

    append.entries = entries;
    append.more = more;
    append.data = data;

    rc = ngx_slack_sqlite_transact(store, ngx_slack_sqlite_append_entries,
                                   &append);
    if (rc == NGX_OK) {
        return NGX_OK;
    }

    for (q = ngx_queue_head(entries);
         q != ngx_queue_sentinel(entries);
         q = ngx_queue_next(q))
    {
        entry = ngx_queue_data(q, ngx_slack_entry_t, queue);

        entry->result = NGX_SLACK_ENTRY_FAILED;
        entry->stored = 0;
        entry->id = 0;
    }

    return NGX_ERROR;
}


static ngx_int_t
ngx_slack_sqlite_append_entries(ngx_slack_store_t *store, void *data)
{
    ngx_slack_sqlite_append_t  *append = data;

    int64_t       now;
    ngx_queue_t  *q, *last;

    last = ngx_queue_sentinel(append->entries);
    now = ngx_slack_clock_wall();

    /*
     * More entries may have arrived while this transaction waited for its
     * turn.  Storing them here saves a commit.
     */

    do {
        for (q = ngx_queue_next(last);
             q != ngx_queue_sentinel(append->entries);
             q = ngx_queue_next(q))
        {
            if (ngx_slack_sqlite_append_entry(store,
                                              ngx_queue_data(q,
                                                  ngx_slack_entry_t, queue),
                                              now)
                != NGX_OK)
            {
                return NGX_ERROR;
            }

            last = q;
        }

    } while (append->more != NULL && append->more(append->data) == NGX_OK);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_append_entry(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry, int64_t now)
{
    int64_t             expired;
    ngx_int_t           rc;
    ngx_uint_t          n, told;
    ngx_slack_entry_t  *event;

    entry->result = NGX_SLACK_ENTRY_STORED;
    entry->id = 0;

    n = 0;
    told = 0;

    for (event = entry; event; event = event->next) {

        if (ngx_slack_sqlite_count_messages(store, event, &n) != NGX_OK) {
            return NGX_ERROR;
        }

        told |= event->nmessages;
    }

    if (told) {
        expired = now
                  - (int64_t) ngx_max(store->conf->dedup, entry->keep) * 1000;

        if (n && store->waiting + (int64_t) n > (int64_t) store->conf->max) {

            rc = ngx_slack_sqlite_known(store, entry, expired);

            if (rc == NGX_DECLINED) {
                entry->result = NGX_SLACK_ENTRY_FULL;
            }

            return (rc == NGX_ERROR) ? NGX_ERROR : NGX_OK;
        }

        if (entry->key.len) {
            rc = ngx_slack_sqlite_add_key(store, entry,
                                          n ? store->newest + 1 : 0, now,
                                          expired);

            if (rc == NGX_DECLINED) {
                rc = ngx_slack_sqlite_known(store, entry, expired);
                return (rc == NGX_OK) ? NGX_OK : NGX_ERROR;
            }

            if (rc != NGX_OK) {
                return NGX_ERROR;
            }
        }
    }

    if (n) {
        entry->id = store->newest + 1;

    } else {
        entry->result = NGX_SLACK_ENTRY_UNCHANGED;
    }

    for (event = entry; event; event = event->next) {

        rc = event->nmessages
             ? ngx_slack_sqlite_append_event(store, event, now)
             : ngx_slack_sqlite_forget_states(store, event, now);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Adds the number of messages of an event that will be stored to *n. */

static ngx_int_t
ngx_slack_sqlite_count_messages(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_uint_t *n)
{
    ngx_uint_t  i, changed, known;

    event->stored = 0;
    event->changed = (event->nstates == 0);

    if (event->nmessages == 0) {
        return NGX_OK;
    }

    for (i = 0; i < event->nstates && !event->changed; i++) {

        if (ngx_slack_sqlite_changed(store, &event->states[i], &changed,
                                     &known)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        event->changed = changed ? 1 : 0;
    }

    for (i = 0; i < event->nmessages; i++) {
        *n += (event->changed || !event->messages[i].changed);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_append_event(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, int64_t now)
{
    ngx_uint_t                i;
    ngx_slack_state_t        *state;
    ngx_slack_new_message_t  *message;

    for (i = 0; i < event->nstates; i++) {
        state = &event->states[i];

        if (ngx_slack_sqlite_remember(store, &state->key, &state->value, now)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    for (i = 0; i < event->nmessages; i++) {
        message = &event->messages[i];

        if (message->changed && !event->changed) {
            continue;
        }

        if (ngx_slack_sqlite_add_message(store, event, message,
                                         store->newest + 1, now)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        event->stored++;

        store->newest++;
        store->waiting++;
    }

    return NGX_OK;
}


/*
 * States without a message are not stored.  But the stored value is not valid
 * any more, so an empty value replaces it, which differs from all others.
 */

static ngx_int_t
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


/*
 * Sets *changed if the state differs from the stored one, and *known if there
 * is a stored one.
 */

static ngx_int_t
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


/* NGX_OK: a duplicate, its results are set; NGX_DECLINED: not a duplicate */

static ngx_int_t
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


/* NGX_DECLINED: the key exists */

static ngx_int_t
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


static ngx_int_t
ngx_slack_sqlite_add_message(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_message_t *message, int64_t id,
    int64_t now)
{
    int64_t  channel;

    if (ngx_slack_sqlite_channel(store, message, &channel) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ADD_MESSAGE, 1, id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ADD_MESSAGE, 2,
                              channel);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ADD_MESSAGE, 3, now);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_MESSAGE, 4,
                               &event->event);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_MESSAGE, 5,
                               &event->project);
    ngx_slack_sqlite_bind_blob(store, NGX_SLACK_SQL_ADD_MESSAGE, 6,
                               &message->envelope);
    ngx_slack_sqlite_bind_blob(store, NGX_SLACK_SQL_ADD_MESSAGE, 7,
                               &message->body);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_ADD_MESSAGE);
}


static ngx_int_t
ngx_slack_sqlite_channel(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message, int64_t *id)
{
    if (ngx_slack_sqlite_recall(store, message, id) == NGX_OK) {
        return NGX_OK;
    }

    if (ngx_slack_sqlite_find_channel(store, message, id) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_keep(store, message, *id);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_find_channel(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message, int64_t *id)
{
    sqlite3_stmt  *stmt;

    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_DESTINATION, 1,
                               &message->workspace);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_DESTINATION, 2,
                               &message->channel);

    switch (ngx_slack_sqlite_step(store, NGX_SLACK_SQL_DESTINATION)) {

    case NGX_OK:
        stmt = store->stmts[NGX_SLACK_SQL_DESTINATION];
        *id = sqlite3_column_int64(stmt, 0);
        (void) sqlite3_reset(stmt);

        return NGX_OK;

    case NGX_DONE:
        break;

    default:
        return NGX_ERROR;
    }

    /* begins with the time, so that it is never an id of another file */

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ADD_DESTINATION, 1,
                              ngx_slack_clock_wall());
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_DESTINATION, 2,
                               &message->workspace);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_DESTINATION, 3,
                               &message->channel);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_ADD_DESTINATION) != NGX_OK) {
        return NGX_ERROR;
    }

    *id = sqlite3_last_insert_rowid(store->db);

    return NGX_OK;
}
