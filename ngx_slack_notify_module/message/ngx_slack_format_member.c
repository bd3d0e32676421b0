
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Members of groups and projects: who has which role, and until when.  The
 * member is the event's user; who made the change is not told.  Knows events;
 * runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_member_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_member_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_member = {
    ngx_slack_format_member_sentence,
    ngx_slack_format_member_body,
    0
};


static const ngx_slack_wording_t  ngx_slack_format_member_verbs[] = {
    { ngx_string("add"), ngx_string("was added to") },
    { ngx_string("update"), ngx_string("has a new role or term in") },
    { ngx_string("remove"), ngx_string("was removed from") },
    { ngx_string("request"), ngx_string("asks for access to") },
    { ngx_string("deny"), ngx_string("was denied access to") },
    { ngx_null_string, ngx_string("is a member of") }
};


static void
ngx_slack_format_member_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    const ngx_str_t  *said;

    ngx_slack_format_actor(text, event);
    ngx_slack_text_lit(text, " ");

    said = ngx_slack_format_wording(ngx_slack_format_member_verbs,
                                    ngx_slack_format_status(event));
    ngx_slack_format_str(text, said);

    ngx_slack_text_lit(text, " ");
    ngx_slack_text_label(text, &event->type, NGX_SLACK_NAME_MAX);
    ngx_slack_text_lit(text, " ");
    ngx_slack_format_project(text, event);
}


static void
ngx_slack_format_member_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_slack_format_color(a, NGX_SLACK_COLOR_NEUTRAL);

    if (!ngx_slack_format_is(&event->action, "remove")) {
        ngx_slack_format_word_field(a, "Role", &event->state);
        ngx_slack_format_label_field(a, "Until", &event->until);
        ngx_slack_format_fields_end(a);
    }

    ngx_slack_format_time(a, event);
}
