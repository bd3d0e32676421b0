
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The engine in memory: the threads that are known, and their end.
 */


#include "memory.h"


#define PURGE  100


static ngx_uint_t
memory_known(memory_thread_t *thread, int64_t now)
{
    return !thread->purged && thread->key.data != NULL
           && thread->expires >= now;
}


static ngx_uint_t
memory_in_scope(memory_t *m, memory_thread_t *thread, ngx_slack_scope_t *scope)
{
    memory_channel_t  *ch;

    ch = m->channels.elts;
    ch += thread->channel;

    return scope == NULL
           || (memory_same(&ch->workspace, &scope->workspace)
               && (scope->whole
                   || memory_same(&ch->channel, &scope->channel)));
}


static ngx_uint_t
memory_chosen_thread(memory_t *m, memory_thread_t *thread,
    ngx_slack_steer_t *steer)
{
    ngx_uint_t  i;

    if (steer->ids == NULL) {
        return memory_in_scope(m, thread, steer->scope);
    }

    for (i = 0; i < steer->n; i++) {
        if (steer->ids[i] == thread->id) {
            return 1;
        }
    }

    return 0;
}


void
memory_forget(memory_t *m, ngx_slack_steer_t *steer, int64_t now)
{
    ngx_uint_t        i;
    memory_thread_t  *thread;

    thread = m->threads.elts;

    for (i = 0; i < m->threads.nelts; i++) {

        if (!memory_known(&thread[i], now)
            || !memory_chosen_thread(m, &thread[i], steer))
        {
            continue;
        }

        ngx_str_null(&thread[i].key);
        ngx_str_null(&thread[i].handle);
        thread[i].no_changes = 0;
        thread[i].no_replies = 0;
        memory_succeed(m, &thread[i]);

        steer->count++;
    }
}


ngx_int_t
memory_threads(ngx_slack_store_t *store, ngx_slack_scope_t *scope,
    ngx_str_t *key, ngx_slack_thread_pt handler, void *data)
{
    int64_t                   now, before;
    memory_t                 *m;
    ngx_int_t                 rc;
    ngx_uint_t                i;
    memory_thread_t          *thread, *next;
    memory_channel_t         *ch;
    ngx_slack_thread_info_t   info;

    m = store->memory;
    now = ngx_slack_clock_wall();
    before = INT64_MAX;
    rc = NGX_OK;

    memory_lock(store);

    for ( ;; ) {
        thread = m->threads.elts;
        next = NULL;

        for (i = 0; i < m->threads.nelts; i++) {
            if (thread[i].last < before && memory_known(&thread[i], now)
                && memory_in_scope(m, &thread[i], scope)
                && (key == NULL || memory_same(key, &thread[i].key))
                && (next == NULL || next->last < thread[i].last))
            {
                next = &thread[i];
            }
        }

        if (next == NULL || rc != NGX_OK) {
            break;
        }

        before = next->last;

        ch = m->channels.elts;
        ch += next->channel;

        info.id = next->id;
        info.workspace = ch->workspace;
        info.channel = ch->channel;
        info.key = next->key;
        info.handle = next->handle;
        info.stamp = next->stamp;
        info.touched = next->touched;
        info.expires = next->expires;
        info.root = memory_has_root(m, next) ? 1 : 0;
        info.final = next->final ? 1 : 0;
        info.waits = next->change ? 1 : 0;
        info.ended = next->ended ? 1 : 0;

        rc = handler(&info, data);
    }

    memory_unlock(store);

    return (rc == NGX_OK) ? NGX_OK : NGX_ERROR;
}


static ngx_uint_t
memory_waits_for(memory_t *m, memory_thread_t *thread)
{
    ngx_uint_t         i;
    memory_message_t  *message;

    message = m->messages.elts;

    for (i = 0; i < m->messages.nelts; i++) {
        if (message[i].thread == thread->id
            && message[i].state == NGX_SLACK_FATE_WAITING)
        {
            return 1;
        }
    }

    return 0;
}


/* how many */

ngx_uint_t
memory_purge_threads(memory_t *m, int64_t now)
{
    ngx_uint_t        i, n, known;
    memory_thread_t  *thread, *old;

    n = 0;
    known = 0;
    thread = m->threads.elts;

    for (i = 0; i < m->threads.nelts && n < PURGE; i++) {

        if (thread[i].purged) {
            continue;
        }

        if (!memory_known(&thread[i], now)
            && !memory_waits_for(m, &thread[i]))
        {
            thread[i].purged = 1;
            n++;

        } else {
            known++;
        }
    }

    while (known-- > NGX_SLACK_OUTBOX_THREADS && n < PURGE) {
        old = NULL;

        for (i = 0; i < m->threads.nelts; i++) {
            if (!thread[i].purged
                && (old == NULL || thread[i].last < old->last)
                && !memory_waits_for(m, &thread[i]))
            {
                old = &thread[i];
            }
        }

        if (old == NULL) {
            break;
        }

        old->purged = 1;
        n++;
    }

    return n;
}
