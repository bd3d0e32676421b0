
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The history: counts and the last events, in shared memory.  Runs in any
 * thread.  Texts and reading are in ngx_slack_history_text.c.
 *
 * Counting takes no lock.  A new name or minute takes the mutex of the zone,
 * which the master frees if its holder dies.  A writer of a text or an event
 * makes "turn" odd, writes, and makes it even again: a reader that sees an odd
 * or a changed turn reads again, or leaves the text out.
 */


#include <ngx_slack_history.h>
#include <ngx_slack_mutex.h>


static ngx_slack_history_result_t *ngx_slack_history_result(
    ngx_slack_history_t  *history, ngx_slack_history_note_t *note);
static ngx_uint_t ngx_slack_history_is_result(
    ngx_slack_history_result_t  *result, ngx_slack_history_note_t *note);
static ngx_slack_history_kind_t *ngx_slack_history_kind(
    ngx_slack_history_t  *history, ngx_slack_history_note_t *note);
static ngx_uint_t ngx_slack_history_is_kind(ngx_slack_history_kind_t *kind,
    ngx_slack_history_note_t *note);
static ngx_uint_t ngx_slack_history_is_channel(
    ngx_slack_history_channel_t *channel, ngx_str_t *workspace,
    ngx_str_t *name);
static void ngx_slack_history_count(ngx_slack_history_t *history,
    ngx_uint_t what, ngx_uint_t n, time_t now);
static ngx_uint_t ngx_slack_history_same(u_char *data, size_t len,
    ngx_str_t *s);


