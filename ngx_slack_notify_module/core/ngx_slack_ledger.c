
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The ledger: counts and the last events, in shared memory.  Knows names and
 * numbers only.  For any thread.  Texts and reading are in
 * ngx_slack_ledger_text.c.
 *
 * Counting takes no lock.  A new name or minute takes the mutex of the zone,
 * which the master frees if its holder dies.  Texts are written between two
 * steps of a turn: who reads an odd one, or another one afterwards, reads
 * again or leaves it out.
 */


#include <ngx_slack_ledger.h>
#include <ngx_slack_mutex.h>


static ngx_slack_ledger_result_t *ngx_slack_ledger_result(
    ngx_slack_ledger_t *ledger, ngx_slack_ledger_note_t *note);
static ngx_uint_t ngx_slack_ledger_is_result(
    ngx_slack_ledger_result_t *result, ngx_slack_ledger_note_t *note);
static ngx_slack_ledger_kind_t *ngx_slack_ledger_kind(
    ngx_slack_ledger_t *ledger, ngx_slack_ledger_note_t *note);
static ngx_uint_t ngx_slack_ledger_is_kind(ngx_slack_ledger_kind_t *kind,
    ngx_slack_ledger_note_t *note);
static ngx_uint_t ngx_slack_ledger_is_channel(
    ngx_slack_ledger_channel_t *channel, ngx_str_t *workspace,
    ngx_str_t *name);
static void ngx_slack_ledger_count(ngx_slack_ledger_t *ledger,
    ngx_uint_t what, ngx_uint_t n, time_t now);
static ngx_uint_t ngx_slack_ledger_same(u_char *data, size_t len,
    ngx_str_t *s);


ngx_str_t  ngx_slack_ledger_names[] = {
    ngx_string("queued"),
    ngx_string("filtered"),
    ngx_string("duplicate"),
    ngx_string("ignored"),
    ngx_string("rejected"),
    ngx_string("error"),
    ngx_string("sent"),
    ngx_string("retried"),
    ngx_string("dead")
};


/* the bytes a name may have here; it may be cut then */

#define ngx_slack_ledger_fits(str, room)  ((str)->len <= sizeof(room))


void
ngx_slack_ledger_init(ngx_slack_ledger_t *ledger, ngx_shmtx_t *mutex)
{
    ngx_str_t                   other;
    ngx_slack_ledger_kind_t    *kind;
    ngx_slack_ledger_result_t  *result;

    ngx_str_set(&other, "other");

    ledger->mutex = mutex;
    ledger->started = ngx_time();

    result = &ledger->results[NGX_SLACK_LEDGER_RESULTS];
    result->source_len = ngx_slack_ledger_copy(result->source,
                                               sizeof(result->source), &other);
    result->reason_len = ngx_slack_ledger_copy(result->reason,
                                               sizeof(result->reason), &other);
    result->result = NGX_SLACK_LEDGER_LAST;

    kind = &ledger->kinds[NGX_SLACK_LEDGER_KINDS];
    kind->source_len = ngx_slack_ledger_copy(kind->source,
                                             sizeof(kind->source), &other);
    kind->event_len = ngx_slack_ledger_copy(kind->event, sizeof(kind->event),
                                            &other);
}


void
ngx_slack_ledger_event(ngx_slack_ledger_t *ledger,
    ngx_slack_ledger_note_t *note, time_t now)
{
    ngx_atomic_uint_t          n;
    ngx_slack_ledger_event_t  *event;

    if (ledger == NULL) {
        return;
    }

    ngx_slack_ledger_count(ledger, note->result, 1, now);

    (void) ngx_atomic_fetch_add(&ngx_slack_ledger_result(ledger, note)->count,
                                1);

    if (note->result == NGX_SLACK_LEDGER_IGNORED) {
        (void) ngx_atomic_fetch_add(
                               &ngx_slack_ledger_kind(ledger, note)->count, 1);
    }

    n = (ngx_atomic_uint_t) ngx_atomic_fetch_add(&ledger->next, 1);
    event = &ledger->events[n % NGX_SLACK_LEDGER_EVENTS];

    event->turn = 2 * n + 1;
    ngx_memory_barrier();

    event->time = now;
    event->result = note->result;
    event->messages = note->messages;

    event->len[NGX_SLACK_LEDGER_SOURCE] =
        ngx_slack_ledger_copy(event->source, sizeof(event->source),
                              &note->source);
    event->len[NGX_SLACK_LEDGER_EVENT] =
        ngx_slack_ledger_copy(event->event, sizeof(event->event),
                              &note->event);
    event->len[NGX_SLACK_LEDGER_ACTION] =
        ngx_slack_ledger_copy(event->action, sizeof(event->action),
                              &note->action);
    event->len[NGX_SLACK_LEDGER_REASON] =
        ngx_slack_ledger_copy(event->reason, sizeof(event->reason),
                              &note->reason);
    event->len[NGX_SLACK_LEDGER_LOCATION] =
        ngx_slack_ledger_copy(event->location, sizeof(event->location),
                              &note->location);
    event->len[NGX_SLACK_LEDGER_WHERE] =
        ngx_slack_ledger_copy(event->project, sizeof(event->project),
                              &note->project);

    ngx_memory_barrier();
    event->turn = 2 * n + 2;
}


