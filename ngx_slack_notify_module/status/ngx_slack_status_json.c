
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * status.json: the snapshot as JSON, and its arguments.  The handler runs in
 * the event loop, the writer in a pool thread.
 */


#include <ngx_slack_client.h>
#include <ngx_slack_status_member.h>
#include <ngx_slack_status_token.h>
#include <ngx_slack_status_snapshot.h>
#include <ngx_slack_json_writer.h>


static ngx_int_t ngx_slack_status_json_asked(ngx_http_request_t *r,
    ngx_slack_status_snapshot_t *s);
static ngx_int_t ngx_slack_status_json_write(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
static void ngx_slack_status_json_outbox(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_totals(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_guard(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_workspaces(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_channel(ngx_slack_json_writer_t *w,
    ngx_slack_status_channel_t *ch);
static void ngx_slack_status_json_minutes(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_events(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_ignored(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_dead_letters(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_json_error(ngx_slack_json_writer_t *w,
    time_t when, ngx_str_t *text);


ngx_int_t
ngx_slack_status_json_handler(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_slack_status_job_t       *job;
    ngx_slack_status_snapshot_t  *s;

    job = ngx_slack_status_report(r, ngx_slack_status_json_write,
                                  "application/json", &s);
    if (job == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_slack_status_json_asked(r, s) != NGX_OK) {
        return ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST,
                                      "dead= is a number up to %d, "
                                      "after= what dead_next was",
                                      NGX_SLACK_DEAD_LETTERS_MAX);
    }

    return ngx_slack_status_job_post(job);
}


static ngx_int_t
ngx_slack_status_json_asked(ngx_http_request_t *r,
    ngx_slack_status_snapshot_t *s)
{
    u_char    *p, *last;
    ngx_int_t  n;
    ngx_str_t  value;

    s->ndead = NGX_SLACK_DEAD_LETTERS_DEFAULT;

    if (ngx_http_arg(r, (u_char *) "dead", 4, &value) == NGX_OK) {

        n = ngx_atoi(value.data, value.len);

        if (n == NGX_ERROR || n > NGX_SLACK_DEAD_LETTERS_MAX) {
            return NGX_ERROR;
        }

        s->ndead = (ngx_uint_t) n;
    }

    if (ngx_http_arg(r, (u_char *) "after", 5, &value) != NGX_OK) {
        return NGX_OK;
    }

    /* time of death in ms, and id */

    last = value.data + value.len;
    p = ngx_strlchr(value.data, last, '-');

    if (p == NULL) {
        return NGX_ERROR;
    }

    s->died = ngx_atoi(value.data, p - value.data);
    s->id = ngx_atoi(p + 1, last - p - 1);

    return (s->died == NGX_ERROR || s->id == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}


/* executed in a pool thread, as are all functions below */

static ngx_int_t
ngx_slack_status_json_write(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text)
{
    ngx_uint_t               i;
    ngx_slack_json_writer_t  w;

    static ngx_str_t  version = ngx_string(NGX_SLACK_NOTIFY_VERSION);

    ngx_slack_json_writer_init(&w, text);
    ngx_slack_json_writer_object(&w);

    ngx_slack_status_member_text(&w, "version", &version);
    ngx_slack_status_member_number(&w, "time", (ngx_uint_t) s->now);
    ngx_slack_status_member_number(&w, "started",
                                   s->history
                                   ? (ngx_uint_t) s->history->started
                                   : (ngx_uint_t) s->now);

    if (s->history && s->history->leader) {
        ngx_slack_status_member_number(&w, "leader", s->history->leader);

    } else {
        ngx_slack_status_member_null(&w, "leader");
    }

    ngx_slack_status_member_bool(&w, "actions", s->actions);

    ngx_slack_status_json_outbox(s, &w);
    ngx_slack_status_json_totals(s, &w);
    ngx_slack_status_json_guard(s, &w);

    ngx_slack_status_member(&w, "ages");
    ngx_slack_json_writer_array(&w);

    for (i = 0; i < NGX_SLACK_SURVEY_AGES; i++) {
        ngx_slack_json_writer_string(&w, ngx_slack_status_ages[i].data,
                                     ngx_slack_status_ages[i].len);
    }

    ngx_slack_json_writer_array_end(&w);

    ngx_slack_status_json_workspaces(s, &w);
    ngx_slack_status_json_minutes(s, &w);
    ngx_slack_status_json_events(s, &w);
    ngx_slack_status_json_ignored(s, &w);
    ngx_slack_status_json_dead_letters(s, &w);

    ngx_slack_json_writer_object_end(&w);

    if (ngx_slack_json_writer_done(&w) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_text_append(text, (u_char *) "\n", 1);

    return text->failed ? NGX_ERROR : NGX_OK;
}


static void
ngx_slack_status_json_outbox(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w)
{
    ngx_str_t                       text;
    ngx_slack_outbox_description_t  description;

    ngx_slack_outbox_describe(&s->smcf->outbox, &description);

    text.data = s->outbox_error.data;
    text.len = s->outbox_error.len;

    ngx_slack_status_member(w, "outbox");
    ngx_slack_json_writer_object(w);

    ngx_slack_status_member_text(w, description.kind, &description.address);
    ngx_slack_status_member_bool(w, "ok", s->ok);
    ngx_slack_status_member_number(w, "waiting", s->waiting);
    ngx_slack_status_member_number(w, "max", s->smcf->outbox.max);

    if (s->leader.len) {
        ngx_slack_status_member_text(w, "leader", &s->leader);
    }

    if (s->size >= 0) {
        ngx_slack_status_member_number(w, "size", (ngx_uint_t) s->size);
    }

    ngx_slack_status_json_error(w, s->outbox_error.time, &text);

    ngx_slack_json_writer_object_end(w);
}


static void
ngx_slack_status_json_totals(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w)
{
    ngx_slack_counters_t  *c, none;

    c = s->counters;

    if (c == NULL) {
        ngx_memzero(&none, sizeof(ngx_slack_counters_t));
        c = &none;
    }

    ngx_slack_status_member(w, "totals");
    ngx_slack_json_writer_object(w);

    ngx_slack_status_member_number(w, "stored", c->appended);
    ngx_slack_status_member_number(w, "sent", c->sent);
    ngx_slack_status_member_number(w, "retried", c->retried);
    ngx_slack_status_member_number(w, "limited", c->limited);
    ngx_slack_status_member_number(w, "suspended", c->suspended);
    ngx_slack_status_member_number(w, "changed", c->changed);
    ngx_slack_status_member_number(w, "superseded", c->superseded);
    ngx_slack_status_member_number(w, "stale", c->stale);
    ngx_slack_status_member_number(w, "fallbacks", c->fallbacks);
    ngx_slack_status_member_number(w, "died", c->dead);
    ngx_slack_status_member_number(w, "dead", s->dead);
    ngx_slack_status_member_number(w, "waiting", s->waiting);
    ngx_slack_status_member_number(w, "in_flight", s->in_flight);
    ngx_slack_status_member_time(w, "oldest", s->oldest);

    ngx_slack_json_writer_object_end(w);
}


static void
ngx_slack_status_json_guard(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w)
{
    ngx_uint_t  i;

    if (s->guard == NULL) {
        ngx_slack_status_member_null(w, "from_slack");
        return;
    }

    ngx_slack_status_member(w, "from_slack");
    ngx_slack_json_writer_object(w);

    for (i = 0; i < NGX_SLACK_GUARD_LAST; i++) {

        ngx_slack_status_member_number(w,
                              (char *) ngx_slack_guard_results[i].data,
                              s->guard->n[i]);
    }

    ngx_slack_json_writer_object_end(w);
}


static void
ngx_slack_status_json_workspaces(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w)
{
    ngx_uint_t                   i, k;
    ngx_slack_status_place_t    *place;
    ngx_slack_status_channel_t  *ch;

    ngx_slack_status_member(w, "workspaces");
    ngx_slack_json_writer_array(w);

    place = s->places.elts;

    for (i = 0; i < s->places.nelts; i++) {

        ngx_slack_json_writer_object(w);

        ngx_slack_status_member_text(w, "name", &place[i].name);
        ngx_slack_status_member_bool(w, "configured", place[i].configured);
        ngx_slack_status_member_bool(w, "paused", place[i].paused);
        ngx_slack_status_token_json(w, place[i].workspace);

        ngx_slack_status_member(w, "channels");
        ngx_slack_json_writer_array(w);

        ch = place[i].channels.elts;

        for (k = 0; k < place[i].channels.nelts; k++) {
            ngx_slack_status_json_channel(w, &ch[k]);
        }

        ngx_slack_json_writer_array_end(w);
        ngx_slack_json_writer_object_end(w);
    }

    ngx_slack_json_writer_array_end(w);
}


static void
ngx_slack_status_json_channel(ngx_slack_json_writer_t *w,
    ngx_slack_status_channel_t *ch)
{
    ngx_uint_t  i;

    ngx_slack_json_writer_object(w);

    ngx_slack_status_member_text(w, "name", &ch->name);
    ngx_slack_status_member_bool(w, "paused", ch->paused);
    ngx_slack_status_member_bool(w, "no_endpoint", ch->unserved);
    ngx_slack_status_member_number(w, "waiting", ch->waiting);
    ngx_slack_status_member_number(w, "in_flight", ch->in_flight);
    ngx_slack_status_member_number(w, "sent", ch->sent);
    ngx_slack_status_member_number(w, "retried", ch->retried);
    ngx_slack_status_member_number(w, "dead", ch->dead_letters);
    ngx_slack_status_member_time(w, "oldest", ch->oldest);
    ngx_slack_status_member_time(w, "last_success", ch->success);
    ngx_slack_status_member_time(w, "suspended_until", ch->suspended);
    ngx_slack_status_json_error(w, ch->failed, &ch->error);

    ngx_slack_status_member(w, "ages");
    ngx_slack_json_writer_array(w);

    for (i = 0; i < NGX_SLACK_SURVEY_AGES; i++) {
        ngx_slack_json_writer_integer(w, (int64_t) ch->ages[i]);
    }

    ngx_slack_json_writer_array_end(w);
    ngx_slack_json_writer_object_end(w);
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

        ngx_slack_json_writer_object_end(w);
    }

    ngx_slack_json_writer_array_end(w);
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
        [NGX_SLACK_COLUMN_PROJECT] = "project"
    };

    ngx_slack_status_member(w, "events");
    ngx_slack_json_writer_array(w);

    for (i = 0; i < s->nevents; i++) {

        event = &s->events[i];

        ngx_slack_json_writer_object(w);

        ngx_slack_status_member_number(w, "time", (ngx_uint_t) event->time);

        for (k = NGX_SLACK_COLUMN_SOURCE; k <= NGX_SLACK_COLUMN_PROJECT; k++) {
            word = ngx_slack_history_event_text(event,
                                                (ngx_slack_column_e) k);
            ngx_slack_status_member_text(w, names[k], &word);
        }

        ngx_slack_status_member_text(w, "result",
                                     &ngx_slack_history_names[event->result]);
        ngx_slack_status_member_number(w, "messages", event->messages);

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


static void
ngx_slack_status_json_error(ngx_slack_json_writer_t *w, time_t when,
    ngx_str_t *text)
{
    if (when == 0) {
        ngx_slack_status_member_null(w, "last_error");
        return;
    }

    ngx_slack_status_member(w, "last_error");
    ngx_slack_json_writer_object(w);
    ngx_slack_status_member_number(w, "time", (ngx_uint_t) when);
    ngx_slack_status_member_text(w, "text", text);
    ngx_slack_json_writer_object_end(w);
}
