
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an outcome does to messages, channel and webhook, and what the log
 * says of it.  Knows no libcurl and no HTTP.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_flight.h>
#include <ngx_slack_log.h>


#define NGX_SLACK_POSTPONE_AFTER  4         /* attempts */
#define NGX_SLACK_LOG_WINDOW      10000     /* ms */
#define NGX_SLACK_SEE_LETTERS \
    "it is kept, see \"Dead letters\" in the README"
#define NGX_SLACK_LOG_LINES       20        /* of retries, per window */


static void ngx_slack_landing_sent(ngx_slack_flight_t *flight);
static void ngx_slack_landing_retry(ngx_slack_flight_t *flight);
static void ngx_slack_landing_wait(ngx_slack_flight_t *flight);
static void ngx_slack_landing_suspend_channel(ngx_slack_flight_t *flight);
static void ngx_slack_landing_suspend_webhook(ngx_slack_flight_t *flight);
static void ngx_slack_landing_held(ngx_slack_flight_t *flight,
    int64_t until);
static void ngx_slack_landing_dead(ngx_slack_flight_t *flight);
static void ngx_slack_landing_lost(ngx_slack_flight_t *flight);
static void ngx_slack_landing_bury(ngx_slack_flight_t *flight,
    const char *why);
static void ngx_slack_landing_works(ngx_slack_flight_t *flight);
static ngx_uint_t ngx_slack_landing_may_log(ngx_slack_flight_t *flight);
static ngx_msec_t ngx_slack_landing_backoff(ngx_slack_flight_t *flight,
    ngx_uint_t n);
static ngx_msec_t ngx_slack_landing_jitter(ngx_msec_t delay);


/* executed in a worker thread */

void
ngx_slack_flight_land(ngx_slack_flight_t *flight)
{
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;

    ch = flight->channel;
    ws = ch->gate->lane->workspace;

    if (flight->outcome.outcome != NGX_SLACK_OUTCOME_SENT) {
        ngx_cpystrn((u_char *) ch->answer, (u_char *) flight->outcome.reason,
                    sizeof(ch->answer));
    }

    switch (flight->outcome.outcome) {

    case NGX_SLACK_OUTCOME_SENT:
        ngx_slack_landing_sent(flight);
        break;

    case NGX_SLACK_OUTCOME_WAIT:
        ngx_slack_landing_wait(flight);
        break;

    case NGX_SLACK_OUTCOME_SUSPEND_CHANNEL:
        ngx_slack_landing_suspend_channel(flight);
        break;

    case NGX_SLACK_OUTCOME_SUSPEND_WORKSPACE:
        ngx_slack_landing_suspend_webhook(flight);
        break;

    case NGX_SLACK_OUTCOME_DEAD:
        ngx_slack_landing_dead(flight);
        break;

    case NGX_SLACK_OUTCOME_AMBIGUOUS:
        if (ws->ambiguous_drop) {
            ngx_slack_landing_lost(flight);
            break;
        }

        /* fall through */

    default: /* NGX_SLACK_OUTCOME_RETRY */
        ngx_slack_landing_retry(flight);
    }

    ngx_slack_flight_stand(flight);

    if (flight->outcome.outcome == NGX_SLACK_OUTCOME_WAIT) {
        flight->failures |= NGX_SLACK_PACE_HELD;
    }

    ngx_slack_flight_landed(flight);
}


/* executed in a worker thread */

void
ngx_slack_flight_stand(ngx_slack_flight_t *flight)
{
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    ch = flight->channel;

    flight->standing = 1;
    flight->failures = ch->failures;
    flight->not_before = d->wall + ngx_slack_pace_next(&ch->pace) - d->now;

    /* a suspended webhook holds the channel by its gate, and at a restart */

    if (ch->gate->until > d->now) {
        flight->not_before = ngx_max(flight->not_before,
                                     d->wall + ch->gate->until - d->now);
    }
}


