
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A fair lock between processes: who waits for it gets it before the one that
 * has just let it go.
 *
 * Two lock files do that.  Only one process at a time stands in the turn and
 * waits for the write lock; the one that wrote must take its turn again, and
 * it cannot overtake.  The kernel frees both when a process dies, but not when
 * it is stopped.
 */


#ifndef _NGX_SLACK_TURNSTILE_H_INCLUDED_
#define _NGX_SLACK_TURNSTILE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* used by one thread at a time; two of one process exclude each other too */

typedef struct {
    ngx_fd_t                    turn;        /* NGX_INVALID_FILE: not open */
    ngx_fd_t                    write;
} ngx_slack_turnstile_t;


void ngx_slack_turnstile_init(ngx_slack_turnstile_t *ts);

/*
 * opens, and creates when needed, the files of these NUL-terminated names;
 * NGX_ERROR: errno tells why, nothing is open
 */
ngx_int_t ngx_slack_turnstile_open(ngx_slack_turnstile_t *ts, char *turn,
    char *write);
void ngx_slack_turnstile_close(ngx_slack_turnstile_t *ts);

/*
 * blocks, but not for ever; NGX_ERROR: errno tells why, not locked;
 * NGX_ETIMEDOUT: whoever holds it does not go on
 */

ngx_int_t ngx_slack_turnstile_lock(ngx_slack_turnstile_t *ts);
void ngx_slack_turnstile_unlock(ngx_slack_turnstile_t *ts);


#endif /* _NGX_SLACK_TURNSTILE_H_INCLUDED_ */
