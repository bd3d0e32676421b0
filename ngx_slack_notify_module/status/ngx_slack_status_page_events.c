
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The last events on the page: where each came in, which routes took it, and
 * what became of its messages, or why it was not taken.  Runs in a pool
 * thread.
 */


#include <ngx_slack_status_json.h>
#include <ngx_slack_status_page.h>


static void ngx_slack_events_row(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_history_event_t *event);
static void ngx_slack_events_where(ngx_slack_text_t *text,
    ngx_str_t *location, ngx_str_t *routes);
static void ngx_slack_events_result(ngx_slack_text_t *text,
    ngx_uint_t result);
static void ngx_slack_events_why(ngx_slack_text_t *text,
    ngx_slack_history_event_t *event, ngx_str_t *words);
static void ngx_slack_events_became(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_history_event_t *event);
static void ngx_slack_events_message(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_history_message_t *message);
static void ngx_slack_events_ignored(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);


void
ngx_slack_page_events(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_uint_t  i, n;

    if (s->nevents == 0) {
        ngx_slack_page_put(text, "<div class=\"empty\"><p>No events since "
                                 "nginx was started.</p><p>Post one by the "
                                 "test of a webhook&#39;s settings.</p>"
                                 "</div>");
        return;
    }

    ngx_slack_page_put(text, "<table class=\"cards\"><thead><tr>"
                             "<th scope=\"col\">When</th>"
                             "<th scope=\"col\">Event</th>"
                             "<th scope=\"col\">Project</th>"
                             "<th scope=\"col\">Location, route</th>"
                             "<th scope=\"col\">Result</th>"
                             "<th scope=\"col\">What became of it</th></tr>"
                             "</thead><tbody>");

    n = ngx_min(s->nevents, s->ask.events);

    for (i = 0; i < n; i++) {
        ngx_slack_events_row(s, text, &s->events[i]);
    }

    ngx_slack_page_put(text, "</tbody></table>");

    if (n < s->nevents) {
        ngx_slack_page_put(text, "<p><a href=\"?events=100#events\" "
                                 "data-set=\"events=100\">Show all ");
        ngx_slack_html_number(text, s->nevents);
        ngx_slack_page_put(text, "</a></p>");

    } else if (s->ask.events > NGX_SLACK_PAGE_EVENTS
               && n > NGX_SLACK_PAGE_EVENTS)
    {
        ngx_slack_page_put(text, "<p><a href=\"?#events\" "
                                 "data-set=\"events=\">Show the last 25</a>"
                                 "</p>");
    }

    ngx_slack_events_ignored(s, text);
}


static void
ngx_slack_events_row(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    ngx_slack_history_event_t *event)
{
    u_char     *last, key[2 * NGX_INT64_LEN];
    ngx_str_t   words[NGX_SLACK_COLUMN_ROUTES + 1];
    ngx_uint_t  i;

    for (i = 0; i <= NGX_SLACK_COLUMN_ROUTES; i++) {
        words[i] = ngx_slack_history_event_text(event,
                                                (ngx_slack_column_e) i);
    }

    last = ngx_sprintf(key, "%uA", event->turn);

    ngx_slack_page_put(text, "<tr class=\"event\" data-key=\"e ");
    ngx_slack_text_append(text, key, (size_t) (last - key));
    ngx_slack_page_put(text, "\"><td class=\"when\" data-name=\"When\">");
    ngx_slack_html_time(text, event->time, s->now);
    ngx_slack_page_put(text, "</td><td class=\"what\" data-name=\"Event\">");
    ngx_slack_html_value(text, &words[NGX_SLACK_COLUMN_EVENT]);
    ngx_slack_page_put(text, " ");
    ngx_slack_html_value(text, &words[NGX_SLACK_COLUMN_ACTION]);
    ngx_slack_page_put(text, " <span class=\"soft\">");
    ngx_slack_html_value(text, &words[NGX_SLACK_COLUMN_SOURCE]);
    ngx_slack_page_put(text, "</span></td><td class=\"project\" "
                             "data-name=\"Project\">");
    ngx_slack_html_value(text, &words[NGX_SLACK_COLUMN_PROJECT]);
    ngx_slack_page_put(text, "</td><td class=\"where\" "
                             "data-name=\"Location, route\">");
    ngx_slack_events_where(text, &words[NGX_SLACK_COLUMN_LOCATION],
                           &words[NGX_SLACK_COLUMN_ROUTES]);
    ngx_slack_page_put(text, "</td><td class=\"result\" "
                             "data-name=\"Result\">");
    ngx_slack_events_result(text, event->result);
    ngx_slack_page_put(text, "</td><td class=\"why\" "
                             "data-name=\"What became of it\">");

    if (event->result == NGX_SLACK_COUNT_QUEUED) {
        ngx_slack_events_became(s, text, event);

    } else {
        ngx_slack_events_why(text, event, words);
    }

    ngx_slack_page_put(text, "</td></tr>");
}


