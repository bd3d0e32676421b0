
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Reads the JSON of Slack's answers: the members that decide about a message,
 * and those that tell of a token.  Has no state and logs nothing; runs in any
 * thread.
 */


#ifndef _NGX_SLACK_SAID_H_INCLUDED_
#define _NGX_SLACK_SAID_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_SAID_SIZE  1024           /* bytes of all strings */


typedef enum {
    NGX_SLACK_SAID_ERROR = 0,
    NGX_SLACK_SAID_RETRY_AFTER,             /* a number as it was written */
    NGX_SLACK_SAID_NEEDED,                  /* scopes, with missing_scope */
    NGX_SLACK_SAID_CHANNEL,                 /* the ID of the channel */
    NGX_SLACK_SAID_TS,
    NGX_SLACK_SAID_THREAD,                  /* message.thread_ts */
    NGX_SLACK_SAID_TEAM,                    /* of auth.test, as the rest */
    NGX_SLACK_SAID_URL,
    NGX_SLACK_SAID_USER,
    NGX_SLACK_SAID_ID,                      /* user.id, of
                                               users.lookupByEmail */
    NGX_SLACK_SAID_EXPIRES,                 /* a number: the token rotates */
    NGX_SLACK_SAID_DETAIL,                  /* response_metadata.messages,
                                               joined by "; " */
    NGX_SLACK_SAID_LAST
} ngx_slack_said_e;


/*
 * What an answer says.  Strings are decoded and point into "buf"; a string
 * that has no room any more is empty or cut.  Only the outermost object
 * counts, thread_ts of "message" and id of "user", so that an echo of our own
 * message is not taken for Slack's answer.  If a member occurs twice, the
 * first one counts.
 */

typedef struct {
    ngx_str_t                 members[NGX_SLACK_SAID_LAST];
    unsigned                  object:1;     /* the answer begins with a JSON
                                               object, in which "ok" is true,
                                               false, or absent */
    unsigned                  ok:1;         /* it is true */
    unsigned                  refused:1;    /* it is false */
    unsigned                  message:1;    /* "message" was read to its end */
    size_t                    len;
    u_char                    buf[NGX_SLACK_SAID_SIZE];
} ngx_slack_said_t;


/*
 * Reads an answer.  "cut" is set if the answer was longer than "body"; then
 * what was read counts.  If memory runs out, likewise.
 */

void ngx_slack_said_read(ngx_str_t *body, ngx_uint_t cut,
    ngx_slack_said_t *said);


#endif /* _NGX_SLACK_SAID_H_INCLUDED_ */
