
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The outbox stores accepted messages until Slack has received them.  It
 * handles messages of opaque bytes and knows nothing of Slack, JSON or http.
 *
 * http, status, delivery and conf use only these functions.  An engine does
 * the work; the full contract of each function is in ngx_slack_engine.h.
 * Functions for the configuration run in the master, those that take an
 * ngx_slack_outbox_t in a pool thread, unless said otherwise.
 */


#ifndef _NGX_SLACK_OUTBOX_H_INCLUDED_
#define _NGX_SLACK_OUTBOX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_history.h>
#include <ngx_slack_leader.h>
#include <ngx_slack_waiting.h>
#include <ngx_slack_state.h>
#include <ngx_slack_steer.h>
#include <ngx_slack_survey.h>
#include <ngx_slack_tally.h>
#include <ngx_slack_thread.h>
#include <ngx_slack_turnstile.h>


typedef struct ngx_slack_outbox_engine_s  ngx_slack_outbox_engine_t;


/* the slack_outbox directive; lives as long as its cycle */

typedef struct {
    ngx_slack_outbox_engine_t  *engine;      /* never NULL */
    unsigned                    chosen:1;    /* "engine" and "own" are set */
    ngx_str_t                   address;     /* of the engine,
                                                NUL-terminated */
    ngx_str_t                   file;        /* where slack_outbox is, */
    ngx_uint_t                  line;        /* for errors */

    ngx_uint_t                  max;         /* of waiting messages */
    time_t                      keep_sent;   /* seconds */
    time_t                      keep_failed;
    time_t                      dedup;
    void                       *own;         /* the engine's parameters, made
                                                by its create_conf() */

    ngx_slack_history_t        *history;     /* for the outbox's errors; NULL:
                                                none */
    ngx_slack_tally_t          *tally;       /* of its messages; NULL: none */
    ngx_slack_turnstile_t      *turnstile;   /* for those who store; NULL:
                                                none */
    ngx_slack_leader_t         *leader;      /* of this nginx; NULL: not
                                                kept */
} ngx_slack_outbox_conf_t;


/* a parameter of slack_outbox, "NAME=VALUE" */

#define NGX_SLACK_PARAM_COUNT   0            /* ngx_uint_t, 1 to "max" */
#define NGX_SLACK_PARAM_TIME    1            /* time_t, seconds, at least 1 */
#define NGX_SLACK_PARAM_CHOICE  2            /* ngx_uint_t, from "choices" */
#define NGX_SLACK_PARAM_TEXT    3            /* ngx_str_t, not empty,
                                                NUL-terminated */

typedef struct {
    ngx_str_t                   name;        /* a null one ends a table */
    ngx_uint_t                  type;        /* NGX_SLACK_PARAM_… */
    ngx_uint_t                  own;         /* 1: "offset" is in conf->own, 0:
                                                in conf */
    size_t                      offset;
    ngx_int_t                   max;
    ngx_conf_enum_t            *choices;
} ngx_slack_outbox_param_t;


/* a description for operators */

typedef struct {
    const char                 *kind;        /* kind of address: "file" */
    ngx_str_t                   address;     /* has no secrets */
    ngx_str_t                   advice;      /* if the outbox is slow: "see to
                                                its disk" */
} ngx_slack_outbox_description_t;


/* the maximum of ngx_slack_entry_t.keep, in seconds */
#define NGX_SLACK_OUTBOX_KEEP  660


#define NGX_SLACK_OUTBOX_IDENTITY  16           /* bytes */

/* seconds; a channel without messages is forgotten after so long */
#define NGX_SLACK_OUTBOX_IDLE      (7 * 24 * 3600)


#ifndef NGX_SLACK_OUTBOX_THREADS
#define NGX_SLACK_OUTBOX_THREADS   100000       /* that are remembered */
#endif


/*
 * The channel of messages that have none, which is no name of another one.
 * They are dead letters from the beginning, and a replay needs to be told
 * where they are to go, see ngx_slack_steer.h.
 */

#define NGX_SLACK_OUTBOX_NOWHERE  "?"


/* a message to store */

typedef struct {
    ngx_str_t                   workspace;   /* name */
    ngx_str_t                   channel;     /* "#dev", or empty */
    ngx_str_t                   dead;        /* if not empty, it is stored as a
                                                dead letter with this answer;
                                                it has no thread */
    ngx_str_t                   envelope;    /* options, opaque bytes */
    ngx_str_t                   body;        /* attachment, opaque bytes */
    ngx_slack_new_part_t        part;        /* its thread; all zero: none */
    unsigned                    changed:1;   /* store it only if a state of the
                                                event has changed */
} ngx_slack_new_message_t;


