
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/: each kind of event as the attachment it makes.
 */

/* unit: core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_receiver.c core/ngx_slack_shown.c
 *       json/ngx_slack_json_writer.c
 *       core/ngx_slack_time.c message/
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
        "\"mrkdwn_in\":[\"pretext\"]}", "new branch");

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
}


static void
issues(void)
{
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_ISSUE);
    set(e.number, "17");
    set(e.title, "Leak in tank <2>");
    set(e.url, P "/-/issues/17");
    set(e.type, "Issue");
    set(e.action, "open");
    set(e.state, "opened");
    set(e.text, "It <!-- hint -->drips.\n![a](/uploads/x/a.png)");
    e.time = 1772637989;

    expect(&e,
        "{\"fallback\":\"[Acme / Rocket] Issue #17 Leak in tank &lt;2&gt;"
        " opened by Jane Doe (jdoe)\","
        "\"pretext\":\"[" ACME "] Issue <" P "/-/issues/17|#17 Leak in tank"
        " &lt;2&gt;> opened by Jane Doe (jdoe)\","
        "\"color\":\"#C95823\","
        "\"title\":\"#17 Leak in tank &lt;2&gt;\","
        "\"title_link\":\"" P "/-/issues/17\","
        "\"text\":\"It drips.\\n" P "/uploads/x/a.png\","
        "\"ts\":1772637989,"
        "\"mrkdwn_in\":[\"pretext\",\"text\"]}", "issue");

    set(e.action, "reopen");

    expect(&e,
        "{\"fallback\":\"[Acme / Rocket] Issue #17 Leak in tank &lt;2&gt;"
        " reopened by Jane Doe (jdoe)\","
        "\"pretext\":\"[" ACME "] Issue <" P "/-/issues/17|#17 Leak in tank"
        " &lt;2&gt;> reopened by Jane Doe (jdoe)\","
        "\"mrkdwn_in\":[\"pretext\"]}", "issue reopened");

    e.kind = NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE;
    set(e.action, "close");
    set(e.title, "t");

    expect_part(&e, "fallback", "[Acme / Rocket] Confidential issue #17 t"
                " closed by Jane Doe (jdoe)", "confidential issue");

    set(e.type, "OKR");
    ngx_str_null(&e.action);

    expect_part(&e, "fallback", "[Acme / Rocket] Confidential OKR #17 t"
                " opened by Jane Doe (jdoe)", "abbreviation, no action");

    e.kind = NGX_SLACK_EVENT_ISSUE;
    set(e.type, "Incident");
    ngx_str_null(&e.project);
    ngx_str_null(&e.project_name);

    expect_part(&e, "pretext", "Incident <" P "/-/issues/17|#17 t>"
                " opened by Jane Doe (jdoe)", "incident without a project");
}


static void
merge_requests(void)
{
    ngx_uint_t         i;
    ngx_slack_event_t  e;

    static struct {
        const char  *action;
        const char  *state;
        ngx_uint_t   draft;
        ngx_uint_t   system;
        const char  *before;
        const char  *after;
    } *c, cases[] = {
        { "open", "opened", 0, 0, "opened merge", "" },
        { "open", "opened", 1, 0, "opened draft merge", "" },
        { "close", "closed", 0, 0, "closed merge", "" },
        { "reopen", "opened", 0, 0, "reopened merge", "" },
        { "merge", "merged", 0, 0, "merged merge", "" },
        { "approved", "opened", 0, 0, "approved merge", "" },
        { "unapproved", "opened", 0, 0, "unapproved merge", "" },
        { "approval", "opened", 0, 0, "added an approval to merge", "" },
        { "unapproval", "opened", 0, 0, "removed an approval from merge",
          "" },
        { "unapproved", "opened", 0, 1, "reset the approvals of merge",
          " with new changes" },
        { "ready", "opened", 0, 0, "marked merge", " as ready" },
        { "update", "opened", 0, 0, "updated merge", "" },
        { "", "opened", 0, 0, "opened merge", "" },
        { "", "", 0, 0, "changed merge", "" },
        { "rocket", "opened", 0, 0, "rocket merge", "" },
        { NULL, NULL, 0, 0, NULL, NULL }
    };

    char  expected[512];

    common(&e, NGX_SLACK_EVENT_MERGE_REQUEST);
    set(e.number, "7");
    set(e.title, "Cool the pump");
    set(e.url, P "/-/merge_requests/7");
    set(e.text, "not shown");

    for (c = cases; c->action; c++) {
        e.action.data = (u_char *) c->action;
        e.action.len = strlen(c->action);
        e.state.data = (u_char *) c->state;
        e.state.len = strlen(c->state);
        e.draft = c->draft & 1;
        e.system = c->system & 1;

        snprintf(expected, sizeof(expected),
                 "Jane Doe (jdoe) %s request <" P "/-/merge_requests/7|"
                 "!7 Cool the pump> in " ACME "%s", c->before, c->after);

        expect_part(&e, "pretext", expected, expected);
    }

    expect_part(&e, "text", NULL, "no description");

    set(e.action, "update");
    add(&e.reviewers, "Ana");

    expect_part(&e, "fallback", "Jane Doe (jdoe) requested a review from Ana"
                " on merge request !7 Cool the pump in Acme / Rocket",
                "review requested");

    add(&e.reviewers, "Ben");
    add(&e.reviewers, "Cem");
    add(&e.unreviewers, "Dan");

    expect_part(&e, "fallback", "Jane Doe (jdoe) requested a review from Ana,"
                " Ben and Cem and removed Dan as reviewer on merge request !7"
                " Cool the pump in Acme / Rocket", "reviewers changed");

    e.reviewers.nelts = 0;

    for (i = 0; i < 11; i++) {
        add(&e.unreviewers, "Eva");
    }

    expect_part(&e, "fallback", "Jane Doe (jdoe) removed Dan, Eva, Eva, Eva,"
                " Eva, Eva, Eva, Eva, Eva, Eva and 2 more reviewers as"
                " reviewers on merge request !7 Cool the pump in"
                " Acme / Rocket", "many reviewers");
}


static void
notes(void)
{
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_NOTE);
    set(e.action, "create");
    set(e.title, "Cool the *pump*");
    set(e.url, P "/-/merge_requests/7#note_1");
    set(e.type, "merge request");
    set(e.target, "!7");
    set(e.text, "Nice & `cold`");

    expect(&e,
        "{\"fallback\":\"Jane Doe (jdoe) commented on merge request !7 in"
        " Acme / Rocket: Cool the *pump*\","
        "\"pretext\":\"Jane Doe (jdoe) <" P "/-/merge_requests/7#note_1|"
        "commented on merge request !7> in " ACME
        ": *Cool the \xe2\x88\x97pump\xe2\x88\x97*\","
        "\"color\":\"#334455\",\"text\":\"Nice &amp; `cold`\","
        "\"mrkdwn_in\":[\"pretext\",\"text\"]}", "note");

    e.kind = NGX_SLACK_EVENT_CONFIDENTIAL_NOTE;
    set(e.type, "issue");
    set(e.target, "#17");
    set(e.title, "t");

    expect_part(&e, "fallback", "Jane Doe (jdoe) confidentially commented on"
                " issue #17 in Acme / Rocket: t", "confidential note");

    set(e.action, "update");

    expect_part(&e, "fallback", "Jane Doe (jdoe) edited a confidential"
                " comment on issue #17 in Acme / Rocket: t",
                "edited confidential note");

    e.kind = NGX_SLACK_EVENT_NOTE;
    set(e.action, "create");
    ngx_str_null(&e.type);
    ngx_str_null(&e.title);
    ngx_str_null(&e.text);

    expect(&e,
        "{\"fallback\":\"Jane Doe (jdoe) commented in Acme / Rocket\","
        "\"pretext\":\"Jane Doe (jdoe) <" P "/-/merge_requests/7#note_1|"
        "commented> in " ACME "\",\"mrkdwn_in\":[\"pretext\"]}",
        "note on something else");
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
        "\"title\":\"Pipeline #31 has failed in 01:01:03\","
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
    expect_part(&e, "title", "Pipeline #31 has failed in 01:01:03"
                " (still failing)", "still failing");

    e.stages.nelts = 0;
    e.jobs.nelts = 0;
    e.duration = 63;
    e.tag = 1;
    set(e.action, "success");
    set(e.change, "fixed");
    ngx_str_null(&e.commit_title);
    set(e.commit_id, "1111111122222222");

    expect_part(&e, "title", "Pipeline #31 has passed in 01:03 (fixed)",
                "fixed");
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

    expect_part(&e, "title", "Pipeline #31 has passed with warnings in 00:00",
                "warnings");
    expect_part(&e, "color", "warning", "warnings have their colour");
    expect_part(&e, "author_name", "API", "nobody started it");
    expect_part(&e, "author_link", NULL, "nobody has no link");

    set(e.action, "running");
    expect_part(&e, "title", "Pipeline #31 is running", "running");
    set(e.action, "odd_state");
    expect_part(&e, "title", "Pipeline #31 is odd_state", "unknown status");
}


static void
wiki_pages(void)
{
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_WIKI_PAGE);
    set(e.action, "update");
    set(e.title, "Launch");
    set(e.url, P "/-/wikis/launch");
    set(e.compare_url, P "/-/wikis/launch/diff");
    set(e.text, "Less risk");

    expect(&e,
        "{\"fallback\":\"Jane Doe (jdoe) edited wiki page in Acme / Rocket:"
        " Launch\","
        "\"pretext\":\"Jane Doe (jdoe) edited <" P "/-/wikis/launch|"
        "wiki page> (<" P "/-/wikis/launch/diff|Compare changes>) in " ACME
        ": *Launch*\","
        "\"color\":\"#334455\",\"text\":\"Less risk\","
        "\"mrkdwn_in\":[\"pretext\",\"text\"]}", "wiki page");

    set(e.action, "create");
    ngx_str_null(&e.compare_url);
    ngx_str_null(&e.text);

    expect_part(&e, "pretext", "Jane Doe (jdoe) created"
                " <" P "/-/wikis/launch|wiki page> in " ACME ": *Launch*",
                "new wiki page");
    expect_part(&e, "color", NULL, "nothing below");

    set(e.action, "delete");

    expect_part(&e, "pretext", "Jane Doe (jdoe) deleted wiki page in " ACME
                ": *Launch*", "deleted wiki page");
}


static void
deployments(void)
{
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_DEPLOYMENT);
    set(e.action, "success");
    set(e.name, "staging");
    set(e.job, "796");
    set(e.job_url, P "/-/jobs/796");
    set(e.user_url, "https://gitlab.test/jdoe");
    set(e.commit_id, "279484c0");
    set(e.commit_url, P "/-/commit/2");
    set(e.commit_title, "Add engines");

    expect(&e,
        "{\"fallback\":\"Deploy to staging succeeded in Acme / Rocket\","
        "\"pretext\":\"Deploy to staging succeeded\","
        "\"color\":\"good\","
        "\"text\":\"" ACME " with job <" P "/-/jobs/796|#796> by"
        " <https://gitlab.test/jdoe|Jane Doe (jdoe)>\\n"
        "<" P "/-/commit/2|279484c0>: Add engines\","
        "\"mrkdwn_in\":[\"pretext\",\"text\"]}", "deployment");

    set(e.action, "running");
    expect_part(&e, "pretext", "Starting deploy to staging", "running");
    expect_part(&e, "color", "#334455", "running is neutral");

    set(e.action, "failed");
    expect_part(&e, "pretext", "Deploy to staging failed", "failed");
    expect_part(&e, "color", "danger", "failed is danger");

    set(e.action, "canceled");
    expect_part(&e, "color", "warning", "canceled is a warning");

    set(e.action, "approved");
    ngx_str_null(&e.job_url);
    ngx_str_null(&e.user_url);
    ngx_str_null(&e.commit_url);
    expect_part(&e, "pretext", "Deploy to staging approved", "approved");
    expect_part(&e, "text", ACME " with job #796 by Jane Doe (jdoe)\n"
                "279484c0: Add engines", "no URLs");
}


static void
alerts(void)
{
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_ALERT);
    set(e.action, "triggered");
    set(e.title, "Tank pressure");
    set(e.url, P "/-/alert_management/12/details");
    set(e.severity, "critical");
    set(e.count, "3");
    set(e.started, "2026-03-04T17:26:29+02:00");

    expect(&e,
        "{\"fallback\":\"Alert firing in Acme / Rocket: Tank pressure\","
        "\"pretext\":\"Alert firing in " ACME "\","
        "\"color\":\"#C95823\","
        "\"title\":\"Tank pressure\","
        "\"title_link\":\"" P "/-/alert_management/12/details\","
        "\"fields\":["
        "{\"title\":\"Severity\",\"value\":\"Critical\",\"short\":true},"
        "{\"title\":\"Events\",\"value\":\"3\",\"short\":true},"
        "{\"title\":\"Status\",\"value\":\"Triggered\",\"short\":true},"
        "{\"title\":\"Start time\","
        "\"value\":\"4 March 2026, 15:26 UTC\",\"short\":true}],"
        "\"mrkdwn_in\":[\"pretext\",\"fields\"]}", "alert");

    set(e.action, "resolved");
    set(e.started, "yesterday");

    expect_part(&e, "pretext", "Alert resolved in " ACME, "resolved");
    expect_part(&e, "color", "good", "resolved is good");
    expect_part(&e, "fields.3.value", "yesterday", "time as it was written");
}


int
main(void)
{
    ngx_str_t          attachment;
    ngx_slack_event_t  e;

    pool = ngx_create_pool(4096, NULL);
    if (pool == NULL) {
        return 2;
    }

    pushes();
    refs();
    issues();
    merge_requests();
    notes();
    pipelines();
    wiki_pages();
    deployments();
    alerts();

    common(&e, NGX_SLACK_EVENT_UNKNOWN);
    tap_ok(ngx_slack_message_attachment(&e, receiver, pool, &attachment)
           == NGX_DECLINED, "unknown event");

    e.kind = NGX_SLACK_EVENT_MAX;
    tap_ok(ngx_slack_message_attachment(&e, receiver, pool, &attachment)
           == NGX_DECLINED, "no event");

    ngx_destroy_pool(pool);

    return tap_done();
}
