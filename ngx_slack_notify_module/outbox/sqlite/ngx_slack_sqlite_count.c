
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Counts waiting messages by channel and age.  Where many wait, it reads
 * ranges of the index of waiting messages, which has only ids, and few rows:
 * one for each channel, and some to find where an age begins.  With the counts
 * of an earlier survey (ngx_slack_tally.h) it reads only the ranges of
 * messages that were stored, or have grown older than an age, since then.
 * Else it reads the whole index, which takes some 70 ms for a million
 * messages.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_sqlite_count.h>


/* number of messages of a channel to sample */

#define NGX_SLACK_SQLITE_SAMPLES  16

/*
 * ms until all is counted again, in case a row was moved to another channel by
 * hand
 */

#define NGX_SLACK_SQLITE_COUNTS   ((int64_t) 10 * 60 * 1000)

/* retries, 1 ms apart, as a leader notes settlements right after its commit */

#define NGX_SLACK_SQLITE_NOTES    3


static ngx_int_t ngx_slack_sqlite_count_mark(ngx_slack_store_t *store,
    ngx_slack_tally_mark_t *mark);
static ngx_uint_t ngx_slack_sqlite_count_known(ngx_slack_store_t *store,
    ngx_slack_tally_mark_t *mark, ngx_slack_tally_counts_t *counts,
    int64_t now);
static ngx_int_t ngx_slack_sqlite_count_all(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey, ngx_slack_tally_mark_t *mark,
    ngx_slack_tally_counts_t *known, int64_t now, int64_t *upto);
static ngx_int_t ngx_slack_sqlite_count_anew(ngx_slack_store_t *store,
    ngx_slack_survey_channel_t *ch, int64_t newest, int64_t *upto);
static ngx_int_t ngx_slack_sqlite_count_since(ngx_slack_store_t *store,
    ngx_slack_survey_channel_t *ch, ngx_slack_tally_counts_t *known,
    int64_t newest, int64_t *upto);
static ngx_int_t ngx_slack_sqlite_count_first(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
static ngx_int_t ngx_slack_sqlite_count_range(ngx_slack_store_t *store,
    int64_t  channel, int64_t after, int64_t upto, ngx_uint_t *n);
static ngx_int_t ngx_slack_sqlite_count_oldest(ngx_slack_store_t *store,
    ngx_slack_survey_channel_t *ch, int64_t newest, int64_t *upto,
    int64_t now);
static ngx_int_t ngx_slack_sqlite_count_keep(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey, ngx_slack_tally_counts_t *counts);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_count(ngx_slack_store_t *store, ngx_slack_survey_t *survey)
{
    int64_t                    now, few, upto[NGX_SLACK_SQLITE_AGES];
    ngx_int_t                  rc;
    ngx_uint_t                 known;
    ngx_slack_tally_mark_t     mark;
    ngx_slack_tally_counts_t  *counts;

    counts = ngx_palloc(survey->pool, sizeof(ngx_slack_tally_counts_t));
    if (counts == NULL) {
        return NGX_ERROR;
    }

    if (ngx_slack_sqlite_count_mark(store, &mark) != NGX_OK) {
        return NGX_ERROR;
    }

    now = ngx_slack_clock_wall();

    few = NGX_SLACK_SQLITE_FEW + 2 * (int64_t) survey->channels.nelts;

    if (mark.newest - mark.settled <= few) {
        known = 0;
        rc = ngx_slack_sqlite_count_few(store, survey, mark.newest, now,
                                        upto);

    } else {
        known = ngx_slack_sqlite_count_known(store, &mark, counts, now);
        rc = ngx_slack_sqlite_count_first(store, survey);

        if (rc == NGX_OK) {
            rc = ngx_slack_sqlite_count_all(store, survey, &mark,
                                            known ? counts : NULL, now, upto);
        }

        if (rc == NGX_DECLINED) {
            known = 0;
            rc = ngx_slack_sqlite_count_all(store, survey, &mark, NULL, now,
                                            upto);
        }
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    counts->mark = mark;
    counts->taken = now;

    if (!known) {
        counts->counted = now;
    }

    ngx_memcpy(counts->upto, upto, sizeof(upto));

    return ngx_slack_sqlite_count_keep(store, survey, counts);
}


static ngx_int_t
ngx_slack_sqlite_count_mark(ngx_slack_store_t *store,
    ngx_slack_tally_mark_t *mark)
{
    ngx_int_t      rc;
    sqlite3_stmt  *stmt;

    mark->outbox = ngx_slack_sqlite_file(store);

    if (ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_MARK, &mark->settled,
                              &mark->newest)
        != NGX_OK
        || ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_NEWEST, &mark->newest,
                                 &mark->revision)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    mark->settled = ngx_slack_sqlite_id(mark->settled);
    mark->newest = ngx_slack_sqlite_id(mark->newest);
    mark->died = 0;
    mark->dead = 0;

    rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_FIRST_DEAD);

    if (rc != NGX_OK) {
        return (rc == NGX_DONE) ? NGX_OK : NGX_ERROR;
    }

    stmt = store->stmts[NGX_SLACK_SQL_FIRST_DEAD];

    mark->died = sqlite3_column_int64(stmt, 0);
    mark->dead = sqlite3_column_int64(stmt, 1);

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}


