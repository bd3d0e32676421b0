
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an outbox engine (SQLite; others later) offers.  One file and one line
 * in the registry make an engine.
 *
 * Everything but "check" runs in a pool thread.  A store is used by one task
 * at a time; a worker has one for appending and, if it is the leader, another
 * one for delivering.  Times are milliseconds since the epoch.
 *
 * Where a function returns NGX_ERROR, it has logged the cause to "log" (at
 * most once a minute for a lasting one), nothing was changed, and the store
 * may be tried again: it opens itself anew when that is needed.
 */


#ifndef _NGX_SLACK_ENGINE_H_INCLUDED_
#define _NGX_SLACK_ENGINE_H_INCLUDED_


#include <ngx_slack_outbox.h>
#include <ngx_slack_steer.h>
#include <ngx_slack_survey.h>


typedef struct ngx_slack_store_s  ngx_slack_store_t;     /* the engine's */


/* a workspace's channel that has waiting messages */

typedef struct {
    int64_t                     id;
    ngx_str_t                   workspace;   /* valid during the call only */
    ngx_str_t                   channel;
    int64_t                     not_before;  /* as settled last, 0: never */
    ngx_uint_t                  failures;    /* in a row, as settled last */
    int64_t                     settled;     /* when that was, 0: never */

    /* what operators did; 0: never */
    int64_t                     paused_since;    /* the last pause that has */
    int64_t                     paused_until;    /* ended */
    int64_t                     tried;       /* when they wanted a try */
    unsigned                    paused:1;    /* now */
} ngx_slack_outbox_channel_t;

typedef ngx_int_t (*ngx_slack_outbox_channel_pt)(
    ngx_slack_outbox_channel_t *dest, void *data);


/* where the leader can deliver to: a channel, or others of a workspace */

typedef struct {
    ngx_str_t                   workspace;
    ngx_str_t                   channel;     /* without '#'; empty: all that
                                                are not named */
} ngx_slack_served_t;


/* a channel with n waiting messages, to which the leader cannot deliver */

typedef struct {
    int64_t                     id;
    ngx_str_t                   workspace;   /* valid during the call only */
    ngx_str_t                   channel;
    ngx_uint_t                  n;
} ngx_slack_unserved_t;

typedef ngx_int_t (*ngx_slack_unserved_pt)(ngx_slack_unserved_t *unserved,
    void *data);


/* a waiting message */

typedef struct {
    int64_t                     id;
    int64_t                     created;
    int64_t                     due;         /* not before, 0: at once */
    ngx_uint_t                  attempts;    /* that counted */
    ngx_str_t                   envelope;    /* malloc()ed in one piece: */
    ngx_str_t                   body;        /* free(envelope.data) frees */
} ngx_slack_waiting_message_t;


#define NGX_SLACK_SETTLE_SENT   1
#define NGX_SLACK_SETTLE_RETRY  2
#define NGX_SLACK_SETTLE_DEAD   3


/* what became of a message */

typedef struct {
    int64_t                     id;
    ngx_uint_t                  outcome;     /* NGX_SLACK_SETTLE_… */
    int64_t                     due;         /* of a retry */
    ngx_uint_t                  attempts;    /* new value */
    ngx_str_t                   answer;      /* Slack's words, or why */
} ngx_slack_settlement_t;


/* what became of a channel */

typedef struct {
    int64_t                     id;
    int64_t                     not_before;
    ngx_uint_t                  failures;
    ngx_str_t                   answer;      /* last refusal, empty: none */
} ngx_slack_standing_t;


/*
 * adds to the queue that is being stored what has come meanwhile; NGX_DONE:
 * that was nothing.  Runs in the pool thread
 */

typedef ngx_int_t (*ngx_slack_more_pt)(void *data);


struct ngx_slack_outbox_engine_s {
    ngx_str_t                   name;        /* "sqlite" */

    /*
     * when the configuration is read: checks and completes conf->address
     * ("NAME:" is cut off already); creates nothing.  Returns NULL or a text
     * such as "has no path" for the error message
     */
    char                     *(*check)(ngx_slack_outbox_conf_t *conf,
                                  ngx_conf_t *cf);

    /* NULL: no memory.  Nothing is opened before it is needed */
    ngx_slack_store_t        *(*create)(ngx_slack_outbox_conf_t *conf,
                                  ngx_log_t *log);
    void                      (*destroy)(ngx_slack_store_t *store);

    /*
     * whether this version of the module knows what is stored there already;
     * changes nothing.  For ngx_slack_admit() alone: it runs in a process of
     * its own, so it may block for a while.  NGX_DECLINED: it does not know
     * it, "why" says so, NUL-terminated; NGX_ERROR: that cannot be told now
     */
    ngx_int_t                 (*examine)(ngx_slack_outbox_conf_t *conf,
                                  u_char *why, size_t size);

