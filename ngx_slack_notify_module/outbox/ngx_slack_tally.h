
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Counts of waiting messages per channel, kept in shared memory between
 * surveys, so that a survey need not count all messages again.
 *
 * Counts of an earlier moment become counts of now in three ways.  Newer
 * messages have ids above the newest message of that moment; the engine counts
 * them.  Settlements since then are noted here by the leader, and by those who
 * store what replaces a waiting message, each with a consecutive number from
 * the engine.  Actions of operators change the
 * revision, and then everything is counted again.  Everything is also counted
 * again if a settlement is missing, because another nginx leads, or a leader
 * was killed between its commit and its note.  So counts are either right or
 * missing.
 *
 * All functions may be called in any thread; they hold the mutex for some
 * microseconds.
 */


#ifndef _NGX_SLACK_TALLY_H_INCLUDED_
#define _NGX_SLACK_TALLY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_survey.h>


/*
 * of channels with waiting messages or dead letters; with more, no counts are
 * kept
 */

#define NGX_SLACK_TALLY_CHANNELS  1024

/* settlements that are kept: 40 seconds of 100 channels at Slack's pace */

#define NGX_SLACK_TALLY_SETTLED   4096


/* identifies a moment of an outbox */

typedef struct {
    uint64_t                    outbox;      /* id of the file, by the
                                                engine */
    int64_t                     newest;      /* id of the newest message */
    int64_t                     settled;     /* number of the last
                                                settlement */
    int64_t                     revision;    /* of operators' actions */
    int64_t                     died;        /* the oldest dead letter: time */
    int64_t                     dead;        /* and id; 0: none */
} ngx_slack_tally_mark_t;


typedef struct {
    int64_t                     id;          /* of the channel */
    uint32_t                    waiting[NGX_SLACK_SURVEY_AGES];
    uint32_t                    dead;
} ngx_slack_tally_channel_t;


typedef struct {
    ngx_slack_tally_mark_t      mark;        /* moment of the counts */
    int64_t                     taken;       /* ms since the epoch */
    int64_t                     counted;     /* last full count, in the same
                                                unit */

    /* messages up to this id are older than the age, in the order of ages */
    int64_t                     upto[NGX_SLACK_SURVEY_AGES - 1];

    /* channels with messages, sorted by id */
    ngx_uint_t                  n;
    ngx_slack_tally_channel_t   channels[NGX_SLACK_TALLY_CHANNELS];
} ngx_slack_tally_counts_t;


/* the settlement of a message */

typedef struct {
    uint64_t                    outbox;
    int64_t                     revision;
    int64_t                     settled;     /* number of this settlement */
    int64_t                     id;
    int64_t                     channel;
    ngx_uint_t                  dead;        /* 1: it became a dead letter */
} ngx_slack_tally_settlement_t;


/* in shared memory, zeroed by its creator */

typedef struct {
    ngx_shmtx_t                *mutex;
    ngx_uint_t                  valid;       /* 1: "counts" are complete */
    ngx_slack_tally_counts_t    counts;
    ngx_slack_tally_settlement_t  settlements[NGX_SLACK_TALLY_SETTLED];
} ngx_slack_tally_t;


/*
 * Notes "n" settlements.  Called after their commit, in the order of their
 * numbers.
 */

void ngx_slack_tally_settle(ngx_slack_tally_t *tally,
    ngx_slack_tally_settlement_t *settlements, ngx_uint_t n);


/*
 * Copies the counts to the caller's "counts" and subtracts what was settled up
 * to "mark".  Messages newer than counts->mark.newest are not included.
 * NGX_AGAIN: the last settlements are missing, but may be noted in a moment.
 * NGX_DECLINED: there are no usable counts.  Neither is logged.
 */

ngx_int_t ngx_slack_tally_get(ngx_slack_tally_t *tally,
    ngx_slack_tally_mark_t *mark, ngx_slack_tally_counts_t *counts);


/*
 * Sorts and stores "counts", unless counts of a later moment are stored
 * already.
 */

void ngx_slack_tally_put(ngx_slack_tally_t *tally,
    ngx_slack_tally_counts_t *counts);


/*
 * Finds the counts of a channel by its id; the result points into "counts".
 * NULL: the channel had no messages.
 */

ngx_slack_tally_channel_t *ngx_slack_tally_find(
    ngx_slack_tally_counts_t *counts, int64_t id);


#endif /* _NGX_SLACK_TALLY_H_INCLUDED_ */
