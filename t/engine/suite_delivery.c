
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: what delivery reads, settles and forgets.
 */


#include "suite.h"


static void
test_channels(void)
{
    int64_t  last, dev;

    last = 0;

    check(tell(outbox, &last) == 0, "an empty outbox has none");

    (void) append("", "#dev", "1");
    (void) append("", "#ops", "2");

    last = 0;
    check(tell(outbox, &last) == 2 && told_of("acme/#dev")
          && told_of("acme/#ops"), "each with a waiting message");
    check(!told[0].as.paused && told[0].as.not_before == 0
          && told[0].as.failures == 0 && told[0].as.settled == 0
          && told[0].as.paused_until == 0 && told[0].as.tried == 0,
          "of which nothing is known");

    dev = told_of("acme/#dev")->id;

    check(tell(outbox, &last) == 0, "are told once");

    (void) append("", "#dev", "3");

    check(tell(outbox, &last) == 1 && told[0].id == dev,
          "what came since, by the same id");

    reopen();

    check(tell(outbox, &last) >= 0 && channel_id("acme/#dev") == dev,
          "which stays");
}


static void
test_messages(void)
{
    int64_t  ids[3];

    ids[0] = append("", "#dev", "1");
    ids[1] = append("", "#dev", "2");
    (void) append("", "#ops", "3");
    ids[2] = append("", "#dev", "4");

    check(wait_of("acme/#dev", ROOM) == 3 && messages[0].id == ids[0]
          && messages[1].id == ids[1] && messages[2].id == ids[2],
          "the oldest first");
    check(wait_of("acme/#dev", 2) == 2 && messages[0].id == ids[0]
          && messages[1].id == ids[1], "no more than asked for");
    check(wait_of("acme/#nobody", ROOM) == 0, "of an unknown channel none");
}


static void
test_settle(void)
{
    int64_t                 ids[3], due;
    ngx_slack_settlement_t  st[3];

    ngx_memzero(st, sizeof(st));

    ids[0] = append("", "#dev", "sent");
    ids[1] = append("", "#dev", "again");
    ids[2] = append("", "#dev", "dead");

    due = ngx_slack_clock_wall() + MINUTE;

    ngx_memzero(st, sizeof(st));

    st[0].id = ids[0];
    st[0].outcome = NGX_SLACK_SETTLE_SENT;
    st[0].attempts = 1;
    st[0].answer = str("ok");
    st[1].id = ids[1];
    st[1].outcome = NGX_SLACK_SETTLE_RETRY;
    st[1].due = due;
    st[1].attempts = 2;
    st[1].answer = str("timed out");
    st[2].id = ids[2];
    st[2].outcome = NGX_SLACK_SETTLE_DEAD;
    st[2].attempts = 3;
    st[2].answer = str("channel_not_found");

    check(settle_all(st, 3, NULL, 0) == NGX_OK, "three outcomes at once");

    check(wait_of("acme/#dev", ROOM) == 1 && messages[0].id == ids[1]
          && messages[0].due == due && messages[0].attempts == 2
          && is(&messages[0].body, "again"), "what is tried again waits");

    check(fate_of(ids[0]) == NGX_SLACK_FATE_SENT && fate.attempts == 1,
          "what was sent does not");
    check(fate_of(ids[2]) == NGX_SLACK_FATE_DEAD && fate.attempts == 3
          && fate.own && strcmp(fate.answer, "channel_not_found") == 0,
          "nor what is dead");

    st[0].outcome = NGX_SLACK_SETTLE_DEAD;
    st[2].outcome = NGX_SLACK_SETTLE_RETRY;

    check(settle_all(st, 3, NULL, 0) == NGX_OK
          && fate_of(ids[0]) == NGX_SLACK_FATE_SENT
          && fate_of(ids[2]) == NGX_SLACK_FATE_DEAD
          && wait_of("acme/#dev", ROOM) == 1, "each is settled once");

    check(settle(ids[2] + 1000, NGX_SLACK_SETTLE_SENT, 0, 1, "") == NGX_OK
          && look(0) == NGX_OK && survey.waiting == 1 && survey.dead == 1,
          "one that was never there changes nothing");
}


static void
test_standing(void)
{
    int64_t               now, last;
    ngx_slack_standing_t  standing;

    (void) append("", "#dev", "1");

    now = ngx_slack_clock_wall();

    last = 0;
    check(tell(outbox, &last) == 1 && told[0].handle[0] == '\0',
          "no handle is known at first");

    ngx_memzero(&standing, sizeof(ngx_slack_standing_t));

    standing.id = channel_id("acme/#dev");
    standing.not_before = now + HOUR;
    standing.failures = 5;
    standing.answer = str("ratelimited");
    standing.handle = str("C024BE91L");

    check(settle_all(NULL, 0, &standing, 1) == NGX_OK, "of a channel");

    /* a handle stays until another one is settled */

    ngx_str_null(&standing.handle);

    check(settle_all(NULL, 0, &standing, 1) == NGX_OK, "and once more");

    reopen();

    last = 0;
    check(tell(outbox, &last) == 1 && told[0].as.not_before == now + HOUR
          && told[0].as.failures == 5 && told[0].as.settled >= now
          && told[0].as.settled < now + MINUTE, "is told to the next leader");
    check(strcmp(told[0].handle, "C024BE91L") == 0, "so is the handle");
    check(look(0) == NGX_OK && surveyed("acme/#dev")
          && is(&surveyed("acme/#dev")->answer, "ratelimited")
          && surveyed("acme/#dev")->failures == 5
          && surveyed("acme/#dev")->not_before == now + HOUR,
          "and to operators");
}


