
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The outbox: where accepted messages live until Slack has them.  Knows
 * records of opaque bytes; not Slack, not JSON, not http.
 */


#ifndef _NGX_SLACK_OUTBOX_H_INCLUDED_
#define _NGX_SLACK_OUTBOX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_history.h>
#include <ngx_slack_outbox_dir.h>
#include <ngx_slack_tally.h>


typedef struct ngx_slack_outbox_engine_s  ngx_slack_outbox_engine_t;


/* slack_outbox; lives as long as its cycle */

typedef struct {
    ngx_slack_outbox_engine_t  *engine;
    ngx_str_t                   address;     /* sqlite: path, NUL-terminated */
    ngx_uint_t                  max;         /* waiting messages */
    time_t                      keep_sent;   /* seconds */
    time_t                      keep_failed;
    time_t                      dedup;
    ngx_flag_t                  sync_full;   /* sync=full */
    ngx_slack_history_t        *history;     /* for its trouble; NULL: none */
    ngx_slack_outbox_dir_t      dir;
    ngx_slack_tally_t          *tally;       /* of its messages; NULL: none */
} ngx_slack_outbox_conf_t;


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
 * events linked by "next"; all of it or nothing.  Key, handler, rc and id are
 * those of the first, which stands for the request.  States are compared with
 * what was remembered before the request.  Belongs to the caller, who keeps it
 * and what it points to until the handler was called.
 */

typedef struct ngx_slack_entry_s  ngx_slack_entry_t;

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
    ngx_int_t                   rc;          /* NGX_OK     stored
                                                NGX_DONE   a duplicate
                                                NGX_DECLINED  nothing left:
                                                           states unchanged
                                                NGX_BUSY   outbox is full
                                                NGX_ERROR  not stored */
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


#endif /* _NGX_SLACK_OUTBOX_H_INCLUDED_ */
