
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Creates the directory of the outbox.  Knows files only.  Runs in the master,
 * which has no threads, before it starts workers.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_log.h>
#include <ngx_slack_sqlite_dir.h>

#include <grp.h>


#define NGX_SLACK_SQLITE_LINKS   16          /* symbolic links in a path */
#define NGX_SLACK_SQLITE_GROUPS  64          /* of the workers' user */


/* the state of a walk along the path */

typedef struct {
    ngx_slack_sqlite_dir_t     *dir;
    ngx_log_t                  *log;
    int                         fd;          /* the present directory */
    char                        rest[NGX_MAX_PATH];
    ngx_uint_t                  links;
    unsigned                    open:1;      /* other users may change the path
                                                so far */
    gid_t                       groups[NGX_SLACK_SQLITE_GROUPS];
    int                         ngroups;
} ngx_slack_sqlite_path_t;


static ngx_int_t ngx_slack_sqlite_dir_walk(ngx_slack_sqlite_path_t *walk);
static ngx_int_t ngx_slack_sqlite_dir_enter(ngx_slack_sqlite_path_t *walk,
    const char *name);
static ngx_int_t ngx_slack_sqlite_dir_follow(ngx_slack_sqlite_path_t *walk,
    const char *name, char *rest, struct stat *st);
static ngx_int_t ngx_slack_sqlite_dir_give(ngx_slack_sqlite_path_t *walk);
static ngx_int_t ngx_slack_sqlite_dir_own(ngx_slack_sqlite_path_t *walk,
    int fd);
static void ngx_slack_sqlite_dir_groups(ngx_slack_sqlite_path_t *walk);
static ngx_uint_t ngx_slack_sqlite_dir_safe(ngx_slack_sqlite_path_t *walk,
    struct stat *st);
static ngx_int_t ngx_slack_sqlite_dir_failed(ngx_slack_sqlite_path_t *walk,
    const char *call);
static ngx_int_t ngx_slack_sqlite_dir_refuse(ngx_slack_sqlite_path_t *walk);


ngx_int_t
ngx_slack_sqlite_dir_make(ngx_slack_sqlite_dir_t *dir, ngx_log_t *log)
{
    ngx_int_t                rc;
    ngx_slack_sqlite_path_t  walk;

    ngx_memzero(&walk, sizeof(ngx_slack_sqlite_path_t));

    walk.dir = dir;
    walk.log = log;
    walk.fd = -1;

    /*
     * an unprivileged master has the same rights as the workers, so mkdir() by
     * name gives nothing away
     */

    if (geteuid() != 0) {
        if (mkdir((char *) dir->path.data, 0700) == -1
            && ngx_errno != NGX_EEXIST)
        {
            return ngx_slack_sqlite_dir_failed(&walk, "mkdir()");
        }

        return NGX_OK;
    }

    ngx_slack_sqlite_dir_groups(&walk);

    rc = ngx_slack_sqlite_dir_walk(&walk);

    if (rc == NGX_OK) {
        rc = ngx_slack_sqlite_dir_give(&walk);
    }

    if (walk.fd != -1) {
        (void) close(walk.fd);
    }

    return rc;
}


/*
 * Enters the directory that contains the last component of the path, and
 * leaves that component in walk->rest.
 */

