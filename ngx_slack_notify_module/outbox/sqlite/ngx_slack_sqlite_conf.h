
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The configuration of the SQLite engine.  All functions run in the master
 * when the configuration is read, except ngx_slack_sqlite_describe(), which
 * may run in any thread.
 */


#ifndef _NGX_SLACK_SQLITE_CONF_H_INCLUDED_
#define _NGX_SLACK_SQLITE_CONF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_engine.h>
#include <ngx_slack_sqlite_dir.h>


/* the type of conf->own */

typedef struct {
    ngx_uint_t                  sync;        /* NGX_SLACK_SQLITE_SYNC_… */
    ngx_slack_sqlite_dir_t      dir;         /* directory of the file */
} ngx_slack_sqlite_conf_t;

#define NGX_SLACK_SQLITE_SYNC_NORMAL  0
#define NGX_SLACK_SQLITE_SYNC_FULL    1


extern ngx_slack_outbox_param_t  ngx_slack_sqlite_params[];


/* functions of the engine; the contract is in ngx_slack_engine.h */

void *ngx_slack_sqlite_create_conf(ngx_pool_t *pool);
ngx_int_t ngx_slack_sqlite_set_default(ngx_slack_outbox_conf_t *conf,
    ngx_pool_t *pool, ngx_str_t *place);
char *ngx_slack_sqlite_check(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf);
ngx_int_t ngx_slack_sqlite_complete(ngx_slack_outbox_conf_t *conf,
    ngx_conf_t *cf);
ngx_int_t ngx_slack_sqlite_prepare(ngx_slack_outbox_conf_t *conf,
    ngx_log_t *log);
void ngx_slack_sqlite_describe(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_description_t *description);


#endif /* _NGX_SLACK_SQLITE_CONF_H_INCLUDED_ */
