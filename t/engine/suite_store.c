
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: configuration and storing.
 */


#include "suite.h"


static void
test_configuration(void)
{
    void                            *field;
    ngx_str_t                        value;
    ngx_slack_outbox_param_t        *param;
    ngx_slack_outbox_description_t   description;

    value = str("max=7");
    param = ngx_slack_outbox_param(&conf, &value, &field);

    check(param != NULL && param->type == NGX_SLACK_PARAM_COUNT
          && field == &conf.max, "how many may wait is a parameter");

    value = str("keep_sent=1h");
    param = ngx_slack_outbox_param(&conf, &value, &field);

    check(param != NULL && param->type == NGX_SLACK_PARAM_TIME
          && field == &conf.keep_sent, "and how long sent ones are kept");

    value = str("keep_failed=1h");
    check(ngx_slack_outbox_param(&conf, &value, &field) != NULL
          && field == &conf.keep_failed, "and dead letters");

    value = str("dedup=1h");
    check(ngx_slack_outbox_param(&conf, &value, &field) != NULL
          && field == &conf.dedup, "and delivery ids");

    value = str("maximum=7");
    check(ngx_slack_outbox_param(&conf, &value, &field) == NULL,
          "another one is none");

    value = str("nobody:x");
    check(ngx_slack_outbox_choose(&conf, NULL, &value) == NGX_DECLINED,
          "an engine that nobody knows");

    ngx_slack_outbox_describe(&conf, &description);

    check(description.kind[0] && description.address.len
          && description.advice.len, "it can be described");
}


static void
test_message(void)
{
    int64_t                  id;
    ngx_slack_entry_t        entry;
    ngx_slack_new_message_t  message;

    entry_init(&entry, &message, "one", "#dev", "");

    message.envelope.data = (u_char *) "a\0b";
    message.envelope.len = 3;
    message.body.data = (u_char *) "\0\xff\xc3\x9f\0";
    message.body.len = 5;

    check(append_entries(outbox, &entry,
                         1) == NGX_OK && entry.result == NGX_SLACK_ENTRY_STORED
          && entry.stored == 1 && entry.id > 0, "is stored");

    check(wait_of("acme/#dev", ROOM) == 1 && messages[0].id == entry.id,
          "waits");

    check(messages[0].envelope.len == 3
          && memcmp(messages[0].envelope.data, "a\0b", 3) == 0
          && messages[0].body.len == 5
          && memcmp(messages[0].body.data, "\0\xff\xc3\x9f\0", 5) == 0,
          "byte for byte");

    check(messages[0].due == 0 && messages[0].attempts == 0
          && messages[0].created <= ngx_slack_clock_wall()
          && messages[0].created > ngx_slack_clock_wall() - MINUTE,
          "since now, at once");

    id = append("", "", "");

    check(id > entry.id && wait_of("acme/", ROOM) == 1
          && messages[0].body.len == 0,
          "an empty one for the workspace's channel");

    reopen();

    check(wait_of("acme/#dev", ROOM) == 1 && wait_of("acme/", ROOM) == 1,
          "they wait when the store is opened again");
}


