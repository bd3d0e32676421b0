
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What operators see of an outbox: channels, pauses, dead letters, and the
 * fate of one message.  A snapshot: all of it is of one moment.
 *
 * Times are milliseconds since the epoch, 0: none.
 */


#ifndef _NGX_SLACK_SURVEY_H_INCLUDED_
#define _NGX_SLACK_SURVEY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Waiting messages are counted by age: below 1, 5 and 15 minutes, 1, 6 and 24
 * hours, older.  Their ids tell the age, in the order in which they were
 * stored: one that was replayed is as old as those it stands among.
 */

#define NGX_SLACK_SURVEY_AGES  7


/* message.state, as operators are told */

#define NGX_SLACK_FATE_WAITING  0
#define NGX_SLACK_FATE_SENT     1
#define NGX_SLACK_FATE_DEAD     2


/* a channel that has, or had, messages; sorted by workspace and channel */

typedef struct {
    int64_t                     id;
    ngx_str_t                   workspace;
    ngx_str_t                   channel;     /* "#dev"; may be empty */

    ngx_uint_t                  waiting;
    ngx_uint_t                  dead;
    int64_t                     first;       /* waiting one: its id, 0: none */
    int64_t                     oldest;      /* waiting one: stored when; of
                                                replayed ones about when the
                                                oldest other one was */

    /* waiting ones by age */
    ngx_uint_t                  ages[NGX_SLACK_SURVEY_AGES];

    /* as delivery has settled it last */
    int64_t                     settled;     /* when; 0: never */
    int64_t                     not_before;  /* next try; perhaps past */
    ngx_uint_t                  failures;    /* in a row; NGX_SLACK_PACE_HELD
                                                may be set in it */
    ngx_str_t                   answer;      /* last refusal; empty: none
                                                since the last success */
    unsigned                    paused:1;    /* it, or its workspace */
    unsigned                    unserved:1;  /* messages wait, and whoever
                                                leads cannot deliver them */
} ngx_slack_survey_channel_t;


/* what is paused now */

typedef struct {
    ngx_str_t                   workspace;
    ngx_str_t                   channel;
    int64_t                     since;
    unsigned                    whole:1;     /* the workspace, no channel */
} ngx_slack_survey_pause_t;


/* a dead letter */

typedef struct {
    int64_t                     id;
    ngx_str_t                   workspace;
    ngx_str_t                   channel;
    ngx_str_t                   event;       /* for people */
    ngx_str_t                   project;
    int64_t                     created;
    int64_t                     died;
    ngx_uint_t                  attempts;
    ngx_str_t                   answer;      /* Slack's words, or why */
    ngx_str_t                   envelope;    /* as they were stored */
    ngx_str_t                   body;
} ngx_slack_survey_dead_letter_t;


typedef struct {
    /* in */
    ngx_pool_t                 *pool;        /* of all that comes out; used by
                                                nobody else meanwhile */
    ngx_uint_t                  max;         /* dead letters; 0: none */
    int64_t                     after_died;  /* those after this one, newest */
    int64_t                     after_id;    /* first; both 0: the newest */

    /* out */
    ngx_uint_t                  waiting;
    ngx_uint_t                  dead;
    off_t                       size;        /* bytes on disk; -1: the engine
                                                cannot tell */
    ngx_array_t                 channels;    /* ngx_slack_survey_channel_t */
    ngx_array_t                 pauses;      /* ngx_slack_survey_pause_t */
    ngx_array_t                 dead_letters;    /* ngx_slack_survey_
                                                dead_letter_t */
    int64_t                     moment[4];   /* the engine's */
    unsigned                    more:1;      /* dead letters after the last of
                                                them: ask with its died, id */
} ngx_slack_survey_t;


/* what became of a message */

typedef struct {
    int64_t                     id;          /* in */

    /* out */
    ngx_uint_t                  state;       /* NGX_SLACK_FATE_… */
    ngx_uint_t                  attempts;    /* that counted */
    ngx_uint_t                  before;      /* waiting ones to go first */
    int64_t                     settled;     /* its channel, see above */
    int64_t                     not_before;
    ngx_uint_t                  failures;
    char                        answer[512]; /* the last one, cut: to it, else
                                                to its channel */
    unsigned                    own:1;       /* to the message */
} ngx_slack_fate_t;


#endif /* _NGX_SLACK_SURVEY_H_INCLUDED_ */
