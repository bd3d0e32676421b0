
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Threads in the SQLite engine: rows of "thread", and column "part" of
 * "message".  The functions run in a pool thread, in a transaction, and return
 * NGX_ERROR as told in ngx_slack_sqlite.h.
 */


#ifndef _NGX_SLACK_SQLITE_THREAD_H_INCLUDED_
#define _NGX_SLACK_SQLITE_THREAD_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>


/* thread.flags */

#define NGX_SLACK_SQLITE_NO_CHANGES  1       /* the root cannot be changed */
#define NGX_SLACK_SQLITE_NO_REPLIES  2
#define NGX_SLACK_SQLITE_ENDED       4
#define NGX_SLACK_SQLITE_PART_ROOT   8       /* the root tells of a part: no
                                                state changes it */

/* has the thread a root? */

#define NGX_SLACK_SQLITE_NO_ROOT     0
#define NGX_SLACK_SQLITE_ROOT_WAITS  1
#define NGX_SLACK_SQLITE_ROOT_SENT   2

/*
 * thread.last and thread.touched may be behind by so many messages and so many
 * ms, as most replies do not write them.  thread.expires may be behind by so
 * many ms, too.
 */

#define NGX_SLACK_SQLITE_BEHIND      4096
#define NGX_SLACK_SQLITE_LATE        60000

/* ngx_slack_new_part_t.became */

#define NGX_SLACK_SQLITE_BECAME_NOTHING  0
#define NGX_SLACK_SQLITE_BECAME_STALE    1
#define NGX_SLACK_SQLITE_BECAME_ROOT     2
#define NGX_SLACK_SQLITE_BECAME_CHANGE   3
#define NGX_SLACK_SQLITE_BECAME_REPLY    4

/* message.part */

#define ngx_slack_sqlite_role(part)  ((ngx_slack_role_e) ((part) & 7))
#define ngx_slack_sqlite_rank(part)  ((ngx_uint_t) (((part) >> 3) & 511))
#define ngx_slack_sqlite_whole(part) ((ngx_uint_t) (((part) >> 12) & 1))
#define ngx_slack_sqlite_stamp(part) ((part) >> 13)

/* the flag of a thread whose root is that message */

#define ngx_slack_sqlite_root_flag(part)                                      \
    (ngx_slack_sqlite_whole(part) ? 0 : NGX_SLACK_SQLITE_PART_ROOT)


/* a row of "thread"; which message has what id is not checked */

typedef struct {
    int64_t                     id;
    int64_t                     destination;
    int64_t                     stamp;
    ngx_uint_t                  rank;        /* 2 * clock + final */
    ngx_uint_t                  flags;
    int64_t                     root;        /* id of a message, also of one
                                                that does not wait any more */
    int64_t                     change;      /* id of the waiting change */
    int64_t                     since;
    int64_t                     touched;
    int64_t                     expires;
    int64_t                     last;        /* id of the newest message, see
                                                NGX_SLACK_SQLITE_BEHIND */
    ngx_uint_t                  has;         /* NGX_SLACK_SQLITE_…ROOT… */
    unsigned                    found:1;     /* it has its key */
    unsigned                    forgets:1;   /* its handle; not in the file */
} ngx_slack_sqlite_thread_t;


/* what a message is to its thread, as stored */

typedef struct {
    ngx_uint_t                  state;
    int64_t                     destination;
    int64_t                     thread;      /* id; 0: none */
    int64_t                     part;
} ngx_slack_sqlite_part_t;


/* ngx_slack_sqlite_root.c */

/* NGX_DECLINED, here and in the next two: there is no such row. */

ngx_int_t ngx_slack_sqlite_thread_of(ngx_slack_store_t *store, int64_t channel,
    ngx_str_t *key, ngx_slack_sqlite_thread_t *thread);
ngx_int_t ngx_slack_sqlite_thread(ngx_slack_store_t *store, int64_t id,
    ngx_slack_sqlite_thread_t *thread);
ngx_int_t ngx_slack_sqlite_part(ngx_slack_store_t *store, int64_t id,
    ngx_slack_sqlite_part_t *part);

/* Writes all members but "id", "destination" and "has". */

ngx_int_t ngx_slack_sqlite_set_thread(ngx_slack_store_t *store,
    ngx_slack_sqlite_thread_t *thread);

/*
 * Writes what a state changes of a thread that it neither ends nor becomes the
 * root of.  NGX_DECLINED: it does, or the thread is not as "old" any more, and
 * nothing is written.
 */

ngx_int_t ngx_slack_sqlite_set_stated(ngx_slack_store_t *store,
    ngx_slack_sqlite_thread_t *old, ngx_slack_sqlite_thread_t *thread);

/*
 * Adds a thread whose first message is its root, unless its key or its id is
 * taken; sqlite3_changes() tells.
 */

ngx_int_t ngx_slack_sqlite_add_thread(ngx_slack_store_t *store,
    ngx_str_t *key, ngx_slack_sqlite_thread_t *thread);

