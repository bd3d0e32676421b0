
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Finds a hint, what to do about an outcome, from the outcome's reason as the
 * outbox keeps it.  Runs in any thread.
 */


#ifndef _NGX_SLACK_HINT_H_INCLUDED_
#define _NGX_SLACK_HINT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    const char               *cause;        /* "slack" (Slack has answered),
                                               "certificate" or "transfer" */
    const char               *hint;         /* NULL: none */
    ngx_uint_t                suspends;     /* the channel or its endpoint is
                                               refused, not this message */
} ngx_slack_hint_t;


/*
 * Sets "hint" for "shown", the reason of an ngx_slack_outcome_t,
 * NUL-terminated.  Both strings of the hint are static.  Any thread.
 */

void ngx_slack_hint_find(const char *shown, ngx_slack_hint_t *hint);


#endif /* _NGX_SLACK_HINT_H_INCLUDED_ */
