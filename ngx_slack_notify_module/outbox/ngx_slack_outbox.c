
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Handles of the outbox: each passes its calls on to a store of the engine.
 * Runs in a pool thread, unless the header says otherwise.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_engine.h>


struct ngx_slack_outbox_s {
    ngx_slack_outbox_engine_t  *engine;
    ngx_slack_store_t          *store;
};


void
ngx_slack_outbox_describe(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_description_t *description)
{
    conf->engine->describe(conf, description);
}


ngx_slack_outbox_t *
ngx_slack_outbox_open(ngx_slack_outbox_conf_t *conf, ngx_log_t *log)
{
    ngx_slack_outbox_t  *outbox;

    outbox = ngx_alloc(sizeof(ngx_slack_outbox_t), log);
    if (outbox == NULL) {
        return NULL;
    }

    outbox->engine = conf->engine;
    outbox->store = conf->engine->create(conf, log);

    if (outbox->store == NULL) {
        ngx_free(outbox);
        return NULL;
    }

    return outbox;
}


void
ngx_slack_outbox_close(ngx_slack_outbox_t *outbox)
{
    outbox->engine->destroy(outbox->store);
    ngx_free(outbox);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_lead(ngx_slack_outbox_t *outbox, int64_t *term)
{
    return outbox->engine->lead(outbox->store, term);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_renew(ngx_slack_outbox_t *outbox, int64_t term)
{
    return outbox->engine->renew(outbox->store, term);
}


void
ngx_slack_outbox_resign(ngx_slack_outbox_t *outbox, int64_t term)
{
    outbox->engine->resign(outbox->store, term);
}


/* executed in a pool thread */

ngx_uint_t
ngx_slack_outbox_lasts(ngx_slack_outbox_t *outbox)
{
    return outbox->engine->lasts == NULL
           || outbox->engine->lasts(outbox->store);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_identity(ngx_slack_outbox_t *outbox,
    u_char identity[NGX_SLACK_OUTBOX_IDENTITY])
{
    return outbox->engine->identity(outbox->store, identity);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_wait(ngx_slack_outbox_t *outbox, ngx_fd_t *fd)
{
    return (outbox->engine->wait == NULL)
           ? NGX_DECLINED : outbox->engine->wait(outbox->store, fd);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_append(ngx_slack_outbox_t *outbox, ngx_queue_t *entries,
    ngx_slack_more_pt more, void *data)
{
    return outbox->engine->append(outbox->store, entries, more, data);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_serve(ngx_slack_outbox_t *outbox, int64_t term,
    ngx_slack_served_t *endpoints, ngx_uint_t n)
{
    return outbox->engine->serve(outbox->store, term, endpoints, n);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_unserved(ngx_slack_outbox_t *outbox,
    ngx_slack_unserved_pt handler, void *data)
{
    return outbox->engine->unserved(outbox->store, handler, data);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_channels(ngx_slack_outbox_t *outbox, int64_t *last,
    ngx_slack_outbox_channel_pt handler, void *data)
{
    return outbox->engine->channels(outbox->store, last, handler, data);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_messages(ngx_slack_outbox_t *outbox, int64_t channel,
    ngx_slack_waiting_message_t *messages, ngx_uint_t *n)
{
    return outbox->engine->messages(outbox->store, channel, messages, n);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_changes(ngx_slack_outbox_t *outbox, int64_t *last,
    ngx_slack_changing_pt handler, void *data)
{
    return outbox->engine->changes(outbox->store, last, handler, data);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_change(ngx_slack_outbox_t *outbox, int64_t thread,
    ngx_slack_waiting_message_t *message)
{
    return outbox->engine->change(outbox->store, thread, message);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_settle(ngx_slack_outbox_t *outbox, int64_t term,
    ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t m)
{
    return outbox->engine->settle(outbox->store, term, settlements, n,
                                  standings, m);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_memorize(ngx_slack_outbox_t *outbox, int64_t term,
    ngx_slack_memo_t *memos, ngx_uint_t n)
{
    return outbox->engine->memorize(outbox->store, term, memos, n);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_recall(ngx_slack_outbox_t *outbox, ngx_slack_memo_t *memo)
{
    return outbox->engine->recall(outbox->store, memo);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_purge(ngx_slack_outbox_t *outbox)
{
    return outbox->engine->purge(outbox->store);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_survey(ngx_slack_outbox_t *outbox, ngx_slack_survey_t *survey)
{
    ngx_str_null(&survey->leader);

    return outbox->engine->survey(outbox->store, survey);
}


/* executed in a pool thread */

ngx_uint_t
ngx_slack_outbox_same(ngx_slack_outbox_t *outbox, ngx_slack_survey_t *survey)
{
    return outbox->engine->same(outbox->store, survey);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_fate(ngx_slack_outbox_t *outbox, ngx_slack_fate_t *fate)
{
    return outbox->engine->fate(outbox->store, fate);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_steer(ngx_slack_outbox_t *outbox, ngx_slack_steer_t *steer)
{
    return outbox->engine->steer(outbox->store, steer);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_outbox_threads(ngx_slack_outbox_t *outbox, ngx_slack_scope_t *scope,
    ngx_str_t *key, ngx_slack_thread_pt handler, void *data)
{
    return outbox->engine->threads(outbox->store, scope, key, handler, data);
}
