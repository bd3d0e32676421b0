
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab: the events that only a route that names them takes.  Knows GitLab's
 * payloads and URLs, not Slack.  Runs in the event loop.
 */


#include <ngx_slack_gitlab.h>


static u_char *ngx_slack_gitlab_find(u_char *p, u_char *last, char *three);


ngx_int_t
ngx_slack_gitlab_release(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    g->event.tag = 1;

    return ngx_slack_gitlab_url(g, pool, &g->event.ref_url, "/-/tags/",
                                &g->event.ref);
}


ngx_int_t
ngx_slack_gitlab_job(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    ngx_slack_event_t  *event;

    event = &g->event;

    event->state = event->action;
    event->name = event->title;
    event->warnings = ngx_slack_forge_is(&g->allow_failure, "true")
                      && ngx_slack_forge_is(&event->action, "failed");

    if (ngx_slack_gitlab_run_for(g, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    if (!ngx_slack_forge_is(&event->action, "failed")) {

        /*
         * GitLab sends a reason for any status; it matters for a failure only
         */

        ngx_str_null(&event->text);
    }

    if (ngx_slack_gitlab_url(g, pool, &event->url, "/-/jobs/", &event->number)
        != NGX_OK
        || ngx_slack_gitlab_url(g, pool, &event->jobs_url, "/-/pipelines/",
                                &event->target)
           != NGX_OK
        || ngx_slack_gitlab_url(g, pool, &event->commit_url, "/-/commit/",
                                &event->commit_id)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_gitlab_url(g, pool, &event->ref_url,
                                event->tag ? "/-/tags/" : "/-/commits/",
                                &event->ref);
}


ngx_int_t
ngx_slack_gitlab_milestone(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    return ngx_slack_gitlab_url(g, pool, &g->event.url, "/-/milestones/",
                                &g->event.number);
}


ngx_int_t
ngx_slack_gitlab_feature_flag(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    static ngx_str_t  list = ngx_string("feature_flags");

    if (ngx_slack_forge_is(&g->active, "true")) {
        ngx_str_set(&g->event.action, "on");

    } else if (g->active.len) {
        ngx_str_set(&g->event.action, "off");
    }

    /* the payload lacks the number for the flag's own URL; link to the list */

    return ngx_slack_gitlab_url(g, pool, &g->event.url, "/-/", &list);
}


ngx_int_t
ngx_slack_gitlab_emoji(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    if (ngx_slack_forge_is(&g->emoji_on, "Note")) {
        ngx_str_set(&g->event.state, "comment");

    } else {
        g->noteable = g->emoji_on;
    }

    return ngx_slack_gitlab_noteable(g, pool);
}


void
ngx_slack_gitlab_member(ngx_slack_gitlab_t *g)
{
    ngx_str_t  *name;

    name = &g->event_name;

    /* names of a project's member events end in "_team" */

    if (name->len > 6
        && ngx_memcmp(name->data + name->len - 6, "_group", 6) == 0)
    {
        ngx_str_set(&g->event.type, "group");

    } else {
        ngx_str_set(&g->event.type, "project");
    }

    /* keep the date of "2026-12-31T00:00:00Z" */

    if (g->event.until.len > 10 && g->event.until.data[10] == 'T') {
        g->event.until.len = 10;
    }
}


/* Takes the project from the URL, because the payload does not name it. */

void
ngx_slack_gitlab_vulnerability(ngx_slack_gitlab_t *g)
{
    u_char             *p, *last;
    ngx_slack_event_t  *event;

    event = &g->event;

    event->state = event->action;

    if (event->url.len == 0 || event->project_url.len) {
        return;
    }

    last = ngx_slack_gitlab_find(event->url.data,
                                 event->url.data + event->url.len, "/-/");
    if (last == NULL) {
        return;
    }

    p = ngx_slack_gitlab_find(event->url.data, last, "://");
    if (p == NULL) {
        return;
    }

    p = ngx_strlchr(p + 3, last, '/');
    if (p == NULL) {
        return;
    }

    event->project_url.data = event->url.data;
    event->project_url.len = last - event->url.data;

    event->project.data = p + 1;
    event->project.len = last - p - 1;
}


static u_char *
ngx_slack_gitlab_find(u_char *p, u_char *last, char *three)
{
    for ( /* void */ ; last - p >= 3; p++) {
        if (ngx_memcmp(p, three, 3) == 0) {
            return p;
        }
    }

    return NULL;
}


ngx_int_t
ngx_slack_gitlab_access_token(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    static ngx_str_t  list = ngx_string("access_tokens");

    if (ngx_slack_forge_is(&g->event_name, "expiring_access_token")) {
        ngx_str_set(&g->event.action, "expiring");

    } else {
        g->event.action = g->event_name;
    }

    return ngx_slack_gitlab_url(g, pool, &g->event.url, "/-/settings/", &list);
}
