
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Decides which routes take an event, and creates its messages.  Runs in the
 * event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_log.h>


/* "if=" and "thread" come after the filters of ngx_slack_filters[]. */
#define NGX_SLACK_HTTP_IF       (NGX_MAX_UINT32_VALUE - 2)
#define NGX_SLACK_HTTP_PERSON   (NGX_MAX_UINT32_VALUE - 1)
#define NGX_SLACK_HTTP_THREAD   NGX_MAX_UINT32_VALUE


static ngx_int_t ngx_slack_http_takes(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_slack_refusal_t *refusal);
static void ngx_slack_http_unknown(ngx_log_t *log,
    ngx_slack_conf_route_t  *route, ngx_slack_refusal_t *refusal);
static ngx_str_t *ngx_slack_http_filter_name(ngx_uint_t filter);
static ngx_int_t ngx_slack_http_verdict(ngx_http_request_t *r,
    ngx_slack_http_event_t *e, ngx_slack_conf_route_t *route,
    ngx_slack_refusal_t *refusal, ngx_uint_t taken);
static ngx_int_t ngx_slack_http_condition(ngx_http_request_t *r,
    ngx_slack_conf_route_t *route);
static void ngx_slack_http_untold(ngx_slack_http_event_t *e,
    ngx_array_t *messages);
static ngx_int_t ngx_slack_http_object(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_slack_refusal_t *refusal);


static ngx_str_t  ngx_slack_http_if = ngx_string("if");
static ngx_str_t  ngx_slack_http_of_person = ngx_string("person");
static ngx_str_t  ngx_slack_http_of_thread = ngx_string("thread");