static void
ngx_slack_landing_sent(ngx_slack_flight_t *flight)
{
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    ch = flight->channel;
    ws = ch->gate->lane->workspace;

    flight->settle = NGX_SLACK_LETTER_SENT;

    (void) ngx_atomic_fetch_add(&d->counters->sent, flight->n);
    ngx_slack_flight_count(flight, NGX_SLACK_LEDGER_SENT);

    ngx_slack_landing_works(flight);

    if (ch->suspended) {
        ngx_slack_log(NGX_LOG_NOTICE, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": works again",
                      &ws->name, &ch->name);
        ch->suspended = 0;
    }

    ch->failures = 0;
    ch->bypassed = 0;

    if (flight->n == 1) {
        ngx_slack_log(NGX_LOG_INFO, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": "
                      "message %L sent", &ws->name, &ch->name,
                      flight->passengers[0].id);
        return;
    }

    ngx_slack_log(NGX_LOG_INFO, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": "
                  "messages %L to %L sent in one (%ui)", &ws->name, &ch->name,
                  flight->passengers[0].id,
                  flight->passengers[flight->n - 1].id, flight->n);
}


static void
ngx_slack_landing_retry(ngx_slack_flight_t *flight)
{
    ngx_uint_t               i, hold;
    ngx_msec_t               delay;
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    ch = flight->channel;
    ws = ch->gate->lane->workspace;

    flight->settle = NGX_SLACK_LETTER_RETRY;

    for (i = 0; i < flight->n; i++) {
        flight->passengers[i].attempts++;
    }

    (void) ngx_atomic_fetch_add(&d->counters->retried, flight->n);
    ngx_slack_flight_count(flight, NGX_SLACK_LEDGER_RETRIED);

    /* a post that we cut off says nothing about Slack */

    hold = !flight->cut;
    delay = 0;

    if (flight->outcome.server_error && flight->n == 1
        && flight->passengers[0].attempts >= NGX_SLACK_POSTPONE_AFTER)
    {
        /* it may be the message: those behind it may try */

        delay = ngx_slack_landing_backoff(flight,
                                          flight->passengers[0].attempts);
        flight->due = d->wall + (int64_t) delay;

        /* one of them, that is: with the next it is Slack, not the message */

        hold = ch->bypassed++ > 0;
    }

    if (hold) {
        ch->failures++;

        delay = ngx_slack_landing_backoff(flight, ch->failures);

        ngx_slack_pace_hold(&ch->pace, d->now + (int64_t) delay);

        if (ch->gate->suspended && ch->gate->until <= d->now) {
            /* the probe told nothing: the next one later */
            ngx_slack_schedule_suspend(ch->gate, d->now + (int64_t) delay);
        }
    }

    if (ngx_slack_landing_may_log(flight)) {
        ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": %s%s%s%s; "
                      "message %L waits %Mms after attempt %ui",
                      &ws->name, &ch->name, flight->outcome.reason,
                      flight->outcome.outcome == NGX_SLACK_OUTCOME_AMBIGUOUS
                      ? " (Slack may have it)" : "",
                      flight->outcome.hint ? "; " : "",
                      flight->outcome.hint ? flight->outcome.hint : "",
                      flight->passengers[0].id, delay,
                      flight->passengers[0].attempts);
    }
}


static void
ngx_slack_landing_wait(ngx_slack_flight_t *flight)
{
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    ch = flight->channel;
    ws = ch->gate->lane->workspace;

    (void) ngx_atomic_fetch_add(&d->counters->limited, 1);
    ngx_slack_flight_count(flight, NGX_SLACK_LEDGER_LAST);

    ngx_slack_landing_works(flight);

    ngx_slack_pace_hold(&ch->pace, d->now + (int64_t) flight->outcome.wait);

    if (ngx_slack_landing_may_log(flight)) {
        ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": too fast for "
                      "Slack, %s; message %L waits %Mms",
                      &ws->name, &ch->name, flight->outcome.reason,
                      flight->passengers[0].id, flight->outcome.wait);
    }
}


