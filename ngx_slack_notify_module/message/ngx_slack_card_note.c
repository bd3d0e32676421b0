
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Cards of comments.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_card.h>
#include <ngx_slack_card_parts.h>


static void ngx_slack_card_note_state(ngx_slack_text_t *text,
    ngx_slack_event_t *event, ngx_uint_t news);
static void ngx_slack_card_note_object(ngx_slack_text_t *words,
    ngx_slack_event_t *event);
static const char *ngx_slack_card_note_color(ngx_slack_event_t *event);
static void ngx_slack_card_note_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_card_t  ngx_slack_card_note = {
    ngx_slack_card_note_state,
    ngx_slack_card_note_object,
    ngx_slack_card_url,
    ngx_slack_card_note_color,
    ngx_slack_card_note_body
};


static void
ngx_slack_card_note_state(ngx_slack_text_t *text, ngx_slack_event_t *event,
    ngx_uint_t news)
{
    if (ngx_slack_format_is(&event->state, "changes_requested")) {
        ngx_slack_text_lit(text, "Changes requested");
        return;
    }

    if (event->kind == NGX_SLACK_EVENT_CONFIDENTIAL_NOTE) {
        ngx_slack_text_lit(text, "Confidential comment");

    } else {
        ngx_slack_text_lit(text, "Comment");
    }

    if (ngx_slack_format_is(&event->action, "update")) {
        ngx_slack_text_lit(text, " edited");

    } else if (ngx_slack_format_is(&event->action, "delete")) {
        ngx_slack_text_lit(text, " deleted");
    }
}


/* appends "Merge request !7 Title" */

static void
ngx_slack_card_note_object(ngx_slack_text_t *words, ngx_slack_event_t *event)
{
    ngx_slack_card_capital(words, &event->type);

    if (event->target.len) {

        if (words->len) {
            ngx_slack_text_lit(words, " ");
        }

        ngx_slack_text_verbatim(words, &event->target, NGX_SLACK_NAME_MAX);
    }

    ngx_slack_card_title(words, event);
}


static const char *
ngx_slack_card_note_color(ngx_slack_event_t *event)
{
    if (ngx_slack_format_is(&event->state, "changes_requested")) {
        return NGX_SLACK_COLOR_WARNING;
    }

    return NGX_SLACK_COLOR_NEUTRAL;
}


static void
ngx_slack_card_note_body(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    ngx_slack_card_excerpt(a, event);
    ngx_slack_format_body(a);
}
