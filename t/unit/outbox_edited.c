
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: a file that somebody has edited: any number in any column.  The
 * sanitizers see to it that nothing overflows.
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


static const char  *columns[] = {
    "UPDATE counter SET settled = %s",
    "UPDATE destination SET not_before = %s",
    "UPDATE destination SET failures = %s",
    "UPDATE destination SET settled = %s",
    "UPDATE destination SET id = %s WHERE channel = '#b'",
    "UPDATE message SET created = %s",
    "UPDATE message SET due = %s",
    "UPDATE message SET attempts = %s",
    "UPDATE message SET done = %s",
    "UPDATE message SET state = %s",
    "UPDATE message SET destination = %s WHERE state = 0",
    "UPDATE message SET id = %s WHERE id = (SELECT max(id) FROM message)",
    "UPDATE message SET id = %s WHERE id = (SELECT min(id) FROM message)",
    "UPDATE delivery SET created = %s",
    "UPDATE delivery SET message = %s",
    "UPDATE memory SET created = %s",
    "UPDATE memory SET since = %s",
    "UPDATE memory SET message = %s",
    "UPDATE memory SET messages = %s",
    "UPDATE memory SET alive = %s",
    "UPDATE pause SET since = %s",
    "UPDATE pause SET until = %s",
    "UPDATE pause SET tried = %s",
    "UPDATE pause SET whole = %s",
    "UPDATE steering SET revision = %s",
    "UPDATE form SET version = %s",
    "UPDATE message SET thread = %s",
    "UPDATE message SET part = %s",
    "UPDATE thread SET id = %s WHERE key = 'mr'",
    "UPDATE thread SET destination = %s WHERE key = 'mr'",
    "UPDATE thread SET stamp = %s",
    "UPDATE thread SET rank = %s",
    "UPDATE thread SET flags = %s",
    "UPDATE thread SET root = %s",
    "UPDATE thread SET change = %s",
    "UPDATE thread SET since = %s",
    "UPDATE thread SET touched = %s",
    "UPDATE thread SET expires = %s",
    "UPDATE thread SET last = %s",
    NULL
};


static const char  *values[] = {
    "9223372036854775807", "-9223372036854775808", "9223372036854775",
    "-1", "4611686018427387904", NULL
};


static ngx_pool_t  *pool;
static ngx_uint_t   strange;


static int64_t
append_part(const char *key, ngx_slack_new_part_e part, int64_t stamp)
{
    ngx_slack_entry_t        entry;
    ngx_slack_new_message_t  message;

    entry_init(&entry, &message, "", "#a", "part");

    message.part.key = str(key);
    message.part.part = part;
    message.part.stamp = stamp;
    message.part.keep = 3600;

    (void) append_entries(&entry, 1);

    return entry.id;
}


