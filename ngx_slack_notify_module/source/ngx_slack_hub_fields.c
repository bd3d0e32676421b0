
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Payloads structured like GitHub's: the paths of an event's fields that are
 * the same for all senders.  A table only; it runs in no thread.
 */


#include <ngx_slack_hub.h>


ngx_slack_field_t  ngx_slack_hub_fields[] = {

    /* action and ref */

    ngx_slack_hub_field(0, "action", action, STRING),
    ngx_slack_hub_subject(0, "ref", full_ref, NAME, REF),
    ngx_slack_hub_field(0, "ref_type", ref_type, STRING),

    /* project and actor */

    ngx_slack_hub_subject(HUB_ALL, "repository.full_name", event.project,
                          NAME, PROJECT),
    ngx_slack_hub_field(HUB_ALL, "repository.html_url", event.project_url,
                        STRING),
    ngx_slack_hub_field(HUB_ALL, "repository.owner.avatar_url",
                        event.project_avatar, STRING),
    ngx_slack_hub_field(HUB_ALL, "repository.default_branch",
                        event.default_branch, STRING),
    ngx_slack_hub_subject(HUB_ALL, "sender.login", event.user, NAME, USER),

    /* some events have no sender, but name who caused them */

    ngx_slack_hub_subject(HUB_PUSHES, "pusher.login", event.user, NAME, USER),
    ngx_slack_hub_subject(HUB_PUSHES, "pusher.name", event.user, NAME, USER),
    ngx_slack_hub_subject(HUB_PIPELINE, "workflow_run.triggering_actor.login",
                          event.user, NAME, USER),
    ngx_slack_hub_subject(HUB_DEPLOYMENT, "deployment_status.creator.login",
                          event.user, NAME, USER),

    ngx_slack_hub_field(HUB_ALL, "sender.html_url", event.user_url, STRING),
    ngx_slack_hub_field(HUB_ALL, "sender.avatar_url", event.user_avatar,
                        STRING),

    /* what it belongs to */

    ngx_slack_hub_field(HUB_IN_PROJECT|HUB_PIPELINE, "repository.id",
                        project_id, STRING),
    ngx_slack_hub_field(HUB_REQUEST, "pull_request.state", pull_state,
                        STRING),
    ngx_slack_hub_stamp(HUB_REQUEST, "pull_request.updated_at"),
    ngx_slack_hub_stamp(HUB_REQUEST, "pull_request.closed_at"),
    ngx_slack_hub_stamp(HUB_REQUEST, "pull_request.merged_at"),
    ngx_slack_hub_stamp(HUB_ISSUE, "issue.updated_at"),
    ngx_slack_hub_stamp(HUB_ISSUE, "issue.closed_at"),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.id", run_id, STRING),
    ngx_slack_hub_subject(HUB_PIPELINE, "workflow_run.pull_requests[].number",
                          pulls, LIST, OBJECT),
    ngx_slack_hub_subject(HUB_PIPELINE,
                          "workflow_run.pull_requests[].base.repo.id",
                          pull_projects, LIST, OBJECT),
    ngx_slack_hub_stamp(HUB_PIPELINE, "workflow_run.created_at"),
    ngx_slack_hub_stamp(HUB_PIPELINE, "workflow_run.updated_at"),

    /* push */

    ngx_slack_hub_field(HUB_PUSHES, "before", event.before, STRING),
    ngx_slack_hub_field(HUB_PUSHES, "after", event.after, STRING),
    ngx_slack_hub_field(HUB_PUSHES, "forced", forced, STRING),
    ngx_slack_hub_rows(HUB_PUSHES, "commits[].id", event.commits,
                       ngx_slack_commit_t, id),
    ngx_slack_hub_row_lines(HUB_PUSHES, "commits[].message", event.commits,
                            ngx_slack_commit_t, title),
    ngx_slack_hub_rows(HUB_PUSHES, "commits[].url", event.commits,
                       ngx_slack_commit_t, url),
    ngx_slack_hub_rows(HUB_PUSHES, "commits[].author.name", event.commits,
                       ngx_slack_commit_t, author),
    ngx_slack_hub_rows(HUB_PUSHES, "commits[].distinct", event.commits,
                       ngx_slack_commit_t, distinct),
    ngx_slack_hub_subject(HUB_PUSH, "commits[].added[]", event.files,
                          FILES, FILES),
    ngx_slack_hub_subject(HUB_PUSH, "commits[].modified[]", event.files,
                          FILES, FILES),
    ngx_slack_hub_subject(HUB_PUSH, "commits[].removed[]", event.files,
                          FILES, FILES),

    /* issue, and notes on one */

    ngx_slack_hub_field(HUB_ISSUE|HUB_NOTE, "issue.number", event.number,
                        STRING),
    ngx_slack_hub_field(HUB_ISSUE|HUB_NOTE, "issue.title", event.title, LINE),
    ngx_slack_hub_subject(HUB_ISSUE|HUB_NOTE, "issue.labels[].name",
                          event.labels, LIST, LABELS),
    ngx_slack_hub_field(HUB_NOTE, "issue.pull_request.html_url", pull,
                        STRING),
    ngx_slack_hub_field(HUB_ISSUE, "issue.html_url", event.url, STRING),
    ngx_slack_hub_field(HUB_ISSUE, "issue.body", event.text, STRING),
    ngx_slack_hub_field(HUB_ISSUE, "issue.state", event.state, STRING),
    ngx_slack_hub_field(HUB_ISSUE, "issue.updated_at", event.time, TIME),

    /* pull request, and notes on one */

    ngx_slack_hub_field(HUB_REQUEST|HUB_NOTE, "pull_request.number",
                        event.number, STRING),
    ngx_slack_hub_field(HUB_REQUEST|HUB_NOTE, "pull_request.title",
                        event.title, LINE),
    ngx_slack_hub_subject(HUB_REQUEST|HUB_NOTE, "pull_request.labels[].name",
                          event.labels, LIST, LABELS),
    ngx_slack_hub_subject(HUB_REQUEST|HUB_NOTE, "pull_request.base.ref",
                          event.target_branch, NAME, TARGET),
    ngx_slack_hub_field(HUB_REQUEST|HUB_NOTE, "pull_request.head.ref",
                        event.source_branch, STRING),
    ngx_slack_hub_field(HUB_REQUEST, "pull_request.html_url", event.url,
                        STRING),
    ngx_slack_hub_field(HUB_REQUEST, "pull_request.body", event.text, STRING),
    ngx_slack_hub_field(HUB_REQUEST, "pull_request.state", event.state,
                        STRING),
    ngx_slack_hub_field(HUB_REQUEST, "pull_request.updated_at", event.time,
                        TIME),
    ngx_slack_hub_field(HUB_REQUEST, "pull_request.draft", draft, STRING),
    ngx_slack_hub_field(HUB_REQUEST, "pull_request.merged", merged, STRING),
    ngx_slack_hub_field(HUB_ISSUE|HUB_REQUEST, "changes.title.from",
                        title_before, LINE),
    ngx_slack_hub_field(HUB_ISSUE|HUB_REQUEST, "changes.body.from",
                        text_before, LINE),
    ngx_slack_hub_field(HUB_ISSUE|HUB_REQUEST, "milestone.title", milestone,
                        LINE),
    ngx_slack_hub_field(HUB_REQUEST, "requested_reviewer.login", reviewer,
                        LINE),

    /* note */

    ngx_slack_hub_field(HUB_NOTE, "comment.body", event.text, STRING),
    ngx_slack_hub_field(HUB_NOTE, "comment.html_url", event.url, STRING),
    ngx_slack_hub_field(HUB_NOTE, "pull_request.html_url", event.url, STRING),
    ngx_slack_hub_field(HUB_NOTE, "comment.updated_at", event.time, TIME),
    ngx_slack_hub_field(HUB_NOTE, "comment.created_at", event.time, TIME),
    ngx_slack_hub_field(HUB_NOTE, "pull_request.html_url", pull, STRING),

    /* run of a workflow */

    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.run_number", event.number,
                        STRING),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.html_url", event.url,
                        STRING),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.status", status, STRING),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.conclusion", conclusion,
                        STRING),
    ngx_slack_hub_subject(HUB_PIPELINE, "workflow_run.head_branch", event.ref,
                          NAME, REF),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.head_sha",
                        event.commit_id, STRING),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.head_commit.message",
                        event.commit_title, LINE),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.display_title",
                        event.commit_title, LINE),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.head_repository.full_name",
                        head_project, STRING),
    ngx_slack_hub_field(HUB_PIPELINE, "workflow_run.head_repository.html_url",
                        head_url, STRING),

    /* release */

    ngx_slack_hub_field(HUB_RELEASE, "release.name", event.title, LINE),
    ngx_slack_hub_field(HUB_RELEASE, "release.tag_name", event.title, LINE),
    ngx_slack_hub_field(HUB_RELEASE, "release.tag_name", event.ref, STRING),
    ngx_slack_hub_field(HUB_RELEASE, "release.html_url", event.url, STRING),
    ngx_slack_hub_field(HUB_RELEASE, "release.body", event.text, STRING),
    ngx_slack_hub_field(HUB_RELEASE, "release.published_at", event.time,
                        TIME),
    ngx_slack_hub_field(HUB_RELEASE, "release.draft", draft, STRING),
    ngx_slack_hub_field(HUB_RELEASE, "release.prerelease", prerelease,
                        STRING),
    ngx_slack_hub_field(HUB_RELEASE, "release.assets[].name", assets, LIST),

    { 0, ngx_null_string, 0, 0, 0 }
};


ngx_slack_rows_t  ngx_slack_hub_arrays[] = {
    { offsetof(ngx_slack_hub_t, event.commits), sizeof(ngx_slack_commit_t) },
    { offsetof(ngx_slack_hub_t, people.assignees),
      sizeof(ngx_slack_told_person_t) },
    { offsetof(ngx_slack_hub_t, people.reviewers),
      sizeof(ngx_slack_told_person_t) },
    { offsetof(ngx_slack_hub_t, people.committers),
      sizeof(ngx_slack_told_person_t) },
    { 0, 0 }
};
