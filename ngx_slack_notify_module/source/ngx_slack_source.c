
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The registry of senders, and what they share: from captured values to the
 * fields of an event.  Knows senders only by their lines in the registry.
 * Runs in the event loop.
 */


#include <ngx_slack_source.h>
#include <ngx_slack_confidential.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_text.h>
#include <ngx_slack_time.h>


static ngx_int_t ngx_slack_reader_fill(ngx_slack_reader_field_t *fields,
    ngx_slack_json_t *json, ngx_slack_event_t *event, ngx_pool_t *pool);
static ngx_int_t ngx_slack_reader_field(ngx_slack_field_t *field,
    ngx_slack_json_t *json, ngx_uint_t slot, ngx_slack_event_t *event,
    ngx_pool_t *pool);
static void ngx_slack_reader_stamp(int64_t *stamp,
    ngx_slack_json_value_t *value);
static ngx_int_t ngx_slack_reader_marked(ngx_array_t *list,
    ngx_slack_json_value_t *value, ngx_pool_t *pool);
static void ngx_slack_reader_subject(ngx_slack_field_t *field,
    ngx_slack_event_t *event, ngx_uint_t state);
static size_t ngx_slack_reader_digits(ngx_slack_json_value_t *value);
static ngx_int_t ngx_slack_reader_list(ngx_array_t *list,
    ngx_slack_json_value_t *value, ngx_uint_t whole, ngx_pool_t *pool);
static ngx_int_t ngx_slack_reader_rows(ngx_array_t *rows,
    ngx_slack_field_t *field, ngx_slack_json_value_t *value);


extern ngx_slack_source_t  ngx_slack_source_gitlab;
extern ngx_slack_source_t  ngx_slack_source_alertmanager;
extern ngx_slack_source_t  ngx_slack_source_gitea;
extern ngx_slack_source_t  ngx_slack_source_github;


ngx_slack_source_t  *ngx_slack_sources[] = {
    &ngx_slack_source_gitlab,
    &ngx_slack_source_alertmanager,
    &ngx_slack_source_gitea,       /* before GitHub, whose headers it sends */
    &ngx_slack_source_github,
    NULL
};


ngx_slack_source_t *
ngx_slack_source_find(ngx_str_t *name)
{
    ngx_uint_t           i;
    ngx_slack_source_t  *source;

    for (i = 0; ngx_slack_sources[i]; i++) {
        source = ngx_slack_sources[i];

        if (ngx_slack_equal(&source->name, name)) {
            return source;
        }
    }

    return NULL;
}


ngx_uint_t
ngx_slack_reader_recognises(ngx_slack_reader_t *reader, ngx_slack_json_t *json)
{
    ngx_uint_t  i;

    for (i = 0; reader->source->marks[i].len; i++) {
        if (ngx_slack_json_value(json, (ngx_uint_t) reader->marks[i])) {
            return 1;
        }
    }

    return 0;
}


