
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * JSON reader (see the header): decides to which path a value belongs and
 * whether it is kept.  ngx_slack_json_skim.h reads the structure, yajl the
 * escapes.  Knows nothing of senders.  Runs in the event loop, in fuzzers and
 * unit programs.
 */


#include <ngx_slack_json_private.h>
#include <ngx_slack_json_text.h>


/*
 * bytes up to which a path's first value is kept beyond the document's limits
 */
#define NGX_SLACK_JSON_SHORT      1024


static void ngx_slack_json_cleanup(void *data);
static ngx_int_t ngx_slack_json_key(void *data, u_char *token, size_t len,
    ngx_uint_t escaped);
static ngx_int_t ngx_slack_json_rare_key(ngx_slack_json_t *json,
    u_char *token, size_t len, ngx_uint_t escaped);
static ngx_int_t ngx_slack_json_scalar(void *data, ngx_uint_t type,
    u_char *token, size_t len, ngx_uint_t escaped);
static ngx_int_t ngx_slack_json_put(ngx_slack_json_t *json, ngx_int_t n,
    ngx_uint_t type, u_char *data, size_t len, ngx_uint_t cut);
static ngx_int_t ngx_slack_json_put_any(ngx_slack_json_t *json,
    ngx_uint_t type, u_char *data, size_t len);
static void ngx_slack_json_watch(ngx_slack_json_t *json,
    ngx_slack_json_node_t *node, ngx_uint_t type);
static void ngx_slack_json_below(ngx_slack_json_t *json,
    ngx_slack_json_node_t *node, u_char state);
static void ngx_slack_json_mark(ngx_slack_json_t *json,
    ngx_slack_json_node_t *node, u_char state);
static ngx_int_t ngx_slack_json_open(void *data, ngx_uint_t array);
static void ngx_slack_json_close(void *data);


static const ngx_slack_json_skim_handlers_t  ngx_slack_json_handlers = {
    .key = ngx_slack_json_key,
    .scalar = ngx_slack_json_scalar,
    .open = ngx_slack_json_open,
    .close = ngx_slack_json_close
};


