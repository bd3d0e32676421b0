
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The engine in memory: what delivery reads and settles.
 */


#include "memory.h"


#define PURGE  100


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


ngx_int_t
memory_channels(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_outbox_channel_pt handler, void *data)
{
    char                         drain[64];
    int64_t                      since;
    memory_t                    *m;
    ngx_int_t                    rc;
    ngx_uint_t                   i, k;
    memory_channel_t            *ch;
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
    ch = m->channels.elts;
    message = m->messages.elts;

    for (i = 0; i < m->channels.nelts && rc == NGX_OK; i++) {

        for (k = (ngx_uint_t) since; k < m->messages.nelts; k++) {
            if (message[k].channel == i
                && message[k].state == NGX_SLACK_FATE_WAITING)
            {
                break;
            }
        }

        if (k >= m->messages.nelts) {
            continue;
        }

        ngx_memzero(&dest, sizeof(ngx_slack_outbox_channel_t));

        dest.id = (int64_t) i + 1;
        dest.workspace = ch[i].workspace;
        dest.channel = ch[i].channel;
        dest.not_before = ch[i].not_before;
        dest.failures = ch[i].failures;
        dest.handle = ch[i].handle;
        dest.settled = ch[i].settled;
        dest.paused = memory_paused(m, &ch[i].workspace, &ch[i].channel,
                                    0, &dest) ? 1 : 0;

        rc = handler(&dest, data);
    }

    if (rc == NGX_OK) {
        *last = (int64_t) m->messages.nelts;
        store->revision = m->revision;
    }

    memory_unlock(store);

    return (rc == NGX_OK) ? NGX_OK : NGX_ERROR;
}


ngx_int_t
memory_messages(ngx_slack_store_t *store, int64_t channel,
    ngx_slack_waiting_message_t *messages, ngx_uint_t *n)
{
    u_char            *p;
    memory_t          *m;
    ngx_uint_t         i, got, max;
    memory_message_t  *message;

    m = store->memory;
    max = *n;
    got = 0;

    memory_lock(store);

    message = m->messages.elts;

    for (i = 0; i < m->messages.nelts && got < max; i++) {

        if ((int64_t) message[i].channel + 1 != channel
            || message[i].state != NGX_SLACK_FATE_WAITING)
        {
            continue;
        }

        messages[got].id = message[i].id;
        messages[got].created = message[i].created;
        messages[got].due = message[i].due;
        messages[got].attempts = message[i].attempts;

        p = ngx_alloc(message[i].envelope.len + message[i].body.len + 1,
                      store->log);

        if (p == NULL) {
            break;
        }

        messages[got].envelope.data = p;
        messages[got].envelope.len = message[i].envelope.len;
        p = ngx_cpymem(p, message[i].envelope.data, message[i].envelope.len);

        messages[got].body.data = p;
        messages[got].body.len = message[i].body.len;
        p = ngx_cpymem(p, message[i].body.data, message[i].body.len);
        *p = '\0';

        got++;
    }

    memory_unlock(store);

    *n = got;

    return NGX_OK;
}


static void
memory_settle_message(memory_t *m, ngx_slack_settlement_t *st)
{
    memory_message_t  *message;

    message = memory_message(m, st->id);

    if (message == NULL || message->state != NGX_SLACK_FATE_WAITING) {
        return;
    }

    message->attempts = st->attempts;
    message->answer = memory_copy(m->pool, &st->answer);

    if (st->outcome == NGX_SLACK_SETTLE_RETRY) {
        message->due = st->due;
        return;
    }

    message->done = ngx_slack_clock_wall();
    message->state = NGX_SLACK_FATE_DEAD;
    m->waiting--;

    if (st->outcome == NGX_SLACK_SETTLE_SENT) {
        message->state = NGX_SLACK_FATE_SENT;
        ngx_str_set(&message->envelope, "");
        ngx_str_set(&message->body, "");
    }
}


ngx_int_t
memory_settle(ngx_slack_store_t *store, int64_t term,
    ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t nstandings)
{
    memory_t          *m;
    ngx_uint_t         i;
    memory_channel_t  *ch;

    m = store->memory;

    memory_lock(store);

    if (!memory_leads(store, term)) {
        memory_unlock(store);
        return NGX_DECLINED;
    }

    for (i = 0; i < n; i++) {
        memory_settle_message(m, &settlements[i]);
    }

    for (i = 0; i < nstandings; i++) {

        if (standings[i].id < 1
            || standings[i].id > (int64_t) m->channels.nelts)
        {
            continue;
        }

        ch = m->channels.elts;
        ch += standings[i].id - 1;

        ch->not_before = standings[i].not_before;
        ch->failures = standings[i].failures;
        ch->answer = memory_copy(m->pool, &standings[i].answer);
        ch->settled = ngx_slack_clock_wall();

        if (standings[i].handle.len) {
            ch->handle = memory_copy(m->pool, &standings[i].handle);
        }
    }

    m->changes++;

    memory_unlock(store);

    return NGX_OK;
}


static ngx_uint_t
memory_purge_messages(memory_t *m, ngx_uint_t state, int64_t before)
{
    ngx_uint_t         i, n;
    memory_message_t  *message;

    n = 0;
    message = m->messages.elts;

    for (i = 0; i < m->messages.nelts && n < PURGE; i++) {
        if (message[i].state == state && !message[i].purged
            && message[i].done < before)
        {
            message[i].purged = 1;
            n++;
        }
    }

    return n;
}


static ngx_uint_t
memory_purge_pairs(ngx_array_t *pairs, int64_t before)
{
    ngx_uint_t      i, n;
    memory_pair_t  *pair;

    n = 0;
    pair = pairs->elts;

    for (i = 0; i < pairs->nelts && n < PURGE; i++) {
        if (pair[i].created && pair[i].created < before) {
            pair[i].created = 0;
            n++;
        }
    }

    return n;
}


ngx_int_t
memory_purge(ngx_slack_store_t *store)
{
    int64_t                   now;
    ngx_uint_t                n, more;
    ngx_slack_outbox_conf_t  *conf;

    conf = store->conf;
    now = ngx_slack_clock_wall();

    memory_lock(store);

    n = memory_purge_messages(store->memory, NGX_SLACK_FATE_SENT,
                              now - 1000 * (int64_t) conf->keep_sent);
    more = (n == PURGE);

    n = memory_purge_messages(store->memory, NGX_SLACK_FATE_DEAD,
                              now - 1000 * (int64_t) conf->keep_failed);
    more |= (n == PURGE);

    n = memory_purge_pairs(&store->memory->keys,
                           now - 1000 * (int64_t)
                           ngx_max(conf->dedup, NGX_SLACK_OUTBOX_KEEP));
    more |= (n == PURGE);

    store->memory->changes++;

    memory_unlock(store);

    return more ? NGX_AGAIN : NGX_OK;
}