static void
ngx_slack_landing_suspend_channel(ngx_slack_flight_t *flight)
{
    ngx_uint_t               level;
    ngx_msec_t               delay;
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    ch = flight->channel;
    ws = ch->gate->lane->workspace;

    /* it was the channel that was refused, so the webhook works */

    ngx_slack_landing_works(flight);

    ngx_slack_flight_count(flight, NGX_SLACK_LEDGER_LAST);

    ch->failures++;

    delay = ngx_slack_landing_jitter(
                         ngx_slack_pace_suspend(ws->retry_min, ch->failures));

    ngx_slack_pace_hold(&ch->pace, d->now + (int64_t) delay);

    level = ch->suspended ? NGX_LOG_INFO : NGX_LOG_ERR;

    ngx_slack_log(level, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": Slack refuses the "
                  "channel, %s; %s; its messages wait, next try in %Mms",
                  &ws->name, &ch->name, flight->outcome.reason,
                  flight->outcome.hint ? flight->outcome.hint
                                       : "check it in Slack",
                  delay);

    if (!ch->suspended) {
        ch->suspended = 1;
        (void) ngx_atomic_fetch_add(&d->counters->suspended, 1);
    }
}


static void
ngx_slack_landing_suspend_webhook(ngx_slack_flight_t *flight)
{
    ngx_uint_t               level;
    ngx_msec_t               delay;
    ngx_slack_gate_t        *gate;
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    ch = flight->channel;
    gate = ch->gate;
    ws = gate->lane->workspace;

    ch->failures = ngx_max(ch->failures, gate->failures) + 1;

    ngx_slack_flight_count(flight, NGX_SLACK_LEDGER_LAST);

    if (gate->until > d->now) {
        /* one of those that were on their way already */
        return;
    }

    gate->failures++;

    delay = ngx_slack_landing_jitter(
                       ngx_slack_pace_suspend(ws->retry_min, gate->failures));

    level = gate->suspended ? NGX_LOG_INFO : NGX_LOG_ERR;

    ngx_slack_log(level, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": Slack refuses the "
                  "webhook, %s; %s; messages of all its channels wait, "
                  "next try in %Mms",
                  &ws->name, &ch->name, flight->outcome.reason,
                  flight->outcome.hint ? flight->outcome.hint
                                       : "check it in Slack",
                  delay);

    if (!gate->suspended) {
        (void) ngx_atomic_fetch_add(&d->counters->suspended, 1);
    }

    ngx_slack_schedule_suspend(gate, d->now + (int64_t) delay);

    ngx_slack_landing_held(flight, (d->wall + (int64_t) delay) / 1000);
}


/* all channels of the webhook are held until then; 0: no more */

static void
ngx_slack_landing_held(ngx_slack_flight_t *flight, int64_t until)
{
    ngx_rbtree_t         *tree;
    ngx_rbtree_node_t    *node;
    ngx_slack_channel_t  *ch;

    tree = &flight->dispatcher->schedule->channels;

    /* the channel of the flight is one of them: the tree is not empty */

    for (node = ngx_rbtree_min(tree->root, tree->sentinel);
         node;
         node = ngx_rbtree_next(tree, node))
    {
        ch = ngx_rbtree_data(node, ngx_slack_channel_t, node);

        if (ch->gate == flight->channel->gate && ch->ledger) {
            ch->ledger->held = (ngx_atomic_uint_t) until;
        }
    }
}


