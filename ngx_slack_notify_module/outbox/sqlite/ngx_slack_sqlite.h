
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the files of the SQLite engine share.  All of it runs in a pool
 * thread, one thread at a time for a store.
 */


#ifndef _NGX_SLACK_SQLITE_H_INCLUDED_
#define _NGX_SLACK_SQLITE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_engine.h>
#include <ngx_slack_sqlite_conf.h>
#include <ngx_slack_sqlite_leader.h>
#include <ngx_slack_turnstile.h>

#include <sqlite3.h>


/* message.state */

#define NGX_SLACK_SQLITE_WAITING  0
#define NGX_SLACK_SQLITE_SENT     1
#define NGX_SLACK_SQLITE_DEAD     2

/* "slna", in PRAGMA application_id */

#define NGX_SLACK_SQLITE_APPLICATION  1936485985

/* the net below the turnstile, against programs that do not know of it */

#define NGX_SLACK_SQLITE_BUSY_TIMEOUT  2000      /* milliseconds */

/* of the cache of channel ids; one that is full is emptied */

#define NGX_SLACK_SQLITE_BUCKETS       256
#define NGX_SLACK_SQLITE_KNOWN         4096


/*
 * The last millisecond of the year 9999, and half of what an id may be: within
 * these no sum or difference of two of them overflows.  Anybody may have
 * edited the file.
 */

#define NGX_SLACK_SQLITE_TIME_MAX      253402300799999
#define NGX_SLACK_SQLITE_ID_MAX        (INT64_MAX / 2)
#define NGX_SLACK_SQLITE_COUNT_MAX     0x7fffffff


/* prepared statements; their texts in ngx_slack_sqlite_sql.c */

typedef enum {
    NGX_SLACK_SQL_BEGIN = 0,
    NGX_SLACK_SQL_COMMIT,
    NGX_SLACK_SQL_COUNTER,
    NGX_SLACK_SQL_SET_COUNTER,
    NGX_SLACK_SQL_RECOUNT,
    NGX_SLACK_SQL_KEY,
    NGX_SLACK_SQL_ADD_KEY,
    NGX_SLACK_SQL_MEMORY,
    NGX_SLACK_SQL_SET_MEMORY,
    NGX_SLACK_SQL_DESTINATION,
    NGX_SLACK_SQL_ADD_DESTINATION,
    NGX_SLACK_SQL_ADD_MESSAGE,
    NGX_SLACK_SQL_NEWEST,
    NGX_SLACK_SQL_RECENT,
    NGX_SLACK_SQL_DESTINATIONS,
    NGX_SLACK_SQL_MESSAGES,
    NGX_SLACK_SQL_SETTLE,
    NGX_SLACK_SQL_POSTPONE,
    NGX_SLACK_SQL_SET_STANDING,
    NGX_SLACK_SQL_PURGE_MESSAGES,
    NGX_SLACK_SQL_SCAN_KEYS,
    NGX_SLACK_SQL_DELETE_KEY,
    NGX_SLACK_SQL_SCAN_MEMORY,
    NGX_SLACK_SQL_DELETE_MEMORY,
    NGX_SLACK_SQL_LOOK,
    NGX_SLACK_SQL_MARK,
    NGX_SLACK_SQL_FIRST_DEAD,
    NGX_SLACK_SQL_SURVEY,
    NGX_SLACK_SQL_COUNT_WAITING,
    NGX_SLACK_SQL_COUNT_DEAD,
    NGX_SLACK_SQL_STORED,
    NGX_SLACK_SQL_WAITING,
    NGX_SLACK_SQL_PAUSES,
    NGX_SLACK_SQL_DEAD,
    NGX_SLACK_SQL_FATE,
    NGX_SLACK_SQL_DEAD_IDS,
    NGX_SLACK_SQL_REPLAY,
    NGX_SLACK_SQL_DROP,
    NGX_SLACK_SQL_PAUSE,
    NGX_SLACK_SQL_RESUME,
    NGX_SLACK_SQL_NUDGE,
    NGX_SLACK_SQL_FORGET_PAUSES,
    NGX_SLACK_SQL_IS_PAUSED,
    NGX_SLACK_SQL_REVISE,
    NGX_SLACK_SQL_SERVED,
    NGX_SLACK_SQL_CLEAR_SERVED,
    NGX_SLACK_SQL_ADD_SERVED,
    NGX_SLACK_SQL_UNSERVED,
    NGX_SLACK_SQL_LAST
} ngx_slack_sqlite_statement_e;


/* a channel whose id is known */

typedef struct ngx_slack_sqlite_known_s  ngx_slack_sqlite_known_t;

