
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


static void ngx_slack_schedule_untime(ngx_slack_schedule_t *s,
    ngx_slack_channel_t *ch);
static void ngx_slack_schedule_queue(ngx_queue_t *queue,
    ngx_slack_channel_t *ch);
static void ngx_slack_schedule_unqueue(ngx_slack_channel_t *ch);
static void ngx_slack_schedule_free(ngx_slack_schedule_t *s,
    ngx_queue_t *held, ngx_uint_t n);


ngx_slack_schedule_t *
ngx_slack_schedule_create(ngx_array_t *workspaces)
{
    ngx_uint_t                      i, j, n;
    ngx_slack_schedule_t           *s;
    ngx_slack_endpoint_t           *conf;
    ngx_slack_workspace_t          *ws;
    ngx_slack_schedule_endpoint_t  *endpoint;

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

    if (s->workspaces == NULL || s->endpoints == NULL) {
        free(s->workspaces);
        free(s->endpoints);
        free(s);
        return NULL;
    }

    s->nworkspaces = workspaces->nelts;
    s->nendpoints = n;

    endpoint = s->endpoints;

    for (i = 0; i < workspaces->nelts; i++) {

        s->workspaces[i].conf = &ws[i];
        conf = ws[i].endpoints.elts;

        for (j = 0; j < ws[i].endpoints.nelts; j++) {
            endpoint->conf = &conf[j];
            endpoint->workspace = &s->workspaces[i];
            endpoint++;
        }
    }

    ngx_rbtree_init(&s->channels, &s->channels_sentinel,
                    ngx_rbtree_insert_value);
    ngx_rbtree_init(&s->timers, &s->timers_sentinel, ngx_rbtree_insert_value);

    ngx_slack_schedule_reset(s);

    return s;
}


void
ngx_slack_schedule_destroy(ngx_slack_schedule_t *s)
{
    ngx_slack_schedule_reset(s);

    free(s->workspaces);
    free(s->endpoints);
    free(s);
}


void
ngx_slack_schedule_reset(ngx_slack_schedule_t *s)
{
    ngx_uint_t                       i;
    ngx_slack_channel_t             *ch;
    ngx_slack_schedule_endpoint_t   *endpoint;
    ngx_slack_schedule_workspace_t  *workspace;

    while (s->channels.root != s->channels.sentinel) {
        ch = ngx_rbtree_data(s->channels.root, ngx_slack_channel_t, node);
        ngx_slack_schedule_remove(s, ch);
    }

    ngx_queue_init(&s->ready);

    for (i = 0; i < s->nworkspaces; i++) {
        workspace = &s->workspaces[i];
        workspace->in_flight = 0;
        ngx_queue_init(&workspace->held);
    }

    for (i = 0; i < s->nendpoints; i++) {
        endpoint = &s->endpoints[i];
        endpoint->failures = 0;
        endpoint->until = 0;
        endpoint->tried = 0;
        endpoint->suspended = 0;
        endpoint->uncertain = 0;
        endpoint->proven = 0;
        endpoint->probing = 0;
        ngx_queue_init(&endpoint->held);
    }
}