static void
ngx_slack_landing_dead(ngx_slack_flight_t *flight)
{
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    ch = flight->channel;
    ws = ch->gate->lane->workspace;

    ngx_slack_landing_works(flight);

    ch->failures = 0;
    ch->bypassed = 0;
    ch->suspended = 0;

    if (flight->n == 1) {
        ngx_slack_landing_bury(flight, "Slack refuses it");
        return;
    }

    /* only the bad one of them is to die */

    ch->single = flight->passengers[flight->n - 1].id;

    ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": Slack refuses "
                  "messages %L to %L together, %s; now one by one",
                  &ws->name, &ch->name, flight->passengers[0].id, ch->single,
                  flight->outcome.reason);
}


/* on_ambiguous drop: rather lost than doubled */

static void
ngx_slack_landing_lost(ngx_slack_flight_t *flight)
{
    ngx_msec_t               delay;
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    ch = flight->channel;

    if (!flight->cut) {
        ch->failures++;

        delay = ngx_slack_landing_backoff(flight, ch->failures);

        ngx_slack_pace_hold(&ch->pace, d->now + (int64_t) delay);
    }

    ngx_slack_landing_bury(flight, "Slack may have it; see on_ambiguous");
}


static void
ngx_slack_landing_bury(ngx_slack_flight_t *flight, const char *why)
{
    ngx_uint_t               i;
    ngx_slack_channel_t     *ch;
    ngx_slack_workspace_t   *ws;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    ch = flight->channel;
    ws = ch->gate->lane->workspace;

    flight->settle = NGX_SLACK_LETTER_DEAD;

    (void) ngx_atomic_fetch_add(&d->counters->dead, flight->n);
    ngx_slack_flight_count(flight, NGX_SLACK_LEDGER_DEAD);

    for (i = 0; i < flight->n; i++) {

        flight->passengers[i].attempts++;

        ngx_slack_log(NGX_LOG_ERR, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": message %L is "
                      "a dead letter, %s; %s; %s",
                      &ws->name, &ch->name, flight->passengers[i].id,
                      flight->outcome.reason, why,
                      flight->outcome.hint ? flight->outcome.hint
                                           : NGX_SLACK_SEE_LETTERS);
    }
}


/* an answer that is not about the webhook proves that the webhook works */

static void
ngx_slack_landing_works(ngx_slack_flight_t *flight)
{
    ngx_slack_gate_t        *gate;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    gate = flight->channel->gate;

    if (ngx_slack_schedule_resume(d->schedule, gate)) {
        ngx_slack_landing_held(flight, 0);

        ngx_slack_log(NGX_LOG_NOTICE, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": "
                      "the webhook works again",
                      &gate->lane->workspace->name, &flight->channel->name);
    }
}


/* a dead network is not worth a line for each message */

static ngx_uint_t
ngx_slack_landing_may_log(ngx_slack_flight_t *flight)
{
    ngx_slack_lane_t        *lane;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    lane = flight->channel->gate->lane;

    if (lane->log_lines == 0
        || d->now - lane->log_from >= NGX_SLACK_LOG_WINDOW)
    {
        if (lane->log_more) {
            ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                          "slack_workspace \"%V\": %ui more such lines left "
                          "out", &lane->workspace->name, lane->log_more);
        }

        lane->log_from = d->now;
        lane->log_lines = 0;
        lane->log_more = 0;
    }

    if (lane->log_lines >= NGX_SLACK_LOG_LINES) {
        lane->log_more++;
        return 0;
    }

    lane->log_lines++;

    return 1;
}


/* ms before the next try after n failures */

static ngx_msec_t
ngx_slack_landing_backoff(ngx_slack_flight_t *flight, ngx_uint_t n)
{
    ngx_slack_workspace_t  *ws;

    ws = flight->channel->gate->lane->workspace;

    return ngx_slack_landing_jitter(
                      ngx_slack_pace_backoff(ws->retry_min, ws->retry_max, n));
}


static ngx_msec_t
ngx_slack_landing_jitter(ngx_msec_t delay)
{
    return ngx_slack_pace_jitter(delay, (ngx_uint_t) ngx_random());
}
