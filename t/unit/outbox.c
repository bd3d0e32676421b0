
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: what the SQLite engine promises those who store.
 */

/* unit: core/ngx_slack_log.c core/ngx_slack_log_line.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c core/ngx_slack_history_text.c
 *       outbox/ngx_slack_engine.c outbox/ngx_slack_outbox_conf.c
 *       outbox/ngx_slack_tally.c outbox/ngx_slack_turnstile.c
 *       outbox/ngx_slack_leader.c
 *       outbox/ngx_slack_state.c outbox/sqlite/ outbox/postgres/
 * libs: -lsqlite3 -lpq
 */


#include "outbox.h"


static void
test_configuration(void)
{
    u_char                   text[128], *last;
    ngx_str_t                s;
    ngx_conf_t               cf;
    ngx_cycle_t              cycle;
    ngx_slack_outbox_conf_t  c;

    ngx_memzero(&cf, sizeof(ngx_conf_t));
    ngx_memzero(&cycle, sizeof(ngx_cycle_t));

    cycle.pool = ngx_create_pool(1024, &test_log);

    if (cycle.pool == NULL) {
        bail_out("no memory");
    }

    cycle.prefix = str("/prefix/");
    cf.cycle = &cycle;
    cf.pool = cycle.pool;

    ngx_memzero(&c, sizeof(ngx_slack_outbox_conf_t));
    ngx_slack_outbox_conf_init(&c);

    s = str("sqlit:/var/x.db");
    tap_ok(ngx_slack_outbox_choose(&c, cf.pool, &s) == NGX_DECLINED,
           "an unknown engine");

    s = str("sqlite");
    tap_ok(ngx_slack_outbox_choose(&c, cf.pool, &s) == NGX_DECLINED
           && !c.chosen, "an engine without a colon");

    last = ngx_slack_outbox_no_engine(text, text + sizeof(text));
    tap_is(text, (size_t) (last - text),
           "no such engine; there are sqlite and postgres, "
           "write \"sqlite:PATH\"",
           "who is told which there are");

    s = str("sqlite:/var/x.db");
    tap_ok(ngx_slack_outbox_choose(&c, cf.pool, &s) == NGX_OK && c.chosen
           && c.engine == conf.engine, "an engine is found");
    tap_is(c.address.data, c.address.len, "/var/x.db",
           "and its name is cut off");

    c.address = str("/nowhere/x.db");
    tap_ok(conf.engine->check(&c, &cf) == NULL, "an absolute path");

    c.address = str("x.db");
    tap_ok(conf.engine->check(&c, &cf) == NULL, "a relative path");
    tap_is(c.address.data, c.address.len, "/prefix/x.db",
           "is relative to the prefix");

    c.address = str("");
    tap_ok(conf.engine->check(&c, &cf) != NULL, "no path");

    c.address = str("/nowhere/");
    tap_ok(conf.engine->check(&c, &cf) != NULL, "a path ending with a slash");

    c.address = str(dir);
    tap_ok(conf.engine->check(&c, &cf) != NULL, "a directory");

    ngx_destroy_pool(cycle.pool);

    tap_ok(access((char *) path, F_OK) == -1, "checking creates nothing");
}


