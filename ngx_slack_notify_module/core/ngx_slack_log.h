
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Log lines: what they may hold, and how many there may be.  A lasting fault
 * is worth a line a minute, not one per request; requests that are refused are
 * worth one each, unless somebody sends floods of them.
 */


#ifndef _NGX_SLACK_LOG_H_INCLUDED_
#define _NGX_SLACK_LOG_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * ngx_log_error() for lines with values from outside: names, words of Slack,
 * texts of libraries and files.  The line is written as it may be shown, see
 * ngx_slack_shown().  Any thread
 */

void ngx_slack_log(ngx_uint_t level, ngx_log_t *log, ngx_err_t err,
    const char *fmt, ...);


/* ngx_conf_log_error() in the same way; when the configuration is read */

void ngx_slack_conf_log(ngx_uint_t level, ngx_conf_t *cf, ngx_err_t err,
    const char *fmt, ...);


#define NGX_SLACK_LOG_INTERVAL  60000        /* milliseconds */


/*
 * Lines that are written once a minute, over all workers.  Some are for
 * several causes, of which each has its own minute.
 */

typedef enum {
    NGX_SLACK_RARE_LEADER = 0,     /* the lock file cannot be used */
    NGX_SLACK_RARE_NO_ENDPOINT,    /* messages wait for another instance */
    NGX_SLACK_RARE_ENCODED,        /* a body that is passed on is encoded */
    NGX_SLACK_RARE_FILTER,         /* a filter cannot judge; by cause */
    NGX_SLACK_RARE_OUTBOX,         /* the outbox fails; by fault */
    NGX_SLACK_RARE_OUTBOX_MOVED,   /* its file is another one */
    NGX_SLACK_RARE_OUTBOX_WORKS,   /* it works again */
    NGX_SLACK_RARE_LAST
} ngx_slack_log_rare_e;


#define NGX_SLACK_RARE_CAUSES  32


/* zeroed; monotonic ms from which on the next line may be written */

typedef struct {
    ngx_atomic_t                next[NGX_SLACK_RARE_LAST]
                                    [NGX_SLACK_RARE_CAUSES];
} ngx_slack_log_table_t;


/*
 * The table that all processes use, in shared memory; before threads log.
 * Until then a process has its own
 */

void ngx_slack_log_share(ngx_slack_log_table_t *table);


/* each line may be written at once again; any process */

void ngx_slack_log_renew(ngx_slack_log_table_t *table);


/*
 * May a line be written now?  "cause": below NGX_SLACK_RARE_CAUSES, 0 for
 * lines with one cause.  Of all threads and processes that ask, one may.  Any
 * thread
 */

ngx_uint_t ngx_slack_log_allowed(ngx_slack_log_rare_e line,
    ngx_uint_t cause);


#define NGX_SLACK_LOG_BURST  20              /* lines a second */


/* static and zeroed; of one process, in the event loop */

typedef struct {
    ngx_msec_t                  since;
    ngx_uint_t                  lines;       /* since then */
    ngx_uint_t                  silent;      /* since the last line */
} ngx_slack_log_burst_t;


/*
 * May a line be written now?  "now" is ngx_current_msec; "silent": so many
 * were not allowed before this one.
 */

ngx_uint_t ngx_slack_log_burst(ngx_slack_log_burst_t *burst, ngx_msec_t now,
    ngx_uint_t *silent);


#endif /* _NGX_SLACK_LOG_H_INCLUDED_ */
