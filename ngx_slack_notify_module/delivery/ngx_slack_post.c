
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * From waiting messages to a request: which messages of a channel are sent,
 * one alone or several in one post.  Knows the outbox and the envelope, but
 * not what messages say.  All functions run in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_auth.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_join.h>
#include <ngx_slack_log.h>
#include <ngx_slack_lookup.h>
#include <ngx_slack_mention.h>
#include <ngx_slack_message.h>
#include <ngx_slack_post.h>
#include <ngx_slack_post_id.h>
#include <ngx_slack_post_thread.h>
#include <ngx_slack_post_track.h>
#include <ngx_slack_post_outcome.h>
#include <ngx_slack_settle.h>
#include <ngx_slack_twins.h>


#define NGX_SLACK_ATTACHMENTS_MAX  30       /* per post */
#define NGX_SLACK_SHARED_MAX       200000   /* bytes per post, about */
#define NGX_SLACK_ALONE_AFTER      4        /* attempts; then a post of its
                                               own */
#define NGX_SLACK_TURN_MAX         128      /* messages read in one turn */
#define NGX_SLACK_STORE_PAUSE      1000     /* ms, after an error of the
                                               outbox */
#define NGX_SLACK_TWIN_PAUSE       20       /* ms, for another name of the same
                                               channel */


static ngx_uint_t ngx_slack_post_messages(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t  *ch, ngx_slack_waiting_message_t *messages,
    ngx_uint_t *n);
static ngx_uint_t ngx_slack_post_expired(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t  *ch, ngx_slack_waiting_message_t *messages,
    ngx_uint_t n);
static int64_t ngx_slack_post_paused(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t  *ch, ngx_slack_waiting_message_t *message);
static ngx_uint_t ngx_slack_post_room(ngx_slack_channel_t *ch);
static ngx_uint_t ngx_slack_post_share(ngx_slack_channel_t *ch,
    ngx_slack_waiting_message_t  *messages, ngx_uint_t n, ngx_uint_t tokens);
static ngx_int_t ngx_slack_post_send(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t  *ch, ngx_slack_waiting_message_t *messages,
    ngx_uint_t n);
static ngx_slack_post_t *ngx_slack_post_create(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t  *ch, ngx_slack_waiting_message_t *messages,
    ngx_uint_t n);
static void ngx_slack_post_answered(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer);
static void ngx_slack_post_cut(ngx_slack_post_t *post);
static int64_t ngx_slack_post_due(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t  *ch, ngx_slack_waiting_message_t *message);


/* executed in a pool thread */

void
ngx_slack_post_start(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch)
{
    int64_t                      older;
    ngx_int_t                    rc;
    ngx_uint_t                   i, k, n, all, tokens;
    ngx_slack_waiting_message_t  messages[NGX_SLACK_TURN_MAX];

    if (ngx_slack_twins_post(ch)) {
        ngx_slack_schedule_ended(d->schedule, ch);
        ngx_slack_schedule_at(d->schedule, ch, d->now + NGX_SLACK_TWIN_PAUSE);
        return;
    }

    if (ch->paused) {
        /* the outbox reports the channel again when it is resumed */
        ngx_slack_schedule_remove(d->schedule, ch);
        return;
    }

    tokens = ngx_slack_pace_tokens(&ch->pace, d->now);

    if (tokens == 0) {
        ngx_slack_schedule_ended(d->schedule, ch);
        ch->waited = 1;
        ngx_slack_schedule_at(d->schedule, ch,
                              ngx_slack_pace_next(&ch->pace));
        return;
    }

    if (ch->endpoint->limited) {
        /* as many posts of a token, which all its channels share */
        tokens = ngx_min(tokens, ngx_max(1,
                         ngx_slack_pace_tokens(&ch->endpoint->pace, d->now)));
    }

    all = ngx_slack_post_messages(d, ch, messages, &n);

    if (all == NGX_MAX_UINT32_VALUE) {
        ngx_slack_schedule_ended(d->schedule, ch);
        ngx_slack_schedule_at(d->schedule, ch, d->now + NGX_SLACK_STORE_PAUSE);
        return;
    }

    if (n == 0) {

        if (all == 0) {
            ngx_slack_schedule_remember(d->schedule, ch);
            ngx_slack_schedule_remove(d->schedule, ch);
            return;
        }

        /* ngx_slack_post_messages() has scheduled the channel's next turn. */

        ngx_slack_schedule_ended(d->schedule, ch);
        return;
    }

    k = ngx_slack_post_expired(d, ch, messages, n);

    if (k == 0) {
        older = ngx_slack_twins_oldest(d, ch, messages[0].id);

        if (older < messages[0].id) {
            ngx_slack_schedule_ended(d->schedule, ch);
            ngx_slack_schedule_at(d->schedule, ch,
                                  d->now + NGX_SLACK_TWIN_PAUSE);
            goto done;
        }

        for (k = 1; k < n && messages[k].id < older; k++) { /* void */ }

        k = ngx_slack_post_share(ch, messages, k, tokens);

        if (ngx_slack_lookup_waits(d, ch, messages, k)) {
            ngx_slack_schedule_ended(d->schedule, ch);
            ngx_slack_schedule_at(d->schedule, ch,
                                  d->now + NGX_SLACK_LOOKUP_POLL);
            goto done;
        }

        rc = ngx_slack_post_send(d, ch, messages, k);

        if (rc != NGX_OK) {
            ngx_slack_schedule_ended(d->schedule, ch);
            ngx_slack_schedule_at(d->schedule, ch,
                                  d->now + NGX_SLACK_STORE_PAUSE);
        }
    }

done:

    for (i = 0; i < n; i++) {
        free(messages[i].envelope.data);
    }
}


