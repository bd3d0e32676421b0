
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The table of methods.  Constant; any thread reads it.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_method.h>


ngx_str_t  ngx_slack_methods[NGX_SLACK_METHOD_LAST] = {
    [NGX_SLACK_METHOD_POST] = ngx_string("chat.postMessage"),
    [NGX_SLACK_METHOD_UPDATE] = ngx_string("chat.update"),
    [NGX_SLACK_METHOD_AUTH] = ngx_string("auth.test"),
    [NGX_SLACK_METHOD_JOIN] = ngx_string("conversations.join"),
    [NGX_SLACK_METHOD_LOOKUP] = ngx_string("users.lookupByEmail")
};
