
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
 * Delivery holds a thread as long as it leads, appends need another.  To be
 * called when the whole configuration was read; NGX_ERROR: too few, logged.
 */

ngx_int_t ngx_slack_pool_check(ngx_thread_pool_t *pool, ngx_str_t *name,
    ngx_log_t *log);


#endif /* _NGX_SLACK_POOL_H_INCLUDED_ */
