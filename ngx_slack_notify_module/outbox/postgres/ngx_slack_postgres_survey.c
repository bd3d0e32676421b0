
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What operators see.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_postgres.h>


static ngx_int_t ngx_slack_postgres_survey_moment(ngx_slack_store_t *store,
    int64_t moment[4], ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_postgres_survey_channels(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_postgres_survey_channel(PGresult *res, int row,
    ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_postgres_survey_pauses(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_postgres_survey_dead(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_postgres_dead_letter(PGresult *res, int row,
    ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_postgres_copy_bytes(PGresult *res, int row,
    int column, ngx_pool_t *pool, ngx_str_t *value);
static ngx_int_t ngx_slack_postgres_tell_threads(PGresult *res,
    ngx_slack_thread_pt handler, void *data, ngx_log_t *log);


/* All of it is one statement each; what changes between them is seen anew. */

ngx_int_t
ngx_slack_postgres_survey(ngx_slack_store_t *store, ngx_slack_survey_t *survey)
{
    survey->waiting = 0;
    survey->dead = 0;
    survey->more = 0;

    if (ngx_array_init(&survey->channels, survey->pool, 16,
                       sizeof(ngx_slack_survey_channel_t))
        != NGX_OK
        || ngx_array_init(&survey->pauses, survey->pool, 4,
                          sizeof(ngx_slack_survey_pause_t))
           != NGX_OK
        || ngx_array_init(&survey->dead_letters, survey->pool, survey->max + 1,
                          sizeof(ngx_slack_survey_dead_letter_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_postgres_survey_moment(store, survey->moment, survey)
        != NGX_OK
        || ngx_slack_postgres_survey_channels(store, survey) != NGX_OK
        || ngx_slack_postgres_survey_pauses(store, survey) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return survey->max ? ngx_slack_postgres_survey_dead(store, survey)
                       : NGX_OK;
}


/*
 * While nobody writes to the server, nothing changes but that a leader's lease
 * ends.  "survey": NULL, or gets what is read beside.
 */

static ngx_int_t
ngx_slack_postgres_survey_moment(ngx_slack_store_t *store, int64_t moment[4],
    ngx_slack_survey_t *survey)
{
    PGresult   *res;
    ngx_int_t   rc;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_put(&store->text,
                           "SELECT pg_snapshot_xmin(pg_current_snapshot()),"
                           " pg_snapshot_xmax(pg_current_snapshot()),"
                           " CASE WHEN until > clock_timestamp() THEN term"
                           " ELSE 0 END");

    if (survey) {
        ngx_slack_postgres_put(&store->text,
                               ", pg_total_relation_size('message')"
                               " + pg_total_relation_size('thread')"
                               " + pg_total_relation_size('delivery')"
                               " + pg_total_relation_size('memory'),"
                               " CASE WHEN until > clock_timestamp() THEN"
                               " split_part(holder, ' ', 1) || ' '"
                               " || split_part(holder, ' ', 2) ELSE '' END");
    }

    ngx_slack_postgres_put(&store->text, " FROM leader");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    if (PQntuples(res) != 1) {
        PQclear(res);
        ngx_slack_postgres_fault(store, 26, "lacks its identity",
                                 "table leader",
                                 "restore the schema, or drop it, and it is "
                                 "made anew");
        return NGX_ERROR;
    }

    moment[0] = ngx_slack_postgres_get(res, 0, 0);
    moment[1] = ngx_slack_postgres_get(res, 0, 1);
    moment[2] = PQbackendPID(store->db);
    moment[3] = ngx_slack_postgres_get(res, 0, 2);
    rc = NGX_OK;

    if (survey) {
        survey->size = (off_t) ngx_slack_postgres_get(res, 0, 3);
        rc = ngx_slack_postgres_copy(res, 0, 4, survey->pool,
                                     &survey->leader);
    }

    PQclear(res);

    return rc;
}


ngx_uint_t
ngx_slack_postgres_same(ngx_slack_store_t *store, ngx_slack_survey_t *survey)
{
    int64_t  moment[4];

    return ngx_slack_postgres_survey_moment(store, moment, NULL) == NGX_OK
           && moment[0] == moment[1]
           && ngx_memcmp(moment, survey->moment, sizeof(moment)) == 0;
}


static ngx_int_t
ngx_slack_postgres_survey_channels(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey)
{
    int         i;
    PGresult   *res;
    ngx_int_t   rc;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_put(&store->text, "SELECT * FROM survey(");
    ngx_slack_postgres_int(&store->text, ngx_slack_clock_wall());
    ngx_slack_postgres_put(&store->text,
                           ") ORDER BY workspace COLLATE \"C\","
                           " channel COLLATE \"C\"");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = NGX_OK;

    for (i = 0; i < PQntuples(res) && rc == NGX_OK; i++) {
        rc = ngx_slack_postgres_survey_channel(res, i, survey);
    }

    PQclear(res);

    return rc;
}


static ngx_int_t
ngx_slack_postgres_survey_channel(PGresult *res, int row,
    ngx_slack_survey_t *survey)
{
    int                          i;
    ngx_slack_survey_channel_t  *ch;

    ch = ngx_array_push(&survey->channels);
    if (ch == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(ch, sizeof(ngx_slack_survey_channel_t));

    ch->id = ngx_slack_postgres_get(res, row, 0);
    ch->settled = ngx_slack_postgres_get(res, row, 3);
    ch->not_before = ngx_slack_postgres_get(res, row, 4);
    ch->failures = (ngx_uint_t) ngx_slack_postgres_get(res, row, 5);
    ch->paused = ngx_slack_postgres_true(res, row, 7) ? 1 : 0;
    ch->dead = (ngx_uint_t) ngx_slack_postgres_get(res, row, 8);
    ch->waiting = (ngx_uint_t) ngx_slack_postgres_get(res, row, 9);
    ch->first = ngx_slack_postgres_get(res, row, 10);
    ch->oldest = ngx_slack_postgres_get(res, row, 11);
    ch->unserved = (ch->waiting && ngx_slack_postgres_true(res, row, 12))
                   ? 1 : 0;

    for (i = 0; i < NGX_SLACK_SURVEY_AGES; i++) {
        ch->ages[i] = (ngx_uint_t) ngx_slack_postgres_get(res, row, 13 + i);
    }

    survey->waiting += ch->waiting;
    survey->dead += ch->dead;

    if (ngx_slack_postgres_copy(res, row, 1, survey->pool, &ch->workspace)
        != NGX_OK
        || ngx_slack_postgres_copy(res, row, 2, survey->pool, &ch->channel)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_postgres_copy(res, row, 6, survey->pool, &ch->answer);
}


static ngx_int_t
ngx_slack_postgres_survey_pauses(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey)
{
    int                        i;
    PGresult                  *res;
    ngx_int_t                  rc;
    ngx_slack_survey_pause_t  *pause;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_put(&store->text,
                           "SELECT workspace, channel, since, whole"
                           " FROM pause WHERE until = 0"
                           " ORDER BY workspace COLLATE \"C\", whole DESC,"
                           " channel COLLATE \"C\"");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = NGX_OK;

    for (i = 0; i < PQntuples(res) && rc == NGX_OK; i++) {

        pause = ngx_array_push(&survey->pauses);
        if (pause == NULL) {
            rc = NGX_ERROR;
            break;
        }

        ngx_memzero(pause, sizeof(ngx_slack_survey_pause_t));

        pause->since = ngx_slack_postgres_get(res, i, 2);
        pause->whole = ngx_slack_postgres_true(res, i, 3) ? 1 : 0;

        rc = ngx_slack_postgres_copy(res, i, 0, survey->pool,
                                     &pause->workspace);

        if (rc == NGX_OK) {
            rc = ngx_slack_postgres_copy(res, i, 1, survey->pool,
                                         &pause->channel);
        }
    }

    PQclear(res);

    return rc;
}


static ngx_int_t
ngx_slack_postgres_survey_dead(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey)
{
    int                         i, n;
    PGresult                   *res;
    ngx_int_t                   rc;
    ngx_slack_postgres_text_t  *text;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    text = &store->text;

    ngx_slack_postgres_put(text,
                           "SELECT m.id, d.workspace, d.channel, m.event,"
                           " m.project, m.created, m.done, m.attempts,"
                           " m.answer, m.envelope, m.body FROM message AS m"
                           " JOIN destination AS d ON d.id = m.destination"
                           " WHERE m.state = 2");

    if (survey->after_died || survey->after_id) {
        ngx_slack_postgres_put(text, " AND (m.done, m.id) < (");
        ngx_slack_postgres_int(text, survey->after_died);
        ngx_slack_postgres_put(text, ", ");
        ngx_slack_postgres_int(text, survey->after_id);
        ngx_slack_postgres_put(text, ")");
    }

    ngx_slack_postgres_put(text, " ORDER BY m.done DESC, m.id DESC LIMIT ");
    ngx_slack_postgres_int(text, (int64_t) survey->max + 1);

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    n = PQntuples(res);

    if (n > (int) survey->max) {
        survey->more = 1;
        n = (int) survey->max;
    }

    rc = NGX_OK;

    for (i = 0; i < n && rc == NGX_OK; i++) {
        rc = ngx_slack_postgres_dead_letter(res, i, survey);
    }

    PQclear(res);

    return rc;
}


static ngx_int_t
ngx_slack_postgres_dead_letter(PGresult *res, int row,
    ngx_slack_survey_t *survey)
{
    ngx_slack_survey_dead_letter_t  *dead;

    dead = ngx_array_push(&survey->dead_letters);
    if (dead == NULL) {
        return NGX_ERROR;
    }

    dead->id = ngx_slack_postgres_get(res, row, 0);
    dead->created = ngx_slack_postgres_get(res, row, 5);
    dead->died = ngx_slack_postgres_get(res, row, 6);
    dead->attempts = (ngx_uint_t) ngx_slack_postgres_get(res, row, 7);

    if (ngx_slack_postgres_copy(res, row, 1, survey->pool, &dead->workspace)
        != NGX_OK
        || ngx_slack_postgres_copy(res, row, 2, survey->pool, &dead->channel)
           != NGX_OK
        || ngx_slack_postgres_copy(res, row, 3, survey->pool, &dead->event)
           != NGX_OK
        || ngx_slack_postgres_copy(res, row, 4, survey->pool, &dead->project)
           != NGX_OK
        || ngx_slack_postgres_copy(res, row, 8, survey->pool, &dead->answer)
           != NGX_OK
        || ngx_slack_postgres_copy_bytes(res, row, 9, survey->pool,
                                         &dead->envelope)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_postgres_copy_bytes(res, row, 10, survey->pool,
                                         &dead->body);
}


static ngx_int_t
ngx_slack_postgres_copy_bytes(PGresult *res, int row, int column,
    ngx_pool_t *pool, ngx_str_t *value)
{
    u_char  *last;

    value->data = ngx_pnalloc(pool, (size_t) PQgetlength(res, row, column)
                                    / 2 + 1);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    last = ngx_slack_postgres_bytes(res, row, column, value->data);
    *last = '\0';

    value->len = (size_t) (last - value->data);

    return NGX_OK;
}


ngx_int_t
ngx_slack_postgres_fate(ngx_slack_store_t *store, ngx_slack_fate_t *fate)
{
    PGresult  *res;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    /* nothing waits before a change */

    ngx_slack_postgres_put(&store->text,
                           "SELECT m.state % 3, m.attempts, m.answer <> '',"
                           " d.settled, d.not_before, d.failures,"
                           " CASE m.answer WHEN '' THEN d.answer"
                           " ELSE m.answer END, CASE m.state WHEN 3 THEN 0"
                           " ELSE (SELECT count(*) FROM message AS o"
                           " WHERE o.destination = m.destination"
                           " AND o.state = 0 AND o.id < m.id) END"
                           " FROM message AS m JOIN destination AS d"
                           " ON d.id = m.destination WHERE m.id = ");
    ngx_slack_postgres_int(&store->text, fate->id);

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    if (PQntuples(res) != 1) {
        PQclear(res);
        return NGX_DECLINED;
    }

    fate->state = (ngx_uint_t) ngx_slack_postgres_get(res, 0, 0);
    fate->attempts = (ngx_uint_t) ngx_slack_postgres_get(res, 0, 1);
    fate->own = ngx_slack_postgres_true(res, 0, 2) ? 1 : 0;
    fate->settled = ngx_slack_postgres_get(res, 0, 3);
    fate->not_before = ngx_slack_postgres_get(res, 0, 4);
    fate->failures = (ngx_uint_t) ngx_slack_postgres_get(res, 0, 5);
    fate->before = (ngx_uint_t) ngx_slack_postgres_get(res, 0, 7);

    (void) ngx_cpystrn((u_char *) fate->answer,
                       (u_char *) PQgetvalue(res, 0, 6),
                       sizeof(fate->answer));

    PQclear(res);

    return NGX_OK;
}


ngx_int_t
ngx_slack_postgres_threads(ngx_slack_store_t *store, ngx_slack_scope_t *scope,
    ngx_str_t *key, ngx_slack_thread_pt handler, void *data)
{
    PGresult   *res;
    ngx_int_t   rc;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_put(&store->text,
                           "SELECT t.id, d.workspace, d.channel, t.key,"
                           " t.handle, t.stamp, t.touched, t.expires,"
                           " t.rank & 1 <> 0, t.change <> 0, t.flags & 4 <> 0,"
                           " t.handle <> '' OR EXISTS (SELECT FROM message"
                           " AS r WHERE r.id = t.root AND r.state = 0)"
                           " FROM thread AS t JOIN destination AS d"
                           " ON d.id = t.destination"
                           " WHERE t.key IS NOT NULL AND t.expires >= ");
    ngx_slack_postgres_int(&store->text, ngx_slack_clock_wall());
    ngx_slack_postgres_put(&store->text, " AND ");
    ngx_slack_postgres_put_scope(store, scope);

    if (key) {
        ngx_slack_postgres_put(&store->text, " AND t.key = '\\x");
        ngx_slack_postgres_digits(&store->text, key);
        ngx_slack_postgres_put(&store->text, "' :: bytea");
    }

    ngx_slack_postgres_put(&store->text,
                           " ORDER BY t.touched DESC, t.id DESC");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_slack_postgres_tell_threads(res, handler, data, store->log);

    PQclear(res);

    return rc;
}


static ngx_int_t
ngx_slack_postgres_tell_threads(PGresult *res, ngx_slack_thread_pt handler,
    void *data, ngx_log_t *log)
{
    int                       i;
    u_char                   *p;
    ngx_int_t                 rc;
    ngx_slack_thread_info_t   info;

    for (i = 0; i < PQntuples(res); i++) {

        p = ngx_alloc((size_t) PQgetlength(res, i, 3)
                      + (size_t) PQgetlength(res, i, 4) + 1, log);
        if (p == NULL) {
            return NGX_ERROR;
        }

        ngx_memzero(&info, sizeof(ngx_slack_thread_info_t));

        info.key.data = p;
        info.handle.data = ngx_slack_postgres_bytes(res, i, 3, p);
        info.key.len = (size_t) (info.handle.data - p);
        info.handle.len = (size_t) (ngx_slack_postgres_bytes(res, i, 4,
                                                             info.handle.data)
                                    - info.handle.data);

        info.id = ngx_slack_postgres_get(res, i, 0);
        info.workspace = ngx_slack_postgres_value(res, i, 1);
        info.channel = ngx_slack_postgres_value(res, i, 2);
        info.stamp = ngx_slack_postgres_get(res, i, 5);
        info.touched = ngx_slack_postgres_get(res, i, 6);
        info.expires = ngx_slack_postgres_get(res, i, 7);
        info.final = ngx_slack_postgres_true(res, i, 8) ? 1 : 0;
        info.waits = ngx_slack_postgres_true(res, i, 9) ? 1 : 0;
        info.ended = ngx_slack_postgres_true(res, i, 10) ? 1 : 0;
        info.root = ngx_slack_postgres_true(res, i, 11) ? 1 : 0;

        rc = handler(&info, data);

        ngx_free(p);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
