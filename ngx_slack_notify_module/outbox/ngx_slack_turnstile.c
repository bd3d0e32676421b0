
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The fair lock between workers.  Knows only mutexes and clocks.  Runs in
 * pool threads, as locking may block.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_turnstile.h>

#include <time.h>

#include <ngx_slack_clock.h>


/* s: the limit of waiting, as the holder of the lock may be stuck */
#define NGX_SLACK_TURNSTILE_PATIENCE  4

/* ms, and us: longer than others take to look again */
#define NGX_SLACK_TURNSTILE_CROWDED   1000
#define NGX_SLACK_TURNSTILE_PAUSE     400


#if (NGX_SLACK_HAVE_CLOCKLOCK)

#define NGX_SLACK_TURNSTILE_CLOCK     CLOCK_MONOTONIC

#define ngx_slack_turnstile_wait(mutex, until)                                \
    pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, until)

#else

#define NGX_SLACK_TURNSTILE_CLOCK     CLOCK_REALTIME

#define ngx_slack_turnstile_wait      pthread_mutex_timedlock

#endif


static ngx_err_t ngx_slack_turnstile_take(pthread_mutex_t *mutex,
    struct timespec *until);


ngx_int_t
ngx_slack_turnstile_init(ngx_slack_turnstile_t *ts)
{
    ngx_err_t            err;
    pthread_mutexattr_t  attr;

    err = pthread_mutexattr_init(&attr);

    if (err != 0) {
        ngx_set_errno(err);
        return NGX_ERROR;
    }

    err = pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);

    if (err == 0) {
        err = pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    }

    if (err == 0) {
        err = pthread_mutex_init(&ts->turn, &attr);
    }

    if (err == 0) {
        err = pthread_mutex_init(&ts->write, &attr);
    }

    (void) pthread_mutexattr_destroy(&attr);

    if (err != 0) {
        ngx_set_errno(err);
        return NGX_ERROR;
    }

    ts->crowded = 0;

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_turnstile_lock(ngx_slack_turnstile_t *ts)
{
    ngx_err_t        err;
    struct timespec  until;

    if (clock_gettime(NGX_SLACK_TURNSTILE_CLOCK, &until) == -1) {
        return NGX_ERROR;
    }

    until.tv_sec += NGX_SLACK_TURNSTILE_PATIENCE;

    err = ngx_slack_turnstile_take(&ts->turn, &until);

    if (err == 0) {
        err = ngx_slack_turnstile_take(&ts->write, &until);
        (void) pthread_mutex_unlock(&ts->turn);
    }

    if (err != 0) {
        ngx_set_errno(err);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* executed in a pool thread */

void
ngx_slack_turnstile_unlock(ngx_slack_turnstile_t *ts, ngx_uint_t crowded)
{
    int64_t  now;

    if (crowded || ts->crowded) {
        now = ngx_slack_clock_monotonic();

        if (crowded) {
            ts->crowded = now + NGX_SLACK_TURNSTILE_CROWDED;
        }

        if (now < ts->crowded) {
            (void) usleep(NGX_SLACK_TURNSTILE_PAUSE);

        } else {
            ts->crowded = 0;
        }
    }

    (void) pthread_mutex_unlock(&ts->write);
}


/*
 * A holder that died leaves nothing behind that must be repaired: the engine
 * undoes what was not committed.
 */

static ngx_err_t
ngx_slack_turnstile_take(pthread_mutex_t *mutex, struct timespec *until)
{
    ngx_err_t  err;

    err = ngx_slack_turnstile_wait(mutex, until);

    return (err == EOWNERDEAD) ? pthread_mutex_consistent(mutex) : err;
}
