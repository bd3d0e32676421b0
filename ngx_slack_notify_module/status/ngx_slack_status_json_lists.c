
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The lists of status.json: the last hour, the last events, dead letters.
 * Runs in a pool thread.
 */


#include <ngx_slack_status_json.h>
#include <ngx_slack_status_member.h>


static void ngx_slack_status_json_minutes(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_delays(ngx_slack_json_writer_t *w,
    ngx_slack_history_minute_t *minutes, ngx_uint_t n);
static void ngx_slack_status_json_events(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_messages(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w, ngx_slack_history_event_t *event);
static void ngx_slack_status_json_ignored(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_dead_letters(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_hint(ngx_slack_json_writer_t *w,
    const char *hint);


void
ngx_slack_status_json_lists(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w)
{
    ngx_slack_status_json_minutes(s, w);
    ngx_slack_status_json_events(s, w);
    ngx_slack_status_json_ignored(s, w);
    ngx_slack_status_json_dead_letters(s, w);
}


static void
ngx_slack_status_json_minutes(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w)
{
    ngx_uint_t  i, k;

    ngx_slack_status_member(w, "minutes");
    ngx_slack_json_writer_array(w);

    for (i = 0; i < NGX_SLACK_HISTORY_MINUTES; i++) {

        ngx_slack_json_writer_object(w);
        ngx_slack_status_member_number(w, "time", s->minutes[i].minute * 60);

        for (k = 0; k < NGX_SLACK_COUNT_LAST; k++) {
            ngx_slack_json_writer_string(w, ngx_slack_history_names[k].data,
                                         ngx_slack_history_names[k].len);
            ngx_slack_json_writer_integer(w,
                                          (int64_t) s->minutes[i].counts[k]);
        }

        ngx_slack_status_json_delays(w, &s->minutes[i], 1);
        ngx_slack_json_writer_object_end(w);
    }

    ngx_slack_json_writer_array_end(w);

    ngx_slack_status_member(w, "delay");
    ngx_slack_json_writer_object(w);
    ngx_slack_status_json_delays(w, s->minutes, NGX_SLACK_HISTORY_MINUTES);
    ngx_slack_json_writer_object_end(w);
}


static void
ngx_slack_status_json_events(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w)
{
    ngx_str_t                   word;
    ngx_uint_t                  i, k;
    ngx_slack_history_event_t  *event;

    static const char  *names[] = {
        [NGX_SLACK_COLUMN_SOURCE] = "source",
        [NGX_SLACK_COLUMN_EVENT] = "event",
        [NGX_SLACK_COLUMN_ACTION] = "action",
        [NGX_SLACK_COLUMN_REASON] = "reason",
        [NGX_SLACK_COLUMN_LOCATION] = "location",
        [NGX_SLACK_COLUMN_PROJECT] = "project",
        [NGX_SLACK_COLUMN_ROUTES] = "routes"
    };

    ngx_slack_status_member(w, "events");
    ngx_slack_json_writer_array(w);

    for (i = 0; i < ngx_min(s->nevents, s->ask.events); i++) {

        event = &s->events[i];

        ngx_slack_json_writer_object(w);

        ngx_slack_status_member_number(w, "time", (ngx_uint_t) event->time);

        for (k = NGX_SLACK_COLUMN_SOURCE; k <= NGX_SLACK_COLUMN_ROUTES; k++) {
            word = ngx_slack_history_event_text(event,
                                                (ngx_slack_column_e) k);
            ngx_slack_status_member_text(w, names[k], &word);
        }

        ngx_slack_status_member_text(w, "result",
                                     &ngx_slack_history_names[event->result]);
        ngx_slack_status_member_number(w, "messages", event->messages);
        ngx_slack_status_json_messages(s, w, event);

        ngx_slack_json_writer_object_end(w);
    }

    ngx_slack_json_writer_array_end(w);
}


static void
ngx_slack_status_json_ignored(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w)
{
    ngx_str_t                  word;
    ngx_uint_t                 i;
    ngx_slack_history_kind_t  *kind;

    ngx_slack_status_member(w, "ignored");
    ngx_slack_json_writer_array(w);

    for (i = 0; s->history && i <= NGX_SLACK_HISTORY_KINDS; i++) {

        kind = &s->history->kinds[i];

        if (kind->count == 0) {
            continue;
        }

        ngx_slack_json_writer_object(w);

        word.data = kind->source;
        word.len = kind->source_len;
        ngx_slack_status_member_text(w, "source", &word);

        word.data = kind->event;
        word.len = kind->event_len;
        ngx_slack_status_member_text(w, "event", &word);

        ngx_slack_status_member_number(w, "count", kind->count);

        ngx_slack_json_writer_object_end(w);
    }

    ngx_slack_json_writer_array_end(w);
}


static void
ngx_slack_status_json_dead_letters(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w)
{
    u_char                          *last, buf[2 * NGX_INT64_LEN + 1];
    ngx_uint_t                       i;
    ngx_slack_status_dead_letter_t  *dead_letter;

    ngx_slack_status_member(w, "dead_letters");
    ngx_slack_json_writer_array(w);

    dead_letter = s->dead_letters.elts;

    for (i = 0; i < s->dead_letters.nelts; i++) {

        ngx_slack_json_writer_object(w);

        /* a string, since JavaScript's numbers are not exact beyond 53 bits */

        last = ngx_sprintf(buf, "%L", dead_letter[i].id);

        ngx_slack_status_member(w, "id");
        ngx_slack_json_writer_string(w, buf, (size_t) (last - buf));

        ngx_slack_status_member_text(w, "workspace",
                                     &dead_letter[i].workspace);
        ngx_slack_status_member_text(w, "channel", &dead_letter[i].channel);
        ngx_slack_status_member_text(w, "event", &dead_letter[i].event);
        ngx_slack_status_member_text(w, "project", &dead_letter[i].project);
        ngx_slack_status_member_time(w, "died", dead_letter[i].died);
        ngx_slack_status_member_number(w, "attempts", dead_letter[i].attempts);
        ngx_slack_status_member_text(w, "answer", &dead_letter[i].answer);
        ngx_slack_status_json_hint(w, dead_letter[i].hint);

        if (dead_letter[i].message.len) {
            ngx_slack_status_member_json(w, "message",
                                         &dead_letter[i].message);

        } else {
            ngx_slack_status_member_null(w, "message");
        }

        ngx_slack_json_writer_object_end(w);
    }

    ngx_slack_json_writer_array_end(w);

    if (!s->more) {
        ngx_slack_status_member_null(w, "dead_next");
        return;
    }

    last = ngx_sprintf(buf, "%L-%L", s->last_died,
                       dead_letter[s->dead_letters.nelts - 1].id);

    ngx_slack_status_member(w, "dead_next");
    ngx_slack_json_writer_string(w, buf, (size_t) (last - buf));
}


void
ngx_slack_status_json_error(ngx_slack_json_writer_t *w, time_t when,
    ngx_str_t *text, const char *hint)
{
    if (when == 0) {
        ngx_slack_status_member_null(w, "last_error");
        return;
    }

    ngx_slack_status_member(w, "last_error");
    ngx_slack_json_writer_object(w);
    ngx_slack_status_member_number(w, "time", (ngx_uint_t) when);
    ngx_slack_status_member_text(w, "text", text);
    ngx_slack_status_json_hint(w, hint);
    ngx_slack_json_writer_object_end(w);
}


static void
ngx_slack_status_json_hint(ngx_slack_json_writer_t *w, const char *hint)
{
    ngx_str_t  text;

    if (hint == NULL) {
        ngx_slack_status_member_null(w, "hint");
        return;
    }

    text.data = (u_char *) hint;
    text.len = ngx_strlen(hint);

    ngx_slack_status_member_text(w, "hint", &text);
}


static void
ngx_slack_status_json_delays(ngx_slack_json_writer_t *w,
    ngx_slack_history_minute_t *minutes, ngx_uint_t n)
{
    int64_t     ms;
    ngx_uint_t  i;

    static const struct {
        const char   *name;
        ngx_uint_t    percent;
    } shown[] = {
        { "p50", 50 },
        { "p95", 95 }
    };

    for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {

        ms = ngx_slack_history_percentile(minutes, n, shown[i].percent);

        if (ms < 0) {
            ngx_slack_status_member_null(w, shown[i].name);

        } else {
            ngx_slack_status_member_number(w, shown[i].name, (ngx_uint_t) ms);
        }
    }
}


/* what is known of the messages of an event */

static void
ngx_slack_status_json_messages(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w, ngx_slack_history_event_t *event)
{
    u_char                      *last, buf[NGX_SLACK_STATUS_URL];
    ngx_str_t                    word, url;
    ngx_uint_t                   i, n;
    ngx_slack_status_channel_t  *ch;
    ngx_slack_history_message_t  message[NGX_SLACK_EVENT_MESSAGES];

    ngx_slack_status_member(w, "became");
    ngx_slack_json_writer_array(w);

    n = event->id ? ngx_min(event->messages, NGX_SLACK_EVENT_MESSAGES) : 0;

    if (n) {
        ngx_slack_history_find(s->history, event->id, n, message);
    }

    for (i = 0; i < n; i++) {

        if (message[i].id == 0) {
            continue;
        }

        ngx_slack_json_writer_object(w);

        last = ngx_sprintf(buf, "%L", message[i].id);
        ngx_slack_status_member(w, "id");
        ngx_slack_json_writer_string(w, buf, (size_t) (last - buf));

        word.data = message[i].workspace;
        word.len = message[i].workspace_len;
        ngx_slack_status_member_text(w, "workspace", &word);

        word.data = message[i].channel;
        word.len = message[i].channel_len;
        ngx_slack_status_member_text(w, "channel", &word);

        word.data = (u_char *) ngx_slack_status_fate(s, &message[i], &ch);
        word.len = ngx_strlen(word.data);
        ngx_slack_status_member_text(w, "state", &word);

        ngx_slack_status_member_time(w, "time",
                                     (time_t) (message[i].when / 1000));

        ngx_slack_status_url(s, &message[i], buf, &url);

        if (url.len) {
            ngx_slack_status_member_text(w, "url", &url);

        } else {
            ngx_slack_status_member_null(w, "url");
        }

        ngx_slack_json_writer_object_end(w);
    }

    ngx_slack_json_writer_array_end(w);
}
