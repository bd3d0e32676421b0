
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Which messages are older than an age: of their ids a few rows tell enough.
 * Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite_count.h>


#define NGX_SLACK_SQLITE_MINUTE       ((int64_t) 60 * 1000)

/* number of rows to sample before bisecting between two of them */

#define NGX_SLACK_SQLITE_AGE_SAMPLES  16


static ngx_int_t ngx_slack_sqlite_aged_upto(ngx_slack_store_t *store,
    int64_t low, int64_t high, int64_t time, int64_t *upto);


const int64_t  ngx_slack_sqlite_ages[NGX_SLACK_SQLITE_AGES] = {
    NGX_SLACK_SQLITE_MINUTE,
    NGX_SLACK_SQLITE_MINUTE * 5,
    NGX_SLACK_SQLITE_MINUTE * 15,
    NGX_SLACK_SQLITE_MINUTE * 60,
    NGX_SLACK_SQLITE_MINUTE * 60 * 6,
    NGX_SLACK_SQLITE_MINUTE * 60 * 24
};


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_aged(ngx_slack_store_t *store, int64_t floor, int64_t newest,
    int64_t now, int64_t *known, int64_t *upto)
{
    int64_t     low, high;
    ngx_uint_t  i;

    high = newest;

    for (i = 0; i < NGX_SLACK_SQLITE_AGES; i++) {
        low = known ? ngx_max(known[i], floor) : floor;

        if (ngx_slack_sqlite_aged_upto(store, low, high,
                                       now - ngx_slack_sqlite_ages[i],
                                       &upto[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        high = ngx_min(high, upto[i]);
    }

    return NGX_OK;
}


/*
 * Sets *upto, from "low" to "high", so that messages up to *upto were stored
 * at "time" or before.  Ids follow the order of storing.  The time of a row
 * may not: a replay makes it younger, and the clock may be set.  Of a few
 * samples, the newest old one is right, as nothing before it can have been
 * stored later.  The limit is found by bisecting between it and the next
 * sample.
 */

static ngx_int_t
ngx_slack_sqlite_aged_upto(ngx_slack_store_t *store, int64_t low,
    int64_t high, int64_t time, int64_t *upto)
{
    int64_t        id, created, at, step;
    ngx_int_t      rc;
    ngx_uint_t     found;
    sqlite3_stmt  *stmt;

    stmt = store->stmts[NGX_SLACK_SQL_STORED];

    step = (high - low) / NGX_SLACK_SQLITE_AGE_SAMPLES + 1;
    at = high;
    high = high + 1;
    found = 0;

    /* rows from "high" on are young, rows up to "low" are old */

    while (high - low > 1) {

        if (found) {
            at = low + (high - low) / 2;
        }

        ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_STORED, 1, at);

        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_STORED);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_DONE) {
            low = at;
            break;
        }

        id = ngx_slack_sqlite_id(sqlite3_column_int64(stmt, 0));
        created = ngx_slack_sqlite_time(stmt, 1);

        (void) sqlite3_reset(stmt);

        if (id <= low || created <= time) {
            low = at;
            found = 1;
            continue;
        }

        high = id;

        if (!found) {
            at = ngx_min(at - step, high - 1);
            found = (at <= low);
        }
    }

    *upto = low;

    return NGX_OK;
}


ngx_uint_t
ngx_slack_sqlite_age(int64_t id, int64_t *upto)
{
    ngx_uint_t  age;

    for (age = NGX_SLACK_SQLITE_AGES; age > 0; age--) {
        if (id <= upto[age - 1]) {
            break;
        }
    }

    return age;
}