ngx_int_t
ngx_slack_http_routes(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *e)
{
    ngx_int_t                  rc;
    ngx_uint_t                 i, furthest, remember, taken;
    ngx_array_t                targets, messages, *named;
    ngx_slack_refusal_t        refusal;
    ngx_slack_loc_conf_t      *slcf;
    ngx_slack_conf_route_t   **route;
    ngx_slack_http_verdict_t  *verdict;

    slcf = ctx->slcf;

    if (slcf == NULL) {
        slcf = ngx_http_get_module_loc_conf(r, ngx_slack_notify_module);
    }

    if (ngx_array_init(&targets, r->pool, 4, sizeof(ngx_slack_http_target_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_memzero(&refusal, sizeof(ngx_slack_refusal_t));

    furthest = 0;
    remember = 0;
    taken = 0;

    route = slcf->routes->elts;

    for (i = 0; i < slcf->routes->nelts; i++) {

        rc = ngx_slack_http_takes(r, ctx, route[i], &refusal);

        if (rc == NGX_ERROR
            || (ctx->explain
                && ngx_slack_http_verdict(r, e, route[i], &refusal,
                                          rc == NGX_OK)
                   != NGX_OK))
        {
            return NGX_ERROR;
        }

        if (ngx_slack_filter_remembers(&route[i]->filter, ctx->event)) {
            remember = 1;
        }

        if (rc == NGX_OK) {
            taken = 1;

            if (e->ntook < NGX_SLACK_HTTP_ROUTES) {
                e->routes[e->ntook] = route[i];
            }

            e->ntook++;

            if (refusal.if_changed) {
                remember = 1;
                e->unchanged = ngx_slack_http_filter_name(refusal.filter);
            }

        } else {
            if (e->ntook == 0
                && (e->routes[0] == NULL || refusal.filter > furthest))
            {
                e->routes[0] = route[i];
            }

            furthest = ngx_max(furthest, refusal.filter);

            rc = ngx_slack_http_object(r, ctx, route[i], &refusal);

            if (rc == NGX_ERROR) {
                return NGX_ERROR;
            }

            if (rc == NGX_DECLINED) {
                continue;
            }
        }

        if (ngx_slack_http_targets(r, ctx, &targets, route[i],
                                   refusal.if_changed, rc == NGX_DONE, &named)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (ctx->explain && rc == NGX_OK && route[i]->named) {
            verdict = e->verdicts->elts;
            verdict[e->verdicts->nelts - 1].channels = named;
        }
    }

    if (ngx_array_init(&messages, r->pool, ngx_max(targets.nelts, 1),
                       sizeof(ngx_slack_new_message_t))
        != NGX_OK
        || ngx_slack_http_messages(r, ctx, &targets, &messages) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (taken && messages.nelts == 0) {
        furthest = targets.nelts ? NGX_SLACK_HTTP_THREAD
                                 : NGX_SLACK_HTTP_PERSON;
    }

    if (e->unchanged == NULL || messages.nelts == 0) {
        e->unchanged = ngx_slack_http_filter_name(furthest);
    }

    if (messages.nelts == 0 && (!remember || ctx->explain)) {
        e->result = NGX_SLACK_RESULT_FILTERED;
        e->reason = *e->unchanged;

        return NGX_OK;
    }

    e->result = NGX_SLACK_RESULT_QUEUED;

    ngx_slack_http_untold(e, &messages);

    return ngx_slack_http_entry(r, ctx, e, &messages, remember);
}


/* Gives the reason why nobody is told of an event that is taken. */

static void
ngx_slack_http_untold(ngx_slack_http_event_t *e, ngx_array_t *messages)
{
    ngx_uint_t                i;
    ngx_slack_new_message_t  *message;

    message = messages->elts;

    for (i = 0; i < messages->nelts; i++) {
        if (message[i].dead.len == 0) {
            return;
        }
    }

    if (messages->nelts) {
        e->reason = message->dead;
    }
}


/*
 * Tests whether a route takes the event.  NGX_OK: it does, with
 * refusal->if_changed only if the state has changed; NGX_DECLINED: it does
 * not, and "refusal" names the filter; NGX_ERROR: no memory.
 */

static ngx_int_t
ngx_slack_http_takes(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_slack_refusal_t *refusal)
{
    if (ngx_slack_filter_test(&route->filter, ctx->event, ctx->json, ctx->set,
                              refusal)
        != NGX_OK)
    {
        if (refusal->cause) {
            ngx_slack_http_unknown(r->connection->log, route, refusal);
        }

        return NGX_DECLINED;
    }

    switch (ngx_slack_http_condition(r, route)) {

    case NGX_OK:
        return NGX_OK;

    case NGX_DECLINED:
        refusal->filter = NGX_SLACK_HTTP_IF;
        return NGX_DECLINED;

    default:
        return NGX_ERROR;
    }
}


/*
 * Tests whether an event that the route does not take changes what the route
 * shows of the event's object: it must not lie.  NGX_DONE: it does;
 * NGX_DECLINED: it does not; NGX_ERROR: no memory.
 */

static ngx_int_t
ngx_slack_http_object(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_slack_refusal_t *refusal)
{
    ngx_int_t  rc;

    refusal->if_changed = 0;

    if (route->thread.mode != NGX_SLACK_THREAD_UPDATE
        && route->thread.mode != NGX_SLACK_THREAD_BOTH)
    {
        return NGX_DECLINED;
    }

    if (ngx_slack_filter_object(&route->filter, ctx->event, ctx->json,
                                ctx->set, refusal)
        != NGX_OK)
    {
        return NGX_DECLINED;
    }

    rc = ngx_slack_http_condition(r, route);

    return (rc == NGX_OK) ? NGX_DONE : rc;
}


/*
 * Logs the cause, at most one line a minute for each.  The answer names only
 * the filter.
 */

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
        [NGX_SLACK_CAUSE_REGEX] = {
          "a regular expression reached a limit of PCRE",
          "make it simpler, for example without nested repetitions"
        },
        [NGX_SLACK_CAUSE_UNREAD] = {
          "its value was not read as a whole: it is longer than 16384 bytes, "
          "more values than are read, or an object where a value belongs",
          "filter by another field, or correct the path"
        },
        [NGX_SLACK_CAUSE_UNTOLD] = {
          "the sender does not provide it, or not all of it",
          "take such events by a route without this filter"
        }
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
    switch (filter) {

    case NGX_SLACK_HTTP_IF:
        return &ngx_slack_http_if;

    case NGX_SLACK_HTTP_PERSON:
        return &ngx_slack_http_of_person;

    case NGX_SLACK_HTTP_THREAD:
        return &ngx_slack_http_of_thread;

    default:
        return ngx_slack_filter_name(filter);
    }
}


static ngx_int_t
ngx_slack_http_verdict(ngx_http_request_t *r, ngx_slack_http_event_t *e,
    ngx_slack_conf_route_t *route, ngx_slack_refusal_t *refusal,
    ngx_uint_t taken)
{
    ngx_slack_http_verdict_t  *verdict;

    if (e->verdicts == NULL) {
        e->verdicts = ngx_array_create(r->pool, 8,
                                       sizeof(ngx_slack_http_verdict_t));
        if (e->verdicts == NULL) {
            return NGX_ERROR;
        }
    }

    verdict = ngx_array_push(e->verdicts);
    if (verdict == NULL) {
        return NGX_ERROR;
    }

    verdict->route = route;
    verdict->channels = NULL;
    verdict->taken = taken ? 1 : 0;
    verdict->if_changed = (taken && refusal->if_changed);
    verdict->reason = (taken && !refusal->if_changed)
                      ? NULL : ngx_slack_http_filter_name(refusal->filter);

    return NGX_OK;
}


/* An empty value and "0" are false, as in "if=" of access_log. */

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
