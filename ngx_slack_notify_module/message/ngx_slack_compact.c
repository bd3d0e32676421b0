
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * An event in one line: state, object, who, and project.  Each part has its
 * place: a long title is cut so that the others are still there, and the link
 * gives way last.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_cc.h>
#include <ngx_slack_compact.h>
#include <ngx_slack_card_kinds.h>
#include <ngx_slack_card_parts.h>


#define NGX_SLACK_COMPACT_WHO      40     /* code points */
#define NGX_SLACK_COMPACT_PROJECT  60
#define NGX_SLACK_COMPACT_LABEL    200    /* of the object, at most */
#define NGX_SLACK_COMPACT_LINKED   20     /* at least, to be a link */
#define NGX_SLACK_COMPACT_LEAST    4
#define NGX_SLACK_COMPACT_CC       200    /* of all people it names */
#define NGX_SLACK_COMPACT_NAME     16     /* of each of them */

/* bytes of who and project when each character is escaped */
#define NGX_SLACK_COMPACT_TAIL     1024


static void ngx_slack_compact_object(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label);
static void ngx_slack_compact_tail(ngx_slack_text_t *tail,
    ngx_slack_event_t *event);
static void ngx_slack_compact_append(ngx_slack_text_t *tail,
    ngx_str_t *value, size_t max);


void
ngx_slack_compact(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    ngx_slack_compact_line(a, event, NGX_SLACK_PART_FALLBACK, 1);
    ngx_slack_format_value(a, "fallback");

    /* the fallback is not shown and does not count */

    a->sum = 0;

    ngx_slack_format_color(a, ngx_slack_card_of(event)->color(event));

    ngx_slack_compact_line(a, event, NGX_SLACK_PART_TEXT, 0);
    ngx_slack_format_body(a);
}


void
ngx_slack_compact_line(ngx_slack_attachment_t *a, ngx_slack_event_t *event,
    ngx_slack_part_e part, ngx_uint_t plain)
{
    u_char                   buf[NGX_SLACK_COMPACT_TAIL];
    size_t                   limit, reserve;
    ngx_str_t                label;
    ngx_slack_text_t         tail, cc, *text;
    ngx_slack_words_t        words;
    const ngx_slack_card_t  *card;

    card = ngx_slack_card_of(event);

    limit = ngx_min(a->receiver->parts[part], NGX_SLACK_COMPACT_MAX);

    ngx_slack_text_init(&cc, NULL, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);

    if (a->cc && !plain) {
        limit -= ngx_slack_cc_append(&cc, a->cc, " · cc ",
                                     NGX_SLACK_COMPACT_NAME,
                                     NGX_SLACK_COMPACT_CC);
    }

    text = &a->text;
    ngx_slack_text_reset(text, limit >> a->shift);
    text->plain = plain ? 1 : 0;

    ngx_slack_text_init(&tail, NULL, buf, sizeof(buf),
                        NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_text_receiver(&tail, a->receiver);
    ngx_slack_compact_tail(&tail, event);

    /* if limits are halved, there is not room for all of it */

    reserve = ngx_min(ngx_slack_text_chars(&tail), text->limit / 2);
    text->limit -= reserve;

    card->state(text, event, 1);

    ngx_slack_format_words(&words);
    card->object(&words.text, event);

    label.data = words.text.start;
    label.len = words.text.len;

    ngx_slack_compact_object(text, card->url(event), &label);

    text->limit += reserve;

    if (text->len + tail.len == 0) {

        /* the sender told nothing that can be seen */

        ngx_slack_card_kind_name(text, event);
    }

    if (tail.len && !text->full) {

        /* of a line without state and object, all but the separator */

        if (text->len) {
            ngx_slack_text_raw(text, tail.start, tail.len);

        } else {
            ngx_slack_text_raw(text, tail.start + sizeof(" · ") - 1,
                               tail.len - (sizeof(" · ") - 1));
        }
    }

    ngx_slack_text_append(text, cc.start, cc.len);

    text->plain = 0;

    if (tail.failed || words.text.failed || cc.failed) {
        text->failed = 1;
        text->full = 1;
    }

    ngx_slack_text_done(&cc);
    ngx_slack_text_done(&words.text);
    ngx_slack_text_done(&tail);
}


/*
 * Appends the object after a separator.  Cuts its label until it fits; it is
 * no link only if it cannot be one.
 */

static void
ngx_slack_compact_object(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label)
{
    size_t  begin, mark, max;

    if (label->len == 0) {
        return;
    }

    begin = text->len;

    if (begin) {
        ngx_slack_text_lit(text, " · ");
    }

    mark = text->len;

    if (url->len && !text->plain) {

        for (max = NGX_SLACK_COMPACT_LABEL;
             max >= NGX_SLACK_COMPACT_LINKED;
             max -= max / 4)
        {
            ngx_slack_text_link(text, url, label, max);

            if (text->failed
                || (!text->full && text->len > mark
                    && text->start[mark] == '<'))
            {
                return;
            }

            ngx_slack_text_rollback(text, mark);
        }
    }

    for (max = NGX_SLACK_COMPACT_LABEL;
         max >= NGX_SLACK_COMPACT_LEAST;
         max -= (max + 3) / 4)
    {
        ngx_slack_text_label(text, label, max);

        if (text->failed || (!text->full && text->len > mark)) {
            return;
        }

        ngx_slack_text_rollback(text, mark);
    }

    ngx_slack_text_rollback(text, begin);
}


/* appends " · Jane Doe · Acme / Rocket" */

static void
ngx_slack_compact_tail(ngx_slack_text_t *tail, ngx_slack_event_t *event)
{
    ngx_str_t  who, *project;

    who = ngx_slack_text_first_line(&event->user_name);

    if (who.len == 0) {
        who = ngx_slack_text_first_line(&event->user);
    }

    ngx_slack_compact_append(tail, &who, NGX_SLACK_COMPACT_WHO);

    project = event->project_name.len ? &event->project_name
                                      : &event->project;

    ngx_slack_compact_append(tail, project, NGX_SLACK_COMPACT_PROJECT);
}


/* appends a value after a separator, unless nothing of it can be seen */

static void
ngx_slack_compact_append(ngx_slack_text_t *tail, ngx_str_t *value, size_t max)
{
    size_t  begin, mark;

    begin = tail->len;

    ngx_slack_text_lit(tail, " · ");

    mark = tail->len;

    ngx_slack_text_label(tail, value, max);

    if (tail->len == mark) {
        ngx_slack_text_rollback(tail, begin);
    }
}
