
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: messages with threads, when they are stored.
 */


#include "suite.h"


static void
test_start(void)
{
    int64_t  one, two, reply, old;

    one = put("#dev", "commit", NGX_SLACK_NEW_START, NULL, "1");

    check(one != 0 && waits_as(one, NGX_SLACK_ROLE_ROOT, ""),
          "what starts is a root");
    check(line(one)->part.id == one && !line(one)->part.blocked,
          "its thread has its id");

    old = put("#dev", "commit", NGX_SLACK_NEW_REPLY, NULL, "2");

    check(waits_as(old, NGX_SLACK_ROLE_REPLY, "") && line(old)->part.blocked
          && line(old)->part.id == one,
          "a reply waits for the root in the line before it");

    two = put("#dev", "commit", NGX_SLACK_NEW_START, NULL, "3");
    reply = put("#dev", "commit", NGX_SLACK_NEW_REPLY, NULL, "4");

    check(waits_as(two, NGX_SLACK_ROLE_ROOT, "") && line(two)->part.id == two,
          "another start begins it anew");
    check(line(reply)->part.id == two && line(reply)->part.blocked
          && line(old)->part.id == one,
          "who replied before replies to the former one");

    check(sent(one, "h1") == NGX_OK
          && waits_as(old, NGX_SLACK_ROLE_REPLY, "h1")
          && !line(old)->part.blocked, "whose handle it gets");
    check(line(reply)->part.blocked && sent(two, "h2") == NGX_OK
          && waits_as(reply, NGX_SLACK_ROLE_REPLY, "h2")
          && !line(reply)->part.blocked, "the new one has its own");
    check(line(reply)->body.len == 1 && line(reply)->body.data[0] == '4'
          && line(reply)->envelope.len != 0, "beside envelope and body");
    check(strcmp(known(NULL), "commit=h2") == 0, "the key finds that");
}


static void
test_reply(void)
{
    put_t    aloud = { .broadcast = 1 };
    int64_t  root, plain, one, two;

    plain = append("", "#dev", "x");

    check(line(plain)->part.id == 0
          && line(plain)->part.role == NGX_SLACK_ROLE_PLAIN
          && line(plain)->part.handle.len == 0, "a message without a thread");

    root = put("#dev", "mr", NGX_SLACK_NEW_REPLY, &aloud, "1");

    check(waits_as(root, NGX_SLACK_ROLE_ROOT, ""),
          "a reply is the root if there is none");

    one = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "2");
    two = put("#dev", "mr", NGX_SLACK_NEW_REPLY, &aloud, "3");

    check(waits_as(one, NGX_SLACK_ROLE_REPLY, "")
          && waits_as(two, NGX_SLACK_ROLE_BROADCAST, "")
          && line(two)->part.blocked, "later ones reply, one of them aloud");

    check(sent(root, "h") == NGX_OK && waits_as(two, NGX_SLACK_ROLE_BROADCAST,
                                                "h")
          && waits_as(one, NGX_SLACK_ROLE_REPLY, "h"), "to what was sent");

    check(sent(one, "") == NGX_OK
          && waits_as(two, NGX_SLACK_ROLE_BROADCAST, "h"),
          "a reply without a handle changes none");
    check(sent(two, "h2") == NGX_OK
          && strcmp(known(NULL), "mr=h2") == 0,
          "one with a handle became the root");
}


