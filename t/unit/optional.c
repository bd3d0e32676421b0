
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/: the events that a route hears of only if it names them, where
 * what t/ posts does not lead.
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
releases(void)
{
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_RELEASE);
    set(e.action, "create");
    set(e.type, "Pre-release");
    set(e.ref, "v2");
    set(e.url, P "/-/releases/v2");

    expect(&e,
        "{\"fallback\":\"Pre-release v2 published in Acme / Rocket"
        " by Jane Doe (jdoe)\","
        "\"pretext\":\"Pre-release <" P "/-/releases/v2|v2> published in "
        ACME " by Jane Doe (jdoe)\","
        "\"color\":\"good\","
        "\"fields\":[{\"title\":\"Tag\",\"value\":\"v2\","
        "\"short\":true}],"
        "\"mrkdwn_in\":[\"pretext\",\"fields\"]}", "release");

    set(e.action, "archived_now");
    ngx_str_null(&e.ref);

    expect_part(&e, "fallback", "Pre-release archived_now in Acme / Rocket"
                " by Jane Doe (jdoe)", "a release of which little is told");
}


/* what is told of little or of what is new */

static void
others(void)
{
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_EMOJI);
    set(e.name, "rocket");

    expect_part(&e, "fallback", "Jane Doe (jdoe) reacted with :rocket:"
                " to something in Acme / Rocket", "emoji on something");

    set(e.state, "comment");

    expect_part(&e, "fallback", "Jane Doe (jdoe) reacted with :rocket:"
                " to a comment in Acme / Rocket", "emoji on a comment");

    common(&e, NGX_SLACK_EVENT_MEMBER);
    set(e.action, "invited");
    set(e.type, "group");

    expect_part(&e, "fallback", "Jane Doe (jdoe) is a member of group"
                " Acme / Rocket", "member");

    common(&e, NGX_SLACK_EVENT_FEATURE_FLAG);
    set(e.title, "two_keys");

    expect_part(&e, "fallback", "Jane Doe (jdoe) changed feature flag two_keys"
                " in Acme / Rocket", "feature flag");

    common(&e, NGX_SLACK_EVENT_ACCESS_TOKEN);
    set(e.title, "deploy");
    set(e.action, "revoked_access_token");

    expect_part(&e, "fallback", "Access token deploy of Acme / Rocket:"
                " Revoked access token", "access token");

    common(&e, NGX_SLACK_EVENT_JOB);
    set(e.number, "7");
    set(e.action, "canceled");

    expect_part(&e, "fallback", "Job #7 canceled in Acme / Rocket"
                " by Jane Doe (jdoe)", "job");
    expect_part(&e, "color", "warning", "a canceled job is a warning");

    common(&e, NGX_SLACK_EVENT_VULNERABILITY);
    set(e.action, "needs_triage");

    expect_part(&e, "fallback", "Vulnerability needs_triage in Acme / Rocket",
                "vulnerability");
    expect_part(&e, "color", "warning", "of no severity");
}


/* a kind without its row in the table of formatters */

static void
formatters(void)
{
    ngx_str_t          attachment;
    ngx_uint_t         kind, missing;
    ngx_slack_event_t  e;

    missing = 0;

    for (kind = NGX_SLACK_EVENT_UNKNOWN + 1;
         kind < NGX_SLACK_EVENT_MAX;
         kind++)
    {
        common(&e, kind);

        if (ngx_slack_message_attachment(&e, NGX_SLACK_RECEIVER_SLACK,
                                         NGX_SLACK_FORMAT_FULL, pool,
                                         &attachment)
            != NGX_OK)
        {
            printf("# there is no formatter for kind %u\n", (unsigned) kind);
            missing++;
        }
    }

    tap_ok(missing == 0, "each kind has a formatter");
}


int
main(void)
{
    pool = ngx_create_pool(4096, NULL);
    if (pool == NULL) {
        return 2;
    }

    releases();
    others();
    formatters();

    ngx_destroy_pool(pool);

    return tap_done();
}
