
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The wanted paths of the JSON reader, compiled to a tree in which a key takes
 * one comparison.  Runs when the configuration is read.
 */


#include <ngx_slack_json_paths.h>


struct ngx_slack_json_paths_s {
    ngx_pool_t                *pool;
    ngx_uint_t                 slots;
    ngx_uint_t                 nsplits;
    u_char                    *splits;   /* by slot, once compiled */
    ngx_slack_json_node_t      root;
    ngx_slack_json_decoder_t   decoder;  /* one for each process */
};


static void ngx_slack_json_paths_cleanup(void *data);
static ngx_slack_json_node_t *ngx_slack_json_paths_find(
    ngx_slack_json_paths_t *paths, ngx_str_t *path);
static ngx_int_t ngx_slack_json_paths_insert(ngx_slack_json_paths_t *paths,
    ngx_str_t *path, ngx_uint_t line);
static ngx_slack_json_node_t *ngx_slack_json_paths_node(
    ngx_slack_json_paths_t *paths, u_char *key, size_t len);
static ngx_int_t ngx_slack_json_compile_node(ngx_slack_json_paths_t *paths,
    ngx_slack_json_node_t *node, ngx_uint_t split);


ngx_slack_json_paths_t *
ngx_slack_json_paths_create(ngx_pool_t *pool)
{
    ngx_pool_cleanup_t      *cln;
    ngx_slack_json_paths_t  *paths;

    cln = ngx_pool_cleanup_add(pool, sizeof(ngx_slack_json_paths_t));
    if (cln == NULL) {
        return NULL;
    }

    paths = cln->data;

    ngx_memzero(paths, sizeof(ngx_slack_json_paths_t));

    paths->pool = pool;
    paths->root.slot = NGX_ERROR;

    cln->handler = ngx_slack_json_paths_cleanup;

    return paths;
}


static void
ngx_slack_json_paths_cleanup(void *data)
{
    ngx_slack_json_paths_t  *paths = data;

    ngx_slack_json_decode_done(&paths->decoder);
}


ngx_int_t
ngx_slack_json_paths_add(ngx_slack_json_paths_t *paths, ngx_str_t *path)
{
    return ngx_slack_json_paths_insert(paths, path, 0);
}


ngx_int_t
ngx_slack_json_paths_add_line(ngx_slack_json_paths_t *paths, ngx_str_t *path)
{
    return ngx_slack_json_paths_insert(paths, path, 1);
}


ngx_int_t
ngx_slack_json_paths_add_flag(ngx_slack_json_paths_t *paths, ngx_str_t *path)
{
    ngx_slack_json_node_t  *node;

    node = ngx_slack_json_paths_find(paths, path);
    if (node == NULL) {
        return NGX_ERROR;
    }

    node->flag = 1;

    return NGX_OK;
}


ngx_int_t
ngx_slack_json_paths_split(ngx_slack_json_paths_t *paths, ngx_str_t *path)
{
    ngx_slack_json_node_t  *node;

    node = ngx_slack_json_paths_find(paths, path);
    if (node == NULL) {
        return NGX_ERROR;
    }

    if (node->split == 0) {

        if (paths->nsplits == 255) {
            return NGX_ERROR;
        }

        node->split = ++paths->nsplits;
    }

    return (ngx_int_t) node->split;
}


static ngx_int_t
ngx_slack_json_paths_insert(ngx_slack_json_paths_t *paths, ngx_str_t *path,
    ngx_uint_t line)
{
    ngx_slack_json_node_t  *node;

    node = ngx_slack_json_paths_find(paths, path);
    if (node == NULL) {
        return NGX_ERROR;
    }

    if (node->slot == NGX_ERROR) {
        node->slot = (ngx_int_t) paths->slots++;
        node->line = line;
    }

    /* a path is kept whole if any caller wants all of it */

    node->line &= line;

    return node->slot;
}


/* Finds or creates the node of a path.  NULL: no memory, or not a path. */

