
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
static ngx_int_t ngx_slack_postgres_name(ngx_slack_store_t *store);
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

    if (ngx_slack_postgres_name(store) != NGX_OK) {
        ngx_free(store);
        return NULL;
    }

    return store;
}


/* It becomes a literal of SQL, and needs no quotes to be escaped. */

static ngx_int_t
ngx_slack_postgres_name(ngx_slack_store_t *store)
{
    char    *p;
    u_char  *last, bytes[16];

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t) sizeof(bytes)) {
        return NGX_ERROR;
    }

    if (gethostname(store->holder, NGX_SLACK_POSTGRES_HOST) == -1) {
        store->holder[0] = '\0';
    }

    /* a name that was cut off may lack its end */

    store->holder[NGX_SLACK_POSTGRES_HOST - 1] = '\0';

    for (p = store->holder; *p; p++) {
        if ((*p < 'a' || *p > 'z') && (*p < 'A' || *p > 'Z')
            && (*p < '0' || *p > '9') && *p != '.')
        {
            *p = '-';
        }
    }

    last = ngx_sprintf((u_char *) p, " %P ", getpid());

    *ngx_hex_dump(last, bytes, sizeof(bytes)) = '\0';

    return NGX_OK;
}


static void
ngx_slack_postgres_destroy(ngx_slack_store_t *store)
{
    ngx_slack_postgres_resign(store, store->term);
    ngx_slack_postgres_close(store);

    ngx_free(store->text.data);
    ngx_free(store);
}
