
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract of an outbox engine, such as SQLite.  An engine is a folder
 * beside this file and a line in the registry, ngx_slack_engine.c.  Only the
 * outbox calls an engine, see ngx_slack_outbox.h.  The tests in t/engine/
 * check this contract.
 *
 * The functions for the configuration run in the master when the configuration
 * is read.  Functions that take a store run in a pool thread, unless said
 * otherwise, and may block there on the engine's disk or server.  Only one
 * thread at a time uses a store; each worker has one store for appending, one
 * for delivery and one for operators.  Other workers, other instances of
 * nginx, and older or newer generations of them use the same outbox at the
 * same time.
 *
 * Times are in milliseconds since the epoch unless said otherwise.  Arguments
 * belong to the caller; an engine keeps no pointer to them after the call,
 * except to "conf" and "log" of a store.
 *
 * When a function that takes a store returns NGX_ERROR, it has logged the
 * cause to the store's log (at most once a minute if the cause persists),
 * nothing was changed, and the caller may try again with the same store: the
 * engine reopens it if needed.
 */


#ifndef _NGX_SLACK_ENGINE_H_INCLUDED_
#define _NGX_SLACK_ENGINE_H_INCLUDED_


#include <ngx_slack_outbox.h>


typedef struct ngx_slack_store_s  ngx_slack_store_t;     /* the engine's own */