/*
 * Everything that a request stores: the messages and states of its event and
 * of further events linked by "next", in one transaction.  The first entry
 * stands for the request: only its key, handler, result and id are used.
 * States are compared with the values stored before the request: one has
 * changed if its value is another one, or if it tells of something that began
 * anew (ngx_slack_state_anew()), or if nobody was told of the stored one,
 * because none of the messages that were stored with it waits or was sent.
 * The caller owns the entry and all it points to, and keeps them until the
 * handler is called.
 */

typedef struct ngx_slack_entry_s  ngx_slack_entry_t;


typedef enum {
    NGX_SLACK_ENTRY_STORED = 0,              /* on disk */
    NGX_SLACK_ENTRY_DUPLICATE,               /* its key is known */
    NGX_SLACK_ENTRY_UNCHANGED,               /* no message is left: no state
                                                of it has changed, or its
                                                threads want none of them */
    NGX_SLACK_ENTRY_FULL,                    /* no room, nothing was stored */
    NGX_SLACK_ENTRY_FAILED,                  /* nothing was stored */
    NGX_SLACK_ENTRY_UNKNOWN                  /* perhaps stored: storing it
                                                again under its key tells */
} ngx_slack_entry_result_e;


typedef void (*ngx_slack_entry_handler_pt)(ngx_slack_entry_t *entry);

struct ngx_slack_entry_s {
    ngx_str_t                   key;         /* delivery id, made unique by the
                                                caller; an entry with a known
                                                key is a duplicate; empty: it
                                                never is.  If threads want none
                                                of the messages, it is not
                                                remembered */
    time_t                      keep;        /* seconds to keep the key, if
                                                more than "dedup" */
    ngx_str_t                   event;       /* kind and project, shown to
                                                operators */
    ngx_str_t                   project;

    ngx_slack_state_t          *states;
    ngx_uint_t                  nstates;

    ngx_slack_new_message_t    *messages;
    ngx_uint_t                  nmessages;   /* if all of them have "known", or
                                                there are none: changed states
                                                are forgotten */

    ngx_slack_entry_t          *next;        /* of the same request; or NULL */

    /* results */
    ngx_slack_entry_result_e    result;
    ngx_uint_t                  stored;      /* messages of this event that
                                                were stored, */
    ngx_uint_t                  dead;        /* of them, as dead letters, */
    ngx_uint_t                  stale;       /* were not, because a newer state
                                                is known, */
    ngx_uint_t                  unknown;     /* were not, because their thread
                                                is not known (part.known), */
    ngx_uint_t                  superseded;  /* waiting changes that they
                                                replaced */
    int64_t                     id;          /* of the first message; of a
                                                duplicate: that of the
                                                original */
    unsigned                    changed:1;   /* private to the engine: the
                                                states have changed, */
    unsigned                    anew:1;      /* and all of them tell of what
                                                began anew, or first */

    /*
     * called in the event loop after the transaction, exactly once; never if
     * the worker exits first
     */
    ngx_slack_entry_handler_pt  handler;
    void                       *data;

    ngx_queue_t                 queue;       /* used by the outbox */
};


/*
 * Moves entries that arrived meanwhile to the queue that is being stored.
 * NGX_DONE: there are none.  Called in a pool thread.
 */

typedef ngx_int_t (*ngx_slack_more_pt)(void *data);


/* the configuration, in the master: ngx_slack_outbox_conf.c */

/* Sets the default engine and the defaults of the common parameters. */

void ngx_slack_outbox_conf_init(ngx_slack_outbox_conf_t *conf);

/*
 * Chooses the engine of "ENGINE:ADDRESS" and points conf->address to ADDRESS
 * within "value", which must live as long as "conf"; conf->own is allocated
 * from "pool".  NGX_DECLINED: no such engine; NGX_ERROR: no memory.  Neither
 * is logged.
 */

ngx_int_t ngx_slack_outbox_choose(ngx_slack_outbox_conf_t *conf,
    ngx_pool_t *pool, ngx_str_t *value);

/*
 * Writes "no such engine; …" with the names of all engines to buf..last, not
 * NUL-terminated.  Returns the end of the text.
 */

u_char *ngx_slack_outbox_no_engine(u_char *buf, u_char *last);

/*
 * Sets the engine and address if there is no slack_outbox directive.  "place"
 * is the directory, with its trailing slash, of nginx's temporary files.
 * NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_outbox_default(ngx_slack_outbox_conf_t *conf,
    ngx_pool_t *pool, ngx_str_t *place);

ngx_str_t *ngx_slack_outbox_engine(ngx_slack_outbox_conf_t *conf);

/*
 * What errors may show of "ENGINE:ADDRESS" when the engine is chosen: "value",
 * or a text of the engine if it may have a password in it.
 */

ngx_str_t *ngx_slack_outbox_shown(ngx_slack_outbox_conf_t *conf,
    ngx_str_t *value);

