
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: what one transaction of the SQLite engine takes, and how.
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


#define LONG     64                          /* messages of 8 KB */
#define SPILLED  45                          /* messages of 64 KB */
#define APART    30                          /* more than SQLite's cache has */


static ngx_slack_entry_t   more_entries[3];
static ngx_slack_new_message_t  more_records[3];
static ngx_queue_t         more_queue;


/* two, then one, then no more */

static ngx_int_t
more(void *data)
{
    ngx_uint_t  *calls = data;

    switch ((*calls)++) {

    case 0:
        ngx_queue_insert_tail(&more_queue, &more_entries[0].queue);
        ngx_queue_insert_tail(&more_queue, &more_entries[1].queue);
        return NGX_OK;

    case 1:
        ngx_queue_insert_tail(&more_queue, &more_entries[2].queue);
        return NGX_OK;

    default:
        return NGX_DONE;
    }
}


/* what comes when the transaction has begun is part of it */

static void
test_more(void)
{
    int64_t                  id;
    ngx_uint_t               i, calls;
    ngx_slack_entry_t        entry;
    ngx_slack_new_message_t  message;

    fresh();

    entry_init(&entry, &message, "", "#dev", "0");

    for (i = 0; i < 3; i++) {
        entry_init(&more_entries[i], &more_records[i], "", "#dev", "more");
    }

    ngx_queue_init(&more_queue);
    ngx_queue_insert_tail(&more_queue, &entry.queue);
    calls = 0;

    tap_ok(conf.engine->append(store, &more_queue, more, &calls)
           == NGX_OK && calls == 3, "more is asked for until it is done");

    id = entry.id;
    tap_ok(entry.result == NGX_SLACK_ENTRY_STORED && id > 0,
           "the first is stored");

    for (i = 0; i < 3; i++) {
        tap_ok(more_entries[i].result == NGX_SLACK_ENTRY_STORED
               && more_entries[i].stored == 1
               && more_entries[i].id == id + (int64_t) i + 1,
               "each of the others after it");
    }

    tap_ok(ask("SELECT count(*) FROM message") == 4 && waiting() == 4
           && consistent(), "once each");

    ngx_queue_init(&more_queue);
    calls = 0;

    tap_ok(conf.engine->append(store, &more_queue, more, &calls)
           == NGX_OK && calls == 3
           && ask("SELECT count(*) FROM message") == 7,
           "also when there was nothing at first");
}


/* in one commit; how many were stored */

static ngx_uint_t
append_bodies(ngx_slack_entry_t *entries, ngx_slack_new_message_t *messages,
    ngx_uint_t n, const char *body)
{
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        entry_init(&entries[i], &messages[i], "", "#dev", body);
    }

    return append_entries(entries, n) == NGX_OK ? n : 0;
}


/* commits of one row and of many, which take turns */

static void
test_long_commits(void)
{
    char                     body[8192];
    ngx_uint_t               i, n, full;
    ngx_slack_entry_t        entries[LONG];
    ngx_slack_new_message_t  messages[LONG];

    static const ngx_uint_t  sizes[] = { 1, 20, 30, LONG, 1, 35, LONG, 2 };

    memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';

    for (full = 0; full <= 1; full++) {
        own.sync = full;
        fresh();

        n = 0;

        for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            n += append_bodies(entries, messages, sizes[i], body);

            if (ask("SELECT count(*) FROM message WHERE length(body) = 8191")
                != (int64_t) n)
            {
                break;
            }
        }

        tap_ok(i == sizeof(sizes) / sizeof(sizes[0]),
               full ? "others read each commit, sync=full"
                    : "others read each commit, however long it is");
        tap_ok(consistent(), "the file is consistent");
    }

    own.sync = NGX_SLACK_SQLITE_SYNC_NORMAL;
}


/* a file beside the database, as it is, beside that of another name */

static void
copy(const char *suffix)
{
    int    c;
    char   from[160], to[160];
    FILE  *in, *out;

    (void) snprintf(from, sizeof(from), "%s%s", path, suffix);
    (void) snprintf(to, sizeof(to), "%s.copy%s", path, suffix);

    in = fopen(from, "r");
    out = fopen(to, "w");

    if (in == NULL || out == NULL) {
        bail_out(from);
    }

    while ((c = getc(in)) != EOF) {
        (void) putc(c, out);
    }

    (void) fclose(in);
    (void) fclose(out);
}


/*
 * What does not fit in SQLite's cache is in the log before the commit, and
 * what changes again then is written there once more, with all checksums that
 * follow: what is found when all have died is complete.
 */

static void
test_spilled(void)
{
    char                     body[65536], keys[SPILLED][16];
    size_t                   len;
    ngx_uint_t               i, full;
    ngx_slack_entry_t        entries[SPILLED];
    ngx_slack_new_message_t  messages[SPILLED];

    memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';

    for (full = 0; full <= 1; full++) {
        own.sync = full;
        fresh();

        /* keys on many pages, to which the next ones come back */

        for (i = 0; i < 4000; i++) {
            (void) snprintf(keys[0], sizeof(keys[0]), "%04u-0", (unsigned) i);
            (void) append(keys[0], "#dev", "x");
        }

        /* the log has room and a beginning: the commit is all that is done */

        (void) ask("PRAGMA wal_checkpoint(TRUNCATE)");
        (void) append("", "#dev", "x");

        for (i = 0; i < SPILLED; i++) {
            (void) snprintf(keys[i], sizeof(keys[i]), "%04u-%u",
                            (unsigned) (i % APART * 100),
                            (unsigned) i + 1);
            entry_init(&entries[i], &messages[i], keys[i], "#dev", body);
        }

        tap_ok(append_entries(entries, SPILLED) == NGX_OK
               && append("", "#dev", "x") != 0,
               "a commit longer than the cache");

        copy("");
        copy("-wal");

        len = strlen((char *) path);
        memcpy(path + len, ".copy", sizeof(".copy"));

        tap_ok(ask("SELECT count(*) FROM message") == 4000 + SPILLED + 2
               && consistent(),
               full ? "is found in the log, sync=full"
                    : "is found in the log");

        path[len] = '\0';
    }

    own.sync = NGX_SLACK_SQLITE_SYNC_NORMAL;
}


int
main(void)
{
    setup();

    test_more();
    test_long_commits();
    test_spilled();

    return teardown();
}
