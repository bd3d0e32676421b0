
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * source/: what an event belongs to, how, what it was run for, how new it is
 * and whether it is over, for each sender; and core/ngx_slack_time.
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

#include <ngx_slack_source.h>
#include <ngx_slack_time.h>

#include "tap.h"

#include <strings.h>


#define P   "\"project\":{\"id\":15,\"path_with_namespace\":\"a/b\"," \
            "\"web_url\":\"https://gl.test/a/b\"}"
#define R   "\"repository\":{\"id\":7,\"full_name\":\"a/b\"," \
            "\"html_url\":\"https://hub.test/a/b\"}"

#define SHA  "6d909b36a78b4d2f94a1d997f52647d9e8a7f887"


typedef struct {
    const char                *sender;
    const char                *header;
    const char                *payload;   /* or a file of t/data */
    const char                *expected;  /* object|belongs|parent|stamp|final,
                                             "ignored: reason" */
} row_t;


static const char  *belongs[] = { "none", "start", "whole", "part" };

static ngx_log_t    quiet;
static ngx_pool_t  *pool;


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
      "issue gitlab.example.com id 3005|whole||1772637989000|" },

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
      "pipeline gitlab.example.com 15 9302|whole||1772638041000|" },
    { "gitlab", "", "gitlab/pipeline_failed.json",
      "pipeline gitlab.example.com 15 9302|whole||1772638322000|final" },
    { "gitlab", "", "gitlab/pipeline_retry.json",
      "pipeline gitlab.example.com 15 9302|whole||1772638807000|" },
    { "gitlab", "", "gitlab/pipeline_retry_failed.json",
      "pipeline gitlab.example.com 15 9302|whole||1772639071000|final" },
    { "gitlab", "", "gitlab/pipeline_canceled.json",
      "pipeline gitlab.example.com 15 9302|whole||1772638322000|final" },
    { "gitlab", "", "gitlab/pipeline_mr.json",
      "pipeline gitlab.example.com 15 9301|whole|"
      "merge_request gitlab.example.com 15 42|1772638322000|final" },
    { "gitlab", "", "gitlab/job.json",
      "pipeline gitlab.example.com 15 9302|part||0|" },
    { "gitlab", "", "gitlab/job_old.json",
      "pipeline gitlab.example.com 15 9302|part||0|" },

    /* the merge request of a fork's pipeline is not the fork's */

    { "gitlab", "", "{\"object_kind\":\"pipeline\"," P ","
      "\"object_attributes\":{\"id\":5,\"status\":\"skipped\"},"
      "\"merge_request\":{\"iid\":4,\"target_project_id\":16}}",
      "pipeline gl.test 15 5|whole|merge_request gl.test 16 4|0|final" },
    { "gitlab", "", "{\"object_kind\":\"pipeline\"," P ","
      "\"object_attributes\":{\"id\":5,\"status\":\"manual\"},"
      "\"merge_request\":{\"iid\":4}}",
      "pipeline gl.test 15 5|whole||0|" },
    { "gitlab", "", "{\"object_kind\":\"build\"," P ",\"pipeline_id\":5,"
      "\"merge_request\":{\"iid\":4,\"target_project_id\":15}}",
      "pipeline gl.test 15 5|part|merge_request gl.test 15 4|0|" },

    /* GitLab: deployment, alert, others */

    { "gitlab", "", "gitlab/deployment_running.json",
      "deployment gitlab.example.com 15 615|whole||1772638318000|" },
    { "gitlab", "", "gitlab/deployment_success.json",
      "deployment gitlab.example.com 15 615|whole||1772638318000|final" },
    { "gitlab", "", "{\"object_kind\":\"deployment\",\"deployment_id\":5,"
      "\"environment_external_url\":\"https://stage.test/\","
      "\"project\":{\"id\":15},\"status\":\"success\"}",
      "|none||0|final" },
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
      "\"web_url\":\"HTTP://Gl.TEST:8080/Git/Lab/a/B\"},"
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
      "github pipeline github.example.com 700123 555001|whole||"
      "1772632820000|" },
    { "github", "workflow_run", "github/workflow_run_in_progress.json",
      "github pipeline github.example.com 700123 555001|whole||"
      "1772632825000|" },
    { "github", "workflow_run", "github/workflow_run_cancelled.json",
      "github pipeline github.example.com 700123 555001|whole||"
      "1772633003000|final" },
    { "github", "workflow_run", "github/workflow_run_pull.json",
      "github pipeline github.example.com 700123 555001|whole|"
      "github merge_request github.example.com 700123 42|"
      "1772633003000|final" },
    { "github", "workflow_run", "{\"action\":\"completed\"," R ","
      "\"workflow_run\":{\"id\":5,\"run_number\":1,\"status\":\"queued\","
      "\"pull_requests\":[{\"number\":4,\"base\":{\"repo\":{\"id\":7}}},"
      "{\"number\":5,\"base\":{\"repo\":{\"id\":7}}}]}}",
      "github pipeline hub.test 7 5|whole||0|" },
    { "github", "workflow_run", "{\"action\":\"completed\"," R ","
      "\"workflow_run\":{\"run_number\":1,\"status\":\"completed\"}}",
      "|none||0|final" },
    { "github", "check_suite", "github/check_suite_failure.json",
      "github check_suite github.example.com 700123 777002|whole||"
      "1772633120000|final" },
    { "github", "check_suite", "github/check_suite_actions.json",
      "ignored: check suite of a workflow run" },
    { "github", "deployment_status",
      "github/deployment_status_in_progress.json",
      "github deployment github.example.com 700123 601|whole||"
      "1772633400000|" },
    { "github", "deployment_status", "github/deployment_status_failure.json",
      "github deployment github.example.com 700123 601|whole||"
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
      "gitea pipeline git.acme.example 15 88|whole||0|" },
    { "gitea", "workflow_run", "gitea/workflow_run_failure.json",
      "gitea pipeline git.acme.example 15 88|whole||1772633003000|final" },
    { "gitea", "wiki", "gitea/wiki_created.json", "|none||0|" },

    /* alerts */

    { "alertmanager", "", "alertmanager/firing.json",
      "alert group {}:{alertname=\"TankPressureHigh\"}|whole||"
      "1772632931000|" },
    { "alertmanager", "", "alertmanager/resolved.json",
      "alert group {}:{alertname=\"TankPressureHigh\"}|whole||"
      "1772634131000|final" },
    { "alertmanager", "", "alertmanager/generic_end.json",
      "alert fingerprint queue|whole||1772634131000|final" },
    { "alertmanager", "", "{\"title\":\"Tank\",\"fingerprint\":null,"
      "\"service\":\"s\",\"hosts\":[\"a\",\"b\"]}",
      "alert identity Tank\ns\na, b|whole||0|" },
    { "alertmanager", "", "{\"title\":\"Tank\",\"fingerprint\":[\"a\",\"b\"]}",
      "alert fingerprint a\nb|whole||0|" },
    { "alertmanager", "", "{\"title\":\"Tank\",\"hosts\":{}}",
      "|none||0|" },
    { "alertmanager", "", "{\"alerts\":[{\"status\":\"firing\","
      "\"fingerprint\":\"f1\",\"startsAt\":\"2026-03-04T15:00:00.5Z\","
      "\"endsAt\":\"0001-01-01T00:00:00Z\"}]}",
      "alert fingerprint f1|whole||1772636400500|" },
    { "alertmanager", "", "{\"alerts\":[{\"status\":\"resolved\","
      "\"labels\":{\"a\":\"b\",\"c\":\"d\"}}]}",
      "alert identity a=b\nc=d|whole||0|final" },
    { "alertmanager", "", "{\"alerts\":[{\"status\":\"firing\","
      "\"fingerprint\":\"f1\"},{\"status\":\"resolved\","
      "\"fingerprint\":\"f2\",\"endsAt\":\"2026-03-04T15:00:00Z\"}]}",
      "|none||1772636400000|" },
    { "alertmanager", "", "{\"truncatedAlerts\":1,\"alerts\":[{"
      "\"status\":\"firing\",\"fingerprint\":\"f1\"}]}",
      "|none||0|" },

    { NULL, NULL, NULL, NULL }
};


