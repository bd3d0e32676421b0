
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: what the SQLite engine remembers of threads, and when it does not.
 * That other stores count is in t/engine/suite_shared.c.
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

#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_thread.h>


enum { KEYS = 5000 };


static void
part_init(ngx_slack_entry_t *entry, ngx_slack_new_message_t *message,
    const char *key, ngx_slack_new_part_e part)
{
    entry_init(entry, message, "", "#dev", "x");

    message->part.key = str(key);
    message->part.part = part;
    message->part.keep = 3600;
}


static int64_t
put(const char *key, ngx_slack_new_part_e part)
{
    ngx_slack_entry_t        entry;
    ngx_slack_new_message_t  message;

    part_init(&entry, &message, key, part);

    return (append_entries(&entry, 1) == NGX_OK) ? entry.id : 0;
}


/* how often the engine looked for threads in the file */

static int
looked(void)
{
    return sqlite3_stmt_status(store->stmts[NGX_SLACK_SQL_THREAD_OF],
                               SQLITE_STMTSTATUS_RUN, 1);
}


/* of a message: its thread, as the file says */

static int64_t
thread_of(int64_t id)
{
    char  sql[128];

    (void) snprintf(sql, sizeof(sql),
                    "SELECT thread FROM message WHERE id = %lld",
                    (long long) id);

    return ask(sql);
}


static int64_t
revisions(void)
{
    return ask("SELECT threads FROM counter");
}


static void
test_remembered(void)
{
    int64_t             root, before;
    ngx_slack_store_t  *other, *mine;

    fresh();

    root = put("mr", NGX_SLACK_NEW_REPLY);

    tap_ok(root != 0 && looked() == 1, "a thread is looked for");
    tap_ok(thread_of(put("mr", NGX_SLACK_NEW_REPLY)) == root && looked() == 0,
           "and remembered");

    root = put("state", NGX_SLACK_NEW_STATE);

    tap_ok(thread_of(put("state", NGX_SLACK_NEW_STATE)) == root
           && thread_of(put("state", NGX_SLACK_NEW_STATE)) == root
           && thread_of(put("state", NGX_SLACK_NEW_REPLY)) == root
           && looked() == 1, "so are changes of it");

    other = conf.engine->create(&conf, &test_log);
    mine = store;
    before = revisions();

    store = other;
    (void) append("", "#ops", "x");
    (void) put("state", NGX_SLACK_NEW_REPLY);
    (void) put("third", NGX_SLACK_NEW_START);
    store = mine;

    tap_ok(thread_of(put("state", NGX_SLACK_NEW_REPLY)) == root
           && looked() == 0 && revisions() == before,
           "also where others store what changes nothing of it");

    store = other;
    (void) put("third", NGX_SLACK_NEW_START);
    store = mine;

    tap_ok(thread_of(put("state", NGX_SLACK_NEW_REPLY)) == root
           && looked() == 1 && revisions() > before,
           "but not where another one took a key");

    conf.engine->destroy(other);
}


/* by hand, or by a version of the module that knows nothing of it */

static void
test_edited(void)
{
    static const char  *edits[] = {
        "UPDATE thread SET key = NULL RETURNING 0",
        "DELETE FROM thread RETURNING 0",
        "UPDATE thread SET flags = 4 RETURNING 0"
    };

    int64_t     root, before;
    ngx_uint_t  i;

    for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {

        fresh();

        root = put("mr", NGX_SLACK_NEW_REPLY);
        before = revisions();

        tap_ok(thread_of(put("mr", NGX_SLACK_NEW_REPLY)) == root
               && ask(edits[i]) == 0 && revisions() == before + 1,
               "the file counts what anybody does to threads");

        root = put("mr", NGX_SLACK_NEW_REPLY);

        tap_ok(thread_of(root) == root, "which is seen");
    }

    fresh();

    root = put("mr", NGX_SLACK_NEW_STATE);

    tap_ok(ask("UPDATE thread SET stamp = 50, rank = 0 RETURNING 0") == 0
           && thread_of(put("mr", NGX_SLACK_NEW_STATE)) == root
           && ask("SELECT stamp FROM thread") == 50,
           "a state compares with the file before it writes");
}


