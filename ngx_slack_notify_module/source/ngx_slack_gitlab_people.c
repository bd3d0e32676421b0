
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab: whom an event concerns.  Knows GitLab's payloads, not Slack.  Runs
 * in the event loop.
 */


#include <ngx_slack_gitlab.h>


#define GL_PEOPLE      NGX_SLACK_KINDS_PEOPLE


#define ngx_slack_gitlab_one(kinds, path, member)                             \
    { GL_PEOPLE|kinds, ngx_string(path), GL_OWN(people.member),               \
      NGX_SLACK_FIELD_STRING, 0 }

#define ngx_slack_gitlab_many(kinds, path, list, member)                      \
    { GL_PEOPLE|kinds, ngx_string(path), GL_OWN(people.list),                 \
      NGX_SLACK_FIELD_ROWS, offsetof(ngx_slack_told_person_t, member) }

#define ngx_slack_gitlab_users(kinds, path, list)                             \
    ngx_slack_gitlab_many(kinds, path ".username", list, person.username),    \
    ngx_slack_gitlab_many(kinds, path ".name", list, person.name),            \
    ngx_slack_gitlab_many(kinds, path ".email", list, person.email),          \
    ngx_slack_gitlab_many(kinds, path ".id", list, id)


static ngx_int_t ngx_slack_gitlab_concerned(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool, ngx_slack_person_t *actor);
static ngx_int_t ngx_slack_gitlab_added(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool, ngx_slack_person_t *actor, ngx_array_t *people,
    ngx_array_t *before, ngx_array_t *after, ngx_uint_t role);
static ngx_int_t ngx_slack_gitlab_author(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool, ngx_slack_person_t *actor, ngx_array_t *people);


ngx_slack_field_t  ngx_slack_gitlab_people_fields[] = {

    ngx_slack_gitlab_one(GL_PUSHES, "user_email", actor.person.email),
    ngx_slack_gitlab_one(GL_ALL, "user.email", actor.person.email),

    ngx_slack_gitlab_users(GL_ISSUE|GL_REQUEST, "assignees[]", assignees),
    ngx_slack_gitlab_users(GL_REQUEST, "reviewers[]", reviewers),
    ngx_slack_gitlab_one(GL_ISSUE|GL_REQUEST, "object_attributes.author_id",
                         author_id),
    ngx_slack_gitlab_one(GL_ISSUE|GL_REQUEST, "changes.description.previous",
                         text_before),
    ngx_slack_gitlab_one(GL_ISSUE|GL_REQUEST, "changes.description.current",
                         text_after),

    ngx_slack_gitlab_many(GL_PUSHES, "commits[].author.name", committers,
                          person.name),
    ngx_slack_gitlab_many(GL_PUSHES, "commits[].author.email", committers,
                          person.email),
    ngx_slack_gitlab_many(GL_PIPELINE, "commit.author.name", committers,
                          person.name),
    ngx_slack_gitlab_many(GL_PIPELINE, "commit.author.email", committers,
                          person.email),
    ngx_slack_gitlab_many(GL_JOB, "commit.author_name", committers,
                          person.name),
    ngx_slack_gitlab_many(GL_JOB, "commit.author_email", committers,
                          person.email),

    { 0, ngx_null_string, 0, 0, 0 }
};


