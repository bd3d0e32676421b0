
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: what delivery remembers for a while.
 */


#include "suite.h"


static ngx_slack_memo_t
memo_of(const char *key, const char *value, int64_t expires)
{
    ngx_slack_memo_t  memo;

    ngx_memzero(&memo, sizeof(ngx_slack_memo_t));

    /* keys are any bytes, among them NUL */

    memcpy(memo.key, key, strlen(key));
    memo.len = strlen(value);
    memcpy(memo.value, value, memo.len);
    memo.expires = expires;

    return memo;
}


static ngx_int_t
memorize(ngx_slack_memo_t *memos, ngx_uint_t n)
{
    int64_t    term;
    ngx_int_t  rc;

    rc = ngx_slack_outbox_lead(outbox, &term);

    if (rc == NGX_OK) {
        rc = ngx_slack_outbox_renew(outbox, term);
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_outbox_memorize(outbox, term, memos, n);
        ngx_slack_outbox_resign(outbox, term);
    }

    return rc;
}


/* is that what is known, NULL: is nothing? */

static int
recalls(ngx_slack_outbox_t *by, const char *key, const char *value)
{
    ngx_int_t         rc;
    ngx_slack_memo_t  memo;

    memo = memo_of(key, "forgotten", 0);
    rc = ngx_slack_outbox_recall(by, &memo);

    if (value == NULL) {
        return rc == NGX_DECLINED;
    }

    return rc == NGX_OK && memo.len == strlen(value)
           && memcmp(memo.value, value, memo.len) == 0
           && memo.expires > ngx_slack_clock_wall();
}


static void
test_memos(void)
{
    int64_t              now, term;
    ngx_slack_memo_t     memos[3], longest;
    ngx_slack_outbox_t  *other;

    now = ngx_slack_clock_wall();

    check(memorize(NULL, 0) == NGX_OK && recalls(outbox, "jane", NULL),
          "nothing is known at first");

    memos[0] = memo_of("jane", "U024BE7LH", now + HOUR);
    memos[1] = memo_of("nobody", "", now + HOUR);
    memos[2] = memo_of("old", "U1", now - 1);

    check(memorize(memos, 3) == NGX_OK && recalls(outbox, "jane", "U024BE7LH")
          && recalls(outbox, "nobody", ""), "a memo, an empty one");
    check(recalls(outbox, "old", NULL) && recalls(outbox, "jan", NULL),
          "not one that has expired, nor another");

    longest = memo_of("0123456789abcdef", "0123456789abcdef0123456789abcdef",
                      now + HOUR);
    memos[0] = memo_of("jane", "W1", now + HOUR);
    memos[1] = longest;

    check(memorize(memos, 2) == NGX_OK && recalls(outbox, "jane", "W1")
          && recalls(outbox, "0123456789abcdef",
                     "0123456789abcdef0123456789abcdef"),
          "a newer one takes its place; the longest one");

    other = another();
    term = 0;

    check(recalls(other, "jane", "W1"), "another process knows it, too");
    check(ngx_slack_outbox_memorize(other, 77, memos, 1) == NGX_DECLINED,
          "but only the leader tells any");

    check(ngx_slack_outbox_lead(other, &term) == NGX_OK
          && ngx_slack_outbox_renew(other, term) == NGX_OK
          && ngx_slack_outbox_memorize(outbox, term, memos, 1)
             == NGX_DECLINED, "nor one with the term of another");

    ngx_slack_outbox_close(other);

    reopen();

    check(recalls(outbox, "jane", "W1") && recalls(outbox, "nobody", ""),
          "they outlive the process");
}


static void
test_settled_memos(void)
{
    int64_t                 now, id;
    ngx_slack_memo_t        memos[2];
    ngx_slack_standing_t    standing;
    ngx_slack_settlement_t  st;

    now = ngx_slack_clock_wall();
    id = append("", "#dev", "1");

    memos[0] = memo_of("a", "", now + HOUR);
    memos[1] = memo_of("b", "x", now + HOUR);

    ngx_memzero(&standing, sizeof(ngx_slack_standing_t));
    standing.id = channel_id("acme/#dev");
    standing.memos = memos;
    standing.nmemos = 2;

    ngx_memzero(&st, sizeof(ngx_slack_settlement_t));
    st.id = id;
    st.outcome = NGX_SLACK_SETTLE_SENT;

    check(ngx_slack_outbox_settle(outbox, 1, &st, 1, &standing, 1)
          == NGX_DECLINED && recalls(outbox, "a", NULL),
          "who does not lead settles none");
    check(settle_all(&st, 1, &standing, 1) == NGX_OK
          && fate_of(id) == NGX_SLACK_FATE_SENT && recalls(outbox, "a", "")
          && recalls(outbox, "b", "x"), "those of a channel are settled");
}


static void
test_purge_memos(void)
{
    char              key[NGX_SLACK_MEMO_KEY];
    int64_t           now;
    ngx_int_t         rc;
    ngx_uint_t        i, n;
    ngx_slack_memo_t  memos[250];

    now = ngx_slack_clock_wall();
    rc = NGX_ERROR;

    for (i = 0; i < 250; i++) {
        snprintf(key, sizeof(key), "%u", (unsigned) i);
        memos[i] = memo_of(key, "U1", i < 249 ? now - HOUR : now + HOUR);
    }

    check(memorize(memos, 250) == NGX_OK, "many");

    for (n = 0; n < 100; n++) {
        rc = ngx_slack_outbox_purge(outbox);

        if (rc != NGX_AGAIN) {
            break;
        }
    }

    check(rc == NGX_OK && recalls(outbox, "249", "U1")
          && recalls(outbox, "7", NULL), "only what has expired is purged");
}


/* a root that is sent with the newest state has its own body, too */

static void
test_first_body(void)
{
    int64_t  root, change;

    root = state("mr", 10, "first");

    check(line(root) && line(root)->first.len == 0, "a root alone");

    change = state("mr", 20, "second");

    check(line(root) && is(&line(root)->body, "second")
          && is(&line(root)->first, "first")
          && line(root)->part.change == change, "with a newer state");

    (void) state("mr", 30, "third");

    check(line(root) && is(&line(root)->body, "third")
          && is(&line(root)->first, "first"), "and with the next one");
}


case_t  cases_memos[] = {
    { "memos", test_memos },
    { "memos that are settled", test_settled_memos },
    { "memos that expire", test_purge_memos },
    { "a root's own body", test_first_body },
    { NULL, NULL }
};
