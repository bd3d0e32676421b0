
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * metrics: the snapshot in Prometheus' text format, version 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats).  The handler runs in
 * the event loop, the writer in a pool thread.
 */


#include <ngx_slack_client.h>
#include <ngx_slack_shown.h>
#include <ngx_slack_status_snapshot.h>


/* a number of each channel; if "optional", it is omitted where it is 0 */

typedef struct {
    const char                 *name;
    const char                 *type;
    const char                 *help;
    size_t                      offset;      /* in
                                                ngx_slack_status_channel_t */
    ngx_uint_t                  optional;
} ngx_slack_metric_t;


static ngx_int_t ngx_slack_metrics_write(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
static void ngx_slack_metrics_single(ngx_slack_text_t *text,
    const char *name, const char *type, const char *help, ngx_uint_t n);
static void ngx_slack_metrics_events(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
static void ngx_slack_metrics_guard(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
static void ngx_slack_metrics_channels(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_metric_t *metric);
static ngx_uint_t ngx_slack_metrics_value(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_place_t *place, ngx_slack_status_channel_t *ch,
    ngx_slack_metric_t *metric);
static void ngx_slack_metrics_head(ngx_slack_text_t *text, const char *name,
    const char *type, const char *help);
static void ngx_slack_metrics_label(ngx_slack_text_t *text,
    const char *before, ngx_str_t *value);
static void ngx_slack_metrics_words(ngx_slack_text_t *text,
    const char *words);


/* not members of the structure, see ngx_slack_metrics_value() */

#define NGX_SLACK_METRIC_SUSPENDED    ((size_t) -1)
#define NGX_SLACK_METRIC_PAUSED       ((size_t) -2)
#define NGX_SLACK_METRIC_NO_ENDPOINT  ((size_t) -3)


static ngx_slack_metric_t  ngx_slack_metrics[] = {

    { "messages_sent_total", "counter", "Messages Slack has taken.",
      offsetof(ngx_slack_status_channel_t, sent), 0 },

    { "messages_retried_total", "counter",
      "Attempts that failed and are repeated.",
      offsetof(ngx_slack_status_channel_t, retried), 0 },

    { "messages_dead_total", "counter", "Messages that became dead letters.",
      offsetof(ngx_slack_status_channel_t, dead), 0 },

    { "messages_waiting", "gauge", "Messages that wait to be sent.",
      offsetof(ngx_slack_status_channel_t, waiting), 0 },

    { "messages_in_flight", "gauge", "Messages on their way to Slack.",
      offsetof(ngx_slack_status_channel_t, in_flight), 0 },

    { "dead_letters", "gauge", "Dead letters that are kept.",
      offsetof(ngx_slack_status_channel_t, dead_letters), 0 },

    { "oldest_waiting_timestamp_seconds", "gauge",
      "When the oldest waiting message was stored.",
      offsetof(ngx_slack_status_channel_t, oldest), 1 },

    { "last_success_timestamp_seconds", "gauge",
      "When Slack has taken the last message.",
      offsetof(ngx_slack_status_channel_t, success), 1 },

    { "channel_suspended", "gauge",
      "Whether messages are held back after failures.",
      NGX_SLACK_METRIC_SUSPENDED, 0 },

    { "channel_paused", "gauge",
      "Whether an operator holds the messages back.",
      NGX_SLACK_METRIC_PAUSED, 0 },

    { "channel_no_endpoint", "gauge",
      "Whether messages wait for an instance that can deliver them.",
      NGX_SLACK_METRIC_NO_ENDPOINT, 0 },

    { NULL, NULL, NULL, 0, 0 }
};


ngx_int_t
ngx_slack_status_metrics_handler(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_slack_status_job_t       *job;
    ngx_slack_status_snapshot_t  *s;

    job = ngx_slack_status_report(r, ngx_slack_metrics_write,
                                  "text/plain; version=0.0.4; charset=utf-8",
                                  &s);
    if (job == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_job_post(job);
}


/* executed in a pool thread, as are all functions below */

static ngx_int_t
ngx_slack_metrics_write(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_slack_metric_t    *metric;
    ngx_slack_counters_t  *c, none;

    c = s->counters;

    if (c == NULL) {
        ngx_memzero(&none, sizeof(ngx_slack_counters_t));
        c = &none;
    }

    ngx_slack_metrics_head(text, "build_info", "gauge",
                           "The version of the module.");
    ngx_slack_metrics_words(text, "slack_notify_build_info{version=\""
                                  NGX_SLACK_NOTIFY_VERSION "\"} 1\n");

    ngx_slack_metrics_single(text, "start_time_seconds", "gauge",
                             "When counting began.",
                             s->history
                             ? (ngx_uint_t) s->history->started : 0);

    ngx_slack_metrics_single(text, "leader", "gauge",
                             "Whether a worker delivers, of any host.",
                             s->led);

    ngx_slack_metrics_single(text, "leads_total", "counter",
                             "How often a worker of this nginx has begun to "
                             "deliver.", c->led);

    ngx_slack_metrics_single(text, "messages_stored_total", "counter",
                             "Messages that were stored.", c->appended);

    ngx_slack_metrics_single(text, "rate_limited_total", "counter",
                             "Answers of Slack that it was too fast.",
                             c->limited);

    ngx_slack_metrics_single(text, "suspensions_total", "counter",
                             "Channels and webhooks Slack has refused.",
                             c->suspended);

    ngx_slack_metrics_single(text, "changes_sent_total", "counter",
                             "Messages sent as changes of a thread's first "
                             "message.", c->changed);

    ngx_slack_metrics_single(text, "changes_superseded_total", "counter",
                             "Waiting changes that a newer state has "
                             "replaced.", c->superseded);

    ngx_slack_metrics_single(text, "states_stale_total", "counter",
                             "States older than the one shown, left out.",
                             c->stale);

    ngx_slack_metrics_single(text, "thread_fallbacks_total", "counter",
                             "Replies and changes that Slack had to show in "
                             "another way.", c->fallbacks);

    ngx_slack_metrics_single(text, "outbox_up", "gauge",
                             "Whether the outbox can be read.", s->ok);

    ngx_slack_metrics_single(text, "outbox_max_messages", "gauge",
                             "How many messages may wait.",
                             s->smcf->outbox.max);

    ngx_slack_metrics_events(s, text);
    ngx_slack_metrics_guard(s, text);

    /* omit an unknown value, it is not 0 */

    if (s->ok && s->size >= 0) {
        ngx_slack_metrics_single(text, "outbox_size_bytes", "gauge",
                                 "Size of the outbox.", (ngx_uint_t) s->size);
    }

    for (metric = ngx_slack_metrics; metric->name; metric++) {

        if (s->ok
            || metric->offset == offsetof(ngx_slack_status_channel_t, sent)
            || metric->offset == offsetof(ngx_slack_status_channel_t, retried)
            || metric->offset == offsetof(ngx_slack_status_channel_t, dead))
        {
            ngx_slack_metrics_channels(s, text, metric);
        }
    }

    return text->failed ? NGX_ERROR : NGX_OK;
}


static void
ngx_slack_metrics_single(ngx_slack_text_t *text, const char *name,
    const char *type, const char *help, ngx_uint_t n)
{
    ngx_slack_metrics_head(text, name, type, help);

    ngx_slack_metrics_words(text, "slack_notify_");
    ngx_slack_metrics_words(text, name);
    ngx_slack_metrics_words(text, " ");
    ngx_slack_text_number(text, n);
    ngx_slack_metrics_words(text, "\n");
}


static void
ngx_slack_metrics_events(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text)
{
    ngx_str_t                    word;
    ngx_uint_t                   i;
    ngx_slack_history_result_t  *result;

    static ngx_str_t  other = ngx_string("other");

    ngx_slack_metrics_head(text, "events_total", "counter",
                           "Requests by what became of them.");

    for (i = 0; s->history && i <= NGX_SLACK_HISTORY_RESULTS; i++) {

        result = &s->history->results[i];

        if (result->count == 0) {
            continue;
        }

        ngx_slack_metrics_words(text, "slack_notify_events_total");

        word.data = result->source;
        word.len = result->source_len;
        ngx_slack_metrics_label(text, "{source=\"", &word);

        ngx_slack_metrics_label(text, "\",result=\"",
                                result->result < NGX_SLACK_COUNT_LAST
                                ? &ngx_slack_history_names[result->result]
                                : &other);

        word.data = result->reason;
        word.len = result->reason_len;
        ngx_slack_metrics_label(text, "\",reason=\"", &word);

        ngx_slack_metrics_words(text, "\"} ");
        ngx_slack_text_number(text, result->count);
        ngx_slack_metrics_words(text, "\n");
    }
}


static void
ngx_slack_metrics_guard(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_uint_t  i;

    if (s->guard == NULL) {
        return;
    }

    ngx_slack_metrics_head(text, "guarded_requests_total", "counter",
                           "Requests to locations with "
                           "slack_signing_secret.");

    for (i = 0; i < NGX_SLACK_GUARD_LAST; i++) {
        ngx_slack_metrics_words(text, "slack_notify_guarded_requests_total");
        ngx_slack_metrics_label(text, "{result=\"",
                                &ngx_slack_guard_results[i]);
        ngx_slack_metrics_words(text, "\"} ");
        ngx_slack_text_number(text, s->guard->n[i]);
        ngx_slack_metrics_words(text, "\n");
    }
}


static void
ngx_slack_metrics_channels(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_metric_t *metric)
{
    ngx_uint_t                    i, k, n;
    ngx_slack_status_place_t     *place;
    ngx_slack_status_channel_t  **ch;

    ngx_slack_metrics_head(text, metric->name, metric->type, metric->help);

    place = s->places.elts;

    for (i = 0; i < s->places.nelts; i++) {

        ch = place[i].channels.elts;

        for (k = 0; k < place[i].channels.nelts; k++) {

            n = ngx_slack_metrics_value(s, &place[i], ch[k], metric);

            if (n == 0 && metric->optional) {
                continue;
            }

            ngx_slack_metrics_words(text, "slack_notify_");
            ngx_slack_metrics_words(text, metric->name);
            ngx_slack_metrics_label(text, "{workspace=\"", &place[i].name);
            ngx_slack_metrics_label(text, "\",channel=\"", &ch[k]->name);
            ngx_slack_metrics_words(text, "\"} ");
            ngx_slack_text_number(text, n);
            ngx_slack_metrics_words(text, "\n");
        }
    }
}


static ngx_uint_t
ngx_slack_metrics_value(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_place_t *place, ngx_slack_status_channel_t *ch,
    ngx_slack_metric_t *metric)
{
    switch (metric->offset) {

    case NGX_SLACK_METRIC_SUSPENDED:
        return ch->suspended > s->now;

    case NGX_SLACK_METRIC_PAUSED:
        return place->paused || ch->paused;

    case NGX_SLACK_METRIC_NO_ENDPOINT:
        return ch->unserved;

    case offsetof(ngx_slack_status_channel_t, oldest):
        return (ngx_uint_t) ch->oldest;

    case offsetof(ngx_slack_status_channel_t, success):
        return (ngx_uint_t) ch->success;

    default:
        return *(ngx_uint_t *) ((u_char *) ch + metric->offset);
    }
}


static void
ngx_slack_metrics_head(ngx_slack_text_t *text, const char *name,
    const char *type, const char *help)
{
    ngx_slack_metrics_words(text, "# HELP slack_notify_");
    ngx_slack_metrics_words(text, name);
    ngx_slack_metrics_words(text, " ");
    ngx_slack_metrics_words(text, help);
    ngx_slack_metrics_words(text, "\n# TYPE slack_notify_");
    ngx_slack_metrics_words(text, name);
    ngx_slack_metrics_words(text, " ");
    ngx_slack_metrics_words(text, type);
    ngx_slack_metrics_words(text, "\n");
}


/*
 * Appends a label with its value, escaped as the format requires.  The escape
 * for line feeds is not needed, because ngx_slack_shown() leaves none.
 */

static void
ngx_slack_metrics_label(ngx_slack_text_t *text, const char *before,
    ngx_str_t *value)
{
    u_char    *p, *last, piece[NGX_SLACK_SHOWN_SIZE];
    ngx_str_t  rest;

    ngx_slack_metrics_words(text, before);

    rest = *value;

    while (rest.len) {

        last = piece + ngx_slack_shown(piece, &rest);

        for (p = piece; p < last; p++) {

            if (*p == '\\' || *p == '"') {
                ngx_slack_metrics_words(text, "\\");
            }

            ngx_slack_text_append(text, p, 1);
        }
    }
}


static void
ngx_slack_metrics_words(ngx_slack_text_t *text, const char *words)
{
    ngx_slack_text_append(text, (u_char *) words, ngx_strlen(words));
}
