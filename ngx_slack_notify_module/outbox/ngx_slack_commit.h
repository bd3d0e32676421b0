
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Group commit: the entries of all requests that came in one turn of the
 * event loop, those that came while the last commit ran, and those that came
 * while other workers had their turn to write, share the next one.  One commit
 * of a worker is in flight at a time.
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
 * runs in the pool thread right after a transaction that stored messages; not
 * called from the event loop, as at exit completions never run
 */

typedef void (*ngx_slack_commit_wake_pt)(void);


/*
 * of a worker, after the fork; "conf" and "log" live as long as its cycle.
 * NULL: no memory
 */

ngx_slack_writer_t *ngx_slack_commit_create(ngx_slack_outbox_conf_t *conf,
    ngx_thread_pool_t *pool, ngx_slack_commit_wake_pt wake, ngx_log_t *log);

/*
 * NGX_OK: the entry is the outbox's until its handler is called, later, not
 * from within.  NGX_BUSY: too many wait, the entry was not taken
 */

ngx_int_t ngx_slack_commit_post(ngx_slack_writer_t *commit,
    ngx_slack_entry_t *entry);

/*
 * when the worker exits and the pool's threads are joined; entries whose
 * handlers were not called yet are left alone
 */

void ngx_slack_commit_destroy(ngx_slack_writer_t *commit);


#endif /* _NGX_SLACK_COMMIT_H_INCLUDED_ */
