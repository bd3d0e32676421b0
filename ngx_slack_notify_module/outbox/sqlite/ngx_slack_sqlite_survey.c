
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Queries of operators: a snapshot of the outbox, and the fate of a message.
 * Only reads; storing and delivery do not wait for it.  Runs in a pool thread.
 * Allocates from the caller's pool.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_count.h>


typedef struct {
    int                         number;
    size_t                      offset;      /* of an ngx_str_t */
} ngx_slack_sqlite_column_t;


static ngx_int_t ngx_slack_sqlite_survey_moment(ngx_slack_store_t *store,
    int64_t *moment);
static ngx_int_t ngx_slack_sqlite_survey_rows(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_sqlite_survey_channels(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_sqlite_survey_channel(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_sqlite_survey_unserved(
    ngx_slack_unserved_t *unserved, void *data);
static ngx_int_t ngx_slack_sqlite_survey_pauses(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_sqlite_survey_dead_letters(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_sqlite_survey_dead_letter(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
static off_t ngx_slack_sqlite_survey_size(ngx_slack_store_t *store,
    const char *suffix);
static ngx_int_t ngx_slack_sqlite_copy(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, int column, ngx_pool_t *pool,
    ngx_str_t *value);


/* strings of a dead letter, by the columns of NGX_SLACK_SQL_DEAD */

static ngx_slack_sqlite_column_t  ngx_slack_sqlite_columns[] = {
    { 1, offsetof(ngx_slack_survey_dead_letter_t, workspace) },
    { 2, offsetof(ngx_slack_survey_dead_letter_t, channel) },
    { 3, offsetof(ngx_slack_survey_dead_letter_t, event) },
    { 4, offsetof(ngx_slack_survey_dead_letter_t, project) },
    { 8, offsetof(ngx_slack_survey_dead_letter_t, answer) },
    { 9, offsetof(ngx_slack_survey_dead_letter_t, envelope) },
    { 10, offsetof(ngx_slack_survey_dead_letter_t, body) },
    { 0, 0 }
};


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_survey(ngx_slack_store_t *store, ngx_slack_survey_t *survey)
{
    ngx_int_t  rc;

    survey->waiting = 0;
    survey->dead = 0;
    survey->more = 0;

    /* as many as the last time: what an array grows out of is not freed */

    if (ngx_array_init(&survey->channels, survey->pool, store->nsurveyed + 16,
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

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    survey->size = ngx_slack_sqlite_survey_size(store, "")
                   + ngx_slack_sqlite_survey_size(store, "-wal");

    rc = ngx_slack_sqlite_run(store, NGX_SLACK_SQL_LOOK);

    if (rc == NGX_OK) {
        rc = ngx_slack_sqlite_survey_moment(store, survey->moment);
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_sqlite_survey_rows(store, survey);
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_sqlite_run(store, NGX_SLACK_SQL_COMMIT);
    }

    if (ngx_slack_sqlite_read_done(store, rc) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_sqlite_unserved(store, ngx_slack_sqlite_survey_unserved,
                                     survey);
}


static ngx_int_t
ngx_slack_sqlite_survey_unserved(ngx_slack_unserved_t *unserved, void *data)
{
    ngx_slack_survey_t  *survey = data;

    ngx_uint_t                   i;
    ngx_slack_survey_channel_t  *ch;

    ch = survey->channels.elts;

    for (i = 0; i < survey->channels.nelts; i++) {
        if (ch[i].id == unserved->id) {
            ch[i].unserved = 1;
            break;
        }
    }

    return NGX_OK;
}


/* executed in a pool thread */

ngx_uint_t
ngx_slack_sqlite_same(ngx_slack_store_t *store, ngx_slack_survey_t *survey)
{
    int64_t    moment[4];
    ngx_int_t  rc;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return 0;
    }

    rc = ngx_slack_sqlite_run(store, NGX_SLACK_SQL_LOOK);

    if (rc == NGX_OK) {
        rc = ngx_slack_sqlite_survey_moment(store, moment);
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_sqlite_run(store, NGX_SLACK_SQL_COMMIT);
    }

    return ngx_slack_sqlite_read_done(store, rc) == NGX_OK
           && ngx_memcmp(moment, survey->moment, sizeof(moment)) == 0;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_fate(ngx_slack_store_t *store, ngx_slack_fate_t *fate)
{
    ngx_int_t      rc;
    sqlite3_stmt  *stmt;
    const u_char  *answer;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_FATE, 1, fate->id);

    rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_FATE);

    if (rc == NGX_DONE) {
        return NGX_DECLINED;
    }

    if (rc != NGX_OK) {
        return ngx_slack_sqlite_read_done(store, NGX_ERROR);
    }

    stmt = store->stmts[NGX_SLACK_SQL_FATE];

    fate->state = ngx_slack_sqlite_number(stmt, 0);
    fate->attempts = ngx_slack_sqlite_number(stmt, 1);
    fate->own = sqlite3_column_int(stmt, 2) ? 1 : 0;
    fate->settled = ngx_slack_sqlite_time(stmt, 3);
    fate->not_before = ngx_slack_sqlite_time(stmt, 4);
    fate->failures = ngx_slack_sqlite_number(stmt, 5);
    fate->before = ngx_slack_sqlite_number(stmt, 7);

    answer = sqlite3_column_text(stmt, 6);

    (void) ngx_cpystrn((u_char *) fate->answer,
                       answer ? (u_char *) answer : (u_char *) "",
                       sizeof(fate->answer));

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}


/*
 * SQLite's data version is comparable within one connection only, so values
 * that outlast a connection are compared, too.
 */

static ngx_int_t
ngx_slack_sqlite_survey_moment(ngx_slack_store_t *store, int64_t *moment)
{
    unsigned int  version;

    if (ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_MARK, &moment[0],
                              &moment[1])
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    version = 0;

    (void) sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_DATA_VERSION,
                                &version);

    moment[2] = (int64_t) version;
    moment[3] = (int64_t) ngx_slack_sqlite_file(store);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_survey_rows(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey)
{
    if (ngx_slack_sqlite_survey_channels(store, survey) != NGX_OK
        || ngx_slack_sqlite_survey_pauses(store, survey) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (survey->max == 0) {
        return NGX_OK;
    }

    return ngx_slack_sqlite_survey_dead_letters(store, survey);
}


static ngx_int_t
ngx_slack_sqlite_survey_channels(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey)
{
    ngx_int_t                    rc;
    ngx_uint_t                   i;
    ngx_slack_survey_channel_t  *ch;

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_SURVEY);

        if (rc == NGX_DONE) {
            break;
        }

        if (rc != NGX_OK
            || ngx_slack_sqlite_survey_channel(store, survey) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ngx_slack_sqlite_count(store, survey) != NGX_OK) {
        return NGX_ERROR;
    }

    ch = survey->channels.elts;
    store->nsurveyed = survey->channels.nelts;

    for (i = 0; i < survey->channels.nelts; i++) {
        survey->waiting += ch[i].waiting;
        survey->dead += ch[i].dead;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_survey_channel(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey)
{
    sqlite3_stmt                *stmt;
    ngx_slack_survey_channel_t  *ch;

    ch = ngx_array_push(&survey->channels);
    if (ch == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(ch, sizeof(ngx_slack_survey_channel_t));

    stmt = store->stmts[NGX_SLACK_SQL_SURVEY];

    ch->id = sqlite3_column_int64(stmt, 0);
    ch->settled = ngx_slack_sqlite_time(stmt, 3);
    ch->not_before = ngx_slack_sqlite_time(stmt, 4);
    ch->failures = ngx_slack_sqlite_number(stmt, 5);
    ch->paused = sqlite3_column_int(stmt, 7) ? 1 : 0;
    ch->dead = ngx_slack_sqlite_number(stmt, 8);

    if (ngx_slack_sqlite_copy(store, NGX_SLACK_SQL_SURVEY, 1, survey->pool,
                              &ch->workspace)
        != NGX_OK
        || ngx_slack_sqlite_copy(store, NGX_SLACK_SQL_SURVEY, 2, survey->pool,
                                 &ch->channel)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_sqlite_copy(store, NGX_SLACK_SQL_SURVEY, 6, survey->pool,
                                 &ch->answer);
}


static ngx_int_t
ngx_slack_sqlite_survey_pauses(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey)
{
    ngx_int_t                  rc;
    sqlite3_stmt              *stmt;
    ngx_slack_survey_pause_t  *pause;

    stmt = store->stmts[NGX_SLACK_SQL_PAUSES];

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_PAUSES);

        if (rc != NGX_OK) {
            return (rc == NGX_DONE) ? NGX_OK : NGX_ERROR;
        }

        pause = ngx_array_push(&survey->pauses);
        if (pause == NULL) {
            return NGX_ERROR;
        }

        pause->since = ngx_slack_sqlite_time(stmt, 2);
        pause->whole = sqlite3_column_int(stmt, 3) ? 1 : 0;

        if (ngx_slack_sqlite_copy(store, NGX_SLACK_SQL_PAUSES, 0,
                                  survey->pool, &pause->workspace)
            != NGX_OK
            || ngx_slack_sqlite_copy(store, NGX_SLACK_SQL_PAUSES, 1,
                                     survey->pool, &pause->channel)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }
}


static ngx_int_t
ngx_slack_sqlite_survey_dead_letters(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey)
{
    int64_t        died, id;
    ngx_int_t      rc;
    sqlite3_stmt  *stmt;

    died = survey->after_died;
    id = survey->after_id;

    if (died == 0 && id == 0) {
        died = INT64_MAX;
        id = INT64_MAX;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DEAD, 1, died);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DEAD, 2, id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DEAD, 3,
                              (int64_t) survey->max + 1);

    stmt = store->stmts[NGX_SLACK_SQL_DEAD];

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_DEAD);

        if (rc != NGX_OK) {
            return (rc == NGX_DONE) ? NGX_OK : NGX_ERROR;
        }

        if (survey->dead_letters.nelts == survey->max) {
            survey->more = 1;
            (void) sqlite3_reset(stmt);
            return NGX_OK;
        }

        if (ngx_slack_sqlite_survey_dead_letter(store, survey) != NGX_OK) {
            return NGX_ERROR;
        }
    }
}


static ngx_int_t
ngx_slack_sqlite_survey_dead_letter(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey)
{
    ngx_str_t                       *value;
    sqlite3_stmt                    *stmt;
    ngx_slack_sqlite_column_t       *column;
    ngx_slack_survey_dead_letter_t  *message;

    message = ngx_array_push(&survey->dead_letters);
    if (message == NULL) {
        return NGX_ERROR;
    }

    stmt = store->stmts[NGX_SLACK_SQL_DEAD];

    message->id = sqlite3_column_int64(stmt, 0);
    message->created = ngx_slack_sqlite_time(stmt, 5);
    message->died = ngx_slack_sqlite_time(stmt, 6);
    message->attempts = ngx_slack_sqlite_number(stmt, 7);

    for (column = ngx_slack_sqlite_columns; column->number; column++) {

        value = (ngx_str_t *) ((u_char *) message + column->offset);

        if (ngx_slack_sqlite_copy(store, NGX_SLACK_SQL_DEAD, column->number,
                                  survey->pool, value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * Returns 0 if there is no file.  The file must not be opened, see
 * ngx_slack_sqlite_open.c.
 */

static off_t
ngx_slack_sqlite_survey_size(ngx_slack_store_t *store, const char *suffix)
{
    char         name[NGX_MAX_PATH];
    struct stat  st;

    (void) ngx_snprintf((u_char *) name, sizeof(name), "%V%s%Z",
                        &store->conf->address, suffix);

    return (stat(name, &st) == 0) ? st.st_size : 0;
}


/* Copies a text or blob of the current row, NUL-terminated, to "pool". */

static ngx_int_t
ngx_slack_sqlite_copy(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, int column, ngx_pool_t *pool,
    ngx_str_t *value)
{
    const void  *data;

    data = sqlite3_column_blob(store->stmts[n], column);
    value->len = (size_t) sqlite3_column_bytes(store->stmts[n], column);

    /* an empty blob is NULL, and so is one that SQLite had no memory for */

    if (data == NULL && sqlite3_errcode(store->db) == SQLITE_NOMEM) {
        ngx_slack_sqlite_error(store, SQLITE_NOMEM);
        return NGX_ERROR;
    }

    value->data = ngx_pnalloc(pool, value->len + 1);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    if (value->len) {
        ngx_memcpy(value->data, data, value->len);
    }

    value->data[value->len] = '\0';

    return NGX_OK;
}
