
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Actions on dead letters: replay and drop.  Runs in the event loop unless
 * stated otherwise.
 */


#include <ngx_slack_status_action.h>
#include <ngx_slack_json_writer.h>
#include <ngx_slack_wakeup.h>


typedef struct {
    ngx_slack_status_target_t   target;      /* first: the job's data */
    ngx_slack_steer_t           steer;
    const char                 *done;        /* "replayed" */
} ngx_slack_status_replay_t;


static ngx_int_t ngx_slack_status_replay(ngx_http_request_t *r,
    ngx_str_t *body, ngx_uint_t drop);
static void ngx_slack_status_replay_select(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox);
static ngx_int_t ngx_slack_status_replay_selected(ngx_slack_status_job_t *job);


ngx_int_t
ngx_slack_status_action_replay(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_slack_status_replay(r, body, 0);
}


ngx_int_t
ngx_slack_status_action_drop(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_slack_status_replay(r, body, 1);
}


static ngx_int_t
ngx_slack_status_replay(ngx_http_request_t *r, ngx_str_t *body,
    ngx_uint_t drop)
{
    ngx_int_t                   answer;
    ngx_slack_status_job_t     *job;
    ngx_slack_status_target_t  *target;
    ngx_slack_status_replay_t  *action;

    action = ngx_pcalloc(r->pool, sizeof(ngx_slack_status_replay_t));
    if (action == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    target = &action->target;

    job = ngx_slack_status_action_create(r, body, 1, target, &answer);
    if (job == NULL) {
        return answer;
    }

    if (target->ways != 1
        || (target->ids == NULL && target->scope.workspace.len == 0
            && !target->all))
    {
        return ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST,
                                      "which dead letters?  One of "
                                      "\"ids\", \"workspace\" and "
                                      "\"all\":true is wanted");
    }

    action->steer.ids = target->ids;
    action->steer.n = target->n;
    action->steer.scope = target->scope.workspace.len ? &target->scope : NULL;

    action->steer.action = drop ? NGX_SLACK_STEER_DROP
                                : NGX_SLACK_STEER_REPLAY;
    action->done = drop ? "dropped" : "replayed";

    job->work = ngx_slack_status_replay_select;
    job->done = ngx_slack_status_replay_selected;

    return ngx_slack_status_job_post(job);
}


/* executed in a pool thread */

static void
ngx_slack_status_replay_select(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox)
{
    ngx_slack_status_replay_t  *action = job->data;

    job->rc = ngx_slack_outbox_steer(outbox, &action->steer);

    if (action->steer.count) {
        ngx_slack_wakeup_now();
    }
}


static ngx_int_t
ngx_slack_status_replay_selected(ngx_slack_status_job_t *job)
{
    ngx_slack_text_t            text;
    ngx_http_request_t         *r;
    ngx_slack_json_writer_t     w;
    ngx_slack_status_replay_t  *action;

    r = job->request;
    action = job->data;

    if (action->steer.count) {
        ngx_slack_log(NGX_LOG_NOTICE, r->connection->log, 0,
                      "slack_status: dead letters %s: %ui",
                      action->done, action->steer.count);
    }

    if (job->rc == NGX_BUSY) {
        return ngx_slack_status_error(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "the outbox is full: %ui are "
                                      "replayed, the others stay; try "
                                      "again when some were sent",
                                      action->steer.count);
    }

    if (job->rc != NGX_OK) {
        return ngx_slack_status_action_failed(r);
    }

    ngx_slack_text_init(&text, r->pool, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&w, &text);

    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_lit(&w, "count");
    ngx_slack_json_writer_integer(&w, (int64_t) action->steer.count);
    ngx_slack_json_writer_object_end(&w);

    if (ngx_slack_json_writer_done(&w) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_send_json(r, NGX_HTTP_OK, &text);
}
