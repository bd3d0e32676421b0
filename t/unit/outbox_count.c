
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: how the SQLite engine counts what waits.
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

#include <ngx_slack_sqlite_count.h>


#define MINUTE  (60 * 1000)


static ngx_pool_t          *pool;
static ngx_slack_tally_t    tally;
static ngx_shmtx_t          mutex;
static ngx_atomic_t         word;           /* of the mutex */
static ngx_slack_survey_t   survey;


static ngx_int_t
look(void)
{
    if (pool) {
        ngx_destroy_pool(pool);
    }

    pool = ngx_create_pool(4096, &test_log);

    if (pool == NULL) {
        bail_out("pool");
    }

    survey.pool = pool;

    return conf.engine->survey(store, &survey);
}


static ngx_slack_survey_channel_t *
channel(ngx_uint_t n)
{
    return (ngx_slack_survey_channel_t *) survey.channels.elts + n;
}


/* what the engine counts with, and without, what it counted before */

static int
same(const char *what)
{
    char                         sql[256];
    ngx_uint_t                   i, k, n;
    ngx_slack_survey_channel_t  *ch, found[ROOM];

    if (look() != NGX_OK || survey.channels.nelts > ROOM) {
        printf("# %s: no survey\n", what);
        return 0;
    }

    ch = survey.channels.elts;
    n = survey.channels.nelts;

    for (i = 0; i < n; i++) {
        (void) snprintf(sql, sizeof(sql), "SELECT count(*) FROM message WHERE"
                        " destination = %lld AND state IN (0, 3)",
                        (long long) ch[i].id);

        if (ask(sql) != (int64_t) ch[i].waiting) {
            printf("# %s: %d wait\n", what, (int) ch[i].waiting);
            return 0;
        }

        (void) snprintf(sql, sizeof(sql), "SELECT count(*) FROM message WHERE"
                        " destination = %lld AND state = 2",
                        (long long) ch[i].id);

        if (ask(sql) != (int64_t) ch[i].dead) {
            printf("# %s: %d are dead\n", what, (int) ch[i].dead);
            return 0;
        }

        found[i] = ch[i];
    }

    conf.tally = NULL;

    if (look() != NGX_OK || survey.channels.nelts != n) {
        printf("# %s: no second survey\n", what);
        return 0;
    }

    conf.tally = &tally;

    ch = survey.channels.elts;

    for (i = 0; i < n; i++) {
        for (k = 0; k < NGX_SLACK_SURVEY_AGES; k++) {
            if (ch[i].id != found[i].id || ch[i].ages[k] != found[i].ages[k]) {
                printf("# %s: age %d has %d, not %d\n", what, (int) k,
                       (int) found[i].ages[k], (int) ch[i].ages[k]);
                return 0;
            }
        }
    }

    return 1;
}


/* so many that not each of them is read */

static void
many(void)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_SLACK_SQLITE_FEW + 100; i++) {
        (void) append("", "#many", "{}");
    }
}


