
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Declarations that the files of the SQLite engine share.  Functions run in a
 * pool thread unless said otherwise, and only one thread at a time uses a
 * store.  To examine a file before it is used, a child of the master (see
 * ngx_slack_admit.c) opens it, reads from it and checks its schema, too.
 *
 * Functions that return NGX_ERROR have logged the cause and noted in the store
 * what must be repaired, unless said otherwise.  Arguments belong to the
 * caller.
 */


#ifndef _NGX_SLACK_SQLITE_H_INCLUDED_
#define _NGX_SLACK_SQLITE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_engine.h>
#include <ngx_slack_sqlite_conf.h>
#include <ngx_slack_sqlite_leader.h>

#include <sqlite3.h>


/* values of message.state */

#define NGX_SLACK_SQLITE_WAITING  0
#define NGX_SLACK_SQLITE_SENT     1
#define NGX_SLACK_SQLITE_DEAD     2
#define NGX_SLACK_SQLITE_CHANGE   3              /* it waits, but not in the
                                                    channel's line */

/* PRAGMA application_id of our files, "slna" in ASCII */

#define NGX_SLACK_SQLITE_APPLICATION  1936485985

/* size of the cache of channel ids; a full cache is emptied */

#define NGX_SLACK_SQLITE_BUCKETS       256
#define NGX_SLACK_SQLITE_KNOWN         4096

#define NGX_SLACK_SQLITE_SUPERSEDED    64


/*
 * Limits of values that are read from the file, which anybody may have edited:
 * the last millisecond of the year 9999, and half of the greatest id.  Within
 * these limits sums and differences of two values do not overflow.
 */

#define NGX_SLACK_SQLITE_TIME_MAX      253402300799999
#define NGX_SLACK_SQLITE_ID_MAX        (INT64_MAX / 2)
#define NGX_SLACK_SQLITE_COUNT_MAX     0x7fffffff


/* prepared statements; their SQL is in ngx_slack_sqlite_sql.c */

typedef enum {
    NGX_SLACK_SQL_BEGIN = 0,
    NGX_SLACK_SQL_COMMIT,
    NGX_SLACK_SQL_COUNTER,
    NGX_SLACK_SQL_COUNTERS,
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
    NGX_SLACK_SQL_REVISION,
    NGX_SLACK_SQL_RECENT,
    NGX_SLACK_SQL_DESTINATIONS,
    NGX_SLACK_SQL_MESSAGES,
    NGX_SLACK_SQL_CHANGES,
    NGX_SLACK_SQL_RECENT_CHANGES,
    NGX_SLACK_SQL_CHANGE,
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
    NGX_SLACK_SQL_ALL_WAITING,
    NGX_SLACK_SQL_FIRST_WAITING,
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
    NGX_SLACK_SQL_IDENTITY,
    NGX_SLACK_SQL_SET_HANDLE,
    NGX_SLACK_SQL_SAVE,
    NGX_SLACK_SQL_UNDO,
    NGX_SLACK_SQL_RELEASE,
    NGX_SLACK_SQL_ADD_PART,
    NGX_SLACK_SQL_PART,
    NGX_SLACK_SQL_TURN,
    NGX_SLACK_SQL_THREAD_OF,
    NGX_SLACK_SQL_THREAD,
    NGX_SLACK_SQL_ADD_THREAD,
    NGX_SLACK_SQL_YIELD_KEY,
    NGX_SLACK_SQL_SET_THREAD,
    NGX_SLACK_SQL_SET_STATED,
    NGX_SLACK_SQL_REVISE_THREADS,
    NGX_SLACK_SQL_SET_ROOT,
    NGX_SLACK_SQL_END_CHANGE,
    NGX_SLACK_SQL_FORGET_THREAD,
    NGX_SLACK_SQL_THREAD_IDS,
    NGX_SLACK_SQL_THREADS,
    NGX_SLACK_SQL_THREADS_OF,
    NGX_SLACK_SQL_COUNT_THREADS,
    NGX_SLACK_SQL_OLD_THREAD,
    NGX_SLACK_SQL_SCAN_THREADS,
    NGX_SLACK_SQL_DELETE_THREAD,
    NGX_SLACK_SQL_STATE,
    NGX_SLACK_SQL_SET_STATE,
    NGX_SLACK_SQL_ANNOUNCED,
    NGX_SLACK_SQL_MEMO,
    NGX_SLACK_SQL_SET_MEMO,
    NGX_SLACK_SQL_PURGE_MEMOS,
    NGX_SLACK_SQL_ADD_DEAD,
    NGX_SLACK_SQL_AT,
    NGX_SLACK_SQL_MOVE,
    NGX_SLACK_SQL_IDLE,
    NGX_SLACK_SQL_FORGET_CHANNELS,
    NGX_SLACK_SQL_FORGET_HANDLES,
    NGX_SLACK_SQL_LAST
} ngx_slack_sqlite_statement_e;


