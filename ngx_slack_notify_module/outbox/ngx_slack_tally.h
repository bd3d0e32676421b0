
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * How many messages wait for each channel, kept in shared memory between one
 * survey and the next, so that a survey need not count them all again.
 *
 * Three things make counts of a former moment those of now.  What came since
 * has greater ids than the newest message of that moment: the engine counts
 * that.  What was settled since the leader notes here, one settlement after
 * the other, each with the number that the engine gives it.  And what an
 * operator did changes the revision: then all is counted anew.  So it is if a
 * settlement is missing, because another nginx leads, or a leader was killed
 * between its commit and its note: counts are either right or not there.
 */


#ifndef _NGX_SLACK_TALLY_H_INCLUDED_
#define _NGX_SLACK_TALLY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_survey.h>


/* with messages, waiting or dead; of more nothing is kept */

#define NGX_SLACK_TALLY_CHANNELS  1024

/* settlements that are kept: 40 seconds of 100 channels at Slack's pace */

#define NGX_SLACK_TALLY_SETTLED   4096


/* a moment of an outbox */

typedef struct {
    uint64_t                    outbox;      /* which one: the engine's */
    int64_t                     newest;      /* message */
    int64_t                     settled;     /* number of the last one */
    int64_t                     revision;    /* of what operators do */
    int64_t                     died;        /* the dead letter that died */
    int64_t                     dead;        /* first, and its id; 0: none */
} ngx_slack_tally_mark_t;


typedef struct {
    int64_t                     id;          /* of the channel */
    uint32_t                    waiting[NGX_SLACK_SURVEY_AGES];
    uint32_t                    dead;
} ngx_slack_tally_channel_t;


typedef struct {
    ngx_slack_tally_mark_t      mark;        /* of this moment they are */
    int64_t                     taken;       /* wall ms */
    int64_t                     counted;     /* wall ms, when all of it was */

    /* messages up to this id are older than the age, in the order of ages */
    int64_t                     upto[NGX_SLACK_SURVEY_AGES - 1];

    /* that have messages, by id */
    ngx_uint_t                  n;
    ngx_slack_tally_channel_t   channels[NGX_SLACK_TALLY_CHANNELS];
} ngx_slack_tally_counts_t;


/* a message that waits no more */

typedef struct {
    uint64_t                    outbox;
    int64_t                     revision;
    int64_t                     settled;     /* the counter, with it */
    int64_t                     id;
    int64_t                     channel;
    ngx_uint_t                  dead;        /* it is a dead letter now */
} ngx_slack_tally_settlement_t;


/* in shared memory, zeroed */

typedef struct {
    ngx_shmtx_t                *mutex;
    ngx_uint_t                  valid;       /* the counts */
    ngx_slack_tally_counts_t    counts;
    ngx_slack_tally_settlement_t  settlements[NGX_SLACK_TALLY_SETTLED];
} ngx_slack_tally_t;


/* any thread; the mutex is held for some microseconds */

/* after the commit, in the order of their numbers */

void ngx_slack_tally_settle(ngx_slack_tally_t *tally,
    ngx_slack_tally_settlement_t *settlements, ngx_uint_t n);


/*
 * Copies the counts, without what was settled up to this moment; what is newer
 * than counts->mark.newest is not in them.  NGX_AGAIN: the last settlements
 * are missing, perhaps they come in a moment; NGX_DECLINED: there are no
 * counts that could be of use.
 */

ngx_int_t ngx_slack_tally_get(ngx_slack_tally_t *tally,
    ngx_slack_tally_mark_t *mark, ngx_slack_tally_counts_t *counts);


/* unless there are some of a later moment */

void ngx_slack_tally_put(ngx_slack_tally_t *tally,
    ngx_slack_tally_counts_t *counts);


/* of the channel; NULL: it had no messages */

ngx_slack_tally_channel_t *ngx_slack_tally_find(
    ngx_slack_tally_counts_t *counts, int64_t id);


#endif /* _NGX_SLACK_TALLY_H_INCLUDED_ */