/*
 * Finds the row of a parameter "NAME=…" or "NAME", and sets *field to where
 * its value is stored.  NULL: the engine has no such parameter.
 */

ngx_slack_outbox_param_t *ngx_slack_outbox_param(ngx_slack_outbox_conf_t *conf,
    ngx_str_t *value, void **field);

/* see check, complete and prepare in ngx_slack_engine.h */

char *ngx_slack_outbox_check(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf);
ngx_int_t ngx_slack_outbox_complete(ngx_slack_outbox_conf_t *conf,
    ngx_conf_t *cf);
ngx_int_t ngx_slack_outbox_prepare(ngx_slack_outbox_conf_t *conf,
    ngx_log_t *log);


/* for operators; any thread */

void ngx_slack_outbox_describe(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_description_t *description);


/*
 * A handle of the outbox, used by one thread at a time; a worker opens one for
 * each of its tasks.  Open it after the fork; this touches no file and no
 * server yet, and returns NULL if there is no memory.  Closing it resigns and
 * frees it.  Both run in the event loop.  All functions below run in a pool
 * thread; ngx_slack_outbox_resign() may also be called in the event loop.
 */

typedef struct ngx_slack_outbox_s  ngx_slack_outbox_t;

ngx_slack_outbox_t *ngx_slack_outbox_open(ngx_slack_outbox_conf_t *conf,
    ngx_log_t *log);
void ngx_slack_outbox_close(ngx_slack_outbox_t *outbox);


/* leadership */

ngx_int_t ngx_slack_outbox_lead(ngx_slack_outbox_t *outbox, int64_t *term);
ngx_int_t ngx_slack_outbox_renew(ngx_slack_outbox_t *outbox, int64_t term);
void ngx_slack_outbox_resign(ngx_slack_outbox_t *outbox, int64_t term);
ngx_uint_t ngx_slack_outbox_lasts(ngx_slack_outbox_t *outbox);
ngx_int_t ngx_slack_outbox_identity(ngx_slack_outbox_t *outbox,
    u_char identity[NGX_SLACK_OUTBOX_IDENTITY]);
ngx_int_t ngx_slack_outbox_wait(ngx_slack_outbox_t *outbox, ngx_fd_t *fd);


/* storing */

ngx_int_t ngx_slack_outbox_append(ngx_slack_outbox_t *outbox,
    ngx_queue_t *entries, ngx_slack_more_pt more, void *data);


/* delivery */

ngx_int_t ngx_slack_outbox_serve(ngx_slack_outbox_t *outbox, int64_t term,
    ngx_slack_served_t *endpoints, ngx_uint_t n);
ngx_int_t ngx_slack_outbox_unserved(ngx_slack_outbox_t *outbox,
    ngx_slack_unserved_pt handler, void *data);
ngx_int_t ngx_slack_outbox_channels(ngx_slack_outbox_t *outbox, int64_t *last,
    ngx_slack_outbox_channel_pt handler, void *data);
ngx_int_t ngx_slack_outbox_messages(ngx_slack_outbox_t *outbox,
    int64_t channel, ngx_slack_waiting_message_t *messages, ngx_uint_t *n);
ngx_int_t ngx_slack_outbox_changes(ngx_slack_outbox_t *outbox, int64_t *last,
    ngx_slack_changing_pt handler, void *data);
ngx_int_t ngx_slack_outbox_change(ngx_slack_outbox_t *outbox, int64_t thread,
    ngx_slack_waiting_message_t *message);
ngx_int_t ngx_slack_outbox_settle(ngx_slack_outbox_t *outbox, int64_t term,
    ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t m);
ngx_int_t ngx_slack_outbox_memorize(ngx_slack_outbox_t *outbox, int64_t term,
    ngx_slack_memo_t *memos, ngx_uint_t n);
ngx_int_t ngx_slack_outbox_recall(ngx_slack_outbox_t *outbox,
    ngx_slack_memo_t *memo);
ngx_int_t ngx_slack_outbox_purge(ngx_slack_outbox_t *outbox);


/* operators */

ngx_int_t ngx_slack_outbox_survey(ngx_slack_outbox_t *outbox,
    ngx_slack_survey_t *survey);
ngx_uint_t ngx_slack_outbox_same(ngx_slack_outbox_t *outbox,
    ngx_slack_survey_t *survey);
ngx_int_t ngx_slack_outbox_fate(ngx_slack_outbox_t *outbox,
    ngx_slack_fate_t *fate);
ngx_int_t ngx_slack_outbox_steer(ngx_slack_outbox_t *outbox,
    ngx_slack_steer_t *steer);
ngx_int_t ngx_slack_outbox_threads(ngx_slack_outbox_t *outbox,
    ngx_slack_scope_t *scope, ngx_str_t *key, ngx_slack_thread_pt handler,
    void *data);


#endif /* _NGX_SLACK_OUTBOX_H_INCLUDED_ */
