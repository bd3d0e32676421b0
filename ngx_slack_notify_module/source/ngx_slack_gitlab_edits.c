
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab: what an update of an issue or a merge request changed.  Runs in the
 * event loop.
 */


#include <ngx_slack_gitlab.h>


static ngx_int_t ngx_slack_gitlab_title(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool);
static ngx_int_t ngx_slack_gitlab_assignees(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool);
static ngx_int_t ngx_slack_gitlab_names(ngx_array_t *names,
    ngx_array_t *people, ngx_pool_t *pool);
static ngx_int_t ngx_slack_gitlab_plan(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool);


ngx_int_t
ngx_slack_gitlab_edits(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_slack_event_t  *event;

    event = &g->event;

    if (!ngx_slack_forge_is(&event->action, "update")) {
        return NGX_OK;
    }

    if (g->commit_before.len
        && ngx_slack_forge_edit(event, pool, NGX_SLACK_EDIT_COMMITS, NULL)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_gitlab_title(g, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    if ((g->text_before.len || g->text_after.len)
        && ngx_slack_forge_edit(event, pool, NGX_SLACK_EDIT_TEXT, NULL)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (g->target_before.len
        && ngx_slack_forge_edit(event, pool, NGX_SLACK_EDIT_TARGET,
                                  &g->target_before)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_forge_is(&g->draft_after, "true")
        && ngx_slack_forge_edit(event, pool, NGX_SLACK_EDIT_DRAFT, NULL)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_forge_compare(event, pool, NGX_SLACK_EDIT_LABEL,
                                NGX_SLACK_EDIT_NO_LABEL, &g->labels_before,
                                &g->labels_after)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_gitlab_assignees(g, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_gitlab_plan(g, pool);
}


/* A title that only got or lost its "Draft:" was not changed. */

static ngx_int_t
ngx_slack_gitlab_title(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_str_t  before, after;

    if (g->title_before.len == 0) {
        return NGX_OK;
    }

    before = g->title_before;
    after = g->title_after;

    if (g->event.kind == NGX_SLACK_EVENT_MERGE_REQUEST) {
        ngx_slack_forge_bare(&before);
        ngx_slack_forge_bare(&after);
    }

    if (ngx_slack_equal(&before, &after)) {
        return NGX_OK;
    }

    return ngx_slack_forge_edit(&g->event, pool, NGX_SLACK_EDIT_TITLE,
                                  &before);
}


static ngx_int_t
ngx_slack_gitlab_assignees(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_array_t  before, after;

    if (g->assignees_before.nelts == 0 && g->assignees_after.nelts == 0) {
        return NGX_OK;
    }

    ngx_memzero(&before, sizeof(ngx_array_t));
    ngx_memzero(&after, sizeof(ngx_array_t));

    if (ngx_slack_gitlab_names(&before, &g->assignees_before, pool) != NGX_OK
        || ngx_slack_gitlab_names(&after, &g->assignees_after, pool) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_forge_compare(&g->event, pool, NGX_SLACK_EDIT_ASSIGNEE,
                                   NGX_SLACK_EDIT_NO_ASSIGNEE, &before,
                                   &after);
}


static ngx_int_t
ngx_slack_gitlab_names(ngx_array_t *names, ngx_array_t *people,
    ngx_pool_t *pool)
{
    ngx_uint_t                  i;
    ngx_slack_gitlab_person_t  *person;

    person = people->elts;

    for (i = 0; i < people->nelts; i++) {
        if (ngx_slack_forge_add(names,
                                person[i].name.len ? &person[i].name
                                                   : &person[i].username,
                                pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Milestone and auto-merge.  GitLab does not tell the milestone's title. */

static ngx_int_t
ngx_slack_gitlab_plan(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_slack_edit_e  what;

    if (g->milestone_before.len || g->milestone_after.len) {
        what = g->milestone_after.len ? NGX_SLACK_EDIT_MILESTONE
                                      : NGX_SLACK_EDIT_NO_MILESTONE;

        if (ngx_slack_forge_edit(&g->event, pool, what, NULL) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (g->auto_merge.len == 0) {
        return NGX_OK;
    }

    what = ngx_slack_forge_is(&g->auto_merge, "true")
           ? NGX_SLACK_EDIT_AUTO_MERGE : NGX_SLACK_EDIT_NO_AUTO_MERGE;

    return ngx_slack_forge_edit(&g->event, pool, what, NULL);
}