static void
test_append(void)
{
    u_char                       big[100000];
    int64_t                      id;
    ngx_uint_t                   n;
    struct stat                  st;
    ngx_slack_entry_t            entry;
    ngx_slack_new_message_t      added[3];
    ngx_slack_waiting_message_t  messages[ROOM];

    fresh();

    tap_ok(access((char *) path, F_OK) == -1,
           "creating a store opens nothing");

    id = append("", "#dev", "{\"text\":\"one\"}");

    tap_ok(id > 0, "a message is stored");
    tap_ok(stat((char *) path, &st) == 0 && (st.st_mode & 0777) == 0600,
           "in a file that is nobody else's");

    tap_ok(append("", "#dev", "two") == id + 1,
           "the next ones have greater ids");

    entry_init(&entry, &added[0], "", "#dev", "three");
    entry_init(&entry, &added[1], "", "", "");
    entry_init(&entry, &added[2], "", "#ops", "five");

    memset(big, 'x', sizeof(big));
    added[2].body.data = big;
    added[2].body.len = sizeof(big);
    added[1].envelope = str("");

    entry.messages = added;
    entry.nmessages = 3;

    tap_ok(append_entries(&entry,
                          1) == NGX_OK
                          && entry.result == NGX_SLACK_ENTRY_STORED
           && entry.stored == 3 && entry.id > id,
           "an entry with several messages");

    tap_ok(ask("SELECT count(*) FROM message WHERE state = 0") == 5
           && waiting() == 5, "five wait");
    tap_ok(ask("SELECT count(*) FROM destination") == 3,
           "for three destinations");
    tap_ok(consistent(), "the file is consistent");

    n = ROOM;
    tap_ok(conf.engine->messages(store,
                                 ask("SELECT destination FROM message"
                                     " WHERE length(body) = 100000"),
                                 messages, &n)
           == NGX_OK && n == 1 && messages[0].body.len == sizeof(big)
           && memcmp(messages[0].body.data, big, sizeof(big)) == 0,
           "a large body comes back");
    free(messages[0].envelope.data);

    n = ROOM;
    tap_ok(conf.engine->messages(store,
                                 ask("SELECT destination FROM message"
                                     " WHERE body = x''"),
                                 messages, &n)
           == NGX_OK && n == 1 && messages[0].body.len == 0
           && messages[0].envelope.len == 0, "an empty one, too");
    free(messages[0].envelope.data);
}


static void
test_duplicates(void)
{
    int64_t                  id;
    ngx_slack_entry_t        entries[4];
    ngx_slack_new_message_t  messages[4];

    fresh();

    id = append("hook:1", "#dev", "one");

    entry_init(&entries[0], &messages[0], "hook:1", "#dev", "one again");
    entry_init(&entries[1], &messages[1], "hook:2", "#dev", "two");
    entry_init(&entries[2], &messages[2], "hook:2", "#dev", "two again");
    entry_init(&entries[3], &messages[3], "", "#dev", "no key");

    tap_ok(append_entries(entries, 4) == NGX_OK, "some duplicates");

    tap_ok(entries[0].result == NGX_SLACK_ENTRY_DUPLICATE
           && entries[0].id == id
           && entries[0].stored == 0, "of a stored one");
    tap_ok(entries[1].result == NGX_SLACK_ENTRY_STORED
           && entries[1].stored == 1, "of none");
    tap_ok(entries[2].result == NGX_SLACK_ENTRY_DUPLICATE
           && entries[2].id == entries[1].id,
           "of one in the same transaction");
    tap_ok(entries[3].result == NGX_SLACK_ENTRY_STORED, "without a key");
    tap_ok(ask("SELECT count(*) FROM message") == 3, "three are stored");

    skew = (int64_t) conf.dedup * 1000 - 1000;
    tap_ok(append("hook:1", "#dev", "late") == 0, "a late duplicate");

    skew += 2000;
    id = append("hook:1", "#dev", "later");
    tap_ok(id > 0, "one that comes too late to be known");
    tap_ok(append("hook:1", "#dev", "later") == 0, "is known from then on");

    skew = 0;

    tap_ok(append("hook:1", "#dev", "earlier") == 0,
           "so it is for a clock set back");
    tap_ok(consistent(), "the file is consistent");
}


/* an entry says how long its key must be known, whatever dedup is */

static void
test_keep(void)
{
    time_t                   dedup;
    ngx_slack_entry_t        entries[2];
    ngx_slack_new_message_t  messages[2];

    dedup = conf.dedup;
    conf.dedup = 1;
    fresh();

    entry_init(&entries[0], &messages[0], "a", "#dev", "one");
    entry_init(&entries[1], &messages[1], "b", "#dev", "two");
    entries[1].keep = NGX_SLACK_OUTBOX_KEEP;

    tap_ok(append_entries(entries, 2) == NGX_OK
           && entries[0].result == NGX_SLACK_ENTRY_STORED
           && entries[1].result == NGX_SLACK_ENTRY_STORED, "both");

    skew = (int64_t) NGX_SLACK_OUTBOX_KEEP * 1000 - 1000;

    tap_ok(conf.engine->purge(store) == NGX_OK
           && append_entries(entries, 2) == NGX_OK
           && entries[0].result == NGX_SLACK_ENTRY_STORED
           && entries[1].result == NGX_SLACK_ENTRY_DUPLICATE,
           "one key is forgotten, the other kept");

    skew += 2000;

    tap_ok(append_entries(entries, 2) == NGX_OK
           && entries[0].result == NGX_SLACK_ENTRY_STORED
           && entries[1].result == NGX_SLACK_ENTRY_STORED,
           "until its time has come");
    tap_ok(conf.engine->purge(store) == NGX_OK && consistent(),
           "the file is consistent");

    skew = 0;
    conf.dedup = dedup;
}


