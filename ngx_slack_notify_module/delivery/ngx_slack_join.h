
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Joining a public channel, with "join on", when Slack says that the app is
 * not in it.
 */


#ifndef _NGX_SLACK_JOIN_H_INCLUDED_
#define _NGX_SLACK_JOIN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_post.h>


/*
 * Starts to join the channel of a post that Slack has refused; once until a
 * post to the channel succeeds.  NGX_OK: the post is in flight again and is
 * concluded later, its messages are sent again if the app could join.
 * NGX_DECLINED: the channel cannot be joined, and the caller concludes the
 * post; its outcome may have another hint.  In a pool thread.
 */

ngx_int_t ngx_slack_join(ngx_slack_post_t *post);


#endif /* _NGX_SLACK_JOIN_H_INCLUDED_ */
