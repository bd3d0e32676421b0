
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The outbox: where accepted messages live until Slack has them.  Knows
 * messages of opaque bytes; not Slack, not JSON, not http.
 *
 * These functions are all that http, status, delivery and conf know of it.
 * The work is done by an engine, see ngx_slack_engine.h, which has the whole
 * contract of each of them.
 */


#ifndef _NGX_SLACK_OUTBOX_H_INCLUDED_
#define _NGX_SLACK_OUTBOX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_history.h>
#include <ngx_slack_waiting.h>
#include <ngx_slack_steer.h>
#include <ngx_slack_survey.h>
#include <ngx_slack_tally.h>


typedef struct ngx_slack_outbox_engine_s  ngx_slack_outbox_engine_t;


/* slack_outbox; lives as long as its cycle */

typedef struct {
    ngx_slack_outbox_engine_t  *engine;      /* the default one, until it is */
    unsigned                    chosen:1;    /* chosen */
    ngx_str_t                   address;     /* the engine's, NUL-terminated */
    ngx_str_t                   file;        /* where slack_outbox stands, */
    ngx_uint_t                  line;        /* for errors */

    ngx_uint_t                  max;         /* waiting messages */
    time_t                      keep_sent;   /* seconds */
    time_t                      keep_failed;
    time_t                      dedup;
    void                       *own;         /* parameters of the engine, see
                                                create_conf there */

    ngx_slack_history_t        *history;     /* for its errors; NULL: none */
    ngx_slack_tally_t          *tally;       /* of its messages; NULL: none */
} ngx_slack_outbox_conf_t;


/* a parameter of slack_outbox, "NAME=VALUE" */

#define NGX_SLACK_PARAM_COUNT   0            /* ngx_uint_t, 1 up to "max" */
#define NGX_SLACK_PARAM_TIME    1            /* time_t, seconds, from 1 on */
#define NGX_SLACK_PARAM_CHOICE  2            /* ngx_uint_t, of "choices" */

typedef struct {
    ngx_str_t                   name;        /* ends a table: no data */
    ngx_uint_t                  type;        /* NGX_SLACK_PARAM_… */
    ngx_uint_t                  own;         /* 1: the offset is one in
                                                conf->own, 0: in conf */
    size_t                      offset;
    ngx_int_t                   max;
    ngx_conf_enum_t            *choices;
} ngx_slack_outbox_param_t;


/* of an outbox, for operators */

typedef struct {
    const char                 *kind;        /* of its address: "file" */
    ngx_str_t                   address;     /* without secrets */
    ngx_str_t                   advice;      /* what to see to when it is slow:
                                                "see to its disk" */
} ngx_slack_outbox_description_t;


/* seconds, the most that "keep" of an entry may be; see there */
#define NGX_SLACK_OUTBOX_KEEP  660


/* a message to store */

typedef struct {
    ngx_str_t                   workspace;   /* name */
    ngx_str_t                   channel;     /* "#dev"; may be empty */
    ngx_str_t                   envelope;    /* options, opaque */
    ngx_str_t                   body;        /* attachment, opaque */
    unsigned                    changed:1;   /* only if one of the event's
                                                states has changed */
} ngx_slack_new_message_t;


/* what is remembered from one event to the next, in the same transaction */

typedef struct {
    ngx_str_t                   key;
    ngx_str_t                   value;
    unsigned                    first:1;     /* has changed if nothing is
                                                remembered */
} ngx_slack_state_t;


/*
 * What a request stores: the messages and states of its event, and of further
 * events linked by "next"; all of it or nothing.  Key, handler, result and id
 * are those of the first, which stands for the request.  States are compared
 * with what was remembered before the request.  Belongs to the caller, who keeps it
 * and what it points to until the handler was called.
 */

typedef struct ngx_slack_entry_s  ngx_slack_entry_t;


typedef enum {
    NGX_SLACK_ENTRY_STORED = 0,              /* on disk */
    NGX_SLACK_ENTRY_DUPLICATE,               /* its key is known */
    NGX_SLACK_ENTRY_UNCHANGED,               /* no message is left: no state
                                                of it has changed */
    NGX_SLACK_ENTRY_FULL,                    /* no room, nothing was stored */
    NGX_SLACK_ENTRY_FAILED,                  /* nothing was stored */
    NGX_SLACK_ENTRY_UNKNOWN                  /* perhaps stored: storing it
                                                again under its key tells */
} ngx_slack_entry_result_e;


typedef void (*ngx_slack_entry_handler_pt)(ngx_slack_entry_t *entry);

