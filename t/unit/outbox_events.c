
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: several events of one request, in one entry.
 */

/* unit: core/ngx_slack_log.c core/ngx_slack_log_line.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c core/ngx_slack_history_text.c
 *       outbox/ngx_slack_engine.c outbox/ngx_slack_tally.c
 *       outbox/sqlite/
 * libs: -lsqlite3
 */


#include "outbox.h"


#define EVENTS  3


static ngx_slack_entry_t        events[EVENTS];
static ngx_slack_state_t        states[EVENTS];
static ngx_slack_new_message_t  messages[EVENTS];


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

        entry_init(&events[i], &messages[i], i ? "" : key, "#dev", names[i]);

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
        messages[i].changed = 1;
    }

    if (append_entries(events, 1) != NGX_OK) {
        return NGX_ABORT;
    }

    return events[0].rc;
}


static int
stored(ngx_uint_t a, ngx_uint_t b, ngx_uint_t c)
{
    return events[0].stored == a && events[1].stored == b
           && events[2].stored == c;
}


int
main(void)
{
    int64_t  id;

    setup();
    fresh();

    tap_ok(request("1", "---") == NGX_OK && stored(1, 1, 1),
           "all of them are stored");

    id = events[0].id;

    tap_ok(id > 0
           && ask("SELECT group_concat(event, '') = 'abc'"
                  " AND max(id) - min(id) = 2"
                  " FROM (SELECT * FROM message WHERE id > 0 ORDER BY id)")
              == 1,
           "in their order, each with its own event, ids in a row");
    tap_ok(request("1", "---") == NGX_DONE && events[0].id == id
           && stored(0, 0, 0),
           "the request comes again: a duplicate of the first");

    tap_ok(request("2", "111") == NGX_OK && stored(1, 1, 1),
           "states that are new");
    tap_ok(request("3", "121") == NGX_OK && stored(0, 1, 0),
           "each event asks for its own state");
    tap_ok(events[0].id == id + 6, "the id is that of the first message");
    tap_ok(request("4", "121") == NGX_DECLINED && stored(0, 0, 0),
           "nothing has changed");
    tap_ok(request("5", "12-") == NGX_OK && stored(0, 0, 1),
           "an event without a state beside them");

    tap_ok(request("6", "X21") == NGX_DECLINED && stored(0, 0, 0),
           "one that nobody is told of");
    tap_ok(request("7", "121") == NGX_OK && stored(1, 0, 0),
           "was forgotten, the others were not");
    tap_ok(request("7", "333") == NGX_DONE
           && request("8", "121") == NGX_DECLINED,
           "a duplicate changes no state of any");

    tap_ok(consistent(), "the file is consistent");

    conf.max = (ngx_uint_t) waiting() + 2;

    tap_ok(request("9", "444") == NGX_BUSY && stored(0, 0, 0),
           "no room for all: none is stored");
    tap_ok(request("9", "441") == NGX_OK && stored(1, 1, 0),
           "room for those that are stored");
    tap_ok(request("8", "555") == NGX_DONE,
           "a duplicate is one of a full outbox too");
    tap_ok(consistent(), "and the file is consistent");

    return teardown();
}
