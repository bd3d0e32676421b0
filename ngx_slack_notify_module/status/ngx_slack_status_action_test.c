
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The test of a workspace or channel: a real message is stored and delivered
 * in its turn, and the answer tells what Slack said.  A message that has not
 * reached Slack by then is withdrawn, so that tests do not arrive later, all
 * at once.
 *
 * Runs in the event loop unless stated otherwise: until the test has a result
 * or its time expires, a timer starts jobs that look up the message's fate.
 */


#include <ngx_slack_clock.h>
#include <ngx_slack_http_wait.h>
#include <ngx_slack_status_action.h>
#include <ngx_slack_status_test.h>
#include <ngx_slack_status_token.h>
#include <ngx_slack_pace.h>
#include <ngx_slack_wakeup.h>
#include <ngx_slack_zone.h>


#define NGX_SLACK_TEST_FIRST  20             /* ms before the first look */
#define NGX_SLACK_TEST_LAST   250            /* ms between looks, at most */
#define NGX_SLACK_TEST_NAME   100            /* bytes of a channel's name */


static ngx_int_t ngx_slack_status_test_channel(ngx_http_request_t *r,
    ngx_slack_status_target_t  *target, ngx_str_t *channel, ngx_int_t *answer);
static ngx_int_t ngx_slack_status_test_message(ngx_slack_status_test_t *test);
static void ngx_slack_status_test_nudge(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox);
static ngx_int_t ngx_slack_status_test_nudged(ngx_slack_status_job_t *job);
static void ngx_slack_status_test_stored(ngx_slack_entry_t *entry);
static void ngx_slack_status_test_resume(ngx_http_request_t *r);
static ngx_int_t ngx_slack_status_test_begin(ngx_slack_status_test_t *test);
static void ngx_slack_status_test_look(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox);
static ngx_uint_t ngx_slack_status_test_told(ngx_slack_status_test_t *test);
static void ngx_slack_status_test_judge(ngx_slack_status_test_t *test);
static void ngx_slack_status_test_withdraw(ngx_slack_status_test_t *test,
    ngx_slack_outbox_t *outbox);
static ngx_int_t ngx_slack_status_test_looked(ngx_slack_status_job_t *job);
static ngx_int_t ngx_slack_status_test_wait(ngx_slack_status_test_t *test);
static void ngx_slack_status_test_tick(ngx_event_t *ev);
static void ngx_slack_status_test_cleanup(void *data);


ngx_int_t
ngx_slack_status_action_test(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                  answer;
    ngx_pool_cleanup_t        *cln;
    ngx_slack_status_job_t    *job;
    ngx_slack_status_test_t   *test;
    ngx_slack_status_target_t  target;

    job = ngx_slack_status_action_create(r, body, 0, &target, &answer);
    if (job == NULL) {
        return answer;
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_slack_status_test_t));
    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    test = cln->data;

    ngx_memzero(test, sizeof(ngx_slack_status_test_t));

    test->request = r;
    cln->handler = ngx_slack_status_test_cleanup;

    switch (ngx_slack_status_test_channel(r, &target, &test->scope.channel,
                                          &answer))
    {
    case NGX_OK:
        break;

    case NGX_DONE:
        test->only_token = 1;
        break;

    default: /* NGX_DECLINED */
        return answer;
    }

    test->workspace = target.workspace;
    test->scope.workspace = target.workspace->name;

    if (target.scope.whole
        || ngx_slack_status_is_configured(job->smcf, target.workspace,
                                          &test->scope))
    {
        test->known = 1;
    }

    test->dummy.fd = (ngx_socket_t) -1;
    test->dummy.data = test;

    test->timer.data = &test->dummy;
    test->timer.log = r->connection->log;
    test->timer.handler = ngx_slack_status_test_tick;

    test->token = ngx_slack_status_token(test->workspace);

    test->job = job;

    if (test->token) {

        /* The leader asks Slack again what the token is. */

        test->started = ngx_slack_clock_wall();
        ngx_slack_tokens_ask(ngx_slack_zone_tokens(), test->token->hash,
                             test->started);
        ngx_slack_wakeup_now();
    }

    if (test->only_token) {
        return ngx_slack_status_test_begin(test);
    }

    if (ngx_slack_status_test_message(test) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_slack_status_job_changes(job, test, ngx_slack_status_test_nudge,
                                 ngx_slack_status_test_nudged);

    return ngx_slack_status_job_post(job);
}