static void
test_tally(void)
{
    int64_t                ids[400], counted;
    ngx_uint_t             i, n, wrong, anew;
    unsigned int           seed;
    ngx_slack_scope_t      scope;
    ngx_slack_steer_t      sel;

    static const char  *channels[] = { "#dev", "#ops", "#qa", "" };

    fresh();
    survey.max = 0;
    seed = 7;
    wrong = 0;
    n = 0;

    ngx_memzero(&tally, sizeof(ngx_slack_tally_t));

    mutex.lock = &word;
    tally.mutex = &mutex;
    ngx_memzero(&scope, sizeof(ngx_slack_scope_t));
    conf.tally = &tally;
    still = ngx_slack_clock_wall();

    tap_ok(same("nothing") && tally.valid, "the counts of nothing");

    many();

    tap_ok(same("many"), "the counts of many");

    /* days pass meanwhile; nothing but what is settled ever goes */

    counted = tally.counts.counted;

    for (i = 0; i < 400; i++) {
        skew += rand_r(&seed) % 1000;

        ids[n++] = append("", channels[rand_r(&seed) % 4], "{}");

        if (rand_r(&seed) % 3 == 0) {
            (void) settle(ids[(ngx_uint_t) rand_r(&seed) % n],
                          rand_r(&seed) % 4 ? NGX_SLACK_SETTLE_SENT
                                            : NGX_SLACK_SETTLE_DEAD,
                          0, 1, "x");
        }

        if (rand_r(&seed) % 8 == 0) {
            wrong += !same("settled");
        }
    }

    tap_ok(wrong == 0, "counts of messages that come and are settled");
    tap_ok(tally.counts.counted == counted,
           "go on from what was counted before");

    counted = 0;
    anew = 0;

    for (i = 0; i < 60; i++) {
        skew += (int64_t) MINUTE * (rand_r(&seed) % 40);
        wrong += !same("older");
        anew += (tally.counts.counted != counted);
        counted = tally.counts.counted;
    }

    tap_ok(wrong == 0, "and that grow older");
    tap_ok(anew > 1, "all is counted anew from time to time");

    ngx_memzero(&sel, sizeof(ngx_slack_steer_t));
    sel.ids = ids;
    sel.n = 20;
    sel.waiting = 1;
    (void) steer(&sel, NGX_SLACK_STEER_DROP);
    tap_ok(sel.count > 0 && same("dropped"), "some are dropped");

    ngx_memzero(&sel, sizeof(ngx_slack_steer_t));
    scope.workspace = str("acme");
    scope.channel = str("#ops");
    sel.scope = &scope;
    (void) steer(&sel, NGX_SLACK_STEER_REPLAY);
    tap_ok(sel.count > 0 && same("replayed"), "dead letters are replayed");

    /* another instance of nginx leads: nobody notes what it settles */

    conf.tally = NULL;

    for (i = 40; i < 80; i++) {
        (void) settle(ids[i], i % 2 ? NGX_SLACK_SETTLE_SENT
                                    : NGX_SLACK_SETTLE_DEAD, 0, 1, "x");
    }

    conf.tally = &tally;
    tap_ok(same("elsewhere"), "settled by another leader");

    conf.tally = NULL;
    (void) settle(ids[100], NGX_SLACK_SETTLE_SENT, 0, 1, "x");
    (void) settle(ids[101], NGX_SLACK_SETTLE_SENT, 0, 1, "x");
    conf.tally = &tally;
    (void) settle(ids[102], NGX_SLACK_SETTLE_DEAD, 0, 1, "x");
    tap_ok(same("killed"), "a leader that was killed before its note");

    /* more than are kept */

    for (i = 0; i < 400; i++) {
        (void) append("", "#dev", "{}");
    }

    (void) same("many");
    tally.counts.mark.settled -= NGX_SLACK_TALLY_SETTLED + 1;
    tap_ok(same("long ago"), "counts of long ago");

    /* who writes them is killed */

    tally.valid = 0;
    tally.counts.channels[0].waiting[0] += 5;
    tap_ok(same("half written") && tally.valid, "half of a write");

    tally.counts.channels[0].waiting[0] += 5;
    tap_ok(same("wrong"), "counts that do not fit the sum of all");

    skew += 2 * conf.keep_failed * 1000;
    (void) conf.engine->purge(store);
    tap_ok(same("purged"), "dead letters are purged");

    skew -= 3 * conf.keep_failed * 1000;
    tap_ok(same("set back"), "a clock that is set back");
    skew = 0;

    /* another file */

    conf.engine->destroy(store);
    store = NULL;
    remove_tree(dir);
    (void) mkdir(dir, 0700);
    reopen();
    (void) append("", "#dev", "{}");
    tap_ok(same("another") && survey.waiting == 1, "another file");

    conf.tally = NULL;
    still = 0;
}


/* changes of threads wait, too, and are replaced when they are stored */

static void
test_changes(void)
{
    int64_t                  counted;
    ngx_uint_t               i, wrong, replaced;
    unsigned int             seed;
    ngx_slack_entry_t        entry, entries[100];
    ngx_slack_new_message_t  message, several[100];

    static const char  *channels[] = { "#dev", "#ops" };
    static const char  *keys[] = { "a", "b", "c", "d" };

    fresh();
    survey.max = 0;
    seed = 11;
    wrong = 0;
    replaced = 0;

    ngx_memzero(&tally, sizeof(ngx_slack_tally_t));

    mutex.lock = &word;
    tally.mutex = &mutex;
    conf.tally = &tally;
    still = ngx_slack_clock_wall();

    (void) append("", "#dev", "{}");

    tap_ok(same("one"), "the counts of one");

    many();

    tap_ok(same("one of many"), "the counts of one among many");

    counted = tally.counts.counted;

    for (i = 0; i < 300; i++) {
        skew += rand_r(&seed) % 1000;

        entry_init(&entry, &message, "", channels[rand_r(&seed) % 2], "{}");
        message.part.key = str(keys[rand_r(&seed) % 4]);
        message.part.part = NGX_SLACK_NEW_STATE;
        message.part.keep = 3600;

        (void) append_entries(&entry, 1);
        replaced += entry.superseded;

        if (rand_r(&seed) % 5 == 0) {
            (void) settle(entry.id, rand_r(&seed) % 4 ? NGX_SLACK_SETTLE_SENT
                                                      : NGX_SLACK_SETTLE_DEAD,
                          0, 1, "x");
        }

        if (rand_r(&seed) % 8 == 0) {
            wrong += !same("changes");
        }
    }

    tap_ok(wrong == 0 && replaced > 100 && consistent(),
           "counts of changes that come, are replaced and are settled");
    tap_ok(tally.counts.counted == counted,
           "go on from what was counted before");

    /* one transaction that replaces more than it notes */

    for (i = 0; i < 100; i++) {
        entry_init(&entries[i], &several[i], "", "#dev", "{}");
        several[i].part.key = str("a");
        several[i].part.part = NGX_SLACK_NEW_STATE;
        several[i].part.keep = 3600;
    }

    (void) append_entries(entries, 100);

    tap_ok(same("many") && consistent(), "very many at once");

    conf.tally = NULL;
    still = 0;
}


