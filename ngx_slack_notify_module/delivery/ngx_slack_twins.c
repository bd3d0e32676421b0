
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Channels that have several names in the configuration.  Runs in a pool
 * thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_log.h>
#include <ngx_slack_twins.h>


/* executed in a pool thread */

void
ngx_slack_twins_identify(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_str_t *id)
{
    ngx_str_t  *name;

    name = ngx_slack_schedule_identify(d->schedule, ch, id);

    if (name
        && ngx_slack_dispatcher_first(&d->twins,
                                      ngx_crc32_short(ch->slack_id.data,
                                                      ch->slack_id.len)))
    {
        ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                      "slack_workspace \"%V\", channel \"%V\" is also written "
                      "\"%V\": both are %V in Slack and share one pace; write "
                      "one name in the configuration",
                      &ch->workspace->conf->name, &ch->name, name, id);
    }
}


/* executed in a pool thread */

ngx_uint_t
ngx_slack_twins_post(ngx_slack_channel_t *ch)
{
    ngx_queue_t          *q;
    ngx_slack_channel_t  *twin;

    for (q = ngx_queue_next(&ch->twins);
         q != &ch->twins;
         q = ngx_queue_next(q))
    {
        twin = ngx_queue_data(q, ngx_slack_channel_t, twins);

        if (twin->posting) {
            return 1;
        }
    }

    return 0;
}


/* executed in a pool thread */

int64_t
ngx_slack_twins_oldest(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    int64_t id)
{
    int64_t                       oldest;
    ngx_uint_t                    n;
    ngx_queue_t                  *q;
    ngx_slack_channel_t          *twin, *first;
    ngx_slack_waiting_message_t   message;

    oldest = INT64_MAX;
    first = NULL;

    for (q = ngx_queue_next(&ch->twins);
         q != &ch->twins;
         q = ngx_queue_next(q))
    {
        twin = ngx_queue_data(q, ngx_slack_channel_t, twins);
        n = 1;

        if (twin->paused || twin->suspended
            || ngx_slack_outbox_messages(d->outbox, twin->id, &message, &n)
               != NGX_OK
            || n == 0)
        {
            continue;
        }

        free(message.envelope.data);

        if (message.due <= d->wall && message.id < oldest) {
            oldest = message.id;
            first = twin;
        }
    }

    if (oldest < id) {
        ngx_slack_schedule_at(d->schedule, first, d->now);
    }

    return oldest;
}
