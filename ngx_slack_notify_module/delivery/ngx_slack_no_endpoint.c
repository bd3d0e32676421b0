
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Messages for which the leader has no workspace, or no endpoint for the
 * channel.  They wait for another configuration, or until an nginx on the same
 * outbox that has the endpoint becomes the leader.  All functions run in a
 * pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_log.h>
#include <ngx_slack_no_endpoint.h>


#define NGX_SLACK_UNSERVED_INTERVAL  2000   /* ms between looks */
#define NGX_SLACK_UNSERVED_BATCH     128    /* messages of a transaction */

/* ms that messages of a workspace which is gone wait */
#define NGX_SLACK_UNSERVED_KEEP      (7 * 24 * 60 * 60 * (int64_t) 1000)

#define NGX_SLACK_UNSERVED_REASON    "no endpoint serves the channel"


typedef struct {
    ngx_slack_dispatcher_t     *dispatcher;
    ngx_uint_t                  channels;
    ngx_uint_t                  messages;
    ngx_slack_workspace_t      *workspace;  /* of the first channel */
    u_char                      channel[NGX_SLACK_HISTORY_NAME];
    size_t                      len;
} ngx_slack_no_endpoint_t;


static void ngx_slack_no_endpoint_note(ngx_slack_dispatcher_t *d,
    ngx_slack_outbox_channel_t *dest);
static ngx_uint_t ngx_slack_no_endpoint_old(ngx_slack_dispatcher_t *d,
    ngx_slack_no_endpoint_channel_t *ch, ngx_slack_settlement_t *settlements);
static ngx_int_t ngx_slack_no_endpoint_count(ngx_slack_unserved_t *unserved,
    void *data);


/* executed in a pool thread */

void
ngx_slack_no_endpoint(ngx_slack_dispatcher_t *d,
    ngx_slack_outbox_channel_t *dest)
{
    uint32_t  hash;

    ngx_slack_no_endpoint_note(d, dest);

    ngx_crc32_init(hash);
    ngx_crc32_update(&hash, dest->workspace.data, dest->workspace.len);
    ngx_crc32_update(&hash, (u_char *) "", 1);
    ngx_crc32_update(&hash, dest->channel.data, dest->channel.len);
    ngx_crc32_final(hash);

    if (!ngx_slack_dispatcher_first(&d->warned, hash)) {
        return;
    }

    ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                  "slack_workspace \"%V\" is not in the configuration, or has "
                  "no endpoint for channel \"%V\": messages for it wait",
                  &dest->workspace, &dest->channel);
}


static void
ngx_slack_no_endpoint_note(ngx_slack_dispatcher_t *d,
    ngx_slack_outbox_channel_t *dest)
{
    ngx_slack_schedule_workspace_t   *workspace;
    ngx_slack_no_endpoint_channel_t  *ch;

    if (d->nunserved == NGX_SLACK_UNSERVED_MAX) {
        return;
    }

    ch = &d->unserved[d->nunserved++];

    ch->id = dest->id;
    ch->keep = NGX_SLACK_UNSERVED_KEEP;
    ch->workspace = ngx_slack_history_copy(ch->names[0],
                                           NGX_SLACK_HISTORY_NAME,
                                           &dest->workspace);
    ch->channel = ngx_slack_history_copy(ch->names[1], NGX_SLACK_HISTORY_NAME,
                                         &dest->channel);

    workspace = ngx_slack_schedule_workspace(d->schedule, &dest->workspace);

    if (workspace) {
        ch->keep = (int64_t) workspace->conf->retry_for * 1000;
    }
}


/* executed in a pool thread */

void
ngx_slack_no_endpoint_expire(ngx_slack_dispatcher_t *d)
{
    ngx_str_t                         workspace, channel, none;
    ngx_uint_t                        i, k, n;
    ngx_slack_settlement_t            settlements[NGX_SLACK_UNSERVED_BATCH];
    ngx_slack_no_endpoint_channel_t  *ch;

    ngx_str_null(&none);

    for (i = 0; i < d->nunserved; i++) {

        ch = &d->unserved[i];
        n = ngx_slack_no_endpoint_old(d, ch, settlements);

        if (n == 0
            || ngx_slack_outbox_settle(d->outbox, d->term, settlements, n,
                                       NULL, 0)
               != NGX_OK)
        {
            continue;
        }

        workspace.data = ch->names[0];
        workspace.len = ch->workspace;
        channel.data = ch->names[1];
        channel.len = ch->channel;

        ngx_slack_log(NGX_LOG_ERR, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\": dead letters: "
                      "%ui (%L to %L), %s; fix the cause and send them "
                      "again, see \"Dead letters\" in the README",
                      &workspace, &channel, n, settlements[0].id,
                      settlements[n - 1].id, NGX_SLACK_UNSERVED_REASON);

        (void) ngx_atomic_fetch_add(&d->counters->dead, n);

        ngx_slack_history_messages(d->history,
                                   ngx_slack_history_channel(d->history,
                                                             &workspace,
                                                             &channel),
                                   NGX_SLACK_COUNT_DEAD, n,
                                   (time_t) (d->wall / 1000));

        for (k = 0; k < n; k++) {
            ngx_slack_history_settled(d->history, NULL, settlements[k].id,
                                      NGX_SLACK_COUNT_DEAD, &none, 0,
                                      d->wall);
        }
    }
}


