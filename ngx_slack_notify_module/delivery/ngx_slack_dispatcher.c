
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The leader's loop: polls the outbox for new messages, gives channels their
 * turn, waits for Slack's answers and settles them.  One task at a time serves
 * all channels.  Functions run in a pool thread unless the header says
 * otherwise; therefore they use malloc() and the log of pool threads only.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_auth.h>
#include <ngx_slack_changes.h>
#include <ngx_slack_dispatcher_private.h>
#include <ngx_slack_log.h>
#include <ngx_slack_no_endpoint.h>
#include <ngx_slack_post.h>
#include <ngx_slack_settle.h>
#include <ngx_slack_stop.h>
#include <ngx_slack_twins.h>


#define NGX_SLACK_LINGER          200       /* ms a run waits for a turn */
#define NGX_SLACK_LOOK_INTERVAL   1000      /* ms between polls */
#define NGX_SLACK_SCAN_INTERVAL   60000     /* ms */
#define NGX_SLACK_PURGE_INTERVAL  60000     /* ms */
#define NGX_SLACK_PURGE_PAUSE     5         /* ms, until all is purged */
#define NGX_SLACK_IDLE            60000     /* ms to keep idle connections */
#define NGX_SLACK_STARTS          16        /* posts before libcurl's turn */


static void ngx_slack_dispatcher_forget(ngx_slack_dispatcher_t *d);
static void ngx_slack_dispatcher_look(ngx_slack_dispatcher_t *d);
static ngx_int_t ngx_slack_dispatcher_channel(
    ngx_slack_outbox_channel_t  *dest, void *data);
static void ngx_slack_dispatcher_steer(ngx_slack_channel_t *ch,
    ngx_slack_outbox_channel_t *dest);
static void ngx_slack_dispatcher_purge(ngx_slack_dispatcher_t *d);


ngx_slack_dispatcher_t *
ngx_slack_dispatcher_create(ngx_slack_dispatcher_conf_t *conf)
{
    ngx_slack_dispatcher_t  *d;

    d = calloc(1, sizeof(ngx_slack_dispatcher_t));
    if (d == NULL) {
        goto failed;
    }

    d->counters = conf->counters;
    d->history = conf->history;
    d->tokens = conf->tokens;
    d->wakeup = conf->wakeup;
    d->task = conf->task;
    d->grace = (int64_t) conf->grace;
    d->log = conf->log;
    ngx_queue_init(&d->ended);
    ngx_queue_init(&d->lookups);
    ngx_slack_changes_init(d);

    d->offset = ngx_slack_clock_wall() - ngx_slack_clock_monotonic();

    d->schedule = ngx_slack_schedule_create(conf->workspaces,
                                            ngx_slack_clock_monotonic());
    d->outbox = ngx_slack_outbox_open(conf->outbox, conf->log);

    if (d->schedule == NULL || d->outbox == NULL) {
        goto failed;
    }

    d->client = ngx_slack_client_create(conf->log);
    if (d->client == NULL) {
        ngx_slack_dispatcher_destroy(d);
        return NULL;
    }

    return d;

failed:

    ngx_log_error(NGX_LOG_EMERG, conf->log, ngx_errno, "slack: no memory");

    if (d) {
        ngx_slack_dispatcher_destroy(d);
    }

    return NULL;
}


