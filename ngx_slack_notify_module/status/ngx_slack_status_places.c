
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The workspaces and channels of a snapshot, and how they are found among
 * thousands of others.  Runs in a pool thread.
 */


#include <ngx_slack_status_snapshot.h>
#include <ngx_slack_equal.h>


static ngx_slack_status_place_t *ngx_slack_status_place_find(
    ngx_slack_status_snapshot_t *s, ngx_str_t *name);
static ngx_slack_status_slot_t *ngx_slack_status_seek(
    ngx_slack_status_place_t *place, ngx_str_t *name, uint32_t hash);
static ngx_int_t ngx_slack_status_grow(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_place_t *place);


ngx_slack_status_place_t *
ngx_slack_status_place(ngx_slack_status_snapshot_t *s, ngx_str_t *name)
{
    ngx_slack_status_place_t  *place;

    place = ngx_slack_status_place_find(s, name);

    if (place) {
        return place;
    }

    place = ngx_array_push(&s->places);
    if (place == NULL) {
        return NULL;
    }

    ngx_memzero(place, sizeof(ngx_slack_status_place_t));

    if (ngx_slack_status_copy(s->pool, &place->name, name) != NGX_OK
        || ngx_array_init(&place->channels, s->pool, 4,
                          sizeof(ngx_slack_status_channel_t *))
           != NGX_OK)
    {
        return NULL;
    }

    return place;
}


ngx_slack_status_channel_t *
ngx_slack_status_channel(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_place_t *place, ngx_str_t *name)
{
    uint32_t                      hash;
    ngx_slack_status_slot_t      *slot;
    ngx_slack_status_channel_t  **ch;

    /* at most half of the index is used */

    if (2 * place->channels.nelts >= place->nindex
        && ngx_slack_status_grow(s, place) != NGX_OK)
    {
        return NULL;
    }

    hash = ngx_murmur_hash2(name->data, name->len);
    slot = ngx_slack_status_seek(place, name, hash);

    if (slot->known) {
        ch = place->channels.elts;
        return ch[slot->known - 1];
    }

    ch = ngx_array_push(&place->channels);
    if (ch == NULL) {
        return NULL;
    }

    *ch = ngx_pcalloc(s->pool, sizeof(ngx_slack_status_channel_t));

    if (*ch == NULL
        || ngx_slack_status_copy(s->pool, &(*ch)->name, name) != NGX_OK)
    {
        return NULL;
    }

    slot->hash = hash;
    slot->known = (uint32_t) place->channels.nelts;

    return *ch;
}


ngx_slack_status_channel_t *
ngx_slack_status_find(ngx_slack_status_snapshot_t *s, ngx_str_t *workspace,
    ngx_str_t *channel)
{
    ngx_slack_status_slot_t      *slot;
    ngx_slack_status_place_t     *place;
    ngx_slack_status_channel_t  **ch;

    place = ngx_slack_status_place_find(s, workspace);

    if (place == NULL || place->nindex == 0) {
        return NULL;
    }

    slot = ngx_slack_status_seek(place, channel,
                                 ngx_murmur_hash2(channel->data,
                                                  channel->len));
    ch = place->channels.elts;

    return slot->known ? ch[slot->known - 1] : NULL;
}


static ngx_slack_status_place_t *
ngx_slack_status_place_find(ngx_slack_status_snapshot_t *s, ngx_str_t *name)
{
    ngx_uint_t                 i;
    ngx_slack_status_place_t  *place;

    place = s->places.elts;

    for (i = 0; i < s->places.nelts; i++) {
        if (ngx_slack_equal(&place[i].name, name)) {
            return &place[i];
        }
    }

    return NULL;
}


/* Returns the slot of the channel, or the free one that belongs to it. */

static ngx_slack_status_slot_t *
ngx_slack_status_seek(ngx_slack_status_place_t *place, ngx_str_t *name,
    uint32_t hash)
{
    ngx_uint_t                    i;
    ngx_slack_status_slot_t      *slot;
    ngx_slack_status_channel_t  **ch;

    ch = place->channels.elts;

    for (i = hash; /* void */ ; i++) {

        slot = &place->index[i & (place->nindex - 1)];

        if (slot->known == 0) {
            return slot;
        }

        if (slot->hash == hash
            && ngx_slack_equal(&ch[slot->known - 1]->name, name))
        {
            return slot;
        }
    }
}


static ngx_int_t
ngx_slack_status_grow(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_place_t *place)
{
    ngx_uint_t                i, k, n;
    ngx_slack_status_slot_t  *old, *slot;

    old = place->index;
    n = ngx_max(64, 4 * place->nindex);

    slot = ngx_pcalloc(s->pool, n * sizeof(ngx_slack_status_slot_t));
    if (slot == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < place->nindex; i++) {

        if (old[i].known == 0) {
            continue;
        }

        for (k = old[i].hash; slot[k & (n - 1)].known; k++) { /* void */ }

        slot[k & (n - 1)] = old[i];
    }

    place->index = slot;
    place->nindex = n;

    return NGX_OK;
}


ngx_int_t
ngx_slack_status_copy(ngx_pool_t *pool, ngx_str_t *dst, ngx_str_t *src)
{
    dst->len = 0;
    dst->data = ngx_pnalloc(pool, 3 * src->len + 1);
    if (dst->data == NULL) {
        return NGX_ERROR;
    }

    if (src->len) {
        dst->len = ngx_slack_text_scrub(dst->data, src->data, src->len);
    }

    dst->data[dst->len] = '\0';

    return NGX_OK;
}