/* Returns 1 if there are earlier counts to continue with. */

static ngx_uint_t
ngx_slack_sqlite_count_known(ngx_slack_store_t *store,
    ngx_slack_tally_mark_t *mark, ngx_slack_tally_counts_t *counts,
    int64_t now)
{
    ngx_int_t   rc;
    ngx_uint_t  tries;

    if (store->conf->tally == NULL || mark->outbox == 0) {
        return 0;
    }

    for (tries = 0; /* void */ ; tries++) {
        rc = ngx_slack_tally_get(store->conf->tally, mark, counts);

        if (rc != NGX_AGAIN || tries == NGX_SLACK_SQLITE_NOTES) {
            break;
        }

        ngx_msleep(1);
    }

    return (rc == NGX_OK && now >= counts->taken
            && now - counts->counted < NGX_SLACK_SQLITE_COUNTS);
}


/*
 * Counts all channels; "known" are earlier counts, or NULL.  NGX_DECLINED: the
 * earlier counts must be wrong.
 */

static ngx_int_t
ngx_slack_sqlite_count_all(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey, ngx_slack_tally_mark_t *mark,
    ngx_slack_tally_counts_t *known, int64_t now, int64_t *upto)
{
    int64_t                      floor, total;
    ngx_int_t                    rc;
    ngx_uint_t                   i, k;
    ngx_slack_survey_channel_t  *ch;

    ch = survey->channels.elts;
    floor = mark->newest;

    for (i = 0; i < survey->channels.nelts; i++) {
        if (ch[i].first) {
            floor = ngx_min(floor, ch[i].first - 1);
        }
    }

    if (ngx_slack_sqlite_aged(store, floor, mark->newest, now,
                              known ? known->upto : NULL, upto)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    total = 0;

    for (i = 0; i < survey->channels.nelts; i++) {

        rc = known ? ngx_slack_sqlite_count_since(store, &ch[i], known,
                                                  mark->newest, upto)
                   : ngx_slack_sqlite_count_anew(store, &ch[i], mark->newest,
                                                 upto);
        if (rc != NGX_OK) {
            return rc;
        }

        ch[i].waiting = 0;

        for (k = 0; k < NGX_SLACK_SURVEY_AGES; k++) {
            ch[i].waiting += ch[i].ages[k];
        }

        total += (int64_t) ch[i].waiting;

        if (known && (ch[i].waiting != 0) != (ch[i].first != 0)) {
            return NGX_DECLINED;
        }

        if (ngx_slack_sqlite_count_oldest(store, &ch[i], mark->newest, upto,
                                          now)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return (known && total != mark->newest - mark->settled) ? NGX_DECLINED
                                                            : NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_count_anew(ngx_slack_store_t *store,
    ngx_slack_survey_channel_t *ch, int64_t newest, int64_t *upto)
{
    int64_t     after, high;
    ngx_uint_t  i;

    high = newest;

    for (i = 0; i < NGX_SLACK_SURVEY_AGES; i++) {

        after = (i < NGX_SLACK_SQLITE_AGES) ? ngx_max(upto[i], ch->first - 1)
                                            : ch->first - 1;
        ch->ages[i] = 0;

        if (ch->first && after < high) {

            if (ngx_slack_sqlite_count_range(store, ch->id, after, high,
                                             &ch->ages[i])
                != NGX_OK)
            {
                return NGX_ERROR;
            }

            high = after;
        }
    }

    return ngx_slack_sqlite_count_dead(store, ch);
}


static ngx_int_t
ngx_slack_sqlite_count_since(ngx_slack_store_t *store,
    ngx_slack_survey_channel_t *ch, ngx_slack_tally_counts_t *known,
    int64_t newest, int64_t *upto)
{
    int64_t                     after;
    ngx_uint_t                  i, n, dead;
    ngx_slack_tally_channel_t  *before;

    before = ngx_slack_tally_find(known, ch->id);

    for (i = 0; i < NGX_SLACK_SURVEY_AGES; i++) {
        ch->ages[i] = before ? before->waiting[i] : 0;
    }

    dead = before ? before->dead : 0;

    if ((dead != 0) != (ch->dead != 0)) {
        return NGX_DECLINED;
    }

    ch->dead = dead;

    if (ch->first == 0) {
        return NGX_OK;
    }

    after = ngx_max(known->mark.newest, ch->first - 1);

    if (after < newest) {

        if (ngx_slack_sqlite_count_range(store, ch->id, after, newest, &n)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        ch->ages[0] += n;
    }

    /* messages that have grown older than an age */

    for (i = 0; i < NGX_SLACK_SQLITE_AGES; i++) {

        after = ngx_max(known->upto[i], ch->first - 1);

        if (ch->ages[i] == 0 || after >= upto[i]) {
            continue;
        }

        if (ngx_slack_sqlite_count_range(store, ch->id, after, upto[i], &n)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (n > ch->ages[i]) {
            return NGX_DECLINED;
        }

        ch->ages[i] -= n;
        ch->ages[i + 1] += n;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_count_range(ngx_slack_store_t *store, int64_t channel,
    int64_t after, int64_t upto, ngx_uint_t *n)
{
    sqlite3_stmt  *stmt;

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_COUNT_WAITING, 1,
                              channel);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_COUNT_WAITING, 2, after);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_COUNT_WAITING, 3, upto);

    if (ngx_slack_sqlite_step(store, NGX_SLACK_SQL_COUNT_WAITING) != NGX_OK) {
        return NGX_ERROR;
    }

    stmt = store->stmts[NGX_SLACK_SQL_COUNT_WAITING];
    *n = ngx_slack_sqlite_number(stmt, 0);

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}


/*
 * The oldest message is the first one by id, unless that was replayed: its
 * time is then that of the replay.  In such a channel, some more messages are
 * sampled from the first to the last.
 */

static ngx_int_t
ngx_slack_sqlite_count_oldest(ngx_slack_store_t *store,
    ngx_slack_survey_channel_t *ch, int64_t newest, int64_t *upto,
    int64_t now)
{
    int64_t        id, created, next, step;
    ngx_int_t      rc;
    ngx_uint_t     age;
    sqlite3_stmt  *stmt;

    ch->oldest = 0;

    if (ch->first == 0) {
        return NGX_OK;
    }

    stmt = store->stmts[NGX_SLACK_SQL_WAITING];
    step = (newest - ch->first) / NGX_SLACK_SQLITE_SAMPLES + 1;

    for (next = ch->first; next <= newest; next = ngx_max(id, next) + step) {

        ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_WAITING, 1, ch->id);
        ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_WAITING, 2, next);

        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_WAITING);

        if (rc != NGX_OK) {
            return (rc == NGX_DONE) ? NGX_OK : NGX_ERROR;
        }

        id = ngx_slack_sqlite_id(sqlite3_column_int64(stmt, 0));
        created = ngx_slack_sqlite_time(stmt, 1);

        (void) sqlite3_reset(stmt);

        if (ch->oldest == 0 || created < ch->oldest) {
            ch->oldest = created;
        }

        age = ngx_slack_sqlite_age(id, upto);

        if (age == 0 || created <= now - ngx_slack_sqlite_ages[age - 1]) {
            return NGX_OK;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_count_first(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey)
{
    ngx_uint_t                     i;
    sqlite3_stmt                  *stmt;
    ngx_slack_survey_channel_t    *ch;
    ngx_slack_sqlite_statement_e   n;

    n = NGX_SLACK_SQL_FIRST_WAITING;
    stmt = store->stmts[n];
    ch = survey->channels.elts;

    for (i = 0; i < survey->channels.nelts; i++) {

        ngx_slack_sqlite_bind_int(store, n, 1, ch[i].id);

        if (ngx_slack_sqlite_step(store, n) != NGX_OK) {
            return NGX_ERROR;
        }

        ch[i].first = ngx_slack_sqlite_id(sqlite3_column_int64(stmt, 0));

        (void) sqlite3_reset(stmt);
    }

    return NGX_OK;
}


/* Keeps the counts for the next survey of any worker. */

static ngx_int_t
ngx_slack_sqlite_count_keep(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey, ngx_slack_tally_counts_t *counts)
{
    ngx_uint_t                   i, k;
    ngx_slack_tally_channel_t   *kept;
    ngx_slack_survey_channel_t  *ch;

    if (store->conf->tally == NULL || counts->mark.outbox == 0) {
        return NGX_OK;
    }

    counts->n = 0;
    ch = survey->channels.elts;

    for (i = 0; i < survey->channels.nelts; i++) {

        if (ch[i].waiting == 0 && ch[i].dead == 0) {
            continue;
        }

        if (counts->n == NGX_SLACK_TALLY_CHANNELS) {
            return NGX_OK;
        }

        kept = &counts->channels[counts->n++];

        kept->id = ch[i].id;
        kept->dead = (uint32_t) ch[i].dead;

        for (k = 0; k < NGX_SLACK_SURVEY_AGES; k++) {
            kept->waiting[k] = (uint32_t) ch[i].ages[k];
        }
    }

    ngx_slack_tally_put(store->conf->tally, counts);

    return NGX_OK;
}
