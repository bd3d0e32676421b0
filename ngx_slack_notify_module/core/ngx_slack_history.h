
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What operators see of the past: counts by channel and by result, the last
 * hour by minutes, the last events.  Lives in shared memory, is written by
 * all workers and bounded: names that do not fit are cut or counted as
 * "other".
 *
 * Any thread of any worker may call all of it; with a NULL history nothing is
 * noted.  Times are seconds since the epoch.
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

/* bytes; longer texts are cut at a whole character */

#define NGX_SLACK_HISTORY_NAME      95
#define NGX_SLACK_HISTORY_PROJECT   127
#define NGX_SLACK_HISTORY_TEXT      255


/* what is counted in a minute: results of events, then of messages */

typedef enum {
    NGX_SLACK_HISTORY_QUEUED = 0,
    NGX_SLACK_HISTORY_FILTERED,
    NGX_SLACK_HISTORY_DUPLICATE,
    NGX_SLACK_HISTORY_IGNORED,
    NGX_SLACK_HISTORY_REJECTED,
    NGX_SLACK_HISTORY_ERROR,
    NGX_SLACK_HISTORY_SENT,
    NGX_SLACK_HISTORY_RETRIED,
    NGX_SLACK_HISTORY_DEAD,
    NGX_SLACK_HISTORY_LAST
} ngx_slack_history_e;


extern ngx_str_t  ngx_slack_history_names[]; /* "queued" … "dead" */


/* a text that is written while others read it */

typedef struct {
    ngx_atomic_t                turn;        /* odd: it is being written */
    time_t                      time;        /* 0: there is none */
    u_short                     len;
    u_char                      data[NGX_SLACK_HISTORY_TEXT];
} ngx_slack_history_text_t;


typedef struct {
    ngx_atomic_t                used;
    u_short                     workspace_len;
    u_short                     channel_len;
    u_char                      workspace[NGX_SLACK_HISTORY_NAME];
    u_char                      channel[NGX_SLACK_HISTORY_NAME];

    ngx_atomic_t                sent;        /* messages */
    ngx_atomic_t                retried;
    ngx_atomic_t                dead;
    ngx_atomic_t                in_flight;   /* now */
    ngx_atomic_t                success;     /* time of the last one sent */
    ngx_atomic_t                held;        /* until; by its webhook */
    ngx_slack_history_text_t    error;       /* the last one */
} ngx_slack_history_channel_t;


/* events of a source with a result, for a reason */

typedef struct {
    ngx_atomic_t                used;
    u_short                     source_len;
    u_short                     reason_len;
    u_char                      source[15];
    u_char                      reason[47];
    ngx_uint_t                  result;
    ngx_atomic_t                count;
} ngx_slack_history_result_t;


/* events of a kind the module does not know */

typedef struct {
    ngx_atomic_t                used;
    u_short                     source_len;
    u_short                     event_len;
    u_char                      source[15];
    u_char                      event[47];
    ngx_atomic_t                count;
} ngx_slack_history_kind_t;


typedef struct {
    ngx_atomic_t                minute;      /* since the epoch */
    ngx_atomic_t                counts[NGX_SLACK_HISTORY_LAST];
} ngx_slack_history_minute_t;


typedef struct {
    ngx_atomic_t                turn;        /* twice its number, odd: it is
                                                being written */
    time_t                      time;
    ngx_uint_t                  result;      /* ngx_slack_history_e */
    ngx_uint_t                  messages;    /* that were stored */
    u_short                     len[6];
    u_char                      source[15];
    u_char                      event[47];
    u_char                      action[31];
    u_char                      reason[NGX_SLACK_HISTORY_NAME];
    u_char                      location[63];
    u_char                      project[NGX_SLACK_HISTORY_PROJECT];
} ngx_slack_history_event_t;


