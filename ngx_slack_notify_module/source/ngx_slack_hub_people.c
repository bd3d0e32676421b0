
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Payloads structured like GitHub's: whom an event concerns.  Runs in the
 * event loop.
 *
 * GitHub tells of a user only the login; Gitea tells the name and the address,
 * too, and with some versions calls the login "username".
 */


#include <ngx_slack_hub.h>


#define HUB_PEOPLE  NGX_SLACK_KINDS_PEOPLE


#define ngx_slack_hub_one(kinds, path, member)                                \
    ngx_slack_hub_field(HUB_PEOPLE|kinds, path, people.member, STRING)

#define ngx_slack_hub_user(kinds, path, who)                                  \
    ngx_slack_hub_one(kinds, path ".login", who.person.username),             \
    ngx_slack_hub_one(kinds, path ".full_name", who.person.name),             \
    ngx_slack_hub_one(kinds, path ".email", who.person.email)

#define ngx_slack_hub_many(kinds, path, list, member)                         \
    ngx_slack_hub_rows(HUB_PEOPLE|kinds, path, people.list,                   \
                       ngx_slack_told_person_t, member)

#define ngx_slack_hub_users(kinds, path, list)                                \
    ngx_slack_hub_many(kinds, path ".login", list, person.username),          \
    ngx_slack_hub_many(kinds, path ".full_name", list, person.name),          \
    ngx_slack_hub_many(kinds, path ".email", list, person.email)

#define ngx_slack_hub_git(kinds, path)                                        \
    ngx_slack_hub_many(kinds, path ".username", committers, person.username), \
    ngx_slack_hub_many(kinds, path ".name", committers, person.name),         \
    ngx_slack_hub_many(kinds, path ".email", committers, person.email)


static ngx_int_t ngx_slack_hub_concerned(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_slack_person_t *actor);
static ngx_int_t ngx_slack_hub_added(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_slack_person_t *actor);
static ngx_int_t ngx_slack_hub_committers(ngx_slack_hub_t *h,
    ngx_pool_t *pool, ngx_slack_person_t *actor);


ngx_slack_field_t  ngx_slack_hub_people_fields[] = {

    ngx_slack_hub_one(HUB_ALL, "sender.email", actor.person.email),

    ngx_slack_hub_users(HUB_ISSUE|HUB_NOTE, "issue.assignees[]", assignees),
    ngx_slack_hub_users(HUB_ISSUE|HUB_NOTE, "issue.assignee", assignees),
    ngx_slack_hub_user(HUB_ISSUE|HUB_NOTE, "issue.user", author),

    ngx_slack_hub_users(HUB_REQUEST|HUB_NOTE, "pull_request.assignees[]",
                        assignees),
    ngx_slack_hub_users(HUB_REQUEST|HUB_NOTE, "pull_request.assignee",
                        assignees),
    ngx_slack_hub_users(HUB_REQUEST|HUB_NOTE,
                        "pull_request.requested_reviewers[]", reviewers),
    ngx_slack_hub_user(HUB_REQUEST|HUB_NOTE, "pull_request.user", author),

    ngx_slack_hub_user(HUB_ISSUE|HUB_REQUEST, "assignee", added),
    ngx_slack_hub_user(HUB_REQUEST, "requested_reviewer", added),
    ngx_slack_hub_one(HUB_ISSUE|HUB_REQUEST|HUB_NOTE, "changes.body.from",
                      text_before),

    ngx_slack_hub_user(HUB_PIPELINE, "workflow_run.triggering_actor", author),
    ngx_slack_hub_user(HUB_PIPELINE, "workflow_run.actor", author),
    ngx_slack_hub_git(HUB_PIPELINE, "workflow_run.head_commit.author"),
    ngx_slack_hub_git(HUB_PIPELINE, "check_suite.head_commit.author"),
    ngx_slack_hub_git(HUB_PUSHES, "commits[].author"),
    ngx_slack_hub_many(HUB_PUSHES, "commits[].distinct", committers,
                       distinct),

    { 0, ngx_null_string, 0, 0, 0 }
};


