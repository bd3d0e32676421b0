
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab: the events that a route hears of only if it names them.  Knows
 * GitLab's payloads and URLs, not Slack.  Runs in the event loop.
 */


#include <ngx_slack_gitlab.h>


ngx_int_t
ngx_slack_gitlab_release(ngx_slack_gitlab_t *g, ngx_pool_t *pool)
{
    g->event.tag = 1;

    return ngx_slack_gitlab_url(g, pool, &g->event.ref_url, "/-/tags/",
                                &g->event.ref);
}
