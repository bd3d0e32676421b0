
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: messages with threads, once they are settled.
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
    put_t    whole = { .whole = 1 };
    int64_t  root, change, reply, one;

    /* of a reply */

    root = shown("mr", 10, "h");
    one = put("#dev", "mr", NGX_SLACK_NEW_REPLY, &whole, "1");
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


case_t  cases_settle[] = {
    { "threads: sent as another", test_sent_as },
    { "threads: late handles", test_late_handle },
    { "threads: dead roots", test_dead_root },
    { "threads: retries", test_retry },
    { "threads: no root", test_no_root },
    { "threads: no changes", test_no_changes },
    { "threads: no replies", test_no_replies },
    { "threads: leader", test_thread_leader },
    { NULL, NULL }
};
