
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an outcome does to messages, channel and endpoint, and what is logged
 * about it.  Knows neither libcurl nor HTTP.  All functions run in a pool
 * thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_log.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_post_outcome.h>
#include <ngx_slack_post_suspend.h>
#include <ngx_slack_post_thread.h>
#include <ngx_slack_post_track.h>
#include <ngx_slack_settle.h>
#include <ngx_slack_twins.h>


#define NGX_SLACK_POSTPONE_AFTER  4         /* attempts */
#define NGX_SLACK_RETRY_WINDOW    10000     /* ms */
#define NGX_SLACK_SEE_DEAD_LETTERS \
    "it is kept, see \"Dead letters\" in the README"
#define NGX_SLACK_RETRY_LINES     20        /* log lines per window */
#define NGX_SLACK_IDS_SIZE        1024      /* bytes of a line for ids */

#define ngx_slack_post_noun(post)                                             \
    ((post)->n == 1 ? "message" : "messages")


static void ngx_slack_post_sent(ngx_slack_post_t *post);
static void ngx_slack_post_identify(ngx_slack_post_t *post);
static void ngx_slack_post_unusual(ngx_slack_post_t *post);
static void ngx_slack_post_refresh(ngx_slack_post_t *post);
static void ngx_slack_post_retry(ngx_slack_post_t *post);
static void ngx_slack_post_hold(ngx_slack_post_t *post);
static void ngx_slack_post_dead(ngx_slack_post_t *post);
static void ngx_slack_post_lost(ngx_slack_post_t *post);
static void ngx_slack_post_bury(ngx_slack_post_t *post,
    const char *why);
static ngx_str_t ngx_slack_post_ids(ngx_slack_post_t *post, u_char *buf);
static double ngx_slack_post_wait(ngx_slack_post_t *post);
static ngx_uint_t ngx_slack_post_may_log(ngx_slack_post_t *post);
static ngx_msec_t ngx_slack_post_backoff(ngx_slack_post_t *post,
    ngx_uint_t n);


/* executed in a pool thread */

void
ngx_slack_post_conclude(ngx_slack_post_t *post)
{
    ngx_slack_channel_t    *ch;
    ngx_slack_workspace_t  *ws;

    ch = post->channel;
    ws = ch->workspace->conf;

    if (post->outcome.outcome != NGX_SLACK_OUTCOME_SENT) {
        ngx_cpystrn((u_char *) ch->answer, (u_char *) post->outcome.reason,
                    sizeof(ch->answer));
    }

    switch (post->outcome.outcome) {

    case NGX_SLACK_OUTCOME_SENT:
        ngx_slack_post_sent(post);
        break;

    case NGX_SLACK_OUTCOME_HOLD:
        ngx_slack_post_hold(post);
        break;

    case NGX_SLACK_OUTCOME_SUSPEND_CHANNEL:
        ngx_slack_post_suspend_channel(post);
        break;

    case NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT:
        ngx_slack_post_suspend_endpoint(post);
        break;

    case NGX_SLACK_OUTCOME_FRESH:
        if (post->n > 1 || ch->fresh != post->messages[0].id) {
            ngx_slack_post_refresh(post);
            break;
        }

        ngx_slack_post_dead(post);
        break;

    case NGX_SLACK_OUTCOME_NO_REPLY:
        if (ngx_slack_post_thread_alone(post) == NGX_OK) {
            ngx_slack_post_works(post);
            break;
        }

        /* fall through */

    case NGX_SLACK_OUTCOME_NO_ROOT:
    case NGX_SLACK_OUTCOME_NO_CHANGE:
    case NGX_SLACK_OUTCOME_DEAD:
        ngx_slack_post_dead(post);
        break;

    case NGX_SLACK_OUTCOME_AMBIGUOUS:
        if (ws->ambiguous_drop) {
            ngx_slack_post_lost(post);
            break;
        }

        /* fall through */

    default: /* NGX_SLACK_OUTCOME_RETRY */
        ngx_slack_post_retry(post);
    }

    ngx_slack_post_channel(post);

    if (post->outcome.outcome == NGX_SLACK_OUTCOME_HOLD) {
        post->failures |= NGX_SLACK_PACE_HELD;
    }

    ngx_slack_settle_add(post);
}


