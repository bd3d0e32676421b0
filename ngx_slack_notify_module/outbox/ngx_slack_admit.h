
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Whether a configuration may be used with the outbox it names: not if the
 * outbox is of a form that this version of the module does not know, and
 * another configuration, or another nginx, is at work that may know it.
 */


#ifndef _NGX_SLACK_ADMIT_H_INCLUDED_
#define _NGX_SLACK_ADMIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_outbox.h>


/*
 * In the master, when all of the new "cycle" is read, before it is used.
 * Waits for the engine, five seconds at most.
 *
 * NGX_ERROR: the reload, or the upgrade of the binary, is to be refused,
 * logged.  When nginx starts it always is NGX_OK: an nginx without webhooks is
 * better than none, and they are answered 503.
 */

ngx_int_t ngx_slack_admit(ngx_slack_outbox_conf_t *conf, ngx_cycle_t *cycle,
    ngx_log_t *log);


#endif /* _NGX_SLACK_ADMIT_H_INCLUDED_ */
