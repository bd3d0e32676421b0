
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Elects one leader for an outbox among generations of workers and instances
 * of nginx: the leader is the process that holds the lock of a file beside the
 * outbox.  The kernel releases the lock when the process dies for whatever
 * reason.
 */


#ifndef _NGX_SLACK_SQLITE_LEADER_H_INCLUDED_
#define _NGX_SLACK_SQLITE_LEADER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    char                       *path;        /* of the lock file,
                                                NUL-terminated; the caller sets
                                                and frees it */
    ngx_fd_t                    fd;          /* NGX_INVALID_FILE: not open */
    int64_t                     term;        /* number of the last term; 0:
                                                none yet */
    unsigned                    held:1;
} ngx_slack_sqlite_leader_t;


void ngx_slack_sqlite_leader_init(ngx_slack_sqlite_leader_t *leader);


/*
 * Tries to lock the file, without waiting, and begins a term.  Runs in a pool
 * thread, after the fork.  NGX_OK: locked, leader->term is the new term;
 * NGX_DECLINED: another process holds the lock; NGX_ERROR: the file cannot be
 * used, logged at most once a minute.
 */

ngx_int_t ngx_slack_sqlite_leader_try(ngx_slack_sqlite_leader_t *leader,
    ngx_log_t *log);


/*
 * Returns 1 if the lock has been held since that term began and the locked
 * file is still the one that other processes would try to lock; else 0.
 * Inside a transaction that writes, 1 proves that no other leader has written
 * yet: a process that has locked another file by now can write only after this
 * transaction.
 */

ngx_uint_t ngx_slack_sqlite_leader_holds(ngx_slack_sqlite_leader_t *leader,
    int64_t term);


/*
 * Releases the lock and closes the file; does not block.  Any thread, but not
 * while another thread uses "leader".
 */

void ngx_slack_sqlite_leader_release(ngx_slack_sqlite_leader_t *leader);


#endif /* _NGX_SLACK_SQLITE_LEADER_H_INCLUDED_ */
