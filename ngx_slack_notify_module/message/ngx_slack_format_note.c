
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Notes and confidential notes: who commented on what, with the note's text.
 * Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_note_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_note = {
    ngx_slack_format_note_sentence,
    ngx_slack_format_quote,
    0
};


static void
ngx_slack_format_note_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_str_t          title;
    ngx_slack_words_t  words;

    ngx_slack_format_actor(text, event);
    ngx_slack_text_lit(text, " ");

    ngx_slack_format_words(&words);

    if (ngx_slack_format_is(&event->action, "update")) {
        ngx_slack_text_lit(&words.text, "edited a ");

        if (event->kind == NGX_SLACK_EVENT_CONFIDENTIAL_NOTE) {
            ngx_slack_text_lit(&words.text, "confidential ");
        }

        ngx_slack_text_lit(&words.text, "comment");

    } else if (ngx_slack_format_is(&event->state, "changes_requested")) {
        ngx_slack_text_lit(&words.text, "requested changes");

    } else {

        if (event->kind == NGX_SLACK_EVENT_CONFIDENTIAL_NOTE) {
            ngx_slack_text_lit(&words.text, "confidentially ");
        }

        ngx_slack_text_lit(&words.text, "commented");
    }

    if (event->type.len) {
        ngx_slack_text_lit(&words.text, " on ");
        ngx_slack_text_verbatim(&words.text, &event->type,
                                NGX_SLACK_NAME_MAX);

        if (event->target.len) {
            ngx_slack_text_lit(&words.text, " ");
            ngx_slack_text_verbatim(&words.text, &event->target,
                                    NGX_SLACK_NAME_MAX);
        }
    }

    ngx_slack_format_link(text, &event->url, &words);

    ngx_slack_format_in_project(text, event);

    title = ngx_slack_text_first_line(&event->title);

    if (title.len) {
        ngx_slack_text_lit(text, ": ");
        ngx_slack_text_bold(text, &title, NGX_SLACK_HEADLINE_MAX);
    }
}
