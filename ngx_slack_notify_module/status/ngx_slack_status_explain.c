
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Explains a payload: an operator posts one, and the answer tells which routes
 * would take it, which filter of the others declines it, and what the message
 * would be.  It is processed as an event (ngx_slack_http_decide.c), but
 * nothing is stored.  Runs in the event loop; only threads are looked for in a
 * pool thread.
 */


#include <ngx_slack_status_member.h>
#include <ngx_slack_status.h>


typedef struct {
    ngx_slack_http_ctx_t       *ctx;
    ngx_slack_conf_location_t  *location;
    ngx_slack_http_event_t     *event;       /* the one of the answer */
    ngx_slack_http_event_t      rejected;    /* that, if there is none */

    /* of each event, or of the rejected one: array of
       ngx_slack_status_root_t */
    ngx_array_t               **roots;
    ngx_uint_t                  nroots;
} ngx_slack_status_explained_t;


static ngx_int_t ngx_slack_status_explain_read(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *body);
static ngx_slack_status_explained_t *ngx_slack_status_explain_result(
    ngx_http_request_t *r, ngx_slack_conf_location_t *location);
static ngx_int_t ngx_slack_status_explain_post(ngx_http_request_t *r,
    ngx_slack_status_explained_t *explained);
static void ngx_slack_status_explain_work(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox);
static ngx_int_t ngx_slack_status_explain_done(ngx_slack_status_job_t *job);
static ngx_int_t ngx_slack_status_explain_answer(ngx_http_request_t *r,
    ngx_slack_status_explained_t *explained);