static ngx_slack_ledger_result_t *
ngx_slack_ledger_result(ngx_slack_ledger_t *ledger,
    ngx_slack_ledger_note_t *note)
{
    ngx_uint_t                  i, n, locked;
    ngx_slack_ledger_result_t  *result;

    locked = 0;

    /* a cheap hash, there are few of them */

    n = note->result * 16 + note->why.len * 3;

    if (note->why.len) {
        n += note->why.data[0];
    }

    if (note->source.len) {
        n += note->source.data[0] * 5;
    }

again:

    result = NULL;

    for (i = 0; i < NGX_SLACK_LEDGER_RESULTS; i++) {

        result = &ledger->results[(n + i) % NGX_SLACK_LEDGER_RESULTS];

        if (!result->used) {
            break;
        }

        if (ngx_slack_ledger_is_result(result, note)) {
            goto done;
        }
    }

    if (i == NGX_SLACK_LEDGER_RESULTS
        || !ngx_slack_ledger_fits(&note->source, result->source)
        || !ngx_slack_ledger_fits(&note->why, result->reason))
    {
        result = &ledger->results[NGX_SLACK_LEDGER_RESULTS];
        goto done;
    }

    if (!locked) {
        ngx_slack_mutex_lock(ledger->mutex);
        locked = 1;
        goto again;
    }

    result->result = note->result;
    result->source_len = ngx_slack_ledger_copy(result->source,
                                               sizeof(result->source),
                                               &note->source);
    result->reason_len = ngx_slack_ledger_copy(result->reason,
                                               sizeof(result->reason),
                                               &note->why);
    ngx_memory_barrier();
    result->used = 1;

done:

    if (locked) {
        ngx_slack_mutex_unlock(ledger->mutex);
    }

    return result;
}


static ngx_uint_t
ngx_slack_ledger_is_result(ngx_slack_ledger_result_t *result,
    ngx_slack_ledger_note_t *note)
{
    return result->result == note->result
           && ngx_slack_ledger_same(result->reason, result->reason_len,
                                    &note->why)
           && ngx_slack_ledger_same(result->source, result->source_len,
                                    &note->source);
}


static ngx_slack_ledger_kind_t *
ngx_slack_ledger_kind(ngx_slack_ledger_t *ledger,
    ngx_slack_ledger_note_t *note)
{
    ngx_uint_t                i, locked;
    ngx_slack_ledger_kind_t  *kind;

    locked = 0;

again:

    kind = NULL;

    for (i = 0; i < NGX_SLACK_LEDGER_KINDS; i++) {

        kind = &ledger->kinds[i];

        if (!kind->used) {
            break;
        }

        if (ngx_slack_ledger_is_kind(kind, note)) {
            goto done;
        }
    }

    if (i == NGX_SLACK_LEDGER_KINDS
        || !ngx_slack_ledger_fits(&note->source, kind->source)
        || !ngx_slack_ledger_fits(&note->event, kind->event))
    {
        kind = &ledger->kinds[NGX_SLACK_LEDGER_KINDS];
        goto done;
    }

    if (!locked) {
        ngx_slack_mutex_lock(ledger->mutex);
        locked = 1;
        goto again;
    }

    kind->source_len = ngx_slack_ledger_copy(kind->source,
                                             sizeof(kind->source),
                                             &note->source);
    kind->event_len = ngx_slack_ledger_copy(kind->event, sizeof(kind->event),
                                            &note->event);
    ngx_memory_barrier();
    kind->used = 1;

done:

    if (locked) {
        ngx_slack_mutex_unlock(ledger->mutex);
    }

    return kind;
}


static ngx_uint_t
ngx_slack_ledger_is_kind(ngx_slack_ledger_kind_t *kind,
    ngx_slack_ledger_note_t *note)
{
    return ngx_slack_ledger_same(kind->source, kind->source_len, &note->source)
           && ngx_slack_ledger_same(kind->event, kind->event_len,
                                    &note->event);
}


