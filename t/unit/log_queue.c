
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * core/ngx_slack_log_queue: lines of threads reach the logs of the cycle, each
 * once, whole and in order; who writes them; and what there is no room for.
 */

/* unit: core/ngx_slack_log_queue.c */
/* threads: core/ngx_slack_log_queue.c */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_log_queue.h>

#include <poll.h>
#include <pthread.h>

#include "shim.h"
#include "tap.h"


#define THREADS  4
#define LINES    8000


static ngx_time_t       now = { .sec = 1 };
volatile ngx_time_t    *ngx_cached_time = &now;

static ngx_cycle_t      cycle;
static ngx_log_t        all;                 /* of level info */
static ngx_log_t        some;                /* of level warn */
static ngx_log_t        file;                /* of level error, a file */
static ngx_open_file_t  files;

static pthread_t        loop;
static ngx_uint_t       next[THREADS];       /* lines of each thread */
static ngx_uint_t       nall, nsome;
static ngx_uint_t       wrong;
static ngx_uint_t       running;
static char             got[NGX_MAX_ERROR_STR];


/* what nginx's ngx_log_error() does with a log that has a writer */

static void
say(ngx_uint_t level, const char *line)
{
    ngx_log_t  *log;

    log = ngx_slack_log_threads();

    if (log->log_level >= level) {
        log->writer(log, level, (u_char *) line, strlen(line));
    }
}


/* the writers of the logs: as those of syslog, not made for two threads */

static void
write_all(ngx_log_t *log, ngx_uint_t level, u_char *buf, size_t len)
{
    unsigned long  thread, n;

    if (!pthread_equal(pthread_self(), loop) || buf[len - 1] != '\n'
        || level > log->log_level)
    {
        wrong++;
        return;
    }

    nall++;

    (void) ngx_cpystrn((u_char *) got, buf, ngx_min(len, sizeof(got)));

    if (sscanf(got, "thread %lu line %lu", &thread, &n) == 2
        && (thread >= THREADS || n != __sync_fetch_and_add(&next[thread], 1)))
    {
        wrong++;
    }
}


static void
write_some(ngx_log_t *log, ngx_uint_t level, u_char *buf, size_t len)
{
    if (!pthread_equal(pthread_self(), loop) || level > log->log_level) {
        wrong++;
    }

    nsome++;
}


static void *
thread(void *data)
{
    char             line[64];
    ngx_uint_t       i, n;
    struct timespec  pause;

    n = (ngx_uint_t) (uintptr_t) data;

    pause.tv_sec = 0;
    pause.tv_nsec = 1000000;

    for (i = 0; i < LINES; i++) {
        (void) snprintf(line, sizeof(line), "thread %lu line %lu\n",
                        (unsigned long) n, (unsigned long) i);
        say(i % 10 ? NGX_LOG_INFO : NGX_LOG_WARN, line);

        /* the queue has room for some thousands */

        while (i % 500 == 0 && __sync_fetch_and_add(&next[n], 0) <= i) {
            (void) nanosleep(&pause, NULL);
        }
    }

    (void) __sync_fetch_and_sub(&running, 1);

    return NULL;
}


static void *
flood(void *data)
{
    ngx_uint_t  i;

    for (i = 0; i < LINES; i++) {
        say(NGX_LOG_INFO, "a line that is one of too many\n");
    }

    return NULL;
}


static void *
one(void *data)
{
    say((ngx_uint_t) (uintptr_t) data, "one line\n");

    return NULL;
}


static void
run(void *(*handler)(void *), void *data)
{
    pthread_t  tid;

    if (pthread_create(&tid, NULL, handler, data) == 0) {
        (void) pthread_join(tid, NULL);
    }
}


static ngx_uint_t
readable(int timeout)
{
    struct pollfd  pfd;

    pfd.fd = ngx_slack_log_queue_fd();
    pfd.events = POLLIN;

    return poll(&pfd, 1, timeout) == 1;
}


