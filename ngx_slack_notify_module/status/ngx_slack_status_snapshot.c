
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Takes the snapshot: combines the workspaces and channels of the
 * configuration, the outbox and the history in one list.  Runs in a pool
 * thread; the parts of the configuration that it reads do not change.
 */


#include <ngx_slack_clock.h>
#include <ngx_slack_hint.h>
#include <ngx_slack_status_state.h>
#include <ngx_slack_pace.h>
#include <ngx_slack_zone.h>


/*
 * Channels of a workspace from which on those are omitted that only the outbox
 * remembers.
 */

#define NGX_SLACK_SNAPSHOT_CHANNELS  20000

/* seconds; a shorter Retry-After is not worth showing */

#define NGX_SLACK_SNAPSHOT_WAIT      60

/* seconds for which an error of the outbox is shown */

#define NGX_SLACK_SNAPSHOT_OUTBOX_ERROR   3600


static ngx_int_t ngx_slack_snapshot_configured(ngx_slack_status_snapshot_t *s);
static ngx_int_t ngx_slack_snapshot_counted(ngx_slack_status_snapshot_t *s);
static ngx_int_t ngx_slack_snapshot_outbox(ngx_slack_status_snapshot_t *s,
    ngx_slack_outbox_t *outbox);
static ngx_int_t ngx_slack_snapshot_surveyed(ngx_slack_status_snapshot_t *s,
    ngx_slack_survey_channel_t *survey);
static void ngx_slack_snapshot_suspended(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_channel_t  *ch, ngx_slack_survey_channel_t *survey);
static ngx_int_t ngx_slack_snapshot_paused(ngx_slack_status_snapshot_t *s,
    ngx_slack_survey_pause_t *pause);
static ngx_int_t ngx_slack_snapshot_dead_letter(ngx_slack_status_snapshot_t *s,
    ngx_slack_survey_dead_letter_t *dead);
static ngx_int_t ngx_slack_snapshot_history(ngx_slack_status_snapshot_t *s);


/* the groups in which the engine counts, see NGX_SLACK_SURVEY_AGES */

ngx_str_t  ngx_slack_status_ages[NGX_SLACK_SURVEY_AGES] = {
    ngx_string("< 1 min"),
    ngx_string("1-5 min"),
    ngx_string("5-15 min"),
    ngx_string("15-60 min"),
    ngx_string("1-6 h"),
    ngx_string("6-24 h"),
    ngx_string("> 24 h")
};


/* executed in a pool thread, as are all functions below */

ngx_int_t
ngx_slack_status_snapshot_take(ngx_slack_status_snapshot_t *s,
    ngx_slack_outbox_t *outbox)
{
    s->now = (time_t) (ngx_slack_clock_wall() / 1000);
    s->history = ngx_slack_zone_history();
    s->counters = ngx_slack_zone_counters();
    s->guard = ngx_slack_guard_counters((ngx_cycle_t *) ngx_cycle);

    if (ngx_array_init(&s->places, s->pool, 4,
                       sizeof(ngx_slack_status_place_t))
        != NGX_OK
        || ngx_array_init(&s->dead_letters, s->pool, 4,
                          sizeof(ngx_slack_status_dead_letter_t))
           != NGX_OK
        || ngx_slack_snapshot_configured(s) != NGX_OK
        || ngx_slack_snapshot_counted(s) != NGX_OK
        || ngx_slack_snapshot_history(s) != NGX_OK)
    {
        return NGX_ERROR;
    }

    s->ok = (outbox == NULL || ngx_slack_snapshot_outbox(s, outbox) == NGX_OK);

    s->leads = (s->history && s->history->leader);
    s->led = (s->leads || s->leader.len);

    return ngx_slack_status_judge(s);
}