static void
test_limit(void)
{
    int64_t                  id;
    ngx_slack_entry_t        entries[4];
    ngx_slack_state_t        limited;
    ngx_slack_new_message_t  messages[5];

    ngx_memzero(&limited, sizeof(ngx_slack_state_t));
    limited.key = str("project:main");
    limited.value = str("failed");
    limited.first = 1;

    conf.max = 3;
    fresh();

    entry_init(&entries[0], &messages[0], "a", "#dev", "one");
    entry_init(&entries[1], &messages[2], "b", "#dev", "two and three");
    entry_init(&entries[1], &messages[1], "b", "#dev", "two and three");
    entries[1].nmessages = 2;
    entry_init(&entries[2], &messages[3], "c", "#dev", "four");
    entry_init(&entries[3], &messages[4], "a", "#dev", "one");

    tap_ok(append_entries(entries, 4) == NGX_OK,
           "more than there is room for");
    tap_ok(entries[0].result == NGX_SLACK_ENTRY_STORED
           && entries[1].result == NGX_SLACK_ENTRY_STORED
           && entries[1].stored == 2, "what fits is stored");
    tap_ok(entries[2].result == NGX_SLACK_ENTRY_FULL && entries[2].stored == 0,
           "what does not is not");
    tap_ok(entries[3].result == NGX_SLACK_ENTRY_DUPLICATE
           && entries[3].id == entries[0].id,
           "a duplicate is one in a full outbox, too");

    id = entries[0].id;

    tap_ok(settle(id, NGX_SLACK_SETTLE_SENT, 0, 1, "ok") == NGX_OK
           && append("c", "#dev", "four") > 0,
           "when one is sent there is room for another, its key unused");

    tap_ok(settle(id, NGX_SLACK_SETTLE_SENT, 0, 1, "ok") == NGX_OK
           && append("d", "#dev", "five") == 0,
           "a message settled twice makes room once");

    entry_init(&entries[0], &messages[0], "e", "#dev", "changed");
    entries[0].states = &limited;
    entries[0].nstates = 1;

    tap_ok(append_entries(entries,
                          1) == NGX_OK
                          && entries[0].result == NGX_SLACK_ENTRY_FULL
           && ask("SELECT count(*) FROM memory") == 0,
           "a state that was not stored is not remembered");

    tap_ok(consistent(), "the file is consistent");

    (void) ask("UPDATE counter SET settled = settled - 1000 RETURNING 1");
    reopen();
    conf.max = 100000;
    tap_ok(append("f", "#dev", "six") > 0 && !consistent(),
           "a wrong count is not noticed at once");
    tap_ok(conf.engine->purge(store) == NGX_OK && consistent(),
           "it is put right from time to time");
    tap_ok(append("g", "#dev", "seven") > 0 && consistent()
           && conf.engine->purge(store) == NGX_OK && consistent(),
           "and stays so");

    (void) ask("UPDATE counter SET settled = settled + 3 RETURNING 1");
    tap_ok(append("h", "#dev", "eight") > 0
           && conf.engine->purge(store) == NGX_OK && consistent(),
           "the same while the file is open");
}


/* stores a state with one message for any and one for a changed state */

static ngx_int_t
state(const char *key, const char *value, ngx_uint_t any, ngx_uint_t *stored)
{
    ngx_slack_entry_t        entry;
    ngx_slack_state_t        one;
    ngx_slack_new_message_t  messages[2];

    ngx_memzero(&one, sizeof(ngx_slack_state_t));
    one.key = str("project:main");
    one.value = str(value);
    one.first = (strcmp(value, "failed") == 0);

    entry_init(&entry, &messages[1], key, "#any", value);
    entry_init(&entry, &messages[0], key, "#changed", value);

    messages[0].changed = 1;
    entry.nmessages = any ? 2 : 1;
    entry.states = &one;
    entry.nstates = 1;

    if (append_entries(&entry, 1) != NGX_OK) {
        return NGX_ABORT;
    }

    *stored = entry.stored;

    return entry.result;
}


