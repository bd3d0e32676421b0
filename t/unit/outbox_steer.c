
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: what operators do to it by way of the SQLite engine.
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


#define HOUR  ((int64_t) 3600 * 1000)


static ngx_uint_t               told;
static ngx_slack_outbox_channel_t  last_told;
static int64_t                  newest;


static ngx_int_t
tell(ngx_slack_outbox_channel_t *dest, void *data)
{
    told++;
    last_told = *dest;

    return NGX_OK;
}


/* how many channels are told, as a leader asks */

static ngx_uint_t
ask_destinations(void)
{
    told = 0;

    return (conf.engine->channels(store, &newest, tell, NULL) == NGX_OK)
           ? told : 999;
}


static ngx_slack_scope_t *
scope(const char *workspace, const char *channel)
{
    static ngx_slack_scope_t  sc;

    sc.workspace = str(workspace);
    sc.whole = (channel == NULL);

    if (channel) {
        sc.channel = str(channel);

    } else {
        ngx_str_null(&sc.channel);
    }

    return &sc;
}


static int64_t
dead(const char *channel)
{
    int64_t  id;

    id = append("", channel, "dead");
    (void) settle(id, NGX_SLACK_SETTLE_DEAD, 0, 5, "HTTP 400 \"no_text\"");

    return id;
}


static ngx_int_t
replay(int64_t *ids, ngx_uint_t n, ngx_slack_scope_t *sc, ngx_uint_t *count)
{
    ngx_int_t          rc;
    ngx_slack_steer_t  sel;

    ngx_memzero(&sel, sizeof(ngx_slack_steer_t));

    sel.ids = ids;
    sel.n = n;
    sel.scope = sc;

    rc = steer(&sel, NGX_SLACK_STEER_REPLAY);

    *count = sel.count;

    return rc;
}


static void
test_replay(void)
{
    int64_t                      ids[4], now;
    ngx_uint_t                   n, count;
    ngx_slack_waiting_message_t  messages[ROOM];

    fresh();
    newest = 0;

    ids[0] = dead("#dev");
    ids[1] = dead("#dev");
    ids[2] = append("", "#dev", "waits");
    ids[3] = 12345;

    (void) ask_destinations();
    tap_ok(ask_destinations() == 0, "all destinations are told");

    skew = HOUR;
    now = ngx_slack_clock_wall();

    tap_ok(replay(ids, 4, NULL, &count) == NGX_OK && count == 2,
           "two of these are dead letters");
    tap_ok(waiting() == 3 && consistent(), "they wait again");

    skew = 0;

    tap_ok(ask_destinations() == 1, "their channel is told once more");
    tap_ok(ask_destinations() == 0, "but not twice");

    n = ROOM;
    tap_ok(conf.engine->messages(store, last_told.id, messages, &n) == NGX_OK
           && n == 3 && messages[0].id == ids[0] && messages[1].id == ids[1],
           "in their places");
    tap_ok(messages[0].attempts == 0 && messages[0].due == 0
           && messages[0].created >= now, "with fresh attempts and time");
    tap_is(messages[0].body.data, messages[0].body.len, "dead",
           "as they were");

    while (n--) {
        free(messages[n].envelope.data);
    }

    tap_ok(replay(ids, 4, NULL, &count) == NGX_OK && count == 0,
           "the same once more does nothing");
}


static void
test_scopes(void)
{
    ngx_uint_t  count;

    fresh();

    (void) dead("#dev");
    (void) dead("#dev");
    (void) dead("#ops");
    (void) dead("");

    tap_ok(replay(NULL, 0, scope("other", NULL), &count) == NGX_OK
           && count == 0, "none of another workspace");
    tap_ok(replay(NULL, 0, scope("acme", "#qa"), &count) == NGX_OK
           && count == 0, "none of another channel");
    tap_ok(replay(NULL, 0, scope("acme", ""), &count) == NGX_OK
           && count == 1, "that of the webhook's own channel");
    tap_ok(replay(NULL, 0, scope("acme", "#dev"), &count) == NGX_OK
           && count == 2, "those of a channel");
    tap_ok(replay(NULL, 0, scope("acme", NULL), &count) == NGX_OK
           && count == 1, "those of a workspace");

    (void) dead("#ops");
    tap_ok(replay(NULL, 0, NULL, &count) == NGX_OK && count == 1, "all");
    tap_ok(waiting() == 5 && consistent(), "all of them wait");
}


static void
test_many(void)
{
    int64_t     id;
    ngx_uint_t  i, count;

    fresh();

    for (i = 0; i < 700; i++) {
        (void) append("", "#dev", "x");
    }

    id = ask("SELECT max(id) FROM message");
    (void) ask("UPDATE message SET state = 2, done = 1 WHERE id < (SELECT"
               " max(id) FROM message) RETURNING 1");
    (void) ask("UPDATE counter SET settled = settled + 699 RETURNING 1");
    reopen();

    conf.max = 500;
    tap_ok(replay(NULL, 0, NULL, &count) == NGX_BUSY && count == 499
           && waiting() == 500, "as many as the outbox holds");
    tap_ok(ask("SELECT max(id) FROM message WHERE state = 0 AND id <> (SELECT"
               " max(id) FROM message)")
           == id - 699 + 498, "the oldest of them");

    conf.max = 100000;
    tap_ok(replay(NULL, 0, NULL, &count) == NGX_OK && count == 200
           && waiting() == 700 && consistent(), "and the others later");
}


