
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The leader's lock: flock() on a separate file.  Never touches the database.
 * Runs in a pool thread.  The file is opened after the fork, so that no other
 * process shares the lock.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <sys/file.h>

#include <ngx_slack_log.h>
#include <ngx_slack_sqlite_leader.h>


static ngx_uint_t ngx_slack_sqlite_leader_same(
    ngx_slack_sqlite_leader_t *leader);


void
ngx_slack_sqlite_leader_init(ngx_slack_sqlite_leader_t *leader)
{
    leader->path = NULL;
    leader->fd = NGX_INVALID_FILE;
    leader->term = 0;
    leader->held = 0;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_leader_try(ngx_slack_sqlite_leader_t *leader, ngx_log_t *log)
{
    const char  *call;

    if (leader->fd != NGX_INVALID_FILE
        && !ngx_slack_sqlite_leader_same(leader))
    {
        /* the file was removed, so other processes lock a new one */
        ngx_slack_sqlite_leader_release(leader);
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

        if (!ngx_slack_sqlite_leader_same(leader)) {
            ngx_slack_sqlite_leader_release(leader);
            return NGX_DECLINED;
        }

        leader->held = 1;
        leader->term++;

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


/* executed in a pool thread */

ngx_uint_t
ngx_slack_sqlite_leader_holds(ngx_slack_sqlite_leader_t *leader, int64_t term)
{
    return leader->held && leader->term == term
           && ngx_slack_sqlite_leader_same(leader);
}


void
ngx_slack_sqlite_leader_release(ngx_slack_sqlite_leader_t *leader)
{
    if (leader->fd != NGX_INVALID_FILE) {

        /* closing the file releases the lock */

        (void) close(leader->fd);
        leader->fd = NGX_INVALID_FILE;
    }

    leader->held = 0;
}


/* Returns 1 if the name still leads to the open file. */

static ngx_uint_t
ngx_slack_sqlite_leader_same(ngx_slack_sqlite_leader_t *leader)
{
    struct stat  a, b;

    if (fstat(leader->fd, &a) == -1 || stat(leader->path, &b) == -1) {
        return 0;
    }

    return a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}
