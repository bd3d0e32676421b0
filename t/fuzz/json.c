
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The JSON reader: takes what yajl takes but for its limits, keeps what a walk
 * over yajl's tree finds at the paths, in whatever pieces the document comes.
 */

/* fuzz: json/ngx_slack_json.c json/ngx_slack_json_paths.c
 *       json/ngx_slack_json_decode.c json/ngx_slack_json_skim.c
 *       json/ngx_slack_json_text.c json/ngx_slack_json_token.c
 *       core/ngx_slack_text.c core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c
 * libs: -lyajl
 */


#include <ngx_slack_json.h>
#include <ngx_slack_text.h>

#include <yajl/yajl_tree.h>

#include "fuzz.h"
#include "yajl.h"


#define JSON_PATHS  6


typedef struct {
    ngx_uint_t                depth;
    ngx_uint_t                deepest;
    ngx_uint_t                number;    /* the longest */
} json_limits_t;


typedef struct {
    ngx_slack_json_value_t   *value;     /* the next that must come */
    ngx_uint_t                index;
} json_walk_t;


static const char *json_paths[JSON_PATHS][4] = {
    { "a", NULL },
    { "a", "b", NULL },
    { "labels", "title", NULL },
    { "labels", NULL },
    { "a", "labels", "b", NULL },
    { "object_kind", NULL }
};

static ngx_pool_t              *json_pool;
static ngx_slack_json_paths_t  *json_set;
static ngx_uint_t               json_slots[JSON_PATHS];


static void json_setup(void);
static int json_deeper(void *data);
static int json_higher(void *data);
static int json_number(void *data, const char *text, size_t len);
static ngx_uint_t json_accepts(const uint8_t *data, size_t size,
    json_limits_t *limits);
static ngx_slack_json_t *json_read(const uint8_t *data, size_t size,
    uint64_t seed, ngx_pool_t *pool, ngx_int_t *rc);
static ngx_uint_t json_equal(ngx_slack_json_t *one, ngx_slack_json_t *other);
static void json_scalar(yajl_val v, json_walk_t *walk);
static void json_walk(yajl_val v, const char **keys, json_walk_t *walk,
    ngx_uint_t array);
static void json_clean(ngx_slack_json_value_t *value);
static void json_values(const uint8_t *data, size_t size,
    ngx_slack_json_t *json);


static void
json_setup(void)
{
    u_char      buf[64], *p;
    ngx_int_t   slot;
    ngx_str_t   path;
    ngx_uint_t  i, k;

    json_pool = fuzz_pool();

    json_set = ngx_slack_json_paths_create(json_pool);
    fuzz_check(json_set != NULL, "no memory");

    for (i = 0; i < JSON_PATHS; i++) {
        p = buf;

        for (k = 0; json_paths[i][k]; k++) {
            p = ngx_sprintf(p, "%s%s", k ? "." : "", json_paths[i][k]);
        }

        path.data = buf;
        path.len = (size_t) (p - buf);

        slot = ngx_slack_json_paths_add(json_set, &path);
        fuzz_check(slot >= 0, "not a path");

        json_slots[i] = (ngx_uint_t) slot;
    }

    fuzz_check(ngx_slack_json_paths_compile(json_set) == NGX_OK, "no memory");
}


static int
json_deeper(void *data)
{
    json_limits_t  *limits = data;

    limits->depth++;
    limits->deepest = ngx_max(limits->deepest, limits->depth);

    return 1;
}


static int
json_higher(void *data)
{
    json_limits_t  *limits = data;

    limits->depth--;

    return 1;
}


static int
json_number(void *data, const char *text, size_t len)
{
    json_limits_t  *limits = data;

    limits->number = ngx_max(limits->number, len);

    return 1;
}


/* what yajl says of the whole */

static ngx_uint_t
json_accepts(const uint8_t *data, size_t size, json_limits_t *limits)
{
    yajl_callbacks  callbacks;

    ngx_memzero(&callbacks, sizeof(yajl_callbacks));
    ngx_memzero(limits, sizeof(json_limits_t));

    callbacks.yajl_start_map = json_deeper;
    callbacks.yajl_start_array = json_deeper;
    callbacks.yajl_end_map = json_higher;
    callbacks.yajl_end_array = json_higher;
    callbacks.yajl_number = json_number;

    return fuzz_yajl(data, size, &callbacks, limits);
}


