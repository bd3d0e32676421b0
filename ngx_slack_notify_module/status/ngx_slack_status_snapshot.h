
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The state of the module: outbox, history and configuration combined, once
 * for all formats in which it is shown.
 */


#ifndef _NGX_SLACK_STATUS_SNAPSHOT_H_INCLUDED_
#define _NGX_SLACK_STATUS_SNAPSHOT_H_INCLUDED_


#include <ngx_slack_counters.h>
#include <ngx_slack_guard.h>
#include <ngx_slack_status.h>


#define NGX_SLACK_DEAD_LETTERS_DEFAULT  20
#define NGX_SLACK_DEAD_LETTERS_MAX      100

#define NGX_SLACK_LISTED_DEFAULT        1000
#define NGX_SLACK_LISTED_MAX            10000

#define NGX_SLACK_EVENT_MESSAGES        10   /* that are shown of an event */


/* states of a channel; those that come first need somebody first */

typedef enum {
    NGX_SLACK_STAND_NO_ENDPOINT = 0,
    NGX_SLACK_STAND_SUSPENDED,
    NGX_SLACK_STAND_FAILING,
    NGX_SLACK_STAND_RETRYING,
    NGX_SLACK_STAND_HELD,
    NGX_SLACK_STAND_PAUSED,
    NGX_SLACK_STAND_DELIVERING,
    NGX_SLACK_STAND_WAITING,
    NGX_SLACK_STAND_IDLE,
    NGX_SLACK_STAND_LAST
} ngx_slack_status_stand_e;


/* of the verdict */

typedef enum {
    NGX_SLACK_GRADE_GOOD = 0,
    NGX_SLACK_GRADE_WARN,
    NGX_SLACK_GRADE_BAD
} ngx_slack_status_grade_e;


/* times are seconds since the epoch; 0: never */

typedef struct {
    ngx_str_t                     name;      /* empty: the webhook's own */
    unsigned                      paused:1;
    unsigned                      unserved:1;    /* no endpoint for it */
    unsigned                      held:1;    /* by a limit of Slack's */
    unsigned                      refused:1; /* Slack refuses it, not only the
                                                last message */
    unsigned                      needs:1;   /* somebody */
    unsigned                      asked:1;   /* the request asks for it */
    ngx_uint_t                    state;     /* ngx_slack_status_stand_e */
    time_t                        until;     /* of the state */
    time_t                        next;      /* try; may be past */
    ngx_uint_t                    failures;  /* in a row */
    int64_t                       first;     /* id of the first waiting
                                                message; 0: none waits */
    ngx_uint_t                    waiting;
    ngx_uint_t                    ages[NGX_SLACK_SURVEY_AGES];
    time_t                        oldest;
    ngx_uint_t                    in_flight;
    ngx_uint_t                    dead_letters;   /* in the outbox */
    ngx_uint_t                    sent;      /* since the history began */
    ngx_uint_t                    retried;
    ngx_uint_t                    dead;
    time_t                        success;
    time_t                        suspended; /* until when */
    time_t                        failed;    /* time and text of the last
                                                error */
    ngx_str_t                     error;     /* NUL-terminated */
    const char                   *hint;      /* what to do about it; NULL: not
                                                known */
} ngx_slack_status_channel_t;


typedef struct {
    uint32_t                      hash;
    uint32_t                      known;     /* 1 + the element; 0: free */
} ngx_slack_status_slot_t;


typedef struct {
    ngx_str_t                     name;
    ngx_slack_workspace_t        *workspace; /* NULL: not configured */
    unsigned                      configured:1;
    unsigned                      paused:1;
    ngx_array_t                   channels;  /* pointers to ngx_slack_
                                                status_channel_t */
    ngx_slack_status_slot_t      *index;     /* private: by the hash of the
                                                name */
    ngx_uint_t                    nindex;    /* a power of two, or 0 */
} ngx_slack_status_place_t;


typedef struct {
    int64_t                       id;
    ngx_str_t                     workspace;
    ngx_str_t                     channel;
    ngx_str_t                     event;
    ngx_str_t                     project;
    ngx_str_t                     answer;
    time_t                        died;
    ngx_uint_t                    attempts;
    ngx_str_t                     message;   /* JSON; empty: not valid JSON */
    const char                   *hint;      /* what to do; NULL: not known */
} ngx_slack_status_dead_letter_t;


/* what a request asks for, see ngx_slack_status_query() */

typedef struct {
    ngx_str_t                     q;         /* part of a name; empty: all */
    ngx_str_t                     workspace; /* empty: all */
    ngx_uint_t                    state;     /* NGX_SLACK_STAND_LAST: all */
    ngx_uint_t                    needs;     /* only channels that need
                                                somebody */
    ngx_uint_t                    channels;  /* at most so many, */
    ngx_uint_t                    from;      /* after so many */
    ngx_uint_t                    events;    /* at most so many */
} ngx_slack_status_ask_t;


