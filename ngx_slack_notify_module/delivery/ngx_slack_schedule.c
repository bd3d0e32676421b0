
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The order in which channels get their turn: by time, then round robin, with
 * a limit for each workspace, and one probe at a time for a suspended
 * endpoint.  Knows workspaces, but neither libcurl nor the outbox.  Runs in
 * the dispatcher's thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_schedule.h>


static ngx_slack_schedule_endpoint_t *ngx_slack_schedule_known(
    ngx_slack_schedule_t *s, ngx_slack_endpoint_t *conf);
static ngx_slack_channel_t *ngx_slack_schedule_limited(ngx_slack_schedule_t *s,
    int64_t now);
static ngx_uint_t ngx_slack_schedule_wait(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch, int64_t now);
static ngx_uint_t ngx_slack_schedule_admit(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch, int64_t now);
static int64_t ngx_slack_schedule_free_at(
    ngx_slack_schedule_endpoint_t *endpoint);
static void ngx_slack_schedule_untime(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch);
static void ngx_slack_schedule_queue(ngx_queue_t *queue,
    ngx_slack_channel_t *ch);
static void ngx_slack_schedule_unqueue(ngx_slack_channel_t *ch);


ngx_slack_schedule_t *
ngx_slack_schedule_create(ngx_array_t *workspaces, int64_t now)
{
    ngx_uint_t                      i, j, n;
    ngx_slack_schedule_t           *s;
    ngx_slack_endpoint_t           *conf;
    ngx_slack_workspace_t          *ws;
    ngx_slack_schedule_endpoint_t  *endpoint, **served;

    ws = workspaces->elts;

    for (n = 0, i = 0; i < workspaces->nelts; i++) {
        n += ws[i].endpoints.nelts;
    }

    s = calloc(1, sizeof(ngx_slack_schedule_t));
    if (s == NULL) {
        return NULL;
    }

    s->workspaces = calloc(workspaces->nelts + 1,
                           sizeof(ngx_slack_schedule_workspace_t));
    s->endpoints = calloc(n + 1, sizeof(ngx_slack_schedule_endpoint_t));
    s->served = calloc(n + 1, sizeof(ngx_slack_schedule_endpoint_t *));

    if (s->workspaces == NULL || s->endpoints == NULL || s->served == NULL) {
        free(s->workspaces);
        free(s->endpoints);
        free(s->served);
        free(s);
        return NULL;
    }

    s->nworkspaces = workspaces->nelts;
    served = s->served;

    for (i = 0; i < workspaces->nelts; i++) {

        s->workspaces[i].conf = &ws[i];
        s->workspaces[i].endpoints = served;
        conf = ws[i].endpoints.elts;

        for (j = 0; j < ws[i].endpoints.nelts; j++) {

            endpoint = ngx_slack_schedule_known(s, &conf[j]);

            if (endpoint == NULL) {
                endpoint = &s->endpoints[s->nendpoints++];
                endpoint->conf = &conf[j];
                endpoint->rate = conf[j].post_rate;
                endpoint->update_rate = conf[j].update_rate;
            }

            if (conf[j].post_rate.limit
                && (endpoint->rate.limit == 0
                    || conf[j].post_rate.limit < endpoint->rate.limit))
            {
                endpoint->rate = conf[j].post_rate;
            }

            if (conf[j].update_rate.limit < endpoint->update_rate.limit) {
                endpoint->update_rate = conf[j].update_rate;
            }

            *served++ = endpoint;
        }
    }

    ngx_rbtree_init(&s->channels, &s->channels_sentinel,
                    ngx_rbtree_insert_value);
    ngx_rbtree_init(&s->timers, &s->timers_sentinel, ngx_rbtree_insert_value);

    ngx_slack_schedule_reset(s, now);

    return s;
}


/* an endpoint with the same token */

static ngx_slack_schedule_endpoint_t *
ngx_slack_schedule_known(ngx_slack_schedule_t *s, ngx_slack_endpoint_t *conf)
{
    ngx_uint_t             i;
    ngx_slack_endpoint_t  *other;

    for (i = 0; conf->token.len && i < s->nendpoints; i++) {

        other = s->endpoints[i].conf;

        if (other->token.len == conf->token.len
            && other->url.len == conf->url.len
            && ngx_memcmp(other->token.data, conf->token.data,
                          conf->token.len) == 0
            && ngx_memcmp(other->url.data, conf->url.data, conf->url.len) == 0)
        {
            return &s->endpoints[i];
        }
    }

    return NULL;
}


