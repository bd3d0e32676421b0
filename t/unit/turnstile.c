
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/ngx_slack_turnstile: who holds it excludes others, nobody overtakes,
 * a holder that is stopped does not hold them for ever, and one that dies not
 * at all.
 */

/*
 * unit: outbox/ngx_slack_turnstile.c core/ngx_slack_clock.c libs: -lpthread
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_turnstile.h>

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "tap.h"


#define ROUNDS   200
#define WORKERS  4


/* what the processes share */

typedef struct {
    ngx_slack_turnstile_t  ts;
    uint32_t               counter;
    uint32_t               inside;
    uint32_t               together;         /* were two inside? */
    uint8_t                order[WORKERS * ROUNDS];
} shared_t;


static shared_t  *shared;


/* a process that locks one of the mutexes, tells so, and holds on */

static pid_t
holder(ngx_uint_t stands)
{
    int    fds[2];
    char   byte;
    pid_t  pid;

    if (pipe(fds) == -1) {
        return -1;
    }

    pid = fork();

    if (pid == 0) {
        if ((stands ? pthread_mutex_lock(&shared->ts.turn) == 0
                    : ngx_slack_turnstile_lock(&shared->ts) == NGX_OK)
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


/* the one who writes is stopped, or the one who stands in the turn */

static void
test_stopped(ngx_uint_t stands)
{
    pid_t      pid;
    int64_t    start, took;
    ngx_int_t  rc;
    ngx_err_t  err;

    pid = holder(stands);
    tap_ok(pid > 0, stands ? "somebody stands in the turn"
                           : "somebody holds it");

    (void) kill(pid, SIGSTOP);

    start = ngx_slack_clock_monotonic();
    rc = ngx_slack_turnstile_lock(&shared->ts);
    err = ngx_errno;
    took = ngx_slack_clock_monotonic() - start;

    tap_ok(rc == NGX_ERROR && err == NGX_ETIMEDOUT,
           "one that is stopped is not waited for without end");
    tap_ok(took >= 3900, "but for a while");

    end(pid);

    start = ngx_slack_clock_monotonic();
    rc = ngx_slack_turnstile_lock(&shared->ts);
    took = ngx_slack_clock_monotonic() - start;

    tap_ok(rc == NGX_OK && took < 1000, "and free when it died");

    ngx_slack_turnstile_unlock(&shared->ts, 0);
}


/* somebody waits already when the holder is killed */

static void
test_killed(void)
{
    int    status;
    pid_t  pid, waits;

    pid = holder(0);
    waits = fork();

    if (waits == 0) {
        _exit(ngx_slack_turnstile_lock(&shared->ts) == NGX_OK ? 0 : 1);
    }

    usleep(100000);
    end(pid);

    tap_ok(waitpid(waits, &status, 0) == waits && status == 0,
           "who waits goes on when the holder is killed");

    /* and that one ended without giving it back */

    tap_ok(ngx_slack_turnstile_lock(&shared->ts) == NGX_OK, "and the next");
    ngx_slack_turnstile_unlock(&shared->ts, 0);
}


static void
take_turns(uint8_t me)
{
    ngx_uint_t  n;

    for (n = 0; n < ROUNDS; n++) {

        if (ngx_slack_turnstile_lock(&shared->ts) != NGX_OK) {
            _exit(1);
        }

        if (shared->inside++) {
            shared->together = 1;
        }

        usleep(200);

        shared->order[shared->counter++] = me;
        shared->inside--;

        ngx_slack_turnstile_unlock(&shared->ts, 0);
    }

    _exit(0);
}


/*
 * several take turns: never two at once, nobody fails, and who has had it does
 * not get it again while others wait
 */

static void
test_turns(void)
{
    int         status;
    pid_t       pids[WORKERS];
    ngx_uint_t  i, failed, again;

    failed = 0;
    again = 0;

    for (i = 0; i < WORKERS; i++) {
        pids[i] = fork();

        if (pids[i] == 0) {
            take_turns((uint8_t) i);
        }
    }

    for (i = 0; i < WORKERS; i++) {
        if (waitpid(pids[i], &status, 0) != pids[i] || status != 0) {
            failed++;
        }
    }

    /*
     * At both ends not all of them are there.  On a busy machine who is woken
     * comes too late at times; without turns nearly all would be the same.
     */

    for (i = ROUNDS / 2; i < 2 * ROUNDS; i++) {
        again += (shared->order[i] == shared->order[i - 1]);
    }

    tap_ok(failed == 0, "all got their turns");
    tap_ok(shared->counter == WORKERS * ROUNDS && !shared->together,
           "one at a time");
    tap_ok(again <= ROUNDS / 2, "nobody overtakes");
}


/* a pause after each lock while there are others, and none when they went */

static void
test_crowded(void)
{
    int64_t     start, paused;
    ngx_uint_t  n;

    start = ngx_slack_clock_monotonic();

    for (n = 0; n < 50; n++) {
        (void) ngx_slack_turnstile_lock(&shared->ts);
        ngx_slack_turnstile_unlock(&shared->ts, n == 0);
    }

    paused = ngx_slack_clock_monotonic() - start;

    tap_ok(paused >= 19 && shared->ts.crowded,
           "others find a pause after each lock");

    usleep(1100000);

    (void) ngx_slack_turnstile_lock(&shared->ts);
    ngx_slack_turnstile_unlock(&shared->ts, 0);

    tap_ok(shared->ts.crowded == 0, "for a second");
}


int
main(void)
{
    shared = mmap(NULL, sizeof(shared_t), PROT_READ|PROT_WRITE,
                  MAP_SHARED|MAP_ANONYMOUS, -1, 0);

    tap_ok(shared != MAP_FAILED
           && ngx_slack_turnstile_init(&shared->ts) == NGX_OK, "made");

    test_stopped(0);
    test_stopped(1);
    test_killed();
    test_turns();
    test_crowded();

    return tap_done();
}
