
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Counts waiting messages by channel and age where few wait: it reads each of
 * them, as that is less than a look for each channel.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite_count.h>


/* the channels by id, as the survey has them by name */

typedef struct {
    ngx_slack_survey_channel_t  **channels;
    ngx_uint_t                    n;
} ngx_slack_sqlite_by_id_t;


typedef struct {
    int64_t                       id;
    ngx_slack_survey_channel_t   *channel;
} ngx_slack_sqlite_waiting_t;


static ngx_int_t ngx_slack_sqlite_by_id(ngx_slack_survey_t *survey,
    ngx_slack_sqlite_by_id_t *by_id);
static int ngx_libc_cdecl ngx_slack_sqlite_cmp_ids(const void *one,
    const void *two);
static ngx_slack_survey_channel_t *ngx_slack_sqlite_with_id(
    ngx_slack_sqlite_by_id_t *by_id, int64_t id);
static ngx_int_t ngx_slack_sqlite_read_waiting(ngx_slack_store_t *store,
    ngx_slack_sqlite_by_id_t *by_id, ngx_array_t *waiting);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_count_few(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey, int64_t newest, int64_t now, int64_t *upto)
{
    int64_t                      floor;
    ngx_uint_t                   i, age;
    ngx_array_t                  waiting;
    ngx_slack_sqlite_by_id_t     by_id;
    ngx_slack_survey_channel_t  *ch;
    ngx_slack_sqlite_waiting_t  *message;

    if (ngx_slack_sqlite_by_id(survey, &by_id) != NGX_OK
        || ngx_array_init(&waiting, survey->pool,
                          survey->channels.nelts + NGX_SLACK_SQLITE_FEW,
                          sizeof(ngx_slack_sqlite_waiting_t))
           != NGX_OK
        || ngx_slack_sqlite_read_waiting(store, &by_id, &waiting) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ch = survey->channels.elts;
    floor = newest;

    for (i = 0; i < survey->channels.nelts; i++) {

        if (ngx_slack_sqlite_count_dead(store, &ch[i]) != NGX_OK) {
            return NGX_ERROR;
        }

        if (ch[i].first) {
            floor = ngx_min(floor, ch[i].first - 1);
        }
    }

    if (ngx_slack_sqlite_aged(store, floor, newest, now, NULL, upto)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    message = waiting.elts;

    for (i = 0; i < waiting.nelts; i++) {
        age = ngx_slack_sqlite_age(message[i].id, upto);
        message[i].channel->ages[age]++;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_read_waiting(ngx_slack_store_t *store,
    ngx_slack_sqlite_by_id_t *by_id, ngx_array_t *waiting)
{
    int64_t                      channel, created;
    ngx_int_t                    rc;
    sqlite3_stmt                *stmt;
    ngx_slack_survey_channel_t  *ch;
    ngx_slack_sqlite_waiting_t  *message;

    ch = NULL;
    stmt = store->stmts[NGX_SLACK_SQL_ALL_WAITING];

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_ALL_WAITING);

        if (rc != NGX_OK) {
            return (rc == NGX_DONE) ? NGX_OK : NGX_ERROR;
        }

        channel = sqlite3_column_int64(stmt, 0);

        if (ch == NULL || ch->id != channel) {
            ch = ngx_slack_sqlite_with_id(by_id, channel);

            if (ch == NULL) {
                continue;
            }
        }

        message = ngx_array_push(waiting);
        if (message == NULL) {
            return NGX_ERROR;
        }

        message->id = ngx_slack_sqlite_id(sqlite3_column_int64(stmt, 1));
        message->channel = ch;

        created = ngx_slack_sqlite_time(stmt, 2);

        ch->waiting++;

        if (ch->first == 0 || message->id < ch->first) {
            ch->first = message->id;
        }

        if (ch->oldest == 0 || created < ch->oldest) {
            ch->oldest = created;
        }
    }
}


static ngx_int_t
ngx_slack_sqlite_by_id(ngx_slack_survey_t *survey,
    ngx_slack_sqlite_by_id_t *by_id)
{
    ngx_uint_t                   i;
    ngx_slack_survey_channel_t  *ch;

    ch = survey->channels.elts;

    by_id->n = survey->channels.nelts;
    by_id->channels = ngx_palloc(survey->pool,
                                 (by_id->n + 1) * sizeof(ch));
    if (by_id->channels == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < by_id->n; i++) {
        by_id->channels[i] = &ch[i];
    }

    ngx_qsort(by_id->channels, by_id->n, sizeof(ch),
              ngx_slack_sqlite_cmp_ids);

    return NGX_OK;
}


static int ngx_libc_cdecl
ngx_slack_sqlite_cmp_ids(const void *one, const void *two)
{
    ngx_slack_survey_channel_t *const  *first = one;
    ngx_slack_survey_channel_t *const  *second = two;

    return ((*first)->id > (*second)->id) - ((*first)->id < (*second)->id);
}


/* NULL: somebody has edited the file, and there is no such channel */

static ngx_slack_survey_channel_t *
ngx_slack_sqlite_with_id(ngx_slack_sqlite_by_id_t *by_id, int64_t id)
{
    ngx_uint_t  low, high, middle;

    low = 0;
    high = by_id->n;

    while (low < high) {
        middle = low + (high - low) / 2;

        if (by_id->channels[middle]->id == id) {
            return by_id->channels[middle];
        }

        if (by_id->channels[middle]->id < id) {
            low = middle + 1;

        } else {
            high = middle;
        }
    }

    return NULL;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_count_dead(ngx_slack_store_t *store,
    ngx_slack_survey_channel_t *ch)
{
    sqlite3_stmt  *stmt;

    if (ch->dead == 0) {
        return NGX_OK;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_COUNT_DEAD, 1, ch->id);

    if (ngx_slack_sqlite_step(store, NGX_SLACK_SQL_COUNT_DEAD) != NGX_OK) {
        return NGX_ERROR;
    }

    stmt = store->stmts[NGX_SLACK_SQL_COUNT_DEAD];
    ch->dead = ngx_slack_sqlite_number(stmt, 0);

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}
