
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Which channels have new messages, which threads have new changes, and to
 * which the leader can deliver.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_postgres.h>


/* marks of operators, for a row "d" of destination */

#define NGX_SLACK_POSTGRES_MARKS                                              \
    "FROM pause AS p WHERE p.workspace = d.workspace"                         \
    " AND (p.whole OR p.channel = d.channel)"

/* read by ngx_slack_postgres_channel_row(), after the moment */

#define NGX_SLACK_POSTGRES_CHANNEL                                            \
    "d.id, d.workspace, d.channel, d.not_before, d.failures, d.settled,"      \
    " d.handle, EXISTS (SELECT " NGX_SLACK_POSTGRES_MARKS                     \
    " AND p.until = 0), (SELECT p.since " NGX_SLACK_POSTGRES_MARKS            \
    " AND p.since < p.until ORDER BY p.until DESC LIMIT 1),"                  \
    " (SELECT max(p.until) " NGX_SLACK_POSTGRES_MARKS                         \
    " AND p.since < p.until), (SELECT max(p.tried) " NGX_SLACK_POSTGRES_MARKS \
    ")"

#define NGX_SLACK_POSTGRES_COLUMNS  13

/*
 * The first columns of what is new: the moment up to which all is seen, as
 * transactions below it have ended, and what operators have done by then; then
 * the columns of a row, NULL if nothing is new.
 */

#define NGX_SLACK_POSTGRES_MOMENT                                             \
    "SELECT pg_snapshot_xmin(pg_current_snapshot()), meta.revision, news.*"   \
    " FROM meta LEFT JOIN ("

#define NGX_SLACK_POSTGRES_REVISION                                           \
    "(SELECT revision FROM meta)"

/* the leader cannot deliver to "d"; not as long as there is no list */

#define NGX_SLACK_POSTGRES_UNSERVED                                           \
    "EXISTS (SELECT FROM served) AND NOT EXISTS (SELECT FROM served AS s"     \
    " WHERE s.workspace = d.workspace AND s.channel IN"                       \
    " (CASE d.channel WHEN '' THEN '' ELSE '*' END, ltrim(d.channel, '#')))"


static ngx_int_t ngx_slack_postgres_news(ngx_slack_store_t *store,
    int64_t *moment, int64_t *revised, PGresult **res);
static ngx_int_t ngx_slack_postgres_channel_row(ngx_slack_store_t *store,
    PGresult *res, int row, ngx_slack_outbox_channel_t *channel);
static ngx_int_t ngx_slack_postgres_tell_channels(ngx_slack_store_t *store,
    PGresult *res, ngx_slack_outbox_channel_pt handler, void *data);
static ngx_int_t ngx_slack_postgres_tell_changes(ngx_slack_store_t *store,
    PGresult *res, ngx_slack_changing_pt handler, void *data);