/* of a route's file only the name: its path is long, and its title */

static void
ngx_slack_events_where(ngx_slack_text_t *text, ngx_str_t *location,
    ngx_str_t *routes)
{
    u_char     *p, *last, *end, *slash;
    ngx_str_t   place;

    ngx_slack_html_value(text, location);

    p = routes->data;
    last = p + routes->len;

    while (p < last) {

        for (end = p; end < last && *end != ','; end++) { /* void */ }

        for (slash = end; slash > p && slash[-1] != '/'; slash--) {
            /* void */
        }

        ngx_slack_page_put(text, " <span class=\"route soft\" title=\"");

        place.data = p;
        place.len = end - p;
        ngx_slack_html_value(text, &place);

        ngx_slack_page_put(text, "\">");

        place.data = slash;
        place.len = end - slash;
        ngx_slack_html_value(text, &place);

        ngx_slack_page_put(text, "</span>");

        for (p = end; p < last && (*p == ',' || *p == ' '); p++) {
            /* void */
        }
    }
}


static void
ngx_slack_events_result(ngx_slack_text_t *text, ngx_uint_t result)
{
    switch (result) {

    case NGX_SLACK_COUNT_QUEUED:
        ngx_slack_page_put(text, "<span class=\"state good\"><i aria-hidden="
                                 "\"true\">\xE2\x97\x8F</i> ");
        break;

    case NGX_SLACK_COUNT_REJECTED:
    case NGX_SLACK_COUNT_ERROR:
        ngx_slack_page_put(text, "<span class=\"state bad\"><i aria-hidden="
                                 "\"true\">\xE2\x96\xA0</i> ");
        break;

    default:
        ngx_slack_page_put(text, "<span class=\"state soft\"><i aria-hidden="
                                 "\"true\">\xE2\x97\x8B</i> ");
    }

    ngx_slack_html_value(text, &ngx_slack_history_names[result]);
    ngx_slack_page_put(text, "</span>");
}


/* why there is no message, and where the configuration says so */

static void
ngx_slack_events_why(ngx_slack_text_t *text, ngx_slack_history_event_t *event,
    ngx_str_t *words)
{
    ngx_str_t  *routes, *reason;

    routes = &words[NGX_SLACK_COLUMN_ROUTES];
    reason = &words[NGX_SLACK_COLUMN_REASON];

    ngx_slack_page_put(text, "<details><summary>");

    if (event->result == NGX_SLACK_COUNT_FILTERED && reason->len) {
        ngx_slack_page_put(text, "refused by &quot;");
        ngx_slack_html_value(text, reason);
        ngx_slack_page_put(text, "&quot;");

    } else if (reason->len) {
        ngx_slack_html_value(text, reason);

    } else {
        ngx_slack_html_value(text, &ngx_slack_history_names[event->result]);
    }

    ngx_slack_page_put(text, "</summary><p>");

    switch (event->result) {

    case NGX_SLACK_COUNT_FILTERED:
        ngx_slack_page_put(text, "The nearest route does not take it: see the "
                                 "filter in ");
        break;

    case NGX_SLACK_COUNT_IGNORED:
        ngx_slack_page_put(text, "The module has no messages for this kind of "
                                 "event. The location&#39;s routes begin in ");
        break;

    case NGX_SLACK_COUNT_DUPLICATE:
        ngx_slack_page_put(text, "The sender has delivered it before. Taken "
                                 "by ");
        break;

    case NGX_SLACK_COUNT_REJECTED:
        ngx_slack_page_put(text, "The request was refused before routes were "
                                 "asked. They begin in ");
        break;

    default:
        ngx_slack_page_put(text, "It was not stored; the error log says why. "
                                 "Routes: ");
    }

    ngx_slack_page_put(text, "<code>");
    ngx_slack_html_value(text, routes);
    ngx_slack_page_put(text, "</code>, location <code>");
    ngx_slack_html_value(text, &words[NGX_SLACK_COLUMN_LOCATION]);
    ngx_slack_page_put(text, "</code>.</p></details>");
}


