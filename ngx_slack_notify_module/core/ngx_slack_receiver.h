
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Who understands the messages of a workspace: Slack, or a service with
 * webhooks in Slack's format.
 */


#ifndef _NGX_SLACK_RECEIVER_H_INCLUDED_
#define _NGX_SLACK_RECEIVER_H_INCLUDED_


#define NGX_SLACK_RECEIVER_SLACK       0
#define NGX_SLACK_RECEIVER_MATTERMOST  1      /* also Rocket.Chat */
#define NGX_SLACK_RECEIVER_DISCORD     2
#define NGX_SLACK_RECEIVER_MAX         3


#endif /* _NGX_SLACK_RECEIVER_H_INCLUDED_ */
