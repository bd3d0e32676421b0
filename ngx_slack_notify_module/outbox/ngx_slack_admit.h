
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Decides whether a new configuration may be used with the outbox it names.
 * It is refused if this version of the module does not know the form of that
 * outbox while another configuration or nginx binary, which may know it, is
 * running.
 */


#ifndef _NGX_SLACK_ADMIT_H_INCLUDED_
#define _NGX_SLACK_ADMIT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_outbox.h>


/*
 * Checks the outbox of "conf" against the new "cycle".  Call it in the master,
 * when the whole configuration is read and before it is used.  Blocks for at
 * most 5 seconds while a child process examines the outbox.  Takes ownership
 * of nothing.
 *
 * Returns NGX_OK, or NGX_ERROR (logged) if the reload or the upgrade of the
 * binary is to be refused.  When nginx starts, the result is always NGX_OK:
 * nginx without webhooks is better than no nginx, and webhooks are answered
 * with 503.
 */

ngx_int_t ngx_slack_admit(ngx_slack_outbox_conf_t *conf, ngx_cycle_t *cycle,
    ngx_log_t *log);

/*
 * Warns if messages wait in "left", the outbox of the configuration before,
 * and "conf" has another one.  Call it in the master at a reload, likewise.
 */

void ngx_slack_admit_left(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_conf_t *left, ngx_cycle_t *cycle, ngx_log_t *log);


#endif /* _NGX_SLACK_ADMIT_H_INCLUDED_ */
