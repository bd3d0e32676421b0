
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/: the events that a route hears of only if it names them, where
 * what t/ posts does not lead.
 */

/* unit: core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c core/ngx_slack_json_writer.c
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


int
main(void)
{
    pool = ngx_create_pool(4096, NULL);
    if (pool == NULL) {
        return 2;
    }

    releases();

    ngx_destroy_pool(pool);

    return tap_done();
}