static ngx_slack_json_node_t *
ngx_slack_json_paths_find(ngx_slack_json_paths_t *paths, ngx_str_t *path)
{
    size_t                   len;
    u_char                  *p, *dot, *last;
    ngx_slack_json_node_t   *node, *child;

    if (!ngx_slack_json_is_path(path)) {
        return NULL;
    }

    p = path->data;
    last = path->data + path->len;
    node = &paths->root;

    for ( ;; ) {

        dot = ngx_strlchr(p, last, '.');

        len = (dot ? dot : last) - p;

        while (len > 2 && p[len - 2] == '[' && p[len - 1] == ']') {
            len -= 2;
        }

        if (dot == NULL && len == 1 && *p == '*') {

            if (node->any == NULL) {
                node->any = ngx_slack_json_paths_node(paths, p, len);
                if (node->any == NULL) {
                    return NULL;
                }
            }

            node = node->any;
            break;
        }

        for (child = node->first; child; child = child->sibling) {
            if (child->key.len == len
                && ngx_memcmp(child->key.data, p, len) == 0)
            {
                break;
            }
        }

        if (child == NULL) {
            child = ngx_slack_json_paths_node(paths, p, len);
            if (child == NULL) {
                return NULL;
            }

            child->sibling = node->first;
            node->first = child;
        }

        node = child;

        if (dot == NULL) {
            break;
        }

        p = dot + 1;
    }

    return node;
}


static ngx_slack_json_node_t *
ngx_slack_json_paths_node(ngx_slack_json_paths_t *paths, u_char *key,
    size_t len)
{
    ngx_slack_json_node_t  *node;

    node = ngx_pcalloc(paths->pool, sizeof(ngx_slack_json_node_t));
    if (node == NULL) {
        return NULL;
    }

    node->key.data = ngx_pnalloc(paths->pool, len);
    if (node->key.data == NULL) {
        return NULL;
    }

    ngx_memcpy(node->key.data, key, len);
    node->key.len = len;

    node->slot = NGX_ERROR;

    return node;
}


/*
 * A path has keys that are not empty and may end in "[]", fewer of them than
 * levels that the reader supports.
 */

ngx_uint_t
ngx_slack_json_is_path(ngx_str_t *path)
{
    size_t      i, len;
    ngx_uint_t  depth;

    len = 0;
    depth = 1;

    for (i = 0; i < path->len; i++) {

        switch (path->data[i]) {

        case '.':
            if (len == 0 || ++depth >= NGX_SLACK_JSON_DEPTH) {
                return 0;
            }

            len = 0;
            break;

        case '[':
            if (len == 0 || i + 1 == path->len || path->data[i + 1] != ']') {
                return 0;
            }

            i++;

            if (i + 1 < path->len && path->data[i + 1] != '.'
                && path->data[i + 1] != '[')
            {
                return 0;
            }

            break;

        case ']':
            return 0;

        default:
            len++;
        }
    }

    return len != 0;
}


ngx_int_t
ngx_slack_json_paths_compile(ngx_slack_json_paths_t *paths)
{
    paths->splits = ngx_pcalloc(paths->pool, ngx_max(paths->slots, 1));
    if (paths->splits == NULL) {
        return NGX_ERROR;
    }

    return ngx_slack_json_compile_node(paths, &paths->root, 0);
}


static ngx_int_t
ngx_slack_json_compile_node(ngx_slack_json_paths_t *paths,
    ngx_slack_json_node_t *node, ngx_uint_t split)
{
    ngx_uint_t               n, size;
    ngx_slack_json_node_t   *child, **place;

    n = 0;

    if (node->split) {
        split = node->split;
    }

    if (node->slot != NGX_ERROR) {
        paths->splits[node->slot] = (u_char) split;
    }

    if (node->any) {
        paths->splits[node->any->slot] = (u_char) split;
    }

    node->watched = (node->flag || node->first || node->any);

    for (child = node->first; child; child = child->sibling) {
        n++;

        if (ngx_slack_json_compile_node(paths, child, split) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (n == 0) {
        return NGX_OK;
    }

    for (size = 4; size < n * 4; size <<= 1) { /* void */ }

    node->children = ngx_pcalloc(paths->pool,
                                 size * sizeof(ngx_slack_json_node_t *));
    if (node->children == NULL) {
        return NGX_ERROR;
    }

    node->mask = size - 1;

    for (child = node->first; child; child = child->sibling) {

        place = &node->children[ngx_slack_json_hash(child->key.data,
                                                    child->key.len)
                                & node->mask];

        child->chain = *place;
        *place = child;
    }

    return NGX_OK;
}


ngx_uint_t
ngx_slack_json_paths_slots(ngx_slack_json_paths_t *paths)
{
    return paths->slots;
}


ngx_slack_json_node_t *
ngx_slack_json_paths_root(ngx_slack_json_paths_t *paths)
{
    return &paths->root;
}


u_char *
ngx_slack_json_paths_splits(ngx_slack_json_paths_t *paths)
{
    return paths->splits;
}


ngx_slack_json_decoder_t *
ngx_slack_json_paths_decoder(ngx_slack_json_paths_t *paths)
{
    return &paths->decoder;
}
