
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The engine in memory: what operators see and do.
 */


#include "memory.h"


#define MINUTE  ((int64_t) 60 * 1000)


static int64_t  memory_ages[NGX_SLACK_SURVEY_AGES - 1] = {
    MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 360 * MINUTE, 1440 * MINUTE
};


ngx_uint_t
memory_paused(memory_t *m, ngx_str_t *workspace, ngx_str_t *channel,
    ngx_uint_t whole, ngx_slack_outbox_channel_t *dest)
{
    ngx_uint_t       i, paused;
    memory_pause_t  *pause;

    paused = 0;
    pause = m->pauses.elts;

    for (i = 0; i < m->pauses.nelts; i++) {

        if (!memory_same(&pause[i].workspace, workspace)
            || (!pause[i].whole
                && (whole || !memory_same(&pause[i].channel, channel))))
        {
            continue;
        }

        paused |= (pause[i].until == 0);

        if (dest == NULL) {
            continue;
        }

        if (pause[i].since < pause[i].until
            && pause[i].until > dest->paused_until)
        {
            dest->paused_since = pause[i].since;
            dest->paused_until = pause[i].until;
        }

        dest->tried = ngx_max(dest->tried, pause[i].tried);
    }

    return paused;
}


static memory_pause_t *
memory_pause(memory_t *m, ngx_slack_scope_t *scope, int64_t now)
{
    ngx_str_t        channel;
    ngx_uint_t       i;
    memory_pause_t  *pause;

    ngx_str_null(&channel);

    if (!scope->whole) {
        channel = scope->channel;
    }

    pause = m->pauses.elts;

    for (i = 0; i < m->pauses.nelts; i++) {
        if (memory_same(&pause[i].workspace, &scope->workspace)
            && pause[i].whole == scope->whole
            && memory_same(&pause[i].channel, &channel))
        {
            return &pause[i];
        }
    }

    pause = memory_push(&m->pauses);

    pause->workspace = memory_copy(m->pool, &scope->workspace);
    pause->channel = memory_copy(m->pool, &channel);
    pause->whole = scope->whole;
    pause->since = now;
    pause->until = now;
    pause->tried = 0;

    return pause;
}


static ngx_uint_t
memory_steer_mark(memory_t *m, ngx_slack_steer_t *steer, int64_t now)
{
    memory_pause_t  *pause;

    pause = memory_pause(m, steer->scope, now);

    switch (steer->action) {

    case NGX_SLACK_STEER_PAUSE:
        if (pause->until) {
            pause->since = now;
            pause->until = 0;
        }

        break;

    case NGX_SLACK_STEER_RESUME:
        if (pause->until == 0) {
            pause->until = now;
        }

        pause->tried = now;
        break;

    default: /* NGX_SLACK_STEER_NUDGE */
        pause->tried = now;
    }

    return memory_paused(m, &steer->scope->workspace, &steer->scope->channel,
                         steer->scope->whole, NULL);
}


static ngx_uint_t
memory_chosen(memory_t *m, ngx_slack_steer_t *steer, memory_message_t *message)
{
    ngx_uint_t          i;
    memory_channel_t   *ch;
    ngx_slack_scope_t  *scope;

    if (message->purged
        || (message->state != NGX_SLACK_FATE_DEAD
            && !(message->state == NGX_SLACK_FATE_WAITING && steer->waiting
                 && steer->ids && steer->action == NGX_SLACK_STEER_DROP)))
    {
        return 0;
    }

    if (steer->ids) {
        for (i = 0; i < steer->n; i++) {
            if (steer->ids[i] == message->id) {
                return 1;
            }
        }

        return 0;
    }

    scope = steer->scope;

    if (scope == NULL) {
        return 1;
    }

    ch = m->channels.elts;
    ch += message->channel;

    return memory_same(&ch->workspace, &scope->workspace)
           && (scope->whole || memory_same(&ch->channel, &scope->channel));
}


static void
memory_drop_part(memory_t *m, memory_message_t *message)
{
    memory_thread_t  *thread;

    thread = memory_thread(m, message->thread);

    if (thread == NULL) {
        return;
    }

    if (thread->change == message->id) {
        thread->change = 0;
    }

    memory_succeed(m, thread);
}


/* to another channel; 0: it has none, and is given none */

static ngx_uint_t
memory_move(memory_t *m, ngx_slack_steer_t *steer, memory_message_t *message)
{
    ngx_str_t          workspace, nowhere;
    memory_channel_t  *ch;

    ngx_str_set(&nowhere, NGX_SLACK_OUTBOX_NOWHERE);

    ch = m->channels.elts;
    ch += message->channel;

    if (steer->to.len == 0) {
        return !memory_same(&ch->channel, &nowhere);
    }

    workspace = ch->workspace;

    message->channel = memory_channel(m, &workspace, &steer->to);
    message->thread = 0;
    message->role = NGX_SLACK_ROLE_PLAIN;

    return 1;
}


