
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: states that begin anew, and states that nobody was told of.
 */


#include "suite.h"


#define SECOND  ((int64_t) 1000)


static ngx_slack_entry_t        entry;
static ngx_slack_state_t        states[2];
static ngx_slack_new_message_t  news[2];


/* an event with the state "a", for two channels */

static void
event_init(const char *value, int64_t since)
{
    entry_init(&entry, &news[1], "", "#ops", "x");
    entry_init(&entry, &news[0], "", "#dev", "x");

    ngx_memzero(states, sizeof(states));

    states[0].key = str("a");
    states[0].value = str(value);
    states[0].since = since;
    states[0].first = 1;

    news[0].changed = 1;
    news[1].changed = 1;

    entry.states = states;
    entry.nstates = 1;
    entry.messages = news;
    entry.nmessages = 2;
}


static ngx_int_t
tell_state(const char *value, int64_t since)
{
    event_init(value, since);

    return append_entries(outbox, &entry, 1);
}


/* is it news? */

static int
is_news(const char *value, int64_t since)
{
    return tell_state(value, since) == NGX_OK
           && entry.result == NGX_SLACK_ENTRY_STORED && entry.stored == 2;
}


static int
is_repeat(const char *value, int64_t since)
{
    return tell_state(value, since) == NGX_OK
           && entry.result == NGX_SLACK_ENTRY_UNCHANGED && entry.stored == 0;
}


static void
test_anew(void)
{
    int64_t  begin;

    begin = ngx_slack_clock_wall() - MINUTE;

    check(is_news("firing", begin), "what began is news");
    check(is_repeat("firing", begin), "once");
    check(is_repeat("firing", begin + 10 * SECOND)
          && is_repeat("firing", begin - 10 * SECOND)
          && is_repeat("firing", begin + 10 * SECOND),
          "two senders may differ by seconds");
    check(is_repeat("firing", 0), "or not tell when");

    skew += 4 * HOUR;
    check(is_repeat("firing", begin), "it goes on");

    skew += 4 * HOUR;
    check(is_news("firing", begin + 7 * HOUR),
          "what began later than that was heard is news");
    check(is_repeat("firing", begin + 7 * HOUR) && is_repeat("firing", begin),
          "once, and what began before it is none");
    check(is_news("firing", begin + 7 * HOUR + 10 * MINUTE),
          "so is what began much later, though it is heard late");

    begin = ngx_slack_clock_wall();
    check(is_news("firing", begin + 5 * MINUTE),
          "a clock that is ahead tells of news");
    check(is_repeat("firing", begin + 5 * MINUTE + 10 * SECOND)
          && is_repeat("firing", begin + 5 * MINUTE), "once");

    check(is_news("ended", begin + 5 * MINUTE)
          && is_repeat("ended", begin + 5 * MINUTE), "an end is news");
    check(is_news("ended", begin + 2 * HOUR), "and the next one");

    reopen();
    check(is_repeat("ended", begin + 2 * HOUR),
          "it is remembered when the store is opened again");
}


static void
test_without_time(void)
{
    int64_t  now;

    check(is_news("firing", 0) && is_repeat("firing", 0),
          "nobody tells when it began");

    now = ngx_slack_clock_wall();

    check(is_repeat("firing", now - 10 * MINUTE),
          "until somebody does, it began before it was heard");

    skew += MINUTE;
    check(is_news("firing", now + MINUTE), "or later");
}


/* an event that nobody is told */

static int
is_silent(const char *value, int64_t since)
{
    event_init(value, since);
    entry.nmessages = 0;

    return append_entries(outbox, &entry, 1) == NGX_OK
           && entry.result == NGX_SLACK_ENTRY_UNCHANGED;
}


static void
test_silent_anew(void)
{
    int64_t  begin;

    begin = ngx_slack_clock_wall() - HOUR;

    check(is_news("firing", begin) && is_silent("firing", begin)
          && is_repeat("firing", begin), "what nobody is told again goes on");
    check(is_silent("firing", begin + 10 * MINUTE)
          && is_news("firing", begin + 10 * MINUTE),
          "what nobody was told began is news");
}


static void
test_untold(void)
{
    int64_t  first;

    check(is_news("firing", 0), "news");

    first = entry.id;

    check(is_repeat("firing", 0), "what waits is announced");
    check(settle(first, NGX_SLACK_SETTLE_DEAD, 0, 1, "no") == NGX_OK
          && is_repeat("firing", 0), "one of its messages still waits");

    skew += MINUTE;

    check(settle(first + 1, NGX_SLACK_SETTLE_DEAD, 0, 1, "no") == NGX_OK
          && is_news("firing", 0), "nobody was told: it is news again");
    check(entry.id > first + 1 && is_repeat("firing", 0), "once");
}