static void
ngx_slack_post_sent(ngx_slack_post_t *post)
{
    u_char                   buf[NGX_SLACK_IDS_SIZE];
    ngx_str_t                ids;
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;
    ws = ch->workspace->conf;

    post->settle = NGX_SLACK_SETTLE_SENT;

    if (post->outcome.channel_len) {
        ngx_slack_post_identify(post);
        ngx_slack_post_thread_sent(post);
    }

    if (post->outcome.unusual && ws->receiver == NGX_SLACK_RECEIVER_SLACK) {
        ngx_slack_post_unusual(post);
    }

    (void) ngx_atomic_fetch_add(&d->counters->sent, post->n);
    ngx_slack_post_count(post, NGX_SLACK_COUNT_SENT);

    ngx_slack_post_works(post);

    if (ch->suspended) {
        ngx_slack_log(NGX_LOG_NOTICE, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": works again",
                      &ws->name, &ch->name);
        ch->suspended = 0;
    }

    ch->failures = 0;
    ch->bypassed = 0;
    ch->joined = 0;
    ch->fresh = 0;

    if (d->log->log_level < NGX_LOG_INFO) {
        return;
    }

    ids = ngx_slack_post_ids(post, buf);

    if (post->n == 1) {
        ngx_slack_log(NGX_LOG_INFO, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": "
                      "message %V sent", &ws->name, &ch->name, &ids);
        return;
    }

    ngx_slack_log(NGX_LOG_INFO, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": "
                  "messages %V sent in one post", &ws->name, &ch->name, &ids);
}


/* Slack has told the channel's ID, which may be that of another channel. */

static void
ngx_slack_post_identify(ngx_slack_post_t *post)
{
    ngx_str_t             id;
    ngx_slack_channel_t  *ch;

    ch = post->channel;

    id.data = post->outcome.channel;
    id.len = post->outcome.channel_len;

    if (ngx_slack_equal(&id, &ch->slack_id)) {
        return;
    }

    if (ch->slack_id.len) {
        ngx_slack_post_thread_forget(post);
    }

    post->identified = 1;

    ngx_slack_twins_identify(post->dispatcher, ch, &id);
}


/* An answer that is not Slack's, but says that the message was accepted. */

static void
ngx_slack_post_unusual(ngx_slack_post_t *post)
{
    if (!ngx_slack_log_allowed(NGX_SLACK_RARE_RECEIVER, 0)) {
        return;
    }

    ngx_slack_log(NGX_LOG_WARN, post->dispatcher->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": %s: accepted, but "
                  "Slack would say \"ok\"; if this is not Slack, see receiver",
                  &post->channel->workspace->conf->name, &post->channel->name,
                  post->outcome.reason);
}


/*
 * Slack knows the client_msg_id, but no longer its message: the post is sent
 * again with another one.
 */

static void
ngx_slack_post_refresh(ngx_slack_post_t *post)
{
    ngx_slack_channel_t  *ch;

    ch = post->channel;

    ngx_slack_post_works(post);

    ch->single = post->messages[post->n - 1].id;
    ch->fresh = post->messages[0].id;
}


