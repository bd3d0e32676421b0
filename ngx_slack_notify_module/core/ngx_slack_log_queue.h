
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The log of pool threads.  When nginx reopens its logs (USR1), the event loop
 * closes the old descriptors.  A thread that has read the number of one and
 * writes a moment later would write into whatever has that number by then: a
 * client's connection, or the database.  So threads write to no file: their
 * lines wait in memory until the event loop writes them.
 *
 *   init_process         ngx_slack_log_queue_open()
 *   any thread           ngx_log_error(..., ngx_slack_log_threads(), ...)
 *   the descriptor is    ngx_slack_log_queue_flush()
 *   readable
 *   exit_process         ngx_slack_log_queue_close()
 */


#ifndef _NGX_SLACK_LOG_QUEUE_H_INCLUDED_
#define _NGX_SLACK_LOG_QUEUE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* of lines that wait; a line has up to NGX_MAX_ERROR_STR (2048) bytes */

#define NGX_SLACK_LOG_QUEUE_SIZE  262144     /* bytes */


/*
 * In the event loop of a worker, after the fork and before tasks are posted.
 * "level" is that of the cycle's log.  NGX_ERROR: logged.
 */

ngx_int_t ngx_slack_log_queue_open(ngx_uint_t level);

/* an eventfd that is readable while lines wait; the queue's, -1: not open */

ngx_fd_t ngx_slack_log_queue_fd(void);

/*
 * The log for whatever may run in a pool thread.  A line keeps the time and
 * the thread it is from.  If the event loop itself uses it, the line is
 * written at once, after those that wait.  Lives as long as the process;
 * without a queue it is the cycle's log.  Any thread.
 */

ngx_log_t *ngx_slack_log_threads(void);

/*
 * In the event loop: writes the lines that wait to all logs of the cycle whose
 * levels are high enough, as nginx does, and how many did not fit.
 */

void ngx_slack_log_queue_flush(void);

/* in the event loop, when no thread runs any more; flushes */

void ngx_slack_log_queue_close(void);


#endif /* _NGX_SLACK_LOG_QUEUE_H_INCLUDED_ */
