
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The PostgreSQL engine, for several hosts with one outbox: what its files
 * share.  All that decides something is a function in the database, see
 * ngx_slack_postgres_append.sql, so that an operation is one request to the
 * server and no lock is held while the host that asked is stopped or gone.
 *
 * Everything runs in a pool thread, except for the configuration and where a
 * comment says so.
 */


#ifndef _NGX_SLACK_POSTGRES_H_INCLUDED_
#define _NGX_SLACK_POSTGRES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_engine.h>

#include <libpq-fe.h>


/* of tables and functions, "meta.version" */
#define NGX_SLACK_POSTGRES_VERSION  3

/* ms: for an answer of the server, which ends statements itself before that */
#define NGX_SLACK_POSTGRES_PATIENCE  6000
#define NGX_SLACK_POSTGRES_TIMEOUT   "5000"

/*
 * So long a leader leads after it was confirmed, which it asks for when it was
 * confirmed so many ms ago; and so many ms after that it starts no post, which
 * may take some seconds.
 */
#define NGX_SLACK_POSTGRES_LEASE     "interval '15 s'"
#define NGX_SLACK_POSTGRES_RENEW     4000
#define NGX_SLACK_POSTGRES_LASTS     8000

/*
 * bytes of the name by which a leader is known, "HOST PID RANDOM": what is
 * random makes it one of its own, the rest is for operators
 */
#define NGX_SLACK_POSTGRES_HOST      64
#define NGX_SLACK_POSTGRES_HOLDER    (NGX_SLACK_POSTGRES_HOST                 \
                                      + NGX_INT64_LEN + 32 + 2)

/* the greatest stamp, the end of the year 9999; it has 48 bits */
#define NGX_SLACK_POSTGRES_STAMP     ((int64_t) 253402300799999)

/* message.part, see ngx_slack_postgres_tables.sql */
#define ngx_slack_postgres_role(part)  ((ngx_slack_role_e) ((part) & 7))
#define NGX_SLACK_POSTGRES_FINAL       8


/* the engine's parameters: ngx_slack_outbox_conf_t.own */

typedef struct {
    ngx_str_t                   schema;      /* name, NUL-terminated */
    ngx_str_t                   password_file;   /* empty: none */
    ngx_str_t                   password;    /* NUL-terminated; empty: none */
    ngx_str_t                   shown;       /* the address without secrets */
    ngx_uint_t                  sync;        /* 1: a commit waits for the
                                                disk */
} ngx_slack_postgres_conf_t;


/* a request to the server that is being written */

typedef struct {
    char                       *data;
    size_t                      len;
    size_t                      size;
    unsigned                    failed:1;    /* no memory */
} ngx_slack_postgres_text_t;


struct ngx_slack_store_s {
    ngx_slack_outbox_conf_t    *conf;
    ngx_log_t                  *log;

    PGconn                     *db;          /* NULL: not connected */
    ngx_slack_postgres_text_t   text;        /* the request */
    int64_t                     again;       /* not connected before, monotonic
                                                ms */

    char                        holder[NGX_SLACK_POSTGRES_HOLDER + 1];
    int64_t                     term;        /* 0: does not lead */
    int64_t                     confirmed;   /* by CLOCK_BOOTTIME, ms: when
                                                that was asked for */

    int64_t                     revision;    /* when channels were told; -1:
                                                all must be told, */
    int64_t                     revised;     /* and changes */

    unsigned                    connected:1; /* "db" was a connection */
    unsigned                    failing:1;   /* the last request failed */
    unsigned                    writing:1;   /* a commit may be under way */
    int64_t                     idle;        /* next look for idle channels */
};


extern ngx_slack_outbox_param_t  ngx_slack_postgres_params[];


/* ngx_slack_postgres_conf.c, in the master: see ngx_slack_engine.h */