static void
test_drop(void)
{
    int64_t            ids[2];
    ngx_slack_steer_t  sel;

    fresh();

    ids[0] = append("", "#dev", "waits");
    ids[1] = dead("#dev");

    ngx_memzero(&sel, sizeof(ngx_slack_steer_t));

    sel.ids = ids;
    sel.n = 2;

    tap_ok(steer(&sel, NGX_SLACK_STEER_DROP) == NGX_OK && sel.count == 1
           && ask("SELECT count(*) FROM message WHERE state = 1"
                  " AND answer = 'dropped' AND length(body) = 0") == 1
           && waiting() == 1, "a dead letter is dropped, what waits is not");

    sel.waiting = 1;
    tap_ok(steer(&sel, NGX_SLACK_STEER_DROP) == NGX_OK && sel.count == 1
           && waiting() == 0 && consistent(), "unless that is wanted");
    tap_ok(settle(ids[0], NGX_SLACK_SETTLE_DEAD, 0, 1, "x") == NGX_OK
           && waiting() == 0 && consistent(),
           "what delivery says of it later changes nothing");

    skew = 2 * HOUR;
    (void) append("", "#dev", "newer");
    tap_ok(conf.engine->purge(store) == NGX_OK
           && ask("SELECT count(*) FROM message") == 1,
           "they are forgotten as sent ones are");
    skew = 0;

    (void) dead("#dev");
    sel.ids = NULL;
    sel.waiting = 0;
    tap_ok(steer(&sel, NGX_SLACK_STEER_DROP) == NGX_OK && sel.count == 1
           && waiting() == 1, "all dead letters");
}


static void
test_pause(void)
{
    int64_t     now;
    ngx_uint_t  paused;

    fresh();
    newest = 0;

    (void) append("", "#dev", "x");
    (void) ask_destinations();
    tap_ok(!last_told.paused && last_told.paused_until == 0
           && last_told.tried == 0, "a channel is not paused");

    now = ngx_slack_clock_wall();

    tap_ok(mark(NGX_SLACK_STEER_PAUSE, scope("acme", "#dev"), &paused)
           == NGX_OK
           && paused, "it is paused");
    tap_ok(ask_destinations() == 1 && last_told.paused,
           "delivery is told");

    reopen();
    newest = 0;
    (void) ask_destinations();
    tap_ok(last_told.paused, "also the next one that delivers");

    (void) append("", "#ops", "x");
    tap_ok(ask_destinations() == 1 && !last_told.paused, "others go on");

    skew = HOUR;
    (void) mark(NGX_SLACK_STEER_PAUSE, scope("acme", "#dev"), &paused);
    tap_ok(ask("SELECT count(*) FROM pause") == 1
           && ask("SELECT since FROM pause") < now + HOUR / 2,
           "once more changes nothing");

    tap_ok(mark(NGX_SLACK_STEER_PAUSE, scope("acme", NULL), &paused) == NGX_OK
           && paused, "the workspace is paused, too");
    tap_ok(ask_destinations() == 2 && last_told.paused, "with all channels");

    tap_ok(mark(NGX_SLACK_STEER_RESUME, scope("acme", "#dev"), &paused)
           == NGX_OK && paused, "a channel of it stays paused then");

    tap_ok(mark(NGX_SLACK_STEER_RESUME, scope("acme", NULL), &paused) == NGX_OK
           && !paused, "it is resumed");

    (void) ask("DELETE FROM message WHERE id = (SELECT max(id) FROM message)"
               " RETURNING 1");
    reopen();
    newest = 0;
    (void) ask_destinations();
    tap_ok(!last_told.paused && last_told.paused_since >= now
           && last_told.paused_until >= now + HOUR
           && last_told.tried >= now + HOUR,
           "delivery knows how long it was paused");

    skew = 2 * HOUR;
    (void) mark(NGX_SLACK_STEER_RESUME, scope("acme", "#dev"), &paused);
    (void) ask_destinations();
    tap_ok(!paused && last_told.paused_until < now + 2 * HOUR
           && last_told.tried >= now + 2 * HOUR,
           "resuming what is not paused wants a try");

    (void) mark(NGX_SLACK_STEER_PAUSE, scope("acme", NULL), &paused);
    skew = 3 * HOUR;
    tap_ok(mark(NGX_SLACK_STEER_NUDGE, scope("acme", NULL), &paused) == NGX_OK
           && paused, "what is paused stays so when a try is wanted");
    (void) ask_destinations();
    tap_ok(last_told.paused && last_told.tried >= now + 3 * HOUR,
           "that is told");
    (void) mark(NGX_SLACK_STEER_RESUME, scope("acme", NULL), &paused);

    skew = (int64_t) 100 * 24 * HOUR;
    (void) mark(NGX_SLACK_STEER_RESUME, scope("acme", "#ops"), &paused);
    tap_ok(ask("SELECT count(*) FROM pause") == 1,
           "pauses of long ago are forgotten");
    skew = 0;
}


int
main(void)
{
    setup();

    test_replay();
    test_scopes();
    test_many();
    test_drop();
    test_pause();

    return teardown();
}
