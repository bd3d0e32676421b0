
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A change: read from the outbox, sent by chat.update, and what Slack's answer
 * means for it.  A change is tried again even if Slack may have it: it cannot
 * double.  All functions run in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_change.h>
#include <ngx_slack_log.h>
#include <ngx_slack_message.h>
#include <ngx_slack_post_suspend.h>
#include <ngx_slack_post_track.h>
#include <ngx_slack_settle.h>


#define NGX_SLACK_CHANGE_PAUSE  1000        /* ms, after an error of the
                                               outbox */


static ngx_int_t ngx_slack_change_send(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *message);
static ngx_uint_t ngx_slack_change_expired(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *message);
static ngx_slack_post_t *ngx_slack_change_post(ngx_slack_dispatcher_t *d,
    ngx_slack_change_t *change, ngx_slack_waiting_message_t *message);
static void ngx_slack_change_answered(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer);
static void ngx_slack_change_conclude(ngx_slack_post_t *post);
static void ngx_slack_change_sent(ngx_slack_post_t *post);
static void ngx_slack_change_retry(ngx_slack_post_t *post, ngx_msec_t delay);
static void ngx_slack_change_refused(ngx_slack_post_t *post);
static void ngx_slack_change_suspend(ngx_slack_post_t *post);
static void ngx_slack_change_fall_back(ngx_slack_post_t *post,
    ngx_uint_t settle, const char *what);
static void ngx_slack_change_dead(ngx_slack_post_t *post, const char *why);
static void ngx_slack_change_works(ngx_slack_post_t *post);
static void ngx_slack_change_count(ngx_slack_post_t *post, ngx_uint_t what);
static ngx_msec_t ngx_slack_change_backoff(ngx_slack_post_t *post);


/* executed in a pool thread */

ngx_int_t
ngx_slack_change_start(ngx_slack_dispatcher_t *d, ngx_slack_change_t *change,
    ngx_slack_post_settled_pt settled)
{
    ngx_int_t                     rc;
    ngx_slack_post_t             *post;
    ngx_slack_waiting_message_t   message;

    rc = ngx_slack_outbox_change(d->outbox, change->thread, &message);

    if (rc == NGX_DONE) {
        return NGX_DONE;
    }

    if (rc != NGX_OK) {
        change->when = d->now + NGX_SLACK_CHANGE_PAUSE;
        return NGX_AGAIN;
    }

    post = ngx_slack_change_post(d, change, &message);

    if (post == NULL) {
        free(message.envelope.data);
        change->when = d->now + NGX_SLACK_CHANGE_PAUSE;
        return NGX_AGAIN;
    }

    post->settled = settled;

    if (change->target.endpoint == NULL) {

        ngx_slack_log(NGX_LOG_NOTICE, d->log, 0,
                      "slack: channel \"%V\": messages there can no longer be "
                      "changed, the state of message %L is sent as a "
                      "message", &change->channel, message.id);

        post->settle = NGX_SLACK_SETTLE_PLAIN;
        ngx_slack_settle_add(post);

    } else if (ngx_slack_change_expired(post, &message)) {
        ngx_slack_settle_add(post);

    } else {
        rc = ngx_slack_change_send(post, &message);
    }

    free(message.envelope.data);

    if (rc == NGX_OK) {
        change->posting = 1;
        return NGX_OK;
    }

    free(post);

    change->when = d->now + NGX_SLACK_CHANGE_PAUSE;

    return NGX_AGAIN;
}


/* As a message of the line, see ngx_slack_post_expired(). */

