
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Actions on a workspace or channel: pause and resume.  Runs in the event loop
 * unless stated otherwise.
 */


#include <ngx_slack_status_action.h>
#include <ngx_slack_json_writer.h>
#include <ngx_slack_wakeup.h>


typedef struct {
    ngx_slack_status_target_t   target;      /* first: the job's data */
    ngx_uint_t                  resume;
    ngx_uint_t                  known;       /* the channel is configured */
    ngx_slack_steer_t           steer;
} ngx_slack_status_hold_t;


static ngx_int_t ngx_slack_status_hold(ngx_http_request_t *r, ngx_str_t *body,
    ngx_uint_t resume);
static void ngx_slack_status_hold_mark(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox);
static ngx_int_t ngx_slack_status_hold_marked(ngx_slack_status_job_t *job);


ngx_int_t
ngx_slack_status_action_pause(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_slack_status_hold(r, body, 0);
}


ngx_int_t
ngx_slack_status_action_resume(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_slack_status_hold(r, body, 1);
}


static ngx_int_t
ngx_slack_status_hold(ngx_http_request_t *r, ngx_str_t *body,
    ngx_uint_t resume)
{
    ngx_int_t                 answer;
    ngx_slack_status_job_t   *job;
    ngx_slack_status_hold_t  *action;

    action = ngx_pcalloc(r->pool, sizeof(ngx_slack_status_hold_t));
    if (action == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    job = ngx_slack_status_action_create(r, body, 0, &action->target, &answer);
    if (job == NULL) {
        return answer;
    }

    if (action->target.scope.workspace.len == 0) {
        return ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST,
                                      "\"workspace\" is missing");
    }

    if (action->target.workspace == NULL) {
        return ngx_slack_status_error(r, NGX_HTTP_NOT_FOUND,
                                      "no slack_workspace \"%V\" is in "
                                      "the configuration",
                                      &action->target.scope.workspace);
    }

    action->steer.action = resume ? NGX_SLACK_STEER_RESUME
                                  : NGX_SLACK_STEER_PAUSE;
    action->steer.scope = &action->target.scope;
    action->resume = resume;
    action->known = ngx_slack_status_is_configured(job->smcf,
                                                   action->target.workspace,
                                                   &action->target.scope);

    ngx_slack_status_job_changes(job, action, ngx_slack_status_hold_mark,
                                 ngx_slack_status_hold_marked);

    return ngx_slack_status_job_post(job);
}


/* executed in a pool thread */

static void
ngx_slack_status_hold_mark(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox)
{
    ngx_slack_status_hold_t  *action = job->data;

    if (!action->known) {

        /* a misspelt name must not seem to have paused something */

        job->rc = ngx_slack_status_is_stored(job, outbox,
                                             &action->target.scope);

        if (job->rc != NGX_OK) {
            return;
        }
    }

    job->rc = ngx_slack_outbox_steer(outbox, &action->steer);

    if (job->rc == NGX_OK) {
        ngx_slack_wakeup_now();
    }
}


static ngx_int_t
ngx_slack_status_hold_marked(ngx_slack_status_job_t *job)
{
    ngx_slack_text_t          text;
    ngx_slack_scope_t        *scope;
    ngx_http_request_t       *r;
    ngx_slack_status_hold_t  *action;
    ngx_slack_json_writer_t   w;

    r = job->request;
    action = job->data;
    scope = &action->target.scope;

    if (job->rc == NGX_DECLINED) {
        return ngx_slack_status_no_channel(r, scope);
    }

    if (job->rc != NGX_OK) {
        return ngx_slack_status_action_failed(r);
    }

    if (scope->whole) {
        ngx_slack_log(NGX_LOG_NOTICE, r->connection->log, 0,
                      "slack_workspace \"%V\": %s by an operator",
                      &scope->workspace,
                      action->resume ? "resumed" : "paused");

    } else {
        ngx_slack_log(NGX_LOG_NOTICE, r->connection->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": %s by an "
                      "operator", &scope->workspace, &scope->channel,
                      action->resume ? "resumed" : "paused");
    }

    ngx_slack_text_init(&text, r->pool, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&w, &text);

    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_lit(&w, "paused");
    ngx_slack_json_writer_bool(&w, action->steer.paused);
    ngx_slack_json_writer_object_end(&w);

    if (ngx_slack_json_writer_done(&w) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_send_json(r, NGX_HTTP_OK, &text);
}
