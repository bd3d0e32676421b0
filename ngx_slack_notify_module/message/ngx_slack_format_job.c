
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Jobs of pipelines: which job has which status, and where; a failed one with
 * its reason.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_job_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_job_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_job = {
    ngx_slack_format_job_sentence,
    ngx_slack_format_job_body,
    0
};


static const ngx_slack_wording_t  ngx_slack_format_job_verbs[] = {
    { ngx_string("success"), ngx_string("succeeded") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_format_job_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_slack_text_lit(text, "Job");
    ngx_slack_format_object(text, event, '#');
    ngx_slack_format_said(text, ngx_slack_format_job_verbs, event);

    if (event->warnings) {
        ngx_slack_text_lit(text, " (allowed to fail)");
    }

    ngx_slack_format_in_project(text, event);
    ngx_slack_format_by_actor(text, event);
}


static void
ngx_slack_format_job_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_str_t          sha, title, *stage;
    ngx_slack_text_t  *text;

    ngx_slack_format_color(a, ngx_slack_format_status_color(event));

    ngx_slack_format_link_field(a, event->tag ? "Tag" : "Branch",
                                &event->ref_url, &event->ref);

    sha = ngx_slack_format_short_sha(&event->commit_id);
    title = ngx_slack_text_first_line(&event->commit_title);

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    if (sha.len) {
        ngx_slack_text_link(text, &event->commit_url, &sha,
                            NGX_SLACK_NAME_MAX);

        if (title.len) {
            ngx_slack_text_lit(text, ": ");
        }
    }

    ngx_slack_text_typed(text, &title, NGX_SLACK_HEADLINE_MAX);
    ngx_slack_format_field(a, "Commit", 1);

    if (event->stages.nelts) {
        stage = event->stages.elts;
        ngx_slack_format_label_field(a, "Stage", stage);
    }

    ngx_slack_format_link_field(a, "Pipeline", &event->jobs_url,
                                &event->target);
    ngx_slack_format_request_field(a, event);
    ngx_slack_format_word_field(a, "Reason", &event->text);

    ngx_slack_format_fields_end(a);

    ngx_slack_format_time(a, event);
}
