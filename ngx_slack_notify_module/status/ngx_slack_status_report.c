
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Answers a request with the snapshot in one of its formats.  Takes and writes
 * it in a pool thread; the other functions run in the event loop.
 */


#include <ngx_slack_clock.h>
#include <ngx_slack_status_snapshot.h>


#define NGX_SLACK_REPORT_POOL  (64 * 1024)


typedef struct {
    ngx_slack_status_snapshot_t  snapshot;
    ngx_slack_text_t             text;
    ngx_slack_status_writer_pt   write;
    ngx_str_t                    type;
} ngx_slack_status_report_t;


static void ngx_slack_status_report_work(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox);
static ngx_int_t ngx_slack_status_report_done(ngx_slack_status_job_t *job);


ngx_slack_status_job_t *
ngx_slack_status_report(ngx_http_request_t *r,
    ngx_slack_status_writer_pt write, const char *type,
    ngx_slack_status_snapshot_t **snapshot)
{
    ngx_slack_status_job_t     *job;
    ngx_slack_status_report_t  *report;

    job = ngx_slack_status_job_create(r);
    if (job == NULL) {
        return NULL;
    }

    report = ngx_pcalloc(job->pool, sizeof(ngx_slack_status_report_t));
    if (report == NULL) {
        return NULL;
    }

    report->snapshot.smcf = job->smcf;
    report->snapshot.asked = ngx_slack_clock_monotonic();
    report->snapshot.refuses = ngx_slack_status_refuses(r);
    report->snapshot.actions = (report->snapshot.refuses == NULL);
    report->snapshot.ask.state = NGX_SLACK_STAND_LAST;
    report->snapshot.ask.channels = NGX_SLACK_LISTED_DEFAULT;
    report->snapshot.ask.events = NGX_SLACK_HISTORY_EVENTS;
    report->snapshot.died = INT64_MAX;
    report->snapshot.id = INT64_MAX;

    report->write = write;
    report->type.data = (u_char *) type;
    report->type.len = ngx_strlen(type);

    ngx_slack_status_job_reads(job, report, ngx_slack_status_report_work,
                               ngx_slack_status_report_done);

    *snapshot = &report->snapshot;

    return job;
}


ngx_int_t
ngx_slack_status_report_asked(ngx_slack_status_job_t *job,
    ngx_slack_status_snapshot_t *snapshot, ngx_uint_t page)
{
    ngx_int_t  rc;
    ngx_str_t  error;

    rc = ngx_slack_status_query(job->request, snapshot, page, &error);

    if (rc == NGX_DECLINED) {
        return ngx_slack_status_error(job->request, NGX_HTTP_BAD_REQUEST,
                                      "%V", &error);
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_job_post(job);
}


/* executed in a pool thread */

static void
ngx_slack_status_report_work(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox)
{
    ngx_slack_status_report_t  *report = job->data;

    ngx_slack_text_init(&report->text, job->pool, NULL, 0,
                        NGX_SLACK_TEXT_NO_LIMIT);

    /* megabytes of many channels are freed here, not in the event loop */

    report->snapshot.pool = ngx_create_pool(NGX_SLACK_REPORT_POOL, job->log);
    if (report->snapshot.pool == NULL) {
        return;
    }

    if (ngx_slack_status_snapshot_take(&report->snapshot, outbox) == NGX_OK) {
        job->rc = report->write(&report->snapshot, &report->text);
    }

    ngx_destroy_pool(report->snapshot.pool);
}


static ngx_int_t
ngx_slack_status_report_done(ngx_slack_status_job_t *job)
{
    ngx_slack_status_report_t  *report = job->data;

    ngx_str_t  body;

    if (job->rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body.data = report->text.start;
    body.len = report->text.len;

    return ngx_slack_status_send(job->request, NGX_HTTP_OK, &report->type,
                                 &body);
}
