
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Access to what the JSON reader has kept of a document: its values, and the
 * elements it was split into.  Runs in the event loop, in fuzzers and unit
 * programs.
 */


#include <ngx_slack_json_private.h>


ngx_slack_json_value_t *
ngx_slack_json_values(ngx_slack_json_t *json, ngx_uint_t slot)
{
    return json->slots[slot].first;
}


ngx_uint_t
ngx_slack_json_flagged(ngx_slack_json_t *json)
{
    return json->flagged;
}


u_char *
ngx_slack_json_states(ngx_slack_json_t *json)
{
    return json->states;
}


ngx_slack_json_value_t *
ngx_slack_json_value(ngx_slack_json_t *json, ngx_uint_t slot)
{
    ngx_slack_json_value_t  *value;

    value = json->slots[slot].last;

    if (value == NULL || value->type == NGX_SLACK_JSON_NULL) {
        return NULL;
    }

    return value;
}


ngx_int_t
ngx_slack_json_split(ngx_slack_json_t *json, ngx_uint_t split, ngx_uint_t max,
    ngx_uint_t *n, ngx_uint_t *more)
{
    u_char                  *splits;
    ngx_uint_t               i, k, nslots, all;
    ngx_slack_json_slot_t   *slot;
    ngx_slack_json_value_t  *value, *next;

    splits = ngx_slack_json_paths_splits(json->paths);
    nslots = ngx_slack_json_paths_slots(json->paths);

    all = 0;

    for (i = 0; i < nslots; i++) {

        if (splits[i] != split) {
            continue;
        }

        for (value = json->slots[i].first; value; value = value->next) {
            all = ngx_max(all, value->index + 1);
        }
    }

    *n = ngx_min(all, max);
    *more = all - *n;

    if (*n == 0) {
        return NGX_OK;
    }

    slot = ngx_palloc(json->pool,
                      *n * nslots * sizeof(ngx_slack_json_slot_t));
    if (slot == NULL) {
        return NGX_ERROR;
    }

    json->elements = slot;

    for (k = 0; k < *n; k++) {
        for (i = 0; i < nslots; i++, slot++) {

            if (splits[i] == split) {
                slot->first = NULL;
                slot->last = NULL;

            } else {
                *slot = json->slots[i];
            }
        }
    }

    for (i = 0; i < nslots; i++) {

        if (splits[i] != split) {
            continue;
        }

        for (value = json->slots[i].first; value; value = next) {

            next = value->next;
            value->next = NULL;

            if (value->index >= *n) {
                continue;
            }

            k = value->index;
            value->index = value->inner;
            value->inner = 0;

            ngx_slack_json_append(&json->elements[k * nslots + i], value);
        }
    }

    ngx_slack_json_select(json, 0);

    return NGX_OK;
}


void
ngx_slack_json_select(ngx_slack_json_t *json, ngx_uint_t n)
{
    json->slots = &json->elements[n * ngx_slack_json_paths_slots(json->paths)];
}
