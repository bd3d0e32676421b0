
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Access tokens: which token expires when.  Knows events; runs in the
 * event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_access_token_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_access_token_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_access_token = {
    ngx_slack_format_access_token_sentence,
    ngx_slack_format_access_token_body,
    0
};


static void
ngx_slack_format_access_token_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_slack_text_lit(text, "Access token ");
    ngx_slack_text_link(text, &event->url, &event->title,
                        NGX_SLACK_HEADLINE_MAX);

    if (event->project_name.len || event->project.len) {
        ngx_slack_text_lit(text, " of ");
        ngx_slack_format_project(text, event);
    }

    if (ngx_slack_format_is(&event->action, "expiring")) {
        ngx_slack_text_lit(text, " expires");

        if (event->until.len) {
            ngx_slack_text_lit(text, " on ");
            ngx_slack_text_label(text, &event->until, NGX_SLACK_NAME_MAX);
        }

        return;
    }

    if (event->action.len) {
        ngx_slack_text_lit(text, ": ");
        ngx_slack_format_humanise(text, &event->action);
    }
}


static void
ngx_slack_format_access_token_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_slack_format_color(a, NGX_SLACK_COLOR_WARNING);
}
