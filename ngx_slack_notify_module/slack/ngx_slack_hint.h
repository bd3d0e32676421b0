
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What to do about an outcome, from the text of it that the outbox keeps.
 */


#ifndef _NGX_SLACK_HINT_H_INCLUDED_
#define _NGX_SLACK_HINT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    const char               *cause;        /* "slack": it has answered,
                                               "certificate", or "transfer" */
    const char               *hint;         /* NULL: none */
} ngx_slack_hint_t;


/*
 * "shown" is the reason of an ngx_slack_outcome_t, NUL-terminated; both
 * strings of the hint are static.  Any thread
 */

void ngx_slack_hint_find(const char *shown, ngx_slack_hint_t *hint);


#endif /* _NGX_SLACK_HINT_H_INCLUDED_ */
