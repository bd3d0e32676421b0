
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: several events of one request, in one entry.
 */


#include "suite.h"


#define EVENTS  3


static ngx_slack_entry_t        events[EVENTS];
static ngx_slack_state_t        states[EVENTS];
static ngx_slack_new_message_t  news[EVENTS];


/*
 * a request with three events, whose states "a", "b" and "c" have these
 * values; '-': the event has no state; a capital letter: it has no message
 */

static ngx_int_t
request(const char *key, const char *values)
{
    ngx_uint_t  i;

    static const char  *names[EVENTS] = { "a", "b", "c" };
    static char         value[EVENTS][2];

    for (i = 0; i < EVENTS; i++) {

        entry_init(&events[i], &news[i], i ? "" : key, "#dev", names[i]);

        events[i].event = str(names[i]);
        events[i].next = (i + 1 < EVENTS) ? &events[i + 1] : NULL;

        if (values[i] == '-') {
            continue;
        }

        if (values[i] >= 'A' && values[i] <= 'Z') {
            events[i].nmessages = 0;
        }

        value[i][0] = values[i];
        states[i].key = str(names[i]);
        states[i].value = str(value[i]);
        states[i].first = 1;

        events[i].states = &states[i];
        events[i].nstates = 1;
        news[i].changed = 1;
    }

    if (append_entries(outbox, events, 1) != NGX_OK) {
        return NGX_ABORT;
    }

    return events[0].result;
}


static int
stored(ngx_uint_t a, ngx_uint_t b, ngx_uint_t c)
{
    return events[0].stored == a && events[1].stored == b
           && events[2].stored == c;
}


static int
stored_as(const char *names)
{
    ngx_uint_t  i;

    look(0);

    if (wait_of("acme/#dev", ROOM) < (int) strlen(names)) {
        return 0;
    }

    for (i = 0; names[i]; i++) {
        if (messages[i].body.len != 1
            || messages[i].body.data[0] != (u_char) names[i]
            || messages[i].id != events[0].id + (int64_t) i)
        {
            return 0;
        }
    }

    return 1;
}


static void
test_several(void)
{
    int64_t  id;

    check(request("1", "---") == NGX_SLACK_ENTRY_STORED && stored(1, 1, 1),
          "all of them are stored");

    id = events[0].id;

    check(id > 0 && stored_as("abc"), "in their order, ids in a row");

    check(request("1",
                  "---") == NGX_SLACK_ENTRY_DUPLICATE && events[0].id == id
          && stored(0, 0, 0),
          "the request comes again: a duplicate of the first");
}


static void
test_several_states(void)
{
    int64_t  id;

    check(request("2", "111") == NGX_SLACK_ENTRY_STORED && stored(1, 1, 1),
          "states that are new");

    id = events[0].id;

    check(request("3", "121") == NGX_SLACK_ENTRY_STORED && stored(0, 1, 0),
          "each event asks for its own state");
    check(events[0].id >= id + 3
          && fate_of(events[0].id) == NGX_SLACK_FATE_WAITING,
          "the id is that of the first message");
    check(request("4", "121") == NGX_SLACK_ENTRY_UNCHANGED && stored(0, 0, 0),
          "nothing has changed");
    check(request("5", "12-") == NGX_SLACK_ENTRY_STORED && stored(0, 0, 1),
          "an event without a state beside them");

    check(request("6", "X21") == NGX_SLACK_ENTRY_UNCHANGED && stored(0, 0, 0),
          "one that nobody is told of");
    check(request("7", "121") == NGX_SLACK_ENTRY_STORED && stored(1, 0, 0),
          "was forgotten, the others were not");
    check(request("7", "333") == NGX_SLACK_ENTRY_DUPLICATE
          && request("8", "121") == NGX_SLACK_ENTRY_UNCHANGED,
          "a duplicate changes no state of any");
}


static void
test_several_full(void)
{
    ngx_uint_t  max;

    max = conf.max;

    check(request("1", "111") == NGX_SLACK_ENTRY_STORED, "three wait");

    conf.max = 5;

    check(request("2", "444") == NGX_SLACK_ENTRY_FULL && stored(0, 0, 0),
          "no room for all: none is stored");
    check(request("2", "441") == NGX_SLACK_ENTRY_STORED && stored(1, 1, 0),
          "room for those that are stored");
    check(request("1", "555") == NGX_SLACK_ENTRY_DUPLICATE,
          "a duplicate is one of a full outbox too");

    check(look(0) == NGX_OK && survey.waiting == 5, "five wait");

    conf.max = max;
}


case_t  cases_events[] = {
    { "several events", test_several },
    { "several events: states", test_several_states },
    { "several events: room", test_several_full },
    { NULL, NULL }
};
