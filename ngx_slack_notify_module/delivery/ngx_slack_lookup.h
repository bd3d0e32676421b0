
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Who has an address, asked of Slack with the bot token (users.lookupByEmail)
 * and remembered by the outbox, by a keyed hash of the address: found for
 * about a day, not found for about four hours.  A message waits for answers,
 * but all in all 2 seconds at most.  All functions run in a pool thread.
 */


#ifndef _NGX_SLACK_LOOKUP_H_INCLUDED_
#define _NGX_SLACK_LOOKUP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_cc.h>
#include <ngx_slack_dispatcher_private.h>


#define NGX_SLACK_LOOKUP_POLL  20           /* ms, while messages wait */


/*
 * Asks for the addresses in "n" messages of a channel that are not known.
 * Returns 1 if the messages should wait for answers, and be looked at again
 * after NGX_SLACK_LOOKUP_POLL.
 */

ngx_uint_t ngx_slack_lookup_waits(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, ngx_slack_waiting_message_t *messages,
    ngx_uint_t n);


/*
 * Writes the ID of the member with this address, as far as it is known now;
 * returns its length, 0: not known.
 */

size_t ngx_slack_lookup_known(ngx_slack_dispatcher_t *d,
    ngx_slack_endpoint_t *endpoint, ngx_str_t *address,
    u_char id[NGX_SLACK_CC_ID]);


#endif /* _NGX_SLACK_LOOKUP_H_INCLUDED_ */
