
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Wiki pages: who did what to which page, and why.  Knows events; runs in the
 * event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_wiki_page_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_wiki_page_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_wiki_page = {
    ngx_slack_format_wiki_page_sentence,
    ngx_slack_format_wiki_page_body,
    0
};


static const ngx_slack_wording_t  ngx_slack_format_wiki_page_verbs[] = {
    { ngx_string("create"), ngx_string("created") },
    { ngx_string("update"), ngx_string("edited") },
    { ngx_string("delete"), ngx_string("deleted") },
    { ngx_null_string, ngx_string("changed") }
};


static void
ngx_slack_format_wiki_page_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_str_t         title;
    const ngx_str_t  *verb;

    static ngx_str_t  page = ngx_string("wiki page");

    verb = ngx_slack_format_wording(ngx_slack_format_wiki_page_verbs,
                                    ngx_slack_format_status(event));

    ngx_slack_format_actor(text, event);
    ngx_slack_text_lit(text, " ");
    ngx_slack_format_str(text, verb);
    ngx_slack_text_lit(text, " ");

    if (event->removed || ngx_slack_format_is(&event->action, "delete")) {

        /* it was deleted, so its URL leads nowhere */

        ngx_slack_text_label(text, &page, page.len);

    } else {
        ngx_slack_text_link(text, &event->url, &page, page.len);
    }

    ngx_slack_format_compare(text, event);
    ngx_slack_format_in_project(text, event);

    title = ngx_slack_text_first_line(&event->title);

    if (title.len) {
        ngx_slack_text_lit(text, ": ");
        ngx_slack_text_bold(text, &title, NGX_SLACK_HEADLINE_MAX);
    }
}


/* what was said of the change is no Markdown: it is the message of a commit */

static void
ngx_slack_format_wiki_page_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_slack_text_lines(ngx_slack_format_begin(a, NGX_SLACK_PART_TEXT),
                         &event->text);

    if (a->text.len == 0) {
        return;
    }

    ngx_slack_format_color(a, NGX_SLACK_COLOR_NEUTRAL);
    ngx_slack_format_body(a);
    ngx_slack_format_time(a, event);
}
