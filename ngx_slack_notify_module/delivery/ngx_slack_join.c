
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * conversations.join for the channel of a post.  All functions run in a pool
 * thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_join.h>
#include <ngx_slack_log.h>
#include <ngx_slack_post_outcome.h>
#include <ngx_slack_post_track.h>
#include <ngx_slack_settle.h>


static void ngx_slack_join_answered(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer);
static void ngx_slack_join_refused(ngx_slack_post_t *post,
    ngx_slack_outcome_t *outcome);


/* executed in a pool thread */

ngx_int_t
ngx_slack_join(ngx_slack_post_t *post)
{
    u_char                  *p;
    size_t                   size;
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;

    if (!ch->workspace->conf->join || ch->joined) {
        return NGX_DECLINED;
    }

    if (ch->slack_id.len == 0 || ch->slack_id.data[0] != 'C') {
        post->outcome.hint = "invite the app to the channel, or name it by its"
                             " ID (C...), which join needs";
        return NGX_DECLINED;
    }

    if (ngx_slack_stopping()) {

        /* Nothing new is started; the messages stay as they are. */

        ngx_slack_post_channel(post);
        ngx_slack_settle_add(post);

        return NGX_OK;
    }

    size = sizeof("{\"channel\":\"\"}") + ch->slack_id.len;

    p = malloc(size);
    if (p == NULL) {
        ngx_log_error(NGX_LOG_ERR, d->log, 0, "slack: no memory");
        return NGX_DECLINED;
    }

    post->request.body.data = p;
    post->request.body.len = ngx_snprintf(p, size, "{\"channel\":\"%V\"}",
                                          &ch->slack_id)
                             - p;
    post->request.method = NGX_SLACK_METHOD_JOIN;
    post->request.handler = ngx_slack_join_answered;

    if (ngx_slack_client_send(d->client, &post->request) != NGX_OK) {
        free(p);
        ngx_str_null(&post->request.body);
        return NGX_DECLINED;
    }

    ch->joined = 1;

    ngx_slack_post_begun(post);

    return NGX_OK;
}


/* executed in a pool thread */

static void
ngx_slack_join_answered(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer)
{
    ngx_slack_post_t  *post = request->data;

    ngx_slack_channel_t     *ch;
    ngx_slack_outcome_t      outcome;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;

    ngx_slack_post_ended(post);

    if (answer == NULL) {

        /* The worker ends: the messages stay as they are. */

        ch->joined = 0;
        ngx_slack_post_channel(post);
        ngx_slack_settle_add(post);
        return;
    }

    ngx_slack_outcome_judge(answer, d->wall, &outcome);

    switch (outcome.outcome) {

    case NGX_SLACK_OUTCOME_SENT:
        ngx_slack_log(NGX_LOG_NOTICE, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": the app has "
                      "joined the channel", &ch->workspace->conf->name,
                      &ch->name);

        ngx_slack_post_channel(post);
        ngx_slack_settle_add(post);
        return;

    case NGX_SLACK_OUTCOME_HOLD:
        /* of this method, not of posts */
        ch->joined = 0;
        ngx_slack_pace_hold(&ch->pace, d->now + (int64_t) outcome.hold);
        ngx_slack_post_channel(post);
        ngx_slack_settle_add(post);
        return;

    case NGX_SLACK_OUTCOME_RETRY:
    case NGX_SLACK_OUTCOME_AMBIGUOUS:
        ch->joined = 0;
        outcome.outcome = NGX_SLACK_OUTCOME_RETRY;
        post->outcome = outcome;
        break;

    default:
        ngx_slack_join_refused(post, &outcome);
    }

    ngx_slack_post_conclude(post);
}


/* Only joining was refused; other channels are not concerned. */

static void
ngx_slack_join_refused(ngx_slack_post_t *post, ngx_slack_outcome_t *outcome)
{
    int  n;

    n = snprintf(post->outcome.reason, sizeof(post->outcome.reason),
                 "HTTP 200 \"not_in_channel\"; conversations.join: %.*s", 200,
                 outcome->reason);

    post->outcome.len = n < 0 ? 0 : ngx_min((size_t) n,
                                            sizeof(post->outcome.reason) - 1);
    post->outcome.outcome = NGX_SLACK_OUTCOME_SUSPEND_CHANNEL;
    post->outcome.hint = outcome->hint ? outcome->hint
                                       : "invite the app to the channel";
}
