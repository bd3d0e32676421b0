
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Whether an action names a channel that there is: a misspelt name must not
 * seem to have paused something, nor be tested.  Runs in the event loop unless
 * stated otherwise.
 */


#include <ngx_slack_equal.h>
#include <ngx_slack_status_action.h>


static ngx_uint_t ngx_slack_status_is_listed(ngx_array_t *channels,
    ngx_str_t *channel);


ngx_uint_t
ngx_slack_status_is_configured(ngx_slack_main_conf_t *smcf,
    ngx_slack_workspace_t *ws, ngx_slack_scope_t *scope)
{
    ngx_uint_t                i;
    ngx_slack_endpoint_t     *endpoint;
    ngx_slack_conf_route_t  **route;

    if (scope->whole
        || ngx_slack_status_is_listed(ws->channels, &scope->channel))
    {
        return 1;
    }

    /* a webhook that names its channel */

    endpoint = ngx_slack_workspace_endpoint(ws, &scope->channel);

    if (endpoint && !endpoint->any && ws->bot_token.len == 0) {
        return 1;
    }

    route = smcf->routes.elts;

    for (i = 0; i < smcf->routes.nelts; i++) {
        if (route[i]->workspace == ws
            && (scope->channel.len || route[i]->named == NULL)
            && ngx_slack_status_is_listed(route[i]->channels,
                                          &scope->channel))
        {
            return 1;
        }
    }

    return 0;
}


/* no list means the webhook's channel, whose name is empty */

static ngx_uint_t
ngx_slack_status_is_listed(ngx_array_t *channels, ngx_str_t *channel)
{
    return channel->len ? ngx_slack_channel_listed(channels, channel)
                        : channels->nelts == 0;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_status_is_stored(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox, ngx_slack_scope_t *scope)
{
    ngx_uint_t                   i;
    ngx_slack_survey_t           survey;
    ngx_slack_survey_channel_t  *ch;

    ngx_memzero(&survey, sizeof(ngx_slack_survey_t));

    survey.pool = job->pool;

    if (ngx_slack_outbox_survey(outbox, &survey) != NGX_OK) {
        return NGX_ERROR;
    }

    ch = survey.channels.elts;

    for (i = 0; i < survey.channels.nelts; i++) {
        if (ngx_slack_equal(&ch[i].workspace, &scope->workspace)
            && ngx_slack_equal(&ch[i].channel, &scope->channel))
        {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_slack_status_no_channel(ngx_http_request_t *r, ngx_slack_scope_t *scope)
{
    return ngx_slack_status_error(r, NGX_HTTP_NOT_FOUND,
                                  "slack_workspace \"%V\" has no channel "
                                  "\"%V\"", &scope->workspace,
                                  &scope->channel);
}
