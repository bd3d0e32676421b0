
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The engine in memory: configuration, leadership and storing.  One mutex of
 * an outbox stands for its transactions.
 */


#include "memory.h"

#include <sys/random.h>


static memory_t           *memories;
static ngx_slack_store_t  *listeners;
static pthread_mutex_t     global = PTHREAD_MUTEX_INITIALIZER;


static ngx_slack_outbox_param_t  memory_params[] = {
    NGX_SLACK_ENGINE_PARAMS,
    { ngx_null_string, 0, 0, 0, 0, NULL }
};


static void *
memory_create_conf(ngx_pool_t *pool)
{
    return ngx_pcalloc(pool, 1);
}


static char *
memory_check(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf)
{
    return conf->address.len ? NULL : "has no name";
}


static void
memory_describe(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_description_t *description)
{
    description->kind = "name";
    description->address = conf->address;
    ngx_str_set(&description->advice, "buy some");
}


static ngx_int_t
memory_init(memory_t *m, ngx_str_t *address, ngx_log_t *log)
{
    m->pool = ngx_create_pool(4096, log);
    if (m->pool == NULL) {
        return NGX_ERROR;
    }

    m->address = memory_copy(m->pool, address);
    (void) pthread_mutex_init(&m->mutex, NULL);

    return (ngx_array_init(&m->messages, m->pool, 64, sizeof(memory_message_t))
            != NGX_OK
            || ngx_array_init(&m->channels, m->pool, 8,
                              sizeof(memory_channel_t)) != NGX_OK
            || ngx_array_init(&m->keys, m->pool, 64, sizeof(memory_pair_t))
               != NGX_OK
            || ngx_array_init(&m->states, m->pool, 8, sizeof(memory_pair_t))
               != NGX_OK
            || ngx_array_init(&m->pauses, m->pool, 8, sizeof(memory_pause_t))
               != NGX_OK
            || ngx_array_init(&m->threads, m->pool, 8, sizeof(memory_thread_t))
               != NGX_OK
            || ngx_array_init(&m->served, m->pool, 8,
                              sizeof(ngx_slack_served_t)) != NGX_OK)
           ? NGX_ERROR : NGX_OK;
}


static ngx_slack_store_t *
memory_create(ngx_slack_outbox_conf_t *conf, ngx_log_t *log)
{
    memory_t           *m;
    ngx_slack_store_t  *store;

    store = ngx_calloc(sizeof(ngx_slack_store_t), log);
    if (store == NULL) {
        return NULL;
    }

    store->conf = conf;
    store->log = log;
    store->news[0] = -1;

    (void) pthread_mutex_lock(&global);

    for (m = memories; m != NULL; m = m->next) {
        if (memory_same(&m->address, &conf->address)) {
            break;
        }
    }

    if (m == NULL) {
        m = ngx_calloc(sizeof(memory_t), log);

        if (m == NULL || memory_init(m, &conf->address, log) != NGX_OK
            || getrandom(m->identity, NGX_SLACK_OUTBOX_IDENTITY, 0)
               != NGX_SLACK_OUTBOX_IDENTITY)
        {
            abort();
        }

        m->next = memories;
        memories = m;
    }

    store->memory = m;

    (void) pthread_mutex_unlock(&global);

    return store;
}


static void
memory_resign(ngx_slack_store_t *store, int64_t term)
{
    memory_lock(store);

    if (store->memory->leader == store && store->memory->term == term) {
        store->memory->leader = NULL;
    }

    memory_unlock(store);
}


static ngx_int_t
memory_identity(ngx_slack_store_t *store, u_char *identity)
{
    ngx_memcpy(identity, store->memory->identity, NGX_SLACK_OUTBOX_IDENTITY);

    return NGX_OK;
}


