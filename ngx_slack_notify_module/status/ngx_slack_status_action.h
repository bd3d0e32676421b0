
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What operators' actions share: the target that a body names, and common
 * answers.  All of it runs in the event loop.
 */


#ifndef _NGX_SLACK_STATUS_ACTION_H_INCLUDED_
#define _NGX_SLACK_STATUS_ACTION_H_INCLUDED_


#include <ngx_slack_status.h>
#include <ngx_slack_steer.h>


#define NGX_SLACK_ACTION_IDS_MAX  1000       /* of one request */


/* which members the body of an action may have besides a scope */

#define NGX_SLACK_SELECTS_NOTHING  0
#define NGX_SLACK_SELECTS          1         /* "ids", "all" */
#define NGX_SLACK_SELECTS_TO       2         /* "to", too */


/* {"workspace":…, "channel":…} | {"ids":[…]} | {"all":true}, and "to" */

typedef struct {
    ngx_slack_scope_t           scope;       /* workspace empty: not given */
    ngx_slack_workspace_t      *workspace;   /* NULL: not configured */
    int64_t                    *ids;         /* ascending; NULL: none */
    ngx_uint_t                  n;
    ngx_uint_t                  ways;        /* number of the three that are
                                                given */
    ngx_str_t                   to;          /* a channel; empty: not given */
    unsigned                    all:1;
} ngx_slack_status_target_t;


/*
 * Reads the body, strictly, since an action must not do more than was asked
 * for.  "selects" is one of NGX_SLACK_SELECTS_...: the members that are not
 * for the action are unknown ones.  The caller owns "target", which must
 * live as long as the request.  Returns a job; the caller sets what it does.
 * NULL: the body is wrong, there is no outbox, or no memory; the resource's
 * handler returns *answer.
 */

ngx_slack_status_job_t *ngx_slack_status_action_create(ngx_http_request_t *r,
    ngx_str_t *body, ngx_uint_t selects,
    ngx_slack_status_target_t *target, ngx_int_t *answer);


/*
 * Whether the configuration names the channel of "scope" (1, also of a whole
 * workspace), or the outbox has ever had a message for it, which is looked up
 * in a pool thread: NGX_OK, NGX_DECLINED, or NGX_ERROR.  The last one answers
 * that there is no such channel.
 */

ngx_uint_t ngx_slack_status_is_configured(ngx_slack_main_conf_t *smcf,
    ngx_slack_workspace_t *ws, ngx_slack_scope_t *scope);
ngx_int_t ngx_slack_status_is_stored(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox, ngx_slack_scope_t *scope);
ngx_int_t ngx_slack_status_no_channel(ngx_http_request_t *r,
    ngx_slack_scope_t *scope);


/* answers that the outbox failed, which was logged before */

ngx_int_t ngx_slack_status_action_failed(ngx_http_request_t *r);


#endif /* _NGX_SLACK_STATUS_ACTION_H_INCLUDED_ */
