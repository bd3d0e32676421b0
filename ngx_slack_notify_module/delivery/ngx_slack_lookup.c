
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * users.lookupByEmail: requests of their own beside the posts.  All functions
 * run in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_log.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_lookup.h>
#include <ngx_slack_pace.h>
#include <ngx_slack_said.h>
#include <ngx_slack_sign.h>


#define NGX_SLACK_LOOKUP_WAIT   2000        /* ms */
#define NGX_SLACK_LOOKUP_MAX    16          /* requests in flight */
#define NGX_SLACK_LOOKUP_FOUND  86400000    /* ms, for about so long */
#define NGX_SLACK_LOOKUP_NONE   14400000
#define NGX_SLACK_LOOKUP_PAUSE  60000       /* ms after a failure, */
#define NGX_SLACK_LOOKUP_LAST   3600000     /* doubled up to this */


typedef struct {
    ngx_slack_request_t             request;
    ngx_slack_dispatcher_t         *dispatcher;
    ngx_slack_schedule_endpoint_t  *endpoint;
    ngx_queue_t                     queue;  /* in d->lookups */
    u_char                          key[NGX_SLACK_MEMO_KEY];
    u_char                          body[sizeof("email=") - 1
                                         + 3 * NGX_SLACK_CC_EMAIL];
} ngx_slack_lookup_t;


static ngx_uint_t ngx_slack_lookup_message(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, ngx_str_t *message);
static ngx_uint_t ngx_slack_lookup_address(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, ngx_str_t *address);
static ngx_int_t ngx_slack_lookup_send(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, ngx_str_t *address, u_char *key);
static void ngx_slack_lookup_answered(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer);
static void ngx_slack_lookup_judge(ngx_slack_lookup_t *lookup,
    ngx_slack_answer_t *answer);
static ngx_uint_t ngx_slack_lookup_refused(ngx_str_t *error);
static void ngx_slack_lookup_remember(ngx_slack_lookup_t *lookup,
    ngx_str_t *id);
static ngx_int_t ngx_slack_lookup_key(ngx_slack_dispatcher_t *d,
    ngx_slack_endpoint_t *endpoint, ngx_str_t *address, u_char *key);


/* executed in a pool thread */

ngx_uint_t
ngx_slack_lookup_waits(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_waiting_message_t *messages, ngx_uint_t n)
{
    ngx_uint_t  i, waits;

    if (ch->workspace->conf->member == NULL || ch->conf->token.len == 0
        || ch->endpoint->lookup_off)
    {
        return 0;
    }

    waits = 0;

    for (i = 0; i < n; i++) {
        waits |= ngx_slack_lookup_message(d, ch, &messages[i].body);
        waits |= ngx_slack_lookup_message(d, ch, &messages[i].first);
    }

    if (!waits) {
        return 0;
    }

    /* what was stored while another message waited has waited with it */

    if (messages[0].id > ch->looked) {
        ch->look_until = d->now + NGX_SLACK_LOOKUP_WAIT;
    }

    if (d->now >= ch->look_until) {
        return 0;
    }

    ch->looked = ngx_max(d->last, messages[n - 1].id);

    return 1;
}


static ngx_uint_t
ngx_slack_lookup_message(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_str_t *message)
{
    size_t                pos;
    ngx_uint_t            waits;
    ngx_slack_cc_place_t  place;

    pos = 0;
    waits = 0;

    while (message->len
           && ngx_slack_cc_next(message, &pos, &place) == NGX_OK)
    {
        if (ngx_slack_cc_kind(&place.token) == NGX_SLACK_CC_ADDRESS) {
            waits |= ngx_slack_lookup_address(d, ch, &place.token);
        }
    }

    return waits;
}


/* Returns 1 if Slack was asked and has not answered yet. */

static ngx_uint_t
ngx_slack_lookup_address(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_str_t *address)
{
    ngx_queue_t         *q;
    ngx_slack_memo_t     memo;
    ngx_slack_lookup_t  *lookup;

    if (ngx_slack_lookup_key(d, ch->conf, address, memo.key) != NGX_OK
        || ngx_slack_outbox_recall(d->outbox, &memo) != NGX_DECLINED)
    {
        return 0;
    }

    for (q = ngx_queue_head(&d->lookups);
         q != ngx_queue_sentinel(&d->lookups);
         q = ngx_queue_next(q))
    {
        lookup = ngx_queue_data(q, ngx_slack_lookup_t, queue);

        if (ngx_memcmp(lookup->key, memo.key, NGX_SLACK_MEMO_KEY) == 0) {
            return 1;
        }
    }

    if (d->nlookups == NGX_SLACK_LOOKUP_MAX
        || d->in_flight >= NGX_SLACK_IN_FLIGHT_MAX
        || ch->endpoint->lookup_until > d->now)
    {
        return 0;
    }

    return ngx_slack_lookup_send(d, ch, address, memo.key) == NGX_OK;
}


