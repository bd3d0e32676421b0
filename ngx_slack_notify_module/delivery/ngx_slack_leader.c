
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The leader lock: flock() of a file of its own, which the kernel frees when
 * its holder dies in whatever way.  Never touches the database.  Runs in a
 * pool thread; opened after fork, so that no other process shares the lock.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <sys/file.h>

#include <ngx_slack_leader.h>
#include <ngx_slack_log.h>


static ngx_int_t ngx_slack_leader_same(ngx_slack_leader_t *leader);


ngx_int_t
ngx_slack_leader_init(ngx_slack_leader_t *leader, ngx_str_t *address)
{
    u_char  *p;

    leader->fd = NGX_INVALID_FILE;
    leader->held = 0;

    leader->path = malloc(address->len + sizeof(".leader"));
    if (leader->path == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(leader->path, address->data, address->len);
    ngx_memcpy(p, ".leader", sizeof(".leader"));

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_leader_try(ngx_slack_leader_t *leader, ngx_log_t *log)
{
    const char  *call;

    if (leader->fd != NGX_INVALID_FILE
        && ngx_slack_leader_same(leader) != NGX_OK)
    {
        /* somebody removed the file: others lock a new one */
        ngx_slack_leader_release(leader);
    }

    if (leader->held) {
        return NGX_OK;
    }

    if (leader->fd == NGX_INVALID_FILE) {

        leader->fd = open(leader->path,
                          O_RDWR|O_CREAT|O_CLOEXEC|O_NOFOLLOW, 0600);

        if (leader->fd == NGX_INVALID_FILE) {
            call = "open()";
            goto failed;
        }
    }

    if (flock(leader->fd, LOCK_EX|LOCK_NB) == 0) {

        if (ngx_slack_leader_same(leader) != NGX_OK) {
            ngx_slack_leader_release(leader);
            return NGX_DECLINED;
        }

        leader->held = 1;
        return NGX_OK;
    }

    if (ngx_errno == NGX_EAGAIN || ngx_errno == NGX_EINTR) {
        return NGX_DECLINED;
    }

    call = "flock()";

failed:

    if (ngx_slack_log_allowed(NGX_SLACK_RARE_LEADER, 0)) {
        ngx_slack_log(NGX_LOG_CRIT, log, ngx_errno,
                      "%s \"%s\" failed: nothing is delivered to Slack; the "
                      "worker's user needs to write there",
                      call, leader->path);
    }

    return NGX_ERROR;
}


void
ngx_slack_leader_release(ngx_slack_leader_t *leader)
{
    if (leader->fd != NGX_INVALID_FILE) {

        /* closing it frees the lock */

        (void) close(leader->fd);
        leader->fd = NGX_INVALID_FILE;
    }

    leader->held = 0;
}


void
ngx_slack_leader_done(ngx_slack_leader_t *leader)
{
    ngx_slack_leader_release(leader);

    free(leader->path);
    leader->path = NULL;
}


/* is the file that is open still the one of that name? */

static ngx_int_t
ngx_slack_leader_same(ngx_slack_leader_t *leader)
{
    struct stat  a, b;

    if (fstat(leader->fd, &a) == -1 || stat(leader->path, &b) == -1) {
        return NGX_DECLINED;
    }

    return (a.st_ino == b.st_ino && a.st_dev == b.st_dev) ? NGX_OK
                                                          : NGX_DECLINED;
}
