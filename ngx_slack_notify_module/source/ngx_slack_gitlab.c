
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab: project, group and system hooks, and the alerts of its Slack
 * integration if a relay forwards them.  Knows GitLab's payloads and URLs,
 * JSON and events; not Slack.  Runs in the event loop.
 *
 * Source of the payloads: doc/user/project/integrations/webhook_events.md and
 * lib/gitlab/data_builder of GitLab 13 to 19.  The body tells the kind,
 * because the header of all events of a system hook is "System Hook".
 */


#include <ngx_slack_gitlab.h>
#include <ngx_slack_confidential.h>
#include <ngx_slack_text.h>


typedef struct {
    ngx_str_t                 name;
    ngx_uint_t                kind;
    ngx_str_t                 action;         /* implied by the name */
} ngx_slack_gitlab_kind_t;


typedef struct {
    ngx_str_t                 name;
    ngx_uint_t                kinds;
} ngx_slack_gitlab_header_t;


static ngx_uint_t ngx_slack_gitlab_kinds(ngx_str_t *header);
static void ngx_slack_gitlab_identify(ngx_slack_event_t *event,
    ngx_str_t *header, ngx_str_t *reason);
static ngx_int_t ngx_slack_gitlab_complete(ngx_slack_event_t *event,
    ngx_pool_t *pool, ngx_str_t *reason);
static ngx_int_t ngx_slack_gitlab_common(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool);
static ngx_int_t ngx_slack_gitlab_push(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool);


static ngx_slack_gitlab_kind_t  ngx_slack_gitlab_objects[] = {
    { ngx_string("push"), NGX_SLACK_EVENT_PUSH, ngx_null_string },
    { ngx_string("tag_push"), NGX_SLACK_EVENT_TAG_PUSH, ngx_null_string },
    { ngx_string("issue"), NGX_SLACK_EVENT_ISSUE, ngx_null_string },
    { ngx_string("work_item"), NGX_SLACK_EVENT_ISSUE, ngx_null_string },
    { ngx_string("incident"), NGX_SLACK_EVENT_ISSUE, ngx_null_string },
    { ngx_string("merge_request"),
      NGX_SLACK_EVENT_MERGE_REQUEST, ngx_null_string },
    { ngx_string("note"), NGX_SLACK_EVENT_NOTE, ngx_null_string },
    { ngx_string("pipeline"), NGX_SLACK_EVENT_PIPELINE, ngx_null_string },
    { ngx_string("wiki_page"), NGX_SLACK_EVENT_WIKI_PAGE, ngx_null_string },
    { ngx_string("deployment"), NGX_SLACK_EVENT_DEPLOYMENT, ngx_null_string },
    { ngx_string("alert"), NGX_SLACK_EVENT_ALERT, ngx_null_string },
    { ngx_string("release"), NGX_SLACK_EVENT_RELEASE, ngx_null_string },
    { ngx_string("build"), NGX_SLACK_EVENT_JOB, ngx_null_string },
    { ngx_string("milestone"), NGX_SLACK_EVENT_MILESTONE, ngx_null_string },
    { ngx_string("feature_flag"), NGX_SLACK_EVENT_FEATURE_FLAG,
      ngx_null_string },
    { ngx_string("emoji"), NGX_SLACK_EVENT_EMOJI, ngx_null_string },
    { ngx_string("vulnerability"), NGX_SLACK_EVENT_VULNERABILITY,
      ngx_null_string },
    { ngx_string("access_token"), NGX_SLACK_EVENT_ACCESS_TOKEN,
      ngx_null_string },

    /*
     * events of groups and of the instance have an event_name, but no
     * object_kind
     */

    { ngx_string("user_add_to_group"),
      NGX_SLACK_EVENT_MEMBER, ngx_string("add") },
    { ngx_string("user_update_for_group"),
      NGX_SLACK_EVENT_MEMBER, ngx_string("update") },
    { ngx_string("user_remove_from_group"),
      NGX_SLACK_EVENT_MEMBER, ngx_string("remove") },
    { ngx_string("user_access_request_to_group"),
      NGX_SLACK_EVENT_MEMBER, ngx_string("request") },
    { ngx_string("user_access_request_denied_for_group"),
      NGX_SLACK_EVENT_MEMBER, ngx_string("deny") },
    { ngx_string("user_add_to_team"),
      NGX_SLACK_EVENT_MEMBER, ngx_string("add") },
    { ngx_string("user_update_for_team"),
      NGX_SLACK_EVENT_MEMBER, ngx_string("update") },
    { ngx_string("user_remove_from_team"),
      NGX_SLACK_EVENT_MEMBER, ngx_string("remove") },
    { ngx_string("user_access_request_to_project"),
      NGX_SLACK_EVENT_MEMBER, ngx_string("request") },
    { ngx_string("user_access_request_denied_for_project"),
      NGX_SLACK_EVENT_MEMBER, ngx_string("deny") },
    { ngx_string("subgroup_create"),
      NGX_SLACK_EVENT_SUBGROUP, ngx_string("create") },
    { ngx_string("subgroup_destroy"),
      NGX_SLACK_EVENT_SUBGROUP, ngx_string("delete") },
    { ngx_string("project_create"),
      NGX_SLACK_EVENT_PROJECT, ngx_string("create") },
    { ngx_string("project_destroy"),
      NGX_SLACK_EVENT_PROJECT, ngx_string("delete") },
    { ngx_string("project_rename"),
      NGX_SLACK_EVENT_PROJECT, ngx_string("rename") },
    { ngx_string("project_transfer"),
      NGX_SLACK_EVENT_PROJECT, ngx_string("transfer") },
    { ngx_string("project_update"),
      NGX_SLACK_EVENT_PROJECT, ngx_string("update") },
    { ngx_null_string, 0, ngx_null_string }
};


