
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: messages with threads, once they are settled, steered and
 * purged.
 */


#include "suite.h"


static int
counts(ngx_uint_t n)
{
    return look(0) == NGX_OK && survey.waiting == n;
}


/* a root that was sent as a change, which waits beside it */

static void
test_sent_as(void)
{
    int64_t                 root, change, newer;
    ngx_uint_t              i;
    ngx_slack_settlement_t  st[2];

    root = state("mr", 10, "1");
    change = state("mr", 20, "2");

    ngx_memzero(st, sizeof(st));

    st[0].id = root;
    st[0].outcome = NGX_SLACK_SETTLE_SENT;
    st[0].handle = str("h");
    st[1].id = change;
    st[1].outcome = NGX_SLACK_SETTLE_SUPERSEDED;
    st[1].answer = str("not this");

    for (i = 0; i < 2; i++) {
        check(settle_all(st, 2, NULL, 0) == NGX_OK && counts(0)
              && fate_of(change) == NGX_SLACK_FATE_SENT
              && strcmp(fate.answer, "superseded") == 0
              && strcmp(known(NULL), "mr=h") == 0 && !infos[0].waits,
              i ? "once more changes nothing" : "both are sent");
    }

    newer = state("mr", 30, "3");

    check(put_entry.superseded == 0 && change_of(root) == newer,
          "a newer change waits for its own");
    check(settle_all(st, 2, NULL, 0) == NGX_OK && change_of(root) == newer
          && counts(1), "and is not settled with them");

    /* the change was superseded while it was on its way */

    root = state("late", 10, "1");
    st[0].id = root;
    st[1].id = state("late", 20, "2");
    newer = state("late", 30, "3");

    check(settle_all(st, 2, NULL, 0) == NGX_OK && change_of(root) == newer
          && is(&changed.part.handle, "h"), "a newer change changes the root");
}


/* a handle counts, whatever became of its message */

static void
test_late_handle(void)
{
    int64_t            root, reply;
    ngx_slack_steer_t  drop;

    root = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "1");
    reply = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "2");

    ngx_memzero(&drop, sizeof(ngx_slack_steer_t));
    drop.ids = &root;
    drop.n = 1;
    drop.waiting = 1;

    check(steer(&drop, NGX_SLACK_STEER_DROP) == NGX_OK && drop.count == 1
          && waits_as(reply, NGX_SLACK_ROLE_ROOT, "")
          && !line(reply)->part.blocked,
          "a root is dropped: the reply takes its place");

    check(sent(root, "h") == NGX_OK && counts(1)
          && fate_of(root) == NGX_SLACK_FATE_SENT
          && strcmp(fate.answer, "dropped") == 0
          && waits_as(reply, NGX_SLACK_ROLE_REPLY, "h"),
          "unless the root was on its way");

    check(sent(root, "h2") == NGX_OK && sent(reply, "") == NGX_OK
          && strcmp(known(NULL), "mr=h2") == 0, "the last handle counts");
    check(sent(987654321, "h3") == NGX_OK
          && sent(append("", "#dev", "x"), "h4") == NGX_OK
          && strcmp(known(NULL), "mr=h2") == 0,
          "one of no message of a thread does not");
}


