
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: what the SQLite engine tells operators.
 */

/* unit: core/ngx_slack_log.c core/ngx_slack_ledger_text.c
 *       core/ngx_slack_log_line.c core/ngx_slack_text_scrub.c
 *       outbox/ngx_slack_engine.c outbox/ngx_slack_turnstile.c
 *       outbox/ngx_slack_sqlite.c outbox/ngx_slack_sqlite_sql.c
 *       outbox/ngx_slack_sqlite_open.c outbox/ngx_slack_sqlite_log.c
 *       outbox/ngx_slack_sqlite_txn.c outbox/ngx_slack_sqlite_append.c
 *       outbox/ngx_slack_sqlite_letters.c outbox/ngx_slack_sqlite_purge.c
 *       outbox/ngx_slack_sqlite_count.c outbox/ngx_slack_tally.c
 *       outbox/ngx_slack_sqlite_survey.c outbox/ngx_slack_sqlite_steer.c
 * libs: -lsqlite3
 */


#include "outbox.h"


#define MINUTE  (60 * 1000)


static ngx_pool_t          *pool;
static ngx_slack_tally_t    tally;
static ngx_slack_survey_t   survey;


/* survey.max, survey.after_… are the caller's */

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


static ngx_slack_survey_letter_t *
letter(ngx_uint_t n)
{
    return (ngx_slack_survey_letter_t *) survey.letters.elts + n;
}


static void
test_channels(void)
{
    int64_t                      id, now;
    ngx_slack_standing_t         standing;
    ngx_slack_survey_channel_t  *ch;

    fresh();
    survey.max = 0;

    tap_ok(look() == NGX_OK && survey.channels.nelts == 0
           && survey.waiting == 0 && survey.dead == 0 && survey.size > 0,
           "a new outbox has nothing but a size");

    now = ngx_slack_clock_wall();

    skew = -20 * MINUTE;
    (void) append("", "#ops", "old");
    skew = -3 * MINUTE;
    (void) append("", "#ops", "younger");
    skew = 0;
    (void) append("", "#ops", "new");
    id = append("", "#dev", "dead");
    (void) settle(id, NGX_SLACK_LETTER_DEAD, 0, 1, "no");
    id = append("", "", "sent");
    (void) settle(id, NGX_SLACK_LETTER_SENT, 0, 1, "ok");

    tap_ok(look() == NGX_OK && survey.channels.nelts == 3
           && survey.waiting == 3 && survey.dead == 1, "all there is");

    ch = channel(0);
    tap_ok(ch->channel.len == 0 && ch->waiting == 0 && ch->dead == 0
           && ch->oldest == 0, "the webhook's own channel, all sent");

    ch = channel(1);
    tap_is(ch->channel.data, ch->channel.len, "#dev", "sorted by name");
    tap_is(ch->workspace.data, ch->workspace.len, "acme", "its workspace");
    tap_ok(ch->waiting == 0 && ch->dead == 1, "with a dead letter");

    ch = channel(2);
    tap_ok(ch->waiting == 3 && ch->dead == 0, "one with waiting messages");
    tap_ok(ch->oldest >= now - 20 * MINUTE && ch->oldest < now - 19 * MINUTE,
           "since when the oldest of them");
    tap_ok(ch->ages[0] == 1 && ch->ages[1] == 1 && ch->ages[2] == 0
           && ch->ages[3] == 1 && ch->ages[4] == 0 && ch->ages[5] == 0
           && ch->ages[6] == 0, "by age");
    tap_ok(ch->settled == 0 && ch->failures == 0 && ch->answer.len == 0
           && !ch->paused, "and no trouble");

    skew = (int64_t) 25 * 60 * MINUTE;
    (void) look();
    tap_ok(channel(2)->ages[6] == 3 && channel(2)->ages[0] == 0,
           "the next day all of them are old");
    skew = 0;

    standing.id = channel(2)->id;
    standing.not_before = 123456789012;
    standing.failures = 3;
    standing.answer = str("channel_is_archived");
    (void) conf.engine->settle(store, NULL, 0, &standing, 1);
    (void) look();

    ch = channel(2);
    tap_ok(ch->settled >= now && ch->not_before == 123456789012
           && ch->failures == 3, "trouble of a channel");
    tap_is(ch->answer.data, ch->answer.len, "channel_is_archived",
           "Slack's words");
}


