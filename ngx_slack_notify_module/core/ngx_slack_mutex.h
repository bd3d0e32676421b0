
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A mutex in shared memory for pool threads.  ngx_shmtx_lock() and
 * ngx_shmtx_unlock() write debug lines to the log of the cycle, which pool
 * threads must not do.
 *
 * While nginx runs, only these two functions may take such a mutex: they never
 * sleep on its semaphore, so unlocking wakes nobody.  The master can still
 * free the mutex of a worker that died.  It may be held for no longer than it
 * takes to copy some kilobytes.
 */


#ifndef _NGX_SLACK_MUTEX_H_INCLUDED_
#define _NGX_SLACK_MUTEX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* Spins until the mutex is taken.  Any thread. */

static ngx_inline void
ngx_slack_mutex_lock(ngx_shmtx_t *mutex)
{
    while (!ngx_shmtx_trylock(mutex)) {
        ngx_sched_yield();
    }
}


/* Frees the mutex; only the thread that has taken it may call this. */

static ngx_inline void
ngx_slack_mutex_unlock(ngx_shmtx_t *mutex)
{
    (void) ngx_atomic_cmp_set(mutex->lock, (ngx_atomic_uint_t) ngx_pid, 0);
}


#endif /* _NGX_SLACK_MUTEX_H_INCLUDED_ */
