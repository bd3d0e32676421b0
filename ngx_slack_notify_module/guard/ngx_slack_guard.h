
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The guard of locations that Slack sends requests to: slash commands,
 * interactivity and events.  A request goes on to what the location does only
 * if Slack has signed it with a secret of the location, a short time ago:
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 *
 * This is a module of nginx of its own, because a request may pass a guard and
 * then be redirected to a location with routes.  Its functions run in the
 * event loop unless marked otherwise.
 */


#ifndef _NGX_SLACK_GUARD_H_INCLUDED_
#define _NGX_SLACK_GUARD_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <ngx_slack_guard_claim.h>


/* How often requests ended so, over all workers, since nginx was started. */

typedef struct {
    ngx_atomic_t                n[NGX_SLACK_GUARD_LAST];
} ngx_slack_guard_counters_t;


/* the configuration of http{} */

typedef struct {
    ngx_uint_t                  used;        /* by any location */
    ngx_shm_zone_t             *zone;        /* NULL unless used; its data are
                                                the counters */
} ngx_slack_guard_main_conf_t;


/* the configuration of a location */

typedef struct {
    ngx_array_t                *secrets;     /* ngx_str_t; NULL: no guard */
    ngx_str_t                   file;        /* of the directive */
    ngx_uint_t                  line;
} ngx_slack_guard_conf_t;


extern ngx_module_t  ngx_slack_guard_module;


/* ngx_slack_guard_result.c */

/* The counters of the cycle; NULL if no location has a guard. */

ngx_slack_guard_counters_t *ngx_slack_guard_counters(ngx_cycle_t *cycle);


/* ngx_slack_guard_handler.c */

/* Installs the filter of request bodies. */

void ngx_slack_guard_body_init(void);

/*
 * The handler of the rewrite phase.  It remembers which guards the request has
 * met, before "rewrite" can take it to another location.
 */

ngx_int_t ngx_slack_guard_enter(ngx_http_request_t *r);

/*
 * The handler of the precontent phase.  It comes after the limits and the
 * access of a location, which "satisfy any" therefore does not confuse with
 * it, and before "mirror", "try_files" and the content handler.
 */

ngx_int_t ngx_slack_guard_handler(ngx_http_request_t *r);


#endif /* _NGX_SLACK_GUARD_H_INCLUDED_ */
