
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What operators are told of a workspace's token.  The functions run in any
 * thread.
 */


#ifndef _NGX_SLACK_STATUS_TOKEN_H_INCLUDED_
#define _NGX_SLACK_STATUS_TOKEN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_text.h>
#include <ngx_slack_json_writer.h>
#include <ngx_slack_tokens.h>
#include <ngx_slack_workspace.h>


#define NGX_SLACK_TOKEN_TEXT  1200          /* bytes of a description */


/* The endpoint of the token; NULL: the workspace has webhooks. */

ngx_slack_endpoint_t *ngx_slack_status_token(ngx_slack_workspace_t *ws);


/* Writes the member "token": an object, or null if there is no token. */

void ngx_slack_status_token_json(ngx_slack_json_writer_t *w,
    ngx_slack_workspace_t *ws);


/*
 * Describes the token in one sentence, with what it lacks, and unless "brief"
 * is set with all its scopes; returns the end of the text, which is not
 * NUL-terminated.  "buf" has room for NGX_SLACK_TOKEN_TEXT bytes.
 */

u_char *ngx_slack_status_token_text(u_char *buf, ngx_slack_workspace_t *ws,
    ngx_uint_t brief);


#endif /* _NGX_SLACK_STATUS_TOKEN_H_INCLUDED_ */