ngx_int_t
ngx_slack_reader_events(ngx_slack_reader_t *reader, ngx_slack_json_t *json,
    ngx_slack_events_t *events)
{
    events->reader = reader;
    events->json = json;
    events->nevents = 0;
    events->more = 0;

    if (reader->events
        && ngx_slack_json_split(json, reader->events, NGX_SLACK_EVENTS_MAX,
                                &events->nevents, &events->more)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* a document that was not split is one event */

    events->nevents = ngx_max(events->nevents, 1);

    return NGX_OK;
}


void
ngx_slack_events_select(ngx_slack_events_t *events, ngx_uint_t n)
{
    if (events->nevents > 1) {
        ngx_slack_json_select(events->json, n);
    }
}


ngx_int_t
ngx_slack_events_read(ngx_slack_events_t *events, ngx_uint_t n,
    ngx_str_t *header, ngx_pool_t *pool, ngx_slack_event_t **result,
    ngx_str_t *reason)
{
    ngx_int_t            rc;
    ngx_uint_t           i;
    ngx_array_t         *array;
    ngx_slack_json_t    *json;
    ngx_slack_event_t   *event;
    ngx_slack_reader_t  *reader;
    ngx_slack_source_t  *source;

    json = events->json;
    reader = events->reader;
    source = reader->source;

    ngx_slack_events_select(events, n);

    event = ngx_pcalloc(pool, source->event_size);
    if (event == NULL) {
        return NGX_ERROR;
    }

    event->protected = NGX_SLACK_UNKNOWN;
    event->more = (n + 1 == events->nevents) ? events->more : 0;
    event->confidential = ngx_slack_json_flagged(json);

    for (i = 0; source->rows[i].size; i++) {
        array = (ngx_array_t *) ((u_char *) event + source->rows[i].offset);

        array->size = source->rows[i].size;
        array->pool = pool;
    }

    if (ngx_slack_reader_fill(reader->fields[0], json, event, pool)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    source->identify(event, header, reason);
    *result = event;

    if (event->kind == NGX_SLACK_EVENT_UNKNOWN) {
        return NGX_DECLINED;
    }

    rc = ngx_slack_reader_fill(reader->fields[event->kind], json, event, pool);

    if (rc == NGX_OK) {
        rc = source->complete(event, pool, reason);
    }

    if (rc == NGX_OK && event->confidential) {
        rc = ngx_slack_confidential_kind(event, pool, reason);
    }

    if (rc == NGX_OK && reader->want & NGX_SLACK_WANT_CARDS) {
        rc = source->stand(event, pool);
    }

    if (rc == NGX_OK && reader->want & NGX_SLACK_WANT_PEOPLE
        && source->people)
    {
        rc = source->people(event, pool);
    }

    if (rc != NGX_OK || !(reader->want & NGX_SLACK_WANT_OBJECTS)) {
        return rc;
    }

    rc = source->object(event, pool);

    if (event->object.len == 0) {
        event->belongs = NGX_SLACK_OBJECT_NONE;
    }

    return rc;
}


static ngx_int_t
ngx_slack_reader_fill(ngx_slack_reader_field_t *fields, ngx_slack_json_t *json,
    ngx_slack_event_t *event, ngx_pool_t *pool)
{
    u_char  *states;

    states = ngx_slack_json_states(json);

    for ( /* void */ ; fields->field; fields++) {

        if (states[fields->slot] == 0) {
            continue;
        }

        if (fields->field->member) {
            ngx_slack_reader_subject(fields->field, event,
                                     states[fields->slot]);
        }

        if (ngx_slack_reader_field(fields->field, json, fields->slot, event,
                                   pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static void
ngx_slack_reader_subject(ngx_slack_field_t *field, ngx_slack_event_t *event,
    ngx_uint_t state)
{
    if (field->type == NGX_SLACK_FIELD_ROWS
        || field->type == NGX_SLACK_FIELD_ROW_LINES)
    {
        return;
    }

    if (state & NGX_SLACK_JSON_TOLD) {
        event->told |= field->member;
    }

    if (state & NGX_SLACK_JSON_PART) {
        event->unread |= field->member;
    }
}


static ngx_int_t
ngx_slack_reader_field(ngx_slack_field_t *field, ngx_slack_json_t *json,
    ngx_uint_t slot, ngx_slack_event_t *event, ngx_pool_t *pool)
{
    u_char                  *target;
    time_t                  *time;
    ngx_int_t                n;
    ngx_str_t               *string;
    ngx_uint_t              *number;
    ngx_slack_json_value_t  *value;

    value = ngx_slack_json_value(json, slot);

    if (value == NULL && field->type < NGX_SLACK_FIELD_LIST) {
        return NGX_OK;
    }

    target = (u_char *) event + field->offset;

    switch (field->type) {

    case NGX_SLACK_FIELD_STRING:
    case NGX_SLACK_FIELD_LINE:
        string = (ngx_str_t *) target;

        if (string->len == 0) {
            *string = field->type == NGX_SLACK_FIELD_STRING
                      ? value->text
                      : ngx_slack_text_first_line(&value->text);
        }

        return NGX_OK;

    case NGX_SLACK_FIELD_NAME:
        string = (ngx_str_t *) target;

        if (string->len == 0 && !value->cut) {
            *string = value->text;
        }

        return NGX_OK;

    case NGX_SLACK_FIELD_NUMBER:
        number = (ngx_uint_t *) target;

        if (*number == 0) {
            n = ngx_atoi(value->text.data, ngx_slack_reader_digits(value));
            *number = (n == NGX_ERROR) ? 0 : (ngx_uint_t) n;
        }

        return NGX_OK;

    case NGX_SLACK_FIELD_TIME:
        time = (time_t *) target;

        if (*time == 0) {
            *time = ngx_slack_time_parse(&value->text);
        }

        return NGX_OK;

    case NGX_SLACK_FIELD_LIST:
        if (((ngx_array_t *) target)->nelts) {
            return NGX_OK;
        }

        /* fall through */

    case NGX_SLACK_FIELD_FILES:
        return ngx_slack_reader_list((ngx_array_t *) target,
                                     ngx_slack_json_values(json, slot),
                                     field->type == NGX_SLACK_FIELD_FILES,
                                     pool);

    case NGX_SLACK_FIELD_ROWS:
    case NGX_SLACK_FIELD_ROW_LINES:
        return ngx_slack_reader_rows((ngx_array_t *) target, field,
                                     ngx_slack_json_values(json, slot));

    case NGX_SLACK_FIELD_MARKED:
        return ngx_slack_reader_marked((ngx_array_t *) target,
                                       ngx_slack_json_values(json, slot),
                                       pool);

    case NGX_SLACK_FIELD_STAMP:
        ngx_slack_reader_stamp((int64_t *) target,
                               ngx_slack_json_values(json, slot));
        return NGX_OK;
    }

    return NGX_OK;
}


static void
ngx_slack_reader_stamp(int64_t *stamp, ngx_slack_json_value_t *value)
{
    int64_t  ms;

    for ( /* void */ ; value; value = value->next) {
        ms = ngx_slack_time_parse_ms(&value->text);
        *stamp = ngx_max(*stamp, ms);
    }
}


/* Counts the digits before a fraction, as in "63.5". */

static size_t
ngx_slack_reader_digits(ngx_slack_json_value_t *value)
{
    size_t  i;

    for (i = 0; i < value->text.len; i++) {
        if (value->text.data[i] < '0' || value->text.data[i] > '9') {
            break;
        }
    }

    return i;
}


/* Appends the values; with "whole" only those that were not cut. */

static ngx_int_t
ngx_slack_reader_list(ngx_array_t *list, ngx_slack_json_value_t *value,
    ngx_uint_t whole, ngx_pool_t *pool)
{
    ngx_str_t  *string;

    if (value == NULL) {
        return NGX_OK;
    }

    if (list->elts == NULL
        && ngx_array_init(list, pool, 4, sizeof(ngx_str_t)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    for ( /* void */ ; value; value = value->next) {

        if (value->cut && whole) {
            continue;
        }

        string = ngx_array_push(list);
        if (string == NULL) {
            return NGX_ERROR;
        }

        *string = value->text;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_reader_marked(ngx_array_t *list, ngx_slack_json_value_t *value,
    ngx_pool_t *pool)
{
    ngx_slack_marked_t  *marked;

    if (value && list->elts == NULL
        && ngx_array_init(list, pool, 8, sizeof(ngx_slack_marked_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    for ( /* void */ ; value; value = value->next) {

        marked = ngx_array_push(list);
        if (marked == NULL) {
            return NGX_ERROR;
        }

        marked->index = value->index;
        marked->text = value->text;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_reader_rows(ngx_array_t *rows, ngx_slack_field_t *field,
    ngx_slack_json_value_t *value)
{
    u_char     *row;
    ngx_str_t  *string;

    for ( /* void */ ; value; value = value->next) {

        if (rows->elts == NULL
            && ngx_array_init(rows, rows->pool, 4, rows->size) != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (value->index >= NGX_SLACK_JSON_VALUES_MAX) {
            return NGX_OK;
        }

        while (rows->nelts <= value->index) {
            row = ngx_array_push(rows);
            if (row == NULL) {
                return NGX_ERROR;
            }

            ngx_memzero(row, rows->size);
        }

        row = (u_char *) rows->elts + value->index * rows->size;
        string = (ngx_str_t *) (row + field->member);

        if (string->len == 0) {
            *string = field->type == NGX_SLACK_FIELD_ROWS
                      ? value->text
                      : ngx_slack_text_first_line(&value->text);
        }
    }

    return NGX_OK;
}