static void
memory_destroy(ngx_slack_store_t *store)
{
    ngx_slack_store_t  **at;

    memory_resign(store, store->memory->term);

    if (store->news[0] != -1) {

        (void) pthread_mutex_lock(&global);

        for (at = &listeners; *at != store; at = &(*at)->next) {
            /* void */
        }

        *at = store->next;

        (void) pthread_mutex_unlock(&global);

        (void) close(store->news[0]);
        (void) close(store->news[1]);
    }

    ngx_free(store);
}


void
memory_lock(ngx_slack_store_t *store)
{
    (void) pthread_mutex_lock(&store->memory->mutex);
}


void
memory_unlock(ngx_slack_store_t *store)
{
    (void) pthread_mutex_unlock(&store->memory->mutex);
}


ngx_uint_t
memory_same(ngx_str_t *a, ngx_str_t *b)
{
    return a->len == b->len
           && (a->len == 0 || ngx_memcmp(a->data, b->data, a->len) == 0);
}


/* a test needs no better answer to a want of memory */

void *
memory_push(ngx_array_t *array)
{
    void  *elt;

    elt = ngx_array_push(array);

    if (elt == NULL) {
        abort();
    }

    return elt;
}


ngx_str_t
memory_copy(ngx_pool_t *pool, ngx_str_t *s)
{
    ngx_str_t  copy;

    copy.len = s->len;
    copy.data = ngx_pnalloc(pool, s->len + 1);

    if (copy.data == NULL) {
        abort();
    }

    if (s->len) {
        ngx_memcpy(copy.data, s->data, s->len);
    }

    copy.data[s->len] = '\0';

    return copy;
}


/* to all that wait, of whatever outbox */

void
memory_tell(memory_t *m)
{
    ngx_slack_store_t  *store;

    m->changes++;

    (void) pthread_mutex_lock(&global);

    for (store = listeners; store != NULL; store = store->next) {
        if (store->memory == m && write(store->news[1], "", 1) == -1) {
            /* it is full of news */
            continue;
        }
    }

    (void) pthread_mutex_unlock(&global);
}


static ngx_int_t
memory_wait(ngx_slack_store_t *store, ngx_fd_t *fd)
{
    if (store->news[0] == -1) {

        if (pipe(store->news) == -1) {
            return NGX_ERROR;
        }

        (void) fcntl(store->news[0], F_SETFL, O_NONBLOCK);
        (void) fcntl(store->news[1], F_SETFL, O_NONBLOCK);

        (void) pthread_mutex_lock(&global);
        store->next = listeners;
        listeners = store;
        (void) pthread_mutex_unlock(&global);
    }

    *fd = store->news[0];

    return NGX_OK;
}


static ngx_int_t
memory_lead(ngx_slack_store_t *store, int64_t *term)
{
    ngx_int_t  rc;

    memory_lock(store);

    rc = NGX_DECLINED;

    if (store->memory->leader == NULL) {
        store->memory->leader = store;
        *term = ++store->memory->term;
        rc = NGX_OK;
    }

    memory_unlock(store);

    return rc;
}


ngx_uint_t
memory_leads(ngx_slack_store_t *store, int64_t term)
{
    return store->memory->leader == store && store->memory->term == term;
}


static ngx_int_t
memory_renew(ngx_slack_store_t *store, int64_t term)
{
    ngx_int_t  rc;

    memory_lock(store);
    rc = memory_leads(store, term) ? NGX_OK : NGX_DECLINED;
    memory_unlock(store);

    return rc;
}


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


static ngx_uint_t
memory_channel(memory_t *m, ngx_slack_new_message_t *message)
{
    ngx_uint_t         i;
    memory_channel_t  *ch;

    ch = m->channels.elts;

    for (i = 0; i < m->channels.nelts; i++) {
        if (memory_same(&ch[i].workspace, &message->workspace)
            && memory_same(&ch[i].channel, &message->channel))
        {
            return i;
        }
    }

    ch = memory_push(&m->channels);
    ngx_memzero(ch, sizeof(memory_channel_t));

    ch->workspace = memory_copy(m->pool, &message->workspace);
    ch->channel = memory_copy(m->pool, &message->channel);

    return i;
}