static void
test_state(void)
{
    put_t    final = { .stamp = 30, .final = 1 };
    int64_t  root, change, later, again, last;

    root = state("mr", 10, "1");

    check(waits_as(root, NGX_SLACK_ROLE_STATE_ROOT, "")
          && line(root)->part.change == 0, "a state is a root that changes");

    change = state("mr", 20, "22");

    check(change != 0 && line(change) == NULL, "a change is not in line");
    check(line(root)->part.change == change && line(root)->body.len == 2
          && line(root)->id == root, "a root that waits takes its look");
    check(change_of(root) == 0, "it is no change as long as nothing is sent");

    last = 0;

    check(tell_changes(outbox, &last) == 0, "nor told as one");

    check(sent(root, "h") == NGX_OK && change_of(root) == change
          && changed.part.role == NGX_SLACK_ROLE_CHANGE
          && is(&changed.part.handle, "h") && changed.part.id == root
          && !changed.part.final && is(&changed.body, "22"),
          "what is sent can be changed");

    later = put("#dev", "mr", NGX_SLACK_NEW_STATE, &final, "3");

    check(put_entry.superseded == 1 && put_entry.stored == 1
          && change_of(root) == later && changed.part.final,
          "a newer change takes the place of one that waits");
    check(fate_of(change) == NGX_SLACK_FATE_SENT
          && strcmp(fate.answer, "superseded") == 0 && fate.own,
          "which has the fate of one that was sent");
    check(fate_of(later) == NGX_SLACK_FATE_WAITING && fate.before == 0,
          "nothing waits before a change");

    check(look(0) == NGX_OK && survey.waiting == 1
          && surveyed("acme/#dev")->waiting == 1
          && surveyed("acme/#dev")->first == later
          && surveyed("acme/#dev")->oldest != 0
          && surveyed("acme/#dev")->ages[0] == 1,
          "a change is one that waits");

    check(ngx_slack_outbox_same(outbox, &survey) == 1,
          "nothing else has changed");

    last = 0;

    check(tell_changes(outbox, &last) == 1 && changing[0].thread == root
          && changing[0].final && changing[0].since <= changing[0].touched
          && changing[0].channel.id == surveyed("acme/#dev")->id,
          "it is told of");
    check(tell_changes(outbox, &last) == 0, "once");

    again = state("mr", 40, "4");

    check(!ngx_slack_outbox_same(outbox, &survey)
          && tell_changes(outbox, &last) == 1 && !changing[0].final,
          "a newer one is news");
    check(settle(again, NGX_SLACK_SETTLE_SENT, 0, 1, "") == NGX_OK
          && change_of(root) == 0 && fate_of(again) == NGX_SLACK_FATE_SENT,
          "until it is sent");

    check(look(0) == NGX_OK && survey.waiting == 0
          && surveyed("acme/#dev")->first == 0, "nothing waits any more");
}


/* stamps: each row is a state after the one before it that was not stale */

static void
test_stamps(void)
{
    char        name[64];
    put_t       with;
    ngx_uint_t  i;

    static struct {
        int64_t     stamp;
        ngx_uint_t  clock;
        unsigned    final;
        ngx_uint_t  stale;
    } rows[] = {
        { 100, 0, 0, 0 },
        { 99, 0, 0, 1 },
        { 99, 0, 1, 1 },
        { 100, 0, 0, 0 },
        { 100, 0, 1, 0 },
        { 100, 0, 0, 1 },
        { 100, 0, 1, 0 },
        { 101, 0, 0, 0 },
        { 0, 0, 0, 0 },
        { 100, 0, 1, 1 },
        { 101, 0, 0, 0 },
        { 50, 1, 0, 0 },
        { 49, 1, 0, 1 },
        { 10, 0, 0, 0 },
        { 0, 1, 1, 0 },
        { 9, 0, 1, 1 },
        { 253402300799999, 255, 1, 0 },
        { 253402300799998, 255, 1, 1 },
        { 1, 254, 0, 0 },
    };

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ngx_memzero(&with, sizeof(put_t));

        with.stamp = rows[i].stamp;
        with.clock = rows[i].clock;
        with.final = rows[i].final ? 1 : 0;

        (void) put("#dev", "mr", NGX_SLACK_NEW_STATE, &with, "x");

        (void) snprintf(name, sizeof(name), "stamp %llu, row %d",
                        (unsigned long long) rows[i].stamp, (int) i);

        check(put_entry.stale == rows[i].stale
              && put_entry.stored == !rows[i].stale
              && put_entry.result == (rows[i].stale
                                      ? NGX_SLACK_ENTRY_UNCHANGED
                                      : NGX_SLACK_ENTRY_STORED), name);
    }
}


