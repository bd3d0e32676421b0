
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Payloads structured like GitHub's: what an event belongs to.  Knows such
 * payloads and events; no sender, not Slack.  Runs in the event loop.
 */


#include <ngx_slack_hub.h>
#include <ngx_slack_object.h>


static ngx_int_t ngx_slack_hub_object_note(ngx_slack_object_t *o);
static ngx_int_t ngx_slack_hub_object_run(ngx_slack_object_t *o);
static ngx_uint_t ngx_slack_hub_deployed(ngx_str_t *status);


ngx_int_t
ngx_slack_hub_object(ngx_slack_event_t *event, ngx_pool_t *pool)
{
    ngx_slack_hub_t     *h;
    ngx_slack_object_t   o;

    h = (ngx_slack_hub_t *) event;

    o.event = event;
    o.pool = pool;
    o.sender = h->site->sender;
    o.project = &h->project_id;

    switch (event->kind) {

    case NGX_SLACK_EVENT_PUSH:

        /* "create" and "delete" tell no commit */

        event->belongs = NGX_SLACK_OBJECT_START;

        return ngx_slack_object_commit(&o, &event->after, &event->object);

    case NGX_SLACK_EVENT_ISSUE:
    case NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE:
        event->belongs = NGX_SLACK_OBJECT_WHOLE;
        event->final = ngx_slack_forge_is(&event->state, "closed");

        return ngx_slack_object_number(&o, "issue", &event->number,
                                       &event->object);

    case NGX_SLACK_EVENT_MERGE_REQUEST:
        event->belongs = NGX_SLACK_OBJECT_WHOLE;
        event->final = ngx_slack_forge_is(&h->pull_state, "closed");

        return ngx_slack_object_number(&o, "merge_request", &event->number,
                                       &event->object);

    case NGX_SLACK_EVENT_NOTE:
    case NGX_SLACK_EVENT_CONFIDENTIAL_NOTE:
        event->belongs = NGX_SLACK_OBJECT_PART;

        return ngx_slack_hub_object_note(&o);

    case NGX_SLACK_EVENT_PIPELINE:
        event->belongs = NGX_SLACK_OBJECT_WHOLE;
        event->final = ngx_slack_forge_is(&h->status, "completed");

        return ngx_slack_hub_object_run(&o);

    case NGX_SLACK_EVENT_DEPLOYMENT:
        event->belongs = NGX_SLACK_OBJECT_WHOLE;
        event->final = ngx_slack_hub_deployed(&h->status) ? 1 : 0;

        return ngx_slack_object_global(&o, "deployment", &h->deployment_id,
                                       &event->object);

    default:
        return NGX_OK;
    }
}


static ngx_int_t
ngx_slack_hub_object_note(ngx_slack_object_t *o)
{
    ngx_slack_hub_t    *h;
    ngx_slack_event_t  *event;

    event = o->event;
    h = (ngx_slack_hub_t *) event;

    if (ngx_slack_forge_is(&event->type, "commit")) {
        return ngx_slack_object_commit(o, &h->commit_sha, &event->object);
    }

    return ngx_slack_object_number(o, h->pull.len ? "merge_request" : "issue",
                                   &event->number, &event->object);
}


/* The pull request may be in another project than the run. */

static ngx_int_t
ngx_slack_hub_object_run(ngx_slack_object_t *o)
{
    ngx_slack_hub_t     *h;
    ngx_slack_object_t   request;

    h = (ngx_slack_hub_t *) o->event;

    if (h->pulls.nelts == 1 && h->pull_projects.nelts == 1
        && !(o->event->unread & NGX_SLACK_SUBJECT_OBJECT))
    {
        request = *o;
        request.project = h->pull_projects.elts;

        if (ngx_slack_object_number(&request, "merge_request", h->pulls.elts,
                                    &o->event->parent)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (h->suite_id.len) {
        return ngx_slack_object_global(o, "check_suite", &h->suite_id,
                                       &o->event->object);
    }

    return ngx_slack_object_global(o, "pipeline", &h->run_id,
                                   &o->event->object);
}


static ngx_uint_t
ngx_slack_hub_deployed(ngx_str_t *status)
{
    return ngx_slack_forge_is(status, "success")
           || ngx_slack_forge_is(status, "failure")
           || ngx_slack_forge_is(status, "error")
           || ngx_slack_forge_is(status, "inactive");
}
