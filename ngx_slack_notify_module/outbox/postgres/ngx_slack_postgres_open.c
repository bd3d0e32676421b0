
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Connects.  Runs in a pool thread, and blocks there for as long as the
 * time-outs of libpq tell.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_postgres.h>


/* ms: a server that was not reached is not asked sooner */
#define NGX_SLACK_POSTGRES_PAUSE  1000

/* pg_current_xact_id() and gen_random_uuid() */
#define NGX_SLACK_POSTGRES_OLDEST 130000


static ngx_int_t ngx_slack_postgres_open(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_postgres_connect(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_postgres_check_server(ngx_slack_store_t *store);


ngx_int_t
ngx_slack_postgres_begin(ngx_slack_store_t *store)
{
    if (ngx_slack_postgres_open(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_start(store, 1);

    return NGX_OK;
}


ngx_int_t
ngx_slack_postgres_begin_read(ngx_slack_store_t *store)
{
    if (ngx_slack_postgres_open(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_start(store, 0);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_postgres_open(ngx_slack_store_t *store)
{
    if (store->db != NULL) {

        if (ngx_slack_postgres_alive(store) == NGX_OK) {
            return NGX_OK;
        }

        ngx_slack_postgres_close(store);
    }

    /* what has failed is logged, and said to each who asks again so soon */

    if (store->again && ngx_slack_clock_monotonic() < store->again) {
        return NGX_ERROR;
    }

    if (ngx_slack_postgres_connect(store) != NGX_OK
        || ngx_slack_postgres_check_server(store) != NGX_OK
        || ngx_slack_postgres_schema(store) != NGX_OK)
    {
        ngx_slack_postgres_close(store);
        store->again = ngx_slack_clock_monotonic() + NGX_SLACK_POSTGRES_PAUSE;

        return NGX_ERROR;
    }

    store->again = 0;

    return NGX_OK;
}


/* What the operator writes comes later and wins. */

static ngx_int_t
ngx_slack_postgres_connect(ngx_slack_store_t *store)
{
    ngx_uint_t                  n;
    const char                 *names[12], *values[12];
    ngx_slack_postgres_conf_t  *own;

    own = store->conf->own;
    n = 0;

#define NGX_SLACK_POSTGRES_SET(name, value)                                   \
    names[n] = name;                                                          \
    values[n++] = value

    NGX_SLACK_POSTGRES_SET("fallback_application_name", "nginx slack_outbox");
    NGX_SLACK_POSTGRES_SET("client_encoding", "UTF8");
    NGX_SLACK_POSTGRES_SET("connect_timeout", "3");
    NGX_SLACK_POSTGRES_SET("tcp_user_timeout", "5000");
    NGX_SLACK_POSTGRES_SET("keepalives_idle", "5");
    NGX_SLACK_POSTGRES_SET("keepalives_interval", "2");
    NGX_SLACK_POSTGRES_SET("keepalives_count", "3");
    NGX_SLACK_POSTGRES_SET("dbname", (char *) store->conf->address.data);

    if (own->password.len) {
        NGX_SLACK_POSTGRES_SET("password", (char *) own->password.data);
    }

    names[n] = NULL;
    values[n] = NULL;

    store->db = PQconnectdbParams(names, values, 1);

    if (store->db == NULL || PQstatus(store->db) != CONNECTION_OK
        || PQsetnonblocking(store->db, 1) != 0)
    {
        ngx_slack_postgres_error(store, NULL);
        return NGX_ERROR;
    }

    /* operators are told what failed, not where in a function */

    (void) PQsetErrorContextVisibility(store->db, PQSHOW_CONTEXT_NEVER);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_postgres_check_server(ngx_slack_store_t *store)
{
    const char  *value;

    if (PQserverVersion(store->db) < NGX_SLACK_POSTGRES_OLDEST) {
        ngx_slack_postgres_fault(store, 30, "is of a server that is too old",
                                 PQparameterStatus(store->db,
                                                   "server_version"),
                                 "13 is the oldest that will do");
        return NGX_ERROR;
    }

    value = PQparameterStatus(store->db, "server_encoding");

    if (value == NULL || ngx_strcmp(value, "UTF8") != 0) {
        ngx_slack_postgres_fault(store, 29, "has a database with the encoding",
                                 value ? value : "?",
                                 "make one with \"ENCODING 'UTF8'\"");
        return NGX_ERROR;
    }

    value = PQparameterStatus(store->db, "standard_conforming_strings");

    if (value == NULL || ngx_strcmp(value, "on") != 0) {
        ngx_slack_postgres_fault(store, 28, "has a setting that is unsafe",
                                 "standard_conforming_strings is off",
                                 "turn it on for the user");
        return NGX_ERROR;
    }

    return NGX_OK;
}