void
ngx_slack_schedule_destroy(ngx_slack_schedule_t *s)
{
    ngx_slack_schedule_reset(s, 0);

    free(s->workspaces);
    free(s->endpoints);
    free(s->served);
    free(s);
}


void
ngx_slack_schedule_reset(ngx_slack_schedule_t *s, int64_t now)
{
    ngx_uint_t                       i;
    ngx_slack_channel_t             *ch;
    ngx_slack_schedule_endpoint_t   *endpoint;
    ngx_slack_schedule_workspace_t  *workspace;

    while (s->channels.root != s->channels.sentinel) {
        ch = ngx_rbtree_data(s->channels.root, ngx_slack_channel_t, node);
        ngx_slack_schedule_remove(s, ch);
    }

    ngx_memzero(s->recent, sizeof(s->recent));

    for (i = 0; i < NGX_SLACK_SCHEDULE_KNOWN; i++) {
        ngx_queue_init(&s->known[i]);
    }

    ngx_queue_init(&s->ready);
    ngx_queue_init(&s->busy);

    for (i = 0; i < s->nworkspaces; i++) {
        workspace = &s->workspaces[i];
        workspace->in_flight = 0;
        ngx_queue_init(&workspace->held);
    }

    for (i = 0; i < s->nendpoints; i++) {
        endpoint = &s->endpoints[i];
        endpoint->held = 0;
        endpoint->failures = 0;
        endpoint->until = 0;
        endpoint->tried = 0;
        endpoint->busy = 0;
        endpoint->suspended = 0;
        endpoint->uncertain = 0;
        endpoint->proven = 0;
        endpoint->probing = 0;
        endpoint->tested = 0;
        endpoint->update_held = 0;
        endpoint->changing = 0;
        ngx_queue_init(&endpoint->changes[0]);
        ngx_queue_init(&endpoint->changes[1]);
        ngx_slack_pace_init(&endpoint->update_pace,
                            endpoint->update_rate.limit,
                            endpoint->update_rate.burst);
        endpoint->limited = (endpoint->rate.limit != 0);
        ngx_queue_init(&endpoint->waiting);
        ngx_queue_init(&endpoint->probed);

        if (endpoint->limited) {
            ngx_slack_pace_init(&endpoint->pace, endpoint->rate.limit,
                                endpoint->rate.burst);
            ngx_slack_pace_hold(&endpoint->pace, now);
        }
    }
}


ngx_slack_channel_t *
ngx_slack_schedule_find(ngx_slack_schedule_t *s, int64_t id)
{
    ngx_rbtree_key_t    key;
    ngx_rbtree_node_t  *node;

    key = (ngx_rbtree_key_t) id;
    node = s->channels.root;

    while (node != s->channels.sentinel) {

        if (key == node->key) {
            return ngx_rbtree_data(node, ngx_slack_channel_t, node);
        }

        node = (key < node->key) ? node->left : node->right;
    }

    return NULL;
}


ngx_slack_channel_t *
ngx_slack_schedule_add(ngx_slack_schedule_t *s, int64_t id,
    ngx_slack_schedule_target_t *target, ngx_str_t *name)
{
    ngx_slack_channel_t    *ch;
    ngx_slack_workspace_t  *ws;

    if (s->n >= NGX_SLACK_SCHEDULE_MAX) {
        return NULL;
    }

    ch = calloc(1, sizeof(ngx_slack_channel_t) + name->len);
    if (ch == NULL) {
        return NULL;
    }

    ch->id = id;
    ch->workspace = target->workspace;
    ch->endpoint = target->endpoint;
    ch->conf = target->conf;
    ngx_queue_init(&ch->twins);
    ngx_queue_init(&ch->known);
    ch->name.data = (u_char *) (ch + 1);
    ch->name.len = name->len;
    ngx_memcpy(ch->name.data, name->data, name->len);

    ws = ch->workspace->conf;
    ngx_slack_pace_init(&ch->pace, ws->rate.limit, ws->rate.burst);

    ch->node.key = (ngx_rbtree_key_t) id;
    ngx_rbtree_insert(&s->channels, &ch->node);
    s->n++;

    return ch;
}


