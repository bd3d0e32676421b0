
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The SQLite engine: its table of functions, and its stores.  Knows no
 * transactions.  Stores are created and destroyed in the event loop, when no
 * thread uses them.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>


static ngx_slack_store_t *ngx_slack_sqlite_create(
    ngx_slack_outbox_conf_t *conf, ngx_log_t *log);
static void ngx_slack_sqlite_destroy(ngx_slack_store_t *store);
static char *ngx_slack_sqlite_name(ngx_str_t *address, const char *suffix,
    ngx_log_t *log);


ngx_slack_outbox_engine_t  ngx_slack_sqlite_engine = {
    .name = ngx_string("sqlite"),
    .syntax = ngx_string("sqlite:PATH"),
    .params = ngx_slack_sqlite_params,
    .create_conf = ngx_slack_sqlite_create_conf,
    .set_default = ngx_slack_sqlite_set_default,
    .check = ngx_slack_sqlite_check,
    .complete = ngx_slack_sqlite_complete,
    .prepare = ngx_slack_sqlite_prepare,
    .examine = ngx_slack_sqlite_examine,
    .describe = ngx_slack_sqlite_describe,
    .create = ngx_slack_sqlite_create,
    .destroy = ngx_slack_sqlite_destroy,
    .lead = ngx_slack_sqlite_lead,
    .renew = ngx_slack_sqlite_renew,
    .resign = ngx_slack_sqlite_resign,
    .identity = ngx_slack_sqlite_identity,
    .append = ngx_slack_sqlite_append,
    .serve = ngx_slack_sqlite_serve,
    .unserved = ngx_slack_sqlite_unserved,
    .channels = ngx_slack_sqlite_channels,
    .messages = ngx_slack_sqlite_messages,
    .changes = ngx_slack_sqlite_changes,
    .change = ngx_slack_sqlite_change,
    .settle = ngx_slack_sqlite_settle,
    .memorize = ngx_slack_sqlite_memorize,
    .recall = ngx_slack_sqlite_memo,
    .purge = ngx_slack_sqlite_purge,
    .survey = ngx_slack_sqlite_survey,
    .same = ngx_slack_sqlite_same,
    .fate = ngx_slack_sqlite_fate,
    .steer = ngx_slack_sqlite_steer,
    .threads = ngx_slack_sqlite_threads
};


static ngx_slack_store_t *
ngx_slack_sqlite_create(ngx_slack_outbox_conf_t *conf, ngx_log_t *log)
{
    ngx_slack_store_t  *store;

    /*
     * Saves SQLite a mutex in each allocation.  SQLite refuses this once it is
     * in use in this process; that is harmless.
     */

    (void) sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

    store = ngx_calloc(sizeof(ngx_slack_store_t), log);
    if (store == NULL) {
        return NULL;
    }

    /*
     * set by ngx_calloc():
     *
     *     store->db = NULL;
     *     store->stmts[] = NULL;
     *     store->known[] = NULL;
     *     store->recent = NULL;
     *     store->keys, store->memory, store->threads: nothing seen
     *     all flags = 0;
     */

    store->conf = conf;
    store->log = log;
    store->migrations = ngx_slack_sqlite_migrations;

    ngx_slack_sqlite_leader_init(&store->leader);

    store->lock = ngx_slack_sqlite_name(&conf->address, ".write", log);
    store->leader.path = ngx_slack_sqlite_name(&conf->address, ".leader", log);

    if (store->lock == NULL || store->leader.path == NULL) {
        ngx_slack_sqlite_destroy(store);
        return NULL;
    }

    return store;
}


static void
ngx_slack_sqlite_destroy(ngx_slack_store_t *store)
{
    ngx_slack_sqlite_close(store);
    ngx_slack_sqlite_leader_release(&store->leader);

    ngx_free(store->recent);
    ngx_free(store->keys.key);
    ngx_free(store->memory.key);
    ngx_free(store->lock);
    ngx_free(store->leader.path);
    ngx_free(store);
}


static char *
ngx_slack_sqlite_name(ngx_str_t *address, const char *suffix, ngx_log_t *log)
{
    char   *name;
    size_t  len;

    len = ngx_strlen(suffix);

    name = ngx_alloc(address->len + len + 1, log);
    if (name == NULL) {
        return NULL;
    }

    ngx_memcpy(name, address->data, address->len);
    ngx_memcpy(name + address->len, suffix, len + 1);

    return name;
}
