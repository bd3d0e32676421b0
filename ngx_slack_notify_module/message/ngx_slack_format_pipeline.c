
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Pipelines: the status, ref and commit, and what failed.  Knows events; runs
 * in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


#define NGX_SLACK_PIPELINE_JOBS     10
#define NGX_SLACK_PIPELINE_RESERVE  (NGX_SLACK_TEXT_URL_MAX / 4)


static void ngx_slack_format_pipeline_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_pipeline_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_format_pipeline_result(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_pipeline_duration(ngx_slack_text_t *text,
    ngx_uint_t seconds);
static void ngx_slack_format_pipeline_author(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_pipeline_ref(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_format_pipeline_commit(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_format_pipeline_stages(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_pipeline = {
    ngx_slack_format_pipeline_sentence,
    ngx_slack_format_pipeline_body,
    1
};


static const ngx_slack_wording_t  ngx_slack_format_pipeline_results[] = {
    { ngx_string("success"), ngx_string("has passed") },
    { ngx_string("failed"), ngx_string("has failed") },
    { ngx_string("canceled"), ngx_string("was canceled") },
    { ngx_string("skipped"), ngx_string("was skipped") },
    { ngx_string("created"), ngx_string("was created") },
    { ngx_string("pending"), ngx_string("is pending") },
    { ngx_string("preparing"), ngx_string("is being prepared") },
    { ngx_string("running"), ngx_string("is running") },
    { ngx_string("scheduled"), ngx_string("is scheduled") },
    { ngx_string("manual"), ngx_string("waits for a manual action") },
    { ngx_string("waiting_for_resource"),
      ngx_string("waits for a resource") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_format_pipeline_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    if (event->project_name.len || event->project.len) {
        ngx_slack_format_project(text, event);
        ngx_slack_text_lit(text, ": ");
    }

    ngx_slack_text_lit(text, "Pipeline #");
    ngx_slack_text_label(text, &event->number, NGX_SLACK_NAME_MAX);

    if (event->request.len) {

        if (event->request.data[0] == '!') {
            ngx_slack_text_lit(text, " of merge request ");

        } else {
            ngx_slack_text_lit(text, " of pull request ");
        }

        ngx_slack_format_request(text, event);

    } else if (event->ref.len) {

        if (event->tag) {
            ngx_slack_text_lit(text, " of tag ");

        } else {
            ngx_slack_text_lit(text, " of branch ");
        }

        ngx_slack_text_link(text, &event->ref_url, &event->ref,
                            NGX_SLACK_REF_MAX);
    }

    ngx_slack_text_lit(text, " by ");
    ngx_slack_format_pipeline_author(text, event);

    ngx_slack_format_pipeline_result(text, event);
}


static void
ngx_slack_format_pipeline_result(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_str_t        *status;
    ngx_uint_t        done;
    const ngx_str_t  *result;

    status = ngx_slack_format_status(event);

    if (status->len == 0) {
        return;
    }

    result = ngx_slack_format_wording(ngx_slack_format_pipeline_results,
                                      status);

    ngx_slack_text_lit(text, " ");

    if (result) {
        ngx_slack_format_str(text, result);

    } else {
        ngx_slack_text_lit(text, "is ");
        ngx_slack_text_label(text, status, NGX_SLACK_NAME_MAX);
    }

    done = ngx_slack_format_is(status, "success")
           || ngx_slack_format_is(status, "failed");

    if (ngx_slack_format_is(status, "success") && event->warnings) {
        ngx_slack_text_lit(text, " with warnings");
    }

    if (done || event->duration) {
        ngx_slack_text_lit(text, " in ");
        ngx_slack_format_pipeline_duration(text, event->duration);
    }

    if (done && ngx_slack_format_is(&event->change, "fixed")) {
        ngx_slack_text_lit(text, " (fixed)");

    } else if (done && ngx_slack_format_is(&event->change, "still_failing")) {
        ngx_slack_text_lit(text, " (still failing)");
    }
}


/* appends "01:03", or "01:00:03" if it is an hour or more */

static void
ngx_slack_format_pipeline_duration(ngx_slack_text_t *text,
    ngx_uint_t seconds)
{
    if (seconds >= 3600) {
        ngx_slack_format_two_digits(text, seconds / 3600);
        ngx_slack_text_lit(text, ":");
        seconds %= 3600;
    }

    ngx_slack_format_two_digits(text, seconds / 60);
    ngx_slack_text_lit(text, ":");
    ngx_slack_format_two_digits(text, seconds % 60);
}


static void
ngx_slack_format_pipeline_author(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    if (event->user.len == 0 && event->user_name.len == 0) {

        /* a trigger started it */

        ngx_slack_text_lit(text, "API");
        return;
    }

    ngx_slack_format_actor(text, event);
}


static void
ngx_slack_format_pipeline_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_slack_text_t  *text;

    ngx_slack_format_color(a, ngx_slack_format_status_color(event));

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_AUTHOR);
    ngx_slack_format_pipeline_author(text, event);
    ngx_slack_format_value(a, "author_name");

    ngx_slack_format_url(a, "author_icon", &event->user_avatar);
    ngx_slack_format_url(a, "author_link", &event->user_url);

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_TITLE);
    text->plain = 1;

    if (event->project_name.len || event->project.len) {
        ngx_slack_format_project(text, event);
        ngx_slack_text_lit(text, ": ");
    }

    text->plain = 0;

    ngx_slack_text_lit(text, "Pipeline #");
    ngx_slack_text_label(text, &event->number, NGX_SLACK_NAME_MAX);
    ngx_slack_format_pipeline_result(text, event);
    ngx_slack_format_value(a, "title");

    ngx_slack_format_url(a, "title_link", &event->url);

    ngx_slack_format_pipeline_ref(a, event);
    ngx_slack_format_pipeline_commit(a, event);
    ngx_slack_format_request_field(a, event);
    ngx_slack_format_pipeline_stages(a, event);
    ngx_slack_format_jobs_field(a, event, 1);

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);
    ngx_slack_text_label(text, &event->name, NGX_SLACK_HEADLINE_MAX);
    ngx_slack_format_field(a, "Pipeline name", 0);

    ngx_slack_format_fields_end(a);

    ngx_slack_format_footer(a, event);
}


static void
ngx_slack_format_pipeline_ref(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_str_t         *ref;
    ngx_slack_text_t  *text;

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    ref = &event->ref;

    /* "refs/merge-requests/7/merge" says nothing to people */

    if (event->request.len && event->source_branch.len) {
        ref = &event->source_branch;
    }

    if (ref->len) {
        ngx_slack_text_link(text, &event->ref_url, ref, NGX_SLACK_REF_MAX);
    }

    ngx_slack_format_field(a, event->tag ? "Tag" : "Branch", 1);
}


static void
ngx_slack_format_pipeline_commit(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_str_t          title;
    ngx_slack_text_t  *text;

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    title = ngx_slack_text_first_line(&event->commit_title);

    if (title.len == 0) {
        title = ngx_slack_format_short_sha(&event->commit_id);
    }

    if (title.len) {
        ngx_slack_text_typed_link(text, &event->commit_url, &title,
                                  NGX_SLACK_HEADLINE_MAX);
    }

    ngx_slack_format_field(a, "Commit", 1);
}


static void
ngx_slack_format_pipeline_stages(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_str_t         *stages;
    ngx_uint_t         i;
    ngx_slack_text_t  *text;

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);
    stages = event->stages.elts;

    for (i = 0; i < event->stages.nelts && !text->full; i++) {

        if (text->len) {
            ngx_slack_text_lit(text, ", ");
        }

        ngx_slack_text_label(text, &stages[i], NGX_SLACK_NAME_MAX);
    }

    ngx_slack_format_field(a, event->stages.nelts == 1 ? "Failed stage"
                                                       : "Failed stages", 1);
}


void
ngx_slack_format_jobs_field(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event, ngx_uint_t narrow)
{
    size_t             mark, reserve;
    ngx_uint_t         i, n;
    ngx_slack_job_t   *jobs;
    ngx_slack_text_t  *text;

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    jobs = event->jobs.elts;
    n = ngx_min(event->jobs.nelts, NGX_SLACK_PIPELINE_JOBS);

    reserve = ngx_min(NGX_SLACK_PIPELINE_RESERVE, text->limit / 2);
    text->limit -= reserve;

    for (i = 0; i < n; i++) {

        mark = text->len;

        if (i) {
            ngx_slack_text_lit(text, ", ");
        }

        ngx_slack_text_link(text, &jobs[i].url, &jobs[i].name,
                            NGX_SLACK_NAME_MAX);

        if (jobs[i].allowed) {
            ngx_slack_text_lit(text, " (allowed to fail)");
        }

        if (text->full) {
            ngx_slack_text_rollback(text, mark);
            break;
        }
    }

    text->limit += reserve;

    if (i < event->jobs.nelts) {

        if (i) {
            ngx_slack_text_lit(text, ", ");
        }

        ngx_slack_format_more(text, i, event->jobs.nelts, "job",
                              &event->jobs_url);
    }

    ngx_slack_format_field(a, event->jobs.nelts == 1 ? "Failed job"
                                                     : "Failed jobs", narrow);
}
