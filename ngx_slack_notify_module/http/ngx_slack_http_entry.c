
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the outbox is given of an event: its messages, the key by which it is
 * known when it comes again, and the states that are remembered.  Runs in the
 * event loop.
 */


#include <ngx_slack_http.h>


/* a longer delivery id is kept as its digest */
#define NGX_SLACK_DELIVERY_MAX  128


static ngx_int_t ngx_slack_http_pipeline_state(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static ngx_int_t ngx_slack_http_alert_states(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
static ngx_int_t ngx_slack_http_key(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *key, ngx_str_t *a, ngx_str_t *b);


ngx_int_t
ngx_slack_http_entry(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_array_t *records, ngx_uint_t remember)
{
    ngx_str_t                  none;
    ngx_slack_entry_t         *entry;
    ngx_http_core_loc_conf_t  *clcf;

    entry = ngx_pcalloc(r->pool, sizeof(ngx_slack_entry_t));
    if (entry == NULL) {
        return NGX_ERROR;
    }

    ctx->entry = entry;

    entry->event = ngx_slack_kinds[ctx->event->kind].name;
    entry->project = ctx->event->project;
    entry->records = records->elts;
    entry->nrecords = records->nelts;

    /* two locations may hear of one delivery, each with routes of its own */

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ngx_str_null(&none);

    if (ctx->delivery.len
        && ngx_slack_http_key(r, ctx, &entry->key, &clcf->name,
                              &ctx->delivery)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!remember) {
        return NGX_OK;
    }

    return ctx->event->identities.nelts
           ? ngx_slack_http_alert_states(r, ctx)
           : ngx_slack_http_pipeline_state(r, ctx);
}


static ngx_int_t
ngx_slack_http_pipeline_state(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_str_t           ref;
    ngx_slack_state_t  *state;

    state = ngx_pcalloc(r->pool, sizeof(ngx_slack_state_t));
    if (state == NULL) {
        return NGX_ERROR;
    }

    ctx->entry->states = state;
    ctx->entry->nstates = 1;

    state->value = ctx->event->action;

    /* the first success ever is no news, the first failure is */

    state->first = (state->value.len == sizeof("failed") - 1
                    && ngx_memcmp(state->value.data, "failed",
                                  sizeof("failed") - 1)
                       == 0);

    ref = ctx->event->ref;

    if (ctx->event->series.len
        && ngx_slack_http_key(r, ctx, &ref, &ref, &ctx->event->series)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_http_key(r, ctx, &state->key, &ctx->event->project,
                              &ref);
}


/* two locations may hear of one alert, see above */

static ngx_int_t
ngx_slack_http_alert_states(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_str_t                  place;
    ngx_uint_t                 i, n;
    ngx_slack_state_t         *states;
    ngx_slack_identity_t      *identity;
    ngx_http_core_loc_conf_t  *clcf;
    ngx_http_core_srv_conf_t  *cscf;

    n = ctx->event->identities.nelts;
    identity = ctx->event->identities.elts;

    states = ngx_palloc(r->pool, n * sizeof(ngx_slack_state_t));
    if (states == NULL) {
        return NGX_ERROR;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    cscf = ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    if (ngx_slack_http_key(r, ctx, &place, &cscf->server_name, &clcf->name)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        states[i].value = identity[i].state;
        states[i].first = 1;

        if (ngx_slack_http_key(r, ctx, &states[i].key, &place,
                               &identity[i].key)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ctx->entry->states = states;
    ctx->entry->nstates = n;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_key(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_str_t *key, ngx_str_t *a, ngx_str_t *b)
{
    u_char     *p;
    ngx_str_t   s;

    s.len = a->len + 1 + b->len;
    s.data = ngx_pnalloc(r->pool, s.len);
    if (s.data == NULL) {
        return NGX_ERROR;
    }

    p = s.data;

    /* an empty string may have no data */

    if (a->len) {
        p = ngx_cpymem(p, a->data, a->len);
    }

    *p++ = LF;

    if (b->len) {
        ngx_memcpy(p, b->data, b->len);
    }

    if (s.len <= NGX_SLACK_DELIVERY_MAX) {
        *key = s;
        return NGX_OK;
    }

    key->data = ngx_pnalloc(r->pool, NGX_SLACK_HMAC_LEN);
    if (key->data == NULL) {
        return NGX_ERROR;
    }

    key->len = NGX_SLACK_HMAC_LEN;

    return ngx_slack_sha256(&s, key->data);
}