static const struct {
    const char                *text;
    int64_t                    ms;
} times[] = {
    { "2013-12-03T17:23:34Z", 1386091414000 },
    { "2013-12-03T17:23:34.5Z", 1386091414500 },
    { "2013-12-03T17:23:34.123456789Z", 1386091414123 },
    { "2013-12-03T17:23:34.07+01:00", 1386087814070 },
    { "2016-08-12 15:23:28 UTC", 1471015408000 },
    { "2016-08-12 15:23:28 +0200", 1471008208000 },
    { "2016-08-12 15:23:28 -0230", 1471024408000 },
    { "2016-08-12 15:23:28", 1471015408000 },
    { "2016-08-12 15:23:28 PST", 0 },
    { "2016-08-12 15:23:28 +99:00", 0 },
    { "2016-08-12 15:23:28 +0200 x", 0 },
    { "2016-08-12T15:23:28Zx", 0 },
    { "2016-08-12", 0 },
    { "0001-01-01T00:00:00Z", 0 },
    { "1970-01-01T00:00:00Z", 0 },
    { "1970-01-01T00:00:00+01:00", 0 },
    { "9999-12-31T23:59:60Z", 253402300800000 },
    { "", 0 },
    { NULL, 0 }
};


/* the shim has none of these */

ngx_int_t
ngx_atoi(u_char *line, size_t n)
{
    ngx_int_t  value;

    if (n == 0) {
        return NGX_ERROR;
    }

    for (value = 0; n--; line++) {
        if (*line < '0' || *line > '9' || value > 100000000) {
            return NGX_ERROR;
        }

        value = value * 10 + (*line - '0');
    }

    return value;
}


