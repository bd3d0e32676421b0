
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/: envelopes, and messages made of them.
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


static void
composed(ngx_str_t *envelope, const char *channel, ngx_str_t *attachments,
    ngx_uint_t n, const char *expected, const char *name)
{
    ngx_str_t              message;
    ngx_slack_post_head_t  head;

    ngx_memzero(&head, sizeof(ngx_slack_post_head_t));

    head.envelope = *envelope;
    head.channel.data = (u_char *) channel;
    head.channel.len = strlen(channel);

    if (ngx_slack_message_compose(&head, attachments, n, &message)
        != NGX_OK)
    {
        tap_ok(0, name);
        return;
    }

    tap_is(message.data, message.len, expected, name);
    free(message.data);
}


static void
envelopes(void)
{
    ngx_str_t            envelope, attachments[2];
    ngx_slack_persona_t  persona;

    ngx_memzero(&persona, sizeof(ngx_slack_persona_t));
    set(attachments[0], "{\"text\":\"a\"}");
    set(attachments[1], "{\"text\":\"b\"}");

    if (ngx_slack_message_envelope(&persona, pool, &envelope) != NGX_OK) {
        tap_ok(0, "no envelope");
        return;
    }

    tap_is(envelope.data, envelope.len, "{}", "empty envelope");

    composed(&envelope, "", attachments, 1,
        "{\"attachments\":[{\"text\":\"a\"}],"
        "\"unfurl_links\":false,\"unfurl_media\":false}", "one attachment");

    set(persona.username, "Git\"Lab");
    set(persona.icon_url, "https://x.test/a.png");

    if (ngx_slack_message_envelope(&persona, pool, &envelope) != NGX_OK) {
        tap_ok(0, "no envelope");
        return;
    }

    tap_is(envelope.data, envelope.len,
           "{\"username\":\"Git\\\"Lab\",\"icon_url\":\"https://x.test/a.png"
           "\"}", "envelope");

    ngx_str_null(&persona.icon_url);
    set(persona.icon_emoji, ":fox:");

    (void) ngx_slack_message_envelope(&persona, pool, &envelope);

    composed(&envelope, "#d\"ev", attachments, 2,
        "{\"username\":\"Git\\\"Lab\",\"icon_emoji\":\":fox:\","
        "\"channel\":\"#d\\\"ev\","
        "\"attachments\":[{\"text\":\"a\"},{\"text\":\"b\"}],"
        "\"unfurl_links\":false,\"unfurl_media\":false}", "message");

    ngx_str_null(&envelope);

    composed(&envelope, "dev", attachments, 0,
        "{\"channel\":\"dev\",\"attachments\":[],"
        "\"unfurl_links\":false,\"unfurl_media\":false}", "no envelope");
}


int
main(void)
{
    pool = ngx_create_pool(4096, NULL);
    if (pool == NULL) {
        return 2;
    }

    envelopes();

    ngx_destroy_pool(pool);

    return tap_done();
}
