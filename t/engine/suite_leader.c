
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: leadership, news, and several stores of an outbox at once.
 */


#include "suite.h"

#include <poll.h>
#include <pthread.h>


#define WRITERS  4
#define EACH     25


static ngx_int_t
settle_by(ngx_slack_outbox_t *by, int64_t term, int64_t id)
{
    ngx_slack_settlement_t  st;

    ngx_memzero(&st, sizeof(ngx_slack_settlement_t));

    st.id = id;
    st.outcome = NGX_SLACK_SETTLE_SENT;
    st.attempts = 1;

    return ngx_slack_outbox_settle(by, term, &st, 1, NULL, 0);
}


/* an engine that does not block may need a moment to resign */

static int
leads(ngx_slack_outbox_t *by, int64_t *term)
{
    ngx_int_t   rc;
    ngx_uint_t  i;

    rc = NGX_DECLINED;

    for (i = 0; i < 100 && rc == NGX_DECLINED; i++) {
        rc = ngx_slack_outbox_lead(by, term);

        if (rc == NGX_DECLINED) {
            (void) poll(NULL, 0, 10);
        }
    }

    return rc == NGX_OK;
}


static void
test_leader(void)
{
    int64_t               id, term, other_term, later;
    ngx_slack_served_t    endpoint;
    ngx_slack_outbox_t   *other;
    ngx_slack_standing_t  standing;

    id = append("", "#dev", "1");

    other = another();

    check(settle_by(outbox, 1, id) == NGX_DECLINED
          && fate_of(id) == NGX_SLACK_FATE_WAITING, "nobody settles unasked");

    check(ngx_slack_outbox_lead(outbox, &term) == NGX_OK && term > 0,
          "one leads");
    check(ngx_slack_outbox_lead(other, &other_term) == NGX_DECLINED,
          "another one does not");
    check(ngx_slack_outbox_renew(outbox, term) == NGX_OK
          && ngx_slack_outbox_renew(outbox, term) == NGX_OK,
          "it goes on to lead");

    ngx_slack_outbox_resign(other, term);

    check(ngx_slack_outbox_renew(outbox, term) == NGX_OK,
          "nobody else resigns for it");

    ngx_slack_outbox_resign(outbox, term);

    check(ngx_slack_outbox_renew(outbox, term) == NGX_DECLINED,
          "until it resigns");

    check(leads(other, &other_term)
          && ngx_slack_outbox_renew(other, other_term) == NGX_OK,
          "another one leads at once");

    check(settle_by(outbox, term, id) == NGX_DECLINED
          && fate_of(id) == NGX_SLACK_FATE_WAITING,
          "a former leader settles nothing");

    ngx_memzero(&standing, sizeof(ngx_slack_standing_t));
    standing.id = channel_id("acme/#dev");
    standing.failures = 7;

    check(ngx_slack_outbox_settle(outbox, term, NULL, 0, &standing, 1)
          == NGX_DECLINED
          && look(0) == NGX_OK && surveyed("acme/#dev")->failures == 0,
          "nor a channel's standing");

    endpoint.workspace = str("nobody");
    endpoint.channel = str("");
    endpoint.any = 1;

    check(ngx_slack_outbox_serve(outbox, term, &endpoint, 1) == NGX_DECLINED
          && look(0) == NGX_OK && !surveyed("acme/#dev")->unserved,
          "nor says where it delivers");

    ngx_slack_outbox_resign(outbox, term);

    check(ngx_slack_outbox_renew(other, other_term) == NGX_OK,
          "nor resigns once more");

    ngx_slack_outbox_resign(other, other_term);

    check(leads(outbox, &later) && later != term,
          "it may lead again, for another term");
    check(settle_by(outbox, term, id) == NGX_DECLINED
          && fate_of(id) == NGX_SLACK_FATE_WAITING,
          "what is left of the former one is not settled");
    check(settle_by(outbox, later, id) == NGX_OK
          && fate_of(id) == NGX_SLACK_FATE_SENT, "what is of this one is");

    ngx_slack_outbox_close(other);
}


static void
test_leader_closes(void)
{
    int64_t              term;
    ngx_slack_outbox_t  *other;

    other = another();

    check(ngx_slack_outbox_lead(other, &term) == NGX_OK, "one leads");

    ngx_slack_outbox_close(other);

    check(leads(outbox, &term), "closing its store lets others lead");
}


static ngx_uint_t
news(ngx_slack_outbox_t *by)
{
    ngx_fd_t       fd;
    struct pollfd  pfd;

    if (ngx_slack_outbox_wait(by, &fd) != NGX_OK) {
        return 2;
    }

    pfd.fd = fd;
    pfd.events = POLLIN;

    /* one that comes from a server may take a moment; none takes longer */

    return poll(&pfd, 1, 50) == 1;
}


