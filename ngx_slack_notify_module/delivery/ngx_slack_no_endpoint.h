
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Messages whose channel has no endpoint in the configuration of the leader.
 * All functions run in a pool thread.
 */


#ifndef _NGX_SLACK_NO_ENDPOINT_H_INCLUDED_
#define _NGX_SLACK_NO_ENDPOINT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_dispatcher_private.h>


/*
 * Warns in the log, once per channel, that messages of "dest" wait because the
 * leader has no endpoint for it.  At most 64 channels are remembered; further
 * ones are not warned of.  "dest" stays the caller's.  Notes the channel for
 * ngx_slack_no_endpoint_expire(), if there is room.
 */

void ngx_slack_no_endpoint(ngx_slack_dispatcher_t *d,
    ngx_slack_outbox_channel_t *dest);


/*
 * Makes dead letters of messages that have waited longer than "retry ...
 * for=" of their workspace, or 7 days if that is not in the configuration any
 * more, for the channels in d->unserved.  Errors are logged; the next scan
 * finds the messages again.
 */

void ngx_slack_no_endpoint_expire(ngx_slack_dispatcher_t *d);


/*
 * Stores in the outbox which channels the leader has endpoints for, so that
 * other instances can tell which of theirs are not delivered.  NGX_ERROR: no
 * memory or the outbox failed, logged; NGX_DECLINED: as from
 * ngx_slack_dispatcher_run().
 */

ngx_int_t ngx_slack_no_endpoint_tell(ngx_slack_dispatcher_t *d);


/*
 * While another process leads: warns at most once a minute of messages that
 * wait because the leader has no endpoint for them, but this nginx has one.
 */

void ngx_slack_no_endpoint_look(ngx_slack_dispatcher_t *d);


#endif /* _NGX_SLACK_NO_ENDPOINT_H_INCLUDED_ */
