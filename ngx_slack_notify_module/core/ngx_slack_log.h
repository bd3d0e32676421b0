
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A lasting fault is worth a log line a minute, not one per request.
 */


#ifndef _NGX_SLACK_LOG_H_INCLUDED_
#define _NGX_SLACK_LOG_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_LOG_INTERVAL  60000        /* milliseconds */


/* one per cause, static and zeroed: counts for the whole process */

typedef struct {
    ngx_atomic_t                next;        /* monotonic ms, 0: at once */
} ngx_slack_log_limit_t;


/* may a line be written now?  Any thread */

ngx_uint_t ngx_slack_log_allowed(ngx_slack_log_limit_t *limit);


#endif /* _NGX_SLACK_LOG_H_INCLUDED_ */
