
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/: pushes and pipelines as the attachments they make.
 */

/* unit: core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_receiver.c core/ngx_slack_shown.c
 *       json/ngx_slack_json_writer.c
 *       core/ngx_slack_time.c source/ngx_slack_event.c message/
 * libs: -lyajl
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_message.h>

#include "tap.h"
#include "events.h"
#include "expect.h"


#define ACME  "<" P "|Acme / Rocket>"


static void
pushes(void)
{
    ngx_uint_t         i;
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_PUSH);
    set(e.ref, "main");
    set(e.ref_url, P "/-/commits/main");
    set(e.compare_url, P "/-/compare/1...2");
    add_commit(&e, "1111111122222222", "Add engines\n\nmore");
    add_commit(&e, "2222222233333333", "Fix <nozzle> & pump");
    e.total_commits = 2;

    expect(&e,
        "{\"fallback\":\"Jane Doe (jdoe) pushed to branch main of"
        " Acme / Rocket\","
        "\"pretext\":\"Jane Doe (jdoe) pushed to branch"
        " <" P "/-/commits/main|main> of " ACME
        " (<" P "/-/compare/1...2|Compare changes>)\","
        "\"color\":\"#334455\","
        "\"text\":\"<" P "/-/commit/1|11111111>: Add engines - Omar\\n"
        "<" P "/-/commit/1|22222222>: Fix &lt;nozzle&gt; &amp; pump - Omar\","
        "\"mrkdwn_in\":[\"pretext\",\"text\"]}", "push");

    e.total_commits = 4;
    e.commits.nelts = 1;

    expect_part(&e, "text",
        "<" P "/-/commit/1|11111111>: Add engines - Omar\n"
        "<" P "/-/compare/1...2|and 3 more commits>", "more commits");

    e.total_commits = 2;

    expect_part(&e, "text",
        "<" P "/-/commit/1|11111111>: Add engines - Omar\n"
        "<" P "/-/compare/1...2|and 1 more commit>", "one more commit");

    e.commits.nelts = 0;
    e.total_commits = 45;
    ngx_str_null(&e.user_name);

    expect_part(&e, "text", "<" P "/-/compare/1...2|45 commits>",
                "none of the commits");

    expect_part(&e, "fallback", "jdoe pushed to branch main of Acme / Rocket",
                "user without a name");

    ngx_str_null(&e.project_name);
    ngx_str_null(&e.user);

    expect_part(&e, "fallback",
                "Somebody pushed to branch main of acme/rocket",
                "no user, path of the project");

    for (i = 0; i < 25; i++) {
        add_commit(&e, "3333333344444444", i < 5 ? "old" : "n");
    }

    e.total_commits = 0;
    ngx_str_null(&e.compare_url);

    for (i = 0; i < 25; i++) {
        ngx_str_null(&((ngx_slack_commit_t *) e.commits.elts)[i].url);
        ngx_str_null(&((ngx_slack_commit_t *) e.commits.elts)[i].author);
    }

    expect_part(&e, "text",
        "33333333: n\n33333333: n\n33333333: n\n33333333: n\n33333333: n\n"
        "33333333: n\n33333333: n\n33333333: n\n33333333: n\n33333333: n\n"
        "33333333: n\n33333333: n\n33333333: n\n33333333: n\n33333333: n\n"
        "33333333: n\n33333333: n\n33333333: n\n33333333: n\n33333333: n\n"
        "and 5 more commits", "the newest twenty, no URLs");
}


static void
refs(void)
{
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_PUSH);
    set(e.ref, "feature/a#b");
    set(e.ref_url, P "/-/commits/feature/a%23b");
    set(e.compare_url, P "/-/compare/1...2");
    e.created = 1;
    add_commit(&e, "1111111122222222", "x");

    expect(&e,
        "{\"fallback\":\"Jane Doe (jdoe) pushed new branch feature/a#b to"
        " Acme / Rocket\","
        "\"pretext\":\"Jane Doe (jdoe) pushed new branch"
        " <" P "/-/commits/feature/a%23b|feature/a#b> to " ACME "\","
        "\"color\":\"#334455\",\"text\":\"<" P "/-/commit/1|11111111>: x"
        " - Omar\","
        "\"mrkdwn_in\":[\"pretext\",\"text\"]}", "new branch");

    e.total_commits = 3;
    expect_part(&e, "text", "<" P "/-/commit/1|11111111>: x - Omar\n"
                "<" P "/-/commits/feature/a%23b|and 2 more commits>",
                "more commits of a new branch");

    e.total_commits = 0;
    e.commits.nelts = 0;
    e.known_commits = 1;
    expect_part(&e, "text", NULL, "a new branch of known commits");
    e.known_commits = 0;
    e.commits.nelts = 1;

    e.created = 0;
    e.removed = 1;

    expect_part(&e, "pretext", "Jane Doe (jdoe) removed branch feature/a#b"
                " from " ACME, "removed branch");
    expect_part(&e, "text", NULL, "removed branch lists nothing");

    e.kind = NGX_SLACK_EVENT_TAG_PUSH;
    e.tag = 1;
    set(e.ref, "v1");
    set(e.ref_url, P "/-/tags/v1");

    expect_part(&e, "pretext", "Jane Doe (jdoe) removed tag v1 from " ACME,
                "removed tag");

    e.removed = 0;
    e.created = 1;

    expect_part(&e, "pretext", "Jane Doe (jdoe) pushed new tag"
                " <" P "/-/tags/v1|v1> to " ACME, "new tag");
    expect_part(&e, "text", NULL, "a new tag lists nothing");

    e.created = 0;
    e.forced = 1;
    e.commits.nelts = 0;
    set(e.after, "2");

    expect_part(&e, "fallback", "Jane Doe (jdoe) force-pushed to tag v1 of"
                " Acme / Rocket", "moved tag");
}


static void
force_pushes(void)
{
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_PUSH);
    set(e.ref, "main");
    set(e.ref_url, P "/-/commits/main");
    set(e.compare_url, P "/-/compare/1...2");
    set(e.after, "2");
    e.forced = 1;

    expect(&e,
        "{\"fallback\":\"Jane Doe (jdoe) force-pushed to branch main of"
        " Acme / Rocket without new commits\","
        "\"pretext\":\"Jane Doe (jdoe) force-pushed to branch"
        " <" P "/-/commits/main|main> of " ACME " without new commits"
        " (<" P "/-/compare/1...2|Compare changes>)\","
        "\"mrkdwn_in\":[\"pretext\"]}", "forced, no commits");

    e.known_commits = 1;
    expect_part(&e, "text", "<" P "/-/compare/1...2|"
                "1 commit that is on another branch>", "a known commit");

    e.forced = 0;
    e.known_commits = 2;
    add_commit(&e, "1111111122222222", "x");

    expect_part(&e, "fallback", "Jane Doe (jdoe) pushed to branch main of"
                " Acme / Rocket", "a new commit");
    expect_part(&e, "text", "<" P "/-/commit/1|11111111>: x - Omar\n"
                "<" P "/-/compare/1...2|2 commits that are on other"
                " branches>", "and known ones");

    e.commits.nelts = 0;
    e.known_commits = 0;
    ngx_str_null(&e.after);
    expect_part(&e, "fallback", "Jane Doe (jdoe) pushed to branch main of"
                " Acme / Rocket", "a sender that tells nothing");
}


static void
pipelines(void)
{
    ngx_uint_t         i;
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_PIPELINE);
    set(e.number, "31");
    set(e.action, "failed");
    set(e.url, P "/-/pipelines/31/failures");
    set(e.user_url, "https://gitlab.test/jdoe");
    set(e.user_avatar, "https://gitlab.test/a.png?s=80&d=x");
    set(e.project_avatar, "https://gitlab.test/p.png");
    set(e.ref, "main");
    set(e.ref_url, P "/-/commits/main");
    set(e.commit_title, "Add engines");
    set(e.commit_url, P "/-/commit/1");
    set(e.name, "Nightly");
    set(e.jobs_url, P "/-/pipelines/31/failures");
    e.duration = 3663;
    e.time = 1772637989;
    add(&e.stages, "test");
    add_job(&e, "rspec");

    expect(&e,
        "{\"fallback\":\"Acme / Rocket: Pipeline #31 of branch main by"
        " Jane Doe (jdoe) has failed in 01:01:03\","
        "\"color\":\"danger\","
        "\"author_name\":\"Jane Doe (jdoe)\","
        "\"author_icon\":\"https://gitlab.test/a.png?s=80&d=x\","
        "\"author_link\":\"https://gitlab.test/jdoe\","
        "\"title\":\"Acme / Rocket: Pipeline #31 has failed in 01:01:03\","
        "\"title_link\":\"" P "/-/pipelines/31/failures\","
        "\"fields\":["
        "{\"title\":\"Branch\",\"value\":\"<" P "/-/commits/main|main>\","
        "\"short\":true},"
        "{\"title\":\"Commit\",\"value\":\"<" P "/-/commit/1|Add engines>"
        "\",\"short\":true},"
        "{\"title\":\"Failed stage\",\"value\":\"test\",\"short\":true},"
        "{\"title\":\"Failed job\",\"value\":\"<" P "/-/jobs/7|rspec>\","
        "\"short\":true},"
        "{\"title\":\"Pipeline name\",\"value\":\"Nightly\","
        "\"short\":false}],"
        "\"footer\":\"Acme / Rocket\","
        "\"footer_icon\":\"https://gitlab.test/p.png\","
        "\"ts\":1772637989,\"mrkdwn_in\":[\"fields\"]}", "pipeline");

    add(&e.stages, "deploy");

    for (i = 0; i < 13; i++) {
        add_job(&e, "j");
    }

    expect_part(&e, "fields.2.title", "Failed stages", "stages");
    expect_part(&e, "fields.2.value", "test, deploy", "all stages");
    expect_part(&e, "fields.3.title", "Failed jobs", "jobs");
    expect_part(&e, "fields.3.value",
        "<" P "/-/jobs/7|rspec>, <" P "/-/jobs/7|j>, <" P "/-/jobs/7|j>, "
        "<" P "/-/jobs/7|j>, <" P "/-/jobs/7|j>, <" P "/-/jobs/7|j>, "
        "<" P "/-/jobs/7|j>, <" P "/-/jobs/7|j>, <" P "/-/jobs/7|j>, "
        "<" P "/-/jobs/7|j>, <" P "/-/pipelines/31/failures|and 4 more jobs>",
        "ten jobs and more");

    set(e.change, "still_failing");
    expect_part(&e, "title", "Acme / Rocket: Pipeline #31 has failed in"
                " 01:01:03 (still failing)", "still failing");

    e.stages.nelts = 0;
    e.jobs.nelts = 0;
    e.duration = 63;
    e.tag = 1;
    set(e.action, "success");
    set(e.change, "fixed");
    ngx_str_null(&e.commit_title);
    set(e.commit_id, "1111111122222222");

    expect_part(&e, "title", "Acme / Rocket: Pipeline #31 has passed in"
                " 01:03 (fixed)", "fixed");
    expect_part(&e, "color", "good", "success is good");
    expect_part(&e, "fields.0.title", "Tag", "tag");
    expect_part(&e, "fields.1.value", "<" P "/-/commit/1|11111111>",
                "commit without a title");
    expect_part(&e, "fields.2.title", "Pipeline name", "nothing failed");

    e.warnings = 1;
    e.duration = 0;
    set(e.change, "success");
    ngx_str_null(&e.user);
    ngx_str_null(&e.user_name);
    ngx_str_null(&e.user_url);
    ngx_str_null(&e.user_avatar);

    expect_part(&e, "title", "Acme / Rocket: Pipeline #31 has passed with"
                " warnings in 00:00", "warnings");
    expect_part(&e, "color", "warning", "warnings have their colour");
    expect_part(&e, "author_name", "API", "nobody started it");
    expect_part(&e, "author_link", NULL, "nobody has no link");

    set(e.action, "running");
    expect_part(&e, "title", "Acme / Rocket: Pipeline #31 is running",
                "running");
    set(e.action, "odd_state");
    expect_part(&e, "title", "Acme / Rocket: Pipeline #31 is odd_state",
                "unknown status");
}


static void
pipelines_of_requests(void)
{
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_PIPELINE);
    set(e.number, "31");
    set(e.action, "failed");
    set(e.ref, "refs/merge-requests/7/merge");
    set(e.source_branch, "pump");
    set(e.ref_url, P "/-/commits/pump");
    set(e.request, "!7");
    set(e.request_title, "Cool <the> pump");
    set(e.request_url, P "/-/merge_requests/7");
    add_job(&e, "lint");
    ((ngx_slack_job_t *) e.jobs.elts)->allowed = 1;
    add_job(&e, "rspec");

    expect_part(&e, "fallback", "Acme / Rocket: Pipeline #31 of merge request"
                " !7 Cool &lt;the&gt; pump by Jane Doe (jdoe) has failed in"
                " 00:00", "of a merge request");
    expect_part(&e, "fields.0.value", "<" P "/-/commits/pump|pump>",
                "the source branch");
    expect_part(&e, "fields.1.title", "Merge request", "has a field");
    expect_part(&e, "fields.1.value", "<" P "/-/merge_requests/7|"
                "!7 Cool &lt;the&gt; pump>", "is a link");
    expect_part(&e, "fields.2.value", "<" P "/-/jobs/7|lint>"
                " (allowed to fail), <" P "/-/jobs/7|rspec>",
                "jobs that may fail");

    set(e.ref, "pump");
    ngx_str_null(&e.source_branch);
    ngx_str_null(&e.request_title);
    set(e.request, "#7");

    expect_part(&e, "fallback", "Acme / Rocket: Pipeline #31 of pull request"
                " #7 by Jane Doe (jdoe) has failed in 00:00",
                "of a pull request");
    expect_part(&e, "fields.0.value", "<" P "/-/commits/pump|pump>",
                "its branch");
    expect_part(&e, "fields.1.title", "Pull request", "has a field, too");
}


int
main(void)
{
    pool = ngx_create_pool(4096, NULL);
    if (pool == NULL) {
        return 2;
    }

    pushes();
    refs();
    force_pushes();
    pipelines();
    pipelines_of_requests();

    ngx_destroy_pool(pool);

    return tap_done();
}
