
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/ngx_slack_commit: what is grouped, what is in flight, what comes
 * back; with an engine, an event loop and a thread pool of the test's own.
 */

/* unit: outbox/ngx_slack_commit.c */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_slack_commit.h>
#include <ngx_slack_engine.h>

#include "shim.h"
#include "tap.h"


#define MANY  70000


ngx_queue_t          ngx_posted_next_events;
ngx_rbtree_t         ngx_event_timer_rbtree;
volatile ngx_msec_t  ngx_current_msec;

static ngx_log_t                   test_log;
static ngx_slack_outbox_conf_t     conf;
static ngx_slack_outbox_engine_t   engine;
static ngx_slack_entry_t           entries[MANY];
static ngx_thread_task_t          *posted;   /* to the pool */
static ngx_event_t                *timer;
static ngx_slack_writer_t         *commit;

static ngx_int_t    post_rc;
static ngx_int_t    append_rc;
static ngx_uint_t   appended;                /* entries of the last append */
static ngx_uint_t   stored;
static ngx_uint_t   appends;
static ngx_uint_t   wakes;
static ngx_uint_t   handled;
static ngx_uint_t   failed;
static ngx_uint_t   out_of_order;
static ngx_uint_t   destroyed;


/* nginx core's, as far as the file needs it */

ngx_int_t
ngx_thread_task_post(ngx_thread_pool_t *tp, ngx_thread_task_t *task)
{
    if (post_rc == NGX_OK) {
        tap_ok(posted == NULL, "one task at a time");
        posted = task;
        task->event.active = 1;
    }

    return post_rc;
}


void
ngx_rbtree_insert(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    timer = (ngx_event_t *) ((char *) node - offsetof(ngx_event_t, timer));
}


void
ngx_rbtree_delete(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    timer = NULL;
}


static ngx_slack_store_t *
fake_create(ngx_slack_outbox_conf_t *c, ngx_log_t *log)
{
    return (ngx_slack_store_t *) &engine;
}


static void
fake_destroy(ngx_slack_store_t *store)
{
    destroyed++;
}


static ngx_int_t
fake_append(ngx_slack_store_t *store, ngx_queue_t *queue)
{
    ngx_queue_t        *q;
    ngx_slack_entry_t  *entry;

    appends++;
    appended = 0;

    for (q = ngx_queue_head(queue);
         q != ngx_queue_sentinel(queue);
         q = ngx_queue_next(q))
    {
        entry = ngx_queue_data(q, ngx_slack_entry_t, queue);

        entry->rc = append_rc;
        entry->stored = (append_rc == NGX_OK) ? stored : 0;
        entry->id = (int64_t) ++appended;
    }

    return append_rc;
}


static void
wake(void)
{
    wakes++;
}


/* a turn of the event loop: what was posted in the one before */

static void
one_turn(void)
{
    ngx_queue_t  *q;
    ngx_event_t  *ev;

    if (ngx_queue_empty(&ngx_posted_next_events)) {
        return;
    }

    q = ngx_queue_head(&ngx_posted_next_events);
    ev = ngx_queue_data(q, ngx_event_t, queue);

    ngx_delete_posted_event(ev);
    ev->handler(ev);
}


/* as many of them as it takes when nothing comes in */

static void
turn(void)
{
    while (!ngx_queue_empty(&ngx_posted_next_events)) {
        one_turn();
    }
}


/* what the pool does: a thread, then the loop */

static void
run_task(void)
{
    ngx_thread_task_t  *task;

    task = posted;
    posted = NULL;

    task->handler(task->ctx, &test_log);

    task->event.complete = 1;
    task->event.active = 0;
    task->event.handler(&task->event);
}


static void
handler(ngx_slack_entry_t *entry)
{
    if (entry != &entries[handled]) {
        out_of_order++;
    }

    handled++;
    failed += (entry->rc == NGX_ERROR);
}


static void
handler_posts(ngx_slack_entry_t *entry)
{
    handler(entry);

    (void) ngx_slack_commit_post(commit, &entries[handled + 1]);
}


static void
start(void)
{
    ngx_uint_t  i;

    ngx_memzero(entries, sizeof(entries));

    for (i = 0; i < MANY; i++) {
        entries[i].handler = handler;
    }

    posted = NULL;
    timer = NULL;
    post_rc = NGX_OK;
    append_rc = NGX_OK;
    stored = 1;
    appends = 0;
    wakes = 0;
    handled = 0;
    failed = 0;
    out_of_order = 0;
    destroyed = 0;

    ngx_queue_init(&ngx_posted_next_events);

    commit = ngx_slack_commit_create(&conf, NULL, wake, &test_log);
}


static void
post(ngx_uint_t from, ngx_uint_t n)
{
    ngx_uint_t  i;

    for (i = from; i < from + n; i++) {
        if (ngx_slack_commit_post(commit, &entries[i]) != NGX_OK) {
            out_of_order++;
        }
    }
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
    test_log.log_level = NGX_LOG_DEBUG_ALL;

    ngx_queue_init(&ngx_posted_next_events);

    engine.create = fake_create;
    engine.destroy = fake_destroy;
    engine.append = fake_append;
    conf.engine = &engine;

    test_group();
    test_gather();
    test_failures();
    test_bounds();

    return tap_done();
}