void
ngx_slack_dispatcher_destroy(ngx_slack_dispatcher_t *d)
{
    ngx_slack_dispatcher_forget(d);

    if (d->client) {
        ngx_slack_client_destroy(d->client);
    }

    if (d->schedule) {
        ngx_slack_schedule_destroy(d->schedule);
    }

    if (d->outbox) {
        ngx_slack_outbox_close(d->outbox);
    }

    free(d);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_dispatcher_lead(ngx_slack_dispatcher_t *d)
{
    ngx_int_t  rc;

    if (d->term) {

        if (ngx_slack_outbox_renew(d->outbox, d->term) != NGX_DECLINED) {
            return NGX_OK;
        }

        /*
         * Settles of a term that is over are refused, so finish the posts now.
         */

        ngx_slack_dispatcher_clock(d);
        ngx_slack_stop_posts(d);
        ngx_slack_dispatcher_resign(d);
    }

    rc = ngx_slack_outbox_lead(d->outbox, &d->term);

    if (rc != NGX_OK) {
        d->term = 0;
        return rc;
    }

    /* Another process was leader meanwhile: discard cached state. */

    ngx_slack_dispatcher_forget(d);

    return NGX_OK;
}


ngx_uint_t
ngx_slack_dispatcher_leads(ngx_slack_dispatcher_t *d)
{
    return d->term != 0;
}


void
ngx_slack_dispatcher_resign(ngx_slack_dispatcher_t *d)
{
    if (d->term) {
        ngx_slack_outbox_resign(d->outbox, d->term);
        d->term = 0;
    }
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_dispatcher_run(ngx_slack_dispatcher_t *d)
{
    int64_t               due, wait;
    ngx_int_t             rc;
    ngx_uint_t            n, lasts;
    ngx_slack_channel_t  *ch;

    rc = NGX_OK;

    for ( ;; ) {

        ngx_slack_dispatcher_clock(d);

        if (ngx_slack_stopping()) {
            ngx_slack_stop_posts(d);
            rc = NGX_DONE;
            break;
        }

        ngx_slack_dispatcher_look(d);

        if (d->declined) {
            ngx_slack_stop_posts(d);
            rc = NGX_DECLINED;
            break;
        }

        ngx_slack_settle_due(d, d->in_flight == 0);

        /* a leader who was stopped for long sends nothing when it goes on */

        lasts = ngx_slack_outbox_lasts(d->outbox);

        n = 0;

        while (n++ < NGX_SLACK_STARTS
               && d->in_flight < NGX_SLACK_IN_FLIGHT_MAX
               && lasts && !ngx_slack_stopping())
        {
            ch = ngx_slack_schedule_next(d->schedule, d->now);
            if (ch == NULL) {
                break;
            }

            ngx_slack_post_start(d, ch);
        }

        if (lasts && !ngx_slack_stopping()) {
            ngx_slack_changes_run(d);
        }

        ngx_slack_dispatcher_purge(d);

        due = ngx_slack_dispatcher_next(d);

        if (!lasts) {
            due = ngx_max(due, d->look_at);
        }

        if (d->in_flight == 0 && due > d->now + NGX_SLACK_LINGER) {

            if (ngx_slack_wakeup_pending(d->wakeup)) {
                continue;
            }

            break;
        }

        if (d->in_flight == NGX_SLACK_IN_FLIGHT_MAX) {
            /* no channel gets a turn until a post has ended */
            due = ngx_queue_empty(&d->ended) ? NGX_SLACK_NEVER : d->settle_at;
        }

        wait = ngx_max(due - d->now, 0);

        if (ngx_slack_task_wanted(d->task)) {
            ngx_slack_client_run(d->client, 0);
            break;
        }

        ngx_slack_client_run(d->client,
                             (ngx_msec_t) ngx_min(wait, NGX_SLACK_SLICE));
    }

    ngx_slack_client_tidy(d->client, NGX_SLACK_IDLE);

    d->counters->channels = d->schedule->n;

    return rc;
}


/* executed in a pool thread */

void
ngx_slack_dispatcher_rest(ngx_slack_dispatcher_t *d)
{
    (void) ngx_slack_wakeup_take(d->wakeup);

    ngx_slack_dispatcher_clock(d);
    ngx_slack_wakeup_calm(d->wakeup, d->now);
    ngx_slack_no_endpoint_look(d);

    ngx_slack_client_tidy(d->client, NGX_SLACK_IDLE);
}


int64_t
ngx_slack_dispatcher_next(ngx_slack_dispatcher_t *d)
{
    int64_t  due;

    due = ngx_min(ngx_slack_schedule_due(d->schedule),
                  ngx_slack_changes_due(d));

    if (!ngx_queue_empty(&d->ended)) {
        due = ngx_min(due, d->settle_at);
    }

    if (d->purging) {
        due = ngx_min(due, d->purge_at);
    }

    return due;
}


void
ngx_slack_dispatcher_poke(ngx_slack_dispatcher_t *d)
{
    ngx_slack_client_poke(d->client);
}


ngx_uint_t
ngx_slack_dispatcher_busy(ngx_slack_dispatcher_t *d)
{
    return d->in_flight != 0;
}


static void
ngx_slack_dispatcher_forget(ngx_slack_dispatcher_t *d)
{
    ngx_queue_t       *q;
    ngx_slack_post_t  *post;

    while (!ngx_queue_empty(&d->ended)) {
        q = ngx_queue_head(&d->ended);
        post = ngx_queue_data(q, ngx_slack_post_t, queue);

        ngx_queue_remove(q);
        free(post);
    }

    ngx_slack_changes_reset(d);

    d->nended = 0;
    d->settle_failures = 0;
    d->last = 0;
    d->look_at = 0;
    d->scan_at = 0;
    d->purge_at = 0;
    d->purging = 0;
    d->declined = 0;
    d->twins.n = 0;
    d->asks = 0;

    if (d->schedule) {
        ngx_slack_schedule_reset(d->schedule, ngx_slack_clock_monotonic());
    }
}


/*
 * Polls the outbox for new messages, and once a minute for all waiting ones.
 */

static void
ngx_slack_dispatcher_look(ngx_slack_dispatcher_t *d)
{
    int64_t     last;
    ngx_int_t   rc;
    ngx_uint_t  woken;

    woken = ngx_slack_wakeup_take(d->wakeup);

    if (!woken && d->now < d->look_at) {
        return;
    }

    ngx_slack_auth_asked(d);

    last = d->last;
    d->news = 0;

    if (d->now >= d->scan_at) {

        /*
         * A full scan also finds channels that did not fit into memory, and
         * messages that were put back.
         */

        last = 0;
    }

    d->look_at = d->now + NGX_SLACK_LOOK_INTERVAL;

    /* Renew the term as well: somebody may have replaced the outbox's file. */

    if (d->now >= d->scan_at || !ngx_slack_outbox_lasts(d->outbox)) {

        rc = ngx_slack_outbox_renew(d->outbox, d->term);

        if (rc == NGX_OK) {
            rc = ngx_slack_outbox_identity(d->outbox, d->identity);
        }

        if (rc == NGX_OK) {
            rc = ngx_slack_no_endpoint_tell(d);
        }

        if (rc != NGX_OK) {
            d->declined = (rc == NGX_DECLINED);
            return;
        }
    }

    d->nunserved = 0;

    if (ngx_slack_outbox_channels(d->outbox, &last,
                                  ngx_slack_dispatcher_channel, d)
        != NGX_OK
        || ngx_slack_changes_look(d, d->now >= d->scan_at) != NGX_OK)
    {
        d->scan_at = 0;
        return;
    }

    ngx_slack_no_endpoint_expire(d);

    if (d->now >= d->scan_at) {
        d->scan_at = d->now + NGX_SLACK_SCAN_INTERVAL;
    }

    d->last = last;
    d->counters->channels = d->schedule->n;

    if (!d->news) {
        ngx_slack_wakeup_calm(d->wakeup, d->now);
    }
}


/* executed in a pool thread */

static ngx_int_t
ngx_slack_dispatcher_channel(ngx_slack_outbox_channel_t *dest, void *data)
{
    ngx_slack_dispatcher_t  *d = data;

    int64_t                         delay, max, otherwise;
    ngx_str_t                       id;
    ngx_uint_t                      failures;
    ngx_slack_channel_t            *ch;
    ngx_slack_workspace_t          *ws;
    ngx_slack_schedule_target_t     target;
    ngx_slack_schedule_endpoint_t  *endpoint;

    ch = ngx_slack_schedule_find(d->schedule, dest->id);

    if (ch) {
        ngx_slack_dispatcher_steer(ch, dest);

        if (!dest->paused && dest->tried > ch->tried
            && ngx_slack_schedule_drop(d->schedule, ch))
        {
            ch = NULL;
        }
    }

    if (ch) {

        if (ch->sleeping && ch->timed) {

            /* The new message need not wait for those that failed before. */

            ch->sleeping = 0;
            ngx_slack_schedule_at(d->schedule, ch,
                                  ngx_slack_pace_next(&ch->pace));
            d->news = 1;
        }

        return NGX_OK;
    }

    if (dest->paused) {
        return NGX_OK;
    }

    if (ngx_slack_schedule_target(d->schedule, &dest->workspace,
                                  &dest->channel, &target)
        != NGX_OK)
    {
        ngx_slack_no_endpoint(d, dest);
        return NGX_OK;
    }

    ch = ngx_slack_schedule_add(d->schedule, dest->id, &target,
                                &dest->channel);
    if (ch == NULL) {

        /* Too many channels or no memory: the next scan finds it again. */

        return NGX_OK;
    }

    d->news = 1;
    endpoint = target.endpoint;

    ngx_slack_dispatcher_steer(ch, dest);
    ngx_slack_schedule_probe(endpoint, dest->tried);

    ch->tried = dest->tried;

    ws = ch->workspace->conf;

    if (ch->conf->token.len) {

        id = ngx_slack_workspace_is_id(&ch->name, NGX_SLACK_ID_CHANNEL)
             ? ch->name : dest->handle;

        if (id.len) {
            ngx_slack_twins_identify(d, ch, &id);
        }
    }

    ch->history = ngx_slack_history_channel(d->history, &dest->workspace,
                                            &dest->channel);

    if (ch->history && endpoint->suspended && endpoint->until > d->now) {
        ch->history->refused = 1;
        ch->history->held = (ngx_atomic_uint_t)
                           ((d->wall + endpoint->until - d->now) / 1000);
    }

    failures = dest->failures & ~NGX_SLACK_PACE_HELD;

    if (failures) {
        ngx_slack_schedule_uncertain(endpoint, failures);
    }

    if (dest->failures & NGX_SLACK_PACE_HELD) {
        max = NGX_SLACK_HOLD_MAX / 5 * 6;
        otherwise = (int64_t) ws->retry_max;

    } else if (failures && dest->tried <= dest->settled) {

        /*
         * The failures are old, and the configuration may have been corrected
         * since then: try soon.
         */

        max = (int64_t) ws->retry_min;
        otherwise = max;

    } else {

        /*
         * There is no failure to wait for, or an operator has asked for a try
         * since the last failure: only the pace counts.
         */

        otherwise = ch->pace.interval / 1000;
        max = otherwise + 1000;
    }

    delay = ngx_slack_pace_remembered(dest->not_before, d->wall, max,
                                      otherwise);

    if ((dest->failures & NGX_SLACK_PACE_HELD) && ch->conf->token.len) {
        /* Slack holds all posts of the token. */
        ngx_slack_schedule_hold(endpoint, d->now + delay);
    }

    if (delay > 0) {
        ngx_slack_pace_hold(&ch->pace, d->now + delay);
        ch->waited = 1;

    } else {
        /* the time is past, but a burst may have been used up just before */
        ngx_slack_pace_hold(&ch->pace,
                            d->now - ngx_max(d->wall - dest->not_before, 0));
    }

    ch->failures = failures;

    ngx_slack_schedule_at(d->schedule, ch, d->now + delay);

    return NGX_OK;
}


static void
ngx_slack_dispatcher_steer(ngx_slack_channel_t *ch,
    ngx_slack_outbox_channel_t *dest)
{
    ch->paused = dest->paused;
    ch->paused_since = dest->paused_since;
    ch->paused_until = dest->paused_until;
}


static void
ngx_slack_dispatcher_purge(ngx_slack_dispatcher_t *d)
{
    ngx_int_t  rc;

    if (d->now < d->purge_at) {
        return;
    }

    rc = ngx_slack_outbox_purge(d->outbox);

    d->purging = (rc == NGX_AGAIN);
    d->purge_at = d->now + (d->purging ? NGX_SLACK_PURGE_PAUSE
                                       : NGX_SLACK_PURGE_INTERVAL);
}
