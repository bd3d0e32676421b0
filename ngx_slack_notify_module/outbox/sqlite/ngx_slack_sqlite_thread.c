
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Decides what a new message is to its thread: its root, a reply, a change,
 * or nothing that is stored (ngx_slack_thread.h).  This is the hot path: a
 * reply to a known thread costs one query, most others cost one more
 * statement.  Runs in a pool thread, in a transaction.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_thread.h>


/* ms: so long after the end of a thread older states of it are refused */
#define NGX_SLACK_SQLITE_TOMBSTONE  ((int64_t) 3600 * 1000)


/* ngx_slack_new_part_t.became */

#define NGX_SLACK_SQLITE_BECAME_NOTHING  0
#define NGX_SLACK_SQLITE_BECAME_STALE    1
#define NGX_SLACK_SQLITE_BECAME_ROOT     2
#define NGX_SLACK_SQLITE_BECAME_CHANGE   3
#define NGX_SLACK_SQLITE_BECAME_REPLY    4


static ngx_uint_t ngx_slack_sqlite_state_before(ngx_slack_entry_t *event,
    ngx_slack_new_message_t *message);
static ngx_uint_t ngx_slack_sqlite_stale(ngx_slack_sqlite_thread_t *thread,
    ngx_slack_new_part_t *part, int64_t now);
static ngx_int_t ngx_slack_sqlite_place_first(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part, int64_t now, ngx_uint_t taken,
    ngx_slack_sqlite_part_t *place);
static ngx_int_t ngx_slack_sqlite_place_reply(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part, ngx_slack_sqlite_thread_t *thread, int64_t now,
    ngx_slack_sqlite_part_t *place);
static ngx_int_t ngx_slack_sqlite_place_state(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_part_t *part,
    ngx_slack_sqlite_thread_t *thread, int64_t now,
    ngx_slack_sqlite_part_t *place);
static ngx_int_t ngx_slack_sqlite_supersede(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_sqlite_thread_t *thread, int64_t now);
static ngx_int_t ngx_slack_sqlite_add_thread(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part, int64_t channel, int64_t now);
static ngx_int_t ngx_slack_sqlite_yield_key(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part, int64_t channel);
static ngx_uint_t ngx_slack_sqlite_part_root(ngx_slack_new_part_t *part);
static ngx_uint_t ngx_slack_sqlite_ends(ngx_slack_new_part_t *part);
static int64_t ngx_slack_sqlite_expiry(ngx_slack_new_part_t *part,
    int64_t now);
static void ngx_slack_sqlite_set_stamp(ngx_slack_sqlite_thread_t *thread,
    ngx_slack_new_part_t *part);
static ngx_uint_t ngx_slack_sqlite_rank_of(ngx_slack_new_part_t *part);
static int64_t ngx_slack_sqlite_stamp_of(ngx_slack_new_part_t *part);
static int64_t ngx_slack_sqlite_pack(ngx_slack_new_part_t *part,
    ngx_slack_role_e role);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_place(ngx_slack_store_t *store, ngx_slack_entry_t *event,
    ngx_slack_new_message_t *message, int64_t now,
    ngx_slack_sqlite_part_t *place)
{
    ngx_int_t                   rc;
    ngx_uint_t                  taken, before, known, only;
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

    rc = ngx_slack_sqlite_thread_of(store, place->destination, &part->key,
                                    &thread);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    taken = (rc == NGX_OK);
    known = (taken && thread.expires >= now);

    if (known && part->part == NGX_SLACK_NEW_STATE
        && ngx_slack_sqlite_stale(&thread, part, now))
    {
        part->became = NGX_SLACK_SQLITE_BECAME_STALE;
        event->stale++;

        return NGX_DECLINED;
    }

    /* what goes with a state goes to its thread, even if that has ended it */

    if (known && (thread.flags & NGX_SLACK_SQLITE_ENDED)
        && before == NGX_SLACK_SQLITE_BECAME_NOTHING
        && (part->part != NGX_SLACK_NEW_REPLY
            || !ngx_slack_sqlite_stale(&thread, part, now)))
    {
        known = 0;
    }

    if (known && part->part == NGX_SLACK_NEW_STATE
        && (thread.flags & NGX_SLACK_SQLITE_PART_ROOT)
        && thread.has != NGX_SLACK_SQLITE_NO_ROOT)
    {
        known = 0;
    }

    /* nobody has told that it ended, but it did */

    if (event->anew && before == NGX_SLACK_SQLITE_BECAME_NOTHING
        && (part->part == NGX_SLACK_NEW_STATE || part->whole))
    {
        known = 0;
    }

    if (only && (!known || thread.has == NGX_SLACK_SQLITE_NO_ROOT)) {
        event->unknown++;
        return NGX_DECLINED;
    }

    if (!known) {
        return ngx_slack_sqlite_place_first(store, part, now, taken, place);
    }

    place->thread = thread.id;

    return (part->part == NGX_SLACK_NEW_STATE)
           ? ngx_slack_sqlite_place_state(store, event, part, &thread, now,
                                          place)
           : ngx_slack_sqlite_place_reply(store, part, &thread, now, place);
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
            && state->part.key.len == message->part.key.len
            && state->workspace.len == message->workspace.len
            && state->channel.len == message->channel.len
            && ngx_memcmp(state->part.key.data, message->part.key.data,
                          message->part.key.len)
               == 0
            && ngx_memcmp(state->workspace.data, message->workspace.data,
                          message->workspace.len)
               == 0
            && (message->channel.len == 0
                || ngx_memcmp(state->channel.data, message->channel.data,
                              message->channel.len)
                   == 0))
        {
            return state->part.became;
        }
    }

    return NGX_SLACK_SQLITE_BECAME_NOTHING;
}


