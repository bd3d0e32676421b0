
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What a payload's event belongs to, for the unit programs of that; included
 * by the one file of a program.
 */


#ifndef _NGX_SLACK_OBJECTS_H_INCLUDED_
#define _NGX_SLACK_OBJECTS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_source.h>

#include <strings.h>

#include "tap.h"


/* what the program wants of events */

#ifndef WANT
#define WANT  NGX_SLACK_WANT_OBJECTS
#endif


typedef struct {
    const char                *sender;
    const char                *header;
    const char                *payload;   /* or a file of t/data */
    const char                *expected;  /* object|belongs|parent|stamp|final,
                                             "ignored: reason" */
} row_t;


static const char  *belongs[] = { "none", "start", "whole", "part" };

static ngx_log_t    quiet;
static ngx_pool_t  *pool;


/* the shim has none of these */

ngx_int_t
ngx_atoi(u_char *line, size_t n)
{
    ngx_int_t  value;

    if (n == 0) {
        return NGX_ERROR;
    }

    for (value = 0; n--; line++) {
        if (*line < '0' || *line > '9' || value > 100000000) {
            return NGX_ERROR;
        }

        value = value * 10 + (*line - '0');
    }

    return value;
}


ngx_int_t
ngx_strncasecmp(u_char *s1, u_char *s2, size_t n)
{
    return strncasecmp((char *) s1, (char *) s2, n);
}


void
ngx_strlow(u_char *dst, u_char *src, size_t n)
{
    for ( /* void */ ; n; n--) {
        *dst++ = ngx_tolower(*src);
        src++;
    }
}


/* the payload itself, or the file of t/data beside this one */

static inline ngx_int_t
load(const char *payload, ngx_str_t *body)
{
    FILE        *f;
    char         path[1024];
    size_t       len;
    const char  *slash;

    if (*payload == '{') {
        body->data = (u_char *) payload;
        body->len = strlen(payload);
        return NGX_OK;
    }

    slash = strrchr(__FILE__, '/');
    len = slash ? (size_t) (slash - __FILE__) : 1;

    snprintf(path, sizeof(path), "%.*s/../data/%s", (int) len,
             slash ? __FILE__ : ".", payload);

    f = fopen(path, "r");
    if (f == NULL) {
        return NGX_ERROR;
    }

    body->len = 0;
    body->data = ngx_palloc(pool, 65536);

    if (body->data != NULL) {
        body->len = fread(body->data, 1, 65536, f);
    }

    fclose(f);

    return (body->len && body->len < 65536) ? NGX_OK : NGX_ERROR;
}


static inline ngx_int_t
event_of(const row_t *row, ngx_str_t *body, ngx_slack_event_t **event,
    ngx_str_t *reason)
{
    ngx_str_t                name, header;
    ngx_slack_json_t        *json;
    ngx_slack_events_t       events;
    ngx_slack_reader_t      *reader;
    ngx_slack_json_paths_t  *paths;

    name.data = (u_char *) row->sender;
    name.len = strlen(row->sender);
    header.data = (u_char *) row->header;
    header.len = strlen(row->header);

    paths = ngx_slack_json_paths_create(pool);

    if (paths == NULL) {
        return NGX_ERROR;
    }

    reader = ngx_slack_reader_create(ngx_slack_source_find(&name), paths, pool,
                                     WANT);

    if (reader == NULL || ngx_slack_json_paths_compile(paths) != NGX_OK) {
        return NGX_ERROR;
    }

    json = ngx_slack_json_create(paths, pool);

    if (json == NULL
        || ngx_slack_json_parse(json, body->data, body->len) != NGX_OK
        || ngx_slack_json_finish(json) != NGX_OK
        || ngx_slack_reader_events(reader, json, &events) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_events_read(&events, 0, &header, pool, event, reason);
}


static inline void
is(const row_t *row, ngx_str_t *body, const char *name)
{
    u_char             *p, buf[512];
    ngx_int_t           rc;
    ngx_str_t           reason;
    ngx_slack_event_t  *event;

    ngx_str_null(&reason);
    event = NULL;
    p = buf;

    rc = event_of(row, body, &event, &reason);

    if (rc == NGX_OK) {
        p = ngx_snprintf(p, sizeof(buf), "%V|%s|%V|%L|%s", &event->object,
                         belongs[event->belongs], &event->parent,
                         event->stamp, event->final ? "final" : "");

    } else if (rc == NGX_DECLINED) {
        p = ngx_snprintf(p, sizeof(buf), "ignored: %V", &reason);
    }

    tap_is(buf, (size_t) (p - buf), row->expected, name);
}


/* "rows" ends with a row of NULL */

static inline void
from_table(const row_t *rows)
{
    ngx_str_t     body;
    const row_t  *row;

    for (row = rows; row->sender; row++) {

        pool = ngx_create_pool(4096, &quiet);

        if (pool == NULL || load(row->payload, &body) != NGX_OK) {
            tap_ok(0, row->payload);
            continue;
        }

        is(row, &body, row->payload);

        ngx_destroy_pool(pool);
    }
}


/* "before" and "after" and between them "n" letters */

static inline void
long_one(const char *sender, const char *before, size_t n, const char *after,
    const char *expected, const char *name)
{
    row_t       row;
    u_char     *p;
    ngx_str_t   body;

    pool = ngx_create_pool(4096, &quiet);
    if (pool == NULL) {
        tap_ok(0, name);
        return;
    }

    body.len = strlen(before) + n + strlen(after);
    body.data = ngx_palloc(pool, body.len);
    if (body.data == NULL) {
        tap_ok(0, name);
        return;
    }

    p = ngx_cpymem(body.data, before, strlen(before));
    memset(p, 'x', n);
    ngx_memcpy(p + n, after, strlen(after));

    row.sender = sender;
    row.header = "";
    row.payload = NULL;
    row.expected = expected;

    is(&row, &body, name);

    ngx_destroy_pool(pool);
}


#endif /* _NGX_SLACK_OBJECTS_H_INCLUDED_ */
