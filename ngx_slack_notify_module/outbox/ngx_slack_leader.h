
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Which process of this nginx has become the leader, kept in shared memory for
 * engines whose terms last until a lease ends: if that process is gone, the
 * next one of the same nginx need not wait for the end, as it may end the term
 * for it.
 *
 * All functions may be called in any thread; they hold the mutex for less than
 * a microsecond.
 */


#ifndef _NGX_SLACK_LEADER_H_INCLUDED_
#define _NGX_SLACK_LEADER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* bytes of the name by which an engine knows a leader, with its NUL */
#define NGX_SLACK_LEADER_NAME  128


/* in shared memory, zeroed by its creator but for "mutex" */

typedef struct {
    ngx_shmtx_t                *mutex;
    ngx_pid_t                   pid;         /* 0: nobody */
    int64_t                     term;
    char                        name[NGX_SLACK_LEADER_NAME];
} ngx_slack_leader_t;


/* Notes that this process has begun a term. */

void ngx_slack_leader_begins(ngx_slack_leader_t *leader, int64_t term,
    const char *name);


/*
 * Copies what is known of the leader if its process is gone, so that nothing
 * of it is under way but what the kernel and servers have already.
 * NGX_DECLINED: there is none, or the process is there, if only stopped, or
 * another one with the same number.
 */

ngx_int_t ngx_slack_leader_gone(ngx_slack_leader_t *leader,
    ngx_slack_leader_t *gone);


/* Forgets a leader whose term was ended, unless another one has begun. */

void ngx_slack_leader_forget(ngx_slack_leader_t *leader,
    ngx_slack_leader_t *gone);


#endif /* _NGX_SLACK_LEADER_H_INCLUDED_ */
