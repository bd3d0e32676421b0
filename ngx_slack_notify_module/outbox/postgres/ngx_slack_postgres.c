
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The PostgreSQL engine: its table of functions, and its stores, which are
 * created and destroyed in the event loop when no thread uses them.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_postgres.h>

#include <sys/random.h>


static ngx_slack_store_t *ngx_slack_postgres_create(
    ngx_slack_outbox_conf_t *conf, ngx_log_t *log);
static void ngx_slack_postgres_destroy(ngx_slack_store_t *store);


ngx_slack_outbox_engine_t  ngx_slack_postgres_engine = {
    .name = ngx_string("postgres"),
    .syntax = ngx_string("postgres:CONNINFO"),
    .secret = 1,
    .params = ngx_slack_postgres_params,
    .create_conf = ngx_slack_postgres_create_conf,
    .check = ngx_slack_postgres_check,
    .complete = ngx_slack_postgres_complete,
    .describe = ngx_slack_postgres_describe,
    .create = ngx_slack_postgres_create,
    .destroy = ngx_slack_postgres_destroy,
    .lead = ngx_slack_postgres_lead,
    .renew = ngx_slack_postgres_renew,
    .resign = ngx_slack_postgres_resign,
    .lasts = ngx_slack_postgres_lasts,
    .identity = ngx_slack_postgres_identity,
    .append = ngx_slack_postgres_append,
    .serve = ngx_slack_postgres_serve,
    .unserved = ngx_slack_postgres_unserved,
    .channels = ngx_slack_postgres_channels,
    .messages = ngx_slack_postgres_messages,
    .changes = ngx_slack_postgres_changes,
    .change = ngx_slack_postgres_change,
    .settle = ngx_slack_postgres_settle,
    .memorize = ngx_slack_postgres_memorize,
    .recall = ngx_slack_postgres_recall,
    .purge = ngx_slack_postgres_purge,
    .survey = ngx_slack_postgres_survey,
    .same = ngx_slack_postgres_same,
    .fate = ngx_slack_postgres_fate,
    .steer = ngx_slack_postgres_steer,
    .threads = ngx_slack_postgres_threads
};


static ngx_slack_store_t *
ngx_slack_postgres_create(ngx_slack_outbox_conf_t *conf, ngx_log_t *log)
{
    u_char              bytes[NGX_SLACK_POSTGRES_HOLDER / 2];
    ngx_slack_store_t  *store;

    store = ngx_calloc(sizeof(ngx_slack_store_t), log);
    if (store == NULL) {
        return NULL;
    }

    /*
     * set by ngx_calloc():
     *
     *     store->db = NULL;
     *     store->text: nothing
     *     store->term = 0;
     */

    store->conf = conf;
    store->log = log;
    store->revision = -1;
    store->revised = -1;

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t) sizeof(bytes)) {
        ngx_free(store);
        return NULL;
    }

    *ngx_hex_dump((u_char *) store->holder, bytes, sizeof(bytes)) = '\0';

    return store;
}


static void
ngx_slack_postgres_destroy(ngx_slack_store_t *store)
{
    ngx_slack_postgres_resign(store, store->term);
    ngx_slack_postgres_close(store);

    ngx_free(store->text.data);
    ngx_free(store);
}
