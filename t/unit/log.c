
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * core/ngx_slack_log: how rare a line is, in a process and over several.
 */

/* unit: core/ngx_slack_log.c core/ngx_slack_clock.c */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_log.h>

#include <sys/mman.h>
#include <sys/wait.h>

#include "tap.h"


#define CHILDREN  4
#define ONE       NGX_SLACK_RARE_OUTBOX_MOVED
#define OTHER     NGX_SLACK_RARE_OUTBOX_WORKS


static ngx_slack_log_burst_t  burst;


/* how many of several processes were allowed to log */

static ngx_uint_t
allowed(ngx_slack_log_rare_e line)
{
    int         status;
    pid_t       pid;
    ngx_uint_t  i, n;

    n = 0;

    for (i = 0; i < CHILDREN; i++) {
        pid = fork();

        if (pid == 0) {
            _exit(ngx_slack_log_allowed(line, 0) ? 1 : 0);
        }

        if (waitpid(pid, &status, 0) == pid && WIFEXITED(status)) {
            n += (ngx_uint_t) WEXITSTATUS(status);
        }
    }

    return n;
}


/* how many of "n" lines at that moment were allowed */

static ngx_uint_t
lines(ngx_uint_t n, ngx_msec_t now, ngx_uint_t *silent)
{
    ngx_uint_t  i, allowed, before;

    allowed = 0;
    *silent = 0;

    for (i = 0; i < n; i++) {
        if (ngx_slack_log_burst(&burst, now, &before)) {
            allowed++;
            *silent += before;
        }
    }

    return allowed;
}


static void
test_burst(void)
{
    ngx_uint_t  silent;

    tap_ok(lines(NGX_SLACK_LOG_BURST, 5000, &silent) == NGX_SLACK_LOG_BURST
           && silent == 0, "a line for each request");
    tap_ok(lines(1000, 5999, &silent) == 0, "not for all of a flood");
    tap_ok(lines(1, 6000, &silent) == 1 && silent == 1000,
           "a second later the next one tells of them");
    tap_ok(lines(NGX_SLACK_LOG_BURST, 6100, &silent) == NGX_SLACK_LOG_BURST - 1
           && silent == 0, "once");
    tap_ok(lines(1, (ngx_msec_t) -1, &silent) == 1 && silent == 1,
           "the longest time later");
    tap_ok(lines(NGX_SLACK_LOG_BURST, 998, &silent) == NGX_SLACK_LOG_BURST - 1,
           "the clock may overflow");
}


int
main(void)
{
    ngx_uint_t              i, n;
    ngx_slack_log_table_t  *table;

    test_burst();

    tap_ok(allowed(ONE) == CHILDREN, "processes do not know of each other");
    tap_ok(ngx_slack_log_allowed(ONE, 0) && !ngx_slack_log_allowed(ONE, 0),
           "once, then not again");
    tap_ok(ngx_slack_log_allowed(OTHER, 0) == 1, "another line has its own");

    table = mmap(NULL, sizeof(ngx_slack_log_table_t), PROT_READ|PROT_WRITE,
                 MAP_SHARED|MAP_ANONYMOUS, -1, 0);
    if (table == MAP_FAILED) {
        return 1;
    }

    ngx_slack_log_share(table);

    tap_ok(allowed(ONE) == 1, "unless they share a table");
    tap_ok(allowed(OTHER) == 1, "for each line");
    tap_ok(allowed(ONE) == 0, "which lasts");

    ngx_slack_log_renew(table);

    tap_ok(allowed(ONE) == 1, "until it is renewed");

    for (n = 0, i = 0; i < 2 * NGX_SLACK_RARE_CAUSES; i++) {
        n += ngx_slack_log_allowed(NGX_SLACK_RARE_OUTBOX, i);
        n += ngx_slack_log_allowed(NGX_SLACK_RARE_OUTBOX, i);
    }

    tap_ok(n == NGX_SLACK_RARE_CAUSES, "each cause of a line has its own");

    (void) munmap(table, sizeof(ngx_slack_log_table_t));

    return tap_done();
}