/* an entry of the cache of channel ids */

typedef struct ngx_slack_sqlite_known_s  ngx_slack_sqlite_known_t;

struct ngx_slack_sqlite_known_s {
    ngx_slack_sqlite_known_t   *next;
    int64_t                     id;
    uint32_t                    hash;
    size_t                      workspace;   /* lengths in bytes */
    size_t                      channel;
    u_char                      name[1];     /* workspace, then channel */
};


/* an entry of the cache of threads, see ngx_slack_sqlite_thread_cache.c */

typedef struct ngx_slack_sqlite_recent_s  ngx_slack_sqlite_recent_t;


/* a walk through a table that has no index by age, in steps */

typedef struct {
    u_char                     *key;         /* last key seen; NULL: none
                                                yet */
    size_t                      len;
    int64_t                     oldest;      /* oldest kept row, ms since the
                                                epoch */
    int64_t                     next;        /* start of the next walk, same
                                                unit */
} ngx_slack_sqlite_walk_t;


/* the same through threads */

typedef struct {
    int64_t                     id;          /* last one seen; 0: none yet */
    int64_t                     beyond;      /* threads are deleted up to this
                                                "last", as there are too
                                                many */
    int64_t                     newest;      /* message, at the start of the
                                                last walk */
    int64_t                     next;        /* start of the next walk, ms
                                                since the epoch */
} ngx_slack_sqlite_sweep_t;


/*
 * A change of the file's form: a row of ngx_slack_sqlite_migrations.
 *
 * PRAGMA user_version N says that the file has form N and can be used by all
 * versions of the module that know form N.
 *
 * An addition ("version" 0) does not change user_version.  It is something
 * that earlier versions neither see nor need: a table, an index, a column with
 * a default.  They can go on using the file, so an upgrade can be undone.
 *
 * A change that would let earlier versions corrupt the file raises
 * user_version to "version".  From then on they refuse the file.
 *
 * The leader applies the rows in their order, in one transaction, once the
 * previous leader has gone.  As writers wait meanwhile, a row must be quick
 * even in a file with very many messages.
 *
 * Until then, and in processes that do not lead, a statement that needs
 * something the file does not have yet is NULL in ngx_slack_store_t.stmts;
 * code with an older way to do the same checks this.  When the file has been
 * migrated, it is opened again with all statements.
 */

