
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab: how the object of an event stands, which only cards show: people and
 * milestone of issues and merge requests; of pipelines the stages, and the
 * merge request they run for.  Knows GitLab's payloads, not Slack.  Runs in
 * the event loop.
 */


#include <ngx_slack_gitlab.h>


/* limits the work of finding the stage of each job, and retried jobs */

#define NGX_SLACK_GITLAB_STAGES_MAX      100
#define NGX_SLACK_GITLAB_STAGE_JOBS_MAX  2000


#define ngx_slack_gitlab_card(kinds, path, offset, type)                      \
    { NGX_SLACK_KINDS_CARD|kinds, ngx_string(path), offset,                   \
      NGX_SLACK_FIELD_##type, 0 }


static ngx_int_t ngx_slack_gitlab_stand_stages(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool);
static ngx_int_t ngx_slack_gitlab_stage_add(ngx_array_t *stages,
    ngx_str_t *name, ngx_slack_pair_t **stage, ngx_pool_t *pool);
static ngx_str_t *ngx_slack_gitlab_stage_state(ngx_slack_gitlab_t *g,
    ngx_uint_t n);
static ngx_uint_t ngx_slack_gitlab_stage_rank(ngx_str_t *state);


ngx_slack_field_t  ngx_slack_gitlab_card_fields[] = {

    ngx_slack_gitlab_card(GL_ISSUE|GL_REQUEST, "assignees[].name",
                          GL_EVENT(stand.assignees), LIST),
    ngx_slack_gitlab_card(GL_ISSUE|GL_REQUEST, "assignees[].username",
                          GL_EVENT(stand.assignees), LIST),
    ngx_slack_gitlab_card(GL_REQUEST, "reviewers[].name",
                          GL_EVENT(stand.reviewers), LIST),
    ngx_slack_gitlab_card(GL_REQUEST, "reviewers[].username",
                          GL_EVENT(stand.reviewers), LIST),
    ngx_slack_gitlab_card(GL_REQUEST,
                          "object_attributes.source.path_with_namespace",
                          GL_EVENT(stand.source), STRING),
    ngx_slack_gitlab_card(GL_ISSUE|GL_REQUEST,
                          "object_attributes.milestone.title",
                          GL_EVENT(stand.milestone), LINE),
    ngx_slack_gitlab_card(GL_ISSUE|GL_REQUEST, "milestone.title",
                          GL_EVENT(stand.milestone), LINE),

    ngx_slack_gitlab_card(GL_PIPELINE, "object_attributes.stages[]",
                          GL_OWN(stages), LIST),

    { 0, ngx_null_string, 0, 0, 0 }
};


/* what a stage is if its jobs differ: the last of these that one of them is */

static ngx_str_t  ngx_slack_gitlab_stage_states[] = {
    ngx_string("skipped"),
    ngx_string("success"),
    ngx_string("passed with warnings"),
    ngx_string("manual"),
    ngx_string("canceled"),
    ngx_string("scheduled"),
    ngx_string("created"),
    ngx_string("waiting_for_resource"),
    ngx_string("preparing"),
    ngx_string("pending"),
    ngx_string("running"),
    ngx_string("failed"),
    ngx_null_string
};


ngx_int_t
ngx_slack_gitlab_stand(ngx_slack_event_t *event, ngx_pool_t *pool)
{
    ngx_slack_gitlab_t  *g;

    if (event->kind != NGX_SLACK_EVENT_PIPELINE) {
        return NGX_OK;
    }

    g = (ngx_slack_gitlab_t *) event;

    return ngx_slack_gitlab_stand_stages(g, pool);
}


static ngx_int_t
ngx_slack_gitlab_stand_stages(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_str_t               *name, *state;
    ngx_uint_t               i, n;
    ngx_array_t             *stages;
    ngx_slack_pair_t        *stage;
    ngx_slack_gitlab_job_t  *job;

    stages = &g->event.stand.stages;
    job = g->jobs.elts;
    name = g->stages.elts;

    n = ngx_min(g->jobs.nelts, NGX_SLACK_GITLAB_STAGE_JOBS_MAX);

    if (n == 0) {
        return NGX_OK;
    }

    if (ngx_array_init(stages, pool, 4, sizeof(ngx_slack_pair_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    for (i = 0; i < g->stages.nelts; i++) {
        if (ngx_slack_gitlab_stage_add(stages, &name[i], &stage, pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    for (i = 0; i < n; i++) {

        if (ngx_slack_gitlab_stage_add(stages, &job[i].stage, &stage, pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (stage == NULL) {
            continue;
        }

        state = ngx_slack_gitlab_stage_state(g, i);

        if (stage->value.len == 0
            || ngx_slack_gitlab_stage_rank(state)
               > ngx_slack_gitlab_stage_rank(&stage->value))
        {
            stage->value = *state;
        }
    }

    /* a stage without jobs does not run */

    stage = stages->elts;

    for (n = 0, i = 0; i < stages->nelts; i++) {
        if (stage[i].value.len) {
            stage[n++] = stage[i];
        }
    }

    stages->nelts = n;

    return NGX_OK;
}


/* Finds or adds a stage.  NULL: it has no name, or there are too many. */

static ngx_int_t
ngx_slack_gitlab_stage_add(ngx_array_t *stages, ngx_str_t *name,
    ngx_slack_pair_t **stage, ngx_pool_t *pool)
{
    ngx_uint_t         i;
    ngx_slack_pair_t  *s;

    *stage = NULL;

    if (name->len == 0) {
        return NGX_OK;
    }

    s = stages->elts;

    for (i = 0; i < stages->nelts; i++) {
        if (ngx_slack_equal(&s[i].name, name)) {
            *stage = &s[i];
            return NGX_OK;
        }
    }

    if (stages->nelts == NGX_SLACK_GITLAB_STAGES_MAX) {
        return NGX_OK;
    }

    s = ngx_array_push(stages);
    if (s == NULL) {
        return NGX_ERROR;
    }

    s->name = *name;
    ngx_str_null(&s->value);

    *stage = s;

    return NGX_OK;
}


/*
 * Returns what job n makes of its stage.  A failed job does not count if a
 * retry of it did not fail.
 */

static ngx_str_t *
ngx_slack_gitlab_stage_state(ngx_slack_gitlab_t *g, ngx_uint_t n)
{
    ngx_uint_t               i, last;
    ngx_slack_gitlab_job_t  *job;

    static ngx_str_t  success = ngx_string("success");
    static ngx_str_t  warnings = ngx_string("passed with warnings");

    job = g->jobs.elts;

    if (!ngx_slack_forge_is(&job[n].status, "failed")) {
        return &job[n].status;
    }

    last = ngx_min(g->jobs.nelts, NGX_SLACK_GITLAB_STAGE_JOBS_MAX);

    for (i = 0; i < last; i++) {
        if (ngx_slack_forge_is(&job[i].status, "success")
            && ngx_slack_equal(&job[i].name, &job[n].name))
        {
            return &success;
        }
    }

    return ngx_slack_forge_is(&job[n].allowed, "true") ? &warnings
                                                        : &job[n].status;
}


/* a state that is not known ranks above all, so that it is seen */

static ngx_uint_t
ngx_slack_gitlab_stage_rank(ngx_str_t *state)
{
    ngx_uint_t  i;

    for (i = 0; ngx_slack_gitlab_stage_states[i].len; i++) {
        if (ngx_slack_equal(&ngx_slack_gitlab_stage_states[i], state)) {
            return i + 1;
        }
    }

    return state->len ? i : 0;
}
