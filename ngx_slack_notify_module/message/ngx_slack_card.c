
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The frame of all cards: who, title with state and link, then what the kind
 * of events has to show, then project and time, which Slack shows as the
 * reader's local time.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_card.h>
#include <ngx_slack_card_kinds.h>
#include <ngx_slack_card_parts.h>


void
ngx_slack_card(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    size_t                   state, mark;
    ngx_slack_text_t        *text;
    ngx_slack_words_t        words;
    const ngx_slack_card_t  *card;

    card = ngx_slack_card_of(event);

    ngx_slack_format_color(a, card->color(event));

    if (event->user.len || event->user_name.len) {
        ngx_slack_format_actor(ngx_slack_format_begin(a,
                                                     NGX_SLACK_PART_AUTHOR),
                               event);
        ngx_slack_format_value(a, "author_name");

        ngx_slack_format_url(a, "author_icon", &event->user_avatar);
        ngx_slack_format_url(a, "author_link", &event->user_url);
    }

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_TITLE);

    card->state(text, event, 0);

    ngx_slack_format_words(&words);
    card->object(&words.text, event);

    state = text->len;

    if (state) {
        ngx_slack_text_lit(text, " · ");
    }

    mark = text->len;

    ngx_slack_format_link(text, NULL, &words);

    if (text->len == mark) {
        ngx_slack_text_rollback(text, state);
    }

    if (text->len == 0) {

        /* the sender told nothing that can be seen */

        ngx_slack_card_kind_name(text, event);
    }

    ngx_slack_format_value(a, "title");
    ngx_slack_format_url(a, "title_link", card->url(event));

    card->body(a, event);

    ngx_slack_format_fields_end(a);

    ngx_slack_format_footer(a, event);
}
