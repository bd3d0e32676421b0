
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


typedef enum {
    /*
     * Of dead letters.  Replayed ones wait as new ones do, at their old
     * places; dropped ones are kept as sent ones are, without what they said.
     */
    NGX_SLACK_STEER_REPLAY = 0,
    NGX_SLACK_STEER_DROP,

    /*
     * Of a scope.  A channel of a paused workspace is paused; resuming a
     * workspace leaves channels that were paused by themselves so.
     */
    NGX_SLACK_STEER_PAUSE,
    NGX_SLACK_STEER_RESUME,

    /* a try at once of what Slack has refused; resuming does that, too */
    NGX_SLACK_STEER_NUDGE
} ngx_slack_steer_e;


/* a workspace, or a channel of it */

typedef struct {
    ngx_str_t                   workspace;
    ngx_str_t                   channel;
    unsigned                    whole:1;     /* all its channels */
} ngx_slack_scope_t;


typedef struct {
    ngx_slack_steer_e           action;

    /*
     * Dead letters: some by id, or those of a scope, or all.  Of the other
     * actions the scope alone is read, and must be there.
     */
    int64_t                    *ids;         /* ascending; NULL: not by id */
    ngx_uint_t                  n;
    ngx_slack_scope_t          *scope;       /* NULL: all */
    unsigned                    waiting:1;   /* by id only, and only to drop:
                                                those that wait, too */

    /* out */
    ngx_uint_t                  count;       /* of how many dead letters it is
                                                done, also after a failure */
    ngx_uint_t                  paused;      /* is the scope, afterwards? */
} ngx_slack_steer_t;


#endif /* _NGX_SLACK_STEER_H_INCLUDED_ */
