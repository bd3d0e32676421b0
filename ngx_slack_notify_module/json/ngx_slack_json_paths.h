
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The compiled paths, for the reader only.
 */


#ifndef _NGX_SLACK_JSON_PATHS_H_INCLUDED_
#define _NGX_SLACK_JSON_PATHS_H_INCLUDED_


#include <ngx_slack_json.h>
#include <ngx_slack_json_decode.h>


typedef struct ngx_slack_json_node_s  ngx_slack_json_node_t;


struct ngx_slack_json_node_s {
    ngx_str_t                 key;
    ngx_int_t                 slot;      /* NGX_ERROR: no path ends here */
    ngx_uint_t                line;      /* only the first line is wanted */
    ngx_uint_t                flag;      /* a flag */
    ngx_uint_t                watched;   /* a flag, or a path continues */
    ngx_uint_t                split;     /* see ngx_slack_json_paths_split() */

    ngx_slack_json_node_t    *any;       /* the child "*", a path's end */

    /* hash table of mask + 1 buckets; NULL: no children */
    ngx_slack_json_node_t   **children;
    ngx_slack_json_node_t    *chain;     /* next in the bucket */
    ngx_uint_t                mask;

    /* used while paths are added */
    ngx_slack_json_node_t    *first;
    ngx_slack_json_node_t    *sibling;
};


ngx_slack_json_node_t *ngx_slack_json_paths_root(
    ngx_slack_json_paths_t *paths);


ngx_slack_json_decoder_t *ngx_slack_json_paths_decoder(
    ngx_slack_json_paths_t *paths);


/* for each slot the number of the split array that its path is in; 0: none */

u_char *ngx_slack_json_paths_splits(ngx_slack_json_paths_t *paths);


static ngx_inline ngx_uint_t
ngx_slack_json_hash(const u_char *key, size_t len)
{
    if (len == 0) {
        return 0;
    }

    /* tells the keys of payloads apart without reading them whole */

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