static void
test_states(void)
{
    ngx_uint_t  n;

    fresh();

    tap_ok(state("1", "success", 0, &n) == NGX_SLACK_ENTRY_UNCHANGED && n == 0,
           "the first success is no change");
    tap_ok(state("2", "success", 1, &n) == NGX_SLACK_ENTRY_STORED && n == 1,
           "an equal state leaves the other messages");
    tap_ok(state("3", "failed", 1, &n) == NGX_SLACK_ENTRY_STORED && n == 2,
           "broken");
    tap_ok(state("4", "failed", 0, &n) == NGX_SLACK_ENTRY_UNCHANGED,
           "still broken");
    tap_ok(state("1", "success", 0, &n) == NGX_SLACK_ENTRY_DUPLICATE
           && state("5", "failed", 0, &n) == NGX_SLACK_ENTRY_UNCHANGED,
           "a duplicate changes no state, even of an entry that left nothing");
    tap_ok(state("6", "success", 0, &n) == NGX_SLACK_ENTRY_STORED && n == 1,
           "fixed");
    tap_ok(state("7", "", 0, &n) == NGX_SLACK_ENTRY_STORED && state("8", "", 0,
                                                                    &n)
           == NGX_SLACK_ENTRY_UNCHANGED, "an empty state is one");

    fresh();

    tap_ok(state("1", "failed", 0, &n) == NGX_SLACK_ENTRY_STORED && n == 1,
           "the first failure is a change");
    reopen();
    tap_ok(state("2", "failed", 0, &n) == NGX_SLACK_ENTRY_UNCHANGED,
           "what was remembered survives");
    tap_ok(consistent(), "the file is consistent");
}


/*
 * one message for a change of any of the states "key=value,…", or none at
 * all: n messages were stored, -1 if it failed
 */

static int
states(const char *list, ngx_uint_t told)
{
    char                     buf[256], *p, *equal;
    ngx_uint_t               n;
    ngx_slack_entry_t        entry;
    ngx_slack_state_t        many[8];
    ngx_slack_new_message_t  message;

    entry_init(&entry, &message, "", "#dev", list);

    message.changed = 1;
    entry.nmessages = told;
    entry.states = many;

    snprintf(buf, sizeof(buf), "%s", list);

    for (n = 0, p = strtok(buf, ","); p; n++, p = strtok(NULL, ",")) {
        equal = strchr(p, '=');
        *equal = '\0';

        ngx_memzero(&many[n], sizeof(ngx_slack_state_t));
        many[n].key = str(p);
        many[n].value = str(equal + 1);
        many[n].first = 1;
    }

    entry.nstates = n;

    if (append_entries(&entry, 1) != NGX_OK
        || entry.result != (entry.stored ? NGX_SLACK_ENTRY_STORED
                                         : NGX_SLACK_ENTRY_UNCHANGED))
    {
        return -1;
    }

    return (int) entry.stored;
}


static void
test_many_states(void)
{
    fresh();

    tap_ok(states("a=1", 1) == 1 && states("a=1", 1) == 0,
           "the first of a state is a change, the same again is none");
    tap_ok(states("a=1,b=1", 1) == 1 && states("b=1,a=1", 1) == 0
           && states("b=1", 1) == 0,
           "one more is a change, the same and fewer of them are none");
    tap_ok(states("b=0,a=1", 1) == 1 && states("a=1", 1) == 0
           && states("a=1,b=0", 1) == 0, "one that has changed is a change");

    tap_ok(states("a=0,c=0", 0) == 0
           && ask("SELECT count(*) FROM memory WHERE key = 'c'") == 0
           && ask("SELECT count(*) FROM memory WHERE value = ''") == 1,
           "what nobody is told of is not remembered, but forgotten");
    tap_ok(states("b=0", 0) == 0 && states("b=0", 1) == 0,
           "a state that is the same is not forgotten");
    tap_ok(states("a=1", 1) == 1 && states("a=1", 1) == 0,
           "what was forgotten is a change whatever it is");
    tap_ok(consistent(), "the file is consistent");
}


int
main(void)
{
    setup();

    test_configuration();
    test_append();
    test_duplicates();
    test_keep();
    test_limit();
    test_states();
    test_many_states();

    return teardown();
}
