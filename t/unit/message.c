
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/: events as the attachments they make; pushes and pipelines:
 * message_code.c.
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
        { "ready", "opened", 0, 0, "marked merge",
          " as ready for review" },
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

    set(e.title, "Draft: Cool the pump");
    e.draft = 1;
    e.mark = sizeof("Draft: ") - 1;

    set(e.action, "open");
    expect_part(&e, "fallback", "Jane Doe (jdoe) opened draft merge request"
                " !7 Cool the pump in Acme / Rocket", "a draft is said once");

    set(e.title, "Cool the pump");
    e.draft = 0;
    e.mark = 0;

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

    ngx_str_null(&e.job);
    set(e.job_url, "https://deploys.test/7");
    set(e.text, "Health check <timed> out\nTwice");
    expect_part(&e, "text", ACME " by Jane Doe (jdoe)"
                " (<https://deploys.test/7|Log>)\n"
                "279484c0: Add engines\nHealth check &lt;timed&gt; out Twice",
                "log and description");

    ngx_str_null(&e.project);
    ngx_str_null(&e.project_name);
    ngx_str_null(&e.user);
    ngx_str_null(&e.user_name);
    expect_part(&e, "text", "<https://deploys.test/7|Log>\n"
                "279484c0: Add engines\nHealth check &lt;timed&gt; out Twice",
                "a log and nobody");
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

    issues();
    merge_requests();
    notes();
    wiki_pages();
    deployments();
    alerts();

    common(&e, NGX_SLACK_EVENT_UNKNOWN);
    tap_ok(ngx_slack_message_attachment(&e, receiver, 0, pool, &attachment)
           == NGX_DECLINED, "unknown event");

    e.kind = NGX_SLACK_EVENT_MAX;
    tap_ok(ngx_slack_message_attachment(&e, receiver, 0, pool, &attachment)
           == NGX_DECLINED, "no event");

    ngx_destroy_pool(pool);

    return tap_done();
}
