
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab: the paths of an event's fields in the payloads.  A table only; it
 * runs in no thread.
 */


#include <ngx_slack_gitlab.h>


#define ngx_slack_gitlab_string(kinds, path, offset)                          \
    { kinds, ngx_string(path), offset, NGX_SLACK_FIELD_STRING, 0 }
#define ngx_slack_gitlab_line(kinds, path, offset)                            \
    { kinds, ngx_string(path), offset, NGX_SLACK_FIELD_LINE, 0 }
#define ngx_slack_gitlab_number(kinds, path, offset)                          \
    { kinds, ngx_string(path), offset, NGX_SLACK_FIELD_NUMBER, 0 }
#define ngx_slack_gitlab_time(kinds, path, offset)                            \
    { kinds, ngx_string(path), offset, NGX_SLACK_FIELD_TIME, 0 }
#define ngx_slack_gitlab_stamp(kinds, path)                                   \
    { kinds, ngx_string(path), GL_EVENT(stamp), NGX_SLACK_FIELD_STAMP, 0 }
#define ngx_slack_gitlab_list(kinds, path, offset)                            \
    { kinds, ngx_string(path), offset, NGX_SLACK_FIELD_LIST, 0 }

/* subjects of filters */

#define ngx_slack_gitlab_name(kinds, path, offset, subject)                   \
    { kinds, ngx_string(path), offset, NGX_SLACK_FIELD_NAME,                  \
      NGX_SLACK_SUBJECT_##subject }
#define ngx_slack_gitlab_user(kinds, path)                                    \
    ngx_slack_gitlab_name(kinds, path, GL_EVENT(user), USER)
#define ngx_slack_gitlab_project(kinds, path)                                 \
    ngx_slack_gitlab_name(kinds, path, GL_EVENT(project), PROJECT)
#define ngx_slack_gitlab_ref(kinds, path, offset)                             \
    ngx_slack_gitlab_name(kinds, path, offset, REF)
#define ngx_slack_gitlab_target(kinds, path)                                  \
    ngx_slack_gitlab_name(kinds, path, GL_EVENT(target_branch), TARGET)
#define ngx_slack_gitlab_labels(kinds, path)                                  \
    { kinds, ngx_string(path), GL_EVENT(labels), NGX_SLACK_FIELD_LIST,        \
      NGX_SLACK_SUBJECT_LABELS }
#define ngx_slack_gitlab_files(kinds, path)                                   \
    { kinds, ngx_string(path), GL_EVENT(files), NGX_SLACK_FIELD_FILES,        \
      NGX_SLACK_SUBJECT_FILES }

#define ngx_slack_gitlab_rows(kinds, path, offset, type, member)              \
    { kinds, ngx_string(path), offset, NGX_SLACK_FIELD_ROWS,                  \
      offsetof(type, member) }

#define ngx_slack_gitlab_person(kinds, path, offset, member)                  \
    ngx_slack_gitlab_rows(kinds, path, offset, ngx_slack_gitlab_person_t,     \
                          member)

#define ngx_slack_gitlab_row_lines(kinds, path, offset, type, member)         \
    { kinds, ngx_string(path), offset, NGX_SLACK_FIELD_ROW_LINES,             \
      offsetof(type, member) }


ngx_slack_field_t  ngx_slack_gitlab_fields[] = {

    /* to identify the kind */

    ngx_slack_gitlab_string(0, "object_kind", GL_OWN(object_kind)),
    ngx_slack_gitlab_string(0, "event_name", GL_OWN(event_name)),
    ngx_slack_gitlab_string(0, "event_type", GL_OWN(event_type)),
    ngx_slack_gitlab_ref(0, "ref", GL_OWN(full_ref)),

    /* project and actor */

    ngx_slack_gitlab_project(GL_ALL, "project.path_with_namespace"),
    ngx_slack_gitlab_string(GL_ALL, "project.name", GL_OWN(project_name)),
    ngx_slack_gitlab_string(GL_ALL, "project.namespace", GL_OWN(namespace)),
    ngx_slack_gitlab_string(GL_ALL, "project.web_url", GL_EVENT(project_url)),
    ngx_slack_gitlab_string(GL_ALL, "project.avatar_url",
                            GL_EVENT(project_avatar)),
    ngx_slack_gitlab_string(GL_ALL, "project.default_branch",
                            GL_EVENT(default_branch)),
    ngx_slack_gitlab_user(GL_PUSHES, "user_username"),
    ngx_slack_gitlab_string(GL_PUSHES, "user_name", GL_EVENT(user_name)),
    ngx_slack_gitlab_string(GL_PUSHES, "user_avatar", GL_EVENT(user_avatar)),
    ngx_slack_gitlab_user(GL_ALL, "user.username"),
    ngx_slack_gitlab_string(GL_ALL, "user.name", GL_EVENT(user_name)),
    ngx_slack_gitlab_string(GL_ALL, "user.avatar_url", GL_EVENT(user_avatar)),
    ngx_slack_gitlab_string(GL_DEPLOYMENT|GL_FLAG, "user_url",
                            GL_EVENT(user_url)),

    /* what it belongs to */

    ngx_slack_gitlab_string(GL_IN_PROJECT, "project.id", GL_OWN(project_id)),
    ngx_slack_gitlab_string(GL_ISSUE, "object_attributes.id",
                            GL_OWN(issue_id)),
    ngx_slack_gitlab_string(GL_NOTE|GL_EMOJI, "issue.id", GL_OWN(issue_id)),
    ngx_slack_gitlab_string(GL_NOTE|GL_EMOJI, "work_item.id",
                            GL_OWN(issue_id)),
    ngx_slack_gitlab_string(GL_PIPELINE|GL_JOB, "merge_request.iid",
                            GL_OWN(request_iid)),
    ngx_slack_gitlab_string(GL_PIPELINE|GL_JOB,
                            "merge_request.target_project_id",
                            GL_OWN(target_id)),
    ngx_slack_gitlab_string(GL_PIPELINE, "merge_request.source_project_id",
                            GL_OWN(request_project)),
    ngx_slack_gitlab_string(GL_PIPELINE|GL_JOB, "merge_request.url",
                            GL_OWN(request_url)),
    ngx_slack_gitlab_string(GL_DEPLOYMENT, "deployment_id",
                            GL_OWN(deployment_id)),
    ngx_slack_gitlab_stamp(GL_ISSUE|GL_REQUEST,
                           "object_attributes.updated_at"),
    ngx_slack_gitlab_stamp(GL_ISSUE|GL_REQUEST,
                           "object_attributes.closed_at"),
    ngx_slack_gitlab_stamp(GL_REQUEST, "object_attributes.merged_at"),
    ngx_slack_gitlab_stamp(GL_PIPELINE, "object_attributes.created_at"),
    ngx_slack_gitlab_stamp(GL_PIPELINE, "object_attributes.finished_at"),
    ngx_slack_gitlab_stamp(GL_PIPELINE, "builds[].created_at"),
    ngx_slack_gitlab_stamp(GL_PIPELINE, "builds[].started_at"),
    ngx_slack_gitlab_stamp(GL_PIPELINE, "builds[].finished_at"),
    ngx_slack_gitlab_stamp(GL_DEPLOYMENT, "status_changed_at"),
    ngx_slack_gitlab_stamp(GL_ALERT, "object_attributes.started_at"),

    /* push, tag push */

    ngx_slack_gitlab_string(GL_PUSHES, "before", GL_EVENT(before)),
    ngx_slack_gitlab_string(GL_PUSHES, "after", GL_EVENT(after)),
    ngx_slack_gitlab_string(GL_PUSHES, "ref_protected", GL_OWN(protected)),
    ngx_slack_gitlab_number(GL_PUSHES, "total_commits_count",
                            GL_EVENT(total_commits)),
    ngx_slack_gitlab_rows(GL_PUSHES, "commits[].id",
                          GL_EVENT(commits), ngx_slack_commit_t, id),
    ngx_slack_gitlab_row_lines(GL_PUSHES, "commits[].title",
                               GL_EVENT(commits), ngx_slack_commit_t, title),
    ngx_slack_gitlab_row_lines(GL_PUSHES, "commits[].message",
                               GL_EVENT(commits), ngx_slack_commit_t, title),
    ngx_slack_gitlab_rows(GL_PUSHES, "commits[].url",
                          GL_EVENT(commits), ngx_slack_commit_t, url),
    ngx_slack_gitlab_rows(GL_PUSHES, "commits[].author.name",
                          GL_EVENT(commits), ngx_slack_commit_t, author),

    ngx_slack_gitlab_files(GL_PUSH, "commits[].added[]"),
    ngx_slack_gitlab_files(GL_PUSH, "commits[].modified[]"),
    ngx_slack_gitlab_files(GL_PUSH, "commits[].removed[]"),

    /* issue, merge request, wiki page, alert */

    ngx_slack_gitlab_string(GL_OBJECT|GL_NOTE, "object_attributes.action",
                            GL_EVENT(action)),
    ngx_slack_gitlab_line(GL_OBJECT, "object_attributes.title",
                          GL_EVENT(title)),
    ngx_slack_gitlab_string(GL_OBJECT|GL_NOTE|GL_PIPELINE,
                            "object_attributes.url", GL_EVENT(url)),
    ngx_slack_gitlab_string(GL_ISSUE|GL_REQUEST, "object_attributes.iid",
                            GL_EVENT(number)),
    ngx_slack_gitlab_string(GL_ISSUE|GL_REQUEST, "object_attributes.state",
                            GL_EVENT(state)),
    ngx_slack_gitlab_string(GL_ISSUE|GL_REQUEST,
                            "object_attributes.description", GL_EVENT(text)),
    ngx_slack_gitlab_string(GL_ISSUE, "object_attributes.type",
                            GL_EVENT(type)),
    ngx_slack_gitlab_time(GL_ISSUE|GL_REQUEST|GL_NOTE,
                          "object_attributes.updated_at", GL_EVENT(time)),
    ngx_slack_gitlab_labels(GL_ISSUE|GL_REQUEST|GL_NOTE, "labels[].title"),
    ngx_slack_gitlab_labels(GL_NOTE, "issue.labels[].title"),
    ngx_slack_gitlab_labels(GL_NOTE, "work_item.labels[].title"),
    ngx_slack_gitlab_labels(GL_NOTE, "epic.labels[].title"),
    ngx_slack_gitlab_labels(GL_NOTE, "merge_request.labels[].title"),
    ngx_slack_gitlab_labels(GL_ISSUE|GL_REQUEST|GL_NOTE,
                            "object_attributes.labels[].title"),
    ngx_slack_gitlab_string(GL_REQUEST, "object_attributes.source_branch",
                            GL_EVENT(source_branch)),
    ngx_slack_gitlab_target(GL_REQUEST, "object_attributes.target_branch"),
    ngx_slack_gitlab_string(GL_REQUEST, "object_attributes.draft",
                            GL_OWN(draft)),
    ngx_slack_gitlab_string(GL_REQUEST, "object_attributes.work_in_progress",
                            GL_OWN(draft)),
    ngx_slack_gitlab_string(GL_REQUEST|GL_NOTE, "object_attributes.system",
                            GL_OWN(system)),
    ngx_slack_gitlab_string(GL_REQUEST, "changes.draft.previous",
                            GL_OWN(draft_before)),
    ngx_slack_gitlab_string(GL_REQUEST, "changes.draft.current",
                            GL_OWN(draft_after)),
    ngx_slack_gitlab_line(GL_ISSUE|GL_REQUEST, "changes.title.previous",
                          GL_OWN(title_before)),
    ngx_slack_gitlab_line(GL_ISSUE|GL_REQUEST, "changes.title.current",
                          GL_OWN(title_after)),

    /* what an update changed */

    ngx_slack_gitlab_string(GL_REQUEST, "object_attributes.oldrev",
                            GL_OWN(commit_before)),
    ngx_slack_gitlab_line(GL_ISSUE|GL_REQUEST, "changes.description.previous",
                          GL_OWN(text_before)),
    ngx_slack_gitlab_line(GL_ISSUE|GL_REQUEST, "changes.description.current",
                          GL_OWN(text_after)),
    ngx_slack_gitlab_line(GL_REQUEST, "changes.target_branch.previous",
                          GL_OWN(target_before)),
    ngx_slack_gitlab_string(GL_ISSUE|GL_REQUEST,
                            "changes.milestone_id.previous",
                            GL_OWN(milestone_before)),
    ngx_slack_gitlab_string(GL_ISSUE|GL_REQUEST,
                            "changes.milestone_id.current",
                            GL_OWN(milestone_after)),
    ngx_slack_gitlab_string(GL_REQUEST,
                            "changes.merge_when_pipeline_succeeds.current",
                            GL_OWN(auto_merge)),
    ngx_slack_gitlab_list(GL_ISSUE|GL_REQUEST,
                          "changes.labels.previous[].title",
                          GL_OWN(labels_before)),
    ngx_slack_gitlab_list(GL_ISSUE|GL_REQUEST,
                          "changes.labels.current[].title",
                          GL_OWN(labels_after)),
    ngx_slack_gitlab_person(GL_REQUEST, "changes.reviewers.previous[].name",
                            GL_OWN(reviewers_before), name),
    ngx_slack_gitlab_person(GL_REQUEST,
                            "changes.reviewers.previous[].username",
                            GL_OWN(reviewers_before), username),
    ngx_slack_gitlab_person(GL_REQUEST, "changes.reviewers.current[].name",
                            GL_OWN(reviewers_after), name),
    ngx_slack_gitlab_person(GL_REQUEST, "changes.reviewers.current[].username",
                            GL_OWN(reviewers_after), username),
    ngx_slack_gitlab_person(GL_REQUEST,
                            "changes.reviewers.current[].re_requested",
                            GL_OWN(reviewers_after), again),
    ngx_slack_gitlab_person(GL_ISSUE|GL_REQUEST,
                            "changes.assignees.previous[].name",
                            GL_OWN(assignees_before), name),
    ngx_slack_gitlab_person(GL_ISSUE|GL_REQUEST,
                            "changes.assignees.previous[].username",
                            GL_OWN(assignees_before), username),
    ngx_slack_gitlab_person(GL_ISSUE|GL_REQUEST,
                            "changes.assignees.current[].name",
                            GL_OWN(assignees_after), name),
    ngx_slack_gitlab_person(GL_ISSUE|GL_REQUEST,
                            "changes.assignees.current[].username",
                            GL_OWN(assignees_after), username),

    /* note */

    ngx_slack_gitlab_string(GL_NOTE, "object_attributes.note", GL_EVENT(text)),
    ngx_slack_gitlab_string(GL_NOTE, "object_attributes.description",
                            GL_EVENT(text)),
    ngx_slack_gitlab_string(GL_NOTE, "object_attributes.noteable_type",
                            GL_OWN(noteable)),
    ngx_slack_gitlab_string(GL_NOTE|GL_EMOJI, "commit.id", GL_OWN(commit_sha)),
    ngx_slack_gitlab_line(GL_NOTE|GL_EMOJI, "commit.title",
                          GL_OWN(commit_title)),
    ngx_slack_gitlab_line(GL_NOTE|GL_EMOJI, "commit.message",
                          GL_OWN(commit_title)),
    ngx_slack_gitlab_string(GL_NOTE|GL_EMOJI, "issue.iid", GL_OWN(issue_iid)),
    ngx_slack_gitlab_line(GL_NOTE|GL_EMOJI, "issue.title",
                          GL_OWN(issue_title)),
    ngx_slack_gitlab_string(GL_NOTE|GL_EMOJI, "work_item.iid",
                            GL_OWN(issue_iid)),
    ngx_slack_gitlab_line(GL_NOTE|GL_EMOJI, "work_item.title",
                          GL_OWN(issue_title)),
    ngx_slack_gitlab_string(GL_NOTE|GL_EMOJI, "merge_request.iid",
                            GL_OWN(request_iid)),
    ngx_slack_gitlab_line(GL_NOTE|GL_EMOJI|GL_PIPELINE|GL_JOB,
                          "merge_request.title", GL_OWN(request_title)),
    ngx_slack_gitlab_target(GL_NOTE, "merge_request.target_branch"),
    ngx_slack_gitlab_string(GL_NOTE|GL_PIPELINE,
                            "merge_request.source_branch",
                            GL_EVENT(source_branch)),
    ngx_slack_gitlab_string(GL_NOTE|GL_EMOJI, "snippet.id",
                            GL_OWN(snippet_id)),
    ngx_slack_gitlab_line(GL_NOTE|GL_EMOJI, "snippet.title",
                          GL_OWN(snippet_title)),

    /* pipeline */

    ngx_slack_gitlab_string(GL_PIPELINE, "object_attributes.id",
                            GL_EVENT(number)),
    ngx_slack_gitlab_string(GL_PIPELINE, "object_attributes.name",
                            GL_EVENT(name)),
    ngx_slack_gitlab_ref(GL_PIPELINE, "object_attributes.ref", GL_EVENT(ref)),
    ngx_slack_gitlab_string(GL_PIPELINE, "object_attributes.tag", GL_OWN(tag)),
    ngx_slack_gitlab_string(GL_PIPELINE, "object_attributes.status",
                            GL_EVENT(action)),
    ngx_slack_gitlab_string(GL_PIPELINE, "object_attributes.detailed_status",
                            GL_OWN(detailed_status)),
    ngx_slack_gitlab_string(GL_PIPELINE, "object_attributes.ref_status_name",
                            GL_EVENT(change)),
    ngx_slack_gitlab_string(GL_PIPELINE, "object_attributes.protected_ref",
                            GL_OWN(protected)),
    ngx_slack_gitlab_number(GL_PIPELINE, "object_attributes.duration",
                            GL_EVENT(duration)),
    ngx_slack_gitlab_time(GL_PIPELINE, "object_attributes.finished_at",
                          GL_EVENT(time)),
    ngx_slack_gitlab_string(GL_PIPELINE, "commit.id", GL_EVENT(commit_id)),
    ngx_slack_gitlab_line(GL_PIPELINE, "commit.title", GL_EVENT(commit_title)),
    ngx_slack_gitlab_line(GL_PIPELINE, "commit.message",
                          GL_EVENT(commit_title)),
    ngx_slack_gitlab_string(GL_PIPELINE, "commit.url", GL_EVENT(commit_url)),
    ngx_slack_gitlab_rows(GL_PIPELINE, "builds[].id",
                          GL_OWN(jobs), ngx_slack_gitlab_job_t, id),
    ngx_slack_gitlab_rows(GL_PIPELINE, "builds[].name",
                          GL_OWN(jobs), ngx_slack_gitlab_job_t, name),
    ngx_slack_gitlab_rows(GL_PIPELINE, "builds[].stage",
                          GL_OWN(jobs), ngx_slack_gitlab_job_t, stage),
    ngx_slack_gitlab_rows(GL_PIPELINE, "builds[].status",
                          GL_OWN(jobs), ngx_slack_gitlab_job_t, status),
    ngx_slack_gitlab_rows(GL_PIPELINE, "builds[].allow_failure",
                          GL_OWN(jobs), ngx_slack_gitlab_job_t, allowed),

    /* wiki page */

    ngx_slack_gitlab_string(GL_WIKI_PAGE, "object_attributes.message",
                            GL_EVENT(text)),
    ngx_slack_gitlab_string(GL_WIKI_PAGE, "object_attributes.diff_url",
                            GL_EVENT(compare_url)),

    /* deployment */

    ngx_slack_gitlab_string(GL_DEPLOYMENT, "status", GL_EVENT(action)),
    ngx_slack_gitlab_string(GL_DEPLOYMENT, "environment", GL_EVENT(name)),
    ngx_slack_gitlab_string(GL_DEPLOYMENT, "environment_external_url",
                            GL_EVENT(url)),
    ngx_slack_gitlab_string(GL_DEPLOYMENT, "deployable_id", GL_EVENT(job)),
    ngx_slack_gitlab_string(GL_DEPLOYMENT, "deployable_url",
                            GL_EVENT(job_url)),
    ngx_slack_gitlab_string(GL_DEPLOYMENT, "short_sha", GL_EVENT(commit_id)),
    ngx_slack_gitlab_string(GL_DEPLOYMENT, "commit_url", GL_EVENT(commit_url)),
    ngx_slack_gitlab_line(GL_DEPLOYMENT, "commit_title",
                          GL_EVENT(commit_title)),
    ngx_slack_gitlab_ref(GL_DEPLOYMENT, "ref", GL_EVENT(ref)),
    ngx_slack_gitlab_time(GL_DEPLOYMENT, "status_changed_at", GL_EVENT(time)),

    /* alert */

    ngx_slack_gitlab_string(GL_ALERT, "object_attributes.status",
                            GL_EVENT(action)),
    ngx_slack_gitlab_string(GL_ALERT, "object_attributes.severity",
                            GL_EVENT(severity)),
    ngx_slack_gitlab_string(GL_ALERT, "object_attributes.events",
                            GL_EVENT(count)),
    ngx_slack_gitlab_string(GL_ALERT, "object_attributes.started_at",
                            GL_EVENT(started)),
    ngx_slack_gitlab_time(GL_ALERT, "object_attributes.started_at",
                          GL_EVENT(time)),

    /* release */

    ngx_slack_gitlab_string(GL_RELEASE, "action", GL_EVENT(action)),
    ngx_slack_gitlab_line(GL_RELEASE, "name", GL_EVENT(title)),
    ngx_slack_gitlab_line(GL_RELEASE, "tag", GL_EVENT(title)),
    ngx_slack_gitlab_ref(GL_RELEASE, "tag", GL_EVENT(ref)),
    ngx_slack_gitlab_string(GL_RELEASE, "url", GL_EVENT(url)),
    ngx_slack_gitlab_string(GL_RELEASE, "description", GL_EVENT(text)),
    ngx_slack_gitlab_string(GL_RELEASE, "assets.count", GL_EVENT(count)),
    ngx_slack_gitlab_time(GL_RELEASE, "released_at", GL_EVENT(time)),

    /* job */

    ngx_slack_gitlab_string(GL_JOB, "build_status", GL_EVENT(action)),
    ngx_slack_gitlab_string(GL_JOB, "build_id", GL_EVENT(number)),
    ngx_slack_gitlab_line(GL_JOB, "build_name", GL_EVENT(title)),
    ngx_slack_gitlab_list(GL_JOB, "build_stage", GL_EVENT(stages)),
    ngx_slack_gitlab_string(GL_JOB, "build_failure_reason", GL_EVENT(text)),
    ngx_slack_gitlab_string(GL_JOB, "build_allow_failure",
                            GL_OWN(allow_failure)),
    ngx_slack_gitlab_number(GL_JOB, "build_duration", GL_EVENT(duration)),
    ngx_slack_gitlab_time(GL_JOB, "build_finished_at", GL_EVENT(time)),
    ngx_slack_gitlab_string(GL_JOB, "pipeline_id", GL_EVENT(target)),
    ngx_slack_gitlab_ref(GL_JOB, "ref", GL_EVENT(ref)),
    ngx_slack_gitlab_string(GL_JOB, "tag", GL_OWN(tag)),
    ngx_slack_gitlab_string(GL_JOB, "sha", GL_EVENT(commit_id)),
    ngx_slack_gitlab_line(GL_JOB, "commit.message", GL_EVENT(commit_title)),
    ngx_slack_gitlab_string(GL_JOB, "project_name", GL_OWN(project_name)),
    ngx_slack_gitlab_string(GL_JOB, "repository.homepage",
                            GL_EVENT(project_url)),

    /* milestone, access token; both may be a group's */

    ngx_slack_gitlab_string(GL_MILESTONE, "action", GL_EVENT(action)),
    ngx_slack_gitlab_line(GL_MILESTONE, "object_attributes.title",
                          GL_EVENT(title)),
    ngx_slack_gitlab_string(GL_MILESTONE, "object_attributes.iid",
                            GL_EVENT(number)),
    ngx_slack_gitlab_string(GL_MILESTONE, "object_attributes.description",
                            GL_EVENT(text)),
    ngx_slack_gitlab_string(GL_MILESTONE, "object_attributes.due_date",
                            GL_EVENT(until)),
    ngx_slack_gitlab_time(GL_MILESTONE, "object_attributes.updated_at",
                          GL_EVENT(time)),
    ngx_slack_gitlab_line(GL_TOKEN, "object_attributes.name", GL_EVENT(title)),
    ngx_slack_gitlab_string(GL_TOKEN, "object_attributes.expires_at",
                            GL_EVENT(until)),
    ngx_slack_gitlab_project(GL_MILESTONE|GL_TOKEN, "group.full_path"),
    ngx_slack_gitlab_project(GL_MILESTONE|GL_TOKEN, "group.group_path"),
    ngx_slack_gitlab_string(GL_MILESTONE|GL_TOKEN, "group.group_name",
                            GL_OWN(project_name)),

    /* feature flag */

    ngx_slack_gitlab_string(GL_FLAG, "object_attributes.active",
                            GL_OWN(active)),
    ngx_slack_gitlab_line(GL_FLAG, "object_attributes.name", GL_EVENT(title)),
    ngx_slack_gitlab_string(GL_FLAG, "object_attributes.description",
                            GL_EVENT(text)),

    /* emoji; its object has the paths of a note's */

    ngx_slack_gitlab_string(GL_EMOJI, "object_attributes.action",
                            GL_EVENT(action)),
    ngx_slack_gitlab_string(GL_EMOJI, "event_type", GL_EVENT(action)),
    ngx_slack_gitlab_string(GL_EMOJI, "object_attributes.name",
                            GL_EVENT(name)),
    ngx_slack_gitlab_string(GL_EMOJI, "object_attributes.awardable_type",
                            GL_OWN(emoji_on)),
    ngx_slack_gitlab_string(GL_EMOJI, "object_attributes.awarded_on_url",
                            GL_EVENT(url)),
    ngx_slack_gitlab_string(GL_EMOJI, "note.noteable_type", GL_OWN(noteable)),

    /* member, subgroup, project */

    ngx_slack_gitlab_user(GL_MEMBER, "user_username"),
    ngx_slack_gitlab_string(GL_MEMBER, "user_name", GL_EVENT(user_name)),
    ngx_slack_gitlab_string(GL_MEMBER, "group_access", GL_EVENT(state)),
    ngx_slack_gitlab_string(GL_MEMBER, "project_access", GL_EVENT(state)),
    ngx_slack_gitlab_string(GL_MEMBER, "access_level", GL_EVENT(state)),
    ngx_slack_gitlab_string(GL_MEMBER, "expires_at", GL_EVENT(until)),
    ngx_slack_gitlab_project(GL_MEMBER, "group_path"),
    ngx_slack_gitlab_string(GL_MEMBER, "group_name", GL_OWN(project_name)),
    ngx_slack_gitlab_project(GL_MEMBER, "project_path_with_namespace"),
    ngx_slack_gitlab_string(GL_MEMBER, "project_name", GL_OWN(project_name)),
    ngx_slack_gitlab_line(GL_SUBGROUP|GL_PROJECT, "name", GL_EVENT(title)),
    ngx_slack_gitlab_project(GL_SUBGROUP, "full_path"),
    ngx_slack_gitlab_project(GL_PROJECT, "path_with_namespace"),
    ngx_slack_gitlab_string(GL_PROJECT, "old_path_with_namespace",
                            GL_EVENT(target)),
    ngx_slack_gitlab_string(GL_PROJECT, "project_visibility", GL_EVENT(state)),
    ngx_slack_gitlab_line(GL_PROJECT, "owners[].name", GL_EVENT(user_name)),
    ngx_slack_gitlab_line(GL_PROJECT, "owner_name", GL_EVENT(user_name)),
    ngx_slack_gitlab_time(GL_MEMBER|GL_SUBGROUP|GL_PROJECT, "updated_at",
                          GL_EVENT(time)),

    /* vulnerability */

    ngx_slack_gitlab_string(GL_VULNERABILITY, "object_attributes.state",
                            GL_EVENT(action)),
    ngx_slack_gitlab_line(GL_VULNERABILITY, "object_attributes.title",
                          GL_EVENT(title)),
    ngx_slack_gitlab_string(GL_VULNERABILITY, "object_attributes.url",
                            GL_EVENT(url)),
    ngx_slack_gitlab_string(GL_VULNERABILITY, "object_attributes.severity",
                            GL_EVENT(severity)),
    ngx_slack_gitlab_string(GL_VULNERABILITY, "object_attributes.report_type",
                            GL_EVENT(type)),
    ngx_slack_gitlab_string(GL_VULNERABILITY,
                            "object_attributes.location.file",
                            GL_EVENT(name)),
    ngx_slack_gitlab_list(GL_VULNERABILITY,
                          "object_attributes.identifiers[].name",
                          GL_EVENT(labels)),
    ngx_slack_gitlab_time(GL_VULNERABILITY, "object_attributes.updated_at",
                          GL_EVENT(time)),

    { 0, ngx_null_string, 0, 0, 0 }
};
