
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Leadership: a lease in the table "leader", on the server's clock.  Who takes
 * it gets a new term; what carries an older one changes nothing, as a settle
 * holds the row until it is committed.  A leader of this nginx whose process
 * is gone has its term ended by the next one of this nginx, which knows that;
 * those of others wait for the end of the lease.  Runs in a pool thread,
 * except for resigning.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_postgres.h>

#include <time.h>


static int64_t ngx_slack_postgres_boottime(void);


ngx_int_t
ngx_slack_postgres_lead(ngx_slack_store_t *store, int64_t *term)
{
    int64_t              got, asked;
    PGresult            *res;
    ngx_uint_t           ended;
    ngx_slack_leader_t  *leader, gone;

    leader = store->conf->leader;
    ended = (leader && ngx_slack_leader_gone(leader, &gone) == NGX_OK);

    asked = ngx_slack_postgres_boottime();

    if (ngx_slack_postgres_begin(store) != NGX_OK) {
        return NGX_ERROR;
    }

    /* ends the term of nobody else: if that one does not lead, nothing */

    if (ended) {
        ngx_slack_postgres_put(&store->text, "SELECT resign(");
        ngx_slack_postgres_int(&store->text, gone.term);
        ngx_slack_postgres_put(&store->text, ", '");
        ngx_slack_postgres_put(&store->text, gone.name);
        ngx_slack_postgres_put(&store->text, "'); ");
    }

    ngx_slack_postgres_put(&store->text, "SELECT coalesce(lead('");
    ngx_slack_postgres_put(&store->text, store->holder);
    ngx_slack_postgres_put(&store->text,
                           "', " NGX_SLACK_POSTGRES_LEASE "), 0)");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    got = ngx_slack_postgres_get(res, 0, 0);

    PQclear(res);

    if (ended) {
        ngx_slack_leader_forget(leader, &gone);
    }

    if (got == 0) {
        return NGX_DECLINED;
    }

    if (leader) {
        ngx_slack_leader_begins(leader, got, store->holder);
    }

    store->term = got;
    store->confirmed = asked;
    *term = got;

    return NGX_OK;
}


/* Nobody else leads before the lease has ended, so the server is not asked. */

ngx_int_t
ngx_slack_postgres_renew(ngx_slack_store_t *store, int64_t term)
{
    int64_t    asked;
    ngx_int_t  rc;

    if (store->term != term || term == 0) {
        return NGX_DECLINED;
    }

    asked = ngx_slack_postgres_boottime();

    if (asked - store->confirmed < NGX_SLACK_POSTGRES_RENEW) {
        return NGX_OK;
    }

    if (ngx_slack_postgres_begin(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_put(&store->text, "SELECT renew(");
    ngx_slack_postgres_put_term(store, term);
    ngx_slack_postgres_put(&store->text, ", " NGX_SLACK_POSTGRES_LEASE ")");

    rc = ngx_slack_postgres_term(store);

    if (rc == NGX_OK) {
        store->confirmed = asked;
    }

    if (rc == NGX_DECLINED) {

        /* who asks again needs not hear that from the server */

        store->term = 0;
    }

    return rc;
}


ngx_uint_t
ngx_slack_postgres_lasts(ngx_slack_store_t *store)
{
    if (store->term == 0) {
        return 0;
    }

    (void) ngx_slack_postgres_renew(store, store->term);

    return ngx_slack_postgres_boottime() - store->confirmed
           < NGX_SLACK_POSTGRES_LASTS;
}


/* a clock that goes on while the machine sleeps */

static int64_t
ngx_slack_postgres_boottime(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_BOOTTIME, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}


/*
 * May be called in the event loop: the request is only written to the socket,
 * which has room for it, and the answer is read before the next one.
 */

void
ngx_slack_postgres_resign(ngx_slack_store_t *store, int64_t term)
{
    if (store->term != term || term == 0) {
        return;
    }

    store->term = 0;

    if (store->db == NULL || PQtransactionStatus(store->db) != PQTRANS_IDLE) {
        return;
    }

    ngx_slack_postgres_start(store, 1);

    ngx_slack_postgres_put(&store->text, "SELECT resign(");
    ngx_slack_postgres_put_term(store, term);
    ngx_slack_postgres_put(&store->text, "); COMMIT");

    if (!store->text.failed && PQsendQuery(store->db, store->text.data) == 1) {
        (void) PQflush(store->db);
    }
}


ngx_int_t
ngx_slack_postgres_identity(ngx_slack_store_t *store, u_char *identity)
{
    PGresult  *res;

    if (ngx_slack_postgres_begin_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_put(&store->text,
                           "SELECT identity FROM meta"
                           " WHERE length(identity) = 16");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    if (PQntuples(res) != 1
        || PQgetlength(res, 0, 0) != 2 + 2 * NGX_SLACK_OUTBOX_IDENTITY)
    {
        PQclear(res);
        ngx_slack_postgres_fault(store, 26, "lacks its identity",
                                 "table meta",
                                 "restore the schema, or drop it, and it is "
                                 "made anew");
        return NGX_ERROR;
    }

    (void) ngx_slack_postgres_bytes(res, 0, 0, identity);

    PQclear(res);

    return NGX_OK;
}


void
ngx_slack_postgres_put_term(ngx_slack_store_t *store, int64_t term)
{
    ngx_slack_postgres_int(&store->text, term);
    ngx_slack_postgres_put(&store->text, ", '");
    ngx_slack_postgres_put(&store->text, store->holder);
    ngx_slack_postgres_put(&store->text, "'");
}


ngx_int_t
ngx_slack_postgres_term(ngx_slack_store_t *store)
{
    PGresult   *res;
    ngx_uint_t  lasts;

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    lasts = ngx_slack_postgres_true(res, 0, 0);

    PQclear(res);

    return lasts ? NGX_OK : NGX_DECLINED;
}
