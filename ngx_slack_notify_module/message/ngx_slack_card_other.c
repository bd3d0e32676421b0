
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The card of a kind of events that has none of its own, made of the fields
 * that most kinds have.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_card.h>
#include <ngx_slack_card_parts.h>


static void ngx_slack_card_other_state(ngx_slack_text_t *text,
    ngx_slack_event_t *event, ngx_uint_t news);
static void ngx_slack_card_other_object(ngx_slack_text_t *words,
    ngx_slack_event_t *event);
static ngx_str_t *ngx_slack_card_other_url(ngx_slack_event_t *event);
static const char *ngx_slack_card_other_color(ngx_slack_event_t *event);
static void ngx_slack_card_other_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_card_t  ngx_slack_card_other = {
    ngx_slack_card_other_state,
    ngx_slack_card_other_object,
    ngx_slack_card_other_url,
    ngx_slack_card_other_color,
    ngx_slack_card_other_body
};


static const ngx_slack_wording_t  ngx_slack_card_other_said[] = {
    { ngx_string("add"), ngx_string("Added") },
    { ngx_string("award"), ngx_string("Reaction") },
    { ngx_string("close"), ngx_string("Closed") },
    { ngx_string("create"), ngx_string("Created") },
    { ngx_string("delete"), ngx_string("Deleted") },
    { ngx_string("deny"), ngx_string("Access denied") },
    { ngx_string("remove"), ngx_string("Removed") },
    { ngx_string("rename"), ngx_string("Renamed") },
    { ngx_string("reopen"), ngx_string("Reopened") },
    { ngx_string("request"), ngx_string("Access requested") },
    { ngx_string("revoke"), ngx_string("Reaction withdrawn") },
    { ngx_string("success"), ngx_string("Succeeded") },
    { ngx_string("transfer"), ngx_string("Transferred") },
    { ngx_string("update"), ngx_string("Updated") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_card_other_state(ngx_slack_text_t *text, ngx_slack_event_t *event,
    ngx_uint_t news)
{
    ngx_slack_card_said(text, ngx_slack_card_other_said, &event->action);
}


/* appends "Wiki page Title", "Job #17 Title" */

static void
ngx_slack_card_other_object(ngx_slack_text_t *words, ngx_slack_event_t *event)
{
    u_char     *p;
    size_t      i;
    ngx_str_t   name;

    if (event->kind == NGX_SLACK_EVENT_EMOJI) {
        ngx_slack_text_lit(words, ":");
        ngx_slack_text_verbatim(words, &event->name, NGX_SLACK_NAME_MAX);
        ngx_slack_text_lit(words, ": to");

        if (ngx_slack_format_is(&event->state, "comment")) {
            ngx_slack_text_lit(words, " a comment on");
        }

        if (event->type.len) {
            ngx_slack_text_lit(words, " ");
            ngx_slack_text_verbatim(words, &event->type, NGX_SLACK_NAME_MAX);
        }

        if (event->target.len) {
            ngx_slack_text_lit(words, " ");
            ngx_slack_text_verbatim(words, &event->target,
                                    NGX_SLACK_NAME_MAX);
        }

        ngx_slack_card_title(words, event);
        return;
    }

    name = ngx_slack_kinds[event->kind].name;

    ngx_slack_card_capital(words, &name);

    p = words->start;

    for (i = 0; i < words->len; i++) {
        if (p[i] == '_') {
            p[i] = ' ';
        }
    }

    /* of those with a number nobody calls them by it */

    if (event->kind == NGX_SLACK_EVENT_JOB) {
        ngx_slack_card_number(words, event, "#");
        return;
    }

    ngx_slack_card_title(words, event);
}


static ngx_str_t *
ngx_slack_card_other_url(ngx_slack_event_t *event)
{
    static ngx_str_t  none = ngx_null_string;

    /* it was deleted, so its URL leads nowhere */

    return (event->removed || ngx_slack_format_is(&event->action, "delete"))
           ? &none : &event->url;
}


static const char *
ngx_slack_card_other_color(ngx_slack_event_t *event)
{
    switch (event->kind) {

    case NGX_SLACK_EVENT_ACCESS_TOKEN:
        return NGX_SLACK_COLOR_WARNING;

    case NGX_SLACK_EVENT_VULNERABILITY:

        if (ngx_slack_format_is(&event->action, "resolved")
            || ngx_slack_format_is(&event->action, "dismissed"))
        {
            return NGX_SLACK_COLOR_GOOD;
        }

        if (ngx_slack_format_is(&event->severity, "critical")
            || ngx_slack_format_is(&event->severity, "high"))
        {
            return NGX_SLACK_COLOR_DANGER;
        }

        return NGX_SLACK_COLOR_WARNING;

    case NGX_SLACK_EVENT_RELEASE:

        return ngx_slack_format_is(&event->action, "create")
               ? NGX_SLACK_COLOR_GOOD : NGX_SLACK_COLOR_NEUTRAL;

    default:
        return ngx_slack_format_status_color(event);
    }
}


static void
ngx_slack_card_other_body(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    ngx_uint_t  job;

    job = (event->kind == NGX_SLACK_EVENT_JOB);

    if (!job) {
        ngx_slack_card_excerpt(a, event);
        ngx_slack_format_body(a);
    }

    ngx_slack_card_ref(a, event);
    ngx_slack_card_commit(a, event);
    ngx_slack_card_names(a, job ? "Stage" : "Failed stage",
                         job ? "Stages" : "Failed stages", &event->stages);

    if (job) {
        ngx_slack_format_link_field(a, "Pipeline", &event->jobs_url,
                                    &event->target);
        ngx_slack_format_word_field(a, "Reason", &event->text);
    }

    ngx_slack_card_duration(a, event);

    ngx_slack_format_word_field(a, "Severity", &event->severity);

    switch (event->kind) {

    case NGX_SLACK_EVENT_RELEASE:
        ngx_slack_format_label_field(a, "Assets", &event->count);
        break;

    case NGX_SLACK_EVENT_VULNERABILITY:
        ngx_slack_format_word_field(a, "Found by", &event->type);
        ngx_slack_card_names(a, "Identifier", "Identifiers", &event->labels);
        ngx_slack_format_label_field(a, "File", &event->name);
        break;

    case NGX_SLACK_EVENT_MEMBER:
        ngx_slack_format_word_field(a, "Role", &event->state);
        break;

    case NGX_SLACK_EVENT_PROJECT:
        ngx_slack_format_word_field(a, "Visibility", &event->state);
        ngx_slack_format_label_field(a, "Formerly", &event->target);
        break;
    }

    ngx_slack_format_label_field(a, "Until", &event->until);
}