static ngx_int_t
ngx_slack_snapshot_outbox(ngx_slack_status_snapshot_t *s,
    ngx_slack_outbox_t *outbox)
{
    ngx_uint_t                       i;
    ngx_slack_survey_t              *survey;
    ngx_slack_survey_pause_t        *pause;
    ngx_slack_survey_channel_t      *ch;
    ngx_slack_survey_dead_letter_t  *dead_letter;

    survey = ngx_slack_status_survey_take(s, outbox);

    if (survey == NULL) {
        return NGX_ERROR;
    }

    s->size = survey->size;
    s->more = survey->more;

    if (ngx_slack_status_copy(s->pool, &s->leader, &survey->leader)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ch = survey->channels.elts;

    for (i = 0; i < survey->channels.nelts; i++) {
        if (ngx_slack_snapshot_surveyed(s, &ch[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    pause = survey->pauses.elts;

    for (i = 0; i < survey->pauses.nelts; i++) {
        if (ngx_slack_snapshot_paused(s, &pause[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (s->ndead == 0) {
        return NGX_OK;
    }

    dead_letter = survey->dead_letters.elts;

    for (i = 0; i < survey->dead_letters.nelts; i++) {
        if (ngx_slack_snapshot_dead_letter(s, &dead_letter[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * Adds the channels that routes and workspaces name, even if they have had no
 * message yet.
 */

static ngx_int_t
ngx_slack_snapshot_configured(ngx_slack_status_snapshot_t *s)
{
    ngx_str_t                 *name, none;
    ngx_uint_t                 i, k, n;
    ngx_slack_workspace_t     *ws;
    ngx_slack_conf_route_t   **route;
    ngx_slack_status_place_t  *place;

    ngx_str_null(&none);

    ws = s->smcf->workspaces.elts;

    for (i = 0; i < s->smcf->workspaces.nelts; i++) {

        place = ngx_slack_status_place(s, &ws[i].name);
        if (place == NULL) {
            return NGX_ERROR;
        }

        place->configured = 1;
        place->workspace = &ws[i];
    }

    route = s->smcf->routes.elts;

    for (i = 0; i < s->smcf->routes.nelts; i++) {

        place = ngx_slack_status_place(s, &route[i]->workspace->name);
        if (place == NULL) {
            return NGX_ERROR;
        }

        n = route[i]->channels->nelts;
        name = route[i]->channels->elts;

        if (n == 0 && route[i]->named == NULL) {
            n = 1;
            name = &none;
        }

        for (k = 0; k < n; k++) {
            if (ngx_slack_status_channel(s, place, &name[k]) == NULL) {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_snapshot_counted(ngx_slack_status_snapshot_t *s)
{
    ngx_str_t                     workspace, name;
    ngx_uint_t                    i;
    ngx_slack_status_place_t     *place;
    ngx_slack_history_text_t      error;
    ngx_slack_status_channel_t   *ch;
    ngx_slack_history_channel_t  *counts;

    if (s->history == NULL) {
        return NGX_OK;
    }

    for (i = 0; i <= NGX_SLACK_HISTORY_CHANNELS; i++) {

        counts = &s->history->channels[i];

        s->in_flight += counts->in_flight;

        if (!counts->used) {
            continue;
        }

        /* once set, these names do not change */

        workspace.data = counts->workspace;
        workspace.len = counts->workspace_len;
        name.data = counts->channel;
        name.len = counts->channel_len;

        place = ngx_slack_status_place(s, &workspace);
        if (place == NULL) {
            return NGX_ERROR;
        }

        ch = ngx_slack_status_channel(s, place, &name);
        if (ch == NULL) {
            return NGX_ERROR;
        }

        ch->sent = counts->sent;
        ch->retried = counts->retried;
        ch->dead = counts->dead;
        ch->in_flight = counts->in_flight;
        ch->success = (time_t) counts->success;

        if ((time_t) counts->held > s->now) {
            ch->suspended = (time_t) counts->held;
            ch->refused = counts->refused ? 1 : 0;
        }

        ngx_slack_history_read(&counts->error, &error);

        if (error.time) {
            name.data = error.data;
            name.len = error.len;

            ch->failed = error.time;

            if (ngx_slack_status_copy(s->pool, &ch->error, &name)
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_snapshot_surveyed(ngx_slack_status_snapshot_t *s,
    ngx_slack_survey_channel_t *survey)
{
    ngx_uint_t                   i;
    ngx_slack_status_place_t    *place;
    ngx_slack_status_channel_t  *ch;

    s->waiting += survey->waiting;
    s->dead += survey->dead;

    if (survey->oldest
        && (s->oldest == 0 || survey->oldest / 1000 < s->oldest))
    {
        s->oldest = (time_t) (survey->oldest / 1000);
    }

    place = ngx_slack_status_place(s, &survey->workspace);
    if (place == NULL) {
        return NGX_ERROR;
    }

    /* omit an empty channel that is not configured any more */

    if (!place->configured && survey->waiting == 0 && survey->dead == 0) {
        return NGX_OK;
    }

    if (place->channels.nelts >= NGX_SLACK_SNAPSHOT_CHANNELS) {
        return NGX_OK;
    }

    ch = ngx_slack_status_channel(s, place, &survey->channel);
    if (ch == NULL) {
        return NGX_ERROR;
    }

    ch->unserved = survey->unserved;
    ch->waiting = survey->waiting;
    ch->oldest = (time_t) (survey->oldest / 1000);
    ch->dead_letters = survey->dead;
    ch->first = survey->first;
    ch->next = (time_t) ((survey->not_before + 999) / 1000);
    ch->failures = survey->failures & ~NGX_SLACK_PACE_HELD;

    if (survey->failures & NGX_SLACK_PACE_HELD) {
        ch->held = 1;
    }

    for (i = 0; i < NGX_SLACK_SURVEY_AGES; i++) {
        ch->ages[i] = survey->ages[i];
    }

    ngx_slack_snapshot_suspended(s, ch, survey);

    if (ch->failed == 0 && survey->answer.len) {

        /* the error is older than the history */

        ch->failed = (time_t) (survey->settled / 1000);

        return ngx_slack_status_copy(s->pool, &ch->error, &survey->answer);
    }

    return NGX_OK;
}


static void
ngx_slack_snapshot_suspended(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_channel_t *ch, ngx_slack_survey_channel_t *survey)
{
    time_t  until;

    until = (time_t) (survey->not_before / 1000);

    if (survey->waiting == 0 || survey->failures == 0 || until <= s->now) {
        return;
    }

    if ((survey->failures & NGX_SLACK_PACE_HELD)
        && until - s->now < NGX_SLACK_SNAPSHOT_WAIT)
    {
        return;
    }

    ch->suspended = ngx_max(ch->suspended, until);
}


/* a whole workspace, or one of its channels */

static ngx_int_t
ngx_slack_snapshot_paused(ngx_slack_status_snapshot_t *s,
    ngx_slack_survey_pause_t *pause)
{
    ngx_slack_status_place_t    *place;
    ngx_slack_status_channel_t  *ch;

    place = ngx_slack_status_place(s, &pause->workspace);
    if (place == NULL) {
        return NGX_ERROR;
    }

    if (pause->whole) {
        place->paused = 1;
        return NGX_OK;
    }

    ch = ngx_slack_status_channel(s, place, &pause->channel);
    if (ch == NULL) {
        return NGX_ERROR;
    }

    ch->paused = 1;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_snapshot_dead_letter(ngx_slack_status_snapshot_t *s,
    ngx_slack_survey_dead_letter_t *dead)
{
    ngx_int_t                        rc;
    ngx_str_t                        message;
    ngx_slack_hint_t                 hint;
    ngx_slack_status_dead_letter_t  *dead_letter;

    dead_letter = ngx_array_push(&s->dead_letters);
    if (dead_letter == NULL) {
        return NGX_ERROR;
    }

    dead_letter->id = dead->id;
    dead_letter->died = (time_t) (dead->died / 1000);
    dead_letter->attempts = dead->attempts;
    ngx_str_null(&dead_letter->message);
    dead_letter->hint = NULL;

    s->last_died = dead->died;

    if (ngx_slack_status_copy(s->pool, &dead_letter->workspace,
                                &dead->workspace)
        != NGX_OK
        || ngx_slack_status_copy(s->pool, &dead_letter->channel,
                                   &dead->channel)
           != NGX_OK
        || ngx_slack_status_copy(s->pool, &dead_letter->event, &dead->event)
           != NGX_OK
        || ngx_slack_status_copy(s->pool, &dead_letter->project,
                                   &dead->project)
           != NGX_OK
        || ngx_slack_status_copy(s->pool, &dead_letter->answer,
                                   &dead->answer)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_slack_hint_find((char *) dead_letter->answer.data, &hint);
    dead_letter->hint = hint.hint;

    if (ngx_slack_status_message(s->smcf, &dead->workspace, &dead->channel,
                                 &dead->envelope, &dead->body, &message)
        != NGX_OK)
    {
        return NGX_OK;
    }

    rc = NGX_OK;

    /* the outbox may have been edited by hand */

    if (ngx_slack_json_is_valid(&message)) {

        dead_letter->message.data = ngx_pnalloc(s->pool, message.len);
        if (dead_letter->message.data == NULL) {
            rc = NGX_ERROR;

        } else {
            ngx_memcpy(dead_letter->message.data, message.data, message.len);
            dead_letter->message.len = message.len;
        }
    }

    free(message.data);

    return rc;
}


static ngx_int_t
ngx_slack_snapshot_history(ngx_slack_status_snapshot_t *s)
{
    ngx_uint_t  i, minute;

    if (s->history == NULL) {
        return NGX_OK;
    }

    s->events = ngx_palloc(s->pool, NGX_SLACK_HISTORY_EVENTS
                                    * sizeof(ngx_slack_history_event_t));
    if (s->events == NULL) {
        return NGX_ERROR;
    }

    s->nevents = ngx_slack_history_events(s->history, s->events);

    minute = (ngx_uint_t) s->now / 60 - (NGX_SLACK_HISTORY_MINUTES - 1);

    for (i = 0; i < NGX_SLACK_HISTORY_MINUTES; i++) {
        ngx_slack_history_minute(s->history, minute + i, &s->minutes[i]);
    }

    ngx_slack_history_read(&s->history->outbox_error, &s->outbox_error);

    if (s->outbox_error.time + NGX_SLACK_SNAPSHOT_OUTBOX_ERROR < s->now) {
        s->outbox_error.time = 0;
    }

    return NGX_OK;
}
