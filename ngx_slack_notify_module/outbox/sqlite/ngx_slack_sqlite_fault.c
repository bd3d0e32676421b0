
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Errors of the SQLite engine: their meaning, what operators are told, and
 * what must be repaired after the transaction.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_log.h>
#include <ngx_slack_sqlite.h>


typedef struct {
    const char             *cause;
    const char             *advice;
} ngx_slack_sqlite_text_t;


static ngx_err_t ngx_slack_sqlite_errno(ngx_slack_store_t *store);


/* indexed by ngx_slack_sqlite_fault_e */

static ngx_slack_sqlite_text_t  ngx_slack_sqlite_texts[] = {
    { "failed", "nothing is stored until that has an end" },
    { "has no space left on its disk",
      "free some, nothing is stored until then" },
    { "is read-only", "let the worker user write the file and its directory" },
    { "cannot be opened",
      "let its directory exist and belong to the worker user, and those "
      "above let that user through" },
    { "cannot be opened, there are no file descriptors left",
      "see worker_rlimit_nofile" },
    { "cannot be read or written", "check its disk" },
    { "is locked by another program",
      "end its transaction; \"lslocks\" names it" },
    { "failed, there is no memory left",
      "free some, nothing is stored until then" },
    { "seems to be corrupt", "it is being checked" },
    { "is corrupt and cannot be set aside",
      "let the worker user write its directory" },
    { "is on a file system without shared memory for SQLite's WAL mode",
      "name a file on a local disk" },
    { "is a database of another program", "name another file" },
    { "was written by a later version of this module",
      "nothing is stored or delivered until that version is installed "
      "(Debian: libnginx-mod-http-slack-notify), or nginx is stopped and the "
      "file is moved away together with its -wal and -shm" },
    { "was written by an earlier version of this module",
      "it is brought up to date as soon as that version does not run any "
      "more: end it" },
    { "cannot be locked", "name a file on a local disk" },
    { "is locked by a process that does not go on",
      "let it go on, or kill it; \"lslocks\" names it" }
};


void
ngx_slack_sqlite_error(ngx_slack_store_t *store, int rc)
{
    char                      detail[256];
    ngx_err_t                 err;
    ngx_slack_sqlite_fault_e  fault;

    err = 0;

    (void) ngx_snprintf((u_char *) detail, sizeof(detail) - 1,
                        "%s, SQLite's code %d%Z",
                        (store->db != NULL) ? sqlite3_errmsg(store->db)
                                            : sqlite3_errstr(rc), rc);
    detail[sizeof(detail) - 1] = '\0';

    switch (rc & 0xff) {

    case SQLITE_FULL:
        fault = NGX_SLACK_SQLITE_FULL;
        break;

    case SQLITE_READONLY:
        fault = NGX_SLACK_SQLITE_READONLY;
        store->reopen = 1;
        break;

    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        fault = (rc & 0xff) == SQLITE_IOERR ? NGX_SLACK_SQLITE_IOERR
                                            : NGX_SLACK_SQLITE_CANTOPEN;
        store->reopen = 1;
        err = ngx_slack_sqlite_errno(store);

        if (err == 0 && store->db != NULL) {
            err = sqlite3_system_errno(store->db);
        }

        break;

    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        fault = NGX_SLACK_SQLITE_BUSY;
        break;

    case SQLITE_NOMEM:
        fault = NGX_SLACK_SQLITE_NOMEM;
        break;

    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:

        /* SQLite reports a bad sector as a corrupt file, but errno is set */

        err = ngx_slack_sqlite_errno(store);

        if (err) {
            fault = NGX_SLACK_SQLITE_IOERR;
            store->reopen = 1;
            break;
        }

        fault = NGX_SLACK_SQLITE_CORRUPT;
        store->corrupt = 1;
        break;

    default:
        fault = NGX_SLACK_SQLITE_FAILED;
        store->reopen = 1;
    }

    ngx_slack_sqlite_fault(store, fault, detail, err);
}


/* executed in a pool thread */

void
ngx_slack_sqlite_fault(ngx_slack_store_t *store,
    ngx_slack_sqlite_fault_e fault, const char *detail, ngx_err_t err)
{
    u_char     *last, text[NGX_SLACK_HISTORY_TEXT];
    ngx_uint_t  level;

    store->failing = 1;

    /* errno is more exact than SQLite's code */

    if (fault == NGX_SLACK_SQLITE_IOERR || fault == NGX_SLACK_SQLITE_CANTOPEN)
    {
        switch (err) {

        case NGX_ENOSPC:
        case EDQUOT:
            fault = NGX_SLACK_SQLITE_FULL;
            break;

        case NGX_EACCES:
            if (fault == NGX_SLACK_SQLITE_CANTOPEN) {
                break;
            }

            /* fall through */

        case EROFS:
            fault = NGX_SLACK_SQLITE_READONLY;
            break;

        case NGX_EMFILE:
        case NGX_ENFILE:
            fault = NGX_SLACK_SQLITE_FILES;
            break;

        default:
            break;
        }
    }

    if (store->conf->history) {
        last = ngx_snprintf(text, sizeof(text), "outbox %s: %s; %s",
                            ngx_slack_sqlite_texts[fault].cause, detail,
                            ngx_slack_sqlite_texts[fault].advice);

        ngx_slack_history_tell(&store->conf->history->outbox_error, text,
                               (size_t) (last - text),
                               (time_t) (ngx_slack_clock_wall() / 1000));
    }

    if (!ngx_slack_log_allowed(NGX_SLACK_RARE_OUTBOX, fault)) {
        return;
    }

    /* this fault does not go away by itself */

    level = (fault == NGX_SLACK_SQLITE_VERSION) ? NGX_LOG_ALERT
                                                : NGX_LOG_CRIT;

    ngx_slack_log(level, store->log, err,
                  "outbox \"%V\" %s: %s; %s", &store->conf->address,
                  ngx_slack_sqlite_texts[fault].cause, detail,
                  ngx_slack_sqlite_texts[fault].advice);
}


u_char *
ngx_slack_sqlite_say(ngx_slack_sqlite_fault_e fault, const char *detail,
    u_char *text, size_t size)
{
    u_char  *last;

    last = ngx_snprintf(text, size - 1, "%s: %s; %s",
                        ngx_slack_sqlite_texts[fault].cause, detail,
                        ngx_slack_sqlite_texts[fault].advice);
    *last = '\0';

    return last;
}


/*
 * Returns the errno of the failed system call, or 0.  SQLite keeps errors of
 * commits and of the log with the file in which they occurred.
 */

static ngx_err_t
ngx_slack_sqlite_errno(ngx_slack_store_t *store)
{
    int            err;
    sqlite3_file  *wal;

    if (store->db == NULL) {
        return 0;
    }

    err = 0;
    wal = NULL;

    (void) sqlite3_file_control(store->db, "main",
                                SQLITE_FCNTL_JOURNAL_POINTER, &wal);

    if (wal != NULL && wal->pMethods != NULL) {
        (void) wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &err);
    }

    if (err == 0) {
        (void) sqlite3_file_control(store->db, "main", SQLITE_FCNTL_LAST_ERRNO,
                                    &err);
    }

    return err;
}
