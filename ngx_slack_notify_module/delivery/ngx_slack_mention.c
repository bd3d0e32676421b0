
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Whom the messages of a post notify.  Knows the places in messages and what
 * the outbox remembers, not what messages say.  All functions run in a pool
 * thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_cc.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_lookup.h>
#include <ngx_slack_mention.h>
#include <ngx_slack_sign.h>


static ngx_int_t ngx_slack_mention_first(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *message, ngx_str_t *first);
static ngx_uint_t ngx_slack_mention_in(ngx_str_t *message, ngx_str_t *token);
static size_t ngx_slack_mention_whom(ngx_slack_cc_place_t *place, u_char *id,
    void *data);
static size_t ngx_slack_mention_id(ngx_slack_post_t *post,
    ngx_slack_cc_place_t *place, u_char *id);
static ngx_int_t ngx_slack_mention_key(ngx_slack_post_t *post, u_char *id,
    size_t len, u_char *key);


/* executed in a pool thread */

ngx_uint_t
ngx_slack_mention_count(ngx_slack_waiting_message_t *messages, ngx_uint_t n)
{
    ngx_uint_t  i, count;

    count = 0;

    for (i = 0; i < n; i++) {
        count += ngx_slack_cc_places(&messages[i].body);

        if (messages[i].first.len) {
            count += ngx_slack_cc_places(&messages[i].first);
        }
    }

    return ngx_min(count, NGX_SLACK_MENTION_MAX);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_mention_resolve(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *messages, ngx_str_t *bodies, ngx_str_t *first)
{
    ngx_int_t   rc;
    ngx_str_t   copy;
    ngx_uint_t  i;

    rc = NGX_OK;

    for (i = 0; i < post->n && rc == NGX_OK; i++) {

        if (ngx_slack_cc_places(&messages[i].body) == 0) {
            continue;
        }

        rc = ngx_slack_cc_resolve(&messages[i].body, ngx_slack_mention_whom,
                                  post, &copy);

        if (rc == NGX_OK) {
            bodies[i] = copy;
        }
    }

    if (rc == NGX_OK && messages[0].first.len) {
        rc = ngx_slack_mention_first(post, &messages[0], first);
    }

    if (rc != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, post->dispatcher->log, 0,
                      "slack: no memory");
    }

    return rc;
}


/* executed in a pool thread */

void
ngx_slack_mention_done(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *messages, ngx_str_t *bodies, ngx_str_t *first)
{
    ngx_uint_t  i;

    for (i = 0; i < post->n; i++) {
        if (bodies[i].data != messages[i].body.data) {
            free(bodies[i].data);
        }
    }

    free(first->data);
    ngx_str_null(first);
}


/*
 * The newest state is shown in place of the one that the root was stored with,
 * but whom that was to notify has not been notified yet.
 */

static ngx_int_t
ngx_slack_mention_first(ngx_slack_post_t *post,
    ngx_slack_waiting_message_t *message, ngx_str_t *first)
{
    u_char                *p, id[NGX_SLACK_CC_ID];
    size_t                 pos, len;
    ngx_uint_t             n;
    ngx_slack_cc_place_t   place;

    n = ngx_slack_cc_places(&message->first);

    if (n == 0) {
        return NGX_OK;
    }

    first->data = malloc(sizeof("cc ") + n * (NGX_SLACK_CC_ID + 16 + 2));
    if (first->data == NULL) {
        return NGX_ERROR;
    }

    p = first->data;
    pos = 0;

    while (ngx_slack_cc_next(&message->first, &pos, &place) == NGX_OK) {

        if (ngx_slack_mention_in(&message->body, &place.token)) {
            continue;
        }

        len = ngx_slack_mention_whom(&place, id, post);

        if (len) {
            p = ngx_cpymem(p, p == first->data ? "cc " : ", ",
                           p == first->data ? 3 : 2);
            p = ngx_slack_cc_mention(p, id, len);
        }
    }

    first->len = p - first->data;

    return NGX_OK;
}


static ngx_uint_t
ngx_slack_mention_in(ngx_str_t *message, ngx_str_t *token)
{
    size_t                pos;
    ngx_slack_cc_place_t  place;

    pos = 0;

    while (ngx_slack_cc_next(message, &pos, &place) == NGX_OK) {
        if (ngx_slack_equal(&place.token, token)) {
            return 1;
        }
    }

    return 0;
}


/* Whom the place notifies; that is remembered if the post is sent. */

static size_t
ngx_slack_mention_whom(ngx_slack_cc_place_t *place, u_char *id, void *data)
{
    ngx_slack_post_t  *post = data;

    size_t             len;
    ngx_uint_t         i;
    ngx_slack_memo_t  *memo;

    len = ngx_slack_mention_id(post, place, id);

    if (len == 0 || post->nmemos == post->memos_max) {
        return 0;
    }

    memo = &post->memos[post->nmemos];

    if (ngx_slack_mention_key(post, id, len, memo->key) != NGX_OK) {
        return 0;
    }

    for (i = 0; i < post->nmemos; i++) {
        if (ngx_memcmp(post->memos[i].key, memo->key, NGX_SLACK_MEMO_KEY)
            == 0)
        {
            /* an earlier message of the same post */
            return 0;
        }
    }

    /* one of later than that was remembered before the clock was set back */

    if (ngx_slack_outbox_recall(post->dispatcher->outbox, memo) == NGX_OK
        && memo->expires <= post->dispatcher->wall + NGX_SLACK_MENTION_BUDGET)
    {
        return 0;
    }

    memo->len = 0;
    memo->expires = post->dispatcher->wall + NGX_SLACK_MENTION_BUDGET;

    post->nmemos++;

    return len;
}


static size_t
ngx_slack_mention_id(ngx_slack_post_t *post, ngx_slack_cc_place_t *place,
    u_char *id)
{
    switch (ngx_slack_cc_kind(&place->token)) {

    case NGX_SLACK_CC_MEMBER:
    case NGX_SLACK_CC_GROUP:
        ngx_memcpy(id, place->token.data, place->token.len);
        return place->token.len;

    case NGX_SLACK_CC_ADDRESS:
        return ngx_slack_lookup_known(post->dispatcher, post->channel->conf,
                                      &place->token, id);

    default:
        return 0;
    }
}


static ngx_int_t
ngx_slack_mention_key(ngx_slack_post_t *post, u_char *id, size_t len,
    u_char *key)
{
    u_char     *p, digest[NGX_SLACK_HMAC_LEN];
    u_char      buf[NGX_SLACK_OUTBOX_IDENTITY + sizeof("mention") - 1
                    + sizeof(int64_t) + NGX_SLACK_CC_ID];
    ngx_str_t   s;

    p = ngx_cpymem(buf, post->dispatcher->identity, NGX_SLACK_OUTBOX_IDENTITY);
    p = ngx_cpymem(p, "mention", sizeof("mention") - 1);
    p = ngx_cpymem(p, &post->channel->id, sizeof(int64_t));
    p = ngx_cpymem(p, id, len);

    s.data = buf;
    s.len = p - buf;

    if (ngx_slack_sha256(&s, digest) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_memcpy(key, digest, NGX_SLACK_MEMO_KEY);

    return NGX_OK;
}