/* seed 0: all at once, 1: by bytes */

static ngx_slack_json_t *
json_read(const uint8_t *data, size_t size, uint64_t seed, ngx_pool_t *pool,
    ngx_int_t *rc)
{
    off_t              offset;
    size_t             n, pos;
    u_char            *copy;
    ngx_int_t          before;
    ngx_slack_json_t  *json;

    json = ngx_slack_json_create(json_set, pool);
    if (json == NULL) {
        exit(2);
    }

    before = NGX_OK;

    for (pos = 0; pos < size; pos += n) {
        n = (seed > 1) ? fuzz_piece(&seed, size - pos) : seed ? 1 : size;

        copy = fuzz_dup(data + pos, n);
        *rc = ngx_slack_json_parse(json, copy, n);
        free(copy);

        fuzz_check(before == NGX_OK || *rc == before, "an error is for ever");
        before = *rc;

        if (*rc == NGX_OK) {
            fuzz_check(ngx_slack_json_error(json, &offset) == NULL
                       && offset == (off_t) (pos + n), "the size");
            fuzz_check(ngx_slack_json_is_empty(json)
                       == (pos + n == 3
                           && memcmp(data, "\xef\xbb\xbf", 3) == 0),
                       "what is empty");
        }
    }

    *rc = ngx_slack_json_finish(json);

    return json;
}


static ngx_uint_t
json_equal(ngx_slack_json_t *one, ngx_slack_json_t *other)
{
    ngx_uint_t               i;
    ngx_slack_json_value_t  *a, *b;

    for (i = 0; i < JSON_PATHS; i++) {
        a = ngx_slack_json_values(one, json_slots[i]);
        b = ngx_slack_json_values(other, json_slots[i]);

        for ( /* void */ ; a && b; a = a->next, b = b->next) {
            if (a->type != b->type
                || a->index != b->index
                || a->text.len != b->text.len
                || (a->text.len
                    && memcmp(a->text.data, b->text.data, a->text.len) != 0))
            {
                return 0;
            }
        }

        if (a || b) {
            return 0;
        }
    }

    return 1;
}


static void
json_scalar(yajl_val v, json_walk_t *walk)
{
    size_t                   len;
    u_char                  *text;
    const char              *s;
    ngx_uint_t               type;
    ngx_slack_json_value_t  *value;

    value = walk->value;
    fuzz_check(value != NULL, "a value is missing");

    switch (v->type) {

    case yajl_t_string:
        s = v->u.string;
        type = NGX_SLACK_JSON_STRING;
        break;

    case yajl_t_number:
        s = v->u.number.r;
        type = NGX_SLACK_JSON_NUMBER;
        break;

    case yajl_t_true:
        s = "true";
        type = NGX_SLACK_JSON_TRUE;
        break;

    case yajl_t_false:
        s = "false";
        type = NGX_SLACK_JSON_FALSE;
        break;

    default:
        s = "";
        type = NGX_SLACK_JSON_NULL;
        break;
    }

    fuzz_check(value->type == type, "the type of a value");
    fuzz_check(value->index == walk->index, "the index of a value");

    len = strlen(s);

    if (len <= NGX_SLACK_JSON_STRING_MAX) {
        text = malloc(len * 3 + 1);
        if (text == NULL) {
            exit(2);
        }

        len = ngx_slack_text_scrub(text, (u_char *) s, len);

        fuzz_check(value->text.len == len
                   && (len == 0 || memcmp(value->text.data, text, len) == 0),
                   "the text of a value");
        free(text);
    }

    walk->value = value->next;
}


/* "array": within the outermost array of the path */