static ngx_int_t
memory_steer_dead(ngx_slack_store_t *store, ngx_slack_steer_t *steer,
    int64_t now)
{
    memory_t          *m;
    ngx_uint_t         i, waited;
    memory_message_t  *message;

    m = store->memory;
    message = m->messages.elts;

    for (i = 0; i < m->messages.nelts; i++, message++) {

        if (!memory_chosen(m, steer, message)) {
            continue;
        }

        if (steer->action == NGX_SLACK_STEER_REPLAY
            && m->waiting < store->conf->max
            && !memory_move(m, steer, message))
        {
            continue;
        }

        if (steer->action == NGX_SLACK_STEER_DROP) {
            waited = (message->state == NGX_SLACK_FATE_WAITING);
            m->waiting -= waited;
            memory_sent_as(m, message, "dropped");

            if (waited && message->thread) {
                memory_drop_part(m, message);
            }

        } else if (m->waiting >= store->conf->max) {
            return NGX_BUSY;

        } else if (!memory_replay_part(m, message)) {
            memory_sent_as(m, message, "superseded");

        } else {
            m->waiting++;
            ngx_str_null(&message->answer);
            message->state = NGX_SLACK_FATE_WAITING;
            message->created = now;
            message->due = 0;
            message->attempts = 0;
        }

        steer->count++;
    }

    return NGX_OK;
}


ngx_int_t
memory_steer(ngx_slack_store_t *store, ngx_slack_steer_t *steer)
{
    int64_t    now;
    ngx_int_t  rc;

    now = ngx_slack_clock_wall();
    rc = NGX_OK;

    steer->count = 0;
    steer->paused = 0;

    memory_lock(store);

    if (steer->action == NGX_SLACK_STEER_REPLAY
        || steer->action == NGX_SLACK_STEER_DROP)
    {
        rc = memory_steer_dead(store, steer, now);

    } else if (steer->action == NGX_SLACK_STEER_FORGET) {
        memory_forget(store->memory, steer, now);

    } else {
        steer->paused = memory_steer_mark(store->memory, steer, now);
    }

    store->memory->revision++;
    memory_tell(store->memory);

    memory_unlock(store);

    return rc;
}


ngx_int_t
memory_fate(ngx_slack_store_t *store, ngx_slack_fate_t *fate)
{
    memory_t          *m;
    ngx_str_t          answer;
    ngx_uint_t         i;
    memory_channel_t  *ch;
    memory_message_t  *message, *other;

    m = store->memory;

    memory_lock(store);

    message = memory_message(m, fate->id);

    if (message == NULL) {
        memory_unlock(store);
        return NGX_DECLINED;
    }

    ch = m->channels.elts;
    ch += message->channel;

    fate->state = message->state;
    fate->attempts = message->attempts;
    fate->settled = ch->settled;
    fate->not_before = ch->not_before;
    fate->failures = ch->failures;
    fate->own = message->answer.len ? 1 : 0;
    fate->before = 0;

    answer = fate->own ? message->answer : ch->answer;

    (void) ngx_snprintf((u_char *) fate->answer, sizeof(fate->answer), "%V%Z",
                        &answer);

    other = m->messages.elts;

    for (i = 0; i + 1 < (ngx_uint_t) fate->id; i++) {
        fate->before += (other[i].channel == message->channel
                         && memory_in_line(&other[i])
                         && (message->state != NGX_SLACK_FATE_WAITING
                             || message->role != NGX_SLACK_ROLE_CHANGE));
    }

    memory_unlock(store);

    return NGX_OK;
}


static int
memory_by_name(const void *one, const void *two)
{
    int                                rc;
    const ngx_slack_survey_channel_t  *a = one, *b = two;

    rc = strcmp((char *) a->workspace.data, (char *) b->workspace.data);

    return rc ? rc : strcmp((char *) a->channel.data,
                            (char *) b->channel.data);
}


static void
memory_survey_channel(memory_t *m, ngx_uint_t channel,
    ngx_slack_survey_t *survey)
{
    int64_t                      now;
    ngx_uint_t                   i, age;
    memory_channel_t            *from;
    memory_message_t            *message;
    ngx_slack_survey_channel_t  *ch;

    now = ngx_slack_clock_wall();

    from = m->channels.elts;
    from += channel;

    ch = memory_push(&survey->channels);
    ngx_memzero(ch, sizeof(ngx_slack_survey_channel_t));

    ch->id = (int64_t) channel + 1;
    ch->workspace = memory_copy(survey->pool, &from->workspace);
    ch->channel = memory_copy(survey->pool, &from->channel);
    ch->answer = memory_copy(survey->pool, &from->answer);
    ch->settled = from->settled;
    ch->not_before = from->not_before;
    ch->failures = from->failures;
    ch->paused = memory_paused(m, &from->workspace, &from->channel, 0, NULL)
                 ? 1 : 0;

    message = m->messages.elts;

    for (i = 0; i < m->messages.nelts; i++) {

        if (message[i].channel != channel || message[i].purged) {
            continue;
        }

        ch->dead += (message[i].state == NGX_SLACK_FATE_DEAD);

        if (message[i].state != NGX_SLACK_FATE_WAITING) {
            continue;
        }

        if (ch->waiting++ == 0) {
            ch->first = message[i].id;
            ch->oldest = message[i].created;
        }

        for (age = 0; age < NGX_SLACK_SURVEY_AGES - 1; age++) {
            if (now - message[i].stored < memory_ages[age]) {
                break;
            }
        }

        ch->ages[age]++;
    }

    ch->unserved = (ch->waiting && !memory_serves(m, from)) ? 1 : 0;

    survey->waiting += ch->waiting;
    survey->dead += ch->dead;
}


