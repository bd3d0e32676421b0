
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * How things stand: outbox, history and configuration put together once, for
 * each way to show it.
 */


#ifndef _NGX_SLACK_STATUS_SNAPSHOT_H_INCLUDED_
#define _NGX_SLACK_STATUS_SNAPSHOT_H_INCLUDED_


#include <ngx_slack_counters.h>
#include <ngx_slack_status.h>


#define NGX_SLACK_DEAD_LETTERS_DEFAULT  20
#define NGX_SLACK_DEAD_LETTERS_MAX      100


/* times are seconds since the epoch, 0: never */

typedef struct {
    ngx_str_t                     name;      /* empty: the webhook's own */
    unsigned                      paused:1;
    unsigned                      unserved:1;    /* waits for an instance */
    ngx_uint_t                    waiting;
    ngx_uint_t                    ages[NGX_SLACK_SURVEY_AGES];
    time_t                        oldest;
    ngx_uint_t                    in_flight;
    ngx_uint_t                    dead_letters;   /* dead ones there are */
    ngx_uint_t                    sent;      /* since counting began */
    ngx_uint_t                    retried;
    ngx_uint_t                    dead;
    time_t                        success;
    time_t                        suspended; /* until */
    time_t                        failed;    /* when it was, and why */
    ngx_str_t                     error;
} ngx_slack_status_channel_t;


typedef struct {
    ngx_str_t                     name;
    unsigned                      configured:1;
    unsigned                      paused:1;
    ngx_array_t                   channels;  /* ngx_slack_status_channel_t */
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
    ngx_str_t                     message;   /* JSON; empty: it is none */
} ngx_slack_status_dead_letter_t;


typedef struct {

    /* what is asked */
    ngx_slack_main_conf_t        *smcf;
    ngx_pool_t                   *pool;      /* the job's */
    ngx_uint_t                    actions;   /* may be posted */
    ngx_uint_t                    ndead;
    int64_t                       died;      /* those before this one */
    int64_t                       id;
    int64_t                       asked;     /* when; monotonic ms */

    /* what it is */
    time_t                        now;
    ngx_uint_t                    ok;        /* the outbox was read */
    int64_t                       size;      /* its bytes */
    ngx_uint_t                    waiting;
    time_t                        oldest;
    ngx_uint_t                    in_flight;
    ngx_uint_t                    dead;      /* messages there are */
    ngx_array_t                   places;    /* ngx_slack_status_place_t */
    ngx_array_t                   dead_letters;  /* ngx_slack_status_
                                                dead_letter_t */
    ngx_uint_t                    more;      /* after the last of them */
    int64_t                       last_died;

    /* NULL without a workspace */
    ngx_slack_history_t          *history;
    ngx_slack_counters_t         *counters;

    ngx_slack_history_text_t      outbox_error;
    ngx_slack_history_event_t    *events;
    ngx_uint_t                    nevents;
    ngx_slack_history_minute_t    minutes[NGX_SLACK_HISTORY_MINUTES];
} ngx_slack_status_snapshot_t;


/* the ages of waiting messages, in words */

extern ngx_str_t  ngx_slack_status_ages[NGX_SLACK_SURVEY_AGES];


/*
 * In a pool thread: takes it, with what the caller has asked for; NGX_ERROR:
 * no memory.  That the outbox cannot be read is no error.
 */

ngx_int_t ngx_slack_status_snapshot_take(ngx_slack_status_snapshot_t *s,
    ngx_slack_outbox_t *outbox);


/*
 * The survey of the outbox for it, perhaps of a moment ago; it stays until the
 * next one is taken.  NULL: the outbox cannot be read, or no memory.
 */

ngx_slack_survey_t *ngx_slack_status_survey_take(
    ngx_slack_status_snapshot_t *s, ngx_slack_outbox_t *outbox);
void ngx_slack_status_survey_forget(void);


/* writers, for any thread; "text" is of the pool.  NGX_ERROR: no memory */

ngx_int_t ngx_slack_status_write_json(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
ngx_int_t ngx_slack_status_write_metrics(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
ngx_int_t ngx_slack_status_write_page(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);


#endif /* _NGX_SLACK_STATUS_SNAPSHOT_H_INCLUDED_ */
