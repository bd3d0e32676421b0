
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A document that is taken apart: each element of an array with its own
 * values, also those of an array within it.
 */

/* unit: json/ngx_slack_json.c json/ngx_slack_json_paths.c
 *       json/ngx_slack_json_values.c
 *       json/ngx_slack_json_decode.c json/ngx_slack_json_skim.c
 *       json/ngx_slack_json_text.c json/ngx_slack_json_token.c
 *       core/ngx_slack_text.c core/ngx_slack_text_scrub.c
 * libs: -lyajl
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_json.h>

#include <stdio.h>
#include <string.h>

#include "tap.h"


enum { NAME, MESSAGE, TOP, OTHER, DEEP, SLOTS };


static ngx_str_t  names[SLOTS] = {
    ngx_string("a[].name"), ngx_string("a[].b[].c"), ngx_string("top"),
    ngx_string("other[].name"), ngx_string("a[].b[].d[].e")
};

static ngx_str_t  splits[] = {
    ngx_string("a"), ngx_string("other"), ngx_string("none[]")
};

static ngx_log_t          quiet;
static ngx_pool_t        *pool;
static ngx_slack_json_t  *json;
static ngx_uint_t         slots[SLOTS];
static ngx_int_t          numbers[3];


static ngx_int_t
document(const char *text)
{
    ngx_uint_t               i;
    ngx_slack_json_paths_t  *paths;

    paths = ngx_slack_json_paths_create(pool);
    if (paths == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < SLOTS; i++) {
        slots[i] = (ngx_uint_t) ngx_slack_json_paths_add(paths, &names[i]);
    }

    for (i = 0; i < 3; i++) {
        numbers[i] = ngx_slack_json_paths_split(paths, &splits[i]);
    }

    if (ngx_slack_json_paths_compile(paths) != NGX_OK) {
        return NGX_ERROR;
    }

    json = ngx_slack_json_create(paths, pool);

    if (json == NULL
        || ngx_slack_json_parse(json, (u_char *) text, strlen(text)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_json_finish(json);
}


/* values with both of their indices: "x@0.1 y@0.2" */

static const char *
list(ngx_uint_t slot)
{
    size_t                   n;
    ngx_slack_json_value_t  *value;

    static char  buf[512];

    buf[0] = '\0';
    n = 0;

    for (value = ngx_slack_json_values(json, slots[slot]);
         value;
         value = value->next)
    {
        n += (size_t) snprintf(buf + n, sizeof(buf) - n, "%s%.*s@%u.%u",
                               n ? " " : "", (int) value->text.len,
                               value->text.data, (unsigned) value->index,
                               (unsigned) value->inner);
    }

    return buf;
}


static void
is(ngx_uint_t slot, const char *expected, const char *name)
{
    const char  *found;

    found = list(slot);

    tap_is((const u_char *) found, strlen(found), expected, name);
}


static const char  nested[] =
    "{\"top\":\"t\",\"other\":[{\"name\":\"o\"},{\"name\":\"p\"}],\"a\":["
    "{\"name\":\"x\",\"b\":[{\"c\":1},{},{\"c\":2,\"d\":[{\"e\":8}]}]},"
    "{\"name\":null,\"b\":[]},"
    "{\"b\":[{\"c\":3},{\"c\":4}],\"name\":\"z\"}]}";


static void
indices(void)
{
    tap_ok(document(nested) == NGX_OK, "a document with arrays in an array");
    is(MESSAGE, "1@0.0 2@0.2 3@2.0 4@2.1", "values tell both of their places");
    is(NAME, "x@0.0 @1.0 z@2.0", "those of the outer array have no inner one");
    is(DEEP, "8@0.2", "a third array is not counted");
    is(TOP, "t@0.0", "outside of arrays there is none");

    tap_ok(document("{\"a\":[[{\"name\":1},{\"name\":2}],{\"name\":3}],"
                    "\"top\":4}")
           == NGX_OK, "an array that is an element");
    is(NAME, "1@0.0 2@0.1 3@1.0", "is an array within");
    is(TOP, "4@0.0", "and afterwards there is none");
}


static void
elements(void)
{
    ngx_uint_t  n, more;

    tap_ok(document(nested) == NGX_OK
           && ngx_slack_json_split(json, (ngx_uint_t) numbers[0], 20, &n,
                                   &more)
              == NGX_OK
           && n == 3 && more == 0,
           "it is taken apart");
    is(NAME, "x@0.0", "the first element is selected");
    is(MESSAGE, "1@0.0 2@2.0", "its values are counted within it");
    is(OTHER, "o@0.0 p@1.0", "other arrays belong to each");

    ngx_slack_json_select(json, 1);
    tap_ok(ngx_slack_json_value(json, slots[NAME]) == NULL,
           "null is no value of the second");
    is(MESSAGE, "", "which has no others");
    is(TOP, "t@0.0", "but what belongs to each");

    ngx_slack_json_select(json, 2);
    is(MESSAGE, "3@0.0 4@1.0", "the third");
    tap_ok(ngx_slack_json_value(json, slots[NAME])->text.data[0] == 'z',
           "has its last value");

    ngx_slack_json_select(json, 0);
    is(MESSAGE, "1@0.0 2@2.0", "and back");

    tap_ok(document(nested) == NGX_OK
           && ngx_slack_json_split(json, (ngx_uint_t) numbers[0], 2, &n, &more)
              == NGX_OK
           && n == 2 && more == 1, "no more of them than wanted");
    ngx_slack_json_select(json, 1);
    is(NAME, "@0.0", "the last one that is kept");

    tap_ok(document(nested) == NGX_OK
           && ngx_slack_json_split(json, (ngx_uint_t) numbers[1], 9, &n, &more)
              == NGX_OK
           && n == 2, "another array");
    is(OTHER, "o@0.0", "is taken apart");
    is(NAME, "x@0.0 @1.0 z@2.0", "and this one is whole");

    tap_ok(document(nested) == NGX_OK
           && ngx_slack_json_split(json, (ngx_uint_t) numbers[2], 9, &n, &more)
              == NGX_OK
           && n == 0 && more == 0, "an array that is not there");
    is(NAME, "x@0.0 @1.0 z@2.0", "leaves the document whole");

    tap_ok(document("{\"a\":[{\"name\":1},{\"name\":2}],\"top\":1,"
                    "\"a\":[{\"name\":3}]}")
           == NGX_OK
           && ngx_slack_json_split(json, (ngx_uint_t) numbers[0], 9, &n, &more)
              == NGX_OK
           && n == 2, "an array that is there twice");
    tap_ok(ngx_slack_json_value(json, slots[NAME])->text.data[0] == '3',
           "the last value wins");
    ngx_slack_json_select(json, 1);
    is(NAME, "2@0.0", "and is nobody else's");
}


int
main(void)
{
    pool = ngx_create_pool(4096, &quiet);
    if (pool == NULL) {
        return 1;
    }

    indices();
    elements();

    ngx_destroy_pool(pool);

    return tap_done();
}