static void
test_threads(void)
{
    pthread_t   tid[THREADS];
    ngx_uint_t  i, n;

    running = THREADS;

    for (i = 0; i < THREADS; i++) {
        if (pthread_create(&tid[i], NULL, thread, (void *) (uintptr_t) i)
            != 0)
        {
            exit(1);
        }
    }

    /* as the event loop does: only when it is called */

    while (__sync_fetch_and_add(&running, 0)) {
        if (readable(10)) {
            ngx_slack_log_queue_flush();
        }
    }

    for (i = 0; i < THREADS; i++) {
        (void) pthread_join(tid[i], NULL);
    }

    if (readable(0)) {
        ngx_slack_log_queue_flush();
    }

    n = 0;

    for (i = 0; i < THREADS; i++) {
        n += next[i];
    }

    tap_ok(n == THREADS * LINES && nall == n, "all lines of threads, once");
    tap_ok(nsome == n / 10, "to a log of a lower level those of its level");
    tap_ok(wrong == 0, "whole, in order, written by the event loop");
    tap_ok(!readable(0), "then it is called no more");
}


static void
test_order(void)
{
    nall = 0;

    run(one, (void *) NGX_LOG_INFO);
    tap_ok(nall == 0 && readable(0), "a thread's line waits and calls");

    say(NGX_LOG_INFO, "of the event loop\n");
    tap_ok(nall == 2 && strncmp(got, "of the event loop", 17) == 0,
           "the event loop's own is written at once, after it");

    run(one, (void *) NGX_LOG_DEBUG);
    tap_ok(!readable(0), "a line that no log wants does not wait");
}


static void
test_flood(void)
{
    ngx_uint_t  n;

    nall = 0;
    ngx_slack_shim_lines = 0;

    run(flood, NULL);
    ngx_slack_log_queue_flush();

    n = nall;

    tap_ok(n > 1000 && n < LINES, "of too many lines many");
    tap_ok(ngx_slack_shim_lines == 1
           && ngx_slack_shim_level == NGX_LOG_WARN
           && strtoul(strpbrk((char *) ngx_slack_shim_line, "0123456789"),
                      NULL, 10)
              == LINES - n,
           "and how many are missing");

    run(one, (void *) NGX_LOG_INFO);
    ngx_slack_log_queue_flush();

    tap_ok(nall == n + 1 && ngx_slack_shim_lines == 1, "then there is room");
}


static void
test_file(void)
{
    int      fds[2];
    char     text[64];
    ssize_t  n;

    if (pipe(fds) != 0) {
        exit(1);
    }

    files.fd = fds[1];
    file.file = &files;
    file.log_level = NGX_LOG_ERR;
    some.next = &file;

    run(one, (void *) NGX_LOG_WARN);
    run(one, (void *) NGX_LOG_ERR);
    ngx_slack_log_queue_flush();

    n = read(fds[0], text, sizeof(text));

    tap_ok(n == 9 && memcmp(text, "one line\n", 9) == 0,
           "to a file too, if its level is high enough");

    /* as USR1 does */

    run(one, (void *) NGX_LOG_ERR);

    (void) close(fds[0]);
    (void) close(fds[1]);

    if (pipe(fds) != 0) {
        exit(1);
    }

    files.fd = fds[1];

    ngx_slack_log_queue_flush();

    tap_ok(read(fds[0], text, sizeof(text)) == 9,
           "to the file that is the log's when it is written");

    (void) close(fds[0]);
    (void) close(fds[1]);

    some.next = NULL;
}


int
main(void)
{
    ngx_log_t  *log;

    loop = pthread_self();

    all.log_level = NGX_LOG_INFO;
    all.writer = write_all;
    all.next = &some;

    some.log_level = NGX_LOG_WARN;
    some.writer = write_some;

    cycle.log = &all;
    ngx_cycle = &cycle;

    tap_ok(ngx_slack_log_threads() == &all && ngx_slack_log_queue_fd() == -1,
           "without a queue it is the cycle's log");

    if (ngx_slack_log_queue_open(all.log_level) != NGX_OK) {
        return 1;
    }

    log = ngx_slack_log_threads();

    test_threads();
    test_order();
    test_flood();
    test_file();

    nall = 0;
    run(one, (void *) NGX_LOG_INFO);
    ngx_slack_log_queue_close();

    tap_ok(nall == 1, "closing it writes what waits");

    log->writer(log, NGX_LOG_INFO, (u_char *) "late\n", 5);

    tap_ok(nall == 2, "who still has the log can write");

    return tap_done();
}
