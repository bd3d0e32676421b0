
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A fair lock between processes: a waiting process gets the lock before the
 * one that has just released it.  Locking runs in a pool thread, as it blocks.
 *
 * There are two lock files.  Only the process that holds the lock "turn" waits
 * for the lock "write".  A process that has written must wait for its turn
 * again, so it cannot overtake.  The kernel releases both locks when a process
 * dies, but not when it is stopped.
 */


#ifndef _NGX_SLACK_TURNSTILE_H_INCLUDED_
#define _NGX_SLACK_TURNSTILE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * used by one thread at a time; two turnstiles of one process exclude each
 * other, too
 */

typedef struct {
    ngx_fd_t                    turn;        /* NGX_INVALID_FILE: not open */
    ngx_fd_t                    write;
} ngx_slack_turnstile_t;


void ngx_slack_turnstile_init(ngx_slack_turnstile_t *ts);

/*
 * Opens the files with these NUL-terminated names, and creates them if needed;
 * does nothing if they are open.  NGX_ERROR: errno has the cause, not logged,
 * nothing is open.
 */
ngx_int_t ngx_slack_turnstile_open(ngx_slack_turnstile_t *ts, char *turn,
    char *write);
void ngx_slack_turnstile_close(ngx_slack_turnstile_t *ts);

/*
 * Blocks until locked, for at most about 4 seconds, or without limit if no
 * timer can be set.  NGX_ERROR: not locked, not logged, errno has the cause;
 * with NGX_ETIMEDOUT the holder did not release the lock in time.
 */

ngx_int_t ngx_slack_turnstile_lock(ngx_slack_turnstile_t *ts);
void ngx_slack_turnstile_unlock(ngx_slack_turnstile_t *ts);


#endif /* _NGX_SLACK_TURNSTILE_H_INCLUDED_ */
