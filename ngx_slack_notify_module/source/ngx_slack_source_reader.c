
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Readers: which fields of a sender are read, by what the configuration wants.
 * Runs in the master when the configuration is read.
 */


#include <ngx_slack_source.h>
#include <ngx_slack_confidential.h>


static ngx_int_t ngx_slack_reader_fields(ngx_slack_reader_t *reader,
    ngx_uint_t kind, ngx_pool_t *pool, ngx_uint_t want);


ngx_slack_reader_t *
ngx_slack_reader_create(ngx_slack_source_t *source,
    ngx_slack_json_paths_t *paths, ngx_pool_t *pool, ngx_uint_t want)
{
    ngx_int_t            split;
    ngx_uint_t           i, n;
    ngx_slack_reader_t  *reader;

    reader = ngx_pcalloc(pool, sizeof(ngx_slack_reader_t));
    if (reader == NULL) {
        return NULL;
    }

    reader->source = source;
    reader->paths = paths;
    reader->want = want;

    for (i = 0; i < NGX_SLACK_EVENT_MAX; i++) {
        if (ngx_slack_reader_fields(reader, i, pool, want) != NGX_OK) {
            return NULL;
        }
    }

    for (i = 0; ngx_slack_confidential_flags[i].len; i++) {
        if (ngx_slack_json_paths_add_flag(paths,
                                          &ngx_slack_confidential_flags[i])
            != NGX_OK)
        {
            return NULL;
        }
    }

    if (source->events.len) {

        split = ngx_slack_json_paths_split(paths, &source->events);
        if (split == NGX_ERROR) {
            return NULL;
        }

        reader->events = (ngx_uint_t) split;
    }

    for (n = 0; source->marks[n].len; n++) { /* void */ }

    reader->marks = ngx_palloc(pool, (n + 1) * sizeof(ngx_int_t));
    if (reader->marks == NULL) {
        return NULL;
    }

    for (i = 0; i < n; i++) {
        reader->marks[i] = ngx_slack_json_paths_add(paths, &source->marks[i]);
        if (reader->marks[i] < 0) {
            return NULL;
        }
    }

    return reader;
}


/* Lists the fields of a kind in the order of the tables. */

static ngx_int_t
ngx_slack_reader_fields(ngx_slack_reader_t *reader, ngx_uint_t kind,
    ngx_pool_t *pool, ngx_uint_t want)
{
    ngx_int_t                   slot;
    ngx_uint_t                  n;
    ngx_slack_field_t          *field, **table;
    ngx_slack_reader_field_t   *fields;

    n = 0;

    for (table = reader->source->fields; *table; table++) {
        for (field = *table; field->path.len; field++) {
            n++;
        }
    }

    fields = ngx_palloc(pool, (n + 1) * sizeof(ngx_slack_reader_field_t));
    if (fields == NULL) {
        return NGX_ERROR;
    }

    reader->fields[kind] = fields;

    for (table = reader->source->fields; *table; table++) {
        for (field = *table; field->path.len; field++) {

            if (kind ? !(field->kinds & ngx_slack_kind_bit(kind))
                     : field->kinds != 0)
            {
                continue;
            }

            if ((field->type == NGX_SLACK_FIELD_FILES
                 && !(want & NGX_SLACK_WANT_FILES))
                || (field->type == NGX_SLACK_FIELD_STAMP
                    && !(want & NGX_SLACK_WANT_OBJECTS))
                || (field->kinds & NGX_SLACK_KINDS_CARD
                    && !(want & NGX_SLACK_WANT_CARDS))
                || (field->kinds & NGX_SLACK_KINDS_PEOPLE
                    && !(want & NGX_SLACK_WANT_PEOPLE)))
            {
                continue;
            }

            slot = field->type == NGX_SLACK_FIELD_LINE
                   || field->type == NGX_SLACK_FIELD_ROW_LINES
                   ? ngx_slack_json_paths_add_line(reader->paths, &field->path)
                   : ngx_slack_json_paths_add(reader->paths, &field->path);

            if (slot < 0) {
                return NGX_ERROR;
            }

            fields->field = field;
            fields->slot = (ngx_uint_t) slot;
            fields++;
        }
    }

    fields->field = NULL;

    return NGX_OK;
}