static ngx_uint_t
ngx_slack_change_expired(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *message)
{
    int64_t                  age, since, until;
    ngx_slack_change_t      *change;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    change = post->change;
    ws = change->target.workspace->conf;

    since = ngx_max(change->paused_since, message->created);
    until = ngx_min(change->paused_until, d->wall);

    age = ngx_slack_dispatcher_age(d, message->created)
          - ngx_max(until - since, 0);

    if (age <= (int64_t) ws->retry_for * 1000
        || (change->failures == 0 && message->attempts == 0
            && change->target.endpoint->failures == 0))
    {
        return 0;
    }

    post->outcome.len = (size_t) snprintf(post->outcome.reason,
                                          sizeof(post->outcome.reason),
                                          "not delivered in time");

    ngx_slack_change_dead(post, "a later event of the object, or a replay, "
                                "shows how it stands");

    return 1;
}


static ngx_int_t
ngx_slack_change_send(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *message)
{
    u_char                  *p;
    ngx_int_t                rc;
    ngx_str_t                channel, ts, body;
    ngx_slack_change_t      *change;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    change = post->change;

    channel = message->part.handle;

    p = ngx_strlchr(channel.data, channel.data + channel.len, ' ');

    if (p == NULL) {

        /* It is not ours: make another root. */

        post->outcome.len = (size_t) snprintf(post->outcome.reason,
                                              sizeof(post->outcome.reason),
                                              "the message's name is unknown");
        ngx_slack_change_fall_back(post, NGX_SLACK_SETTLE_ROOT,
                                   "is posted anew");
        ngx_slack_settle_add(post);

        return NGX_OK;
    }

    ts.data = p + 1;
    ts.len = channel.data + channel.len - ts.data;
    channel.len = p - channel.data;

    body = message->body;
    rc = NGX_OK;

    if (ngx_slack_cc_places(&body)) {

        /* a change notifies nobody */

        rc = ngx_slack_cc_resolve(&message->body, NULL, NULL, &body);
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_message_compose_change(&channel, &ts, &body,
                                              &post->request.body);
    }

    if (body.data != message->body.data) {
        free(body.data);
    }

    if (rc != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, d->log, 0, "slack: no memory");
        return NGX_ERROR;
    }

    post->request.workspace = change->target.workspace->conf;
    post->request.endpoint = change->target.conf;
    post->request.method = NGX_SLACK_METHOD_UPDATE;
    post->request.handler = ngx_slack_change_answered;
    post->request.data = post;

    if (ngx_slack_client_send(d->client, &post->request) != NGX_OK) {
        free(post->request.body.data);
        return NGX_ERROR;
    }

    ngx_slack_pace_take(&change->target.endpoint->update_pace, d->now);
    change->target.endpoint->changing++;

    d->in_flight++;
    (void) ngx_atomic_fetch_add(&d->counters->in_flight, 1);

    return NGX_OK;
}


static ngx_slack_post_t *
ngx_slack_change_post(ngx_slack_dispatcher_t *d, ngx_slack_change_t *change,
    ngx_slack_waiting_message_t *message)
{
    ngx_slack_post_t  *post;

    post = calloc(1, sizeof(ngx_slack_post_t));
    if (post == NULL) {
        ngx_log_error(NGX_LOG_ERR, d->log, 0, "slack: no memory");
        return NULL;
    }

    post->dispatcher = d;
    post->change = change;
    post->n = 1;
    post->messages[0].id = message->id;
    post->messages[0].created = message->created;
    post->messages[0].attempts = message->attempts;
    post->messages[0].thread = change->thread;

    return post;
}


/* executed in a pool thread */

static void
ngx_slack_change_answered(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer)
{
    ngx_slack_post_t  *post = request->data;

    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;

    d->in_flight--;
    (void) ngx_atomic_fetch_add(&d->counters->in_flight, -1);
    post->change->target.endpoint->changing--;

    free(post->request.body.data);
    ngx_str_null(&post->request.body);

    ngx_slack_dispatcher_clock(d);

    if (answer) {
        ngx_slack_outcome_judge(answer, d->wall, &post->outcome);
        ngx_slack_change_conclude(post);

    } else {
        /* The worker ends; the next one sends it (again). */
        post->change->again = 1;
        post->change->when = d->now;
    }

    ngx_slack_settle_add(post);
}


