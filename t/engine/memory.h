
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * An engine in the memory of the process, which shows that the contract of
 * engines is no description of one of them.  It keeps nothing when the process
 * ends.
 */


#ifndef _NGX_SLACK_ENGINE_MEMORY_H_INCLUDED_
#define _NGX_SLACK_ENGINE_MEMORY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_engine.h>

#include <pthread.h>


typedef struct {
    int64_t                     id;
    ngx_uint_t                  channel;     /* index */
    ngx_uint_t                  state;       /* NGX_SLACK_FATE_… */
    int64_t                     created;
    int64_t                     stored;      /* the first time */
    int64_t                     due;
    int64_t                     done;
    ngx_uint_t                  attempts;
    ngx_uint_t                  purged;
    ngx_str_t                   event;
    ngx_str_t                   project;
    ngx_str_t                   answer;
    ngx_str_t                   envelope;
    ngx_str_t                   body;

    int64_t                     thread;      /* 0: none */
    ngx_slack_role_e            role;
    int64_t                     stamp;
    ngx_uint_t                  clock;
    ngx_uint_t                  whole;
    ngx_uint_t                  final;
} memory_message_t;

typedef struct {
    int64_t                     id;          /* of the message that began it */
    ngx_uint_t                  channel;     /* index */
    ngx_str_t                   key;         /* no data: another one has it */
    ngx_str_t                   handle;
    int64_t                     stamp;
    ngx_uint_t                  clock;
    ngx_uint_t                  final;
    ngx_uint_t                  ended;
    ngx_uint_t                  part_root;   /* no state changes its root */
    ngx_uint_t                  no_changes;
    ngx_uint_t                  no_replies;
    int64_t                     root;
    int64_t                     change;      /* 0: none waits */
    int64_t                     since;
    int64_t                     touched;
    int64_t                     expires;
    int64_t                     last;        /* message */
    ngx_uint_t                  purged;
} memory_thread_t;

typedef struct {
    ngx_str_t                   workspace;
    ngx_str_t                   channel;
    int64_t                     not_before;
    int64_t                     settled;
    ngx_uint_t                  failures;
    ngx_str_t                   answer;
    ngx_str_t                   handle;
    int64_t                     made;
    ngx_uint_t                  purged;
} memory_channel_t;

typedef struct {
    ngx_str_t                   key;
    ngx_str_t                   value;       /* of a state */
    int64_t                     message;     /* of a delivery id; of a state:
                                                the first one that told it */
    int64_t                     beyond;      /* the last of those, and 1 */
    int64_t                     since;
    int64_t                     created;
} memory_pair_t;

typedef struct {
    ngx_str_t                   workspace;
    ngx_str_t                   channel;
    ngx_uint_t                  whole;
    int64_t                     since;
    int64_t                     until;       /* 0: it lasts */
    int64_t                     tried;
} memory_pause_t;


/* an outbox, of all stores of its address */

typedef struct memory_s  memory_t;

struct memory_s {
    memory_t                   *next;
    ngx_str_t                   address;
    pthread_mutex_t             mutex;

    ngx_array_t                 messages;    /* memory_message_t, by id */
    ngx_array_t                 channels;    /* memory_channel_t */
    ngx_array_t                 keys;        /* memory_pair_t */
    ngx_array_t                 states;      /* memory_pair_t */
    ngx_array_t                 pauses;      /* memory_pause_t */
    ngx_array_t                 served;      /* ngx_slack_served_t */
    ngx_array_t                 threads;     /* memory_thread_t */
    ngx_array_t                 memos;       /* ngx_slack_memo_t */

    ngx_pool_t                 *pool;
    int64_t                     revision;    /* of what operators do */
    int64_t                     changes;
    ngx_uint_t                  waiting;

    ngx_slack_store_t          *leader;
    int64_t                     term;
    u_char                      identity[NGX_SLACK_OUTBOX_IDENTITY];
};


struct ngx_slack_store_s {
    ngx_slack_outbox_conf_t    *conf;
    ngx_log_t                  *log;
    memory_t                   *memory;
    int64_t                     revision;    /* channels were told of */
    int64_t                     revised;     /* changes were told of */
    int                         news[2];     /* a pipe, -1: none */
    ngx_slack_store_t          *next;        /* who waits for news */
};


