
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
#include <ngx_slack_sqlite_memory.h>
#include <ngx_slack_sqlite_thread.h>


typedef struct {
    ngx_queue_t            *entries;
    ngx_slack_more_pt       more;
    void                   *data;
} ngx_slack_sqlite_append_t;


static ngx_int_t ngx_slack_sqlite_append_entries(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_append_entry(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry, int64_t now);
static ngx_int_t ngx_slack_sqlite_try_entry(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry, int64_t now, int64_t expired);
static ngx_int_t ngx_slack_sqlite_store_entry(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry, int64_t now, int64_t expired, ngx_uint_t n);
static ngx_uint_t ngx_slack_sqlite_is_taken(ngx_slack_entry_t *entry);
static void ngx_slack_sqlite_clear_results(ngx_slack_entry_t *entry);
static ngx_int_t ngx_slack_sqlite_count_messages(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_uint_t *n, ngx_uint_t *dead,
    ngx_uint_t *parts);
static ngx_int_t ngx_slack_sqlite_append_event(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, int64_t now);
static ngx_uint_t ngx_slack_sqlite_tells(ngx_slack_entry_t *event);
static ngx_uint_t ngx_slack_sqlite_wanted(ngx_slack_entry_t *event,
    ngx_slack_new_message_t *message);
static ngx_int_t ngx_slack_sqlite_add_message(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_message_t *message, int64_t now);
static ngx_int_t ngx_slack_sqlite_add_dead(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_message_t *message,
    int64_t channel, int64_t now);
static ngx_int_t ngx_slack_sqlite_insert_message(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_message_t *message,
    ngx_slack_sqlite_part_t *place, int64_t now);


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
        ngx_slack_sqlite_noted(store, store->superseded, store->nsuperseded);
        return NGX_OK;
    }

    for (q = ngx_queue_head(entries);
         q != ngx_queue_sentinel(entries);
         q = ngx_queue_next(q))
    {
        entry = ngx_queue_data(q, ngx_slack_entry_t, queue);

        entry->result = NGX_SLACK_ENTRY_FAILED;
        ngx_slack_sqlite_clear_results(entry);
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

    store->nsuperseded = 0;

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

    return ngx_slack_sqlite_note(store, store->superseded, store->nsuperseded);
}


static ngx_int_t
ngx_slack_sqlite_append_entry(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry, int64_t now)
{
    int64_t             expired;
    ngx_int_t           rc;
    ngx_uint_t          n, dead, parts, told;
    ngx_slack_entry_t  *event;

    entry->result = NGX_SLACK_ENTRY_STORED;
    ngx_slack_sqlite_clear_results(entry);

    n = 0;
    dead = 0;
    parts = 0;
    told = 0;

    for (event = entry; event; event = event->next) {

        if (ngx_slack_sqlite_count_messages(store, event, &n, &dead, &parts)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        told |= event->nmessages;
    }

    expired = now - (int64_t) ngx_max(store->conf->dedup, entry->keep) * 1000;

    if (n == 0 || store->waiting + (int64_t) n <= (int64_t) store->conf->max) {
        return ngx_slack_sqlite_store_entry(store, entry, now,
                                            told ? expired : -1, n + dead);
    }

    rc = ngx_slack_sqlite_known(store, entry, expired);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (parts) {
        return ngx_slack_sqlite_try_entry(store, entry, now, expired);
    }

    entry->result = NGX_SLACK_ENTRY_FULL;

    return NGX_OK;
}


/*
 * There may be no room for all messages, but states may need none: a change
 * takes the room of the one that it replaces, and a stale one is not stored.
 */

static ngx_int_t
ngx_slack_sqlite_try_entry(ngx_slack_store_t *store, ngx_slack_entry_t *entry,
    int64_t now, int64_t expired)
{
    int64_t     waiting, newest;
    ngx_uint_t  n;

    waiting = store->waiting;
    newest = store->newest;
    n = store->nsuperseded;

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_SAVE) != NGX_OK
        || ngx_slack_sqlite_store_entry(store, entry, now, expired, 1)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (store->waiting > (int64_t) store->conf->max
        && store->waiting > waiting)
    {
        if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_UNDO) != NGX_OK) {
            return NGX_ERROR;
        }

        /* an id in the cache may be of a channel that is gone now */

        ngx_slack_sqlite_forget(store);

        store->waiting = waiting;
        store->newest = newest;
        store->nsuperseded = n;

        entry->result = NGX_SLACK_ENTRY_FULL;
        ngx_slack_sqlite_clear_results(entry);
    }

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_RELEASE);
}


