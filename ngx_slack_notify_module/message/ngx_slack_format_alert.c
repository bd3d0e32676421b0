
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Alerts: what fires or fired, its severity, and since when.  Knows events;
 * runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>
#include <ngx_slack_time.h>


/* listed alerts of a group */
#define NGX_SLACK_ALERTS_MAX  10


static void ngx_slack_format_alert_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_alert_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_format_alert_color(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_format_alert_counts(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_alert_left_out(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_alert_list(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_alert_line(ngx_slack_text_t *text,
    ngx_slack_alert_t *alert);
static void ngx_slack_format_alert_links(ngx_slack_text_t *text,
    ngx_array_t *links);
static void ngx_slack_format_alert_time(ngx_slack_text_t *text,
    ngx_str_t *time);


const ngx_slack_formatter_t  ngx_slack_format_alert = {
    ngx_slack_format_alert_sentence,
    ngx_slack_format_alert_body,
    0
};


static const ngx_slack_wording_t  ngx_slack_format_alert_verbs[] = {
    { ngx_string("triggered"), ngx_string("firing") },
    { ngx_string("no_data"), ngx_string("has no data") },
    { ngx_null_string, ngx_null_string }
};


static void
ngx_slack_format_alert_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_str_t        *status;
    const ngx_str_t  *verb;

    status = ngx_slack_format_status(event);
    verb = ngx_slack_format_wording(ngx_slack_format_alert_verbs, status);

    if (event->firing + event->resolved + event->truncated > 1) {
        ngx_slack_format_alert_counts(text, event);
        ngx_slack_format_in_project(text, event);
        ngx_slack_format_alert_left_out(text, event);
        goto title;
    }

    ngx_slack_text_lit(text, "Alert ");

    if (verb) {
        ngx_slack_format_str(text, verb);

    } else if (status->len == 0) {
        ngx_slack_text_lit(text, "firing");

    } else {
        ngx_slack_text_label(text, status, NGX_SLACK_NAME_MAX);
    }

    ngx_slack_format_in_project(text, event);

title:

    /* below the pretext the title follows anyway */

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
    ngx_uint_t         i;
    ngx_slack_pair_t  *fact;
    ngx_slack_text_t  *text;

    status = ngx_slack_format_status(event);

    ngx_slack_format_alert_color(a, event);

    ngx_slack_format_label(a, "title", &event->title, NGX_SLACK_PART_TITLE);
    ngx_slack_format_url(a, "title_link", &event->url);

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_TEXT);
    ngx_slack_text_lines(text, &event->text);
    ngx_slack_format_alert_list(text, event);
    ngx_slack_format_body(a);

    ngx_slack_format_word_field(a, "Severity", &event->severity);
    ngx_slack_format_word_field(a, "Events", &event->count);

    if (event->firing + event->resolved == 0) {
        ngx_slack_format_word_field(a, "Status", status);
    }

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);
    ngx_slack_format_alert_time(text, &event->started);
    ngx_slack_format_field(a, "Start time", 1);

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);
    ngx_slack_format_alert_time(text, &event->ended);
    ngx_slack_format_field(a, "End time", 1);

    fact = event->facts.elts;

    for (i = 0; i < event->facts.nelts; i++) {
        text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);
        ngx_slack_text_label(text, &fact[i].value, NGX_SLACK_VALUE_MAX);
        ngx_slack_format_field(a, (char *) fact[i].name.data, 0);
    }

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);
    ngx_slack_format_alert_links(text, &event->links);
    ngx_slack_format_field(a, "Links", 0);

    ngx_slack_format_fields_end(a);

    ngx_slack_format_time(a, event);
}


static void
ngx_slack_format_alert_color(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_str_t   *status;
    const char  *color;

    status = ngx_slack_format_status(event);

    if (ngx_slack_format_is(status, "resolved")) {
        ngx_slack_format_color(a, NGX_SLACK_COLOR_GOOD);
        return;
    }

    if (ngx_slack_format_is(status, "paused")
        || ngx_slack_format_is(status, "pending"))
    {
        ngx_slack_format_color(a, NGX_SLACK_COLOR_NEUTRAL);
        return;
    }

    switch (event->level) {

    case NGX_SLACK_SEVERITY_CRITICAL:
        color = NGX_SLACK_COLOR_DANGER;
        break;

    case NGX_SLACK_SEVERITY_WARNING:
        color = NGX_SLACK_COLOR_WARNING;
        break;

    case NGX_SLACK_SEVERITY_INFO:
        color = NGX_SLACK_COLOR_NEUTRAL;
        break;

    default:
        color = NGX_SLACK_COLOR_ATTENTION;
    }

    ngx_slack_format_color(a, color);
}


