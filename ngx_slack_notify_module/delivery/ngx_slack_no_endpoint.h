
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Messages whose channel has no endpoint in the configuration.  All in a pool
 * thread.
 */


#ifndef _NGX_SLACK_NO_ENDPOINT_H_INCLUDED_
#define _NGX_SLACK_NO_ENDPOINT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_dispatcher_private.h>


/* the leader has messages for such a channel: a warning, once per channel */

void ngx_slack_no_endpoint(ngx_slack_dispatcher_t *d,
    ngx_slack_outbox_channel_t *dest);


/*
 * Stores in the outbox which channels the leader has endpoints for, so that
 * other instances can tell which of theirs are not delivered.  NGX_ERROR:
 * logged; NGX_DECLINED: see ngx_slack_dispatcher_run()
 */

ngx_int_t ngx_slack_no_endpoint_tell(ngx_slack_dispatcher_t *d);


/*
 * While another process leads: warns once a minute of messages that wait
 * because the leader has no endpoint for them, and this nginx has
 */

void ngx_slack_no_endpoint_look(ngx_slack_dispatcher_t *d);


#endif /* _NGX_SLACK_NO_ENDPOINT_H_INCLUDED_ */