static ngx_uint_t
ngx_slack_sqlite_stale(ngx_slack_sqlite_thread_t *thread,
    ngx_slack_new_part_t *part, int64_t now)
{
    if ((thread->flags & NGX_SLACK_SQLITE_ENDED)
        && now - thread->touched > NGX_SLACK_SQLITE_TOMBSTONE)
    {
        return 0;
    }

    return ngx_slack_sqlite_older(thread, ngx_slack_sqlite_stamp_of(part),
                                  ngx_slack_sqlite_rank_of(part));
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
    ngx_slack_role_e  role;

    role = NGX_SLACK_ROLE_ROOT;

    if (part->part == NGX_SLACK_NEW_STATE) {
        role = NGX_SLACK_ROLE_STATE_ROOT;
        part->became = NGX_SLACK_SQLITE_BECAME_ROOT;
    }

    place->state = NGX_SLACK_SQLITE_WAITING;
    place->thread = store->newest + 1;
    place->part = ngx_slack_sqlite_pack(part, role);

    if (taken
        && ngx_slack_sqlite_yield_key(store, part, place->destination)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_sqlite_add_thread(store, part, place->destination, now)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (sqlite3_changes(store->db)) {
        return NGX_OK;
    }

    if (ngx_slack_sqlite_yield_key(store, part, place->destination) != NGX_OK
        || ngx_slack_sqlite_add_thread(store, part, place->destination, now)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (sqlite3_changes(store->db) == 0) {

        /* somebody has edited the file, and this id is taken */

        place->thread = 0;
        place->part = 0;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_place_reply(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part, ngx_slack_sqlite_thread_t *thread, int64_t now,
    ngx_slack_sqlite_part_t *place)
{
    int64_t           id, expires;
    ngx_uint_t        ends;
    ngx_slack_role_e  role;

    id = store->newest + 1;
    expires = ngx_max(thread->expires, ngx_slack_sqlite_expiry(part, now));
    ends = (part->ends && part->part == NGX_SLACK_NEW_REPLY);

    if (thread->has == NGX_SLACK_SQLITE_NO_ROOT) {
        thread->root = id;
        thread->flags &= NGX_SLACK_SQLITE_ENDED;
        thread->flags |= ngx_slack_sqlite_part_root(part);
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

    if (!ends && thread->root != id
        && id - thread->last <= NGX_SLACK_SQLITE_BEHIND
        && now - thread->touched <= NGX_SLACK_SQLITE_LATE
        && expires - thread->expires <= NGX_SLACK_SQLITE_LATE)
    {
        return NGX_OK;
    }

    thread->touched = now;
    thread->expires = expires;
    thread->last = id;

    return ngx_slack_sqlite_set_thread(store, thread);
}


static ngx_int_t
ngx_slack_sqlite_place_state(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_part_t *part,
    ngx_slack_sqlite_thread_t *thread, int64_t now,
    ngx_slack_sqlite_part_t *place)
{
    int64_t           id, since;
    ngx_slack_role_e  role;

    if (ngx_slack_sqlite_supersede(store, event, thread, now) != NGX_OK) {
        return NGX_ERROR;
    }

    id = store->newest + 1;
    since = thread->change ? thread->since : now;

    place->state = NGX_SLACK_SQLITE_WAITING;
    thread->change = 0;
    thread->since = 0;

    if (thread->has == NGX_SLACK_SQLITE_NO_ROOT) {
        thread->root = id;
        thread->flags &= NGX_SLACK_SQLITE_ENDED;
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
        thread->since = since;
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

    return ngx_slack_sqlite_set_thread(store, thread);
}


static void
ngx_slack_sqlite_set_stamp(ngx_slack_sqlite_thread_t *thread,
    ngx_slack_new_part_t *part)
{
    if (part->stamp > 0) {
        thread->stamp = ngx_slack_sqlite_stamp_of(part);
        thread->rank = ngx_slack_sqlite_rank_of(part);

    } else {

        /* it is news, and still no reason to show an older state after it */

        thread->rank = (thread->rank & ~(ngx_uint_t) 1) | part->final;
    }
}


/* thread->change is not 0 afterwards if a change was replaced */

static ngx_int_t
ngx_slack_sqlite_supersede(ngx_slack_store_t *store, ngx_slack_entry_t *event,
    ngx_slack_sqlite_thread_t *thread, int64_t now)
{
    ngx_str_t                      answer;
    ngx_slack_tally_settlement_t  *settled;

    if (thread->change == 0) {
        return NGX_OK;
    }

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
        thread->change = 0;
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


static ngx_int_t
ngx_slack_sqlite_add_thread(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part, int64_t channel, int64_t now)
{
    ngx_uint_t  n, flags, states;

    n = NGX_SLACK_SQL_ADD_THREAD;
    flags = ngx_slack_sqlite_part_root(part)
            | (ngx_slack_sqlite_ends(part) ? NGX_SLACK_SQLITE_ENDED : 0);
    states = (part->part == NGX_SLACK_NEW_STATE
              || part->part == NGX_SLACK_NEW_START
              || ngx_slack_sqlite_ends(part));

    ngx_slack_sqlite_bind_int(store, n, 1, store->newest + 1);
    ngx_slack_sqlite_bind_int(store, n, 2, channel);
    ngx_slack_sqlite_bind_text(store, n, 3, &part->key);
    ngx_slack_sqlite_bind_int(store, n, 4,
                              states ? ngx_slack_sqlite_stamp_of(part) : 0);
    ngx_slack_sqlite_bind_int(store, n, 5,
                              states ? (int64_t) ngx_slack_sqlite_rank_of(part)
                                     : 0);
    ngx_slack_sqlite_bind_int(store, n, 6, (int64_t) flags);
    ngx_slack_sqlite_bind_int(store, n, 7, now);
    ngx_slack_sqlite_bind_int(store, n, 8,
                              ngx_slack_sqlite_expiry(part, now));

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_ADD_THREAD);
}


static ngx_int_t
ngx_slack_sqlite_yield_key(ngx_slack_store_t *store,
    ngx_slack_new_part_t *part, int64_t channel)
{
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_YIELD_KEY, 1, channel);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_YIELD_KEY, 2, &part->key);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_YIELD_KEY);
}


/* the flag of a root that no state may change */

static ngx_uint_t
ngx_slack_sqlite_part_root(ngx_slack_new_part_t *part)
{
    return (part->part == NGX_SLACK_NEW_STATE || part->whole)
           ? 0 : NGX_SLACK_SQLITE_PART_ROOT;
}


/* "ends" of a reply that goes with a state is that of the state */

static ngx_uint_t
ngx_slack_sqlite_ends(ngx_slack_new_part_t *part)
{
    return part->ends && part->part != NGX_SLACK_NEW_HISTORY;
}


/* a thread that has ended is remembered as long as its stamp matters */

static int64_t
ngx_slack_sqlite_expiry(ngx_slack_new_part_t *part, int64_t now)
{
    int64_t  expires;

    expires = now + (int64_t) part->keep * 1000;

    if (ngx_slack_sqlite_ends(part)) {
        expires = ngx_max(expires, now + NGX_SLACK_SQLITE_TOMBSTONE);
    }

    return ngx_min(expires, NGX_SLACK_SQLITE_TIME_MAX);
}


static ngx_uint_t
ngx_slack_sqlite_rank_of(ngx_slack_new_part_t *part)
{
    return 2 * (part->clock & 255) + part->final;
}


static int64_t
ngx_slack_sqlite_stamp_of(ngx_slack_new_part_t *part)
{
    int64_t  stamp;

    stamp = ngx_max(part->stamp, 0);

    return ngx_min(stamp, NGX_SLACK_SQLITE_TIME_MAX);
}


static int64_t
ngx_slack_sqlite_pack(ngx_slack_new_part_t *part, ngx_slack_role_e role)
{
    int64_t  whole;

    whole = (part->part == NGX_SLACK_NEW_STATE || part->whole);

    return (ngx_slack_sqlite_stamp_of(part) << 13)
           | (whole << 12)
           | (int64_t) (ngx_slack_sqlite_rank_of(part) << 3)
           | (int64_t) role;
}
