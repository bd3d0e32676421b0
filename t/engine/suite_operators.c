
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: what operators see and do.
 */


#include "suite.h"


static void
test_survey(void)
{
    int64_t                          id;
    ngx_slack_survey_channel_t      *ch;
    ngx_slack_survey_dead_letter_t  *found;

    check(look(10) == NGX_OK && survey.waiting == 0 && survey.dead == 0
          && survey.channels.nelts == 0 && survey.dead_letters.nelts == 0,
          "nothing is there");

    id = append("", "#qa", "1");
    (void) append("", "#dev", "2");
    (void) append("", "#dev", "3");
    (void) dead("#dev", "lost");

    check(look(10) == NGX_OK && survey.waiting == 3 && survey.dead == 1
          && survey.channels.nelts == 2, "counts");

    ch = survey.channels.elts;

    check(is(&ch[0].channel, "#dev") && is(&ch[1].channel, "#qa"),
          "channels by name");
    check(ch[0].waiting == 2 && ch[0].dead == 1 && ch[0].ages[0] == 2
          && ch[1].waiting == 1 && ch[1].first == id && !ch[1].paused,
          "with what waits there");
    check(ch[1].oldest <= ngx_slack_clock_wall()
          && ch[1].oldest > ngx_slack_clock_wall() - MINUTE,
          "and since when");

    found = survey.dead_letters.elts;

    check(survey.dead_letters.nelts == 1 && !survey.more
          && is(&found->workspace, "acme") && is(&found->channel, "#dev")
          && is(&found->event, "push")
          && is(&found->project, "group/project")
          && is(&found->answer, "channel_not_found")
          && is(&found->body, "lost")
          && is(&found->envelope, "{\"username\":\"GitLab\"}")
          && found->attempts == 1 && found->died >= found->created,
          "a dead letter");

    check(look(0) == NGX_OK && survey.dead == 1
          && survey.dead_letters.nelts == 0, "unless nobody asks for it");
}


static void
test_ages(void)
{
    ngx_uint_t  i;

    static int64_t  ages[] = {
        0, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR,
        48 * HOUR
    };

    /* the oldest first, as they are stored */

    for (i = NGX_SLACK_SURVEY_AGES; i--; /* void */) {
        skew = -ages[i];

        if (append("", "#dev", "1") == 0) {
            check(0, "is stored");
        }
    }

    check(look(0) == NGX_OK && surveyed("acme/#dev") != NULL, "is seen");

    for (i = 0; i < NGX_SLACK_SURVEY_AGES; i++) {
        if (surveyed("acme/#dev")->ages[i] != 1) {
            break;
        }
    }

    check(i == NGX_SLACK_SURVEY_AGES, "one of each age");
}


static void
test_same(void)
{
    (void) append("", "#dev", "1");

    check(look(0) == NGX_OK && ngx_slack_outbox_same(outbox, &survey),
          "nothing has changed");

    (void) append("", "#dev", "2");

    check(!ngx_slack_outbox_same(outbox, &survey), "a new message");

    check(look(0) == NGX_OK && mark(NGX_SLACK_STEER_PAUSE, "acme", NULL)
          && !ngx_slack_outbox_same(outbox, &survey), "a pause");
}


static void
test_pages(void)
{
    int64_t                          ids[5];
    ngx_uint_t                       i;
    ngx_slack_survey_dead_letter_t  *found;

    for (i = 0; i < 5; i++) {
        skew = (int64_t) i * 1000;
        ids[i] = dead("#dev", "1");
    }

    check(look(2) == NGX_OK && survey.more && survey.dead == 5
          && survey.dead_letters.nelts == 2, "as many as asked for");

    found = survey.dead_letters.elts;

    check(found[0].id == ids[4] && found[1].id == ids[3],
          "the newest first");

    survey.after_died = found[1].died;
    survey.after_id = found[1].id;

    check(look(3) == NGX_OK && !survey.more && survey.dead_letters.nelts == 3,
          "and those after them");

    found = survey.dead_letters.elts;

    check(found[0].id == ids[2] && found[2].id == ids[0],
          "to the oldest one");

    survey.after_died = 0;
    survey.after_id = 0;
}