/* ids tell the age also where times do not */

static void
test_replayed(ngx_uint_t others)
{
    int64_t                      id, first, now;
    ngx_uint_t                   i;
    ngx_slack_steer_t            sel;
    ngx_slack_survey_channel_t  *ch;

    fresh();
    survey.max = 0;

    ngx_memzero(&sel, sizeof(ngx_slack_steer_t));
    sel.n = 1;
    sel.ids = &id;

    skew = -120 * MINUTE;
    first = 0;

    if (others) {
        many();
    }

    for (i = 0; i < 400; i++) {
        id = append("", "#dev", "{}");
        first = first ? first : id;

        if (i < 100) {
            (void) settle(id, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
        }
    }

    skew = 0;
    now = ngx_slack_clock_wall();

    for (i = 0; i < 100; i++) {
        id = first + (int64_t) i;
        (void) steer(&sel, NGX_SLACK_STEER_REPLAY);
    }

    for (i = 0; i < 50; i++) {
        (void) append("", "#dev", "{}");
    }

    (void) look();
    ch = channel(0);

    tap_ok(ch->waiting == 450 && ch->ages[0] == 50 && ch->ages[4] == 400,
           "replayed ones are as old as those they stand among");
    tap_ok(ch->oldest < now - 119 * MINUTE, "the oldest one was not replayed");

    /* a clock that was wrong for a while */

    skew = 30 * 24 * 60 * (int64_t) MINUTE;
    (void) append("", "#dev", "{}");
    skew = 0;
    (void) append("", "#dev", "{}");
    (void) look();

    tap_ok(channel(0)->ages[0] == 52 && channel(0)->ages[4] == 400,
           "nor does a clock matter that was ahead");
}


/* bytes that this process has read so far */

static long long
read_bytes(void)
{
    FILE  *f;
    long   long   n;

    n = -1;
    f = fopen("/proc/self/io", "r");

    if (f != NULL) {
        if (fscanf(f, "rchar: %lld", &n) != 1) {
            n = -1;
        }

        (void) fclose(f);
    }

    return n;
}


/* a survey reads an index and few rows, not what waits */

static void
test_reads(void)
{
    char                     body[2000];
    long long                before, first, second;
    ngx_uint_t               i;
    ngx_slack_entry_t        entries[500];
    ngx_slack_new_message_t  messages[500];

    fresh();
    survey.max = 0;

    ngx_memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';

    for (i = 0; i < 500; i++) {
        entry_init(&entries[i], &messages[i], "", "#dev", body);
    }

    for (i = 0; i < 10; i++) {
        skew = -30 * MINUTE + (int64_t) i * 3 * MINUTE;
        (void) append_entries(entries, 500);
    }

    skew = 0;
    (void) ask("PRAGMA wal_checkpoint(TRUNCATE)");

    reopen();
    (void) ask("SELECT 1");

    ngx_memzero(&tally, sizeof(ngx_slack_tally_t));

    mutex.lock = &word;
    tally.mutex = &mutex;
    conf.tally = &tally;

    survey.max = 0;
    before = read_bytes();
    (void) look();
    first = read_bytes() - before;

    (void) append("", "#dev", body);

    before = read_bytes();
    (void) look();
    second = read_bytes() - before;

    conf.tally = NULL;

    if (before == -1) {
        tap_ok(1, "# skip /proc/self/io cannot be read");
        return;
    }

    tap_ok(survey.waiting == 5001 && survey.size > 10000000,
           "5,001 messages of 2 KB");
    tap_ok(first < survey.size / 10, "a survey reads a part of them");
    tap_ok(second < survey.size / 20, "the next one less");
}


int
main(void)
{
    setup();

    test_tally();
    test_changes();
    test_replayed(0);
    test_replayed(1);
    test_reads();

    ngx_destroy_pool(pool);

    return teardown();
}