    /*
     * the caller has become the leader, or has led for a while: the outbox is
     * brought into the form that this version of the module wants, which no
     * other process does.  NGX_DECLINED: it is not in a form that this version
     * knows, another process may lead
     */
    ngx_int_t                 (*lead)(ngx_slack_store_t *store);

    /*
     * the leader tells all who share the outbox where it can deliver to, until
     * another one does; after lead().  Written only if it has changed
     */
    ngx_int_t                 (*serve)(ngx_slack_store_t *store,
                                  ngx_slack_served_t *endpoints,
                                  ngx_uint_t n);

    /*
     * calls the handler for each channel that has waiting messages and to
     * which the leader has said that it cannot deliver
     */
    ngx_int_t                 (*unserved)(ngx_slack_store_t *store,
                                  ngx_slack_unserved_pt handler,
                                  void *data);

    /*
     * stores the entries of the queue (ngx_slack_entry_t.queue) in one
     * durable transaction and sets the results of each; returns NGX_ERROR
     * when it failed as a whole (each rc is NGX_ERROR then).  "more" (NULL:
     * none) is asked until it is done, once it is this store's turn to write
     */
    ngx_int_t                 (*append)(ngx_slack_store_t *store,
                                  ngx_queue_t *entries,
                                  ngx_slack_more_pt more, void *data);

    /*
     * calls the handler for each channel that has a waiting message with
     * an id above *last (0: any) and sets *last to the newest id there is; for
     * all of them once more after messages were replayed, or pauses changed
     */
    ngx_int_t                 (*channels)(ngx_slack_store_t *store,
                                  int64_t *last,
                                  ngx_slack_outbox_channel_pt handler,
                                  void *data);

    /*
     * the oldest waiting messages of a channel by id, also those not
     * yet due, at most *n; sets *n
     */
    ngx_int_t                 (*messages)(ngx_slack_store_t *store,
                                  int64_t channel,
                                  ngx_slack_waiting_message_t  *messages,
                                  ngx_uint_t *n);

    /* one durable transaction */
    ngx_int_t                 (*settle)(ngx_slack_store_t *store,
                                  ngx_slack_settlement_t *settlements,
                                  ngx_uint_t n,
                                  ngx_slack_standing_t *standings,
                                  ngx_uint_t m);

    /*
     * forgets what is older than keep_sent, keep_failed and dedup: one short
     * transaction, of 100 messages and 100 of whatever else expires at most;
     * NGX_AGAIN: there may be more.  A call that does not go on with the one
     * before first puts right how many wait, if somebody edited the file
     */
    ngx_int_t                 (*purge)(ngx_slack_store_t *store);

    /* for operators, see ngx_slack_survey.h: read without a lock */

    ngx_int_t                 (*survey)(ngx_slack_store_t *store,
                                  ngx_slack_survey_t *survey);

    /* is all as it was in that survey of this store, but for ages? */
    ngx_uint_t                (*same)(ngx_slack_store_t *store,
                                  ngx_slack_survey_t *survey);

    /* NGX_DECLINED: there is no such message */
    ngx_int_t                 (*fate)(ngx_slack_store_t *store,
                                  ngx_slack_fate_t *fate);

    /*
     * what operators do, see ngx_slack_steer.h, in durable transactions.
     *
     * replayed dead letters wait as new ones do, at their old places; dropped
     * ones are kept as sent ones are, without what they said.  NGX_BUSY: the
     * outbox is full, not all are replayed
     */
    ngx_int_t                 (*replay)(ngx_slack_store_t *store,
                                  ngx_slack_selection_t *sel);
    ngx_int_t                 (*drop)(ngx_slack_store_t *store,
                                  ngx_slack_selection_t *sel);

    /*
     * *paused: is it paused afterwards?  A channel of a paused workspace is;
     * resuming a workspace leaves channels that were paused by themselves so
     */
    ngx_int_t                 (*pause)(ngx_slack_store_t *store,
                                  ngx_slack_scope_t *scope,
                                  ngx_uint_t *paused);
    ngx_int_t                 (*resume)(ngx_slack_store_t *store,
                                  ngx_slack_scope_t *scope,
                                  ngx_uint_t *paused);

    /* a try at once of what Slack has refused; resuming does that, too */
    ngx_int_t                 (*nudge)(ngx_slack_store_t *store,
                                  ngx_slack_scope_t *scope,
                                  ngx_uint_t *paused);
};


/* the engine of "sqlite:PATH"; *address is cut to PATH; NULL: no such */

ngx_slack_outbox_engine_t *ngx_slack_engine_find(ngx_str_t *address);


#endif /* _NGX_SLACK_ENGINE_H_INCLUDED_ */
