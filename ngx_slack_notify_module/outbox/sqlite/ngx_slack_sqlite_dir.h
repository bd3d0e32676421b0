
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The directory of the outbox, which the master makes for the workers.
 *
 * nginx makes its temp paths by name: mkdir(), stat(), chown().  Who may
 * rename what lies above could have root chown() something else in between.
 * Here the master works on descriptors.  As root it makes nothing and gives
 * nothing away to which the path leads through a directory that the workers'
 * user, or anybody else but root, may change.
 */


#ifndef _NGX_SLACK_SQLITE_DIR_H_INCLUDED_
#define _NGX_SLACK_SQLITE_DIR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    ngx_str_t                   path;        /* absolute, NUL-terminated */
    ngx_core_conf_t            *core;        /* the workers' user, known when
                                                all is read */
    ngx_str_t                   file;        /* of slack_outbox, for errors */
    ngx_uint_t                  line;
} ngx_slack_sqlite_dir_t;


/*
 * In the master, when all is read.  Makes the directory if there is none,
 * with mode 0700; as root gives it to the workers' user.  A link to the
 * directory is followed if root has made it.  NGX_ERROR: logged.
 */

ngx_int_t ngx_slack_sqlite_dir_make(ngx_slack_sqlite_dir_t *dir,
    ngx_log_t *log);


#endif /* _NGX_SLACK_SQLITE_DIR_H_INCLUDED_ */
