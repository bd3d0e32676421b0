
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Places a new message in its thread: as its root, a reply, a change, or
 * nothing that is stored (ngx_slack_thread.h).  This is the hot path: a reply
 * to a thread of the cache costs no statement more, a root or a change one or
 * two; a thread that is not in the cache, a query.  Runs in a pool thread, in
 * a transaction.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_thread.h>


static ngx_uint_t ngx_slack_sqlite_state_before(ngx_slack_entry_t *event,
    ngx_slack_new_message_t *message);
static ngx_int_t ngx_slack_sqlite_place_first(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part, int64_t now, ngx_uint_t taken,
    ngx_slack_sqlite_part_t *place);
static ngx_int_t ngx_slack_sqlite_place_reply(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part, ngx_slack_sqlite_thread_t *thread, int64_t now,
    ngx_uint_t cached, ngx_slack_sqlite_part_t *place);
static ngx_int_t ngx_slack_sqlite_place_state(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_part_t *part,
    ngx_slack_sqlite_thread_t *thread, int64_t now, ngx_uint_t cached,
    ngx_slack_sqlite_part_t *place);
static ngx_int_t ngx_slack_sqlite_supersede(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_sqlite_thread_t *thread, int64_t now);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_place(ngx_slack_store_t *store, ngx_slack_entry_t *event,
    ngx_slack_new_message_t *message, int64_t now,
    ngx_slack_sqlite_part_t *place)
{
    ngx_int_t                   rc;
    ngx_uint_t                  before, became, cached, only;
    ngx_slack_new_part_t       *part;
    ngx_slack_sqlite_thread_t   thread;

    part = &message->part;

    only = (part->known || (message->changed && !event->changed));

    if (store->stmts[NGX_SLACK_SQL_ADD_PART] == NULL) {

        /* until a leader has migrated the file, it has no threads */

        event->unknown += only;

        return only ? NGX_DECLINED : NGX_OK;
    }

    if (part->part == NGX_SLACK_NEW_START) {
        return ngx_slack_sqlite_place_first(store, part, now, 0, place);
    }

    before = NGX_SLACK_SQLITE_BECAME_NOTHING;

    if (part->part == NGX_SLACK_NEW_HISTORY) {
        before = ngx_slack_sqlite_state_before(event, message);

        if (before == NGX_SLACK_SQLITE_BECAME_ROOT
            || before == NGX_SLACK_SQLITE_BECAME_REPLY)
        {
            return NGX_DECLINED;
        }
    }

    cached = (ngx_slack_sqlite_recall_thread(store, place->destination,
                                             &part->key, &thread)
              == NGX_OK);

    for ( ;; ) {
        rc = cached ? NGX_OK
                    : ngx_slack_sqlite_thread_of(store, place->destination,
                                                 &part->key, &thread);
        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        became = ngx_slack_sqlite_decide(event, part, before, only, now,
                                         (rc == NGX_OK) ? &thread : NULL);

        if (became == NGX_SLACK_SQLITE_BECAME_CHANGE
            || became == NGX_SLACK_SQLITE_BECAME_REPLY)
        {
            place->thread = thread.id;

            rc = (became == NGX_SLACK_SQLITE_BECAME_CHANGE)
                 ? ngx_slack_sqlite_place_state(store, event, part, &thread,
                                                now, cached, place)
                 : ngx_slack_sqlite_place_reply(store, part, &thread, now,
                                                cached, place);

            if (rc != NGX_AGAIN) {
                return rc;
            }

        } else if (!cached) {
            break;
        }

        /* what decides here must be read from the file */

        cached = 0;
    }

    switch (became) {

    case NGX_SLACK_SQLITE_BECAME_STALE:
        part->became = NGX_SLACK_SQLITE_BECAME_STALE;
        event->stale++;
        return NGX_DECLINED;

    case NGX_SLACK_SQLITE_BECAME_NOTHING:
        event->unknown++;
        return NGX_DECLINED;

    default: /* NGX_SLACK_SQLITE_BECAME_ROOT */
        return ngx_slack_sqlite_place_first(store, part, now, (rc == NGX_OK),
                                            place);
    }
}


/* What became of the state that a message goes with. */

