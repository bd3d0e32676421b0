
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What to do with an event whose body was read: which routes take it, and the
 * messages it makes.  Runs in the event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_log.h>


/* the last that can say no, after all of ngx_slack_filters[] */
#define NGX_SLACK_HTTP_IF       NGX_MAX_UINT32_VALUE


static ngx_int_t ngx_slack_http_verify_body(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static ngx_int_t ngx_slack_http_event(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static void ngx_slack_http_recognise(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static ngx_int_t ngx_slack_http_routes(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static ngx_int_t ngx_slack_http_takes(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_slack_refusal_t *refusal);
static void ngx_slack_http_unknown(ngx_log_t *log,
    ngx_slack_conf_route_t  *route, ngx_slack_refusal_t *refusal);
static ngx_str_t *ngx_slack_http_filter_name(ngx_uint_t filter);
static ngx_int_t ngx_slack_http_verdict(ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t  *route, ngx_int_t rc, ngx_uint_t filter);
static ngx_int_t ngx_slack_http_condition(ngx_http_request_t *r,
    ngx_slack_conf_route_t *route);
static ngx_int_t ngx_slack_http_messages(ngx_slack_http_ctx_t *ctx,
    ngx_array_t *messages, ngx_slack_conf_route_t *route, ngx_str_t *body,
    ngx_uint_t changed);


static ngx_str_t  ngx_slack_http_if = ngx_string("if");


void
ngx_slack_http_result(ngx_slack_http_ctx_t *ctx, ngx_uint_t code,
    ngx_uint_t status, ngx_str_t *reason)
{
    ngx_slack_loc_conf_t  *slcf;

    ctx->code = code;
    ctx->status = status;

    if (reason) {
        ctx->reason = *reason;
    }

    ctx->state = NGX_SLACK_STATE_ANSWER;

    if (ctx->verdicts) {
        return;
    }

    ngx_slack_http_note(ctx);

    if (!ctx->tap) {
        return;
    }

    /* a tapped request goes on unless it may not come in or was not stored */

    slcf = ngx_http_get_module_loc_conf(ctx->request, ngx_slack_notify_module);

    if (code == NGX_HTTP_UNAUTHORIZED
        || (code == NGX_HTTP_SERVICE_UNAVAILABLE
            && slcf->on_error == NGX_SLACK_ON_ERROR_FAIL))
    {
        return;
    }

    ctx->state = NGX_SLACK_STATE_PASS;
}


void
ngx_slack_http_decide(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_int_t  rc;
    ngx_str_t  reason;

    if (ctx->collect) {
        /* read for slack_status */
        return;
    }

    rc = ngx_slack_http_verify_body(r, ctx);

    if (rc == NGX_OK) {
        rc = ngx_slack_http_event(r, ctx);
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_http_routes(r, ctx);
    }

    if (rc == NGX_ERROR) {
        ngx_str_set(&reason, "internal error");

        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "slack notify: no memory, or the body was not read; the "
                      "event is not stored");

        ngx_slack_http_result(ctx, NGX_HTTP_SERVICE_UNAVAILABLE,
                              NGX_SLACK_RESULT_ERROR, &reason);
    }
}


/* NGX_DECLINED: the result is known, here and below */

static ngx_int_t
ngx_slack_http_verify_body(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_int_t  rc;
    ngx_str_t  reason;

    if (ctx->failed) {
        return NGX_ERROR;
    }

    if (ctx->form) {
        (void) ngx_slack_form_end(ctx->form);
    }

    rc = ngx_slack_http_auth_body(r, ctx);

    if (rc == NGX_HTTP_UNAUTHORIZED) {
        ngx_str_set(&reason, "unauthorized");

        ngx_slack_http_result(ctx, NGX_HTTP_UNAUTHORIZED,
                              NGX_SLACK_RESULT_REJECTED, &reason);
        return NGX_DECLINED;
    }

    if (rc == NGX_OK && ctx->decided) {
        ngx_slack_http_result(ctx, ctx->code, ctx->status, NULL);
        return NGX_DECLINED;
    }

    return rc;
}


static ngx_int_t
ngx_slack_http_event(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    char      *error;
    off_t      offset;
    ngx_int_t  rc;
    ngx_str_t  reason;

    if (ctx->form && !ctx->form->found) {
        ngx_str_set(&reason, "form without payload");

        ngx_slack_http_result(ctx, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                              NGX_SLACK_RESULT_REJECTED, &reason);
        return NGX_DECLINED;
    }

    if (ngx_slack_json_is_empty(ctx->json)) {
        ngx_str_set(&reason, "body is empty");

        ngx_slack_http_result(ctx, NGX_HTTP_BAD_REQUEST,
                              NGX_SLACK_RESULT_REJECTED, &reason);
        return NGX_DECLINED;
    }

    rc = ngx_slack_json_finish(ctx->json);

    if (rc == NGX_DECLINED) {
        error = ngx_slack_json_error(ctx->json, &offset);

        reason.data = ngx_pnalloc(r->pool, 64 + NGX_OFF_T_LEN);
        if (reason.data == NULL) {
            return NGX_ERROR;
        }

        reason.len = ngx_sprintf(reason.data, "body %s at byte %O", error,
                                 offset)
                     - reason.data;

        ngx_slack_http_result(ctx, NGX_HTTP_BAD_REQUEST,
                              NGX_SLACK_RESULT_REJECTED, &reason);
        return NGX_DECLINED;
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    if (ctx->any) {
        ngx_slack_http_recognise(r, ctx);
    }

    ngx_str_null(&reason);

    rc = ngx_slack_reader_event(ctx->reader, ctx->json, &ctx->header, r->pool,
                                &ctx->event, &reason);

    if (rc == NGX_DECLINED) {
        ngx_slack_http_result(ctx, NGX_HTTP_OK, NGX_SLACK_RESULT_IGNORED,
                              &reason);
    }

    return rc;
}


/* the first sender whose marks the body has, else it stays the first of all */

static void
ngx_slack_http_recognise(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_uint_t              i;
    ngx_slack_reader_t    **reader;
    ngx_slack_main_conf_t  *smcf;

    smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

    reader = smcf->any.elts;

    for (i = 0; i < smcf->any.nelts; i++) {
        if (ngx_slack_reader_recognises(reader[i], ctx->json)) {
            ctx->reader = reader[i];
            return;
        }
    }
}


static ngx_int_t
ngx_slack_http_routes(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_int_t                 rc;
    ngx_str_t                 body, *reason;
    ngx_uint_t                i, furthest, remember;
    ngx_array_t               messages;
    ngx_slack_refusal_t       refusal;
    ngx_slack_loc_conf_t     *slcf;
    ngx_slack_conf_route_t  **route;

    slcf = ctx->slcf;

    if (slcf == NULL) {
        slcf = ngx_http_get_module_loc_conf(r, ngx_slack_notify_module);
    }

    if (ngx_array_init(&messages, r->pool, 4, sizeof(ngx_slack_new_message_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_memzero(&refusal, sizeof(ngx_slack_refusal_t));

    body.len = 0;
    furthest = 0;
    remember = 0;

    route = slcf->routes->elts;

    for (i = 0; i < slcf->routes->nelts; i++) {

        rc = ngx_slack_http_takes(r, ctx, route[i], &refusal);

        if (rc == NGX_ERROR
            || ngx_slack_http_verdict(ctx, route[i], rc, refusal.filter)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (ngx_slack_filter_remembers(&route[i]->filter, ctx->event)) {
            remember = 1;
        }

        if (rc == NGX_DECLINED) {
            furthest = ngx_max(furthest, refusal.filter);
            continue;
        }

        if (body.len == 0
            && ngx_slack_message_attachment(ctx->event, r->pool, &body)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (rc == NGX_AGAIN) {
            remember = 1;
            ctx->unchanged = ngx_slack_filter_name(refusal.filter);
        }

        if (ngx_slack_http_messages(ctx, &messages, route[i], &body,
                                    rc == NGX_AGAIN)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (messages.nelts == 0) {
        reason = ngx_slack_http_filter_name(furthest);

        if (!remember || ctx->verdicts) {
            ngx_slack_http_result(ctx, NGX_HTTP_OK, NGX_SLACK_RESULT_FILTERED,
                                  reason);
            return NGX_DECLINED;
        }

        ctx->unchanged = reason;
    }

    if (ngx_slack_http_entry(r, ctx, &messages, remember) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ctx->verdicts) {
        ngx_slack_http_result(ctx, NGX_HTTP_ACCEPTED, NGX_SLACK_RESULT_QUEUED,
                              NULL);
        return NGX_DECLINED;
    }

    return ngx_slack_http_store(r, ctx);
}


/* NGX_AGAIN: if it has changed; NGX_DECLINED: the filter says no */

static ngx_int_t
ngx_slack_http_takes(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_slack_refusal_t *refusal)
{
    ngx_int_t  rc;

    rc = ngx_slack_filter_test(&route->filter, ctx->event, ctx->json,
                               ctx->set, refusal);

    if (rc == NGX_DECLINED) {

        if (refusal->cause) {
            ngx_slack_http_unknown(r->connection->log, route, refusal);
        }

        return NGX_DECLINED;
    }

    switch (ngx_slack_http_condition(r, route)) {

    case NGX_OK:
        return rc;

    case NGX_DECLINED:
        refusal->filter = NGX_SLACK_HTTP_IF;
        return NGX_DECLINED;

    default:
        return NGX_ERROR;
    }
}


/* a line a minute for each cause; the answer names the filter only */

static void
ngx_slack_http_unknown(ngx_log_t *log, ngx_slack_conf_route_t *route,
    ngx_slack_refusal_t *refusal)
{
    u_char      buf[sizeof(" (PCRE: )") + NGX_INT_T_LEN];
    ngx_str_t  *name, error, none;
    ngx_uint_t  cause;

    static struct {
        char    *what;
        char    *advice;
    } causes[NGX_SLACK_CAUSE_LAST] = {
        { "", "" },
        { "a regular expression reached a limit of PCRE",
          "make it simpler, for example without nested repetitions" },
        { "its value was not read as a whole: it is longer than 16384 bytes, "
          "more values than are read, or an object where a value belongs",
          "filter by another field, or see to the path" },
        { "the sender does not tell it, or not all of it",
          "take such events by a route without this filter" }
    };

    cause = refusal->cause;

    if (!ngx_slack_log_allowed(NGX_SLACK_RARE_FILTER, cause)) {
        return;
    }

    name = ngx_slack_http_filter_name(refusal->filter);

    ngx_str_null(&none);
    ngx_str_null(&error);

    if (cause == NGX_SLACK_CAUSE_REGEX) {
        error.data = buf;
        error.len = ngx_sprintf(buf, " (PCRE: %i)", refusal->patterns.error)
                    - buf;
    }

    ngx_slack_log(NGX_LOG_WARN, log, 0,
                  "slack notify: \"%V%s%V\" of the slack_route in %V:%ui "
                  "refused an event: %s%V; %s",
                  name, refusal->path ? " " : "",
                  refusal->path ? refusal->path : &none, &route->file,
                  route->line, causes[cause].what, &error,
                  causes[cause].advice);
}


static ngx_str_t *
ngx_slack_http_filter_name(ngx_uint_t filter)
{
    return (filter == NGX_SLACK_HTTP_IF) ? &ngx_slack_http_if
                                         : ngx_slack_filter_name(filter);
}


static ngx_int_t
ngx_slack_http_verdict(ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_int_t rc, ngx_uint_t filter)
{
    ngx_slack_http_verdict_t  *verdict;

    if (ctx->verdicts == NULL) {
        return NGX_OK;
    }

    verdict = ngx_array_push(ctx->verdicts);
    if (verdict == NULL) {
        return NGX_ERROR;
    }

    verdict->route = route;
    verdict->rc = rc;
    verdict->reason = (rc == NGX_OK) ? NULL
                                     : ngx_slack_http_filter_name(filter);

    return NGX_OK;
}


/* as "if" of access_log: empty and "0" are false */

static ngx_int_t
ngx_slack_http_condition(ngx_http_request_t *r, ngx_slack_conf_route_t *route)
{
    ngx_str_t                  value;
    ngx_uint_t                 i;
    ngx_http_complex_value_t  *condition;

    if (route->conditions == NULL) {
        return NGX_OK;
    }

    condition = route->conditions->elts;

    for (i = 0; i < route->conditions->nelts; i++) {

        if (ngx_http_complex_value(r, &condition[i], &value) != NGX_OK) {
            return NGX_ERROR;
        }

        if (value.len == 0 || (value.len == 1 && value.data[0] == '0')) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/* one for each channel that has none of this event yet */

static ngx_int_t
ngx_slack_http_messages(ngx_slack_http_ctx_t *ctx, ngx_array_t *messages,
    ngx_slack_conf_route_t *route, ngx_str_t *body, ngx_uint_t changed)
{
    ngx_str_t                *channel, none;
    ngx_uint_t                i, k, n;
    ngx_slack_new_message_t  *message;

    ngx_str_null(&none);

    n = route->channels->nelts;
    channel = route->channels->elts;

    if (n == 0) {

        /* the webhook's own */

        n = 1;
        channel = &none;
    }

    for (i = 0; i < n; i++) {

        message = messages->elts;

        for (k = 0; k < messages->nelts; k++) {
            if (message[k].workspace.data == route->workspace->name.data
                && message[k].channel.len == channel[i].len
                && ngx_memcmp(message[k].channel.data, channel[i].data,
                              channel[i].len)
                   == 0)
            {
                break;
            }
        }

        if (k < messages->nelts) {

            /* a route without a condition of its own wins */

            if (!changed) {
                message[k].changed = 0;
            }

            continue;
        }

        message = ngx_array_push(messages);
        if (message == NULL) {
            return NGX_ERROR;
        }

        message->workspace = route->workspace->name;
        message->channel = channel[i];
        message->envelope = route->envelope;
        message->body = *body;
        message->changed = changed ? 1 : 0;
    }

    return NGX_OK;
}
