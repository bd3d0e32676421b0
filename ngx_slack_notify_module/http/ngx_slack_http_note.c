
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Adds an event to the history: the sender, the event, its result and the
 * reason.  Runs in the event loop, once for each event.
 */


#include <ngx_slack_clock.h>
#include <ngx_slack_http.h>
#include <ngx_slack_zone.h>


static void ngx_slack_http_note_routes(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *e, ngx_str_t *text);
static int64_t ngx_slack_http_note_messages(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *e, ngx_slack_history_t *history);


static const ngx_uint_t  ngx_slack_http_counted[] = {
    [NGX_SLACK_RESULT_QUEUED] = NGX_SLACK_COUNT_QUEUED,
    [NGX_SLACK_RESULT_FILTERED] = NGX_SLACK_COUNT_FILTERED,
    [NGX_SLACK_RESULT_DUPLICATE] = NGX_SLACK_COUNT_DUPLICATE,
    [NGX_SLACK_RESULT_IGNORED] = NGX_SLACK_COUNT_IGNORED,
    [NGX_SLACK_RESULT_REJECTED] = NGX_SLACK_COUNT_REJECTED,
    [NGX_SLACK_RESULT_ERROR] = NGX_SLACK_COUNT_ERROR
};


static void ngx_slack_http_note_dead(ngx_slack_history_t *history,
    ngx_slack_entry_t *entry);


void
ngx_slack_http_note(ngx_slack_http_ctx_t *ctx, ngx_slack_http_event_t *e)
{
    u_char                     buf[NGX_SLACK_HISTORY_TEXT];
    ngx_uint_t                 result;
    ngx_slack_event_t         *event;
    ngx_slack_history_t       *history;
    ngx_slack_history_note_t   note;
    ngx_http_core_loc_conf_t  *clcf;

    history = ngx_slack_zone_history();

    if (history == NULL) {
        return;
    }

    result = e ? e->result : ctx->status;
    event = e ? e->event : ctx->event;

    ngx_memzero(&note, sizeof(ngx_slack_history_note_t));

    clcf = ngx_http_get_module_loc_conf(ctx->request, ngx_http_core_module);

    note.result = ngx_slack_http_counted[result];

    note.reason = e ? e->reason : ctx->reason;
    note.why = note.reason;
    note.location = clcf->name;
    note.event = ctx->header;

    if (ctx->reader) {
        note.source = ctx->reader->source->name;
    }

    if (event) {
        note.project = event->project;
        note.action = event->action;

        if (event->kind) {
            note.event = ngx_slack_kinds[event->kind].name;
        }
    }

    note.routes.data = buf;
    ngx_slack_http_note_routes(ctx, e, &note.routes);

    if (e && e->entry) {
        (void) ngx_atomic_fetch_add(&ngx_slack_zone_counters()->superseded,
                                    (ngx_atomic_int_t) e->entry->superseded);
        (void) ngx_atomic_fetch_add(&ngx_slack_zone_counters()->stale,
                                    (ngx_atomic_int_t) e->entry->stale);
    }

    switch (result) {

    case NGX_SLACK_RESULT_QUEUED:
        note.messages = e->entry->stored - e->entry->dead;
        note.id = ngx_slack_http_note_messages(ctx, e, history);

        (void) ngx_atomic_fetch_add(&ngx_slack_zone_counters()->appended,
                                    (ngx_atomic_int_t) e->entry->stored);

        if (e->entry->dead) {
            ngx_slack_http_note_dead(history, e->entry);
        }

        break;

    case NGX_SLACK_RESULT_IGNORED:

        if (event == NULL || event->kind == 0) {

            /* The reason is the name of the unknown event. */

            note.event = note.reason;
            ngx_str_set(&note.why, "unknown event");
        }

        break;

    case NGX_SLACK_RESULT_REJECTED:

        if (ctx->code == NGX_HTTP_BAD_REQUEST) {

            /*
             * The reason tells the position of the error; count all such
             * bodies as one cause.
             */

            ngx_str_set(&note.why, "malformed body");
        }

        break;

    case NGX_SLACK_RESULT_ERROR:

        if (ctx->entry && ctx->entry->result == NGX_SLACK_ENTRY_FULL) {
            ngx_slack_history_tell(&history->outbox_error, note.reason.data,
                                   note.reason.len, ngx_time());
        }

        break;

    default:
        break;
    }

    ngx_slack_history_event(history, &note, ngx_time());
}


