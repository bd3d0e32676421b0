
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The client_msg_id of a post.  Slack may recognise a repeated post by it;
 * nothing depends on that.
 */


#ifndef _NGX_SLACK_POST_ID_H_INCLUDED_
#define _NGX_SLACK_POST_ID_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_post.h>


#define NGX_SLACK_POST_ID  36               /* bytes */


/*
 * Writes a UUID of version 5 (RFC 9562) made of the outbox, of the id and the
 * time of each message of the post, and of whether it is a reply.  A retry of
 * the same messages has the same id; a message that an operator sends again
 * has another one, and so has a post with "fresh" set.  In a pool thread; does
 * not fail.
 */

void ngx_slack_post_id(ngx_slack_post_t *post, ngx_uint_t fresh,
    u_char uuid[NGX_SLACK_POST_ID]);


#endif /* _NGX_SLACK_POST_ID_H_INCLUDED_ */
