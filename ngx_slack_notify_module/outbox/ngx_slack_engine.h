
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an outbox engine offers: the contract that SQLite keeps, and others
 * later.  An engine is a folder beside this file and a line in the registry,
 * ngx_slack_engine.c.  Nobody but the outbox calls it, see ngx_slack_outbox.h.
 * t/engine/ holds an engine to this contract.
 *
 * The first part runs in the master when the configuration is read.  All that
 * has a store runs in a pool thread, and may wait for the engine's disk or
 * server there.  A store is used by one thread at a time; a worker has one for
 * appending, one for delivering and one for operators.  Other workers, other
 * instances of nginx, and older or newer generations of them use the same
 * outbox at the same time.
 *
 * Times are milliseconds since the epoch unless something else is said.
 *
 * Where a function returns NGX_ERROR, it has logged the cause to the store's
 * log (at most once a minute for a lasting one), nothing was changed, and the
 * store may be tried again: it opens itself anew when that is needed.
 */


#ifndef _NGX_SLACK_ENGINE_H_INCLUDED_
#define _NGX_SLACK_ENGINE_H_INCLUDED_


#include <ngx_slack_outbox.h>


typedef struct ngx_slack_store_s  ngx_slack_store_t;     /* the engine's */


/* rows of parameters that all engines take; they belong to the conf itself */

#define NGX_SLACK_ENGINE_PARAMS                                               \
    { ngx_string("max"), NGX_SLACK_PARAM_COUNT, 0,                            \
      offsetof(ngx_slack_outbox_conf_t, max), 100000000, NULL },              \
    { ngx_string("keep_sent"), NGX_SLACK_PARAM_TIME, 0,                       \
      offsetof(ngx_slack_outbox_conf_t, keep_sent), 0, NULL },                \
    { ngx_string("keep_failed"), NGX_SLACK_PARAM_TIME, 0,                     \
      offsetof(ngx_slack_outbox_conf_t, keep_failed), 0, NULL },              \
    { ngx_string("dedup"), NGX_SLACK_PARAM_TIME, 0,                           \
      offsetof(ngx_slack_outbox_conf_t, dedup), 0, NULL }


struct ngx_slack_outbox_engine_s {
    ngx_str_t                   name;        /* before the ':' of an address */
    ngx_str_t                   syntax;      /* of an address, for errors:
                                                "NAME:PATH" */
    ngx_slack_outbox_param_t   *params;      /* NGX_SLACK_ENGINE_PARAMS and
                                                its own, ended by a null row */


    /* the configuration */

    /* what is to be conf->own, with defaults; NULL: no memory */
    void                     *(*create_conf)(ngx_pool_t *pool);

    /*
     * Sets conf->address for when there is no slack_outbox; "place" is the
     * directory, with its last slash, in which nginx has its temporary files.
     * Needed of the first engine of the registry only
     */
    ngx_int_t                 (*set_default)(ngx_slack_outbox_conf_t *conf,
                                  ngx_pool_t *pool, ngx_str_t *place);

    /*
     * Checks and completes conf->address, when all parameters are set; creates
     * nothing, asks no server.  NULL, or a text such as "has no path" for the
     * error message
     */
    char                     *(*check)(ngx_slack_outbox_conf_t *conf,
                                  ngx_conf_t *cf);

    /*
     * When the whole configuration is read: checks what it depends on, still
     * creates nothing.  NULL: there is nothing to check.  NGX_ERROR: the
     * configuration is refused, logged
     */
    ngx_int_t                 (*complete)(ngx_slack_outbox_conf_t *conf,
                                  ngx_conf_t *cf);

    /*
     * Before workers start, as the master's user, also for "nginx -t": makes
     * what workers may not make.  NULL: nothing.  NGX_ERROR: nginx does not
     * start, or goes on as it was, logged
     */
    ngx_int_t                 (*prepare)(ngx_slack_outbox_conf_t *conf,
                                  ngx_log_t *log);

    /*
     * Whether this version of the module knows the form of what is stored
     * there already; changes nothing and logs nothing.  Called at reload, at
     * an upgrade and by "nginx -t", in a process of its own with the workers'
     * user, that may wait up to 5 seconds (see ngx_slack_admit.c); without a
     * master in the process itself.  NULL: it always does.
     * NGX_DECLINED: it does not know it, "why" of "size" bytes says so,
     * NUL-terminated; NGX_ERROR: that cannot be told now
     */
    ngx_int_t                 (*examine)(ngx_slack_outbox_conf_t *conf,
                                  u_char *why, size_t size);

    /* any thread; texts that live as long as "conf" */
    void                      (*describe)(ngx_slack_outbox_conf_t *conf,
                                  ngx_slack_outbox_description_t *description);


    /* stores */

    /*
     * Called in the event loop, after the fork: nothing is opened before it is
     * needed.  NULL: no memory
     */
    ngx_slack_store_t        *(*create)(ngx_slack_outbox_conf_t *conf,
                                  ngx_log_t *log);

    /* in the event loop, when no thread runs any more; resigns */
    void                      (*destroy)(ngx_slack_store_t *store);


    /*
     * Leadership.  One store of all that share an outbox delivers from it, for
     * a term.  Whoever has led before changes nothing by settle() and serve(),
     * however late they come: they carry their term.
     */

    /*
     * Tries to become the leader, without waiting for the one there is.
     * NGX_OK: it is, *term is a number above 0 that this store never had
     * before; NGX_DECLINED: another one is; NGX_ERROR.  The store does not
     * lead when it is called
     */
    ngx_int_t                 (*lead)(ngx_slack_store_t *store,
                                  int64_t *term);