static void
ngx_slack_post_retry(ngx_slack_post_t *post)
{
    u_char                   buf[NGX_SLACK_IDS_SIZE];
    ngx_str_t                ids;
    ngx_uint_t               i, hold;
    ngx_msec_t               delay;
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;
    ws = ch->workspace->conf;

    post->settle = NGX_SLACK_SETTLE_RETRY;

    for (i = 0; i < post->n; i++) {
        post->messages[i].attempts++;
    }

    (void) ngx_atomic_fetch_add(&d->counters->retried, post->n);
    ngx_slack_post_count(post, NGX_SLACK_COUNT_RETRIED);

    /*
     * A post that was cut off by the worker's end tells nothing about Slack.
     */

    hold = !post->cut;

    if (post->outcome.server_error && post->n == 1
        && post->messages[0].attempts >= NGX_SLACK_POSTPONE_AFTER)
    {
        /* Perhaps the message is the cause: send those behind it first. */

        delay = ngx_slack_post_backoff(post,
                                       post->messages[0].attempts);
        post->due = d->wall + (int64_t) delay;

        /*
         * Postpone one message only: if the next one fails too, Slack is the
         * cause.
         */

        hold = ch->bypassed++ > 0;
    }

    if (hold) {
        ch->failures++;

        delay = ngx_slack_post_backoff(post, ch->failures);

        ngx_slack_pace_hold(&ch->pace, d->now + (int64_t) delay);

        if (ch->endpoint->suspended && ch->endpoint->until <= d->now) {
            /* The probe was inconclusive; schedule another. */
            ngx_slack_schedule_suspend(ch->endpoint, d->now + (int64_t) delay);
        }
    }

    if (ngx_slack_post_may_log(post)) {
        ids = ngx_slack_post_ids(post, buf);

        ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": %s%s%s%s; "
                      "attempt %ui of %s %V, next in %.1fs",
                      &ws->name, &ch->name, post->outcome.reason,
                      post->outcome.outcome == NGX_SLACK_OUTCOME_AMBIGUOUS
                      ? " (Slack may have it)" : "",
                      post->outcome.hint ? "; " : "",
                      post->outcome.hint ? post->outcome.hint : "",
                      post->messages[0].attempts, ngx_slack_post_noun(post),
                      &ids, ngx_slack_post_wait(post));
    }
}


static void
ngx_slack_post_hold(ngx_slack_post_t *post)
{
    u_char                   buf[NGX_SLACK_IDS_SIZE];
    ngx_str_t                ids;
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;
    ws = ch->workspace->conf;

    (void) ngx_atomic_fetch_add(&d->counters->limited, 1);
    ngx_slack_post_count(post, NGX_SLACK_COUNT_LAST);

    ngx_slack_post_works(post);

    if (ch->conf->token.len) {
        ngx_slack_post_hold_endpoint(post);

    } else {
        ngx_slack_pace_hold(&ch->pace, d->now + (int64_t) post->outcome.hold);
    }

    if (ngx_slack_post_may_log(post)) {
        ids = ngx_slack_post_ids(post, buf);

        ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": too fast for "
                      "Slack, %s; %snext try of %s %V in %.1fs",
                      &ws->name, &ch->name, post->outcome.reason,
                      ch->conf->token.len ? "all posts of the token wait; "
                                          : "",
                      ngx_slack_post_noun(post), &ids,
                      ngx_slack_post_wait(post));
    }
}


static void
ngx_slack_post_dead(ngx_slack_post_t *post)
{
    u_char                   buf[NGX_SLACK_IDS_SIZE];
    ngx_str_t                ids;
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;
    ws = ch->workspace->conf;

    ngx_slack_post_works(post);

    ch->failures = 0;
    ch->bypassed = 0;
    ch->suspended = 0;

    if (post->n == 1) {
        ngx_slack_post_bury(post, "Slack refuses it");
        return;
    }

    /*
     * Send them one by one, so that only the refused one becomes a dead
     * letter.
     */

    ch->single = post->messages[post->n - 1].id;

    ids = ngx_slack_post_ids(post, buf);

    ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": Slack refuses "
                  "messages %V together, %s; now one by one",
                  &ws->name, &ch->name, &ids, post->outcome.reason);
}


/* With "on_ambiguous drop" a message may be lost, but is not sent twice. */

