
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * JSON reader over yajl (see the header).  Knows nothing of senders.  Runs in
 * the event loop, and where a fuzzer or a unit program calls it.
 *
 * yajl does not check UTF-8 here: what is kept is scrubbed instead, so that a
 * sender's broken byte does not cost the event.  yajl nests without a bound,
 * hence the depth is counted here; of long tokens see ngx_slack_json_token.h.
 */


#include <ngx_slack_json.h>
#include <ngx_slack_json_paths.h>
#include <ngx_slack_json_text.h>
#include <ngx_slack_json_token.h>

#include <yajl/yajl_parse.h>


/* fed at once, so that a token within it need not be cut */
#define NGX_SLACK_JSON_PIECE      65536

/* kept as the first value of its path, whatever else there was */
#define NGX_SLACK_JSON_SHORT      1024

/* of a key that is kept with its value */
#define NGX_SLACK_JSON_KEY        128

#define NGX_SLACK_JSON_LONG_NUMBER  "has a number that is too long"


typedef struct {
    ngx_slack_json_node_t     *node;     /* NULL: nothing below is wanted */
    ngx_slack_json_node_t     *child;    /* of the current key */
    ngx_uint_t                 index;    /* of the current element */
    unsigned                   array:1;
    unsigned                   outer:1;  /* the outermost array of a path */
} ngx_slack_json_frame_t;


typedef struct {
    ngx_slack_json_value_t    *first;
    ngx_slack_json_value_t    *last;
} ngx_slack_json_slot_t;


struct ngx_slack_json_s {
    yajl_handle                yajl;
    ngx_pool_t                *pool;
    ngx_slack_json_slot_t     *slots;
    ngx_slack_json_node_t     *root;

    ngx_int_t                  rc;
    char                      *error;
    off_t                      offset;   /* of the error */
    off_t                      size;     /* fed */
    off_t                      dropped;  /* of a string, not in size yet */

    size_t                     total;    /* kept */
    ngx_uint_t                 values;

    ngx_slack_json_token_t     token;    /* the one that is unfinished */
    ssize_t                    whole;    /* tokens end here in the piece */
    unsigned                   watch:1;  /* "whole" is needed */
    unsigned                   final:1;  /* nothing comes after the piece */

    ngx_uint_t                 skip;     /* levels below what is wanted */
    ngx_uint_t                 depth;
    ngx_uint_t                 index;    /* of the outermost array */

    ngx_slack_json_node_t     *any;      /* "*" beside the current key */
    size_t                     key_len;
    ngx_slack_json_frame_t     frames[NGX_SLACK_JSON_DEPTH + 1];
    u_char                     key[NGX_SLACK_JSON_KEY];
};


static void ngx_slack_json_cleanup(void *data);
static ngx_int_t ngx_slack_json_string_part(ngx_slack_json_t *json,
    u_char *data, size_t *len);
static ngx_int_t ngx_slack_json_feed(ngx_slack_json_t *json, u_char *data,
    size_t len);
static void ngx_slack_json_failed(ngx_slack_json_t *json, yajl_status status,
    size_t len);
static void ngx_slack_json_mark(ngx_slack_json_t *json);
static ngx_slack_json_node_t *ngx_slack_json_target(ngx_slack_json_t *json);
static int ngx_slack_json_keep(ngx_slack_json_t *json, ngx_uint_t type,
    const u_char *data, size_t len);
static ngx_int_t ngx_slack_json_put(ngx_slack_json_t *json, ngx_int_t n,
    ngx_uint_t type, const u_char *data, size_t len);
static ngx_int_t ngx_slack_json_put_any(ngx_slack_json_t *json,
    ngx_uint_t type, const u_char *data, size_t len);
static int ngx_slack_json_open(ngx_slack_json_t *json, ngx_uint_t array);
static int ngx_slack_json_close(ngx_slack_json_t *json);
static int ngx_slack_json_null(void *ctx);
static int ngx_slack_json_boolean(void *ctx, int value);
static int ngx_slack_json_number(void *ctx, const char *data, size_t len);
static int ngx_slack_json_string(void *ctx, const unsigned char *data,
    size_t len);
static int ngx_slack_json_start_map(void *ctx);
static int ngx_slack_json_map_key(void *ctx, const unsigned char *data,
    size_t len);
