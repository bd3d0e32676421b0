
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Actions on what the body selects: dead letters are replayed or dropped,
 * threads forgotten.  Runs in the event loop unless stated otherwise.
 */


#include <ngx_slack_status_action.h>
#include <ngx_slack_json_writer.h>
#include <ngx_slack_wakeup.h>


typedef struct {
    ngx_slack_status_target_t   target;      /* first: the job's data */
    ngx_slack_steer_t           steer;
} ngx_slack_status_select_t;


static ngx_int_t ngx_slack_status_select(ngx_http_request_t *r,
    ngx_str_t *body, ngx_slack_steer_e action);
static void ngx_slack_status_select_work(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox);
static ngx_int_t ngx_slack_status_select_done(ngx_slack_status_job_t *job);
static void ngx_slack_status_select_log(ngx_http_request_t *r,
    ngx_slack_steer_t *steer);


ngx_int_t
ngx_slack_status_action_replay(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_slack_status_select(r, body, NGX_SLACK_STEER_REPLAY);
}


ngx_int_t
ngx_slack_status_action_drop(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_slack_status_select(r, body, NGX_SLACK_STEER_DROP);
}


ngx_int_t
ngx_slack_status_action_forget(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_slack_status_select(r, body, NGX_SLACK_STEER_FORGET);
}


static ngx_int_t
ngx_slack_status_select(ngx_http_request_t *r, ngx_str_t *body,
    ngx_slack_steer_e action)
{
    ngx_int_t                   answer;
    ngx_slack_status_job_t     *job;
    ngx_slack_status_target_t  *target;
    ngx_slack_status_select_t  *selection;

    selection = ngx_pcalloc(r->pool, sizeof(ngx_slack_status_select_t));
    if (selection == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    target = &selection->target;

    job = ngx_slack_status_action_create(r, body,
                                         (action == NGX_SLACK_STEER_REPLAY)
                                         ? NGX_SLACK_SELECTS_TO
                                         : NGX_SLACK_SELECTS, target, &answer);
    if (job == NULL) {
        return answer;
    }

    if (target->ways != 1
        || (target->ids == NULL && target->scope.workspace.len == 0
            && !target->all))
    {
        return ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST,
                                      "which %s?  One of \"ids\", "
                                      "\"workspace\" and \"all\":true is "
                                      "wanted",
                                      (action == NGX_SLACK_STEER_FORGET)
                                      ? "threads" : "dead letters");
    }

    selection->steer.action = action;
    selection->steer.ids = target->ids;
    selection->steer.n = target->n;
    selection->steer.to = target->to;
    selection->steer.scope = target->scope.workspace.len ? &target->scope
                                                         : NULL;

    ngx_slack_status_job_changes(job, selection, ngx_slack_status_select_work,
                                 ngx_slack_status_select_done);

    return ngx_slack_status_job_post(job);
}


/* executed in a pool thread */

static void
ngx_slack_status_select_work(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox)
{
    ngx_slack_status_select_t  *selection = job->data;

    job->rc = ngx_slack_outbox_steer(outbox, &selection->steer);

    if (selection->steer.count) {
        ngx_slack_wakeup_now();
    }
}


static ngx_int_t
ngx_slack_status_select_done(ngx_slack_status_job_t *job)
{
    ngx_slack_text_t            text;
    ngx_http_request_t         *r;
    ngx_slack_json_writer_t     w;
    ngx_slack_status_select_t  *selection;

    r = job->request;
    selection = job->data;

    if (selection->steer.count) {
        ngx_slack_status_select_log(r, &selection->steer);
    }

    if (job->rc == NGX_BUSY) {
        return ngx_slack_status_error(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "the outbox is full: %ui are "
                                      "replayed, the others stay; try "
                                      "again when some were sent",
                                      selection->steer.count);
    }

    if (job->rc != NGX_OK) {
        return ngx_slack_status_action_failed(r);
    }

    ngx_slack_text_init(&text, r->pool, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&w, &text);

    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_lit(&w, "count");
    ngx_slack_json_writer_integer(&w, (int64_t) selection->steer.count);
    ngx_slack_json_writer_object_end(&w);

    if (ngx_slack_json_writer_done(&w) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_send_json(r, NGX_HTTP_OK, &text);
}


static void
ngx_slack_status_select_log(ngx_http_request_t *r, ngx_slack_steer_t *steer)
{
    if (steer->action == NGX_SLACK_STEER_FORGET) {
        ngx_slack_log(NGX_LOG_NOTICE, r->connection->log, 0,
                      "slack_status: threads forgotten by an operator: %ui",
                      steer->count);
        return;
    }

    ngx_slack_log(NGX_LOG_NOTICE, r->connection->log, 0,
                  "slack_status: dead letters %s: %ui",
                  (steer->action == NGX_SLACK_STEER_DROP) ? "dropped"
                                                          : "replayed",
                  steer->count);
}
