
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Emoji: who reacted to what.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_emoji_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_emoji = {
    ngx_slack_format_emoji_sentence,
    NULL,
    0
};


static void
ngx_slack_format_emoji_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_str_t          title;
    ngx_slack_words_t  words;

    ngx_slack_format_actor(text, event);

    if (ngx_slack_format_is(&event->action, "revoke")) {
        ngx_slack_text_lit(text, " took back :");

    } else {
        ngx_slack_text_lit(text, " reacted with :");
    }

    ngx_slack_text_label(text, &event->name, NGX_SLACK_NAME_MAX);

    if (ngx_slack_format_is(&event->action, "revoke")) {
        ngx_slack_text_lit(text, ": from ");

    } else {
        ngx_slack_text_lit(text, ": to ");
    }

    ngx_slack_format_words(&words);

    if (ngx_slack_format_is(&event->state, "comment")) {
        ngx_slack_text_lit(&words.text, "a comment");

        if (event->type.len) {
            ngx_slack_text_lit(&words.text, " on ");
        }
    }

    ngx_slack_text_verbatim(&words.text, &event->type, NGX_SLACK_NAME_MAX);

    if (event->target.len) {
        ngx_slack_text_lit(&words.text, " ");
        ngx_slack_text_verbatim(&words.text, &event->target,
                                NGX_SLACK_NAME_MAX);
    }

    if (words.text.len == 0) {
        ngx_slack_text_lit(&words.text, "something");
    }

    ngx_slack_format_link(text, &event->url, &words);
    ngx_slack_format_in_project(text, event);

    title = ngx_slack_text_first_line(&event->title);

    if (title.len) {
        ngx_slack_text_lit(text, ": ");
        ngx_slack_text_bold(text, &title, NGX_SLACK_HEADLINE_MAX);
    }
}