struct ngx_slack_sqlite_known_s {
    ngx_slack_sqlite_known_t   *next;
    int64_t                     id;
    uint32_t                    hash;
    size_t                      workspace;   /* lengths */
    size_t                      channel;
    u_char                      name[1];     /* workspace, then channel */
};


/* a walk through a table without an index of age, piece by piece */

typedef struct {
    u_char                     *key;         /* seen last; NULL: none yet */
    size_t                      len;
    int64_t                     oldest;      /* of those that stay */
    int64_t                     next;        /* of the next walk, wall ms */
} ngx_slack_sqlite_walk_t;


/*
 * A change of the file's form, a row of ngx_slack_sqlite_migrations.
 *
 * PRAGMA user_version N means: written in form N, read and written by all
 * versions of the module that know form N.
 *
 * An addition ("version" 0) leaves user_version as it is.  It is something the
 * versions before it neither see nor miss: a table, an index, a column with a
 * default.  They go on to work with the file, so an upgrade may be undone.
 *
 * What they would corrupt the file by not knowing raises user_version to
 * "version": from then on they refuse the file.
 *
 * Rows are applied in their order, all in one transaction, by the process that
 * leads: until the one before it is gone, nothing changes.  As writers wait
 * meanwhile, a row must not take long in a file with very many messages.
 *
 * Until then, and in processes that do not lead, a statement that needs what
 * the file does not have yet is NULL in ngx_slack_store_t.stmts: who has an
 * older way to do the same looks there.  Once the file has it, it is opened
 * anew, with all statements.
 */

typedef struct {
    ngx_uint_t                  version;     /* user_version, 0: as it was */
    const char                 *module;      /* the first version of the module
                                                that knows "version" */
    const char                 *has;         /* of an addition: a query, 1 if
                                                the file has it */
    const char                 *sql;         /* NULL ends the table */
} ngx_slack_sqlite_migration_t;

#define NGX_SLACK_SQLITE_HAS(name)                                            \
    "SELECT count(*) FROM sqlite_schema WHERE name = '" name "'"

#define NGX_SLACK_SQLITE_HAS_COLUMN(table, name)                              \
    "SELECT count(*) FROM pragma_table_info('" table "')"                     \
    " WHERE name = '" name "'"


struct ngx_slack_store_s {
    ngx_slack_outbox_conf_t    *conf;
    ngx_log_t                  *log;

    const ngx_slack_sqlite_migration_t
                               *migrations;

    sqlite3                    *db;          /* NULL: not open */
    sqlite3_stmt               *stmts[NGX_SLACK_SQL_LAST];

    ngx_slack_turnstile_t       turnstile;
    ngx_slack_sqlite_leader_t   leader;
    char                       *turn;        /* names of its files */
    char                       *write;

    /* valid in a transaction, and later if "version" is still SQLite's */
    int64_t                     waiting;
    int64_t                     newest;      /* message */
    int64_t                     settled;     /* as it is in the file */
    unsigned int                version;

    int64_t                     revision;    /* channels were told of */
    int64_t                     schema;      /* SQLite's number of it, if the
                                                file is incomplete */

    ngx_slack_sqlite_known_t   *known[NGX_SLACK_SQLITE_BUCKETS];
    ngx_uint_t                  nknown;

    ngx_slack_sqlite_walk_t     keys;
    ngx_slack_sqlite_walk_t     memory;

    unsigned                    counted:1;   /* the above was read */
    unsigned                    locked:1;
    unsigned                    failing:1;   /* since the last success */
    unsigned                    reopen:1;    /* the connection is no good */
    unsigned                    corrupt:1;   /* the file seems to be */
    unsigned                    suspect:1;   /* it was, but passed a check */
    unsigned                    purging:1;   /* there is more to purge */
    unsigned                    refused:1;   /* not a file we know */
    unsigned                    incomplete:1;    /* migrations are missing */
    unsigned                    stale:1;     /* another process has changed
                                                the file's form */
};


/* why a database cannot be used; the words are in ngx_slack_sqlite_fault.c */

