
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Channels, messages and changes for delivery.  Runs in a pool thread.
 * Reading needs no lock in WAL mode.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_thread.h>


/* with up to so many newer messages, these are read instead of all channels */

#define NGX_SLACK_SQLITE_RECENT  256


static ngx_int_t ngx_slack_sqlite_newest(ngx_slack_store_t *store,
    int64_t *newest, int64_t *revision);
static ngx_int_t ngx_slack_sqlite_channel_row(ngx_slack_store_t *store,
    sqlite3_stmt *stmt, ngx_slack_outbox_channel_t *dest);
static ngx_int_t ngx_slack_sqlite_message(ngx_slack_store_t *store,
    sqlite3_stmt *stmt, ngx_slack_waiting_message_t *message);
static void ngx_slack_sqlite_message_part(sqlite3_stmt *stmt,
    ngx_slack_waiting_part_t *part);
static ngx_uint_t ngx_slack_sqlite_follows(
    ngx_slack_waiting_message_t *messages, ngx_uint_t n);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_channels(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_outbox_channel_pt handler, void *data)
{
    int64_t                       newest, since, revision;
    ngx_int_t                     rc;
    sqlite3_stmt                 *stmt;
    ngx_slack_outbox_channel_t    dest;
    ngx_slack_sqlite_statement_e  n;

    if (ngx_slack_sqlite_newest(store, &newest, &revision) != NGX_OK) {
        return NGX_ERROR;
    }

    /*
     * Report all channels if this is another file, made by a clock that was
     * behind, or if an operator has changed older messages or pauses.
     */

    since = (*last > newest || revision != store->revision) ? 0 : *last;

    n = (since && newest - since <= NGX_SLACK_SQLITE_RECENT)
        ? NGX_SLACK_SQL_RECENT : NGX_SLACK_SQL_DESTINATIONS;

    stmt = store->stmts[n];

    ngx_slack_sqlite_bind_int(store, n, 1, since);

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, n);

        if (rc != NGX_OK) {
            break;
        }

        if (ngx_slack_sqlite_channel_row(store, stmt, &dest) != NGX_OK) {
            rc = NGX_ERROR;
            break;
        }

        if (handler(&dest, data) != NGX_OK) {
            (void) sqlite3_reset(stmt);
            return NGX_ERROR;
        }
    }

    if (rc != NGX_DONE) {
        return ngx_slack_sqlite_read_done(store, NGX_ERROR);
    }

    *last = newest;
    store->revision = revision;

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_messages(ngx_slack_store_t *store, int64_t channel,
    ngx_slack_waiting_message_t *messages, ngx_uint_t *n)
{
    ngx_int_t      rc;
    ngx_uint_t     i, max;
    sqlite3_stmt  *stmt;

    max = *n;
    *n = 0;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_MESSAGES, 1, channel);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_MESSAGES, 2, (int64_t) max);

    stmt = store->stmts[NGX_SLACK_SQL_MESSAGES];

    for (i = 0; /* void */ ; i++) {
        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_MESSAGES);

        if (rc == NGX_DONE) {
            *n = i;
            return NGX_OK;
        }

        if (rc != NGX_OK
            || ngx_slack_sqlite_message(store, stmt, &messages[i]) != NGX_OK)
        {
            break;
        }

        if (messages[i].part.role == NGX_SLACK_ROLE_ROOT
            && ngx_slack_sqlite_follows(messages, i))
        {
            messages[i].part.role = NGX_SLACK_ROLE_REPLY;
            messages[i].part.blocked = 1;
        }
    }

    while (i--) {
        ngx_free(messages[i].envelope.data);
    }

    return ngx_slack_sqlite_read_done(store, NGX_ERROR);
}


/*
 * The mark is read before the rows, so what is stored meanwhile is reported
 * twice rather than never.
 */

