
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitHub: webhooks of repositories, organisations and apps, of github.com and
 * Enterprise Server.  Knows GitHub's payloads and URLs, JSON and events; not
 * Slack.  Runs in the event loop.
 *
 * Source of the payloads: GitHub's page "Webhook events and payloads".  Only
 * the header names the event, the body does not.
 */


#include <ngx_slack_hub.h>


static ngx_uint_t ngx_slack_github_kinds(ngx_str_t *header);
static void ngx_slack_github_identify(ngx_slack_event_t *event,
    ngx_str_t *header, ngx_str_t *reason);
static ngx_int_t ngx_slack_github_check_suite(ngx_slack_hub_t *h,
    ngx_pool_t *pool, ngx_str_t *reason);
static ngx_int_t ngx_slack_github_deployment(ngx_slack_hub_t *h,
    ngx_pool_t *pool, ngx_str_t *reason);
static ngx_int_t ngx_slack_github_gollum(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);


static ngx_slack_field_t  ngx_slack_github_fields[] = {

    ngx_slack_hub_field(0, "review.state", review, STRING),

    ngx_slack_hub_field(HUB_PUSHES, "compare", event.compare_url, STRING),

    ngx_slack_hub_field(HUB_ISSUE, "issue.type.name", event.type, LINE),

    ngx_slack_hub_field(HUB_REQUEST, "requested_team.name", reviewer, LINE),
    ngx_slack_hub_field(HUB_REQUEST, "changes.base.ref.from", target_before,
                        LINE),
    ngx_slack_hub_field(HUB_REQUEST, "reason", cause, LINE),
    ngx_slack_hub_field(HUB_ISSUE|HUB_REQUEST, "label.name", label, LINE),
    ngx_slack_hub_field(HUB_ISSUE|HUB_REQUEST, "assignee.login", assignee,
                        LINE),

    ngx_slack_hub_field(HUB_NOTE, "review.body", event.text, STRING),
    ngx_slack_hub_field(HUB_NOTE, "review.html_url", event.url, STRING),
    ngx_slack_hub_field(HUB_NOTE, "review.submitted_at", event.time, TIME),
    ngx_slack_hub_field(HUB_NOTE, "comment.commit_id", commit_sha, STRING),

    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.name", event.name, LINE),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.updated_at", event.time,
                        TIME),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.run_started_at", started,
                        TIME),
    ngx_slack_hub_stamp(HUB_PIPELINE, "workflow_run.run_started_at"),

    /* check suites of an app */

    ngx_slack_hub_field(HUB_PIPELINE, "check_suite.id", event.number, STRING),
    ngx_slack_hub_field(HUB_PIPELINE, "check_suite.id", suite_id, STRING),
    ngx_slack_hub_subject(HUB_PIPELINE, "check_suite.pull_requests[].number",
                          pulls, LIST, OBJECT),
    ngx_slack_hub_subject(HUB_PIPELINE,
                          "check_suite.pull_requests[].base.repo.id",
                          pull_projects, LIST, OBJECT),
    ngx_slack_hub_stamp(HUB_PIPELINE, "check_suite.created_at"),
    ngx_slack_hub_stamp(HUB_PIPELINE, "check_suite.updated_at"),
    ngx_slack_hub_field(HUB_PIPELINE, "check_suite.app.slug", app, STRING),
    ngx_slack_hub_field(HUB_PIPELINE, "check_suite.app.name", event.name,
                        LINE),
    ngx_slack_hub_field(HUB_PIPELINE, "check_suite.status", status, STRING),
    ngx_slack_hub_field(HUB_PIPELINE, "check_suite.conclusion", conclusion,
                        STRING),
    ngx_slack_hub_subject(HUB_PIPELINE, "check_suite.head_branch", event.ref,
                          NAME, REF),
    ngx_slack_hub_field(HUB_PIPELINE, "check_suite.head_sha",
                        event.commit_id, STRING),
    ngx_slack_hub_field(HUB_PIPELINE, "check_suite.head_commit.message",
                        event.commit_title, LINE),
    ngx_slack_hub_field(HUB_PIPELINE, "check_suite.created_at", started,
                        TIME),
    ngx_slack_hub_field(HUB_PIPELINE, "check_suite.updated_at", event.time,
                        TIME),

    /* deployment */

    ngx_slack_hub_field(HUB_DEPLOYMENT, "deployment.id", deployment_id,
                        STRING),
    ngx_slack_hub_stamp(HUB_DEPLOYMENT, "deployment_status.created_at"),
    ngx_slack_hub_stamp(HUB_DEPLOYMENT, "deployment_status.updated_at"),
    ngx_slack_hub_field(HUB_DEPLOYMENT, "deployment_status.state", status,
                        STRING),
    ngx_slack_hub_field(HUB_DEPLOYMENT, "deployment_status.environment",
                        event.name, STRING),
    ngx_slack_hub_field(HUB_DEPLOYMENT, "deployment.environment",
                        event.name, STRING),
    ngx_slack_hub_field(HUB_DEPLOYMENT, "deployment_status.environment_url",
                        event.url, STRING),
    ngx_slack_hub_field(HUB_DEPLOYMENT, "deployment_status.log_url",
                        event.job_url, STRING),
    ngx_slack_hub_field(HUB_DEPLOYMENT, "deployment_status.target_url",
                        event.job_url, STRING),
    ngx_slack_hub_field(HUB_DEPLOYMENT, "workflow_run.run_number", event.job,
                        STRING),
    ngx_slack_hub_field(HUB_DEPLOYMENT, "deployment_status.description",
                        event.text, STRING),
    ngx_slack_hub_field(HUB_DEPLOYMENT, "deployment_status.updated_at",
                        event.time, TIME),
    ngx_slack_hub_subject(HUB_DEPLOYMENT, "deployment.ref", full_ref, NAME,
                          REF),
    ngx_slack_hub_field(HUB_DEPLOYMENT, "deployment.sha", commit_sha,
                        STRING),
    ngx_slack_hub_field(HUB_DEPLOYMENT, "workflow_run.head_commit.message",
                        event.commit_title, LINE),

    /* wiki; each page is an event */

    ngx_slack_hub_field(HUB_WIKI_PAGE, "pages[].title", event.title, LINE),
    ngx_slack_hub_field(HUB_WIKI_PAGE, "pages[].page_name", event.title,
                        LINE),
    ngx_slack_hub_field(HUB_WIKI_PAGE, "pages[].action", page_action, STRING),
    ngx_slack_hub_field(HUB_WIKI_PAGE, "pages[].html_url", event.url, STRING),
    ngx_slack_hub_field(HUB_WIKI_PAGE, "pages[].summary", event.text, STRING),

    { 0, ngx_null_string, 0, 0, 0 }
};


