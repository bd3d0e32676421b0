
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The engine in memory: settling and purging.
 */


#include "memory.h"


#define PURGE  100


static void
memory_settle_message(memory_t *m, ngx_slack_settlement_t *st)
{
    ngx_uint_t         waited;
    memory_message_t  *message;

    message = memory_message(m, st->id);

    if (message == NULL) {
        return;
    }

    waited = (message->state == NGX_SLACK_FATE_WAITING);

    if (waited && st->outcome == NGX_SLACK_SETTLE_RETRY) {
        message->due = st->due;
    }

    if (waited && st->outcome <= NGX_SLACK_SETTLE_SUPERSEDED) {
        message->attempts = st->attempts;
        message->answer = memory_copy(m->pool, &st->answer);
    }

    if (waited && st->outcome != NGX_SLACK_SETTLE_RETRY
        && st->outcome <= NGX_SLACK_SETTLE_SUPERSEDED)
    {
        m->waiting--;
        message->done = ngx_slack_clock_wall();
        message->state = NGX_SLACK_FATE_DEAD;
    }

    if (waited && st->outcome == NGX_SLACK_SETTLE_SENT) {
        memory_sent_as(m, message, (char *) message->answer.data);
    }

    if (waited && st->outcome == NGX_SLACK_SETTLE_SUPERSEDED) {
        memory_sent_as(m, message, "superseded");
    }

    memory_settle_thread(m, st, message, waited);
}


static ngx_slack_memo_t *
memory_memo(memory_t *m, u_char *key)
{
    ngx_uint_t         i;
    ngx_slack_memo_t  *memo;

    memo = m->memos.elts;

    for (i = 0; i < m->memos.nelts; i++) {
        if (memcmp(memo[i].key, key, NGX_SLACK_MEMO_KEY) == 0) {
            return &memo[i];
        }
    }

    return NULL;
}


static void
memory_set_memos(memory_t *m, ngx_slack_memo_t *memos, ngx_uint_t n)
{
    ngx_uint_t         i;
    ngx_slack_memo_t  *memo;

    for (i = 0; i < n; i++) {
        memo = memory_memo(m, memos[i].key);

        if (memo == NULL) {
            memo = memory_push(&m->memos);
        }

        *memo = memos[i];
    }
}


ngx_int_t
memory_memorize(ngx_slack_store_t *store, int64_t term,
    ngx_slack_memo_t *memos, ngx_uint_t n)
{
    ngx_uint_t  leads;

    memory_lock(store);

    leads = memory_leads(store, term);

    if (leads) {
        memory_set_memos(store->memory, memos, n);
    }

    memory_unlock(store);

    return leads ? NGX_OK : NGX_DECLINED;
}


ngx_int_t
memory_recall(ngx_slack_store_t *store, ngx_slack_memo_t *memo)
{
    ngx_int_t          rc;
    ngx_slack_memo_t  *known;

    rc = NGX_DECLINED;

    memory_lock(store);

    known = memory_memo(store->memory, memo->key);

    if (known != NULL && known->expires > ngx_slack_clock_wall()) {
        *memo = *known;
        rc = NGX_OK;
    }

    memory_unlock(store);

    return rc;
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

        memory_set_memos(m, standings[i].memos, standings[i].nmemos);
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


static ngx_uint_t
memory_is_used(memory_t *m, ngx_uint_t channel)
{
    ngx_uint_t         i;
    memory_pause_t    *pause;
    memory_thread_t   *thread;
    memory_channel_t  *ch;
    memory_message_t  *message;

    ch = m->channels.elts;
    ch += channel;
    message = m->messages.elts;
    thread = m->threads.elts;
    pause = m->pauses.elts;

    for (i = 0; i < m->messages.nelts; i++) {
        if (message[i].channel == channel && !message[i].purged) {
            return 1;
        }
    }

    for (i = 0; i < m->threads.nelts; i++) {
        if (thread[i].channel == channel && !thread[i].purged) {
            return 1;
        }
    }

    for (i = 0; i < m->pauses.nelts; i++) {
        if (!pause[i].whole && pause[i].until == 0
            && memory_same(&pause[i].workspace, &ch->workspace)
            && memory_same(&pause[i].channel, &ch->channel))
        {
            return 1;
        }
    }

    return 0;
}


static void
memory_purge_channels(memory_t *m, int64_t before)
{
    ngx_uint_t         i;
    memory_channel_t  *ch;

    ch = m->channels.elts;

    for (i = 0; i < m->channels.nelts; i++) {
        if (ngx_max(ch[i].settled, ch[i].made) < before
            && !memory_is_used(m, i))
        {
            ch[i].purged = 1;
        }
    }
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

    more |= (memory_purge_threads(store->memory, now) == PURGE);

    memory_purge_channels(store->memory,
                          now - 1000 * (int64_t) ngx_max(NGX_SLACK_OUTBOX_IDLE,
                                                         conf->keep_sent));

    store->memory->changes++;

    memory_unlock(store);

    return more ? NGX_AGAIN : NGX_OK;
}
