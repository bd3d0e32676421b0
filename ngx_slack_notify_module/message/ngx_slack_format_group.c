
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Subgroups and projects: which one was created, removed or renamed.  Knows
 * events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_group_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_group_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_group = {
    ngx_slack_format_group_sentence,
    ngx_slack_format_group_body,
    0
};


static const ngx_slack_wording_t  ngx_slack_format_group_verbs[] = {
    { ngx_string("create"), ngx_string("created") },
    { ngx_string("delete"), ngx_string("deleted") },
    { ngx_string("rename"), ngx_string("renamed") },
    { ngx_string("transfer"), ngx_string("transferred") },
    { ngx_string("update"), ngx_string("updated") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_format_group_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_str_t  *path;

    if (event->kind == NGX_SLACK_EVENT_SUBGROUP) {
        ngx_slack_text_lit(text, "Subgroup ");

    } else {
        ngx_slack_text_lit(text, "Project ");
    }

    path = event->project.len ? &event->project : &event->title;

    ngx_slack_text_label(text, path, NGX_SLACK_HEADLINE_MAX);
    ngx_slack_format_said(text, ngx_slack_format_group_verbs, event);

    if (event->target.len) {
        ngx_slack_text_lit(text, ", formerly ");
        ngx_slack_text_label(text, &event->target, NGX_SLACK_HEADLINE_MAX);
    }
}


static void
ngx_slack_format_group_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_slack_format_color(a, NGX_SLACK_COLOR_NEUTRAL);

    ngx_slack_format_label_field(a, "Name", &event->title);
    ngx_slack_format_word_field(a, "Visibility", &event->state);
    ngx_slack_format_label_field(a, "Owner", &event->user_name);
    ngx_slack_format_fields_end(a);

    ngx_slack_format_time(a, event);
}
