
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The engine in memory: threads, as ngx_slack_thread.h tells them.
 */


#include "memory.h"


#define HOUR  ((int64_t) 3600 * 1000)


/* ngx_slack_new_part_t.became */

enum { NOTHING, STALE, ROOT, CHANGED, REPLIED };


memory_thread_t *
memory_thread(memory_t *m, int64_t id)
{
    ngx_uint_t        i;
    memory_thread_t  *thread;

    thread = m->threads.elts;

    for (i = 0; i < m->threads.nelts; i++) {
        if (thread[i].id == id && !thread[i].purged) {
            return &thread[i];
        }
    }

    return NULL;
}


static memory_thread_t *
memory_thread_of(memory_t *m, ngx_uint_t channel, ngx_str_t *key)
{
    ngx_uint_t        i;
    memory_thread_t  *thread;

    thread = m->threads.elts;

    for (i = 0; i < m->threads.nelts; i++) {
        if (!thread[i].purged && thread[i].key.data != NULL
            && thread[i].channel == channel
            && memory_same(&thread[i].key, key))
        {
            return &thread[i];
        }
    }

    return NULL;
}


ngx_uint_t
memory_in_line(memory_message_t *message)
{
    return message != NULL && message->state == NGX_SLACK_FATE_WAITING
           && message->role != NGX_SLACK_ROLE_CHANGE;
}


/* has it a root that was sent, or one that waits? */

ngx_uint_t
memory_has_root(memory_t *m, memory_thread_t *thread)
{
    return thread->handle.len
           || memory_in_line(memory_message(m, thread->root));
}


static ngx_uint_t
memory_older(memory_thread_t *thread, int64_t stamp, ngx_uint_t clock,
    ngx_uint_t final)
{
    if (stamp == 0 || thread->stamp == 0 || thread->clock != clock) {
        return 0;
    }

    return stamp < thread->stamp
           || (stamp == thread->stamp && thread->final && !final);
}


/* what became of the state that a message goes with */

static ngx_uint_t
memory_state_before(ngx_slack_entry_t *event, ngx_slack_new_message_t *message)
{
    ngx_slack_new_message_t  *state;

    state = message;

    while (state-- > event->messages) {
        if (state->part.part == NGX_SLACK_NEW_STATE
            && memory_same(&state->part.key, &message->part.key)
            && memory_same(&state->workspace, &message->workspace)
            && memory_same(&state->channel, &message->channel))
        {
            return state->part.became;
        }
    }

    return NOTHING;
}


void
memory_sent_as(memory_t *m, memory_message_t *message, const char *answer)
{
    message->state = NGX_SLACK_FATE_SENT;
    message->done = ngx_slack_clock_wall();
    message->answer.data = (u_char *) answer;
    message->answer.len = strlen(answer);
    ngx_str_set(&message->envelope, "");
    ngx_str_set(&message->body, "");
}


static void
memory_begin_thread(memory_t *m, ngx_slack_new_part_t *part,
    memory_message_t *message)
{
    memory_thread_t  *thread;

    thread = memory_thread_of(m, message->channel, &part->key);

    if (thread != NULL) {
        ngx_str_null(&thread->key);
    }

    thread = memory_push(&m->threads);
    ngx_memzero(thread, sizeof(memory_thread_t));

    thread->id = message->id;
    thread->channel = message->channel;
    thread->key = memory_copy(m->pool, &part->key);
    thread->root = message->id;

    message->thread = message->id;
    message->role = NGX_SLACK_ROLE_ROOT;
    thread->part_root = (part->part != NGX_SLACK_NEW_STATE && !part->whole);

    if (part->part == NGX_SLACK_NEW_STATE) {
        message->role = NGX_SLACK_ROLE_STATE_ROOT;
        part->became = ROOT;
    }
}


