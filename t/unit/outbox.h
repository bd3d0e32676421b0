
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the unit programs of the outbox share: a directory that goes away, a
 * clock that can be moved, short ways to store and to ask.  Included by the
 * one file of a program.
 */


#ifndef _NGX_SLACK_UNIT_OUTBOX_H_INCLUDED_
#define _NGX_SLACK_UNIT_OUTBOX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_engine.h>
#include <ngx_slack_sqlite_conf.h>

#include <ftw.h>
#include <sqlite3.h>
#include <time.h>

#include "shim.h"
#include "tap.h"


#define ROOM  8


static char                      dir[64];
static u_char                    path[128];
static int64_t                   skew;       /* milliseconds */
static int64_t                   still;      /* the time if it stands still */
static ngx_log_t                 test_log;
static ngx_slack_outbox_conf_t   conf;
static ngx_slack_sqlite_conf_t   own;
static ngx_slack_store_t        *store;


int64_t
ngx_slack_clock_wall(void)
{
    struct timespec  ts;

    if (still) {
        return still + skew;
    }

    (void) clock_gettime(CLOCK_REALTIME, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000 + skew;
}


int64_t
ngx_slack_clock_monotonic(void)
{
    return ngx_slack_clock_wall();
}


static inline ngx_str_t
str(const char *s)
{
    ngx_str_t  v;

    v.data = (u_char *) s;
    v.len = strlen(s);

    return v;
}


static inline void
bail_out(const char *why)
{
    printf("Bail out! %s: %s\n", why, strerror(ngx_errno));
    exit(1);
}


static int
remove_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    return remove(name);
}


static inline void
remove_tree(const char *name)
{
    (void) nftw(name, remove_one, 16, FTW_DEPTH|FTW_PHYS);
}


static inline void
setup(void)
{
    const char  *tmp;

    tmp = getenv("TMPDIR");

    if (tmp == NULL || strlen(tmp) > 32) {
        tmp = "/tmp";
    }

    (void) snprintf(dir, sizeof(dir), "%s/outbox-XXXXXX", tmp);

    if (mkdtemp(dir) == NULL) {
        bail_out(dir);
    }

    (void) snprintf((char *) path, sizeof(path), "%s/outbox.db", dir);

    test_log.log_level = NGX_LOG_INFO;

    conf.engine = ngx_slack_engines[0];
    conf.own = &own;
    conf.address = str((char *) path);
    conf.max = 100000;
    conf.keep_sent = 3600;
    conf.keep_failed = 7 * 24 * 3600;
    conf.dedup = 24 * 3600;
    own.sync = NGX_SLACK_SQLITE_SYNC_NORMAL;

    setvbuf(stdout, NULL, _IOLBF, 0);
}


static inline void
reopen(void)
{
    if (store != NULL) {
        conf.engine->destroy(store);
    }

    store = conf.engine->create(&conf, &test_log);

    if (store == NULL) {
        bail_out("create");
    }
}


/* without a database, as on the first day */

static inline void
fresh(void)
{
    if (store != NULL) {
        conf.engine->destroy(store);
        store = NULL;
    }

    remove_tree(dir);

    if (mkdir(dir, 0700) == -1) {
        bail_out(dir);
    }

    reopen();
}


static inline int
teardown(void)
{
    conf.engine->destroy(store);
    remove_tree(dir);

    return tap_done();
}


/* an entry with one record */

static inline void
entry_init(ngx_slack_entry_t *entry, ngx_slack_new_message_t *message,
    const char *key, const char *channel, const char *body)
{
    ngx_memzero(entry, sizeof(ngx_slack_entry_t));
    ngx_memzero(message, sizeof(ngx_slack_new_message_t));

    entry->key = str(key);
    entry->event = str("push");
    entry->project = str("group/project");
    entry->messages = message;
    entry->nmessages = 1;

    message->workspace = str("acme");
    message->channel = str(channel);
    message->envelope = str("{\"username\":\"GitLab\"}");
    message->body = str(body);
}


static inline ngx_int_t
append_entries(ngx_slack_entry_t *entries, ngx_uint_t n)
{
    ngx_uint_t   i;
    ngx_queue_t  queue;

    ngx_queue_init(&queue);

    for (i = 0; i < n; i++) {
        ngx_queue_insert_tail(&queue, &entries[i].queue);
    }

    return conf.engine->append(store, &queue, NULL, NULL);
}


/* stores one message; its id or 0 */

