
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the history hears of an event: who sent what, its result, and why.
 * Runs in the event loop, once for each event.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_zone.h>


void
ngx_slack_http_note(ngx_slack_http_ctx_t *ctx)
{
    ngx_slack_history_t       *history;
    ngx_slack_history_note_t   note;
    ngx_http_core_loc_conf_t  *clcf;

    history = ngx_slack_zone_history();

    if (history == NULL) {
        return;
    }

    ngx_memzero(&note, sizeof(ngx_slack_history_note_t));

    clcf = ngx_http_get_module_loc_conf(ctx->request, ngx_http_core_module);

    /* the first ones of both are in the same order */

    note.result = ctx->status - NGX_SLACK_RESULT_QUEUED;

    note.reason = ctx->reason;
    note.why = ctx->reason;
    note.location = clcf->name;
    note.event = ctx->header;

    if (ctx->reader) {
        note.source = ctx->reader->source->name;
    }

    if (ctx->event) {
        note.project = ctx->event->project;
        note.action = ctx->event->action;

        if (ctx->event->kind) {
            note.event = ngx_slack_kinds[ctx->event->kind].name;
        }
    }

    switch (ctx->status) {

    case NGX_SLACK_RESULT_QUEUED:
        note.messages = ctx->entry->stored;
        break;

    case NGX_SLACK_RESULT_IGNORED:

        if (ctx->event == NULL || ctx->event->kind == 0) {

            /* the reason is the name of what is not known */

            note.event = ctx->reason;
            ngx_str_set(&note.why, "unknown event");
        }

        break;

    case NGX_SLACK_RESULT_REJECTED:

        if (ctx->code == NGX_HTTP_BAD_REQUEST) {

            /* it tells where the error is */

            ngx_str_set(&note.why, "malformed body");
        }

        break;

    default:
        break;
    }

    ngx_slack_history_event(history, &note, ngx_time());

    if (ctx->status == NGX_SLACK_RESULT_QUEUED) {
        (void) ngx_atomic_fetch_add(&ngx_slack_zone_counters()->appended,
                                    (ngx_atomic_int_t) note.messages);

    } else if (ctx->status == NGX_SLACK_RESULT_ERROR && ctx->entry
               && ctx->entry->rc == NGX_BUSY)
    {
        ngx_slack_history_tell(&history->outbox_error, ctx->reason.data,
                               ctx->reason.len, ngx_time());
    }
}
