
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Deployments: the status and the environment; project, job or log, person,
 * commit, and what the sender says of it.  Knows events; runs in the event
 * loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


static void ngx_slack_format_deployment_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_deployment_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static const char *ngx_slack_format_deployment_color(
    ngx_slack_event_t *event);
static void ngx_slack_format_deployment_job(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_deployment_log(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_deployment_actor(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_deployment = {
    ngx_slack_format_deployment_sentence,
    ngx_slack_format_deployment_body,
    0
};


static void
ngx_slack_format_deployment_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_str_t   *status;
    ngx_uint_t   running;

    status = ngx_slack_format_status(event);
    running = ngx_slack_format_is(status, "running");

    if (running) {
        ngx_slack_text_lit(text, "Starting deploy");

    } else {
        ngx_slack_text_lit(text, "Deploy");
    }

    if (event->name.len) {
        ngx_slack_text_lit(text, " to ");
        ngx_slack_text_label(text, &event->name, NGX_SLACK_REF_MAX);
    }

    if (ngx_slack_format_is(status, "success")) {
        ngx_slack_text_lit(text, " succeeded");

    } else if (!running && status->len) {
        ngx_slack_text_lit(text, " ");
        ngx_slack_text_label(text, status, NGX_SLACK_NAME_MAX);
    }

    /* below the pretext the first field names the project */

    if (text->plain) {
        ngx_slack_format_in_project(text, event);
    }
}


static void
ngx_slack_format_deployment_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    size_t             mark;
    ngx_str_t          title;
    ngx_slack_text_t  *text;

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_TEXT);

    ngx_slack_format_project(text, event);
    ngx_slack_format_deployment_job(text, event);
    ngx_slack_format_deployment_actor(text, event);

    ngx_slack_format_deployment_log(text, event);

    title = ngx_slack_text_first_line(&event->commit_title);

    if (text->len && (event->commit_id.len || title.len)) {
        ngx_slack_text_lit(text, "\n");
    }

    mark = text->len;

    if (event->commit_id.len) {
        ngx_slack_text_link(text, &event->commit_url, &event->commit_id,
                            NGX_SLACK_NAME_MAX);
    }

    if (title.len) {

        if (text->len > mark) {
            ngx_slack_text_lit(text, ": ");
        }

        ngx_slack_text_typed(text, &title, NGX_SLACK_HEADLINE_MAX);
    }

    if (event->text.len) {

        if (text->len) {
            ngx_slack_text_lit(text, "\n");
        }

        ngx_slack_text_label(text, &event->text, NGX_SLACK_VALUE_MAX);
    }

    ngx_slack_format_color(a, ngx_slack_format_deployment_color(event));
    ngx_slack_format_body(a);
    ngx_slack_format_time(a, event);
}


static const char *
ngx_slack_format_deployment_color(ngx_slack_event_t *event)
{
    ngx_str_t  *status;

    status = ngx_slack_format_status(event);

    if (ngx_slack_format_is(status, "success")) {
        return NGX_SLACK_COLOR_GOOD;
    }

    if (ngx_slack_format_is(status, "canceled")) {
        return NGX_SLACK_COLOR_WARNING;
    }

    if (ngx_slack_format_is(status, "failed")) {
        return NGX_SLACK_COLOR_DANGER;
    }

    return NGX_SLACK_COLOR_NEUTRAL;
}


static void
ngx_slack_format_deployment_job(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_slack_words_t  words;

    if (event->job.len == 0) {
        return;
    }

    if (text->len) {
        ngx_slack_text_lit(text, " with job ");

    } else {
        ngx_slack_text_lit(text, "Job ");
    }

    ngx_slack_format_words(&words);

    ngx_slack_text_lit(&words.text, "#");
    ngx_slack_text_verbatim(&words.text, &event->job, NGX_SLACK_NAME_MAX);

    ngx_slack_format_link(text, &event->job_url, &words);
}


/* a deployment that is not a job's, but an external system's */

static void
ngx_slack_format_deployment_log(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    static ngx_str_t  log = ngx_string("Log");

    if (event->job.len || event->job_url.len == 0) {
        return;
    }

    if (text->len) {
        ngx_slack_format_page(text, &event->job_url, "Log");

    } else {
        ngx_slack_text_link(text, &event->job_url, &log, log.len);
    }
}


static void
ngx_slack_format_deployment_actor(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    if (event->user.len == 0 && event->user_name.len == 0) {
        return;
    }

    if (text->len) {
        ngx_slack_text_lit(text, " by ");

    } else {
        ngx_slack_text_lit(text, "By ");
    }

    ngx_slack_format_actor_link(text, event);
}