static void
test_dead_root(void)
{
    int64_t  root, change, reply, other, next;

    root = state("mr", 10, "1");
    reply = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "2");
    other = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "3");
    change = state("mr", 20, "44");

    (void) settle(root, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

    check(waits_as(change, NGX_SLACK_ROLE_STATE_ROOT, "") && counts(3)
          && line(change)->part.change == 0 && line(change)->body.len == 2,
          "a dead root: its change takes its place");
    check(waits_as(reply, NGX_SLACK_ROLE_ROOT, "")
          && waits_as(other, NGX_SLACK_ROLE_REPLY, "")
          && line(other)->part.blocked,
          "what stands before it in the line does not wait for it");

    next = state("mr", 30, "5");

    check(line(change)->part.change == next, "the next state changes that");

    (void) settle(next, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

    check(line(change)->part.change == 0 && counts(3), "until it is dead");

    (void) settle(change, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    (void) settle(reply, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

    check(waits_as(other, NGX_SLACK_ROLE_ROOT, ""),
          "the last reply is a root in the end");

    (void) settle(other, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    next = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "6");

    check(waits_as(next, NGX_SLACK_ROLE_ROOT, "")
          && line(next)->part.id == root, "nothing waits: the next one is");

    check(state("mr", 29, "x") == 0 && put_entry.stale == 1,
          "stamps are still compared");

    (void) settle(next, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    next = state("mr", 30, "7");

    check(waits_as(next, NGX_SLACK_ROLE_STATE_ROOT, ""), "so is a state");

    /* a root that is no state, with a change */

    root = put("#dev", "issue", NGX_SLACK_NEW_REPLY, NULL, "1");
    change = state("issue", 1, "2");

    check(waits_as(root, NGX_SLACK_ROLE_ROOT, "")
          && line(root)->part.change == 0 && change_of(root) == 0,
          "a root that is no state keeps its look");

    (void) settle(root, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

    check(waits_as(change, NGX_SLACK_ROLE_STATE_ROOT, ""),
          "until it is dead");
}


static void
test_retry(void)
{
    int64_t  root, change, due;

    root = shown("mr", 10, "h");
    change = state("mr", 20, "1");
    due = ngx_slack_clock_wall() + MINUTE;

    check(settle(change, NGX_SLACK_SETTLE_RETRY, due, 3, "later") == NGX_OK
          && change_of(root) == change && changed.attempts == 3
          && changed.due == due, "a change is tried again");
    check(fate_of(change) == NGX_SLACK_FATE_WAITING && fate.attempts == 3
          && strcmp(fate.answer, "later") == 0, "as its fate says");
    check(settle(change, NGX_SLACK_SETTLE_DEAD, 0, 4, "no") == NGX_OK
          && change_of(root) == 0 && counts(0) && survey.dead == 1,
          "or dead");
    check(strcmp(known(NULL), "mr=h") == 0 && !infos[0].waits,
          "which the root survives");
}


static void
test_no_root(void)
{
    int64_t  root, change, reply, one;

    /* of a reply */

    root = shown("mr", 10, "h");
    one = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "1");
    reply = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "2");

    (void) settle(one, NGX_SLACK_SETTLE_RETRY, HOUR, 2, "later");

    check(refused(one, NGX_SLACK_SETTLE_ROOT) == NGX_OK
          && waits_as(one, NGX_SLACK_ROLE_ROOT, "")
          && line(one)->attempts == 2 && line(one)->due == 0
          && waits_as(reply, NGX_SLACK_ROLE_REPLY, "")
          && line(reply)->part.blocked && counts(2),
          "the receiver has no root: the reply is the root");
    check(refused(one, NGX_SLACK_SETTLE_ROOT) == NGX_OK
          && waits_as(one, NGX_SLACK_ROLE_ROOT, ""), "said once more");
    check(refused(reply, NGX_SLACK_SETTLE_ROOT) == NGX_OK
          && waits_as(reply, NGX_SLACK_ROLE_REPLY, ""),
          "said of another one, which waits for the new root");

    (void) sent(one, "h2");

    check(refused(one, NGX_SLACK_SETTLE_ROOT) == NGX_OK
          && waits_as(reply, NGX_SLACK_ROLE_REPLY, "h2"),
          "said late of what was sent meanwhile");

    (void) sent(reply, "");

    /* of a change */

    change = state("mr", 20, "333");

    check(refused(change, NGX_SLACK_SETTLE_ROOT) == NGX_OK
          && waits_as(change, NGX_SLACK_ROLE_STATE_ROOT, "")
          && line(change)->body.len == 3 && line(change)->part.id == root
          && line(change)->part.change == 0 && change_of(root) == 0
          && counts(1), "the change is the root");

    one = state("mr", 30, "4");

    check(line(change)->part.change == one, "which changes");

    (void) sent(change, "h3");

    check(change_of(root) == one && is(&changed.part.handle, "h3"),
          "and is sent");

    /* of a change that is superseded by then */

    reply = state("mr", 40, "5");

    check(refused(one, NGX_SLACK_SETTLE_ROOT) == NGX_OK
          && line(one) == NULL && fate_of(one) == NGX_SLACK_FATE_SENT
          && waits_as(reply, NGX_SLACK_ROLE_STATE_ROOT, "") && counts(1),
          "a newer change takes the root's place");
    check(refused(one, NGX_SLACK_SETTLE_ROOT) == NGX_OK
          && waits_as(reply, NGX_SLACK_ROLE_STATE_ROOT, ""), "once");

    /* of one that was dropped: nothing waits */

    root = shown("push", 1, "p");
    one = put("#dev", "push", NGX_SLACK_NEW_REPLY, NULL, "x");
    (void) settle(one, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

    check(refused(one, NGX_SLACK_SETTLE_ROOT) == NGX_OK
          && fate_of(one) == NGX_SLACK_FATE_DEAD
          && strcmp(known(scope("acme", NULL)), "push= mr=") == 0,
          "nothing waits: the handle is forgotten");
    check(refused(987654321, NGX_SLACK_SETTLE_ROOT) == NGX_OK
          && refused(append("", "#dev", "x"), NGX_SLACK_SETTLE_ROOT)
             == NGX_OK && line(0) == NULL && nmessages == 2
          && messages[1].part.role == NGX_SLACK_ROLE_PLAIN,
          "a message without a thread stays what it is");
}


static void
test_no_changes(void)
{
    int64_t  root, change, newer;

    root = shown("mr", 10, "h");
    change = state("mr", 20, "1");

    check(refused(change, NGX_SLACK_SETTLE_REPLY) == NGX_OK
          && waits_as(change, NGX_SLACK_ROLE_REPLY, "h")
          && change_of(root) == 0 && counts(1),
          "the root cannot be changed: the change is a reply");

    newer = state("mr", 30, "2");

    check(waits_as(newer, NGX_SLACK_ROLE_REPLY, "h")
          && put_entry.superseded == 0 && counts(2), "so is the next state");
    check(state("mr", 29, "x") == 0 && put_entry.stale == 1,
          "stamps are compared");
    check(refused(change, NGX_SLACK_SETTLE_REPLY) == NGX_OK
          && waits_as(change, NGX_SLACK_ROLE_REPLY, "h") && counts(2),
          "said once more");

    /* a new root can be changed */

    (void) sent(change, "h2");
    newer = state("mr", 40, "3");

    check(change_of(root) == newer, "a new root can be changed");

    /* the change was superseded by then */

    change = newer;
    newer = state("mr", 50, "4");

    check(refused(change, NGX_SLACK_SETTLE_REPLY) == NGX_OK
          && line(change) == NULL && change_of(root) == 0
          && waits_as(newer, NGX_SLACK_ROLE_REPLY, "h2"),
          "what superseded it is a reply");
}


static void
test_no_replies(void)
{
    put_t    aloud = { .broadcast = 1 };
    int64_t  root, one, two, next;

    root = shown("mr", 10, "h");
    one = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "1");
    two = put("#dev", "mr", NGX_SLACK_NEW_REPLY, &aloud, "2");

    check(refused(one, NGX_SLACK_SETTLE_PLAIN) == NGX_OK
          && waits_as(one, NGX_SLACK_ROLE_PLAIN, "")
          && line(one)->part.id == 0 && counts(2),
          "no replies: it is a plain message");
    check(waits_as(two, NGX_SLACK_ROLE_PLAIN, ""), "so are those that wait");

    next = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "3");

    check(waits_as(next, NGX_SLACK_ROLE_PLAIN, "")
          && line(next)->part.id == 0, "and later ones");

    next = state("mr", 20, "4");

    check(change_of(root) == next && is(&changed.part.handle, "h"),
          "the root still changes");

    (void) refused(next, NGX_SLACK_SETTLE_REPLY);

    check(waits_as(next, NGX_SLACK_ROLE_PLAIN, ""), "unless it cannot");

    next = state("mr", 30, "5");

    check(waits_as(next, NGX_SLACK_ROLE_PLAIN, ""), "then states are plain");
    check(refused(next, NGX_SLACK_SETTLE_PLAIN) == NGX_OK
          && waits_as(next, NGX_SLACK_ROLE_PLAIN, ""), "said once more");
}


static void
test_thread_leader(void)
{
    int64_t                 term, other_term, root, change, last, mine;
    ngx_slack_outbox_t     *other;
    ngx_slack_settlement_t  st;

    root = shown("mr", 10, "h");
    change = state("mr", 20, "1");
    last = 0;
    mine = 0;

    other = another();

    (void) ngx_slack_outbox_lead(outbox, &term);
    ngx_slack_outbox_resign(outbox, term);
    (void) ngx_slack_outbox_lead(other, &other_term);

    ngx_memzero(&st, sizeof(ngx_slack_settlement_t));
    st.id = change;
    st.outcome = NGX_SLACK_SETTLE_ROOT;

    check(ngx_slack_outbox_settle(outbox, term, &st, 1, NULL, 0)
          == NGX_DECLINED && change_of(root) == change
          && is(&changed.part.handle, "h"),
          "a former leader forgets no handle");

    st.outcome = NGX_SLACK_SETTLE_SENT;
    st.handle = str("h2");

    check(ngx_slack_outbox_settle(outbox, term, &st, 1, NULL, 0)
          == NGX_DECLINED && strcmp(known(NULL), "mr=h") == 0,
          "and sets none");

    check(tell_changes(other, &last) == 1 && tell_changes(other, &last) == 0
          && tell_changes(outbox, &mine) == 1, "each store is told by itself");

    (void) state("mr", 30, "2");

    check(tell_changes(other, &last) == 1
          && ngx_slack_outbox_settle(other, other_term, &st, 1, NULL, 0)
             == NGX_OK && strcmp(known(NULL), "mr=h2") == 0
          && change_of(root) == put_entry.id,
          "another store sees what this one stored");

    (void) mark(NGX_SLACK_STEER_PAUSE, "acme", NULL);

    check(tell_changes(other, &last) == 1 && changing[0].channel.paused
          && tell_changes(other, &last) == 0,
          "a pause: all are told once more");

    ngx_slack_outbox_close(other);
    reopen();

    check(change_of(root) == put_entry.id && strcmp(known(NULL), "mr=h2") == 0,
          "all of it is stored");
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


case_t  cases_settle[] = {
    { "threads: sent as another", test_sent_as },
    { "threads: late handles", test_late_handle },
    { "threads: dead roots", test_dead_root },
    { "threads: retries", test_retry },
    { "threads: no root", test_no_root },
    { "threads: no changes", test_no_changes },
    { "threads: no replies", test_no_replies },
    { "threads: leader", test_thread_leader },
    { "threads: replay", test_replay_part },
    { "threads: drop", test_drop_part },
    { "threads: forget", test_forget },
    { "threads: purge", test_purge_threads },
    { NULL, NULL }
};
