
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The engine in memory: storing.
 */


#include "memory.h"


static memory_pair_t *
memory_pair(ngx_array_t *pairs, ngx_str_t *key)
{
    ngx_uint_t      i;
    memory_pair_t  *pair;

    pair = pairs->elts;

    for (i = 0; i < pairs->nelts; i++) {
        if (pair[i].created && memory_same(&pair[i].key, key)) {
            return &pair[i];
        }
    }

    return NULL;
}


static memory_pair_t *
memory_set_pair(memory_t *m, ngx_array_t *pairs, ngx_str_t *key)
{
    memory_pair_t  *pair;

    pair = memory_pair(pairs, key);

    if (pair == NULL) {
        pair = memory_push(pairs);
        ngx_memzero(pair, sizeof(memory_pair_t));
        pair->key = memory_copy(m->pool, key);
    }

    pair->created = ngx_slack_clock_wall();

    return pair;
}


ngx_uint_t
memory_channel(memory_t *m, ngx_str_t *workspace, ngx_str_t *channel)
{
    ngx_uint_t         i;
    memory_channel_t  *ch;

    ch = m->channels.elts;

    for (i = 0; i < m->channels.nelts; i++) {
        if (memory_same(&ch[i].workspace, workspace)
            && memory_same(&ch[i].channel, channel) && !ch[i].purged)
        {
            return i;
        }
    }

    ch = memory_push(&m->channels);
    ngx_memzero(ch, sizeof(memory_channel_t));

    ch->made = ngx_slack_clock_wall();
    ch->workspace = memory_copy(m->pool, workspace);
    ch->channel = memory_copy(m->pool, channel);

    return i;
}


/* every message that told of it is a dead letter or was dropped */

static ngx_uint_t
memory_untold(memory_t *m, memory_pair_t *pair)
{
    int64_t            id;
    memory_message_t  *message;

    for (id = pair->message; id < pair->beyond; id++) {
        message = (memory_message_t *) m->messages.elts + (id - 1);

        if (message->state == NGX_SLACK_FATE_WAITING
            || (message->state == NGX_SLACK_FATE_SENT
                && (message->answer.len != sizeof("dropped") - 1
                    || memcmp(message->answer.data, "dropped",
                              sizeof("dropped") - 1)
                       != 0)))
        {
            return 0;
        }
    }

    return pair->message < pair->beyond;
}


static ngx_uint_t
memory_differs(memory_t *m, memory_pair_t *pair, ngx_slack_state_t *state)
{
    if (pair == NULL) {
        return state->first;
    }

    return !memory_same(&pair->value, &state->value) || memory_untold(m, pair)
           || ngx_slack_state_anew(state->since, pair->since, pair->created);
}


static ngx_uint_t
memory_has_changed(memory_t *m, ngx_slack_entry_t *event)
{
    ngx_uint_t      i;
    memory_pair_t  *pair;

    for (i = 0; i < event->nstates; i++) {
        pair = memory_pair(&m->states, &event->states[i].key);

        if (memory_differs(m, pair, &event->states[i])) {
            return 1;
        }
    }

    return event->nstates == 0;
}


/* one of the states tells of what began anew, and none of what goes on */

static ngx_uint_t
memory_began(memory_t *m, ngx_slack_entry_t *event)
{
    ngx_uint_t      i, began;
    memory_pair_t  *pair;

    began = 0;

    for (i = 0; i < event->nstates; i++) {
        pair = memory_pair(&m->states, &event->states[i].key);

        if (pair == NULL) {
            continue;
        }

        if (!ngx_slack_state_anew(event->states[i].since, pair->since,
                                  pair->created))
        {
            return 0;
        }

        began = 1;
    }

    return began;
}


/* as far as states go */

static ngx_uint_t
memory_wanted(ngx_slack_entry_t *event, ngx_slack_new_message_t *message)
{
    return event->changed || !message->changed
           || (message->part.always && message->part.key.len);
}


static ngx_uint_t
memory_tells(ngx_slack_entry_t *event)
{
    ngx_uint_t  i;

    for (i = 0; i < event->nmessages; i++) {
        if (!event->messages[i].part.known) {
            return 1;
        }
    }

    return 0;
}


static void
memory_set_states(memory_t *m, ngx_slack_entry_t *event, int64_t first)
{
    ngx_uint_t          i, news;
    memory_pair_t      *pair;
    ngx_slack_state_t  *state;

    for (i = 0; i < event->nstates; i++) {
        state = &event->states[i];
        pair = memory_pair(&m->states, &state->key);

        news = (pair == NULL || memory_differs(m, pair, state));
        pair = memory_set_pair(m, &m->states, &state->key);

        if (news || event->superseded) {
            pair->message = first;
            pair->beyond = (int64_t) m->messages.nelts + 1;
        }

        if (news) {
            pair->value = memory_copy(m->pool, &state->value);
            pair->since = state->since;

        } else {
            pair->since = ngx_max(pair->since, state->since);
        }
    }
}


/* what nobody is told of is not remembered, and no longer what was before */

static void
memory_forget_states(memory_t *m, ngx_slack_entry_t *event)
{
    ngx_uint_t      i;
    memory_pair_t  *pair;

    for (i = 0; i < event->nstates; i++) {
        pair = memory_pair(&m->states, &event->states[i].key);

        if (pair && memory_differs(m, pair, &event->states[i])) {
            ngx_str_set(&pair->value, "");
            pair->since = 0;
            pair->message = 0;
            pair->beyond = 0;
            pair->created = ngx_slack_clock_wall();
        }
    }
}