/* parameters that all engines have; their values are in the conf itself */

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
    ngx_str_t                   name;        /* of an address, before ':' */
    ngx_str_t                   syntax;      /* of an address, for errors:
                                                "NAME:PATH" */
    ngx_uint_t                  secret;      /* 1: addresses may have passwords
                                                in them; errors show "syntax"
                                                in their place */
    ngx_slack_outbox_param_t   *params;      /* NGX_SLACK_ENGINE_PARAMS and the
                                                engine's own, ended by a null
                                                row */


    /* the configuration */

    /*
     * Returns conf->own with its defaults, allocated from "pool"; NULL: no
     * memory.
     */
    void                     *(*create_conf)(ngx_pool_t *pool);

    /*
     * Sets conf->address if there is no slack_outbox directive.  "place" is
     * the directory, with its trailing slash, of nginx's temporary files.  The
     * address is allocated from "pool".  NGX_ERROR: no memory.  Only the first
     * engine of the registry needs this function.
     */
    ngx_int_t                 (*set_default)(ngx_slack_outbox_conf_t *conf,
                                  ngx_pool_t *pool, ngx_str_t *place);

    /*
     * Checks and completes conf->address when all parameters are set.  Creates
     * nothing and connects to no server.  Returns NULL, or a static text such
     * as "has no path" for the error message.
     */
    char                     *(*check)(ngx_slack_outbox_conf_t *conf,
                                  ngx_conf_t *cf);

    /*
     * Checks what depends on the whole configuration; called when all of it is
     * read.  Creates nothing.  An engine without such checks leaves this NULL.
     * NGX_ERROR: the configuration is refused, logged.
     */
    ngx_int_t                 (*complete)(ngx_slack_outbox_conf_t *conf,
                                  ngx_conf_t *cf);

    /*
     * Creates what workers may not create.  Called before workers start, with
     * the master's user, also for "nginx -t".  An engine that needs nothing
     * leaves this NULL.  NGX_ERROR, logged: nginx does not start, or keeps its
     * old configuration.
     */
    ngx_int_t                 (*prepare)(ngx_slack_outbox_conf_t *conf,
                                  ngx_log_t *log);

    /*
     * Checks whether this version of the module knows the form of the stored
     * data.  Changes nothing and logs nothing.  Called at reload, at a binary
     * upgrade and by "nginx -t", in a child process with the workers' user
     * that may block for up to 5 seconds (see ngx_slack_admit.c); without a
     * master, in the process itself.  An engine that knows every form leaves
     * this NULL.  NGX_OK: the form is known, or nothing is stored.
     * NGX_DECLINED: it is unknown, and "why", a buffer of "size" bytes, has
     * the NUL-terminated reason.  NGX_ERROR: it cannot be determined now.
     */
    ngx_int_t                 (*examine)(ngx_slack_outbox_conf_t *conf,
                                  u_char *why, size_t size);

    /*
     * Describes the outbox for operators.  The texts live as long as "conf".
     * Any thread.
     */
    void                      (*describe)(ngx_slack_outbox_conf_t *conf,
                                  ngx_slack_outbox_description_t *description);


    /* stores */

    /*
     * Called in the event loop, after the fork.  Opens nothing: that happens
     * on first use.  "conf" and "log" must outlive the store.  NULL: no
     * memory.
     */
    ngx_slack_store_t        *(*create)(ngx_slack_outbox_conf_t *conf,
                                  ngx_log_t *log);

    /*
     * Frees the store and resigns.  Called in the event loop when no thread
     * uses the store any more.
     */
    void                      (*destroy)(ngx_slack_store_t *store);


    /*
     * Leadership.  Of all stores that share an outbox, one at a time delivers
     * from it: the leader, for a term.  The term is passed to settle() and
     * serve(), so that a former leader changes nothing, however late its call
     * comes.
     */

    /*
     * Tries to become the leader; does not wait for the present one to resign.
     * The store must not lead already.  An engine whose terms last until a
     * lease ends may end that of conf->leader if its process is gone, and
     * notes there that it leads.  NGX_OK: it leads, and *term is a number
     * above 0 that this store never had before.  NGX_DECLINED: another
     * store leads.  NGX_ERROR: logged.
     */
    ngx_int_t                 (*lead)(ngx_slack_store_t *store,
                                  int64_t *term);

    /*
     * Confirms the term.  Called right after lead(), before each run of
     * delivery, and at least once a minute.  Migrates the stored data to the
     * form that this version wants; only the leader does this.  NGX_DECLINED:
     * the term is over, or this version does not know the form of the data;
     * the caller resigns.  NGX_ERROR: the result is unknown; the caller
     * continues.
     */
    ngx_int_t                 (*renew)(ngx_slack_store_t *store,
                                  int64_t term);

    /*
     * Ends the term if it is not over yet; another store may lead then, at
     * once or as soon as a server has heard of it.  Must not block, as it is
     * called in the event loop, too.  An engine that cannot end a term without
     * blocking lets it expire.
     */
    void                      (*resign)(ngx_slack_store_t *store,
                                  int64_t term);

    /*
     * Whether a post may be started: 1, or 0 if the term was not confirmed for
     * so long that another store may lead before the post has ended.  renew()
     * may help.  Also called between the calls of renew(), and must keep the
     * term as long as there is delivery.  An engine whose terms last until
     * they end leaves this NULL.
     */
    ngx_uint_t                (*lasts)(ngx_slack_store_t *store);

    /*
     * Reads NGX_SLACK_OUTBOX_IDENTITY random bytes that belong to the stored
     * data for ever.  Called after renew().
     */
    ngx_int_t                 (*identity)(ngx_slack_store_t *store,
                                  u_char *identity);

    /*
     * Returns a descriptor to wait for news with.  A process that stores
     * messages wakes the leader of its host itself
     * (ngx_slack_delivery_call()), and the leader looks once a second.  An
     * engine for several hosts can do better: *fd becomes readable when
     * another process has stored messages or steered, from this call until
     * channels() is called.  The store owns *fd; the caller only polls it, and
     * only until the next use of the store.  An engine without this leaves it
     * NULL or returns NGX_DECLINED.
     */
    ngx_int_t                 (*wait)(ngx_slack_store_t *store,
                                  ngx_fd_t *fd);


    /*
     * Stores the entries of the queue (ngx_slack_entry_t.queue) in one durable
     * transaction and sets the results of each.  Entries are stored in their
     * order: a later entry sees the earlier ones.  "more" is called with
     * "data", as late as possible, until it has no further entries; NULL:
     * there are no more.
     *
     * NGX_ERROR: the transaction failed; rc of each entry is NGX_ERROR.
     * NGX_AGAIN: it is unknown whether the transaction was committed, because
     * the connection broke during the commit; rc of each entry is NGX_AGAIN.
     *
     * The messages of an entry get consecutive ids.  An entry that arrives
     * after another was acknowledged gets greater ids, in any process.  An
     * entry that would exceed conf->max waiting messages gets NGX_BUSY and
     * leaves no trace; if it is a duplicate, it is still reported as one.
     * Messages that are stored as dead letters do not wait; nobody is told by
     * them.
     *
     * A state is stored each time with the time at which it was heard, for 90
     * days from then.  One that has changed belongs to the messages that were
     * stored with it, and so does one whose event superseded a change.  When
     * all of these are dead letters or were dropped, nobody was told, and it
     * counts as changed when it comes again; a replay undoes that.
     *
     * A message with a thread is stored as its part says, see
     * ngx_slack_thread.h; all that is decided by stamps and threads is decided
     * in this transaction.  A change does not stand in its channel's line.  It
     * counts as a waiting message; the earlier one that it replaces does not
     * any more: that one has the fate of a sent message, with the answer
     * "superseded".  Threads are known for their "keep" after their last
     * message.
     */
    ngx_int_t                 (*append)(ngx_slack_store_t *store,
                                  ngx_queue_t *entries,
                                  ngx_slack_more_pt more, void *data);


    /*
     * Delivery.  Readers miss no message that was acknowledged, in whatever
     * order ids become visible.
     */

    /*
     * Stores the list of "n" endpoints that the leader can deliver to, for all
     * processes that share the outbox, until another leader replaces it.
     * Called after renew().  Writes only if the list has changed.
     * NGX_DECLINED: the term is over.
     */
    ngx_int_t                 (*serve)(ngx_slack_store_t *store, int64_t term,
                                  ngx_slack_served_t *endpoints,
                                  ngx_uint_t n);

    /*
     * Calls the handler for each channel with waiting messages to which the
     * leader cannot deliver, by the list of serve(); for none if no leader has
     * stored a list yet.  A handler that does not return NGX_OK ends the walk
     * with NGX_ERROR.
     */
    ngx_int_t                 (*unserved)(ngx_slack_store_t *store,
                                  ngx_slack_unserved_pt handler,
                                  void *data);

    /*
     * Calls the handler for each channel with a waiting message that is newer
     * than *last (0: any), and sets *last to the present mark for the next
     * call.  After a replay or a change of pauses, all channels with waiting
     * messages are reported once more.  A channel may be reported more often
     * than needed.
     */
    ngx_int_t                 (*channels)(ngx_slack_store_t *store,
                                  int64_t *last,
                                  ngx_slack_outbox_channel_pt handler,
                                  void *data);

    /*
     * Reads the oldest waiting messages of a channel's line in the order of
     * their ids, including those not yet due, without changes.  *n is the size
     * of "messages", and then their number; 0 after an error.  The caller
     * frees them, see ngx_slack_waiting_message_t.  A STATE_ROOT has the
     * envelope and body of its thread's waiting change, if there is one, and
     * its own body as "first".
     */
    ngx_int_t                 (*messages)(ngx_slack_store_t *store,
                                  int64_t channel,
                                  ngx_slack_waiting_message_t *messages,
                                  ngx_uint_t *n);

    /*
     * Calls the handler for each thread with a waiting change that is newer
     * than *last (0: any) and with a handle, and sets *last to the present
     * mark for the next call.  When channels() would report all channels once
     * more, all threads with a waiting change are reported.  A thread whose
     * handle was stored after its change was reported is not reported again:
     * the caller, who settled the root, knows it.
     */
    ngx_int_t                 (*changes)(ngx_slack_store_t *store,
                                  int64_t *last,
                                  ngx_slack_changing_pt handler, void *data);

    /*
     * Reads the waiting change of a thread, likewise.  NGX_DONE: there is
     * none, or the thread has no handle.
     */
    ngx_int_t                 (*change)(ngx_slack_store_t *store,
                                  int64_t thread,
                                  ngx_slack_waiting_message_t *message);

    /*
     * Stores "n" outcomes of messages and "m" of channels in one durable
     * transaction.  Messages that do not wait (any more) are left unchanged,
     * but a handle of one is stored: it was sent, even if it was superseded
     * meanwhile.  The envelope and body of sent messages are deleted.  When
     * the root of a thread without a handle becomes a dead letter, is dropped,
     * or is sent without a handle, the waiting change of the thread takes its
     * place in the line; without one, the next reply or state is the root.
     * NGX_DECLINED: the term is over, nothing was changed.
     */
    ngx_int_t                 (*settle)(ngx_slack_store_t *store, int64_t term,
                                  ngx_slack_settlement_t *settlements,
                                  ngx_uint_t n,
                                  ngx_slack_standing_t *standings,
                                  ngx_uint_t m);

    /*
     * Stores "n" memos in one durable transaction, each in place of that with
     * the same key; settle() does the same to those of its channels.
     * NGX_DECLINED: the term is over, nothing was changed.
     */
    ngx_int_t                 (*memorize)(ngx_slack_store_t *store,
                                  int64_t term, ngx_slack_memo_t *memos,
                                  ngx_uint_t n);

    /*
     * Looks up the memo with the key memo->key, and sets the rest of "memo".
     * NGX_DECLINED: there is none, or it has expired.
     */
    ngx_int_t                 (*recall)(ngx_slack_store_t *store,
                                  ngx_slack_memo_t *memo);

    /*
     * Deletes what is older than keep_sent, keep_failed and dedup, memos that
     * have expired, and threads that are not known any more or that are more
     * than NGX_SLACK_OUTBOX_THREADS, those first that had no message for the
     * longest time, in one short transaction of at most 100 messages and 100
     * other expired rows of each kind.  A thread with waiting messages stays.
     * So does a channel that is paused, or has messages or threads; one that
     * has none of them, and of which no standing was stored for
     * NGX_SLACK_OUTBOX_IDLE, is forgotten within an hour, and begins anew with
     * its next message.
     * NGX_AGAIN: there may be more.
     */
    ngx_int_t                 (*purge)(ngx_slack_store_t *store);


    /* Operators.  Storing and delivery never wait for readers. */

    /*
     * Takes a snapshot; the results are allocated from survey->pool, see
     * ngx_slack_survey.h.
     */
    ngx_int_t                 (*survey)(ngx_slack_store_t *store,
                                  ngx_slack_survey_t *survey);

    /*
     * Returns 1 if nothing has changed since "survey" was taken with this
     * store, apart from the ages of messages; else, or after an error, 0.
     */
    ngx_uint_t                (*same)(ngx_slack_store_t *store,
                                  ngx_slack_survey_t *survey);

    /* Looks up the message fate->id.  NGX_DECLINED: it does not exist. */
    ngx_int_t                 (*fate)(ngx_slack_store_t *store,
                                  ngx_slack_fate_t *fate);

    /*
     * Carries out an operator's action, see ngx_slack_steer.h.  Dead letters
     * are changed in several small transactions, oldest first, so that storing
     * does not wait long; after NGX_ERROR some may be changed, see
     * steer->count.  NGX_BUSY: the outbox is full, not all were replayed.
     */
    ngx_int_t                 (*steer)(ngx_slack_store_t *store,
                                  ngx_slack_steer_t *steer);

    /*
     * Calls the handler for each thread of a scope (NULL: of all) that is
     * known, the one with the newest message first, give or take a minute.
     * Threads that have ended are known until they expire.  "key": only those
     * with this key, found by an index if the scope is a channel; NULL: all.
     */
    ngx_int_t                 (*threads)(ngx_slack_store_t *store,
                                  ngx_slack_scope_t *scope, ngx_str_t *key,
                                  ngx_slack_thread_pt handler, void *data);
};


/* all engines, the default one first; ended by NULL */

extern ngx_slack_outbox_engine_t  *ngx_slack_engines[];


#endif /* _NGX_SLACK_ENGINE_H_INCLUDED_ */
