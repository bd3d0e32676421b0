
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: threads that operators steer, and the end of threads.
 */


#include "suite.h"


static int
counts(ngx_uint_t n)
{
    return look(0) == NGX_OK && survey.waiting == n;
}


static void
test_replay_part(void)
{
    int64_t            root, change, reply, id;
    ngx_slack_steer_t  st;

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));
    st.ids = &id;
    st.n = 1;

    root = shown("mr", 10, "h");
    change = state("mr", 20, "1");
    (void) settle(change, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

    id = change;

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 1
          && change_of(root) == change && counts(1) && line(change) == NULL,
          "a change that is still the newest waits again");

    (void) settle(change, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    (void) settle(state("mr", 30, "2"), NGX_SLACK_SETTLE_SENT, 0, 1, "");

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 1
          && fate_of(change) == NGX_SLACK_FATE_SENT
          && strcmp(fate.answer, "superseded") == 0 && counts(0),
          "one that is not is not sent again");

    change = state("mr", 30, "3");
    (void) settle(change, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    reply = state("mr", 30, "4");
    id = change;

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK
          && fate_of(change) == NGX_SLACK_FATE_SENT
          && change_of(root) == reply && counts(1),
          "nor one that a later one has replaced");

    /* without a root it is one */

    (void) refused(reply, NGX_SLACK_SETTLE_ROOT);
    (void) settle(reply, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    id = reply;

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK
          && waits_as(reply, NGX_SLACK_ROLE_STATE_ROOT, ""),
          "without a root it is the root");

    (void) settle(reply, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    (void) shown("mr", 30, "h2");

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK
          && change_of(root) == reply && line(reply) == NULL,
          "with one it changes that");

    (void) settle(reply, NGX_SLACK_SETTLE_SENT, 0, 1, "");

    /* a dead reply, and a dead root that is no state */

    id = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "5");
    (void) settle(id, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK
          && waits_as(id, NGX_SLACK_ROLE_REPLY, "h2"), "a reply replies");

    id = put("#dev", "issue", NGX_SLACK_NEW_REPLY, NULL, "6");
    (void) settle(id, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    (void) sent(put("#dev", "issue", NGX_SLACK_NEW_REPLY, NULL, "7"), "i");

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK
          && waits_as(id, NGX_SLACK_ROLE_REPLY, "i"),
          "a root whose place is taken replies");
}


static void
test_drop_part(void)
{
    int64_t            root, change, id;
    ngx_slack_steer_t  st;

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));
    st.ids = &id;
    st.n = 1;

    root = shown("mr", 10, "h");
    id = change = state("mr", 20, "1");

    check(steer(&st, NGX_SLACK_STEER_DROP) == NGX_OK && st.count == 0
          && change_of(root) == change, "a waiting change is no dead letter");

    st.waiting = 1;

    check(steer(&st, NGX_SLACK_STEER_DROP) == NGX_OK && st.count == 1
          && change_of(root) == 0 && fate_of(change) == NGX_SLACK_FATE_SENT
          && counts(0), "but may be dropped");

    id = state("new", 10, "1");
    change = state("new", 20, "2");

    check(steer(&st, NGX_SLACK_STEER_DROP) == NGX_OK
          && waits_as(change, NGX_SLACK_ROLE_STATE_ROOT, "") && counts(1),
          "so may a root, whose change takes its place");
}


static void
test_key(void)
{
    int64_t  issue;

    (void) shown("mr", 10, "h");
    issue = state("issue", 10, "1");
    (void) put("#ops", "mr", NGX_SLACK_NEW_START, NULL, "2");

    check(strcmp(known_by(scope("acme", "#dev"), "mr"), "mr=h") == 0
          && ninfos == 1 && infos[0].root,
          "the thread of a key in a channel, whose root was sent");
    check(strcmp(known_by(scope("acme", "#dev"), "issue"), "issue=") == 0
          && ninfos == 1 && infos[0].id == issue && infos[0].root,
          "or waits");
    check(strcmp(known_by(scope("acme", NULL), "mr"), "mr= mr=h") == 0
          && strcmp(known_by(NULL, "mr"), "mr= mr=h") == 0,
          "those of a key, newest first");
    check(strcmp(known_by(scope("acme", "#dev"), "m"), "") == 0
          && strcmp(known_by(scope("acme", "#ops"), "issue"), "") == 0
          && strcmp(known_by(scope("acm", "#dev"), "mr"), "") == 0
          && strcmp(known_by(NULL, "MR"), "") == 0, "and no others");

    check(refused(issue, NGX_SLACK_SETTLE_DEAD) == NGX_OK
          && strcmp(known_by(NULL, "issue"), "issue=") == 0
          && !infos[0].root, "a root that was refused is none");
}


