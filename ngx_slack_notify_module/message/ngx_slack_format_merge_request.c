
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Merge requests: who did what to which merge request in which project.  Knows
 * events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


#define NGX_SLACK_MERGE_REQUEST_REVIEWERS  10


static void ngx_slack_format_merge_request_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_merge_request_verb(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_merge_request_review(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_merge_request_names(ngx_slack_text_t *text,
    ngx_array_t *names);


const ngx_slack_formatter_t  ngx_slack_format_merge_request = {
    ngx_slack_format_merge_request_sentence,
    NULL,
    0
};


/* the words between the actor and "merge request" */

static const ngx_slack_wording_t  ngx_slack_format_merge_request_verbs[] = {
    { ngx_string("open"), ngx_string("opened") },
    { ngx_string("close"), ngx_string("closed") },
    { ngx_string("reopen"), ngx_string("reopened") },
    { ngx_string("merge"), ngx_string("merged") },
    { ngx_string("approved"), ngx_string("approved") },
    { ngx_string("unapproved"), ngx_string("unapproved") },
    { ngx_string("approval"), ngx_string("added an approval to") },
    { ngx_string("unapproval"), ngx_string("removed an approval from") },
    { ngx_string("update"), ngx_string("updated") },
    { ngx_string("ready"), ngx_string("marked") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_format_merge_request_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_uint_t  reset;

    ngx_slack_format_actor(text, event);
    ngx_slack_text_lit(text, " ");

    /* the sender resets approvals when the content changes */

    reset = event->system
            && (ngx_slack_format_is(&event->action, "unapproved")
                || ngx_slack_format_is(&event->action, "unapproval"));

    if (reset) {
        ngx_slack_text_lit(text, "reset the approvals of");

    } else {
        ngx_slack_format_merge_request_verb(text, event);
    }

    if (event->draft) {
        ngx_slack_text_lit(text, " draft ");

    } else {
        ngx_slack_text_lit(text, " ");
    }

    if (event->type.len) {
        ngx_slack_text_label(text, &event->type, NGX_SLACK_NAME_MAX);
        ngx_slack_format_object(text, event, '#');

    } else {
        ngx_slack_text_lit(text, "merge request");
        ngx_slack_format_object(text, event, '!');
    }

    ngx_slack_format_in_project(text, event);

    if (reset) {
        ngx_slack_text_lit(text, " with new changes");

    } else if (ngx_slack_format_is(&event->action, "ready")) {
        ngx_slack_text_lit(text, " as ready for review");
    }

    ngx_slack_format_edits(text, event);
}


static void
ngx_slack_format_merge_request_verb(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_str_t        *status;
    const ngx_str_t  *verb;

    if (ngx_slack_format_is(&event->action, "update")
        && (event->reviewers.nelts || event->unreviewers.nelts))
    {
        ngx_slack_format_merge_request_review(text, event);
        return;
    }

    if (ngx_slack_format_is(&event->action, "unapproved")
        && ngx_slack_format_is(&event->state, "dismissed"))
    {
        /* the sender does not tell whether it was an approval */

        ngx_slack_text_lit(text, "dismissed a review of");
        return;
    }

    status = ngx_slack_format_status(event);
    verb = ngx_slack_format_wording(ngx_slack_format_merge_request_verbs,
                                    status);

    if (verb) {
        ngx_slack_format_str(text, verb);

    } else if (status->len) {
        ngx_slack_text_label(text, status, NGX_SLACK_NAME_MAX);

    } else {
        ngx_slack_text_lit(text, "changed");
    }
}


static void
ngx_slack_format_merge_request_review(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    if (event->reviewers.nelts) {
        ngx_slack_text_lit(text, "requested a review from ");
        ngx_slack_format_merge_request_names(text, &event->reviewers);
    }

    if (event->unreviewers.nelts) {

        if (event->reviewers.nelts) {
            ngx_slack_text_lit(text, " and ");
        }

        ngx_slack_text_lit(text, "removed ");
        ngx_slack_format_merge_request_names(text, &event->unreviewers);

        if (event->unreviewers.nelts == 1) {
            ngx_slack_text_lit(text, " as reviewer");

        } else {
            ngx_slack_text_lit(text, " as reviewers");
        }
    }

    ngx_slack_text_lit(text, " on");
}


/* appends "Ana", "Ana and Ben", "Ana, Ben and Cem" */

static void
ngx_slack_format_merge_request_names(ngx_slack_text_t *text,
    ngx_array_t *names)
{
    ngx_str_t   *name, none;
    ngx_uint_t   i, n;

    ngx_str_null(&none);

    name = names->elts;
    n = ngx_min(names->nelts, NGX_SLACK_MERGE_REQUEST_REVIEWERS);

    for (i = 0; i < n; i++) {

        if (i && i == names->nelts - 1) {
            ngx_slack_text_lit(text, " and ");

        } else if (i) {
            ngx_slack_text_lit(text, ", ");
        }

        ngx_slack_text_label(text, &name[i], NGX_SLACK_NAME_MAX);
    }

    if (n < names->nelts) {
        ngx_slack_text_lit(text, " ");
        ngx_slack_format_more(text, n, names->nelts, "reviewer", &none);
    }
}
