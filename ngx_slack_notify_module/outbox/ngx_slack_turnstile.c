
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The fair lock between processes.  Knows files and flock(2) only; runs in
 * pool threads: locking may block.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_turnstile.h>

#include <sys/file.h>


static ngx_fd_t ngx_slack_turnstile_open_file(char *name);
static ngx_int_t ngx_slack_turnstile_flock(ngx_fd_t fd, int operation);


void
ngx_slack_turnstile_init(ngx_slack_turnstile_t *ts)
{
    ts->turn = NGX_INVALID_FILE;
    ts->write = NGX_INVALID_FILE;
}


ngx_int_t
ngx_slack_turnstile_open(ngx_slack_turnstile_t *ts, char *turn, char *write)
{
    ngx_err_t  err;

    if (ts->write != NGX_INVALID_FILE) {
        return NGX_OK;
    }

    ts->turn = ngx_slack_turnstile_open_file(turn);
    if (ts->turn == NGX_INVALID_FILE) {
        return NGX_ERROR;
    }

    ts->write = ngx_slack_turnstile_open_file(write);

    if (ts->write == NGX_INVALID_FILE) {
        err = ngx_errno;
        ngx_slack_turnstile_close(ts);
        ngx_set_errno(err);

        return NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_slack_turnstile_close(ngx_slack_turnstile_t *ts)
{
    if (ts->turn != NGX_INVALID_FILE) {
        (void) close(ts->turn);
    }

    if (ts->write != NGX_INVALID_FILE) {
        (void) close(ts->write);
    }

    ngx_slack_turnstile_init(ts);
}


ngx_int_t
ngx_slack_turnstile_lock(ngx_slack_turnstile_t *ts)
{
    ngx_int_t  rc;
    ngx_err_t  err;

    if (ngx_slack_turnstile_flock(ts->turn, LOCK_EX) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_slack_turnstile_flock(ts->write, LOCK_EX);
    err = ngx_errno;

    (void) ngx_slack_turnstile_flock(ts->turn, LOCK_UN);

    ngx_set_errno(err);

    return rc;
}


void
ngx_slack_turnstile_unlock(ngx_slack_turnstile_t *ts)
{
    (void) ngx_slack_turnstile_flock(ts->write, LOCK_UN);
}


static ngx_fd_t
ngx_slack_turnstile_open_file(char *name)
{
    return open(name, O_RDWR|O_CREAT|O_CLOEXEC, S_IRUSR|S_IWUSR);
}


static ngx_int_t
ngx_slack_turnstile_flock(ngx_fd_t fd, int operation)
{
    while (flock(fd, operation) == -1) {
        if (ngx_errno != NGX_EINTR) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
