
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The methods of Slack's Web API that are used, one row each; see
 * https://docs.slack.dev/reference/methods.  Any thread.
 */


#ifndef _NGX_SLACK_METHOD_H_INCLUDED_
#define _NGX_SLACK_METHOD_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_SLACK_METHOD_POST = 0,         /* chat.postMessage; of a webhook the
                                          only one */
    NGX_SLACK_METHOD_UPDATE,           /* chat.update */
    NGX_SLACK_METHOD_AUTH,             /* auth.test */
    NGX_SLACK_METHOD_JOIN,             /* conversations.join */
    NGX_SLACK_METHOD_LOOKUP,           /* users.lookupByEmail; its body is a
                                          form */
    NGX_SLACK_METHOD_LAST
} ngx_slack_method_e;


/* Names as they stand behind the URL of the API. */

extern ngx_str_t  ngx_slack_methods[NGX_SLACK_METHOD_LAST];


#endif /* _NGX_SLACK_METHOD_H_INCLUDED_ */
