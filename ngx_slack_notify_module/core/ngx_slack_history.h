
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The history: what the status page remembers of the last hour.  It has counts
 * by channel and by result, the last hour by minutes, and the last events.  It
 * is in shared memory, all workers write it, and its size is bounded: names
 * that do not fit are cut or counted as "other".
 *
 * All functions run in any thread of any worker and do not fail.  Those that
 * write do nothing if the history is NULL.  The caller keeps the ownership of
 * all it passes; strings are copied.  Times are seconds since the epoch.
 */


#ifndef _NGX_SLACK_HISTORY_H_INCLUDED_
#define _NGX_SLACK_HISTORY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_HISTORY_CHANNELS  256
#define NGX_SLACK_HISTORY_RESULTS   128
#define NGX_SLACK_HISTORY_KINDS     32
#define NGX_SLACK_HISTORY_MINUTES   60
#define NGX_SLACK_HISTORY_EVENTS    100
#define NGX_SLACK_HISTORY_MESSAGES  512      /* whose fate is known */
#define NGX_SLACK_HISTORY_DELAYS    44       /* classes, see
                                                ngx_slack_history_delay() */

/* in bytes; longer texts are cut at the end of a character */

#define NGX_SLACK_HISTORY_NAME      95
#define NGX_SLACK_HISTORY_PROJECT   127
#define NGX_SLACK_HISTORY_TEXT      255
#define NGX_SLACK_HISTORY_HANDLE    65


/*
 * What is counted by minutes: first the results of events, then what happened
 * to messages.
 */

typedef enum {
    NGX_SLACK_COUNT_QUEUED = 0,
    NGX_SLACK_COUNT_FILTERED,
    NGX_SLACK_COUNT_DUPLICATE,
    NGX_SLACK_COUNT_IGNORED,
    NGX_SLACK_COUNT_REJECTED,
    NGX_SLACK_COUNT_ERROR,
    NGX_SLACK_COUNT_SENT,
    NGX_SLACK_COUNT_RETRIED,
    NGX_SLACK_COUNT_DEAD,
    NGX_SLACK_COUNT_LAST
} ngx_slack_count_e;


extern ngx_str_t  ngx_slack_history_names[]; /* "queued" to "dead" */


/* A text that one process may write while others read it. */

typedef struct {
    ngx_atomic_t                turn;        /* odd: being written */
    time_t                      time;        /* 0: no text */
    u_short                     len;
    u_char                      data[NGX_SLACK_HISTORY_TEXT];
} ngx_slack_history_text_t;


/* The counters of a channel; they count messages. */

typedef struct {
    ngx_atomic_t                used;
    u_short                     workspace_len;
    u_short                     channel_len;
    u_char                      workspace[NGX_SLACK_HISTORY_NAME];
    u_char                      channel[NGX_SLACK_HISTORY_NAME];

    ngx_atomic_t                sent;        /* messages */
    ngx_atomic_t                retried;
    ngx_atomic_t                dead;
    ngx_atomic_t                in_flight;   /* messages, now */
    ngx_atomic_t                success;     /* time of the last sent
                                                message */
    ngx_atomic_t                held;        /* time until which the endpoint
                                                holds it; 0: not held */
    ngx_atomic_t                refused;     /* "held" is a suspension, not a
                                                limit of rate */
    ngx_slack_history_text_t    error;       /* last error */
} ngx_slack_history_channel_t;


/* How many events of a source had a result for a reason. */

typedef struct {
    ngx_atomic_t                used;
    u_short                     source_len;
    u_short                     reason_len;
    u_char                      source[15];
    u_char                      reason[47];
    ngx_uint_t                  result;
    ngx_atomic_t                count;
} ngx_slack_history_result_t;


/* How many events of a kind the module does not support came from a source. */

typedef struct {
    ngx_atomic_t                used;
    u_short                     source_len;
    u_short                     event_len;
    u_char                      source[15];
    u_char                      event[47];
    ngx_atomic_t                count;
} ngx_slack_history_kind_t;


/*
 * The counts of a minute, by ngx_slack_count_e, and how long messages took
 * from being stored to Slack's answer.
 */