/*
 * Determines the channel.  NGX_DONE: there is none, but a token, which can be
 * tested alone; NGX_DECLINED: none, which was answered.
 */

static ngx_int_t
ngx_slack_status_test_channel(ngx_http_request_t *r,
    ngx_slack_status_target_t *target, ngx_str_t *channel, ngx_int_t *answer)
{
    ngx_str_t               none;
    ngx_slack_workspace_t  *ws;

    if (target->scope.workspace.len == 0) {
        *answer = ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST,
                                         "\"workspace\" is missing");
        return NGX_DECLINED;
    }

    ws = target->workspace;

    if (ws == NULL) {
        *answer = ngx_slack_status_error(r, NGX_HTTP_NOT_FOUND,
                                         "no slack_workspace \"%V\" is "
                                         "in the configuration",
                                         &target->scope.workspace);
        return NGX_DECLINED;
    }

    ngx_str_null(&none);

    if (!target->scope.whole) {
        *channel = target->scope.channel;

    } else if (ws->channels->nelts == 1) {
        *channel = *(ngx_str_t *) ws->channels->elts;

    } else if (ws->bot_token.len) {
        return NGX_DONE;

    } else if (ws->channels->nelts == 0
               && ngx_slack_workspace_endpoint(ws, &none))
    {
        *channel = none;

    } else if (ws->channels->nelts == 0 && ws->endpoints.nelts == 1) {
        /* its only webhook has a channel */
        *channel = ((ngx_slack_endpoint_t *) ws->endpoints.elts)->channel;

    } else {
        *answer = ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST,
                                         "slack_workspace \"%V\" has "
                                         "several channels: which one?",
                                         &ws->name);
        return NGX_DECLINED;
    }

    if (channel->len > NGX_SLACK_TEST_NAME) {
        *answer = ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST,
                                         "the channel's name is too "
                                         "long");
        return NGX_DECLINED;
    }

    if (ngx_slack_workspace_endpoint(ws, channel) == NULL) {
        *answer = ngx_slack_status_error(r, NGX_HTTP_NOT_FOUND,
                                         "slack_workspace \"%V\" has no "
                                         "endpoint for channel \"%V\"",
                                         &ws->name, channel);
        return NGX_DECLINED;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_status_test_message(ngx_slack_status_test_t *test)
{
    ngx_str_t                 host;
    ngx_pool_t               *pool;
    ngx_slack_entry_t        *entry;
    ngx_slack_persona_t       persona;
    ngx_slack_new_message_t  *message;

    pool = test->request->pool;
    message = &test->message;
    entry = &test->entry;

    message->workspace = test->scope.workspace;
    message->channel = test->scope.channel;

    persona.username = test->workspace->username;
    persona.icon_emoji = test->workspace->icon_emoji;
    persona.icon_url = test->workspace->icon_url;

    /* a hostname may contain any bytes */

    host.data = ngx_pnalloc(pool, 3 * ngx_cycle->hostname.len + 1);
    if (host.data == NULL) {
        return NGX_ERROR;
    }

    host.len = ngx_slack_text_scrub(host.data, ngx_cycle->hostname.data,
                                    ngx_cycle->hostname.len);

    if (ngx_slack_message_envelope(&persona, pool, &message->envelope)
        != NGX_OK
        || ngx_slack_message_test(test->workspace->receiver,
                                  &message->workspace, &message->channel,
                                  &host, ngx_slack_status_test_elsewhere(test),
                                  pool, &message->body)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_str_set(&entry->event, "test");

    entry->messages = message;
    entry->nmessages = 1;
    entry->handler = ngx_slack_status_test_stored;
    entry->data = test;

    return NGX_OK;
}


/* executed in a pool thread; ends the wait after a refusal, to try at once */

static void
ngx_slack_status_test_nudge(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox)
{
    ngx_slack_status_test_t  *test = job->data;

    ngx_slack_steer_t  steer;

    if (!test->known) {
        job->rc = ngx_slack_status_is_stored(job, outbox, &test->scope);

        if (job->rc != NGX_OK) {
            return;
        }
    }

    if (test->started == 0) {
        test->started = ngx_slack_clock_wall();
    }

    ngx_memzero(&steer, sizeof(ngx_slack_steer_t));

    steer.action = NGX_SLACK_STEER_NUDGE;
    steer.scope = &test->scope;

    job->rc = ngx_slack_outbox_steer(outbox, &steer);
    test->paused = steer.paused;
}


static ngx_int_t
ngx_slack_status_test_nudged(ngx_slack_status_job_t *job)
{
    ngx_int_t                 rc;
    ngx_http_request_t       *r;
    ngx_slack_status_test_t  *test;

    r = job->request;
    test = job->data;

    if (job->rc == NGX_DECLINED) {
        return ngx_slack_status_no_channel(r, &test->scope);
    }

    if (job->rc != NGX_OK) {
        return ngx_slack_status_action_failed(r);
    }

    if (test->paused) {
        return ngx_slack_status_error(r, NGX_HTTP_CONFLICT,
                                      "it is paused: resume it first");
    }

    rc = ngx_slack_commit_post(ngx_slack_http_commit, &test->entry);

    if (rc == NGX_BUSY) {
        return ngx_slack_status_error(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "too many requests wait for the "
                                      "outbox");
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_wait(r, test, ngx_slack_status_test_resume);
}


static void
ngx_slack_status_test_stored(ngx_slack_entry_t *entry)
{
    ngx_slack_status_test_t  *test;

    test = entry->data;

    ngx_slack_http_unblock(test->request);

    test->stored = 1;

    ngx_slack_http_resume(test->request);
}


static void
ngx_slack_status_test_resume(ngx_http_request_t *r)
{
    ngx_slack_http_ctx_t     *ctx;
    ngx_slack_status_test_t  *test;

    ctx = ngx_http_get_module_ctx(r, ngx_slack_notify_module);
    test = ctx->job;

    if (!test->stored) {
        return;
    }

    ctx->job = NULL;
    r->write_event_handler = ngx_http_request_empty_handler;

    ngx_http_finalize_request(r, ngx_slack_status_test_begin(test));
}


static ngx_int_t
ngx_slack_status_test_begin(ngx_slack_status_test_t *test)
{
    if (test->only_token) {
        goto wait;
    }

    if (test->entry.result == NGX_SLACK_ENTRY_FULL) {
        return ngx_slack_status_error(test->request,
                                      NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "the outbox is full");
    }

    if (test->entry.result != NGX_SLACK_ENTRY_STORED) {
        return ngx_slack_status_action_failed(test->request);
    }

wait:

    ngx_slack_status_job_changes(test->job, test, ngx_slack_status_test_look,
                                 ngx_slack_status_test_looked);

    test->fate.id = test->entry.id;
    test->end = ngx_current_msec + NGX_SLACK_TEST_TIME;
    test->pause = NGX_SLACK_TEST_FIRST;

    return ngx_slack_status_test_wait(test);
}


/* executed in a pool thread */

static void
ngx_slack_status_test_look(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox)
{
    ngx_slack_status_test_t  *test = job->data;

    if (test->only_token) {
        job->rc = NGX_OK;
        test->over = (test->late || ngx_slack_status_test_told(test));
        return;
    }

    job->rc = ngx_slack_outbox_fate(outbox, &test->fate);

    if (job->rc != NGX_OK) {
        return;
    }

    ngx_slack_status_test_judge(test);

    if (test->token && test->over && !test->late
        && !ngx_slack_status_test_told(test))
    {
        /* auth.test is not answered yet */
        test->over = 0;
        return;
    }

    if (test->over && test->fate.state != NGX_SLACK_FATE_SENT) {
        ngx_slack_status_test_withdraw(test, outbox);
    }
}


/* executed in a pool thread */

static ngx_uint_t
ngx_slack_status_test_told(ngx_slack_status_test_t *test)
{
    ngx_slack_token_info_t  info;

    return ngx_slack_tokens_get(ngx_slack_zone_tokens(), test->token->hash,
                                &info)
           == NGX_OK
           && info.told >= test->started;
}


/* executed in a pool thread */

static void
ngx_slack_status_test_judge(ngx_slack_status_test_t *test)
{
    ngx_slack_fate_t  *fate;

    fate = &test->fate;

    switch (fate->state) {

    case NGX_SLACK_FATE_SENT:
        break;

    case NGX_SLACK_FATE_DEAD:
        test->failed = 1;
        break;

    default:

        /*
         * Either sending the test itself has failed, or it is the next in its
         * channel and Slack has refused that channel, other than for its rate.
         */

        if (fate->own
            || (fate->before == 0 && fate->settled >= test->started
                && fate->failures && fate->answer[0] != '\0'
                && (fate->failures & NGX_SLACK_PACE_HELD) == 0))
        {
            test->failed = 1;
            break;
        }

        if (test->late) {
            break;
        }

        return;
    }

    test->over = 1;
}


/* executed in a pool thread; if it fails, the message only arrives late */

static void
ngx_slack_status_test_withdraw(ngx_slack_status_test_t *test,
    ngx_slack_outbox_t *outbox)
{
    ngx_slack_steer_t  steer;

    ngx_memzero(&steer, sizeof(ngx_slack_steer_t));

    steer.action = NGX_SLACK_STEER_DROP;
    steer.ids = &test->fate.id;
    steer.n = 1;
    steer.waiting = 1;

    (void) ngx_slack_outbox_steer(outbox, &steer);
}


static ngx_int_t
ngx_slack_status_test_looked(ngx_slack_status_job_t *job)
{
    ngx_slack_status_test_t  *test;

    test = job->data;

    if (job->rc != NGX_OK) {
        return ngx_slack_status_action_failed(job->request);
    }

    if (test->over) {
        return ngx_slack_status_test_answer(test);
    }

    return ngx_slack_status_test_wait(test);
}


static ngx_int_t
ngx_slack_status_test_wait(ngx_slack_status_test_t *test)
{
    ngx_add_timer(&test->timer, test->pause);

    test->pause = ngx_min(test->pause * 2, NGX_SLACK_TEST_LAST);

    test->request->main->count++;

    return NGX_DONE;
}


static void
ngx_slack_status_test_tick(ngx_event_t *ev)
{
    ngx_connection_t         *c;
    ngx_http_request_t       *r;
    ngx_slack_status_test_t  *test;

    c = ev->data;
    test = c->data;
    r = test->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    /* a worker that is exiting does not wait for the test */

    test->late = (ngx_exiting
                  || (ngx_msec_int_t) (test->end - ngx_current_msec) <= 0);

    ngx_http_finalize_request(r, ngx_slack_status_job_post(test->job));

    ngx_http_run_posted_requests(c);
}


static void
ngx_slack_status_test_cleanup(void *data)
{
    ngx_slack_status_test_t  *test = data;

    if (test->timer.timer_set) {
        ngx_del_timer(&test->timer);
    }
}
