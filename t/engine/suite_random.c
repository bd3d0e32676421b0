
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: threads, by actions that nobody has thought of.  All engines
 * must tell the same story of the same actions.
 */


#include "suite.h"


#define STORIES  20
#define ACTIONS  80
#define STORES   3
#define TEXT     262144


static char        *stories[STORIES];
static ngx_slack_outbox_t  *stores[STORES];  /* of processes that share it */
#define LINES  24

static char         story[TEXT];
static size_t       told_so_far;
static int64_t      ids[ACTIONS + 1];        /* in the order of storing; some
                                                engines leave gaps */
static ngx_uint_t   nids;
static unsigned int seed;


static ngx_uint_t
any(ngx_uint_t n)
{
    return (ngx_uint_t) rand_r(&seed) % n;
}


static void
tell_of(const char *what, int64_t a, int64_t b, int64_t c)
{
    int  n;

    n = snprintf(story + told_so_far, TEXT - told_so_far,
                 "%s %lld %lld %lld\n", what, (long long) a, (long long) b,
                 (long long) c);

    if (n > 0 && told_so_far + (size_t) n < TEXT) {
        told_so_far += (size_t) n;
    }
}


/* the number of an id, from 1 */

static int64_t
number(int64_t id)
{
    ngx_uint_t  i;

    for (i = nids; i && ids[i - 1] != id; i--) {
        /* void */
    }

    return (int64_t) i;
}


/* one of the last ids */

static int64_t
recent(ngx_uint_t n)
{
    ngx_uint_t  before;

    before = any(n);

    return ids[(before < nids) ? nids - 1 - before : 0];
}


static void
store_any(void)
{
    put_t                 with;
    int64_t               id;
    const char           *key;
    ngx_slack_new_part_e  part;

    static const char            *keys[] = { "a", "b", "c" };
    static ngx_slack_new_part_e   parts[] = {
        NGX_SLACK_NEW_STATE, NGX_SLACK_NEW_STATE, NGX_SLACK_NEW_STATE,
        NGX_SLACK_NEW_REPLY, NGX_SLACK_NEW_REPLY, NGX_SLACK_NEW_HISTORY,
        NGX_SLACK_NEW_START
    };

    ngx_memzero(&with, sizeof(put_t));

    part = parts[any(7)];
    with.stamp = (int64_t) any(6) * 10;
    with.clock = (any(8) == 0);
    with.final = any(3) ? 0 : 1;
    with.ends = any(6) ? 0 : 1;
    with.known = any(5) ? 0 : 1;
    with.whole = any(2) ? 0 : 1;
    with.broadcast = any(4) ? 0 : 1;
    with.keep = 25 * 60;

    key = keys[any(3)];
    id = put("#dev", key, part, &with, "x");

    tell_of(key, (int64_t) part, with.stamp, (int64_t) with.clock);
    tell_of(with.known ? "known" : "any", with.final, with.ends,
            with.broadcast);

    if (id) {
        ids[nids++] = id;
    }

    tell_of("stored", number(id), (int64_t) put_entry.result,
            (int64_t) put_entry.superseded);
    tell_of("not", (int64_t) put_entry.stale, (int64_t) put_entry.unknown,
            (int64_t) put_entry.stored);
}


/* by the same store each time, as in some engines leading takes a while */

static void
settle_any(void)
{
    char                    handle[16];
    int64_t                 id;
    ngx_slack_settlement_t  st;

    static ngx_uint_t  outcomes[] = {
        NGX_SLACK_SETTLE_SENT, NGX_SLACK_SETTLE_SENT, NGX_SLACK_SETTLE_SENT,
        NGX_SLACK_SETTLE_SENT, NGX_SLACK_SETTLE_RETRY, NGX_SLACK_SETTLE_DEAD,
        NGX_SLACK_SETTLE_DEAD, NGX_SLACK_SETTLE_SUPERSEDED,
        NGX_SLACK_SETTLE_ROOT, NGX_SLACK_SETTLE_ROOT, NGX_SLACK_SETTLE_REPLY,
        NGX_SLACK_SETTLE_PLAIN
    };

    outbox = stores[0];
    id = recent(12);

    ngx_memzero(&st, sizeof(ngx_slack_settlement_t));

    st.id = id;
    st.outcome = outcomes[any(12)];
    st.attempts = any(4);
    st.answer = str("said");

    if (any(3)) {
        (void) snprintf(handle, sizeof(handle), "h%d", (int) number(id));
        st.handle = str(handle);
    }

    tell_of("settled", number(id), (int64_t) st.outcome,
            (int64_t) settle_all(&st, 1, NULL, 0));
}


static void
steer_any(void)
{
    int64_t            id;
    ngx_slack_steer_t  st;

    static ngx_slack_steer_e  actions[] = {
        NGX_SLACK_STEER_REPLAY, NGX_SLACK_STEER_REPLAY, NGX_SLACK_STEER_DROP,
        NGX_SLACK_STEER_FORGET
    };

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));

    id = recent(20);

    st.ids = any(4) ? &id : NULL;
    st.n = 1;
    st.waiting = 1;

    tell_of("steered", (int64_t) steer(&st, actions[any(4)]), number(id),
            (int64_t) st.count);
}