ngx_int_t
ngx_slack_hub_people(ngx_slack_event_t *event, ngx_pool_t *pool)
{
    ngx_slack_hub_t     *h;
    ngx_slack_person_t  *actor;

    h = (ngx_slack_hub_t *) event;

    actor = &h->people.actor.person;
    actor->username = event->user;
    actor->name = event->user_name;

    switch (event->kind) {

    case NGX_SLACK_EVENT_ISSUE:
    case NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE:
    case NGX_SLACK_EVENT_MERGE_REQUEST:
    case NGX_SLACK_EVENT_NOTE:
    case NGX_SLACK_EVENT_CONFIDENTIAL_NOTE:
    case NGX_SLACK_EVENT_RELEASE:
        return ngx_slack_hub_concerned(h, pool, actor);

    case NGX_SLACK_EVENT_PIPELINE:

        /* who has started it did not make it fail */

        if (ngx_slack_people_add(event, pool, NULL, &h->people.author.person,
                                 NGX_SLACK_PERSON_AUTHOR)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        return ngx_slack_hub_committers(h, pool, NULL);

    case NGX_SLACK_EVENT_PUSH:
    case NGX_SLACK_EVENT_TAG_PUSH:
        return ngx_slack_hub_committers(h, pool, actor);

    default:
        return NGX_OK;
    }
}


static ngx_int_t
ngx_slack_hub_concerned(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_slack_person_t *actor)
{
    ngx_str_t           none;
    ngx_slack_event_t  *event;

    event = &h->event;

    if (ngx_slack_forge_is(&event->action, "update")) {
        return ngx_slack_hub_added(h, pool, actor);
    }

    if (ngx_slack_people_add_all(event, pool, actor, &h->people.assignees,
                                 NGX_SLACK_PERSON_ASSIGNEE)
        != NGX_OK
        || ngx_slack_people_add_all(event, pool, actor, &h->people.reviewers,
                                    NGX_SLACK_PERSON_REVIEWER)
           != NGX_OK
        || ngx_slack_people_add(event, pool, actor, &h->people.author.person,
                                NGX_SLACK_PERSON_AUTHOR)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* the text is told with other events, too, but is news only once */

    if (!ngx_slack_forge_is(&event->action, "open")
        && !ngx_slack_forge_is(&event->action, "create"))
    {
        return NGX_OK;
    }

    ngx_str_null(&none);

    return ngx_slack_people_mentioned(event, pool, actor, &event->text, &none);
}


static ngx_int_t
ngx_slack_hub_added(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_slack_person_t *actor)
{
    ngx_slack_person_t       *added;
    ngx_slack_told_person_t  *told;

    added = &h->people.added.person;

    if (ngx_slack_forge_is(&h->action, "assigned")) {

        /* Gitea does not tell who it was, unless there is only one. */

        if (added->username.len == 0 && h->people.assignees.nelts == 1) {
            told = h->people.assignees.elts;
            added = &told[0].person;
        }

        return ngx_slack_people_add(&h->event, pool, actor, added,
                                    NGX_SLACK_PERSON_ASSIGNEE);
    }

    if (ngx_slack_forge_is(&h->action, "review_requested")) {
        return ngx_slack_people_add(&h->event, pool, actor, added,
                                    NGX_SLACK_PERSON_REVIEWER);
    }

    /* nothing but the text it had tells whom an edit mentions anew */

    if (!ngx_slack_forge_is(&h->action, "edited")
        || h->people.text_before.len == 0)
    {
        return NGX_OK;
    }

    return ngx_slack_people_mentioned(&h->event, pool, actor, &h->event.text,
                                      &h->people.text_before);
}


/* not of commits that another branch has already */

static ngx_int_t
ngx_slack_hub_committers(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_slack_person_t *actor)
{
    ngx_uint_t                i;
    ngx_slack_told_person_t  *told;

    told = h->people.committers.elts;

    for (i = 0; i < h->people.committers.nelts; i++) {

        if (!ngx_slack_forge_is(&told[i].distinct, "false")
            && ngx_slack_people_add(&h->event, pool, actor, &told[i].person,
                                    NGX_SLACK_PERSON_COMMITTER)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