static void
test_rolled_back(void)
{
    int64_t                  root;
    ngx_slack_entry_t        entries[2];
    ngx_slack_new_message_t  messages[2];

    fresh();

    root = put("mr", NGX_SLACK_NEW_STATE);

    (void) ask("CREATE TRIGGER refuse BEFORE INSERT ON message"
               " WHEN new.event = 'no' BEGIN SELECT RAISE(ABORT, 'no'); END");

    (void) put("mr", NGX_SLACK_NEW_REPLY);

    part_init(&entries[0], &messages[0], "new", NGX_SLACK_NEW_START);
    part_init(&entries[1], &messages[1], "mr", NGX_SLACK_NEW_STATE);
    messages[1].part.stamp = 30;
    entries[1].event = str("no");

    tap_ok(append_entries(entries, 2) == NGX_ERROR, "a transaction fails");

    root = put("new", NGX_SLACK_NEW_REPLY);

    tap_ok(thread_of(root) == root && consistent(),
           "a thread that was rolled back is not known");

    part_init(&entries[0], &messages[0], "mr", NGX_SLACK_NEW_STATE);
    messages[0].part.stamp = 20;

    tap_ok(append_entries(entries, 1) == NGX_OK && entries[0].stale == 0
           && entries[0].stored == 1, "nor is a state");
}


static void
test_replaced(void)
{
    char     to[160];
    int64_t  root;

    fresh();

    root = put("mr", NGX_SLACK_NEW_STATE);
    (void) put("mr", NGX_SLACK_NEW_REPLY);

    (void) snprintf(to, sizeof(to), "%s/moved", dir);

    tap_ok(mkdir(to, 0700) == 0, "a directory");

    (void) snprintf(to, sizeof(to), "cd %s && mv outbox.db* moved", dir);

    tap_ok(system(to) == 0, "the file is moved away");

    root = put("mr", NGX_SLACK_NEW_REPLY);

    tap_ok(root != 0 && thread_of(root) == root
           && ask("SELECT count(*) FROM thread") == 1,
           "its threads are not in the new one");

    reopen();
    (void) put("mr", NGX_SLACK_NEW_REPLY);

    tap_ok(looked() == 1, "nothing is remembered of a file that was closed");
}


/* an outbox of before there was a counter of threads */

static void
test_before(void)
{
    int64_t             root;
    ngx_slack_store_t  *other, *mine;

    fresh();

    root = put("mr", NGX_SLACK_NEW_REPLY);

    tap_ok(root && ask("DROP TRIGGER thread_changed") == -1
           && ask("DROP TRIGGER thread_deleted") == -1
           && ask("ALTER TABLE counter DROP COLUMN threads") == -1
           && revisions() == -1, "a file without it");

    reopen();
    other = conf.engine->create(&conf, &test_log);
    mine = store;

    tap_ok(thread_of(put("mr", NGX_SLACK_NEW_REPLY)) == root
           && thread_of(put("mr", NGX_SLACK_NEW_REPLY)) == root
           && looked() == 1, "threads are remembered");

    store = other;
    (void) append("", "#dev", "x");
    store = mine;

    tap_ok(thread_of(put("mr", NGX_SLACK_NEW_REPLY)) == root && looked() == 1,
           "until another one writes, whatever it is");

    store = other;
    tap_ok(settle(root, NGX_SLACK_SETTLE_DEAD, 0, 1, "no") == NGX_OK
           && lead(store) == NGX_OK && revisions() == 0
           && lead(store) == NGX_OK
           && ask("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'")
              == 2, "a leader adds what is missing, once");
    (void) put("mr", NGX_SLACK_NEW_START);
    store = mine;

    tap_ok(revisions() == 1
           && thread_of(put("mr", NGX_SLACK_NEW_REPLY)) > root,
           "which counts from then on");

    conf.engine->destroy(other);
}


/* more threads than are remembered, some of which share a place */

static void
test_many(void)
{
    char        key[200];
    int64_t     roots[KEYS];
    ngx_uint_t  i, wrong;

    fresh();

    wrong = 0;

    for (i = 0; i < KEYS; i++) {
        (void) snprintf(key, sizeof(key), "merge_request %d", (int) i);
        roots[i] = put(key, NGX_SLACK_NEW_START);
    }

    for (i = 0; i < KEYS; i++) {
        (void) snprintf(key, sizeof(key), "merge_request %d", (int) i);
        wrong += (thread_of(put(key, NGX_SLACK_NEW_REPLY)) != roots[i]);
        wrong += (thread_of(put(key, NGX_SLACK_NEW_REPLY)) != roots[i]);
    }

    tap_ok(wrong == 0, "each key has its thread");

    ngx_memset(key, 'k', sizeof(key) - 1);
    key[sizeof(key) - 1] = '\0';

    for (i = sizeof(key) - 1; i > 120; i -= 8) {
        key[i] = '\0';
        roots[0] = put(key, NGX_SLACK_NEW_STATE);
        wrong += (thread_of(put(key, NGX_SLACK_NEW_STATE)) != roots[0]);
        wrong += (thread_of(put(key, NGX_SLACK_NEW_REPLY)) != roots[0]);
    }

    tap_ok(wrong == 0, "also a longer one than should be");
}


int
main(void)
{
    setup();

    test_remembered();
    test_edited();
    test_rolled_back();
    test_replaced();
    test_before();
    test_many();

    return teardown();
}
