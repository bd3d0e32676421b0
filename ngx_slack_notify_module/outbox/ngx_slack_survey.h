
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What operators see of an outbox: channels, pauses, dead letters, and the
 * fate of one message.  A survey is a snapshot: all of it is of the same
 * moment.  Plain data, filled in a pool thread.
 *
 * Times are in milliseconds since the epoch; 0 means none.
 */


#ifndef _NGX_SLACK_SURVEY_H_INCLUDED_
#define _NGX_SLACK_SURVEY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Waiting messages are counted by age: below 1, 5 and 15 minutes, 1, 6 and 24
 * hours, and older.  The age is derived from the id, as ids follow the order
 * of storing; so a replayed message is as old as its neighbours.
 */

#define NGX_SLACK_SURVEY_AGES  7


/* state of a message */

#define NGX_SLACK_FATE_WAITING  0
#define NGX_SLACK_FATE_SENT     1
#define NGX_SLACK_FATE_DEAD     2


/* a channel with present or past messages; sorted by workspace and channel */

typedef struct {
    int64_t                     id;
    ngx_str_t                   workspace;
    ngx_str_t                   channel;     /* "#dev", or empty */

    ngx_uint_t                  waiting;
    ngx_uint_t                  dead;
    int64_t                     first;       /* id of the first waiting
                                                message; 0: none */
    int64_t                     oldest;      /* when the oldest waiting message
                                                was stored; approximate if
                                                messages were replayed */

    /* waiting messages by age */
    ngx_uint_t                  ages[NGX_SLACK_SURVEY_AGES];

    /* as last settled by delivery */
    int64_t                     settled;     /* time of the settle; 0: never */
    int64_t                     not_before;  /* next try; may be past */
    ngx_uint_t                  failures;    /* in a row, perhaps with the bit
                                                NGX_SLACK_PACE_HELD */
    ngx_str_t                   answer;      /* last refusal; empty: none since
                                                the last success */
    unsigned                    paused:1;    /* the channel or its workspace */
    unsigned                    unserved:1;  /* messages wait, but the leader
                                                cannot deliver to it */
} ngx_slack_survey_channel_t;


/* a pause that has not ended */

typedef struct {
    ngx_str_t                   workspace;
    ngx_str_t                   channel;
    int64_t                     since;
    unsigned                    whole:1;     /* the whole workspace */
} ngx_slack_survey_pause_t;


/* a dead letter */

typedef struct {
    int64_t                     id;
    ngx_str_t                   workspace;
    ngx_str_t                   channel;
    ngx_str_t                   event;       /* kind of event */
    ngx_str_t                   project;
    int64_t                     created;
    int64_t                     died;
    ngx_uint_t                  attempts;
    ngx_str_t                   answer;      /* Slack's error, or the reason */
    ngx_str_t                   envelope;    /* as stored */
    ngx_str_t                   body;
} ngx_slack_survey_dead_letter_t;


typedef struct {
    /* arguments */
    ngx_pool_t                 *pool;        /* of the results; not used by
                                                others during the call */
    ngx_uint_t                  max;         /* of dead letters; 0: none */
    int64_t                     after_died;  /* only dead letters after this
                                                one, newest first; both 0: from
                                                the newest */
    int64_t                     after_id;

    /* results */
    ngx_uint_t                  waiting;
    ngx_uint_t                  dead;
    off_t                       size;        /* bytes on disk; -1: unknown */
    ngx_str_t                   leader;      /* of several hosts: "HOST PID";
                                                empty: nobody leads, or the
                                                outbox is of one host */
    ngx_array_t                 channels;    /* ngx_slack_survey_channel_t */
    ngx_array_t                 pauses;      /* ngx_slack_survey_pause_t */
    ngx_array_t                 dead_letters;    /* ngx_slack_survey_
                                                dead_letter_t */
    int64_t                     moment[4];   /* private to the engine */
    unsigned                    more:1;      /* more dead letters follow;
                                                continue with died and id of
                                                the last one */
} ngx_slack_survey_t;


/* the fate of a message */

typedef struct {
    int64_t                     id;          /* argument */

    /* results */
    ngx_uint_t                  state;       /* NGX_SLACK_FATE_… */
    ngx_uint_t                  attempts;    /* only those that count */
    ngx_uint_t                  before;      /* messages that wait before it */
    int64_t                     settled;     /* of its channel, see above */
    int64_t                     not_before;
    ngx_uint_t                  failures;
    char                        answer[512]; /* last answer to the message,
                                                else to its channel;
                                                NUL-terminated, may be cut */
    unsigned                    own:1;       /* the answer is the message's */
} ngx_slack_fate_t;


#endif /* _NGX_SLACK_SURVEY_H_INCLUDED_ */
