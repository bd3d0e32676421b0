
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The message of a test, which shows an operator whether messages arrive.
 * Runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_message.h>
#include <ngx_slack_text.h>
#include <ngx_slack_json_writer.h>


#define NGX_SLACK_MESSAGE_TEST   512         /* bytes, enough for it */
#define NGX_SLACK_MESSAGE_NAME   100         /* code points of a name */


static void ngx_slack_message_test_text(ngx_slack_text_t *text,
    ngx_str_t *workspace, ngx_str_t *channel, ngx_str_t *host,
    const char *elsewhere);


ngx_int_t
ngx_slack_message_test(ngx_uint_t receiver, ngx_str_t *workspace,
    ngx_str_t *channel, ngx_str_t *host, const char *elsewhere,
    ngx_pool_t *pool,
    ngx_str_t *attachment)
{
    u_char     value[NGX_SLACK_MESSAGE_TEST], buf[2 * NGX_SLACK_MESSAGE_TEST];
    ngx_int_t  rc;

    ngx_slack_text_t         text, json;
    ngx_slack_json_writer_t  w;

    ngx_slack_text_init(&text, NULL, value, sizeof(value),
                        NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_text_init(&json, NULL, buf, sizeof(buf),
                        NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_text_receiver(&text, &ngx_slack_receivers[receiver]);
    ngx_slack_json_writer_init(&w, &json);

    ngx_slack_json_writer_object(&w);

    text.plain = 1;
    ngx_slack_message_test_text(&text, workspace, channel, host, elsewhere);

    ngx_slack_json_writer_lit(&w, "fallback");
    ngx_slack_json_writer_string(&w, text.start, text.len);

    ngx_slack_text_reset(&text, NGX_SLACK_TEXT_NO_LIMIT);
    text.plain = 0;
    ngx_slack_message_test_text(&text, workspace, channel, host, elsewhere);

    ngx_slack_json_writer_lit(&w, "text");
    ngx_slack_json_writer_string(&w, text.start, text.len);

    ngx_slack_json_writer_lit(&w, "mrkdwn_in");
    ngx_slack_json_writer_array(&w);
    ngx_slack_json_writer_lit(&w, "text");
    ngx_slack_json_writer_array_end(&w);

    ngx_slack_json_writer_object_end(&w);

    rc = NGX_ERROR;

    if (ngx_slack_json_writer_done(&w) == NGX_OK && !text.failed) {
        rc = ngx_slack_text_copy(&json, pool, attachment);
    }

    ngx_slack_text_done(&text);
    ngx_slack_text_done(&json);

    return rc;
}


static void
ngx_slack_message_test_text(ngx_slack_text_t *text, ngx_str_t *workspace,
    ngx_str_t *channel, ngx_str_t *host, const char *elsewhere)
{
    ngx_slack_text_lit(text, "Test: nginx on ");
    ngx_slack_text_label(text, host, NGX_SLACK_MESSAGE_NAME);
    ngx_slack_text_lit(text, " posts this to ");

    if (channel->len) {
        ngx_slack_text_bold(text, channel, NGX_SLACK_MESSAGE_NAME);

    } else {
        ngx_slack_text_lit(text, "the channel of the webhook");
    }

    ngx_slack_text_lit(text, " of the workspace ");
    ngx_slack_text_bold(text, workspace, NGX_SLACK_MESSAGE_NAME);
    ngx_slack_text_lit(text, ".");

    if (elsewhere) {
        ngx_slack_text_lit(text, " ");
        ngx_slack_text_raw(text, (u_char *) elsewhere, ngx_strlen(elsewhere));
    }
}