static void
test_duplicates(void)
{
    int64_t                  first;
    ngx_slack_entry_t        entries[3];
    ngx_slack_new_message_t  list[3];

    first = append("one", "#dev", "1");

    entry_init(&entries[0], &list[0], "one", "#dev", "2");
    entry_init(&entries[1], &list[1], "two", "#dev", "3");
    entry_init(&entries[2], &list[2], "two", "#ops", "4");

    check(append_entries(outbox, entries, 3) == NGX_OK
          && entries[0].result == NGX_SLACK_ENTRY_DUPLICATE
          && entries[0].stored == 0
          && entries[0].id == first, "a key that is known, and its message");

    check(entries[1].result == NGX_SLACK_ENTRY_STORED
          && entries[2].result == NGX_SLACK_ENTRY_DUPLICATE
          && entries[2].id == entries[1].id,
          "a later entry sees the earlier one");

    check(append("", "#dev", "5") && append("", "#dev", "5"),
          "without a key there is none");

    check(wait_of("acme/#dev", ROOM) == 4 && channel_id("acme/#ops") == 0,
          "duplicates leave nothing");

    skew = (int64_t) conf.dedup * 1000 - MINUTE;
    entry_init(&entries[0], &list[0], "one", "#dev", "6");
    check(append_entries(outbox, entries, 1) == NGX_OK
          && entries[0].result == NGX_SLACK_ENTRY_DUPLICATE, "until dedup");

    skew = (int64_t) conf.dedup * 1000 + MINUTE;
    check(append("one", "#dev", "6") != 0, "not longer");

    conf.dedup = 10;
    skew += 5 * MINUTE;

    entry_init(&entries[0], &list[0], "one", "#dev", "7");
    entries[0].keep = NGX_SLACK_OUTBOX_KEEP;
    check(append_entries(outbox, entries, 1) == NGX_OK
          && entries[0].result == NGX_SLACK_ENTRY_DUPLICATE,
          "an entry may want it longer");

    entries[0].keep = 0;
    check(append_entries(outbox, entries, 1) == NGX_OK
          && entries[0].result == NGX_SLACK_ENTRY_STORED, "or not");
}


static void
test_several(void)
{
    ngx_slack_entry_t        entries[2];
    ngx_slack_new_message_t  list[4];

    entry_init(&entries[0], &list[0], "a", "#dev", "1");
    entry_init(&entries[0], &list[1], "a", "#ops", "2");
    entry_init(&entries[0], &list[2], "a", "#dev", "3");
    entry_init(&entries[1], &list[3], "b", "#dev", "4");

    list[0].workspace = str("other");
    list[0].channel = str("#dev");
    list[0].body = str("1");
    list[0].envelope = str("");

    entries[0].messages = list;
    entries[0].nmessages = 3;

    check(append_entries(outbox, entries, 2) == NGX_OK
          && entries[0].stored == 3 && entries[1].stored == 1,
          "several messages of an entry");

    check(fate_of(entries[0].id + 2) == NGX_SLACK_FATE_WAITING
          && entries[1].id >= entries[0].id + 3,
          "have ids that follow each other");

    check(wait_of("other/#dev", ROOM) == 1
          && messages[0].id == entries[0].id, "in their order");

    check(wait_of("acme/#dev", ROOM) == 2
          && messages[0].id == entries[0].id + 2
          && messages[1].id == entries[1].id, "each in its channel");
}


static void
test_full(void)
{
    ngx_slack_entry_t        entries[3];
    ngx_slack_new_message_t  list[4];

    conf.max = 3;

    check(append("old", "#dev", "1") && append("", "#dev", "2"), "two wait");

    entry_init(&entries[1], &list[2], "old", "#dev", "5");
    entry_init(&entries[2], &list[3], "fits", "#dev", "6");
    entry_init(&entries[0], &list[1], "too many", "#ops", "4");
    list[0] = list[1];
    entries[0].messages = list;
    entries[0].nmessages = 2;

    check(append_entries(outbox, entries, 3) == NGX_OK
          && entries[0].result == NGX_SLACK_ENTRY_FULL
          && entries[0].stored == 0,
          "two more than may wait");
    check(entries[2].result == NGX_SLACK_ENTRY_STORED
          && entries[1].result == NGX_SLACK_ENTRY_DUPLICATE,
          "one fits, a duplicate always");
    check(channel_id("acme/#ops") == 0 && wait_of("acme/#dev", ROOM) == 3,
          "it is all or none");

    check(settle(messages[0].id, NGX_SLACK_SETTLE_SENT, 0, 1, "") == NGX_OK
          && settle(messages[1].id, NGX_SLACK_SETTLE_SENT, 0, 1, "") == NGX_OK
          && append_entries(outbox, entries, 1) == NGX_OK
          && entries[0].result == NGX_SLACK_ENTRY_STORED
          && entries[0].stored == 2,
          "the key of what did not fit was not remembered");
}


