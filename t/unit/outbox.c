
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: what the SQLite engine promises while all is well.
 */

/* unit: core/ngx_slack_log.c outbox/ngx_slack_engine.c
 *       outbox/ngx_slack_sqlite.c outbox/ngx_slack_sqlite_sql.c
 *       outbox/ngx_slack_sqlite_open.c outbox/ngx_slack_sqlite_txn.c
 *       outbox/ngx_slack_sqlite_append.c outbox/ngx_slack_sqlite_letters.c
 *       outbox/ngx_slack_sqlite_purge.c outbox/ngx_slack_turnstile.c
 * libs: -lsqlite3
 */


#include "outbox.h"


typedef struct {
    ngx_uint_t   n;
    int64_t      id[ROOM];
    int64_t      not_before[ROOM];
    ngx_uint_t   failures[ROOM];
    char         name[ROOM][64];
    ngx_int_t    rc;
} told_t;


static ngx_int_t
tell(ngx_slack_destination_t *dest, void *data)
{
    told_t  *told = data;

    if (told->n < ROOM) {
        told->id[told->n] = dest->id;
        told->not_before[told->n] = dest->not_before;
        told->failures[told->n] = dest->failures;

        (void) snprintf(told->name[told->n], sizeof(told->name[0]), "%.*s/%.*s",
                        (int) dest->workspace.len, dest->workspace.data,
                        (int) dest->channel.len, dest->channel.data);
    }

    told->n++;

    return told->rc;
}


static ngx_int_t
destinations(int64_t *last, told_t *told)
{
    ngx_memzero(told, sizeof(told_t));

    return conf.engine->destinations(store, last, tell, told);
}


/* as the engine counts */

static int64_t
waiting(void)
{
    return ask("SELECT (SELECT max(id) FROM message) - settled FROM counter");
}


/* the id of the only destination there is, else 0 */

static int64_t
only_destination(void)
{
    told_t   told;
    int64_t  last;

    last = 0;

    return (destinations(&last, &told) == NGX_OK && told.n == 1) ? told.id[0]
                                                                 : 0;
}


static ngx_int_t
settle(int64_t id, ngx_uint_t outcome, int64_t due, ngx_uint_t attempts,
    const char *answer)
{
    ngx_slack_settlement_t  st;

    st.id = id;
    st.outcome = outcome;
    st.due = due;
    st.attempts = attempts;
    st.answer = str(answer);

    return conf.engine->settle(store, &st, 1, NULL, 0);
}


static void
test_configuration(void)
{
    ngx_str_t                 s;
    ngx_conf_t                cf;
    ngx_cycle_t               cycle;
    ngx_slack_outbox_conf_t   c;

    s = str("sqlite:/var/x.db");
    tap_ok(ngx_slack_engine_find(&s) == conf.engine, "an engine is found");
    tap_is(s.data, s.len, "/var/x.db", "and its name is cut off");

    s = str("sqlit:/var/x.db");
    tap_ok(ngx_slack_engine_find(&s) == NULL, "an unknown engine");

    s = str("sqlite");
    tap_ok(ngx_slack_engine_find(&s) == NULL, "an engine without a colon");

    ngx_memzero(&cf, sizeof(ngx_conf_t));
    ngx_memzero(&cycle, sizeof(ngx_cycle_t));

    cycle.pool = ngx_create_pool(1024, &test_log);
    cycle.prefix = str("/prefix/");
    cf.cycle = &cycle;
    cf.pool = cycle.pool;

    c = conf;

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
    int64_t              id;
    u_char               big[100000];
    ngx_uint_t           n;
    struct stat          st;
    ngx_slack_entry_t    entry;
    ngx_slack_letter_t   letters[ROOM];
    ngx_slack_record_t   records[3];

    fresh();

    tap_ok(access((char *) path, F_OK) == -1, "creating a store opens nothing");

    id = append("", "#dev", "{\"text\":\"one\"}");

    tap_ok(id > 0, "a message is stored");
    tap_ok(stat((char *) path, &st) == 0 && (st.st_mode & 0777) == 0600,
           "in a file that is nobody else's");

    tap_ok(append("", "#dev", "two") == id + 1,
           "the next ones have greater ids");

    entry_init(&entry, &records[0], "", "#dev", "three");
    entry_init(&entry, &records[1], "", "", "");
    entry_init(&entry, &records[2], "", "#ops", "five");

    memset(big, 'x', sizeof(big));
    records[2].body.data = big;
    records[2].body.len = sizeof(big);
    records[1].envelope = str("");

    entry.records = records;
    entry.nrecords = 3;

    tap_ok(append_entries(&entry, 1) == NGX_OK && entry.rc == NGX_OK
           && entry.stored == 3 && entry.id > id,
           "an entry with several messages");

    tap_ok(ask("SELECT count(*) FROM message WHERE state = 0") == 5
           && waiting() == 5, "five wait");
    tap_ok(ask("SELECT count(*) FROM destination") == 3,
           "for three destinations");
    tap_ok(consistent(), "the file is consistent");

    n = ROOM;
    tap_ok(conf.engine->letters(store,
                                ask("SELECT destination FROM message"
                                    " WHERE length(body) = 100000"),
                                letters, &n)
           == NGX_OK && n == 1 && letters[0].body.len == sizeof(big)
           && memcmp(letters[0].body.data, big, sizeof(big)) == 0,
           "a large body comes back");
    free(letters[0].envelope.data);

    n = ROOM;
    tap_ok(conf.engine->letters(store,
                                ask("SELECT destination FROM message"
                                    " WHERE body = x''"),
                                letters, &n)
           == NGX_OK && n == 1 && letters[0].body.len == 0
           && letters[0].envelope.len == 0, "an empty one, too");
    free(letters[0].envelope.data);
}