void
ngx_slack_schedule_remove(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch)
{
    if (ch->posting) {
        ngx_slack_schedule_ended(s, ch);
    }

    ngx_slack_schedule_untime(s, ch);
    ngx_slack_schedule_unqueue(ch);
    ngx_queue_remove(&ch->twins);
    ngx_queue_remove(&ch->known);

    ngx_rbtree_delete(&s->channels, &ch->node);
    s->n--;

    free(ch);
}


void
ngx_slack_schedule_at(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch,
    int64_t when)
{
    ngx_slack_schedule_untime(s, ch);
    ngx_slack_schedule_unqueue(ch);

    ch->timer.key = (ngx_rbtree_key_t) ngx_max(when, 0);
    ngx_rbtree_insert(&s->timers, &ch->timer);
    ch->timed = 1;
}


ngx_slack_channel_t *
ngx_slack_schedule_next(ngx_slack_schedule_t *s, int64_t now)
{
    ngx_queue_t          *q;
    ngx_rbtree_node_t    *node;
    ngx_slack_channel_t  *ch;

    while (s->timers.root != s->timers.sentinel) {

        node = ngx_rbtree_min(s->timers.root, s->timers.sentinel);

        if ((int64_t) node->key > now) {
            break;
        }

        ch = ngx_rbtree_data(node, ngx_slack_channel_t, timer);
        ngx_slack_schedule_untime(s, ch);
        ngx_slack_schedule_queue(&s->ready, ch);
    }

    ch = ngx_slack_schedule_limited(s, now);

    if (ch) {
        return ch;
    }

    while (!ngx_queue_empty(&s->ready)) {

        q = ngx_queue_head(&s->ready);
        ch = ngx_queue_data(q, ngx_slack_channel_t, queue);
        ngx_slack_schedule_unqueue(ch);

        if (!ngx_slack_schedule_wait(s, ch, now)
            && ngx_slack_schedule_admit(s, ch, now))
        {
            return ch;
        }
    }

    return NULL;
}


/* the first channel that waits for an endpoint which may be posted to again */

static ngx_slack_channel_t *
ngx_slack_schedule_limited(ngx_slack_schedule_t *s, int64_t now)
{
    ngx_queue_t                    *q, *next;
    ngx_slack_channel_t            *ch;
    ngx_slack_schedule_endpoint_t  *endpoint;

    for (q = ngx_queue_head(&s->busy);
         q != ngx_queue_sentinel(&s->busy);
         q = next)
    {
        next = ngx_queue_next(q);
        endpoint = ngx_queue_data(q, ngx_slack_schedule_endpoint_t, queue);

        while (!ngx_queue_empty(&endpoint->waiting)
               && ngx_slack_schedule_free_at(endpoint) <= now)
        {
            ch = ngx_queue_data(ngx_queue_head(&endpoint->waiting),
                                ngx_slack_channel_t, queue);
            ngx_slack_schedule_unqueue(ch);

            if (ngx_slack_schedule_admit(s, ch, now)) {
                return ch;
            }
        }

        if (ngx_queue_empty(&endpoint->waiting)) {
            ngx_queue_remove(&endpoint->queue);
            endpoint->busy = 0;
        }
    }

    return NULL;
}


/*
 * Puts the channel behind those that wait for its endpoint, if there are any
 * or the endpoint may not be posted to now.  Returns 0 if it need not wait.
 */

static ngx_uint_t
ngx_slack_schedule_wait(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch,
    int64_t now)
{
    ngx_slack_schedule_endpoint_t  *endpoint;

    endpoint = ch->endpoint;

    if (ngx_queue_empty(&endpoint->waiting)
        && ngx_slack_schedule_free_at(endpoint) <= now)
    {
        return 0;
    }

    ch->waited = 1;
    ngx_slack_schedule_queue(&endpoint->waiting, ch);

    if (!endpoint->busy) {
        endpoint->busy = 1;
        ngx_queue_insert_tail(&s->busy, &endpoint->queue);
    }

    return 1;
}


/* Returns 1 if the channel gets its turn, else it waits for something. */

