
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The registry of outbox engines, the only list of them.  It is read in the
 * master, when the configuration is read.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_engine.h>


extern ngx_slack_outbox_engine_t  ngx_slack_sqlite_engine;
#if (NGX_SLACK_HAVE_POSTGRES)
extern ngx_slack_outbox_engine_t  ngx_slack_postgres_engine;
#endif


ngx_slack_outbox_engine_t  *ngx_slack_engines[] = {
    &ngx_slack_sqlite_engine,
#if (NGX_SLACK_HAVE_POSTGRES)
    &ngx_slack_postgres_engine,
#endif
    NULL
};
