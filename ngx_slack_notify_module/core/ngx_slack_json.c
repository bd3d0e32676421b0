
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * JSON reader (see the header): where values belong, and which are kept.  The
 * structure is told by ngx_slack_json_skim.h, escapes are read by yajl.  Knows
 * nothing of senders.  Runs in the event loop, and where a fuzzer or a unit
 * program calls it.
 */


#include <ngx_slack_json.h>
#include <ngx_slack_json_decode.h>
#include <ngx_slack_json_paths.h>
#include <ngx_slack_json_run.h>
#include <ngx_slack_json_skim.h>
#include <ngx_slack_json_text.h>


/* kept as the first value of its path, whatever else there was */
#define NGX_SLACK_JSON_SHORT      1024

/* of a key that is kept with its value */
#define NGX_SLACK_JSON_KEY_MAX    128


typedef struct {
    ngx_slack_json_node_t     *node;
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
    ngx_slack_json_skim_t      skim;
    ngx_slack_json_decoder_t  *decoder;
    ngx_pool_t                *pool;
    ngx_slack_json_slot_t     *slots;

    ngx_int_t                  rc;

    size_t                     total;    /* kept */
    ngx_uint_t                 values;

    ngx_uint_t                 depth;    /* of what is wanted */
    ngx_uint_t                 index;    /* of the outermost array */

    ngx_slack_json_node_t     *any;      /* "*" beside the current key */
    size_t                     key_len;
    ngx_slack_json_frame_t     frames[NGX_SLACK_JSON_DEPTH + 1];
    u_char                     key[NGX_SLACK_JSON_KEY_MAX];
};


static void ngx_slack_json_cleanup(void *data);
static ngx_int_t ngx_slack_json_key(void *data, u_char *token, size_t len,
    ngx_uint_t escaped);
static ngx_int_t ngx_slack_json_rare_key(ngx_slack_json_t *json,
    u_char *token, size_t len, ngx_uint_t escaped);
static ngx_int_t ngx_slack_json_scalar(void *data, ngx_uint_t type,
    u_char *token, size_t len, ngx_uint_t escaped);
static u_char *ngx_slack_json_line(u_char *token, size_t *len, u_char *buf);
static ngx_int_t ngx_slack_json_put(ngx_slack_json_t *json, ngx_int_t n,
    ngx_uint_t type, u_char *data, size_t len);
static ngx_int_t ngx_slack_json_put_any(ngx_slack_json_t *json,
    ngx_uint_t type, u_char *data, size_t len);
static ngx_int_t ngx_slack_json_open(void *data, ngx_uint_t array);
static void ngx_slack_json_close(void *data);


static const ngx_slack_json_skim_handlers_t  ngx_slack_json_handlers = {
    ngx_slack_json_key,
    ngx_slack_json_scalar,
    ngx_slack_json_open,
    ngx_slack_json_close
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
                                    * sizeof(ngx_slack_json_slot_t));
    if (json->slots == NULL) {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    ngx_slack_json_skim_init(&json->skim, &ngx_slack_json_handlers, json,
                             pool->log);

    json->decoder = ngx_slack_json_paths_decoder(paths);
    json->pool = pool;

    json->rc = NGX_OK;
    json->total = 0;
    json->values = 0;
    json->depth = 0;
    json->index = 0;
    json->any = NULL;

    /* the others are set when they are entered */

    json->frames[0].node = NULL;
    json->frames[0].child = ngx_slack_json_paths_root(paths);
    json->frames[0].array = 0;
    json->frames[0].outer = 0;

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


/* where a value that comes now belongs */

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

    if (frame->outer) {
        json->index = frame->index++;
    }

    if (json->any == NULL && (node == NULL || node->slot == NGX_ERROR)) {
        return NGX_OK;
    }

    text.data = token;
    text.len = (type == NGX_SLACK_JSON_NULL) ? 0 : len;

    if (escaped && json->any == NULL && node->line) {
        token = ngx_slack_json_line(token, &len, buf);
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

    return ngx_slack_json_put(json, node->slot, type, text.data, text.len);
}


/*
 * a string up to the end of its first line that has something to see, with a
 * quote of its own; a long line stays as it is
 */

static u_char *
ngx_slack_json_line(u_char *token, size_t *len, u_char *buf)
{
    u_char      *p, *last;
    ngx_uint_t   seen;

    last = token + ngx_min(*len, NGX_SLACK_JSON_SHORT) - 1;
    seen = 0;

    for (p = token + 1; p < last; p++) {

        if (*p != '\\') {
            seen |= (*p > ' ' && *p < 0x7f);

            if (seen) {
                p = ngx_slack_json_run(p, last) - 1;
            }

            continue;
        }

        if (*++p == 'n' && seen) {
            *len = p - token;
            *ngx_cpymem(buf, token, *len - 1) = '"';

            return buf;
        }

        if (*p == 'u') {

            /* its digits are nothing to see */

            p += 4;
        }
    }

    return token;
}


static ngx_int_t
ngx_slack_json_put(ngx_slack_json_t *json, ngx_int_t n, ngx_uint_t type,
    u_char *data, size_t len)
{
    ngx_uint_t               plain;
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

    plain = ngx_slack_json_plain(data, len);

    value = ngx_palloc(json->pool, sizeof(ngx_slack_json_value_t)
                                   + (plain ? len : 0));
    if (value == NULL) {
        return NGX_ERROR;
    }

    value->type = type;
    value->index = json->index;
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
    u_char *data, size_t len)
{
    u_char     *p, buf[NGX_SLACK_JSON_KEY_MAX + 1 + NGX_SLACK_JSON_SHORT];
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


static ngx_int_t
ngx_slack_json_open(void *data, ngx_uint_t array)
{
    ngx_slack_json_t *json = data;

    ngx_slack_json_node_t   *node;
    ngx_slack_json_frame_t  *frame, *parent;

    node = ngx_slack_json_target(json);
    json->any = NULL;

    parent = &json->frames[json->depth];

    if (parent->outer) {
        json->index = parent->index++;
    }

    if (array && json->depth == 0) {

        /* paths begin with a key */

        return NGX_DECLINED;
    }

    if (node == NULL
        || (node->children == NULL && node->any == NULL && !array))
    {
        return NGX_DECLINED;
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

    return NGX_OK;
}


static void
ngx_slack_json_close(void *data)
{
    ngx_slack_json_t *json = data;

    if (json->frames[json->depth].outer) {
        json->index = 0;
    }

    json->depth--;
}