static void
test_fate(void)
{
    int64_t               id;
    ngx_slack_standing_t  standing;

    (void) append("", "#dev", "1");
    (void) append("", "#ops", "2");
    (void) append("", "#dev", "3");
    id = append("", "#dev", "4");

    check(fate_of(id) == NGX_SLACK_FATE_WAITING && fate.before == 2
          && fate.attempts == 0 && !fate.own && fate.answer[0] == '\0',
          "waits behind others of its channel");

    ngx_memzero(&standing, sizeof(ngx_slack_standing_t));
    standing.id = channel_id("acme/#dev");
    standing.not_before = ngx_slack_clock_wall() + HOUR;
    standing.failures = 3;
    standing.answer = str("is_archived");

    check(settle_all(NULL, 0, &standing, 1) == NGX_OK
          && fate_of(id) == NGX_SLACK_FATE_WAITING && !fate.own
          && strcmp(fate.answer, "is_archived") == 0 && fate.failures == 3
          && fate.not_before == standing.not_before && fate.settled,
          "with its channel");

    check(settle(id, NGX_SLACK_SETTLE_RETRY, 0, 1, "timed out") == NGX_OK
          && fate_of(id) == NGX_SLACK_FATE_WAITING && fate.own
          && strcmp(fate.answer, "timed out") == 0 && fate.attempts == 1,
          "with an answer of its own");

    check(fate_of(id + 1000) == -1, "one that is not there");
}


static void
test_replay(void)
{
    int64_t            ids[4], last;
    ngx_slack_steer_t  st;

    ids[0] = dead("#dev", "0");
    (void) append("", "#dev", "waits");
    ids[1] = dead("#dev", "1");
    ids[2] = dead("#ops", "2");
    ids[3] = dead("#qa", "3");

    last = 0;
    (void) tell(outbox, &last);

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));

    st.ids = ids;
    st.n = 1;
    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 1
          && tell(outbox, &last) >= 1 && told_of("acme/#dev"),
          "one by its id, whose channel is told once more");
    check(wait_of("acme/#dev", ROOM) == 2 && messages[0].id == ids[0]
          && messages[0].attempts == 0 && is(&messages[0].body, "0"),
          "waits at its old place");

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 0,
          "not twice");

    st.ids = NULL;
    st.scope = scope("acme", "#ops");
    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 1
          && fate_of(ids[2]) == NGX_SLACK_FATE_WAITING
          && fate_of(ids[1]) == NGX_SLACK_FATE_DEAD, "those of a channel");

    st.scope = scope("other", NULL);
    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 0,
          "those of a workspace that has none");

    conf.max = 4;
    st.scope = NULL;
    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_BUSY && st.count == 1
          && fate_of(ids[1]) == NGX_SLACK_FATE_WAITING
          && fate_of(ids[3]) == NGX_SLACK_FATE_DEAD,
          "all, as far as there is room, the oldest first");

    conf.max = 100;
    st.scope = scope("acme", NULL);
    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 1
          && look(1) == NGX_OK && survey.dead == 0 && survey.waiting == 5,
          "those of a workspace");
}


/* a message that has no channel; its id */

static int64_t
nowhere(const char *body)
{
    static ngx_slack_entry_t        entry;
    static ngx_slack_new_message_t  message;

    entry_init(&entry, &message, "", NGX_SLACK_OUTBOX_NOWHERE, body);
    message.dead = str("channel");

    return (append_entries(outbox, &entry, 1) == NGX_OK
            && entry.result == NGX_SLACK_ENTRY_STORED && entry.stored == 1
            && entry.dead == 1) ? entry.id : 0;
}