static void
test_wait(void)
{
    int64_t              last;
    ngx_fd_t             fd;
    ngx_slack_outbox_t  *other;

    other = another();
    last = 0;

    if (ngx_slack_outbox_wait(other, &fd) == NGX_DECLINED) {
        check(ngx_slack_outbox_wait(other, &fd) == NGX_DECLINED,
              "it has no news of its own, nor later");
        ngx_slack_outbox_close(other);
        return;
    }

    check(tell(other, &last) == 0 && news(other) == 0, "there are none");

    (void) append("", "#dev", "1");

    check(news(other) == 1, "somebody stores a message");
    check(tell(other, &last) == 1 && news(other) == 0, "one looks for them");

    (void) mark(NGX_SLACK_STEER_PAUSE, "acme", "#dev");

    check(news(other) == 1, "an operator does something");

    ngx_slack_outbox_close(other);
}


static void
test_two_stores(void)
{
    int64_t              last, id, term;
    ngx_slack_outbox_t  *other;

    other = another();
    last = 0;

    check(tell(other, &last) == 0, "nothing waits");

    id = append("key", "#dev", "1");

    check(tell(other, &last) == 1, "one sees what another one stored");

    (void) ngx_slack_outbox_lead(other, &term);
    (void) ngx_slack_outbox_renew(other, term);

    check(settle_by(other, term, id) == NGX_OK
          && fate_of(id) == NGX_SLACK_FATE_SENT
          && wait_of("acme/#dev", ROOM) == 0, "and settled");

    conf.max = 1;

    check(append("", "#dev", "2") > id && append("", "#dev", "3") == 0,
          "they count the same messages");
    check(append("key", "#dev", "4") == 0, "and know the same keys");

    ngx_slack_outbox_close(other);
}


typedef struct {
    pthread_t                   thread;
    ngx_slack_outbox_t         *by;
    ngx_uint_t                  number;
    int64_t                     ids[EACH];
} writer_t;

static ngx_atomic_t  writing;


static void *
write_many(void *data)
{
    writer_t *w = data;

    char                     key[32], channel[32];
    ngx_uint_t               i;
    ngx_slack_entry_t        entry;
    ngx_slack_new_message_t  message;

    for (i = 0; i < EACH; i++) {
        (void) snprintf(key, sizeof(key), "%u.%u", (unsigned) w->number,
                        (unsigned) i);
        (void) snprintf(channel, sizeof(channel), "#%u",
                        (unsigned) (i % 5));

        entry_init(&entry, &message, key, channel, key);

        w->ids[i] = (append_entries(w->by, &entry, 1) == NGX_OK
                     && entry.result == NGX_SLACK_ENTRY_STORED) ? entry.id : 0;
    }

    (void) ngx_atomic_fetch_add(&writing, -1);

    return NULL;
}


/* each channel is told after the last message that came to it */

static void
test_writers(void)
{
    char        name[32];
    int64_t     last, id, seen[5];
    writer_t    writers[WRITERS];
    ngx_uint_t  i, k, n, wrong, done;

    static ngx_slack_waiting_message_t  got[WRITERS * EACH];

    writing = WRITERS;

    for (i = 0; i < WRITERS; i++) {
        writers[i].by = another();
        writers[i].number = i;
    }

    for (i = 0; i < WRITERS; i++) {
        if (pthread_create(&writers[i].thread, NULL, write_many, &writers[i]))
        {
            check(0, "a thread");
            return;
        }
    }

    last = 0;
    ngx_memzero(seen, sizeof(seen));

    do {
        done = (ngx_atomic_fetch_add(&writing, 0) == 0);

        if (tell(outbox, &last) == -1) {
            check(0, "is read meanwhile");
            break;
        }

        for (i = 0; i < ntold; i++) {
            n = WRITERS * EACH;
            k = (ngx_uint_t) (told[i].name[strlen("acme/#")] - '0');

            if (ngx_slack_outbox_messages(outbox, told[i].id, got, &n)
                != NGX_OK)
            {
                check(0, "is read meanwhile");
                n = 0;
            }

            while (n) {
                id = got[--n].id;
                seen[k] = ngx_max(seen[k], id);
                free(got[n].envelope.data);
            }
        }

    } while (!done);

    wrong = 0;

    for (i = 0; i < WRITERS; i++) {
        (void) pthread_join(writers[i].thread, NULL);
        ngx_slack_outbox_close(writers[i].by);

        for (n = 0; n < EACH; n++) {
            wrong += (writers[i].ids[n] == 0
                      || writers[i].ids[n] > seen[n % 5]
                      || (n && writers[i].ids[n] <= writers[i].ids[n - 1]));
        }
    }

    check(wrong == 0, "a reader misses no message, ids grow");

    for (i = 0, n = 0; i < 5; i++) {
        (void) snprintf(name, sizeof(name), "acme/#%u", (unsigned) i);
        n += (ngx_uint_t) wait_of(name, ROOM);
    }

    check(n == WRITERS * EACH, "each waits once");
}


case_t  cases_leader[] = {
    { "a leader", test_leader },
    { "a leader's end", test_leader_closes },
    { "news", test_wait },
    { "two stores", test_two_stores },
    { "writers", test_writers },
    { NULL, NULL }
};