static ngx_uint_t
memory_has_changed(memory_t *m, ngx_slack_entry_t *event)
{
    ngx_uint_t      i;
    memory_pair_t  *pair;

    for (i = 0; i < event->nstates; i++) {
        pair = memory_pair(&m->states, &event->states[i].key);

        if (pair ? !memory_same(&pair->value, &event->states[i].value)
                 : event->states[i].first)
        {
            return 1;
        }
    }

    return event->nstates == 0;
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
memory_set_states(memory_t *m, ngx_slack_entry_t *event)
{
    ngx_uint_t      i;
    memory_pair_t  *pair;

    for (i = 0; i < event->nstates; i++) {
        pair = memory_set_pair(m, &m->states, &event->states[i].key);
        pair->value = memory_copy(m->pool, &event->states[i].value);
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

        if (pair && !memory_same(&pair->value, &event->states[i].value)) {
            ngx_str_set(&pair->value, "");
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
        message->channel = memory_channel(m, &event->messages[i]);
        message->created = now;
        message->stored = now;
        message->event = memory_copy(m->pool, &event->event);
        message->project = memory_copy(m->pool, &event->project);
        message->envelope = memory_copy(m->pool, &event->messages[i].envelope);
        message->body = memory_copy(m->pool, &event->messages[i].body);

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
        entry->stale = 0;
        entry->unknown = 0;
        entry->superseded = 0;
    }
}


/* everything that an entry may change, to bring it back; no text changes */

static memory_t *
memory_saved(memory_t *m)
{
    ngx_uint_t    i;
    memory_t     *saved;
    ngx_array_t  *arrays[] = { NULL, NULL, NULL, NULL };

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
        ngx_str_t  copy;

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
    int64_t             now, first;
    memory_t           *m, *saved;
    ngx_uint_t          i, n, told, waiting;
    memory_pair_t      *pair;
    ngx_slack_entry_t  *event;

    m = store->memory;
    now = ngx_slack_clock_wall();

    entry->result = NGX_SLACK_ENTRY_STORED;
    memory_clear(entry);

    n = 0;
    told = 0;

    for (event = entry; event; event = event->next) {
        event->changed = memory_has_changed(m, event) ? 1 : 0;
        told |= event->nmessages;

        for (i = 0; i < event->nmessages; i++) {
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

        if (memory_tells(event)) {
            memory_set_states(m, event);

        } else {
            memory_forget_states(m, event);
        }

        memory_append_event(m, event, now);
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

    if (entry->key.len && told) {
        pair = memory_set_pair(m, &m->keys, &entry->key);
        pair->message = entry->id;
    }
}


static ngx_int_t
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


memory_message_t *
memory_message(memory_t *m, int64_t id)
{
    memory_message_t  *message;

    message = m->messages.elts;

    return (id < 1 || id > (int64_t) m->messages.nelts
            || message[id - 1].purged)
           ? NULL : &message[id - 1];
}


ngx_slack_outbox_engine_t  ngx_slack_memory_engine = {
    .name = ngx_string("memory"),
    .syntax = ngx_string("memory:NAME"),
    .params = memory_params,
    .create_conf = memory_create_conf,
    .check = memory_check,
    .describe = memory_describe,
    .create = memory_create,
    .destroy = memory_destroy,
    .lead = memory_lead,
    .renew = memory_renew,
    .resign = memory_resign,
    .identity = memory_identity,
    .wait = memory_wait,
    .append = memory_append,
    .serve = memory_serve,
    .unserved = memory_unserved,
    .channels = memory_channels,
    .messages = memory_messages,
    .changes = memory_changes,
    .change = memory_change,
    .settle = memory_settle,
    .purge = memory_purge,
    .survey = memory_survey,
    .same = memory_unchanged,
    .fate = memory_fate,
    .steer = memory_steer,
    .threads = memory_threads
};