static ngx_int_t
ngx_slack_lookup_send(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_str_t *address, u_char *key)
{
    u_char              *p, c;
    size_t               i;
    ngx_slack_lookup_t  *lookup;

    static u_char  hex[] = "0123456789ABCDEF";

    lookup = calloc(1, sizeof(ngx_slack_lookup_t));
    if (lookup == NULL) {
        ngx_log_error(NGX_LOG_ERR, d->log, 0, "slack: no memory");
        return NGX_ERROR;
    }

    p = ngx_cpymem(lookup->body, "email=", sizeof("email=") - 1);

    for (i = 0; i < address->len && i < NGX_SLACK_CC_EMAIL; i++) {

        c = ngx_tolower(address->data[i]);

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
            || c == '.' || c == '_')
        {
            *p++ = c;
            continue;
        }

        *p++ = '%';
        *p++ = hex[c >> 4];
        *p++ = hex[c & 0xf];
    }

    ngx_memcpy(lookup->key, key, NGX_SLACK_MEMO_KEY);

    lookup->dispatcher = d;
    lookup->endpoint = ch->endpoint;
    lookup->request.workspace = ch->workspace->conf;
    lookup->request.endpoint = ch->conf;
    lookup->request.method = NGX_SLACK_METHOD_LOOKUP;
    lookup->request.body.data = lookup->body;
    lookup->request.body.len = p - lookup->body;
    lookup->request.handler = ngx_slack_lookup_answered;
    lookup->request.data = lookup;

    if (ngx_slack_client_send(d->client, &lookup->request) != NGX_OK) {
        free(lookup);
        return NGX_ERROR;
    }

    ngx_queue_insert_tail(&d->lookups, &lookup->queue);
    d->nlookups++;

    /* as auth.test: nothing waits for it at the end */

    d->in_flight++;
    d->tests++;

    return NGX_OK;
}


/* executed in a pool thread */

static void
ngx_slack_lookup_answered(ngx_slack_request_t *request,
    ngx_slack_answer_t *answer)
{
    ngx_slack_lookup_t  *lookup = request->data;

    ngx_slack_dispatcher_t  *d;

    d = lookup->dispatcher;

    ngx_queue_remove(&lookup->queue);
    d->nlookups--;
    d->in_flight--;
    d->tests--;

    if (answer) {
        ngx_slack_dispatcher_clock(d);
        ngx_slack_lookup_judge(lookup, answer);
    }

    free(lookup);
}


static void
ngx_slack_lookup_judge(ngx_slack_lookup_t *lookup, ngx_slack_answer_t *answer)
{
    ngx_str_t                      *error, *id, none;
    ngx_msec_t                      pause;
    ngx_slack_said_t                said;
    ngx_slack_outcome_t             outcome;
    ngx_slack_dispatcher_t         *d;
    ngx_slack_schedule_endpoint_t  *endpoint;

    d = lookup->dispatcher;
    endpoint = lookup->endpoint;

    ngx_slack_outcome_judge(answer, d->wall, &outcome);
    ngx_slack_said_read(&answer->body, answer->cut, &said);

    error = &said.members[NGX_SLACK_SAID_ERROR];
    id = &said.members[NGX_SLACK_SAID_ID];

    if (outcome.outcome == NGX_SLACK_OUTCOME_SENT && said.ok
        && ngx_slack_cc_kind(id) == NGX_SLACK_CC_MEMBER)
    {
        endpoint->lookup_failures = 0;
        ngx_slack_lookup_remember(lookup, id);
        return;
    }

    if (said.refused && error->len == sizeof("users_not_found") - 1
        && ngx_strncmp(error->data, "users_not_found", error->len) == 0)
    {
        endpoint->lookup_failures = 0;
        ngx_str_null(&none);
        ngx_slack_lookup_remember(lookup, &none);
        return;
    }

    if (outcome.outcome == NGX_SLACK_OUTCOME_HOLD) {

        /* of this method: posts go on */

        endpoint->lookup_until = d->now + (int64_t) outcome.hold;
        return;
    }

    if (said.refused && ngx_slack_lookup_refused(error)) {

        if (!endpoint->lookup_off) {
            ngx_slack_log(NGX_LOG_ERR, d->log, 0,
                          "slack_workspace \"%V\": addresses that \"member\" "
                          "yields are not looked up until the next reload, "
                          "because Slack refuses it: %s; people are shown by "
                          "name. "
                          "Give the app the scopes users:read and "
                          "users:read.email and install it again, or let "
                          "\"member\" yield IDs",
                          &lookup->request.workspace->name, outcome.reason);
        }

        endpoint->lookup_off = 1;
        return;
    }

    pause = ngx_slack_pace_backoff(NGX_SLACK_LOOKUP_PAUSE,
                                   NGX_SLACK_LOOKUP_LAST,
                                   ++endpoint->lookup_failures);
    endpoint->lookup_until = d->now + (int64_t) pause;

    ngx_slack_log(NGX_LOG_WARN, d->log, 0,
                  "slack_workspace \"%V\": addresses could not be looked up "
                  "by users.lookupByEmail: %s; people are shown by name, "
                  "next try in %.1fs",
                  &lookup->request.workspace->name,
                  outcome.outcome == NGX_SLACK_OUTCOME_SENT
                  ? "Slack does not tell the member's ID" : outcome.reason,
                  (double) pause / 1000);
}