ngx_slack_schedule_endpoint_t *
ngx_slack_schedule_endpoint(ngx_slack_schedule_t *s, ngx_str_t *workspace,
    ngx_str_t *channel)
{
    ngx_uint_t              i, n;
    ngx_slack_endpoint_t   *conf;
    ngx_slack_workspace_t  *ws;

    for (i = 0; i < s->nendpoints; i++) {

        ws = s->endpoints[i].workspace->conf;

        if (ws->name.len != workspace->len
            || ngx_memcmp(ws->name.data, workspace->data, workspace->len) != 0)
        {
            continue;
        }

        conf = ngx_slack_workspace_endpoint(ws, channel);
        if (conf == NULL) {
            return NULL;
        }

        /* s->endpoints keeps the order of the configuration. */

        n = conf - (ngx_slack_endpoint_t *) ws->endpoints.elts;

        return &s->endpoints[i + n];
    }

    return NULL;
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
    ngx_slack_schedule_endpoint_t *endpoint, ngx_str_t *name)
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
    ch->endpoint = endpoint;
    ch->name.data = (u_char *) (ch + 1);
    ch->name.len = name->len;
    ngx_memcpy(ch->name.data, name->data, name->len);

    ws = endpoint->workspace->conf;
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
    ngx_queue_t                     *q;
    ngx_rbtree_node_t               *node;
    ngx_slack_channel_t             *ch;
    ngx_slack_schedule_endpoint_t   *endpoint;
    ngx_slack_schedule_workspace_t  *workspace;

    while (s->timers.root != s->timers.sentinel) {

        node = ngx_rbtree_min(s->timers.root, s->timers.sentinel);

        if ((int64_t) node->key > now) {
            break;
        }

        ch = ngx_rbtree_data(node, ngx_slack_channel_t, timer);
        ngx_slack_schedule_untime(s, ch);
        ngx_slack_schedule_queue(&s->ready, ch);
    }

    while (!ngx_queue_empty(&s->ready)) {

        q = ngx_queue_head(&s->ready);
        ch = ngx_queue_data(q, ngx_slack_channel_t, queue);
        ngx_slack_schedule_unqueue(ch);

        endpoint = ch->endpoint;
        workspace = endpoint->workspace;

        if (endpoint->until > now) {
            ch->waited = 1;
            ngx_slack_schedule_at(s, ch, endpoint->until);
            ch->by_endpoint = 1;
            continue;
        }

        if (endpoint->probing) {
            ch->waited = 1;
            ngx_slack_schedule_queue(&endpoint->held, ch);
            continue;
        }

        if (workspace->in_flight >= NGX_SLACK_WORKSPACE_POSTS_MAX) {
            ngx_slack_schedule_queue(&workspace->held, ch);
            continue;
        }

        if (endpoint->suspended || endpoint->uncertain) {
            endpoint->probing = 1;
            ch->probe = 1;
        }

        workspace->in_flight++;
        ch->posting = 1;

        return ch;
    }

    return NULL;
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
    endpoint->workspace->in_flight--;

    ngx_slack_schedule_free(s, &endpoint->workspace->held, 1);

    if (ch->probe) {
        ch->probe = 0;
        endpoint->probing = 0;

        /*
         * Each of them gets its turn again; if the probe failed, the first one
         * probes next.
         */

        ngx_slack_schedule_free(s, &endpoint->held, NGX_SLACK_SCHEDULE_MAX);
    }
}


int64_t
ngx_slack_schedule_due(ngx_slack_schedule_t *s)
{
    ngx_rbtree_node_t  *node;

    if (!ngx_queue_empty(&s->ready)) {
        return 0;
    }

    if (s->timers.root == s->timers.sentinel) {
        return NGX_SLACK_NEVER;
    }

    node = ngx_rbtree_min(s->timers.root, s->timers.sentinel);

    return (int64_t) node->key;
}


void
ngx_slack_schedule_uncertain(ngx_slack_schedule_endpoint_t *endpoint,
    ngx_uint_t failures)
{
    if (endpoint->proven || endpoint->suspended) {
        return;
    }

    endpoint->uncertain = 1;
    endpoint->failures = ngx_max(endpoint->failures, failures);
}


void
ngx_slack_schedule_suspend(ngx_slack_schedule_endpoint_t *endpoint,
    int64_t until)
{
    endpoint->suspended = 1;
    endpoint->until = until;
}


void
ngx_slack_schedule_probe(ngx_slack_schedule_endpoint_t *endpoint,
    int64_t tried)
{
    if (tried <= endpoint->tried) {
        return;
    }

    endpoint->tried = tried;

    /* The endpoint stays suspended, so that one channel at a time tries it. */

    endpoint->until = 0;
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


ngx_uint_t
ngx_slack_schedule_resume(ngx_slack_schedule_t *s,
    ngx_slack_schedule_endpoint_t *endpoint)
{
    ngx_uint_t            was;
    ngx_rbtree_node_t    *node;
    ngx_slack_channel_t  *ch;

    was = endpoint->suspended;

    endpoint->proven = 1;
    endpoint->suspended = 0;
    endpoint->uncertain = 0;
    endpoint->failures = 0;
    endpoint->until = 0;

    ngx_slack_schedule_free(s, &endpoint->held, NGX_SLACK_SCHEDULE_MAX);

    if (!was || s->channels.root == s->channels.sentinel) {
        return was;
    }

    for (node = ngx_rbtree_min(s->channels.root, s->channels.sentinel);
         node;
         node = ngx_rbtree_next(&s->channels, node))
    {
        ch = ngx_rbtree_data(node, ngx_slack_channel_t, node);

        if (ch->by_endpoint && ch->endpoint == endpoint) {
            ngx_slack_schedule_untime(s, ch);
            ngx_slack_schedule_queue(&s->ready, ch);
        }
    }

    return was;
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


static void
ngx_slack_schedule_free(ngx_slack_schedule_t *s, ngx_queue_t *held,
    ngx_uint_t n)
{
    ngx_queue_t          *q;
    ngx_slack_channel_t  *ch;

    while (n-- && !ngx_queue_empty(held)) {

        q = ngx_queue_head(held);
        ch = ngx_queue_data(q, ngx_slack_channel_t, queue);

        ngx_slack_schedule_unqueue(ch);
        ngx_slack_schedule_queue(&s->ready, ch);
    }
}