static void
test_ends(void)
{
    put_t    end = { .stamp = 20, .final = 1, .ends = 1, .keep = 60 };
    int64_t  root, change, anew;

    root = shown("alert", 10, "h");
    change = put("#dev", "alert", NGX_SLACK_NEW_STATE, &end, "resolved");

    check(change_of(root) == change && strcmp(known(NULL), "alert=h") == 0
          && infos[0].ended && infos[0].final && infos[0].waits
          && infos[0].stamp == 20, "a thread ends with its last change");

    check(state("alert", 19, "late") == 0 && put_entry.stale == 1,
          "an older state does not bring it back");

    skew += 59 * MINUTE;

    check(state("alert", 19, "late") == 0 && put_entry.stale == 1,
          "for an hour");

    anew = state("alert", 21, "firing");

    check(waits_as(anew, NGX_SLACK_ROLE_STATE_ROOT, "")
          && line(anew)->part.id == anew, "a newer one begins it anew");
    check(change_of(root) == change && is(&changed.part.handle, "h"),
          "what waits for the former one still changes that");
    check(strcmp(known(NULL), "alert=") == 0 && !infos[0].ended
          && !infos[0].final, "the new one is not at its end");

    end.stamp = 30;
    (void) put("#dev", "alert", NGX_SLACK_NEW_STATE, &end, "resolved");

    skew += 61 * MINUTE;

    check(state("alert", 29, "late") != 0 && put_entry.stale == 0,
          "after an hour any state does");

    end.stamp = 40;
    (void) put("#dev", "alert", NGX_SLACK_NEW_STATE, &end, "resolved");

    anew = put("#dev", "alert", NGX_SLACK_NEW_REPLY, NULL, "note");

    check(waits_as(anew, NGX_SLACK_ROLE_ROOT, "")
          && line(anew)->part.id == anew, "so does a reply");

    check(put("#dev", "once", NGX_SLACK_NEW_STATE, &end, "resolved") != 0
          && known(NULL) && ninfos == 2 && infos[0].ended,
          "a thread may end as it begins");
}