/*
 * "n" is the number of messages, 0 or not; without a state of a thread all of
 * them are stored.  "expired" is -1 if the key is not to be stored.
 */

static ngx_int_t
ngx_slack_sqlite_store_entry(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry, int64_t now, int64_t expired, ngx_uint_t n)
{
    int64_t             first, id;
    ngx_int_t           rc;
    ngx_uint_t          keyed;
    ngx_slack_entry_t  *event;

    first = store->newest + 1;
    keyed = (entry->key.len && expired != -1);

    if (keyed && !ngx_slack_sqlite_is_taken(entry)) {

        /* Mostly nothing is stored, so nothing is written then. */

        rc = ngx_slack_sqlite_known(store, entry, expired);

        if (rc != NGX_DECLINED) {
            return rc;
        }

    } else if (keyed) {
        rc = ngx_slack_sqlite_add_key(store, entry, n ? first : 0, now,
                                      expired);

        if (rc == NGX_DECLINED) {
            rc = ngx_slack_sqlite_known(store, entry, expired);
            return (rc == NGX_OK) ? NGX_OK : NGX_ERROR;
        }

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    for (event = entry; event; event = event->next) {

        id = store->newest + 1;

        if (ngx_slack_sqlite_append_event(store, event, now) != NGX_OK) {
            return NGX_ERROR;
        }

        rc = ngx_slack_sqlite_tells(event)
             ? ngx_slack_sqlite_set_states(store, event, id, now)
             : ngx_slack_sqlite_forget_states(store, event, now);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (store->newest >= first) {
        entry->id = first;

        if (!keyed || ngx_slack_sqlite_is_taken(entry)) {
            return NGX_OK;
        }

        return (ngx_slack_sqlite_add_key(store, entry, first, now, expired)
                == NGX_ERROR) ? NGX_ERROR : NGX_OK;
    }

    entry->result = NGX_SLACK_ENTRY_UNCHANGED;

    if (n == 0 || !keyed || !ngx_slack_sqlite_is_taken(entry)) {
        return NGX_OK;
    }

    /*
     * The threads want none of the messages now, but may want one when the
     * event is sent again: forget its key.
     */

    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_DELETE_KEY, 1,
                               &entry->key);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DELETE_KEY, 2, now + 1);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_DELETE_KEY);
}


/* Whether a route takes any event of the entry. */

static ngx_uint_t
ngx_slack_sqlite_is_taken(ngx_slack_entry_t *entry)
{
    ngx_slack_entry_t  *event;

    for (event = entry; event; event = event->next) {
        if (ngx_slack_sqlite_tells(event)) {
            return 1;
        }
    }

    return 0;
}


static void
ngx_slack_sqlite_clear_results(ngx_slack_entry_t *entry)
{
    entry->id = 0;

    for ( /* void */ ; entry; entry = entry->next) {
        entry->stored = 0;
        entry->dead = 0;
        entry->stale = 0;
        entry->unknown = 0;
        entry->superseded = 0;
    }
}


/*
 * Adds the number of messages of an event that will be stored to *n, if their
 * threads want them, the number of those with a thread to *parts, and that of
 * dead letters to *dead.
 */

