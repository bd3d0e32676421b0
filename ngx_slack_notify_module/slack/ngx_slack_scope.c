
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The table of scopes.  Any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_scope.h>
#include <ngx_slack_tokens.h>


static const struct {
    ngx_uint_t                flag;
    const char               *name;
} ngx_slack_scopes[] = {
    { NGX_SLACK_SCOPE_WRITE, "chat:write" },
    { NGX_SLACK_SCOPE_CUSTOMIZE, "chat:write.customize" },
    { NGX_SLACK_SCOPE_JOIN, "channels:join" },
    { 0, NULL }
};


ngx_uint_t
ngx_slack_scope_missing(ngx_uint_t needed, u_char *scopes,
    u_char text[NGX_SLACK_SCOPES_TEXT])
{
    u_char      *p, *last;
    ngx_uint_t   i, n;

    p = text;
    last = text + NGX_SLACK_SCOPES_TEXT - 1;
    n = 0;

    for (i = 0; ngx_slack_scopes[i].name; i++) {

        if ((needed & ngx_slack_scopes[i].flag)
            && !ngx_slack_tokens_scope(scopes, ngx_slack_scopes[i].name))
        {
            p = ngx_slprintf(p, last, "%s%s", n++ ? "," : "",
                             ngx_slack_scopes[i].name);
        }
    }

    *p = '\0';

    return n;
}