typedef enum {
    NGX_SLACK_SQLITE_FAILED = 0,             /* for what is not below */
    NGX_SLACK_SQLITE_FULL,
    NGX_SLACK_SQLITE_READONLY,
    NGX_SLACK_SQLITE_CANTOPEN,
    NGX_SLACK_SQLITE_FILES,
    NGX_SLACK_SQLITE_IOERR,
    NGX_SLACK_SQLITE_BUSY,
    NGX_SLACK_SQLITE_NOMEM,
    NGX_SLACK_SQLITE_CORRUPT,
    NGX_SLACK_SQLITE_STUCK,                  /* corrupt, cannot be renamed */
    NGX_SLACK_SQLITE_NOWAL,
    NGX_SLACK_SQLITE_FOREIGN,
    NGX_SLACK_SQLITE_VERSION,                /* of a later module */
    NGX_SLACK_SQLITE_BEFORE,                 /* incomplete, and that matters */
    NGX_SLACK_SQLITE_LOCK,
    NGX_SLACK_SQLITE_HELD                    /* its holder stands still */
} ngx_slack_sqlite_fault_e;


/* what a transaction does; NGX_OK or NGX_ERROR, then it is rolled back */

typedef ngx_int_t (*ngx_slack_sqlite_handler_pt)(ngx_slack_store_t *store,
    void *data);


/* ngx_slack_sqlite_sql.c */

extern const char  ngx_slack_sqlite_tables[];
extern const ngx_slack_sqlite_migration_t  ngx_slack_sqlite_migrations[];
extern const char  *ngx_slack_sqlite_statements[];


/* ngx_slack_sqlite_db.c */

/* only the connection to a file that is there; NGX_ERROR: logged */

ngx_int_t ngx_slack_sqlite_connect(ngx_slack_store_t *store);

/* any SQL; NGX_ERROR: logged, here and below */

ngx_int_t ngx_slack_sqlite_exec(ngx_slack_store_t *store, const char *sql);

/* the first column of the first row, cut to "size"; empty: there is none */

ngx_int_t ngx_slack_sqlite_query(ngx_slack_store_t *store, const char *sql,
    char *text, size_t size);

/* device and inode of the database, in one; 0: there is none */

uint64_t ngx_slack_sqlite_file(ngx_slack_store_t *store);


/* ngx_slack_sqlite_cache.c: ids of channels */

/* NGX_DECLINED: not there */

ngx_int_t ngx_slack_sqlite_recall(ngx_slack_store_t *store,
    ngx_slack_new_message_t  *message, int64_t *id);

/* without memory it is looked up again next time */

void ngx_slack_sqlite_keep(ngx_slack_store_t *store,
    ngx_slack_new_message_t  *message, int64_t id);

/* all of them; an id that was rolled back is nobody's */

void ngx_slack_sqlite_forget(ngx_slack_store_t *store);


/* ngx_slack_sqlite_stmt.c */

/* NGX_OK: a row; NGX_DONE: no more, the statement is reset; NGX_ERROR */

ngx_int_t ngx_slack_sqlite_step(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n);

/*
 * the two integers of a statement's only row; that it has one hangs on the
 * counter's row: without that the file is corrupt
 */

ngx_int_t ngx_slack_sqlite_pair(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, int64_t *first, int64_t *second);

/*
 * a column of the row the statement is at: a time, from the epoch to
 * NGX_SLACK_SQLITE_TIME_MAX; a count, up to NGX_SLACK_SQLITE_COUNT_MAX.  What
 * is beyond that is the nearest of them
 */

int64_t ngx_slack_sqlite_time(sqlite3_stmt *stmt, int column);
ngx_uint_t ngx_slack_sqlite_number(sqlite3_stmt *stmt, int column);

/* the nearest id, from 0 to NGX_SLACK_SQLITE_ID_MAX, to count with */

int64_t ngx_slack_sqlite_id(int64_t id);

/* a statement without rows */

ngx_int_t ngx_slack_sqlite_run(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n);


/* ngx_slack_sqlite_open.c; call with the turnstile locked */

ngx_int_t ngx_slack_sqlite_open(ngx_slack_store_t *store);
void ngx_slack_sqlite_close(ngx_slack_store_t *store);

/* NGX_AGAIN: the store may be opened; NGX_ERROR: not, logged */

ngx_int_t ngx_slack_sqlite_set_aside(ngx_slack_store_t *store);


/* ngx_slack_sqlite_schema.c */

/*
 * Whether this version of the module knows the file that is open, and whether
 * it lacks migrations (store->incomplete).  *empty: it is a new one.
 * NGX_DECLINED: it is not one of ours or of a later version; *fault and
 * "detail" say which.  NGX_ERROR: logged
 */

ngx_int_t ngx_slack_sqlite_schema_check(ngx_slack_store_t *store,
    ngx_uint_t *empty, ngx_slack_sqlite_fault_e *fault, char *detail,
    size_t size);

/* in a transaction: applies the migrations that are missing */

ngx_int_t ngx_slack_sqlite_migrate(ngx_slack_store_t *store, void *data);

/* 1: the file was incomplete when it was opened, and is not as it was */

