
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Compares the states that the outbox remembers.  Knows no engine.  Runs in
 * any thread.
 */


#include <ngx_slack_state.h>


/* ms by which clocks and evaluations of two senders of the same may differ */
#define NGX_SLACK_STATE_APART  15000

/* ms: what began so much later is something else, whenever it is heard */
#define NGX_SLACK_STATE_ANEW   300000


ngx_uint_t
ngx_slack_state_anew(int64_t since, int64_t before, int64_t heard)
{
    if (since <= 0) {
        return 0;
    }

    if (since > heard && since - before > NGX_SLACK_STATE_APART) {
        return 1;
    }

    return before > 0 && since - before > NGX_SLACK_STATE_ANEW;
}
