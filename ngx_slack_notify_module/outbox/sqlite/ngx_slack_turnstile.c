
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The fair lock between processes.  Knows only files, flock(2) and the clock.
 * Runs in pool threads, as locking may block.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_turnstile.h>

#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <time.h>

#include <ngx_slack_clock.h>


/* ms: the limit of waiting, as the holder of the lock may be stuck */
#define NGX_SLACK_TURNSTILE_PATIENCE  4000

/*
 * ms: the signal is repeated, as the first one may arrive before flock() is
 * called
 */
#define NGX_SLACK_TURNSTILE_AGAIN     100

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id  _sigev_un._tid
#endif


typedef struct {
    timer_t                     timer;
    sigset_t                    mask;        /* the previous mask */
    int64_t                     deadline;    /* monotonic ms */
    unsigned                    set:1;
} ngx_slack_turnstile_alarm_t;


static ngx_int_t ngx_slack_turnstile_wait(ngx_slack_turnstile_t *ts);
static void ngx_slack_turnstile_set_alarm(ngx_slack_turnstile_alarm_t *alarm);
static void ngx_slack_turnstile_clear_alarm(
    ngx_slack_turnstile_alarm_t *alarm);
static void ngx_slack_turnstile_init_signal(void);
static void ngx_slack_turnstile_signal_handler(int signo);
static ngx_fd_t ngx_slack_turnstile_open_file(char *name);
static ngx_int_t ngx_slack_turnstile_flock(ngx_fd_t fd, int operation,
    int64_t deadline);


static pthread_once_t  ngx_slack_turnstile_once = PTHREAD_ONCE_INIT;
static int             ngx_slack_turnstile_signal;


