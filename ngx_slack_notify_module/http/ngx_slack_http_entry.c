
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


/* bytes of the SHA-256 of a URI that are kept, as hexadecimal digits */
#define NGX_SLACK_URI_HASH      16


static ngx_int_t ngx_slack_http_place(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *place);
static ngx_int_t ngx_slack_http_signed_key(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *key);
static ngx_int_t ngx_slack_http_pipeline_state(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *place);
static ngx_int_t ngx_slack_http_alert_states(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *place);
static ngx_int_t ngx_slack_http_key(ngx_http_request_t *r, ngx_str_t *key,
    ngx_str_t *a, ngx_str_t *b);


ngx_int_t
ngx_slack_http_entry(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_array_t *messages, ngx_uint_t remember)
{
    ngx_str_t           place;
    ngx_uint_t          placed;
    ngx_slack_entry_t  *entry;

    entry = ngx_pcalloc(r->pool, sizeof(ngx_slack_entry_t));
    if (entry == NULL) {
        return NGX_ERROR;
    }

    ctx->entry = entry;

    entry->event = ngx_slack_kinds[ctx->event->kind].name;
    entry->project = ctx->event->project;
    entry->messages = messages->elts;
    entry->nmessages = messages->nelts;

    if (ctx->signer) {
        entry->keep = NGX_SLACK_OUTBOX_KEEP;

        if (ngx_slack_http_signed_key(r, ctx, &entry->key) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    placed = (ctx->delivery.len && ctx->signer == NULL);

    if (!placed && !remember) {
        return NGX_OK;
    }

    if (ngx_slack_http_place(r, ctx, &place) != NGX_OK) {
        return NGX_ERROR;
    }

    if (placed
        && ngx_slack_http_key(r, &entry->key, &place, &ctx->delivery)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!remember) {
        return NGX_OK;
    }

    return ctx->event->identities.nelts
           ? ngx_slack_http_alert_states(r, ctx, &place)
           : ngx_slack_http_pipeline_state(r, ctx, &place);
}


/*
 * Where the event has come in.  Two servers, two locations, two URIs of one
 * location, such as "?team=a" and "?team=b", may hear of the same delivery,
 * alert or pipeline, each with routes of its own.  A URI other than the
 * location's name is kept as a hash, since it may hold a secret.
 */

static ngx_int_t
ngx_slack_http_place(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_str_t *place)
{
    u_char                    *p, digest[NGX_SLACK_HMAC_LEN];
    ngx_slack_loc_conf_t      *slcf;
    ngx_http_core_loc_conf_t  *clcf;

    slcf = ctx->slcf;

    if (slcf == NULL) {
        slcf = ngx_http_get_module_loc_conf(r, ngx_slack_notify_module);
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (r->unparsed_uri.len == clcf->name.len
        && ngx_strncmp(r->unparsed_uri.data, clcf->name.data, clcf->name.len)
           == 0)
    {
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
 * An id that is signed counts for its secret, wherever it comes in: else who
 * repeats a request had only to append an argument to its URI.
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
    ngx_str_t *place)
{
    ngx_str_t           pipeline;
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

    pipeline = ctx->event->ref;

    if (ctx->event->series.len
        && ngx_slack_http_key(r, &pipeline, &pipeline, &ctx->event->series)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_http_key(r, &pipeline, &ctx->event->project, &pipeline)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_http_key(r, &state->key, place, &pipeline);
}


static ngx_int_t
ngx_slack_http_alert_states(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_str_t *place)
{
    ngx_uint_t             i, n;
    ngx_slack_state_t     *states;
    ngx_slack_identity_t  *identity;

    n = ctx->event->identities.nelts;
    identity = ctx->event->identities.elts;

    states = ngx_palloc(r->pool, n * sizeof(ngx_slack_state_t));
    if (states == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        states[i].value = identity[i].state;
        states[i].first = 1;

        if (ngx_slack_http_key(r, &states[i].key, place, &identity[i].key)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ctx->entry->states = states;
    ctx->entry->nstates = n;

    return NGX_OK;
}


/* both with a line feed between them, or as a digest if that is long */

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
