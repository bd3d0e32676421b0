
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The list of endpoints that the leader can deliver to.  Other processes need
 * it, as an nginx that shares the outbox may accept events for a workspace
 * that the leader does not have.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_sqlite.h>


typedef struct {
    int64_t                     term;
    ngx_uint_t                  over;        /* the term is over */
    ngx_slack_served_t         *endpoints;
    ngx_uint_t                  n;
    ngx_uint_t                  rows;        /* rows of the table */
    ngx_uint_t                  found;       /* rows that are in "endpoints",
                                                too */
} ngx_slack_sqlite_served_t;


static ngx_int_t ngx_slack_sqlite_compare_served(ngx_slack_store_t *store,
    ngx_slack_sqlite_served_t *served);
static ngx_int_t ngx_slack_sqlite_set_served(ngx_slack_store_t *store,
    void *data);
static ngx_str_t *ngx_slack_sqlite_served_channel(ngx_slack_served_t *served);
static ngx_int_t ngx_slack_sqlite_name_column(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, int column, ngx_str_t *name);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_serve(ngx_slack_store_t *store, int64_t term,
    ngx_slack_served_t *endpoints, ngx_uint_t n)
{
    ngx_int_t                  rc;
    ngx_slack_sqlite_served_t  served;

    served.term = term;
    served.over = 0;
    served.endpoints = endpoints;
    served.n = n;
    served.rows = 0;
    served.found = 0;

    if (!ngx_slack_sqlite_leader_holds(&store->leader, term)) {
        return NGX_DECLINED;
    }

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_slack_sqlite_compare_served(store, &served);

    if (ngx_slack_sqlite_read_done(store, rc) != NGX_OK) {
        return NGX_ERROR;
    }

    if (served.rows == n && served.found == n) {
        return NGX_OK;
    }

    rc = ngx_slack_sqlite_transact(store, ngx_slack_sqlite_set_served,
                                   &served);

    return (rc != NGX_OK && served.over) ? NGX_DECLINED : rc;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_unserved(ngx_slack_store_t *store,
    ngx_slack_unserved_pt handler, void *data)
{
    ngx_int_t             rc;
    sqlite3_stmt         *stmt;
    ngx_slack_unserved_t  unserved;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    stmt = store->stmts[NGX_SLACK_SQL_UNSERVED];

    if (stmt == NULL) {
        /* no leader of this version has stored its list yet */
        return NGX_OK;
    }

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_UNSERVED);

        if (rc != NGX_OK) {
            return ngx_slack_sqlite_read_done(store, (rc == NGX_DONE)
                                                     ? NGX_OK : NGX_ERROR);
        }

        unserved.id = sqlite3_column_int64(stmt, 0);
        unserved.n = ngx_slack_sqlite_number(stmt, 3);

        if (ngx_slack_sqlite_name_column(store, NGX_SLACK_SQL_UNSERVED, 1,
                                         &unserved.workspace)
            != NGX_OK
            || ngx_slack_sqlite_name_column(store, NGX_SLACK_SQL_UNSERVED, 2,
                                            &unserved.channel)
               != NGX_OK)
        {
            return ngx_slack_sqlite_read_done(store, NGX_ERROR);
        }

        if (handler(&unserved, data) != NGX_OK) {
            (void) sqlite3_reset(stmt);
            return NGX_ERROR;
        }
    }
}


static ngx_int_t
ngx_slack_sqlite_compare_served(ngx_slack_store_t *store,
    ngx_slack_sqlite_served_t *served)
{
    ngx_int_t            rc;
    ngx_str_t            workspace, channel, *name;
    ngx_uint_t           i;
    ngx_slack_served_t  *ep;

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_SERVED);

        if (rc != NGX_OK) {
            return (rc == NGX_DONE) ? NGX_OK : NGX_ERROR;
        }

        if (ngx_slack_sqlite_name_column(store, NGX_SLACK_SQL_SERVED, 0,
                                         &workspace)
            != NGX_OK
            || ngx_slack_sqlite_name_column(store, NGX_SLACK_SQL_SERVED, 1,
                                            &channel)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        served->rows++;

        for (i = 0; i < served->n; i++) {
            ep = &served->endpoints[i];

            name = ngx_slack_sqlite_served_channel(ep);

            if (ngx_slack_equal(&ep->workspace, &workspace)
                && ngx_slack_equal(name, &channel))
            {
                served->found++;
                break;
            }
        }
    }
}


static ngx_int_t
ngx_slack_sqlite_set_served(ngx_slack_store_t *store, void *data)
{
    ngx_slack_sqlite_served_t  *served = data;

    ngx_uint_t  i;

    if (!ngx_slack_sqlite_leader_holds(&store->leader, served->term)) {
        served->over = 1;
        return NGX_ERROR;
    }

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_CLEAR_SERVED) != NGX_OK) {
        return NGX_ERROR;
    }

    for (i = 0; i < served->n; i++) {

        ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_SERVED, 1,
                                   &served->endpoints[i].workspace);
        ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_ADD_SERVED, 2,
                       ngx_slack_sqlite_served_channel(&served->endpoints[i]));

        if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_ADD_SERVED) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* what the table has for an endpoint */

static ngx_str_t *
ngx_slack_sqlite_served_channel(ngx_slack_served_t *served)
{
    static ngx_str_t  all = ngx_string("*");

    return served->any ? &all : &served->channel;
}


/* "name" is valid until the next step of the statement */

static ngx_int_t
ngx_slack_sqlite_name_column(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, int column, ngx_str_t *name)
{
    name->data = (u_char *) sqlite3_column_text(store->stmts[n], column);
    name->len = (size_t) sqlite3_column_bytes(store->stmts[n], column);

    if (name->data == NULL) {
        ngx_slack_sqlite_error(store, SQLITE_NOMEM);
        return NGX_ERROR;
    }

    return NGX_OK;
}
