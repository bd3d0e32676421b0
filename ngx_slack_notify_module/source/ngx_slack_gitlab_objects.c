
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab: issues, merge requests and notes.  Runs in the event loop.
 */


#include <ngx_slack_gitlab.h>


static ngx_int_t ngx_slack_gitlab_reviewers(ngx_array_t *list,
    ngx_array_t *from, ngx_array_t *without, ngx_pool_t *pool);


ngx_int_t
ngx_slack_gitlab_issue(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    if (g->event.type.len == 0) {
        if (ngx_slack_forge_is(&g->object_kind, "incident")) {
            ngx_str_set(&g->event.type, "Incident");

        } else {
            ngx_str_set(&g->event.type, "Issue");
        }
    }

    return ngx_slack_gitlab_edits(g, pool);
}


ngx_int_t
ngx_slack_gitlab_request(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_slack_event_t  *event;

    event = &g->event;

    /* very old versions mark a draft by its title only */

    if (g->draft.len) {
        event->draft = ngx_slack_forge_is(&g->draft, "true");

    } else {
        event->draft = ngx_slack_forge_draft(&event->title) ? 1 : 0;
    }

    if (event->draft) {
        event->mark = ngx_slack_forge_draft(&event->title);
    }

    if (event->url.len == 0
        && ngx_slack_gitlab_url(g, pool, &event->url, "/-/merge_requests/",
                                &event->number)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!ngx_slack_forge_is(&event->action, "update")) {
        return NGX_OK;
    }

    /* older versions show only that the title lost its "Draft:" */

    if ((ngx_slack_forge_is(&g->draft_before, "true")
         && ngx_slack_forge_is(&g->draft_after, "false"))
        || (g->draft_before.len == 0
            && g->title_after.len
            && ngx_slack_forge_draft(&g->title_before)
            && !ngx_slack_forge_draft(&g->title_after)))
    {
        ngx_str_set(&event->action, "ready");
        return NGX_OK;
    }

    if (ngx_slack_gitlab_reviewers(&event->reviewers, &g->reviewers_after,
                                   &g->reviewers_before, pool)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_gitlab_reviewers(&event->unreviewers, &g->reviewers_before,
                                   &g->reviewers_after, pool)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_gitlab_edits(g, pool);
}


/* Lists those in "from" that are not in "without", or were requested again. */

static ngx_int_t
ngx_slack_gitlab_reviewers(ngx_array_t *list, ngx_array_t *from,
    ngx_array_t *without, ngx_pool_t *pool)
{
    ngx_uint_t                  i, j;
    ngx_slack_gitlab_person_t  *a, *b;

    if (from->nelts > NGX_SLACK_GITLAB_PEOPLE_MAX
        || without->nelts > NGX_SLACK_GITLAB_PEOPLE_MAX)
    {
        return NGX_OK;
    }

    a = from->elts;
    b = without->elts;

    for (i = 0; i < from->nelts; i++) {

        for (j = 0; j < without->nelts; j++) {
            if (ngx_slack_equal(&a[i].username, &b[j].username)) {
                break;
            }
        }

        if (j < without->nelts && !ngx_slack_forge_is(&a[i].again, "true")) {
            continue;
        }

        if (ngx_slack_forge_add(list,
                                a[i].name.len ? &a[i].name : &a[i].username,
                                pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_slack_gitlab_note(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    if (g->event.action.len == 0) {

        /* GitLab before 16.11 sends no action */

        ngx_str_set(&g->event.action, "create");
    }

    return ngx_slack_gitlab_noteable(g, pool);
}


ngx_int_t
ngx_slack_gitlab_noteable(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_slack_event_t  *event;

    event = &g->event;

    if (ngx_slack_forge_is(&g->noteable, "Commit")) {
        return ngx_slack_forge_target(event, pool, "commit", 0,
                                      &g->commit_sha, &g->commit_title);
    }

    if (ngx_slack_forge_is(&g->noteable, "MergeRequest")) {
        return ngx_slack_forge_target(event, pool, "merge request", '!',
                                      &g->request_iid, &g->request_title);
    }

    if (ngx_slack_forge_is(&g->noteable, "Issue")
        || ngx_slack_forge_is(&g->noteable, "WorkItem"))
    {
        return ngx_slack_forge_target(event, pool, "issue", '#',
                                      &g->issue_iid, &g->issue_title);
    }

    if (ngx_slack_forge_is(&g->noteable, "Snippet")) {
        return ngx_slack_forge_target(event, pool, "snippet", '$',
                                      &g->snippet_id, &g->snippet_title);
    }

    /* designs, epics and future types: no target */

    return NGX_OK;
}
