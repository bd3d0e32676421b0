
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/sqlite/ngx_slack_turnstile: who holds it excludes others, a holder
 * that is stopped does not hold them for ever, and one that dies not at all.
 */

/*
 * unit: outbox/sqlite/ngx_slack_turnstile.c core/ngx_slack_clock.c libs:
 * -lpthread
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_turnstile.h>

#include <signal.h>
#include <sys/wait.h>

#include "tap.h"


#define ROUNDS  200


static char  turn[] = "/tmp/ngx-slack-turnstile-XXXXXX";
static char  mine[] = "/tmp/ngx-slack-turnstile-XXXXXX";


/* a process that locks, tells so, and holds on */

static pid_t
holder(char *turn_name, char *write_name)
{
    int                    fds[2];
    char                   byte;
    pid_t                  pid;
    ngx_slack_turnstile_t  ts;

    if (pipe(fds) == -1) {
        return -1;
    }

    pid = fork();

    if (pid == 0) {
        ngx_slack_turnstile_init(&ts);

        if (ngx_slack_turnstile_open(&ts, turn_name, write_name) == NGX_OK
            && ngx_slack_turnstile_lock(&ts) == NGX_OK
            && write(fds[1], "l", 1) == 1)
        {
            for ( ;; ) {
                pause();
            }
        }

        _exit(1);
    }

    if (pid > 0 && read(fds[0], &byte, 1) != 1) {
        return -1;
    }

    (void) close(fds[0]);
    (void) close(fds[1]);

    return pid;
}


static void
end(pid_t pid)
{
    int  status;

    (void) kill(pid, SIGKILL);
    (void) waitpid(pid, &status, 0);
}


static void
test_stopped(ngx_slack_turnstile_t *ts)
{
    int        signo, changed;
    pid_t      pid;
    int64_t    start, took;
    sigset_t   before, after;
    ngx_int_t  rc;
    ngx_err_t  err;

    pid = holder(turn, mine);
    tap_ok(pid > 0, "somebody holds it");

    (void) kill(pid, SIGSTOP);
    (void) pthread_sigmask(SIG_SETMASK, NULL, &before);

    start = ngx_slack_clock_monotonic();
    rc = ngx_slack_turnstile_lock(ts);
    err = ngx_errno;
    took = ngx_slack_clock_monotonic() - start;

    (void) pthread_sigmask(SIG_SETMASK, NULL, &after);

    tap_ok(rc == NGX_ERROR && err == NGX_ETIMEDOUT,
           "a holder that is stopped is not waited for without end");
    tap_ok(took >= 1000, "but for a while");

    changed = 0;

    for (signo = 1; signo <= SIGRTMAX; signo++) {
        changed |= (sigismember(&before, signo) != sigismember(&after, signo));
    }

    tap_ok(!changed, "signals are blocked as before");

    end(pid);

    tap_ok(ngx_slack_turnstile_lock(ts) == NGX_OK,
           "the lock of one that died is free");

    ngx_slack_turnstile_unlock(ts);
}


/* the one who stands in the turn is stopped, not the one who writes */

static void
test_turn(ngx_slack_turnstile_t *ts)
{
    pid_t  pid;

    pid = holder(mine, turn);
    tap_ok(pid > 0, "somebody stands in the turn");

    (void) kill(pid, SIGSTOP);

    tap_ok(ngx_slack_turnstile_lock(ts) == NGX_ERROR
           && ngx_errno == NGX_ETIMEDOUT,
           "it is not waited for without end");

    end(pid);

    tap_ok(ngx_slack_turnstile_lock(ts) == NGX_OK, "and free when it died");

    ngx_slack_turnstile_unlock(ts);
}


/* several take turns: never two at once, and nobody fails */

static void
test_turns(void)
{
    int                    fd, status;
    char                   name[] = "/tmp/ngx-slack-turnstile-XXXXXX";
    pid_t                  pids[3];
    uint32_t               counter, old;
    ngx_uint_t             i, n, failed;
    ngx_slack_turnstile_t  ts;

    counter = 0;
    failed = 0;

    fd = mkstemp(name);

    if (fd == -1 || pwrite(fd, &counter, sizeof(uint32_t), 0) == -1) {
        tap_ok(0, "a file to count in");
        return;
    }

    for (i = 0; i < 3; i++) {
        pids[i] = fork();

        if (pids[i] != 0) {
            continue;
        }

        ngx_slack_turnstile_init(&ts);

        if (ngx_slack_turnstile_open(&ts, turn, mine) != NGX_OK) {
            _exit(1);
        }

        for (n = 0; n < ROUNDS; n++) {

            if (ngx_slack_turnstile_lock(&ts) != NGX_OK
                || pread(fd, &old, sizeof(uint32_t), 0) == -1)
            {
                _exit(1);
            }

            old++;
            usleep(50);

            if (pwrite(fd, &old, sizeof(uint32_t), 0) == -1) {
                _exit(1);
            }

            ngx_slack_turnstile_unlock(&ts);
        }

        _exit(0);
    }

    for (i = 0; i < 3; i++) {
        if (waitpid(pids[i], &status, 0) != pids[i] || status != 0) {
            failed++;
        }
    }

    tap_ok(failed == 0, "all got their turns");
    tap_ok(pread(fd, &old, sizeof(uint32_t), 0) > 0 && old == 3 * ROUNDS,
           "one at a time");

    (void) close(fd);
    (void) unlink(name);
}


int
main(void)
{
    ngx_slack_turnstile_t  ts;

    (void) close(mkstemp(turn));
    (void) close(mkstemp(mine));

    ngx_slack_turnstile_init(&ts);

    tap_ok(ngx_slack_turnstile_open(&ts, turn, mine) == NGX_OK, "opened");

    test_stopped(&ts);
    test_turn(&ts);
    test_turns();

    ngx_slack_turnstile_close(&ts);

    (void) unlink(turn);
    (void) unlink(mine);

    return tap_done();
}
