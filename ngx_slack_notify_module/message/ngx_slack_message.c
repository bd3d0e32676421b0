
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The attachment of an event.  Knows the formatter of each kind of event and
 * what all attachments have in common; runs in the event loop.
 *
 * Short keys come first, so that a truncated log line still shows the
 * fallback.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_message.h>
#include <ngx_slack_format.h>
#include <ngx_slack_card.h>
#include <ngx_slack_card_kinds.h>
#include <ngx_slack_compact.h>


/*
 * If limits are halved this often, an attachment of four-byte characters and
 * the longest URLs only is still below NGX_SLACK_ATTACHMENT_MAX, and any is
 * below the sum that a receiver allows.
 */

#define NGX_SLACK_MESSAGE_SHIFTS  4

#define NGX_SLACK_MESSAGE_VALUE   2048   /* bytes, usually enough */
#define NGX_SLACK_MESSAGE_JSON    4096


static void ngx_slack_message_write(ngx_slack_attachment_t *a,
    const ngx_slack_formatter_t *formatter, ngx_slack_event_t *event,
    ngx_uint_t format, ngx_slack_own_t *own);
static ngx_int_t ngx_slack_message_template(ngx_slack_attachment_t *a,
    const ngx_slack_formatter_t *formatter, ngx_slack_event_t *event,
    ngx_slack_own_t *own);
static void ngx_slack_message_fallback(ngx_slack_attachment_t *a,
    const ngx_slack_formatter_t *formatter, ngx_slack_event_t *event);
static void ngx_slack_message_full(ngx_slack_attachment_t *a,
    const ngx_slack_formatter_t *formatter, ngx_slack_event_t *event,
    ngx_slack_own_t *own);
static void ngx_slack_message_above(ngx_slack_attachment_t *a,
    ngx_slack_own_t *own, ngx_array_t *cc);
static void ngx_slack_message_cc(ngx_slack_attachment_t *a, ngx_array_t *cc);
static void ngx_slack_message_mention(ngx_slack_attachment_t *a,
    ngx_slack_own_t *own);
static void ngx_slack_message_mrkdwn_in(ngx_slack_attachment_t *a);


static const ngx_slack_formatter_t
    *ngx_slack_message_formatters[NGX_SLACK_EVENT_MAX] = {
        [NGX_SLACK_EVENT_PUSH] = &ngx_slack_format_push,
        [NGX_SLACK_EVENT_TAG_PUSH] = &ngx_slack_format_push,
        [NGX_SLACK_EVENT_ISSUE] = &ngx_slack_format_issue,
        [NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE] = &ngx_slack_format_issue,
        [NGX_SLACK_EVENT_MERGE_REQUEST] = &ngx_slack_format_merge_request,
        [NGX_SLACK_EVENT_NOTE] = &ngx_slack_format_note,
        [NGX_SLACK_EVENT_CONFIDENTIAL_NOTE] = &ngx_slack_format_note,
        [NGX_SLACK_EVENT_PIPELINE] = &ngx_slack_format_pipeline,
        [NGX_SLACK_EVENT_WIKI_PAGE] = &ngx_slack_format_wiki_page,
        [NGX_SLACK_EVENT_DEPLOYMENT] = &ngx_slack_format_deployment,
        [NGX_SLACK_EVENT_ALERT] = &ngx_slack_format_alert,
        [NGX_SLACK_EVENT_RELEASE] = &ngx_slack_format_release,
        [NGX_SLACK_EVENT_JOB] = &ngx_slack_format_job,
        [NGX_SLACK_EVENT_MILESTONE] = &ngx_slack_format_milestone,
        [NGX_SLACK_EVENT_FEATURE_FLAG] = &ngx_slack_format_feature_flag,
        [NGX_SLACK_EVENT_EMOJI] = &ngx_slack_format_emoji,
        [NGX_SLACK_EVENT_MEMBER] = &ngx_slack_format_member,
        [NGX_SLACK_EVENT_SUBGROUP] = &ngx_slack_format_group,
        [NGX_SLACK_EVENT_PROJECT] = &ngx_slack_format_group,
        [NGX_SLACK_EVENT_VULNERABILITY] = &ngx_slack_format_vulnerability,
        [NGX_SLACK_EVENT_ACCESS_TOKEN] = &ngx_slack_format_access_token
    };


const ngx_str_t  ngx_slack_message_formats[NGX_SLACK_FORMAT_MAX] = {
    [NGX_SLACK_FORMAT_FULL] = ngx_string("full"),
    [NGX_SLACK_FORMAT_COMPACT] = ngx_string("compact"),
    [NGX_SLACK_FORMAT_CARD] = ngx_string("card")
};


