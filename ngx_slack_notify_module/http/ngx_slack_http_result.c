
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Sets the result of a request: that of its events, or of what was decided
 * before them.  History, answer and variables show it.  Runs in the
 * event loop.
 */


#include <ngx_slack_http.h>


static void ngx_slack_http_finish(ngx_slack_http_ctx_t *ctx);


ngx_str_t  ngx_slack_http_results[] = {
    [NGX_SLACK_RESULT_NONE] = ngx_string(""),
    [NGX_SLACK_RESULT_QUEUED] = ngx_string("queued"),
    [NGX_SLACK_RESULT_FILTERED] = ngx_string("filtered"),
    [NGX_SLACK_RESULT_DUPLICATE] = ngx_string("duplicate"),
    [NGX_SLACK_RESULT_IGNORED] = ngx_string("ignored"),
    [NGX_SLACK_RESULT_REJECTED] = ngx_string("rejected"),
    [NGX_SLACK_RESULT_ERROR] = ngx_string("error")
};


/*
 * The results of an event: the code of the answer, and a rank.  The answer to
 * several events has the result with the highest rank.
 */

static const struct {
    ngx_uint_t  code;
    ngx_uint_t  rank;
} ngx_slack_http_ranks[] = {
    [NGX_SLACK_RESULT_IGNORED] = { NGX_HTTP_OK, 1 },
    [NGX_SLACK_RESULT_FILTERED] = { NGX_HTTP_OK, 2 },
    [NGX_SLACK_RESULT_DUPLICATE] = { NGX_HTTP_OK, 3 },
    [NGX_SLACK_RESULT_QUEUED] = { NGX_HTTP_ACCEPTED, 4 },
    [NGX_SLACK_RESULT_ERROR] = { NGX_HTTP_SERVICE_UNAVAILABLE, 5 }
};


void
ngx_slack_http_result(ngx_slack_http_ctx_t *ctx, ngx_uint_t code,
    ngx_uint_t status, ngx_str_t *reason)
{
    ctx->code = code;
    ctx->status = status;

    if (reason) {
        ctx->reason = *reason;
    }

    if (!ctx->explain) {
        ngx_slack_http_note(ctx, NULL);
    }

    ngx_slack_http_finish(ctx);
}


void
ngx_slack_http_settle(ngx_slack_http_ctx_t *ctx)
{
    ngx_uint_t               i, shown;
    ngx_slack_http_event_t  *event, *strongest;

    event = ctx->events;
    strongest = event;
    shown = ctx->list.nevents;

    for (i = 0; i < ctx->list.nevents; i++) {

        if (ngx_slack_http_ranks[event[i].result].rank
            > ngx_slack_http_ranks[strongest->result].rank)
        {
            strongest = &event[i];
        }

        if (event[i].result == NGX_SLACK_RESULT_QUEUED) {
            shown = ngx_min(shown, i);
            ctx->messages += event[i].entry->stored
                             - event[i].entry->dead;
        }

        if (!ctx->explain) {
            ngx_slack_http_note(ctx, &event[i]);
        }
    }

    if (shown == ctx->list.nevents) {
        shown = 0;
    }

    if (ctx->list.nevents > 1) {
        ngx_slack_events_select(&ctx->list, shown);
        ngx_slack_http_flush(ctx);
    }

    ctx->event = event[shown].event;

    ctx->code = ngx_slack_http_ranks[strongest->result].code;
    ctx->status = strongest->result;
    ctx->reason = strongest->reason;

    ngx_slack_http_finish(ctx);
}


static void
ngx_slack_http_finish(ngx_slack_http_ctx_t *ctx)
{
    ngx_slack_loc_conf_t  *slcf;

    ctx->state = NGX_SLACK_STATE_ANSWER;

    if (!ctx->tap) {
        return;
    }

    /*
     * A tapped request continues with the upstream, unless it is not
     * authorized, or was not stored and slack_on_error is "fail".
     */

    slcf = ngx_http_get_module_loc_conf(ctx->request, ngx_slack_notify_module);

    if (ctx->code == NGX_HTTP_UNAUTHORIZED
        || (ctx->code == NGX_HTTP_SERVICE_UNAVAILABLE
            && slcf->on_error == NGX_SLACK_ON_ERROR_FAIL))
    {
        return;
    }

    ctx->state = NGX_SLACK_STATE_PASS;
}
