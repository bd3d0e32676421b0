
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A fair lock between the workers of an nginx, in memory that they share: who
 * waits gets it before the one that has just released it.  Locking runs in a
 * pool thread, as it blocks.
 *
 * There are two mutexes.  Only who holds "turn" waits for "write".  Whoever
 * has written must wait for the turn again, so it cannot overtake.  The kernel
 * releases both when a process dies, but not when it is stopped.
 */


#ifndef _NGX_SLACK_TURNSTILE_H_INCLUDED_
#define _NGX_SLACK_TURNSTILE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <pthread.h>


typedef struct {
    pthread_mutex_t             turn;
    pthread_mutex_t             write;
    int64_t                     crowded;     /* programs that do not share this
                                                memory write, too, until then;
                                                monotonic ms, of who holds
                                                "write" */
} ngx_slack_turnstile_t;


/*
 * Makes a turnstile of memory that is shared, and lives as long as anybody may
 * lock it.  NGX_ERROR: errno has the cause, not logged.
 */

ngx_int_t ngx_slack_turnstile_init(ngx_slack_turnstile_t *ts);

/*
 * Blocks until locked, for at most about 4 seconds.  NGX_ERROR: not locked,
 * not logged, errno has the cause; with NGX_ETIMEDOUT the holder did not
 * release the lock in time.
 */

ngx_int_t ngx_slack_turnstile_lock(ngx_slack_turnstile_t *ts);

/*
 * "crowded" is 1 if somebody who does not share the memory was met.  These can
 * but look again and again whether they may write: for a second they find a
 * pause after each lock, as they would hardly ever hit one otherwise.
 */

void ngx_slack_turnstile_unlock(ngx_slack_turnstile_t *ts, ngx_uint_t crowded);


#endif /* _NGX_SLACK_TURNSTILE_H_INCLUDED_ */