static void
ngx_slack_post_lost(ngx_slack_post_t *post)
{
    ngx_msec_t               delay;
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;

    if (!post->cut) {
        ch->failures++;

        delay = ngx_slack_post_backoff(post, ch->failures);

        ngx_slack_pace_hold(&ch->pace, d->now + (int64_t) delay);
    }

    ngx_slack_post_bury(post, "Slack may have it; see on_ambiguous");
}


static void
ngx_slack_post_bury(ngx_slack_post_t *post, const char *why)
{
    ngx_uint_t               i;
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;
    ws = ch->workspace->conf;

    post->settle = NGX_SLACK_SETTLE_DEAD;

    (void) ngx_atomic_fetch_add(&d->counters->dead, post->n);
    ngx_slack_post_count(post, NGX_SLACK_COUNT_DEAD);

    for (i = 0; i < post->n; i++) {

        post->messages[i].attempts++;

        ngx_slack_log(NGX_LOG_ERR, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": message %L is "
                      "a dead letter, %s; %s; %s",
                      &ws->name, &ch->name, post->messages[i].id,
                      post->outcome.reason, why,
                      post->outcome.hint ? post->outcome.hint
                                           : NGX_SLACK_SEE_DEAD_LETTERS);
    }
}


/* Writes the numbers of all messages of a post: "7, 8, 12". */

static ngx_str_t
ngx_slack_post_ids(ngx_slack_post_t *post, u_char *buf)
{
    u_char      *p, *last;
    ngx_str_t    ids;
    ngx_uint_t   i;

    p = buf;
    last = buf + NGX_SLACK_IDS_SIZE;

    for (i = 0; i < post->n; i++) {
        p = ngx_slprintf(p, last, "%s%L", i ? ", " : "",
                         post->messages[i].id);
    }

    ids.data = buf;
    ids.len = p - buf;

    return ids;
}


/*
 * Seconds until the messages may be sent again: the longest of what the post
 * itself, the pace of the channel and the endpoint ask for.
 */

static double
ngx_slack_post_wait(ngx_slack_post_t *post)
{
    int64_t                  wait;
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    ch = post->channel;

    wait = ngx_max(ngx_slack_pace_next(&ch->pace) - d->now, 0);
    wait = ngx_max(ch->endpoint->until - d->now, wait);
    wait = ngx_max(ch->endpoint->held - d->now, wait);

    if (post->due) {
        wait = ngx_max(post->due - d->wall, wait);
    }

    return (double) wait / 1000;
}


/*
 * Limits the log lines of a workspace: during a network outage each message
 * would write one at each attempt.
 */

static ngx_uint_t
ngx_slack_post_may_log(ngx_slack_post_t *post)
{
    ngx_slack_dispatcher_t          *d;
    ngx_slack_schedule_workspace_t  *workspace;

    d = post->dispatcher;
    workspace = post->channel->workspace;

    if (workspace->log_lines == 0
        || d->now - workspace->log_from >= NGX_SLACK_RETRY_WINDOW)
    {
        if (workspace->log_more) {
            ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                          "slack_workspace \"%V\": %ui more such lines left "
                          "out", &workspace->conf->name, workspace->log_more);
        }

        workspace->log_from = d->now;
        workspace->log_lines = 0;
        workspace->log_more = 0;
    }

    if (workspace->log_lines >= NGX_SLACK_RETRY_LINES) {
        workspace->log_more++;
        return 0;
    }

    workspace->log_lines++;

    return 1;
}


/* ms before the next attempt after n failures */

static ngx_msec_t
ngx_slack_post_backoff(ngx_slack_post_t *post, ngx_uint_t n)
{
    ngx_slack_workspace_t  *ws;

    ws = post->channel->workspace->conf;

    return ngx_slack_pace_jitter(
                        ngx_slack_pace_backoff(ws->retry_min, ws->retry_max,
                                               n),
                        (ngx_uint_t) ngx_random());
}