static ngx_int_t
purge_all(void)
{
    ngx_int_t   rc;
    ngx_uint_t  i;

    rc = NGX_AGAIN;

    for (i = 0; rc == NGX_AGAIN && i < 100; i++) {
        rc = ngx_slack_outbox_purge(outbox);
    }

    return rc;
}


static void
test_purge(void)
{
    int64_t  sent, failed, waits;

    sent = append("key", "#dev", "1");
    (void) settle(sent, NGX_SLACK_SETTLE_SENT, 0, 1, "ok");
    failed = dead("#dev", "2");
    waits = append("", "#dev", "3");

    check(ngx_slack_outbox_purge(outbox) == NGX_OK
          && fate_of(sent) == NGX_SLACK_FATE_SENT
          && fate_of(failed) == NGX_SLACK_FATE_DEAD, "not at once");

    skew = (int64_t) conf.keep_sent * 1000 - MINUTE;
    check(ngx_slack_outbox_purge(outbox) == NGX_OK
          && fate_of(sent) == NGX_SLACK_FATE_SENT, "not before keep_sent");

    skew += 2 * MINUTE;
    check(ngx_slack_outbox_purge(outbox) == NGX_OK && fate_of(sent) == -1
          && fate_of(failed) == NGX_SLACK_FATE_DEAD, "what was sent");

    skew = (int64_t) conf.keep_failed * 1000 - MINUTE;
    check(ngx_slack_outbox_purge(outbox) == NGX_OK
          && fate_of(failed) == NGX_SLACK_FATE_DEAD, "not before keep_failed");

    skew += 2 * MINUTE;
    check(ngx_slack_outbox_purge(outbox) == NGX_OK && fate_of(failed) == -1,
          "what is dead");

    skew *= 10;
    check(ngx_slack_outbox_purge(outbox) == NGX_OK
          && fate_of(waits) == NGX_SLACK_FATE_WAITING
          && wait_of("acme/#dev", ROOM) == 1, "never what waits");
    check(append("key", "#dev", "4") > waits, "the key is forgotten, too");
}


/* what of a channel is no message, thread or pause is not worth keeping */

static void
test_purge_channels(void)
{
    int64_t                   id;
    ngx_slack_entry_t         entry;
    ngx_slack_outbox_t       *other;
    ngx_slack_new_message_t   message;

    conf.keep_failed = 30 * 24 * 3600;

    other = another();

    entry_init(&entry, &message, "", "#idle", "1");
    check(append_entries(other, &entry, 1) == NGX_OK && entry.id != 0
          && settle(entry.id, NGX_SLACK_SETTLE_SENT, 0, 1, "ok") == NGX_OK,
          "another process stores");

    (void) append("", "#waits", "1");
    (void) dead("#dead", "1");
    (void) shown("mr", 10, "h");

    id = append("", "#paused", "1");
    (void) settle(id, NGX_SLACK_SETTLE_SENT, 0, 1, "ok");
    check(mark(NGX_SLACK_STEER_PAUSE, "acme", "#paused") == 1, "is paused");

    skew = (int64_t) (NGX_SLACK_OUTBOX_IDLE - 3600) * 1000;
    check(purge_all() == NGX_OK && look(0) == NGX_OK
          && surveyed("acme/#idle") != NULL, "not before seven days");

    skew += 2 * HOUR;
    check(purge_all() == NGX_OK && look(0) == NGX_OK
          && surveyed("acme/#idle") == NULL, "one without messages goes");
    check(surveyed("acme/#waits") && surveyed("acme/#dead")
          && surveyed("acme/#paused"), "others stay");

    entry_init(&entry, &message, "", "#idle", "2");
    check(append_entries(other, &entry, 1) == NGX_OK && entry.id != 0
          && wait_of("acme/#idle", ROOM) == 1
          && is(&messages[0].body, "2") && look(0) == NGX_OK
          && surveyed("acme/#idle")->waiting == 1,
          "it comes again, also for who knew it");

    check(append("", "#idle", "3") != 0 && wait_of("acme/#idle", ROOM) == 2,
          "and is one");

    ngx_slack_outbox_close(other);
}


