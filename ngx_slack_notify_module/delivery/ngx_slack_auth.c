
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * auth.test: a request of its own beside the posts.  All functions run in a
 * pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_auth.h>
#include <ngx_slack_log.h>
#include <ngx_slack_said.h>
#include <ngx_slack_scope.h>
#include <ngx_slack_shown.h>


typedef struct {
    ngx_slack_request_t         request;
    ngx_slack_dispatcher_t     *dispatcher;
} ngx_slack_auth_t;


static void ngx_slack_auth_send(ngx_slack_dispatcher_t *d,
    ngx_slack_schedule_workspace_t *workspace, ngx_slack_endpoint_t *conf);
static void ngx_slack_auth_answered(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer);
static void ngx_slack_auth_told(ngx_slack_auth_t *auth,
    ngx_slack_answer_t *answer);
static void ngx_slack_auth_copy(u_char *dst, size_t size, ngx_str_t *src);


static u_char  ngx_slack_auth_body[] = "{}";


/* executed in a pool thread */

void
ngx_slack_auth_test(ngx_slack_dispatcher_t *d,
    ngx_slack_schedule_workspace_t *workspace, ngx_slack_endpoint_t *conf,
    ngx_slack_schedule_endpoint_t *endpoint)
{
    ngx_slack_token_info_t  info;

    endpoint->tested = d->wall;

    if (ngx_slack_tokens_get(d->tokens, conf->hash, &info) == NGX_OK
        && info.error[0] == '\0')
    {
        return;
    }

    ngx_slack_auth_send(d, workspace, conf);
}


/* executed in a pool thread */

void
ngx_slack_auth_asked(ngx_slack_dispatcher_t *d)
{
    ngx_uint_t                       i, j;
    ngx_slack_endpoint_t            *conf;
    ngx_slack_schedule_endpoint_t   *endpoint;
    ngx_slack_schedule_workspace_t  *workspace;

    /* called at each poll, but operators ask rarely */

    if (d->tokens == NULL || d->tokens->asks == d->asks) {
        return;
    }

    d->asks = d->tokens->asks;

    for (i = 0; i < d->schedule->nworkspaces; i++) {

        workspace = &d->schedule->workspaces[i];
        conf = workspace->conf->endpoints.elts;

        for (j = 0; j < workspace->conf->endpoints.nelts; j++) {

            endpoint = workspace->endpoints[j];

            if (conf[j].token.len
                && ngx_slack_tokens_asked(d->tokens, conf[j].hash)
                   > endpoint->tested)
            {
                endpoint->tested = d->wall;
                ngx_slack_auth_send(d, workspace, &conf[j]);
            }
        }
    }
}


static void
ngx_slack_auth_send(ngx_slack_dispatcher_t *d,
    ngx_slack_schedule_workspace_t *workspace, ngx_slack_endpoint_t *conf)
{
    ngx_slack_auth_t  *auth;

    auth = calloc(1, sizeof(ngx_slack_auth_t));
    if (auth == NULL) {
        ngx_log_error(NGX_LOG_ERR, d->log, 0, "slack: no memory");
        return;
    }

    auth->dispatcher = d;
    auth->request.workspace = workspace->conf;
    auth->request.endpoint = conf;
    auth->request.method = NGX_SLACK_METHOD_AUTH;
    auth->request.body.data = ngx_slack_auth_body;
    auth->request.body.len = sizeof(ngx_slack_auth_body) - 1;
    auth->request.handler = ngx_slack_auth_answered;
    auth->request.data = auth;

    if (ngx_slack_client_send(d->client, &auth->request) != NGX_OK) {
        free(auth);
        return;
    }

    d->in_flight++;
    d->tests++;
}


/* executed in a pool thread */

static void
ngx_slack_auth_answered(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer)
{
    ngx_slack_auth_t  *auth = request->data;

    auth->dispatcher->in_flight--;
    auth->dispatcher->tests--;

    if (answer) {
        ngx_slack_auth_told(auth, answer);
    }

    free(auth);
}