static void
test_letters(void)
{
    int64_t                     id, first, died;
    ngx_uint_t                  i;
    ngx_slack_survey_letter_t  *l;

    fresh();

    first = append("", "#dev", "{\"text\":\"0\"}");

    for (i = 1; i < 5; i++) {
        (void) append("", "#dev", "{}");
    }

    /* three at one moment, then two later ones */

    for (i = 0; i < 3; i++) {
        (void) settle(first + i, NGX_SLACK_LETTER_DEAD, 0, 7, "HTTP 400");
    }

    died = ask("SELECT min(done) FROM message WHERE state = 2");
    (void) ask("UPDATE message SET done = (SELECT min(done) FROM message"
               " WHERE state = 2) WHERE state = 2 RETURNING 1");

    skew = MINUTE;
    (void) settle(first + 3, NGX_SLACK_LETTER_DEAD, 0, 1, "x");
    skew = 0;

    survey.max = 0;
    tap_ok(look() == NGX_OK && survey.letters.nelts == 0 && !survey.more,
           "no dead letters if none are wanted");

    survey.max = 2;
    survey.after_died = 0;
    survey.after_id = 0;
    tap_ok(look() == NGX_OK && survey.letters.nelts == 2 && survey.more
           && letter(0)->id == first + 3 && letter(1)->id == first + 2,
           "the newest first");

    survey.after_died = letter(1)->died;
    survey.after_id = letter(1)->id;
    tap_ok(look() == NGX_OK && survey.letters.nelts == 2 && !survey.more
           && letter(0)->id == first + 1 && letter(1)->id == first,
           "the next page, of letters that died at the same moment");

    l = letter(1);
    tap_ok(l->died == died && l->created > 0 && l->created <= died
           && l->attempts == 7, "times and attempts");
    tap_is(l->workspace.data, l->workspace.len, "acme", "workspace");
    tap_is(l->channel.data, l->channel.len, "#dev", "channel");
    tap_is(l->event.data, l->event.len, "push", "event");
    tap_is(l->project.data, l->project.len, "group/project", "project");
    tap_is(l->answer.data, l->answer.len, "HTTP 400", "answer");
    tap_is(l->envelope.data, l->envelope.len, "{\"username\":\"GitLab\"}",
           "envelope");
    tap_is(l->body.data, l->body.len, "{\"text\":\"0\"}", "body");

    id = l->id;
    survey.after_died = l->died;
    survey.after_id = id;
    tap_ok(look() == NGX_OK && survey.letters.nelts == 0 && !survey.more,
           "nothing after the last page");

    survey.after_died = 0;
    survey.after_id = 0;
}


