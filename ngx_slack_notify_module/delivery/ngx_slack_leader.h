
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * One leader for an outbox, over generations of workers and instances of
 * nginx: who holds the lock of a file beside it.
 */


#ifndef _NGX_SLACK_LEADER_H_INCLUDED_
#define _NGX_SLACK_LEADER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    char                       *path;       /* the lock file */
    ngx_fd_t                    fd;         /* NGX_INVALID_FILE: not open */
    unsigned                    held:1;
} ngx_slack_leader_t;


/* "address": of the outbox, a path; NGX_ERROR: no memory */

ngx_int_t ngx_slack_leader_init(ngx_slack_leader_t *leader,
    ngx_str_t *address);


/*
 * In a pool thread: NGX_OK, this process leads; NGX_DECLINED, another does;
 * NGX_ERROR, the file cannot be used, logged once a minute
 */

ngx_int_t ngx_slack_leader_try(ngx_slack_leader_t *leader, ngx_log_t *log);


/* any thread, but not while another one tries */

void ngx_slack_leader_release(ngx_slack_leader_t *leader);


void ngx_slack_leader_done(ngx_slack_leader_t *leader);


#endif /* _NGX_SLACK_LEADER_H_INCLUDED_ */