/*
 * Reads the channel's oldest messages and puts those that are due into
 * "messages" and *n; the caller frees their envelopes.  Returns how many were
 * read, NGX_MAX_UINT32_VALUE if the outbox failed.  If none is due, schedules
 * the channel for the time when the first one will be.
 */

static ngx_uint_t
ngx_slack_post_messages(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_waiting_message_t *messages, ngx_uint_t *n)
{
    int64_t     due, first;
    ngx_uint_t  i, got, want;

    want = 1;

    if (ch->waited) {
        want = ngx_slack_post_room(ch);
    }

    want = ngx_min(want + ch->postponed, NGX_SLACK_TURN_MAX);

    for ( ;; ) {

        got = want;

        if (ngx_slack_outbox_messages(d->outbox, ch->id, messages, &got)
            != NGX_OK)
        {
            *n = 0;
            return NGX_MAX_UINT32_VALUE;
        }

        *n = 0;
        ch->postponed = 0;
        first = NGX_SLACK_NEVER;

        for (i = 0; i < got; i++) {

            due = ngx_slack_post_due(d, ch, &messages[i]);

            if (due <= d->now && !messages[i].part.blocked) {
                messages[(*n)++] = messages[i];
                continue;
            }

            if (due > d->now) {
                first = ngx_min(first, due);
            }

            ch->postponed++;
            free(messages[i].envelope.data);
        }

        if (*n || got < want || want == NGX_SLACK_TURN_MAX) {
            break;
        }

        want = ngx_min(want * 4, NGX_SLACK_TURN_MAX);
    }

    ch->sleeping = 0;

    if (*n == 0 && got) {
        ch->sleeping = 1;
        ngx_slack_schedule_at(d->schedule, ch, first);
    }

    return got;
}


/*
 * Messages that are too old become dead letters, but only after a failed
 * attempt of their own, or if the channel or its endpoint fails: none expires
 * only because nginx was down.  Returns how many.
 */

static ngx_uint_t
ngx_slack_post_expired(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_waiting_message_t *messages, ngx_uint_t n)
{
    int64_t            age, max;
    ngx_uint_t         k, failing;
    ngx_slack_post_t  *post;

    failing = (ch->failures || ch->endpoint->failures);
    max = (int64_t) ch->workspace->conf->retry_for * 1000;

    for (k = 0; k < n; k++) {

        age = ngx_slack_dispatcher_age(d, messages[k].created)
              - ngx_slack_post_paused(d, ch, &messages[k]);

        if (age <= max || (!failing && messages[k].attempts == 0)) {
            break;
        }
    }

    if (k == 0) {
        return 0;
    }

    post = ngx_slack_post_create(d, ch, messages, k);
    if (post == NULL) {
        return 0;
    }

    post->settle = NGX_SLACK_SETTLE_DEAD;
    post->outcome.len = (size_t) snprintf(post->outcome.reason,
                                        sizeof(post->outcome.reason),
                                        "not delivered in time; at last: %s",
                                        ch->answer[0] ? ch->answer
                                                      : "not known");

    ngx_slack_log(NGX_LOG_ERR, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": dead letters: "
                  "%ui (%L to %L), %s; fix the cause and send them again, "
                  "see \"Dead letters\" in the README",
                  &ch->workspace->conf->name, &ch->name, k,
                  messages[0].id, messages[k - 1].id, post->outcome.reason);

    (void) ngx_atomic_fetch_add(&d->counters->dead, k);
    ngx_slack_post_count(post, NGX_SLACK_COUNT_DEAD);

    ngx_slack_settle_add(post);

    return k;
}