typedef struct {

    /* set by the caller */
    ngx_slack_main_conf_t        *smcf;
    ngx_pool_t                   *pool;      /* of the thread; gone when the
                                                snapshot is written */
    ngx_uint_t                    actions;   /* actions are allowed */
    const char                   *refuses;   /* why not; NULL: they are */
    ngx_slack_status_ask_t        ask;
    ngx_uint_t                    ndead;
    int64_t                       died;      /* show dead letters older than
                                                this (ms since the epoch and
                                                id); INT64_MAX: the newest */
    int64_t                       id;
    int64_t                       asked;     /* time of the request, monotonic
                                                ms */

    /* set by ngx_slack_status_snapshot_take() */
    time_t                        now;
    ngx_uint_t                    ok;        /* the outbox could be read */
    ngx_uint_t                    leads;     /* a worker of this nginx
                                                delivers */
    ngx_uint_t                    led;       /* it does, or that of another
                                                host */
    ngx_str_t                     leader;    /* see ngx_slack_survey_t */
    int64_t                       size;      /* of the outbox, in bytes;
                                                negative: not known */
    ngx_uint_t                    waiting;
    time_t                        oldest;
    ngx_uint_t                    in_flight;
    ngx_uint_t                    dead;      /* dead letters in the outbox */
    ngx_array_t                   places;    /* ngx_slack_status_place_t */
    ngx_array_t                   dead_letters;  /* ngx_slack_status_
                                                dead_letter_t */
    ngx_uint_t                    more;      /* there are older dead letters
                                                than the last one listed, which
                                                died at last_died (ms) */
    int64_t                       last_died;

    /* NULL if there is no workspace */
    ngx_slack_history_t          *history;
    ngx_slack_counters_t         *counters;
    ngx_slack_guard_counters_t   *guard;     /* NULL if there is no guard */

    ngx_slack_history_text_t      outbox_error;
    ngx_slack_history_event_t    *events;
    ngx_uint_t                    nevents;
    ngx_slack_history_minute_t    minutes[NGX_SLACK_HISTORY_MINUTES];

    /* set by ngx_slack_status_judge() */
    ngx_uint_t                    channels;  /* all there are, */
    ngx_uint_t                    found;     /* those that are asked for, */
    ngx_uint_t                    needing;   /* that need somebody, */
    ngx_uint_t                    states[NGX_SLACK_STAND_LAST];
    ngx_uint_t                    sent;      /* in the last hour */
    ngx_uint_t                    grade;     /* ngx_slack_status_grade_e */
    ngx_str_t                     verdict;   /* one sentence, plain text */
} ngx_slack_status_snapshot_t;


/* names of the age groups of waiting messages */

extern ngx_str_t  ngx_slack_status_ages[NGX_SLACK_SURVEY_AGES];


/*
 * Takes the snapshot, executed in a pool thread.  The caller has set the
 * members above.  NGX_OK, also if the outbox cannot be read; then s->ok is 0.
 * NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_status_snapshot_take(ngx_slack_status_snapshot_t *s,
    ngx_slack_outbox_t *outbox);


/*
 * Finds a workspace or a channel of it, or adds it to a snapshot that is being
 * taken; a workspace that is added may move the others.  NULL: no memory.  The
 * last one copies as valid UTF-8, NUL-terminated: names may be cut, and the
 * configuration may contain any bytes.
 */

ngx_slack_status_place_t *ngx_slack_status_place(
    ngx_slack_status_snapshot_t *s, ngx_str_t *name);
ngx_slack_status_channel_t *ngx_slack_status_channel(
    ngx_slack_status_snapshot_t *s, ngx_slack_status_place_t *place,
    ngx_str_t *name);
ngx_int_t ngx_slack_status_copy(ngx_pool_t *pool, ngx_str_t *dst,
    ngx_str_t *src);


/*
 * Finds a workspace, and a channel of it, in a snapshot that was taken.  NULL:
 * there is none.
 */

ngx_slack_status_channel_t *ngx_slack_status_find(
    ngx_slack_status_snapshot_t *s, ngx_str_t *workspace, ngx_str_t *channel);


/*
 * Reads the arguments of the request to the snapshot: of the page, or of
 * status.json.  In the event loop.  Returns NGX_OK; NGX_DECLINED with *error
 * set, a text of the request's pool; NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_status_query(ngx_http_request_t *r,
    ngx_slack_status_snapshot_t *s, ngx_uint_t page, ngx_str_t *error);


/*
 * Returns the survey of the outbox for the snapshot, executed in a pool
 * thread.  It may be a recent one; it is valid until the next call.  NULL: the
 * outbox cannot be read, or no memory.  The second function frees the survey.
 */

ngx_slack_survey_t *ngx_slack_status_survey_take(
    ngx_slack_status_snapshot_t *s, ngx_slack_outbox_t *outbox);
void ngx_slack_status_survey_forget(void);


/*
 * Writes the snapshot in a format, executed in a pool thread.  The text is of
 * the snapshot's pool.  NGX_ERROR: no memory.
 */

typedef ngx_int_t (*ngx_slack_status_writer_pt)(
    ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text);


/*
 * Creates a job that answers the request with the snapshot as "write" writes
 * it; "type" is the Content-Type, a static string.  In the event loop.  The
 * caller may set ndead, died and id in *snapshot, by default no dead letters
 * are listed, and posts the job.  NULL: no memory.
 */

ngx_slack_status_job_t *ngx_slack_status_report(ngx_http_request_t *r,
    ngx_slack_status_writer_pt write, const char *type,
    ngx_slack_status_snapshot_t **snapshot);


/*
 * Reads the arguments of the job's request, see ngx_slack_status_query(), and
 * posts the job.  Returns what the resource's handler returns.
 */

ngx_int_t ngx_slack_status_report_asked(ngx_slack_status_job_t *job,
    ngx_slack_status_snapshot_t *snapshot, ngx_uint_t page);


#endif /* _NGX_SLACK_STATUS_SNAPSHOT_H_INCLUDED_ */
