
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The shared zone: the memory that all workers share, kept over reloads.
 *
 *   postconfiguration    ngx_slack_zone_add()
 *   init_process         ngx_slack_zone_use()
 *   afterwards           the other functions, in any thread
 */


#ifndef _NGX_SLACK_ZONE_H_INCLUDED_
#define _NGX_SLACK_ZONE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_counters.h>
#include <ngx_slack_history.h>
#include <ngx_slack_names.h>
#include <ngx_slack_outbox.h>
#include <ngx_slack_tokens.h>


/*
 * Adds the zone to the configuration; called once, and only if the
 * configuration uses the module.  "tag" is the module's address; "outbox"
 * stays the caller's and must live as long as the cycle.  nginx owns the zone.
 * NULL: no memory or a conflict, logged by nginx.  In the master.
 *
 * Before the workers start, nginx initialises the zone.  That also creates the
 * outbox's directory, and refuses a configuration whose outbox is unusable.
 */

ngx_shm_zone_t *ngx_slack_zone_add(ngx_conf_t *cf, void *tag,
    ngx_slack_outbox_conf_t *outbox);


/*
 * Adds the zone for the names that variables give to channels of "n"
 * workspaces, likewise.  It begins anew when the number changes.
 */

ngx_shm_zone_t *ngx_slack_zone_add_names(ngx_conf_t *cf, void *tag,
    ngx_uint_t n);


/*
 * Makes the zones known to this process; the one for names may be NULL.  In
 * the event loop, after fork.
 */

void ngx_slack_zone_use(ngx_shm_zone_t *zone, ngx_shm_zone_t *names);


/*
 * The shared counters, history and tokens, and the names, if any; owned by the
 * zones.  NULL before ngx_slack_zone_use().  Any thread.
 */

ngx_slack_counters_t *ngx_slack_zone_counters(void);
ngx_slack_history_t *ngx_slack_zone_history(void);
ngx_slack_tokens_t *ngx_slack_zone_tokens(void);
ngx_slack_names_t *ngx_slack_zone_names(void);


#endif /* _NGX_SLACK_ZONE_H_INCLUDED_ */