static void
memory_join_thread(memory_t *m, ngx_slack_entry_t *event,
    ngx_slack_new_part_t *part, memory_thread_t *thread,
    memory_message_t *message)
{
    memory_message_t  *change;

    message->thread = thread->id;
    message->role = part->broadcast ? NGX_SLACK_ROLE_BROADCAST
                                    : NGX_SLACK_ROLE_REPLY;

    change = NULL;

    if (part->part == NGX_SLACK_NEW_STATE && thread->change) {
        change = memory_message(m, thread->change);
        memory_sent_as(m, change, "superseded");
        thread->change = 0;
        m->waiting--;
        event->superseded++;
    }

    if (!memory_has_root(m, thread)) {
        message->role = NGX_SLACK_ROLE_ROOT;
        thread->root = message->id;
        thread->no_changes = 0;
        thread->no_replies = 0;
        thread->part_root = (part->part != NGX_SLACK_NEW_STATE
                             && !part->whole);

        if (part->part == NGX_SLACK_NEW_STATE) {
            message->role = NGX_SLACK_ROLE_STATE_ROOT;
            part->became = ROOT;
        }

        return;
    }

    if (part->part == NGX_SLACK_NEW_STATE) {

        if (!thread->no_changes || thread->handle.len == 0) {
            message->role = NGX_SLACK_ROLE_CHANGE;
            part->became = CHANGED;
            thread->change = message->id;
            thread->since = change ? thread->since : message->created;
            return;
        }

        part->became = REPLIED;
    }

    if (thread->no_replies) {
        message->role = NGX_SLACK_ROLE_PLAIN;
    }
}


/* 0: it is not to be stored */

ngx_uint_t
memory_place(memory_t *m, ngx_slack_entry_t *event,
    ngx_slack_new_message_t *from, memory_message_t *message)
{
    int64_t                now, expires;
    ngx_uint_t             before, only;
    memory_thread_t       *thread;
    ngx_slack_new_part_t  *part;

    part = &from->part;
    now = message->created;
    only = (part->known || (from->changed && !event->changed));
    before = NOTHING;

    message->stamp = part->stamp;
    message->clock = part->clock;
    message->final = part->final;
    message->whole = (part->part == NGX_SLACK_NEW_STATE || part->whole);

    thread = memory_thread_of(m, message->channel, &part->key);

    if (thread != NULL && thread->expires < now) {
        thread = NULL;
    }

    switch (part->part) {

    case NGX_SLACK_NEW_START:
        thread = NULL;
        only = 0;
        break;

    case NGX_SLACK_NEW_STATE:
        if (thread != NULL
            && !(thread->ended && now - thread->touched > HOUR)
            && memory_older(thread, part->stamp, part->clock, part->final))
        {
            part->became = STALE;
            event->stale++;
            return 0;
        }

        break;

    case NGX_SLACK_NEW_HISTORY:
        before = memory_state_before(event, from);

        if (before == ROOT || before == REPLIED) {
            return 0;
        }

        break;

    default: /* NGX_SLACK_NEW_REPLY */
        break;
    }

    if (thread != NULL && thread->ended && before == NOTHING
        && (part->part != NGX_SLACK_NEW_REPLY
            || now - thread->touched > HOUR
            || !memory_older(thread, part->stamp, part->clock, part->final)))
    {
        thread = NULL;
    }

    if (thread != NULL && part->part == NGX_SLACK_NEW_STATE
        && thread->part_root && memory_has_root(m, thread))
    {
        thread = NULL;
    }

    if (event->anew && before == NOTHING && message->whole) {
        thread = NULL;
    }

    if (only && (thread == NULL || !memory_has_root(m, thread))) {
        event->unknown++;
        return 0;
    }

    if (thread == NULL) {
        memory_begin_thread(m, part, message);
        thread = memory_thread(m, message->thread);

    } else {
        memory_join_thread(m, event, part, thread, message);
    }

    if (part->part == NGX_SLACK_NEW_STATE
        || part->part == NGX_SLACK_NEW_START
        || (part->part == NGX_SLACK_NEW_REPLY && part->ends))
    {
        thread->final = part->final;

        if (part->stamp) {
            thread->stamp = part->stamp;
            thread->clock = part->clock;
        }
    }

    expires = now + 1000 * (int64_t) part->keep;

    if (part->part != NGX_SLACK_NEW_HISTORY && part->ends) {
        thread->ended = 1;
        expires = ngx_max(expires, now + HOUR);
    }

    thread->touched = now;
    thread->last = message->id;
    thread->expires = ngx_max(thread->expires, expires);

    return 1;
}


/* the waiting change takes the place of a root that is gone */

void
memory_succeed(memory_t *m, memory_thread_t *thread)
{
    if (thread == NULL || memory_has_root(m, thread) || !thread->change) {
        return;
    }

    thread->root = thread->change;
    thread->change = 0;
    thread->part_root = 0;
    memory_message(m, thread->root)->role = NGX_SLACK_ROLE_STATE_ROOT;
}