/* for how many ms of the message's age its channel was paused */

static int64_t
ngx_slack_post_paused(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_waiting_message_t *message)
{
    int64_t  since, until;

    since = ngx_max(ch->paused_since, message->created);
    until = ngx_min(ch->paused_until, d->wall);

    return ngx_max(until - since, 0);
}


/* how many messages a post to the channel may carry */

static ngx_uint_t
ngx_slack_post_room(ngx_slack_channel_t *ch)
{
    ngx_uint_t  n;

    n = ngx_max(ch->workspace->conf->coalesce, 1);
    n = ngx_min(n, ngx_slack_receivers[ch->workspace->conf->receiver]
                                                             .attachments);

    return ngx_min(n, NGX_SLACK_ATTACHMENTS_MAX);
}


/* how many of the "n" messages go into one post */

static ngx_uint_t
ngx_slack_post_share(ngx_slack_channel_t *ch,
    ngx_slack_waiting_message_t *messages, ngx_uint_t n, ngx_uint_t tokens)
{
    size_t      size, max;
    ngx_str_t  *envelope;
    ngx_uint_t  k;

    /* More were read if some of them are not due. */

    n = ngx_min(n, ngx_slack_post_room(ch));

    /*
     * Coalesce only messages that were held back and that the pace does not
     * allow to be sent one after another now.
     */

    if (!ch->waited || n <= tokens) {
        return 1;
    }

    if (messages[0].id <= ch->single
        || messages[0].attempts >= NGX_SLACK_ALONE_AFTER)
    {
        return 1;
    }

    max = ngx_slack_receivers[ch->workspace->conf->receiver].bytes;
    max = ngx_min(max, NGX_SLACK_SHARED_MAX);

    envelope = &messages[0].envelope;
    size = messages[0].body.len;

    for (k = 1; k < n; k++) {

        if (!ngx_slack_equal(&messages[k].envelope, envelope)
            || !ngx_slack_post_thread_shares(&messages[0], &messages[k])
            || messages[k].attempts >= NGX_SLACK_ALONE_AFTER)
        {
            break;
        }

        size += messages[k].body.len;

        if (size > max) {
            break;
        }
    }

    return k;
}