static ngx_slack_field_t  *ngx_slack_github_tables[] = {
    ngx_slack_github_fields,
    ngx_slack_hub_fields,
    ngx_slack_hub_card_fields,
    ngx_slack_hub_people_fields,
    NULL
};


static ngx_slack_hub_event_t  ngx_slack_github_events[] = {
    { ngx_string("push"), HUB_PUSHES,
      NGX_SLACK_EVENT_PUSH, ngx_slack_hub_push },
    { ngx_string("create"), HUB_PUSHES,
      NGX_SLACK_EVENT_PUSH, ngx_slack_hub_created },
    { ngx_string("delete"), HUB_PUSHES,
      NGX_SLACK_EVENT_PUSH, ngx_slack_hub_deleted },
    { ngx_string("issues"), HUB_ISSUE,
      NGX_SLACK_EVENT_ISSUE, ngx_slack_hub_issue },
    { ngx_string("issue_comment"), HUB_NOTE,
      NGX_SLACK_EVENT_NOTE, ngx_slack_hub_note },
    { ngx_string("commit_comment"), HUB_NOTE,
      NGX_SLACK_EVENT_NOTE, ngx_slack_hub_note },
    { ngx_string("pull_request"), HUB_REQUEST,
      NGX_SLACK_EVENT_MERGE_REQUEST, ngx_slack_hub_request },
    { ngx_string("pull_request_review"), HUB_REQUEST|HUB_NOTE,
      NGX_SLACK_EVENT_NOTE, ngx_slack_hub_review },
    { ngx_string("pull_request_review_comment"), HUB_NOTE,
      NGX_SLACK_EVENT_NOTE, ngx_slack_hub_note },
    { ngx_string("workflow_run"), HUB_PIPELINE,
      NGX_SLACK_EVENT_PIPELINE, ngx_slack_hub_run },
    { ngx_string("check_suite"), HUB_PIPELINE,
      NGX_SLACK_EVENT_PIPELINE, ngx_slack_github_check_suite },
    { ngx_string("deployment_status"), HUB_DEPLOYMENT,
      NGX_SLACK_EVENT_DEPLOYMENT, ngx_slack_github_deployment },
    { ngx_string("release"), HUB_RELEASE,
      NGX_SLACK_EVENT_RELEASE, ngx_slack_hub_release },
    { ngx_string("gollum"), HUB_WIKI_PAGE,
      NGX_SLACK_EVENT_WIKI_PAGE, ngx_slack_github_gollum },
    { ngx_null_string, 0, 0, NULL }
};


static ngx_slack_hub_site_t  ngx_slack_github_site = {
    ngx_string("github "),
    ngx_slack_github_events,
    "/tree/",
    "/releases/tag/",
    "/pull/"
};


static ngx_str_t  ngx_slack_github_headers[] = {
    ngx_string("x-github-event"),
    ngx_null_string
};


/* X-Hub-Signature is also sent, but not used, because it is SHA-1 */