ngx_slack_ledger_channel_t *
ngx_slack_ledger_channel(ngx_slack_ledger_t *ledger, ngx_str_t *workspace,
    ngx_str_t *channel)
{
    uint32_t                     hash;
    ngx_uint_t                   i, locked;
    ngx_slack_ledger_channel_t  *ch;

    if (ledger == NULL) {
        return NULL;
    }

    locked = 0;

    ngx_crc32_init(hash);
    ngx_crc32_update(&hash, workspace->data, workspace->len);
    ngx_crc32_update(&hash, channel->data, channel->len);
    ngx_crc32_final(hash);

again:

    ch = NULL;

    for (i = 0; i < NGX_SLACK_LEDGER_CHANNELS; i++) {

        ch = &ledger->channels[(hash + i) % NGX_SLACK_LEDGER_CHANNELS];

        if (!ch->used) {
            break;
        }

        if (ngx_slack_ledger_is_channel(ch, workspace, channel)) {
            goto done;
        }
    }

    if (i == NGX_SLACK_LEDGER_CHANNELS
        || !ngx_slack_ledger_fits(workspace, ch->workspace)
        || !ngx_slack_ledger_fits(channel, ch->channel))
    {
        ch = &ledger->channels[NGX_SLACK_LEDGER_CHANNELS];
        goto done;
    }

    if (!locked) {
        ngx_slack_mutex_lock(ledger->mutex);
        locked = 1;
        goto again;
    }

    ch->workspace_len = ngx_slack_ledger_copy(ch->workspace,
                                              sizeof(ch->workspace),
                                              workspace);
    ch->channel_len = ngx_slack_ledger_copy(ch->channel, sizeof(ch->channel),
                                            channel);
    ngx_memory_barrier();
    ch->used = 1;

done:

    if (locked) {
        ngx_slack_mutex_unlock(ledger->mutex);
    }

    return ch;
}


static ngx_uint_t
ngx_slack_ledger_is_channel(ngx_slack_ledger_channel_t *channel,
    ngx_str_t *workspace, ngx_str_t *name)
{
    return ngx_slack_ledger_same(channel->channel, channel->channel_len, name)
           && ngx_slack_ledger_same(channel->workspace, channel->workspace_len,
                                    workspace);
}


void
ngx_slack_ledger_messages(ngx_slack_ledger_t *ledger,
    ngx_slack_ledger_channel_t *channel, ngx_uint_t what, ngx_uint_t n,
    time_t now)
{
    ngx_atomic_int_t  more;

    if (ledger == NULL || channel == NULL) {
        return;
    }

    more = (ngx_atomic_int_t) n;

    switch (what) {

    case NGX_SLACK_LEDGER_SENT:
        (void) ngx_atomic_fetch_add(&channel->sent, more);
        channel->success = (ngx_atomic_uint_t) now;
        break;

    case NGX_SLACK_LEDGER_RETRIED:
        (void) ngx_atomic_fetch_add(&channel->retried, more);
        break;

    default: /* NGX_SLACK_LEDGER_DEAD */
        (void) ngx_atomic_fetch_add(&channel->dead, more);
    }

    ngx_slack_ledger_count(ledger, what, n, now);
}


static void
ngx_slack_ledger_count(ngx_slack_ledger_t *ledger, ngx_uint_t what,
    ngx_uint_t n, time_t now)
{
    ngx_atomic_uint_t           i, number;
    ngx_slack_ledger_minute_t  *minute;

    number = (ngx_atomic_uint_t) now / 60;
    minute = &ledger->minutes[number % NGX_SLACK_LEDGER_MINUTES];

    if (minute->minute != number) {

        ngx_slack_mutex_lock(ledger->mutex);

        /* a worker with an older time does not turn it back */

        if (minute->minute < number
            || minute->minute > number + NGX_SLACK_LEDGER_MINUTES)
        {
            for (i = 0; i < NGX_SLACK_LEDGER_LAST; i++) {
                minute->counts[i] = 0;
            }

            minute->minute = number;
        }

        ngx_slack_mutex_unlock(ledger->mutex);
    }

    (void) ngx_atomic_fetch_add(&minute->counts[what], (ngx_atomic_int_t) n);
}


void
ngx_slack_ledger_lead(ngx_slack_ledger_t *ledger, ngx_pid_t pid)
{
    ngx_uint_t  i;

    if (ledger == NULL) {
        return;
    }

    ledger->leader = (ngx_atomic_uint_t) pid;

    for (i = 0; pid && i <= NGX_SLACK_LEDGER_CHANNELS; i++) {
        ledger->channels[i].in_flight = 0;
        ledger->channels[i].held = 0;
    }
}


static ngx_uint_t
ngx_slack_ledger_same(u_char *data, size_t len, ngx_str_t *s)
{
    return len == s->len && (len == 0 || ngx_memcmp(data, s->data, len) == 0);
}
