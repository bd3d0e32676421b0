
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What operators do to an outbox: dead letters sent again or dropped,
 * channels and workspaces paused and resumed.
 */


#ifndef _NGX_SLACK_STEER_H_INCLUDED_
#define _NGX_SLACK_STEER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* a workspace, or a channel of it */

typedef struct {
    ngx_str_t                   workspace;
    ngx_str_t                   channel;
    unsigned                    whole:1;     /* all its channels */
} ngx_slack_scope_t;


/* dead letters: some by id, or those of a scope, or all */

typedef struct {
    int64_t                    *ids;         /* ascending; NULL: not by id */
    ngx_uint_t                  n;
    ngx_slack_scope_t          *scope;       /* NULL: all */
    unsigned                    waiting:1;   /* by id only, and only to drop:
                                                those that wait, too */

    ngx_uint_t                  count;       /* out: of how many it is done,
                                                also after a failure */
} ngx_slack_selection_t;


#endif /* _NGX_SLACK_STEER_H_INCLUDED_ */
