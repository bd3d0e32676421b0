
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Converts events to messages for Slack.  A message is stored as its
 * attachment (one JSON object) and the options of its envelope.  The envelope
 * is put around one or several attachments when they are sent.
 */


#ifndef _NGX_SLACK_MESSAGE_H_INCLUDED_
#define _NGX_SLACK_MESSAGE_H_INCLUDED_


#include <ngx_slack_cc.h>
#include <ngx_slack_event.h>
#include <ngx_slack_receiver.h>
#include <ngx_slack_template.h>


/* how an event is written */

#define NGX_SLACK_FORMAT_FULL     0       /* who did what: sentences, and what
                                             belongs to them */
#define NGX_SLACK_FORMAT_COMPACT  1       /* the news in one line */
#define NGX_SLACK_FORMAT_CARD     2       /* how the object stands, to be read
                                             with NGX_SLACK_WANT_CARDS */
#define NGX_SLACK_FORMAT_MAX      3


/* the names of the formats, as in the directive "format" */

extern const ngx_str_t  ngx_slack_message_formats[NGX_SLACK_FORMAT_MAX];


/*
 * Creates the attachment of an event for a receiver, NGX_SLACK_RECEIVER_...,
 * in a format, NGX_SLACK_FORMAT_...: one JSON object in UTF-8 of at most
 * NGX_SLACK_ATTACHMENT_MAX bytes, in memory of the pool.  All values of the
 * event are escaped for the receiver and cut to its limits.  NGX_OK;
 * NGX_DECLINED: there is no formatter for the kind; NGX_ERROR: no memory.
 * Runs in the event loop.
 */

#define NGX_SLACK_ATTACHMENT_MAX  32768

ngx_int_t ngx_slack_message_attachment(ngx_slack_event_t *event,
    ngx_uint_t receiver, ngx_uint_t format, ngx_pool_t *pool,
    ngx_str_t *attachment);


/*
 * What a route adds: words of the operator, with the values of their
 * variables, and people, whose places have to be resolved before the message
 * is sent, see ngx_slack_cc.h; then the receiver is Slack.
 */

typedef struct {
    ngx_slack_template_t     *template;      /* NULL: none for this event */
    ngx_str_t                *values;
    ngx_slack_template_t     *mention;       /* NULL: none */
    ngx_str_t                *mention_values;
    ngx_array_t              *cc;            /* ngx_slack_cc_t, the people that
                                                it names; NULL: nobody */
} ngx_slack_own_t;


/* code points of what a mention adds */

#define NGX_SLACK_MESSAGE_MENTION  500


/*
 * The same with words of the operator.  A template shows what the format would
 * have shown; if nothing can be seen of it, the format does.  The colour
 * stays.  A mention is added to either, in front.
 */

ngx_int_t ngx_slack_message_own(ngx_slack_event_t *event, ngx_uint_t receiver,
    ngx_uint_t format, ngx_slack_own_t *own, ngx_pool_t *pool,
    ngx_str_t *attachment);


/*
 * Creates the attachment of an operator's test, likewise.  It tells the
 * channel it is meant for.  "elsewhere" is a sentence that tells what it means
 * to read it in another channel, or NULL.  "host" is the name of this host.
 * NGX_OK or NGX_ERROR: no memory.  Runs in the event loop.
 */

ngx_int_t ngx_slack_message_test(ngx_uint_t receiver, ngx_str_t *workspace,
    ngx_str_t *channel, ngx_str_t *host, const char *elsewhere,
    ngx_pool_t *pool,
    ngx_str_t *attachment);


/* the sender of a message as Slack shows it; empty strings are not sent */

typedef struct {
    ngx_str_t                 username;
    ngx_str_t                 icon_emoji;
    ngx_str_t                 icon_url;
} ngx_slack_persona_t;


/*
 * Creates the options of the envelope as a row of the outbox has them: a JSON
 * object with those of username, icon_emoji and icon_url that are not empty,
 * in memory of the pool.  Messages with equal envelopes may share a post.
 * NGX_OK or NGX_ERROR: no memory.  Runs in the event loop.
 */

ngx_int_t ngx_slack_message_envelope(ngx_slack_persona_t *persona,
    ngx_pool_t *pool, ngx_str_t *envelope);


/* what a post says besides its attachments; empty strings are not sent */

typedef struct {
    ngx_str_t                 envelope;
    ngx_str_t                 channel;
    ngx_str_t                 text;         /* in JSON */
    ngx_str_t                 client_msg_id;
    ngx_str_t                 thread_ts;    /* a reply to this message */
    ngx_uint_t                broadcast;    /* which is shown in the channel,
                                               too */
} ngx_slack_post_head_t;


/*
 * Composes the body of a post: its head and "n" stored attachments in their
 * order.  "message" is in malloc()ed memory; the caller free()s message->data.
 * NGX_OK or NGX_ERROR: no memory; nothing is logged.  Runs in any thread,
 * without nginx pools.
 */

ngx_int_t ngx_slack_message_compose(ngx_slack_post_head_t *head,
    ngx_str_t *attachments, ngx_uint_t n, ngx_str_t *message);


/*
 * Composes the body of a change, likewise: "attachment" takes the place of all
 * that the message "ts" of the channel with this ID shows.
 */

ngx_int_t ngx_slack_message_compose_change(ngx_str_t *channel, ngx_str_t *ts,
    ngx_str_t *attachment, ngx_str_t *message);


#endif /* _NGX_SLACK_MESSAGE_H_INCLUDED_ */
