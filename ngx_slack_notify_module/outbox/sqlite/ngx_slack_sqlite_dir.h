
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Creates the directory of the outbox for the workers.  Runs in the master.
 *
 * nginx creates its temporary paths by name: mkdir(), stat(), chown().  A user
 * who may rename a directory above could make root chown() something else in
 * between.  So the master works on descriptors here.  As root it creates
 * nothing, and changes the owner of nothing, below a directory that the
 * workers' user, or any user but root, may change.
 */


#ifndef _NGX_SLACK_SQLITE_DIR_H_INCLUDED_
#define _NGX_SLACK_SQLITE_DIR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    ngx_str_t                   path;        /* absolute, NUL-terminated */
    ngx_core_conf_t            *core;        /* has the workers' user, once all
                                                of the configuration is read */
    ngx_str_t                   file;        /* place of slack_outbox, for
                                                errors */
    ngx_uint_t                  line;
} ngx_slack_sqlite_dir_t;


/*
 * Creates the directory with mode 0700 if it does not exist; as root, gives it
 * to the workers' user.  A symbolic link in the path that root does not own
 * counts as a directory that others may change.  Called in the master when the
 * whole configuration is read.  "dir" belongs to the caller.  NGX_ERROR:
 * logged.
 */

ngx_int_t ngx_slack_sqlite_dir_make(ngx_slack_sqlite_dir_t *dir,
    ngx_log_t *log);


#endif /* _NGX_SLACK_SQLITE_DIR_H_INCLUDED_ */
