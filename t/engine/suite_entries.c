
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: entries whose messages have threads.
 */


#include "suite.h"


static ngx_slack_new_message_t  several[2];
static ngx_slack_entry_t        entries[2];


/* entries[0] with several[0] and several[1], on one key */

static ngx_int_t
pair(const char *key, ngx_slack_new_part_e one, ngx_slack_new_part_e other,
    int64_t stamp)
{
    entry_init(&entries[1], &several[1], "", "#dev", "2");
    entry_init(&entries[0], &several[0], "", "#dev", "1");

    put_init(&several[0], key, one, stamp);
    put_init(&several[1], key, other, 0);

    entries[0].nmessages = 2;

    return append_entries(outbox, entries, 1);
}


static void
test_history(void)
{
    put_t    end = { .stamp = 50, .ends = 1 };
    int64_t  root;

    check(pair("mr", NGX_SLACK_NEW_STATE, NGX_SLACK_NEW_HISTORY, 10) == NGX_OK
          && entries[0].stored == 1, "no history of a root");

    root = entries[0].id;

    check(pair("mr", NGX_SLACK_NEW_STATE, NGX_SLACK_NEW_HISTORY, 20) == NGX_OK
          && entries[0].stored == 2
          && line(root)->part.change == entries[0].id
          && waits_as(entries[0].id + 1, NGX_SLACK_ROLE_REPLY, ""),
          "a change has one, even of a root that waits");

    check(pair("mr", NGX_SLACK_NEW_STATE, NGX_SLACK_NEW_HISTORY, 5) == NGX_OK
          && entries[0].stored == 1 && entries[0].stale == 1
          && entries[0].result == NGX_SLACK_ENTRY_STORED
          && waits_as(entries[0].id, NGX_SLACK_ROLE_REPLY, ""),
          "so has a stale state");

    (void) sent(root, "h");
    (void) put("#dev", "mr", NGX_SLACK_NEW_STATE, &end, "end");

    check(pair("mr", NGX_SLACK_NEW_STATE, NGX_SLACK_NEW_HISTORY, 40) == NGX_OK
          && entries[0].stored == 1 && entries[0].stale == 1
          && waits_as(entries[0].id, NGX_SLACK_ROLE_REPLY, "h"),
          "also one of a thread that has ended");

    root = shown("frozen", 10, "f");
    (void) refused(state("frozen", 20, "x"), NGX_SLACK_SETTLE_REPLY);

    check(pair("frozen", NGX_SLACK_NEW_STATE, NGX_SLACK_NEW_HISTORY, 30)
          == NGX_OK && entries[0].stored == 1
          && waits_as(entries[0].id, NGX_SLACK_ROLE_REPLY, "f"),
          "a state that is a reply is its own history");

    check(pair("one", NGX_SLACK_NEW_HISTORY, NGX_SLACK_NEW_REPLY, 0) == NGX_OK
          && entries[0].stored == 2
          && waits_as(entries[0].id, NGX_SLACK_ROLE_ROOT, "")
          && waits_as(entries[0].id + 1, NGX_SLACK_ROLE_REPLY, ""),
          "without a state before it, it is a reply");

    /* the end of a thread, with a history */

    root = shown("end", 10, "e");

    (void) pair("end", NGX_SLACK_NEW_STATE, NGX_SLACK_NEW_HISTORY, 20);
    several[0].part.ends = 1;
    several[0].part.stamp = 30;

    check(append_entries(outbox, entries, 1) == NGX_OK
          && entries[0].stored == 2
          && waits_as(entries[0].id + 1, NGX_SLACK_ROLE_REPLY, "e"),
          "the end has one");
}