static void
ngx_slack_auth_told(ngx_slack_auth_t *auth, ngx_slack_answer_t *answer)
{
    u_char                   missing[NGX_SLACK_SCOPES_TEXT];
    ngx_str_t                name;
    ngx_slack_said_t         said;
    ngx_slack_outcome_t      outcome;
    ngx_slack_workspace_t   *ws;
    ngx_slack_token_info_t   info;
    ngx_slack_dispatcher_t  *d;

    d = auth->dispatcher;
    ws = auth->request.workspace;

    ngx_slack_dispatcher_clock(d);
    ngx_slack_outcome_judge(answer, d->wall, &outcome);

    ngx_memzero(&info, sizeof(ngx_slack_token_info_t));
    info.told = d->wall;

    if (outcome.outcome != NGX_SLACK_OUTCOME_SENT) {

        name.data = (u_char *) outcome.reason;
        name.len = outcome.len;
        ngx_slack_auth_copy(info.error, sizeof(info.error), &name);

        ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                      "slack_workspace \"%V\": its token could not be checked "
                      "by auth.test: %s%s%s", &ws->name,
                      outcome.reason, outcome.hint ? "; " : "",
                      outcome.hint ? outcome.hint : "");

        ngx_slack_tokens_put(d->tokens, auth->request.endpoint->hash, &info);
        return;
    }

    ngx_slack_said_read(&answer->body, answer->cut, &said);

    ngx_slack_auth_copy(info.team, sizeof(info.team),
                        &said.members[NGX_SLACK_SAID_TEAM]);
    ngx_slack_auth_copy(info.user, sizeof(info.user),
                        &said.members[NGX_SLACK_SAID_USER]);
    ngx_slack_auth_copy(info.url, sizeof(info.url),
                        &said.members[NGX_SLACK_SAID_URL]);
    ngx_slack_auth_copy(info.scopes, sizeof(info.scopes), &answer->scopes);

    info.rotates = (said.members[NGX_SLACK_SAID_EXPIRES].len != 0);

    ngx_slack_tokens_put(d->tokens, auth->request.endpoint->hash, &info);

    ngx_slack_log(NGX_LOG_NOTICE, d->log, 0,
                  "slack_workspace \"%V\": token of team \"%s\", bot \"%s\", "
                  "scopes %s", &ws->name, info.team, info.user,
                  info.scopes[0] ? info.scopes : (u_char *) "not told");

    if (info.scopes[0]
        && ngx_slack_scope_missing(ws->scopes, info.scopes, missing))
    {
        ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                      "slack_workspace \"%V\": the token lacks what the "
                      "configuration uses: %s; give the app these scopes and "
                      "install it again", &ws->name, missing);
    }

    if (info.rotates) {
        ngx_slack_log(NGX_LOG_ERR, d->log, 0,
                      "slack_workspace \"%V\": its token expires in %V "
                      "seconds, as token rotation is on for the app: messages "
                      "will wait then; use an app without token rotation and "
                      "set bot_token", &ws->name,
                      &said.members[NGX_SLACK_SAID_EXPIRES]);
    }
}


static void
ngx_slack_auth_copy(u_char *dst, size_t size, ngx_str_t *src)
{
    size_t     n, k;
    u_char     piece[NGX_SLACK_SHOWN_SIZE];
    ngx_str_t  rest;

    rest = *src;
    n = 0;

    while (rest.len) {
        k = ngx_slack_shown(piece, &rest);

        if (n + k >= size) {
            /* cut in the middle of a text of ASCII only */
            for (k = ngx_min(k, size - 1 - n);
                 k && (piece[k - 1] & 0x80);
                 k--)
            { /* void */ }

            ngx_memcpy(dst + n, piece, k);
            n += k;
            break;
        }

        ngx_memcpy(dst + n, piece, k);
        n += k;
    }

    dst[n] = '\0';
}
