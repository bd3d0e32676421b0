
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Stores entries: writes them as one JSON text, which the function append() of
 * the database takes, and reads what became of each.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_postgres.h>

#include <sys/random.h>


/* of a token, see the table "batch" */
#define NGX_SLACK_POSTGRES_TOKEN  16


static ngx_int_t ngx_slack_postgres_store(ngx_slack_store_t *store,
    ngx_queue_t *entries, ngx_slack_more_pt more, void *data);
static void ngx_slack_postgres_put_append(ngx_slack_store_t *store,
    ngx_queue_t *entries, ngx_str_t *token);
static void ngx_slack_postgres_put_entry(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry);
static void ngx_slack_postgres_put_event(ngx_slack_store_t *store,
    ngx_slack_entry_t *event);
static void ngx_slack_postgres_put_message(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message);
static void ngx_slack_postgres_put_part(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part);
static ngx_int_t ngx_slack_postgres_committed(ngx_slack_store_t *store,
    ngx_str_t *token, PGresult **res);
static ngx_int_t ngx_slack_postgres_read_results(ngx_queue_t *entries,
    PGresult *res);
static void ngx_slack_postgres_result(ngx_slack_entry_t *entry, char **p);
static int64_t ngx_slack_postgres_result_number(char **p);
static void ngx_slack_postgres_append_failed(ngx_queue_t *entries,
    ngx_slack_entry_result_e result);


ngx_int_t
ngx_slack_postgres_append(ngx_slack_store_t *store, ngx_queue_t *entries,
    ngx_slack_more_pt more, void *data)
{
    ngx_int_t  rc;

    rc = ngx_slack_postgres_store(store, entries, more, data);

    if (rc == NGX_DECLINED) {

        /* a broken connection is no reason for the sender to come again */

        rc = ngx_slack_postgres_store(store, entries, NULL, NULL);
    }

    if (rc == NGX_OK) {
        return NGX_OK;
    }

    ngx_slack_postgres_append_failed(entries,
                                     (rc == NGX_AGAIN)
                                     ? NGX_SLACK_ENTRY_UNKNOWN
                                     : NGX_SLACK_ENTRY_FAILED);

    return (rc == NGX_AGAIN) ? NGX_AGAIN : NGX_ERROR;
}


/* NGX_DECLINED: the connection broke, and nothing was stored */

static ngx_int_t
ngx_slack_postgres_store(ngx_slack_store_t *store, ngx_queue_t *entries,
    ngx_slack_more_pt more, void *data)
{
    u_char      bytes[NGX_SLACK_POSTGRES_TOKEN];
    PGresult   *res;
    ngx_int_t   rc;
    ngx_str_t   token;

    token.data = bytes;
    token.len = sizeof(bytes);

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t) sizeof(bytes)
        || ngx_slack_postgres_begin(store) != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* connecting took its time, and more may have arrived */

    while (more != NULL && more(data) == NGX_OK) { /* void */ }

    ngx_slack_postgres_put_append(store, entries, &token);

    rc = ngx_slack_postgres_commit(store, &res);

    if (rc == NGX_AGAIN) {
        rc = ngx_slack_postgres_committed(store, &token, &res);
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_postgres_read_results(entries, res);
        PQclear(res);
    }

    return rc;
}


static void
ngx_slack_postgres_put_append(ngx_slack_store_t *store, ngx_queue_t *entries,
    ngx_str_t *token)
{
    ngx_queue_t                *q;
    ngx_slack_postgres_text_t  *text;

    text = &store->text;

    ngx_slack_postgres_put(text, "SELECT append(");
    ngx_slack_postgres_int(text, ngx_slack_clock_wall());
    ngx_slack_postgres_put(text, ", ");
    ngx_slack_postgres_int(text, (int64_t) store->conf->max);
    ngx_slack_postgres_put(text, ", ");
    ngx_slack_postgres_int(text, (int64_t) store->conf->dedup);
    ngx_slack_postgres_put(text, ", decode('");
    ngx_slack_postgres_digits(text, token);
    ngx_slack_postgres_put(text, "', 'hex'), '[");

    for (q = ngx_queue_head(entries);
         q != ngx_queue_sentinel(entries);
         q = ngx_queue_next(q))
    {
        if (q != ngx_queue_head(entries)) {
            ngx_slack_postgres_put(text, ",");
        }

        ngx_slack_postgres_put_entry(store, ngx_queue_data(q,
                                                           ngx_slack_entry_t,
                                                           queue));
    }

    ngx_slack_postgres_put(text, "]')");
}


