
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Cards of deployments: environment, ref, commit, log.  Knows events; runs in
 * the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_card.h>
#include <ngx_slack_card_parts.h>


static void ngx_slack_card_deployment_state(ngx_slack_text_t *text,
    ngx_slack_event_t *event, ngx_uint_t news);
static void ngx_slack_card_deployment_object(ngx_slack_text_t *words,
    ngx_slack_event_t *event);
static ngx_str_t *ngx_slack_card_deployment_url(ngx_slack_event_t *event);
static void ngx_slack_card_deployment_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_card_deployment_log(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_card_t  ngx_slack_card_deployment = {
    ngx_slack_card_deployment_state,
    ngx_slack_card_deployment_object,
    ngx_slack_card_deployment_url,
    ngx_slack_format_status_color,
    ngx_slack_card_deployment_body
};


static const ngx_slack_wording_t  ngx_slack_card_deployment_said[] = {
    { ngx_string("success"), ngx_string("Succeeded") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_card_deployment_state(ngx_slack_text_t *text,
    ngx_slack_event_t *event, ngx_uint_t news)
{
    ngx_slack_card_said(text, ngx_slack_card_deployment_said,
                        ngx_slack_format_status(event));
}


static void
ngx_slack_card_deployment_object(ngx_slack_text_t *words,
    ngx_slack_event_t *event)
{
    ngx_slack_text_lit(words, "Deploy");

    if (event->ref.len) {
        ngx_slack_text_lit(words, " of ");
        ngx_slack_text_verbatim(words, &event->ref, NGX_SLACK_REF_MAX);
    }

    if (event->name.len) {
        ngx_slack_text_lit(words, " to ");
        ngx_slack_text_verbatim(words, &event->name, NGX_SLACK_REF_MAX);
    }
}


/* what failed is in the log */

static ngx_str_t *
ngx_slack_card_deployment_url(ngx_slack_event_t *event)
{
    if (event->job_url.len
        && (event->url.len == 0
            || !ngx_slack_format_is(ngx_slack_format_status(event),
                                    "success")))
    {
        return &event->job_url;
    }

    return &event->url;
}


static void
ngx_slack_card_deployment_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_slack_card_excerpt(a, event);
    ngx_slack_format_body(a);

    ngx_slack_format_link_field(a, "Environment", &event->url, &event->name);
    ngx_slack_format_link_field(a, event->tag ? "Tag" : "Ref",
                                &event->ref_url, &event->ref);
    ngx_slack_card_commit(a, event);
    ngx_slack_card_deployment_log(a, event);
}


static void
ngx_slack_card_deployment_log(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_slack_text_t   *text;
    ngx_slack_words_t   words;

    if (event->job.len == 0 && event->job_url.len == 0) {
        return;
    }

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    ngx_slack_format_words(&words);

    if (event->job.len) {
        ngx_slack_text_lit(&words.text, "Job #");
        ngx_slack_text_verbatim(&words.text, &event->job, NGX_SLACK_NAME_MAX);

    } else {
        ngx_slack_text_lit(&words.text, "Show");
    }

    ngx_slack_format_link(text, &event->job_url, &words);
    ngx_slack_format_field(a, "Log", 1);
}