/* memory.c */

void memory_lock(ngx_slack_store_t *store);
void memory_unlock(ngx_slack_store_t *store);
ngx_uint_t memory_same(ngx_str_t *a, ngx_str_t *b);
ngx_uint_t memory_channel(memory_t *m, ngx_str_t *workspace,
    ngx_str_t *channel);
void *memory_push(ngx_array_t *array);
ngx_str_t memory_copy(ngx_pool_t *pool, ngx_str_t *s);
memory_message_t *memory_message(memory_t *m, int64_t id);
ngx_uint_t memory_leads(ngx_slack_store_t *store, int64_t term);
void memory_tell(memory_t *m);


/* memory_append.c */

ngx_int_t memory_append(ngx_slack_store_t *store, ngx_queue_t *entries,
    ngx_slack_more_pt more, void *data);


/* memory_delivery.c */

ngx_uint_t memory_serves(memory_t *m, memory_channel_t *channel);
ngx_int_t memory_serve(ngx_slack_store_t *store, int64_t term,
    ngx_slack_served_t *endpoints, ngx_uint_t n);
ngx_int_t memory_unserved(ngx_slack_store_t *store,
    ngx_slack_unserved_pt handler, void *data);
ngx_int_t memory_channels(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_outbox_channel_pt handler, void *data);
ngx_int_t memory_messages(ngx_slack_store_t *store, int64_t channel,
    ngx_slack_waiting_message_t *messages, ngx_uint_t *n);
ngx_int_t memory_changes(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_changing_pt handler, void *data);
ngx_int_t memory_change(ngx_slack_store_t *store, int64_t thread,
    ngx_slack_waiting_message_t *message);


/* memory_settle.c */

ngx_int_t memory_settle(ngx_slack_store_t *store, int64_t term,
    ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t nstandings);
ngx_int_t memory_memorize(ngx_slack_store_t *store, int64_t term,
    ngx_slack_memo_t *memos, ngx_uint_t n);
ngx_int_t memory_recall(ngx_slack_store_t *store, ngx_slack_memo_t *memo);
ngx_int_t memory_purge(ngx_slack_store_t *store);


/* memory_threads.c */

memory_thread_t *memory_thread(memory_t *m, int64_t id);
ngx_uint_t memory_in_line(memory_message_t *message);
ngx_uint_t memory_has_root(memory_t *m, memory_thread_t *thread);
void memory_sent_as(memory_t *m, memory_message_t *message,
    const char *answer);
ngx_uint_t memory_place(memory_t *m, ngx_slack_entry_t *event,
    ngx_slack_new_message_t *from, memory_message_t *message);
void memory_succeed(memory_t *m, memory_thread_t *thread);
void memory_settle_thread(memory_t *m, ngx_slack_settlement_t *st,
    memory_message_t *message, ngx_uint_t waited);
ngx_uint_t memory_replay_part(memory_t *m, memory_message_t *message);


/* memory_known.c */

void memory_forget(memory_t *m, ngx_slack_steer_t *steer, int64_t now);
ngx_int_t memory_threads(ngx_slack_store_t *store, ngx_slack_scope_t *scope,
    ngx_str_t *key, ngx_slack_thread_pt handler, void *data);
ngx_uint_t memory_purge_threads(memory_t *m, int64_t now);


/* memory_operators.c */

/* "dest" (NULL: none) is told what operators did */

ngx_uint_t memory_paused(memory_t *m, ngx_str_t *workspace,
    ngx_str_t *channel, ngx_uint_t whole, ngx_slack_outbox_channel_t *dest);

ngx_int_t memory_survey(ngx_slack_store_t *store, ngx_slack_survey_t *survey);
ngx_uint_t memory_unchanged(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
ngx_int_t memory_fate(ngx_slack_store_t *store, ngx_slack_fate_t *fate);
ngx_int_t memory_steer(ngx_slack_store_t *store, ngx_slack_steer_t *steer);


#endif /* _NGX_SLACK_ENGINE_MEMORY_H_INCLUDED_ */