void *ngx_slack_postgres_create_conf(ngx_pool_t *pool);
char *ngx_slack_postgres_check(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf);
ngx_int_t ngx_slack_postgres_complete(ngx_slack_outbox_conf_t *conf,
    ngx_conf_t *cf);
void ngx_slack_postgres_describe(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_description_t *description);


/*
 * ngx_slack_postgres_text.c: writes SQL.  Errors are kept until the request is
 * sent.
 */

void ngx_slack_postgres_put(ngx_slack_postgres_text_t *text, const char *sql);
void ngx_slack_postgres_int(ngx_slack_postgres_text_t *text, int64_t n);

/* a literal of type text; what is not UTF-8, or NUL, becomes "?" */
void ngx_slack_postgres_literal(ngx_slack_postgres_text_t *text,
    ngx_str_t *value);

/*
 * within a literal of type jsonb: a string likewise, and bytes as hexadecimal
 * digits
 */
void ngx_slack_postgres_string(ngx_slack_postgres_text_t *text,
    ngx_str_t *value);
void ngx_slack_postgres_hex(ngx_slack_postgres_text_t *text,
    ngx_str_t *value);

/* the digits alone */
void ngx_slack_postgres_digits(ngx_slack_postgres_text_t *text,
    ngx_str_t *value);


/* ngx_slack_postgres_db.c: requests */

/* Begins a request on a connection; the callers connect. */
void ngx_slack_postgres_start(ngx_slack_store_t *store, ngx_uint_t writes);

/*
 * Sends the request and commits.  *res has the rows of the statement; the
 * caller calls PQclear(*res).  NGX_ERROR: failed, logged, nothing was changed.
 * NGX_AGAIN: it is unknown whether it was committed, logged.
 */
ngx_int_t ngx_slack_postgres_commit(ngx_slack_store_t *store, PGresult **res);

/* the same for a caller to whom both are errors */
ngx_int_t ngx_slack_postgres_run(ngx_slack_store_t *store, PGresult **res);

/* NGX_ERROR: the server has closed the connection; not logged */
ngx_int_t ngx_slack_postgres_alive(ngx_slack_store_t *store);

/* closes the connection */
void ngx_slack_postgres_close(ngx_slack_store_t *store);


/* values of rows; a text is valid until PQclear() */

int64_t ngx_slack_postgres_get(PGresult *res, int row, int column);
ngx_uint_t ngx_slack_postgres_true(PGresult *res, int row, int column);
ngx_str_t ngx_slack_postgres_value(PGresult *res, int row, int column);

/* copies to the pool, NUL-terminated; NGX_ERROR: no memory */
ngx_int_t ngx_slack_postgres_copy(PGresult *res, int row, int column,
    ngx_pool_t *pool, ngx_str_t *value);

/*
 * Decodes a column of type bytea, "\x..." in the text of rows, to "p", which
 * has room for as many bytes as PQgetlength().  Returns the end.
 */
u_char *ngx_slack_postgres_bytes(PGresult *res, int row, int column,
    u_char *p);


/* ngx_slack_postgres_open.c */

/*
 * Connects if needed, makes or checks the schema, and begins a request: a
 * transaction, in which the caller writes one statement to store->text.
 * NGX_ERROR: not connected, logged.
 */
ngx_int_t ngx_slack_postgres_begin(ngx_slack_store_t *store);

/* the same for one that only reads and sees one moment */
ngx_int_t ngx_slack_postgres_begin_read(ngx_slack_store_t *store);


/* ngx_slack_postgres_schema.c */

/*
 * Makes the schema, brings one of an earlier version to the present one, or
 * finds that there is nothing to do.  NGX_ERROR: logged.
 */
ngx_int_t ngx_slack_postgres_schema(ngx_slack_store_t *store);


/* ngx_slack_postgres_fault.c: once a minute for each cause */

/* "res" (NULL: the connection) has failed */
void ngx_slack_postgres_error(ngx_slack_store_t *store, PGresult *res);

