
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The envelope: the options that are stored, and the post's body.  Knows
 * Slack's format, not events.  ngx_slack_message_envelope() runs in the
 * event loop, ngx_slack_message_compose() also in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_message.h>
#include <ngx_slack_text.h>
#include <ngx_slack_json_writer.h>


#define NGX_SLACK_COMPOSE_ENVELOPE  512   /* bytes, usually enough */


#define ngx_slack_compose_lit(text, s)                                        \
    ngx_slack_text_append(text, (u_char *) s, sizeof(s) - 1)


ngx_int_t
ngx_slack_message_envelope(ngx_slack_persona_t *persona, ngx_pool_t *pool,
    ngx_str_t *envelope)
{
    u_char     buf[NGX_SLACK_COMPOSE_ENVELOPE];
    ngx_int_t  rc;

    ngx_slack_text_t         text;
    ngx_slack_json_writer_t  json;

    ngx_slack_text_init(&text, NULL, buf, sizeof(buf),
                        NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&json, &text);

    ngx_slack_json_writer_object(&json);

    if (persona->username.len) {
        ngx_slack_json_writer_lit(&json, "username");
        ngx_slack_json_writer_string(&json, persona->username.data,
                                     persona->username.len);
    }

    if (persona->icon_emoji.len) {
        ngx_slack_json_writer_lit(&json, "icon_emoji");
        ngx_slack_json_writer_string(&json, persona->icon_emoji.data,
                                     persona->icon_emoji.len);
    }

    if (persona->icon_url.len) {
        ngx_slack_json_writer_lit(&json, "icon_url");
        ngx_slack_json_writer_string(&json, persona->icon_url.data,
                                     persona->icon_url.len);
    }

    ngx_slack_json_writer_object_end(&json);

    rc = ngx_slack_json_writer_done(&json);

    if (rc == NGX_OK) {
        rc = ngx_slack_text_copy(&text, pool, envelope);
    }

    ngx_slack_text_done(&text);

    return rc;
}


/* also executed in a pool thread */

ngx_int_t
ngx_slack_message_compose(ngx_slack_post_head_t *head, ngx_str_t *attachments,
    ngx_uint_t n, ngx_str_t *message)
{
    size_t      size;
    ngx_int_t   rc;
    ngx_uint_t  i;

    ngx_slack_text_t         text;
    ngx_slack_json_writer_t  json;

    static u_char  open[] = "\"attachments\":[";
    static u_char  tail[] = "],\"unfurl_links\":false,\"unfurl_media\":false}";

    size = head->envelope.len + sizeof("\"channel\":\"\",")
           + 2 * head->channel.len + sizeof("\"text\":\"\",")
           + head->text.len + sizeof("\"client_msg_id\":\"\",")
           + head->client_msg_id.len
           + sizeof("\"thread_ts\":\"\",\"reply_broadcast\":true,")
           + head->thread_ts.len + sizeof(open) + sizeof(tail);

    for (i = 0; i < n; i++) {
        size += attachments[i].len + 1;
    }

    ngx_slack_text_init(&text, NULL, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);

    rc = ngx_slack_text_reserve(&text, size);
    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    /* the envelope is an object; continue it in place of its closing brace */

    if (head->envelope.len > 2) {
        ngx_slack_text_append(&text, head->envelope.data,
                              head->envelope.len - 1);
        ngx_slack_compose_lit(&text, ",");

    } else {
        ngx_slack_compose_lit(&text, "{");
    }

    if (head->channel.len) {
        ngx_slack_compose_lit(&text, "\"channel\":");

        ngx_slack_json_writer_init(&json, &text);
        ngx_slack_json_writer_string(&json, head->channel.data,
                                     head->channel.len);
        rc = ngx_slack_json_writer_done(&json);

        ngx_slack_compose_lit(&text, ",");
    }

    if (head->text.len) {
        ngx_slack_compose_lit(&text, "\"text\":\"");
        ngx_slack_text_append(&text, head->text.data, head->text.len);
        ngx_slack_compose_lit(&text, "\",");
    }

    if (head->client_msg_id.len) {
        ngx_slack_compose_lit(&text, "\"client_msg_id\":\"");
        ngx_slack_text_append(&text, head->client_msg_id.data,
                              head->client_msg_id.len);
        ngx_slack_compose_lit(&text, "\",");
    }

    if (head->thread_ts.len) {
        ngx_slack_compose_lit(&text, "\"thread_ts\":\"");
        ngx_slack_text_append(&text, head->thread_ts.data,
                              head->thread_ts.len);
        ngx_slack_compose_lit(&text, "\",");

        if (head->broadcast) {
            ngx_slack_compose_lit(&text, "\"reply_broadcast\":true,");
        }
    }

    ngx_slack_text_append(&text, open, sizeof(open) - 1);

    for (i = 0; i < n; i++) {

        if (i) {
            ngx_slack_compose_lit(&text, ",");
        }

        ngx_slack_text_append(&text, attachments[i].data, attachments[i].len);
    }

    ngx_slack_text_append(&text, tail, sizeof(tail) - 1);

    if (rc != NGX_OK || text.failed) {
        ngx_slack_text_done(&text);
        return NGX_ERROR;
    }

    message->data = text.start;
    message->len = text.len;

    return NGX_OK;
}


/*
 * What a change leaves out keeps its old value or falls back to a default, so
 * all parts are sent: "text" is empty, and names are not looked for.
 */

/* also executed in a pool thread */

ngx_int_t
ngx_slack_message_compose_change(ngx_str_t *channel, ngx_str_t *ts,
    ngx_str_t *attachment, ngx_str_t *message)
{
    ngx_slack_text_t  text;

    ngx_slack_text_init(&text, NULL, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);

    if (ngx_slack_text_reserve(&text, channel->len + ts->len + attachment->len
                                      + NGX_SLACK_COMPOSE_ENVELOPE)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_slack_compose_lit(&text, "{\"channel\":\"");
    ngx_slack_text_append(&text, channel->data, channel->len);
    ngx_slack_compose_lit(&text, "\",\"ts\":\"");
    ngx_slack_text_append(&text, ts->data, ts->len);
    ngx_slack_compose_lit(&text, "\",\"text\":\"\",\"parse\":\"none\","
                                 "\"attachments\":[");
    ngx_slack_text_append(&text, attachment->data, attachment->len);
    ngx_slack_compose_lit(&text, "]}");

    if (text.failed) {
        ngx_slack_text_done(&text);
        return NGX_ERROR;
    }

    message->data = text.start;
    message->len = text.len;

    return NGX_OK;
}
