
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/ngx_slack_commit: what is grouped, what is in flight, what comes
 * back.
 */

/* unit: outbox/ngx_slack_commit.c outbox/ngx_slack_outbox.c
 *       task/ngx_slack_task.c
 */


#include "commit.h"


static void
handler_posts(ngx_slack_entry_t *entry)
{
    handler(entry);

    (void) ngx_slack_commit_post(commit, &entries[handled + 1]);
}


static void
test_group(void)
{
    start();

    post(0, 3);

    tap_ok(posted == NULL, "posting starts nothing by itself");

    turn();

    tap_ok(posted != NULL && handled == 0, "the turn's end does");
    tap_ok(timer == &posted->event && !timer->cancelable,
           "a worker that shuts down waits for it");

    post(3, 2);
    turn();

    run_task();

    tap_ok(appended == 3 && wakes == 1, "one commit for what came together");
    tap_ok(handled == 3 && timer != NULL && !timer->cancelable,
           "which is told, and the others are waited for");

    turn();
    run_task();

    tap_ok(appended == 2 && handled == 5 && wakes == 2 && timer == NULL,
           "another one for what came meanwhile");

    turn();

    tap_ok(posted == NULL && failed == 0 && out_of_order == 0,
           "each once and in order");

    stored = 0;
    post(5, 1);
    turn();
    run_task();
    tap_ok(handled == 6 && wakes == 2, "nobody is woken for nothing");

    ngx_slack_commit_destroy(commit);
    tap_ok(destroyed == 1, "the store is destroyed in the end");
}


static void
test_gather(void)
{
    start();

    post(0, 1);
    one_turn();
    tap_ok(posted == NULL && timer != NULL && !timer->cancelable,
           "a turn may bring more, and is waited for");

    post(1, 1);
    one_turn();
    post(2, 1);
    one_turn();
    tap_ok(posted == NULL, "as long as each brings more");

    post(3, 1);
    one_turn();
    tap_ok(posted != NULL, "not for ever");

    run_task();
    tap_ok(appended == 4 && handled == 4 && timer == NULL,
           "then all of it is one commit");

    post(4, 2);
    one_turn();
    one_turn();
    tap_ok(posted != NULL, "a turn that brings nothing is the last");
    run_task();
    tap_ok(appended == 2 && handled == 6, "its commit");

    post(6, 64);
    one_turn();
    tap_ok(posted != NULL, "many do not wait for more");
    run_task();
    tap_ok(appended == 64 && handled == 70 && out_of_order == 0,
           "all of them in order");

    ngx_slack_commit_destroy(commit);
}


static void
test_failures(void)
{
    ngx_uint_t  lines;

    start();

    append_rc = NGX_ERROR;
    post(0, 2);
    turn();
    run_task();
    tap_ok(handled == 2 && failed == 2 && wakes == 0, "a failed commit");

    append_rc = NGX_OK;
    post_rc = NGX_ERROR;
    post(2, 2);
    tap_ok(handled == 2, "a pool that is full is not told from within");
    turn();
    tap_ok(handled == 4 && failed == 4 && timer == NULL && appends == 1,
           "but by the event loop");

    post_rc = NGX_OK;
    post(4, 1);
    turn();
    run_task();
    tap_ok(handled == 5 && failed == 4, "the next one goes well");

    post(5, 1);
    turn();
    lines = ngx_slack_shim_count[NGX_LOG_ALERT];
    timer->timer_set = 0;
    timer->timedout = 1;
    timer->handler(timer);
    tap_ok(handled == 5 && ngx_slack_shim_count[NGX_LOG_ALERT] == lines + 1
           && posted->event.timer_set && !posted->event.timedout,
           "one that takes long is waited for");
    run_task();
    tap_ok(handled == 6 && timer == NULL, "and ends well");

    post(6, 2);
    turn();
    post(8, 1);
    posted = NULL;
    ngx_slack_commit_destroy(commit);
    tap_ok(handled == 6 && timer == NULL && destroyed == 1
           && ngx_queue_empty(&ngx_posted_next_events),
           "what is under way when the worker exits is left alone");
}


static void
test_bounds(void)
{
    ngx_uint_t  i, taken;

    start();

    for (taken = 0; taken < MANY; taken++) {
        if (ngx_slack_commit_post(commit, &entries[taken]) != NGX_OK) {
            break;
        }
    }

    tap_ok(taken == 65536, "so many may wait");

    turn();

    tap_ok(ngx_slack_commit_post(commit, &entries[taken]) == NGX_OK,
           "one more when some are under way");

    for (i = 0; i < taken && handled < taken + 1; i++) {
        run_task();
        turn();
    }

    tap_ok(handled == taken + 1 && out_of_order == 0 && appends == 129,
           "they go in portions, in order");

    ngx_slack_commit_destroy(commit);

    start();

    entries[0].handler = handler_posts;
    post(0, 2);
    turn();
    run_task();
    tap_ok(handled == 2, "a handler that posts does not disturb the others");
    turn();
    run_task();
    tap_ok(appended == 1 && handled == 3 && out_of_order == 0,
           "and what it posts goes next");

    ngx_slack_commit_destroy(commit);
}


int
main(void)
{
    init();

    test_group();
    test_gather();
    test_failures();
    test_bounds();

    return tap_done();
}
