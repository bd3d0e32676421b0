
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Gitea, Forgejo and Gogs: webhooks of repositories, organisations and the
 * instance.  Knows their payloads and URLs, JSON and events; not Slack.  Runs
 * in the event loop.
 *
 * Source of the payloads: modules/structs/hook.go of Gitea 1.10 to 1.25.  All
 * of these forges send GitHub's headers too, so the registry has them before
 * GitHub.
 */


#include <ngx_slack_hub.h>


#define GITEA_PROJECT  ngx_slack_kind_bit(NGX_SLACK_EVENT_PROJECT)


static ngx_uint_t ngx_slack_gitea_kinds(ngx_str_t *header);
static void ngx_slack_gitea_identify(ngx_slack_event_t *event,
    ngx_str_t *header, ngx_str_t *reason);
static ngx_int_t ngx_slack_gitea_complete(ngx_slack_event_t *event,
    ngx_pool_t *pool, ngx_str_t *reason);
static ngx_int_t ngx_slack_gitea_push(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);
static ngx_int_t ngx_slack_gitea_issue(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);
static ngx_int_t ngx_slack_gitea_rejected(ngx_slack_hub_t *h,
    ngx_pool_t *pool, ngx_str_t *reason);
static ngx_int_t ngx_slack_gitea_commented(ngx_slack_hub_t *h,
    ngx_pool_t *pool, ngx_str_t *reason);
static ngx_int_t ngx_slack_gitea_wiki(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);
static ngx_int_t ngx_slack_gitea_repository(ngx_slack_hub_t *h,
    ngx_pool_t *pool, ngx_str_t *reason);


static ngx_slack_field_t  ngx_slack_gitea_fields[] = {

    ngx_slack_hub_field(GITEA_PROJECT, "repository.owner.full_name",
                        event.user_name, LINE),
    ngx_slack_hub_field(GITEA_PROJECT, "repository.owner.login",
                        event.user_name, LINE),
    ngx_slack_hub_field(GITEA_PROJECT, "repository.name", event.title, LINE),
    ngx_slack_hub_field(GITEA_PROJECT, "repository.private", private, STRING),
    ngx_slack_hub_field(HUB_ALL, "sender.full_name", event.user_name, LINE),
    ngx_slack_hub_field(HUB_PUSHES, "pusher.full_name", event.user_name, LINE),

    ngx_slack_hub_field(HUB_PUSHES, "compare_url", event.compare_url, STRING),
    ngx_slack_hub_field(HUB_PUSHES, "total_commits", event.total_commits,
                        NUMBER),

    ngx_slack_hub_field(HUB_REQUEST, "requested_reviewer.full_name", reviewer,
                        LINE),
    ngx_slack_hub_field(HUB_REQUEST, "changes.ref.from", target_before, LINE),
    ngx_slack_hub_field(HUB_ISSUE, "issue.milestone.title", milestone, LINE),
    ngx_slack_hub_field(HUB_REQUEST, "pull_request.milestone.title", milestone,
                        LINE),
    ngx_slack_hub_field(HUB_NOTE, "issue.pull_request.merged", pull, STRING),
    ngx_slack_hub_field(HUB_NOTE, "review.content", event.text, STRING),

    /* Gogs */

    ngx_slack_hub_subject(HUB_REQUEST, "pull_request.base_branch",
                          event.target_branch, NAME, TARGET),
    ngx_slack_hub_field(HUB_REQUEST, "pull_request.head_branch",
                        event.source_branch, STRING),

    ngx_slack_hub_field(HUB_PIPELINE, "workflow.name", event.name, LINE),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.completed_at", event.time,
                        TIME),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.started_at", started,
                        TIME),
    ngx_slack_hub_stamp(HUB_PIPELINE, "workflow_run.started_at"),
    ngx_slack_hub_stamp(HUB_PIPELINE, "workflow_run.completed_at"),

    ngx_slack_hub_field(HUB_WIKI_PAGE, "page", event.title, LINE),
    ngx_slack_hub_field(HUB_WIKI_PAGE, "comment", event.text, STRING),

    { 0, ngx_null_string, 0, 0, 0 }
};


static ngx_slack_field_t  *ngx_slack_gitea_tables[] = {
    ngx_slack_gitea_fields,
    ngx_slack_hub_fields,
    ngx_slack_hub_card_fields,
    ngx_slack_hub_people_fields,
    NULL
};


static ngx_slack_hub_event_t  ngx_slack_gitea_events[] = {
    { ngx_string("push"), HUB_PUSHES,
      NGX_SLACK_EVENT_PUSH, ngx_slack_gitea_push },
    { ngx_string("create"), HUB_PUSHES,
      NGX_SLACK_EVENT_PUSH, ngx_slack_hub_created },
    { ngx_string("delete"), HUB_PUSHES,
      NGX_SLACK_EVENT_PUSH, ngx_slack_hub_deleted },
    { ngx_string("issues"), HUB_ISSUE,
      NGX_SLACK_EVENT_ISSUE, ngx_slack_gitea_issue },
    { ngx_string("issue_comment"), HUB_NOTE,
      NGX_SLACK_EVENT_NOTE, ngx_slack_hub_note },
    { ngx_string("pull_request"), HUB_REQUEST,
      NGX_SLACK_EVENT_MERGE_REQUEST, ngx_slack_hub_request },
    { ngx_string("pull_request_approved"), HUB_REQUEST,
      NGX_SLACK_EVENT_MERGE_REQUEST, ngx_slack_hub_review },
    { ngx_string("pull_request_rejected"), HUB_NOTE,
      NGX_SLACK_EVENT_NOTE, ngx_slack_gitea_rejected },
    { ngx_string("pull_request_comment"), HUB_NOTE,
      NGX_SLACK_EVENT_NOTE, ngx_slack_gitea_commented },
    { ngx_string("workflow_run"), HUB_PIPELINE,
      NGX_SLACK_EVENT_PIPELINE, ngx_slack_hub_run },
    { ngx_string("release"), HUB_RELEASE,
      NGX_SLACK_EVENT_RELEASE, ngx_slack_hub_release },
    { ngx_string("wiki"), HUB_WIKI_PAGE,
      NGX_SLACK_EVENT_WIKI_PAGE, ngx_slack_gitea_wiki },
    { ngx_string("repository"), GITEA_PROJECT,
      NGX_SLACK_EVENT_PROJECT, ngx_slack_gitea_repository },
    { ngx_null_string, 0, 0, NULL }
};


