
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The engine in memory: configuration and leadership.  One mutex of an outbox
 * stands for its transactions.
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
            || ngx_array_init(&m->memos, m->pool, 8, sizeof(ngx_slack_memo_t))
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
    .memorize = memory_memorize,
    .recall = memory_recall,
    .purge = memory_purge,
    .survey = memory_survey,
    .same = memory_unchanged,
    .fate = memory_fate,
    .steer = memory_steer,
    .threads = memory_threads
};