static ngx_int_t
ngx_slack_sqlite_newest(ngx_slack_store_t *store, int64_t *newest,
    int64_t *revision)
{
    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_NEWEST, newest, revision)
        != NGX_OK)
    {
        return ngx_slack_sqlite_read_done(store, NGX_ERROR);
    }

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_changes(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_changing_pt handler, void *data)
{
    int64_t                       newest, since, revision;
    ngx_int_t                     rc;
    sqlite3_stmt                 *stmt;
    ngx_slack_changing_t          changing;
    ngx_slack_sqlite_statement_e  n;

    if (ngx_slack_sqlite_newest(store, &newest, &revision) != NGX_OK) {
        return NGX_ERROR;
    }

    /* as in ngx_slack_sqlite_channels() */

    since = (*last > newest || revision != store->revised) ? 0 : *last;

    n = (since && newest - since <= NGX_SLACK_SQLITE_RECENT)
        ? NGX_SLACK_SQL_RECENT_CHANGES : NGX_SLACK_SQL_CHANGES;

    stmt = store->stmts[n];

    ngx_slack_sqlite_bind_int(store, n, 1, since);

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, n);

        if (rc != NGX_OK) {
            break;
        }

        changing.thread = sqlite3_column_int64(stmt, 11);
        changing.since = ngx_slack_sqlite_time(stmt, 12);
        changing.touched = ngx_slack_sqlite_time(stmt, 13);
        changing.final = sqlite3_column_int(stmt, 14) ? 1 : 0;

        if (ngx_slack_sqlite_channel_row(store, stmt, &changing.channel)
            != NGX_OK)
        {
            rc = NGX_ERROR;
            break;
        }

        if (handler(&changing, data) != NGX_OK) {
            (void) sqlite3_reset(stmt);
            return NGX_ERROR;
        }
    }

    if (rc != NGX_DONE) {
        return ngx_slack_sqlite_read_done(store, NGX_ERROR);
    }

    *last = newest;
    store->revised = revision;

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_change(ngx_slack_store_t *store, int64_t thread,
    ngx_slack_waiting_message_t *message)
{
    ngx_int_t      rc;
    sqlite3_stmt  *stmt;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_CHANGE, 1, thread);

    rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_CHANGE);

    if (rc == NGX_DONE) {
        return NGX_DONE;
    }

    stmt = store->stmts[NGX_SLACK_SQL_CHANGE];

    if (rc == NGX_OK) {
        rc = ngx_slack_sqlite_message(store, stmt, message);
    }

    if (rc != NGX_OK) {
        return ngx_slack_sqlite_read_done(store, NGX_ERROR);
    }

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}


/* Reads the columns of NGX_SLACK_SQLITE_DESTINATION. */