static void
json_walk(yajl_val v, const char **keys, json_walk_t *walk, ngx_uint_t array)
{
    size_t  i;

    if (YAJL_IS_ARRAY(v)) {

        for (i = 0; i < v->u.array.len; i++) {

            if (!array) {
                walk->index = i;
            }

            json_walk(v->u.array.values[i], keys, walk, 1);
        }

        if (!array) {
            walk->index = 0;
        }

        return;
    }

    if (YAJL_IS_OBJECT(v)) {

        for (i = 0; *keys && i < v->u.object.len; i++) {
            if (strcmp(v->u.object.keys[i], *keys) == 0) {
                json_walk(v->u.object.values[i], keys + 1, walk, array);
            }
        }

        return;
    }

    if (*keys == NULL) {
        json_scalar(v, walk);
    }
}


static void
json_clean(ngx_slack_json_value_t *value)
{
    size_t   n;
    u_char  *text;

    for ( /* void */ ; value; value = value->next) {
        text = malloc(value->text.len * 3 + 1);
        if (text == NULL) {
            exit(2);
        }

        n = ngx_slack_text_scrub(text, value->text.data, value->text.len);

        fuzz_check(n == value->text.len
                   && (n == 0 || memcmp(text, value->text.data, n) == 0),
                   "a value that is not clean");
        free(text);
    }
}


static void
json_values(const uint8_t *data, size_t size, ngx_slack_json_t *json)
{
    char         *text;
    size_t        n;
    yajl_val      tree;
    ngx_uint_t    i;
    json_walk_t   walk;

    for (i = 0; i < JSON_PATHS; i++) {
        json_clean(ngx_slack_json_values(json, json_slots[i]));
    }

    /* yajl's tree ends strings at a NUL */

    text = malloc(size + 1);
    if (text == NULL) {
        exit(2);
    }

    memcpy(text, data, size);
    text[size] = '\0';

    if (strlen(text) < size || strstr(text, "\\u0000")) {
        free(text);
        return;
    }

    n = (strncmp(text, "\xef\xbb\xbf", 3) == 0) ? 3 : 0;

    tree = yajl_tree_parse(text + n, NULL, 0);
    free(text);

    if (tree == NULL) {

        /* it validates UTF-8 */

        return;
    }

    for (i = 0; i < JSON_PATHS; i++) {
        walk.value = ngx_slack_json_values(json, json_slots[i]);
        walk.index = 0;

        /* paths begin with a key */

        if (YAJL_IS_OBJECT(tree)) {
            json_walk(tree, json_paths[i], &walk, 0);
        }

        fuzz_check(walk.value == NULL, "a value too many");
    }

    yajl_tree_free(tree);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char              *error, *other;
    off_t              offset;
    ngx_int_t          rc, again;
    ngx_uint_t         i, accepted, fits;
    ngx_pool_t        *pool;
    json_limits_t      limits;
    ngx_slack_json_t  *whole, *pieces;

    if (json_pool == NULL) {
        json_setup();
    }

    pool = fuzz_pool();

    whole = json_read(data, size, 0, pool, &rc);
    error = ngx_slack_json_error(whole, &offset);

    accepted = json_accepts(data, size, &limits);
    fits = limits.deepest <= NGX_SLACK_JSON_DEPTH
           && limits.number <= NGX_SLACK_JSON_NUMBER_MAX;

    fuzz_check(rc == NGX_OK || rc == NGX_DECLINED, "the result");
    fuzz_check((rc == NGX_OK) == (accepted && fits), "what is JSON");
    fuzz_check((rc == NGX_OK) == (error == NULL), "the error");
    fuzz_check(offset >= 0 && offset <= (off_t) size, "its place");

    if (rc == NGX_OK) {
        json_values(data, size, whole);
    }

    for (i = 1; i < 4; i++) {
        pieces = json_read(data, size, i, pool, &again);
        other = ngx_slack_json_error(pieces, &offset);

        fuzz_check(again == rc, "the result in pieces");
        fuzz_check((error == NULL) == (other == NULL), "the error in pieces");

        if (rc == NGX_OK) {
            fuzz_check(json_equal(whole, pieces), "the values in pieces");
        }
    }

    ngx_destroy_pool(pool);

    return 0;
}