/* all that can be seen */

static void
look_around(void)
{
    int64_t                    last, sum;
    ngx_uint_t                 i;
    ngx_slack_waiting_part_t  *part;

    (void) wait_of("acme/#dev", ROOM);

    for (i = 0; i < nmessages; i++) {
        part = &messages[i].part;

        tell_of("waits", number(messages[i].id), (int64_t) part->role,
                number(part->id));
        tell_of(part->handle.len ? "replies" : "blocked",
                (int64_t) part->handle.len, number(part->change),
                part->blocked);
    }

    for (i = 0; i < nids; i++) {
        (void) change_of(ids[i]);

        tell_of("fate", (int64_t) fate_of(ids[i]), (int64_t) fate.before,
                number(changed.id));
        tell_of(fate.answer, (int64_t) fate.attempts, (int64_t) fate.own,
                changed.part.final);
    }

    last = 0;
    sum = 0;

    for (i = (ngx_uint_t) tell_changes(outbox, &last); i; i--) {
        sum += number(changing[i - 1].thread) * number(changing[i - 1].thread)
               + changing[i - 1].final;
    }

    tell_of("changing", sum, 0, 0);

    (void) known(NULL);
    sum = 0;

    for (i = 0; i < ninfos; i++) {
        sum += number(infos[i].id) * (infos[i].stamp + 1000)
               + infos[i].final * 7 + infos[i].waits * 11
               + infos[i].ended * 13 + infos[i].root * 17;
    }

    (void) look(0);

    tell_of("known", (int64_t) ninfos, sum, (int64_t) survey.waiting);
}


static void
one_story(void)
{
    int64_t            last;
    ngx_uint_t         i;
    ngx_slack_steer_t  st;

    told_so_far = 0;
    nids = 0;
    conf.max = 30;

    while (nids == 0) {
        store_any();
    }

    for (i = 0; i < ACTIONS; i++) {

        outbox = stores[any(STORES)];

        switch (any(16)) {

        case 0:
            skew += 10 * MINUTE;
            break;

        case 1:
        case 2:
            steer_any();
            break;

        case 3:
        case 4:
        case 5:
        case 6:
        case 7:
        case 8:
            settle_any();
            break;

        default:
            store_any();
        }

        if (any(8) == 0) {
            look_around();
        }
    }

    outbox = stores[0];

    look_around();

    /* nothing of it matters to the next one */

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));
    (void) steer(&st, NGX_SLACK_STEER_FORGET);

    (void) wait_of("acme/#dev", ROOM);

    while (nmessages) {
        (void) settle(messages[0].id, NGX_SLACK_SETTLE_SENT, 0, 1, "");
        (void) wait_of("acme/#dev", ROOM);
    }

    last = 0;

    for (i = (ngx_uint_t) tell_changes(outbox, &last); i; i--) {
        (void) settle(change_of(changing[i - 1].thread), NGX_SLACK_SETTLE_SENT,
                      0, 1, "");
    }

    look_around();
}


/* the first line in which two stories differ, with some before it */

static void
tell_apart(const char *one, const char *other)
{
    size_t  i, k, line[LINES];

    ngx_memzero(line, sizeof(line));

    for (i = 0; one[i] == other[i]; i++) {

        if (one[i] == '\0') {
            return;
        }

        if (one[i] == '\n') {
            for (k = LINES - 1; k; k--) {
                line[k] = line[k - 1];
            }

            line[0] = i + 1;
        }
    }

    for (k = line[LINES - 1]; one[k] && (k < i || one[k] != '\n'); k++) {
        if (k == line[LINES - 1] || one[k - 1] == '\n') {
            printf("# ");
        }

        putchar(one[k]);
    }

    printf("\n# or %.*s\n", (int) strcspn(other + line[0], "\n"),
           other + line[0]);
}


static void
test_random(void)
{
    char        *copy;
    char         name[64];
    ngx_uint_t   i;

    stores[0] = outbox;

    for (i = 1; i < STORES; i++) {
        stores[i] = another();
    }

    for (i = 0; i < STORIES; i++) {
        seed = (unsigned int) i + 1;

        one_story();

        check(survey.waiting == 0, "nothing waits for ever");

        if (stories[i] != NULL) {
            (void) snprintf(name, sizeof(name), "the same story, %d", (int) i);
            check(strcmp(stories[i], story) == 0, name);
            tell_apart(stories[i], story);
            free(stories[i]);
        }

        copy = strdup(story);

        if (copy == NULL) {
            check(0, "memory");
            return;
        }

        stories[i] = copy;
    }

    outbox = stores[0];

    for (i = 1; i < STORES; i++) {
        ngx_slack_outbox_close(stores[i]);
    }
}


case_t  cases_random[] = {
    { "threads: at random", test_random },
    { NULL, NULL }
};