static void
ngx_slack_postgres_put_entry(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry)
{
    ngx_slack_entry_t          *event;
    ngx_slack_postgres_text_t  *text;

    text = &store->text;

    ngx_slack_postgres_put(text, "{\"key\":");
    ngx_slack_postgres_hex(text, &entry->key);
    ngx_slack_postgres_put(text, ",\"keep\":");
    ngx_slack_postgres_int(text, entry->keep);
    ngx_slack_postgres_put(text, ",\"events\":[");

    for (event = entry; event; event = event->next) {
        ngx_slack_postgres_put(text, (event == entry) ? "{" : ",{");
        ngx_slack_postgres_put_event(store, event);
        ngx_slack_postgres_put(text, "}");
    }

    ngx_slack_postgres_put(text, "]}");
}


static void
ngx_slack_postgres_put_event(ngx_slack_store_t *store,
    ngx_slack_entry_t *event)
{
    ngx_uint_t                  i;
    ngx_slack_state_t          *state;
    ngx_slack_postgres_text_t  *text;

    text = &store->text;

    ngx_slack_postgres_put(text, "\"event\":");
    ngx_slack_postgres_string(text, &event->event);
    ngx_slack_postgres_put(text, ",\"project\":");
    ngx_slack_postgres_string(text, &event->project);
    ngx_slack_postgres_put(text, ",\"states\":[");

    for (i = 0; i < event->nstates; i++) {
        state = &event->states[i];

        ngx_slack_postgres_put(text, i ? ",{\"key\":" : "{\"key\":");
        ngx_slack_postgres_hex(text, &state->key);
        ngx_slack_postgres_put(text, ",\"value\":");
        ngx_slack_postgres_hex(text, &state->value);
        ngx_slack_postgres_put(text, ",\"since\":");
        ngx_slack_postgres_int(text, state->since);
        ngx_slack_postgres_put(text, state->first ? ",\"first\":true}"
                                                  : ",\"first\":false}");
    }

    ngx_slack_postgres_put(text, "],\"messages\":[");

    for (i = 0; i < event->nmessages; i++) {
        ngx_slack_postgres_put(text, i ? ",{" : "{");
        ngx_slack_postgres_put_message(store, &event->messages[i]);
        ngx_slack_postgres_put(text, "}");
    }

    ngx_slack_postgres_put(text, "]");
}


/* A flag is there if it is set. */

static void
ngx_slack_postgres_put_message(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message)
{
    ngx_slack_postgres_text_t  *text;

    text = &store->text;

    ngx_slack_postgres_put(text, "\"space\":");
    ngx_slack_postgres_string(text, &message->workspace);
    ngx_slack_postgres_put(text, ",\"channel\":");
    ngx_slack_postgres_string(text, &message->channel);
    ngx_slack_postgres_put(text, ",\"envelope\":");
    ngx_slack_postgres_hex(text, &message->envelope);
    ngx_slack_postgres_put(text, ",\"body\":");
    ngx_slack_postgres_hex(text, &message->body);

    if (message->dead.len) {
        ngx_slack_postgres_put(text, ",\"dead\":");
        ngx_slack_postgres_string(text, &message->dead);
    }

    if (message->changed) {
        ngx_slack_postgres_put(text, ",\"changed\":1");
    }

    if (message->part.known) {
        ngx_slack_postgres_put(text, ",\"known\":1");
    }

    if (message->part.always) {
        ngx_slack_postgres_put(text, ",\"always\":1");
    }

    if (message->part.key.len && message->dead.len == 0) {
        ngx_slack_postgres_put_part(store, &message->part);
    }
}


static void
ngx_slack_postgres_put_part(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part)
{
    int64_t                     stamp;
    ngx_slack_postgres_text_t  *text;

    text = &store->text;

    /* it must fit beside the other bits of message.part */

    stamp = ngx_max(part->stamp, 0);
    stamp = ngx_min(stamp, NGX_SLACK_POSTGRES_STAMP);

    ngx_slack_postgres_put(text, ",\"key\":");
    ngx_slack_postgres_hex(text, &part->key);
    ngx_slack_postgres_put(text, ",\"part\":");
    ngx_slack_postgres_int(text, part->part);
    ngx_slack_postgres_put(text, ",\"stamp\":");
    ngx_slack_postgres_int(text, stamp);
    ngx_slack_postgres_put(text, ",\"rank\":");
    ngx_slack_postgres_int(text, 2 * (int64_t) (part->clock & 255)
                                 + part->final);
    ngx_slack_postgres_put(text, ",\"keep\":");
    ngx_slack_postgres_int(text, part->keep);

    if (part->ends) {
        ngx_slack_postgres_put(text, ",\"ends\":1");
    }

    if (part->whole) {
        ngx_slack_postgres_put(text, ",\"whole\":1");
    }

    if (part->broadcast) {
        ngx_slack_postgres_put(text, ",\"broadcast\":1");
    }
}


