
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The engine in memory: what delivery reads.
 */


#include "memory.h"


ngx_int_t
memory_serve(ngx_slack_store_t *store, int64_t term,
    ngx_slack_served_t *endpoints, ngx_uint_t n)
{
    memory_t            *m;
    ngx_int_t            rc;
    ngx_uint_t           i;
    ngx_slack_served_t  *ep;

    m = store->memory;
    rc = NGX_DECLINED;

    memory_lock(store);

    if (memory_leads(store, term)) {
        m->served.nelts = 0;

        for (i = 0; i < n; i++) {
            ep = memory_push(&m->served);
            ep->workspace = memory_copy(m->pool, &endpoints[i].workspace);
            ep->channel = memory_copy(m->pool, &endpoints[i].channel);
            ep->any = endpoints[i].any;
        }

        rc = NGX_OK;
    }

    memory_unlock(store);

    return rc;
}


ngx_uint_t
memory_serves(memory_t *m, memory_channel_t *channel)
{
    ngx_str_t            name;
    ngx_uint_t           i;
    ngx_slack_served_t  *ep;

    name = channel->channel;

    if (name.len && name.data[0] == '#') {
        name.data++;
        name.len--;
    }

    ep = m->served.elts;

    for (i = 0; i < m->served.nelts; i++) {
        if (memory_same(&ep[i].workspace, &channel->workspace)
            && (ep[i].any ? name.len != 0
                          : memory_same(&ep[i].channel, &name)))
        {
            return 1;
        }
    }

    return (m->served.nelts == 0);
}


ngx_int_t
memory_unserved(ngx_slack_store_t *store, ngx_slack_unserved_pt handler,
    void *data)
{
    memory_t              *m;
    ngx_int_t              rc;
    ngx_uint_t             i, k;
    memory_channel_t      *ch;
    memory_message_t      *message;
    ngx_slack_unserved_t   unserved;

    m = store->memory;
    rc = NGX_OK;

    memory_lock(store);

    ch = m->channels.elts;
    message = m->messages.elts;

    for (i = 0; i < m->channels.nelts && rc == NGX_OK; i++) {
        unserved.id = (int64_t) i + 1;
        unserved.workspace = ch[i].workspace;
        unserved.channel = ch[i].channel;
        unserved.n = 0;

        for (k = 0; k < m->messages.nelts; k++) {
            unserved.n += (message[k].channel == i
                           && message[k].state == NGX_SLACK_FATE_WAITING);
        }

        if (unserved.n && !memory_serves(m, &ch[i])) {
            rc = handler(&unserved, data);
        }
    }

    memory_unlock(store);

    return (rc == NGX_OK) ? NGX_OK : NGX_ERROR;
}


static void
memory_tell_channel(memory_t *m, ngx_uint_t channel,
    ngx_slack_outbox_channel_t *dest)
{
    memory_channel_t  *ch;

    ch = m->channels.elts;
    ch += channel;

    ngx_memzero(dest, sizeof(ngx_slack_outbox_channel_t));

    dest->id = (int64_t) channel + 1;
    dest->workspace = ch->workspace;
    dest->channel = ch->channel;
    dest->not_before = ch->not_before;
    dest->failures = ch->failures;
    dest->handle = ch->handle;
    dest->settled = ch->settled;
    dest->paused = memory_paused(m, &ch->workspace, &ch->channel, 0, dest)
                   ? 1 : 0;
}


