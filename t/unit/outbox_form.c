
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: the form of the SQLite engine's file: who changes it, when, and
 * what processes of another version do then.
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


/* what versions to come may do: they only add */

#define ADDITIONS                                                             \
    { 0, NULL, NGX_SLACK_SQLITE_HAS("parcel"),                                \
      "CREATE TABLE parcel (\n"                                               \
      "    key         TEXT PRIMARY KEY,\n"                                   \
      "    handle      TEXT NOT NULL\n"                                       \
      ") STRICT, WITHOUT ROWID;\n" },                                         \
    { 0, NULL, NGX_SLACK_SQLITE_HAS_COLUMN("message", "colour"),              \
      "ALTER TABLE message ADD COLUMN colour INTEGER NOT NULL DEFAULT 0" }

static const ngx_slack_sqlite_migration_t  additions[] = {
    ADDITIONS,
    { 0, NULL, NULL, NULL }
};

/* or what this one would corrupt by not knowing of it */

static const ngx_slack_sqlite_migration_t  raising[] = {
    ADDITIONS,
    { 2, "1.1.0", NULL, "UPDATE message SET event = upper(event)" },
    { 0, NULL, NULL, NULL }
};

static const ngx_slack_sqlite_migration_t  failing[] = {
    ADDITIONS,
    { 2, "1.1.0", NULL, "INSERT INTO nowhere VALUES (1)" },
    { 0, NULL, NULL, NULL }
};


static ngx_pool_t  *pool;


/* the store of another process, of a version with these migrations */

static ngx_slack_store_t *
another(const ngx_slack_sqlite_migration_t *migrations)
{
    ngx_slack_store_t  *other;

    other = conf.engine->create(&conf, &test_log);

    if (other == NULL) {
        bail_out("create");
    }

    if (migrations != NULL) {
        other->migrations = migrations;
    }

    return other;
}


static int64_t
append_to(ngx_slack_store_t *to, const char *body)
{
    int64_t             id;
    ngx_slack_store_t  *mine;

    mine = store;
    store = to;

    id = append("", "#dev", body);

    store = mine;

    return id;
}


static ngx_int_t
look(ngx_slack_store_t *at)
{
    ngx_slack_survey_t  survey;

    ngx_memzero(&survey, sizeof(ngx_slack_survey_t));
    survey.pool = pool;

    return conf.engine->survey(at, &survey);
}


static int64_t
version(void)
{
    return ask("SELECT user_version FROM pragma_user_version");
}


static int64_t
added(void)
{
    return ask("SELECT (SELECT count(*) FROM sqlite_schema"
               " WHERE name = 'parcel') + (SELECT count(*)"
               " FROM pragma_table_info('message') WHERE name = 'colour')");
}


static void
next_minute(void)
{
    skew += 61 * 1000;
}


static ngx_uint_t
told(const char *words)
{
    return strstr((char *) ngx_slack_shim_line, words) != NULL;
}


/* such as those of the first versions: without all that was added */

static void
make_old(void)
{
    (void) append("", "#dev", "old");

    (void) ask("DROP INDEX message_dead");
    (void) ask("DROP TABLE pause");
    (void) ask("DROP TABLE steering");
    (void) ask("DROP TABLE form");
}


static void
test_new(void)
{
    fresh();

    tap_ok(append("", "#dev", "x") != 0 && version() == 1,
           "a new file is of form 1");
    tap_ok(ask("SELECT module = '1.0.0' FROM form WHERE version = 1") == 1,
           "and names the version that knows it");
    tap_ok(lead(store) == NGX_OK && ngx_slack_shim_lines == 0,
           "there is nothing to be done to it");
}


static void
test_old(void)
{
    int64_t             schema;
    ngx_slack_store_t  *writer;

    fresh();
    make_old();

    schema = ask("SELECT schema_version FROM pragma_schema_version");

    reopen();
    next_minute();
    writer = another(NULL);

    tap_ok(append_to(writer, "x") != 0,
           "an old file takes messages before somebody leads");
    tap_ok(ask("SELECT schema_version FROM pragma_schema_version") == schema,
           "and is not changed by that");
    tap_ok(look(writer) == NGX_ERROR && told("an earlier version"),
           "what it has not is an error that says why");

    tap_ok(lead(store) == NGX_OK
           && ask("SELECT count(*) FROM sqlite_schema WHERE name IN ("
                  "'message_dead', 'pause', 'steering', 'form')") == 4,
           "who leads makes it whole");

    tap_ok(look(writer) == NGX_OK, "the others see that");
    tap_ok(append_to(writer, "x") != 0 && consistent(), "and go on");

    conf.engine->destroy(writer);
}


