
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The changes that wait: found by polling the outbox, ordered by time, final
 * states first.  All functions run in the dispatcher's pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_changes.h>


#define NGX_SLACK_CHANGES_MAX       10000   /* in memory; the others are found
                                               by a later scan */
#define NGX_SLACK_CHANGES_IN_FLIGHT  32     /* of an endpoint */
#define NGX_SLACK_CHANGES_SETTLE    3000    /* ms after the last change, */
#define NGX_SLACK_CHANGES_PATIENCE  15000   /* but at most so long after the
                                               first */


static ngx_int_t ngx_slack_changes_found(ngx_slack_changing_t *changing,
    void *data);
static ngx_slack_change_t *ngx_slack_changes_find(ngx_slack_changes_t *changes,
    int64_t thread);
static ngx_slack_change_t *ngx_slack_changes_add(ngx_slack_dispatcher_t *d,
    int64_t thread, ngx_slack_schedule_target_t *target, ngx_str_t *channel);
static int64_t ngx_slack_changes_settle_down(ngx_slack_dispatcher_t *d,
    ngx_slack_changing_t *changing);
static void ngx_slack_changes_remove(ngx_slack_dispatcher_t *d,
    ngx_slack_change_t *change);
static void ngx_slack_changes_at(ngx_slack_dispatcher_t *d,
    ngx_slack_change_t *change, int64_t when);
static void ngx_slack_changes_untime(ngx_slack_dispatcher_t *d,
    ngx_slack_change_t *change);
static void ngx_slack_changes_start(ngx_slack_dispatcher_t *d,
    ngx_slack_change_t *change);
static void ngx_slack_changes_settled(ngx_slack_post_t *post);
static void ngx_slack_changes_endpoint(ngx_slack_dispatcher_t *d,
    ngx_slack_schedule_endpoint_t *endpoint);
static int64_t ngx_slack_changes_free_at(ngx_slack_dispatcher_t *d,
    ngx_slack_schedule_endpoint_t *endpoint);


void
ngx_slack_changes_init(ngx_slack_dispatcher_t *d)
{
    ngx_slack_changes_t  *changes;

    changes = &d->changes;

    ngx_rbtree_init(&changes->threads, &changes->threads_sentinel,
                    ngx_rbtree_insert_value);
    ngx_rbtree_init(&changes->timers, &changes->timers_sentinel,
                    ngx_rbtree_insert_value);

    changes->n = 0;
    changes->last = 0;
}