typedef struct {
    ngx_atomic_t                minute;      /* since the epoch */
    ngx_atomic_t                counts[NGX_SLACK_COUNT_LAST];
    ngx_atomic_t                delays[NGX_SLACK_HISTORY_DELAYS];
} ngx_slack_history_minute_t;


/* What became of a message; its texts are cut to the sizes here. */

typedef struct {
    int64_t                     id;
    int64_t                     when;        /* of the state, ms since the
                                                epoch */
    ngx_uint_t                  state;       /* NGX_SLACK_COUNT_QUEUED, which
                                                means that it waits, RETRIED,
                                                SENT or DEAD */
    u_short                     workspace_len;
    u_short                     channel_len;
    u_short                     handle_len;
    u_char                      workspace[NGX_SLACK_HISTORY_NAME];
    u_char                      channel[NGX_SLACK_HISTORY_NAME];
    u_char                      handle[NGX_SLACK_HISTORY_HANDLE];
} ngx_slack_history_message_t;


/* One of the last events; its texts are cut to the sizes here. */

typedef struct {
    ngx_atomic_t                turn;        /* twice the event's number, odd:
                                                being written */
    time_t                      time;
    ngx_uint_t                  result;      /* ngx_slack_count_e */
    ngx_uint_t                  messages;    /* stored for the event, */
    int64_t                     id;          /* the first of them, the others
                                                follow it; 0: none */
    u_short                     len[7];
    u_char                      source[15];
    u_char                      event[47];
    u_char                      action[31];
    u_char                      reason[NGX_SLACK_HISTORY_NAME];
    u_char                      location[63];
    u_char                      project[NGX_SLACK_HISTORY_PROJECT];
    u_char                      routes[NGX_SLACK_HISTORY_TEXT];
} ngx_slack_history_event_t;


/* The whole history, in shared memory. */

typedef struct {
    ngx_shmtx_t                *mutex;       /* to add names and minutes */
    time_t                      started;
    ngx_atomic_t                leader;      /* pid; 0: no leader */
    ngx_atomic_t                led;         /* since when */
    ngx_atomic_t                next;        /* number of the next event */
    ngx_slack_history_text_t    outbox_error;

    /* the last element of each of these three is "other" */
    ngx_slack_history_channel_t  channels[NGX_SLACK_HISTORY_CHANNELS + 1];
    ngx_slack_history_result_t  results[NGX_SLACK_HISTORY_RESULTS + 1];
    ngx_slack_history_kind_t    kinds[NGX_SLACK_HISTORY_KINDS + 1];

    ngx_slack_history_minute_t  minutes[NGX_SLACK_HISTORY_MINUTES];
    ngx_slack_history_event_t   events[NGX_SLACK_HISTORY_EVENTS];
    ngx_slack_history_message_t  messages[NGX_SLACK_HISTORY_MESSAGES];
} ngx_slack_history_t;


/* An event to be recorded.  A string is empty if it is not known. */

typedef struct {
    ngx_uint_t                  result;      /* ngx_slack_count_e */
    ngx_uint_t                  messages;
    ngx_str_t                   source;
    ngx_str_t                   event;
    ngx_str_t                   action;
    ngx_str_t                   reason;      /* full text */
    ngx_str_t                   location;
    ngx_str_t                   project;
    ngx_str_t                   routes;      /* "FILE:LINE, ..." */
    ngx_str_t                   why;         /* short, one of a few */
    int64_t                     id;          /* of the first message */
} ngx_slack_history_note_t;


/*
 * Starts a zeroed history.  "mutex" belongs to the same shared memory and must
 * live as long as the history.
 */

void ngx_slack_history_init(ngx_slack_history_t *history, ngx_shmtx_t *mutex);


/* Notes an event with its result.  Cheap enough for the event loop. */

void ngx_slack_history_event(ngx_slack_history_t *history,
    ngx_slack_history_note_t  *note, time_t now);


/*
 * The counters of a channel, or those of "other" if there is no room for it.
 * The history owns them.  NULL if "history" is NULL.
 */

ngx_slack_history_channel_t *ngx_slack_history_channel(
    ngx_slack_history_t  *history, ngx_str_t *workspace, ngx_str_t *channel);