static ngx_int_t
ngx_slack_sqlite_count_messages(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_uint_t *n, ngx_uint_t *dead,
    ngx_uint_t *parts)
{
    ngx_uint_t  i;

    event->changed = (event->nstates == 0);
    event->anew = 0;

    if (event->nmessages == 0) {
        return NGX_OK;
    }

    if (event->nstates && ngx_slack_sqlite_changed(store, event) != NGX_OK) {
        return NGX_ERROR;
    }

    for (i = 0; i < event->nmessages; i++) {

        if (!ngx_slack_sqlite_wanted(event, &event->messages[i])) {
            /* void */

        } else if (event->messages[i].dead.len) {
            *dead += 1;

        } else {
            *n += 1;
            *parts += (event->messages[i].part.key.len != 0);
        }

        event->messages[i].part.became = 0;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_append_event(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, int64_t now)
{
    ngx_uint_t                i;
    ngx_slack_new_message_t  *message;

    for (i = 0; i < event->nmessages; i++) {
        message = &event->messages[i];

        if (ngx_slack_sqlite_wanted(event, message)
            && ngx_slack_sqlite_add_message(store, event, message, now)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Returns 1 if somebody is told of the states of an event; else 0. */

static ngx_uint_t
ngx_slack_sqlite_tells(ngx_slack_entry_t *event)
{
    ngx_uint_t  i;

    for (i = 0; i < event->nmessages; i++) {
        if (!event->messages[i].part.known) {
            return 1;
        }
    }

    return 0;
}


/* Returns 1 if a message is to be stored, as far as states go; else 0. */

static ngx_uint_t
ngx_slack_sqlite_wanted(ngx_slack_entry_t *event,
    ngx_slack_new_message_t *message)
{
    return !message->changed || event->changed
           || (message->part.always && message->part.key.len);
}


static ngx_int_t
ngx_slack_sqlite_add_message(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_message_t *message, int64_t now)
{
    ngx_int_t                rc;
    ngx_slack_sqlite_part_t  place;

    if (ngx_slack_sqlite_channel(store, message, &place.destination)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (message->dead.len) {
        return ngx_slack_sqlite_add_dead(store, event, message,
                                         place.destination, now);
    }

    place.thread = 0;

    if (message->part.key.len) {
        rc = ngx_slack_sqlite_place(store, event, message, now, &place);

        if (rc != NGX_OK) {
            return (rc == NGX_DECLINED) ? NGX_OK : NGX_ERROR;
        }
    }

    if (ngx_slack_sqlite_insert_message(store, event, message, &place, now)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    event->stored++;

    store->newest++;
    store->waiting++;

    return NGX_OK;
}


/* It never waits, so it counts as settled at once. */

static ngx_int_t
ngx_slack_sqlite_add_dead(ngx_slack_store_t *store, ngx_slack_entry_t *event,
    ngx_slack_new_message_t *message, int64_t channel, int64_t now)
{
    ngx_slack_tally_settlement_t  *settled;

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ADD_DEAD, 1,
                              store->newest + 1);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ADD_DEAD, 2, channel);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_ADD_DEAD, 3, now);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_DEAD, 4,
                               &event->event);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_DEAD, 5,
                               &event->project);
    ngx_slack_sqlite_bind_blob(store, NGX_SLACK_SQL_ADD_DEAD, 6,
                               &message->envelope);
    ngx_slack_sqlite_bind_blob(store, NGX_SLACK_SQL_ADD_DEAD, 7,
                               &message->body);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_DEAD, 8,
                               &message->dead);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_ADD_DEAD) != NGX_OK) {
        return NGX_ERROR;
    }

    event->stored++;
    event->dead++;

    store->newest++;

    if (store->nsuperseded < NGX_SLACK_SQLITE_SUPERSEDED) {
        settled = &store->superseded[store->nsuperseded++];

        settled->settled = store->newest - store->waiting;
        settled->id = store->newest;
        settled->channel = channel;
        settled->dead = 1;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_insert_message(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_message_t *message,
    ngx_slack_sqlite_part_t *place, int64_t now)
{
    ngx_slack_sqlite_statement_e  n;

    n = place->thread ? NGX_SLACK_SQL_ADD_PART : NGX_SLACK_SQL_ADD_MESSAGE;

    ngx_slack_sqlite_bind_int(store, n, 1, store->newest + 1);
    ngx_slack_sqlite_bind_int(store, n, 2, place->destination);
    ngx_slack_sqlite_bind_int(store, n, 3, now);
    ngx_slack_sqlite_bind_text(store, n, 4, &event->event);
    ngx_slack_sqlite_bind_text(store, n, 5, &event->project);
    ngx_slack_sqlite_bind_blob(store, n, 6, &message->envelope);
    ngx_slack_sqlite_bind_blob(store, n, 7, &message->body);

    if (place->thread) {
        ngx_slack_sqlite_bind_int(store, n, 8, (int64_t) place->state);
        ngx_slack_sqlite_bind_int(store, n, 9, place->thread);
        ngx_slack_sqlite_bind_int(store, n, 10, place->part);
    }

    return ngx_slack_sqlite_run(store, n);
}
