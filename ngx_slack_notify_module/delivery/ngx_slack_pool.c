
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * How many threads a thread pool has: nginx does not tell, as its structure
 * is private to ngx_thread_pool.c.  Runs in the master.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_log.h>
#include <ngx_slack_pool.h>
#include <ngx_slack_threads.h>


/*
 * ngx_thread_pool_s as it has been since nginx 1.7.11; if it ever changes,
 * the name is not found where it is expected
 */

typedef struct {
    ngx_thread_mutex_t          mtx;
    void                       *first;
    void                       *last;
    ngx_int_t                   waiting;
    ngx_thread_cond_t           cond;
    ngx_log_t                  *log;
    ngx_str_t                   name;
    ngx_uint_t                  threads;
    ngx_int_t                   max_queue;
    u_char                     *file;
    ngx_uint_t                  line;
} ngx_slack_pool_t;


ngx_uint_t
ngx_slack_pool_threads(ngx_thread_pool_t *pool, ngx_str_t *name,
    ngx_log_t *log)
{
    ngx_slack_pool_t  *tp;

    tp = (ngx_slack_pool_t *) pool;

    if (tp->name.len != name->len
        || ngx_memcmp(tp->name.data, name->data, name->len) != 0)
    {
        ngx_slack_log(NGX_LOG_NOTICE, log, 0,
                      "cannot tell whether thread pool \"%V\" has the "
                      "%d threads that slack_thread_pool should have",
                      name, NGX_SLACK_THREADS);
        return 0;
    }

    if (tp->threads < NGX_SLACK_THREADS) {
        ngx_slack_log(NGX_LOG_WARN, log, 0,
                      "thread pool \"%V\" has too few threads for "
                      "slack_thread_pool, use \"threads=%d\" or more in "
                      "%s:%ui", name, NGX_SLACK_THREADS, tp->file, tp->line);
    }

    return tp->threads;
}