static ngx_int_t
ngx_slack_sqlite_dir_walk(ngx_slack_sqlite_path_t *walk)
{
    char        *name, *next;
    ngx_int_t    rc;
    struct stat  st;

    if (walk->dir->path.len >= sizeof(walk->rest)) {
        ngx_set_errno(ENAMETOOLONG);
        return ngx_slack_sqlite_dir_failed(walk, "open()");
    }

    (void) ngx_cpystrn((u_char *) walk->rest, walk->dir->path.data,
                       sizeof(walk->rest));

    if (ngx_slack_sqlite_dir_enter(walk, "/") != NGX_OK) {
        return NGX_ERROR;
    }

    name = walk->rest;

    for ( ;; ) {

        while (*name == '/') {
            name++;
        }

        next = strchr(name, '/');

        if (next) {
            *next++ = '\0';

            while (*next == '/') {
                next++;
            }
        }

        if (fstatat(walk->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0
            && S_ISLNK(st.st_mode))
        {
            rc = ngx_slack_sqlite_dir_follow(walk, name, next, &st);

            if (rc != NGX_OK) {
                return rc;
            }

            name = walk->rest;
            continue;
        }

        if (next == NULL || *next == '\0') {

            if (*name == '\0') {
                name = ".";
            }

            ngx_memmove(walk->rest, name, strlen(name) + 1);

            return NGX_OK;
        }

        if (ngx_slack_sqlite_dir_enter(walk, name) != NGX_OK) {
            return NGX_ERROR;
        }

        name = next;
    }
}


/* "name" was not a link; if it has become one meanwhile, O_NOFOLLOW fails */

static ngx_int_t
ngx_slack_sqlite_dir_enter(ngx_slack_sqlite_path_t *walk, const char *name)
{
    int          fd;
    struct stat  st;

    fd = openat(walk->fd, name, O_PATH|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC);

    if (fd == -1) {
        return ngx_slack_sqlite_dir_failed(walk, "open()");
    }

    if (walk->fd != -1) {
        (void) close(walk->fd);
    }

    walk->fd = fd;

    if (fstat(fd, &st) == -1) {
        return ngx_slack_sqlite_dir_failed(walk, "fstat()");
    }

    if (!ngx_slack_sqlite_dir_safe(walk, &st)) {
        walk->open = 1;
    }

    return NGX_OK;
}


/* replaces the link in the path by its target */

static ngx_int_t
ngx_slack_sqlite_dir_follow(ngx_slack_sqlite_path_t *walk, const char *name,
    char *rest, struct stat *st)
{
    char     to[NGX_MAX_PATH], path[NGX_MAX_PATH];
    size_t   len;
    ssize_t  n;

    if (st->st_uid != 0) {
        walk->open = 1;
    }

    if (walk->links++ == NGX_SLACK_SQLITE_LINKS) {
        ngx_set_errno(NGX_ELOOP);
        return ngx_slack_sqlite_dir_failed(walk, "open()");
    }

    n = readlinkat(walk->fd, name, to, sizeof(to) - 1);

    if (n == -1) {
        return ngx_slack_sqlite_dir_failed(walk, "readlink()");
    }

    to[n] = '\0';

    len = rest ? strlen(rest) : 0;

    if ((size_t) n + 1 + len >= sizeof(path)) {
        ngx_set_errno(ENAMETOOLONG);
        return ngx_slack_sqlite_dir_failed(walk, "open()");
    }

    (void) ngx_sprintf((u_char *) path, "%s%s%s%Z", to, len ? "/" : "",
                       len ? rest : "");
    (void) ngx_cpystrn((u_char *) walk->rest, (u_char *) path,
                       sizeof(walk->rest));

    return (to[0] == '/') ? ngx_slack_sqlite_dir_enter(walk, "/") : NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_dir_give(ngx_slack_sqlite_path_t *walk)
{
    int        fd;
    ngx_int_t  rc;

    fd = openat(walk->fd, walk->rest,
                O_RDONLY|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC);

    if (fd == -1 && ngx_errno == NGX_ENOENT) {

        if (walk->open) {
            return ngx_slack_sqlite_dir_refuse(walk);
        }

        if (mkdirat(walk->fd, walk->rest, 0700) == -1
            && ngx_errno != NGX_EEXIST)
        {
            return ngx_slack_sqlite_dir_failed(walk, "mkdir()");
        }

        fd = openat(walk->fd, walk->rest,
                    O_RDONLY|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC);
    }

    if (fd == -1) {
        return ngx_slack_sqlite_dir_failed(walk, "open()");
    }

    rc = ngx_slack_sqlite_dir_own(walk, fd);

    (void) close(fd);

    return rc;
}


/* Works on the open descriptor, as the name may lead elsewhere by now. */

static ngx_int_t
ngx_slack_sqlite_dir_own(ngx_slack_sqlite_path_t *walk, int fd)
{
    ngx_uid_t    user;
    struct stat  st;

    user = walk->dir->core->user;

    if (fstat(fd, &st) == -1) {
        return ngx_slack_sqlite_dir_failed(walk, "fstat()");
    }

    if (st.st_uid != user) {

        if (walk->open) {
            return ngx_slack_sqlite_dir_refuse(walk);
        }

        if (fchown(fd, user, (gid_t) -1) == -1) {
            return ngx_slack_sqlite_dir_failed(walk, "chown()");
        }
    }

    if ((st.st_mode & S_IRWXU) != S_IRWXU
        && fchmod(fd, (st.st_mode & 07777) | S_IRWXU) == -1)
    {
        return ngx_slack_sqlite_dir_failed(walk, "chmod()");
    }

    return NGX_OK;
}


/* the groups of the workers, as initgroups() will set them */

static void
ngx_slack_sqlite_dir_groups(ngx_slack_sqlite_path_t *walk)
{
    ngx_core_conf_t  *core;

    core = walk->dir->core;

    walk->groups[0] = core->group;
    walk->ngroups = NGX_SLACK_SQLITE_GROUPS;

    /*
     * If there are more groups, only the first ones are used.  Without a
     * username, only core->group is used.
     */

    if (core->username == NULL
        || getgrouplist(core->username, core->group, walk->groups,
                        &walk->ngroups)
           == -1)
    {
        walk->ngroups = (core->username == NULL) ? 1
                                                 : NGX_SLACK_SQLITE_GROUPS;
    }
}


/*
 * Returns 1 if only root, and groups without the workers, can change the
 * contents of the directory.
 */

static ngx_uint_t
ngx_slack_sqlite_dir_safe(ngx_slack_sqlite_path_t *walk, struct stat *st)
{
    int  i;

    if (st->st_uid != 0) {
        return 0;
    }

    /* sticky: users may rename and remove only their own files */

    if (st->st_mode & S_ISVTX) {
        return 1;
    }

    if (st->st_mode & S_IWOTH) {
        return 0;
    }

    if (st->st_mode & S_IWGRP) {
        for (i = 0; i < walk->ngroups; i++) {
            if (walk->groups[i] == st->st_gid) {
                return 0;
            }
        }
    }

    return 1;
}


static ngx_int_t
ngx_slack_sqlite_dir_failed(ngx_slack_sqlite_path_t *walk, const char *call)
{
    ngx_slack_log(NGX_LOG_EMERG, walk->log, ngx_errno,
                  "%s of \"%V\", the directory of the outbox, failed in "
                  "%V:%ui", call, &walk->dir->path, &walk->dir->file,
                  walk->dir->line);

    return NGX_ERROR;
}


static ngx_int_t
ngx_slack_sqlite_dir_refuse(ngx_slack_sqlite_path_t *walk)
{
    ngx_slack_log(NGX_LOG_EMERG, walk->log, 0,
                  "\"%V\" leads through a directory or a link that others "
                  "than root may change: root does not make the directory of "
                  "the outbox there or give it to user \"%s\", do so yourself "
                  "or name another in %V:%ui",
                  &walk->dir->path, walk->dir->core->username,
                  &walk->dir->file, walk->dir->line);

    return NGX_ERROR;
}