void
ngx_slack_changes_reset(ngx_slack_dispatcher_t *d)
{
    ngx_slack_changes_t  *changes;

    changes = &d->changes;

    while (changes->threads.root != changes->threads.sentinel) {
        ngx_slack_changes_remove(d, ngx_rbtree_data(changes->threads.root,
                                                    ngx_slack_change_t, node));
    }

    changes->last = 0;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_changes_look(ngx_slack_dispatcher_t *d, ngx_uint_t all)
{
    int64_t    last;
    ngx_int_t  rc;

    last = all ? 0 : d->changes.last;

    rc = ngx_slack_outbox_changes(d->outbox, &last, ngx_slack_changes_found,
                                  d);

    if (rc == NGX_OK) {
        d->changes.last = last;
    }

    return rc;
}


/* executed in a pool thread */

static ngx_int_t
ngx_slack_changes_found(ngx_slack_changing_t *changing, void *data)
{
    ngx_slack_dispatcher_t  *d = data;

    int64_t                       when;
    ngx_slack_change_t           *change;
    ngx_slack_outbox_channel_t   *dest;
    ngx_slack_schedule_target_t   target;

    dest = &changing->channel;
    change = ngx_slack_changes_find(&d->changes, changing->thread);

    if (dest->paused) {

        /* The outbox reports it again when the channel is resumed. */

        if (change && !change->posting) {
            ngx_slack_changes_remove(d, change);
        }

        return NGX_OK;
    }

    if (change == NULL) {

        if (ngx_slack_schedule_target(d->schedule, &dest->workspace,
                                      &dest->channel, &target)
            != NGX_OK
            || target.conf->token.len == 0)
        {
            ngx_memzero(&target, sizeof(ngx_slack_schedule_target_t));
        }

        change = ngx_slack_changes_add(d, changing->thread, &target,
                                       &dest->channel);
        if (change == NULL) {
            return NGX_OK;
        }

        change->history = ngx_slack_history_channel(d->history,
                                                    &dest->workspace,
                                                    &dest->channel);
    }

    d->news = 1;

    change->paused_since = dest->paused_since;
    change->paused_until = dest->paused_until;
    change->final = changing->final;

    when = ngx_slack_changes_settle_down(d, changing);
    when = ngx_max(when, change->retry);

    if (change->posting) {
        change->again = 1;
        change->when = when;

    } else {
        ngx_slack_changes_at(d, change, when);
    }

    return NGX_OK;
}


/*
 * When a change has settled down.  If the clock was set, it does not wait for
 * longer than usual.
 */

static int64_t
ngx_slack_changes_settle_down(ngx_slack_dispatcher_t *d,
    ngx_slack_changing_t *changing)
{
    int64_t  delay;

    if (changing->final) {
        return d->now;
    }

    delay = ngx_min(changing->touched + NGX_SLACK_CHANGES_SETTLE,
                    changing->since + NGX_SLACK_CHANGES_PATIENCE)
            - d->wall;

    delay = ngx_max(delay, 0);

    return d->now + ngx_min(delay, NGX_SLACK_CHANGES_SETTLE);
}


/* executed in a pool thread */

void
ngx_slack_changes_expect(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    int64_t thread)
{
    ngx_slack_change_t           *change;
    ngx_slack_schedule_target_t   target;

    change = ngx_slack_changes_find(&d->changes, thread);

    if (change == NULL) {
        target.workspace = ch->workspace;
        target.endpoint = ch->endpoint;
        target.conf = ch->conf;

        change = ngx_slack_changes_add(d, thread, &target, &ch->name);
        if (change == NULL) {
            return;
        }

        change->history = ch->history;
        change->paused_since = ch->paused_since;
        change->paused_until = ch->paused_until;
    }

    if (change->posting) {
        change->again = 1;
        change->when = d->now;

    } else {
        ngx_slack_changes_at(d, change, d->now);
    }
}


static ngx_slack_change_t *
ngx_slack_changes_find(ngx_slack_changes_t *changes, int64_t thread)
{
    ngx_rbtree_key_t    key;
    ngx_rbtree_node_t  *node;

    key = (ngx_rbtree_key_t) thread;
    node = changes->threads.root;

    while (node != changes->threads.sentinel) {

        if (key == node->key) {
            return ngx_rbtree_data(node, ngx_slack_change_t, node);
        }

        node = (key < node->key) ? node->left : node->right;
    }

    return NULL;
}


/* NULL: there are too many, or no memory; a later scan finds it again. */

static ngx_slack_change_t *
ngx_slack_changes_add(ngx_slack_dispatcher_t *d, int64_t thread,
    ngx_slack_schedule_target_t *target, ngx_str_t *channel)
{
    ngx_slack_change_t  *change;

    if (d->changes.n >= NGX_SLACK_CHANGES_MAX) {
        return NULL;
    }

    change = calloc(1, sizeof(ngx_slack_change_t) + channel->len);
    if (change == NULL) {
        return NULL;
    }

    change->thread = thread;
    change->target = *target;
    change->channel.data = (u_char *) (change + 1);
    change->channel.len = channel->len;
    ngx_memcpy(change->channel.data, channel->data, channel->len);

    change->node.key = (ngx_rbtree_key_t) thread;
    ngx_rbtree_insert(&d->changes.threads, &change->node);
    d->changes.n++;

    return change;
}


static void
ngx_slack_changes_remove(ngx_slack_dispatcher_t *d, ngx_slack_change_t *change)
{
    ngx_slack_changes_untime(d, change);

    ngx_rbtree_delete(&d->changes.threads, &change->node);
    d->changes.n--;

    free(change);
}


static void
ngx_slack_changes_at(ngx_slack_dispatcher_t *d, ngx_slack_change_t *change,
    int64_t when)
{
    ngx_slack_changes_untime(d, change);

    change->when = when;
    change->timer.key = (ngx_rbtree_key_t) ngx_max(when, 0);
    ngx_rbtree_insert(&d->changes.timers, &change->timer);
    change->timed = 1;
}


/* Takes the turn of a change, which then has none. */

static void
ngx_slack_changes_untime(ngx_slack_dispatcher_t *d, ngx_slack_change_t *change)
{
    if (change->timed) {
        ngx_rbtree_delete(&d->changes.timers, &change->timer);
        change->timed = 0;
    }

    if (change->queued) {
        ngx_queue_remove(&change->queue);
        change->queued = 0;
    }
}


/* executed in a pool thread */

void
ngx_slack_changes_run(ngx_slack_dispatcher_t *d)
{
    ngx_uint_t           i;
    ngx_rbtree_t        *timers;
    ngx_rbtree_node_t   *node;
    ngx_slack_change_t  *change;

    timers = &d->changes.timers;

    while (timers->root != timers->sentinel) {

        node = ngx_rbtree_min(timers->root, timers->sentinel);

        if ((int64_t) node->key > d->now) {
            break;
        }

        change = ngx_rbtree_data(node, ngx_slack_change_t, timer);
        ngx_slack_changes_untime(d, change);

        if (change->target.endpoint == NULL) {
            ngx_slack_changes_start(d, change);
            continue;
        }

        ngx_queue_insert_tail(&change->target.endpoint
                                      ->changes[change->final ? 0 : 1],
                              &change->queue);
        change->queued = 1;
    }

    for (i = 0; i < d->schedule->nendpoints; i++) {
        ngx_slack_changes_endpoint(d, &d->schedule->endpoints[i]);
    }
}


static void
ngx_slack_changes_endpoint(ngx_slack_dispatcher_t *d,
    ngx_slack_schedule_endpoint_t *endpoint)
{
    ngx_queue_t         *q;
    ngx_slack_change_t  *change;

    while (ngx_slack_changes_free_at(d, endpoint) <= d->now) {

        q = ngx_queue_empty(&endpoint->changes[0])
            ? ngx_queue_head(&endpoint->changes[1])
            : ngx_queue_head(&endpoint->changes[0]);

        change = ngx_queue_data(q, ngx_slack_change_t, queue);

        ngx_slack_changes_untime(d, change);
        ngx_slack_changes_start(d, change);
    }
}


static void
ngx_slack_changes_start(ngx_slack_dispatcher_t *d, ngx_slack_change_t *change)
{
    switch (ngx_slack_change_start(d, change, ngx_slack_changes_settled)) {

    case NGX_OK:
        break;

    case NGX_AGAIN:
        ngx_slack_changes_at(d, change, change->when);
        break;

    default: /* NGX_DONE */
        ngx_slack_changes_remove(d, change);
    }
}


/*
 * When the endpoint may send its next change.  A suspended one is tried with
 * one change at a time.
 */

static int64_t
ngx_slack_changes_free_at(ngx_slack_dispatcher_t *d,
    ngx_slack_schedule_endpoint_t *endpoint)
{
    int64_t  when;

    if (ngx_queue_empty(&endpoint->changes[0])
        && ngx_queue_empty(&endpoint->changes[1]))
    {
        return NGX_SLACK_NEVER;
    }

    if (endpoint->changing >= (ngx_uint_t) (endpoint->suspended
                                            ? 1 : NGX_SLACK_CHANGES_IN_FLIGHT)
        || d->in_flight >= NGX_SLACK_IN_FLIGHT_MAX)
    {
        /* The end of a request gives the next turn. */
        return NGX_SLACK_NEVER;
    }

    when = ngx_slack_pace_next(&endpoint->update_pace);
    when = ngx_max(when, endpoint->update_held);

    return endpoint->suspended ? ngx_max(when, endpoint->until) : when;
}


int64_t
ngx_slack_changes_due(ngx_slack_dispatcher_t *d)
{
    int64_t        due, when;
    ngx_uint_t     i;
    ngx_rbtree_t  *timers;

    due = NGX_SLACK_NEVER;
    timers = &d->changes.timers;

    if (timers->root != timers->sentinel) {
        due = (int64_t) ngx_rbtree_min(timers->root, timers->sentinel)->key;
    }

    for (i = 0; i < d->schedule->nendpoints; i++) {
        when = ngx_slack_changes_free_at(d, &d->schedule->endpoints[i]);
        due = ngx_min(due, when);
    }

    return due;
}


/*
 * The outcome of a change's request is stored: the change gets its next turn,
 * or is freed.
 */

static void
ngx_slack_changes_settled(ngx_slack_post_t *post)
{
    ngx_slack_change_t      *change;
    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;
    change = post->change;

    change->posting = 0;

    if (post->settle == NGX_SLACK_SETTLE_ROOT
        || post->settle == NGX_SLACK_SETTLE_REPLY
        || post->settle == NGX_SLACK_SETTLE_PLAIN)
    {
        /* It stands in its channel's line now, with an old id. */
        d->scan_at = 0;
        d->look_at = 0;
    }

    if (change->again) {
        change->again = 0;
        ngx_slack_changes_at(d, change, ngx_max(change->when, change->retry));
        return;
    }

    ngx_slack_changes_remove(d, change);
}
