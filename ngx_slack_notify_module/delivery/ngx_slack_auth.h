
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * auth.test: learns team, bot and scopes of a token, for the log and the
 * status.  Nothing waits for it, and its failure is only logged.
 */


#ifndef _NGX_SLACK_AUTH_H_INCLUDED_
#define _NGX_SLACK_AUTH_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_dispatcher_private.h>


/*
 * Sends auth.test once in a term, unless the token is known already.  Called
 * beside the first post of the token; in a pool thread.
 */

void ngx_slack_auth_test(ngx_slack_dispatcher_t *d,
    ngx_slack_schedule_workspace_t *workspace, ngx_slack_endpoint_t *conf,
    ngx_slack_schedule_endpoint_t *endpoint);


/* Sends auth.test for the tokens that an operator has asked about. */

void ngx_slack_auth_asked(ngx_slack_dispatcher_t *d);


#endif /* _NGX_SLACK_AUTH_H_INCLUDED_ */
