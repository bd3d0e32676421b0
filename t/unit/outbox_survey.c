
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: what the SQLite engine tells operators.
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


#define MINUTE  (60 * 1000)


static ngx_pool_t          *pool;
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


static ngx_slack_survey_dead_letter_t *
message(ngx_uint_t n)
{
    return (ngx_slack_survey_dead_letter_t *) survey.dead_letters.elts + n;
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
    (void) settle(id, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    id = append("", "", "sent");
    (void) settle(id, NGX_SLACK_SETTLE_SENT, 0, 1, "ok");

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
           && !ch->paused, "and no error");

    skew = (int64_t) 25 * 60 * MINUTE;
    (void) look();
    tap_ok(channel(2)->ages[6] == 3 && channel(2)->ages[0] == 0,
           "the next day all of them are old");
    skew = 0;

    ngx_memzero(&standing, sizeof(ngx_slack_standing_t));
    standing.id = channel(2)->id;
    standing.not_before = 123456789012;
    standing.failures = 3;
    standing.answer = str("channel_is_archived");
    (void) settle_all(NULL, 0, &standing, 1);
    (void) look();

    ch = channel(2);
    tap_ok(ch->settled >= now && ch->not_before == 123456789012
           && ch->failures == 3, "an error of a channel");
    tap_is(ch->answer.data, ch->answer.len, "channel_is_archived",
           "Slack's words");
}


