
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Jobs of slack_status: they read or change the outbox for an operator in a
 * pool thread, while the request waits.  Runs in the event loop unless stated
 * otherwise.
 */


#include <ngx_slack_status_snapshot.h>
#include <ngx_slack_http_wait.h>
#include <ngx_slack_log_queue.h>
#include <ngx_slack_task.h>
#include <ngx_slack_zone.h>


#define NGX_SLACK_JOBS      64               /* waiting, at most */
#define NGX_SLACK_JOB_SLOW  256               /* bytes */


/* one for each worker, created with its first job */

typedef struct {
    ngx_slack_outbox_t         *outbox;
    u_char                      slow[NGX_SLACK_JOB_SLOW];    /* warning */
    ngx_queue_t                 waiting;
    ngx_uint_t                  nwaiting;
    ngx_slack_status_job_t     *job;         /* used by the thread while it
                                                runs */
    ngx_slack_task_t            task;
} ngx_slack_status_operator_t;


static void ngx_slack_status_job_cleanup(void *data);
static ngx_int_t ngx_slack_status_job_operator(
    ngx_slack_main_conf_t *smcf);
static ngx_int_t ngx_slack_status_job_start(ngx_slack_status_operator_t *op);
static void ngx_slack_status_job_thread(void *data);
static void ngx_slack_status_job_done(void *data);
static void ngx_slack_status_job_end(ngx_slack_status_job_t *job);
static void ngx_slack_status_job_resume(ngx_http_request_t *r);


static ngx_slack_status_operator_t  *ngx_slack_status_operator;


ngx_slack_status_job_t *
ngx_slack_status_job_create(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t      *cln;
    ngx_slack_status_job_t  *job;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_slack_status_job_t));
    if (cln == NULL) {
        return NULL;
    }

    job = cln->data;

    ngx_memzero(job, sizeof(ngx_slack_status_job_t));

    job->request = r;
    job->log = ngx_slack_log_threads();
    job->rc = NGX_ERROR;
    job->smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

    /* the thread must not share the request's pool */

    job->pool = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, job->log);
    if (job->pool == NULL) {
        return NULL;
    }

    cln->handler = ngx_slack_status_job_cleanup;

    return job;
}


void
ngx_slack_status_job_reads(ngx_slack_status_job_t *job, void *data,
    ngx_slack_status_work_pt work, ngx_slack_status_done_pt done)
{
    ngx_slack_status_job_changes(job, data, work, done);

    job->reads = 1;
}


void
ngx_slack_status_job_changes(ngx_slack_status_job_t *job, void *data,
    ngx_slack_status_work_pt work, ngx_slack_status_done_pt done)
{
    job->data = data;
    job->work = work;
    job->done = done;
    job->reads = 0;
}


static void
ngx_slack_status_job_cleanup(void *data)
{
    ngx_slack_status_job_t  *job = data;

    ngx_destroy_pool(job->pool);
}