    /*
     * The leader goes on to lead; called right after lead(), before each run
     * of delivery and once a minute at least.  Brings what is stored into the
     * form that this version wants, which no process but the leader does.
     * NGX_DECLINED: the term is over, or what is stored is of a form that this
     * version does not know: the caller resigns.  NGX_ERROR: not known, the
     * caller goes on
     */
    ngx_int_t                 (*renew)(ngx_slack_store_t *store,
                                  int64_t term);

    /*
     * Ends the term, if it is not over yet; others may lead at once.  Called
     * in the event loop, too: it must not wait.  An engine that cannot end it
     * without waiting leaves it to time
     */
    void                      (*resign)(ngx_slack_store_t *store,
                                  int64_t term);

    /*
     * News.  Who stores messages on this host wakes the leader by himself
     * (ngx_slack_delivery_call()), and the leader looks by itself once a
     * second.  An engine for several hosts makes that sooner: *fd becomes
     * readable, from this call on until channels() is called, when somebody
     * has stored messages or steered.  It is the store's, to be polled only,
     * and valid until the store is used the next time.  NULL, or NGX_DECLINED:
     * this engine has no such thing
     */
    ngx_int_t                 (*wait)(ngx_slack_store_t *store,
                                  ngx_fd_t *fd);


    /*
     * Storing.  Stores the entries of the queue (ngx_slack_entry_t.queue) in
     * one durable transaction and sets the results of each, in their order:
     * a later entry sees the earlier ones.  "more" (NULL: none) is asked for
     * further entries until it has none, as late as this can be done.
     *
     * NGX_ERROR: it failed as a whole, and so each entry (its rc).  NGX_AGAIN:
     * it is not known whether it did (the connection broke while it was
     * committed), nor of each entry (its rc)
     *
     * Messages of an entry get ids that follow each other; later entries of
     * any process have greater ones than those that were acknowledged before
     * they came.  An entry over conf->max waiting messages is NGX_BUSY and
     * leaves no trace, its duplicates stay duplicates
     */
    ngx_int_t                 (*append)(ngx_slack_store_t *store,
                                  ngx_queue_t *entries,
                                  ngx_slack_more_pt more, void *data);


    /*
     * Delivery.  Readers miss no message that was acknowledged, whatever the
     * order in which ids become visible.
     */

    /*
     * The leader tells all who share the outbox where it can deliver to, until
     * another one does; after renew().  Written only if it has changed.
     * NGX_DECLINED: the term is over
     */
    ngx_int_t                 (*serve)(ngx_slack_store_t *store, int64_t term,
                                  ngx_slack_served_t *endpoints,
                                  ngx_uint_t n);

    /*
     * Calls the handler for each channel that has waiting messages and to
     * which the leader has said that it cannot deliver; for none before any
     * leader has said anything
     */
    ngx_int_t                 (*unserved)(ngx_slack_store_t *store,
                                  ngx_slack_unserved_pt handler,
                                  void *data);

    /*
     * Calls the handler for each channel that has a waiting message that came
     * after *last (0: any), and sets *last to a mark of now, for the next
     * call.  For all of them once more after messages were replayed, or pauses
     * changed.  A channel may be told once more than needed
     */
    ngx_int_t                 (*channels)(ngx_slack_store_t *store,
                                  int64_t *last,
                                  ngx_slack_outbox_channel_pt handler,
                                  void *data);

    /*
     * The oldest waiting messages of a channel by id, also those not yet due,
     * at most *n; sets *n, 0 after an error
     */
    ngx_int_t                 (*messages)(ngx_slack_store_t *store,
                                  int64_t channel,
                                  ngx_slack_waiting_message_t *messages,
                                  ngx_uint_t *n);

    /*
     * Stores outcomes in one durable transaction.  Of a message that does not
     * wait any more, or was never there, nothing is changed.  What was sent
     * loses its envelope and body.  NGX_DECLINED: the term is over, nothing
     * was changed
     */
    ngx_int_t                 (*settle)(ngx_slack_store_t *store, int64_t term,
                                  ngx_slack_settlement_t *settlements,
                                  ngx_uint_t n,
                                  ngx_slack_standing_t *standings,
                                  ngx_uint_t m);

    /*
     * Forgets what is older than keep_sent, keep_failed and dedup: one short
     * transaction, of 100 messages and 100 of whatever else expires at most.
     * NGX_AGAIN: there may be more
     */
    ngx_int_t                 (*purge)(ngx_slack_store_t *store);


    /* Operators.  Nobody who stores or delivers waits for those who read. */

    /* a snapshot, see ngx_slack_survey.h */
    ngx_int_t                 (*survey)(ngx_slack_store_t *store,
                                  ngx_slack_survey_t *survey);

    /* is all as it was in that survey of this store, but for ages? */
    ngx_uint_t                (*same)(ngx_slack_store_t *store,
                                  ngx_slack_survey_t *survey);

    /* NGX_DECLINED: there is no such message */
    ngx_int_t                 (*fate)(ngx_slack_store_t *store,
                                  ngx_slack_fate_t *fate);

    /*
     * See ngx_slack_steer.h.  Dead letters change in pieces, so that nobody
     * who stores waits long, the oldest first.  NGX_BUSY: the outbox is full,
     * not all are replayed
     */
    ngx_int_t                 (*steer)(ngx_slack_store_t *store,
                                  ngx_slack_steer_t *steer);
};


/* all engines, the default one first; ends with NULL */

extern ngx_slack_outbox_engine_t  *ngx_slack_engines[];


#endif /* _NGX_SLACK_ENGINE_H_INCLUDED_ */