static ngx_int_t
store_state(ngx_slack_state_t *state, const char *value, ngx_uint_t n,
    ngx_uint_t *stored)
{
    ngx_slack_entry_t        entry;
    ngx_slack_new_message_t  list[2];

    entry_init(&entry, &list[1], "", "#ops", "changed");
    entry_init(&entry, &list[0], "", "#dev", "always");

    state->key = str("pipeline of master");
    state->value = str(value);

    list[1].changed = 1;
    entry.messages = (n == 1) ? &list[1] : list;
    entry.nmessages = n;
    entry.states = state;
    entry.nstates = 1;

    if (append_entries(outbox, &entry, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    *stored = entry.stored;

    return entry.result;
}


static void
test_states(void)
{
    ngx_uint_t         n;
    ngx_slack_state_t  state;

    ngx_memzero(&state, sizeof(ngx_slack_state_t));

    check(store_state(&state, "success", 1,
                      &n) == NGX_SLACK_ENTRY_UNCHANGED && n == 0,
          "a first one has not changed");
    check(store_state(&state, "success", 2,
                      &n) == NGX_SLACK_ENTRY_STORED && n == 1,
          "nor the same one");
    check(store_state(&state, "failed", 2,
                      &n) == NGX_SLACK_ENTRY_STORED && n == 2,
          "another one has");
    check(store_state(&state, "failed", 1, &n) == NGX_SLACK_ENTRY_UNCHANGED,
          "once");
    check(store_state(&state, "success", 0, &n) == NGX_SLACK_ENTRY_UNCHANGED,
          "of one that nobody is told");
    check(store_state(&state, "failed", 1,
                      &n) == NGX_SLACK_ENTRY_STORED && n == 1,
          "the one before is not remembered");

    state.first = 1;
    reopen();

    check(store_state(&state, "failed", 1, &n) == NGX_SLACK_ENTRY_UNCHANGED,
          "it is remembered when the store is opened again");
}


static void
test_first_state(void)
{
    ngx_uint_t         n;
    ngx_slack_state_t  state;

    ngx_memzero(&state, sizeof(ngx_slack_state_t));
    state.first = 1;

    check(store_state(&state, "firing", 1,
                      &n) == NGX_SLACK_ENTRY_STORED && n == 1,
          "one that is news by itself");
    check(store_state(&state, "firing", 1, &n) == NGX_SLACK_ENTRY_UNCHANGED,
          "once");
}


typedef struct {
    ngx_queue_t              *queue;
    ngx_slack_entry_t        *entry;
    ngx_uint_t                left;
} more_t;


static ngx_int_t
more(void *data)
{
    more_t  *m = data;

    if (m->left == 0) {
        return NGX_DONE;
    }

    m->left--;
    ngx_queue_insert_tail(m->queue, &m->entry[m->left].queue);

    return NGX_OK;
}


static void
test_more(void)
{
    more_t                   m;
    ngx_queue_t              queue;
    ngx_slack_entry_t        entries[3];
    ngx_slack_new_message_t  list[3];

    entry_init(&entries[0], &list[0], "x", "#dev", "2");
    entry_init(&entries[1], &list[1], "x", "#dev", "1");
    entry_init(&entries[2], &list[2], "", "#dev", "0");

    ngx_queue_init(&queue);
    ngx_queue_insert_tail(&queue, &entries[2].queue);

    m.queue = &queue;
    m.entry = entries;
    m.left = 2;

    check(ngx_slack_outbox_append(outbox, &queue, more, &m) == NGX_OK
          && m.left == 0 && entries[2].result == NGX_SLACK_ENTRY_STORED
          && entries[1].result == NGX_SLACK_ENTRY_STORED
          && entries[0].result == NGX_SLACK_ENTRY_DUPLICATE,
          "what comes meanwhile goes with it");
    check(entries[1].id > entries[2].id && wait_of("acme/#dev", ROOM) == 2,
          "behind it");
}


case_t  cases_store[] = {
    { "configuration", test_configuration },
    { "a message", test_message },
    { "duplicates", test_duplicates },
    { "several messages", test_several },
    { "full", test_full },
    { "states", test_states },
    { "a first state", test_first_state },
    { "more", test_more },
    { NULL, NULL }
};