void
ngx_slack_turnstile_init(ngx_slack_turnstile_t *ts)
{
    ts->turn = NGX_INVALID_FILE;
    ts->write = NGX_INVALID_FILE;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_turnstile_open(ngx_slack_turnstile_t *ts, char *turn, char *write)
{
    ngx_err_t  err;

    if (ts->write != NGX_INVALID_FILE) {
        return NGX_OK;
    }

    ts->turn = ngx_slack_turnstile_open_file(turn);
    if (ts->turn == NGX_INVALID_FILE) {
        return NGX_ERROR;
    }

    ts->write = ngx_slack_turnstile_open_file(write);

    if (ts->write == NGX_INVALID_FILE) {
        err = ngx_errno;
        ngx_slack_turnstile_close(ts);
        ngx_set_errno(err);

        return NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_slack_turnstile_close(ngx_slack_turnstile_t *ts)
{
    if (ts->turn != NGX_INVALID_FILE) {
        (void) close(ts->turn);
    }

    if (ts->write != NGX_INVALID_FILE) {
        (void) close(ts->write);
    }

    ngx_slack_turnstile_init(ts);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_turnstile_lock(ngx_slack_turnstile_t *ts)
{
    ngx_err_t  err;
    ngx_int_t  rc;

    if (flock(ts->turn, LOCK_EX|LOCK_NB) == -1) {
        return ngx_slack_turnstile_wait(ts);
    }

    if (flock(ts->write, LOCK_EX|LOCK_NB) == -1) {
        return ngx_slack_turnstile_wait(ts);
    }

    rc = ngx_slack_turnstile_flock(ts->turn, LOCK_UN, 0);

    if (rc != NGX_OK) {
        err = ngx_errno;
        ngx_slack_turnstile_unlock(ts);
        ngx_set_errno(err);
    }

    return rc;
}


/* executed in a pool thread */

void
ngx_slack_turnstile_unlock(ngx_slack_turnstile_t *ts)
{
    (void) ngx_slack_turnstile_flock(ts->write, LOCK_UN, 0);
}


/*
 * The kernel queues the processes that wait in flock(), but has no time limit.
 * So a timer sends a signal to this thread, which interrupts flock().
 */

static ngx_int_t
ngx_slack_turnstile_wait(ngx_slack_turnstile_t *ts)
{
    ngx_int_t                    rc;
    ngx_err_t                    err;
    ngx_slack_turnstile_alarm_t  alarm;

    ngx_slack_turnstile_set_alarm(&alarm);

    /* this process may hold the turn already; locking it again does no harm */

    rc = ngx_slack_turnstile_flock(ts->turn, LOCK_EX, alarm.deadline);

    if (rc == NGX_OK) {
        rc = ngx_slack_turnstile_flock(ts->write, LOCK_EX, alarm.deadline);
    }

    err = ngx_errno;

    ngx_slack_turnstile_clear_alarm(&alarm);

    (void) ngx_slack_turnstile_flock(ts->turn, LOCK_UN, 0);

    ngx_set_errno(err);

    return rc;
}


/* Without a timer the process waits without a limit. */

static void
ngx_slack_turnstile_set_alarm(ngx_slack_turnstile_alarm_t *alarm)
{
    sigset_t           set;
    struct sigevent    sev;
    struct itimerspec  its;

    alarm->set = 0;
    alarm->deadline = ngx_slack_clock_monotonic()
                      + NGX_SLACK_TURNSTILE_PATIENCE;

    (void) pthread_once(&ngx_slack_turnstile_once,
                        ngx_slack_turnstile_init_signal);

    if (ngx_slack_turnstile_signal == 0) {
        return;
    }

    ngx_memzero(&sev, sizeof(struct sigevent));

    sev.sigev_notify = SIGEV_THREAD_ID;
    sev.sigev_signo = ngx_slack_turnstile_signal;
    sev.sigev_notify_thread_id = (pid_t) syscall(SYS_gettid);

    if (timer_create(CLOCK_MONOTONIC, &sev, &alarm->timer) == -1) {
        return;
    }

    alarm->set = 1;

    sigemptyset(&set);
    sigaddset(&set, ngx_slack_turnstile_signal);

    (void) pthread_sigmask(SIG_UNBLOCK, &set, &alarm->mask);

    its.it_value.tv_sec = NGX_SLACK_TURNSTILE_PATIENCE / 1000;
    its.it_value.tv_nsec = (NGX_SLACK_TURNSTILE_PATIENCE % 1000) * 1000000;
    its.it_interval.tv_sec = 0;
    its.it_interval.tv_nsec = NGX_SLACK_TURNSTILE_AGAIN * 1000000;

    (void) timer_settime(alarm->timer, 0, &its, NULL);
}


static void
ngx_slack_turnstile_clear_alarm(ngx_slack_turnstile_alarm_t *alarm)
{
    if (!alarm->set) {
        return;
    }

    (void) timer_delete(alarm->timer);
    (void) pthread_sigmask(SIG_SETMASK, &alarm->mask, NULL);
}


/* Finds a signal without a handler; 0: there is none. */

static void
ngx_slack_turnstile_init_signal(void)
{
    int               signo;
    struct sigaction  sa;

    for (signo = SIGRTMAX; signo > SIGRTMIN; signo--) {

        if (sigaction(signo, NULL, &sa) == -1 || sa.sa_handler != SIG_DFL) {
            continue;
        }

        ngx_memzero(&sa, sizeof(struct sigaction));

        sa.sa_handler = ngx_slack_turnstile_signal_handler;
        sigemptyset(&sa.sa_mask);

        if (sigaction(signo, &sa, NULL) == 0) {
            ngx_slack_turnstile_signal = signo;
            return;
        }
    }
}


static void
ngx_slack_turnstile_signal_handler(int signo)
{
    /* void: it ends the system call */
}


static ngx_fd_t
ngx_slack_turnstile_open_file(char *name)
{
    return open(name, O_RDWR|O_CREAT|O_CLOEXEC|O_NOFOLLOW, S_IRUSR|S_IWUSR);
}


/* "deadline" 0: none */

static ngx_int_t
ngx_slack_turnstile_flock(ngx_fd_t fd, int operation, int64_t deadline)
{
    while (flock(fd, operation) == -1) {

        if (ngx_errno != NGX_EINTR) {
            return NGX_ERROR;
        }

        if (deadline && ngx_slack_clock_monotonic() >= deadline) {
            ngx_set_errno(NGX_ETIMEDOUT);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