static void
fill(void)
{
    int64_t                  id;
    ngx_uint_t               paused;
    ngx_slack_scope_t        scope;
    ngx_slack_state_t        state;
    ngx_slack_entry_t        entry;
    ngx_slack_settlement_t   st[1];
    ngx_slack_new_message_t  message;

    fresh();

    ngx_memzero(st, sizeof(st));
    st[0].outcome = NGX_SLACK_SETTLE_SENT;
    st[0].handle = str("h");

    (void) append("hook:1", "#a", "one");
    id = append("hook:2", "#a", "two");
    (void) settle(id, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    id = append("hook:3", "#b", "three");
    (void) settle(id, NGX_SLACK_SETTLE_SENT, 0, 1, "ok");
    (void) append("hook:4", "#b", "four");

    entry_init(&entry, &message, "hook:5", "#a", "five");
    ngx_memzero(&state, sizeof(ngx_slack_state_t));
    state.key = str("project:main");
    state.value = str("failed");
    state.since = 1;
    state.first = 1;
    entry.states = &state;
    entry.nstates = 1;
    (void) append_entries(&entry, 1);

    st[0].id = append_part("mr", NGX_SLACK_NEW_STATE, 1);
    (void) append_part("mr", NGX_SLACK_NEW_REPLY, 0);
    (void) settle_all(st, 1, NULL, 0);
    (void) append_part("mr", NGX_SLACK_NEW_STATE, 2);
    (void) append_part("issue", NGX_SLACK_NEW_STATE, 1);
    (void) append_part("issue", NGX_SLACK_NEW_STATE, 2);
    st[0].id = append_part("issue", NGX_SLACK_NEW_REPLY, 0);
    st[0].outcome = NGX_SLACK_SETTLE_DEAD;
    (void) settle_all(st, 1, NULL, 0);

    ngx_memzero(&scope, sizeof(ngx_slack_scope_t));
    scope.workspace = str("acme");
    scope.channel = str("#a");

    (void) mark(NGX_SLACK_STEER_PAUSE, &scope, &paused);
    (void) mark(NGX_SLACK_STEER_RESUME, &scope, &paused);

    reopen();
}


/* what is told lies within what the rest of the module computes with */

static ngx_int_t
told(ngx_slack_outbox_channel_t *dest, void *data)
{
    ngx_uint_t                   i, n;
    ngx_slack_waiting_message_t  messages[ROOM];

    if (dest->not_before < 0 || dest->not_before > NGX_SLACK_SQLITE_TIME_MAX
        || dest->settled < 0 || dest->settled > NGX_SLACK_SQLITE_TIME_MAX
        || dest->paused_since < 0 || dest->paused_until < 0
        || dest->paused_since > NGX_SLACK_SQLITE_TIME_MAX
        || dest->paused_until > NGX_SLACK_SQLITE_TIME_MAX
        || dest->tried < 0 || dest->tried > NGX_SLACK_SQLITE_TIME_MAX
        || dest->failures > NGX_SLACK_SQLITE_COUNT_MAX)
    {
        strange++;
    }

    n = ROOM;

    if (conf.engine->messages(data, dest->id, messages, &n) != NGX_OK) {
        return NGX_OK;
    }

    for (i = 0; i < n; i++) {

        if (messages[i].created < 0
            || messages[i].created > NGX_SLACK_SQLITE_TIME_MAX
            || messages[i].due < 0
            || messages[i].due > NGX_SLACK_SQLITE_TIME_MAX
            || messages[i].attempts > NGX_SLACK_SQLITE_COUNT_MAX)
        {
            strange++;
        }

        free(messages[i].envelope.data);
    }

    return NGX_OK;
}


static ngx_int_t
told_change(ngx_slack_changing_t *changing, void *data)
{
    ngx_slack_waiting_message_t  message;

    if (changing->since < 0 || changing->since > NGX_SLACK_SQLITE_TIME_MAX
        || changing->touched < 0
        || changing->touched > NGX_SLACK_SQLITE_TIME_MAX)
    {
        strange++;
    }

    if (conf.engine->change(data, changing->thread, &message) == NGX_OK) {
        free(message.envelope.data);
    }

    return NGX_OK;
}


static ngx_int_t
told_thread(ngx_slack_thread_info_t *thread, void *data)
{
    if (thread->stamp < 0 || thread->stamp > NGX_SLACK_SQLITE_TIME_MAX
        || thread->touched < 0 || thread->touched > NGX_SLACK_SQLITE_TIME_MAX
        || thread->expires < 0 || thread->expires > NGX_SLACK_SQLITE_TIME_MAX)
    {
        strange++;
    }

    return NGX_OK;
}


/* threads, by all that happens to them */

static void
use_threads(ngx_slack_store_t *reader, int64_t first)
{
    int64_t                 last;
    ngx_uint_t              i, outcome;
    ngx_slack_settlement_t  st[1];

    last = 0;
    (void) conf.engine->changes(store, &last, told_change, reader);
    (void) conf.engine->changes(store, &last, told_change, reader);
    (void) conf.engine->threads(reader, NULL, NULL, told_thread, NULL);

    (void) append_part("mr", NGX_SLACK_NEW_STATE, 3);
    (void) append_part("mr", NGX_SLACK_NEW_REPLY, 0);
    (void) append_part("issue", NGX_SLACK_NEW_STATE, 0);
    (void) append_part("new", NGX_SLACK_NEW_START, 0);

    outcome = NGX_SLACK_SETTLE_SENT;

    for (i = 0; i < 12; i++) {
        ngx_memzero(st, sizeof(st));

        st[0].id = first + (int64_t) i;
        st[0].outcome = outcome;
        st[0].handle = str("h");

        outcome = (outcome == NGX_SLACK_SETTLE_PLAIN) ? NGX_SLACK_SETTLE_SENT
                                                      : outcome + 1;

        (void) settle_all(st, 1, NULL, 0);
    }
}


/* all that delivery and operators do; how much of it works does not matter */

static void
use(void)
{
    int64_t              last;
    ngx_uint_t           paused;
    ngx_slack_fate_t     fate;
    ngx_slack_steer_t    sel;
    ngx_slack_scope_t    scope;
    ngx_slack_store_t   *reader;
    ngx_slack_survey_t   survey;

    reader = conf.engine->create(&conf, &test_log);

    if (reader == NULL) {
        bail_out("create");
    }

    (void) lead(store);

    last = 0;
    (void) conf.engine->channels(store, &last, told, reader);
    (void) conf.engine->channels(store, &last, told, reader);

    ngx_memzero(&survey, sizeof(ngx_slack_survey_t));
    survey.pool = pool;
    survey.max = 10;
    (void) conf.engine->survey(reader, &survey);

    fate.id = last;
    (void) conf.engine->fate(reader, &fate);

    use_threads(reader, ask("SELECT min(id) FROM message WHERE id > 0"));

    (void) conf.engine->purge(store);

    ngx_memzero(&scope, sizeof(ngx_slack_scope_t));
    scope.workspace = str("acme");
    scope.channel = str("#a");
    (void) mark(NGX_SLACK_STEER_PAUSE, &scope, &paused);
    (void) mark(NGX_SLACK_STEER_NUDGE, &scope, &paused);

    ngx_memzero(&sel, sizeof(ngx_slack_steer_t));
    sel.scope = &scope;
    (void) steer(&sel, NGX_SLACK_STEER_REPLAY);

    sel.waiting = 1;
    (void) steer(&sel, NGX_SLACK_STEER_DROP);
    (void) steer(&sel, NGX_SLACK_STEER_FORGET);

    conf.engine->destroy(reader);
}


static void
test_numbers(void)
{
    char          sql[160];
    int64_t       count;
    ngx_uint_t    i, k, stored, aside;
    const char  **value;

    for (i = 0; columns[i] != NULL; i++) {

        stored = 0;
        aside = 0;
        strange = 0;

        for (k = 0, value = values; *value != NULL; value++, k++) {

            fill();
            (void) snprintf(sql, sizeof(sql), columns[i], *value);
            (void) ask(sql);

            /* a writer that has the file open, and one that opens it */

            (void) append("", "#a", "x");
            (void) append("", "#new", "x");
            use();
            reopen();
            use();

            count = ask("SELECT count(*) FROM message");

            stored += (append("", "#a", "y") > 0
                       && append("hook:9", "#newer", "y") > 0
                       && ask("SELECT count(*) FROM message") > count);
            aside += set_aside();
        }

        tap_ok(stored == k && strange == 0, columns[i]);

        /* only what leaves no ids, and then with an alert */

        tap_ok(aside == 0 || strstr(columns[i], "counter") != NULL
               || strstr(columns[i], "message SET id") != NULL,
               "the file is kept");
    }
}


/* how many wait comes right by itself, before anybody counts on it */

static void
test_counter(void)
{
    static const char  *wrong[] = {
        "UPDATE counter SET settled = -9223372036854775808",
        "UPDATE counter SET settled = 9223372036854775807",
        "UPDATE counter SET settled = -1",
        NULL
    };

    ngx_uint_t  i;

    for (i = 0; wrong[i] != NULL; i++) {
        fill();
        (void) ask(wrong[i]);
        tap_ok(append("", "#a", "x") > 0 && waiting() == 8 && consistent()
               && set_aside() == 0, wrong[i]);
    }
}


/* the clock of the machine is far off, or jumps */

static void
test_clock(void)
{
    ngx_uint_t  i, stored;

    static const int64_t  skews[] = {
        -(int64_t) 60 * 365 * 24 * 3600 * 1000,      /* before the epoch */
        (int64_t) 7000 * 365 * 24 * 3600 * 1000,     /* the year 9000 */
        (int64_t) 100000 * 365 * 24 * 3600 * 1000
    };

    for (i = 0; i < sizeof(skews) / sizeof(int64_t); i++) {
        fill();
        skew = skews[i];
        stored = append("hook:a", "#a", "x") > 0;
        use();
        skew = 0;
        stored += append("hook:b", "#a", "x") > 0;
        use();
        tap_ok(stored == 2 && consistent(), "a clock that is far off");
    }
}


int
main(void)
{
    setup();

    pool = ngx_create_pool(4096, &test_log);

    if (pool == NULL) {
        bail_out("no memory");
    }

    test_numbers();
    test_counter();
    test_clock();

    ngx_destroy_pool(pool);

    return teardown();
}
