
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * source/: what an event of a forge belongs to, how, what it was run for, how
 * new it is and whether it is over.
 */

/* unit: json/ngx_slack_json.c json/ngx_slack_json_paths.c
 *       json/ngx_slack_json_values.c
 *       json/ngx_slack_json_decode.c json/ngx_slack_json_skim.c
 *       json/ngx_slack_json_text.c json/ngx_slack_json_token.c
 *       core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c core/ngx_slack_receiver.c
 *       core/ngx_slack_shown.c core/ngx_slack_time.c
 *       json/ngx_slack_json_writer.c
 *       source/
 * libs: -lyajl
 */

#include <ngx_config.h>
#include <ngx_core.h>

#include "object.h"


#define P   "\"project\":{\"id\":15,\"path_with_namespace\":\"a/b\"," \
            "\"web_url\":\"https://gl.test/a/b\"}"
#define R   "\"repository\":{\"id\":7,\"full_name\":\"a/b\"," \
            "\"html_url\":\"https://hub.test/a/b\"}"

#define SHA  "6d909b36a78b4d2f94a1d997f52647d9e8a7f887"


static const row_t  rows[] = {

    /* GitLab: merge request */

    { "gitlab", "", "gitlab/merge_request_open.json",
      "merge_request gitlab.example.com 15 42|whole||1772637989000|" },
    { "gitlab", "", "gitlab/merge_request_merge.json",
      "merge_request gitlab.example.com 15 42|whole||1772637989000|final" },
    { "gitlab", "", "gitlab/merge_request_close.json",
      "merge_request gitlab.example.com 15 42|whole||1772637989000|final" },
    { "gitlab", "", "gitlab/merge_request_approved.json",
      "merge_request gitlab.example.com 15 42|whole||1772637989000|" },
    { "gitlab", "System Hook", "gitlab/system_merge_request.json",
      "merge_request gitlab.example.com 15 45|whole||1772637989000|" },
    { "gitlab", "", "{\"object_kind\":\"merge_request\"," P ","
      "\"object_attributes\":{\"iid\":3,\"action\":\"merge\","
      "\"updated_at\":\"2026-03-04 15:00:00 UTC\","
      "\"merged_at\":\"2026-03-04 17:00:00 +0100\","
      "\"closed_at\":\"2026-03-04T15:59:59.999Z\"}}",
      "merge_request gl.test 15 3|whole||1772640000000|final" },
    { "gitlab", "", "{\"object_kind\":\"merge_request\"," P ","
      "\"object_attributes\":{\"iid\":\"3\",\"state\":\"opened\","
      "\"action\":\"close\",\"updated_at\":\"yesterday\"}}",
      "merge_request gl.test 15 3|whole||0|" },

    /* GitLab: issue */

    { "gitlab", "", "{\"object_kind\":\"issue\"," P ","
      "\"object_attributes\":{\"iid\":3,\"id\":99,\"state\":\"closed\","
      "\"action\":\"update\",\"updated_at\":\"2026-03-04 15:00:00 UTC\","
      "\"closed_at\":\"2026-03-04 15:00:01 UTC\"}}",
      "issue gl.test 15 3|whole||1772636401000|final" },
    { "gitlab", "", "{\"object_kind\":\"issue\"," P ","
      "\"object_attributes\":{\"iid\":3,\"id\":99,\"state\":\"opened\","
      "\"confidential\":true}}",
      "confidential_issue gl.test 15 3|whole||0|" },
    { "gitlab", "", "gitlab/issue_incident.json",
      "issue gitlab.example.com 15 121|whole||1772637989000|" },
    { "gitlab", "", "gitlab/work_item_task.json",
      "issue gitlab.example.com 15 122|whole||1772637989000|" },
    { "gitlab", "", "gitlab/work_item_epic_group.json",
      "issue gitlab.example.com 3005|whole||1772637989000|" },

    /* GitLab: notes and emoji */

    { "gitlab", "", "gitlab/note_mr.json",
      "merge_request gitlab.example.com 15 42|part||0|" },
    { "gitlab", "", "gitlab/note_issue.json",
      "issue gitlab.example.com 15 118|part||0|" },
    { "gitlab", "", "gitlab/note_confidential_work_item.json",
      "confidential_issue gitlab.example.com 7 12|part||0|" },
    { "gitlab", "", "gitlab/note_internal.json",
      "confidential_issue gitlab.example.com 15 118|part||0|" },
    { "gitlab", "", "gitlab/note_confidential_epic.json", "|none||0|" },
    { "gitlab", "", "gitlab/note_snippet.json", "|none||0|" },
    { "gitlab", "", "gitlab/emoji_award.json",
      "issue gitlab.example.com 15 118|part||0|" },
    { "gitlab", "", "{\"object_kind\":\"note\"," P ",\"object_attributes\":{"
      "\"noteable_type\":\"Commit\"},\"commit\":{\"id\":\"" SHA "\"}}",
      "commit gl.test 15 " SHA "|part||0|" },
    { "gitlab", "", "{\"object_kind\":\"emoji\"," P ",\"object_attributes\":{"
      "\"awardable_type\":\"MergeRequest\"},\"merge_request\":{\"iid\":4}}",
      "merge_request gl.test 15 4|part||0|" },

    /* GitLab: push */

    { "gitlab", "", "gitlab/push.json",
      "commit gitlab.example.com 15 " SHA "|start||0|" },
    { "gitlab", "System Hook", "gitlab/push_system.json",
      "commit gitlab.example.com 15 " SHA "|start||0|" },
    { "gitlab", "", "gitlab/push_delete_branch.json", "|none||0|" },
    { "gitlab", "", "gitlab/tag_push.json", "|none||0|" },
    { "gitlab", "", "{\"object_kind\":\"push\"," P ",\"after\":\"6d909b36\"}",
      "|none||0|" },

    /* GitLab: pipelines, their jobs, a retry */

    { "gitlab", "", "gitlab/pipeline_running.json",
      "pipeline gitlab.example.com 9302|whole||1772638041000|" },
    { "gitlab", "", "gitlab/pipeline_failed.json",
      "pipeline gitlab.example.com 9302|whole||1772638322000|final" },
    { "gitlab", "", "gitlab/pipeline_retry.json",
      "pipeline gitlab.example.com 9302|whole||1772638807000|" },
    { "gitlab", "", "gitlab/pipeline_retry_failed.json",
      "pipeline gitlab.example.com 9302|whole||1772639071000|final" },
    { "gitlab", "", "gitlab/pipeline_canceled.json",
      "pipeline gitlab.example.com 9302|whole||1772638322000|final" },
    { "gitlab", "", "gitlab/pipeline_mr.json",
      "pipeline gitlab.example.com 9301|whole|"
      "merge_request gitlab.example.com 15 42|1772638322000|final" },
    { "gitlab", "", "gitlab/job.json",
      "pipeline gitlab.example.com 9302|part||0|" },
    { "gitlab", "", "gitlab/job_old.json",
      "pipeline gitlab.example.com 9302|part||0|" },

    /* the merge request of a fork's pipeline is not the fork's */

    { "gitlab", "", "{\"object_kind\":\"pipeline\"," P ","
      "\"object_attributes\":{\"id\":5,\"status\":\"skipped\"},"
      "\"merge_request\":{\"iid\":4,\"target_project_id\":16}}",
      "pipeline gl.test 5|whole|merge_request gl.test 16 4|0|final" },
    { "gitlab", "", "{\"object_kind\":\"pipeline\"," P ","
      "\"object_attributes\":{\"id\":5,\"status\":\"manual\"},"
      "\"merge_request\":{\"iid\":4}}",
      "pipeline gl.test 5|whole||0|" },
    { "gitlab", "", "{\"object_kind\":\"build\"," P ",\"pipeline_id\":5,"
      "\"merge_request\":{\"iid\":4,\"target_project_id\":15}}",
      "pipeline gl.test 5|part|merge_request gl.test 15 4|0|" },

    /* GitLab: deployment, alert, others */

    { "gitlab", "", "gitlab/deployment_running.json",
      "deployment gitlab.example.com 615|whole||1772638318000|" },
    { "gitlab", "", "gitlab/deployment_success.json",
      "deployment gitlab.example.com 615|whole||1772638318000|final" },
    { "gitlab", "", "{\"object_kind\":\"deployment\",\"deployment_id\":5,"
      "\"environment_external_url\":\"https://stage.test/\","
      "\"project\":{\"id\":15},\"status\":\"success\"}",
      "|none||0|final" },
    { "gitlab", "", "{\"object_kind\":\"deployment\",\"deployment_id\":5,"
      "\"project\":{\"web_url\":\"HTTPS://gl.test/a/b\"}}", "|none||0|" },
    { "gitlab", "", "gitlab/alert_triggered.json",
      "alert gitlab.example.com/acme/rocket/-/alert_management/12|whole||"
      "1772632931000|" },
    { "gitlab", "", "gitlab/alert_resolved.json",
      "alert gitlab.example.com/acme/rocket/-/alert_management/12|whole||"
      "1772632931000|final" },
    { "gitlab", "", "{\"object_kind\":\"alert\",\"object_attributes\":{"
      "\"url\":\"https://gl.test/a/b/-/alert_management/\"}}", "|none||0|" },
    { "gitlab", "", "{\"object_kind\":\"alert\",\"object_attributes\":{"
      "\"url\":\"https://gl.test/a/b/-/alert_management/3x\"}}",
      "|none||0|" },
    { "gitlab", "", "gitlab/wiki_create.json", "|none||0|" },
    { "gitlab", "", "gitlab/milestone_create.json", "|none||0|" },

    /* where the forge is */

    { "gitlab", "", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
      "\"path_with_namespace\":\"a/B\","
      "\"web_url\":\"http://Gl.TEST:8080/Git/Lab/a/B\"},"
      "\"object_attributes\":{\"iid\":2}}",
      "issue gl.test:8080/Git/Lab 1 2|whole||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
      "\"path_with_namespace\":\"c/d\",\"web_url\":\"https://gl.test/a/b\"},"
      "\"object_attributes\":{\"iid\":2}}",
      "issue gl.test 1 2|whole||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
      "\"path_with_namespace\":\"gl.test/a/b\","
      "\"web_url\":\"https://gl.test/a/b\"},"
      "\"object_attributes\":{\"iid\":2}}",
      "issue gl.test 1 2|whole||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
      "\"path_with_namespace\":7,\"web_url\":\"https://gl.test/7\"},"
      "\"object_attributes\":{\"iid\":2}}",
      "issue gl.test 1 2|whole||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
      "\"path_with_namespace\":{},\"web_url\":\"https://gl.test/a/b\"},"
      "\"object_attributes\":{\"iid\":2}}",
      "|none||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\",\"project\":{\"id\":1},"
      "\"object_attributes\":{\"iid\":2,"
      "\"url\":\"https://gl.test/a/b/-/issues/2\"}}",
      "issue gl.test 1 2|whole||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
      "\"web_url\":\"https://user@gl.test/a/b\"},"
      "\"object_attributes\":{\"iid\":2}}", "|none||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
      "\"web_url\":\"https://gl.test 1/a/b\"},"
      "\"object_attributes\":{\"iid\":2}}", "|none||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
      "\"web_url\":\"https:///a/b\"},\"object_attributes\":{\"iid\":2}}",
      "|none||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
      "\"web_url\":\"gl.test/a/b\"},\"object_attributes\":{\"iid\":2}}",
      "|none||0|" },

    /* numbers */

    { "gitlab", "", "{\"object_kind\":\"issue\"," P ","
      "\"object_attributes\":{\"iid\":1e1}}", "|none||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\"," P ","
      "\"object_attributes\":{\"iid\":-1}}", "|none||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\"," P ","
      "\"object_attributes\":{\"iid\":\"1 2\"}}", "|none||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\"," P ","
      "\"object_attributes\":{\"iid\":123456789012345678901}}", "|none||0|" },
    { "gitlab", "", "{\"object_kind\":\"issue\"," P "}", "|none||0|" },
    { "gitlab", "", "{\"object_kind\":\"merge_request\",\"project\":{"
      "\"web_url\":\"https://gl.test/a/b\"},\"object_attributes\":{"
      "\"iid\":2,\"id\":3}}", "|none||0|" },

    /* GitHub */

    { "github", "pull_request", "github/pull_request_opened.json",
      "github merge_request github.example.com 700123 42|whole||"
      "1772633400000|" },
    { "github", "pull_request", "{\"action\":\"closed\"," R ","
      "\"pull_request\":{\"number\":4,\"state\":\"closed\",\"merged\":true,"
      "\"updated_at\":\"2026-03-04T15:00:00Z\","
      "\"merged_at\":\"2026-03-04T15:00:01Z\"}}",
      "github merge_request hub.test 7 4|whole||1772636401000|final" },
    { "github", "pull_request_review",
      "github/pull_request_review_approved.json",
      "github merge_request github.example.com 700123 42|whole||"
      "1772633400000|" },
    { "github", "pull_request_review", "{\"action\":\"dismissed\"," R ","
      "\"pull_request\":{\"number\":4,\"state\":\"closed\"}}",
      "github merge_request hub.test 7 4|whole||0|final" },
    { "github", "pull_request_review",
      "github/pull_request_review_changes.json",
      "github merge_request github.example.com 700123 42|part||0|" },
    { "github", "pull_request_review_comment",
      "github/pull_request_review_comment.json",
      "github merge_request github.example.com 700123 42|part||0|" },
    { "github", "issue_comment", "github/issue_comment_pull.json",
      "github merge_request github.example.com 700123 42|part||0|" },
    { "github", "issue_comment", "github/issue_comment_issue.json",
      "github issue github.example.com 700123 17|part||0|" },
    { "github", "commit_comment", "github/commit_comment.json",
      "github commit github.example.com 700123 "
      "2f22765d04931a078909145ca628d2264c852d7d|part||0|" },
    { "github", "issues", "github/issues_closed.json",
      "github issue github.example.com 700123 17|whole||1772701200000|"
      "final" },
    { "github", "issues", "{\"action\":\"opened\",\"confidential\":true," R ","
      "\"issue\":{\"number\":4}}",
      "github confidential_issue hub.test 7 4|whole||0|" },
    { "github", "push", "github/push.json",
      "github commit github.example.com 700123 "
      "a625406f6977d45c1391b078f4d3656e0b75bfcb|start||0|" },
    { "github", "push", "github/push_branch_delete.json", "|none||0|" },
    { "github", "push", "github/push_tag.json", "|none||0|" },
    { "github", "create", "github/create_branch.json", "|none||0|" },
    { "github", "release", "github/release_published.json", "|none||0|" },
    { "github", "workflow_run", "github/workflow_run_requested.json",
      "github pipeline github.example.com 555001|whole||"
      "1772632820000|" },
    { "github", "workflow_run", "github/workflow_run_in_progress.json",
      "github pipeline github.example.com 555001|whole||"
      "1772632825000|" },
    { "github", "workflow_run", "github/workflow_run_cancelled.json",
      "github pipeline github.example.com 555001|whole||"
      "1772633003000|final" },
    { "github", "workflow_run", "github/workflow_run_pull.json",
      "github pipeline github.example.com 555001|whole|"
      "github merge_request github.example.com 700123 42|"
      "1772633003000|final" },
    { "github", "workflow_run", "{\"action\":\"completed\"," R ","
      "\"workflow_run\":{\"id\":5,\"run_number\":1,\"status\":\"queued\","
      "\"pull_requests\":[{\"number\":4,\"base\":{\"repo\":{\"id\":7}}},"
      "{\"number\":5,\"base\":{\"repo\":{\"id\":7}}}]}}",
      "github pipeline hub.test 5|whole||0|" },
    { "github", "workflow_run", "{\"action\":\"completed\"," R ","
      "\"workflow_run\":{\"run_number\":1,\"status\":\"completed\"}}",
      "|none||0|final" },
    { "github", "check_suite", "github/check_suite_failure.json",
      "github check_suite github.example.com 777002|whole||"
      "1772633120000|final" },
    { "github", "check_suite", "github/check_suite_actions.json",
      "ignored: check suite of a workflow run" },
    { "github", "deployment_status",
      "github/deployment_status_in_progress.json",
      "github deployment github.example.com 601|whole||"
      "1772633400000|" },
    { "github", "deployment_status", "github/deployment_status_failure.json",
      "github deployment github.example.com 601|whole||"
      "1772633400000|final" },

    /* Gitea, Gogs */

    { "gitea", "pull_request", "gitea/pull_request_opened.json",
      "gitea merge_request git.acme.example 15 42|whole||1772633400000|" },
    { "gitea", "pull_request", "gitea/pull_request_merged.json",
      "gitea merge_request git.acme.example 15 42|whole||1772704800000|"
      "final" },
    { "gitea", "pull_request", "gitea/pull_request_gogs.json",
      "gitea merge_request git.acme.example 15 42|whole||1772633400000|" },
    { "gitea", "pull_request_approved", "gitea/pull_request_approved.json",
      "gitea merge_request git.acme.example 15 42|whole||1772633400000|" },
    { "gitea", "pull_request_rejected", "gitea/pull_request_rejected.json",
      "gitea merge_request git.acme.example 15 42|part||0|" },
    { "gitea", "issue_comment", "gitea/issue_comment_pull.json",
      "gitea merge_request git.acme.example 15 42|part||0|" },
    { "gitea", "issue_comment", "gitea/issue_comment_pull_old.json",
      "gitea merge_request git.acme.example 15 42|part||0|" },
    { "gitea", "issue_comment", "gitea/issue_comment_issue.json",
      "gitea issue git.acme.example 15 17|part||0|" },
    { "gitea", "issues", "gitea/issues_opened.json",
      "gitea issue git.acme.example 15 17|whole||1772632931000|" },
    { "gitea", "workflow_run", "gitea/workflow_run_requested.json",
      "gitea pipeline git.acme.example 88|whole||0|" },
    { "gitea", "workflow_run", "gitea/workflow_run_failure.json",
      "gitea pipeline git.acme.example 88|whole||1772633003000|final" },
    { "gitea", "wiki", "gitea/wiki_created.json", "|none||0|" },

    { NULL, NULL, NULL, NULL }
};


int
main(void)
{
    from_table(rows);

    long_one("gitlab", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
             "\"web_url\":\"https://", 300, "/a/b\"},\"object_attributes\":{"
             "\"iid\":2}}", "|none||0|", "a host that is too long");
    long_one("gitlab", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
             "\"path_with_namespace\":\"a/b\",\"web_url\":\"https://gl.test/",
             300, "/a/b\"},\"object_attributes\":{\"iid\":2}}", "|none||0|",
             "a path of the forge that is too long");
    long_one("gitlab", "{\"object_kind\":\"issue\",\"project\":{\"id\":1,"
             "\"path_with_namespace\":\"", 20000, "\",\"web_url\":"
             "\"https://gl.test/a/b\"},\"object_attributes\":{\"iid\":2}}",
             "|none||0|", "a project's path that was cut");

    return tap_done();
}