/* SQLSTATE of a result, or "" */
const char *ngx_slack_postgres_state(PGresult *res);

/* something else, told by its texts */
void ngx_slack_postgres_fault(ngx_slack_store_t *store, ngx_uint_t kind,
    const char *cause, const char *detail, const char *advice);

/* what works again is told once */
void ngx_slack_postgres_works(ngx_slack_store_t *store);


/* the engine's functions, see ngx_slack_engine.h */

/* ngx_slack_postgres_lead.c */

ngx_int_t ngx_slack_postgres_lead(ngx_slack_store_t *store, int64_t *term);
ngx_int_t ngx_slack_postgres_renew(ngx_slack_store_t *store, int64_t term);
void ngx_slack_postgres_resign(ngx_slack_store_t *store, int64_t term);
ngx_int_t ngx_slack_postgres_identity(ngx_slack_store_t *store,
    u_char *identity);

ngx_uint_t ngx_slack_postgres_lasts(ngx_slack_store_t *store);

/* writes "TERM, 'HOLDER'" */
void ngx_slack_postgres_put_term(ngx_slack_store_t *store, int64_t term);

/* runs a request that answers whether the term lasts */
ngx_int_t ngx_slack_postgres_term(ngx_slack_store_t *store);


/* ngx_slack_postgres_append.c */

ngx_int_t ngx_slack_postgres_append(ngx_slack_store_t *store,
    ngx_queue_t *entries, ngx_slack_more_pt more, void *data);


/* ngx_slack_postgres_channels.c */

ngx_int_t ngx_slack_postgres_serve(ngx_slack_store_t *store, int64_t term,
    ngx_slack_served_t *endpoints, ngx_uint_t n);
ngx_int_t ngx_slack_postgres_unserved(ngx_slack_store_t *store,
    ngx_slack_unserved_pt handler, void *data);
ngx_int_t ngx_slack_postgres_channels(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_outbox_channel_pt handler, void *data);
ngx_int_t ngx_slack_postgres_changes(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_changing_pt handler, void *data);


/* ngx_slack_postgres_messages.c */

ngx_int_t ngx_slack_postgres_messages(ngx_slack_store_t *store,
    int64_t channel, ngx_slack_waiting_message_t *messages, ngx_uint_t *n);
ngx_int_t ngx_slack_postgres_change(ngx_slack_store_t *store, int64_t thread,
    ngx_slack_waiting_message_t *message);


/* ngx_slack_postgres_settle.c */

ngx_int_t ngx_slack_postgres_settle(ngx_slack_store_t *store, int64_t term,
    ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t m);
ngx_int_t ngx_slack_postgres_memorize(ngx_slack_store_t *store, int64_t term,
    ngx_slack_memo_t *memos, ngx_uint_t n);
ngx_int_t ngx_slack_postgres_recall(ngx_slack_store_t *store,
    ngx_slack_memo_t *memo);
ngx_int_t ngx_slack_postgres_purge(ngx_slack_store_t *store);


/* ngx_slack_postgres_survey.c */

ngx_int_t ngx_slack_postgres_survey(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
ngx_uint_t ngx_slack_postgres_same(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);
ngx_int_t ngx_slack_postgres_fate(ngx_slack_store_t *store,
    ngx_slack_fate_t *fate);
ngx_int_t ngx_slack_postgres_threads(ngx_slack_store_t *store,
    ngx_slack_scope_t *scope, ngx_str_t *key, ngx_slack_thread_pt handler,
    void *data);


/* ngx_slack_postgres_steer.c */

ngx_int_t ngx_slack_postgres_steer(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer);

/* writes the condition on "d", a row of the channels; NULL: all */
void ngx_slack_postgres_put_scope(ngx_slack_store_t *store,
    ngx_slack_scope_t *scope);


#endif /* _NGX_SLACK_POSTGRES_H_INCLUDED_ */
