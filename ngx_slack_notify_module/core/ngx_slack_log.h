
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Log lines: what they may contain, and how many there may be.  A lasting
 * fault is worth a line a minute, not one per request.  Refused requests are
 * worth one line each, unless there is a flood of them.
 */


#ifndef _NGX_SLACK_LOG_H_INCLUDED_
#define _NGX_SLACK_LOG_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Like ngx_log_error(), for lines with values from outside: names, Slack's
 * errors, texts of libraries and files.  The whole line is scrubbed, see
 * ngx_slack_shown().  Any thread.
 */

void ngx_slack_log(ngx_uint_t level, ngx_log_t *log, ngx_err_t err,
    const char *fmt, ...);


/*
 * Like ngx_conf_log_error(), with the same scrubbing.  In the master when the
 * configuration is read.
 */

void ngx_slack_conf_log(ngx_uint_t level, ngx_conf_t *cf, ngx_err_t err,
    const char *fmt, ...);


#define NGX_SLACK_LOG_INTERVAL  60000        /* milliseconds */


/*
 * Lines that are written once a minute over all workers.  Where a line has
 * several causes, each cause has a minute of its own.
 */

typedef enum {
    NGX_SLACK_RARE_LEADER = 0,     /* the lock file is unusable */
    NGX_SLACK_RARE_NO_ENDPOINT,    /* messages wait for another instance */
    NGX_SLACK_RARE_RECEIVER,       /* the receiver does not answer as Slack */
    NGX_SLACK_RARE_ENCODED,        /* an encoded body is passed on */
    NGX_SLACK_RARE_FILTER,         /* a filter cannot judge, by cause */
    NGX_SLACK_RARE_CHANNEL,        /* a value is no channel, by route */
    NGX_SLACK_RARE_OUTBOX,         /* the outbox fails, by fault */
    NGX_SLACK_RARE_OUTBOX_MOVED,   /* the outbox's file was replaced */
    NGX_SLACK_RARE_OUTBOX_WORKS,   /* the outbox works again */
    NGX_SLACK_RARE_LAST
} ngx_slack_log_rare_e;


#define NGX_SLACK_RARE_CAUSES  32


/* When each line may be written next, in monotonic ms; zeroed by its owner. */

typedef struct {
    ngx_atomic_t                next[NGX_SLACK_RARE_LAST]
                                    [NGX_SLACK_RARE_CAUSES];
} ngx_slack_log_table_t;


/*
 * Makes this process use a table in shared memory.  The table must outlive the
 * process.  Until then, and after a call with NULL, a process has its own
 * table.  Before any thread logs.
 */

void ngx_slack_log_share(ngx_slack_log_table_t *table);


/* Lets each line be written again at once.  Any process. */

void ngx_slack_log_renew(ngx_slack_log_table_t *table);


/*
 * Whether a line may be written now.  Of all threads and processes that ask,
 * one gets 1.  "cause" is below NGX_SLACK_RARE_CAUSES, and 0 for lines with
 * one cause.  Any thread.
 */

ngx_uint_t ngx_slack_log_allowed(ngx_slack_log_rare_e line,
    ngx_uint_t cause);


#define NGX_SLACK_LOG_BURST  20              /* lines per second */


/*
 * The state of one kind of line in one process.  The caller owns and zeroes
 * it; in the event loop.
 */

typedef struct {
    ngx_msec_t                  since;
    ngx_uint_t                  lines;       /* since "since" */
    ngx_uint_t                  silent;      /* lines left out */
} ngx_slack_log_burst_t;


/*
 * Whether a line may be written now.  "now" is ngx_current_msec.  If it
 * returns 1, *silent is the number of lines that were left out before.
 */

ngx_uint_t ngx_slack_log_burst(ngx_slack_log_burst_t *burst, ngx_msec_t now,
    ngx_uint_t *silent);


#endif /* _NGX_SLACK_LOG_H_INCLUDED_ */
