
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The workspaces and channels of a snapshot, and how they are found among
 * thousands of others.  Runs in a pool thread.
 */


#include <ngx_slack_status_snapshot.h>


static ngx_slack_status_place_t *ngx_slack_status_place_find(
    ngx_slack_status_snapshot_t *s, ngx_str_t *name);
static uint32_t ngx_slack_status_seek(ngx_slack_status_place_t *place,
    ngx_str_t *name, ngx_uint_t *slot);
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
                          sizeof(ngx_slack_status_channel_t))
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
    uint32_t                     known;
    ngx_uint_t                   slot;
    ngx_slack_status_channel_t  *ch;

    /* at most half of the index is used */

    if (2 * place->channels.nelts >= place->nindex
        && ngx_slack_status_grow(s, place) != NGX_OK)
    {
        return NULL;
    }

    known = ngx_slack_status_seek(place, name, &slot);

    if (known) {
        ch = place->channels.elts;
        return &ch[known - 1];
    }

    ch = ngx_array_push(&place->channels);
    if (ch == NULL) {
        return NULL;
    }

    ngx_memzero(ch, sizeof(ngx_slack_status_channel_t));

    if (ngx_slack_status_copy(s->pool, &ch->name, name) != NGX_OK) {
        return NULL;
    }

    place->index[slot] = (uint32_t) place->channels.nelts;

    return ch;
}


ngx_slack_status_channel_t *
ngx_slack_status_find(ngx_slack_status_snapshot_t *s, ngx_str_t *workspace,
    ngx_str_t *channel)
{
    uint32_t                     known;
    ngx_uint_t                   slot;
    ngx_slack_status_place_t    *place;
    ngx_slack_status_channel_t  *ch;

    place = ngx_slack_status_place_find(s, workspace);

    if (place == NULL || place->nindex == 0) {
        return NULL;
    }

    known = ngx_slack_status_seek(place, channel, &slot);
    ch = place->channels.elts;

    return known ? &ch[known - 1] : NULL;
}


static ngx_slack_status_place_t *
ngx_slack_status_place_find(ngx_slack_status_snapshot_t *s, ngx_str_t *name)
{
    ngx_uint_t                 i;
    ngx_slack_status_place_t  *place;

    place = s->places.elts;

    for (i = 0; i < s->places.nelts; i++) {
        if (place[i].name.len == name->len
            && ngx_memcmp(place[i].name.data, name->data, name->len) == 0)
        {
            return &place[i];
        }
    }

    return NULL;
}


/*
 * Returns 1 + the channel's element; 0: there is none, and it belongs to
 * *slot.
 */

static uint32_t
ngx_slack_status_seek(ngx_slack_status_place_t *place, ngx_str_t *name,
    ngx_uint_t *slot)
{
    uint32_t                     hash;
    ngx_uint_t                   i;
    ngx_slack_status_channel_t  *ch;

    ch = place->channels.elts;
    hash = name->len ? ngx_crc32_short(name->data, name->len) : 0;

    for (i = hash % place->nindex;
         place->index[i];
         i = (i + 1) % place->nindex)
    {
        if (ch[place->index[i] - 1].name.len == name->len
            && (name->len == 0
                || ngx_memcmp(ch[place->index[i] - 1].name.data, name->data,
                              name->len)
                   == 0))
        {
            return place->index[i];
        }
    }

    *slot = i;

    return 0;
}


static ngx_int_t
ngx_slack_status_grow(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_place_t *place)
{
    ngx_uint_t                   i, slot;
    ngx_slack_status_channel_t  *ch;

    place->nindex = ngx_max(64, 4 * place->nindex);
    place->index = ngx_pcalloc(s->pool, place->nindex * sizeof(uint32_t));

    if (place->index == NULL) {
        place->nindex = 0;
        return NGX_ERROR;
    }

    ch = place->channels.elts;

    for (i = 0; i < place->channels.nelts; i++) {
        if (ngx_slack_status_seek(place, &ch[i].name, &slot) == 0) {
            place->index[slot] = (uint32_t) i + 1;
        }
    }

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