static ngx_int_t
ngx_slack_post_send(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_waiting_message_t *messages, ngx_uint_t n)
{
    u_char                  uuid[NGX_SLACK_POST_ID];
    ngx_int_t               rc;
    ngx_str_t               bodies[NGX_SLACK_ATTACHMENTS_MAX];
    ngx_uint_t              i, names;
    ngx_slack_post_t       *post;
    ngx_slack_post_head_t   head;

    post = ngx_slack_post_create(d, ch, messages, n);
    if (post == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        bodies[i] = messages[i].body;
    }

    ngx_memzero(&head, sizeof(ngx_slack_post_head_t));

    names = ngx_slack_workspace_names(ch->conf, &ch->name);

    if (names & NGX_SLACK_NAMES_CHANNEL) {
        head.channel = ch->name;
    }

    if (names & NGX_SLACK_NAMES_PERSONA) {
        head.envelope = messages[0].envelope;
    }

    ngx_slack_post_thread_head(post, messages, &head);

    if (ch->conf->token.len) {
        ngx_slack_post_id(post, ch->fresh == messages[0].id, uuid);

        head.client_msg_id.data = uuid;
        head.client_msg_id.len = NGX_SLACK_POST_ID;
    }

    rc = NGX_OK;

    if (post->memos_max) {
        rc = ngx_slack_mention_resolve(post, messages, bodies, &head.text);
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_message_compose(&head, bodies, n, &post->request.body);
    }

    ngx_slack_mention_done(post, messages, bodies, &head.text);

    if (rc != NGX_OK) {
        ngx_slack_log(NGX_LOG_ERR, d->log, 0,
                      "slack_workspace \"%V\": message %L could not be "
                      "composed", &ch->workspace->conf->name,
                      messages[0].id);
        free(post);
        return NGX_ERROR;
    }

    post->request.workspace = ch->workspace->conf;
    post->request.endpoint = ch->conf;
    post->request.method = NGX_SLACK_METHOD_POST;
    post->request.handler = ngx_slack_post_answered;
    post->request.data = post;

    if (ngx_slack_client_send(d->client, &post->request) != NGX_OK) {
        free(post->request.body.data);
        free(post);
        return NGX_ERROR;
    }

    ngx_slack_pace_take(&ch->pace, d->now);
    ngx_slack_schedule_share(ch);
    ngx_slack_schedule_take(ch->endpoint, d->now);
    post->started = d->now;

    ngx_slack_post_begun(post);

    if (ch->conf->token.len && !ch->endpoint->tested) {
        ngx_slack_auth_test(d, ch->workspace, ch->conf, ch->endpoint);
    }

    return NGX_OK;
}


static ngx_slack_post_t *
ngx_slack_post_create(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_waiting_message_t *messages, ngx_uint_t n)
{
    size_t             size;
    ngx_uint_t         i, m;
    ngx_slack_post_t  *post;

    size = sizeof(ngx_slack_post_t)
           + (n - 1) * sizeof(ngx_slack_post_message_t);
    m = ngx_slack_mention_count(messages, n);

    post = calloc(1, size + m * sizeof(ngx_slack_memo_t));
    if (post == NULL) {
        ngx_log_error(NGX_LOG_ERR, d->log, 0, "slack: no memory");
        return NULL;
    }

    post->dispatcher = d;
    post->channel = ch;
    post->n = n;
    post->memos = (ngx_slack_memo_t *) ((u_char *) post + size);
    post->memos_max = m;

    for (i = 0; i < n; i++) {
        post->messages[i].id = messages[i].id;
        post->messages[i].created = messages[i].created;
        post->messages[i].attempts = messages[i].attempts;
    }

    return post;
}


/* executed in a pool thread */

static void
ngx_slack_post_answered(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer)
{
    ngx_slack_post_t  *post = request->data;

    ngx_slack_dispatcher_t  *d;

    d = post->dispatcher;

    ngx_slack_post_ended(post);

    if (answer == NULL) {
        ngx_slack_post_cut(post);
        return;
    }

    /*
     * Slack counts a request from its arrival, which is after connect and TLS
     * handshake.
     */

    ngx_slack_pace_sent(&post->channel->pace,
                        post->started + (int64_t) answer->ready);

    ngx_slack_outcome_judge(answer, d->wall, &post->outcome);

    if (post->outcome.not_member && ngx_slack_join(post) == NGX_OK) {
        return;
    }

    ngx_slack_post_conclude(post);
}


/* The worker ends before Slack has answered. */

static void
ngx_slack_post_cut(ngx_slack_post_t *post)
{
    ngx_slack_outcome_t  *out;

    if (!post->request.begun) {

        /*
         * Slack has seen nothing of the request, so its messages stay as they
         * are.
         */

        ngx_slack_post_channel(post);
        ngx_slack_settle_add(post);
        return;
    }

    out = &post->outcome;

    post->cut = 1;

    out->outcome = NGX_SLACK_OUTCOME_AMBIGUOUS;
    out->len = (size_t) snprintf(out->reason, sizeof(out->reason),
                                 "no answer before nginx stopped or reloaded");

    ngx_slack_post_conclude(post);
}


/* when a message is due, in monotonic ms */

static int64_t
ngx_slack_post_due(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_waiting_message_t *message)
{
    int64_t  max;

    /*
     * retry_max with jitter is the longest delay; if the stored one is longer,
     * the clock was set.
     */

    max = (int64_t) (ch->workspace->conf->retry_max * 6 / 5) + 1000;

    return d->now + ngx_slack_pace_remembered(message->due, d->wall, max, 0);
}