ngx_int_t
ngx_slack_gitlab_people(ngx_slack_event_t *event, ngx_pool_t *pool)
{
    ngx_str_t            none;
    ngx_slack_gitlab_t  *g;
    ngx_slack_person_t  *actor;

    g = (ngx_slack_gitlab_t *) event;

    actor = &g->people.actor.person;
    actor->username = event->user;
    actor->name = event->user_name;

    switch (event->kind) {

    case NGX_SLACK_EVENT_ISSUE:
    case NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE:
    case NGX_SLACK_EVENT_MERGE_REQUEST:
        return ngx_slack_gitlab_concerned(g, pool, actor);

    case NGX_SLACK_EVENT_NOTE:
    case NGX_SLACK_EVENT_CONFIDENTIAL_NOTE:
    case NGX_SLACK_EVENT_RELEASE:

        /* an edited one does not tell its former text */

        if (!ngx_slack_forge_is(&event->action, "create")) {
            return NGX_OK;
        }

        ngx_str_null(&none);

        return ngx_slack_people_mentioned(event, pool, actor, &event->text,
                                          &none);

    case NGX_SLACK_EVENT_PIPELINE:
    case NGX_SLACK_EVENT_JOB:

        /* who has started it did not make it fail */

        if (ngx_slack_people_add(event, pool, NULL, actor,
                                 NGX_SLACK_PERSON_AUTHOR)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        return ngx_slack_people_add_all(event, pool, NULL,
                                        &g->people.committers,
                                        NGX_SLACK_PERSON_COMMITTER);

    case NGX_SLACK_EVENT_PUSH:
    case NGX_SLACK_EVENT_TAG_PUSH:
        return ngx_slack_people_add_all(event, pool, actor,
                                        &g->people.committers,
                                        NGX_SLACK_PERSON_COMMITTER);

    default:
        return NGX_OK;
    }
}


/* of an issue or a merge request */

static ngx_int_t
ngx_slack_gitlab_concerned(ngx_slack_gitlab_t *g, ngx_pool_t *pool,
    ngx_slack_person_t *actor)
{
    ngx_str_t                 none;
    ngx_slack_event_t        *event;
    ngx_slack_told_people_t  *people;

    event = &g->event;
    people = &g->people;

    ngx_str_null(&none);

    if (!ngx_slack_forge_is(&event->action, "update")) {

        if (ngx_slack_people_add_all(event, pool, actor, &people->assignees,
                                     NGX_SLACK_PERSON_ASSIGNEE)
            != NGX_OK
            || ngx_slack_people_add_all(event, pool, actor, &people->reviewers,
                                        NGX_SLACK_PERSON_REVIEWER)
               != NGX_OK
            || ngx_slack_gitlab_author(g, pool, actor, &people->assignees)
               != NGX_OK
            || ngx_slack_gitlab_author(g, pool, actor, &people->reviewers)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        /* the text is told with each event, but is news only once */

        return ngx_slack_forge_is(&event->action, "open")
               ? ngx_slack_people_mentioned(event, pool, actor, &event->text,
                                            &none)
               : NGX_OK;
    }

    if (ngx_slack_gitlab_added(g, pool, actor, &people->assignees,
                               &g->assignees_before, &g->assignees_after,
                               NGX_SLACK_PERSON_ASSIGNEE)
        != NGX_OK
        || ngx_slack_gitlab_added(g, pool, actor, &people->reviewers,
                                  &g->reviewers_before, &g->reviewers_after,
                                  NGX_SLACK_PERSON_REVIEWER)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_people_mentioned(event, pool, actor, &people->text_after,
                                      &people->text_before);
}


/*
 * Adds those of "after" who are not in "before", or whose review is requested
 * again.  Only "people", who are all, may have an address.
 */

static ngx_int_t
ngx_slack_gitlab_added(ngx_slack_gitlab_t *g, ngx_pool_t *pool,
    ngx_slack_person_t *actor, ngx_array_t *people, ngx_array_t *before,
    ngx_array_t *after, ngx_uint_t role)
{
    ngx_uint_t                  i, k, n;
    ngx_slack_person_t          person;
    ngx_slack_told_person_t    *told;
    ngx_slack_gitlab_person_t  *a, *b;

    if (before->nelts > NGX_SLACK_GITLAB_PEOPLE_MAX
        || people->nelts > NGX_SLACK_GITLAB_PEOPLE_MAX)
    {
        return NGX_OK;
    }

    a = after->elts;
    b = before->elts;
    told = people->elts;

    n = ngx_min(after->nelts, NGX_SLACK_GITLAB_PEOPLE_MAX);

    for (i = 0; i < n; i++) {

        for (k = 0; k < before->nelts; k++) {
            if (ngx_slack_equal(&a[i].username, &b[k].username)) {
                break;
            }
        }

        if (k < before->nelts && !ngx_slack_forge_is(&a[i].again, "true")) {
            continue;
        }

        ngx_memzero(&person, sizeof(ngx_slack_person_t));

        person.username = a[i].username;
        person.name = a[i].name;

        for (k = 0; k < people->nelts; k++) {
            if (ngx_slack_equal(&a[i].username,
                                      &told[k].person.username))
            {
                person.email = told[k].person.email;
                break;
            }
        }

        if (ngx_slack_people_add(&g->event, pool, actor, &person, role)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* GitLab tells only the author's number, and of some people theirs. */

static ngx_int_t
ngx_slack_gitlab_author(ngx_slack_gitlab_t *g, ngx_pool_t *pool,
    ngx_slack_person_t *actor, ngx_array_t *people)
{
    ngx_uint_t                i;
    ngx_slack_told_person_t  *told;

    told = people->elts;

    for (i = 0; i < people->nelts; i++) {
        if (told[i].id.len
            && ngx_slack_equal(&told[i].id, &g->people.author_id))
        {
            return ngx_slack_people_add(&g->event, pool, actor,
                                        &told[i].person,
                                        NGX_SLACK_PERSON_AUTHOR);
        }
    }

    return NGX_OK;
}
