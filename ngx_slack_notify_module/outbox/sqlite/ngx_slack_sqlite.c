
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The SQLite engine: its table, its configuration check, its stores.  Knows
 * no transactions; "check" and "create" run where the configuration is read
 * and in the event loop, "destroy" where no thread uses the store any more.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>


/* what is added to the database's name: ".corrupt-EPOCH-wal" and the like */

#define NGX_SLACK_SQLITE_SUFFIX  64


static char *ngx_slack_sqlite_check(ngx_slack_outbox_conf_t *conf,
    ngx_conf_t *cf);
static ngx_slack_store_t *ngx_slack_sqlite_create(
    ngx_slack_outbox_conf_t *conf, ngx_log_t *log);
static void ngx_slack_sqlite_destroy(ngx_slack_store_t *store);
static char *ngx_slack_sqlite_name(ngx_str_t *address, const char *suffix,
    ngx_log_t *log);


ngx_slack_outbox_engine_t  ngx_slack_sqlite_engine = {
    ngx_string("sqlite"),
    ngx_slack_sqlite_check,
    ngx_slack_sqlite_create,
    ngx_slack_sqlite_destroy,
    ngx_slack_sqlite_examine,
    ngx_slack_sqlite_lead,
    ngx_slack_sqlite_serve,
    ngx_slack_sqlite_unserved,
    ngx_slack_sqlite_append,
    ngx_slack_sqlite_channels,
    ngx_slack_sqlite_messages,
    ngx_slack_sqlite_settle,
    ngx_slack_sqlite_purge,
    ngx_slack_sqlite_survey,
    ngx_slack_sqlite_same,
    ngx_slack_sqlite_fate,
    ngx_slack_sqlite_replay,
    ngx_slack_sqlite_drop,
    ngx_slack_sqlite_pause,
    ngx_slack_sqlite_resume,
    ngx_slack_sqlite_nudge
};


static char *
ngx_slack_sqlite_check(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf)
{
    u_char      *last;
    struct stat  st;

    if (conf->address.len == 0) {
        return "has no path";
    }

    if (ngx_strlchr(conf->address.data,
                    conf->address.data + conf->address.len, '\0')
        != NULL)
    {
        return "has a NUL in its path";
    }

    if (ngx_conf_full_name(cf->cycle, &conf->address, 0) != NGX_OK) {
        return "has a path for which there is no memory";
    }

    last = conf->address.data + conf->address.len;

    if (last[-1] == '/'
        || (stat((char *) conf->address.data, &st) == 0
            && S_ISDIR(st.st_mode)))
    {
        return "names a directory, not a file in it";
    }

    if (conf->address.len + NGX_SLACK_SQLITE_SUFFIX > NGX_MAX_PATH) {
        return "has too long a path";
    }

    return NULL;
}


static ngx_slack_store_t *
ngx_slack_sqlite_create(ngx_slack_outbox_conf_t *conf, ngx_log_t *log)
{
    ngx_slack_store_t  *store;

    /*
     * spares each allocation of SQLite a mutex; refused, and no harm, once
     * somebody uses SQLite in this process
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
     *     store->keys, store->memory: nothing seen
     *     all flags = 0;
     */

    store->conf = conf;
    store->log = log;
    store->migrations = ngx_slack_sqlite_migrations;

    ngx_slack_turnstile_init(&store->turnstile);

    store->turn = ngx_slack_sqlite_name(&conf->address, ".turn", log);
    store->write = ngx_slack_sqlite_name(&conf->address, ".write", log);

    if (store->turn == NULL || store->write == NULL) {
        ngx_slack_sqlite_destroy(store);
        return NULL;
    }

    return store;
}


static void
ngx_slack_sqlite_destroy(ngx_slack_store_t *store)
{
    ngx_slack_sqlite_close(store);
    ngx_slack_turnstile_close(&store->turnstile);

    ngx_free(store->keys.key);
    ngx_free(store->memory.key);
    ngx_free(store->turn);
    ngx_free(store->write);
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
