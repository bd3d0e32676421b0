
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Payloads structured like GitHub's: runs of workflows, as pipelines.  Knows
 * such payloads and events; no sender, not Slack.  Runs in the event loop.
 */


#include <ngx_slack_hub.h>


typedef struct {
    ngx_str_t                  name;
    ngx_str_t                  status;
} ngx_slack_hub_status_t;


static ngx_int_t ngx_slack_hub_run_ref(ngx_slack_hub_t *h, ngx_pool_t *pool);
static ngx_int_t ngx_slack_hub_run_pull(ngx_slack_hub_t *h, ngx_pool_t *pool);


static ngx_slack_hub_status_t  ngx_slack_hub_statuses[] = {
    { ngx_string("success"), ngx_string("success") },
    { ngx_string("failure"), ngx_string("failed") },
    { ngx_string("error"), ngx_string("failed") },
    { ngx_string("timed_out"), ngx_string("failed") },
    { ngx_string("startup_failure"), ngx_string("failed") },
    { ngx_string("cancelled"), ngx_string("canceled") },
    { ngx_string("action_required"), ngx_string("manual") },
    { ngx_string("in_progress"), ngx_string("running") },
    { ngx_string("requested"), ngx_string("created") },
    { ngx_string("queued"), ngx_string("pending") },
    { ngx_string("waiting"), ngx_string("waiting_for_resource") },
    { ngx_null_string, ngx_null_string }
};


ngx_str_t *
ngx_slack_hub_status(ngx_str_t *name)
{
    ngx_slack_hub_status_t  *s;

    for (s = ngx_slack_hub_statuses; s->name.len; s++) {
        if (ngx_slack_equal(&s->name, name)) {
            return &s->status;
        }
    }

    return name;
}


ngx_int_t
ngx_slack_hub_run(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    ngx_slack_event_t  *event;

    event = &h->event;

    if (ngx_slack_forge_is(&h->status, "completed") && h->conclusion.len) {
        event->action = *ngx_slack_hub_status(&h->conclusion);

    } else if (h->status.len) {
        event->action = *ngx_slack_hub_status(&h->status);

    } else {
        event->action = *ngx_slack_hub_status(&h->action);
    }

    event->state = event->action;
    event->title = event->commit_title;

    /* several workflows run on a ref; each has its own state */

    event->series = event->name;

    if (h->conclusion.len && h->started && event->time > h->started) {
        event->duration = (ngx_uint_t) (event->time - h->started);
    }

    if (ngx_slack_forge_url(event, pool, &event->commit_url, "/commit/",
                            &event->commit_id)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_hub_run_pull(h, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_hub_run_ref(h, pool);
}


/* Of several pull requests nobody knows which one the run is for. */

static ngx_int_t
ngx_slack_hub_run_pull(ngx_slack_hub_t *h, ngx_pool_t *pool)
{
    ngx_str_t  *number, *project;

    number = h->pulls.elts;
    project = h->pull_projects.elts;

    if (h->pulls.nelts != 1 || h->pull_projects.nelts != 1
        || (h->event.unread & NGX_SLACK_SUBJECT_OBJECT)
        || !ngx_slack_equal(project, &h->project_id))
    {
        return NGX_OK;
    }

    if (ngx_slack_forge_request(&h->event, pool, '#', number) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_forge_url(&h->event, pool, &h->event.request_url,
                               h->site->pull, number);
}


/* A branch of a fork is not the project's: show it as "owner:branch". */

static ngx_int_t
ngx_slack_hub_run_ref(ngx_slack_hub_t *h, ngx_pool_t *pool)
{
    u_char             *p, *slash;
    size_t              len;
    ngx_str_t           branch;
    ngx_slack_event_t  *event, fork;

    event = &h->event;

    if (h->head_project.len == 0
        || ngx_slack_equal(&h->head_project, &event->project))
    {
        return ngx_slack_forge_url(event, pool, &event->ref_url,
                                   h->site->branch, &event->ref);
    }

    branch = event->ref;

    fork.project_url = h->head_url;

    if (ngx_slack_forge_url(&fork, pool, &event->ref_url, h->site->branch,
                            &branch)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    slash = ngx_strlchr(h->head_project.data,
                        h->head_project.data + h->head_project.len, '/');

    len = slash ? (size_t) (slash - h->head_project.data)
                : h->head_project.len;

    event->ref.len = len + 1 + branch.len;
    event->ref.data = ngx_pnalloc(pool, event->ref.len);
    if (event->ref.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(event->ref.data, h->head_project.data, len);

    *p++ = ':';

    if (branch.len) {
        ngx_memcpy(p, branch.data, branch.len);
    }

    return NGX_OK;
}
