
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Feature flags: who turned which flag on or off; its description.  Knows
 * events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_feature_flag_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_feature_flag = {
    ngx_slack_format_feature_flag_sentence,
    ngx_slack_format_quote,
    0
};


static void
ngx_slack_format_feature_flag_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_slack_format_actor(text, event);
    ngx_slack_text_lit(text, " ");

    if (ngx_slack_format_is(&event->action, "on")
        || ngx_slack_format_is(&event->action, "off"))
    {
        ngx_slack_text_lit(text, "turned ");
        ngx_slack_format_str(text, &event->action);

    } else {
        ngx_slack_text_lit(text, "changed");
    }

    ngx_slack_text_lit(text, " feature flag ");
    ngx_slack_text_link(text, &event->url, &event->title,
                        NGX_SLACK_HEADLINE_MAX);
    ngx_slack_format_in_project(text, event);
}
