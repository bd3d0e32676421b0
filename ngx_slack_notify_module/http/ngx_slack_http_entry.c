
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Creates the entry of an event for the outbox: its messages, the key that
 * detects a repeated delivery, and the states to remember.  Runs in the
 * event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_equal.h>


/* bytes; of a longer delivery id the digest is stored */
#define NGX_SLACK_DELIVERY_MAX  128


/* ms by which the clock of a sender may be ahead; what is later is cut */
#define NGX_SLACK_AHEAD         3600000


/* bytes of a URI's SHA-256 that are kept, as hexadecimal digits */
#define NGX_SLACK_URI_HASH      16


static ngx_int_t ngx_slack_http_entry_key(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_entry_t *entry);
static ngx_int_t ngx_slack_http_signed_key(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *key);
static ngx_int_t ngx_slack_http_pipeline_state(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_http_event_t *e);
static ngx_int_t ngx_slack_http_alert_states(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_http_event_t *e);
static ngx_int_t ngx_slack_http_key(ngx_http_request_t *r, ngx_str_t *key,
    ngx_str_t *a, ngx_str_t *b);


ngx_int_t
ngx_slack_http_entry(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *e, ngx_array_t *messages, ngx_uint_t remember)
{
    ngx_slack_entry_t  *entry, **last;

    entry = ngx_pcalloc(r->pool, sizeof(ngx_slack_entry_t));
    if (entry == NULL) {
        return NGX_ERROR;
    }

    e->entry = entry;

    entry->event = ngx_slack_kinds[e->event->kind].name;
    entry->project = e->event->project;
    entry->messages = messages->elts;
    entry->nmessages = messages->nelts;

    /* Only the first entry of a request has the key. */

    for (last = &ctx->entry; *last; last = &(*last)->next) { /* void */ }

    *last = entry;

    if (entry == ctx->entry
        && ngx_slack_http_entry_key(r, ctx, entry) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!remember) {
        return NGX_OK;
    }

    if (ngx_slack_http_place(r, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    return e->event->identities.nelts
           ? ngx_slack_http_alert_states(r, ctx, e)
           : ngx_slack_http_pipeline_state(r, ctx, e);
}


static ngx_int_t
ngx_slack_http_entry_key(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_entry_t *entry)
{
    if (ctx->signer) {
        entry->keep = NGX_SLACK_OUTBOX_KEEP;

        return ngx_slack_http_signed_key(r, ctx, &entry->key);
    }

    if (ctx->delivery.len == 0) {
        return NGX_OK;
    }

    if (ngx_slack_http_place(r, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_http_key(r, &entry->key, &ctx->place, &ctx->delivery);
}


/*
 * Identifies where the event came in.  Two servers, two locations, or two URIs
 * of one location, such as "?team=a" and "?team=b", may receive the same
 * delivery, alert or pipeline, each with its own routes.  A URI other than the
 * location's name is kept as a hash, since it may contain a secret.
 */

ngx_int_t
ngx_slack_http_place(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    u_char                    *p, digest[NGX_SLACK_HMAC_LEN];
    ngx_str_t                 *place;
    ngx_slack_loc_conf_t      *slcf;
    ngx_http_core_loc_conf_t  *clcf;

    place = &ctx->place;

    if (place->data) {
        return NGX_OK;
    }

    slcf = ctx->slcf;

    if (slcf == NULL) {
        slcf = ngx_http_get_module_loc_conf(r, ngx_slack_notify_module);
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (ngx_slack_equal(&r->unparsed_uri, &clcf->name)) {
        *place = slcf->scope;
        return NGX_OK;
    }

    if (ngx_slack_sha256(&r->unparsed_uri, digest) != NGX_OK) {
        return NGX_ERROR;
    }

    place->len = slcf->scope.len + 1 + 2 * NGX_SLACK_URI_HASH;
    place->data = ngx_pnalloc(r->pool, place->len);
    if (place->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(place->data, slcf->scope.data, slcf->scope.len);
    *p++ = LF;
    (void) ngx_hex_dump(p, digest, NGX_SLACK_URI_HASH);

    return NGX_OK;
}


/*
 * A signed id is unique per secret, wherever the request comes in.  Otherwise
 * a replayed request would be accepted with an argument appended to its URI.
 */

static ngx_int_t
ngx_slack_http_signed_key(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_str_t *key)
{
    ngx_slack_hmac_t  *hmac;

    static u_char  purpose[] = "the id of a delivery\n";

    key->data = ngx_pnalloc(r->pool, NGX_SLACK_HMAC_LEN);
    if (key->data == NULL) {
        return NGX_ERROR;
    }

    key->len = NGX_SLACK_HMAC_LEN;

    hmac = ngx_slack_hmac_create(&ctx->signer->value, r->pool);

    if (hmac == NULL
        || ngx_slack_hmac_update(hmac, purpose, sizeof(purpose) - 1) != NGX_OK
        || ngx_slack_hmac_update(hmac, ctx->delivery.data, ctx->delivery.len)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_hmac_final(hmac, key->data);
}


static ngx_int_t
ngx_slack_http_pipeline_state(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *e)
{
    ngx_str_t           pipeline;
    ngx_slack_state_t  *state;
    ngx_slack_event_t  *event;

    event = e->event;

    state = ngx_pcalloc(r->pool, sizeof(ngx_slack_state_t));
    if (state == NULL) {
        return NGX_ERROR;
    }

    e->entry->states = state;
    e->entry->nstates = 1;

    state->value = event->action;

    /*
     * If no state is remembered, a failed pipeline counts as a change, a
     * successful one does not.
     */

    state->first = (state->value.len == sizeof("failed") - 1
                    && ngx_memcmp(state->value.data, "failed",
                                  sizeof("failed") - 1)
                       == 0);

    pipeline = event->ref;

    if (event->series.len
        && ngx_slack_http_key(r, &pipeline, &pipeline, &event->series)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_http_key(r, &pipeline, &event->project, &pipeline)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_http_key(r, &state->key, &ctx->place, &pipeline);
}


static ngx_int_t
ngx_slack_http_alert_states(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *e)
{
    int64_t                latest;
    ngx_uint_t             i, n;
    ngx_slack_state_t     *states;
    ngx_slack_identity_t  *identity;

    n = e->event->identities.nelts;
    identity = e->event->identities.elts;

    states = ngx_palloc(r->pool, n * sizeof(ngx_slack_state_t));
    if (states == NULL) {
        return NGX_ERROR;
    }

    /* A clock that is wrong must not swallow all news that follows. */

    latest = ngx_slack_clock_wall() + NGX_SLACK_AHEAD;

    for (i = 0; i < n; i++) {
        states[i].value = identity[i].state;
        states[i].since = ngx_min(identity[i].since, latest);
        states[i].first = 1;

        if (ngx_slack_http_key(r, &states[i].key, &ctx->place,
                               &identity[i].key)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    e->entry->states = states;
    e->entry->nstates = n;

    return NGX_OK;
}


/* Joins "a" and "b" with a line feed; a long key is replaced by its digest. */

static ngx_int_t
ngx_slack_http_key(ngx_http_request_t *r, ngx_str_t *key, ngx_str_t *a,
    ngx_str_t *b)
{
    u_char    *p;
    ngx_str_t  s;

    s.len = a->len + 1 + b->len;
    s.data = ngx_pnalloc(r->pool, s.len);
    if (s.data == NULL) {
        return NGX_ERROR;
    }

    p = s.data;

    /* An empty string may have no data. */

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
