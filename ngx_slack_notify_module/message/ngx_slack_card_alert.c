
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Cards of alerts: what fires, what a group shares, values, links, among them
 * the one to the form that silences it.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_card.h>
#include <ngx_slack_card_parts.h>


#define NGX_SLACK_CARD_ALERTS  10


static void ngx_slack_card_alert_state(ngx_slack_text_t *text,
    ngx_slack_event_t *event, ngx_uint_t news);
static void ngx_slack_card_alert_object(ngx_slack_text_t *words,
    ngx_slack_event_t *event);
static const char *ngx_slack_card_alert_color(ngx_slack_event_t *event);
static void ngx_slack_card_alert_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_card_alert_list(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_card_alert_line(ngx_slack_text_t *text,
    ngx_slack_alert_t *alert);
static void ngx_slack_card_alert_facts(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_card_alert_links(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_card_alert_silence(ngx_slack_text_t *text,
    ngx_str_t *url);


const ngx_slack_card_t  ngx_slack_card_alert = {
    ngx_slack_card_alert_state,
    ngx_slack_card_alert_object,
    ngx_slack_card_url,
    ngx_slack_card_alert_color,
    ngx_slack_card_alert_body
};


static const ngx_slack_wording_t  ngx_slack_card_alert_said[] = {
    { ngx_string("triggered"), ngx_string("Firing") },
    { ngx_null_string, ngx_null_string }
};


/* appends "Firing", "Resolved", or "13 firing, 5 resolved, 7 more" */

static void
ngx_slack_card_alert_state(ngx_slack_text_t *text, ngx_slack_event_t *event,
    ngx_uint_t news)
{
    if (event->firing + event->resolved + event->truncated < 2) {
        ngx_slack_card_said(text, ngx_slack_card_alert_said,
                            ngx_slack_format_status(event));
        return;
    }

    if (event->firing) {
        ngx_slack_text_number(text, event->firing);
        ngx_slack_text_lit(text, " firing");
    }

    if (event->resolved) {

        if (event->firing) {
            ngx_slack_text_lit(text, ", ");
        }

        ngx_slack_text_number(text, event->resolved);
        ngx_slack_text_lit(text, " resolved");
    }

    /* of these the sender does not tell the state */

    if (event->truncated) {
        ngx_slack_text_lit(text, ", ");
        ngx_slack_text_number(text, event->truncated);
        ngx_slack_text_lit(text, " more");
    }
}


static void
ngx_slack_card_alert_object(ngx_slack_text_t *words, ngx_slack_event_t *event)
{
    ngx_str_t  title;

    title = ngx_slack_text_first_line(&event->title);

    if (title.len) {
        ngx_slack_text_verbatim(words, &title, NGX_SLACK_HEADLINE_MAX);

    } else {
        ngx_slack_text_lit(words, "Alert");
    }
}


static const char *
ngx_slack_card_alert_color(ngx_slack_event_t *event)
{
    if (ngx_slack_format_is(ngx_slack_format_status(event), "resolved")) {
        return NGX_SLACK_COLOR_GOOD;
    }

    switch (event->level) {

    case NGX_SLACK_SEVERITY_CRITICAL:
        return NGX_SLACK_COLOR_DANGER;

    case NGX_SLACK_SEVERITY_WARNING:
        return NGX_SLACK_COLOR_WARNING;

    case NGX_SLACK_SEVERITY_INFO:
        return NGX_SLACK_COLOR_NEUTRAL;

    default:
        return NGX_SLACK_COLOR_ATTENTION;
    }
}


static void
ngx_slack_card_alert_body(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    ngx_slack_card_excerpt(a, event);
    ngx_slack_card_alert_list(&a->text, event);
    ngx_slack_format_body(a);

    ngx_slack_format_word_field(a, "Severity", &event->severity);
    ngx_slack_format_word_field(a, "Events", &event->count);

    ngx_slack_card_date(a, "Started", &event->started);
    ngx_slack_card_date(a, "Ended", &event->ended);

    ngx_slack_card_alert_facts(a, event);
    ngx_slack_card_alert_links(a, event);
}


static void
ngx_slack_card_alert_list(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    size_t              mark;
    ngx_uint_t          i, n, total;
    ngx_slack_alert_t  *alert;

    if (event->alerts.nelts == 0) {
        return;
    }

    alert = event->alerts.elts;
    n = ngx_min(event->alerts.nelts, NGX_SLACK_CARD_ALERTS);
    total = event->alerts.nelts + event->truncated;

    for (i = 0; i < n; i++) {

        mark = text->len;

        if (mark) {
            ngx_slack_text_lit(text, "\n");
        }

        ngx_slack_card_alert_line(text, &alert[i]);

        if (text->full) {
            ngx_slack_text_rollback(text, mark);
            break;
        }
    }

    if (i < total) {

        if (text->len) {
            ngx_slack_text_lit(text, "\n");
        }

        ngx_slack_format_more(text, i, total, "alert", &event->url);
    }
}


/* appends "• instance=tank-1 resolved: Pressure is high" */

static void
ngx_slack_card_alert_line(ngx_slack_text_t *text, ngx_slack_alert_t *alert)
{
    static ngx_str_t  unnamed = ngx_string("Alert");

    ngx_slack_text_lit(text, "• ");

    ngx_slack_text_link(text, &alert->url,
                        alert->name.len ? &alert->name : &unnamed,
                        NGX_SLACK_HEADLINE_MAX);

    if (alert->resolved) {
        ngx_slack_text_lit(text, " resolved");
    }

    if (alert->text.len) {
        ngx_slack_text_lit(text, ": ");
        ngx_slack_text_label(text, &alert->text, NGX_SLACK_HEADLINE_MAX);
    }
}


static void
ngx_slack_card_alert_facts(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    ngx_uint_t         i;
    ngx_slack_pair_t  *fact;

    fact = event->facts.elts;

    for (i = 0; i < event->facts.nelts; i++) {
        ngx_slack_text_label(ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD),
                             &fact[i].value, NGX_SLACK_VALUE_MAX);
        ngx_slack_format_field(a, (char *) fact[i].name.data, 0);
    }
}


static void
ngx_slack_card_alert_links(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    ngx_uint_t         i;
    ngx_slack_pair_t  *link;
    ngx_slack_text_t  *text;

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    link = event->links.elts;

    for (i = 0; i < event->links.nelts; i++) {

        /* the form of one alert only, or of what is over */

        if (ngx_slack_format_is(&link[i].name, "Silence")
            && (event->stand.silence.len || event->firing == 0))
        {
            continue;
        }

        ngx_slack_format_alert_link(text, &link[i].value, &link[i].name);
    }

    ngx_slack_card_alert_silence(text, &event->stand.silence);

    ngx_slack_format_field(a, "Links", 0);
}


/* Its URL was made of others, which may not have been URLs. */

static void
ngx_slack_card_alert_silence(ngx_slack_text_t *text, ngx_str_t *url)
{
    size_t  mark, link;

    static ngx_str_t  name = ngx_string("Silence");

    if (url->len == 0 || text->full) {
        return;
    }

    mark = text->len;

    if (mark) {
        ngx_slack_text_lit(text, ", ");
    }

    link = text->len;

    ngx_slack_text_link(text, url, &name, name.len);

    if (text->full || text->start[link] != '<') {
        ngx_slack_text_rollback(text, mark);
    }
}