static ngx_slack_gitlab_header_t  ngx_slack_gitlab_events[] = {
    { ngx_string("Push Hook"), GL_PUSHES },
    { ngx_string("Tag Push Hook"), GL_PUSHES },
    { ngx_string("Issue Hook"), GL_ISSUE },
    { ngx_string("Confidential Issue Hook"), GL_ISSUE },
    { ngx_string("Merge Request Hook"), GL_REQUEST },
    { ngx_string("Note Hook"), GL_NOTE },
    { ngx_string("Confidential Note Hook"), GL_NOTE },
    { ngx_string("Pipeline Hook"), GL_PIPELINE },
    { ngx_string("Wiki Page Hook"), GL_WIKI_PAGE },
    { ngx_string("Deployment Hook"), GL_DEPLOYMENT },
    { ngx_string("Release Hook"), GL_RELEASE },
    { ngx_string("Job Hook"), GL_JOB },
    { ngx_string("Milestone Hook"), GL_MILESTONE },
    { ngx_string("Feature Flag Hook"), GL_FLAG },
    { ngx_string("Emoji Hook"), GL_EMOJI },
    { ngx_string("Member Hook"), GL_MEMBER },
    { ngx_string("Subgroup Hook"), GL_SUBGROUP },
    { ngx_string("Project Hook"), GL_PROJECT },
    { ngx_string("Vulnerability Hook"), GL_VULNERABILITY },
    { ngx_string("Resource Access Token Hook"), GL_TOKEN },
    { ngx_null_string, 0 }
};


static ngx_slack_field_t  *ngx_slack_gitlab_tables[] = {
    ngx_slack_gitlab_fields,
    ngx_slack_gitlab_card_fields,
    ngx_slack_gitlab_people_fields,
    NULL
};


static ngx_str_t  ngx_slack_gitlab_headers[] = {
    ngx_string("x-gitlab-event"),
    ngx_null_string
};


static ngx_slack_proof_t  ngx_slack_gitlab_proofs[] = {
    { .header = ngx_string("webhook-signature"),
      .shown = ngx_string("webhook-signature"),
      .type = NGX_SLACK_PROOF_WEBHOOK },
    { .header = ngx_string("x-gitlab-token"),
      .shown = ngx_string("X-Gitlab-Token"),
      .type = NGX_SLACK_PROOF_TOKEN },
    { .header = ngx_null_string }
};


static ngx_str_t  ngx_slack_gitlab_deliveries[] = {
    ngx_string("idempotency-key"),
    ngx_string("webhook-id"),
    ngx_null_string
};


static ngx_str_t  ngx_slack_gitlab_marks[] = {
    ngx_string("object_kind"),
    ngx_string("event_name"),
    ngx_null_string
};


