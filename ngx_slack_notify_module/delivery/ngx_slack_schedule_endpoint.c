
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The endpoints of the schedule: which one serves a channel, and how Slack
 * holds or refuses it; and channels that are one channel in Slack.  Runs in
 * the dispatcher's thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_schedule.h>
#include <ngx_slack_equal.h>


static ngx_slack_schedule_recent_t *ngx_slack_schedule_recent(
    ngx_slack_schedule_t *s, ngx_slack_channel_t *ch);


ngx_slack_schedule_workspace_t *
ngx_slack_schedule_workspace(ngx_slack_schedule_t *s, ngx_str_t *name)
{
    ngx_str_t   *known;
    ngx_uint_t   i;

    for (i = 0; i < s->nworkspaces; i++) {

        known = &s->workspaces[i].conf->name;

        if (ngx_slack_equal(known, name)) {
            return &s->workspaces[i];
        }
    }

    return NULL;
}


ngx_int_t
ngx_slack_schedule_target(ngx_slack_schedule_t *s, ngx_str_t *workspace,
    ngx_str_t *channel, ngx_slack_schedule_target_t *target)
{
    ngx_uint_t              n;
    ngx_slack_workspace_t  *ws;

    target->workspace = ngx_slack_schedule_workspace(s, workspace);

    if (target->workspace == NULL) {
        return NGX_DECLINED;
    }

    ws = target->workspace->conf;

    target->conf = ngx_slack_workspace_endpoint(ws, channel);

    if (target->conf == NULL) {
        return NGX_DECLINED;
    }

    n = target->conf - (ngx_slack_endpoint_t *) ws->endpoints.elts;

    target->endpoint = target->workspace->endpoints[n];

    return NGX_OK;
}


ngx_str_t *
ngx_slack_schedule_identify(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch,
    ngx_str_t *id)
{
    uint32_t                      hash;
    ngx_queue_t                  *q, *bucket;
    ngx_slack_channel_t          *other;
    ngx_slack_schedule_recent_t  *recent;

    ch->slack_id.data = ch->id_buf;
    ch->slack_id.len = ngx_min(id->len, NGX_SLACK_ID_MAX);
    ngx_memcpy(ch->id_buf, id->data, ch->slack_id.len);

    ngx_queue_remove(&ch->twins);
    ngx_queue_init(&ch->twins);

    hash = ngx_crc32_short(ch->id_buf, ch->slack_id.len);
    bucket = &s->known[hash % NGX_SLACK_SCHEDULE_KNOWN];

    ngx_queue_remove(&ch->known);
    ngx_queue_insert_head(bucket, &ch->known);

    for (q = ngx_queue_head(bucket);
         q != ngx_queue_sentinel(bucket);
         q = ngx_queue_next(q))
    {
        other = ngx_queue_data(q, ngx_slack_channel_t, known);

        if (other == ch || other->endpoint != ch->endpoint
            || other->slack_id.len != ch->slack_id.len
            || ngx_memcmp(other->id_buf, ch->id_buf, ch->slack_id.len) != 0)
        {
            continue;
        }

        ngx_queue_insert_tail(&other->twins, &ch->twins);

        ngx_slack_pace_join(&other->pace, &ch->pace);
        ngx_slack_schedule_share(other);

        s->twin = other->name;

        return &s->twin;
    }

    recent = ngx_slack_schedule_recent(s, ch);

    if (recent->len == 0
        || (recent->len == ch->name.len
            && ngx_memcmp(recent->name, ch->name.data, ch->name.len) == 0))
    {
        return NULL;
    }

    ngx_slack_pace_join(&ch->pace, &recent->pace);

    s->twin.data = recent->name;
    s->twin.len = recent->len;

    return &s->twin;
}


void
ngx_slack_schedule_remember(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch)
{
    ngx_slack_schedule_recent_t  *recent;

    if (ch->slack_id.len == 0) {
        return;
    }

    recent = ngx_slack_schedule_recent(s, ch);

    recent->pace = ch->pace;
    recent->len = ngx_min(ch->name.len, sizeof(recent->name));
    ngx_memcpy(recent->name, ch->name.data, recent->len);
}


/* the entry of the channel's ID; if it is new or another's, it is empty */

static ngx_slack_schedule_recent_t *
ngx_slack_schedule_recent(ngx_slack_schedule_t *s, ngx_slack_channel_t *ch)
{
    uint32_t                      hash;
    ngx_uint_t                    n;
    ngx_slack_schedule_recent_t  *recent;

    n = ch->endpoint - s->endpoints;

    ngx_crc32_init(hash);
    ngx_crc32_update(&hash, (u_char *) &n, sizeof(ngx_uint_t));
    ngx_crc32_update(&hash, ch->id_buf, ch->slack_id.len);
    ngx_crc32_final(hash);

    recent = &s->recent[hash % NGX_SLACK_SCHEDULE_RECENT];

    if (recent->hash != hash) {
        recent->hash = hash;
        recent->len = 0;
    }

    return recent;
}


void
ngx_slack_schedule_share(ngx_slack_channel_t *ch)
{
    ngx_queue_t          *q;
    ngx_slack_channel_t  *twin;

    for (q = ngx_queue_next(&ch->twins);
         q != &ch->twins;
         q = ngx_queue_next(q))
    {
        twin = ngx_queue_data(q, ngx_slack_channel_t, twins);
        twin->pace = ch->pace;
    }
}


void
ngx_slack_schedule_hold(ngx_slack_schedule_endpoint_t *endpoint, int64_t until)
{
    endpoint->held = ngx_max(endpoint->held, until);

    if (endpoint->limited) {
        ngx_slack_pace_hold(&endpoint->pace, endpoint->held);
    }
}


void
ngx_slack_schedule_take(ngx_slack_schedule_endpoint_t *endpoint, int64_t now)
{
    if (endpoint->limited) {
        ngx_slack_pace_take(&endpoint->pace, now);
    }
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

    ngx_slack_schedule_release(s, &endpoint->probed, NGX_SLACK_SCHEDULE_MAX);

    if (!was || s->channels.root == s->channels.sentinel) {
        return was;
    }

    for (node = ngx_rbtree_min(s->channels.root, s->channels.sentinel);
         node;
         node = ngx_rbtree_next(&s->channels, node))
    {
        ch = ngx_rbtree_data(node, ngx_slack_channel_t, node);

        if (ch->by_endpoint && ch->endpoint == endpoint) {
            ngx_slack_schedule_requeue(s, ch);
        }
    }

    return was;
}