static void
test_dead_letters(void)
{
    int64_t                          id, first, died;
    ngx_uint_t                       i;
    ngx_slack_survey_dead_letter_t  *l;

    fresh();

    first = append("", "#dev", "{\"text\":\"0\"}");

    for (i = 1; i < 5; i++) {
        (void) append("", "#dev", "{}");
    }

    /* three at one moment, then two later ones */

    for (i = 0; i < 3; i++) {
        (void) settle(first + i, NGX_SLACK_SETTLE_DEAD, 0, 7, "HTTP 400");
    }

    died = ask("SELECT min(done) FROM message WHERE state = 2");
    (void) ask("UPDATE message SET done = (SELECT min(done) FROM message"
               " WHERE state = 2) WHERE state = 2 RETURNING 1");

    skew = MINUTE;
    (void) settle(first + 3, NGX_SLACK_SETTLE_DEAD, 0, 1, "x");
    skew = 0;

    survey.max = 0;
    tap_ok(look() == NGX_OK && survey.dead_letters.nelts == 0 && !survey.more,
           "no dead letters if none are wanted");

    survey.max = 2;
    survey.after_died = 0;
    survey.after_id = 0;
    tap_ok(look() == NGX_OK && survey.dead_letters.nelts == 2 && survey.more
           && message(0)->id == first + 3 && message(1)->id == first + 2,
           "the newest first");

    survey.after_died = message(1)->died;
    survey.after_id = message(1)->id;
    tap_ok(look() == NGX_OK && survey.dead_letters.nelts == 2 && !survey.more
           && message(0)->id == first + 1 && message(1)->id == first,
           "the next page, of those that died at the same moment");

    l = message(1);
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
    tap_ok(look() == NGX_OK && survey.dead_letters.nelts == 0 && !survey.more,
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

    ngx_memzero(&standing, sizeof(ngx_slack_standing_t));
    standing.id = channel(0)->id;
    standing.not_before = 42;
    standing.failures = 2;
    standing.answer = str("no_service");
    (void) settle_all(NULL, 0, &standing, 1);

    tap_ok(conf.engine->fate(store, &fate) == NGX_OK && !fate.own
           && fate.settled > 0 && fate.not_before == 42 && fate.failures == 2
           && strcmp(fate.answer, "no_service") == 0,
           "its channel was refused");

    (void) settle(id, NGX_SLACK_SETTLE_RETRY, 1, 3, "HTTP 500");
    tap_ok(conf.engine->fate(store, &fate) == NGX_OK && fate.own
           && fate.state == NGX_SLACK_FATE_WAITING && fate.attempts == 3
           && strcmp(fate.answer, "HTTP 500") == 0, "it was refused itself");

    (void) settle(id, NGX_SLACK_SETTLE_DEAD, 0, 4, "HTTP 400");
    tap_ok(conf.engine->fate(store, &fate) == NGX_OK
           && fate.state == NGX_SLACK_FATE_DEAD
           && strcmp(fate.answer, "HTTP 400") == 0, "it is dead");

    fate.id = id - 2;
    (void) settle(fate.id, NGX_SLACK_SETTLE_SENT, 0, 1, "HTTP 200 \"ok\"");
    tap_ok(conf.engine->fate(store, &fate) == NGX_OK
           && fate.state == NGX_SLACK_FATE_SENT && fate.before == 0
           && strcmp(fate.answer, "HTTP 200 \"ok\"") == 0, "one that is sent");

    fate.id = 12345;
    tap_ok(conf.engine->fate(store, &fate) == NGX_DECLINED,
           "one that there is not");
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

    tap_ok(lead(store) == NGX_OK && look() == NGX_OK
           && survey.waiting == 1,
           "a file of an older version gets what it lacks");
    tap_ok(append("", "#dev", "of now") > 0 && consistent()
           && ask("SELECT user_version FROM pragma_user_version") == 1,
           "and stays one that older versions read");
}


static ngx_int_t
count_unserved(ngx_slack_unserved_t *unserved, void *data)
{
    ngx_uint_t  *counts = data;

    counts[0]++;
    counts[1] += unserved->n;

    return NGX_OK;
}


/* the channels that were told of, ten times, and their messages */

static ngx_uint_t
unserved(void)
{
    ngx_uint_t  counts[2];

    counts[0] = 0;
    counts[1] = 0;

    if (conf.engine->unserved(store, count_unserved, counts) != NGX_OK) {
        return 1000;
    }

    return counts[0] * 10 + counts[1];
}


static ngx_uint_t
survey_says(const char *channel)
{
    ngx_uint_t                   i;
    ngx_slack_survey_channel_t  *ch;

    if (look() != NGX_OK) {
        return 1000;
    }

    ch = survey.channels.elts;

    for (i = 0; i < survey.channels.nelts; i++) {
        if (ch[i].channel.len == strlen(channel)
            && memcmp(ch[i].channel.data, channel, ch[i].channel.len) == 0)
        {
            return ch[i].unserved;
        }
    }

    return 1000;
}


static void
test_served(void)
{
    ngx_slack_served_t  endpoints[3];

    fresh();

    (void) append("", "#dev", "x");
    (void) append("", "#dev", "x");
    (void) append("", "ops", "x");
    (void) append("", "", "x");

    tap_ok(unserved() == 0 && survey_says("#dev") == 0,
           "before anybody has led nothing is known");

    ngx_memzero(endpoints, sizeof(endpoints));

    endpoints[0].workspace = str("other");
    endpoints[0].any = 1;

    tap_ok(serve(endpoints, 1) == NGX_OK
           && unserved() == 34 && survey_says("#dev") == 1
           && survey_says("") == 1,
           "a leader without the workspace");

    endpoints[1].workspace = str("acme");
    endpoints[1].channel = str("dev");
    endpoints[2].workspace = str("acme");
    endpoints[2].channel = str("ops");

    tap_ok(serve(endpoints, 3) == NGX_OK
           && unserved() == 11 && survey_says("#dev") == 0
           && survey_says("ops") == 0 && survey_says("") == 1,
           "one with a webhook for some channels");

    endpoints[1].channel = str("");

    tap_ok(serve(endpoints + 1, 1) == NGX_OK
           && unserved() == 23 && survey_says("") == 0
           && survey_says("#dev") == 1,
           "one with a webhook for its own channel only");

    endpoints[1].any = 1;

    tap_ok(serve(endpoints + 1, 1) == NGX_OK
           && unserved() == 11 && survey_says("") == 1,
           "one with an endpoint for all that have a name");

    endpoints[2].channel = str("");

    tap_ok(serve(endpoints + 1, 2) == NGX_OK
           && unserved() == 0 && survey_says("") == 0,
           "and one for that without");

    tap_ok(serve(endpoints, 1) == NGX_OK
           && unserved() == 34, "and one without it again");

    (void) ask("UPDATE message SET state = 1");
    tap_ok(unserved() == 0 && survey_says("#dev") == 0,
           "where nothing waits there is nothing to tell");
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
    test_dead_letters();
    test_fate();
    test_older();
    test_served();
    test_broken();

    ngx_destroy_pool(pool);

    return teardown();
}
