
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Cards of issues and merge requests.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_card.h>
#include <ngx_slack_card_parts.h>
#include <ngx_slack_equal.h>


static void ngx_slack_card_request_state(ngx_slack_text_t *text,
    ngx_slack_event_t *event, ngx_uint_t news);
static void ngx_slack_card_request_object(ngx_slack_text_t *words,
    ngx_slack_event_t *event);
static void ngx_slack_card_confidential(ngx_slack_text_t *words,
    ngx_str_t *type);
static const char *ngx_slack_card_request_color(ngx_slack_event_t *event);
static void ngx_slack_card_request_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_card_request_branches(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static ngx_uint_t ngx_slack_card_request_is(ngx_slack_event_t *event);


const ngx_slack_card_t  ngx_slack_card_request = {
    ngx_slack_card_request_state,
    ngx_slack_card_request_object,
    ngx_slack_card_url,
    ngx_slack_card_request_color,
    ngx_slack_card_request_body
};


typedef enum {
    NGX_SLACK_CARD_OPEN = 0,
    NGX_SLACK_CARD_DRAFT,
    NGX_SLACK_CARD_CLOSED,
    NGX_SLACK_CARD_MERGED,
    NGX_SLACK_CARD_OTHER
} ngx_slack_card_request_e;


static const ngx_slack_wording_t  ngx_slack_card_request_news[] = {
    { ngx_string("open"), ngx_string("Opened") },
    { ngx_string("close"), ngx_string("Closed") },
    { ngx_string("reopen"), ngx_string("Reopened") },
    { ngx_string("merge"), ngx_string("Merged") },
    { ngx_string("approved"), ngx_string("Approved") },
    { ngx_string("unapproved"), ngx_string("Approval withdrawn") },
    { ngx_string("approval"), ngx_string("Approval added") },
    { ngx_string("unapproval"), ngx_string("Approval removed") },
    { ngx_string("update"), ngx_string("Updated") },
    { ngx_string("ready"), ngx_string("Ready for review") },
    { ngx_null_string, ngx_null_string }
};


static const ngx_slack_wording_t  ngx_slack_card_request_none[] = {
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_card_request_state(ngx_slack_text_t *text, ngx_slack_event_t *event,
    ngx_uint_t news)
{
    if (news && event->action.len) {
        ngx_slack_card_said(text, ngx_slack_card_request_news, &event->action);

        if (event->draft) {
            ngx_slack_text_lit(text, " (draft)");
        }

        return;
    }

    switch (ngx_slack_card_request_is(event)) {

    case NGX_SLACK_CARD_OPEN:

        if (ngx_slack_format_is(&event->action, "approved")) {
            ngx_slack_text_lit(text, "Approved");
            return;
        }

        ngx_slack_text_lit(text, "Open");
        return;

    case NGX_SLACK_CARD_DRAFT:
        ngx_slack_text_lit(text, "Draft");
        return;

    case NGX_SLACK_CARD_CLOSED:
        ngx_slack_text_lit(text, "Closed");
        return;

    case NGX_SLACK_CARD_MERGED:
        ngx_slack_text_lit(text, "Merged");
        return;

    default:
        ngx_slack_card_said(text, ngx_slack_card_request_none,
                            event->stand.state.len ? &event->stand.state
                                                   : &event->state);
    }
}


static ngx_uint_t
ngx_slack_card_request_is(ngx_slack_event_t *event)
{
    ngx_str_t  *state;

    state = event->stand.state.len ? &event->stand.state : &event->state;

    if (ngx_slack_format_is(state, "merged")
        || ngx_slack_format_is(&event->action, "merge"))
    {
        return NGX_SLACK_CARD_MERGED;
    }

    if (ngx_slack_format_is(state, "closed")
        || (state->len == 0 && ngx_slack_format_is(&event->action, "close")))
    {
        return NGX_SLACK_CARD_CLOSED;
    }

    if (state->len == 0
        || ngx_slack_format_is(state, "opened")
        || ngx_slack_format_is(state, "open")
        || ngx_slack_format_is(state, "dismissed"))
    {
        return event->draft ? NGX_SLACK_CARD_DRAFT : NGX_SLACK_CARD_OPEN;
    }

    return NGX_SLACK_CARD_OTHER;
}


/* appends "Issue #17 Title", "!7 Title" or "Pull request #7 Title" */

static void
ngx_slack_card_request_object(ngx_slack_text_t *words,
    ngx_slack_event_t *event)
{
    static ngx_str_t  issue = ngx_string("issue");

    if (event->kind == NGX_SLACK_EVENT_MERGE_REQUEST) {

        if (event->type.len == 0) {
            ngx_slack_card_number(words, event, "!");
            return;
        }

        ngx_slack_card_capital(words, &event->type);

    } else if (event->kind == NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE) {
        ngx_slack_card_confidential(words, event->type.len ? &event->type
                                                           : &issue);

    } else {
        ngx_slack_card_capital(words, event->type.len ? &event->type : &issue);
    }

    ngx_slack_card_number(words, event, "#");
}


/* appends "Confidential incident", but keeps an abbreviation such as OKR */

static void
ngx_slack_card_confidential(ngx_slack_text_t *words, ngx_str_t *type)
{
    u_char  *p;
    size_t   mark;

    ngx_slack_text_lit(words, "Confidential ");

    mark = words->len;

    ngx_slack_text_verbatim(words, type, NGX_SLACK_NAME_MAX);

    p = words->start + mark;

    if (words->len > mark + 1 && (p[1] < 'A' || p[1] > 'Z')) {
        p[0] = (u_char) ngx_tolower(p[0]);
    }
}


static const char *
ngx_slack_card_request_color(ngx_slack_event_t *event)
{
    ngx_uint_t  request;

    request = (event->kind == NGX_SLACK_EVENT_MERGE_REQUEST);

    switch (ngx_slack_card_request_is(event)) {

    case NGX_SLACK_CARD_OPEN:
        return request ? NGX_SLACK_COLOR_GOOD : NGX_SLACK_COLOR_ATTENTION;

    case NGX_SLACK_CARD_CLOSED:
        return request ? NGX_SLACK_COLOR_DANGER : NGX_SLACK_COLOR_MERGED;

    case NGX_SLACK_CARD_MERGED:
        return NGX_SLACK_COLOR_MERGED;

    default:
        return NGX_SLACK_COLOR_NEUTRAL;
    }
}


static void
ngx_slack_card_request_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_slack_card_excerpt(a, event);
    ngx_slack_format_body(a);

    ngx_slack_card_request_branches(a, event);

    ngx_slack_card_names(a, "Label", "Labels", &event->labels);
    ngx_slack_card_names(a, "Assignee", "Assignees",
                         &event->stand.assignees);
    ngx_slack_card_names(a, "Reviewer", "Reviewers",
                         &event->stand.reviewers);

    ngx_slack_format_link_field(a, "Milestone", &event->stand.milestone_url,
                                &event->stand.milestone);
}


static void
ngx_slack_card_request_branches(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_slack_text_t  *text;

    if (event->kind != NGX_SLACK_EVENT_MERGE_REQUEST) {
        return;
    }

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    if (event->source_branch.len) {

        /* a branch of a fork */

        if (event->stand.source.len
            && !ngx_slack_equal(&event->stand.source, &event->project))
        {
            ngx_slack_text_label(text, &event->stand.source,
                                 NGX_SLACK_HEADLINE_MAX);
            ngx_slack_text_lit(text, ":");
        }

        ngx_slack_text_label(text, &event->source_branch, NGX_SLACK_REF_MAX);
    }

    if (event->target_branch.len) {
        ngx_slack_text_lit(text, " → ");
        ngx_slack_text_label(text, &event->target_branch, NGX_SLACK_REF_MAX);
    }

    ngx_slack_format_field(a, "Branches", 1);
}
