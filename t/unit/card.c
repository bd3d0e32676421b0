
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/: lines and cards, what payloads of t/data do not show: how texts
 * are cut, what gives way in a long line, states that a sender may invent.
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
#include <ngx_slack_text.h>

#include "expect.h"


#define A50   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A200  A50 A50 A50 A50


static ngx_slack_event_t  e;


/* the first lines of a description */

static void
excerpts(void)
{
    size_t  i;

    static const struct {
        const char  *text, *shown, *name;
    } cases[] = {
        { "a", "a", "a line" },
        { "a\nb\nc\nd", "a\nb\nc\nd", "four lines" },
        { "a\nb\nc\nd\n\n\n", "a\nb\nc\nd", "blank lines after them" },
        { "a\n\nb\n\n\nc\n\nd", "a\nb\nc\nd", "blank lines between them" },
        { "a\nb\nc\nd\ne", "a\nb\nc\nd\n…", "more lines" },
        { "```\na\n\nb\nc\nd\n```", "```\na\n\nb```\n…",
          "code is closed, its blank lines are kept" },
        { "a\nb\nc\n```\nd\n```", "a\nb\nc\n…", "no code without a line" },
        { "```\na\n```\n\nb\nc", "```\na\n```\nb\n…", "after code" },
        { "<!-- a\nb\nc\nd\n-->\ne", "e", "a comment is no line" },
        { A200 A200 A200 A50, NULL, "a long line" },
        { "\n \n", NULL, "nothing" }
    };

    format = NGX_SLACK_FORMAT_CARD;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        common(&e, NGX_SLACK_EVENT_ISSUE);
        set(e.state, "opened");
        e.text.data = (u_char *) cases[i].text;
        e.text.len = strlen(cases[i].text);

        if (strncmp(cases[i].name, "a long", 6) == 0) {
            expect_part(&e, "text", A200 A200 A50 A50 A50
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…",
                        cases[i].name);
            continue;
        }

        expect_part(&e, "text", cases[i].shown, cases[i].name);
    }
}


/* what no one has written as Markdown, as in the full format */

static void
plain(void)
{
    size_t               i;
    ngx_slack_commit_t  *commit;

    static const struct {
        ngx_uint_t   kind;
        const char  *shown, *name;
    } cases[] = {
        { NGX_SLACK_EVENT_ISSUE, "*a* b", "the text of an issue" },
        { NGX_SLACK_EVENT_ALERT, "**a** b", "the text of an alert" },
        { NGX_SLACK_EVENT_WIKI_PAGE, "**a** b", "that of a wiki page" },
        { NGX_SLACK_EVENT_DEPLOYMENT, "**a** b", "that of a deployment" },
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        common(&e, cases[i].kind);
        set(e.text, "**a** b");
        expect_part(&e, "text", cases[i].shown, cases[i].name);
    }

    common(&e, NGX_SLACK_EVENT_PUSH);

    commit = ngx_array_push(&e.commits);
    if (commit == NULL) {
        exit(2);
    }

    ngx_memzero(commit, sizeof(ngx_slack_commit_t));
    set(commit->id, "7c23b3d2");
    set(commit->title, "*args*");

    expect_part(&e, "text", "7c23b3d2 *\xe2\x80\x8b" "args*",
                "the title of a commit");

    common(&e, NGX_SLACK_EVENT_JOB);
    set(e.action, "success");
    expect_part(&e, "color", "good", "a job that has passed");

    e.warnings = 1;
    set(e.action, "failed");
    expect_part(&e, "color", "warning", "a job that may fail");
}


/* what gives way in a line of 300 characters */

static void
compact(void)
{
    format = NGX_SLACK_FORMAT_COMPACT;

    common(&e, NGX_SLACK_EVENT_ISSUE);
    set(e.action, "open");
    set(e.number, "7");
    set(e.title, A200 A200);
    set(e.url, "https://x.example/1");
    set(e.user_name, A200);
    set(e.project_name, A200);

    expect_part(&e, "text",
                "Opened · <https://x.example/1|Issue #7 " A50 A50
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…> · "
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa… · "
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…",
                "a long title");

    set(e.url, "https://x.example/" A200);
    expect_part(&e, "text",
                "Opened · Issue #7 " A50 A50
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa… · "
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa… · "
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…",
                "a long URL gives way to the title");

    start(&e, NGX_SLACK_EVENT_NOTE);
    set(e.user, "jdoe");
    expect_part(&e, "text", "Comment · jdoe", "no object and no project");

    start(&e, NGX_SLACK_EVENT_ISSUE);
    expect_part(&e, "text", "Open · Issue", "nothing");

    start(&e, NGX_SLACK_EVENT_ALERT);
    set(e.title, "\xe2\x80\xae");
    set(e.user_name, "\xe2\x80\xae");
    expect_part(&e, "text", "Alert", "nothing that can be seen");

    set(e.action, "triggered");
    set(e.project, "rocket");
    expect_part(&e, "text", "Firing · rocket", "but its state");

    format = NGX_SLACK_FORMAT_CARD;
    expect_part(&e, "title", "Firing", "but its state, in a card");

    ngx_str_null(&e.action);
    expect_part(&e, "title", "Alert", "nothing that can be seen, in a card");
}


