
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Slack's errors and the outcome of each.  Any thread.
 */


#ifndef _NGX_SLACK_ERROR_H_INCLUDED_
#define _NGX_SLACK_ERROR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_outcome.h>


typedef struct {
    const char               *name;         /* "name*" matches all names that
                                               begin with "name" */
    ngx_slack_outcome_e       outcome;
    const char               *hint;         /* what to do about it; NULL:
                                               nothing */
} ngx_slack_error_t;


/*
 * Finds the row of an error by Slack's name for it; a static object.  NULL:
 * the error is unknown.
 */

const ngx_slack_error_t *ngx_slack_error_find(ngx_str_t *name);


#endif /* _NGX_SLACK_ERROR_H_INCLUDED_ */