static ngx_uint_t
ngx_slack_schedule_admit(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch,
    int64_t now)
{
    ngx_slack_schedule_endpoint_t   *endpoint;
    ngx_slack_schedule_workspace_t  *workspace;

    endpoint = ch->endpoint;
    workspace = ch->workspace;

    if (endpoint->until > now) {
        ch->waited = 1;
        ngx_slack_schedule_at(s, ch, endpoint->until);
        ch->by_endpoint = 1;
        return 0;
    }

    if (endpoint->probing) {
        ch->waited = 1;
        ngx_slack_schedule_queue(&endpoint->probed, ch);
        return 0;
    }

    if (workspace->in_flight >= NGX_SLACK_WORKSPACE_POSTS_MAX) {
        ngx_slack_schedule_queue(&workspace->held, ch);
        return 0;
    }

    if (endpoint->suspended || endpoint->uncertain) {
        endpoint->probing = 1;
        ch->probe = 1;
    }

    workspace->in_flight++;
    ch->posting = 1;

    return 1;
}


/* when pace and holds allow the next post to the endpoint */

static int64_t
ngx_slack_schedule_free_at(ngx_slack_schedule_endpoint_t *endpoint)
{
    if (!endpoint->limited) {
        return endpoint->held;
    }

    return ngx_max(endpoint->held, ngx_slack_pace_next(&endpoint->pace));
}


void
ngx_slack_schedule_ended(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch)
{
    ngx_slack_schedule_endpoint_t  *endpoint;

    if (!ch->posting) {
        return;
    }

    endpoint = ch->endpoint;

    ch->posting = 0;
    ch->workspace->in_flight--;

    ngx_slack_schedule_release(s, &ch->workspace->held, 1);

    if (ch->probe) {
        ch->probe = 0;
        endpoint->probing = 0;

        /*
         * Each of them gets its turn again; if the probe failed, the first one
         * probes next.
         */

        ngx_slack_schedule_release(s, &endpoint->probed,
                                   NGX_SLACK_SCHEDULE_MAX);
    }
}


int64_t
ngx_slack_schedule_due(ngx_slack_schedule_t *s)
{
    int64_t                         due;
    ngx_queue_t                    *q;
    ngx_rbtree_node_t              *node;
    ngx_slack_schedule_endpoint_t  *endpoint;

    if (!ngx_queue_empty(&s->ready)) {
        return 0;
    }

    due = NGX_SLACK_NEVER;

    if (s->timers.root != s->timers.sentinel) {
        node = ngx_rbtree_min(s->timers.root, s->timers.sentinel);
        due = (int64_t) node->key;
    }

    for (q = ngx_queue_head(&s->busy);
         q != ngx_queue_sentinel(&s->busy);
         q = ngx_queue_next(q))
    {
        endpoint = ngx_queue_data(q, ngx_slack_schedule_endpoint_t, queue);

        if (!ngx_queue_empty(&endpoint->waiting)) {
            due = ngx_min(due, ngx_slack_schedule_free_at(endpoint));
        }
    }

    return due;
}


ngx_uint_t
ngx_slack_schedule_drop(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch)
{
    if (!ch->timed && !ch->queued) {
        return 0;
    }

    ngx_slack_schedule_remove(s, ch);

    return 1;
}


void
ngx_slack_schedule_requeue(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch)
{
    ngx_slack_schedule_untime(s, ch);
    ngx_slack_schedule_unqueue(ch);
    ngx_slack_schedule_queue(&s->ready, ch);
}


void
ngx_slack_schedule_release(ngx_slack_schedule_t *s, ngx_queue_t *queue,
    ngx_uint_t n)
{
    ngx_queue_t          *q;
    ngx_slack_channel_t  *ch;

    while (n-- && !ngx_queue_empty(queue)) {

        q = ngx_queue_head(queue);
        ch = ngx_queue_data(q, ngx_slack_channel_t, queue);

        ngx_slack_schedule_unqueue(ch);
        ngx_slack_schedule_queue(&s->ready, ch);
    }
}


static void
ngx_slack_schedule_untime(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch)
{
    if (ch->timed) {
        ngx_rbtree_delete(&s->timers, &ch->timer);
        ch->timed = 0;
        ch->by_endpoint = 0;
    }
}


static void
ngx_slack_schedule_queue(ngx_queue_t *queue, ngx_slack_channel_t *ch)
{
    ngx_queue_insert_tail(queue, &ch->queue);
    ch->queued = 1;
}


static void
ngx_slack_schedule_unqueue(ngx_slack_channel_t *ch)
{
    if (ch->queued) {
        ngx_queue_remove(&ch->queue);
        ch->queued = 0;
    }
}