static ngx_slack_proof_t  ngx_slack_github_proofs[] = {
    { .header = ngx_string("x-hub-signature-256"),
      .shown = ngx_string("X-Hub-Signature-256"),
      .type = NGX_SLACK_PROOF_HEX,
      .prefix = ngx_string("sha256=") },
    { .header = ngx_null_string }
};


static ngx_str_t  ngx_slack_github_deliveries[] = {
    ngx_string("x-github-delivery"),
    ngx_null_string
};


static ngx_str_t  ngx_slack_github_marks[] = {
    ngx_string("repository.full_name"),
    ngx_string("hook_id"),
    ngx_null_string
};


ngx_slack_source_t  ngx_slack_source_github = {
    .name = ngx_string("github"),
    .fields = ngx_slack_github_tables,
    .events = ngx_string("pages"),
    .event_size = sizeof(ngx_slack_hub_t),
    .rows = ngx_slack_hub_arrays,
    .headers = ngx_slack_github_headers,
    .proofs = ngx_slack_github_proofs,
    .deliveries = ngx_slack_github_deliveries,
    .marks = ngx_slack_github_marks,
    .kinds = ngx_slack_github_kinds,
    .identify = ngx_slack_github_identify,
    .complete = ngx_slack_hub_complete,
    .stand = ngx_slack_hub_stand,
    .people = ngx_slack_hub_people,
    .object = ngx_slack_hub_object
};


static ngx_uint_t
ngx_slack_github_kinds(ngx_str_t *header)
{
    return ngx_slack_hub_kinds(&ngx_slack_github_site, header);
}


static void
ngx_slack_github_identify(ngx_slack_event_t *event, ngx_str_t *header,
    ngx_str_t *reason)
{
    ngx_slack_hub_t  *h;

    h = (ngx_slack_hub_t *) event;

    ngx_slack_hub_identify(h, &ngx_slack_github_site, header, reason);

    if (h->row == NULL || h->row->handler != ngx_slack_hub_review) {
        return;
    }

    if (ngx_slack_forge_is(&h->action, "dismissed")
        || (ngx_slack_forge_is(&h->action, "submitted")
            && ngx_slack_forge_is(&h->review, "approved")))
    {
        event->kind = NGX_SLACK_EVENT_MERGE_REQUEST;
    }
}


static ngx_int_t
ngx_slack_github_check_suite(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason)
{
    u_char             *p;
    ngx_slack_event_t  *event;

    /* GitHub Actions makes one for each run, which has an event of its own */

    if (ngx_slack_forge_is(&h->app, "github-actions")) {
        ngx_str_set(reason, "check suite of a workflow run");
        return NGX_DECLINED;
    }

    if (ngx_slack_hub_run(h, pool, reason) != NGX_OK) {
        return NGX_ERROR;
    }

    event = &h->event;

    if (event->commit_url.len == 0) {
        return NGX_OK;
    }

    event->url.len = event->commit_url.len + sizeof("/checks") - 1;
    event->url.data = ngx_pnalloc(pool, event->url.len);
    if (event->url.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(event->url.data, event->commit_url.data,
                   event->commit_url.len);
    ngx_memcpy(p, "/checks", sizeof("/checks") - 1);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_github_deployment(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason)
{
    ngx_slack_event_t  *event;

    event = &h->event;

    /* a newer deployment makes the older ones inactive */

    if (ngx_slack_forge_is(&h->status, "inactive")) {
        ngx_str_set(reason, "deployment is inactive");
        return NGX_DECLINED;
    }

    event->action = *ngx_slack_hub_status(&h->status);
    event->state = event->action;

    event->tag = (h->full_ref.len > 10
                  && ngx_memcmp(h->full_ref.data, "refs/tags/", 10) == 0);

    if (!ngx_slack_equal(&h->full_ref, &h->commit_sha)) {
        ngx_slack_forge_ref(event, &h->full_ref);
    }

    if (ngx_slack_forge_url(event, pool, &event->commit_url, "/commit/",
                            &h->commit_sha)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    event->commit_id = ngx_slack_forge_sha(&h->commit_sha);

    return NGX_OK;
}


/*
 * A page of a wiki; its title also tells how many pages of the request are
 * left out.
 */

static ngx_int_t
ngx_slack_github_gollum(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason)
{
    u_char             *p;
    ngx_str_t          *action, title;
    ngx_slack_event_t  *event;

    event = &h->event;

    if (h->page_action.len == 0 && event->title.len == 0) {
        ngx_str_set(reason, "no pages");
        return NGX_DECLINED;
    }

    action = ngx_slack_hub_action(&h->page_action);

    event->action = action ? *action : h->page_action;

    if (event->more == 0) {
        return NGX_OK;
    }

    title = event->title;

    p = ngx_pnalloc(pool, title.len + sizeof(" and  more") - 1
                          + NGX_INT_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    event->title.data = p;
    event->title.len = ngx_sprintf(p, "%V and %ui more", &title, event->more)
                       - p;

    return NGX_OK;
}