typedef struct {
    ngx_uint_t                  version;     /* user_version; 0: an addition */
    const char                 *module;      /* the first version of the module
                                                that knows "version" */
    const char                 *has;         /* of an addition: a query that
                                                returns 1 if the file has it */
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

    ngx_slack_sqlite_leader_t   leader;
    char                       *lock;        /* name of the lock file */

    /*
     * valid in a transaction, and afterwards while "version" equals SQLite's
     * data version
     */
    int64_t                     waiting;
    int64_t                     newest;      /* id of the newest message */
    int64_t                     settled;     /* as stored in the file */
    unsigned int                version;

    int64_t                     revisions;   /* counter.threads, when it was
                                                read last */
    int64_t                     revision;    /* at the last walk through
                                                channels, */
    int64_t                     revised;     /* and through changes */
    int64_t                     schema;      /* PRAGMA schema_version, if the
                                                file is incomplete */

    ngx_slack_sqlite_known_t   *known[NGX_SLACK_SQLITE_BUCKETS];
    ngx_uint_t                  nknown;

    ngx_slack_sqlite_recent_t  *recent;      /* NULL: none yet */
    uint64_t                    emptied;     /* how often that was */

    ngx_slack_sqlite_walk_t     keys;
    ngx_slack_sqlite_walk_t     memory;
    ngx_slack_sqlite_sweep_t    threads;
    int64_t                     idle;        /* next look for idle channels */

    /* what it settled by itself, as changes it replaced; more is not noted */
    ngx_slack_tally_settlement_t  superseded[NGX_SLACK_SQLITE_SUPERSEDED];
    ngx_uint_t                  nsuperseded;
    ngx_uint_t                  nsurveyed;   /* channels of the last survey */

    unsigned                    counted:1;   /* "waiting" to "version" are
                                                set */
    unsigned                    locked:1;    /* the turnstile, if any */
    unsigned                    crowded:1;   /* had to wait for a program that
                                                does not share it */
    unsigned                    failing:1;   /* errors since the last
                                                success */
    unsigned                    reopen:1;    /* the connection must be
                                                reopened */
    unsigned                    corrupt:1;   /* the file seems to be corrupt */
    unsigned                    suspect:1;   /* it seemed corrupt, but passed a
                                                check */
    unsigned                    purging:1;   /* more remains to be purged */
    unsigned                    refused:1;   /* the form is unknown or not
                                                ours */
    unsigned                    incomplete:1;    /* migrations are missing */
    unsigned                    stale:1;     /* another process has changed the
                                                form */
};


/* why a database cannot be used; the texts are in ngx_slack_sqlite_fault.c */

typedef enum {
    NGX_SLACK_SQLITE_FAILED = 0,             /* any other cause */
    NGX_SLACK_SQLITE_FULL,
    NGX_SLACK_SQLITE_READONLY,
    NGX_SLACK_SQLITE_CANTOPEN,
    NGX_SLACK_SQLITE_FILES,
    NGX_SLACK_SQLITE_IOERR,
    NGX_SLACK_SQLITE_BUSY,
    NGX_SLACK_SQLITE_NOMEM,
    NGX_SLACK_SQLITE_CORRUPT,
    NGX_SLACK_SQLITE_STUCK,                  /* corrupt, but cannot be
                                                renamed */
    NGX_SLACK_SQLITE_NOWAL,
    NGX_SLACK_SQLITE_FOREIGN,
    NGX_SLACK_SQLITE_VERSION,                /* written by a later version */
    NGX_SLACK_SQLITE_BEFORE,                 /* incomplete, and a missing part
                                                is needed */
    NGX_SLACK_SQLITE_LOCK,
    NGX_SLACK_SQLITE_HELD                    /* the holder of the lock is
                                                stuck */
} ngx_slack_sqlite_fault_e;


/*
 * The body of a transaction.  Returns NGX_OK, or NGX_ERROR to roll back.  May
 * be called a second time, so it must reset its results first.
 */

typedef ngx_int_t (*ngx_slack_sqlite_handler_pt)(ngx_slack_store_t *store,
    void *data);


/* ngx_slack_sqlite_form.c */

extern const char  ngx_slack_sqlite_tables[];
extern const ngx_slack_sqlite_migration_t  ngx_slack_sqlite_migrations[];


/* ngx_slack_sqlite_sql.c */

extern const char  *ngx_slack_sqlite_statements[];


/* ngx_slack_sqlite_db.c */

/* Opens the connection to an existing file and sets no other state. */

ngx_int_t ngx_slack_sqlite_connect(ngx_slack_store_t *store);

/* Executes any SQL without reading rows. */