static void
memory_refuse_root(memory_t *m, memory_thread_t *thread,
    memory_message_t *message, ngx_uint_t waits)
{
    if (thread->root == message->id
        ? !waits : (thread->handle.len == 0 && memory_has_root(m, thread)))
    {
        return;
    }

    ngx_str_null(&thread->handle);
    thread->no_changes = 0;
    thread->no_replies = 0;
    thread->root = 0;

    if (!waits) {
        memory_succeed(m, thread);
        return;
    }

    thread->root = message->id;
    thread->part_root = !message->whole;

    if (message->role == NGX_SLACK_ROLE_CHANGE) {
        thread->change = 0;
    }

    message->role = (message->role == NGX_SLACK_ROLE_CHANGE
                     || message->role == NGX_SLACK_ROLE_STATE_ROOT)
                    ? NGX_SLACK_ROLE_STATE_ROOT : NGX_SLACK_ROLE_ROOT;
    message->due = 0;
}


static void
memory_refuse(memory_t *m, ngx_slack_settlement_t *st,
    memory_message_t *message, memory_thread_t *thread)
{
    ngx_uint_t  waits;

    waits = (message->state == NGX_SLACK_FATE_WAITING);

    if (st->outcome == NGX_SLACK_SETTLE_ROOT) {
        memory_refuse_root(m, thread, message, waits);
        return;
    }

    if (st->outcome == NGX_SLACK_SETTLE_PLAIN) {
        thread->no_replies = 1;

    } else {
        thread->no_changes = 1;

        if (!waits && thread->change) {
            message = memory_message(m, thread->change);
            waits = 1;
        }
    }

    if (waits) {
        if (thread->change == message->id) {
            thread->change = 0;
        }

        message->due = 0;
        message->role = (st->outcome == NGX_SLACK_SETTLE_PLAIN)
                        ? NGX_SLACK_ROLE_PLAIN : NGX_SLACK_ROLE_REPLY;

        if (thread->root == message->id) {
            thread->root = 0;
            memory_succeed(m, thread);
        }
    }
}


/* after the outcome of the message; "waited": before it */

void
memory_settle_thread(memory_t *m, ngx_slack_settlement_t *st,
    memory_message_t *message, ngx_uint_t waited)
{
    memory_thread_t  *thread;

    thread = memory_thread(m, message->thread);

    if (message->thread == 0 || thread == NULL) {
        return;
    }

    switch (st->outcome) {

    case NGX_SLACK_SETTLE_RETRY:
        return;

    case NGX_SLACK_SETTLE_ROOT:
    case NGX_SLACK_SETTLE_REPLY:
    case NGX_SLACK_SETTLE_PLAIN:
        memory_refuse(m, st, message, thread);
        return;

    default:
        break;
    }

    if (waited && thread->change == message->id) {
        thread->change = 0;
    }

    if (st->outcome == NGX_SLACK_SETTLE_SENT && st->handle.len) {
        thread->handle = memory_copy(m->pool, &st->handle);
        thread->root = message->id;
        thread->no_changes = 0;
        thread->no_replies = 0;
        thread->part_root = !message->whole;
    }

    if (waited && message->role != NGX_SLACK_ROLE_CHANGE) {
        memory_succeed(m, thread);
    }
}


/* 0: it is not to be sent again, as it is not the newest */

ngx_uint_t
memory_replay_part(memory_t *m, memory_message_t *message)
{
    ngx_uint_t        state;
    memory_thread_t  *thread;

    thread = memory_thread(m, message->thread);

    if (message->thread == 0 || thread == NULL
        || message->role == NGX_SLACK_ROLE_PLAIN)
    {
        message->role = NGX_SLACK_ROLE_PLAIN;
        return 1;
    }

    state = (message->role == NGX_SLACK_ROLE_CHANGE
             || message->role == NGX_SLACK_ROLE_STATE_ROOT);

    if (state && (thread->change
                  || memory_older(thread, message->stamp, message->clock,
                                  message->final)))
    {
        return 0;
    }

    if (!memory_has_root(m, thread)) {
        thread->root = message->id;
        thread->no_changes = 0;
        thread->no_replies = 0;
        thread->part_root = !message->whole;
        message->role = state ? NGX_SLACK_ROLE_STATE_ROOT
                              : NGX_SLACK_ROLE_ROOT;

    } else if (state && !thread->no_changes && !thread->part_root) {
        message->role = NGX_SLACK_ROLE_CHANGE;
        thread->change = message->id;
        thread->since = ngx_slack_clock_wall();

    } else if (message->role != NGX_SLACK_ROLE_BROADCAST) {
        message->role = NGX_SLACK_ROLE_REPLY;
    }

    return 1;
}