static void
test_purge_many(void)
{
    int64_t                 first;
    ngx_int_t               rc;
    ngx_uint_t              i, n;
    ngx_slack_settlement_t  st[250];

    ngx_memzero(st, sizeof(st));

    for (i = 0; i < 250; i++) {
        st[i].id = append("", "#dev", "1");
        st[i].outcome = NGX_SLACK_SETTLE_SENT;
    }

    first = st[0].id;

    (void) append("", "#dev", "waits");

    check(settle_all(st, 250, NULL, 0) == NGX_OK, "many were sent");

    skew = (int64_t) conf.keep_sent * 1000 + MINUTE;

    check(ngx_slack_outbox_purge(outbox) == NGX_AGAIN
          && fate_of(st[249].id) == NGX_SLACK_FATE_SENT,
          "a part of them at a time");

    for (n = 1; n < 10; n++) {
        rc = ngx_slack_outbox_purge(outbox);

        if (rc != NGX_AGAIN) {
            break;
        }
    }

    check(rc == NGX_OK && n < 5 && fate_of(first) == -1
          && fate_of(st[249].id) == -1 && wait_of("acme/#dev", ROOM) == 1,
          "and all in the end");
}


/* how many messages wait there for whom nobody delivers; 0: for nobody */

typedef struct {
    ngx_uint_t                  channels;
    ngx_uint_t                  messages;
    ngx_uint_t                  ops;
} unserved_t;


static ngx_int_t
count_unserved(ngx_slack_unserved_t *unserved, void *data)
{
    unserved_t  *u = data;

    u->channels++;
    u->messages += unserved->n;

    if (is(&unserved->workspace, "acme") && is(&unserved->channel, "#ops")) {
        u->ops = unserved->n;
    }

    return NGX_OK;
}


static ngx_int_t
stop_unserved(ngx_slack_unserved_t *unserved, void *data)
{
    return NGX_ERROR;
}


static unserved_t
unserved_by(ngx_slack_outbox_t *by)
{
    unserved_t  u;

    ngx_memzero(&u, sizeof(unserved_t));

    if (ngx_slack_outbox_unserved(by, count_unserved, &u) != NGX_OK) {
        u.channels = ROOM;
    }

    return u;
}


static void
test_served(void)
{
    int64_t              term;
    unserved_t           u;
    ngx_slack_served_t   endpoints[3];
    ngx_slack_outbox_t  *other;

    (void) append("", "#dev", "1");
    (void) append("", "#ops", "2");
    (void) append("", "#ops", "3");

    ngx_memzero(endpoints, sizeof(endpoints));

    other = another();

    u = unserved_by(other);
    check(u.channels == 0, "nobody has said anything yet");

    endpoints[0].workspace = str("acme");
    endpoints[0].channel = str("dev");
    endpoints[1].workspace = str("acme");
    endpoints[1].channel = str("");
    endpoints[2].workspace = str("acme");
    endpoints[2].any = 1;

    check(ngx_slack_outbox_lead(outbox, &term) == NGX_OK
          && ngx_slack_outbox_renew(outbox, term) == NGX_OK
          && ngx_slack_outbox_serve(outbox, term, endpoints, 1) == NGX_OK,
          "the leader has a channel");

    u = unserved_by(other);
    check(u.channels == 1 && u.messages == 2 && u.ops == 2,
          "the others know of the other one");

    check(look(0) == NGX_OK && surveyed("acme/#ops")->unserved
          && !surveyed("acme/#dev")->unserved, "so do operators");

    check(ngx_slack_outbox_unserved(other, stop_unserved, NULL) == NGX_ERROR,
          "who is told may end it");

    check(ngx_slack_outbox_serve(outbox, term, endpoints, 2) == NGX_OK
          && unserved_by(other).ops == 2, "a nameless one is not for all");

    check(ngx_slack_outbox_serve(outbox, term, endpoints, 3) == NGX_OK
          && unserved_by(other).channels == 0, "it has all of the workspace");

    endpoints[2].workspace = str("other");

    check(ngx_slack_outbox_serve(outbox, term, endpoints + 2, 1) == NGX_OK
          && unserved_by(other).messages == 3, "or nothing of it");

    (void) append("", "", "4");

    check(ngx_slack_outbox_serve(outbox, term, endpoints, 2) == NGX_OK
          && unserved_by(other).channels == 1
          && unserved_by(other).messages == 2,
          "a channel without a name has its own endpoint");

    endpoints[0].any = 1;

    check(ngx_slack_outbox_serve(outbox, term, endpoints, 1) == NGX_OK
          && unserved_by(other).channels == 1
          && unserved_by(other).messages == 1,
          "which one for all others does not serve");

    endpoints[0].any = 0;

    check(ngx_slack_outbox_serve(outbox, term, endpoints, 1) == NGX_OK
          && unserved_by(other).channels == 2
          && unserved_by(other).messages == 3, "that of another is not it");

    ngx_slack_outbox_resign(outbox, term);
    ngx_slack_outbox_close(other);
}


case_t  cases_delivery[] = {
    { "channels", test_channels },
    { "messages", test_messages },
    { "settling", test_settle },
    { "a standing", test_standing },
    { "forgetting", test_purge },
    { "forgetting channels", test_purge_channels },
    { "forgetting many", test_purge_many },
    { "endpoints", test_served },
    { NULL, NULL }
};
