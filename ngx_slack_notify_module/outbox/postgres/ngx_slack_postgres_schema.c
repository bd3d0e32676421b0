
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The schema of the outbox: makes it, or brings one of an earlier version
 * to the present one.  Of all hosts that want to do so one does, in a
 * transaction, and the others wait for it.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_log.h>
#include <ngx_slack_postgres.h>
#include <ngx_slack_postgres_sql.h>


static ngx_int_t ngx_slack_postgres_look(ngx_slack_store_t *store,
    int64_t *version);
static ngx_int_t ngx_slack_postgres_later(ngx_slack_store_t *store,
    int64_t version, int64_t oldest);
static ngx_int_t ngx_slack_postgres_make(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_postgres_upgraded(ngx_slack_store_t *store,
    int64_t version);
static void ngx_slack_postgres_lock_schema(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_postgres_change_schema(ngx_slack_store_t *store,
    ngx_uint_t *done);


ngx_int_t
ngx_slack_postgres_schema(ngx_slack_store_t *store)
{
    int64_t    version;
    ngx_int_t  rc;

    rc = ngx_slack_postgres_look(store, &version);

    if (rc == NGX_DECLINED) {
        return ngx_slack_postgres_make(store);
    }

    if (rc == NGX_OK && version < NGX_SLACK_POSTGRES_VERSION) {
        return ngx_slack_postgres_upgraded(store, version);
    }

    return rc;
}


/* NGX_DECLINED: there is none */

static ngx_int_t
ngx_slack_postgres_look(ngx_slack_store_t *store, int64_t *version)
{
    int64_t     oldest;
    PGresult   *res;
    ngx_uint_t  none;

    ngx_slack_postgres_start(store, 0);

    ngx_slack_postgres_put(&store->text, "SELECT to_regclass('meta') IS NULL");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    none = ngx_slack_postgres_true(res, 0, 0);
    PQclear(res);

    if (none) {
        return NGX_DECLINED;
    }

    /* the version 1 has no "oldest" */

    ngx_slack_postgres_start(store, 0);

    ngx_slack_postgres_put(&store->text,
                           "SELECT coalesce(max(m.version), 0), coalesce("
                           "max((to_jsonb(m) -> 'oldest') :: bigint),"
                           " max(m.version), 0) FROM meta AS m");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    *version = ngx_slack_postgres_get(res, 0, 0);
    oldest = ngx_slack_postgres_get(res, 0, 1);

    PQclear(res);

    return (oldest > NGX_SLACK_POSTGRES_VERSION)
           ? ngx_slack_postgres_later(store, *version, oldest) : NGX_OK;
}


static ngx_int_t
ngx_slack_postgres_later(ngx_slack_store_t *store, int64_t version,
    int64_t oldest)
{
    u_char  detail[128];

    (void) ngx_snprintf(detail, sizeof(detail),
                        "its schema has the version %L, for modules that know "
                        "%L, this one knows %d%Z",
                        version, oldest, NGX_SLACK_POSTGRES_VERSION);

    ngx_slack_postgres_fault(store, 27, "was written by a later version of "
                             "this module", (char *) detail,
                             "install that version, or name another schema");

    return NGX_ERROR;
}


static ngx_int_t
ngx_slack_postgres_make(ngx_slack_store_t *store)
{
    ngx_uint_t                  done;
    ngx_slack_postgres_conf_t  *own;
    ngx_slack_postgres_text_t  *text;

    own = store->conf->own;
    text = &store->text;

    ngx_slack_postgres_lock_schema(store);

    /* to_regclass() may not yet know what another session has just made */

    ngx_slack_postgres_put(text, "IF NOT EXISTS (SELECT FROM pg_class AS c"
                                 " JOIN pg_namespace AS n"
                                 " ON n.oid = c.relnamespace"
                                 " WHERE c.relname = 'meta'"
                                 " AND n.nspname = '");
    ngx_slack_postgres_put(text, (char *) own->schema.data);
    ngx_slack_postgres_put(text, "') THEN IF NOT EXISTS (SELECT"
                                 " FROM pg_namespace WHERE nspname = '");
    ngx_slack_postgres_put(text, (char *) own->schema.data);
    ngx_slack_postgres_put(text, "') THEN CREATE SCHEMA \"");
    ngx_slack_postgres_put(text, (char *) own->schema.data);
    ngx_slack_postgres_put(text, "\"; END IF; EXECUTE $sql$\n");
    ngx_slack_postgres_put(text, ngx_slack_postgres_tables);

    if (ngx_slack_postgres_change_schema(store, &done) != NGX_OK) {
        return NGX_ERROR;
    }

    if (done) {
        ngx_slack_log(NGX_LOG_NOTICE, store->log, 0,
                      "outbox \"%V\": schema \"%V\" was created",
                      &own->shown, &own->schema);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_postgres_upgraded(ngx_slack_store_t *store, int64_t version)
{
    ngx_uint_t                  done;
    ngx_slack_postgres_conf_t  *own;
    ngx_slack_postgres_text_t  *text;

    own = store->conf->own;
    text = &store->text;

    ngx_slack_postgres_lock_schema(store);

    ngx_slack_postgres_put(text, "IF (SELECT version FROM meta) < ");
    ngx_slack_postgres_int(text, NGX_SLACK_POSTGRES_VERSION);
    ngx_slack_postgres_put(text, " THEN EXECUTE $sql$\n");
    ngx_slack_postgres_put(text, ngx_slack_postgres_upgrade);

    if (ngx_slack_postgres_change_schema(store, &done) != NGX_OK) {
        return NGX_ERROR;
    }

    if (done) {
        ngx_slack_log(NGX_LOG_NOTICE, store->log, 0,
                      "outbox \"%V\": schema \"%V\" was upgraded to version "
                      "%d from %L",
                      &own->shown, &own->schema, NGX_SLACK_POSTGRES_VERSION,
                      version);
    }

    return NGX_OK;
}


/* One that waited for another one finds its work done. */

static void
ngx_slack_postgres_lock_schema(ngx_slack_store_t *store)
{
    ngx_slack_postgres_start(store, 1);

    ngx_slack_postgres_put(&store->text,
                           "DO $do$ BEGIN"
                           " PERFORM pg_advisory_xact_lock(1752394086); ");
}


static ngx_int_t
ngx_slack_postgres_change_schema(ngx_slack_store_t *store, ngx_uint_t *done)
{
    PGresult                   *res;
    ngx_slack_postgres_text_t  *text;

    text = &store->text;

    ngx_slack_postgres_put(text, "$sql$; EXECUTE $sql$\n");
    ngx_slack_postgres_put(text, ngx_slack_postgres_functions);
    ngx_slack_postgres_put(text,
                           "$sql$; PERFORM set_config('slack.done', 'yes',"
                           " true); END IF; END $do$; SELECT"
                           " current_setting('slack.done', true) = 'yes'");

    if (ngx_slack_postgres_run(store, &res) != NGX_OK) {
        return NGX_ERROR;
    }

    *done = ngx_slack_postgres_true(res, 0, 0);

    PQclear(res);

    return NGX_OK;
}
