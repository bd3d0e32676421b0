
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the history knows of single messages, and how long they took.  Runs in
 * any thread.
 *
 * A message has one place, by its id.  Ids mostly follow each other, so that
 * the next one at this place is as much newer as there are places.
 */


#include <ngx_slack_history.h>
#include <ngx_slack_mutex.h>


/* ms after which delivery does not come before the note that one is stored */

#define NGX_SLACK_HISTORY_AHEAD  5000

/* ms, the first class of delays */

#define NGX_SLACK_HISTORY_DELAY  16


static ngx_slack_history_message_t *ngx_slack_history_slot(
    ngx_slack_history_t *history, int64_t id);
static ngx_slack_history_message_t *ngx_slack_history_fresh(
    ngx_slack_history_t *history, int64_t id);
static ngx_slack_history_message_t *ngx_slack_history_place(
    ngx_slack_history_t *history, int64_t id);
static void ngx_slack_history_took(ngx_slack_history_t *history, int64_t delay,
    int64_t now);


void
ngx_slack_history_stored(ngx_slack_history_t *history, int64_t id,
    ngx_str_t *workspace, ngx_str_t *channel, int64_t now)
{
    ngx_slack_history_message_t  *message;

    if (history == NULL) {
        return;
    }

    ngx_slack_mutex_lock(history->mutex);

    message = ngx_slack_history_slot(history, id);

    if (message == NULL) {
        message = ngx_slack_history_fresh(history, id);
        message->state = NGX_SLACK_COUNT_QUEUED;
        message->when = now;
    }

    message->workspace_len = ngx_slack_history_copy(message->workspace,
                                                    sizeof(message->workspace),
                                                    workspace);
    message->channel_len = ngx_slack_history_copy(message->channel,
                                                  sizeof(message->channel),
                                                  channel);

    ngx_slack_mutex_unlock(history->mutex);
}


void
ngx_slack_history_settled(ngx_slack_history_t *history,
    ngx_slack_history_channel_t *channel, int64_t id, ngx_uint_t state,
    ngx_str_t *handle, int64_t created, int64_t now)
{
    ngx_slack_history_message_t  *message;

    if (history == NULL) {
        return;
    }

    if (state == NGX_SLACK_COUNT_SENT) {
        ngx_slack_history_took(history, now - created, now);
    }

    ngx_slack_mutex_lock(history->mutex);

    message = ngx_slack_history_slot(history, id);

    if (message == NULL && now - created < NGX_SLACK_HISTORY_AHEAD) {
        message = ngx_slack_history_fresh(history, id);
    }

    if (message) {
        message->state = state;
        message->when = now;
        message->handle_len = ngx_slack_history_copy(message->handle,
                                                     sizeof(message->handle),
                                                     handle);

        /* "other" has no name */

        if (message->workspace_len == 0 && channel && channel->used) {
            message->workspace_len = channel->workspace_len;
            message->channel_len = channel->channel_len;

            ngx_memcpy(message->workspace, channel->workspace,
                       sizeof(message->workspace));
            ngx_memcpy(message->channel, channel->channel,
                       sizeof(message->channel));
        }
    }

    ngx_slack_mutex_unlock(history->mutex);
}


void
ngx_slack_history_find(ngx_slack_history_t *history, int64_t id, ngx_uint_t n,
    ngx_slack_history_message_t *messages)
{
    ngx_uint_t                    i;
    ngx_slack_history_message_t  *message;

    ngx_memzero(messages, n * sizeof(ngx_slack_history_message_t));

    ngx_slack_mutex_lock(history->mutex);

    for (i = 0; i < n; i++) {
        message = ngx_slack_history_slot(history, id + (int64_t) i);

        if (message) {
            messages[i] = *message;
        }
    }

    ngx_slack_mutex_unlock(history->mutex);
}


/* the caller holds the mutex, here and below */

static ngx_slack_history_message_t *
ngx_slack_history_slot(ngx_slack_history_t *history, int64_t id)
{
    ngx_slack_history_message_t  *message;

    message = ngx_slack_history_place(history, id);

    return (message->id == id) ? message : NULL;
}


static ngx_slack_history_message_t *
ngx_slack_history_fresh(ngx_slack_history_t *history, int64_t id)
{
    ngx_slack_history_message_t  *message;

    message = ngx_slack_history_place(history, id);

    ngx_memzero(message, sizeof(ngx_slack_history_message_t));
    message->id = id;

    return message;
}


static ngx_slack_history_message_t *
ngx_slack_history_place(ngx_slack_history_t *history, int64_t id)
{
    return &history->messages[(uint64_t) id % NGX_SLACK_HISTORY_MESSAGES];
}


/* The caller has counted the message, so the minute is there. */

static void
ngx_slack_history_took(ngx_slack_history_t *history, int64_t delay,
    int64_t now)
{
    ngx_uint_t                   i;
    ngx_atomic_uint_t            number;
    ngx_slack_history_minute_t  *minute;

    number = (ngx_atomic_uint_t) (now / 60000);
    minute = &history->minutes[number % NGX_SLACK_HISTORY_MINUTES];

    if (minute->minute != number) {
        return;
    }

    for (i = 0; i < NGX_SLACK_HISTORY_DELAYS - 1; i++) {
        if (delay <= ngx_slack_history_delay(i)) {
            break;
        }
    }

    (void) ngx_atomic_fetch_add(&minute->delays[i], 1);
}


/* 16, 24, 32, 48, 64, 96 ms and so on: each power of two, and half way */

int64_t
ngx_slack_history_delay(ngx_uint_t i)
{
    return (int64_t) (NGX_SLACK_HISTORY_DELAY + (i % 2)
                                                * NGX_SLACK_HISTORY_DELAY / 2)
           << (i / 2);
}


int64_t
ngx_slack_history_percentile(ngx_slack_history_minute_t *minutes, ngx_uint_t n,
    ngx_uint_t percent)
{
    ngx_uint_t  i, k, all, sum;

    all = 0;

    for (k = 0; k < n; k++) {
        for (i = 0; i < NGX_SLACK_HISTORY_DELAYS; i++) {
            all += minutes[k].delays[i];
        }
    }

    if (all == 0) {
        return -1;
    }

    sum = 0;

    for (i = 0; i < NGX_SLACK_HISTORY_DELAYS - 1; i++) {

        for (k = 0; k < n; k++) {
            sum += minutes[k].delays[i];
        }

        if (sum * 100 >= all * percent) {
            break;
        }
    }

    return ngx_slack_history_delay(i);
}
