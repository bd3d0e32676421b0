
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The shared zone: what all workers share, over reloads too.
 *
 *   postconfiguration    ngx_slack_zone_add()
 *   init_process         ngx_slack_zone_use()
 *   afterwards           the others, in any thread
 */


#ifndef _NGX_SLACK_ZONE_H_INCLUDED_
#define _NGX_SLACK_ZONE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_counters.h>
#include <ngx_slack_history.h>
#include <ngx_slack_outbox.h>


/*
 * When the configuration is read, if it uses the module at all.  "tag" is the
 * module's address; the outbox lives as long as the cycle.  NULL: logged.
 * Before the workers start the directory of the outbox is made, and a
 * configuration whose outbox cannot be used is refused
 */

ngx_shm_zone_t *ngx_slack_zone_add(ngx_conf_t *cf, void *tag,
    ngx_slack_outbox_conf_t *outbox);


/* in the event loop of each process, after the fork */

void ngx_slack_zone_use(ngx_shm_zone_t *zone);


/* NULL before ngx_slack_zone_use() */

ngx_slack_counters_t *ngx_slack_zone_counters(void);
ngx_slack_history_t *ngx_slack_zone_history(void);


#endif /* _NGX_SLACK_ZONE_H_INCLUDED_ */