/* Whether it is of no use to try again. */

static ngx_uint_t
ngx_slack_lookup_refused(ngx_str_t *error)
{
    ngx_str_t  *e;

    static ngx_str_t  errors[] = {
        ngx_string("missing_scope"),
        ngx_string("no_permission"),
        ngx_string("not_allowed_token_type"),
        ngx_string("enterprise_is_restricted"),
        ngx_string("access_denied"),
        ngx_string("unknown_method"),
        ngx_string("method_deprecated"),
        ngx_string("deprecated_endpoint"),
        ngx_null_string
    };

    for (e = errors; e->len; e++) {
        if (ngx_slack_equal(e, error)) {
            return 1;
        }
    }

    return 0;
}


/* With jitter, so that those who were looked up together are not again. */

static void
ngx_slack_lookup_remember(ngx_slack_lookup_t *lookup, ngx_str_t *id)
{
    int64_t                  age;
    ngx_slack_memo_t         memo;
    ngx_slack_dispatcher_t  *d;

    d = lookup->dispatcher;

    ngx_memzero(&memo, sizeof(ngx_slack_memo_t));
    ngx_memcpy(memo.key, lookup->key, NGX_SLACK_MEMO_KEY);

    age = NGX_SLACK_LOOKUP_NONE;

    if (id->len) {
        age = NGX_SLACK_LOOKUP_FOUND;
        memo.len = id->len;
        ngx_memcpy(memo.value, id->data, id->len);
    }

    memo.expires = d->wall + age / 5 * 4
                   + (int64_t) (ngx_random() % (age / 5 * 2));

    /* if it is not stored, Slack is asked again; the outbox has logged it */

    (void) ngx_slack_outbox_memorize(d->outbox, d->term, &memo, 1);
}


/* executed in a pool thread */

size_t
ngx_slack_lookup_known(ngx_slack_dispatcher_t *d,
    ngx_slack_endpoint_t *endpoint, ngx_str_t *address,
    u_char id[NGX_SLACK_CC_ID])
{
    ngx_str_t         value;
    ngx_slack_memo_t  memo;

    if (endpoint->token.len == 0
        || ngx_slack_lookup_key(d, endpoint, address, memo.key) != NGX_OK
        || ngx_slack_outbox_recall(d->outbox, &memo) != NGX_OK)
    {
        return 0;
    }

    value.data = memo.value;
    value.len = memo.len;

    if (ngx_slack_cc_kind(&value) != NGX_SLACK_CC_MEMBER) {
        return 0;
    }

    ngx_memcpy(id, value.data, value.len);

    return value.len;
}


static ngx_int_t
ngx_slack_lookup_key(ngx_slack_dispatcher_t *d,
    ngx_slack_endpoint_t *endpoint, ngx_str_t *address, u_char *key)
{
    u_char     *p, digest[NGX_SLACK_HMAC_LEN];
    u_char      buf[NGX_SLACK_OUTBOX_IDENTITY + sizeof("address") - 1
                    + NGX_SLACK_TOKEN_HASH + NGX_SLACK_CC_EMAIL];
    ngx_str_t   s;

    if (address->len > NGX_SLACK_CC_EMAIL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(buf, d->identity, NGX_SLACK_OUTBOX_IDENTITY);
    p = ngx_cpymem(p, "address", sizeof("address") - 1);
    p = ngx_cpymem(p, endpoint->hash, NGX_SLACK_TOKEN_HASH);

    ngx_strlow(p, address->data, address->len);

    s.data = buf;
    s.len = p + address->len - buf;

    if (ngx_slack_sha256(&s, digest) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_memcpy(key, digest, NGX_SLACK_MEMO_KEY);

    return NGX_OK;
}
