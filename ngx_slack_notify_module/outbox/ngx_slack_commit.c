
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Group commit (see the header).  Uses the outbox, events and thread tasks.
 * Runs in the event loop, except for functions that are marked otherwise.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_commit.h>
#include <ngx_slack_task.h>


#define NGX_SLACK_COMMIT_QUEUED   65536      /* waiting entries; more get
                                                NGX_BUSY */

/* limits the length of a commit, as other workers wait for their turn */
#define NGX_SLACK_COMMIT_ENTRIES  512

/*
 * With few entries, a commit waits for more in further turns of the event
 * loop, and while it waits for the turn to write.  With many, it starts at
 * once, and other requests are read meanwhile.
 */

#define NGX_SLACK_COMMIT_FEW      64         /* entries */
#define NGX_SLACK_COMMIT_TURNS    3

#define NGX_SLACK_COMMIT_SLOW     256        /* bytes */


struct ngx_slack_writer_s {
    ngx_slack_outbox_t         *outbox;
    u_char                      slow[NGX_SLACK_COMMIT_SLOW];     /* text to
                                                                    log */
    ngx_slack_commit_wake_pt    wake;
    ngx_log_t                  *log;

    ngx_thread_mutex_t          mutex;       /* for the next two */
    ngx_queue_t                 waiting;
    ngx_uint_t                  nwaiting;

    ngx_uint_t                  nseen;       /* at the last kick */
    ngx_uint_t                  turns;

    ngx_queue_t                 flying;      /* of the thread while busy */
    ngx_uint_t                  nflying;
    ngx_slack_task_t            task;
    ngx_event_t                 kick;
    ngx_connection_t            connection;  /* see
                                                ngx_slack_commit_create() */

    unsigned                    busy:1;
};


static void ngx_slack_commit_soon(ngx_slack_writer_t *commit);
static void ngx_slack_commit_kick(ngx_event_t *ev);
static void ngx_slack_commit_take(ngx_slack_writer_t *commit);
static void ngx_slack_commit_thread(void *data);
static ngx_int_t ngx_slack_commit_more(void *data);
static void ngx_slack_commit_done(void *data);


ngx_slack_writer_t *
ngx_slack_commit_create(ngx_slack_outbox_conf_t *conf, ngx_thread_pool_t *pool,
    ngx_slack_commit_wake_pt wake, ngx_log_t *log)
{
    ngx_slack_writer_t              *commit;
    ngx_slack_outbox_description_t   description;

    commit = ngx_calloc(sizeof(ngx_slack_writer_t), log);
    if (commit == NULL) {
        return NULL;
    }

    /*
     * set by ngx_calloc():
     *
     *     commit->nwaiting, commit->nseen, commit->turns = 0;
     *     commit->nflying = 0;
     *     commit->task, commit->kick, commit->connection: zeroed
     *     commit->busy = 0;
     */

    if (ngx_thread_mutex_create(&commit->mutex, log) != NGX_OK) {
        ngx_free(commit);
        return NULL;
    }

    commit->outbox = ngx_slack_outbox_open(conf, log);
    if (commit->outbox == NULL) {
        (void) ngx_thread_mutex_destroy(&commit->mutex, log);
        ngx_free(commit);
        return NULL;
    }

    commit->wake = wake;
    commit->log = log;

    ngx_slack_outbox_describe(conf, &description);

    (void) ngx_snprintf(commit->slow, sizeof(commit->slow),
                        "outbox commit takes long, requests wait for it; "
                        "%V%Z", &description.advice);

    ngx_queue_init(&commit->waiting);
    ngx_queue_init(&commit->flying);

    /* nginx's debug log takes the data of every event for a connection */

    commit->connection.fd = (ngx_socket_t) -1;
    commit->connection.data = commit;

    commit->kick.handler = ngx_slack_commit_kick;
    commit->kick.data = &commit->connection;
    commit->kick.log = log;

    commit->task.pool = pool;
    commit->task.run = ngx_slack_commit_thread;
    commit->task.done = ngx_slack_commit_done;
    commit->task.data = commit;
    commit->task.slow = (char *) commit->slow;
    commit->task.log = log;

    ngx_slack_task_init(&commit->task);

    return commit;
}


ngx_int_t
ngx_slack_commit_post(ngx_slack_writer_t *commit, ngx_slack_entry_t *entry)
{
    ngx_int_t  rc;

    if (ngx_thread_mutex_lock(&commit->mutex, commit->log) != NGX_OK) {
        return NGX_BUSY;
    }

    if (commit->nwaiting == NGX_SLACK_COMMIT_QUEUED) {
        rc = NGX_BUSY;

    } else {
        ngx_queue_insert_tail(&commit->waiting, &entry->queue);
        commit->nwaiting++;
        rc = NGX_OK;
    }

    (void) ngx_thread_mutex_unlock(&commit->mutex, commit->log);

    if (rc == NGX_OK && !commit->busy) {
        ngx_slack_commit_soon(commit);
    }

    return rc;
}


void
ngx_slack_commit_destroy(ngx_slack_writer_t *commit)
{
    ngx_slack_task_close(&commit->task);

    if (commit->kick.posted) {
        ngx_delete_posted_event(&commit->kick);
    }

    ngx_slack_outbox_close(commit->outbox);

    (void) ngx_thread_mutex_destroy(&commit->mutex, commit->log);

    ngx_free(commit);
}