ngx_int_t ngx_slack_sqlite_exec(ngx_slack_store_t *store, const char *sql);

/*
 * Copies the first column of the first row, NUL-terminated and cut to "size"
 * bytes, to "text"; empty: there is no row.
 */

ngx_int_t ngx_slack_sqlite_query(ngx_slack_store_t *store, const char *sql,
    char *text, size_t size);

/*
 * Identifies the database file by device and inode; 0: there is no file.  Not
 * logged.
 */

uint64_t ngx_slack_sqlite_file(ngx_slack_store_t *store);


/* ngx_slack_sqlite_cache.c: ids of channels */

/* Finds the id of a message's channel, which is added if it is new. */

ngx_int_t ngx_slack_sqlite_channel(ngx_slack_store_t *store,
    ngx_slack_new_message_t *message, int64_t *id);

/*
 * Empties this cache and that of threads: after a rollback an id may belong to
 * no channel, and a thread may be another one.
 */

void ngx_slack_sqlite_forget(ngx_slack_store_t *store);


/* ngx_slack_sqlite_stmt.c */

/*
 * Steps a statement.  NGX_OK: there is a row; NGX_DONE: there are no more
 * rows, the statement is reset; NGX_ERROR: logged, reset.
 */

ngx_int_t ngx_slack_sqlite_step(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n);

/*
 * Reads the two integers of a statement's only row and resets it.  The row
 * depends on the row of the table "counter"; without that one the file is
 * corrupt.
 */

ngx_int_t ngx_slack_sqlite_pair(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, int64_t *first, int64_t *second);

/* Does the same with a third one, unless that is NULL. */

ngx_int_t ngx_slack_sqlite_triple(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, int64_t *first, int64_t *second,
    int64_t *third);

/*
 * Read a column of the current row: a time, 0 to NGX_SLACK_SQLITE_TIME_MAX, or
 * a count, 0 to NGX_SLACK_SQLITE_COUNT_MAX.  A value outside the range becomes
 * the nearest one within it.  Neither fails.
 */

int64_t ngx_slack_sqlite_time(sqlite3_stmt *stmt, int column);
ngx_uint_t ngx_slack_sqlite_number(sqlite3_stmt *stmt, int column);

/*
 * Limits an id to 0 … NGX_SLACK_SQLITE_ID_MAX, for safe arithmetic.  Any
 * thread.
 */

int64_t ngx_slack_sqlite_id(int64_t id);

/*
 * Runs a statement that returns no rows, or whose remaining rows are not
 * needed; resets it.
 */

ngx_int_t ngx_slack_sqlite_run(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n);


/* Binds a scope (NULL: all): all, workspace, whole workspace, channel. */

void ngx_slack_sqlite_bind_scope(ngx_slack_store_t *store,
    ngx_slack_sqlite_statement_e n, ngx_slack_scope_t *scope);


/*
 * ngx_slack_sqlite_open.c; the caller holds the lock file, except that closing
 * needs no lock
 */

ngx_int_t ngx_slack_sqlite_open(ngx_slack_store_t *store);
void ngx_slack_sqlite_close(ngx_slack_store_t *store);

/*
 * Checks a file that seems to be corrupt, and renames it if it is.  NGX_AGAIN:
 * the store may be opened again; NGX_ERROR: it may not, logged.
 */

ngx_int_t ngx_slack_sqlite_set_aside(ngx_slack_store_t *store);


/* ngx_slack_sqlite_schema.c */

/*
 * Checks whether this version of the module knows the form of the open file
 * and whether migrations are missing (store->incomplete).  *empty is set to 1
 * for a new file.  NGX_DECLINED: the file is not ours, or of a later version;
 * *fault and "detail", NUL-terminated within "size" bytes, say which, and
 * nothing is logged.  NGX_ERROR: logged.
 */

ngx_int_t ngx_slack_sqlite_schema_check(ngx_slack_store_t *store,
    ngx_uint_t *empty, ngx_slack_sqlite_fault_e *fault, char *detail,
    size_t size);

