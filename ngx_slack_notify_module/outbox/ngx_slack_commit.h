
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Group commit: requests share a transaction if their entries arrive in the
 * same turn of the event loop, while the previous commit runs, or while other
 * workers hold the turn to write.  Each worker has at most one commit in
 * progress.
 *
 * All functions are called in the event loop.
 */


#ifndef _NGX_SLACK_COMMIT_H_INCLUDED_
#define _NGX_SLACK_COMMIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_thread_pool.h>
#include <ngx_slack_outbox.h>


typedef struct ngx_slack_writer_s  ngx_slack_writer_t;


/*
 * Called in a pool thread right after a transaction that stored messages, to
 * wake the leader.  The completion in the event loop cannot do this: when a
 * worker exits, completions are never called.
 */

typedef void (*ngx_slack_commit_wake_pt)(void);


/*
 * Creates the writer of a worker; called after the fork.  "conf", "pool" and
 * "log" belong to the caller and must live as long as the cycle.  Free the
 * writer with ngx_slack_commit_destroy().  Returns NULL if there is no memory
 * or the mutex cannot be created; nginx has logged it.
 */

ngx_slack_writer_t *ngx_slack_commit_create(ngx_slack_outbox_conf_t *conf,
    ngx_thread_pool_t *pool, ngx_slack_commit_wake_pt wake, ngx_log_t *log);

/*
 * Queues an entry for the next commit.  NGX_OK: the outbox uses the entry
 * until it has called the entry's handler, which never happens within this
 * call.  NGX_BUSY: too many entries wait; this one was not taken and its
 * handler is not called.  Not logged.
 */

ngx_int_t ngx_slack_commit_post(ngx_slack_writer_t *commit,
    ngx_slack_entry_t *entry);

/*
 * Frees the writer.  Call it when the worker exits and the threads of the pool
 * are joined.  Handlers that were not called yet are never called.
 */

void ngx_slack_commit_destroy(ngx_slack_writer_t *commit);


#endif /* _NGX_SLACK_COMMIT_H_INCLUDED_ */
