
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * One leader for an outbox, over generations of workers and instances of
 * nginx: who holds the lock of a file beside it.  The kernel frees the lock
 * when its holder dies in whatever way.
 */


#ifndef _NGX_SLACK_SQLITE_LEADER_H_INCLUDED_
#define _NGX_SLACK_SQLITE_LEADER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    char                       *path;        /* of the lock file; the owner
                                                sets and frees it */
    ngx_fd_t                    fd;          /* NGX_INVALID_FILE: not open */
    int64_t                     term;        /* of this leader; 0: none yet */
    unsigned                    held:1;
} ngx_slack_sqlite_leader_t;


void ngx_slack_sqlite_leader_init(ngx_slack_sqlite_leader_t *leader);


/*
 * In a pool thread, after the fork: tries to lock the file and begins a term.
 * NGX_OK: locked; NGX_DECLINED: another one holds the lock; NGX_ERROR: the
 * file cannot be used, logged once a minute
 */

ngx_int_t ngx_slack_sqlite_leader_try(ngx_slack_sqlite_leader_t *leader,
    ngx_log_t *log);


/*
 * 1: the lock is held since that term began, and the locked file is still the
 * one that others would try to lock.  Asked within a transaction that writes,
 * it proves that no other leader has written before: whoever could lock
 * another file by now writes after this transaction.
 */

ngx_uint_t ngx_slack_sqlite_leader_holds(ngx_slack_sqlite_leader_t *leader,
    int64_t term);


/* any thread, but not while another one tries; does not wait */

void ngx_slack_sqlite_leader_release(ngx_slack_sqlite_leader_t *leader);


#endif /* _NGX_SLACK_SQLITE_LEADER_H_INCLUDED_ */
