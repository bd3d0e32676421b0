
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Alerts: what fires or fired, how severe it is, since when.  Knows events;
 * runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>
#include <ngx_slack_time.h>


static void ngx_slack_format_alert_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_alert_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_format_alert_started(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


const ngx_slack_formatter_t  ngx_slack_format_alert = {
    ngx_slack_format_alert_sentence,
    ngx_slack_format_alert_body,
    0
};


static const ngx_slack_wording_t  ngx_slack_format_alert_verbs[] = {
    { ngx_string("triggered"), ngx_string("firing") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_format_alert_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_str_t        *status;
    const ngx_str_t  *verb;

    ngx_slack_text_lit(text, "Alert ");

    status = ngx_slack_format_status(event);
    verb = ngx_slack_format_wording(ngx_slack_format_alert_verbs, status);

    if (verb || status->len == 0) {
        ngx_slack_text_lit(text, "firing");

    } else {
        ngx_slack_text_label(text, status, NGX_SLACK_NAME_MAX);
    }

    ngx_slack_format_in_project(text, event);

    /* the pretext is followed by the title */

    if (text->plain && event->title.len) {
        ngx_slack_text_lit(text, ": ");
        ngx_slack_text_label(text, &event->title, NGX_SLACK_HEADLINE_MAX);
    }
}


static void
ngx_slack_format_alert_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_str_t         *status;
    ngx_slack_text_t  *text;

    status = ngx_slack_format_status(event);

    if (ngx_slack_format_is(status, "resolved")) {
        ngx_slack_format_color(a, NGX_SLACK_COLOR_GOOD);

    } else {
        ngx_slack_format_color(a, NGX_SLACK_COLOR_ATTENTION);
    }

    ngx_slack_format_label(a, "title", &event->title, NGX_SLACK_TITLE_MAX);
    ngx_slack_format_url(a, "title_link", &event->url);

    ngx_slack_text_markdown(ngx_slack_format_begin(a, NGX_SLACK_BODY_MAX),
                            &event->text, &event->project_url);
    ngx_slack_format_body(a);

    ngx_slack_format_word_field(a, "Severity", &event->severity);
    ngx_slack_format_word_field(a, "Events", &event->count);
    ngx_slack_format_word_field(a, "Status", status);

    text = ngx_slack_format_begin(a, NGX_SLACK_FIELD_MAX);
    ngx_slack_format_alert_started(text, event);
    ngx_slack_format_field(a, "Start time", 1);

    ngx_slack_format_fields_end(a);

    ngx_slack_format_time(a, event);
}


/* "4 March 2026, 15:26 UTC"; what is no time is shown as it is */

static void
ngx_slack_format_alert_started(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    time_t      started;
    struct tm   tm;

    static ngx_str_t  months[] = {
        ngx_string(" January "), ngx_string(" February "),
        ngx_string(" March "), ngx_string(" April "), ngx_string(" May "),
        ngx_string(" June "), ngx_string(" July "), ngx_string(" August "),
        ngx_string(" September "), ngx_string(" October "),
        ngx_string(" November "), ngx_string(" December ")
    };

    started = event->started.len ? ngx_slack_time_parse(&event->started) : 0;

    if (started <= 0 || gmtime_r(&started, &tm) == NULL) {
        ngx_slack_text_label(text, &event->started, NGX_SLACK_NAME_MAX);
        return;
    }

    ngx_slack_text_number(text, tm.tm_mday);
    ngx_slack_format_str(text, &months[tm.tm_mon]);
    ngx_slack_text_number(text, tm.tm_year + 1900);

    ngx_slack_text_lit(text, ", ");
    ngx_slack_format_two_digits(text, tm.tm_hour);
    ngx_slack_text_lit(text, ":");
    ngx_slack_format_two_digits(text, tm.tm_min);
    ngx_slack_text_lit(text, " UTC");
}