static void
test_nowhere(void)
{
    int64_t                          id, last;
    ngx_slack_steer_t                st;
    ngx_slack_survey_dead_letter_t  *found;

    conf.max = 1;

    check(append("", "#dev", "waits") != 0 && (id = nowhere("lost")) != 0
          && append("", "#dev", "no room") == 0,
          "a dead letter at once needs no room");

    check(fate_of(id) == NGX_SLACK_FATE_DEAD && fate.own
          && strcmp(fate.answer, "channel") == 0 && fate.attempts == 0,
          "with its answer");

    check(look(10) == NGX_OK && survey.waiting == 1 && survey.dead == 1
          && surveyed("acme/" NGX_SLACK_OUTBOX_NOWHERE)->dead == 1,
          "is counted as one");

    found = survey.dead_letters.elts;

    check(survey.dead_letters.nelts == 1 && found->id == id
          && is(&found->channel, NGX_SLACK_OUTBOX_NOWHERE)
          && is(&found->answer, "channel") && is(&found->body, "lost")
          && found->died == found->created, "is among them");

    reopen();
    conf.max = 100;

    check(wait_of("acme/" NGX_SLACK_OUTBOX_NOWHERE, ROOM) <= 0,
          "it never waits");

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 0
          && fate_of(id) == NGX_SLACK_FATE_DEAD,
          "is not replayed to nowhere");

    st.ids = &id;
    st.n = 1;

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 0,
          "nor by its id");

    last = 0;
    (void) tell(outbox, &last);

    st.to = str("#ops");

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 1
          && tell(outbox, &last) >= 1 && told_of("acme/#ops"),
          "but to a channel, which is told");

    check(wait_of("acme/#ops", ROOM) == 1 && messages[0].id == id
          && is(&messages[0].body, "lost") && messages[0].attempts == 0
          && messages[0].part.role == NGX_SLACK_ROLE_PLAIN
          && settle(id, NGX_SLACK_SETTLE_SENT, 0, 1, "ok") == NGX_OK
          && fate_of(id) == NGX_SLACK_FATE_SENT, "waits there, and is sent");

    check(nowhere("dropped") != 0 && (st.ids = NULL, st.n = 0, 1)
          && steer(&st, NGX_SLACK_STEER_DROP) == NGX_OK && st.count == 1
          && look(1) == NGX_OK && survey.dead == 0, "another one is dropped");
}


/* whoever has a channel can be sent to another one, out of its thread */

static void
test_replay_to(void)
{
    int64_t            root, reply;
    ngx_slack_steer_t  st;

    root = shown("mr", 10, "h");
    reply = put("#dev", "mr", NGX_SLACK_NEW_REPLY, NULL, "reply");

    check(root != 0 && settle(reply, NGX_SLACK_SETTLE_DEAD, 0, 1, "no")
          == NGX_OK, "a dead reply");

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));
    st.scope = scope("acme", "#dev");
    st.to = str("#qa");

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 1
          && wait_of("acme/#qa", ROOM) == 1 && messages[0].id == reply
          && messages[0].part.role == NGX_SLACK_ROLE_PLAIN
          && is(&messages[0].body, "reply"), "goes elsewhere, without a root");
}


static void
test_drop(void)
{
    int64_t            ids[2];
    ngx_slack_steer_t  st;

    ids[0] = append("", "#dev", "waits");
    ids[1] = dead("#dev", "dead");

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));

    st.ids = ids;
    st.n = 2;
    check(steer(&st, NGX_SLACK_STEER_DROP) == NGX_OK && st.count == 1
          && fate_of(ids[1]) == NGX_SLACK_FATE_SENT
          && fate_of(ids[0]) == NGX_SLACK_FATE_WAITING, "a dead letter");

    check(look(1) == NGX_OK && survey.dead == 0 && survey.waiting == 1,
          "is no more");

    st.waiting = 1;
    check(steer(&st, NGX_SLACK_STEER_DROP) == NGX_OK && st.count == 1
          && wait_of("acme/#dev", ROOM) == 0, "what waits, if that is wanted");

    conf.max = 1;
    check(append("", "#dev", "1") != 0, "it leaves its room to others");
}