/* Applies migrations; for ngx_slack_sqlite_transact(), without data. */

ngx_int_t ngx_slack_sqlite_migrate(ngx_slack_store_t *store, void *data);

/* 1: the file was incomplete when it was opened, and has changed since. */

ngx_uint_t ngx_slack_sqlite_schema_changed(ngx_slack_store_t *store);


/* ngx_slack_sqlite_fault.c */

/*
 * Log an error, at most once a minute for each fault, and note in the store
 * what must be repaired.  "rc" is SQLite's result code, "err" an errno or 0.
 * "detail" is NUL-terminated.
 */

void ngx_slack_sqlite_error(ngx_slack_store_t *store, int rc);
void ngx_slack_sqlite_fault(ngx_slack_store_t *store,
    ngx_slack_sqlite_fault_e fault, const char *detail, ngx_err_t err);

/*
 * Writes "CAUSE: DETAIL; ADVICE" to "text", NUL-terminated and cut to "size"
 * bytes.  Returns the end of the text.  Any thread.
 */

u_char *ngx_slack_sqlite_say(ngx_slack_sqlite_fault_e fault,
    const char *detail, u_char *text, size_t size);


/* ngx_slack_sqlite_txn.c */

/*
 * Runs the handler in a durable transaction behind the turnstile; a second
 * time if the first error could be repaired.
 */
ngx_int_t ngx_slack_sqlite_transact(ngx_slack_store_t *store,
    ngx_slack_sqlite_handler_pt handler, void *data);

/*
 * Call the first before reading outside of ngx_slack_sqlite_transact(): it
 * opens the file if needed.  Call the second afterwards with the result of
 * reading: on an error it resets the statements, repairs what it can, and
 * returns NGX_ERROR.
 */

ngx_int_t ngx_slack_sqlite_read(ngx_slack_store_t *store);
ngx_int_t ngx_slack_sqlite_read_done(ngx_slack_store_t *store, ngx_int_t rc);

/* functions of the engine; the contract is in ngx_slack_engine.h */

ngx_int_t ngx_slack_sqlite_examine(ngx_slack_outbox_conf_t *conf,
    u_char *why, size_t size);
ngx_int_t ngx_slack_sqlite_lead(ngx_slack_store_t *store, int64_t *term);
ngx_int_t ngx_slack_sqlite_renew(ngx_slack_store_t *store, int64_t term);
void ngx_slack_sqlite_resign(ngx_slack_store_t *store, int64_t term);
ngx_int_t ngx_slack_sqlite_identity(ngx_slack_store_t *store,
    u_char *identity);
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
ngx_int_t ngx_slack_sqlite_changes(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_changing_pt handler, void *data);
ngx_int_t ngx_slack_sqlite_change(ngx_slack_store_t *store, int64_t thread,
    ngx_slack_waiting_message_t *message);
ngx_int_t ngx_slack_sqlite_settle(ngx_slack_store_t *store, int64_t term,
    ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t m);
ngx_int_t ngx_slack_sqlite_memorize(ngx_slack_store_t *store, int64_t term,
    ngx_slack_memo_t *memos, ngx_uint_t n);
ngx_int_t ngx_slack_sqlite_memo(ngx_slack_store_t *store,
    ngx_slack_memo_t *memo);
ngx_int_t ngx_slack_sqlite_purge(ngx_slack_store_t *store);
ngx_int_t ngx_slack_sqlite_survey(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
ngx_uint_t ngx_slack_sqlite_same(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
ngx_int_t ngx_slack_sqlite_fate(ngx_slack_store_t *store,
    ngx_slack_fate_t *fate);
ngx_int_t ngx_slack_sqlite_steer(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer);
ngx_int_t ngx_slack_sqlite_threads(ngx_slack_store_t *store,
    ngx_slack_scope_t *scope, ngx_str_t *key, ngx_slack_thread_pt handler,
    void *data);


/* the caller keeps the bytes unchanged until the statement is reset */

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