/* is a newer than b, or is there no b? */

static ngx_uint_t
memory_newer(int64_t died, int64_t id, int64_t other_died, int64_t other_id)
{
    return died > other_died || (died == other_died && id > other_id);
}


static void
memory_survey_dead(memory_t *m, ngx_slack_survey_t *survey)
{
    int64_t                          died, id;
    ngx_uint_t                       i;
    memory_channel_t                *ch;
    memory_message_t                *message, *best;
    ngx_slack_survey_dead_letter_t  *dead;

    died = survey->after_died ? survey->after_died : INT64_MAX;
    id = survey->after_id ? survey->after_id : INT64_MAX;

    for ( ;; ) {
        best = NULL;
        message = m->messages.elts;

        for (i = 0; i < m->messages.nelts; i++, message++) {

            if (message->state == NGX_SLACK_FATE_DEAD && !message->purged
                && memory_newer(died, id, message->done, message->id)
                && (best == NULL
                    || memory_newer(message->done, message->id, best->done,
                                    best->id)))
            {
                best = message;
            }
        }

        if (best == NULL) {
            return;
        }

        if (survey->dead_letters.nelts == survey->max) {
            survey->more = 1;
            return;
        }

        died = best->done;
        id = best->id;

        ch = m->channels.elts;
        ch += best->channel;

        dead = memory_push(&survey->dead_letters);

        dead->id = id;
        dead->workspace = memory_copy(survey->pool, &ch->workspace);
        dead->channel = memory_copy(survey->pool, &ch->channel);
        dead->event = memory_copy(survey->pool, &best->event);
        dead->project = memory_copy(survey->pool, &best->project);
        dead->created = best->created;
        dead->died = died;
        dead->attempts = best->attempts;
        dead->answer = memory_copy(survey->pool, &best->answer);
        dead->envelope = memory_copy(survey->pool, &best->envelope);
        dead->body = memory_copy(survey->pool, &best->body);
    }
}


ngx_int_t
memory_survey(ngx_slack_store_t *store, ngx_slack_survey_t *survey)
{
    memory_t                  *m;
    ngx_uint_t                 i;
    memory_pause_t            *from;
    ngx_slack_survey_pause_t  *pause;

    m = store->memory;

    survey->waiting = 0;
    survey->dead = 0;
    survey->more = 0;
    survey->size = -1;

    if (ngx_array_init(&survey->channels, survey->pool, 16,
                       sizeof(ngx_slack_survey_channel_t)) != NGX_OK
        || ngx_array_init(&survey->pauses, survey->pool, 4,
                          sizeof(ngx_slack_survey_pause_t)) != NGX_OK
        || ngx_array_init(&survey->dead_letters, survey->pool, survey->max + 1,
                          sizeof(ngx_slack_survey_dead_letter_t)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    memory_lock(store);

    survey->moment[0] = m->changes;
    survey->moment[1] = (int64_t) m->messages.nelts;

    for (i = 0; i < m->channels.nelts; i++) {
        if (!((memory_channel_t *) m->channels.elts)[i].purged) {
            memory_survey_channel(m, i, survey);
        }
    }

    if (survey->channels.nelts) {
        qsort(survey->channels.elts, survey->channels.nelts,
              sizeof(ngx_slack_survey_channel_t), memory_by_name);
    }

    from = m->pauses.elts;

    for (i = 0; i < m->pauses.nelts; i++) {
        if (from[i].until == 0) {
            pause = memory_push(&survey->pauses);
            pause->workspace = memory_copy(survey->pool, &from[i].workspace);
            pause->channel = memory_copy(survey->pool, &from[i].channel);
            pause->since = from[i].since;
            pause->whole = from[i].whole ? 1 : 0;
        }
    }

    if (survey->max) {
        memory_survey_dead(m, survey);
    }

    memory_unlock(store);

    return NGX_OK;
}


ngx_uint_t
memory_unchanged(ngx_slack_store_t *store, ngx_slack_survey_t *survey)
{
    ngx_uint_t  same;

    memory_lock(store);

    same = (survey->moment[0] == store->memory->changes
            && survey->moment[1] == (int64_t) store->memory->messages.nelts);

    memory_unlock(store);

    return same;
}