/* states, also those that no sender has had yet */

static void
states(void)
{
    size_t  i;

    static const struct {
        ngx_uint_t   kind;
        const char  *state, *action;
        ngx_uint_t   draft;
        const char  *title, *line, *color;
    } cases[] = {
        { NGX_SLACK_EVENT_MERGE_REQUEST, "opened", "update", 0,
          "Open · !7", "Updated · !7", "good" },
        { NGX_SLACK_EVENT_MERGE_REQUEST, "opened", "update", 1,
          "Draft · !7", "Updated (draft) · !7", "#334455" },
        { NGX_SLACK_EVENT_MERGE_REQUEST, "opened", "approved", 0,
          "Approved · !7", "Approved · !7", "good" },
        { NGX_SLACK_EVENT_MERGE_REQUEST, "merged", "approved", 0,
          "Merged · !7", "Approved · !7", "#6F42C1" },
        { NGX_SLACK_EVENT_MERGE_REQUEST, "closed", "update", 1,
          "Closed · !7", "Updated (draft) · !7", "danger" },
        { NGX_SLACK_EVENT_MERGE_REQUEST, "", "close", 0,
          "Closed · !7", "Closed · !7", "danger" },
        { NGX_SLACK_EVENT_MERGE_REQUEST, "locked_for_now", "nudge", 0,
          "Locked for now · !7", "Nudge · !7", "#334455" },
        { NGX_SLACK_EVENT_ISSUE, "closed", "", 0,
          "Closed · Issue #7", "Closed · Issue #7", "#6F42C1" },
        { NGX_SLACK_EVENT_PIPELINE, "", "on_hold", 0,
          "On hold · Pipeline #7", "On hold · Pipeline #7", "#334455" },
        { NGX_SLACK_EVENT_DEPLOYMENT, "", "", 0, "Deploy", "Deploy",
          "#334455" },
        { NGX_SLACK_EVENT_ALERT, "", "ignored", 0,
          "Ignored · Alert", "Ignored · Alert", "#C95823" }
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        start(&e, cases[i].kind);
        set(e.number, "7");

        e.state.data = (u_char *) cases[i].state;
        e.state.len = strlen(cases[i].state);
        e.action.data = (u_char *) cases[i].action;
        e.action.len = strlen(cases[i].action);
        e.draft = cases[i].draft ? 1 : 0;

        format = NGX_SLACK_FORMAT_CARD;
        expect_part(&e, "title", cases[i].title, cases[i].title);
        expect_part(&e, "color", cases[i].color, cases[i].color);

        format = NGX_SLACK_FORMAT_COMPACT;
        expect_part(&e, "text", cases[i].line, cases[i].line);
        expect_part(&e, "color", cases[i].color, cases[i].color);
    }
}


/* a title without what marks a draft, unless nothing else is left */

static void
drafts(void)
{
    size_t  i;

    static const char  *titles[][2] = {
        { "Draft: a", "Draft · !7 a" },
        { "draft:a", "Draft · !7 a" },
        { "[Draft] a", "Draft · !7 a" },
        { "WIP: a", "Draft · !7 a" },
        { "Drafts: a", "Draft · !7 Drafts: a" },
        { "Draft:", "Draft · !7 Draft:" }
    };

    format = NGX_SLACK_FORMAT_CARD;

    for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        start(&e, NGX_SLACK_EVENT_MERGE_REQUEST);
        set(e.number, "7");
        e.title.data = (u_char *) titles[i][0];
        e.title.len = strlen(titles[i][0]);
        e.draft = 1;

        expect_part(&e, "title", titles[i][1], titles[i][0]);
    }
}


int
main(void)
{
    pool = ngx_create_pool(4096, NULL);
    if (pool == NULL) {
        return 2;
    }

    excerpts();
    plain();
    compact();
    states();
    drafts();

    ngx_destroy_pool(pool);

    return tap_done();
}