/* and those of the version before threads */

static void
make_without_threads(void)
{
    (void) append("", "#dev", "old");

    (void) ask("DROP TABLE thread");
    (void) ask("ALTER TABLE message DROP COLUMN thread");
    (void) ask("ALTER TABLE message DROP COLUMN part");
}


static void
test_threads(void)
{
    int64_t                       last;
    ngx_uint_t                    n;
    ngx_slack_entry_t             entry;
    ngx_slack_store_t            *writer;
    ngx_slack_new_message_t       message;
    ngx_slack_waiting_message_t   messages[ROOM];

    fresh();
    make_without_threads();
    reopen();

    entry_init(&entry, &message, "", "#dev", "state");
    message.part.key = str("mr");
    message.part.part = NGX_SLACK_NEW_STATE;
    message.part.stamp = 1;
    message.part.keep = 3600;

    tap_ok(append_entries(&entry, 1) == NGX_OK && entry.stored == 1
           && entry.result == NGX_SLACK_ENTRY_STORED,
           "a file without threads takes a message of one");

    message.part.known = 1;

    tap_ok(append_entries(&entry, 1) == NGX_OK && entry.stored == 0
           && entry.unknown == 1
           && entry.result == NGX_SLACK_ENTRY_UNCHANGED,
           "unless the thread must be known");

    writer = another(NULL);

    tap_ok(append_to(writer, "x") != 0 && look(writer) == NGX_OK,
           "operators see it, too");

    tap_ok(lead(store) == NGX_OK && ask("SELECT count(*) FROM thread") == 0
           && ask("SELECT sum(thread) + sum(part) FROM message") == 0
           && consistent(), "the leader adds threads");

    n = ROOM;
    last = ask("SELECT id FROM destination");

    tap_ok(conf.engine->messages(store, last, messages, &n) == NGX_OK
           && n == 3 && messages[1].part.id == 0
           && messages[1].part.role == NGX_SLACK_ROLE_PLAIN,
           "what was stored before is sent without one");

    while (n) {
        free(messages[--n].envelope.data);
    }

    message.part.known = 0;

    tap_ok(append_to(writer, "x") != 0 && append_entries(&entry, 1) == NGX_OK
           && entry.stored == 1
           && ask("SELECT count(*) FROM thread WHERE key = 'mr'") == 1,
           "the next one begins a thread");

    conf.engine->destroy(writer);
}


/* a state that was announced by one message; 1: it is news */

static ngx_uint_t
tell_state(int64_t since)
{
    ngx_slack_entry_t        entry;
    ngx_slack_state_t        state;
    ngx_slack_new_message_t  message;

    entry_init(&entry, &message, "", "#dev", "alert");
    message.changed = 1;

    ngx_memzero(&state, sizeof(ngx_slack_state_t));
    state.key = str("alert");
    state.value = str("firing");
    state.since = since;
    state.first = 1;

    entry.states = &state;
    entry.nstates = 1;

    return append_entries(&entry, 1) == NGX_OK && entry.stored == 1;
}


/* and those of the version that did not know since when states are */