static void
test_request(void)
{
    int64_t  id;

    /* two events of one request: the later one sees the earlier */

    entry_init(&entries[0], &several[0], "req", "#dev", "1");
    entry_init(&entries[1], &several[1], "", "#dev", "2");
    put_init(&several[0], "pipeline", NGX_SLACK_NEW_STATE, 10);
    put_init(&several[1], "pipeline", NGX_SLACK_NEW_REPLY, 0);
    several[1].part.known = 1;
    entries[0].next = &entries[1];

    check(append_entries(outbox, entries, 1) == NGX_OK
          && entries[0].stored == 1 && entries[1].stored == 1
          && entries[1].unknown == 0, "events of a request know each other");

    id = entries[0].id;

    check(append_entries(outbox, entries, 1) == NGX_OK
          && entries[0].result == NGX_SLACK_ENTRY_DUPLICATE
          && entries[0].id == id && entries[0].stored == 0
          && entries[1].stored == 0, "a duplicate is one");

    /* nothing is left of it */

    entry_init(&entries[0], &several[0], "stale", "#dev", "1");
    put_init(&several[0], "pipeline", NGX_SLACK_NEW_STATE, 9);

    check(append_entries(outbox, entries, 1) == NGX_OK
          && entries[0].result == NGX_SLACK_ENTRY_UNCHANGED
          && entries[0].stale == 1 && entries[0].id == 0,
          "its threads want none of a request's messages");

    several[0].part.stamp = 11;

    check(append_entries(outbox, entries, 1) == NGX_OK
          && entries[0].result == NGX_SLACK_ENTRY_STORED,
          "its key is not known, so it may come again");

    /* a thread that a later message of the same entry replaces */

    check(pair("push", NGX_SLACK_NEW_START, NGX_SLACK_NEW_START, 0) == NGX_OK
          && entries[0].stored == 2
          && line(entries[0].id)->part.id == entries[0].id
          && line(entries[0].id + 1)->part.id == entries[0].id + 1,
          "two starts are two threads");
    check(pair("two", NGX_SLACK_NEW_STATE, NGX_SLACK_NEW_STATE, 5) == NGX_OK
          && entries[0].stored == 2
          && line(entries[0].id)->part.change == entries[0].id + 1,
          "two states are a root and its change");
}


