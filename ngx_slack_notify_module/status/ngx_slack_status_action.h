
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an operator's actions share: what is wanted, and answers to it.  All
 * of it is called in the event loop.
 */


#ifndef _NGX_SLACK_STATUS_ACTION_H_INCLUDED_
#define _NGX_SLACK_STATUS_ACTION_H_INCLUDED_


#include <ngx_slack_status.h>
#include <ngx_slack_steer.h>


#define NGX_SLACK_ACTION_IDS_MAX  1000       /* of one request */


/* {"workspace":…, "channel":…} | {"ids":[…]} | {"all":true} */

typedef struct {
    ngx_slack_scope_t           scope;       /* workspace empty: none */
    ngx_slack_workspace_t      *workspace;   /* NULL: not configured */
    int64_t                    *ids;         /* ascending; NULL: none */
    ngx_uint_t                  n;
    ngx_uint_t                  ways;        /* how many of the three */
    unsigned                    all:1;
} ngx_slack_status_target_t;


/*
 * Reads the body strictly, since an action must not do more than was asked
 * for.  "dead_letters": the action is one on dead letters; otherwise "ids" and
 * "all" are no members.  "target" is the data of the job that is returned, of
 * which the caller sets the other members.  NULL: the body is wrong, or there
 * is no outbox; *answer is what the resource's handler returns.
 */

ngx_slack_status_job_t *ngx_slack_status_action_create(ngx_http_request_t *r,
    ngx_str_t *body, ngx_uint_t dead_letters,
    ngx_slack_status_target_t *target, ngx_int_t *answer);


/* the answer after a failure of the outbox, which was logged */

ngx_int_t ngx_slack_status_action_failed(ngx_http_request_t *r);


#endif /* _NGX_SLACK_STATUS_ACTION_H_INCLUDED_ */