ngx_int_t
ngx_slack_message_attachment(ngx_slack_event_t *event, ngx_uint_t receiver,
    ngx_uint_t format, ngx_pool_t *pool, ngx_str_t *attachment)
{
    ngx_slack_own_t  own;

    ngx_memzero(&own, sizeof(ngx_slack_own_t));

    return ngx_slack_message_own(event, receiver, format, &own, pool,
                                 attachment);
}


ngx_int_t
ngx_slack_message_own(ngx_slack_event_t *event, ngx_uint_t receiver,
    ngx_uint_t format, ngx_slack_own_t *own, ngx_pool_t *pool,
    ngx_str_t *attachment)
{
    u_char     value[NGX_SLACK_MESSAGE_VALUE];
    u_char     buf[NGX_SLACK_MESSAGE_JSON];
    ngx_int_t  rc;

    ngx_slack_text_t              json;
    ngx_slack_attachment_t        a;
    const ngx_slack_formatter_t  *formatter;

    if (event->kind >= NGX_SLACK_EVENT_MAX) {
        return NGX_DECLINED;
    }

    formatter = ngx_slack_message_formatters[event->kind];

    if (formatter == NULL) {
        return NGX_DECLINED;
    }

    /* buffers grow by malloc(), so that the pool gets only the result */

    ngx_slack_text_init(&json, NULL, buf, sizeof(buf),
                        NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_text_init(&a.text, NULL, value, sizeof(value),
                        NGX_SLACK_TEXT_NO_LIMIT);

    a.cc = own->cc;
    a.receiver = &ngx_slack_receivers[receiver];
    ngx_slack_text_receiver(&a.text, a.receiver);

    rc = NGX_ERROR;

    for (a.shift = 0; a.shift < NGX_SLACK_MESSAGE_SHIFTS; a.shift++) {

        ngx_slack_text_reset(&json, NGX_SLACK_TEXT_NO_LIMIT);
        ngx_slack_json_writer_init(&a.json, &json);

        ngx_slack_message_write(&a, formatter, event, format, own);

        if (ngx_slack_json_writer_done(&a.json) != NGX_OK || a.text.failed) {
            break;
        }

        if (json.len <= NGX_SLACK_ATTACHMENT_MAX
            && a.sum <= a.receiver->sum)
        {
            rc = ngx_slack_text_copy(&json, pool, attachment);
            break;
        }
    }

    ngx_slack_text_done(&a.text);
    ngx_slack_text_done(&json);

    return rc;
}


static void
ngx_slack_message_write(ngx_slack_attachment_t *a,
    const ngx_slack_formatter_t *formatter, ngx_slack_event_t *event,
    ngx_uint_t format, ngx_slack_own_t *own)
{
    a->pretext = 0;
    a->body = 0;
    a->fields = 0;
    a->sum = 0;

    ngx_slack_json_writer_object(&a->json);

    if (own->template
        && ngx_slack_message_template(a, formatter, event, own) == NGX_OK)
    {
        ngx_slack_message_above(a, own, a->cc);

    } else if (format == NGX_SLACK_FORMAT_COMPACT) {
        ngx_slack_compact(a, event);
        ngx_slack_message_above(a, own, NULL);

    } else {
        ngx_slack_message_fallback(a, formatter, event);

        if (format == NGX_SLACK_FORMAT_CARD) {
            ngx_slack_message_above(a, own, a->cc);
            ngx_slack_card(a, event);

        } else {
            ngx_slack_message_full(a, formatter, event, own);
        }
    }

    ngx_slack_message_mrkdwn_in(a);

    ngx_slack_json_writer_object_end(&a->json);
}


/* NGX_DECLINED: nothing can be seen of it, and nothing was written. */

static ngx_int_t
ngx_slack_message_template(ngx_slack_attachment_t *a,
    const ngx_slack_formatter_t *formatter, ngx_slack_event_t *event,
    ngx_slack_own_t *own)
{
    size_t             limit;
    ngx_slack_text_t  *text;

    text = &a->text;
    limit = ngx_min(a->receiver->parts[NGX_SLACK_PART_TEXT],
                    NGX_SLACK_TEMPLATE_MAX) >> a->shift;

    ngx_slack_format_begin(a, NGX_SLACK_PART_FALLBACK)->plain = 1;
    ngx_slack_template_write(text, own->template, own->values);

    if (ngx_slack_template_blank(text)) {

        /* mentions are not in the fallback, and may be all there is */

        ngx_slack_text_reset(text, limit);
        text->plain = 0;
        ngx_slack_template_write(text, own->template, own->values);

        if (ngx_slack_template_blank(text)) {
            return NGX_DECLINED;
        }

        ngx_slack_format_begin(a, NGX_SLACK_PART_FALLBACK)->plain = 1;
        formatter->sentence(text, event);
    }

    ngx_slack_format_value(a, "fallback");
    text->plain = 0;

    /* the fallback is not shown and does not count */

    a->sum = 0;

    ngx_slack_format_color(a, ngx_slack_card_of(event)->color(event));

    ngx_slack_text_reset(text, limit);
    ngx_slack_template_write(text, own->template, own->values);
    ngx_slack_format_body(a);

    return NGX_OK;
}


/* It is not shown and does not count. */

static void
ngx_slack_message_fallback(ngx_slack_attachment_t *a,
    const ngx_slack_formatter_t *formatter, ngx_slack_event_t *event)
{
    ngx_slack_format_begin(a, NGX_SLACK_PART_FALLBACK)->plain = 1;
    formatter->sentence(&a->text, event);
    ngx_slack_format_value(a, "fallback");
    a->text.plain = 0;

    a->sum = 0;
}


static void
ngx_slack_message_full(ngx_slack_attachment_t *a,
    const ngx_slack_formatter_t *formatter, ngx_slack_event_t *event,
    ngx_slack_own_t *own)
{
    if (!formatter->no_pretext) {

        if (own->mention) {
            ngx_slack_message_mention(a, own);

            if (a->text.len) {
                ngx_slack_text_lit(&a->text, " ");
            }

        } else {
            ngx_slack_format_begin(a, NGX_SLACK_PART_PRETEXT);
        }

        formatter->sentence(&a->text, event);

        ngx_slack_message_cc(a, a->cc);
        ngx_slack_format_value(a, "pretext");
        a->pretext = 1;

    } else {
        ngx_slack_message_above(a, own, a->cc);
    }

    if (formatter->body) {
        formatter->body(a, event);
    }
}


/* what stands above an attachment that has no sentence there */

static void
ngx_slack_message_above(ngx_slack_attachment_t *a, ngx_slack_own_t *own,
    ngx_array_t *cc)
{
    if (own->mention) {
        ngx_slack_message_mention(a, own);

    } else if (cc) {
        (void) ngx_slack_format_begin(a, NGX_SLACK_PART_PRETEXT);

    } else {
        return;
    }

    ngx_slack_message_cc(a, cc);

    if (a->text.len) {
        ngx_slack_format_value(a, "pretext");
        a->pretext = 1;
    }
}


/* whom it names, behind what is there */

static void
ngx_slack_message_cc(ngx_slack_attachment_t *a, ngx_array_t *cc)
{
    if (cc) {
        (void) ngx_slack_cc_append(&a->text, cc,
                                   a->text.len ? "\ncc " : "cc ",
                                   NGX_SLACK_NAME_MAX, NGX_MAX_SIZE_T_VALUE);
    }
}


/* Begins the pretext with the mention, or with nothing if it is blank. */

static void
ngx_slack_message_mention(ngx_slack_attachment_t *a, ngx_slack_own_t *own)
{
    size_t             limit, max;
    ngx_slack_text_t  *text;

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_PRETEXT);

    limit = text->limit;
    max = NGX_SLACK_MESSAGE_MENTION >> a->shift;

    text->limit = ngx_min(limit, max - 1);

    ngx_slack_template_write(text, own->mention, own->mention_values);

    text->limit = limit;
    text->full = text->failed;

    if (ngx_slack_template_blank(text)) {
        ngx_slack_text_rollback(text, 0);
    }
}


static void
ngx_slack_message_mrkdwn_in(ngx_slack_attachment_t *a)
{
    if (!a->pretext && !a->body && !a->fields) {
        return;
    }

    ngx_slack_json_writer_lit(&a->json, "mrkdwn_in");
    ngx_slack_json_writer_array(&a->json);

    if (a->pretext) {
        ngx_slack_json_writer_lit(&a->json, "pretext");
    }

    if (a->body) {
        ngx_slack_json_writer_lit(&a->json, "text");
    }

    if (a->fields) {
        ngx_slack_json_writer_lit(&a->json, "fields");
    }

    ngx_slack_json_writer_array_end(&a->json);
}