/*
 * Counts n messages of a channel; "what" is NGX_SLACK_COUNT_SENT, RETRIED or
 * DEAD.
 */

void ngx_slack_history_messages(ngx_slack_history_t *history,
    ngx_slack_history_channel_t *channel, ngx_uint_t what, ngx_uint_t n,
    time_t now);


/*
 * What became of messages. ngx_slack_history_stored() notes that one waits,
 * ngx_slack_history_settled() what became of it (NGX_SLACK_COUNT_SENT, RETRIED
 * or DEAD); the latter may be called first, as delivery is fast.  Messages
 * that are not remembered any more are not noted, but the time that one took
 * until it was sent is.  "created" and "now" are ms since the epoch.
 * ngx_slack_history_find() copies all messages of n ids that follow "id", for
 * those that are not known the id is 0.
 */

void ngx_slack_history_stored(ngx_slack_history_t *history, int64_t id,
    ngx_str_t *workspace, ngx_str_t *channel, int64_t now);
void ngx_slack_history_settled(ngx_slack_history_t *history,
    ngx_slack_history_channel_t *channel, int64_t id, ngx_uint_t state,
    ngx_str_t *handle, int64_t created, int64_t now);
void ngx_slack_history_find(ngx_slack_history_t *history, int64_t id,
    ngx_uint_t n, ngx_slack_history_message_t *messages);


/* the longest time in ms that a class of delays stands for */

int64_t ngx_slack_history_delay(ngx_uint_t i);


/*
 * The time in ms within which "percent" of the messages of n minutes were
 * sent; -1: none was.
 */

int64_t ngx_slack_history_percentile(ngx_slack_history_minute_t *minutes,
    ngx_uint_t n, ngx_uint_t percent);


/*
 * Notes that the process "pid" leads.  A new leader has no message in flight
 * and holds no channel, so those values are reset.
 */

void ngx_slack_history_lead(ngx_slack_history_t *history, ngx_pid_t pid);

/*
 * Notes that the process "pid" does not lead any more.  After a reload that
 * changes the outbox another one may have begun to lead before.
 */

void ngx_slack_history_resign(ngx_slack_history_t *history, ngx_pid_t pid);


/*
 * ngx_slack_history_tell() writes a text of "len" bytes, unless another
 * process is writing it; ngx_slack_history_read() copies one.  The copy is
 * empty (time and len are 0) if there is no text, or if writers were faster
 * than the reader.
 */

void ngx_slack_history_tell(ngx_slack_history_text_t *text, u_char *data,
    size_t len, time_t now);

void ngx_slack_history_read(ngx_slack_history_text_t *text,
    ngx_slack_history_text_t *copy);


/*
 * Copies as many whole characters of "src" as fit into "size" bytes, without a
 * terminating NUL.  Returns the number of bytes.
 */

u_short ngx_slack_history_copy(u_char *dst, size_t size, ngx_str_t *src);


/*
 * Copies the events, the newest one first, to an array of
 * NGX_SLACK_HISTORY_EVENTS elements.  Returns how many there are.
 */

ngx_uint_t ngx_slack_history_events(ngx_slack_history_t *history,
    ngx_slack_history_event_t *events);


/*
 * Copies the counts of a minute, which is a number of minutes since the epoch.
 * They are zeros if nothing happened in it.
 */

void ngx_slack_history_minute(ngx_slack_history_t *history, ngx_uint_t minute,
    ngx_slack_history_minute_t *copy);


/*
 * The texts of a copied event, in the order of event->len[].  A returned
 * string points into the event.
 */

typedef enum {
    NGX_SLACK_COLUMN_SOURCE = 0,
    NGX_SLACK_COLUMN_EVENT,
    NGX_SLACK_COLUMN_ACTION,
    NGX_SLACK_COLUMN_REASON,
    NGX_SLACK_COLUMN_LOCATION,
    NGX_SLACK_COLUMN_PROJECT,
    NGX_SLACK_COLUMN_ROUTES
} ngx_slack_column_e;

ngx_str_t ngx_slack_history_event_text(ngx_slack_history_event_t *event,
    ngx_slack_column_e which);


#endif /* _NGX_SLACK_HISTORY_H_INCLUDED_ */
