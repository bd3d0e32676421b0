
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Event to Slack message.  A message is stored as its attachment (one JSON
 * object) and its envelope options; the envelope is put around one or several
 * attachments when sending.
 */


#ifndef _NGX_SLACK_MESSAGE_H_INCLUDED_
#define _NGX_SLACK_MESSAGE_H_INCLUDED_


#include <ngx_slack_event.h>


/*
 * The attachment of an event: one JSON object in UTF-8, at most
 * NGX_SLACK_ATTACHMENT_MAX bytes, in memory of the pool.  Every value of the
 * event is escaped for Slack and cut below Slack's limits.
 *
 * NGX_OK, NGX_DECLINED if there is no formatter for the kind, NGX_ERROR if
 * there is no memory.
 */

#define NGX_SLACK_ATTACHMENT_MAX  32768

ngx_int_t ngx_slack_message_attachment(ngx_slack_event_t *event,
    ngx_pool_t *pool, ngx_str_t *attachment);


/* the attachment of an operator's test; "host" is where nginx runs */

ngx_int_t ngx_slack_message_test(ngx_str_t *workspace, ngx_str_t *channel,
    ngx_str_t *host, ngx_pool_t *pool, ngx_str_t *attachment);


/* who the message seems to come from; an empty string is not sent */

typedef struct {
    ngx_str_t                 username;
    ngx_str_t                 icon_emoji;
    ngx_str_t                 icon_url;
} ngx_slack_persona_t;


/*
 * The envelope options of a message as a row keeps them: a JSON object with
 * the keys username, icon_emoji and icon_url that are not empty.  Rows with
 * equal envelopes may share a message.
 */

ngx_int_t ngx_slack_message_envelope(ngx_slack_persona_t *persona,
    ngx_pool_t *pool, ngx_str_t *envelope);


/*
 * The message as Slack takes it: envelope options, channel (unless empty) and
 * the attachments in their order.  "attachments" are n stored objects; the
 * message is written to malloc()ed memory, the caller free()s message->data.
 * Also runs in a pool thread: no nginx pool, no log.
 */

ngx_int_t ngx_slack_message_compose(ngx_str_t *envelope, ngx_str_t *channel,
    ngx_str_t *attachments, ngx_uint_t n, ngx_str_t *message);


#endif /* _NGX_SLACK_MESSAGE_H_INCLUDED_ */