static ngx_int_t
ngx_slack_sqlite_channel_row(ngx_slack_store_t *store, sqlite3_stmt *stmt,
    ngx_slack_outbox_channel_t *dest)
{
    dest->id = sqlite3_column_int64(stmt, 0);
    dest->workspace.data = (u_char *) sqlite3_column_text(stmt, 1);
    dest->workspace.len = (size_t) sqlite3_column_bytes(stmt, 1);
    dest->channel.data = (u_char *) sqlite3_column_text(stmt, 2);
    dest->channel.len = (size_t) sqlite3_column_bytes(stmt, 2);
    dest->not_before = ngx_slack_sqlite_time(stmt, 3);
    dest->failures = ngx_slack_sqlite_number(stmt, 4);
    dest->paused = sqlite3_column_int(stmt, 5) ? 1 : 0;
    dest->paused_since = ngx_slack_sqlite_time(stmt, 6);
    dest->paused_until = ngx_slack_sqlite_time(stmt, 7);
    dest->tried = ngx_slack_sqlite_time(stmt, 8);
    dest->settled = ngx_slack_sqlite_time(stmt, 9);

    /* NULL if the handle is not known */

    dest->handle.data = (u_char *) sqlite3_column_text(stmt, 10);
    dest->handle.len = (size_t) sqlite3_column_bytes(stmt, 10);

    if (dest->workspace.data == NULL || dest->channel.data == NULL) {
        ngx_slack_sqlite_error(store, SQLITE_NOMEM);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_message(ngx_slack_store_t *store, sqlite3_stmt *stmt,
    ngx_slack_waiting_message_t *message)
{
    u_char      *p;
    size_t       elen, blen, hlen, flen;
    const void  *envelope, *body, *handle, *first;

    message->id = sqlite3_column_int64(stmt, 0);
    message->created = ngx_slack_sqlite_time(stmt, 1);
    message->due = ngx_slack_sqlite_time(stmt, 2);
    message->attempts = ngx_slack_sqlite_number(stmt, 3);

    envelope = sqlite3_column_blob(stmt, 4);
    elen = (size_t) sqlite3_column_bytes(stmt, 4);

    body = sqlite3_column_blob(stmt, 5);
    blen = (size_t) sqlite3_column_bytes(stmt, 5);

    ngx_slack_sqlite_message_part(stmt, &message->part);

    handle = NULL;
    hlen = 0;

    if (message->part.id) {
        handle = sqlite3_column_blob(stmt, 8);
        hlen = (size_t) sqlite3_column_bytes(stmt, 8);
    }

    first = NULL;
    flen = 0;

    if (message->part.change) {

        /* the body is that of the change */

        first = sqlite3_column_blob(stmt, 12);
        flen = (size_t) sqlite3_column_bytes(stmt, 12);
    }

    /* an empty blob is NULL, and so is one that SQLite had no memory for */

    if ((envelope == NULL || body == NULL || handle == NULL || first == NULL)
        && sqlite3_errcode(sqlite3_db_handle(stmt)) == SQLITE_NOMEM)
    {
        ngx_slack_sqlite_error(store, SQLITE_NOMEM);
        return NGX_ERROR;
    }

    p = ngx_alloc(elen + blen + 1 + hlen + flen, store->log);
    if (p == NULL) {
        return NGX_ERROR;
    }

    message->envelope.data = p;
    message->envelope.len = elen;

    if (envelope != NULL) {
        p = ngx_cpymem(p, envelope, elen);
    }

    message->body.data = p;
    message->body.len = blen;

    if (body != NULL) {
        p = ngx_cpymem(p, body, blen);
    }

    *p++ = '\0';

    if (handle != NULL) {
        message->part.handle.data = p;
        message->part.handle.len = hlen;
        p = ngx_cpymem(p, handle, hlen);
    }

    message->first.data = p;
    message->first.len = flen;

    if (first != NULL) {
        ngx_memcpy(p, first, flen);
    }

    return NGX_OK;
}


/*
 * What the message is to be sent as depends on what became of its thread since
 * it was stored.  A reply without a root is sent as one, and the root that
 * waits while another message has become the root replies to that.
 */

static void
ngx_slack_sqlite_message_part(sqlite3_stmt *stmt,
    ngx_slack_waiting_part_t *part)
{
    int64_t     stored;
    ngx_uint_t  sent, flags;

    ngx_memzero(part, sizeof(ngx_slack_waiting_part_t));

    stored = sqlite3_column_int64(stmt, 7);
    flags = ngx_slack_sqlite_number(stmt, 9);
    sent = (sqlite3_column_bytes(stmt, 8) != 0);

    part->role = ngx_slack_sqlite_role(stored);

    switch (part->role) {

    case NGX_SLACK_ROLE_STATE_ROOT:
        part->change = sqlite3_column_int64(stmt, 11);
        break;

    case NGX_SLACK_ROLE_CHANGE:
        part->final = ngx_slack_sqlite_rank(stored) & 1;
        break;

    case NGX_SLACK_ROLE_ROOT:
        part->role = sent ? NGX_SLACK_ROLE_REPLY : NGX_SLACK_ROLE_ROOT;
        break;

    case NGX_SLACK_ROLE_REPLY:
    case NGX_SLACK_ROLE_BROADCAST:

        if (flags & NGX_SLACK_SQLITE_NO_REPLIES) {
            part->role = NGX_SLACK_ROLE_PLAIN;

        } else if (sqlite3_column_int(stmt, 10)) {
            part->blocked = 1;

        } else if (!sent) {
            part->role = NGX_SLACK_ROLE_ROOT;
        }

        break;

    default:
        part->role = NGX_SLACK_ROLE_PLAIN;
    }

    part->id = sqlite3_column_int64(stmt, 6);

    if (part->id == 0 || part->role == NGX_SLACK_ROLE_PLAIN) {
        ngx_memzero(part, sizeof(ngx_slack_waiting_part_t));
    }
}


/* Returns 1 if messages[n] has the thread of one before it; else 0. */

static ngx_uint_t
ngx_slack_sqlite_follows(ngx_slack_waiting_message_t *messages, ngx_uint_t n)
{
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        if (messages[i].part.id == messages[n].part.id) {
            return 1;
        }
    }

    return 0;
}
