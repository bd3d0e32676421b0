
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Errors of the PostgreSQL engine: what operators are told.  Runs in a pool
 * thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_log.h>
#include <ngx_slack_postgres.h>


typedef struct {
    const char             *state;           /* SQLSTATE, or its beginning */
    const char             *cause;
    const char             *advice;
} ngx_slack_postgres_error_t;


static void ngx_slack_postgres_line(const char *from, char *to, size_t size);
static void ngx_slack_postgres_unreached(ngx_slack_store_t *store,
    const char *detail);


/* https://www.postgresql.org/docs/15/errcodes-appendix.html */

static ngx_slack_postgres_error_t  ngx_slack_postgres_errors[] = {
    { "28", "refuses the user or the password",
      "check \"user\" and password_file of slack_outbox, and pg_hba.conf of "
      "the server" },
    { "3D000", "has no such database", "create it, or use another one" },
    { "42501", "gives the user no right to that",
      "GRANT CREATE ON DATABASE to it, or execute as the owner what "
      "\"util/postgres-sql SCHEMA USER\" prints" },
    { "53100", "has no space left on its disk",
      "free some, nothing is stored until then" },
    { "53300", "takes no more connections",
      "raise max_connections, each worker has up to three" },
    { "53", "has no resources left", "check the server" },
    { "25006", "takes no changes, it is a standby",
      "name all hosts, and target_session_attrs=read-write" },
    { "0A000", "takes no changes, it is a standby",
      "name all hosts, and target_session_attrs=read-write" },
    { "57014", "did not answer in time", "check the server's load and disk" },
    { "55P03", "did not give a lock in time",
      "end the transaction that holds it, see pg_locks" },
    { "25P03", "ended a transaction that was idle",
      "it continues by itself" },
    { "57P01", "ended the session",
      "it goes on by itself, as soon as the server is up" },
    { "57P", "is shutting down or starting",
      "nothing is stored until it is up" },
    { "08", "lost the connection", "it continues by itself" },
    { "42P01", "lacks a table of the outbox",
      "restore the schema, or drop it, and it is made anew" },
    { "42883", "lacks a function of the outbox",
      "restore the schema, or drop it, and it is made anew" },
    { "XX", "is broken", "see its own log" },
    { "", "failed", "see the server's log" }
};


const char *
ngx_slack_postgres_state(PGresult *res)
{
    const char  *state;

    state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;

    return state ? state : "";
}


/* one line, without the blank at its end */

static void
ngx_slack_postgres_line(const char *from, char *to, size_t size)
{
    char  *last;

    for (last = to; *from && size > 1; from++, size--) {
        *last++ = ((u_char) *from < ' ') ? ' ' : *from;
    }

    while (last > to && last[-1] == ' ') {
        last--;
    }

    *last = '\0';
}


void
ngx_slack_postgres_error(ngx_slack_store_t *store, PGresult *res)
{
    char                         detail[256];
    const char                  *state, *message;
    ngx_uint_t                   i;
    ngx_slack_postgres_error_t  *error;

    state = ngx_slack_postgres_state(res);

    message = res ? PQresultErrorMessage(res) : NULL;

    if (message == NULL || *message == '\0') {
        message = store->db ? PQerrorMessage(store->db) : "out of memory";
    }

    if (*message == '\0') {
        message = "the server did not answer in time";
    }

    ngx_slack_postgres_line(message, detail, sizeof(detail));

    if (*state == '\0' && (res == NULL || PQstatus(store->db)
                                          == CONNECTION_BAD))
    {
        ngx_slack_postgres_unreached(store, detail);
        return;
    }

    for (i = 0; /* void */ ; i++) {
        error = &ngx_slack_postgres_errors[i];

        if (ngx_strncmp(state, error->state, ngx_strlen(error->state)) == 0) {
            break;
        }
    }

    ngx_slack_postgres_fault(store, i + 1, error->cause, detail,
                             error->advice);
}


/*
 * What ends a connection is another fault than what prevents the next one, of
 * which operators must hear the cause, also in the same minute.
 */

static void
ngx_slack_postgres_unreached(ngx_slack_store_t *store, const char *detail)
{
    ngx_slack_postgres_conf_t  *own;

    own = store->conf->own;

    if (store->connected) {
        ngx_slack_postgres_fault(store, 24, "lost the connection", detail,
                                 "it continues by itself");
        return;
    }

    ngx_slack_postgres_fault(store, 0, "cannot be reached", detail,
                             own->password_file.len
                             ? "check the address, the user and the password, "
                               "the server and the network; reload nginx "
                               "after password_file was changed"
                             : "check the address, the user and the password, "
                               "the server and the network");
}


void
ngx_slack_postgres_fault(ngx_slack_store_t *store, ngx_uint_t kind,
    const char *cause, const char *detail, const char *advice)
{
    u_char                     *last, text[NGX_SLACK_HISTORY_TEXT];
    ngx_slack_postgres_conf_t  *own;

    store->failing = 1;
    own = store->conf->own;

    if (store->conf->history) {
        last = ngx_snprintf(text, sizeof(text), "outbox %s: %s; %s",
                            cause, detail, advice);

        ngx_slack_history_tell(&store->conf->history->outbox_error, text,
                               (size_t) (last - text),
                               (time_t) (ngx_slack_clock_wall() / 1000));
    }

    if (!ngx_slack_log_allowed(NGX_SLACK_RARE_OUTBOX, kind)) {
        return;
    }

    ngx_slack_log(NGX_LOG_CRIT, store->log, 0, "outbox \"%V\" %s: %s; %s",
                  &own->shown, cause, detail, advice);
}


void
ngx_slack_postgres_works(ngx_slack_store_t *store)
{
    ngx_slack_postgres_conf_t  *own;

    if (!store->failing) {
        return;
    }

    store->failing = 0;
    own = store->conf->own;

    if (ngx_slack_log_allowed(NGX_SLACK_RARE_OUTBOX_WORKS, 0)) {
        ngx_slack_log(NGX_LOG_NOTICE, store->log, 0,
                      "outbox \"%V\" works again", &own->shown);
    }
}
