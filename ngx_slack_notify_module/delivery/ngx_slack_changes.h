
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Changes of messages that were sent: which of them waits, when it has settled
 * down, and whose turn it is.  A thread has one entry while a change of it
 * waits or is in flight.  Changes do not stand in the lines of their channels
 * and take no part in their pace: they share the update_rate of their
 * endpoint.  All functions run in the dispatcher's pool thread.
 */


#ifndef _NGX_SLACK_CHANGES_H_INCLUDED_
#define _NGX_SLACK_CHANGES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_change.h>


/* Forgets all changes; "last" of the next poll is 0. */

void ngx_slack_changes_init(ngx_slack_dispatcher_t *d);
void ngx_slack_changes_reset(ngx_slack_dispatcher_t *d);


/*
 * Polls the outbox for new changes; with "all", for all that wait.  Returns
 * what the outbox returned.
 */

ngx_int_t ngx_slack_changes_look(ngx_slack_dispatcher_t *d, ngx_uint_t all);


/* Looks soon whether a change waits for a root that was just settled. */

void ngx_slack_changes_expect(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, int64_t thread);


/* Starts those whose turn it is, as far as rates and limits allow. */

void ngx_slack_changes_run(ngx_slack_dispatcher_t *d);


/* When the next turn is; NGX_SLACK_NEVER: no change waits. */

int64_t ngx_slack_changes_due(ngx_slack_dispatcher_t *d);


#endif /* _NGX_SLACK_CHANGES_H_INCLUDED_ */