static void
test_forget(void)
{
    int64_t            mr, change, one, two, waiting, ids[2];
    ngx_slack_steer_t  st;

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));

    mr = shown("mr", 10, "h");
    one = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "1");
    two = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "2");
    change = state("mr", 20, "3");
    waiting = state("issue", 10, "4");
    (void) state("issue", 20, "5");
    (void) put("#ops", "mr", NGX_SLACK_NEW_START, NULL, "6");

    ids[0] = mr;
    ids[1] = mr + 1000;
    st.ids = ids;
    st.n = 2;

    check(steer(&st, NGX_SLACK_STEER_FORGET) == NGX_OK && st.count == 1
          && strcmp(known(NULL), "mr= issue=") == 0, "a thread is forgotten");
    check(waits_as(change, NGX_SLACK_ROLE_STATE_ROOT, "")
          && change_of(mr) == 0, "the change that waits is a root");
    check(waits_as(one, NGX_SLACK_ROLE_ROOT, "")
          && !line(one)->part.blocked && line(two)->part.blocked,
          "so is the first reply, to which the next one replies");
    check(steer(&st, NGX_SLACK_STEER_FORGET) == NGX_OK && st.count == 0,
          "once");

    change = state("mr", 5, "7");

    check(waits_as(change, NGX_SLACK_ROLE_STATE_ROOT, "")
          && line(change)->part.id == change,
          "the next message of the object begins anew");

    st.ids = NULL;
    st.scope = scope("acme", "#dev");

    check(steer(&st, NGX_SLACK_STEER_FORGET) == NGX_OK && st.count == 2
          && strcmp(known(NULL), "mr=") == 0
          && line(waiting)->part.change != 0,
          "those of a channel; a root that waits keeps its change");

    st.scope = NULL;

    check(steer(&st, NGX_SLACK_STEER_FORGET) == NGX_OK && st.count == 1
          && strcmp(known(NULL), "") == 0, "or all");
}


static ngx_int_t
purge_all(void)
{
    ngx_int_t   rc;
    ngx_uint_t  i;

    rc = NGX_AGAIN;

    for (i = 0; i < 100 && rc == NGX_AGAIN; i++) {
        rc = ngx_slack_outbox_purge(outbox);
    }

    return rc;
}


static void
test_purge_threads(void)
{
    char        key[16];
    put_t       brief = { .stamp = 1, .keep = 60 };
    int64_t     root, other, reply, change;
    ngx_uint_t  i;

    root = put("#dev", "mr", NGX_SLACK_NEW_STATE, &brief, "1");
    (void) sent(root, "h");

    other = put("#ops", "mr", NGX_SLACK_NEW_STATE, &brief, "1");
    (void) sent(other, "o");

    reply = put("#dev", "mr", NGX_SLACK_NEW_REPLY, &brief, "2");
    brief.stamp = 2;
    change = put("#ops", "mr", NGX_SLACK_NEW_STATE, &brief, "3");

    skew += 30 * 24 * HOUR;

    check(purge_all() == NGX_OK && waits_as(reply, NGX_SLACK_ROLE_REPLY, "h")
          && change_of(other) == change && is(&changed.part.handle, "o"),
          "a thread that something waits for stays");

    (void) sent(reply, "");
    (void) sent(change, "");
    skew += HOUR;

    check(purge_all() == NGX_OK && strcmp(known(NULL), "") == 0,
          "until that was sent");

    for (i = 0; i < NGX_SLACK_OUTBOX_THREADS + 60; i++) {
        (void) snprintf(key, sizeof(key), "%d", (int) i);
        (void) sent(put("#dev", key, NGX_SLACK_NEW_START, NULL, "x"), key);
    }

    check(known(NULL) && ninfos == NGX_SLACK_OUTBOX_THREADS + 60,
          "more than are remembered");

    skew += HOUR;
    (void) put("#dev", "1", NGX_SLACK_NEW_REPLY, NULL, "x");
    (void) sent(put_entry.id, "");

    check(purge_all() == NGX_OK && known(NULL)
          && ninfos == NGX_SLACK_OUTBOX_THREADS && infos[0].id != 0,
          "until they are purged");
    check(strncmp(known(NULL), "1=1 209=209 208=208 ", 20) == 0
          && strstr(known(NULL), " 61=61") != NULL
          && strstr(known(NULL), " 60=60") == NULL,
          "those first that had no message for the longest time");
}


case_t  cases_known[] = {
    { "threads: replay", test_replay_part },
    { "threads: drop", test_drop_part },
    { "threads: key", test_key },
    { "threads: forget", test_forget },
    { "threads: purge", test_purge_threads },
    { NULL, NULL }
};
