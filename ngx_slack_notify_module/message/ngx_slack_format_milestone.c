
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Milestones: who did what to which milestone; a new one with its description
 * and its due date.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_milestone_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_milestone_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_milestone = {
    ngx_slack_format_milestone_sentence,
    ngx_slack_format_milestone_body,
    0
};


static const ngx_slack_wording_t  ngx_slack_format_milestone_verbs[] = {
    { ngx_string("create"), ngx_string("created") },
    { ngx_string("close"), ngx_string("closed") },
    { ngx_string("reopen"), ngx_string("reopened") },
    { ngx_string("delete"), ngx_string("deleted") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_format_milestone_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_slack_text_lit(text, "Milestone ");

    if (ngx_slack_format_is(&event->action, "delete")) {

        /* it was deleted, so its URL leads nowhere */

        ngx_slack_text_label(text, &event->title, NGX_SLACK_HEADLINE_MAX);

    } else {
        ngx_slack_text_link(text, &event->url, &event->title,
                            NGX_SLACK_HEADLINE_MAX);
    }

    ngx_slack_format_said(text, ngx_slack_format_milestone_verbs, event);
    ngx_slack_format_in_project(text, event);
    ngx_slack_format_by_actor(text, event);
}


static void
ngx_slack_format_milestone_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    if (!ngx_slack_format_is(&event->action, "create")) {
        return;
    }

    ngx_slack_format_color(a, NGX_SLACK_COLOR_NEUTRAL);

    ngx_slack_text_markdown(ngx_slack_format_begin(a, NGX_SLACK_PART_TEXT),
                            &event->text, &event->project_url);
    ngx_slack_format_body(a);

    ngx_slack_format_label_field(a, "Due", &event->until);
    ngx_slack_format_fields_end(a);

    ngx_slack_format_time(a, event);
}
