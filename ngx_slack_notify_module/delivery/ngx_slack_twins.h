
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Channels that have several names in the configuration, such as "#dev" and
 * "C024BE91L", but are one channel in Slack.  They have one pace, and their
 * messages are sent in the order in which they were stored.  All functions run
 * in a pool thread.
 */


#ifndef _NGX_SLACK_TWINS_H_INCLUDED_
#define _NGX_SLACK_TWINS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_dispatcher_private.h>


/*
 * Sets the ID by which Slack knows the channel.  Warns, once in a term, of
 * another name for it.
 */

void ngx_slack_twins_identify(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, ngx_str_t *id);


/* Whether a post to another name of the channel is in flight. */

ngx_uint_t ngx_slack_twins_post(ngx_slack_channel_t *ch);


/*
 * The id of the oldest message for another name of the channel; INT64_MAX:
 * there is none.  If it is below "id", that name gets its turn now.
 */

int64_t ngx_slack_twins_oldest(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, int64_t id);


#endif /* _NGX_SLACK_TWINS_H_INCLUDED_ */
