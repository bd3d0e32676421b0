
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Explains a payload: an operator posts one, and the answer tells which routes
 * would take it, which filter of the others declines it, and what the message
 * would be.  It is processed as an event (ngx_slack_http_decide.c), but
 * nothing is stored.  Runs in the event loop.
 */


#include <ngx_slack_status_member.h>
#include <ngx_slack_status.h>


static ngx_slack_conf_location_t *ngx_slack_status_explain_location(
    ngx_slack_main_conf_t      *smcf, ngx_str_t *name);
static ngx_uint_t ngx_slack_status_explain_same(
    ngx_slack_conf_location_t *location, ngx_str_t *name, ngx_uint_t server);
static ngx_int_t ngx_slack_status_explain_which(ngx_http_request_t *r,
    ngx_slack_main_conf_t      *smcf, ngx_str_t *name);
static ngx_int_t ngx_slack_status_explain_read(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *body);
static ngx_int_t ngx_slack_status_explain_answer(ngx_http_request_t *r,
    ngx_slack_http_ctx_t  *ctx, ngx_slack_conf_location_t *location);
static ngx_int_t ngx_slack_status_explain_event(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *event, ngx_slack_json_writer_t *w);
static void ngx_slack_status_explain_routes(ngx_array_t *verdicts,
    ngx_slack_json_writer_t *w);
static void ngx_slack_status_explain_channels(
    ngx_slack_http_verdict_t *verdict, ngx_slack_json_writer_t *w);
static ngx_int_t ngx_slack_status_explain_message(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *event, ngx_slack_json_writer_t *w);


ngx_int_t
ngx_slack_status_explain_handler(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                   rc;
    ngx_str_t                   name;
    ngx_slack_http_ctx_t       *ctx;
    ngx_slack_main_conf_t      *smcf;
    ngx_slack_conf_location_t  *location;

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

    rc = ngx_slack_status_explain_answer(r, ctx, location);

    /* variables and the log must not show this request as an event */

    ctx->status = NGX_SLACK_RESULT_NONE;

    return rc;
}


/*
 * Finds the location with this name, or with the names of server and location.
 * Without a name it is the only location, or the first if all have the same
 * routes.
 */

static ngx_slack_conf_location_t *
ngx_slack_status_explain_location(ngx_slack_main_conf_t *smcf, ngx_str_t *name)
{
    ngx_uint_t                  i;
    ngx_slack_conf_location_t  *location, *found;

    location = smcf->locations.elts;
    found = NULL;

    for (i = 0; i < smcf->locations.nelts; i++) {

        if (name->len) {

            if (ngx_slack_status_explain_same(&location[i], name, 1)) {
                return &location[i];
            }

            if (!ngx_slack_status_explain_same(&location[i], name, 0)) {
                continue;
            }
        }

        if (found && found->slcf->routes != location[i].slcf->routes) {
            return NULL;
        }

        if (found == NULL) {
            found = &location[i];
        }
    }

    return found;
}


/* "server": the name of the server precedes that of the location */

static ngx_uint_t
ngx_slack_status_explain_same(ngx_slack_conf_location_t *location,
    ngx_str_t *name, ngx_uint_t server)
{
    size_t  len;

    len = server ? location->server.len : 0;

    return name->len == len + location->name.len
           && (len == 0
               || ngx_memcmp(name->data, location->server.data, len) == 0)
           && ngx_memcmp(name->data + len, location->name.data,
                         location->name.len)
              == 0;
}


static ngx_int_t
ngx_slack_status_explain_which(ngx_http_request_t *r,
    ngx_slack_main_conf_t *smcf, ngx_str_t *name)
{
    u_char                     *p;
    ngx_str_t                   label;
    ngx_uint_t                  i, k, code;
    ngx_slack_text_t            text;
    ngx_slack_json_writer_t     w;
    ngx_slack_conf_location_t  *location;

    location = smcf->locations.elts;

    ngx_slack_text_init(&text, r->pool, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&w, &text);

    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_lit(&w, "error");

    if (smcf->locations.nelts == 0) {
        ngx_slack_json_writer_lit(&w, "no location has routes");

    } else if (name->len) {
        ngx_slack_json_writer_lit(&w, "no location of that name has routes, "
                                  "or several: name one");

    } else {
        ngx_slack_json_writer_lit(&w, "several locations have routes: name "
                                  "one");
    }

    ngx_slack_json_writer_lit(&w, "locations");
    ngx_slack_json_writer_array(&w);

    for (i = 0; i < smcf->locations.nelts; i++) {

        label = location[i].name;

        for (k = 0; k < smcf->locations.nelts; k++) {
            if (k != i && ngx_slack_status_explain_same(&location[k], &label,
                                                        0)) {
                break;
            }
        }

        if (k < smcf->locations.nelts) {

            /* a location of another server has the same name */

            label.len = location[i].server.len + location[i].name.len;
            label.data = ngx_pnalloc(r->pool, label.len);
            if (label.data == NULL) {
                return NGX_HTTP_INTERNAL_SERVER_ERROR;
            }

            p = ngx_copy(label.data, location[i].server.data,
                         location[i].server.len);
            ngx_memcpy(p, location[i].name.data, location[i].name.len);
        }

        ngx_slack_json_writer_shown(&w, &label);
    }

    ngx_slack_json_writer_array_end(&w);
    ngx_slack_json_writer_object_end(&w);

    if (ngx_slack_json_writer_done(&w) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    code = (name->len || smcf->locations.nelts == 0) ? NGX_HTTP_NOT_FOUND
                                                     : NGX_HTTP_BAD_REQUEST;

    return ngx_slack_status_send_json(r, code, &text);
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


static ngx_int_t
ngx_slack_status_explain_answer(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_location_t *location)
{
    ngx_uint_t               i, n;
    ngx_slack_text_t         text;
    ngx_slack_http_event_t  *event, rejected;
    ngx_slack_json_writer_t  w;

    ngx_slack_text_init(&text, r->pool, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&w, &text);

    ngx_slack_json_writer_object(&w);

    ngx_slack_status_member_text(&w, "location", &location->name);
    ngx_slack_status_member_text(&w, "source", &ctx->reader->source->name);

    /* a rejected body has no events */

    ngx_memzero(&rejected, sizeof(ngx_slack_http_event_t));

    rejected.result = ctx->status;
    rejected.reason = ctx->reason;

    event = &rejected;
    n = ctx->list.nevents;

    for (i = 0; i < n; i++) {
        if (ctx->events[i].event == ctx->event) {
            event = &ctx->events[i];
        }
    }

    if (ngx_slack_status_explain_event(ctx, event, &w) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (n > 1) {
        ngx_slack_json_writer_lit(&w, "events");
        ngx_slack_json_writer_array(&w);

        for (i = 0; i < n; i++) {
            ngx_slack_json_writer_object(&w);

            if (ngx_slack_status_explain_event(ctx, &ctx->events[i], &w)
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
    ngx_slack_http_event_t *event, ngx_slack_json_writer_t *w)
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
    ngx_slack_status_explain_threads(event, w);

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
