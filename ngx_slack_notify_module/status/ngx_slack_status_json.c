
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * status.json: the snapshot as JSON, and its arguments.  The handler runs in
 * the event loop, the writer in a pool thread.
 */


#include <ngx_slack_client.h>
#include <ngx_slack_status_json.h>
#include <ngx_slack_status_member.h>
#include <ngx_slack_status_token.h>
#include <ngx_slack_status_state.h>


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
static void ngx_slack_status_json_place(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w, ngx_slack_status_place_t *place,
    ngx_uint_t *found);
static void ngx_slack_status_json_channel(ngx_slack_json_writer_t *w,
    ngx_slack_status_channel_t *ch);
static void ngx_slack_status_json_verdict(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);


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

    s->ndead = NGX_SLACK_DEAD_LETTERS_DEFAULT;

    return ngx_slack_status_report_asked(job, s, 0);
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

    if (s->leads) {
        ngx_slack_status_member_number(&w, "leader", s->history->leader);

    } else {
        ngx_slack_status_member_null(&w, "leader");
    }

    ngx_slack_status_member_time(&w, "leader_since",
                                 s->leads
                                 ? (time_t) s->history->led : 0);
    ngx_slack_status_member_text(&w, "host",
                                 (ngx_str_t *) &ngx_cycle->hostname);
    ngx_slack_status_json_verdict(s, &w);

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
    ngx_slack_status_json_lists(s, &w);

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

    ngx_slack_status_json_error(w, s->outbox_error.time, &text, NULL);

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
    ngx_uint_t                 i, found;
    ngx_slack_status_place_t  *place;

    ngx_slack_status_member(w, "workspaces");
    ngx_slack_json_writer_array(w);

    place = s->places.elts;
    found = 0;

    for (i = 0; i < s->places.nelts; i++) {
        ngx_slack_status_json_place(s, w, &place[i], &found);
    }

    ngx_slack_json_writer_array_end(w);

    if (s->ask.from + s->ask.channels < found) {
        ngx_slack_status_member_number(w, "channels_next",
                                       s->ask.from + s->ask.channels);

    } else {
        ngx_slack_status_member_null(w, "channels_next");
    }
}


/* "found" counts the channels that are asked for, over all workspaces */

static void
ngx_slack_status_json_place(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w, ngx_slack_status_place_t *place,
    ngx_uint_t *found)
{
    ngx_uint_t                    k;
    ngx_slack_status_channel_t  **ch;

    ngx_slack_json_writer_object(w);

    ngx_slack_status_member_text(w, "name", &place->name);
    ngx_slack_status_member_bool(w, "configured", place->configured);
    ngx_slack_status_member_bool(w, "paused", place->paused);
    ngx_slack_status_token_json(w, place->workspace);

    ngx_slack_status_member(w, "channels");
    ngx_slack_json_writer_array(w);

    ch = place->channels.elts;

    for (k = 0; k < place->channels.nelts; k++) {

        if (!ch[k]->asked) {
            continue;
        }

        if (*found >= s->ask.from
            && *found - s->ask.from < s->ask.channels)
        {
            ngx_slack_status_json_channel(w, ch[k]);
        }

        (*found)++;
    }

    ngx_slack_json_writer_array_end(w);
    ngx_slack_json_writer_object_end(w);
}


static void
ngx_slack_status_json_verdict(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w)
{
    ngx_uint_t  i;

    static ngx_str_t  grades[] = {
        [NGX_SLACK_GRADE_GOOD] = ngx_string("good"),
        [NGX_SLACK_GRADE_WARN] = ngx_string("warn"),
        [NGX_SLACK_GRADE_BAD] = ngx_string("bad")
    };

    ngx_slack_status_member(w, "verdict");
    ngx_slack_json_writer_object(w);

    ngx_slack_status_member_text(w, "text", &s->verdict);
    ngx_slack_status_member_text(w, "grade", &grades[s->grade]);
    ngx_slack_status_member_number(w, "needs", s->needing);

    ngx_slack_status_member(w, "states");
    ngx_slack_json_writer_object(w);

    for (i = 0; i < NGX_SLACK_STAND_LAST; i++) {
        ngx_slack_status_member_number(w,
                            (char *) ngx_slack_status_states[i].name.data,
                            s->states[i]);
    }

    ngx_slack_json_writer_object_end(w);
    ngx_slack_json_writer_object_end(w);
}


static void
ngx_slack_status_json_channel(ngx_slack_json_writer_t *w,
    ngx_slack_status_channel_t *ch)
{
    ngx_str_t   advice;
    ngx_uint_t  i;

    ngx_slack_json_writer_object(w);

    ngx_slack_status_member_text(w, "name", &ch->name);
    ngx_slack_status_member_text(w, "state",
                       (ngx_str_t *) &ngx_slack_status_states[ch->state].name);
    ngx_slack_status_member_time(w, "until", ch->until);
    ngx_slack_status_member_bool(w, "needs", ch->needs);

    if (ch->needs && ngx_slack_status_advice(ch)) {
        advice.data = (u_char *) ngx_slack_status_advice(ch);
        advice.len = ngx_strlen(advice.data);
        ngx_slack_status_member_text(w, "advice", &advice);

    } else {
        ngx_slack_status_member_null(w, "advice");
    }

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
    ngx_slack_status_json_error(w, ch->failed, &ch->error, ch->hint);

    ngx_slack_status_member(w, "ages");
    ngx_slack_json_writer_array(w);

    for (i = 0; i < NGX_SLACK_SURVEY_AGES; i++) {
        ngx_slack_json_writer_integer(w, (int64_t) ch->ages[i]);
    }

    ngx_slack_json_writer_array_end(w);
    ngx_slack_json_writer_object_end(w);
}
