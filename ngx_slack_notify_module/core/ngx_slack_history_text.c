
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The texts of the history, and reading it while others write.  Runs in any
 * thread.
 */


#include <ngx_slack_history.h>


#define NGX_SLACK_HISTORY_TRIES  8


void
ngx_slack_history_tell(ngx_slack_history_text_t *text, u_char *data,
    size_t len, time_t now)
{
    ngx_str_t          s;
    ngx_atomic_uint_t  turn;

    turn = text->turn;

    if ((turn & 1) == 0 && !ngx_atomic_cmp_set(&text->turn, turn, turn + 1)) {

        /* another writer was faster */

        return;
    }

    /*
     * An odd turn was left by a process that died while writing, or its writer
     * is about to finish: write all the same.
     */

    turn |= 1;

    s.data = data;
    s.len = len;

    text->time = now;
    text->len = ngx_slack_history_copy(text->data, sizeof(text->data), &s);

    ngx_memory_barrier();
    text->turn = turn + 1;
}


void
ngx_slack_history_read(ngx_slack_history_text_t *text,
    ngx_slack_history_text_t *copy)
{
    ngx_uint_t         i;
    ngx_atomic_uint_t  turn;

    for (i = 0; i < NGX_SLACK_HISTORY_TRIES; i++) {

        turn = text->turn;
        ngx_memory_barrier();

        *copy = *text;

        ngx_memory_barrier();

        if ((turn & 1) == 0 && text->turn == turn) {
            copy->len = ngx_min(copy->len, NGX_SLACK_HISTORY_TEXT);
            return;
        }
    }

    copy->time = 0;
    copy->len = 0;
}


ngx_uint_t
ngx_slack_history_events(ngx_slack_history_t *history,
    ngx_slack_history_event_t *events)
{
    ngx_uint_t                  i, n;
    ngx_atomic_uint_t           next, number, turn;
    ngx_slack_history_event_t  *event;

    n = 0;
    next = history->next;

    for (i = 0; i < NGX_SLACK_HISTORY_EVENTS && i < next; i++) {

        number = next - 1 - i;
        event = &history->events[number % NGX_SLACK_HISTORY_EVENTS];

        turn = event->turn;
        ngx_memory_barrier();

        events[n] = *event;

        ngx_memory_barrier();

        if (turn == 2 * number + 2 && event->turn == turn) {
            n++;
        }
    }

    return n;
}


void
ngx_slack_history_minute(ngx_slack_history_t *history, ngx_uint_t minute,
    ngx_slack_history_minute_t *copy)
{
    *copy = history->minutes[minute % NGX_SLACK_HISTORY_MINUTES];

    if (copy->minute != minute) {
        ngx_memzero(copy, sizeof(ngx_slack_history_minute_t));
        copy->minute = minute;
    }
}


ngx_str_t
ngx_slack_history_event_text(ngx_slack_history_event_t *event,
    ngx_slack_column_e which)
{
    size_t     size;
    ngx_str_t  word;

    switch (which) {

    case NGX_SLACK_COLUMN_SOURCE:
        word.data = event->source;
        size = sizeof(event->source);
        break;

    case NGX_SLACK_COLUMN_EVENT:
        word.data = event->event;
        size = sizeof(event->event);
        break;

    case NGX_SLACK_COLUMN_ACTION:
        word.data = event->action;
        size = sizeof(event->action);
        break;

    case NGX_SLACK_COLUMN_REASON:
        word.data = event->reason;
        size = sizeof(event->reason);
        break;

    case NGX_SLACK_COLUMN_LOCATION:
        word.data = event->location;
        size = sizeof(event->location);
        break;

    case NGX_SLACK_COLUMN_PROJECT:
        word.data = event->project;
        size = sizeof(event->project);
        break;

    default: /* NGX_SLACK_COLUMN_ROUTES */
        word.data = event->routes;
        size = sizeof(event->routes);
    }

    word.len = ngx_min(event->len[which], size);

    return word;
}


u_short
ngx_slack_history_copy(u_char *dst, size_t size, ngx_str_t *src)
{
    size_t  len;

    len = src->len;

    if (len > size) {

        for (len = size; len && (src->data[len] & 0xc0) == 0x80; len--) {
            /* void */
        }
    }

    if (len) {
        ngx_memcpy(dst, src->data, len);
    }

    return (u_short) len;
}