static void
test_told(void)
{
    int64_t  id;

    check(is_news("firing", 0), "news");

    id = entry.id;

    check(settle(id, NGX_SLACK_SETTLE_SENT, 0, 1, "ok") == NGX_OK, "is sent");

    skew += (int64_t) conf.keep_sent * 1000 + HOUR;
    (void) ngx_slack_outbox_purge(outbox);

    check(settle(id + 1, NGX_SLACK_SETTLE_DEAD, 0, 1, "no") == NGX_OK
          && is_repeat("firing", 0),
          "one was told, even if that is forgotten");

    check(is_news("ended", 0), "other news");

    id = entry.id;

    check(is_news("firing", 0)
          && settle(id, NGX_SLACK_SETTLE_DEAD, 0, 1, "no") == NGX_OK
          && settle(id + 1, NGX_SLACK_SETTLE_DEAD, 0, 1, "no") == NGX_OK
          && is_repeat("firing", 0),
          "what died is not what is known now");

    id = append("", "#dev", "x");

    check(settle(id, NGX_SLACK_SETTLE_DEAD, 0, 1, "no") == NGX_OK
          && is_repeat("firing", 0), "nor is another message");
}


static void
test_untold_steered(void)
{
    int64_t            ids[2], first;
    ngx_slack_steer_t  st;

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));

    check(is_news("firing", 0), "news");

    first = entry.id;
    ids[0] = first;
    ids[1] = first + 1;
    st.ids = ids;
    st.n = 2;

    (void) settle(first, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    (void) settle(first + 1, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

    check(steer(&st, NGX_SLACK_STEER_REPLAY) == NGX_OK && st.count == 2
          && is_repeat("firing", 0), "a dead letter that is sent again tells");

    st.waiting = 1;
    st.n = 1;

    check(steer(&st, NGX_SLACK_STEER_DROP) == NGX_OK && st.count == 1
          && is_repeat("firing", 0), "one that is dropped does not");

    st.ids = &ids[1];

    check(steer(&st, NGX_SLACK_STEER_DROP) == NGX_OK && st.count == 1
          && is_news("firing", 0), "when all are, nobody was told");

    ids[0] = entry.id;
    ids[1] = entry.id + 1;
    st.ids = ids;
    st.n = 2;

    (void) settle(ids[0], NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    (void) settle(ids[1], NGX_SLACK_SETTLE_DEAD, 0, 1, "no");

    check(steer(&st, NGX_SLACK_STEER_DROP) == NGX_OK && st.count == 2
          && is_silent("firing", 0) && is_news("firing", 0),
          "dead letters that are dropped told nobody");
}


/* two states of an event, whose message tells how the whole of it stands */

static int64_t
tell_thread(int64_t since, int64_t other, ngx_slack_new_part_e part)
{
    event_init("firing", since);

    states[1].key = str("b");
    states[1].value = str("firing");
    states[1].since = other;
    states[1].first = 1;
    news[0].changed = 0;

    put_init(&news[0], "group", part, 0);
    news[0].part.whole = 1;

    entry.nstates = other ? 2 : 1;
    entry.nmessages = 1;

    return append_entries(outbox, &entry, 1) == NGX_OK ? entry.id : 0;
}


static void
test_anew_thread(ngx_slack_new_part_e part)
{
    int64_t  begin, root, id;

    begin = ngx_slack_clock_wall() - HOUR;

    root = tell_thread(begin, 0, part);
    (void) sent(root, "h");

    id = tell_thread(begin, begin + MINUTE, part);

    check(id != 0 && strcmp(known(NULL), "group=h") == 0,
          "what joins belongs to the thread");
    (void) sent(id, "");

    skew += 2 * HOUR;
    id = tell_thread(begin + 2 * HOUR, begin + MINUTE, part);

    check(id != 0 && strcmp(known(NULL), "group=h") == 0,
          "so does what begins anew while another goes on");
    (void) sent(id, "");

    skew += 2 * HOUR;
    id = tell_thread(begin + 4 * HOUR, begin + 4 * HOUR, part);

    check(id != 0 && line(id) != NULL && line(id)->part.id == id
          && strcmp(known(NULL), "group=") == 0,
          "what begins anew alone begins the thread anew");
}


static void
test_anew_state(void)
{
    test_anew_thread(NGX_SLACK_NEW_STATE);
}


static void
test_anew_reply(void)
{
    test_anew_thread(NGX_SLACK_NEW_REPLY);
}


static void
test_untold_change(void)
{
    int64_t  begin, id;

    begin = ngx_slack_clock_wall() - HOUR;

    id = tell_thread(begin, 0, NGX_SLACK_NEW_STATE);
    (void) sent(id, "h");

    id = tell_thread(begin, begin + MINUTE, NGX_SLACK_NEW_STATE);
    check(id != 0 && entry.superseded == 0, "a change tells of what joins");

    id = tell_thread(begin, begin + MINUTE, NGX_SLACK_NEW_STATE);
    check(id != 0 && entry.superseded == 1, "another one replaces it");

    check(is_repeat("firing", begin), "and waits");

    (void) settle(id, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
    check(is_news("firing", begin), "nobody was told when it is dead");
}


case_t  cases_states[] = {
    { "states: anew", test_anew },
    { "states: without a time", test_without_time },
    { "states: anew in silence", test_silent_anew },
    { "states: untold", test_untold },
    { "states: told", test_told },
    { "states: untold, by operators", test_untold_steered },
    { "states: untold, of a change", test_untold_change },
    { "states: anew, threads that change", test_anew_state },
    { "states: anew, threads with replies", test_anew_reply },
    { NULL, NULL }
};
