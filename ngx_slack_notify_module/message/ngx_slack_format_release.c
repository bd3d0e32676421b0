
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Releases: what was released in which project; a new one with its notes, tag
 * and number of assets.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_release_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_release_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_release = {
    ngx_slack_format_release_sentence,
    ngx_slack_format_release_body,
    0
};


static const ngx_slack_wording_t  ngx_slack_format_release_verbs[] = {
    { ngx_string("create"), ngx_string("published") },
    { ngx_string("update"), ngx_string("updated") },
    { ngx_string("delete"), ngx_string("deleted") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_format_release_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_str_t  *type, *title;

    static ngx_str_t  release = ngx_string("Release");

    type = event->type.len ? &event->type : &release;
    title = event->title.len ? &event->title : &event->ref;

    ngx_slack_text_label(text, type, NGX_SLACK_NAME_MAX);

    if (title->len) {
        ngx_slack_text_lit(text, " ");

        if (ngx_slack_format_is(&event->action, "delete")) {

            /* it was deleted, so its URL leads nowhere */

            ngx_slack_text_label(text, title, NGX_SLACK_HEADLINE_MAX);

        } else {
            ngx_slack_text_link(text, &event->url, title,
                                NGX_SLACK_HEADLINE_MAX);
        }
    }

    ngx_slack_format_said(text, ngx_slack_format_release_verbs, event);
    ngx_slack_format_in_project(text, event);
    ngx_slack_format_by_actor(text, event);
}


static void
ngx_slack_format_release_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    if (!ngx_slack_format_is(&event->action, "create")) {
        return;
    }

    ngx_slack_format_color(a, NGX_SLACK_COLOR_GOOD);

    ngx_slack_text_markdown(ngx_slack_format_begin(a, NGX_SLACK_PART_TEXT),
                            &event->text, &event->project_url);
    ngx_slack_format_body(a);

    ngx_slack_format_link_field(a, "Tag", &event->ref_url, &event->ref);
    ngx_slack_format_label_field(a, "Assets", &event->count);

    ngx_slack_format_fields_end(a);

    ngx_slack_format_time(a, event);
}
