
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Reads waiting messages.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_postgres.h>


/* a message "o" that is sent without its thread "t" */

#define NGX_SLACK_POSTGRES_PLAIN(o)                                           \
    "(t.id IS NULL OR " o ".part & 7 = 0"                                     \
    " OR t.flags & 2 <> 0 AND " o ".part & 7 IN (3, 4))"


static ngx_int_t ngx_slack_postgres_message(ngx_slack_store_t *store,
    PGresult *res, int row, ngx_slack_waiting_message_t *message);
static void ngx_slack_postgres_message_part(PGresult *res, int row,
    ngx_slack_waiting_part_t *part);


/*
 * Of the replies to a root that neither was sent nor waits before them the
 * first is given as a root, and the others wait for it.
 */

ngx_int_t
ngx_slack_postgres_messages(ngx_slack_store_t *store, int64_t channel,
    ngx_slack_waiting_message_t *messages, ngx_uint_t *n)
{
    int          i;
    PGresult    *res;
    ngx_int_t    rc;
    ngx_uint_t   max;

    max = *n;
    *n = 0;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_put(&store->text,
        "SELECT m.id, m.created, m.due, m.attempts,"
        " coalesce(c.envelope, m.envelope), coalesce(c.body, m.body),"
        " CASE WHEN " NGX_SLACK_POSTGRES_PLAIN("m") " THEN 0 ELSE t.id END,"
        " t.handle, m.part & 7, c.id,"
        " t.handle = '' AND t.root < m.id AND m.part & 7 > 2 AND EXISTS"
        " (SELECT FROM message AS r WHERE r.id = t.root AND r.state = 0),"
        " t.handle = '' AND EXISTS (SELECT FROM message AS o"
        " WHERE o.thread = t.id AND o.state IN (0, 3) AND o.thread <> 0"
        " AND o.state = 0 AND o.id < m.id"
        " AND NOT " NGX_SLACK_POSTGRES_PLAIN("o") "),"
        " CASE WHEN c.id IS NULL THEN '' ELSE m.body END FROM message AS m"
        " LEFT JOIN thread AS t ON m.thread <> 0 AND t.id = m.thread"
        " LEFT JOIN message AS c ON m.part & 7 = 2 AND c.id = t.change"
        " AND c.state = 3"
        " WHERE m.state = 0 AND m.destination = ");
    ngx_slack_postgres_int(&store->text, channel);
    ngx_slack_postgres_put(&store->text, " ORDER BY m.id LIMIT ");
    ngx_slack_postgres_int(&store->text, (int64_t) max);

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = NGX_OK;

    for (i = 0; i < PQntuples(res) && rc == NGX_OK; i++) {
        rc = ngx_slack_postgres_message(store, res, i, &messages[i]);
    }

    if (rc == NGX_OK) {
        *n = (ngx_uint_t) i;

    } else {
        for (i--; i > 0; i--) {
            ngx_free(messages[i - 1].envelope.data);
        }
    }

    PQclear(res);

    return rc;
}


ngx_int_t
ngx_slack_postgres_change(ngx_slack_store_t *store, int64_t thread,
    ngx_slack_waiting_message_t *message)
{
    PGresult   *res;
    ngx_int_t   rc;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_put(&store->text,
        "SELECT m.id, m.created, m.due, m.attempts, m.envelope, m.body,"
        " t.id, t.handle, m.part & 15, 0, false, false, '' :: bytea"
        " FROM thread AS t"
        " JOIN message AS m ON m.id = t.change AND m.state = 3"
        " WHERE t.handle <> '' AND t.id = ");
    ngx_slack_postgres_int(&store->text, thread);

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = (PQntuples(res) == 1)
         ? ngx_slack_postgres_message(store, res, 0, message) : NGX_DONE;

    PQclear(res);

    return rc;
}


static ngx_int_t
ngx_slack_postgres_message(ngx_slack_store_t *store, PGresult *res, int row,
    ngx_slack_waiting_message_t *message)
{
    size_t   size;
    u_char  *p;

    ngx_memzero(message, sizeof(ngx_slack_waiting_message_t));

    size = (size_t) PQgetlength(res, row, 4)
           + (size_t) PQgetlength(res, row, 5)
           + (size_t) PQgetlength(res, row, 7)
           + (size_t) PQgetlength(res, row, 12) + 1;

    p = ngx_alloc(size / 2 + 1, store->log);
    if (p == NULL) {
        return NGX_ERROR;
    }

    message->id = ngx_slack_postgres_get(res, row, 0);
    message->created = ngx_slack_postgres_get(res, row, 1);
    message->due = ngx_slack_postgres_get(res, row, 2);
    message->attempts = (ngx_uint_t) ngx_slack_postgres_get(res, row, 3);

    message->envelope.data = p;
    p = ngx_slack_postgres_bytes(res, row, 4, p);
    message->envelope.len = (size_t) (p - message->envelope.data);

    message->body.data = p;
    p = ngx_slack_postgres_bytes(res, row, 5, p);
    message->body.len = (size_t) (p - message->body.data);

    if (ngx_slack_postgres_get(res, row, 6) == 0) {
        return NGX_OK;
    }

    message->first.data = p;
    p = ngx_slack_postgres_bytes(res, row, 12, p);
    message->first.len = (size_t) (p - message->first.data);

    message->part.handle.data = p;
    p = ngx_slack_postgres_bytes(res, row, 7, p);
    message->part.handle.len = (size_t) (p - message->part.handle.data);

    ngx_slack_postgres_message_part(res, row, &message->part);

    return NGX_OK;
}


/* What became of the thread decides what the message is sent as. */

static void
ngx_slack_postgres_message_part(PGresult *res, int row,
    ngx_slack_waiting_part_t *part)
{
    int64_t  role;

    role = ngx_slack_postgres_get(res, row, 8);

    part->id = ngx_slack_postgres_get(res, row, 6);
    part->role = ngx_slack_postgres_role(role);

    switch (part->role) {

    case NGX_SLACK_ROLE_CHANGE:
        part->final = ((role & NGX_SLACK_POSTGRES_FINAL) != 0);
        return;

    case NGX_SLACK_ROLE_STATE_ROOT:
        part->change = ngx_slack_postgres_get(res, row, 9);
        return;

    default:
        break;
    }

    if (part->handle.len) {

        if (part->role == NGX_SLACK_ROLE_ROOT) {
            part->role = NGX_SLACK_ROLE_REPLY;
        }

        return;
    }

    if (ngx_slack_postgres_true(res, row, 10)) {
        part->blocked = 1;
        return;
    }

    part->role = NGX_SLACK_ROLE_ROOT;

    if (ngx_slack_postgres_true(res, row, 11)) {
        part->role = NGX_SLACK_ROLE_REPLY;
        part->blocked = 1;
    }
}
