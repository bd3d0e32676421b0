
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A stored message as Slack gets it, for those who look at it.  Runs in any
 * thread.
 */


#include <ngx_slack_status.h>


static size_t ngx_slack_status_message_whom(ngx_slack_cc_place_t *place,
    u_char *id, void *data);


ngx_int_t
ngx_slack_status_message(ngx_slack_main_conf_t *smcf, ngx_str_t *workspace,
    ngx_str_t *channel, ngx_str_t *envelope, ngx_str_t *body,
    ngx_str_t *message)
{
    ngx_int_t               rc;
    ngx_str_t               shown;
    ngx_uint_t              names;
    ngx_slack_endpoint_t   *endpoint;
    ngx_slack_workspace_t  *ws;
    ngx_slack_post_head_t   head;

    ws = ngx_slack_workspace_find(&smcf->workspaces, workspace);
    endpoint = ws ? ngx_slack_workspace_endpoint(ws, channel) : NULL;

    /* without an endpoint all that is stored is shown */

    names = endpoint ? ngx_slack_workspace_names(endpoint, channel)
                     : NGX_SLACK_NAMES_CHANNEL|NGX_SLACK_NAMES_PERSONA;

    ngx_memzero(&head, sizeof(ngx_slack_post_head_t));

    if (names & NGX_SLACK_NAMES_CHANNEL) {
        head.channel = *channel;
    }

    if (names & NGX_SLACK_NAMES_PERSONA) {
        head.envelope = *envelope;
    }

    if (ngx_slack_cc_places(body) == 0) {
        return ngx_slack_message_compose(&head, body, 1, message);
    }

    if (ngx_slack_cc_resolve(body, ngx_slack_status_message_whom, NULL, &shown)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = ngx_slack_message_compose(&head, &shown, 1, message);

    free(shown.data);

    return rc;
}


/* Whom it would notify as the first one; addresses are shown to nobody. */

static size_t
ngx_slack_status_message_whom(ngx_slack_cc_place_t *place, u_char *id,
    void *data)
{
    ngx_slack_cc_kind_e  kind;

    kind = ngx_slack_cc_kind(&place->token);

    if (kind != NGX_SLACK_CC_MEMBER && kind != NGX_SLACK_CC_GROUP) {
        return 0;
    }

    ngx_memcpy(id, place->token.data, place->token.len);

    return place->token.len;
}