/*
 * The next turn of the event loop comes without waiting; entries that arrive
 * before it share the commit.
 */

static void
ngx_slack_commit_soon(ngx_slack_writer_t *commit)
{
    ngx_post_event(&commit->kick, &ngx_posted_next_events);

    /* this timer keeps an exiting worker in its event loop until the commit */

    ngx_slack_task_expect(&commit->task);
}


static void
ngx_slack_commit_kick(ngx_event_t *ev)
{
    ngx_queue_t         *q;
    ngx_connection_t    *c;
    ngx_slack_entry_t   *entry;
    ngx_slack_writer_t  *commit;

    c = ev->data;
    commit = c->data;

    /* while not busy, no thread uses the queue, so no lock is needed */

    if (commit->busy || ngx_queue_empty(&commit->waiting)) {
        return;
    }

    if (commit->nwaiting > commit->nseen
        && commit->nwaiting < NGX_SLACK_COMMIT_FEW
        && commit->turns < NGX_SLACK_COMMIT_TURNS)
    {
        commit->nseen = commit->nwaiting;
        commit->turns++;

        ngx_slack_commit_soon(commit);

        return;
    }

    commit->nseen = 0;
    commit->turns = 0;

    commit->nflying = 0;

    ngx_slack_commit_take(commit);

    ngx_log_debug2(NGX_LOG_DEBUG_CORE, commit->log, 0,
                   "slack outbox commit: %ui entries, %ui wait",
                   commit->nflying, commit->nwaiting);

    commit->busy = 1;

    if (ngx_slack_task_post(&commit->task) != NGX_OK) {

        for (q = ngx_queue_head(&commit->flying);
             q != ngx_queue_sentinel(&commit->flying);
             q = ngx_queue_next(q))
        {
            entry = ngx_queue_data(q, ngx_slack_entry_t, queue);

            entry->result = NGX_SLACK_ENTRY_FAILED;
            entry->stored = 0;
            entry->stale = 0;
            entry->unknown = 0;
            entry->superseded = 0;
            entry->id = 0;
        }

        ngx_slack_commit_done(commit);
    }
}


/* executed in the event loop, or in a pool thread that holds the mutex */

static void
ngx_slack_commit_take(ngx_slack_writer_t *commit)
{
    ngx_queue_t  *q;

    while (commit->nwaiting && commit->nflying < NGX_SLACK_COMMIT_ENTRIES) {
        q = ngx_queue_head(&commit->waiting);
        ngx_queue_remove(q);
        ngx_queue_insert_tail(&commit->flying, q);

        commit->nwaiting--;
        commit->nflying++;
    }
}


/* executed in a pool thread */

static void
ngx_slack_commit_thread(void *data)
{
    ngx_slack_writer_t *commit = data;

    ngx_uint_t          stored;
    ngx_queue_t        *q;
    ngx_slack_entry_t  *entry;

    if (ngx_slack_outbox_append(commit->outbox, &commit->flying,
                                ngx_slack_commit_more, commit)
        != NGX_OK)
    {
        return;
    }

    stored = 0;

    for (q = ngx_queue_head(&commit->flying);
         q != ngx_queue_sentinel(&commit->flying);
         q = ngx_queue_next(q))
    {
        entry = ngx_queue_data(q, ngx_slack_entry_t, queue);

        for ( /* void */ ; entry; entry = entry->next) {
            stored += entry->stored;
        }
    }

    if (stored) {
        commit->wake();
    }
}


/*
 * executed in a pool thread
 *
 * Adds entries that arrived while this commit waited for its turn, or while
 * its first few entries were stored.
 */

static ngx_int_t
ngx_slack_commit_more(void *data)
{
    ngx_slack_writer_t *commit = data;

    ngx_uint_t  n;

    n = commit->nflying;

    if (n >= NGX_SLACK_COMMIT_FEW
        || ngx_thread_mutex_lock(&commit->mutex, commit->log) != NGX_OK)
    {
        return NGX_DONE;
    }

    ngx_slack_commit_take(commit);

    (void) ngx_thread_mutex_unlock(&commit->mutex, commit->log);

    return (commit->nflying > n) ? NGX_OK : NGX_DONE;
}


/*
 * Handlers may post new entries, which share the next commit with the entries
 * that wait already.  So the commit is scheduled first.
 */

static void
ngx_slack_commit_done(void *data)
{
    ngx_slack_writer_t *commit = data;

    ngx_queue_t         done;
    ngx_queue_t        *q;
    ngx_slack_entry_t  *entry;

    ngx_queue_init(&done);
    ngx_queue_add(&done, &commit->flying);
    ngx_queue_init(&commit->flying);

    commit->busy = 0;

    if (!ngx_queue_empty(&commit->waiting)) {
        ngx_slack_commit_soon(commit);
    }

    while (!ngx_queue_empty(&done)) {
        q = ngx_queue_head(&done);
        ngx_queue_remove(q);

        entry = ngx_queue_data(q, ngx_slack_entry_t, queue);
        entry->handler(entry);
    }
}