ngx_slack_json_t *
ngx_slack_json_create(ngx_slack_json_paths_t *paths, ngx_pool_t *pool)
{
    ngx_uint_t           n;
    ngx_slack_json_t    *json;
    ngx_pool_cleanup_t  *cln;

    json = ngx_palloc(pool, sizeof(ngx_slack_json_t));
    if (json == NULL) {
        return NULL;
    }

    n = ngx_slack_json_paths_slots(paths);

    json->slots = ngx_pcalloc(pool, ngx_max(n, 1)
                                    * (sizeof(ngx_slack_json_slot_t) + 1));
    if (json->slots == NULL) {
        return NULL;
    }

    json->states = (u_char *) &json->slots[n];
    json->flagged = 0;

    cln = ngx_pool_cleanup_add(pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    ngx_slack_json_skim_init(&json->skim, &ngx_slack_json_handlers, json,
                             pool->log);

    json->decoder = ngx_slack_json_paths_decoder(paths);
    json->pool = pool;
    json->paths = paths;

    json->rc = NGX_OK;
    json->total = 0;
    json->values = 0;
    json->depth = 0;
    json->index[1] = 0;
    json->index[2] = 0;
    json->any = NULL;
    json->marked = NULL;

    /* The other frames are set when their level opens. */

    json->frames[0].node = NULL;
    json->frames[0].child = ngx_slack_json_paths_root(paths);
    json->frames[0].array = 0;
    json->frames[0].arrays = 0;
    json->frames[0].counted = 0;

    cln->handler = ngx_slack_json_cleanup;
    cln->data = json;

    return json;
}


static void
ngx_slack_json_cleanup(void *data)
{
    ngx_slack_json_t  *json = data;

    ngx_slack_json_token_free(&json->skim.token);
}


ngx_int_t
ngx_slack_json_parse(ngx_slack_json_t *json, u_char *data, size_t len)
{
    if (json->rc == NGX_OK) {
        json->rc = ngx_slack_json_skim(&json->skim, data, len);
    }

    return json->rc;
}


ngx_int_t
ngx_slack_json_finish(ngx_slack_json_t *json)
{
    if (json->rc == NGX_OK) {
        json->rc = ngx_slack_json_skim_end(&json->skim);
    }

    ngx_slack_json_token_free(&json->skim.token);

    return json->rc;
}


char *
ngx_slack_json_error(ngx_slack_json_t *json, off_t *offset)
{
    *offset = json->skim.size;

    return (json->rc == NGX_ERROR) ? "no memory" : json->skim.error;
}


ngx_uint_t
ngx_slack_json_is_empty(ngx_slack_json_t *json)
{
    return json->skim.size == json->skim.mark;
}


/* Returns the node of the next value; NULL: the value is not wanted. */

static ngx_inline ngx_slack_json_node_t *
ngx_slack_json_target(ngx_slack_json_t *json)
{
    ngx_slack_json_frame_t  *frame;

    frame = &json->frames[json->depth];

    return frame->array ? frame->node : frame->child;
}


static ngx_int_t
ngx_slack_json_key(void *data, u_char *token, size_t len, ngx_uint_t escaped)
{
    ngx_slack_json_t *json = data;

    ngx_slack_json_frame_t  *frame;

    frame = &json->frames[json->depth];

    if (escaped || frame->node->any) {
        return ngx_slack_json_rare_key(json, token, len, escaped);
    }

    json->any = NULL;

    frame->child = ngx_slack_json_node_child(frame->node, token + 1, len - 2);

    return frame->child ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_slack_json_rare_key(ngx_slack_json_t *json, u_char *token, size_t len,
    ngx_uint_t escaped)
{
    ngx_str_t                key;
    ngx_slack_json_frame_t  *frame;

    if (ngx_slack_json_decode(json->decoder, token, len, escaped, &key)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    frame = &json->frames[json->depth];
    frame->child = ngx_slack_json_node_child(frame->node, key.data, key.len);

    json->any = frame->node->any;

    if (json->any == NULL) {
        return frame->child ? NGX_OK : NGX_DECLINED;
    }

    json->key_len = ngx_slack_json_text_cut(key.data, key.len,
                                            NGX_SLACK_JSON_KEY_MAX);
    json->key_cut = (json->key_len < key.len);
    ngx_memcpy(json->key, key.data, json->key_len);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_json_scalar(void *data, ngx_uint_t type, u_char *token, size_t len,
    ngx_uint_t escaped)
{
    ngx_slack_json_t *json = data;

    u_char                   buf[NGX_SLACK_JSON_SHORT];
    ngx_str_t                text;
    ngx_slack_json_node_t   *node;
    ngx_slack_json_frame_t  *frame;

    node = ngx_slack_json_target(json);
    frame = &json->frames[json->depth];

    if (frame->counted) {
        json->index[frame->counted] = frame->next++;
    }

    if (node && node->watched) {
        ngx_slack_json_watch(json, node, type);
    }

    if (json->any == NULL && (node == NULL || node->slot == NGX_ERROR)) {
        return NGX_OK;
    }

    text.data = token;
    text.len = (type == NGX_SLACK_JSON_NULL) ? 0 : len;

    if (escaped && json->any == NULL && node->line) {
        token = ngx_slack_json_line(token, &len, buf, sizeof(buf));
    }

    if (type == NGX_SLACK_JSON_STRING
        && ngx_slack_json_decode(json->decoder, token, len, escaped, &text)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (json->any
        && ngx_slack_json_put_any(json, type, text.data, text.len) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (node == NULL || node->slot == NGX_ERROR) {
        return NGX_OK;
    }

    return ngx_slack_json_put(json, node->slot, type, text.data, text.len, 0);
}


static ngx_int_t
ngx_slack_json_put(ngx_slack_json_t *json, ngx_int_t n, ngx_uint_t type,
    u_char *data, size_t len, ngx_uint_t cut)
{
    ngx_uint_t               plain;
    ngx_slack_json_slot_t   *slot;
    ngx_slack_json_value_t  *value;

    if (len > NGX_SLACK_JSON_STRING_MAX) {
        len = ngx_slack_json_text_cut(data, len, NGX_SLACK_JSON_STRING_MAX);
        cut = 1;
    }

    slot = &json->slots[n];
    json->states[n] |= cut ? NGX_SLACK_JSON_TOLD|NGX_SLACK_JSON_CUT
                           : NGX_SLACK_JSON_TOLD;

    /* A long list must not displace the values after it. */

    if ((json->values >= NGX_SLACK_JSON_VALUES_MAX
         || json->total + len > NGX_SLACK_JSON_TOTAL_MAX)
        && (slot->first || len > NGX_SLACK_JSON_SHORT))
    {
        json->states[n] |= NGX_SLACK_JSON_MORE;
        return NGX_OK;
    }

    plain = ngx_slack_json_plain(data, len);

    value = ngx_palloc(json->pool, sizeof(ngx_slack_json_value_t)
                                   + (plain ? len : 0));
    if (value == NULL) {
        return NGX_ERROR;
    }

    value->type = type;
    value->index = json->index[1];
    value->inner = json->index[2];
    value->cut = cut;
    value->next = NULL;

    if (plain) {
        value->text.data = (u_char *) (value + 1);
        value->text.len = len;

        ngx_memcpy(value->text.data, data, len);

    } else if (ngx_slack_json_text(&value->text, data, len, json->pool)
               != NGX_OK)
    {
        return NGX_ERROR;
    }

    json->values++;
    json->total += value->text.len;

    ngx_slack_json_append(slot, value);

    return NGX_OK;
}


/* Keeps "key=value" at a path that ends in "*". */

static ngx_int_t
ngx_slack_json_put_any(ngx_slack_json_t *json, ngx_uint_t type,
    u_char *data, size_t len)
{
    u_char      *p, buf[NGX_SLACK_JSON_KEY_MAX + 1 + NGX_SLACK_JSON_SHORT];
    ngx_int_t    slot;
    ngx_uint_t   cut;

    slot = json->any->slot;
    json->any = NULL;

    if (type == NGX_SLACK_JSON_NULL) {
        json->states[slot] |= NGX_SLACK_JSON_TOLD;
        return NGX_OK;
    }

    cut = json->key_cut || len > NGX_SLACK_JSON_SHORT;

    p = ngx_cpymem(buf, json->key, json->key_len);
    *p++ = '=';
    p = ngx_cpymem(p, data,
                   ngx_slack_json_text_cut(data, len, NGX_SLACK_JSON_SHORT));

    return ngx_slack_json_put(json, slot, NGX_SLACK_JSON_STRING, buf,
                              p - buf, cut);
}


/*
 * Handles a value at a flag, or instead of an object that a path passes
 * through.
 */

static void
ngx_slack_json_watch(ngx_slack_json_t *json, ngx_slack_json_node_t *node,
    ngx_uint_t type)
{
    if (node->flag && type != NGX_SLACK_JSON_NULL
        && type != NGX_SLACK_JSON_FALSE)
    {
        json->flagged = 1;
    }

    ngx_slack_json_below(json, node, type == NGX_SLACK_JSON_NULL
                                     ? NGX_SLACK_JSON_TOLD
                                     : NGX_SLACK_JSON_SCALAR);
}


/*
 * Marks all paths that continue below a node, because there is no object.
 * Repeated values are marked once only, since an array may have millions of
 * numbers.
 */

static void
ngx_slack_json_below(ngx_slack_json_t *json, ngx_slack_json_node_t *node,
    u_char state)
{
    if (json->marked != node || json->mark != state) {
        json->marked = node;
        json->mark = state;

        ngx_slack_json_mark(json, node, state);
    }
}


/*
 * recursion is limited by the length of a path, see ngx_slack_json_is_path()
 */

static void
ngx_slack_json_mark(ngx_slack_json_t *json, ngx_slack_json_node_t *node,
    u_char state)
{
    ngx_slack_json_node_t  *child;

    if (node->any) {
        json->states[node->any->slot] |= state;
    }

    for (child = node->first; child; child = child->sibling) {

        if (child->slot != NGX_ERROR) {
            json->states[child->slot] |= state;
        }

        ngx_slack_json_mark(json, child, state);
    }
}


static ngx_int_t
ngx_slack_json_open(void *data, ngx_uint_t array)
{
    ngx_slack_json_t *json = data;

    ngx_slack_json_node_t   *node;
    ngx_slack_json_frame_t  *frame, *parent;

    node = ngx_slack_json_target(json);

    if (json->any) {
        json->states[json->any->slot] |= NGX_SLACK_JSON_OBJECT;
        json->any = NULL;
    }

    parent = &json->frames[json->depth];

    if (parent->counted) {
        json->index[parent->counted] = parent->next++;
    }

    if (array && json->depth == 0) {

        /* Paths begin with a key, not with an array. */

        return NGX_DECLINED;
    }

    if (node == NULL) {
        return NGX_DECLINED;
    }

    if (node->slot != NGX_ERROR) {
        json->states[node->slot] |= array ? NGX_SLACK_JSON_ARRAY
                                            |NGX_SLACK_JSON_TOLD
                                          : NGX_SLACK_JSON_OBJECT;
    }

    if (node->flag) {
        json->flagged = 1;
    }

    if (array) {
        ngx_slack_json_below(json, node, NGX_SLACK_JSON_TOLD);

    } else if (node->children == NULL && node->any == NULL) {
        return NGX_DECLINED;
    }

    frame = &json->frames[++json->depth];

    frame->node = node;
    frame->child = NULL;
    frame->next = 0;
    frame->array = array ? 1 : 0;
    frame->arrays = (u_char) (parent->arrays + frame->array);
    frame->counted = (array && frame->arrays < 3) ? frame->arrays : 0;

    return NGX_OK;
}


static void
ngx_slack_json_close(void *data)
{
    ngx_slack_json_t *json = data;

    /* Values outside the array have index 0; index[0] is not used. */

    json->index[json->frames[json->depth].counted] = 0;

    json->depth--;
}