struct ngx_slack_entry_s {
    ngx_str_t                   key;         /* delivery id, scoped by the
                                                caller; an entry whose key is
                                                known is a duplicate; empty:
                                                never one */
    time_t                      keep;        /* seconds that the key is known,
                                                if "dedup" is less */
    ngx_str_t                   event;       /* for people: kind, project */
    ngx_str_t                   project;

    ngx_slack_state_t          *states;
    ngx_uint_t                  nstates;

    ngx_slack_new_message_t    *messages;
    ngx_uint_t                  nmessages;   /* 0: nobody is told; states that
                                                have changed are forgotten */

    ngx_slack_entry_t          *next;        /* of the same request, or NULL */

    /* results */
    ngx_slack_entry_result_e    result;
    ngx_uint_t                  stored;      /* messages of this event */
    int64_t                     id;          /* of the first message, or of
                                                the first of the duplicate */
    unsigned                    changed:1;   /* the engine's: its states have
                                                changed */

    /* runs in the event loop, exactly once, after the transaction ended */
    ngx_slack_entry_handler_pt  handler;
    void                       *data;

    ngx_queue_t                 queue;       /* the outbox's */
};


/*
 * adds to the queue that is being stored what has come meanwhile; NGX_DONE:
 * that was nothing.  Runs in the pool thread
 */

typedef ngx_int_t (*ngx_slack_more_pt)(void *data);


/* in the master, when the configuration is read: ngx_slack_outbox_conf.c */

/* the default engine, and defaults of what all engines have */

void ngx_slack_outbox_conf_init(ngx_slack_outbox_conf_t *conf);

/*
 * Chooses the engine of "ENGINE:ADDRESS" and cuts conf->address to ADDRESS.
 * NGX_DECLINED: there is no such engine; NGX_ERROR: no memory
 */

ngx_int_t ngx_slack_outbox_choose(ngx_slack_outbox_conf_t *conf,
    ngx_pool_t *pool, ngx_str_t *value);

/* writes "there is no such engine …" with the names of those there are */

u_char *ngx_slack_outbox_no_engine(u_char *buf, u_char *last);

/*
 * The engine and address without slack_outbox; "place" is the directory, with
 * its last slash, in which nginx has its temporary files.  NGX_ERROR: no
 * memory
 */

ngx_int_t ngx_slack_outbox_default(ngx_slack_outbox_conf_t *conf,
    ngx_pool_t *pool, ngx_str_t *place);

ngx_str_t *ngx_slack_outbox_engine(ngx_slack_outbox_conf_t *conf);

/*
 * The row of a parameter "NAME=…", or of "NAME" alone, and where its value
 * belongs.  NULL: the engine has no such parameter
 */

ngx_slack_outbox_param_t *ngx_slack_outbox_param(ngx_slack_outbox_conf_t *conf,
    ngx_str_t *value, void **field);

/* of ngx_slack_engine.h, where they are told: check, complete, prepare */

char *ngx_slack_outbox_check(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf);
ngx_int_t ngx_slack_outbox_complete(ngx_slack_outbox_conf_t *conf,
    ngx_conf_t *cf);
ngx_int_t ngx_slack_outbox_prepare(ngx_slack_outbox_conf_t *conf,
    ngx_log_t *log);


/* for operators; any thread */

void ngx_slack_outbox_describe(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_description_t *description);


/*
 * A way to the outbox: one for each task of a worker that uses it, by one
 * thread at a time.  Opening it touches nothing yet, and is done after the
 * fork; closing it resigns.  NULL: no memory.  All that follows runs in a pool
 * thread, but for ngx_slack_outbox_resign(), which the event loop may call,
 * too.
 */

typedef struct ngx_slack_outbox_s  ngx_slack_outbox_t;

ngx_slack_outbox_t *ngx_slack_outbox_open(ngx_slack_outbox_conf_t *conf,
    ngx_log_t *log);
void ngx_slack_outbox_close(ngx_slack_outbox_t *outbox);


/* leadership */

ngx_int_t ngx_slack_outbox_lead(ngx_slack_outbox_t *outbox, int64_t *term);
ngx_int_t ngx_slack_outbox_renew(ngx_slack_outbox_t *outbox, int64_t term);
void ngx_slack_outbox_resign(ngx_slack_outbox_t *outbox, int64_t term);
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
ngx_int_t ngx_slack_outbox_settle(ngx_slack_outbox_t *outbox, int64_t term,
    ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t m);
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


#endif /* _NGX_SLACK_OUTBOX_H_INCLUDED_ */
