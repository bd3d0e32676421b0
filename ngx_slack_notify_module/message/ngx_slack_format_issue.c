
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Issues, confidential issues, incidents and other work items: who did what to
 * which of them; a new one with its description.  Knows events; runs in the
 * event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_issue_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_issue_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_format_issue_type(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_issue = {
    ngx_slack_format_issue_sentence,
    ngx_slack_format_issue_body,
    0
};


static const ngx_slack_wording_t  ngx_slack_format_issue_verbs[] = {
    { ngx_string("open"), ngx_string("opened") },
    { ngx_string("close"), ngx_string("closed") },
    { ngx_string("reopen"), ngx_string("reopened") },
    { ngx_string("update"), ngx_string("updated") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_format_issue_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    if (event->project_name.len || event->project.len) {
        ngx_slack_text_lit(text, "[");
        ngx_slack_format_project(text, event);
        ngx_slack_text_lit(text, "] ");
    }

    ngx_slack_format_issue_type(text, event);
    ngx_slack_format_object(text, event, '#');

    ngx_slack_format_said(text, ngx_slack_format_issue_verbs, event);

    ngx_slack_text_lit(text, " by ");
    ngx_slack_format_actor(text, event);

    ngx_slack_format_edits(text, event);
}


static void
ngx_slack_format_issue_type(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    u_char             *p;
    ngx_str_t          *type;
    ngx_slack_words_t   words;

    static ngx_str_t  issue = ngx_string("Issue");

    type = event->type.len ? &event->type : &issue;

    if (event->kind != NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE) {
        ngx_slack_text_label(text, type, NGX_SLACK_NAME_MAX);
        return;
    }

    ngx_slack_text_lit(text, "Confidential ");

    ngx_slack_format_words(&words);
    ngx_slack_text_verbatim(&words.text, type, NGX_SLACK_NAME_MAX);

    p = words.text.start;

    /* keep an abbreviation such as OKR */

    if (words.text.len > 1 && (p[1] < 'A' || p[1] > 'Z')) {
        p[0] = (u_char) ngx_tolower(p[0]);
    }

    ngx_slack_format_link(text, NULL, &words);
}


static void
ngx_slack_format_issue_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    if (!ngx_slack_format_is(&event->action, "open")) {
        return;
    }

    ngx_slack_format_color(a, NGX_SLACK_COLOR_ATTENTION);

    /* the pretext has the title and its link */

    ngx_slack_text_markdown(ngx_slack_format_begin(a, NGX_SLACK_PART_TEXT),
                            &event->text, &event->project_url);
    ngx_slack_format_body(a);

    ngx_slack_format_time(a, event);
}
