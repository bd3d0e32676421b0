
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * How many threads a thread pool has.
 */


#ifndef _NGX_SLACK_POOL_H_INCLUDED_
#define _NGX_SLACK_POOL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_thread_pool.h>


/*
 * To be called when the whole configuration was read; 0: it cannot be told.
 * Logs a warning if there are fewer than are good, see ngx_slack_threads.h.
 */

ngx_uint_t ngx_slack_pool_threads(ngx_thread_pool_t *pool, ngx_str_t *name,
    ngx_log_t *log);


#endif /* _NGX_SLACK_POOL_H_INCLUDED_ */