ngx_str_t  ngx_slack_history_names[] = {
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


/*
 * A name that is too long to be stored whole counts as "other": its cut form
 * would not be found again.
 */

#define ngx_slack_history_fits(str, room)  ((str)->len <= sizeof(room))


void
ngx_slack_history_init(ngx_slack_history_t *history, ngx_shmtx_t *mutex)
{
    ngx_str_t                    other;
    ngx_slack_history_kind_t    *kind;
    ngx_slack_history_result_t  *result;

    ngx_str_set(&other, "other");

    history->mutex = mutex;
    history->started = ngx_time();

    result = &history->results[NGX_SLACK_HISTORY_RESULTS];
    result->source_len = ngx_slack_history_copy(result->source,
                                                sizeof(result->source),
                                                &other);
    result->reason_len = ngx_slack_history_copy(result->reason,
                                                sizeof(result->reason),
                                                &other);
    result->result = NGX_SLACK_COUNT_LAST;

    kind = &history->kinds[NGX_SLACK_HISTORY_KINDS];
    kind->source_len = ngx_slack_history_copy(kind->source,
                                              sizeof(kind->source), &other);
    kind->event_len = ngx_slack_history_copy(kind->event, sizeof(kind->event),
                                             &other);
}


void
ngx_slack_history_event(ngx_slack_history_t *history,
    ngx_slack_history_note_t *note, time_t now)
{
    ngx_atomic_uint_t           n;
    ngx_slack_history_event_t  *event;

    if (history == NULL) {
        return;
    }

    ngx_slack_history_count(history, note->result, 1, now);

    (void) ngx_atomic_fetch_add(&ngx_slack_history_result(history,
                                                          note)->count,
                                1);

    if (note->result == NGX_SLACK_COUNT_IGNORED) {
        (void) ngx_atomic_fetch_add(
                               &ngx_slack_history_kind(history, note)->count,
                               1);
    }

    n = (ngx_atomic_uint_t) ngx_atomic_fetch_add(&history->next, 1);
    event = &history->events[n % NGX_SLACK_HISTORY_EVENTS];

    event->turn = 2 * n + 1;
    ngx_memory_barrier();

    event->time = now;
    event->result = note->result;
    event->messages = note->messages;
    event->id = note->id;

    event->len[NGX_SLACK_COLUMN_SOURCE] =
        ngx_slack_history_copy(event->source, sizeof(event->source),
                               &note->source);
    event->len[NGX_SLACK_COLUMN_EVENT] =
        ngx_slack_history_copy(event->event, sizeof(event->event),
                               &note->event);
    event->len[NGX_SLACK_COLUMN_ACTION] =
        ngx_slack_history_copy(event->action, sizeof(event->action),
                               &note->action);
    event->len[NGX_SLACK_COLUMN_REASON] =
        ngx_slack_history_copy(event->reason, sizeof(event->reason),
                               &note->reason);
    event->len[NGX_SLACK_COLUMN_LOCATION] =
        ngx_slack_history_copy(event->location, sizeof(event->location),
                               &note->location);
    event->len[NGX_SLACK_COLUMN_PROJECT] =
        ngx_slack_history_copy(event->project, sizeof(event->project),
                               &note->project);
    event->len[NGX_SLACK_COLUMN_ROUTES] =
        ngx_slack_history_copy(event->routes, sizeof(event->routes),
                               &note->routes);

    ngx_memory_barrier();
    event->turn = 2 * n + 2;
}


static ngx_slack_history_result_t *
ngx_slack_history_result(ngx_slack_history_t *history,
    ngx_slack_history_note_t *note)
{
    ngx_uint_t                   i, n, locked;
    ngx_slack_history_result_t  *result;

    locked = 0;

    /* a cheap hash is enough for so few results */

    n = note->result * 16 + note->why.len * 3;

    if (note->why.len) {
        n += note->why.data[0];
    }

    if (note->source.len) {
        n += note->source.data[0] * 5;
    }

again:

    result = NULL;

    for (i = 0; i < NGX_SLACK_HISTORY_RESULTS; i++) {

        result = &history->results[(n + i) % NGX_SLACK_HISTORY_RESULTS];

        if (!result->used) {
            break;
        }

        if (ngx_slack_history_is_result(result, note)) {
            goto done;
        }
    }

    if (i == NGX_SLACK_HISTORY_RESULTS
        || !ngx_slack_history_fits(&note->source, result->source)
        || !ngx_slack_history_fits(&note->why, result->reason))
    {
        result = &history->results[NGX_SLACK_HISTORY_RESULTS];
        goto done;
    }

    if (!locked) {
        ngx_slack_mutex_lock(history->mutex);
        locked = 1;
        goto again;
    }

    result->result = note->result;
    result->source_len = ngx_slack_history_copy(result->source,
                                                sizeof(result->source),
                                                &note->source);
    result->reason_len = ngx_slack_history_copy(result->reason,
                                                sizeof(result->reason),
                                                &note->why);
    ngx_memory_barrier();
    result->used = 1;

done:

    if (locked) {
        ngx_slack_mutex_unlock(history->mutex);
    }

    return result;
}


static ngx_uint_t
ngx_slack_history_is_result(ngx_slack_history_result_t *result,
    ngx_slack_history_note_t *note)
{
    return result->result == note->result
           && ngx_slack_history_same(result->reason, result->reason_len,
                                     &note->why)
           && ngx_slack_history_same(result->source, result->source_len,
                                     &note->source);
}


static ngx_slack_history_kind_t *
ngx_slack_history_kind(ngx_slack_history_t *history,
    ngx_slack_history_note_t *note)
{
    ngx_uint_t                 i, locked;
    ngx_slack_history_kind_t  *kind;

    locked = 0;

again:

    kind = NULL;

    for (i = 0; i < NGX_SLACK_HISTORY_KINDS; i++) {

        kind = &history->kinds[i];

        if (!kind->used) {
            break;
        }

        if (ngx_slack_history_is_kind(kind, note)) {
            goto done;
        }
    }

    if (i == NGX_SLACK_HISTORY_KINDS
        || !ngx_slack_history_fits(&note->source, kind->source)
        || !ngx_slack_history_fits(&note->event, kind->event))
    {
        kind = &history->kinds[NGX_SLACK_HISTORY_KINDS];
        goto done;
    }

    if (!locked) {
        ngx_slack_mutex_lock(history->mutex);
        locked = 1;
        goto again;
    }

    kind->source_len = ngx_slack_history_copy(kind->source,
                                              sizeof(kind->source),
                                              &note->source);
    kind->event_len = ngx_slack_history_copy(kind->event, sizeof(kind->event),
                                             &note->event);
    ngx_memory_barrier();
    kind->used = 1;

done:

    if (locked) {
        ngx_slack_mutex_unlock(history->mutex);
    }

    return kind;
}


static ngx_uint_t
ngx_slack_history_is_kind(ngx_slack_history_kind_t *kind,
    ngx_slack_history_note_t *note)
{
    return ngx_slack_history_same(kind->source, kind->source_len,
                                  &note->source)
           && ngx_slack_history_same(kind->event, kind->event_len,
                                     &note->event);
}


ngx_slack_history_channel_t *
ngx_slack_history_channel(ngx_slack_history_t *history, ngx_str_t *workspace,
    ngx_str_t *channel)
{
    uint32_t                      hash;
    ngx_uint_t                    i, locked;
    ngx_slack_history_channel_t  *ch;

    if (history == NULL) {
        return NULL;
    }

    locked = 0;

    ngx_crc32_init(hash);
    ngx_crc32_update(&hash, workspace->data, workspace->len);
    ngx_crc32_update(&hash, channel->data, channel->len);
    ngx_crc32_final(hash);

again:

    ch = NULL;

    for (i = 0; i < NGX_SLACK_HISTORY_CHANNELS; i++) {

        ch = &history->channels[(hash + i) % NGX_SLACK_HISTORY_CHANNELS];

        if (!ch->used) {
            break;
        }

        if (ngx_slack_history_is_channel(ch, workspace, channel)) {
            goto done;
        }
    }

    if (i == NGX_SLACK_HISTORY_CHANNELS
        || !ngx_slack_history_fits(workspace, ch->workspace)
        || !ngx_slack_history_fits(channel, ch->channel))
    {
        ch = &history->channels[NGX_SLACK_HISTORY_CHANNELS];
        goto done;
    }

    if (!locked) {
        ngx_slack_mutex_lock(history->mutex);
        locked = 1;
        goto again;
    }

    ch->workspace_len = ngx_slack_history_copy(ch->workspace,
                                               sizeof(ch->workspace),
                                               workspace);
    ch->channel_len = ngx_slack_history_copy(ch->channel, sizeof(ch->channel),
                                             channel);
    ngx_memory_barrier();
    ch->used = 1;

done:

    if (locked) {
        ngx_slack_mutex_unlock(history->mutex);
    }

    return ch;
}


static ngx_uint_t
ngx_slack_history_is_channel(ngx_slack_history_channel_t *channel,
    ngx_str_t *workspace, ngx_str_t *name)
{
    return ngx_slack_history_same(channel->channel, channel->channel_len, name)
           && ngx_slack_history_same(channel->workspace,
                                     channel->workspace_len, workspace);
}


void
ngx_slack_history_messages(ngx_slack_history_t *history,
    ngx_slack_history_channel_t *channel, ngx_uint_t what, ngx_uint_t n,
    time_t now)
{
    ngx_atomic_int_t  more;

    if (history == NULL || channel == NULL) {
        return;
    }

    more = (ngx_atomic_int_t) n;

    switch (what) {

    case NGX_SLACK_COUNT_SENT:
        (void) ngx_atomic_fetch_add(&channel->sent, more);
        channel->success = (ngx_atomic_uint_t) now;
        break;

    case NGX_SLACK_COUNT_RETRIED:
        (void) ngx_atomic_fetch_add(&channel->retried, more);
        break;

    default: /* NGX_SLACK_COUNT_DEAD */
        (void) ngx_atomic_fetch_add(&channel->dead, more);
    }

    ngx_slack_history_count(history, what, n, now);
}


static void
ngx_slack_history_count(ngx_slack_history_t *history, ngx_uint_t what,
    ngx_uint_t n, time_t now)
{
    ngx_atomic_uint_t            i, number;
    ngx_slack_history_minute_t  *minute;

    number = (ngx_atomic_uint_t) now / 60;
    minute = &history->minutes[number % NGX_SLACK_HISTORY_MINUTES];

    if (minute->minute != number) {

        ngx_slack_mutex_lock(history->mutex);

        /*
         * A worker whose cached time is older must not turn the minute back.
         */

        if (minute->minute < number
            || minute->minute > number + NGX_SLACK_HISTORY_MINUTES)
        {
            for (i = 0; i < NGX_SLACK_COUNT_LAST; i++) {
                minute->counts[i] = 0;
            }

            for (i = 0; i < NGX_SLACK_HISTORY_DELAYS; i++) {
                minute->delays[i] = 0;
            }

            minute->minute = number;
        }

        ngx_slack_mutex_unlock(history->mutex);
    }

    (void) ngx_atomic_fetch_add(&minute->counts[what], (ngx_atomic_int_t) n);
}


void
ngx_slack_history_lead(ngx_slack_history_t *history, ngx_pid_t pid)
{
    ngx_uint_t  i;

    if (history == NULL) {
        return;
    }

    if (history->leader != (ngx_atomic_uint_t) pid) {
        history->leader = (ngx_atomic_uint_t) pid;
        history->led = (ngx_atomic_uint_t) ngx_time();
    }

    for (i = 0; i <= NGX_SLACK_HISTORY_CHANNELS; i++) {
        history->channels[i].in_flight = 0;
        history->channels[i].held = 0;
        history->channels[i].refused = 0;
    }
}


void
ngx_slack_history_resign(ngx_slack_history_t *history, ngx_pid_t pid)
{
    if (history
        && ngx_atomic_cmp_set(&history->leader, (ngx_atomic_uint_t) pid, 0))
    {
        history->led = (ngx_atomic_uint_t) ngx_time();
    }
}


static ngx_uint_t
ngx_slack_history_same(u_char *data, size_t len, ngx_str_t *s)
{
    return len == s->len && (len == 0 || ngx_memcmp(data, s->data, len) == 0);
}
