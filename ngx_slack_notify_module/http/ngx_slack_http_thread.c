
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What a message is to its thread, by the "thread" of its route and by what
 * the event belongs to.  Runs in the event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_clock.h>


/* bytes; a longer key is replaced by its digest */
#define NGX_SLACK_HTTP_THREAD_KEY     128

/* bytes of the digest that are kept, as hexadecimal digits */
#define NGX_SLACK_HTTP_THREAD_DIGEST  16


static ngx_int_t ngx_slack_http_thread_object(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_slack_object_e *belongs, ngx_str_t *key);
static ngx_int_t ngx_slack_http_thread_custom(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_slack_object_e *belongs, ngx_str_t *key);
static ngx_int_t ngx_slack_http_thread_key(ngx_http_request_t *r,
    ngx_str_t *key, ngx_str_t *scope, ngx_str_t *value);


ngx_int_t
ngx_slack_http_thread(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_slack_new_part_t *part,
    ngx_uint_t *history)
{
    int64_t              now;
    ngx_slack_event_t   *event;
    ngx_slack_object_e   belongs;

    ngx_memzero(part, sizeof(ngx_slack_new_part_t));
    *history = 0;

    if (route->thread.mode == NGX_SLACK_THREAD_OFF) {
        return NGX_OK;
    }

    event = ctx->event;

    if (ngx_slack_http_thread_object(r, ctx, route, &belongs, &part->key)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (part->key.len == 0) {
        return NGX_OK;
    }

    part->keep = route->thread.keep;

    /* The next firing of an alert that was resolved is another incident. */

    part->ends = (event->kind == NGX_SLACK_EVENT_ALERT && event->final
                  && route->thread.key == NULL);

    if (belongs == NGX_SLACK_OBJECT_START) {
        part->part = NGX_SLACK_NEW_START;
        return NGX_OK;
    }

    part->broadcast = (route->thread.broadcast
                       && ngx_slack_filter_has(route->thread.broadcast, event)
                          == NGX_OK);

    part->whole = (belongs == NGX_SLACK_OBJECT_WHOLE);

    /*
     * Without a clock each event is news.  A sender whose clock is wrong must
     * not make all that follows stale.
     */

    if (part->whole && event->belongs == NGX_SLACK_OBJECT_WHOLE) {
        now = ngx_slack_clock_wall();

        part->stamp = ngx_min(event->stamp, now);
        part->clock = event->kind;
        part->final = event->final;
    }

    if (part->whole && route->thread.mode != NGX_SLACK_THREAD_REPLY) {
        part->part = NGX_SLACK_NEW_STATE;

        *history = part->broadcast
                   || route->thread.mode == NGX_SLACK_THREAD_BOTH;

        return NGX_OK;
    }

    if (route->thread.mode == NGX_SLACK_THREAD_UPDATE) {
        return NGX_DECLINED;
    }

    part->part = NGX_SLACK_NEW_REPLY;

    return NGX_OK;
}


/*
 * Sets the key of the thread, an empty one if there is no thread, and how the
 * event belongs to it.
 */

static ngx_int_t
ngx_slack_http_thread_object(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_slack_object_e *belongs, ngx_str_t *key)
{
    ngx_str_t           none, object;
    ngx_uint_t          merge_requests;
    ngx_slack_event_t  *event;

    if (route->thread.key) {
        return ngx_slack_http_thread_custom(r, ctx, route, belongs, key);
    }

    event = ctx->event;

    merge_requests = route->filter.kinds
                     & ((ngx_uint_t) 1 << NGX_SLACK_EVENT_MERGE_REQUEST);

    /*
     * A pipeline of a merge request replies to it; but where nothing else
     * tells of the merge request, the pipeline's own state would be lost.
     */

    if (event->parent.len
        && (route->thread.mode == NGX_SLACK_THREAD_REPLY
            || (route->thread.mode == NGX_SLACK_THREAD_BOTH
                && merge_requests)))
    {
        *belongs = NGX_SLACK_OBJECT_PART;
        object = event->parent;

    } else {
        *belongs = event->belongs;
        object = event->object;
    }

    if (*belongs == NGX_SLACK_OBJECT_NONE || object.len == 0) {
        ngx_str_null(key);
        return NGX_OK;
    }

    if (event->kind == NGX_SLACK_EVENT_ALERT) {

        /* Two locations may receive the same alert, each for its own team. */

        if (ngx_slack_http_place(r, ctx) != NGX_OK) {
            return NGX_ERROR;
        }

        return ngx_slack_http_thread_key(r, key, &ctx->place, &object);
    }

    ngx_str_null(&none);

    return ngx_slack_http_thread_key(r, key, &none, &object);
}


static ngx_int_t
ngx_slack_http_thread_custom(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_slack_object_e *belongs, ngx_str_t *key)
{
    ngx_str_t            value, scope;
    ngx_slack_event_t   *event;

    const ngx_slack_kind_t  *kind;

    event = ctx->event;
    kind = &ngx_slack_kinds[event->kind];

    if (ngx_http_complex_value(r, route->thread.key, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    if (value.len == 0) {
        ngx_str_null(key);
        return NGX_OK;
    }

    /* No value lets a confidential event follow one that is not. */

    if (kind->confidential) {
        scope = kind->name;

    } else {
        ngx_str_set(&scope, "key");
    }

    switch (event->kind) {

    case NGX_SLACK_EVENT_NOTE:
    case NGX_SLACK_EVENT_CONFIDENTIAL_NOTE:
    case NGX_SLACK_EVENT_EMOJI:
    case NGX_SLACK_EVENT_JOB:
        *belongs = NGX_SLACK_OBJECT_PART;
        break;

    default:
        *belongs = NGX_SLACK_OBJECT_WHOLE;
    }

    return ngx_slack_http_thread_key(r, key, &scope, &value);
}


/* Operators read keys, so only a long or unprintable one is hashed. */

static ngx_int_t
ngx_slack_http_thread_key(ngx_http_request_t *r, ngx_str_t *key,
    ngx_str_t *scope, ngx_str_t *value)
{
    u_char      *p, digest[NGX_SLACK_HMAC_LEN];
    size_t       i;
    ngx_str_t    s;
    ngx_uint_t   plain;

    s.len = scope->len + 1 + value->len;
    s.data = ngx_pnalloc(r->pool, ngx_max(s.len,
                                          2 * NGX_SLACK_HTTP_THREAD_DIGEST));
    if (s.data == NULL) {
        return NGX_ERROR;
    }

    /* An empty string may have no data. */

    p = s.data;

    if (scope->len) {
        p = ngx_cpymem(p, scope->data, scope->len);
    }

    *p++ = ' ';
    ngx_memcpy(p, value->data, value->len);

    plain = (s.len <= NGX_SLACK_HTTP_THREAD_KEY);

    for (i = 0; plain && i < s.len; i++) {

        if (s.data[i] == LF) {
            s.data[i] = ' ';
        }

        plain = (s.data[i] >= 0x20 && s.data[i] < 0x7f);
    }

    if (plain) {
        *key = s;

        if (scope->len == 0) {
            key->data++;
            key->len--;
        }

        return NGX_OK;
    }

    if (ngx_slack_sha256(&s, digest) != NGX_OK) {
        return NGX_ERROR;
    }

    key->data = s.data;
    key->len = ngx_hex_dump(s.data, digest, NGX_SLACK_HTTP_THREAD_DIGEST)
               - s.data;

    return NGX_OK;
}
