
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The log of pool threads.  When nginx reopens its logs (USR1), the event loop
 * closes the old descriptors.  A thread that has read a descriptor's number
 * and writes a moment later would write into whatever has that number by then:
 * a client's connection, or the database.  Therefore threads write to no file:
 * their lines wait in memory until the event loop writes them.
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


/*
 * The memory for waiting lines; a line has up to NGX_MAX_ERROR_STR (2048)
 * bytes.
 */

#define NGX_SLACK_LOG_QUEUE_SIZE  262144     /* bytes */


/*
 * Opens the queue of this process, before any task is posted.  "level" is the
 * level of the cycle's log.  NGX_ERROR: no memory or no descriptor, logged.
 * In the event loop of a worker, after fork.
 */

ngx_int_t ngx_slack_log_queue_open(ngx_uint_t level);

/*
 * An eventfd that is readable while lines wait; -1 if the queue is not open.
 * The queue owns it.
 */

ngx_fd_t ngx_slack_log_queue_fd(void);

/*
 * The log for all that may run in a pool thread.  Each line keeps its time and
 * its thread's id.  In the event loop a line is written at once, after those
 * that wait.  The log lives as long as the process; without an open queue it
 * is the cycle's log.  Any thread.
 */

ngx_log_t *ngx_slack_log_threads(void);

/*
 * Writes the waiting lines to all logs of the cycle whose level admits them,
 * as nginx does, and then how many lines did not fit into the queue.  In the
 * event loop.
 */

void ngx_slack_log_queue_flush(void);

/*
 * Flushes and closes the queue.  In the event loop, when no thread runs any
 * more.
 */

void ngx_slack_log_queue_close(void);


#endif /* _NGX_SLACK_LOG_QUEUE_H_INCLUDED_ */