static ngx_slack_rows_t  ngx_slack_gitlab_arrays[] = {
    { GL_EVENT(commits), sizeof(ngx_slack_commit_t) },
    { GL_OWN(reviewers_before), sizeof(ngx_slack_gitlab_person_t) },
    { GL_OWN(reviewers_after), sizeof(ngx_slack_gitlab_person_t) },
    { GL_OWN(assignees_before), sizeof(ngx_slack_gitlab_person_t) },
    { GL_OWN(assignees_after), sizeof(ngx_slack_gitlab_person_t) },
    { GL_OWN(jobs), sizeof(ngx_slack_gitlab_job_t) },
    { GL_OWN(people.assignees), sizeof(ngx_slack_told_person_t) },
    { GL_OWN(people.reviewers), sizeof(ngx_slack_told_person_t) },
    { GL_OWN(people.committers), sizeof(ngx_slack_told_person_t) },
    { 0, 0 }
};


ngx_slack_source_t  ngx_slack_source_gitlab = {
    .name = ngx_string("gitlab"),
    .fields = ngx_slack_gitlab_tables,
    .event_size = sizeof(ngx_slack_gitlab_t),
    .rows = ngx_slack_gitlab_arrays,
    .headers = ngx_slack_gitlab_headers,
    .proofs = ngx_slack_gitlab_proofs,
    .deliveries = ngx_slack_gitlab_deliveries,
    .marks = ngx_slack_gitlab_marks,
    .kinds = ngx_slack_gitlab_kinds,
    .identify = ngx_slack_gitlab_identify,
    .complete = ngx_slack_gitlab_complete,
    .stand = ngx_slack_gitlab_stand,
    .people = ngx_slack_gitlab_people,
    .object = ngx_slack_gitlab_object
};


static ngx_uint_t
ngx_slack_gitlab_kinds(ngx_str_t *header)
{
    ngx_slack_gitlab_header_t  *event;

    for (event = ngx_slack_gitlab_events; event->name.len; event++) {
        if (ngx_slack_equal(&event->name, header)) {
            return event->kinds;
        }
    }

    return NGX_SLACK_KINDS_ALL;
}


static void
ngx_slack_gitlab_identify(ngx_slack_event_t *event, ngx_str_t *header,
    ngx_str_t *reason)
{
    ngx_str_t                *told, name;
    ngx_slack_gitlab_t       *g;
    ngx_slack_gitlab_kind_t  *object;

    g = (ngx_slack_gitlab_t *) event;

    if (ngx_slack_confidential_name(header)
        || ngx_slack_confidential_name(&g->object_kind)
        || ngx_slack_confidential_name(&g->event_name)
        || ngx_slack_confidential_name(&g->event_type))
    {
        event->confidential = 1;
    }

    told = g->object_kind.len ? &g->object_kind : &g->event_name;

    name = *told;

    if (ngx_slack_confidential_name(&name)
        && name.len > sizeof("confidential_") - 1)
    {
        name.data += sizeof("confidential_") - 1;
        name.len -= sizeof("confidential_") - 1;
    }

    for (object = ngx_slack_gitlab_objects; object->name.len; object++) {
        if (ngx_slack_equal(&object->name, &name)) {
            break;
        }
    }

    event->kind = object->kind;
    event->action = object->action;

    switch (event->kind) {

    case NGX_SLACK_EVENT_PUSH:

        if (g->full_ref.len > 10
            && ngx_memcmp(g->full_ref.data, "refs/tags/", 10) == 0)
        {
            event->kind = NGX_SLACK_EVENT_TAG_PUSH;
        }

        break;

    case NGX_SLACK_EVENT_UNKNOWN:

        if (told->len) {
            *reason = *told;

        } else {
            ngx_str_set(reason, "unknown event");
        }

        break;
    }
}


