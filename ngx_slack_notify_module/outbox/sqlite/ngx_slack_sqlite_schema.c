
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The form of the SQLite engine's file: whether this version of the module
 * knows it, and how it is migrated.  The rules are in ngx_slack_sqlite.h, the
 * migrations in ngx_slack_sqlite_form.c.  Runs in a pool thread, except for
 * ngx_slack_sqlite_examine() and what it calls, which run in a child of the
 * master, or in the master.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_log.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_version.h>


/* user_version of a file without migrations */
#define NGX_SLACK_SQLITE_OLDEST  1


static ngx_int_t ngx_slack_sqlite_ask(ngx_slack_store_t *store,
    const char *sql, int64_t *number);
static ngx_int_t ngx_slack_sqlite_missing(ngx_slack_store_t *store,
    const ngx_slack_sqlite_migration_t *m, int64_t version,
    ngx_uint_t *missing);
static ngx_int_t ngx_slack_sqlite_apply(ngx_slack_store_t *store,
    const ngx_slack_sqlite_migration_t *m, int64_t *version);


ngx_int_t
ngx_slack_sqlite_schema_check(ngx_slack_store_t *store, ngx_uint_t *empty,
    ngx_slack_sqlite_fault_e *fault, char *detail, size_t size)
{
    char                                 module[24];
    int64_t                              version, application, tables;
    int64_t                              known;
    ngx_uint_t                           missing;
    const ngx_slack_sqlite_migration_t  *m;

    *empty = 0;
    store->incomplete = 0;

    if (ngx_slack_sqlite_ask(store, "PRAGMA user_version", &version)
        != NGX_OK
        || ngx_slack_sqlite_ask(store, "PRAGMA application_id",
                                &application)
           != NGX_OK
        || ngx_slack_sqlite_ask(store, "SELECT count(*) FROM sqlite_schema",
                                &tables)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (tables == 0) {
        *empty = 1;
        return NGX_OK;
    }

    if (application != NGX_SLACK_SQLITE_APPLICATION
        || version < NGX_SLACK_SQLITE_OLDEST)
    {
        *fault = NGX_SLACK_SQLITE_FOREIGN;
        (void) ngx_snprintf((u_char *) detail, size - 1,
                            "application_id %L, user_version %L%Z",
                            application, version);
        return NGX_DECLINED;
    }

    known = NGX_SLACK_SQLITE_OLDEST;

    for (m = store->migrations; m->sql != NULL; m++) {
        known = ngx_max(known, (int64_t) m->version);
    }

    if (version > known) {

        /* check for the table first: anybody may have edited the file */

        if (ngx_slack_sqlite_ask(store, NGX_SLACK_SQLITE_HAS("form"),
                                 &tables)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        module[0] = '\0';

        if (tables
            && ngx_slack_sqlite_query(store, "SELECT module FROM form"
                                      " WHERE version = (SELECT user_version"
                                      " FROM pragma_user_version)"
                                      " AND module NOT GLOB '*[^0-9.]*'",
                                      module, sizeof(module))
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        *fault = NGX_SLACK_SQLITE_VERSION;
        (void) ngx_snprintf((u_char *) detail, size - 1,
                            "it is of form %L, which %s%s knows, and this is "
                            NGX_SLACK_NOTIFY_VERSION ", which knows %L%Z",
                            version,
                            module[0] ? "version " : "a later version",
                            module, known);
        return NGX_DECLINED;
    }

    for (m = store->migrations; m->sql != NULL; m++) {

        if (ngx_slack_sqlite_missing(store, m, version, &missing) != NGX_OK) {
            return NGX_ERROR;
        }

        if (missing) {
            store->incomplete = 1;

            return ngx_slack_sqlite_ask(store, "PRAGMA schema_version",
                                        &store->schema);
        }
    }

    return NGX_OK;
}


/* executed in a pool thread */

ngx_uint_t
ngx_slack_sqlite_schema_changed(ngx_slack_store_t *store)
{
    int64_t  schema;

    return store->incomplete
           && ngx_slack_sqlite_ask(store, "PRAGMA schema_version", &schema)
              == NGX_OK
           && schema != store->schema;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_migrate(ngx_slack_store_t *store, void *data)
{
    int64_t                              version;
    ngx_uint_t                           missing;
    const ngx_slack_sqlite_migration_t  *m;

    if (ngx_slack_sqlite_ask(store, "PRAGMA user_version", &version)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (m = store->migrations; m->sql != NULL; m++) {

        if (ngx_slack_sqlite_missing(store, m, version, &missing) != NGX_OK) {
            return NGX_ERROR;
        }

        if (missing && ngx_slack_sqlite_apply(store, m, &version) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * Runs where nothing else in the process uses SQLite, see ngx_slack_admit.c.
 * Only reads, and leaves the file unchanged.
 */

ngx_int_t
ngx_slack_sqlite_examine(ngx_slack_outbox_conf_t *conf, u_char *why,
    size_t size)
{
    char                      detail[256];
    ngx_int_t                 rc;
    ngx_log_t                 silent;
    ngx_uint_t                empty;
    struct stat               st;
    ngx_slack_store_t        *store;
    ngx_slack_outbox_conf_t   quiet;
    ngx_slack_sqlite_fault_e  fault;

    if (stat((char *) conf->address.data, &st) == -1) {
        return (ngx_errno == NGX_ENOENT) ? NGX_OK : NGX_ERROR;
    }

    ngx_memzero(&silent, sizeof(ngx_log_t));

    quiet = *conf;
    quiet.history = NULL;

    store = conf->engine->create(&quiet, &silent);
    if (store == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_slack_sqlite_connect(store);

    if (rc == NGX_OK) {
        rc = ngx_slack_sqlite_schema_check(store, &empty, &fault, detail,
                                     sizeof(detail));

        if (rc == NGX_DECLINED) {
            ngx_slack_sqlite_say(fault, detail, why, size);
        }
    }

    /* prevents a checkpoint of the WAL when the file is closed */

    store->refused = 1;

    conf->engine->destroy(store);

    return rc;
}


/* Reads the first column of the only row as an integer. */

static ngx_int_t
ngx_slack_sqlite_ask(ngx_slack_store_t *store, const char *sql,
    int64_t *number)
{
    char  text[NGX_INT64_LEN + 2];

    if (ngx_slack_sqlite_query(store, sql, text, sizeof(text)) != NGX_OK) {
        return NGX_ERROR;
    }

    *number = strtoll(text, NULL, 10);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_missing(ngx_slack_store_t *store,
    const ngx_slack_sqlite_migration_t *m, int64_t version,
    ngx_uint_t *missing)
{
    int64_t  has;

    if (m->version) {
        *missing = (version < (int64_t) m->version);
        return NGX_OK;
    }

    if (ngx_slack_sqlite_ask(store, m->has, &has) != NGX_OK) {
        return NGX_ERROR;
    }

    *missing = (has == 0);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_apply(ngx_slack_store_t *store,
    const ngx_slack_sqlite_migration_t *m, int64_t *version)
{
    char  text[256];

    if (ngx_slack_sqlite_exec(store, m->sql) != NGX_OK) {
        return NGX_ERROR;
    }

    if (m->version == 0) {
        return NGX_OK;
    }

    *version = (int64_t) m->version;

    /*
     * Other processes check the version when the schema has changed.  As
     * user_version is not part of the schema, a table is created and dropped.
     */

    (void) ngx_snprintf((u_char *) text, sizeof(text),
                        "INSERT OR REPLACE INTO form VALUES (%L, '%s');"
                        "PRAGMA user_version = %L;"
                        "CREATE TABLE raised (x); DROP TABLE raised%Z",
                        *version, m->module, *version);

    return ngx_slack_sqlite_exec(store, text);
}