static ngx_uint_t
ngx_slack_sqlite_state_before(ngx_slack_entry_t *event,
    ngx_slack_new_message_t *message)
{
    ngx_slack_new_message_t  *state;

    for (state = message; state > event->messages; /* void */ ) {
        state--;

        if (state->part.part == NGX_SLACK_NEW_STATE
            && ngx_slack_equal(&state->part.key, &message->part.key)
            && ngx_slack_equal(&state->workspace, &message->workspace)
            && ngx_slack_equal(&state->channel, &message->channel))
        {
            return state->part.became;
        }
    }

    return NGX_SLACK_SQLITE_BECAME_NOTHING;
}


/*
 * The message begins a thread.  "taken": an earlier thread that is not known
 * any more has the key.
 */

static ngx_int_t
ngx_slack_sqlite_place_first(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part, int64_t now, ngx_uint_t taken,
    ngx_slack_sqlite_part_t *place)
{
    ngx_slack_role_e           role;
    ngx_slack_sqlite_thread_t  thread;

    role = NGX_SLACK_ROLE_ROOT;

    if (part->part == NGX_SLACK_NEW_STATE) {
        role = NGX_SLACK_ROLE_STATE_ROOT;
        part->became = NGX_SLACK_SQLITE_BECAME_ROOT;
    }

    place->state = NGX_SLACK_SQLITE_WAITING;
    place->thread = store->newest + 1;
    place->part = ngx_slack_sqlite_pack(part, role);

    ngx_slack_sqlite_new_thread(part, now, place, &thread);

    if (taken
        && ngx_slack_sqlite_yield_key(store, place->destination, &part->key)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_sqlite_add_thread(store, &part->key, &thread) != NGX_OK) {
        return NGX_ERROR;
    }

    if (sqlite3_changes(store->db)) {
        ngx_slack_sqlite_keep_thread(store, &part->key, &thread);
        return NGX_OK;
    }

    if (ngx_slack_sqlite_yield_key(store, place->destination, &part->key)
        != NGX_OK
        || ngx_slack_sqlite_add_thread(store, &part->key, &thread) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (sqlite3_changes(store->db) == 0) {

        /* somebody has edited the file, and this id is taken */

        place->thread = 0;
        place->part = 0;

        thread.has = NGX_SLACK_SQLITE_NO_ROOT;
    }

    ngx_slack_sqlite_keep_thread(store, &part->key, &thread);

    return NGX_OK;
}


/* Here and in the next: NGX_AGAIN, if "cached": see what the file has. */

static ngx_int_t
ngx_slack_sqlite_place_reply(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part, ngx_slack_sqlite_thread_t *thread, int64_t now,
    ngx_uint_t cached, ngx_slack_sqlite_part_t *place)
{
    int64_t           id, expires;
    ngx_uint_t        ends, current;
    ngx_slack_role_e  role;

    id = store->newest + 1;
    expires = ngx_max(thread->expires, ngx_slack_sqlite_expiry(part, now));
    ends = (part->ends && part->part == NGX_SLACK_NEW_REPLY);

    current = (!ends && thread->has != NGX_SLACK_SQLITE_NO_ROOT
               && id - thread->last <= NGX_SLACK_SQLITE_BEHIND
               && now - thread->touched <= NGX_SLACK_SQLITE_LATE
               && expires - thread->expires <= NGX_SLACK_SQLITE_LATE);

    if (cached && !current) {
        return NGX_AGAIN;
    }

    if (thread->has == NGX_SLACK_SQLITE_NO_ROOT) {
        thread->root = id;
        thread->flags &= NGX_SLACK_SQLITE_ENDED;
        thread->flags |= ngx_slack_sqlite_part_root(part);
        thread->has = NGX_SLACK_SQLITE_ROOT_WAITS;
        role = NGX_SLACK_ROLE_ROOT;

    } else if (thread->flags & NGX_SLACK_SQLITE_NO_REPLIES) {
        role = NGX_SLACK_ROLE_PLAIN;

    } else if (part->broadcast) {
        role = NGX_SLACK_ROLE_BROADCAST;

    } else {
        role = NGX_SLACK_ROLE_REPLY;
    }

    place->state = NGX_SLACK_SQLITE_WAITING;
    place->part = ngx_slack_sqlite_pack(part, role);

    if (ends) {
        thread->flags |= NGX_SLACK_SQLITE_ENDED;
        ngx_slack_sqlite_set_stamp(thread, part);
    }

    if (cached) {
        return NGX_OK;
    }

    if (!current) {
        thread->touched = now;
        thread->expires = expires;
        thread->last = id;

        if (ngx_slack_sqlite_set_thread(store, thread) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    ngx_slack_sqlite_keep_thread(store, &part->key, thread);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_place_state(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_part_t *part,
    ngx_slack_sqlite_thread_t *thread, int64_t now, ngx_uint_t cached,
    ngx_slack_sqlite_part_t *place)
{
    int64_t                    id;
    ngx_int_t                  rc;
    ngx_slack_role_e           role;
    ngx_slack_sqlite_thread_t  old;

    if (cached && part->ends) {
        return NGX_AGAIN;
    }

    id = store->newest + 1;
    old = *thread;

    place->state = NGX_SLACK_SQLITE_WAITING;
    thread->change = 0;
    thread->since = 0;

    if (thread->has == NGX_SLACK_SQLITE_NO_ROOT) {
        thread->root = id;
        thread->flags &= NGX_SLACK_SQLITE_ENDED;
        thread->has = NGX_SLACK_SQLITE_ROOT_WAITS;
        part->became = NGX_SLACK_SQLITE_BECAME_ROOT;
        role = NGX_SLACK_ROLE_STATE_ROOT;

    } else if ((thread->flags & NGX_SLACK_SQLITE_NO_CHANGES)
               && thread->has == NGX_SLACK_SQLITE_ROOT_SENT)
    {
        part->became = NGX_SLACK_SQLITE_BECAME_REPLY;

        if (thread->flags & NGX_SLACK_SQLITE_NO_REPLIES) {
            role = NGX_SLACK_ROLE_PLAIN;

        } else {
            role = part->broadcast ? NGX_SLACK_ROLE_BROADCAST
                                   : NGX_SLACK_ROLE_REPLY;
        }

    } else {
        thread->since = old.change ? old.since : now;
        thread->change = id;
        part->became = NGX_SLACK_SQLITE_BECAME_CHANGE;
        place->state = NGX_SLACK_SQLITE_CHANGE;
        role = NGX_SLACK_ROLE_CHANGE;
    }

    place->part = ngx_slack_sqlite_pack(part, role);

    ngx_slack_sqlite_set_stamp(thread, part);

    if (part->ends) {
        thread->flags |= NGX_SLACK_SQLITE_ENDED;
    }

    thread->touched = now;
    thread->expires = ngx_max(thread->expires,
                              ngx_slack_sqlite_expiry(part, now));
    thread->last = id;

    rc = ngx_slack_sqlite_set_stated(store, &old, thread);

    if (rc == NGX_DECLINED) {
        rc = cached ? NGX_AGAIN : ngx_slack_sqlite_set_thread(store, thread);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    if (old.change
        && ngx_slack_sqlite_supersede(store, event, &old, now) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_keep_thread(store, &part->key, thread);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_supersede(ngx_slack_store_t *store, ngx_slack_entry_t *event,
    ngx_slack_sqlite_thread_t *thread, int64_t now)
{
    ngx_str_t                      answer;
    ngx_slack_tally_settlement_t  *settled;

    ngx_str_set(&answer, "superseded");

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DROP, 1, thread->change);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DROP, 2, now);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DROP, 3,
                              NGX_SLACK_SQLITE_CHANGE);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_DROP, 4, &answer);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_DROP) != NGX_OK) {
        return NGX_ERROR;
    }

    if (sqlite3_changes(store->db) == 0) {

        /* somebody has edited the file */

        return NGX_OK;
    }

    event->superseded++;
    store->waiting--;

    if (store->nsuperseded < NGX_SLACK_SQLITE_SUPERSEDED) {
        settled = &store->superseded[store->nsuperseded++];

        settled->settled = store->newest - store->waiting;
        settled->id = thread->change;
        settled->channel = thread->destination;
        settled->dead = 0;
    }

    return NGX_OK;
}