ngx_int_t
memory_channels(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_outbox_channel_pt handler, void *data)
{
    char                         drain[64];
    int64_t                      since;
    memory_t                    *m;
    ngx_int_t                    rc;
    ngx_uint_t                   i, k;
    memory_message_t            *message;
    ngx_slack_outbox_channel_t   dest;

    while (store->news[0] != -1
           && read(store->news[0], drain, sizeof(drain)) > 0)
    {
        /* void */
    }

    m = store->memory;
    rc = NGX_OK;

    memory_lock(store);

    since = (store->revision == m->revision) ? *last : 0;
    message = m->messages.elts;

    for (i = 0; i < m->channels.nelts && rc == NGX_OK; i++) {

        for (k = (ngx_uint_t) since; k < m->messages.nelts; k++) {
            if (message[k].channel == i && memory_in_line(&message[k])) {
                break;
            }
        }

        if (k >= m->messages.nelts) {
            continue;
        }

        memory_tell_channel(m, i, &dest);

        rc = handler(&dest, data);
    }

    if (rc == NGX_OK) {
        *last = (int64_t) m->messages.nelts;
        store->revision = m->revision;
    }

    memory_unlock(store);

    return (rc == NGX_OK) ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
memory_give(ngx_slack_store_t *store, memory_message_t *from,
    memory_message_t *look, ngx_str_t *handle,
    ngx_slack_waiting_message_t *message)
{
    u_char  *p;

    ngx_memzero(message, sizeof(ngx_slack_waiting_message_t));

    message->id = from->id;
    message->created = from->created;
    message->due = from->due;
    message->attempts = from->attempts;

    p = ngx_alloc(look->envelope.len + look->body.len + 1 + handle->len
                  + from->body.len, store->log);

    if (p == NULL) {
        return NGX_ERROR;
    }

    message->envelope.data = p;
    message->envelope.len = look->envelope.len;
    p = ngx_cpymem(p, look->envelope.data, look->envelope.len);

    message->body.data = p;
    message->body.len = look->body.len;
    p = ngx_cpymem(p, look->body.data, look->body.len);
    *p++ = '\0';

    if (handle->len) {
        message->part.handle.data = p;
        message->part.handle.len = handle->len;
        p = ngx_cpymem(p, handle->data, handle->len);
    }

    if (look != from) {
        message->first.data = p;
        message->first.len = from->body.len;
        ngx_memcpy(p, from->body.data, from->body.len);
    }

    return NGX_OK;
}


/* it has no thread, or is sent without it */

static ngx_uint_t
memory_plain(memory_message_t *message, memory_thread_t *thread)
{
    return message->role == NGX_SLACK_ROLE_PLAIN || thread == NULL
           || (thread->no_replies
               && (message->role == NGX_SLACK_ROLE_REPLY
                   || message->role == NGX_SLACK_ROLE_BROADCAST));
}


/* what became of the thread decides what the message is sent as */

static void
memory_give_part(memory_t *m, memory_message_t *from, memory_thread_t *thread,
    ngx_slack_waiting_part_t *part)
{
    ngx_uint_t         i;
    memory_message_t  *message, *root;

    part->id = thread->id;
    part->role = from->role;

    root = memory_message(m, thread->root);

    if (part->role == NGX_SLACK_ROLE_STATE_ROOT) {
        part->change = thread->change;
        return;
    }

    if (part->role == NGX_SLACK_ROLE_CHANGE) {
        part->final = from->final ? 1 : 0;
        return;
    }

    if (thread->handle.len) {
        if (part->role == NGX_SLACK_ROLE_ROOT) {
            part->role = NGX_SLACK_ROLE_REPLY;
        }

        return;
    }

    if (part->role != NGX_SLACK_ROLE_ROOT
        && memory_in_line(root) && root->id < from->id)
    {
        part->blocked = 1;
        return;
    }

    part->role = NGX_SLACK_ROLE_ROOT;
    message = m->messages.elts;

    for (i = 0; i + 1 < (ngx_uint_t) from->id; i++) {
        if (message[i].thread == thread->id && memory_in_line(&message[i])
            && !memory_plain(&message[i], thread))
        {
            part->role = NGX_SLACK_ROLE_REPLY;
            part->blocked = 1;
            return;
        }
    }
}


ngx_int_t
memory_messages(ngx_slack_store_t *store, int64_t channel,
    ngx_slack_waiting_message_t *messages, ngx_uint_t *n)
{
    memory_t          *m;
    ngx_str_t          handle;
    ngx_uint_t         i, got, max, plain;
    memory_thread_t   *thread;
    memory_message_t  *message, *look;

    m = store->memory;
    max = *n;
    got = 0;

    memory_lock(store);

    message = m->messages.elts;

    for (i = 0; i < m->messages.nelts && got < max; i++) {

        if ((int64_t) message[i].channel + 1 != channel
            || !memory_in_line(&message[i]))
        {
            continue;
        }

        thread = memory_thread(m, message[i].thread);
        look = &message[i];
        ngx_str_null(&handle);

        plain = memory_plain(&message[i], thread);

        if (!plain) {
            handle = thread->handle;

            if (message[i].role == NGX_SLACK_ROLE_STATE_ROOT
                && thread->change)
            {
                look = memory_message(m, thread->change);
            }
        }

        if (memory_give(store, &message[i], look, &handle, &messages[got])
            != NGX_OK)
        {
            break;
        }

        if (!plain) {
            memory_give_part(m, &message[i], thread, &messages[got].part);
        }

        got++;
    }

    memory_unlock(store);

    *n = got;

    return NGX_OK;
}


ngx_int_t
memory_changes(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_changing_pt handler, void *data)
{
    int64_t                since;
    memory_t              *m;
    ngx_int_t              rc;
    ngx_uint_t             i;
    memory_thread_t       *thread;
    memory_message_t      *change;
    ngx_slack_changing_t   changing;

    m = store->memory;
    rc = NGX_OK;

    memory_lock(store);

    since = (store->revised == m->revision) ? *last : 0;
    thread = m->threads.elts;

    for (i = 0; i < m->threads.nelts && rc == NGX_OK; i++) {

        if (thread[i].purged || thread[i].change <= since
            || thread[i].handle.len == 0)
        {
            continue;
        }

        change = memory_message(m, thread[i].change);

        changing.thread = thread[i].id;
        changing.since = thread[i].since;
        changing.touched = change->created;
        changing.final = change->final ? 1 : 0;

        memory_tell_channel(m, thread[i].channel, &changing.channel);

        rc = handler(&changing, data);
    }

    if (rc == NGX_OK) {
        *last = (int64_t) m->messages.nelts;
        store->revised = m->revision;
    }

    memory_unlock(store);

    return (rc == NGX_OK) ? NGX_OK : NGX_ERROR;
}


ngx_int_t
memory_change(ngx_slack_store_t *store, int64_t id,
    ngx_slack_waiting_message_t *message)
{
    memory_t          *m;
    ngx_int_t          rc;
    memory_thread_t   *thread;
    memory_message_t  *change;

    m = store->memory;
    rc = NGX_DONE;

    memory_lock(store);

    thread = memory_thread(m, id);

    if (thread != NULL && thread->handle.len && thread->change) {
        change = memory_message(m, thread->change);
        rc = memory_give(store, change, change, &thread->handle, message);

        if (rc == NGX_OK) {
            memory_give_part(m, change, thread, &message->part);
        }
    }

    memory_unlock(store);

    return rc;
}