static void
test_fate(void)
{
    int64_t               id;
    ngx_slack_fate_t      fate;
    ngx_slack_standing_t  standing;

    fresh();
    survey.max = 0;

    (void) append("", "#dev", "before");
    (void) append("", "#ops", "elsewhere");
    id = append("", "#dev", "it");
    (void) look();

    fate.id = id;
    tap_ok(conf.engine->fate(store, &fate) == NGX_OK
           && fate.state == NGX_SLACK_FATE_WAITING && fate.before == 1
           && fate.attempts == 0 && !fate.own && fate.answer[0] == '\0',
           "a message that waits behind another one");

    standing.id = channel(0)->id;
    standing.not_before = 42;
    standing.failures = 2;
    standing.answer = str("no_service");
    (void) conf.engine->settle(store, NULL, 0, &standing, 1);

    tap_ok(conf.engine->fate(store, &fate) == NGX_OK && !fate.own
           && fate.settled > 0 && fate.not_before == 42 && fate.failures == 2
           && strcmp(fate.answer, "no_service") == 0,
           "its channel was refused");

    (void) settle(id, NGX_SLACK_LETTER_RETRY, 1, 3, "HTTP 500");
    tap_ok(conf.engine->fate(store, &fate) == NGX_OK && fate.own
           && fate.state == NGX_SLACK_FATE_WAITING && fate.attempts == 3
           && strcmp(fate.answer, "HTTP 500") == 0, "it was refused itself");

    (void) settle(id, NGX_SLACK_LETTER_DEAD, 0, 4, "HTTP 400");
    tap_ok(conf.engine->fate(store, &fate) == NGX_OK
           && fate.state == NGX_SLACK_FATE_DEAD
           && strcmp(fate.answer, "HTTP 400") == 0, "it is dead");

    fate.id = id - 2;
    (void) settle(fate.id, NGX_SLACK_LETTER_SENT, 0, 1, "HTTP 200 \"ok\"");
    tap_ok(conf.engine->fate(store, &fate) == NGX_OK
           && fate.state == NGX_SLACK_FATE_SENT && fate.before == 0
           && strcmp(fate.answer, "HTTP 200 \"ok\"") == 0, "one that is sent");

    fate.id = 12345;
    tap_ok(conf.engine->fate(store, &fate) == NGX_DECLINED,
           "one that there is not");
}


/* what the engine counts with, and without, what it counted before */