static void
test_always(void)
{
    int64_t                  root;
    ngx_slack_state_t        st;
    ngx_slack_entry_t        entry;
    ngx_slack_new_message_t  message;

    entry_init(&entry, &message, "", "#dev", "1");
    put_init(&message, "alert", NGX_SLACK_NEW_STATE, 10);

    ngx_memzero(&st, sizeof(ngx_slack_state_t));
    st.key = str("alert");
    st.value = str("firing");
    st.first = 1;

    entry.states = &st;
    entry.nstates = 1;
    message.changed = 1;
    message.part.always = 1;

    check(append_entries(outbox, &entry, 1) == NGX_OK && entry.stored == 1,
          "a state that is new");

    root = entry.id;
    message.part.stamp = 20;

    check(append_entries(outbox, &entry, 1) == NGX_OK && entry.stored == 1
          && line(root)->part.change == entry.id,
          "one that is not is stored for its thread");

    (void) settle(entry.id, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    (void) settle(root, NGX_SLACK_SETTLE_SENT, 0, 1, "ok");
    message.part.stamp = 30;

    check(append_entries(outbox, &entry, 1) == NGX_OK && entry.stored == 0
          && entry.unknown == 1 && entry.result == NGX_SLACK_ENTRY_UNCHANGED,
          "if it has a root");

    message.part.always = 0;

    check(append_entries(outbox, &entry, 1) == NGX_OK && entry.stored == 0
          && entry.unknown == 0, "and only if it asks for that");

    /* nobody is told: the state is forgotten */

    st.value = str("resolved");
    message.part.known = 1;
    message.changed = 0;

    check(append_entries(outbox, &entry, 1) == NGX_OK && entry.unknown == 1,
          "who only knows");

    st.value = str("firing");
    message.part.known = 0;
    message.changed = 1;

    check(append_entries(outbox, &entry, 1) == NGX_OK && entry.stored == 1,
          "is not told, so that the state is news again");
}


static void
test_room(void)
{
    int64_t     root, change;
    ngx_uint_t  max;

    max = conf.max;

    root = shown("mr", 10, "h");
    change = state("mr", 20, "1");
    (void) append("", "#dev", "x");

    conf.max = 2;

    check(append("", "#dev", "x") == 0, "the outbox is full");
    check(state("mr", 30, "22") != 0 && put_entry.superseded == 1
          && change_of(root) == put_entry.id
          && fate_of(change) == NGX_SLACK_FATE_SENT,
          "a change that replaces another one needs no room");

    change = put_entry.id;

    check(state("mr", 25, "x") == 0
          && put_entry.result == NGX_SLACK_ENTRY_UNCHANGED
          && put_entry.stale == 1, "nor does a stale one");

    check(pair("mr", NGX_SLACK_NEW_STATE, NGX_SLACK_NEW_HISTORY, 40) == NGX_OK
          && entries[0].result == NGX_SLACK_ENTRY_FULL
          && entries[0].stored == 0 && entries[0].superseded == 0
          && change_of(root) == change && fate_of(change) == 0,
          "one with a history does, and leaves no trace");

    check(state("new", 1, "x") == 0
          && put_entry.result == NGX_SLACK_ENTRY_FULL
          && put("#new", "mr", NGX_SLACK_NEW_START, NULL, "x") == 0
          && put_entry.result == NGX_SLACK_ENTRY_FULL
          && strcmp(known(NULL), "mr=h") == 0,
          "a new thread does, and there is none");

    conf.max = 1;

    check(state("mr", 50, "x") != 0 && put_entry.superseded == 1,
          "even beyond the limit a change may replace another one");

    conf.max = max;

    check(append("", "#new", "x") != 0 && state("mr", 60, "x") != 0
          && look(0) == NGX_OK && survey.waiting == 3
          && wait_of("acme/#new", ROOM) == 1, "room again");
}


/* a reply that ends a thread, and a root that no state replaces */

static void
test_parts(void)
{
    put_t    ends = { .stamp = 20, .clock = 3, .final = 1, .ends = 1,
                      .whole = 1 };
    put_t    late = { .stamp = 10, .clock = 3, .whole = 1 };
    put_t    next = { .stamp = 30, .clock = 3, .whole = 1 };
    put_t    known = { .stamp = 40, .known = 1 };
    int64_t  root, reply, part, whole, change;

    root = put("#dev", "alert", NGX_SLACK_NEW_REPLY, &late, "1");
    (void) sent(root, "h");
    reply = put("#dev", "alert", NGX_SLACK_NEW_REPLY, &ends, "2");

    check(waits_as(reply, NGX_SLACK_ROLE_REPLY, "h"), "the end is a reply");

    reply = put("#dev", "alert", NGX_SLACK_NEW_REPLY, &late, "3");

    check(waits_as(reply, NGX_SLACK_ROLE_REPLY, "h"),
          "so is what comes late of what has ended");

    root = put("#dev", "alert", NGX_SLACK_NEW_REPLY, &next, "4");

    check(waits_as(root, NGX_SLACK_ROLE_ROOT, ""), "the next is a root");

    (void) sent(root, "h2");
    reply = put("#dev", "alert", NGX_SLACK_NEW_REPLY, NULL, "5");

    check(waits_as(reply, NGX_SLACK_ROLE_REPLY, "h2"), "with its replies");

    part = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "note");
    (void) sent(part, "n");

    check(put("#dev", "mr", NGX_SLACK_NEW_STATE, &known, "x") == 0
          && put_entry.unknown == 1, "what tells of a part shows no state");

    root = state("mr", 10, "state");

    check(waits_as(root, NGX_SLACK_ROLE_STATE_ROOT, ""),
          "and is replaced by none");

    (void) sent(root, "s");
    reply = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "more");

    check(waits_as(reply, NGX_SLACK_ROLE_REPLY, "s"),
          "which is what replies go to");

    whole = put("#dev", "issue", NGX_SLACK_NEW_REPLY, &late, "1");
    (void) sent(whole, "w");
    change = put("#dev", "issue", NGX_SLACK_NEW_STATE, &next, "2");

    check(change_of(whole) == change,
          "a reply that tells all can be changed when it is the root");
}


case_t  cases_entries[] = {
    { "threads: history", test_history },
    { "threads: requests", test_request },
    { "threads: always", test_always },
    { "threads: room", test_room },
    { "threads: parts", test_parts },
    { NULL, NULL }
};