static inline int64_t
append(const char *key, const char *channel, const char *body)
{
    ngx_slack_entry_t        entry;
    ngx_slack_new_message_t  message;

    entry_init(&entry, &message, key, channel, body);

    (void) append_entries(&entry, 1);

    return (entry.result == NGX_SLACK_ENTRY_STORED) ? entry.id : 0;
}


/* the integer that a statement yields, from outside of the engine */

static inline int64_t
ask(const char *sql)
{
    int64_t        value;
    sqlite3       *db;
    sqlite3_stmt  *stmt;

    value = -1;
    stmt = NULL;

    if (sqlite3_open_v2((char *) path, &db, SQLITE_OPEN_READWRITE, NULL)
        == SQLITE_OK
        && sqlite3_busy_timeout(db, 10000) == SQLITE_OK
        && sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK
        && sqlite3_step(stmt) == SQLITE_ROW)
    {
        value = sqlite3_column_int64(stmt, 0);
    }

    (void) sqlite3_finalize(stmt);
    (void) sqlite3_close(db);

    return value;
}


/* as the engine counts */

static inline int64_t
waiting(void)
{
    return ask("SELECT (SELECT max(id) FROM message) - settled FROM counter");
}


/* everything the file says of itself is right */

static inline int
consistent(void)
{
    return ask("SELECT (SELECT max(id) FROM message)"
               " - (SELECT settled FROM counter)"
               " = (SELECT count(*) FROM message WHERE state IN (0, 3))"
               " AND NOT EXISTS (SELECT 1 FROM message WHERE destination"
               " NOT IN (SELECT id FROM destination))"
               " AND (SELECT integrity_check FROM"
               " pragma_integrity_check LIMIT 1) = 'ok'")
           == 1;
}


/* leads for a moment */

static inline ngx_int_t
lead(ngx_slack_store_t *by)
{
    int64_t    term;
    ngx_int_t  rc;

    rc = conf.engine->lead(by, &term);

    if (rc == NGX_OK) {
        rc = conf.engine->renew(by, term);
        conf.engine->resign(by, term);
    }

    return rc;
}


static inline ngx_int_t
settle_all(ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t m)
{
    int64_t    term;
    ngx_int_t  rc;

    rc = conf.engine->lead(store, &term);

    if (rc == NGX_OK) {
        rc = conf.engine->settle(store, term, settlements, n, standings, m);
        conf.engine->resign(store, term);
    }

    return rc;
}


static inline ngx_int_t
serve(ngx_slack_served_t *endpoints, ngx_uint_t n)
{
    int64_t    term;
    ngx_int_t  rc;

    rc = conf.engine->lead(store, &term);

    if (rc == NGX_OK) {
        rc = conf.engine->serve(store, term, endpoints, n);
        conf.engine->resign(store, term);
    }

    return rc;
}


/* of dead letters */

static inline ngx_int_t
steer(ngx_slack_steer_t *steering, ngx_slack_steer_e action)
{
    steering->action = action;

    return conf.engine->steer(store, steering);
}


/* of a scope */

static inline ngx_int_t
mark(ngx_slack_steer_e action, ngx_slack_scope_t *scope, ngx_uint_t *paused)
{
    ngx_int_t          rc;
    ngx_slack_steer_t  steering;

    ngx_memzero(&steering, sizeof(ngx_slack_steer_t));

    steering.scope = scope;

    rc = steer(&steering, action);
    *paused = steering.paused;

    return rc;
}


static inline ngx_int_t
settle(int64_t id, ngx_uint_t outcome, int64_t due, ngx_uint_t attempts,
    const char *answer)
{
    ngx_slack_settlement_t  st;

    ngx_memzero(&st, sizeof(ngx_slack_settlement_t));

    st.id = id;
    st.outcome = outcome;
    st.due = due;
    st.attempts = attempts;
    st.answer = str(answer);

    return settle_all(&st, 1, NULL, 0);
}


/* databases that were set aside */

static inline ngx_uint_t
set_aside(void)
{
    DIR            *d;
    ngx_uint_t      n;
    struct dirent  *de;

    n = 0;
    d = opendir(dir);

    if (d == NULL) {
        return 0;
    }

    for ( ;; ) {
        de = readdir(d);

        if (de == NULL) {
            break;
        }

        n += (strstr(de->d_name, ".corrupt-") != NULL
              && strstr(de->d_name, "-wal") == NULL
              && strstr(de->d_name, "-shm") == NULL);
    }

    (void) closedir(d);

    return n;
}


#endif /* _NGX_SLACK_UNIT_OUTBOX_H_INCLUDED_ */
