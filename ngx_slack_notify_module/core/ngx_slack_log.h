
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
 * ngx_slack_text_shown().  Any thread
 */

void ngx_slack_log(ngx_uint_t level, ngx_log_t *log, ngx_err_t err,
    const char *fmt, ...);


/* ngx_conf_log_error() in the same way; when the configuration is read */

void ngx_slack_conf_log(ngx_uint_t level, ngx_conf_t *cf, ngx_err_t err,
    const char *fmt, ...);


#define NGX_SLACK_LOG_INTERVAL  60000        /* milliseconds */


/*
 * one per cause, static and zeroed; counts for the whole process, or for all
 * that were forked from the same one, if they share a table
 */

typedef struct {
    ngx_atomic_t                next;        /* monotonic ms, 0: at once */
} ngx_slack_log_limit_t;


#define NGX_SLACK_LOG_SLOTS  64

typedef struct {
    ngx_atomic_t                owner;       /* limit's address, 0: free */
    ngx_slack_log_limit_t       limit;
} ngx_slack_log_slot_t;

typedef struct {
    ngx_slack_log_slot_t        slots[NGX_SLACK_LOG_SLOTS];
} ngx_slack_log_table_t;


/* in shared memory, zeroed; before threads use limits.  NULL: not shared */

void ngx_slack_log_share(ngx_slack_log_table_t *table);


/* each cause may be told at once again */

void ngx_slack_log_renew(ngx_slack_log_table_t *table);


/* may a line be written now?  Any thread */

ngx_uint_t ngx_slack_log_allowed(ngx_slack_log_limit_t *limit);


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