static ngx_int_t ngx_slack_status_explain_event(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *event, ngx_array_t *roots,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_explain_routes(ngx_array_t *verdicts,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_explain_channels(
    ngx_slack_http_verdict_t *verdict, ngx_slack_json_writer_t *w);
static ngx_int_t ngx_slack_status_explain_message(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *event, ngx_slack_json_writer_t *w);


ngx_int_t
ngx_slack_status_explain_handler(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_str_t                      name;
    ngx_slack_http_ctx_t          *ctx;
    ngx_slack_main_conf_t         *smcf;
    ngx_slack_conf_location_t     *location;
    ngx_slack_status_explained_t  *explained;

    smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);
    ctx = ngx_http_get_module_ctx(r, ngx_slack_notify_module);

    if (ngx_slack_status_arg(r, "location", &name) == NGX_ERROR
        || ngx_slack_status_arg(r, "event", &ctx->header) == NGX_ERROR)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    location = ngx_slack_status_explain_location(smcf, &name);

    if (location == NULL) {
        return ngx_slack_status_explain_which(r, smcf, &name);
    }

    ctx->slcf = location->slcf;

    ctx->explain = 1;

    if (ngx_slack_status_explain_read(r, ctx, body) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* the body was collected; from here on it is read as an event */

    ctx->collect = NULL;

    ngx_slack_http_decide(r, ctx);

    ctx->state = NGX_SLACK_STATE_ANSWERED;

    if (ctx->status == NGX_SLACK_RESULT_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    explained = ngx_slack_status_explain_result(r, location);

    /* variables and the log must not show this request as an event */

    ctx->status = NGX_SLACK_RESULT_NONE;

    if (explained == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return explained->nroots ? ngx_slack_status_explain_post(r, explained)
                             : ngx_slack_status_explain_answer(r, explained);
}


static ngx_int_t
ngx_slack_status_explain_read(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_str_t *body)
{
    ngx_uint_t              i;
    ngx_slack_main_conf_t  *smcf;

    smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

    i = ctx->slcf->source;

    ngx_slack_http_choose(ctx, smcf, (i == NGX_SLACK_AUTO)
                                     ? smcf->readers.nelts : i);

    ctx->json = ngx_slack_json_create(ctx->reader->paths, r->pool);
    if (ctx->json == NULL) {
        return NGX_ERROR;
    }

    /* a malformed text is reported at its end */

    return (ngx_slack_json_parse(ctx->json, body->data, body->len)
            == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}


/* What was decided about the request; NULL: no memory. */

static ngx_slack_status_explained_t *
ngx_slack_status_explain_result(ngx_http_request_t *r,
    ngx_slack_conf_location_t *location)
{
    ngx_uint_t                     i, n;
    ngx_slack_http_ctx_t          *ctx;
    ngx_slack_http_event_t        *event;
    ngx_slack_status_explained_t  *explained;

    ctx = ngx_http_get_module_ctx(r, ngx_slack_notify_module);

    explained = ngx_pcalloc(r->pool, sizeof(ngx_slack_status_explained_t));
    if (explained == NULL) {
        return NULL;
    }

    explained->ctx = ctx;
    explained->location = location;

    /* a rejected body has no events */

    explained->rejected.result = ctx->status;
    explained->rejected.reason = ctx->reason;
    explained->event = &explained->rejected;

    n = ngx_max(ctx->list.nevents, 1);

    explained->roots = ngx_palloc(r->pool, n * sizeof(ngx_array_t *));
    if (explained->roots == NULL) {
        return NULL;
    }

    for (i = 0; i < n; i++) {

        event = &explained->rejected;

        if (ctx->list.nevents) {
            event = &ctx->events[i];

            if (event->event == ctx->event) {
                explained->event = event;
            }
        }

        explained->roots[i] = ngx_slack_status_explain_roots(event, r->pool);

        if (explained->roots[i] == NULL) {
            return NULL;
        }

        explained->nroots += explained->roots[i]->nelts;
    }

    return explained;
}


static ngx_int_t
ngx_slack_status_explain_post(ngx_http_request_t *r,
    ngx_slack_status_explained_t *explained)
{
    ngx_slack_status_job_t  *job;

    job = ngx_slack_status_job_create(r);
    if (job == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_slack_status_job_reads(job, explained, ngx_slack_status_explain_work,
                               ngx_slack_status_explain_done);

    return ngx_slack_status_job_post(job);
}


/* executed in a pool thread; events have workspaces, so there is an outbox */

static void
ngx_slack_status_explain_work(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox)
{
    ngx_slack_status_explained_t  *explained = job->data;

    ngx_uint_t  i, n;

    n = ngx_max(explained->ctx->list.nevents, 1);

    for (i = 0; i < n; i++) {
        ngx_slack_status_explain_look(explained->roots[i], outbox);
    }

    job->rc = NGX_OK;
}


static ngx_int_t
ngx_slack_status_explain_done(ngx_slack_status_job_t *job)
{
    return ngx_slack_status_explain_answer(job->request, job->data);
}


static ngx_int_t
ngx_slack_status_explain_answer(ngx_http_request_t *r,
    ngx_slack_status_explained_t *explained)
{
    ngx_uint_t                i, n;
    ngx_slack_text_t          text;
    ngx_slack_http_ctx_t     *ctx;
    ngx_slack_json_writer_t   w;

    ctx = explained->ctx;
    n = ctx->list.nevents;
    i = n ? (ngx_uint_t) (explained->event - ctx->events) : 0;

    ngx_slack_text_init(&text, r->pool, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&w, &text);

    ngx_slack_json_writer_object(&w);

    ngx_slack_status_member_text(&w, "location", &explained->location->name);
    ngx_slack_status_member_text(&w, "source", &ctx->reader->source->name);

    if (ngx_slack_status_explain_event(ctx, explained->event,
                                       explained->roots[i], &w)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (n > 1) {
        ngx_slack_json_writer_lit(&w, "events");
        ngx_slack_json_writer_array(&w);

        for (i = 0; i < n; i++) {
            ngx_slack_json_writer_object(&w);

            if (ngx_slack_status_explain_event(ctx, &ctx->events[i],
                                               explained->roots[i], &w)
                != NGX_OK)
            {
                return NGX_HTTP_INTERNAL_SERVER_ERROR;
            }

            ngx_slack_json_writer_object_end(&w);
        }

        ngx_slack_json_writer_array_end(&w);
    }

    ngx_slack_json_writer_object_end(&w);

    if (ngx_slack_json_writer_done(&w) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_send_json(r, NGX_HTTP_OK, &text);
}


/* writes the members of an event; NGX_ERROR: no memory */

static ngx_int_t
ngx_slack_status_explain_event(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *event, ngx_array_t *roots,
    ngx_slack_json_writer_t *w)
{
    ngx_str_t           none, name;
    ngx_slack_event_t  *e;

    ngx_str_null(&none);

    e = event->event;
    name = ctx->header;

    if (e && e->kind) {
        name = ngx_slack_kinds[e->kind].name;
    }

    ngx_slack_status_member_text(w, "event", &name);
    ngx_slack_status_member_text(w, "action", e ? &e->action : &none);
    ngx_slack_status_member_text(w, "project", e ? &e->project : &none);
    ngx_slack_status_member_text(w, "result",
                                 &ngx_slack_http_results[event->result]);
    ngx_slack_status_member_text(w, "reason", &event->reason);

    ngx_slack_status_explain_routes(event->verdicts, w);
    ngx_slack_status_explain_threads(roots, w);

    return ngx_slack_status_explain_message(ctx, event, w);
}


static void
ngx_slack_status_explain_routes(ngx_array_t *verdicts,
    ngx_slack_json_writer_t *w)
{
    ngx_str_t                  none;
    ngx_uint_t                 i, n;
    ngx_slack_conf_route_t    *route;
    ngx_slack_http_verdict_t  *verdict;

    ngx_str_null(&none);

    ngx_slack_json_writer_lit(w, "routes");
    ngx_slack_json_writer_array(w);

    n = verdicts ? verdicts->nelts : 0;
    verdict = verdicts ? verdicts->elts : NULL;

    for (i = 0; i < n; i++) {

        route = verdict[i].route;

        ngx_slack_json_writer_object(w);

        ngx_slack_status_member_text(w, "file", &route->file);
        ngx_slack_status_member_number(w, "line", route->line);
        ngx_slack_status_member_text(w, "workspace", &route->workspace->name);

        ngx_slack_json_writer_lit(w, "channels");
        ngx_slack_status_explain_channels(&verdict[i], w);

        ngx_slack_json_writer_lit(w, "format");
        ngx_slack_json_writer_string(w,
                              ngx_slack_message_formats[route->format].data,
                              ngx_slack_message_formats[route->format].len);

        ngx_slack_status_member_bool(w, "taken", verdict[i].taken);
        ngx_slack_status_member_bool(w, "only_if_changed",
                                     verdict[i].if_changed);
        ngx_slack_status_member_text(w, "reason",
                                     verdict[i].reason ? verdict[i].reason
                                                     : &none);
        ngx_slack_json_writer_object_end(w);
    }

    ngx_slack_json_writer_array_end(w);
}


/* Those with variables have values only if the route takes the event. */

static void
ngx_slack_status_explain_channels(ngx_slack_http_verdict_t *verdict,
    ngx_slack_json_writer_t *w)
{
    ngx_str_t               *name;
    ngx_uint_t               i;
    ngx_slack_conf_named_t  *named;
    ngx_slack_conf_route_t  *route;

    ngx_slack_json_writer_array(w);

    route = verdict->route;
    name = route->channels->elts;

    for (i = 0; i < route->channels->nelts; i++) {
        ngx_slack_json_writer_shown(w, &name[i]);
    }

    if (verdict->channels) {
        name = verdict->channels->elts;

        for (i = 0; i < verdict->channels->nelts; i++) {
            ngx_slack_json_writer_shown(w, &name[i]);
        }

    } else if (route->named) {
        named = route->named->elts;

        for (i = 0; i < route->named->nelts; i++) {
            ngx_slack_json_writer_shown(w, &named[i].source);
        }

    } else if (route->channels->nelts == 0) {

        /* the webhook's channel */

        ngx_slack_json_writer_lit(w, "");
    }

    ngx_slack_json_writer_array_end(w);
}


/* writes the message as the first of the channels would get it */

static ngx_int_t
ngx_slack_status_explain_message(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *event, ngx_slack_json_writer_t *w)
{
    ngx_str_t                 text;
    ngx_slack_main_conf_t    *smcf;
    ngx_slack_new_message_t  *message;

    if (event->result != NGX_SLACK_RESULT_QUEUED) {
        ngx_slack_status_member_null(w, "message");
        return NGX_OK;
    }

    message = event->entry->messages;
    smcf = ngx_http_get_module_main_conf(ctx->request,
                                         ngx_slack_notify_module);

    if (ngx_slack_status_message(smcf, &message->workspace, &message->channel,
                                 &message->envelope, &message->body, &text)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_slack_status_member_json(w, "message", &text);

    free(text.data);

    return NGX_OK;
}