static void
ngx_slack_change_conclude(ngx_slack_post_t *post)
{
    ngx_slack_change_t      *change;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    change = post->change;

    if (post->outcome.outcome != NGX_SLACK_OUTCOME_RETRY
        && post->outcome.outcome != NGX_SLACK_OUTCOME_AMBIGUOUS
        && post->outcome.outcome != NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT)
    {
        ngx_slack_change_works(post);
    }

    switch (post->outcome.outcome) {

    case NGX_SLACK_OUTCOME_SENT:
        ngx_slack_change_sent(post);
        break;

    case NGX_SLACK_OUTCOME_HOLD:
        /* Of this method only: posts go on. */
        (void) ngx_atomic_fetch_add(&d->counters->limited, 1);
        ngx_slack_change_count(post, NGX_SLACK_COUNT_LAST);
        change->target.endpoint->update_held = d->now
                                               + (int64_t) post->outcome.hold;
        change->again = 1;
        change->when = change->target.endpoint->update_held;

        ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": too fast for "
                      "Slack, %s; all changes of the token wait %.1fs",
                      &change->target.workspace->conf->name, &change->channel,
                      post->outcome.reason,
                      (double) post->outcome.hold / 1000);
        break;

    case NGX_SLACK_OUTCOME_SUSPEND_CHANNEL:
        ngx_slack_change_refused(post);
        break;

    case NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT:
        ngx_slack_change_suspend(post);
        break;

    case NGX_SLACK_OUTCOME_NO_ROOT:
        ngx_slack_change_fall_back(post, NGX_SLACK_SETTLE_ROOT,
                                   "is posted anew");
        break;

    case NGX_SLACK_OUTCOME_NO_CHANGE:
        ngx_slack_change_fall_back(post, NGX_SLACK_SETTLE_REPLY,
                                   "and later ones reply to it");
        break;

    case NGX_SLACK_OUTCOME_FRESH:
    case NGX_SLACK_OUTCOME_NO_REPLY:
    case NGX_SLACK_OUTCOME_DEAD:
        ngx_slack_change_dead(post, "Slack refuses it");
        break;

    default: /* NGX_SLACK_OUTCOME_RETRY, NGX_SLACK_OUTCOME_AMBIGUOUS */
        post->messages[0].attempts++;
        change->failures++;
        (void) ngx_atomic_fetch_add(&d->counters->retried, 1);
        ngx_slack_change_count(post, NGX_SLACK_COUNT_RETRIED);
        ngx_slack_change_retry(post, ngx_slack_change_backoff(post));
    }
}


static void
ngx_slack_change_sent(ngx_slack_post_t *post)
{
    ngx_slack_change_t      *change;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    change = post->change;

    post->settle = NGX_SLACK_SETTLE_SENT;
    change->failures = 0;
    change->retry = 0;

    (void) ngx_atomic_fetch_add(&d->counters->sent, 1);
    (void) ngx_atomic_fetch_add(&d->counters->changed, 1);
    ngx_slack_change_count(post, NGX_SLACK_COUNT_SENT);

    ngx_slack_log(NGX_LOG_INFO, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": message %L sent as "
                  "a change", &change->target.workspace->conf->name,
                  &change->channel, post->messages[0].id);
}


/* Stores the answer and when the change is tried again. */

static void
ngx_slack_change_retry(ngx_slack_post_t *post, ngx_msec_t delay)
{
    ngx_slack_change_t      *change;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    change = post->change;

    post->settle = NGX_SLACK_SETTLE_RETRY;
    post->due = d->wall + (int64_t) delay;

    change->retry = d->now + (int64_t) delay;
    change->when = change->retry;
    change->again = 1;

    ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": %s%s%s; attempt "
                  "%ui of change %L, next in %.1fs",
                  &change->target.workspace->conf->name, &change->channel,
                  post->outcome.reason, post->outcome.hint ? "; " : "",
                  post->outcome.hint ? post->outcome.hint : "",
                  post->messages[0].attempts, post->messages[0].id,
                  (double) delay / 1000);
}