static void
memory_append_event(memory_t *m, ngx_slack_entry_t *event, int64_t now)
{
    ngx_uint_t         i;
    memory_message_t  *message;

    for (i = 0; i < event->nmessages; i++) {
        event->messages[i].part.became = 0;

        if (!memory_wanted(event, &event->messages[i])) {
            continue;
        }

        message = memory_push(&m->messages);
        ngx_memzero(message, sizeof(memory_message_t));

        message->id = (int64_t) m->messages.nelts;
        message->channel = memory_channel(m, &event->messages[i].workspace,
                                          &event->messages[i].channel);
        message->created = now;
        message->stored = now;
        message->event = memory_copy(m->pool, &event->event);
        message->project = memory_copy(m->pool, &event->project);
        message->envelope = memory_copy(m->pool, &event->messages[i].envelope);
        message->body = memory_copy(m->pool, &event->messages[i].body);

        if (event->messages[i].dead.len) {
            message->state = NGX_SLACK_FATE_DEAD;
            message->done = now;
            message->answer = memory_copy(m->pool, &event->messages[i].dead);
            event->stored++;
            event->dead++;
            continue;
        }

        if (event->messages[i].part.key.len
            && !memory_place(m, event, &event->messages[i], message))
        {
            m->messages.nelts--;
            continue;
        }

        event->stored++;
        m->waiting++;
    }
}


static void
memory_clear(ngx_slack_entry_t *entry)
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


/* everything that an entry may change, to bring it back; no text changes */

static memory_t *
memory_saved(memory_t *m)
{
    memory_t     *saved;
    ngx_str_t     copy;
    ngx_uint_t    i;
    ngx_array_t  *arrays[4];

    saved = ngx_palloc(m->pool, sizeof(memory_t));

    if (saved == NULL) {
        abort();
    }

    *saved = *m;

    arrays[0] = &saved->messages;
    arrays[1] = &saved->threads;
    arrays[2] = &saved->keys;
    arrays[3] = &saved->states;

    for (i = 0; i < 4; i++) {
        copy.data = arrays[i]->elts;
        copy.len = arrays[i]->size * arrays[i]->nalloc;
        arrays[i]->elts = ngx_palloc(m->pool, copy.len);

        if (arrays[i]->elts == NULL) {
            abort();
        }

        ngx_memcpy(arrays[i]->elts, copy.data, copy.len);
    }

    return saved;
}


static void
memory_bring_back(memory_t *m, memory_t *saved)
{
    m->messages = saved->messages;
    m->threads = saved->threads;
    m->keys = saved->keys;
    m->states = saved->states;
    m->channels.nelts = saved->channels.nelts;
    m->waiting = saved->waiting;
}


static void
memory_append_entry(ngx_slack_store_t *store, ngx_slack_entry_t *entry)
{
    int64_t             now, first, id;
    memory_t           *m, *saved;
    ngx_uint_t          i, n, dead, told, waiting;
    memory_pair_t      *pair;
    ngx_slack_entry_t  *event;

    m = store->memory;
    now = ngx_slack_clock_wall();

    entry->result = NGX_SLACK_ENTRY_STORED;
    memory_clear(entry);

    n = 0;
    dead = 0;
    told = 0;

    for (event = entry; event; event = event->next) {
        event->changed = memory_has_changed(m, event) ? 1 : 0;
        event->anew = memory_began(m, event) ? 1 : 0;
        told |= event->nmessages;

        for (i = 0; i < event->nmessages; i++) {
            if (event->messages[i].dead.len) {
                dead += memory_wanted(event, &event->messages[i]);
                continue;
            }

            n += memory_wanted(event, &event->messages[i]);
        }
    }

    pair = entry->key.len && told ? memory_pair(&m->keys, &entry->key) : NULL;

    if (pair && pair->created >= now - 1000 * (int64_t)
                                 ngx_max(store->conf->dedup, entry->keep))
    {
        entry->result = NGX_SLACK_ENTRY_DUPLICATE;
        entry->id = pair->message;
        return;
    }

    waiting = m->waiting;
    saved = (n && waiting + n > store->conf->max) ? memory_saved(m) : NULL;

    first = (int64_t) m->messages.nelts + 1;

    for (event = entry; event; event = event->next) {

        id = (int64_t) m->messages.nelts + 1;

        memory_append_event(m, event, now);

        if (memory_tells(event)) {
            memory_set_states(m, event, id);

        } else {
            memory_forget_states(m, event);
        }
    }

    if (saved && m->waiting > store->conf->max && m->waiting > waiting) {
        memory_bring_back(m, saved);
        memory_clear(entry);
        entry->result = NGX_SLACK_ENTRY_FULL;
        return;
    }

    if (first <= (int64_t) m->messages.nelts) {
        entry->id = first;

    } else {
        entry->result = NGX_SLACK_ENTRY_UNCHANGED;
    }

    /* what the threads wanted nothing of may come again */

    if (entry->key.len && told && (entry->id || n + dead == 0)) {
        pair = memory_set_pair(m, &m->keys, &entry->key);
        pair->message = entry->id;
    }
}


ngx_int_t
memory_append(ngx_slack_store_t *store, ngx_queue_t *entries,
    ngx_slack_more_pt more, void *data)
{
    ngx_queue_t  *q, *last;

    last = ngx_queue_sentinel(entries);

    memory_lock(store);

    do {
        for (q = ngx_queue_next(last);
             q != ngx_queue_sentinel(entries);
             q = ngx_queue_next(q))
        {
            memory_append_entry(store,
                                ngx_queue_data(q, ngx_slack_entry_t, queue));
            last = q;
        }

    } while (more != NULL && more(data) == NGX_OK);

    memory_tell(store->memory);
    memory_unlock(store);

    return NGX_OK;
}
