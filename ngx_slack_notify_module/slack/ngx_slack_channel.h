
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What is a channel: the words by which operators name one, and whether a
 * workspace may send there.  The configuration and values that are known only
 * when an event has come are judged alike.  The functions are pure, and run in
 * any thread.
 */


#ifndef _NGX_SLACK_CHANNEL_H_INCLUDED_
#define _NGX_SLACK_CHANNEL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_workspace.h>


#define NGX_SLACK_CHANNEL_MAX   80       /* Slack's limit, characters */

/* in bytes: the longest name, with its "#" or "@" */
#define NGX_SLACK_CHANNEL_SIZE  (1 + 4 * NGX_SLACK_CHANNEL_MAX)


/*
 * All of them return NULL, or why it is none and what to do about it: a static
 * text without a full stop.
 */

/*
 * Whether a word such as "dev", "#dev", "U024BE7LH" or "@jdoe" has the form of
 * a channel.  Sets "channel" as it is used and stored, "#dev" for "dev": in
 * the word, or in "buf", which has room for NGX_SLACK_CHANNEL_SIZE bytes.
 */

const char *ngx_slack_channel_name(ngx_str_t *word, u_char *buf,
    ngx_str_t *channel);

/* Whether the receiver of a workspace knows such channels. */

const char *ngx_slack_channel_receiver(ngx_slack_workspace_t *ws,
    ngx_str_t *channel);

/*
 * Whether an endpoint of a workspace serves a channel; empty: that of a
 * webhook.
 */

const char *ngx_slack_channel_served(ngx_slack_workspace_t *ws,
    ngx_str_t *channel);

/* All of this, one after the other. */

const char *ngx_slack_channel_check(ngx_slack_workspace_t *ws,
    ngx_str_t *word, u_char *buf, ngx_str_t *channel);

/* Whether a channel is somebody, to whom the message is sent directly. */

ngx_uint_t ngx_slack_channel_is_direct(ngx_str_t *channel);

/* Whether a list of ngx_str_t has a channel; a name may be empty. */

ngx_uint_t ngx_slack_channel_listed(ngx_array_t *list, ngx_str_t *channel);


/*
 * Takes the next word off a list, "dev, #builds U024BE7LH", by advancing
 * "list"; empty: there are no more.  The word points into the list.
 */

ngx_str_t ngx_slack_channel_next(ngx_str_t *list);


#endif /* _NGX_SLACK_CHANNEL_H_INCLUDED_ */