/*
 * Slack refuses the channel, or does not let the app change messages there: no
 * attempt is counted.
 */

static void
ngx_slack_change_refused(ngx_slack_post_t *post)
{
    ngx_slack_change_t  *change;

    change = post->change;
    change->failures++;

    ngx_slack_change_count(post, NGX_SLACK_COUNT_LAST);

    ngx_slack_change_retry(post,
                           ngx_slack_post_delay(change->target.workspace->conf,
                                                change->failures));
}


static void
ngx_slack_change_suspend(ngx_slack_post_t *post)
{
    ngx_slack_change_t      *change;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    change = post->change;

    ngx_slack_change_count(post, NGX_SLACK_COUNT_LAST);

    change->again = 1;
    change->when = d->now;

    (void) ngx_slack_post_refused(post, change->target.endpoint,
                                  change->target.workspace->conf,
                                  &change->channel, "token");
}


/* Slack does not change the message, so the outbox finds another way. */

static void
ngx_slack_change_fall_back(ngx_slack_post_t *post, ngx_uint_t settle,
    const char *what)
{
    ngx_slack_change_t      *change;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    change = post->change;

    post->settle = settle;

    (void) ngx_atomic_fetch_add(&d->counters->fallbacks, 1);

    ngx_slack_log(NGX_LOG_NOTICE, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": the message cannot "
                  "be changed, %s; change %L %s",
                  &change->target.workspace->conf->name, &change->channel,
                  post->outcome.reason, post->messages[0].id, what);
}


static void
ngx_slack_change_dead(ngx_slack_post_t *post, const char *why)
{
    ngx_slack_change_t      *change;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    change = post->change;

    post->settle = NGX_SLACK_SETTLE_DEAD;
    post->messages[0].attempts++;
    change->failures = 0;
    change->retry = 0;

    (void) ngx_atomic_fetch_add(&d->counters->dead, 1);
    ngx_slack_change_count(post, NGX_SLACK_COUNT_DEAD);

    ngx_slack_log(NGX_LOG_ERR, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": change %L is a "
                  "dead letter, %s; %s; %s",
                  &change->target.workspace->conf->name, &change->channel,
                  post->messages[0].id, post->outcome.reason, why,
                  post->outcome.hint ? post->outcome.hint
                                     : "it is kept, see \"Dead letters\" in "
                                       "the README");
}


/* An answer that does not refuse the endpoint proves that it works. */

static void
ngx_slack_change_works(ngx_slack_post_t *post)
{
    ngx_slack_change_t      *change;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    change = post->change;

    if (ngx_slack_schedule_resume(d->schedule, change->target.endpoint)) {
        ngx_slack_log(NGX_LOG_NOTICE, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": "
                      "the %s works again",
                      &change->target.workspace->conf->name,
                      &change->channel, "token");
    }
}


static void
ngx_slack_change_count(ngx_slack_post_t *post, ngx_uint_t what)
{
    time_t                   now;
    ngx_slack_change_t      *change;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    change = post->change;
    now = (time_t) (d->wall / 1000);

    if (what != NGX_SLACK_COUNT_LAST) {
        ngx_slack_history_messages(d->history, change->history, what, 1, now);
        ngx_slack_post_note(post, change->history, what);
    }

    if (change->history && what != NGX_SLACK_COUNT_SENT) {
        ngx_slack_history_tell(&change->history->error,
                               (u_char *) post->outcome.reason,
                               post->outcome.len, now);
    }
}


/* ms before the next attempt */

static ngx_msec_t
ngx_slack_change_backoff(ngx_slack_post_t *post)
{
    ngx_slack_workspace_t  *ws;

    ws = post->change->target.workspace->conf;

    return ngx_slack_pace_jitter(
                        ngx_slack_pace_backoff(ws->retry_min, ws->retry_max,
                                               post->change->failures),
                        (ngx_uint_t) ngx_random());
}