static void
ngx_slack_events_became(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    ngx_slack_history_event_t *event)
{
    ngx_uint_t                   i, n, known;
    ngx_slack_history_message_t  message[NGX_SLACK_EVENT_MESSAGES];

    n = event->id ? ngx_min(event->messages, NGX_SLACK_EVENT_MESSAGES) : 0;
    known = 0;

    if (n) {
        ngx_slack_history_find(s->history, event->id, n, message);
    }

    for (i = 0; i < n; i++) {
        if (message[i].id) {
            ngx_slack_events_message(s, text, &message[i]);
            known++;
        }
    }

    if (known == 0) {
        ngx_slack_page_many(text, event->messages, "message");

    } else if (known < event->messages) {
        ngx_slack_page_put(text, "<div>and ");
        ngx_slack_page_many(text, event->messages - known, "message");
        ngx_slack_page_put(text, "</div>");
    }
}


static void
ngx_slack_events_message(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_history_message_t *message)
{
    u_char                      *last, buf[NGX_SLACK_STATUS_URL];
    ngx_str_t                    word, url;
    const char                  *fate;
    ngx_slack_status_channel_t  *ch;

    fate = ngx_slack_status_fate(s, message, &ch);

    ngx_slack_page_put(text, "<div>");

    if (message->workspace_len) {
        word.data = message->workspace;
        word.len = message->workspace_len;
        ngx_slack_html_value(text, &word);
        ngx_slack_page_put(text, " ");

        word.data = message->channel;
        word.len = message->channel_len;
        ngx_slack_page_channel(text, &word);
        ngx_slack_page_put(text, ": ");
    }

    ngx_slack_status_url(s, message, buf, &url);

    if (url.len) {
        ngx_slack_page_put(text, "<a href=\"");
        ngx_slack_html_value(text, &url);
        ngx_slack_page_put(text, "\" rel=\"noreferrer noopener\" "
                                 "target=\"_blank\">sent");
        ngx_slack_page_put(text, "<span class=\"away\">, open it in Slack"
                                 "</span></a> ");

    } else if (ngx_strcmp(fate, "dead") == 0) {
        last = ngx_sprintf(buf, "<a href=\"#dead-%L\">dead</a> ",
                           message->id);
        ngx_slack_text_append(text, buf, (size_t) (last - buf));

    } else if (ngx_strcmp(fate, "sent") == 0) {
        ngx_slack_page_put(text, "sent ");

    } else {

        /* where it waits */

        ngx_slack_page_put(text, "<a href=\"#queue\">");
        ngx_slack_page_put(text, fate);
        ngx_slack_page_put(text, "</a> ");
    }

    ngx_slack_html_time(text, (time_t) (message->when / 1000), s->now);
    ngx_slack_page_put(text, "</div>");
}


/* lists the kinds of events that the module does not know */

static void
ngx_slack_events_ignored(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text)
{
    ngx_str_t                  word;
    ngx_uint_t                 i, n;
    ngx_slack_history_kind_t  *kind;

    n = 0;

    for (i = 0; i <= NGX_SLACK_HISTORY_KINDS; i++) {

        kind = &s->history->kinds[i];

        if (kind->count == 0) {
            continue;
        }

        ngx_slack_page_put(text, n++ ? ", " : "<p class=\"soft\">Not known "
                                              "and ignored so far: ");

        word.data = kind->event;
        word.len = kind->event_len;
        ngx_slack_html_value(text, &word);

        ngx_slack_page_put(text, " (");

        word.data = kind->source;
        word.len = kind->source_len;
        ngx_slack_html_value(text, &word);

        ngx_slack_page_put(text, ", ");
        ngx_slack_page_many(text, kind->count, "time");
        ngx_slack_page_put(text, ")");
    }

    if (n) {
        ngx_slack_page_put(text, ".</p>");
    }
}
