
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: what the SQLite engine promises those who deliver.
 */

/* unit: core/ngx_slack_log.c core/ngx_slack_log_line.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c core/ngx_slack_history_text.c
 *       outbox/ngx_slack_engine.c outbox/ngx_slack_tally.c
 *       outbox/ngx_slack_turnstile.c outbox/ngx_slack_leader.c
 *       outbox/ngx_slack_state.c outbox/sqlite/ outbox/postgres/
 * libs: -lsqlite3 -lpq
 */


#include "outbox.h"


typedef struct {
    ngx_uint_t   n;
    int64_t      id[ROOM];
    int64_t      not_before[ROOM];
    int64_t      settled[ROOM];
    ngx_uint_t   failures[ROOM];
    char         name[ROOM][64];
    ngx_int_t    rc;
} told_t;


static ngx_int_t
tell(ngx_slack_outbox_channel_t *dest, void *data)
{
    told_t  *told = data;

    if (told->n < ROOM) {
        told->id[told->n] = dest->id;
        told->not_before[told->n] = dest->not_before;
        told->settled[told->n] = dest->settled;
        told->failures[told->n] = dest->failures;

        (void) snprintf(told->name[told->n], sizeof(told->name[0]),
                        "%.*s/%.*s",
                        (int) dest->workspace.len, dest->workspace.data,
                        (int) dest->channel.len, dest->channel.data);
    }

    told->n++;

    return told->rc;
}


static ngx_int_t
channels(int64_t *last, told_t *told)
{
    ngx_memzero(told, sizeof(told_t));

    return conf.engine->channels(store, last, tell, told);
}


/* the id of the only channel there is, else 0 */

static int64_t
only_destination(void)
{
    told_t   told;
    int64_t  last;

    last = 0;

    return (channels(&last, &told) == NGX_OK && told.n == 1) ? told.id[0]
                                                                 : 0;
}


