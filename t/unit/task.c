
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * task/ngx_slack_task: which timer goes with a task, and when a lender is
 * asked for its thread.
 */

/* unit: task/ngx_slack_task.c */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_task.h>

#include "shim.h"
#include "tap.h"


ngx_rbtree_t         ngx_event_timer_rbtree;
volatile ngx_msec_t  ngx_current_msec;

static ngx_log_t         test_log;
static ngx_int_t         post_rc;
static ngx_uint_t        ran;
static ngx_uint_t        ended;
static ngx_uint_t        given;
static ngx_slack_task_t  lender;
static ngx_slack_task_t  task;


/* nginx core's, as far as the file needs it */

ngx_int_t
ngx_thread_task_post(ngx_thread_pool_t *tp, ngx_thread_task_t *t)
{
    return post_rc;
}


void
ngx_rbtree_insert(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
}


void
ngx_rbtree_delete(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
}


static void
run(void *data)
{
    ran++;
}


static void
done(void *data)
{
    ended++;
}


static void
give(void *data)
{
    given += (data == &lender);
}


static void
begin(ngx_slack_task_t *t)
{
    t->task.handler(t->task.ctx, &test_log);
}


static void
end(ngx_slack_task_t *t)
{
    t->task.event.handler(&t->task.event);
}


static void
expire(ngx_slack_task_t *t)
{
    t->task.event.timer_set = 0;
    t->task.event.timedout = 1;
    t->task.event.handler(&t->task.event);
}


/* ms for which the task keeps the worker */

static ngx_msec_t
kept(ngx_slack_task_t *t)
{
    return t->task.event.timer_set
           ? t->task.event.timer.key - ngx_current_msec : 0;
}


static void
start(ngx_slack_task_t *t, const char *slow)
{
    ngx_memzero(t, sizeof(ngx_slack_task_t));

    t->run = run;
    t->done = done;
    t->data = t;
    t->slow = slow;
    t->log = &test_log;

    ngx_slack_task_init(t);
}


static void
test_timer(void)
{
    start(&task, "slow");

    tap_ok(ngx_slack_task_post(&task) == NGX_OK && kept(&task) == 60000
           && !task.task.event.cancelable, "a task keeps the worker");

    begin(&task);
    expire(&task);
    tap_ok(ngx_slack_shim_lines == 1 && kept(&task) == 60000 && ended == 0,
           "one that is slow is logged and still keeps it");

    end(&task);
    tap_ok(ran == 1 && ended == 1 && kept(&task) == 0, "until its end");

    ngx_slack_task_expect(&task);
    tap_ok(kept(&task) == 60000, "so does one that is expected");

    post_rc = NGX_ERROR;
    tap_ok(ngx_slack_task_post(&task) == NGX_ERROR && kept(&task) == 0
           && ended == 1, "one that the pool refuses does not");
    post_rc = NGX_OK;

    start(&task, NULL);
    (void) ngx_slack_task_post(&task);
    tap_ok(kept(&task) == 0, "one without a line does not");

    ngx_slack_task_keep(&task, 7000);
    tap_ok(kept(&task) == 7000, "unless for a time");

    expire(&task);
    tap_ok(kept(&task) == 0 && ngx_slack_shim_lines == 1,
           "which passes without a line");

    ngx_slack_task_keep(&task, 7000);
    ngx_slack_task_close(&task);
    tap_ok(kept(&task) == 0, "closed");
}


static void
test_lender(void)
{
    start(&lender, NULL);
    start(&task, "slow");
    ngx_slack_task_lender(&lender, give);

    (void) ngx_slack_task_post(&task);
    tap_ok(kept(&task) == 60000, "a lender without a thread has none to give");
    begin(&task);
    end(&task);

    (void) ngx_slack_task_post(&lender);
    begin(&lender);
    tap_ok(kept(&lender) == 0, "a lender does not wait for itself");

    (void) ngx_slack_task_post(&task);
    tap_ok(kept(&task) > 0 && kept(&task) < 100, "others wait for a moment");

    begin(&task);
    expire(&task);
    tap_ok(given == 0 && kept(&task) == 60000, "there was a thread");
    end(&task);

    (void) ngx_slack_task_post(&task);
    expire(&task);
    tap_ok(given == 1 && kept(&task) == 60000,
           "there was none: the lender is asked");
    tap_ok(ngx_slack_shim_lines == 1, "without a line");

    expire(&task);
    tap_ok(given == 1 && ngx_slack_shim_lines == 2,
           "once, then it is a slow task");
    end(&task);

    (void) ngx_slack_task_post(&task);
    end(&lender);
    expire(&task);
    tap_ok(given == 1, "one that has ended is not asked");
    end(&task);

    (void) ngx_slack_task_post(&lender);
    start(&task, NULL);
    (void) ngx_slack_task_post(&task);
    expire(&task);
    tap_ok(given == 2 && kept(&task) == 0, "for tasks without a line too");
    end(&task);

    ngx_slack_task_lender(NULL, NULL);
    start(&task, "slow");
    (void) ngx_slack_task_post(&task);
    tap_ok(kept(&task) == 60000, "no lender any more");
}


int
main(void)
{
    test_log.log_level = NGX_LOG_DEBUG_ALL;

    test_timer();
    test_lender();

    return tap_done();
}
