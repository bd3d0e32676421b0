
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The scopes of a token that the configuration needs; see
 * https://docs.slack.dev/reference/scopes.  Any thread.
 */


#ifndef _NGX_SLACK_SCOPE_H_INCLUDED_
#define _NGX_SLACK_SCOPE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_SCOPE_WRITE      0x01     /* chat:write */
#define NGX_SLACK_SCOPE_CUSTOMIZE  0x02     /* chat:write.customize: username,
                                               icons */
#define NGX_SLACK_SCOPE_JOIN       0x04     /* channels:join: join on */

#define NGX_SLACK_SCOPES_TEXT      128      /* bytes of a list with its NUL */


/*
 * Writes the scopes of "needed", a set of the above, that the list "scopes" of
 * a token lacks, separated by commas and NUL-terminated.  Returns how many
 * there are.
 */

ngx_uint_t ngx_slack_scope_missing(ngx_uint_t needed, u_char *scopes,
    u_char text[NGX_SLACK_SCOPES_TEXT]);


#endif /* _NGX_SLACK_SCOPE_H_INCLUDED_ */