static void
test_destinations(void)
{
    char                  channel[16];
    told_t                told;
    int64_t               last, dev, id;
    ngx_uint_t            i;
    ngx_slack_standing_t  standing;

    fresh();

    last = 0;
    tap_ok(channels(&last, &told) == NGX_OK && told.n == 0 && last > 0,
           "no destinations in a new outbox");

    id = append("", "#dev", "one");

    tap_ok(channels(&last, &told) == NGX_OK && told.n == 1
           && strcmp(told.name[0], "acme/#dev") == 0
           && told.not_before[0] == 0 && told.failures[0] == 0,
           "one that is new");

    dev = told.id[0];

    tap_ok(channels(&last, &told) == NGX_OK && told.n == 0,
           "is told once");

    (void) append("", "#dev", "two");
    (void) append("", "", "three");

    tap_ok(channels(&last, &told) == NGX_OK && told.n == 2,
           "those with new messages");

    last = 0;
    tap_ok(channels(&last, &told) == NGX_OK && told.n == 2,
           "all that have some");

    ngx_memzero(&standing, sizeof(ngx_slack_standing_t));
    standing.id = dev;
    standing.not_before = 123456789012;
    standing.failures = 3;
    standing.answer = str("channel_is_archived");

    tap_ok(settle_all(NULL, 0, &standing, 1) == NGX_OK,
           "a standing is settled");

    last = 0;
    (void) channels(&last, &told);
    i = (told.id[0] == dev) ? 0 : 1;
    tap_ok(told.id[i] == dev && told.not_before[i] == 123456789012
           && told.failures[i] == 3 && told.settled[i] > 0
           && told.settled[1 - i] == 0, "and told");

    (void) settle(id, NGX_SLACK_SETTLE_SENT, 0, 1, "ok");
    (void) settle(id + 1, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

    last = 0;
    tap_ok(channels(&last, &told) == NGX_OK && told.n == 1
           && strcmp(told.name[0], "acme/") == 0,
           "not one whose messages are all settled");

    for (i = 0; i < 300; i++) {
        (void) snprintf(channel, sizeof(channel), "#c%u", (unsigned) i % 5);
        (void) append("", channel, "many");
    }

    tap_ok(channels(&last, &told) == NGX_OK && told.n == 5,
           "those of very many new messages");

    last += 1000000;
    tap_ok(channels(&last, &told) == NGX_OK && told.n == 6
           && channels(&last, &told) == NGX_OK && told.n == 0,
           "all of an outbox that is older than the last one asked for");

    last = 0;
    told.n = 0;
    told.rc = NGX_ERROR;
    tap_ok(conf.engine->channels(store, &last, tell, &told) == NGX_ERROR
           && told.n == 1 && last == 0, "a handler may end it");
}


static void
test_dead_letters(void)
{
    int64_t                      dev, id, now;
    ngx_uint_t                   i, n;
    ngx_slack_settlement_t       st[3];
    ngx_slack_waiting_message_t  messages[ROOM];

    ngx_memzero(st, sizeof(st));

    fresh();

    now = ngx_slack_clock_wall();

    id = append("", "#dev", "one");
    dev = only_destination();

    (void) append("", "#dev", "two");
    (void) append("", "#other", "other");
    (void) append("", "#dev", "three");

    n = 2;
    tap_ok(conf.engine->messages(store, dev, messages, &n) == NGX_OK && n == 2,
           "as many messages as wanted");
    tap_ok(messages[0].id == id && messages[0].created >= now
           && messages[0].due == 0 && messages[0].attempts == 0,
           "the oldest first");
    tap_is(messages[0].body.data, messages[0].body.len, "one", "its body");
    tap_is(messages[0].envelope.data, messages[0].envelope.len,
           "{\"username\":\"GitLab\"}", "its envelope");
    tap_is(messages[1].body.data, messages[1].body.len, "two",
           "the next body");

    st[0].id = messages[0].id;
    st[0].outcome = NGX_SLACK_SETTLE_RETRY;
    st[0].due = 987654321;
    st[0].attempts = 2;
    st[0].answer = str("HTTP 500");

    st[1] = st[0];
    st[1].id = messages[1].id;
    st[1].outcome = NGX_SLACK_SETTLE_DEAD;
    st[1].answer = str("invalid_blocks");

    free(messages[0].envelope.data);
    free(messages[1].envelope.data);

    tap_ok(settle_all(st, 2, NULL, 0) == NGX_OK,
           "a retry and a dead one are settled");

    n = ROOM;
    tap_ok(conf.engine->messages(store, dev, messages, &n) == NGX_OK && n == 2
           && messages[0].id == id && messages[0].due == 987654321
           && messages[0].attempts == 2, "the retry waits in its place");
    tap_is(messages[1].body.data, messages[1].body.len, "three",
           "another one behind it");

    for (i = 0; i < n; i++) {
        free(messages[i].envelope.data);
    }

    tap_ok(ask("SELECT count(*) FROM message WHERE state = 2"
               " AND body = CAST('two' AS BLOB)"
               " AND answer = 'invalid_blocks' AND attempts = 2 AND done > 0")
           == 1, "the dead one is kept with Slack's words");

    st[0].outcome = NGX_SLACK_SETTLE_SENT;
    st[0].answer = str("");
    tap_ok(settle_all(st, 1, NULL, 0) == NGX_OK
           && ask("SELECT count(*) FROM message WHERE state = 1"
                  " AND length(body) = 0 AND done > 0")
              == 1, "a sent one is kept without its body");

    n = ROOM;
    tap_ok(conf.engine->messages(store, 12345, messages,
                                 &n) == NGX_OK && n == 0,
           "an unknown destination has no messages");
    tap_ok(settle(12345, NGX_SLACK_SETTLE_SENT, 0, 1, "") == NGX_OK,
           "an unknown message may be settled");

    tap_ok(consistent(), "the file is consistent");
}


/* purges until all is forgotten; no call may take more than a piece */

static ngx_int_t
purge_all(const char *rows, ngx_uint_t *calls)
{
    int64_t    n, before;
    ngx_int_t  rc;

    before = ask(rows);
    *calls = 0;

    do {
        rc = conf.engine->purge(store);
        n = ask(rows);

        if (before - n > 100) {
            printf("# %ld rows in one call\n", (long) (before - n));
            return NGX_ERROR;
        }

        before = n;
        (*calls)++;

    } while (rc == NGX_AGAIN && *calls < 1000);

    return rc;
}


static void
test_purge(void)
{
    char        key[32];
    int64_t     id;
    ngx_uint_t  i, calls;

    fresh();

    id = append("k", "#dev", "sent");
    (void) settle(id, NGX_SLACK_SETTLE_SENT, 0, 1, "ok");

    id = append("", "#dev", "dead");
    (void) settle(id, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

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

    tap_ok(purge_all("SELECT count(*) FROM delivery", &calls) == NGX_OK
           && calls == 51 && ask("SELECT count(*) FROM delivery") == 0
           && waiting() == 5001,
           "many keys are forgotten piece by piece");

    (void) ask("UPDATE message SET state = 1 + (id % 3 = 0), done = id,"
               " body = x'' RETURNING 1");
    reopen();

    id = ask("SELECT id FROM message WHERE state = 1 ORDER BY id"
             " LIMIT 1 OFFSET 100");
    tap_ok(conf.engine->purge(store) == NGX_AGAIN
           && ask("SELECT count(*) FROM message") == 4901
           && ask("SELECT min(id) FROM message WHERE state = 1") == id,
           "of many messages the oldest of those sent go first");
    tap_ok(append("", "#dev", "between") > 0
           && purge_all("SELECT count(*) FROM message", &calls) == NGX_OK
           && calls == 50 && ask("SELECT count(*) FROM message") == 1
           && waiting() == 1 && consistent(),
           "then the others, but for one that waits");

    id = ask("SELECT max(id) FROM message");
    (void) settle(id, NGX_SLACK_SETTLE_SENT, 0, 1, "ok");
    skew += (int64_t) 30 * 3600 * 1000;

    tap_ok(purge_all("SELECT count(*) FROM message", &calls) == NGX_OK
           && calls == 1 && ask("SELECT count(*) FROM message") == 1,
           "and for the newest");

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
    tap_ok(settle(id, NGX_SLACK_SETTLE_SENT, 0, 1, "") == NGX_OK
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

    test_destinations();
    test_dead_letters();
    test_purge();
    test_moved();

    return teardown();
}
