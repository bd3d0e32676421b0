
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Slack's error words and their classes.
 */


#ifndef _NGX_SLACK_ERROR_H_INCLUDED_
#define _NGX_SLACK_ERROR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    const char               *word;         /* "name*": all that begin so */
    ngx_uint_t                outcome;      /* NGX_SLACK_OUTCOME_… */
    const char               *hint;         /* what to do, NULL: nothing */
} ngx_slack_error_t;


/* the row of an error word, NULL: not known */

const ngx_slack_error_t *ngx_slack_error_find(ngx_str_t *word);


#endif /* _NGX_SLACK_ERROR_H_INCLUDED_ */