static int
same(const char *what)
{
    char                         sql[256];
    ngx_uint_t                   i, k, n;
    ngx_slack_survey_channel_t  *ch;
    struct {
        int64_t                  id;
        ngx_uint_t               waiting;
        ngx_uint_t               ages[NGX_SLACK_SURVEY_AGES];
    } found[ROOM];

    if (look() != NGX_OK || survey.channels.nelts > ROOM) {
        printf("# %s: no survey\n", what);
        return 0;
    }

    ch = survey.channels.elts;
    n = survey.channels.nelts;

    for (i = 0; i < n; i++) {
        (void) snprintf(sql, sizeof(sql), "SELECT count(*) FROM message WHERE"
                        " destination = %lld AND state = 0",
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

        found[i].id = ch[i].id;
        found[i].waiting = ch[i].waiting;
        ngx_memcpy(found[i].ages, ch[i].ages, sizeof(ch[i].ages));
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


static void
test_tally(void)
{
    int64_t                ids[400], counted;
    unsigned int           seed;
    ngx_uint_t             i, n, wrong, anew;
    ngx_slack_scope_t      scope;
    ngx_slack_selection_t  sel;

    static const char  *channels[] = { "#dev", "#ops", "#qa", "" };

    fresh();
    survey.max = 0;
    seed = 7;
    wrong = 0;
    n = 0;

    ngx_memzero(&tally, sizeof(ngx_slack_tally_t));
    ngx_memzero(&scope, sizeof(ngx_slack_scope_t));
    conf.tally = &tally;
    still = ngx_slack_clock_wall();

    tap_ok(same("nothing") && tally.valid, "the counts of nothing");

    /* days pass meanwhile; nothing but what is settled ever goes */

    counted = tally.counts.counted;

    for (i = 0; i < 400; i++) {
        skew += rand_r(&seed) % 1000;

        ids[n++] = append("", channels[rand_r(&seed) % 4], "{}");

        if (rand_r(&seed) % 3 == 0) {
            (void) settle(ids[(ngx_uint_t) rand_r(&seed) % n],
                          rand_r(&seed) % 4 ? NGX_SLACK_LETTER_SENT
                                            : NGX_SLACK_LETTER_DEAD,
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

    ngx_memzero(&sel, sizeof(ngx_slack_selection_t));
    sel.ids = ids;
    sel.n = 20;
    sel.waiting = 1;
    (void) conf.engine->drop(store, &sel);
    tap_ok(sel.count > 0 && same("dropped"), "some are dropped");

    ngx_memzero(&sel, sizeof(ngx_slack_selection_t));
    scope.workspace = str("acme");
    scope.channel = str("#ops");
    sel.scope = &scope;
    (void) conf.engine->replay(store, &sel);
    tap_ok(sel.count > 0 && same("replayed"), "dead letters are replayed");

    /* another instance of nginx leads: nobody notes what it settles */

    conf.tally = NULL;

    for (i = 40; i < 80; i++) {
        (void) settle(ids[i], i % 2 ? NGX_SLACK_LETTER_SENT
                                    : NGX_SLACK_LETTER_DEAD, 0, 1, "x");
    }

    conf.tally = &tally;
    tap_ok(same("elsewhere"), "settled by another leader");

    conf.tally = NULL;
    (void) settle(ids[100], NGX_SLACK_LETTER_SENT, 0, 1, "x");
    (void) settle(ids[101], NGX_SLACK_LETTER_SENT, 0, 1, "x");
    conf.tally = &tally;
    (void) settle(ids[102], NGX_SLACK_LETTER_DEAD, 0, 1, "x");
    tap_ok(same("killed"), "a leader that was killed before its note");

    /* more than are kept */

    for (i = 0; i < 400; i++) {
        (void) append("", "#dev", "{}");
    }

    (void) same("many");
    tally.counts.mark.settled -= NGX_SLACK_TALLY_SETTLEMENTS + 1;
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


/* ids tell the age also where times do not */

static void
test_replayed(void)
{
    int64_t                      id, first, now;
    ngx_uint_t                   i;
    ngx_slack_selection_t        sel;
    ngx_slack_survey_channel_t  *ch;

    fresh();
    survey.max = 0;

    ngx_memzero(&sel, sizeof(ngx_slack_selection_t));
    sel.n = 1;
    sel.ids = &id;

    skew = -120 * MINUTE;
    first = 0;

    for (i = 0; i < 400; i++) {
        id = append("", "#dev", "{}");
        first = first ? first : id;

        if (i < 100) {
            (void) settle(id, NGX_SLACK_LETTER_DEAD, 0, 1, "no");
        }
    }

    skew = 0;
    now = ngx_slack_clock_wall();

    for (i = 0; i < 100; i++) {
        id = first + (int64_t) i;
        (void) conf.engine->replay(store, &sel);
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
    FILE       *f;
    long long   n;

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
    char                body[2000];
    long long           before, first, second;
    ngx_uint_t          i;
    ngx_slack_entry_t   entries[500];
    ngx_slack_record_t  records[500];

    fresh();
    survey.max = 0;

    ngx_memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';

    for (i = 0; i < 500; i++) {
        entry_init(&entries[i], &records[i], "", "#dev", body);
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


/* a file of the version before this one */

static void
test_older(void)
{
    fresh();

    (void) append("", "#dev", "of before");
    conf.engine->destroy(store);
    store = NULL;

    (void) ask("DROP INDEX message_dead");
    (void) ask("DROP TABLE pause");
    (void) ask("DROP TABLE steering");

    reopen();

    tap_ok(look() == NGX_OK && survey.waiting == 1,
           "a file of an older version gets what it lacks");
    tap_ok(append("", "#dev", "of now") > 0 && consistent()
           && ask("SELECT user_version FROM pragma_user_version") == 1,
           "and stays one that older versions read");
}


static void
test_broken(void)
{
    ngx_slack_fate_t  fate;

    fresh();
    (void) append("", "#dev", "x");
    reopen();

    remove_tree(dir);

    fate.id = 1;
    tap_ok(look() == NGX_ERROR
           && conf.engine->fate(store, &fate) == NGX_ERROR,
           "without a directory it is an error");

    (void) mkdir(dir, 0700);
    tap_ok(look() == NGX_OK, "until there is one");
}


int
main(void)
{
    setup();

    test_channels();
    test_letters();
    test_fate();
    test_tally();
    test_replayed();
    test_reads();
    test_older();
    test_broken();

    ngx_destroy_pool(pool);

    return teardown();
}