/* Messages that were stored as dead letters are counted as such. */

static void
ngx_slack_http_note_dead(ngx_slack_history_t *history,
    ngx_slack_entry_t *entry)
{
    ngx_uint_t                    i, n;
    ngx_slack_new_message_t      *message;
    ngx_slack_history_channel_t  *channel;

    (void) ngx_atomic_fetch_add(&ngx_slack_zone_counters()->dead,
                                (ngx_atomic_int_t) entry->dead);

    n = entry->dead;

    for (i = 0; i < entry->nmessages && n; i++) {

        message = &entry->messages[i];

        if (message->dead.len == 0) {
            continue;
        }

        n--;

        channel = ngx_slack_history_channel(history, &message->workspace,
                                            &message->channel);

        ngx_slack_history_messages(history, channel, NGX_SLACK_COUNT_DEAD, 1,
                                   ngx_time());
    }
}


/*
 * Writes "FILE:LINE, ..." of the routes that take the event, or of the one
 * that refuses it.  Of a request that has no event these are the location's
 * routes: the first of them shows where it is configured.
 */

static void
ngx_slack_http_note_routes(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *e, ngx_str_t *text)
{
    u_char                  *p, *last;
    ngx_uint_t               i;
    ngx_slack_loc_conf_t    *slcf;
    ngx_slack_conf_route_t  *route, **routes;

    p = text->data;
    last = p + NGX_SLACK_HISTORY_TEXT;

    if (e == NULL || e->routes[0] == NULL) {

        slcf = ctx->slcf;

        if (slcf == NULL) {
            slcf = ngx_http_get_module_loc_conf(ctx->request,
                                                ngx_slack_notify_module);
        }

        if (slcf->routes && slcf->routes->nelts) {
            routes = slcf->routes->elts;
            p = ngx_slprintf(p, last, "%V:%ui", &routes[0]->file,
                             routes[0]->line);
        }

        text->len = p - text->data;

        return;
    }

    for (i = 0; i < NGX_SLACK_HTTP_ROUTES; i++) {

        route = e->routes[i];

        if (route) {
            p = ngx_slprintf(p, last, "%s%V:%ui", i ? ", " : "", &route->file,
                             route->line);
        }
    }

    if (e->ntook > i) {
        p = ngx_slprintf(p, last, ", and %ui more", e->ntook - i);
    }

    text->len = p - text->data;
}


/*
 * Notes the messages that wait now.  The ids of a request follow each other;
 * if threads wanted only some of its messages, it is not known here which
 * these are, and delivery tells it.
 */

static int64_t
ngx_slack_http_note_messages(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *e, ngx_slack_history_t *history)
{
    int64_t                   id, now;
    ngx_str_t                 none;
    ngx_uint_t                i, known;
    ngx_slack_entry_t        *entry;
    ngx_slack_new_message_t  *message;

    id = ctx->entry->id;

    if (id == 0 || e->entry->stored == 0) {
        return 0;
    }

    for (entry = ctx->entry; entry && entry != e->entry; entry = entry->next) {
        id += (int64_t) entry->stored;
    }

    ngx_str_null(&none);

    now = ngx_slack_clock_wall();
    known = (e->entry->stored == e->entry->nmessages);
    message = e->entry->messages;

    for (i = 0; i < e->entry->stored; i++) {
        ngx_slack_history_stored(history, id + (int64_t) i,
                                 known ? &message[i].workspace : &none,
                                 known ? &message[i].channel : &none, now);

        if (known && message[i].dead.len) {
            ngx_slack_history_settled(history, NULL, id + (int64_t) i,
                                      NGX_SLACK_COUNT_DEAD, &none, now, now);
        }
    }

    return id;
}