ngx_int_t
ngx_slack_status_job_post(ngx_slack_status_job_t *job)
{
    ngx_http_request_t           *r;
    ngx_slack_status_operator_t  *op;

    r = job->request;

    /* the job may have been posted before */

    job->finished = 0;
    job->rc = NGX_ERROR;

    if (job->smcf->pool == NULL) {

        /* without workspaces there is no outbox */

        job->work(job, NULL);

        return job->done(job);
    }

    if (ngx_slack_status_job_operator(job->smcf) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    op = ngx_slack_status_operator;

    if (op->nwaiting == NGX_SLACK_JOBS) {
        return ngx_slack_status_error(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "too many requests wait for the "
                                      "outbox");
    }

    ngx_queue_insert_tail(&op->waiting, &job->queue);
    op->nwaiting++;

    if (op->job == NULL && ngx_slack_status_job_start(op) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_wait(r, job, ngx_slack_status_job_resume);
}


ngx_int_t
ngx_slack_status_wait(ngx_http_request_t *r, void *data,
    ngx_http_event_handler_pt handler)
{
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_slack_notify_module);
    ctx->job = data;

    r->write_event_handler = handler;
    r->main->count++;

    ngx_slack_http_block(r);

    return NGX_DONE;
}


static ngx_int_t
ngx_slack_status_job_operator(ngx_slack_main_conf_t *smcf)
{
    ngx_slack_status_operator_t     *op;
    ngx_slack_outbox_description_t   description;

    if (ngx_slack_status_operator) {
        return NGX_OK;
    }

    op = ngx_calloc(sizeof(ngx_slack_status_operator_t), ngx_cycle->log);
    if (op == NULL) {
        return NGX_ERROR;
    }

    op->outbox = ngx_slack_outbox_open(&smcf->outbox, ngx_slack_log_threads());
    if (op->outbox == NULL) {
        ngx_free(op);
        return NGX_ERROR;
    }

    ngx_queue_init(&op->waiting);

    ngx_slack_outbox_describe(&smcf->outbox, &description);

    (void) ngx_snprintf(op->slow, sizeof(op->slow),
                        "slack_status: the outbox takes long to answer; %V%Z",
                        &description.advice);

    op->task.pool = smcf->pool;
    op->task.run = ngx_slack_status_job_thread;
    op->task.done = ngx_slack_status_job_done;
    op->task.data = op;
    op->task.slow = (char *) op->slow;
    op->task.log = ngx_cycle->log;

    ngx_slack_task_init(&op->task);

    ngx_slack_status_operator = op;

    return NGX_OK;
}


/*
 * Starts the first waiting job.  NGX_ERROR: it was removed from the queue, and
 * the failure logged.
 */

static ngx_int_t
ngx_slack_status_job_start(ngx_slack_status_operator_t *op)
{
    ngx_queue_t  *q;

    q = ngx_queue_head(&op->waiting);
    ngx_queue_remove(q);
    op->nwaiting--;

    op->job = ngx_queue_data(q, ngx_slack_status_job_t, queue);

    if (ngx_slack_task_post(&op->task) != NGX_OK) {
        op->job = NULL;
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* executed in a pool thread */

static void
ngx_slack_status_job_thread(void *data)
{
    ngx_slack_status_operator_t  *op = data;

    ngx_slack_counters_t  *counters;

    op->job->work(op->job, op->outbox);

    counters = ngx_slack_zone_counters();

    if (!op->job->reads && counters) {

        /* surveys taken before this action are outdated */

        (void) ngx_atomic_fetch_add(&counters->acted, 1);
    }
}


static void
ngx_slack_status_job_done(void *data)
{
    ngx_slack_status_operator_t  *op = data;

    ngx_queue_t             *q;
    ngx_slack_status_job_t  *job;

    job = op->job;
    op->job = NULL;

    while (!ngx_queue_empty(&op->waiting) && op->job == NULL) {

        q = ngx_queue_head(&op->waiting);

        if (ngx_slack_status_job_start(op) != NGX_OK) {
            ngx_slack_status_job_end(ngx_queue_data(q, ngx_slack_status_job_t,
                                                    queue));
        }
    }

    ngx_slack_status_job_end(job);
}


static void
ngx_slack_status_job_end(ngx_slack_status_job_t *job)
{
    ngx_slack_http_unblock(job->request);

    job->finished = 1;

    ngx_slack_http_resume(job->request);
}


static void
ngx_slack_status_job_resume(ngx_http_request_t *r)
{
    ngx_slack_http_ctx_t    *ctx;
    ngx_slack_status_job_t  *job;

    ctx = ngx_http_get_module_ctx(r, ngx_slack_notify_module);
    job = ctx->job;

    if (job == NULL || !job->finished) {
        return;
    }

    ctx->job = NULL;
    r->write_event_handler = ngx_http_request_empty_handler;

    ngx_http_finalize_request(r, job->done(job));
}


void
ngx_slack_status_job_exit(void)
{
    ngx_slack_status_operator_t  *op;

    op = ngx_slack_status_operator;

    if (op == NULL) {
        return;
    }

    ngx_slack_status_operator = NULL;

    ngx_slack_task_close(&op->task);

    ngx_slack_outbox_close(op->outbox);

    ngx_slack_status_survey_forget();

    ngx_free(op);
}