ngx_int_t
ngx_strncasecmp(u_char *s1, u_char *s2, size_t n)
{
    return strncasecmp((char *) s1, (char *) s2, n);
}


void
ngx_strlow(u_char *dst, u_char *src, size_t n)
{
    for ( /* void */ ; n; n--) {
        *dst++ = ngx_tolower(*src);
        src++;
    }
}


/* the payload itself, or the file of t/data beside this one */

static ngx_int_t
load(const char *payload, ngx_str_t *body)
{
    FILE        *f;
    char         path[1024];
    size_t       len;
    const char  *slash;

    if (*payload == '{') {
        body->data = (u_char *) payload;
        body->len = strlen(payload);
        return NGX_OK;
    }

    slash = strrchr(__FILE__, '/');
    len = slash ? (size_t) (slash - __FILE__) : 1;

    snprintf(path, sizeof(path), "%.*s/../data/%s", (int) len,
             slash ? __FILE__ : ".", payload);

    f = fopen(path, "r");
    if (f == NULL) {
        return NGX_ERROR;
    }

    body->data = ngx_palloc(pool, 65536);
    body->len = body->data ? fread(body->data, 1, 65536, f) : 0;

    fclose(f);

    return (body->len && body->len < 65536) ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
event_of(const row_t *row, ngx_str_t *body, ngx_slack_event_t **event,
    ngx_str_t *reason)
{
    ngx_str_t                name, header;
    ngx_slack_json_t        *json;
    ngx_slack_events_t       events;
    ngx_slack_reader_t      *reader;
    ngx_slack_json_paths_t  *paths;

    name.data = (u_char *) row->sender;
    name.len = strlen(row->sender);
    header.data = (u_char *) row->header;
    header.len = strlen(row->header);

    paths = ngx_slack_json_paths_create(pool);

    if (paths == NULL) {
        return NGX_ERROR;
    }

    reader = ngx_slack_reader_create(ngx_slack_source_find(&name), paths, pool,
                                     0);

    if (reader == NULL || ngx_slack_json_paths_compile(paths) != NGX_OK) {
        return NGX_ERROR;
    }

    json = ngx_slack_json_create(paths, pool);

    if (json == NULL
        || ngx_slack_json_parse(json, body->data, body->len) != NGX_OK
        || ngx_slack_json_finish(json) != NGX_OK
        || ngx_slack_reader_events(reader, json, &events) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_events_read(&events, 0, &header, pool, event, reason);
}


static void
is(const row_t *row, ngx_str_t *body, const char *name)
{
    u_char             *p, buf[512];
    ngx_int_t           rc;
    ngx_str_t           reason;
    ngx_slack_event_t  *event;

    ngx_str_null(&reason);
    event = NULL;
    p = buf;

    rc = event_of(row, body, &event, &reason);

    if (rc == NGX_OK) {
        p = ngx_snprintf(p, sizeof(buf), "%V|%s|%V|%L|%s", &event->object,
                         belongs[event->belongs], &event->parent,
                         event->stamp, event->final ? "final" : "");

    } else if (rc == NGX_DECLINED) {
        p = ngx_snprintf(p, sizeof(buf), "ignored: %V", &reason);
    }

    tap_is(buf, (size_t) (p - buf), row->expected, name);
}


static void
from_table(void)
{
    ngx_str_t     body;
    const row_t  *row;

    for (row = rows; row->sender; row++) {

        pool = ngx_create_pool(4096, &quiet);

        if (pool == NULL || load(row->payload, &body) != NGX_OK) {
            tap_ok(0, row->payload);
            continue;
        }

        is(row, &body, row->payload);

        ngx_destroy_pool(pool);
    }
}


/* "before" and "after" and between them "n" letters */

static void
long_one(const char *sender, const char *before, size_t n, const char *after,
    const char *expected, const char *name)
{
    u_char     *p;
    row_t       row;
    ngx_str_t   body;

    pool = ngx_create_pool(4096, &quiet);

    body.len = strlen(before) + n + strlen(after);
    body.data = pool ? ngx_palloc(pool, body.len) : NULL;

    if (body.data == NULL) {
        tap_ok(0, name);
        return;
    }

    p = ngx_cpymem(body.data, before, strlen(before));
    memset(p, 'x', n);
    ngx_memcpy(p + n, after, strlen(after));

    row.sender = sender;
    row.header = "";
    row.payload = NULL;
    row.expected = expected;

    is(&row, &body, name);

    ngx_destroy_pool(pool);
}


/* a group's key is whole or not there */

static void
group_key(size_t n, size_t expected)
{
    u_char             *p;
    size_t              len;
    ngx_int_t           rc;
    ngx_str_t           body, reason;
    ngx_slack_event_t  *event;

    static const row_t  row = { "alertmanager", "", "", "" };
    static const char   before[] = "{\"groupKey\":\"";
    static const char   after[] = "\",\"alerts\":[{\"status\":\"firing\","
                                  "\"fingerprint\":\"f\"}]}";

    pool = ngx_create_pool(4096, &quiet);

    body.len = sizeof(before) - 1 + n + sizeof(after) - 1;
    body.data = pool ? ngx_palloc(pool, body.len) : NULL;

    if (body.data == NULL) {
        tap_ok(0, "no memory");
        return;
    }

    p = ngx_cpymem(body.data, before, sizeof(before) - 1);
    memset(p, 'k', n);
    ngx_memcpy(p + n, after, sizeof(after) - 1);

    rc = event_of(&row, &body, &event, &reason);
    len = (rc == NGX_OK) ? event->object.len : 0;

    tap_ok(rc == NGX_OK && len == expected
           && (event->belongs == NGX_SLACK_OBJECT_WHOLE) == (expected != 0),
           expected ? "a long group key" : "a group key that was cut");

    ngx_destroy_pool(pool);
}


int
main(void)
{
    size_t     i;
    ngx_str_t  text;

    from_table();

    for (i = 0; times[i].text; i++) {
        text.data = (u_char *) times[i].text;
        text.len = strlen(times[i].text);

        tap_ok(ngx_slack_time_parse_ms(&text) == times[i].ms, times[i].text);
    }

    text.data = (u_char *) "2016-08-12 15:23:28.9 PST";
    text.len = 25;

    tap_ok(ngx_slack_time_parse(&text) == 1471015408,
           "a time that is shown may have any zone");

    group_key(16000, sizeof("alert group ") - 1 + 16000);
    group_key(20000, 0);

    long_one("alertmanager", "{\"title\":\"t\",\"fingerprint\":\"", 20000,
             "\"}", "|none||0|", "a fingerprint that was cut");
    long_one("alertmanager", "{\"title\":\"t\",\"monitoring_tool\":\"", 20000,
             "\"}", "|none||0|", "an identity that was cut");
    long_one("alertmanager", "{\"alerts\":[{\"status\":\"firing\","
             "\"fingerprint\":\"", 20000, "\"}]}", "|none||0|",
             "a fingerprint of a group that was cut");
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