/* The oldest messages that have waited too long; returns how many. */

static ngx_uint_t
ngx_slack_no_endpoint_old(ngx_slack_dispatcher_t *d,
    ngx_slack_no_endpoint_channel_t *ch, ngx_slack_settlement_t *settlements)
{
    int64_t                      age;
    ngx_uint_t                   i, k, n;
    ngx_slack_waiting_message_t  messages[NGX_SLACK_UNSERVED_BATCH];

    n = NGX_SLACK_UNSERVED_BATCH;

    if (ngx_slack_outbox_messages(d->outbox, ch->id, messages, &n) != NGX_OK) {
        return 0;
    }

    for (k = 0, i = 0; i < n; i++) {

        age = ngx_slack_dispatcher_age(d, messages[i].created);

        free(messages[i].envelope.data);

        if (age <= ch->keep || k < i) {
            continue;
        }

        ngx_memzero(&settlements[k], sizeof(ngx_slack_settlement_t));

        settlements[k].id = messages[i].id;
        settlements[k].outcome = NGX_SLACK_SETTLE_DEAD;
        settlements[k].attempts = messages[i].attempts;
        ngx_str_set(&settlements[k].answer, NGX_SLACK_UNSERVED_REASON);
        k++;
    }

    return k;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_no_endpoint_tell(ngx_slack_dispatcher_t *d)
{
    ngx_int_t               rc;
    ngx_str_t               none;
    ngx_uint_t              i, j, k, n;
    ngx_slack_served_t     *endpoints;
    ngx_slack_endpoint_t   *conf;
    ngx_slack_workspace_t  *ws;

    for (n = 0, i = 0; i < d->schedule->nworkspaces; i++) {
        n += d->schedule->workspaces[i].conf->endpoints.nelts;
    }

    /* a webhook that serves all channels has one of its own, too */

    endpoints = calloc(2 * n + 1, sizeof(ngx_slack_served_t));
    if (endpoints == NULL) {
        ngx_log_error(NGX_LOG_ERR, d->log, 0, "slack: no memory");
        return NGX_ERROR;
    }

    ngx_str_null(&none);

    for (k = 0, i = 0; i < d->schedule->nworkspaces; i++) {

        ws = d->schedule->workspaces[i].conf;
        conf = ws->endpoints.elts;

        for (j = 0; j < ws->endpoints.nelts; j++) {

            endpoints[k].workspace = ws->name;
            endpoints[k].channel = conf[j].channel;
            endpoints[k].any = (conf[j].any && conf[j].channel.len == 0);

            if (endpoints[k++].any
                && ngx_slack_workspace_endpoint(ws, &none) == &conf[j])
            {
                endpoints[k++].workspace = ws->name;
            }
        }
    }

    rc = ngx_slack_outbox_serve(d->outbox, d->term, endpoints, k);

    free(endpoints);

    return rc;
}


/* executed in a pool thread */

void
ngx_slack_no_endpoint_look(ngx_slack_dispatcher_t *d)
{
    ngx_str_t                channel;
    ngx_slack_no_endpoint_t  found;

    /*
     * Not at once: the leader may be a worker of the old generation that is
     * about to end.
     */

    if (d->unserved_at == 0) {
        d->unserved_at = d->now + NGX_SLACK_UNSERVED_INTERVAL;
    }

    if (d->now < d->unserved_at) {
        return;
    }

    d->unserved_at = d->now + NGX_SLACK_UNSERVED_INTERVAL;

    ngx_memzero(&found, sizeof(ngx_slack_no_endpoint_t));
    found.dispatcher = d;

    if (ngx_slack_outbox_unserved(d->outbox, ngx_slack_no_endpoint_count,
                                  &found)
        != NGX_OK
        || found.channels == 0
        || !ngx_slack_log_allowed(NGX_SLACK_RARE_NO_ENDPOINT, 0))
    {
        return;
    }

    channel.data = found.channel;
    channel.len = found.len;

    ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\" waits for an "
                  "instance that has it: the nginx that delivers from this "
                  "outbox has no such workspace, or no endpoint for the "
                  "channel; %ui messages wait in %ui channels; add it there "
                  "and reload, or name an outbox of its own here",
                  &found.workspace->name, &channel,
                  found.messages, found.channels);
}


/* executed in a pool thread */

static ngx_int_t
ngx_slack_no_endpoint_count(ngx_slack_unserved_t *unserved, void *data)
{
    ngx_slack_no_endpoint_t  *found = data;

    ngx_slack_schedule_target_t  target;

    /* Only channels that this nginx can serve concern its operator. */

    if (ngx_slack_schedule_target(found->dispatcher->schedule,
                                  &unserved->workspace, &unserved->channel,
                                  &target)
        != NGX_OK)
    {
        return NGX_OK;
    }

    if (found->channels == 0) {
        found->workspace = target.workspace->conf;
        found->len = ngx_slack_history_copy(found->channel,
                                            sizeof(found->channel),
                                            &unserved->channel);
    }

    found->channels++;
    found->messages += unserved->n;

    return NGX_OK;
}