static void
test_known(void)
{
    put_t    only = { .stamp = 5, .known = 1 };
    put_t    end = { .stamp = 20, .ends = 1 };
    int64_t  root, id;

    check(put("#dev", "mr", NGX_SLACK_NEW_STATE, &only, "x") == 0
          && put_entry.unknown == 1 && put_entry.stale == 0
          && put_entry.stored == 0
          && put_entry.result == NGX_SLACK_ENTRY_UNCHANGED,
          "it is not known");
    check(put("#dev", "mr", NGX_SLACK_NEW_REPLY, &only, "x") == 0
          && put_entry.unknown == 1 && strcmp(known(NULL), "") == 0,
          "and leaves no trace");

    root = state("mr", 1, "root");

    check((id = put("#dev", "mr", NGX_SLACK_NEW_STATE, &only, "x")) != 0
          && line(root)->part.change == id, "a root that waits is known");

    (void) sent(root, "h");

    check(put("#dev", "mr", NGX_SLACK_NEW_REPLY, &only, "x") != 0,
          "one that was sent is, too");

    only.stamp = 4;

    check(put("#dev", "mr", NGX_SLACK_NEW_STATE, &only, "x") == 0
          && put_entry.stale == 1 && put_entry.unknown == 0,
          "a known thread's older state is stale");

    (void) put("#dev", "mr", NGX_SLACK_NEW_STATE, &end, "x");
    only.stamp = 30;

    check(put("#dev", "mr", NGX_SLACK_NEW_STATE, &only, "x") == 0
          && put_entry.unknown == 1, "a thread that has ended is not known");

    root = state("issue", 1, "root");
    (void) settle(root, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

    check(put("#dev", "issue", NGX_SLACK_NEW_STATE, &only, "x") == 0
          && put_entry.unknown == 1, "nor is one whose root is dead");

    check(put("#dev", "push", NGX_SLACK_NEW_START, &only, "x") != 0,
          "who starts does not ask");
}


static void
test_expires(void)
{
    put_t    brief = { .stamp = 10, .keep = 600 };
    int64_t  root, id;

    root = put("#dev", "mr", NGX_SLACK_NEW_STATE, &brief, "1");
    (void) sent(root, "h");

    check(strcmp(known(NULL), "mr=h") == 0
          && infos[0].expires - infos[0].touched == 600 * 1000,
          "a thread is known for a time");

    skew += 8 * MINUTE;
    id = put("#dev", "mr", NGX_SLACK_NEW_REPLY, &brief, "2");

    check(waits_as(id, NGX_SLACK_ROLE_REPLY, "h")
          && known(NULL) && infos[0].expires - infos[0].touched == 600 * 1000,
          "after its last message");

    skew += 8 * MINUTE;
    brief.keep = 60;
    id = put("#dev", "mr", NGX_SLACK_NEW_REPLY, &brief, "2");

    check(waits_as(id, NGX_SLACK_ROLE_REPLY, "h"), "which was that");

    skew += 3 * MINUTE;

    check(strcmp(known(NULL), "") == 0, "the time is over");

    brief.stamp = 5;
    root = put("#dev", "mr", NGX_SLACK_NEW_STATE, &brief, "3");

    check(waits_as(root, NGX_SLACK_ROLE_STATE_ROOT, "") && put_entry.stale == 0
          && waits_as(id, NGX_SLACK_ROLE_REPLY, "h"),
          "the next one begins anew, what waits has its thread");
}


/* keys tell threads apart, and so do channels */

static void
test_keys(void)
{
    char        key[129], other[129];
    int64_t     ids[6], reply;
    ngx_uint_t  i, k;

    memset(key, 'k', 128);
    key[128] = '\0';
    memcpy(other, key, 129);
    other[127] = 'l';

    ids[0] = put("#dev", "mr A", NGX_SLACK_NEW_STATE, NULL, "x");
    ids[1] = put("#dev", "mr a", NGX_SLACK_NEW_STATE, NULL, "x");
    ids[2] = put("#ops", "mr A", NGX_SLACK_NEW_STATE, NULL, "x");
    ids[3] = put("#dev", key, NGX_SLACK_NEW_STATE, NULL, "x");
    ids[4] = put("#dev", other, NGX_SLACK_NEW_STATE, NULL, "x");
    ids[5] = put("", "mr A ", NGX_SLACK_NEW_STATE, NULL, "x");

    for (i = 0; i < 6; i++) {
        for (k = 0; k < i; k++) {
            if (ids[i] == ids[k]) {
                break;
            }
        }

        check(ids[i] != 0 && k == i && fate_of(ids[i]) == 0, "its own thread");
    }

    check(known(NULL) && ninfos == 6, "there are six");

    reply = put("#dev", key, NGX_SLACK_NEW_REPLY, NULL, "x");

    check(line(reply)->part.id == ids[3], "a long key is found");
    check(strcmp(known(scope("acme", "#ops")), "mr A=") == 0
          && known(scope("acme", NULL)) && ninfos == 6
          && known(scope("other", NULL)) && ninfos == 0,
          "a scope has its own");

    skew += 2 * MINUTE;
    (void) put("#dev", "mr a", NGX_SLACK_NEW_REPLY, NULL, "x");

    check(known(NULL) && infos[0].id == ids[1],
          "the one with the newest message comes first");
}


case_t  cases_threads[] = {
    { "threads: start", test_start },
    { "threads: reply", test_reply },
    { "threads: state", test_state },
    { "threads: stamps", test_stamps },
    { "threads: end", test_ends },
    { "threads: known", test_known },
    { "threads: expiry", test_expires },
    { "threads: keys", test_keys },
    { NULL, NULL }
};