ngx_int_t
ngx_slack_postgres_serve(ngx_slack_store_t *store, int64_t term,
    ngx_slack_served_t *endpoints, ngx_uint_t n)
{
    ngx_str_t                   any;
    ngx_uint_t                  i;
    ngx_slack_postgres_text_t  *text;

    if (ngx_slack_postgres_begin(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_str_set(&any, "*");
    text = &store->text;

    ngx_slack_postgres_put(text, "SELECT serve(");
    ngx_slack_postgres_put_term(store, term);
    ngx_slack_postgres_put(text, ", '[");

    for (i = 0; i < n; i++) {
        ngx_slack_postgres_put(text, i ? ",[" : "[");
        ngx_slack_postgres_string(text, &endpoints[i].workspace);
        ngx_slack_postgres_put(text, ",");
        ngx_slack_postgres_string(text, endpoints[i].any
                                        ? &any : &endpoints[i].channel);
        ngx_slack_postgres_put(text, "]");
    }

    ngx_slack_postgres_put(text, "]')");

    return ngx_slack_postgres_term(store);
}


ngx_int_t
ngx_slack_postgres_unserved(ngx_slack_store_t *store,
    ngx_slack_unserved_pt handler, void *data)
{
    int                    i;
    PGresult              *res;
    ngx_int_t              rc;
    ngx_slack_unserved_t   unserved;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_put(&store->text,
                           "SELECT d.id, d.workspace, d.channel, n.n"
                           " FROM destination AS d CROSS JOIN LATERAL"
                           " (SELECT count(*) AS n FROM message AS m"
                           " WHERE m.destination = d.id"
                           " AND m.state IN (0, 3)) AS n WHERE "
                           NGX_SLACK_POSTGRES_UNSERVED " AND n.n > 0");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = NGX_OK;

    for (i = 0; i < PQntuples(res) && rc == NGX_OK; i++) {
        unserved.id = ngx_slack_postgres_get(res, i, 0);
        unserved.workspace = ngx_slack_postgres_value(res, i, 1);
        unserved.channel = ngx_slack_postgres_value(res, i, 2);
        unserved.n = (ngx_uint_t) ngx_slack_postgres_get(res, i, 3);

        rc = handler(&unserved, data);
    }

    PQclear(res);

    return (rc == NGX_OK) ? NGX_OK : NGX_ERROR;
}


/*
 * Channels with messages of transactions that had not ended at the moment
 * "since"; all after a revision by an operator, and on a new connection.
 */

ngx_int_t
ngx_slack_postgres_channels(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_outbox_channel_pt handler, void *data)
{
    int64_t                     moment, revised;
    PGresult                   *res;
    ngx_int_t                   rc;
    ngx_slack_postgres_text_t  *text;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    text = &store->text;

    ngx_slack_postgres_put(text,
                           NGX_SLACK_POSTGRES_MOMENT
                           "SELECT " NGX_SLACK_POSTGRES_CHANNEL
                           " FROM destination AS d WHERE ");

    if (*last) {
        ngx_slack_postgres_put(text,
                               "CASE WHEN " NGX_SLACK_POSTGRES_REVISION " = ");
        ngx_slack_postgres_int(text, store->revision);
        ngx_slack_postgres_put(text,
                               " THEN d.id IN (SELECT m.destination"
                               " FROM message AS m WHERE m.state = 0"
                               " AND m.xact >= ");
        ngx_slack_postgres_int(text, *last);
        ngx_slack_postgres_put(text, ") ELSE ");
    }

    ngx_slack_postgres_put(text,
                           "EXISTS (SELECT FROM message AS m"
                           " WHERE m.destination = d.id AND m.state = 0)");

    if (*last) {
        ngx_slack_postgres_put(text, " END");
    }

    if (ngx_slack_postgres_news(store, &moment, &revised, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_slack_postgres_tell_channels(store, res, handler, data);

    PQclear(res);

    if (rc == NGX_OK) {
        *last = moment;
        store->revision = revised;
    }

    return rc;
}


/* Ends the request that MOMENT has begun, and reads the first columns. */

static ngx_int_t
ngx_slack_postgres_news(ngx_slack_store_t *store, int64_t *moment,
    int64_t *revised, PGresult **res)
{
    ngx_slack_postgres_put(&store->text, ") AS news ON true");

    if (ngx_slack_postgres_run(store, res) != NGX_OK) {
        return NGX_ERROR;
    }

    if (PQntuples(*res) == 0) {
        PQclear(*res);
        ngx_slack_postgres_fault(store, 26, "lacks its identity",
                                 "table meta",
                                 "restore the schema, or drop it, and it is "
                                 "made anew");
        return NGX_ERROR;
    }

    *moment = ngx_slack_postgres_get(*res, 0, 0);
    *revised = ngx_slack_postgres_get(*res, 0, 1);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_postgres_tell_channels(ngx_slack_store_t *store, PGresult *res,
    ngx_slack_outbox_channel_pt handler, void *data)
{
    int                         i;
    ngx_int_t                   rc;
    ngx_slack_outbox_channel_t  channel;

    for (i = 0; i < PQntuples(res) && !PQgetisnull(res, i, 2); i++) {

        if (ngx_slack_postgres_channel_row(store, res, i, &channel)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        rc = handler(&channel, data);

        ngx_free(channel.handle.data);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* The caller frees channel->handle.data. */

static ngx_int_t
ngx_slack_postgres_channel_row(ngx_slack_store_t *store, PGresult *res,
    int row, ngx_slack_outbox_channel_t *channel)
{
    u_char  *p;

    ngx_memzero(channel, sizeof(ngx_slack_outbox_channel_t));

    p = ngx_alloc((size_t) PQgetlength(res, row, 8) + 1, store->log);
    if (p == NULL) {
        return NGX_ERROR;
    }

    channel->handle.data = p;
    channel->handle.len = (size_t) (ngx_slack_postgres_bytes(res, row, 8, p)
                                    - p);

    channel->id = ngx_slack_postgres_get(res, row, 2);
    channel->workspace = ngx_slack_postgres_value(res, row, 3);
    channel->channel = ngx_slack_postgres_value(res, row, 4);
    channel->not_before = ngx_slack_postgres_get(res, row, 5);
    channel->failures = (ngx_uint_t) ngx_slack_postgres_get(res, row, 6);
    channel->settled = ngx_slack_postgres_get(res, row, 7);
    channel->paused = ngx_slack_postgres_true(res, row, 9) ? 1 : 0;
    channel->paused_since = ngx_slack_postgres_get(res, row, 10);
    channel->paused_until = ngx_slack_postgres_get(res, row, 11);
    channel->tried = ngx_slack_postgres_get(res, row, 12);

    return NGX_OK;
}


ngx_int_t
ngx_slack_postgres_changes(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_changing_pt handler, void *data)
{
    int64_t                     moment, revised;
    PGresult                   *res;
    ngx_int_t                   rc;
    ngx_slack_postgres_text_t  *text;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    text = &store->text;

    ngx_slack_postgres_put(text,
                           NGX_SLACK_POSTGRES_MOMENT
                           "SELECT " NGX_SLACK_POSTGRES_CHANNEL
                           ", t.id AS thread, t.since, m.created, m.part"
                           " FROM message AS m"
                           " JOIN thread AS t ON t.id = m.thread"
                           " JOIN destination AS d ON d.id = m.destination"
                           " WHERE m.state = 3"
                           " AND t.change = m.id AND t.handle <> ''"
                           " AND m.xact >= CASE WHEN "
                           NGX_SLACK_POSTGRES_REVISION " = ");
    ngx_slack_postgres_int(text, store->revised);
    ngx_slack_postgres_put(text, " THEN ");
    ngx_slack_postgres_int(text, *last);
    ngx_slack_postgres_put(text, " ELSE 0 END");

    if (ngx_slack_postgres_news(store, &moment, &revised, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_slack_postgres_tell_changes(store, res, handler, data);

    PQclear(res);

    if (rc == NGX_OK) {
        *last = moment;
        store->revised = revised;
    }

    return rc;
}


static ngx_int_t
ngx_slack_postgres_tell_changes(ngx_slack_store_t *store, PGresult *res,
    ngx_slack_changing_pt handler, void *data)
{
    int                   i, n;
    ngx_int_t             rc;
    ngx_slack_changing_t  changing;

    n = NGX_SLACK_POSTGRES_COLUMNS;

    for (i = 0; i < PQntuples(res) && !PQgetisnull(res, i, 2); i++) {

        ngx_memzero(&changing, sizeof(ngx_slack_changing_t));

        changing.thread = ngx_slack_postgres_get(res, i, n);
        changing.since = ngx_slack_postgres_get(res, i, n + 1);
        changing.touched = ngx_slack_postgres_get(res, i, n + 2);
        changing.final = (ngx_slack_postgres_get(res, i, n + 3)
                          & NGX_SLACK_POSTGRES_FINAL) ? 1 : 0;

        if (ngx_slack_postgres_channel_row(store, res, i, &changing.channel)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        rc = handler(&changing, data);

        ngx_free(changing.channel.handle.data);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
