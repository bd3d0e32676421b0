
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/ngx_slack_commit: what comes while a commit waits for its turn.
 */

/* unit: outbox/ngx_slack_commit.c outbox/ngx_slack_outbox.c
 *       task/ngx_slack_task.c
 */


#include "commit.h"


static void
test_late(void)
{
    start();
    asks = 1;

    post(0, 2);
    turn();

    late = 2;
    nlate[0] = 3;
    nlate[1] = 1;
    run_task();
    tap_ok(appended == 6 && asked == 3 && handled == 6 && wakes == 1,
           "what comes while a commit waits for its turn goes with it");
    tap_ok(posted == NULL && timer == NULL
           && ngx_queue_empty(&ngx_posted_next_events),
           "and nothing is left to do");

    post(6, 2);
    turn();
    nlate[0] = 70;
    nlate[1] = 3;
    late = 8;
    run_task();
    tap_ok(appended == 72 && asked == 2 && handled == 78,
           "until they are many");

    nlate[0] = 0;
    nlate[1] = 0;
    turn();
    run_task();
    tap_ok(appended == 3 && handled == 81 && out_of_order == 0,
           "then others are a commit of their own");

    post(81, 64);
    turn();
    nlate[0] = 1;
    late = 145;
    run_task();
    tap_ok(appended == 64 && handled == 145, "many do not wait for more");

    nlate[0] = 0;
    turn();
    run_task();

    post(146, 1);
    turn();
    nlate[0] = 600;
    late = 147;
    run_task();
    tap_ok(appended == 512 && handled == 658,
           "a commit does not get longer than others can wait for");

    nlate[0] = 0;
    turn();
    run_task();
    tap_ok(appended == 89 && handled == 747 && out_of_order == 0,
           "what it left comes next");

    post(747, 1);
    turn();
    post(748, 2);
    append_rc = NGX_ERROR;
    run_task();
    tap_ok(handled == 748 && failed == 1,
           "what came while one failed has not failed");

    append_rc = NGX_OK;
    turn();
    run_task();
    tap_ok(handled == 750 && failed == 1 && out_of_order == 0,
           "but is tried by itself");

    tap_ok(locked == 0 && mutexes == 1, "the lock is given back");
    ngx_slack_commit_destroy(commit);
    tap_ok(mutexes == 0, "and destroyed in the end");
}


/* a lock that fails must neither lose nor hang what is there */

static void
test_lock(void)
{
    start();
    asks = 1;

    post(0, 1);
    turn();
    post(1, 1);
    lock_rc = NGX_ERROR;
    tap_ok(ngx_slack_commit_post(commit, &entries[2]) == NGX_BUSY,
           "without a lock nothing is taken");
    run_task();
    tap_ok(appended == 1 && handled == 1,
           "what is under way is not held up");

    lock_rc = NGX_OK;
    turn();
    run_task();
    tap_ok(appended == 1 && handled == 2 && locked == 0, "nor what waits");

    ngx_slack_commit_destroy(commit);

    lock_rc = NGX_ERROR;
    destroyed = 0;
    tap_ok(ngx_slack_commit_create(&conf, NULL, wake, &test_log) == NULL
           && destroyed == 0, "no writer without a lock");
}


int
main(void)
{
    init();

    test_late();
    test_lock();

    return tap_done();
}
