
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Cards of pipelines: stages and failed jobs, ref, commit, merge request,
 * duration.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_card.h>
#include <ngx_slack_card_parts.h>


#define NGX_SLACK_CARD_STAGES  20


static void ngx_slack_card_pipeline_state(ngx_slack_text_t *text,
    ngx_slack_event_t *event, ngx_uint_t news);
static void ngx_slack_card_pipeline_object(ngx_slack_text_t *words,
    ngx_slack_event_t *event);
static void ngx_slack_card_pipeline_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_card_pipeline_stages(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_card_t  ngx_slack_card_pipeline = {
    ngx_slack_card_pipeline_state,
    ngx_slack_card_pipeline_object,
    ngx_slack_card_url,
    ngx_slack_format_status_color,
    ngx_slack_card_pipeline_body
};


static const ngx_slack_wording_t  ngx_slack_card_pipeline_said[] = {
    { ngx_string("success"), ngx_string("Passed") },
    { ngx_string("manual"), ngx_string("Waits for a manual action") },
    { ngx_string("waiting_for_resource"),
      ngx_string("Waits for a resource") },
    { ngx_null_string, ngx_null_string }
};


static const ngx_slack_wording_t  ngx_slack_card_stage_said[] = {
    { ngx_string("success"), ngx_string("passed") },
    { ngx_string("created"), ngx_string("not started") },
    { ngx_string("manual"), ngx_string("waits for a manual action") },
    { ngx_string("waiting_for_resource"),
      ngx_string("waits for a resource") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_card_pipeline_state(ngx_slack_text_t *text, ngx_slack_event_t *event,
    ngx_uint_t news)
{
    ngx_str_t  *status;

    status = ngx_slack_format_status(event);

    ngx_slack_card_said(text, ngx_slack_card_pipeline_said, status);

    if (ngx_slack_format_is(status, "success") && event->warnings) {
        ngx_slack_text_lit(text, " with warnings");
    }

    if (ngx_slack_format_is(status, "success")
        && ngx_slack_format_is(&event->change, "fixed"))
    {
        ngx_slack_text_lit(text, " (fixed)");

    } else if (ngx_slack_format_is(status, "failed")
               && ngx_slack_format_is(&event->change, "still_failing"))
    {
        ngx_slack_text_lit(text, " (still failing)");
    }
}


/* appends "Pipeline #31 of main", or the name of a workflow in its place */

static void
ngx_slack_card_pipeline_object(ngx_slack_text_t *words,
    ngx_slack_event_t *event)
{
    if (event->name.len) {
        ngx_slack_text_verbatim(words, &event->name, NGX_SLACK_NAME_MAX);

    } else {
        ngx_slack_text_lit(words, "Pipeline");
    }

    if (event->number.len) {
        ngx_slack_text_lit(words, " #");
        ngx_slack_text_verbatim(words, &event->number, NGX_SLACK_NAME_MAX);
    }

    if (event->ref.len) {
        ngx_slack_text_lit(words, " of ");
        ngx_slack_text_verbatim(words, &event->ref, NGX_SLACK_REF_MAX);
    }
}


static void
ngx_slack_card_pipeline_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_slack_card_pipeline_stages(a, event);
    ngx_slack_format_jobs_field(a, event, 0);

    ngx_slack_card_ref(a, event);
    ngx_slack_card_commit(a, event);
    ngx_slack_format_request_field(a, event);
    ngx_slack_card_duration(a, event);
}


/*
 * Writes "build passed, test failed".  If the sender does not tell the states
 * of all stages, those that failed.
 */

static void
ngx_slack_card_pipeline_stages(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_str_t          none;
    ngx_uint_t         i, n;
    const ngx_str_t   *said;
    ngx_slack_text_t  *text;
    ngx_slack_pair_t  *stage;

    if (event->stand.stages.nelts == 0) {
        ngx_slack_card_names(a, "Failed stage", "Failed stages",
                             &event->stages);
        return;
    }

    ngx_str_null(&none);

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    stage = event->stand.stages.elts;
    n = ngx_min(event->stand.stages.nelts, NGX_SLACK_CARD_STAGES);

    for (i = 0; i < n; i++) {

        if (i) {
            ngx_slack_text_lit(text, ", ");
        }

        if (ngx_slack_format_is(&stage[i].value, "failed")) {
            ngx_slack_text_bold(text, &stage[i].name, NGX_SLACK_NAME_MAX);

        } else {
            ngx_slack_text_label(text, &stage[i].name, NGX_SLACK_NAME_MAX);
        }

        said = ngx_slack_format_wording(ngx_slack_card_stage_said,
                                        &stage[i].value);

        ngx_slack_text_lit(text, " ");

        if (said) {
            ngx_slack_format_str(text, said);

        } else {
            ngx_slack_text_label(text, &stage[i].value, NGX_SLACK_NAME_MAX);
        }
    }

    if (n < event->stand.stages.nelts) {
        ngx_slack_text_lit(text, " ");
        ngx_slack_format_more(text, n, event->stand.stages.nelts, "stage",
                              &none);
    }

    ngx_slack_format_field(a, event->stand.stages.nelts == 1 ? "Stage"
                                                             : "Stages", 0);
}
