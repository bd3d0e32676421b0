
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab: what an event belongs to.  Knows GitLab's payloads, not Slack.  Runs
 * in the event loop.
 */


#include <ngx_slack_gitlab.h>
#include <ngx_slack_object.h>


static ngx_int_t ngx_slack_gitlab_object_issue(ngx_slack_object_t *o,
    ngx_str_t *iid);
static ngx_int_t ngx_slack_gitlab_object_noteable(ngx_slack_object_t *o);
static ngx_int_t ngx_slack_gitlab_object_pipeline(ngx_slack_object_t *o,
    ngx_str_t *id);
static ngx_uint_t ngx_slack_gitlab_over(ngx_slack_event_t *event);


ngx_int_t
ngx_slack_gitlab_object(ngx_slack_event_t *event, ngx_pool_t *pool)
{
    ngx_slack_gitlab_t  *g;
    ngx_slack_object_t   o;

    g = (ngx_slack_gitlab_t *) event;

    o.event = event;
    o.pool = pool;
    ngx_str_null(&o.sender);
    o.project = &g->project_id;

    switch (event->kind) {

    case NGX_SLACK_EVENT_PUSH:
        event->belongs = NGX_SLACK_OBJECT_START;

        return ngx_slack_object_commit(&o, &event->after, &event->object);

    case NGX_SLACK_EVENT_ISSUE:
    case NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE:
        event->belongs = NGX_SLACK_OBJECT_WHOLE;
        event->final = ngx_slack_gitlab_over(event) ? 1 : 0;

        return ngx_slack_gitlab_object_issue(&o, &event->number);

    case NGX_SLACK_EVENT_MERGE_REQUEST:
        event->belongs = NGX_SLACK_OBJECT_WHOLE;
        event->final = ngx_slack_gitlab_over(event) ? 1 : 0;

        return ngx_slack_object_number(&o, "merge_request", &event->number,
                                       &event->object);

    case NGX_SLACK_EVENT_NOTE:
    case NGX_SLACK_EVENT_CONFIDENTIAL_NOTE:
    case NGX_SLACK_EVENT_EMOJI:
        event->belongs = NGX_SLACK_OBJECT_PART;

        return ngx_slack_gitlab_object_noteable(&o);

    case NGX_SLACK_EVENT_PIPELINE:
        event->belongs = NGX_SLACK_OBJECT_WHOLE;
        event->final = ngx_slack_gitlab_over(event) ? 1 : 0;

        return ngx_slack_gitlab_object_pipeline(&o, &event->number);

    case NGX_SLACK_EVENT_JOB:
        event->belongs = NGX_SLACK_OBJECT_PART;

        return ngx_slack_gitlab_object_pipeline(&o, &event->target);

    case NGX_SLACK_EVENT_DEPLOYMENT:
        event->belongs = NGX_SLACK_OBJECT_WHOLE;
        event->final = ngx_slack_gitlab_over(event) ? 1 : 0;

        return ngx_slack_object_global(&o, "deployment", &g->deployment_id,
                                       &event->object);

    case NGX_SLACK_EVENT_ALERT:
        event->belongs = NGX_SLACK_OBJECT_WHOLE;
        event->final = ngx_slack_gitlab_over(event) ? 1 : 0;

        return ngx_slack_object_page(&o, "alert", "/-/alert_management/",
                                     &event->object);

    default:
        return NGX_OK;
    }
}


/* A group's work item has no project, but a number of its own. */

static ngx_int_t
ngx_slack_gitlab_object_issue(ngx_slack_object_t *o, ngx_str_t *iid)
{
    ngx_slack_gitlab_t  *g;

    g = (ngx_slack_gitlab_t *) o->event;

    if (g->project_id.len == 0) {
        return ngx_slack_object_global(o, "issue", &g->issue_id,
                                       &o->event->object);
    }

    return ngx_slack_object_number(o, "issue", iid, &o->event->object);
}


static ngx_int_t
ngx_slack_gitlab_object_noteable(ngx_slack_object_t *o)
{
    ngx_slack_gitlab_t  *g;

    g = (ngx_slack_gitlab_t *) o->event;

    if (ngx_slack_forge_is(&g->noteable, "Commit")) {
        return ngx_slack_object_commit(o, &g->commit_sha, &o->event->object);
    }

    if (ngx_slack_forge_is(&g->noteable, "MergeRequest")) {
        return ngx_slack_object_number(o, "merge_request", &g->request_iid,
                                       &o->event->object);
    }

    if (ngx_slack_forge_is(&g->noteable, "Issue")
        || ngx_slack_forge_is(&g->noteable, "WorkItem"))
    {
        return ngx_slack_gitlab_object_issue(o, &g->issue_iid);
    }

    /* snippets, designs, epics of old and future types */

    return NGX_OK;
}


/*
 * The merge request is in the project that it is to be merged to, while the
 * pipeline may be a fork's.
 */

static ngx_int_t
ngx_slack_gitlab_object_pipeline(ngx_slack_object_t *o, ngx_str_t *id)
{
    ngx_slack_object_t   request;
    ngx_slack_gitlab_t  *g;

    g = (ngx_slack_gitlab_t *) o->event;

    request = *o;
    request.project = &g->target_id;

    if (ngx_slack_object_number(&request, "merge_request", &g->request_iid,
                                &o->event->parent)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_object_global(o, "pipeline", id, &o->event->object);
}


static ngx_uint_t
ngx_slack_gitlab_over(ngx_slack_event_t *event)
{
    ngx_str_t  *state;

    static ngx_str_t  states[] = {

        /* issue, merge request; actions, if no state is told */

        ngx_string("closed"), ngx_string("merged"),
        ngx_string("close"), ngx_string("merge"),

        /* pipeline, deployment */

        ngx_string("success"), ngx_string("failed"), ngx_string("canceled"),
        ngx_string("skipped"),

        /* alert */

        ngx_string("resolved"),

        ngx_null_string
    };

    for (state = states; state->len; state++) {
        if (ngx_slack_equal(state, event->state.len ? &event->state
                                                          : &event->action))
        {
            return 1;
        }
    }

    return 0;
}
