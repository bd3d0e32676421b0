
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Passes the entries of a request to the outbox, and continues the request
 * when they are stored.  Runs in the event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_http_wait.h>


static void ngx_slack_http_stored(ngx_slack_entry_t *entry);
static void ngx_slack_http_store_result(ngx_slack_http_ctx_t *ctx,
    ngx_uint_t result, ngx_str_t *reason);


ngx_slack_writer_t  *ngx_slack_http_commit;


ngx_int_t
ngx_slack_http_store(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_int_t  rc;
    ngx_str_t  reason;

    ctx->entry->handler = ngx_slack_http_stored;
    ctx->entry->data = ctx;
    ctx->state = NGX_SLACK_STATE_STORING;

    rc = ngx_slack_commit_post(ngx_slack_http_commit, ctx->entry);

    if (rc == NGX_BUSY) {
        ngx_str_set(&reason, "too many requests wait for the outbox");
        ngx_slack_http_store_result(ctx, NGX_SLACK_RESULT_ERROR, &reason);
        ngx_slack_http_settle(ctx);

        return NGX_OK;
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_http_block(r);

    return NGX_OK;
}


static void
ngx_slack_http_stored(ngx_slack_entry_t *entry)
{
    ngx_str_t                reason;
    ngx_uint_t               i;
    ngx_http_request_t      *r;
    ngx_slack_http_ctx_t    *ctx;
    ngx_slack_http_event_t  *event;

    ctx = entry->data;
    r = ctx->request;

    ngx_slack_http_unblock(r);

    event = ctx->events;

    switch (entry->result) {

    case NGX_SLACK_ENTRY_STORED:
    case NGX_SLACK_ENTRY_UNCHANGED:

        for (i = 0; i < ctx->list.nevents; i++) {

            if (event[i].entry == NULL) {
                continue;
            }

            if (event[i].entry->stored) {
                event[i].result = NGX_SLACK_RESULT_QUEUED;

            } else {
                event[i].result = NGX_SLACK_RESULT_FILTERED;

                if (event[i].entry->stale) {
                    ngx_str_set(&event[i].reason, "stale");

                } else {
                    event[i].reason = *event[i].unchanged;
                }
            }
        }

        break;

    case NGX_SLACK_ENTRY_DUPLICATE:
        ngx_str_null(&reason);
        ngx_slack_http_store_result(ctx, NGX_SLACK_RESULT_DUPLICATE, &reason);
        break;

    default:    /* FULL, FAILED, UNKNOWN */

        if (entry->result == NGX_SLACK_ENTRY_FULL) {
            ngx_str_set(&reason, "outbox is full");

        } else {
            ngx_str_set(&reason, "outbox is failing");
        }

        ngx_slack_http_store_result(ctx, NGX_SLACK_RESULT_ERROR, &reason);
        break;
    }

    ngx_slack_http_settle(ctx);

    ngx_slack_http_resume(r);
}


/* Sets the result of each event that has an entry. */

static void
ngx_slack_http_store_result(ngx_slack_http_ctx_t *ctx, ngx_uint_t result,
    ngx_str_t *reason)
{
    ngx_uint_t               i;
    ngx_slack_http_event_t  *event;

    event = ctx->events;

    for (i = 0; i < ctx->list.nevents; i++) {
        if (event[i].entry) {
            event[i].result = result;
            event[i].reason = *reason;
        }
    }
}
