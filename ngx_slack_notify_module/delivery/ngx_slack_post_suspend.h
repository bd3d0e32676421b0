
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What Slack's refusal of a channel or an endpoint does, how a token is held,
 * and the end of a suspension.  All functions run in a pool thread; none of
 * them fails.
 */


#ifndef _NGX_SLACK_POST_SUSPEND_H_INCLUDED_
#define _NGX_SLACK_POST_SUSPEND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_post.h>


/*
 * Notes that Slack did not refuse the endpoint of the post; if it was
 * suspended, all its channels may be posted to again.
 */

void ngx_slack_post_works(ngx_slack_post_t *post);


/* Suspends the channel of the post, or its endpoint with all channels. */

void ngx_slack_post_suspend_channel(ngx_slack_post_t *post);
void ngx_slack_post_suspend_endpoint(ngx_slack_post_t *post);


/*
 * Suspends an endpoint that refused the post and logs it; "name" is what the
 * log calls the endpoint.  Returns for how many ms; 0: it was suspended while
 * the post was in flight, nothing is done.
 */

ngx_msec_t ngx_slack_post_refused(ngx_slack_post_t *post,
    ngx_slack_schedule_endpoint_t *endpoint, ngx_slack_workspace_t *ws,
    ngx_str_t *channel, const char *name);


/*
 * Holds all posts of the token for post->outcome.hold; then the channel of
 * this post comes last.
 */

void ngx_slack_post_hold_endpoint(ngx_slack_post_t *post);


/* The delay in ms after "failures" refusals in a row, with jitter. */

ngx_msec_t ngx_slack_post_delay(ngx_slack_workspace_t *ws,
    ngx_uint_t failures);


#endif /* _NGX_SLACK_POST_SUSPEND_H_INCLUDED_ */