/* Takes a key from the thread that has it. */

ngx_int_t ngx_slack_sqlite_yield_key(ngx_slack_store_t *store, int64_t channel,
    ngx_str_t *key);

/* Puts a waiting message into its channel's line. */

ngx_int_t ngx_slack_sqlite_turn(ngx_slack_store_t *store, int64_t id,
    ngx_slack_role_e role);

/*
 * Makes the waiting change of a thread, if there is one, its root.  The caller
 * writes the thread.
 */

ngx_int_t ngx_slack_sqlite_succeed(ngx_slack_store_t *store,
    ngx_slack_sqlite_thread_t *thread);

/* Does this, and writes the thread, if it has no root any more. */

ngx_int_t ngx_slack_sqlite_lost(ngx_slack_store_t *store, int64_t thread);

/* Notes that a change does not wait any more. */

ngx_int_t ngx_slack_sqlite_end_change(ngx_slack_store_t *store, int64_t thread,
    int64_t change);

/*
 * Returns 1 if a state is older than the newest one of the thread, as far as
 * they can be compared; else 0.  Any thread.
 */

ngx_uint_t ngx_slack_sqlite_older(ngx_slack_sqlite_thread_t *thread,
    int64_t stamp, ngx_uint_t rank);


/* ngx_slack_sqlite_part.c; any thread */

/*
 * What a message becomes, one of NGX_SLACK_SQLITE_BECAME_…: nothing if it is
 * stored only in a known thread, and this is none.  "thread" has its key
 * (NULL: none has), "before" is what became of the state that it goes with.
 */

ngx_uint_t ngx_slack_sqlite_decide(ngx_slack_entry_t *event,
    ngx_slack_new_part_t *part, ngx_uint_t before, ngx_uint_t only,
    int64_t now, ngx_slack_sqlite_thread_t *thread);

/* Sets what its first message, place->thread, makes of a thread. */

void ngx_slack_sqlite_new_thread(ngx_slack_new_part_t *part, int64_t now,
    ngx_slack_sqlite_part_t *place, ngx_slack_sqlite_thread_t *thread);

/* Notes the stamp of a state that is not stale. */

void ngx_slack_sqlite_set_stamp(ngx_slack_sqlite_thread_t *thread,
    ngx_slack_new_part_t *part);

/* The flag of a thread whose root is to be that part. */

ngx_uint_t ngx_slack_sqlite_part_root(ngx_slack_new_part_t *part);

/* How long a thread is to be remembered after that part. */

int64_t ngx_slack_sqlite_expiry(ngx_slack_new_part_t *part, int64_t now);

/* message.part */

int64_t ngx_slack_sqlite_pack(ngx_slack_new_part_t *part,
    ngx_slack_role_e role);


/* ngx_slack_sqlite_thread.c */

/*
 * Decides what a new message is to its thread and updates that.  The message,
 * one of those of "event", gets the id store->newest + 1.  place->destination
 * is its channel; the other members are set, unless place->thread stays 0.
 * NGX_DECLINED: it is not to be stored, the results of "event" say why.
 */

ngx_int_t ngx_slack_sqlite_place(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, ngx_slack_new_message_t *message, int64_t now,
    ngx_slack_sqlite_part_t *place);


/* ngx_slack_sqlite_thread_cache.c */

/*
 * Finds a thread in the cache.  It has its key and a root, has not ended, and
 * its flags are right, except that its root may have got a handle; all else
 * may have changed, but "touched", "expires" and "last" only to what is later.
 * NGX_DECLINED: it is not in the cache.
 */

ngx_int_t ngx_slack_sqlite_recall_thread(ngx_slack_store_t *store,
    int64_t channel, ngx_str_t *key, ngx_slack_sqlite_thread_t *thread);

/* Keeps a thread that has its key; one that may not be kept is dropped. */

void ngx_slack_sqlite_keep_thread(ngx_slack_store_t *store, ngx_str_t *key,
    ngx_slack_sqlite_thread_t *thread);

/* Empties it.  Who changes threads other than by storing messages does. */

#define ngx_slack_sqlite_forget_threads(store)  (store)->emptied++

/*
 * Empties those of all processes, once the transaction is committed: a root is
 * lost, of which the file's triggers know nothing.
 */

ngx_int_t ngx_slack_sqlite_revise_threads(ngx_slack_store_t *store);


/* ngx_slack_sqlite_threads.c; these two open transactions themselves */

/*
 * Makes a step of the walk through threads and deletes those which it finds to
 * be deleted.  NGX_AGAIN: there may be more.
 */

ngx_int_t ngx_slack_sqlite_sweep(ngx_slack_store_t *store);

/* A handler of ngx_slack_sqlite_steer.c: forgets a thread. */

ngx_int_t ngx_slack_sqlite_forget_thread(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now);


#endif /* _NGX_SLACK_SQLITE_THREAD_H_INCLUDED_ */