static void
test_duplicates(void)
{
    int64_t              id;
    ngx_slack_entry_t    entries[4];
    ngx_slack_record_t   records[4];

    fresh();

    id = append("hook:1", "#dev", "one");

    entry_init(&entries[0], &records[0], "hook:1", "#dev", "one again");
    entry_init(&entries[1], &records[1], "hook:2", "#dev", "two");
    entry_init(&entries[2], &records[2], "hook:2", "#dev", "two again");
    entry_init(&entries[3], &records[3], "", "#dev", "no key");

    tap_ok(append_entries(entries, 4) == NGX_OK, "some duplicates");

    tap_ok(entries[0].rc == NGX_DONE && entries[0].id == id
           && entries[0].stored == 0, "of a stored one");
    tap_ok(entries[1].rc == NGX_OK && entries[1].stored == 1, "of none");
    tap_ok(entries[2].rc == NGX_DONE && entries[2].id == entries[1].id,
           "of one in the same transaction");
    tap_ok(entries[3].rc == NGX_OK, "without a key");
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


static void
test_limit(void)
{
    int64_t              id;
    ngx_slack_entry_t    entries[4];
    ngx_slack_record_t   records[5];

    conf.max = 3;
    fresh();

    entry_init(&entries[0], &records[0], "a", "#dev", "one");
    entry_init(&entries[1], &records[2], "b", "#dev", "two and three");
    entry_init(&entries[1], &records[1], "b", "#dev", "two and three");
    entries[1].nrecords = 2;
    entry_init(&entries[2], &records[3], "c", "#dev", "four");
    entry_init(&entries[3], &records[4], "a", "#dev", "one");

    tap_ok(append_entries(entries, 4) == NGX_OK, "more than there is room for");
    tap_ok(entries[0].rc == NGX_OK && entries[1].rc == NGX_OK
           && entries[1].stored == 2, "what fits is stored");
    tap_ok(entries[2].rc == NGX_BUSY && entries[2].stored == 0,
           "what does not is not");
    tap_ok(entries[3].rc == NGX_DONE && entries[3].id == entries[0].id,
           "a duplicate is one in a full outbox, too");

    id = entries[0].id;

    tap_ok(settle(id, NGX_SLACK_LETTER_SENT, 0, 1, "ok") == NGX_OK
           && append("c", "#dev", "four") > 0,
           "when one is sent there is room for another, its key unused");

    tap_ok(settle(id, NGX_SLACK_LETTER_SENT, 0, 1, "ok") == NGX_OK
           && append("d", "#dev", "five") == 0,
           "a message settled twice makes room once");

    entry_init(&entries[0], &records[0], "e", "#dev", "changed");
    entries[0].state_key = str("project:main");
    entries[0].state = str("failed");

    tap_ok(append_entries(entries, 1) == NGX_OK && entries[0].rc == NGX_BUSY
           && ask("SELECT count(*) FROM memory") == 0,
           "a state that was not stored is not remembered");

    tap_ok(consistent(), "the file is consistent");

    (void) ask("UPDATE counter SET settled = settled - 1000 RETURNING 1");
    reopen();
    conf.max = 100000;
    tap_ok(append("f", "#dev", "six") > 0 && consistent(),
           "a wrong count is put right");
}


/* stores a state with one message for any and one for a changed state */

static ngx_int_t
state(const char *key, const char *value, ngx_uint_t any, ngx_uint_t *stored)
{
    ngx_slack_entry_t    entry;
    ngx_slack_record_t   records[2];

    entry_init(&entry, &records[1], key, "#any", value);
    entry_init(&entry, &records[0], key, "#changed", value);

    records[0].changed = 1;
    entry.nrecords = any ? 2 : 1;
    entry.state_key = str("project:main");
    entry.state = str(value);

    if (append_entries(&entry, 1) != NGX_OK) {
        return NGX_ABORT;
    }

    *stored = entry.stored;

    return entry.rc;
}


static void
test_states(void)
{
    ngx_uint_t  n;

    fresh();

    tap_ok(state("1", "success", 0, &n) == NGX_DECLINED && n == 0,
           "the first success is no change");
    tap_ok(state("2", "success", 1, &n) == NGX_OK && n == 1,
           "an equal state leaves the other messages");
    tap_ok(state("3", "failed", 1, &n) == NGX_OK && n == 2, "broken");
    tap_ok(state("4", "failed", 0, &n) == NGX_DECLINED, "still broken");
    tap_ok(state("1", "success", 0, &n) == NGX_DONE
           && state("5", "failed", 0, &n) == NGX_DECLINED,
           "a duplicate changes no state, even of an entry that left nothing");
    tap_ok(state("6", "success", 0, &n) == NGX_OK && n == 1, "fixed");
    tap_ok(state("7", "", 0, &n) == NGX_OK && state("8", "", 0, &n)
           == NGX_DECLINED, "an empty state is one");

    fresh();

    tap_ok(state("1", "failed", 0, &n) == NGX_OK && n == 1,
           "the first failure is a change");
    reopen();
    tap_ok(state("2", "failed", 0, &n) == NGX_DECLINED,
           "what was remembered survives");
    tap_ok(consistent(), "the file is consistent");
}


static void
test_destinations(void)
{
    told_t                 told;
    char                   channel[16];
    int64_t                last, dev, id;
    ngx_uint_t             i;
    ngx_slack_standing_t   standing;

    fresh();

    last = 0;
    tap_ok(destinations(&last, &told) == NGX_OK && told.n == 0 && last > 0,
           "no destinations in a new outbox");

    id = append("", "#dev", "one");

    tap_ok(destinations(&last, &told) == NGX_OK && told.n == 1
           && strcmp(told.name[0], "acme/#dev") == 0
           && told.not_before[0] == 0 && told.failures[0] == 0,
           "one that is new");

    dev = told.id[0];

    tap_ok(destinations(&last, &told) == NGX_OK && told.n == 0,
           "is told once");

    (void) append("", "#dev", "two");
    (void) append("", "", "three");

    tap_ok(destinations(&last, &told) == NGX_OK && told.n == 2,
           "those with new messages");

    last = 0;
    tap_ok(destinations(&last, &told) == NGX_OK && told.n == 2,
           "all that have some");

    standing.id = dev;
    standing.not_before = 123456789012;
    standing.failures = 3;
    standing.answer = str("channel_is_archived");

    tap_ok(conf.engine->settle(store, NULL, 0, &standing, 1) == NGX_OK,
           "a standing is settled");

    last = 0;
    (void) destinations(&last, &told);
    i = (told.id[0] == dev) ? 0 : 1;
    tap_ok(told.id[i] == dev && told.not_before[i] == 123456789012
           && told.failures[i] == 3, "and told");

    (void) settle(id, NGX_SLACK_LETTER_SENT, 0, 1, "ok");
    (void) settle(id + 1, NGX_SLACK_LETTER_DEAD, 0, 1, "no");

    last = 0;
    tap_ok(destinations(&last, &told) == NGX_OK && told.n == 1
           && strcmp(told.name[0], "acme/") == 0,
           "not one whose messages are all settled");

    for (i = 0; i < 300; i++) {
        (void) snprintf(channel, sizeof(channel), "#c%u", (unsigned) i % 5);
        (void) append("", channel, "many");
    }

    tap_ok(destinations(&last, &told) == NGX_OK && told.n == 5,
           "those of very many new messages");

    last += 1000000;
    tap_ok(destinations(&last, &told) == NGX_OK && told.n == 6
           && destinations(&last, &told) == NGX_OK && told.n == 0,
           "all of an outbox that is older than the last one asked for");

    last = 0;
    told.n = 0;
    told.rc = NGX_ERROR;
    tap_ok(conf.engine->destinations(store, &last, tell, &told) == NGX_ERROR
           && told.n == 1 && last == 0, "a handler may end it");
}


static void
test_letters(void)
{
    int64_t                  dev, id, now;
    ngx_uint_t               i, n;
    ngx_slack_letter_t       letters[ROOM];
    ngx_slack_settlement_t   st[3];

    fresh();

    now = ngx_slack_clock_wall();

    id = append("", "#dev", "one");
    dev = only_destination();

    (void) append("", "#dev", "two");
    (void) append("", "#other", "other");
    (void) append("", "#dev", "three");

    n = 2;
    tap_ok(conf.engine->letters(store, dev, letters, &n) == NGX_OK && n == 2,
           "as many letters as wanted");
    tap_ok(letters[0].id == id && letters[0].created >= now
           && letters[0].due == 0 && letters[0].attempts == 0,
           "the oldest first");
    tap_is(letters[0].body.data, letters[0].body.len, "one", "its body");
    tap_is(letters[0].envelope.data, letters[0].envelope.len,
           "{\"username\":\"GitLab\"}", "its envelope");
    tap_is(letters[1].body.data, letters[1].body.len, "two", "the next body");

    st[0].id = letters[0].id;
    st[0].outcome = NGX_SLACK_LETTER_RETRY;
    st[0].due = 987654321;
    st[0].attempts = 2;
    st[0].answer = str("HTTP 500");

    st[1] = st[0];
    st[1].id = letters[1].id;
    st[1].outcome = NGX_SLACK_LETTER_DEAD;
    st[1].answer = str("invalid_blocks");

    free(letters[0].envelope.data);
    free(letters[1].envelope.data);

    tap_ok(conf.engine->settle(store, st, 2, NULL, 0) == NGX_OK,
           "a retry and a dead one are settled");

    n = ROOM;
    tap_ok(conf.engine->letters(store, dev, letters, &n) == NGX_OK && n == 2
           && letters[0].id == id && letters[0].due == 987654321
           && letters[0].attempts == 2, "the retry waits in its place");
    tap_is(letters[1].body.data, letters[1].body.len, "three",
           "another one behind it");

    for (i = 0; i < n; i++) {
        free(letters[i].envelope.data);
    }

    tap_ok(ask("SELECT count(*) FROM message WHERE state = 2"
               " AND body = CAST('two' AS BLOB)"
               " AND answer = 'invalid_blocks' AND attempts = 2 AND done > 0")
           == 1, "the dead one is kept with Slack's words");

    st[0].outcome = NGX_SLACK_LETTER_SENT;
    st[0].answer = str("");
    tap_ok(conf.engine->settle(store, st, 1, NULL, 0) == NGX_OK
           && ask("SELECT count(*) FROM message WHERE state = 1"
                  " AND length(body) = 0 AND done > 0")
              == 1, "a sent one is kept without its body");

    n = ROOM;
    tap_ok(conf.engine->letters(store, 12345, letters, &n) == NGX_OK && n == 0,
           "an unknown destination has no letters");
    tap_ok(settle(12345, NGX_SLACK_LETTER_SENT, 0, 1, "") == NGX_OK,
           "an unknown letter may be settled");

    tap_ok(consistent(), "the file is consistent");
}


static void
test_purge(void)
{
    char        key[32];
    int64_t     id;
    ngx_int_t   rc;
    ngx_uint_t  i, again;

    fresh();

    id = append("k", "#dev", "sent");
    (void) settle(id, NGX_SLACK_LETTER_SENT, 0, 1, "ok");

    id = append("", "#dev", "dead");
    (void) settle(id, NGX_SLACK_LETTER_DEAD, 0, 1, "no");

    (void) append("", "#dev", "waits");

    tap_ok(conf.engine->purge(store) == NGX_OK
           && ask("SELECT count(*) FROM message") == 3
           && ask("SELECT count(*) FROM delivery") == 1,
           "nothing is old enough to be forgotten");

    skew = 3700 * 1000;
    tap_ok(conf.engine->purge(store) == NGX_OK
           && ask("SELECT count(*) FROM message WHERE state = 1") == 0
           && ask("SELECT count(*) FROM message") == 2,
           "a sent message is, after its time");

    skew = (int64_t) 28 * 3600 * 1000;
    tap_ok(conf.engine->purge(store) == NGX_OK
           && ask("SELECT count(*) FROM delivery") == 0
           && ask("SELECT count(*) FROM message") == 2, "a key");

    skew = (int64_t) 8 * 24 * 3600 * 1000;
    tap_ok(conf.engine->purge(store) == NGX_OK
           && ask("SELECT count(*) FROM message") == 1
           && waiting() == 1,
           "a dead message, never one that waits");

    for (i = 0; i < 5000; i++) {
        (void) snprintf(key, sizeof(key), "%u", (unsigned) i * 7919 % 5000);
        (void) append(key, "#dev", "x");
    }

    skew += (int64_t) 30 * 3600 * 1000;

    for (again = 0; again < 100; again++) {
        rc = conf.engine->purge(store);

        if (rc != NGX_AGAIN) {
            break;
        }
    }

    tap_ok(rc == NGX_OK && again == 2
           && ask("SELECT count(*) FROM delivery") == 0,
           "many keys are forgotten piece by piece");

    (void) ask("UPDATE message SET state = 1, done = 1 RETURNING 1");
    reopen();

    for (again = 0; again < 100; again++) {
        rc = conf.engine->purge(store);

        if (rc != NGX_AGAIN) {
            break;
        }
    }

    tap_ok(rc == NGX_OK && again == 2
           && ask("SELECT count(*) FROM message") == 1,
           "and so are many messages, but for the newest");

    id = ask("SELECT max(id) FROM message");
    tap_ok(append("", "#dev", "new") == id + 1, "ids do not begin anew");
    tap_ok(consistent(), "the file is consistent");

    skew = 0;
}


static void
test_moved(void)
{
    u_char              to[160];
    int64_t             id, other;
    ngx_uint_t          lines;
    ngx_slack_store_t  *first;

    fresh();

    id = append("", "#dev", "old");

    (void) snprintf((char *) to, sizeof(to), "%s.away", path);
    (void) rename((char *) path, (char *) to);

    lines = ngx_slack_shim_lines;
    other = append("", "#dev", "new");

    tap_ok(other > id && ask("SELECT count(*) FROM message") == 1,
           "a database that was moved away is followed by a new one");
    tap_ok(ngx_slack_shim_lines == lines + 1
           && strstr((char *) ngx_slack_shim_line, "moved away") != NULL,
           "this is logged");
    tap_ok(settle(id, NGX_SLACK_LETTER_SENT, 0, 1, "") == NGX_OK
           && waiting() == 1,
           "ids of the one do not touch the other");

    /* another process' store, and one that only reads */

    first = store;
    store = NULL;
    reopen();

    (void) append("", "#dev", "from another store");
    (void) unlink((char *) path);
    (void) append("", "#dev", "once more");

    conf.engine->destroy(store);
    store = first;

    id = only_destination();
    tap_ok(id == ask("SELECT id FROM destination"), "readers see that, too");
    tap_ok(append("", "#dev", "and again") > 0
           && ask("SELECT count(*) FROM message") == 2 && consistent(),
           "both write to the same file");
}


int
main(void)
{
    setup();

    test_configuration();
    test_append();
    test_duplicates();
    test_limit();
    test_states();
    test_destinations();
    test_letters();
    test_purge();
    test_moved();

    return teardown();
}
