
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The compiled paths, for the reader (ngx_slack_json.c) only.
 */


#ifndef _NGX_SLACK_JSON_PATHS_H_INCLUDED_
#define _NGX_SLACK_JSON_PATHS_H_INCLUDED_


#include <ngx_slack_json.h>
#include <ngx_slack_json_decode.h>


typedef struct ngx_slack_json_node_s  ngx_slack_json_node_t;


struct ngx_slack_json_node_s {
    ngx_str_t                 key;
    ngx_int_t                 slot;      /* NGX_ERROR: no path ends here */
    ngx_uint_t                line;      /* what follows it is not wanted */
    ngx_uint_t                flag;      /* whether it is set is wanted */
    ngx_uint_t                watched;   /* a flag, or a path goes on */
    ngx_uint_t                split;     /* of ngx_slack_json_paths_split() */

    ngx_slack_json_node_t    *any;       /* a child "*": the path ends */

    /* a sparse table, mask + 1 places; NULL: no children */
    ngx_slack_json_node_t   **children;
    ngx_slack_json_node_t    *chain;     /* in the same place */
    ngx_uint_t                mask;

    /* while paths are collected */
    ngx_slack_json_node_t    *first;
    ngx_slack_json_node_t    *sibling;
};


ngx_slack_json_node_t *ngx_slack_json_paths_root(
    ngx_slack_json_paths_t *paths);


ngx_slack_json_decoder_t *ngx_slack_json_paths_decoder(
    ngx_slack_json_paths_t *paths);


/* of each slot the number of the array that its path is in, 0: none */

u_char *ngx_slack_json_paths_splits(ngx_slack_json_paths_t *paths);


static ngx_inline ngx_uint_t
ngx_slack_json_hash(const u_char *key, size_t len)
{
    if (len == 0) {
        return 0;
    }

    /* what tells the keys of payloads apart, without walking them */

    return len + key[0] * 37 + key[len >> 1] * 11 + key[len - 1] * 101;
}


static ngx_inline ngx_slack_json_node_t *
ngx_slack_json_node_child(ngx_slack_json_node_t *node, const u_char *key,
    size_t len)
{
    ngx_slack_json_node_t  *child;

    if (node == NULL || node->children == NULL) {
        return NULL;
    }

    child = node->children[ngx_slack_json_hash(key, len) & node->mask];

    for ( /* void */ ; child; child = child->chain) {
        if (child->key.len == len
            && ngx_memcmp(child->key.data, (u_char *) key, len) == 0)
        {
            return child;
        }
    }

    return NULL;
}


#endif /* _NGX_SLACK_JSON_PATHS_H_INCLUDED_ */
