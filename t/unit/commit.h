
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the unit programs of group commit share: an engine, an event loop and a
 * thread pool of their own.  Included by the one file of a program.
 */


#ifndef _NGX_SLACK_UNIT_COMMIT_H_INCLUDED_
#define _NGX_SLACK_UNIT_COMMIT_H_INCLUDED_


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

/* what comes while an append waits, before each time it asks for more */
static ngx_uint_t   late;                    /* the first of them */
static ngx_uint_t   nlate[4];
static ngx_uint_t   asked;
static ngx_uint_t   asks;                    /* does it? */

static ngx_uint_t   locked;                  /* mutexes */
static ngx_uint_t   mutexes;
static ngx_int_t    lock_rc;


static inline void post(ngx_uint_t from, ngx_uint_t n);


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


ngx_int_t
ngx_thread_mutex_create(ngx_thread_mutex_t *mtx, ngx_log_t *log)
{
    if (lock_rc == NGX_OK) {
        mutexes++;
    }

    return lock_rc;
}


ngx_int_t
ngx_thread_mutex_destroy(ngx_thread_mutex_t *mtx, ngx_log_t *log)
{
    mutexes--;

    return NGX_OK;
}


ngx_int_t
ngx_thread_mutex_lock(ngx_thread_mutex_t *mtx, ngx_log_t *log)
{
    if (lock_rc == NGX_OK) {
        locked++;
    }

    return lock_rc;
}


ngx_int_t
ngx_thread_mutex_unlock(ngx_thread_mutex_t *mtx, ngx_log_t *log)
{
    locked--;

    return NGX_OK;
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


static inline ngx_slack_store_t *
fake_create(ngx_slack_outbox_conf_t *c, ngx_log_t *log)
{
    return (ngx_slack_store_t *) &engine;
}


static inline void
fake_destroy(ngx_slack_store_t *store)
{
    destroyed++;
}


/* as an engine that has to wait for its turn, and then asks for more */

static inline ngx_int_t
fake_append(ngx_slack_store_t *store, ngx_queue_t *queue,
    ngx_slack_more_pt more, void *data)
{
    ngx_queue_t        *q;
    ngx_slack_entry_t  *entry;

    appends++;
    appended = 0;
    asked = 0;

    if (asks && append_rc == NGX_OK) {

        do {
            post(late, nlate[asked]);
            late += nlate[asked++];

        } while (more(data) == NGX_OK);
    }

    for (q = ngx_queue_head(queue);
         q != ngx_queue_sentinel(queue);
         q = ngx_queue_next(q))
    {
        entry = ngx_queue_data(q, ngx_slack_entry_t, queue);

        entry->result = (append_rc == NGX_OK) ? NGX_SLACK_ENTRY_STORED
                                              : NGX_SLACK_ENTRY_FAILED;
        entry->stored = (append_rc == NGX_OK) ? stored : 0;
        entry->id = (int64_t) ++appended;
    }

    return append_rc;
}


static inline void
fake_describe(ngx_slack_outbox_conf_t *c,
    ngx_slack_outbox_description_t *description)
{
    description->kind = "fake";
    ngx_str_set(&description->address, "nowhere");
    ngx_str_set(&description->advice, "see to it");
}


static inline void
wake(void)
{
    wakes++;
}


/* a turn of the event loop: what was posted in the one before */

static inline void
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

static inline void
turn(void)
{
    while (!ngx_queue_empty(&ngx_posted_next_events)) {
        one_turn();
    }
}


/* what the pool does: a thread, then the loop */

static inline void
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


static inline void
handler(ngx_slack_entry_t *entry)
{
    if (entry != &entries[handled]) {
        out_of_order++;
    }

    handled++;
    failed += (entry->result == NGX_SLACK_ENTRY_FAILED);
}


static inline void
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
    asks = 0;
    late = 0;
    ngx_memzero(nlate, sizeof(nlate));
    locked = 0;
    mutexes = 0;
    lock_rc = NGX_OK;

    ngx_queue_init(&ngx_posted_next_events);

    commit = ngx_slack_commit_create(&conf, NULL, wake, &test_log);
}


static inline void
post(ngx_uint_t from, ngx_uint_t n)
{
    ngx_uint_t  i;

    for (i = from; i < from + n; i++) {
        if (ngx_slack_commit_post(commit, &entries[i]) != NGX_OK) {
            out_of_order++;
        }
    }
}


/* before the first start() */

static inline void
init(void)
{
    test_log.log_level = NGX_LOG_DEBUG_ALL;

    ngx_queue_init(&ngx_posted_next_events);

    engine.create = fake_create;
    engine.destroy = fake_destroy;
    engine.append = fake_append;
    engine.describe = fake_describe;
    conf.engine = &engine;
}


#endif /* _NGX_SLACK_UNIT_COMMIT_H_INCLUDED_ */
