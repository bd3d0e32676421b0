
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A document for the programs that test the JSON reader, put together and
 * read in pieces of many sizes.
 */


#ifndef _NGX_SLACK_UNIT_JSON_DOC_H_INCLUDED_
#define _NGX_SLACK_UNIT_JSON_DOC_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_json.h>

#include "shim.h"
#include "tap.h"


#define LINE   5
#define SLOTS  6


typedef struct {
    ngx_int_t   rc;
    char       *error;
    off_t       offset;
    ngx_uint_t  empty;
    ngx_uint_t  flagged;
    size_t      digest[SLOTS];         /* of the values of each path */
    ngx_uint_t  n[SLOTS];
    ngx_uint_t  cut[SLOTS];            /* how many of them */
    ngx_uint_t  state[SLOTS];
    ngx_str_t   first[SLOTS];
} result_t;


static ngx_pool_t              *pool;
static ngx_slack_json_paths_t  *paths;
static ngx_uint_t               slots[SLOTS];
static u_char                   doc[8 * 1024 * 1024];
static size_t                   doc_len;

static size_t  pieces[] = { 1, 2, 3, 7, 64, 1021, 16384, 100000, sizeof(doc) };


static void
add(const char *text)
{
    size_t  len;

    len = strlen(text);

    memcpy(doc + doc_len, text, len);
    doc_len += len;
}


static void
begin(const char *text)
{
    doc_len = 0;
    add(text);
}


/* reads the document in pieces, each in memory of its own */

static void
read_in(size_t piece, result_t *result)
{
    size_t                   n, i;
    u_char                  *copy, *p;
    ngx_uint_t               s;
    ngx_slack_json_t        *json;
    ngx_slack_json_value_t  *value;

    memset(result, 0, sizeof(result_t));

    json = ngx_slack_json_create(paths, pool);
    if (json == NULL) {
        result->rc = NGX_ERROR;
        return;
    }

    for (p = doc; p < doc + doc_len; p += n) {

        n = ngx_min(piece, (size_t) (doc + doc_len - p));

        copy = malloc(n);
        if (copy == NULL) {
            result->rc = NGX_ERROR;
            return;
        }

        memcpy(copy, p, n);
        (void) ngx_slack_json_parse(json, copy, n);
        free(copy);
    }

    result->empty = ngx_slack_json_is_empty(json);
    result->rc = ngx_slack_json_finish(json);
    result->error = ngx_slack_json_error(json, &result->offset);

    result->flagged = ngx_slack_json_flagged(json);

    for (s = 0; s < SLOTS; s++) {
        value = ngx_slack_json_values(json, slots[s]);
        result->state[s] = ngx_slack_json_states(json)[slots[s]];

        if (value) {
            result->first[s] = value->text;
        }

        for ( /* void */ ; value; value = value->next) {
            result->n[s]++;
            result->cut[s] += value->cut;

            for (i = 0; i < value->text.len; i++) {
                result->digest[s] = result->digest[s] * 31
                                    + value->text.data[i];
            }
        }
    }
}


/* the same in all pieces; the result of the document in one */

static void
read_all(const char *name, result_t *whole)
{
    char        *error;
    result_t     result;
    ngx_uint_t   i, same;

    read_in(sizeof(doc), whole);

    same = 1;

    for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {

        if (pieces[i] < 64 && doc_len > 256 * 1024) {
            continue;
        }

        read_in(pieces[i], &result);

        error = result.error ? result.error : "";

        if (result.rc != whole->rc
            || result.offset != whole->offset
            || result.empty != whole->empty
            || result.flagged != whole->flagged
            || strcmp(error, whole->error ? whole->error : "") != 0
            || memcmp(result.digest, whole->digest, sizeof(whole->digest))
               != 0
            || memcmp(result.state, whole->state, sizeof(whole->state)) != 0
            || memcmp(result.cut, whole->cut, sizeof(whole->cut)) != 0
            || memcmp(result.n, whole->n, sizeof(whole->n)) != 0)
        {
            printf("# pieces of %zu: rc %ld, error \"%s\", offset %ld\n",
                   pieces[i], (long) result.rc, error, (long) result.offset);
            same = 0;
        }
    }

    tap_ok((int) same, name);
}


/* the paths of all programs; 0: no memory */

static ngx_uint_t
setup(void)
{
    ngx_uint_t        i;

    static ngx_log_t  log;

    static ngx_str_t  names[SLOTS] = {
        ngx_string("a"), ngx_string("b.c"), ngx_string("list[].t"),
        ngx_string("any[].*"), ngx_string("any[].known"),
        ngx_string("line")
    };

    static ngx_str_t  flags[] = {
        ngx_string("flag"), ngx_string("b.flag"), ngx_string("a")
    };

    pool = ngx_create_pool(4096, &log);
    if (pool == NULL) {
        return 0;
    }

    paths = ngx_slack_json_paths_create(pool);
    if (paths == NULL) {
        return 0;
    }

    for (i = 0; i < LINE; i++) {
        slots[i] = (ngx_uint_t) ngx_slack_json_paths_add(paths, &names[i]);
    }

    slots[LINE] = (ngx_uint_t) ngx_slack_json_paths_add_line(paths,
                                                             &names[LINE]);

    for (i = 0; i < 3; i++) {
        (void) ngx_slack_json_paths_add_flag(paths, &flags[i]);
    }

    return ngx_slack_json_paths_compile(paths) == NGX_OK;
}


#endif /* _NGX_SLACK_UNIT_JSON_DOC_H_INCLUDED_ */
