
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The order in which channels get their turn: by time, then round robin; with
 * a limit for each workspace, and one probe at a time for a webhook in
 * trouble.  Knows workspaces; not libcurl, not the outbox.  Runs in a pool
 * thread, one at a time.
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
    ngx_uint_t              i, j, n;
    ngx_slack_gate_t       *gate;
    ngx_slack_webhook_t    *webhook;
    ngx_slack_schedule_t   *s;
    ngx_slack_workspace_t  *ws;

    ws = workspaces->elts;

    for (n = 0, i = 0; i < workspaces->nelts; i++) {
        n += ws[i].webhooks.nelts;
    }

    s = calloc(1, sizeof(ngx_slack_schedule_t));
    if (s == NULL) {
        return NULL;
    }

    s->lanes = calloc(workspaces->nelts + 1, sizeof(ngx_slack_lane_t));
    s->gates = calloc(n + 1, sizeof(ngx_slack_gate_t));

    if (s->lanes == NULL || s->gates == NULL) {
        free(s->lanes);
        free(s->gates);
        free(s);
        return NULL;
    }

    s->nlanes = workspaces->nelts;
    s->ngates = n;

    gate = s->gates;

    for (i = 0; i < workspaces->nelts; i++) {

        s->lanes[i].workspace = &ws[i];
        webhook = ws[i].webhooks.elts;

        for (j = 0; j < ws[i].webhooks.nelts; j++) {
            gate->webhook = &webhook[j];
            gate->lane = &s->lanes[i];
            gate++;
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

    free(s->lanes);
    free(s->gates);
    free(s);
}


void
ngx_slack_schedule_reset(ngx_slack_schedule_t *s)
{
    ngx_uint_t            i;
    ngx_slack_gate_t     *gate;
    ngx_slack_lane_t     *lane;
    ngx_slack_channel_t  *ch;

    while (s->channels.root != s->channels.sentinel) {
        ch = ngx_rbtree_data(s->channels.root, ngx_slack_channel_t, node);
        ngx_slack_schedule_remove(s, ch);
    }

    ngx_queue_init(&s->ready);

    for (i = 0; i < s->nlanes; i++) {
        lane = &s->lanes[i];
        lane->in_flight = 0;
        ngx_queue_init(&lane->held);
    }

    for (i = 0; i < s->ngates; i++) {
        gate = &s->gates[i];
        gate->failures = 0;
        gate->until = 0;
        gate->tried = 0;
        gate->suspended = 0;
        gate->doubt = 0;
        gate->proven = 0;
        gate->probing = 0;
        ngx_queue_init(&gate->held);
    }
}


ngx_slack_gate_t *
ngx_slack_schedule_gate(ngx_slack_schedule_t *s, ngx_str_t *workspace,
    ngx_str_t *channel)
{
    ngx_uint_t              i;
    ngx_slack_webhook_t    *webhook;
    ngx_slack_workspace_t  *ws;

    for (i = 0; i < s->ngates; i++) {

        ws = s->gates[i].lane->workspace;

        if (ws->name.len != workspace->len
            || ngx_memcmp(ws->name.data, workspace->data, workspace->len) != 0)
        {
            continue;
        }

        webhook = ngx_slack_workspace_webhook(ws, channel);
        if (webhook == NULL) {
            return NULL;
        }

        /* the gates of a workspace stand as its webhooks do */

        return &s->gates[i + (ngx_uint_t)
                         (webhook
                          - (ngx_slack_webhook_t *) ws->webhooks.elts)];
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
    ngx_slack_gate_t *gate, ngx_str_t *name)
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
    ch->gate = gate;
    ch->name.data = (u_char *) (ch + 1);
    ch->name.len = name->len;
    ngx_memcpy(ch->name.data, name->data, name->len);

    ws = gate->lane->workspace;
    ngx_slack_pace_init(&ch->pace, ws->rate, ws->burst);

    ch->node.key = (ngx_rbtree_key_t) id;
    ngx_rbtree_insert(&s->channels, &ch->node);
    s->n++;

    return ch;
}


void
ngx_slack_schedule_remove(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch)
{
    if (ch->flying) {
        ngx_slack_schedule_landed(s, ch);
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
    ngx_queue_t          *q;
    ngx_slack_gate_t     *gate;
    ngx_slack_lane_t     *lane;
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

    while (!ngx_queue_empty(&s->ready)) {

        q = ngx_queue_head(&s->ready);
        ch = ngx_queue_data(q, ngx_slack_channel_t, queue);
        ngx_slack_schedule_unqueue(ch);

        gate = ch->gate;
        lane = gate->lane;

        if (gate->until > now) {
            ch->waited = 1;
            ngx_slack_schedule_at(s, ch, gate->until);
            ch->gated = 1;
            continue;
        }

        if (gate->probing) {
            ch->waited = 1;
            ngx_slack_schedule_queue(&gate->held, ch);
            continue;
        }

        if (lane->in_flight >= NGX_SLACK_LANE_MAX) {
            ngx_slack_schedule_queue(&lane->held, ch);
            continue;
        }

        if (gate->suspended || gate->doubt) {
            gate->probing = 1;
            ch->probe = 1;
        }

        lane->in_flight++;
        ch->flying = 1;

        return ch;
    }

    return NULL;
}


void
ngx_slack_schedule_landed(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch)
{
    ngx_slack_gate_t  *gate;

    if (!ch->flying) {
        return;
    }

    gate = ch->gate;

    ch->flying = 0;
    gate->lane->in_flight--;

    ngx_slack_schedule_free(s, &gate->lane->held, 1);

    if (ch->probe) {
        ch->probe = 0;
        gate->probing = 0;

        /* each looks again how things are, and the first one may probe */

        ngx_slack_schedule_free(s, &gate->held, NGX_SLACK_SCHEDULE_MAX);
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
ngx_slack_schedule_doubt(ngx_slack_gate_t *gate, ngx_uint_t failures)
{
    if (gate->proven || gate->suspended) {
        return;
    }

    gate->doubt = 1;
    gate->failures = ngx_max(gate->failures, failures);
}


void
ngx_slack_schedule_suspend(ngx_slack_gate_t *gate, int64_t until)
{
    gate->suspended = 1;
    gate->until = until;
}


void
ngx_slack_schedule_probe(ngx_slack_gate_t *gate, int64_t tried)
{
    if (tried <= gate->tried) {
        return;
    }

    gate->tried = tried;

    /* it stays suspended: one channel at a time tries */

    gate->until = 0;
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
ngx_slack_schedule_resume(ngx_slack_schedule_t *s, ngx_slack_gate_t *gate)
{
    ngx_uint_t            was;
    ngx_rbtree_node_t    *node;
    ngx_slack_channel_t  *ch;

    was = gate->suspended;

    gate->proven = 1;
    gate->suspended = 0;
    gate->doubt = 0;
    gate->failures = 0;
    gate->until = 0;

    ngx_slack_schedule_free(s, &gate->held, NGX_SLACK_SCHEDULE_MAX);

    if (!was || s->channels.root == s->channels.sentinel) {
        return was;
    }

    for (node = ngx_rbtree_min(s->channels.root, s->channels.sentinel);
         node;
         node = ngx_rbtree_next(&s->channels, node))
    {
        ch = ngx_rbtree_data(node, ngx_slack_channel_t, node);

        if (ch->gated && ch->gate == gate) {
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
        ch->gated = 0;
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