ngx_uint_t ngx_slack_sqlite_schema_changed(ngx_slack_store_t *store);


/* ngx_slack_sqlite_log.c */

/* the VFS for sqlite3_open_v2(); NULL: SQLite's default */

const char *ngx_slack_sqlite_log_name(void);

/* COMMIT; what it writes to the log goes to the kernel at once */

ngx_int_t ngx_slack_sqlite_log_commit(ngx_slack_store_t *store);


/* ngx_slack_sqlite_fault.c */

/* log, and remember what must be mended; "rc" is SQLite's */

void ngx_slack_sqlite_error(ngx_slack_store_t *store, int rc);
void ngx_slack_sqlite_fault(ngx_slack_store_t *store,
    ngx_slack_sqlite_fault_e fault, const char *detail, ngx_err_t err);

/* the fault in words, NUL-terminated: "CAUSE: DETAIL; ADVICE" */

u_char *ngx_slack_sqlite_say(ngx_slack_sqlite_fault_e fault,
    const char *detail, u_char *text, size_t size);


/* ngx_slack_sqlite_txn.c */

/*
 * runs the handler in a durable transaction behind the turnstile, twice when
 * the first failure could be mended
 */
ngx_int_t ngx_slack_sqlite_transact(ngx_slack_store_t *store,
    ngx_slack_sqlite_handler_pt handler, void *data);

/* before reading without a transaction, and after it, with its result */

ngx_int_t ngx_slack_sqlite_read(ngx_slack_store_t *store);
ngx_int_t ngx_slack_sqlite_read_done(ngx_slack_store_t *store, ngx_int_t rc);

/*
 * ngx_slack_sqlite_count.c: in a transaction that reads; how many messages of
 * the channels, which have their ids and places, wait by age, and how many are
 * dead, and since when the oldest one waits
 */

ngx_int_t ngx_slack_sqlite_count(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);

/* what the engine is made of */

ngx_int_t ngx_slack_sqlite_examine(ngx_slack_outbox_conf_t *conf,
    u_char *why, size_t size);
ngx_int_t ngx_slack_sqlite_lead(ngx_slack_store_t *store, int64_t *term);
ngx_int_t ngx_slack_sqlite_renew(ngx_slack_store_t *store, int64_t term);
void ngx_slack_sqlite_resign(ngx_slack_store_t *store, int64_t term);
ngx_int_t ngx_slack_sqlite_serve(ngx_slack_store_t *store, int64_t term,
    ngx_slack_served_t  *endpoints, ngx_uint_t n);
ngx_int_t ngx_slack_sqlite_unserved(ngx_slack_store_t *store,
    ngx_slack_unserved_pt handler, void *data);
ngx_int_t ngx_slack_sqlite_append(ngx_slack_store_t *store,
    ngx_queue_t *entries, ngx_slack_more_pt more, void *data);
ngx_int_t ngx_slack_sqlite_channels(ngx_slack_store_t *store,
    int64_t  *last, ngx_slack_outbox_channel_pt handler, void *data);
ngx_int_t ngx_slack_sqlite_messages(ngx_slack_store_t *store,
    int64_t  channel, ngx_slack_waiting_message_t *messages, ngx_uint_t *n);
ngx_int_t ngx_slack_sqlite_settle(ngx_slack_store_t *store, int64_t term,
    ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t m);
ngx_int_t ngx_slack_sqlite_purge(ngx_slack_store_t *store);
ngx_int_t ngx_slack_sqlite_survey(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
ngx_uint_t ngx_slack_sqlite_same(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
ngx_int_t ngx_slack_sqlite_fate(ngx_slack_store_t *store,
    ngx_slack_fate_t *fate);
ngx_int_t ngx_slack_sqlite_steer(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer);


/* the caller keeps the bytes until the statement is reset */

#define ngx_slack_sqlite_bind_text(store, n, i, str)                          \
    (void) sqlite3_bind_text64((store)->stmts[n], i,                          \
                               (str)->len ? (char *) (str)->data : "",        \
                               (str)->len, SQLITE_STATIC, SQLITE_UTF8)

#define ngx_slack_sqlite_bind_blob(store, n, i, str)                          \
    (void) sqlite3_bind_blob64((store)->stmts[n], i,                          \
                               (str)->len ? (void *) (str)->data : "",        \
                               (str)->len, SQLITE_STATIC)

#define ngx_slack_sqlite_bind_int(store, n, i, value)                         \
    (void) sqlite3_bind_int64((store)->stmts[n], i, value)


#endif /* _NGX_SLACK_SQLITE_H_INCLUDED_ */
