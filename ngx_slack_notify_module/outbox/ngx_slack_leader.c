
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The leader of this nginx in shared memory (see the header).  Runs in pool
 * threads.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_leader.h>
#include <ngx_slack_mutex.h>

#include <signal.h>


/* executed in a pool thread */

void
ngx_slack_leader_begins(ngx_slack_leader_t *leader, int64_t term,
    const char *name)
{
    ngx_slack_mutex_lock(leader->mutex);

    /* a process that dies here leaves a leader that nobody is */

    leader->pid = 0;
    ngx_memory_barrier();
    leader->term = term;
    (void) ngx_cpystrn((u_char *) leader->name, (u_char *) name,
                       NGX_SLACK_LEADER_NAME);
    ngx_memory_barrier();
    leader->pid = ngx_pid;

    ngx_slack_mutex_unlock(leader->mutex);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_leader_gone(ngx_slack_leader_t *leader, ngx_slack_leader_t *gone)
{
    ngx_slack_mutex_lock(leader->mutex);
    *gone = *leader;
    ngx_slack_mutex_unlock(leader->mutex);

    if (gone->pid == 0) {
        return NGX_DECLINED;
    }

    return (kill(gone->pid, 0) == -1 && ngx_errno == ESRCH) ? NGX_OK
                                                            : NGX_DECLINED;
}


/* executed in a pool thread */

void
ngx_slack_leader_forget(ngx_slack_leader_t *leader, ngx_slack_leader_t *gone)
{
    ngx_slack_mutex_lock(leader->mutex);

    if (leader->pid == gone->pid && leader->term == gone->term) {
        leader->pid = 0;
    }

    ngx_slack_mutex_unlock(leader->mutex);
}
