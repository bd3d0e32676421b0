
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Requests to the server.  A request is one message with a whole transaction
 * in it, so the server has its end before it takes the first lock; nothing of
 * it depends on the session, as a pooler such as PgBouncer may give each
 * transaction another one.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_postgres.h>

#include <poll.h>


static ngx_int_t ngx_slack_postgres_send(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_postgres_flush(ngx_slack_store_t *store,
    int64_t end);
static ngx_int_t ngx_slack_postgres_poll(ngx_slack_store_t *store,
    short events, int64_t end);
static PGresult *ngx_slack_postgres_next(ngx_slack_store_t *store,
    int64_t end);
static ngx_int_t ngx_slack_postgres_results(ngx_slack_store_t *store,
    PGresult **res);
static ngx_uint_t ngx_slack_postgres_ends(PGresult *res);
static void ngx_slack_postgres_rollback(ngx_slack_store_t *store);


/*
 * What the planner knows of a table that is filled and emptied within seconds
 * is old.  All that is sought has an index, and takes less time than compiling
 * the statement would.
 */

void
ngx_slack_postgres_start(ngx_slack_store_t *store, ngx_uint_t writes)
{
    ngx_slack_postgres_conf_t  *own;
    ngx_slack_postgres_text_t  *text;

    own = store->conf->own;
    text = &store->text;

    text->len = 0;
    store->writing = writes ? 1 : 0;

    ngx_slack_postgres_put(text, "BEGIN ISOLATION LEVEL ");
    ngx_slack_postgres_put(text, writes ? "READ COMMITTED READ WRITE"
                                        : "REPEATABLE READ READ ONLY");
    ngx_slack_postgres_put(text, "; SET LOCAL search_path = \"");
    ngx_slack_postgres_put(text, (char *) own->schema.data);
    ngx_slack_postgres_put(text,
                           "\", pg_temp; SET LOCAL statement_timeout = "
                           NGX_SLACK_POSTGRES_TIMEOUT
                           "; SET LOCAL lock_timeout = "
                           NGX_SLACK_POSTGRES_TIMEOUT
                           "; SET LOCAL idle_in_transaction_session_timeout = "
                           NGX_SLACK_POSTGRES_TIMEOUT
                           "; SET LOCAL jit = off"
                           "; SET LOCAL enable_seqscan = off; ");

    if (!own->sync) {
        ngx_slack_postgres_put(text, "SET LOCAL synchronous_commit = off; ");
    }
}


ngx_int_t
ngx_slack_postgres_commit(ngx_slack_store_t *store, PGresult **res)
{
    ngx_int_t  rc;

    ngx_slack_postgres_put(&store->text, "; COMMIT");

    if (store->text.failed) {
        store->text.failed = 0;
        ngx_slack_postgres_fault(store, 31, "failed, there is no memory left",
                                 "no request could be written", "free some");
        return NGX_ERROR;
    }

    if (ngx_slack_postgres_send(store) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_slack_postgres_results(store, res);

    if (rc == NGX_OK) {
        ngx_slack_postgres_works(store);
    }

    return rc;
}


ngx_int_t
ngx_slack_postgres_run(ngx_slack_store_t *store, PGresult **res)
{
    return (ngx_slack_postgres_commit(store, res) == NGX_OK) ? NGX_OK
                                                             : NGX_ERROR;
}


/* What is not sent as a whole changes nothing. */

static ngx_int_t
ngx_slack_postgres_send(ngx_slack_store_t *store)
{
    int64_t    end;
    PGresult  *res;

    end = ngx_slack_clock_monotonic() + NGX_SLACK_POSTGRES_PATIENCE;

    /* nobody has waited for the answer to a resignation */

    while ((res = ngx_slack_postgres_next(store, end)) != NULL) {
        PQclear(res);
    }

    if (PQsendQuery(store->db, store->text.data) == 1
        && ngx_slack_postgres_flush(store, end) == NGX_OK)
    {
        return NGX_OK;
    }

    ngx_slack_postgres_error(store, NULL);
    ngx_slack_postgres_close(store);

    return NGX_ERROR;
}


static ngx_int_t
ngx_slack_postgres_flush(ngx_slack_store_t *store, int64_t end)
{
    int  rc;

    for ( ;; ) {
        rc = PQflush(store->db);

        if (rc <= 0) {
            return (rc == 0) ? NGX_OK : NGX_ERROR;
        }

        if (ngx_slack_postgres_poll(store, POLLIN|POLLOUT, end) != NGX_OK
            || PQconsumeInput(store->db) != 1)
        {
            return NGX_ERROR;
        }
    }
}


static ngx_int_t
ngx_slack_postgres_poll(ngx_slack_store_t *store, short events, int64_t end)
{
    int            rc;
    int64_t        left;
    struct pollfd  pfd;

    for ( ;; ) {
        left = end - ngx_slack_clock_monotonic();

        if (left <= 0) {
            return NGX_ERROR;
        }

        pfd.fd = PQsocket(store->db);
        pfd.events = events;

        rc = poll(&pfd, 1, (int) ngx_min(left, NGX_SLACK_POSTGRES_PATIENCE));

        if (rc > 0) {
            return NGX_OK;
        }

        if (rc == -1 && ngx_errno != NGX_EINTR) {
            return NGX_ERROR;
        }
    }
}


/* NULL: there is no further result, or the server does not answer */

static PGresult *
ngx_slack_postgres_next(ngx_slack_store_t *store, int64_t end)
{
    while (PQisBusy(store->db)) {
        if (ngx_slack_postgres_poll(store, POLLIN, end) != NGX_OK
            || PQconsumeInput(store->db) != 1)
        {
            return NULL;
        }
    }

    return PQgetResult(store->db);
}


/*
 * The rows are the last ones, and it is committed only if the last statement
 * says so.  An error with a SQLSTATE of the server was rolled back; whatever
 * else happened after the whole of the request was sent, nobody knows, also if
 * the server says why it ends the session.
 */

static ngx_int_t
ngx_slack_postgres_results(ngx_slack_store_t *store, PGresult **res)
{
    int64_t      end;
    PGresult    *next;
    ngx_uint_t   done, refused, told;

    *res = NULL;
    done = 0;
    refused = 0;
    told = 0;
    end = ngx_slack_clock_monotonic() + NGX_SLACK_POSTGRES_PATIENCE;

    while ((next = ngx_slack_postgres_next(store, end)) != NULL) {

        switch (PQresultStatus(next)) {

        case PGRES_TUPLES_OK:
            PQclear(*res);
            *res = next;
            continue;

        case PGRES_COMMAND_OK:
            done = (ngx_strcmp(PQcmdStatus(next), "COMMIT") == 0);
            break;

        default:
            refused = (PQstatus(store->db) == CONNECTION_OK
                       && *ngx_slack_postgres_state(next) != '\0'
                       && !ngx_slack_postgres_ends(next));
            ngx_slack_postgres_error(store, next);
            told = 1;
        }

        PQclear(next);
    }

    if (done && *res != NULL) {
        return NGX_OK;
    }

    PQclear(*res);
    *res = NULL;

    if (refused && !PQisBusy(store->db)) {
        ngx_slack_postgres_rollback(store);
        return NGX_ERROR;
    }

    if (!told) {
        ngx_slack_postgres_error(store, NULL);
    }

    ngx_slack_postgres_close(store);

    return store->writing ? NGX_AGAIN : NGX_ERROR;
}


/* FATAL and PANIC are the last words of a session, such as "57P01" */

static ngx_uint_t
ngx_slack_postgres_ends(PGresult *res)
{
    const char  *severity;

    severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);

    return severity == NULL || ngx_strcmp(severity, "ERROR") != 0;
}


static void
ngx_slack_postgres_rollback(ngx_slack_store_t *store)
{
    int64_t    end;
    PGresult  *res;

    end = ngx_slack_clock_monotonic() + NGX_SLACK_POSTGRES_PATIENCE;

    if (PQsendQuery(store->db, "ROLLBACK") != 1
        || ngx_slack_postgres_flush(store, end) != NGX_OK)
    {
        ngx_slack_postgres_close(store);
        return;
    }

    while ((res = ngx_slack_postgres_next(store, end)) != NULL) {
        PQclear(res);
    }

    if (PQtransactionStatus(store->db) != PQTRANS_IDLE) {
        ngx_slack_postgres_close(store);
    }
}


/* A server that ends says so, and then closes the connection. */

ngx_int_t
ngx_slack_postgres_alive(ngx_slack_store_t *store)
{
    struct pollfd  pfd;

    for ( ;; ) {
        pfd.fd = PQsocket(store->db);
        pfd.events = POLLIN;

        if (PQstatus(store->db) != CONNECTION_OK) {
            return NGX_ERROR;
        }

        if (poll(&pfd, 1, 0) <= 0) {
            return NGX_OK;
        }

        if (PQconsumeInput(store->db) != 1) {
            return NGX_ERROR;
        }
    }
}


void
ngx_slack_postgres_close(ngx_slack_store_t *store)
{
    if (store->db != NULL) {
        PQfinish(store->db);
        store->db = NULL;
    }

    store->connected = 0;

    /*
     * Another server, to which this one has failed over, may count
     * transactions anew.
     */

    store->revision = -1;
    store->revised = -1;
}


int64_t
ngx_slack_postgres_get(PGresult *res, int row, int column)
{
    return strtoll(PQgetvalue(res, row, column), NULL, 10);
}


ngx_uint_t
ngx_slack_postgres_true(PGresult *res, int row, int column)
{
    return *PQgetvalue(res, row, column) == 't';
}


ngx_str_t
ngx_slack_postgres_value(PGresult *res, int row, int column)
{
    ngx_str_t  value;

    value.data = (u_char *) PQgetvalue(res, row, column);
    value.len = (size_t) PQgetlength(res, row, column);

    return value;
}


ngx_int_t
ngx_slack_postgres_copy(PGresult *res, int row, int column, ngx_pool_t *pool,
    ngx_str_t *value)
{
    ngx_str_t  from;

    from = ngx_slack_postgres_value(res, row, column);

    value->data = ngx_pnalloc(pool, from.len + 1);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(value->data, from.data, from.len);
    value->data[from.len] = '\0';
    value->len = from.len;

    return NGX_OK;
}


u_char *
ngx_slack_postgres_bytes(PGresult *res, int row, int column, u_char *p)
{
    size_t     i;
    u_char     digit[2];
    ngx_str_t  from;

    from = ngx_slack_postgres_value(res, row, column);

    for (i = 2; i + 1 < from.len; i += 2) {
        digit[0] = from.data[i];
        digit[1] = from.data[i + 1];

        *p++ = (u_char) ngx_hextoi(digit, 2);
    }

    return p;
}