static ngx_slack_hub_site_t  ngx_slack_gitea_site = {
    ngx_string("gitea "),
    ngx_slack_gitea_events,
    "/src/branch/",
    "/src/tag/",
    "/pulls/"
};


static ngx_str_t  ngx_slack_gitea_headers[] = {
    ngx_string("x-forgejo-event"),
    ngx_string("x-gitea-event"),
    ngx_string("x-gogs-event"),
    ngx_null_string
};


static ngx_slack_proof_t  ngx_slack_gitea_proofs[] = {
    { .header = ngx_string("x-forgejo-signature"),
      .shown = ngx_string("X-Forgejo-Signature"),
      .type = NGX_SLACK_PROOF_HEX,
      .payload = 1 },
    { .header = ngx_string("x-gitea-signature"),
      .shown = ngx_string("X-Gitea-Signature"),
      .type = NGX_SLACK_PROOF_HEX,
      .payload = 1 },
    { .header = ngx_string("x-gogs-signature"),
      .shown = ngx_string("X-Gogs-Signature"),
      .type = NGX_SLACK_PROOF_HEX,
      .payload = 1 },
    { .header = ngx_null_string }
};


static ngx_str_t  ngx_slack_gitea_deliveries[] = {
    ngx_string("x-forgejo-delivery"),
    ngx_string("x-gitea-delivery"),
    ngx_string("x-gogs-delivery"),
    ngx_null_string
};


static ngx_str_t  ngx_slack_gitea_marks[] = {
    ngx_string("sender.username"),
    ngx_null_string
};


ngx_slack_source_t  ngx_slack_source_gitea = {
    .name = ngx_string("gitea"),
    .fields = ngx_slack_gitea_tables,
    .event_size = sizeof(ngx_slack_hub_t),
    .rows = ngx_slack_hub_arrays,
    .headers = ngx_slack_gitea_headers,
    .proofs = ngx_slack_gitea_proofs,
    .deliveries = ngx_slack_gitea_deliveries,
    .marks = ngx_slack_gitea_marks,
    .kinds = ngx_slack_gitea_kinds,
    .identify = ngx_slack_gitea_identify,
    .complete = ngx_slack_gitea_complete,
    .stand = ngx_slack_hub_stand,
    .people = ngx_slack_hub_people,
    .object = ngx_slack_hub_object
};


static ngx_uint_t
ngx_slack_gitea_kinds(ngx_str_t *header)
{
    return ngx_slack_hub_kinds(&ngx_slack_gitea_site, header);
}


static void
ngx_slack_gitea_identify(ngx_slack_event_t *event, ngx_str_t *header,
    ngx_str_t *reason)
{
    ngx_slack_hub_identify((ngx_slack_hub_t *) event, &ngx_slack_gitea_site,
                           header, reason);
}


static ngx_int_t
ngx_slack_gitea_complete(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_str_t *reason)
{
    if (ngx_slack_forge_user_page(event, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_hub_complete(event, pool, reason);
}


/* Gitea lists the newest commit first, unlike others. */

static ngx_int_t
ngx_slack_gitea_push(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    ngx_uint_t           i, n;
    ngx_slack_commit_t  *commit, swap;

    commit = h->event.commits.elts;
    n = h->event.commits.nelts;

    if (n && ngx_slack_equal(&commit[0].id, &h->event.after)) {

        for (i = 0; i < n / 2; i++) {
            swap = commit[i];
            commit[i] = commit[n - 1 - i];
            commit[n - 1 - i] = swap;
        }
    }

    return ngx_slack_hub_push(h, pool, reason);
}


static ngx_int_t
ngx_slack_gitea_issue(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    /* older versions and Gogs send no URL */

    if (h->event.url.len == 0
        && ngx_slack_forge_url(&h->event, pool, &h->event.url, "/issues/",
                               &h->event.number)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_hub_issue(h, pool, reason);
}


static ngx_int_t
ngx_slack_gitea_rejected(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason)
{
    ngx_str_set(&h->review, "changes_requested");

    return ngx_slack_hub_review(h, pool, reason);
}


static ngx_int_t
ngx_slack_gitea_commented(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason)
{
    ngx_str_set(&h->review, "commented");

    return ngx_slack_hub_review(h, pool, reason);
}


static ngx_int_t
ngx_slack_gitea_wiki(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    ngx_str_t  *action;

    action = ngx_slack_hub_action(&h->action);

    h->event.action = action ? *action : h->action;

    return ngx_slack_forge_url(&h->event, pool, &h->event.url, "/wiki/",
                               &h->event.title);
}


static ngx_int_t
ngx_slack_gitea_repository(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason)
{
    ngx_str_t  *action;

    action = ngx_slack_hub_action(&h->action);

    h->event.action = action ? *action : h->action;
    h->event.url = h->event.project_url;

    if (ngx_slack_forge_is(&h->private, "true")) {
        ngx_str_set(&h->event.state, "private");

    } else if (h->private.len) {
        ngx_str_set(&h->event.state, "public");
    }

    return NGX_OK;
}