static ngx_uint_t
told_paused(const char *name)
{
    told_t   *t;
    int64_t   last;

    last = 0;

    (void) tell(outbox, &last);

    t = told_of(name);

    return (t == NULL) ? 2 : t->as.paused;
}


static void
test_pause(void)
{
    int64_t  last, since;

    (void) append("", "#dev", "1");
    (void) append("", "#ops", "2");

    last = 0;
    (void) tell(outbox, &last);

    since = ngx_slack_clock_wall();

    check(mark(NGX_SLACK_STEER_PAUSE, "acme", "#dev") == 1
          && tell(outbox, &last) == 2, "channels are told once more");
    check(told_paused("acme/#dev") == 1 && told_paused("acme/#ops") == 0,
          "a channel is paused");

    reopen();
    check(told_paused("acme/#dev") == 1, "for the next leader, too");

    check(look(0) == NGX_OK && survey.pauses.nelts == 1
          && surveyed("acme/#dev")->paused && !surveyed("acme/#ops")->paused
          && ((ngx_slack_survey_pause_t *) survey.pauses.elts)->since >= since
          && !((ngx_slack_survey_pause_t *) survey.pauses.elts)->whole
          && is(&((ngx_slack_survey_pause_t *) survey.pauses.elts)->channel,
                "#dev"), "operators see it");

    check(mark(NGX_SLACK_STEER_PAUSE, "acme", NULL) == 1
          && told_paused("acme/#ops") == 1, "a workspace is paused");
    check(mark(NGX_SLACK_STEER_RESUME, "acme", "#ops") == 1,
          "a channel of it does not go on by itself");
    check(mark(NGX_SLACK_STEER_RESUME, "acme", NULL) == 0
          && told_paused("acme/#ops") == 0 && told_paused("acme/#dev") == 1,
          "resuming it leaves the channel paused");

    skew = MINUTE;

    check(mark(NGX_SLACK_STEER_RESUME, "acme", "#dev") == 0
          && told_paused("acme/#dev") == 0, "until it is resumed");
    check(told_of("acme/#dev")->as.paused_since >= since
          && told_of("acme/#dev")->as.paused_until
             >= told_of("acme/#dev")->as.paused_since + MINUTE
          && told_of("acme/#dev")->as.tried >= since + MINUTE,
          "how long it took is told");
    check(look(0) == NGX_OK && survey.pauses.nelts == 0, "nothing is paused");
}


static void
test_nudge(void)
{
    int64_t  now;

    (void) append("", "#dev", "1");

    now = ngx_slack_clock_wall();

    check(mark(NGX_SLACK_STEER_NUDGE, "acme", "#dev") == 0
          && told_paused("acme/#dev") == 0
          && told_of("acme/#dev")->as.tried >= now
          && told_of("acme/#dev")->as.paused_until == 0,
          "a try is wanted, nothing was paused");

    check(mark(NGX_SLACK_STEER_PAUSE, "acme", "") == 1
          && mark(NGX_SLACK_STEER_NUDGE, "acme", NULL) == 0
          && mark(NGX_SLACK_STEER_RESUME, "acme", "") == 0,
          "the workspace's own channel is not the workspace");

    (void) mark(NGX_SLACK_STEER_PAUSE, "acme", NULL);

    check(mark(NGX_SLACK_STEER_NUDGE, "acme", "#dev") == 1
          && told_paused("acme/#dev") == 1, "which does not end a pause");
}


case_t  cases_operators[] = {
    { "a survey", test_survey },
    { "ages", test_ages },
    { "no change", test_same },
    { "pages of dead letters", test_pages },
    { "a fate", test_fate },
    { "replay", test_replay },
    { "no channel", test_nowhere },
    { "replay to a channel", test_replay_to },
    { "drop", test_drop },
    { "pause", test_pause },
    { "nudge", test_nudge },
    { NULL, NULL }
};