static void
test_states(void)
{
    int64_t             id, now;
    ngx_uint_t          dead;
    ngx_slack_steer_t   steer;
    ngx_slack_store_t  *writer;

    fresh();
    (void) append("", "#dev", "old");

    (void) ask("DROP INDEX memory_message");
    (void) ask("ALTER TABLE memory DROP COLUMN alive");
    (void) ask("ALTER TABLE memory DROP COLUMN messages");
    (void) ask("ALTER TABLE memory DROP COLUMN message");
    (void) ask("ALTER TABLE memory DROP COLUMN since");
    reopen();

    now = ngx_slack_clock_wall();

    tap_ok(tell_state(now - 1000) == 1 && tell_state(now - 1000) == 0,
           "a file that knows less of states keeps their values");
    tap_ok(tell_state(now + 3600 * 1000) == 1, "and when they were heard");

    id = ask("SELECT max(id) FROM message");

    ngx_memzero(&steer, sizeof(ngx_slack_steer_t));
    steer.action = NGX_SLACK_STEER_DROP;
    steer.ids = &id;
    steer.n = 1;
    steer.waiting = 1;

    tap_ok(conf.engine->steer(store, &steer) == NGX_OK && steer.count == 1,
           "a message of theirs may be dropped");

    writer = another(NULL);

    tap_ok(append_to(writer, "x") != 0 && lead(store) == NGX_OK
           && ask("SELECT sum(since) + sum(message) + sum(alive)"
                  " FROM memory") == 0 && consistent(),
           "the leader adds what is missing");

    tap_ok(append_to(writer, "x") != 0 && tell_state(0) == 0
           && tell_state(now + 7200 * 1000) == 1
           && ask("SELECT since FROM memory") == now + 7200 * 1000
           && ask("SELECT alive FROM memory") == 1,
           "and it is used");

    dead = (ngx_uint_t) ask("UPDATE memory SET alive = 0 RETURNING messages");

    tap_ok(dead == 1 && tell_state(0) == 1, "what nobody was told of is news");

    conf.engine->destroy(writer);
}


static void
test_additions(void)
{
    ngx_uint_t          faults;
    ngx_slack_store_t  *old, *writer, *leader;

    fresh();
    (void) append("", "#dev", "x");

    old = store;
    faults = ngx_slack_shim_count[NGX_LOG_CRIT]
             + ngx_slack_shim_count[NGX_LOG_ALERT];

    writer = another(additions);
    leader = another(additions);

    tap_ok(append_to(writer, "x") != 0 && added() == 0,
           "a later version that does not lead adds nothing");

    tap_ok(lead(leader) == NGX_OK && added() == 2
           && version() == 1,
           "one that leads does; the version stays");

    tap_ok(append_to(old, "x") != 0 && append_to(writer, "x") != 0
           && append_to(leader, "x") != 0 && look(old) == NGX_OK,
           "the version before goes on to work with the file");

    reopen();

    tap_ok(append("", "#dev", "x") != 0 && look(store) == NGX_OK
           && lead(store) == NGX_OK && added() == 2,
           "opens it, and may lead");

    tap_ok(lead(leader) == NGX_OK && append_to(leader, "x") != 0
           && consistent(), "as the later one may again");

    tap_ok(faults == ngx_slack_shim_count[NGX_LOG_CRIT]
                     + ngx_slack_shim_count[NGX_LOG_ALERT],
           "nobody complains");

    conf.engine->destroy(writer);
    conf.engine->destroy(leader);
}