static ngx_int_t
ngx_slack_gitlab_complete(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_str_t *reason)
{
    ngx_slack_gitlab_t  *g;

    g = (ngx_slack_gitlab_t *) event;

    if (ngx_slack_gitlab_common(g, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    switch (event->kind) {

    case NGX_SLACK_EVENT_PUSH:
    case NGX_SLACK_EVENT_TAG_PUSH:
        return ngx_slack_gitlab_push(g, pool);

    case NGX_SLACK_EVENT_ISSUE:
    case NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE:
        return ngx_slack_gitlab_issue(g, pool);

    case NGX_SLACK_EVENT_MERGE_REQUEST:
        return ngx_slack_gitlab_request(g, pool);

    case NGX_SLACK_EVENT_NOTE:
    case NGX_SLACK_EVENT_CONFIDENTIAL_NOTE:

        if (event->system) {
            ngx_str_set(reason, "system note");
            return NGX_DECLINED;
        }

        return ngx_slack_gitlab_note(g, pool);

    case NGX_SLACK_EVENT_PIPELINE:
        return ngx_slack_gitlab_pipeline(g, pool);

    case NGX_SLACK_EVENT_DEPLOYMENT:
    case NGX_SLACK_EVENT_ALERT:
        event->state = event->action;
        return NGX_OK;

    case NGX_SLACK_EVENT_RELEASE:
        return ngx_slack_gitlab_release(g, pool);

    case NGX_SLACK_EVENT_JOB:
        return ngx_slack_gitlab_job(g, pool);

    case NGX_SLACK_EVENT_MILESTONE:
        return ngx_slack_gitlab_milestone(g, pool);

    case NGX_SLACK_EVENT_FEATURE_FLAG:
        return ngx_slack_gitlab_feature_flag(g, pool);

    case NGX_SLACK_EVENT_EMOJI:
        return ngx_slack_gitlab_emoji(g, pool);

    case NGX_SLACK_EVENT_MEMBER:
        ngx_slack_gitlab_member(g);
        return NGX_OK;

    case NGX_SLACK_EVENT_VULNERABILITY:
        ngx_slack_gitlab_vulnerability(g);
        return NGX_OK;

    case NGX_SLACK_EVENT_ACCESS_TOKEN:
        return ngx_slack_gitlab_access_token(g, pool);

    default:
        return NGX_OK;
    }
}


static ngx_int_t
ngx_slack_gitlab_common(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    u_char             *p;
    size_t              len;
    ngx_slack_event_t  *event;

    event = &g->event;

    if (ngx_slack_forge_is(&g->protected, "true")) {
        event->protected = NGX_SLACK_YES;

    } else if (ngx_slack_forge_is(&g->protected, "false")) {
        event->protected = NGX_SLACK_NO;
    }

    event->tag = ngx_slack_forge_is(&g->tag, "true");
    event->system = ngx_slack_forge_is(&g->system, "true");

    if (g->namespace.len == 0 || g->project_name.len == 0) {
        event->project_name = g->project_name;

    } else {
        len = g->namespace.len + sizeof(" / ") - 1 + g->project_name.len;

        event->project_name.data = ngx_pnalloc(pool, len);
        if (event->project_name.data == NULL) {
            return NGX_ERROR;
        }

        p = ngx_cpymem(event->project_name.data, g->namespace.data,
                       g->namespace.len);
        p = ngx_cpymem(p, " / ", sizeof(" / ") - 1);
        p = ngx_cpymem(p, g->project_name.data, g->project_name.len);

        event->project_name.len = len;
    }

    return ngx_slack_forge_user_page(event, pool);
}


static ngx_int_t
ngx_slack_gitlab_push(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    u_char             *p;
    ngx_str_t           range;
    ngx_slack_event_t  *event;

    event = &g->event;

    event->tag = (event->kind == NGX_SLACK_EVENT_TAG_PUSH);
    event->created = ngx_slack_forge_zero(&event->before) ? 1 : 0;
    event->removed = ngx_slack_forge_zero(&event->after) ? 1 : 0;

    ngx_slack_forge_push(event);
    ngx_slack_forge_ref(event, &g->full_ref);

    if (ngx_slack_gitlab_url(g, pool, &event->ref_url,
                             event->tag ? "/-/tags/" : "/-/commits/",
                             &event->ref)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (event->before.len && event->after.len) {
        range.len = event->before.len + 3 + event->after.len;
        range.data = ngx_pnalloc(pool, range.len);
        if (range.data == NULL) {
            return NGX_ERROR;
        }

        p = ngx_cpymem(range.data, event->before.data, event->before.len);
        p = ngx_cpymem(p, "...", 3);
        ngx_memcpy(p, event->after.data, event->after.len);

        if (ngx_slack_gitlab_url(g, pool, &event->compare_url,
                                 "/-/compare/", &range)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ngx_slack_forge_pushed(event);

    return NGX_OK;
}
