
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab: pipelines, their merge requests and their failed jobs.  Runs in the
 * event loop.
 */


#include <ngx_slack_gitlab.h>


/*
 * More jobs than a pipeline has.  Limits the work of finding retried jobs,
 * which is quadratic.
 */
#define NGX_SLACK_GITLAB_JOBS_MAX  2000


static ngx_int_t ngx_slack_gitlab_pipeline_ref(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool);
static ngx_int_t ngx_slack_gitlab_jobs(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool);
static ngx_uint_t ngx_slack_gitlab_job_counts(ngx_slack_gitlab_t *g,
    ngx_uint_t n);


ngx_int_t
ngx_slack_gitlab_pipeline(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_slack_event_t  *event;

    event = &g->event;

    event->state = event->action;
    event->title = event->commit_title;
    event->warnings = ngx_slack_forge_is(&g->detailed_status,
                                         "passed with warnings");

    if (ngx_slack_gitlab_run_for(g, pool) != NGX_OK
        || ngx_slack_gitlab_pipeline_ref(g, pool) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (event->url.len == 0
        && ngx_slack_gitlab_url(g, pool, &event->url, "/-/pipelines/",
                                &event->number)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_gitlab_jobs(g, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    if (event->jobs.nelts == 0 || event->url.len == 0) {
        return NGX_OK;
    }

    event->jobs_url.len = event->url.len + sizeof("/failures") - 1;
    event->jobs_url.data = ngx_pnalloc(pool, event->jobs_url.len);
    if (event->jobs_url.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(ngx_cpymem(event->jobs_url.data, event->url.data,
                          event->url.len),
               "/failures", sizeof("/failures") - 1);

    event->url = event->jobs_url;

    return NGX_OK;
}


/*
 * The ref of a merged result, "refs/merge-requests/7/merge", has no page: link
 * to the source branch, unless it is in a fork.
 */

static ngx_int_t
ngx_slack_gitlab_pipeline_ref(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_str_t          *ref;
    ngx_slack_event_t  *event;

    event = &g->event;
    ref = &event->ref;

    if (event->request.len && event->source_branch.len) {

        if (g->request_project.len
            && !ngx_slack_equal(&g->request_project, &g->project_id))
        {
            return NGX_OK;
        }

        ref = &event->source_branch;
    }

    return ngx_slack_gitlab_url(g, pool, &event->ref_url,
                                event->tag ? "/-/tags/" : "/-/commits/", ref);
}


ngx_int_t
ngx_slack_gitlab_run_for(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_slack_event_t  *event;

    event = &g->event;

    event->request_title = g->request_title;
    event->request_url = g->request_url;

    if (event->request_url.len == 0
        && ngx_slack_equal(&g->target_id, &g->project_id)
        && ngx_slack_gitlab_url(g, pool, &event->request_url,
                                "/-/merge_requests/", &g->request_iid)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_forge_request(event, pool, '!', &g->request_iid);
}


/*
 * Adds failed jobs and their stages, the last job first, as GitLab shows them.
 */

static ngx_int_t
ngx_slack_gitlab_jobs(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_str_t               *stage;
    ngx_uint_t               i, n;
    ngx_slack_job_t         *job;
    ngx_slack_event_t       *event;
    ngx_slack_gitlab_job_t  *jobs;

    event = &g->event;
    jobs = g->jobs.elts;

    g->jobs.nelts = ngx_min(g->jobs.nelts, NGX_SLACK_GITLAB_JOBS_MAX);

    for (n = g->jobs.nelts; n-- > 0; /* void */ ) {

        if (!ngx_slack_gitlab_job_counts(g, n)) {
            continue;
        }

        if (event->jobs.elts == NULL
            && ngx_array_init(&event->jobs, pool, 4, sizeof(ngx_slack_job_t))
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        job = ngx_array_push(&event->jobs);
        if (job == NULL) {
            return NGX_ERROR;
        }

        job->name = jobs[n].name;
        job->stage = jobs[n].stage;
        job->allowed = ngx_slack_forge_is(&jobs[n].allowed, "true");

        if (ngx_slack_gitlab_url(g, pool, &job->url, "/-/jobs/", &jobs[n].id)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        stage = event->stages.elts;

        for (i = 0; i < event->stages.nelts; i++) {
            if (ngx_slack_equal(&stage[i], &job->stage)) {
                break;
            }
        }

        if (i == event->stages.nelts
            && job->stage.len
            && ngx_slack_forge_add(&event->stages, &job->stage, pool)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * Whether a job failed, is the first of its name, and no retry of it
 * succeeded.
 */

static ngx_uint_t
ngx_slack_gitlab_job_counts(ngx_slack_gitlab_t *g, ngx_uint_t n)
{
    ngx_uint_t               i;
    ngx_slack_gitlab_job_t  *jobs;

    jobs = g->jobs.elts;

    if (!ngx_slack_forge_is(&jobs[n].status, "failed")) {
        return 0;
    }

    for (i = 0; i < g->jobs.nelts; i++) {

        if (i == n || !ngx_slack_equal(&jobs[i].name, &jobs[n].name)) {
            continue;
        }

        if (ngx_slack_forge_is(&jobs[i].status, "success")
            || (i < n && ngx_slack_forge_is(&jobs[i].status, "failed")))
        {
            return 0;
        }
    }

    return 1;
}