/* appends "3 alerts firing", "2 alerts resolved", or "3 firing, 1 resolved" */

static void
ngx_slack_format_alert_counts(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    ngx_uint_t  n;

    n = event->firing ? event->firing : event->resolved;

    ngx_slack_text_number(text, n);

    if (event->firing && event->resolved) {
        ngx_slack_text_lit(text, " firing, ");
        ngx_slack_text_number(text, event->resolved);
        ngx_slack_text_lit(text, " resolved");
        return;
    }

    if (n == 1) {
        ngx_slack_text_lit(text, " alert ");

    } else {
        ngx_slack_text_lit(text, " alerts ");
    }

    if (event->firing) {
        ngx_slack_text_lit(text, "firing");

    } else {
        ngx_slack_text_lit(text, "resolved");
    }
}


/* the sender does not tell whether these fire */

static void
ngx_slack_format_alert_left_out(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    if (event->truncated == 0) {
        return;
    }

    ngx_slack_text_lit(text, " (");
    ngx_slack_text_number(text, event->truncated);
    ngx_slack_text_lit(text, " more not listed)");
}


static void
ngx_slack_format_alert_list(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    ngx_uint_t          i, n;
    ngx_slack_alert_t  *alert;

    if (event->alerts.nelts == 0) {
        return;
    }

    if (text->len) {
        ngx_slack_text_lit(text, "\n");
    }

    alert = event->alerts.elts;
    n = ngx_min(event->alerts.nelts, NGX_SLACK_ALERTS_MAX);

    for (i = 0; i < n; i++) {

        if (text->len) {
            ngx_slack_text_lit(text, "\n");
        }

        ngx_slack_format_alert_line(text, &alert[i]);
    }

    if (event->alerts.nelts + event->truncated > n) {
        ngx_slack_text_lit(text, "\n");
        ngx_slack_format_more(text, n, event->alerts.nelts + event->truncated,
                              "alert", &event->url);
    }
}


/* appends "Firing: instance=tank-1 - Pressure is high" */

static void
ngx_slack_format_alert_line(ngx_slack_text_t *text, ngx_slack_alert_t *alert)
{
    if (alert->resolved) {
        ngx_slack_text_lit(text, "Resolved");

    } else {
        ngx_slack_text_lit(text, "Firing");
    }

    if (alert->name.len) {
        ngx_slack_text_lit(text, ": ");
        ngx_slack_text_link(text, &alert->url, &alert->name,
                            NGX_SLACK_HEADLINE_MAX);
    }

    if (alert->text.len) {
        ngx_slack_text_lit(text, " - ");
        ngx_slack_text_label(text, &alert->text, NGX_SLACK_HEADLINE_MAX);
    }
}


static void
ngx_slack_format_alert_links(ngx_slack_text_t *text, ngx_array_t *links)
{
    ngx_uint_t         i;
    ngx_slack_pair_t  *link;

    link = links->elts;

    for (i = 0; i < links->nelts; i++) {

        ngx_slack_format_alert_link(text, &link[i].value, &link[i].name);
    }
}


void
ngx_slack_format_alert_link(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *name)
{
    size_t  mark;

    if (text->len) {
        ngx_slack_text_lit(text, ", ");
    }

    mark = text->len;

    ngx_slack_text_link(text, url, name, NGX_SLACK_NAME_MAX);

    if (!text->full && text->start[mark] != '<') {
        ngx_slack_text_lit(text, ": ");
        ngx_slack_text_label(text, url, NGX_SLACK_HEADLINE_MAX);
    }
}


/* appends "4 March 2026, 15:26 UTC"; what is not a time is shown as it is */

static void
ngx_slack_format_alert_time(ngx_slack_text_t *text, ngx_str_t *time)
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

    started = time->len ? ngx_slack_time_parse(time) : 0;

    if (started <= 0 || gmtime_r(&started, &tm) == NULL) {
        ngx_slack_text_label(text, time, NGX_SLACK_NAME_MAX);
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