/*
 * The connection broke during the commit.  Who inserts the same token waits
 * for the end of the other transaction, and if that has not begun yet, it will
 * fail: then nothing was stored.
 */

static ngx_int_t
ngx_slack_postgres_committed(ngx_slack_store_t *store, ngx_str_t *token,
    PGresult **res)
{
    if (ngx_slack_postgres_begin(store) != NGX_OK) {
        return NGX_AGAIN;
    }

    ngx_slack_postgres_put(&store->text, "SELECT committed(");
    ngx_slack_postgres_int(&store->text, ngx_slack_clock_wall());
    ngx_slack_postgres_put(&store->text, ", decode('");
    ngx_slack_postgres_digits(&store->text, token);
    ngx_slack_postgres_put(&store->text, "', 'hex'))");

    if (ngx_slack_postgres_commit(store, res) != NGX_OK) {
        return NGX_AGAIN;
    }

    if (PQgetisnull(*res, 0, 0)) {
        PQclear(*res);
        return NGX_DECLINED;
    }

    return NGX_OK;
}


/* [[result, id, [[stored, stale, unknown, superseded, dead], ...]], ...] */

static ngx_int_t
ngx_slack_postgres_read_results(ngx_queue_t *entries, PGresult *res)
{
    char         *p;
    ngx_queue_t  *q;

    p = PQgetvalue(res, 0, 0);

    for (q = ngx_queue_head(entries);
         q != ngx_queue_sentinel(entries);
         q = ngx_queue_next(q))
    {
        ngx_slack_postgres_result(ngx_queue_data(q, ngx_slack_entry_t, queue),
                                  &p);
    }

    return (*p != '\0') ? NGX_OK : NGX_ERROR;
}


static void
ngx_slack_postgres_result(ngx_slack_entry_t *entry, char **p)
{
    ngx_slack_entry_t  *event;

    entry->result = (ngx_slack_entry_result_e)
                    ngx_slack_postgres_result_number(p);
    entry->id = ngx_slack_postgres_result_number(p);

    for (event = entry; event; event = event->next) {
        event->stored = 0;
        event->dead = 0;
        event->stale = 0;
        event->unknown = 0;
        event->superseded = 0;

        if (entry->result != NGX_SLACK_ENTRY_STORED
            && entry->result != NGX_SLACK_ENTRY_UNCHANGED)
        {
            continue;
        }

        event->stored = (ngx_uint_t) ngx_slack_postgres_result_number(p);
        event->stale = (ngx_uint_t) ngx_slack_postgres_result_number(p);
        event->unknown = (ngx_uint_t) ngx_slack_postgres_result_number(p);
        event->superseded = (ngx_uint_t) ngx_slack_postgres_result_number(p);
        event->dead = (ngx_uint_t) ngx_slack_postgres_result_number(p);
    }
}


/* the next number of the text */

static int64_t
ngx_slack_postgres_result_number(char **p)
{
    while (**p != '\0' && (**p < '0' || **p > '9')) {
        (*p)++;
    }

    return strtoll(*p, p, 10);
}


static void
ngx_slack_postgres_append_failed(ngx_queue_t *entries,
    ngx_slack_entry_result_e result)
{
    ngx_queue_t        *q;
    ngx_slack_entry_t  *entry;

    for (q = ngx_queue_head(entries);
         q != ngx_queue_sentinel(entries);
         q = ngx_queue_next(q))
    {
        entry = ngx_queue_data(q, ngx_slack_entry_t, queue);

        entry->result = result;
        entry->id = 0;

        for ( /* void */ ; entry; entry = entry->next) {
            entry->stored = 0;
            entry->dead = 0;
            entry->stale = 0;
            entry->unknown = 0;
            entry->superseded = 0;
        }
    }
}