typedef struct {
    ngx_shmtx_t                *mutex;       /* for new names and minutes */
    time_t                      started;
    ngx_atomic_t                leader;      /* pid, 0: nobody leads */
    ngx_atomic_t                next;        /* number of the next event */
    ngx_slack_history_text_t    outbox_error;

    /* the last one of these three is "other" */
    ngx_slack_history_channel_t  channels[NGX_SLACK_HISTORY_CHANNELS + 1];
    ngx_slack_history_result_t  results[NGX_SLACK_HISTORY_RESULTS + 1];
    ngx_slack_history_kind_t    kinds[NGX_SLACK_HISTORY_KINDS + 1];

    ngx_slack_history_minute_t  minutes[NGX_SLACK_HISTORY_MINUTES];
    ngx_slack_history_event_t   events[NGX_SLACK_HISTORY_EVENTS];
} ngx_slack_history_t;


/* an event as its noter has it; empty strings: not known */

typedef struct {
    ngx_uint_t                  result;      /* ngx_slack_history_e */
    ngx_uint_t                  messages;
    ngx_str_t                   source;
    ngx_str_t                   event;
    ngx_str_t                   action;
    ngx_str_t                   reason;      /* in full */
    ngx_str_t                   location;
    ngx_str_t                   project;
    ngx_str_t                   why;         /* one of a few reasons */
} ngx_slack_history_note_t;


/* a zeroed history begins to count; "mutex" is of the same shared memory */

void ngx_slack_history_init(ngx_slack_history_t *history, ngx_shmtx_t *mutex);


/* an event has its result; some hundred instructions */

void ngx_slack_history_event(ngx_slack_history_t *history,
    ngx_slack_history_note_t  *note, time_t now);


/* the counts of a channel, else those of "other"; NULL without a history */

ngx_slack_history_channel_t *ngx_slack_history_channel(
    ngx_slack_history_t  *history, ngx_str_t *workspace, ngx_str_t *channel);


/* n messages of a channel, as SENT, RETRIED or DEAD */

void ngx_slack_history_messages(ngx_slack_history_t *history,
    ngx_slack_history_channel_t *channel, ngx_uint_t what, ngx_uint_t n,
    time_t now);


/* somebody leads (0: nobody): no message of another one is in flight */

void ngx_slack_history_lead(ngx_slack_history_t *history, ngx_pid_t pid);


/* writes a text; reading one copies it, "text" is empty if there is none */

void ngx_slack_history_tell(ngx_slack_history_text_t *text, u_char *data,
    size_t len, time_t now);

void ngx_slack_history_read(ngx_slack_history_text_t *text,
    ngx_slack_history_text_t *copy);


/* as many whole characters as fit; returns the bytes */

u_short ngx_slack_history_copy(u_char *dst, size_t size, ngx_str_t *src);


/*
 * copies the events, the newest one first, to an array with room for
 * NGX_SLACK_HISTORY_EVENTS; returns how many there are
 */

ngx_uint_t ngx_slack_history_events(ngx_slack_history_t *history,
    ngx_slack_history_event_t *events);


/* copies a minute, counted from the epoch; zeros if nothing happened in it */

void ngx_slack_history_minute(ngx_slack_history_t *history, ngx_uint_t minute,
    ngx_slack_history_minute_t *copy);


/* the texts of a copied event, in the order of its len[] */

typedef enum {
    NGX_SLACK_HISTORY_SOURCE = 0,
    NGX_SLACK_HISTORY_EVENT,
    NGX_SLACK_HISTORY_ACTION,
    NGX_SLACK_HISTORY_REASON,
    NGX_SLACK_HISTORY_LOCATION,
    NGX_SLACK_HISTORY_WHERE                  /* project */
} ngx_slack_history_text_e;

ngx_str_t ngx_slack_history_event_text(ngx_slack_history_event_t *event,
    ngx_slack_history_text_e which);


#endif /* _NGX_SLACK_HISTORY_H_INCLUDED_ */