static void
test_raising(void)
{
    u_char              why[1024];
    int64_t             n;
    ngx_uint_t          i, stored, alerts;
    struct stat         before, after;
    ngx_slack_store_t  *old, *writer, *leader;

    fresh();
    (void) append("", "#dev", "x");

    old = another(NULL);
    (void) append_to(old, "x");

    writer = another(raising);
    leader = another(raising);

    tap_ok(append_to(writer, "x") != 0 && version() == 1,
           "a later version that does not lead raises nothing");

    tap_ok(conf.engine->examine(&conf, why, sizeof(why)) == NGX_OK,
           "the file is known");

    tap_ok(lead(leader) == NGX_OK && version() == 2
           && added() == 2
           && ask("SELECT count(*) FROM form WHERE version = 2"
                  " AND module = '1.1.0'") == 1,
           "one that leads does");

    tap_ok(append_to(writer, "x") != 0 && append_to(leader, "x") != 0,
           "and later versions go on");

    next_minute();
    alerts = ngx_slack_shim_count[NGX_LOG_ALERT];
    n = ask("SELECT count(*) FROM message");
    stored = 0;

    for (i = 0; i < 5; i++) {
        stored += (append_to(old, "x") != 0);
    }

    tap_ok(stored == 0,
           "the version before stores nothing, though it had it open");
    tap_ok(lead(old) == NGX_DECLINED, "does not lead");
    tap_ok(append("", "#dev", "x") == 0, "another process of it neither");

    tap_ok(ask("SELECT count(*) FROM message") == n
           && version() == 2 && consistent(), "the file stays as it was");

    tap_ok(ngx_slack_shim_count[NGX_LOG_ALERT] == alerts + 1
           && told("a later version") && told("version 1.1.0")
           && told("moved away"),
           "one alert tells which version is needed, and the other way out");

    tap_ok(conf.engine->examine(&conf, why, sizeof(why)) == NGX_DECLINED
           && strstr((char *) why, "version 1.1.0") != NULL,
           "the file is not known any more");

    conf.engine->destroy(writer);
    conf.engine->destroy(leader);
    conf.engine->destroy(old);

    /* nobody else has it open: SQLite would end its log with the last one */

    reopen();
    (void) ask("UPDATE form SET module = 'none' WHERE version = 2");
    (void) stat((char *) path, &before);
    (void) append("", "#dev", "x");
    (void) conf.engine->examine(&conf, why, sizeof(why));
    conf.engine->destroy(store);
    store = NULL;
    (void) stat((char *) path, &after);

    tap_ok(before.st_mtime == after.st_mtime
           && before.st_size == after.st_size, "it is not written to");
    tap_ok(strstr((char *) why, "a later version knows") != NULL,
           "what is no version is not told as one");

    reopen();
    (void) ask("DROP TABLE form");
    tap_ok(append("", "#dev", "x") == 0
           && lead(store) == NGX_DECLINED,
           "a file without such words is refused as well");

    (void) unlink((char *) path);
    tap_ok(append("", "#dev", "x") != 0 && version() == 1,
           "moved away: a new one takes its place");
}


static void
test_failing(void)
{
    ngx_slack_store_t  *leader;

    fresh();
    (void) append("", "#dev", "x");

    leader = another(failing);

    next_minute();
    tap_ok(lead(leader) == NGX_ERROR && added() == 0
           && version() == 1, "a migration that fails leaves nothing behind");
    tap_ok(append("", "#dev", "x") != 0 && append_to(leader, "x") != 0
           && consistent(), "and all go on as before");

    conf.engine->destroy(leader);
}


static void
test_wrong(void)
{
    char         sql[64];
    u_char       why[1024];
    sqlite3     *db;
    ngx_uint_t   i;

    static const char  *versions[] = { "0", "-1", "-2147483648" };

    for (i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        fresh();
        (void) append("", "#dev", "x");
        reopen();

        (void) snprintf(sql, sizeof(sql), "PRAGMA user_version = %s",
                        versions[i]);
        (void) ask(sql);

        next_minute();
        tap_ok(append("", "#dev", "x") == 0 && told(versions[i])
               && ask("SELECT count(*) FROM message") == 1,
               "a version that there never was");
    }

    fresh();
    (void) append("", "#dev", "x");
    (void) ask("PRAGMA user_version = 2147483647");

    tap_ok(conf.engine->examine(&conf, why, sizeof(why)) == NGX_DECLINED,
           "a version that only the log of the database has");

    reopen();
    tap_ok(append("", "#dev", "x") == 0
           && lead(store) == NGX_DECLINED, "is refused");

    fresh();
    tap_ok(conf.engine->examine(&conf, why, sizeof(why)) == NGX_OK
           && access((char *) path, F_OK) == -1,
           "a file that is not there is no obstacle, and not made");

    conf.engine->destroy(store);
    store = NULL;

    if (sqlite3_open((char *) path, &db) != SQLITE_OK
        || sqlite3_exec(db, "CREATE TABLE message (x)", NULL, NULL, NULL)
           != SQLITE_OK)
    {
        bail_out("sqlite3");
    }

    (void) sqlite3_close(db);

    tap_ok(conf.engine->examine(&conf, why, sizeof(why)) == NGX_DECLINED
           && strstr((char *) why, "another program") != NULL,
           "another program's file is");

    reopen();
    tap_ok(lead(store) == NGX_DECLINED, "nobody leads there");
}


int
main(void)
{
    setup();

    pool = ngx_create_pool(4096, &test_log);

    if (pool == NULL) {
        bail_out("no memory");
    }

    test_new();
    test_old();
    test_threads();
    test_states();
    test_additions();
    test_raising();
    test_failing();
    test_wrong();

    ngx_destroy_pool(pool);

    return teardown();
}
