
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A document, while it is read and afterwards: for the two files of the
 * reader, ngx_slack_json.c and ngx_slack_json_values.c.
 */


#ifndef _NGX_SLACK_JSON_PRIVATE_H_INCLUDED_
#define _NGX_SLACK_JSON_PRIVATE_H_INCLUDED_


#include <ngx_slack_json.h>
#include <ngx_slack_json_decode.h>
#include <ngx_slack_json_paths.h>
#include <ngx_slack_json_skim.h>


/* bytes of a key that is kept with its value */
#define NGX_SLACK_JSON_KEY_MAX    128


typedef struct {
    ngx_slack_json_node_t     *node;
    ngx_slack_json_node_t     *child;    /* of the current key */
    ngx_uint_t                 next;     /* index of the next element */
    u_char                     array;
    u_char                     arrays;   /* arrays around it and itself */
    u_char                     counted;  /* 1: the outermost array of a path,
                                            2: the next array, 0: neither */
} ngx_slack_json_frame_t;


typedef struct {
    ngx_slack_json_value_t    *first;
    ngx_slack_json_value_t    *last;
} ngx_slack_json_slot_t;


struct ngx_slack_json_s {
    ngx_slack_json_skim_t      skim;
    ngx_slack_json_decoder_t  *decoder;
    ngx_pool_t                *pool;
    ngx_slack_json_paths_t    *paths;
    ngx_slack_json_slot_t     *slots;    /* of the selected element */
    ngx_slack_json_slot_t     *elements; /* slots of all elements */
    u_char                    *states;   /* by slot, NGX_SLACK_JSON_TOLD… */
    ngx_uint_t                 flagged;

    ngx_int_t                  rc;

    size_t                     total;    /* bytes kept */
    ngx_uint_t                 values;

    ngx_uint_t                 depth;    /* of the current frame */
    ngx_uint_t                 index[3]; /* by "counted" of the frame */

    ngx_slack_json_node_t     *any;      /* "*" beside the current key */
    size_t                     key_len;
    ngx_uint_t                 key_cut;

    ngx_slack_json_node_t     *marked;   /* last marked node and state */
    ngx_uint_t                 mark;

    ngx_slack_json_frame_t     frames[NGX_SLACK_JSON_DEPTH + 1];
    u_char                     key[NGX_SLACK_JSON_KEY_MAX];
};


static ngx_inline void
ngx_slack_json_append(ngx_slack_json_slot_t *slot,
    ngx_slack_json_value_t *value)
{
    if (slot->last) {
        slot->last->next = value;

    } else {
        slot->first = value;
    }

    slot->last = value;
}


#endif /* _NGX_SLACK_JSON_PRIVATE_H_INCLUDED_ */
