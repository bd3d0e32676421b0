
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What to do about an answer, from the words of it that the outbox keeps.
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


/* "words" as ngx_slack_outcome_t.reason has them; both strings are static */

void ngx_slack_hint_find(const char *shown, ngx_slack_hint_t *hint);


#endif /* _NGX_SLACK_HINT_H_INCLUDED_ */