static int ngx_slack_json_end_map(void *ctx);
static int ngx_slack_json_start_array(void *ctx);
static int ngx_slack_json_end_array(void *ctx);


static yajl_callbacks  ngx_slack_json_callbacks = {
    ngx_slack_json_null,
    ngx_slack_json_boolean,
    NULL,
    NULL,
    ngx_slack_json_number,
    ngx_slack_json_string,
    ngx_slack_json_start_map,
    ngx_slack_json_map_key,
    ngx_slack_json_end_map,
    ngx_slack_json_start_array,
    ngx_slack_json_end_array
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

    /* the frames need no zeroing */

    ngx_memzero(json, offsetof(ngx_slack_json_t, frames));

    n = ngx_slack_json_paths_slots(paths);

    json->slots = ngx_pcalloc(pool, ngx_max(n, 1)
                                    * sizeof(ngx_slack_json_slot_t));
    if (json->slots == NULL) {
        return NULL;
    }

    json->pool = pool;
    json->root = ngx_slack_json_paths_root(paths);

    json->frames[0].node = NULL;
    json->frames[0].child = json->root;
    json->frames[0].array = 0;
    json->frames[0].outer = 0;

    cln = ngx_pool_cleanup_add(pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    json->yajl = yajl_alloc(&ngx_slack_json_callbacks, NULL, json);
    if (json->yajl == NULL) {
        return NULL;
    }

    cln->handler = ngx_slack_json_cleanup;
    cln->data = json;

    if (yajl_config(json->yajl, yajl_dont_validate_strings, 1) == 0) {
        return NULL;
    }

    return json;
}


static void
ngx_slack_json_cleanup(void *data)
{
    ngx_slack_json_t  *json = data;

    ngx_slack_json_token_free(&json->token);

    if (json->yajl) {
        yajl_free(json->yajl);
        json->yajl = NULL;
    }
}


ngx_int_t
ngx_slack_json_parse(ngx_slack_json_t *json, u_char *data, size_t len)
{
    size_t  n;

    while (len && json->rc == NGX_OK) {

        n = ngx_min(len, NGX_SLACK_JSON_PIECE);

        if (json->token.string) {
            (void) ngx_slack_json_string_part(json, data, &n);

        } else {
            json->watch = !json->final || len > n;

            (void) ngx_slack_json_feed(json, data, n);
        }

        data += n;
        len -= n;
    }

    return json->rc;
}


void
ngx_slack_json_final(ngx_slack_json_t *json)
{
    json->final = 1;
}


ngx_int_t
ngx_slack_json_finish(ngx_slack_json_t *json)
{
    yajl_status  status;

    if (json->rc == NGX_OK && json->token.size) {
        json->watch = 0;

        (void) ngx_slack_json_feed(json, json->token.rest, json->token.size);
    }

    if (json->rc == NGX_OK) {
        json->size += json->dropped;

        status = yajl_complete_parse(json->yajl);

        if (status != yajl_status_ok) {
            ngx_slack_json_failed(json, status, 0);
        }
    }

    /* the lexer's buffers are the larger part: give them back early */

    ngx_slack_json_cleanup(json);

    return json->rc;
}


/* of a string that is gathered */

static ngx_int_t
ngx_slack_json_string_part(ngx_slack_json_t *json, u_char *data, size_t *len)
{
    size_t  size;

    size = json->token.size;

    if (ngx_slack_json_token_take(&json->token, data, len, json->pool->log)
        != NGX_OK)
    {
        json->rc = NGX_ERROR;
        json->error = "no memory";
        return NGX_ERROR;
    }

    json->dropped += *len - (json->token.size - size);

    if (!json->token.ready) {
        return NGX_OK;
    }

    json->watch = 0;

    if (json->token.size
        && ngx_slack_json_feed(json, json->token.rest, json->token.size)
           != NGX_OK)
    {
        return json->rc;
    }

    ngx_slack_json_token_given(&json->token);

    json->size += json->dropped;
    json->dropped = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_json_feed(ngx_slack_json_t *json, u_char *data, size_t len)
{
    yajl_status  status;

    json->whole = -1;

    status = yajl_parse(json->yajl, data, len);

    if (status != yajl_status_ok) {
        ngx_slack_json_failed(json, status, len);
        return json->rc;
    }

    json->size += len;

    if (json->watch
        && ngx_slack_json_token_watch(&json->token, data, len, json->whole)
           != NGX_OK)
    {
        json->error = NGX_SLACK_JSON_LONG_NUMBER;
        json->offset = json->size;
        json->rc = NGX_DECLINED;
    }

    return json->rc;
}


static void
ngx_slack_json_failed(ngx_slack_json_t *json, yajl_status status, size_t len)
{
    if (status == yajl_status_error) {
        json->rc = NGX_DECLINED;
        json->error = len ? "is not JSON" : "ends early";

    } else if (json->error) {
        json->rc = NGX_DECLINED;

    } else {
        json->rc = NGX_ERROR;
        json->error = "no memory";
    }

    json->offset = json->size;

    if (len) {
        json->offset += yajl_get_bytes_consumed(json->yajl);
        json->size += len;
    }
}


char *
ngx_slack_json_error(ngx_slack_json_t *json, off_t *offset)
{
    *offset = json->offset;

    return json->error;
}


off_t
ngx_slack_json_size(ngx_slack_json_t *json)
{
    return json->size + json->dropped + (off_t) json->token.size;
}


ngx_slack_json_value_t *
ngx_slack_json_values(ngx_slack_json_t *json, ngx_uint_t slot)
{
    return json->slots[slot].first;
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


/* in each callback: the token it tells of ends here */

static ngx_inline void
ngx_slack_json_mark(ngx_slack_json_t *json)
{
    if (json->watch) {
        json->whole = (ssize_t) yajl_get_bytes_consumed(json->yajl);
    }
}


/* where a value that comes now belongs */

static ngx_inline ngx_slack_json_node_t *
ngx_slack_json_target(ngx_slack_json_t *json)
{
    ngx_slack_json_frame_t  *frame;

    if (json->skip) {
        return NULL;
    }

    frame = &json->frames[json->depth];

    return frame->array ? frame->node : frame->child;
}


static int
ngx_slack_json_keep(ngx_slack_json_t *json, ngx_uint_t type,
    const u_char *data, size_t len)
{
    ngx_slack_json_node_t   *node;
    ngx_slack_json_frame_t  *frame;

    ngx_slack_json_mark(json);

    node = ngx_slack_json_target(json);
    frame = &json->frames[json->depth];

    if (frame->outer && !json->skip) {
        json->index = frame->index++;
    }

    if (json->any
        && ngx_slack_json_put_any(json, type, data, len) != NGX_OK)
    {
        return 0;
    }

    if (node == NULL || node->slot == NGX_ERROR) {
        return 1;
    }

    return ngx_slack_json_put(json, node->slot, type, data, len) == NGX_OK;
}


static ngx_int_t
ngx_slack_json_put(ngx_slack_json_t *json, ngx_int_t n, ngx_uint_t type,
    const u_char *data, size_t len)
{
    ngx_slack_json_slot_t   *slot;
    ngx_slack_json_value_t  *value;

    len = ngx_slack_json_text_cut(data, len, NGX_SLACK_JSON_STRING_MAX);

    slot = &json->slots[n];

    /* a long list must not cost what comes after it */

    if ((json->values >= NGX_SLACK_JSON_VALUES_MAX
         || json->total + len > NGX_SLACK_JSON_TOTAL_MAX)
        && (slot->first || len > NGX_SLACK_JSON_SHORT))
    {
        return NGX_OK;
    }

    value = ngx_palloc(json->pool, sizeof(ngx_slack_json_value_t));
    if (value == NULL) {
        return NGX_ERROR;
    }

    value->type = type;
    value->index = json->index;
    value->next = NULL;

    value->text.len = 0;
    value->text.data = NULL;

    if (len
        && ngx_slack_json_text(&value->text, data, len, json->pool) != NGX_OK)
    {
        return NGX_ERROR;
    }

    json->values++;
    json->total += value->text.len;

    if (slot->last) {
        slot->last->next = value;

    } else {
        slot->first = value;
    }

    slot->last = value;

    return NGX_OK;
}


/* "key=value" of a key that is not known before */

static ngx_int_t
ngx_slack_json_put_any(ngx_slack_json_t *json, ngx_uint_t type,
    const u_char *data, size_t len)
{
    u_char     *p, buf[NGX_SLACK_JSON_KEY + 1 + NGX_SLACK_JSON_SHORT];
    ngx_int_t   slot;

    slot = json->any->slot;
    json->any = NULL;

    if (type == NGX_SLACK_JSON_NULL) {
        return NGX_OK;
    }

    p = ngx_cpymem(buf, json->key, json->key_len);
    *p++ = '=';
    p = ngx_cpymem(p, data,
                   ngx_slack_json_text_cut(data, len, NGX_SLACK_JSON_SHORT));

    return ngx_slack_json_put(json, slot, NGX_SLACK_JSON_STRING, buf,
                              p - buf);
}


static int
ngx_slack_json_open(ngx_slack_json_t *json, ngx_uint_t array)
{
    ngx_slack_json_node_t   *node;
    ngx_slack_json_frame_t  *frame, *parent;

    ngx_slack_json_mark(json);

    if (json->depth + json->skip >= NGX_SLACK_JSON_DEPTH) {
        json->error = "is nested too deep";
        return 0;
    }

    node = ngx_slack_json_target(json);
    json->any = NULL;

    parent = &json->frames[json->depth];

    if (parent->outer && !json->skip) {
        json->index = parent->index++;
    }

    if (array && json->depth == 0) {

        /* paths begin with a key */

        node = NULL;
    }

    if (node == NULL
        || (node->children == NULL && node->any == NULL && !array))
    {
        json->skip++;
        return 1;
    }

    frame = &json->frames[++json->depth];

    frame->node = node;
    frame->child = NULL;
    frame->index = 0;
    frame->array = array ? 1 : 0;
    frame->outer = 0;

    if (array) {

        /* the array is the outermost one unless one encloses it */

        frame->outer = !parent->array;

        for ( /* void */ ; parent > json->frames; parent--) {
            if (parent->outer) {
                frame->outer = 0;
                break;
            }
        }
    }

    return 1;
}


static int
ngx_slack_json_close(ngx_slack_json_t *json)
{
    ngx_slack_json_mark(json);

    if (json->skip) {
        json->skip--;
        return 1;
    }

    if (json->frames[json->depth].outer) {
        json->index = 0;
    }

    json->depth--;

    return 1;
}


static int
ngx_slack_json_null(void *ctx)
{
    return ngx_slack_json_keep(ctx, NGX_SLACK_JSON_NULL, (u_char *) "", 0);
}


static int
ngx_slack_json_boolean(void *ctx, int value)
{
    return value ? ngx_slack_json_keep(ctx, NGX_SLACK_JSON_TRUE,
                                       (u_char *) "true", 4)
                 : ngx_slack_json_keep(ctx, NGX_SLACK_JSON_FALSE,
                                       (u_char *) "false", 5);
}


static int
ngx_slack_json_number(void *ctx, const char *data, size_t len)
{
    ngx_slack_json_t  *json = ctx;

    if (len > NGX_SLACK_JSON_NUMBER_MAX) {
        json->error = NGX_SLACK_JSON_LONG_NUMBER;
        return 0;
    }

    return ngx_slack_json_keep(json, NGX_SLACK_JSON_NUMBER,
                               (const u_char *) data, len);
}


static int
ngx_slack_json_string(void *ctx, const unsigned char *data, size_t len)
{
    return ngx_slack_json_keep(ctx, NGX_SLACK_JSON_STRING, data, len);
}


static int
ngx_slack_json_start_map(void *ctx)
{
    return ngx_slack_json_open(ctx, 0);
}


static int
ngx_slack_json_map_key(void *ctx, const unsigned char *data, size_t len)
{
    ngx_slack_json_t  *json = ctx;

    ngx_slack_json_frame_t  *frame;

    ngx_slack_json_mark(json);

    if (json->skip) {
        return 1;
    }

    frame = &json->frames[json->depth];
    frame->child = ngx_slack_json_node_child(frame->node, data, len);

    json->any = frame->node->any;

    if (json->any) {
        json->key_len = ngx_slack_json_text_cut(data, len,
                                                NGX_SLACK_JSON_KEY);
        ngx_memcpy(json->key, data, json->key_len);
    }

    return 1;
}


static int
ngx_slack_json_end_map(void *ctx)
{
    return ngx_slack_json_close(ctx);
}


static int
ngx_slack_json_start_array(void *ctx)
{
    return ngx_slack_json_open(ctx, 1);
}


static int
ngx_slack_json_end_array(void *ctx)
{
    return ngx_slack_json_close(ctx);
}
