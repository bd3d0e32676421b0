
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract: threads that another store changes between two messages of the
 * first one, which must not trust what it remembers of them.
 */


#include "suite.h"


#define KEEP  (20 * 60)


typedef struct {
    const char               *name;
    void                    (*change)(const char *key, int64_t root,
                                int64_t reply);
    ngx_slack_role_e          role;          /* of the reply after that */
    unsigned                  sent:1;        /* the root was */
    unsigned                  anew:1;        /* it has another thread */
} shared_t;


static ngx_slack_outbox_t  *other;


static ngx_int_t
steer_one(ngx_slack_steer_e action, int64_t id)
{
    ngx_slack_steer_t  st;

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));

    st.ids = &id;
    st.n = 1;
    st.waiting = 1;

    return steer(&st, action);
}


static int64_t
put_kept(const char *key, ngx_slack_new_part_e part, ngx_uint_t ends)
{
    put_t  with = { .keep = KEEP };

    with.ends = ends ? 1 : 0;

    return put("#dev", key, part, &with, "x");
}


static void
forget(const char *key, int64_t root, int64_t reply)
{
    (void) steer_one(NGX_SLACK_STEER_FORGET, root);
}


static void
end_by_reply(const char *key, int64_t root, int64_t reply)
{
    (void) put_kept(key, NGX_SLACK_NEW_REPLY, 1);
}


static void
end_by_state(const char *key, int64_t root, int64_t reply)
{
    (void) put_kept(key, NGX_SLACK_NEW_STATE, 1);
}


static void
start_anew(const char *key, int64_t root, int64_t reply)
{
    (void) sent(put_kept(key, NGX_SLACK_NEW_START, 0), "anew");
}


static void
kill_root(const char *key, int64_t root, int64_t reply)
{
    (void) sent(reply, "");
    (void) settle(root, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
}


static void
drop_root(const char *key, int64_t root, int64_t reply)
{
    (void) sent(reply, "");
    (void) steer_one(NGX_SLACK_STEER_DROP, root);
}


static void
send_without(const char *key, int64_t root, int64_t reply)
{
    (void) sent(reply, "");
    (void) sent(root, "");
}


static void
send_root(const char *key, int64_t root, int64_t reply)
{
    (void) sent(root, "h");
}


static void
refuse_reply(const char *key, int64_t root, int64_t reply)
{
    (void) refused(reply, NGX_SLACK_SETTLE_PLAIN);
}


static void
refuse_root(const char *key, int64_t root, int64_t reply)
{
    (void) refused(reply, NGX_SLACK_SETTLE_ROOT);
}


static void
refuse_and_kill(const char *key, int64_t root, int64_t reply)
{
    (void) refused(reply, NGX_SLACK_SETTLE_ROOT);
    (void) settle(reply, NGX_SLACK_SETTLE_DEAD, 0, 1, "no");
}


static void
expire(const char *key, int64_t root, int64_t reply)
{
    (void) sent(reply, "");

    skew += (KEEP + 60) * 1000;

    while (ngx_slack_outbox_purge(outbox) == NGX_AGAIN) { /* void */ }
}


static void
keep_longer(const char *key, int64_t root, int64_t reply)
{
    (void) put("#dev", key, NGX_SLACK_NEW_REPLY, NULL, "x");

    skew += (KEEP + 60) * 1000;
}


static void
change_by_other(const char *key, int64_t root, int64_t reply)
{
    (void) put_kept(key, NGX_SLACK_NEW_STATE, 0);
}


static shared_t  shared[] = {

    { "forgotten", forget, NGX_SLACK_ROLE_ROOT, 1, 1 },
    { "forgotten as its root waits", forget, NGX_SLACK_ROLE_ROOT, 0, 1 },
    { "ended by a reply", end_by_reply, NGX_SLACK_ROLE_ROOT, 1, 1 },
    { "ended by a state", end_by_state, NGX_SLACK_ROLE_ROOT, 1, 1 },
    { "begun anew", start_anew, NGX_SLACK_ROLE_REPLY, 1, 1 },
    { "its root is dead", kill_root, NGX_SLACK_ROLE_ROOT, 0, 0 },
    { "its root was dropped", drop_root, NGX_SLACK_ROLE_ROOT, 0, 0 },
    { "its root has no handle", send_without, NGX_SLACK_ROLE_ROOT, 0, 0 },
    { "its root was sent", send_root, NGX_SLACK_ROLE_REPLY, 0, 0 },
    { "replies are refused", refuse_reply, NGX_SLACK_ROLE_PLAIN, 1, 0 },
    { "its root is gone", refuse_root, NGX_SLACK_ROLE_REPLY, 1, 0 },
    { "its next one, too", refuse_and_kill, NGX_SLACK_ROLE_ROOT, 1, 0 },
    { "expired and purged", expire, NGX_SLACK_ROLE_ROOT, 1, 1 },
    { "kept longer", keep_longer, NGX_SLACK_ROLE_REPLY, 1, 0 },
    { "a change waits", change_by_other, NGX_SLACK_ROLE_REPLY, 1, 0 },

    { NULL, NULL, 0, 0, 0 }
};


/* what "other" does in place of the outbox of the case */

static void
swap(void)
{
    ngx_slack_outbox_t  *one;

    one = outbox;
    outbox = other;
    other = one;
}


/* by the store whose memory is tested; the outbox of the case does the rest */

static int64_t
remember(const char *key, ngx_slack_new_part_e part, int64_t stamp)
{
    put_t    with = { .keep = KEEP };
    int64_t  id;

    with.stamp = stamp;

    swap();
    id = put("#dev", key, part, &with, "x");
    swap();

    return id;
}


static void
one_reply(shared_t *s, ngx_uint_t before)
{
    int64_t            root, reply, id;
    ngx_slack_steer_t  st;

    root = remember(s->name, NGX_SLACK_NEW_STATE, 0);

    if (s->sent) {
        (void) sent(root, "h");
    }

    reply = remember(s->name, NGX_SLACK_NEW_REPLY, 0);

    if (before) {
        (void) sent(reply, "");
        reply = remember(s->name, NGX_SLACK_NEW_REPLY, 0);
    }

    check(waits_as(reply, NGX_SLACK_ROLE_REPLY, s->sent ? "h" : "")
          && line(reply)->part.id == root, "a reply, to be remembered");

    s->change(s->name, root, reply);

    id = remember(s->name, NGX_SLACK_NEW_REPLY, 0);

    check(line(id) != NULL && line(id)->part.role == s->role
          && (s->role == NGX_SLACK_ROLE_PLAIN
              || (line(id)->part.id != root) == s->anew), s->name);

    while (wait_of("acme/#dev", ROOM) > 0) {
        (void) settle(messages[0].id, NGX_SLACK_SETTLE_DEAD, 0, 1, "x");
    }

    ngx_memzero(&st, sizeof(ngx_slack_steer_t));
    (void) steer(&st, NGX_SLACK_STEER_FORGET);
}


static void
test_shared_replies(void)
{
    shared_t  *s;

    other = another();

    /* once as something else was settled between, once as not */

    for (s = shared; s->name != NULL; s++) {
        one_reply(s, 0);
    }

    ngx_slack_outbox_close(other);
    other = another();

    for (s = shared; s->name != NULL; s++) {
        one_reply(s, 1);
    }

    ngx_slack_outbox_close(other);
}


static void
test_shared_states(void)
{
    int64_t  root, one, two;

    other = another();

    root = remember("mr", NGX_SLACK_NEW_STATE, 10);
    (void) sent(root, "h");
    one = remember("mr", NGX_SLACK_NEW_STATE, 20);
    two = state("mr", 30, "2");

    check(put_entry.superseded == 1 && change_of(root) == two
          && fate_of(one) == NGX_SLACK_FATE_SENT, "another replaces a change");
    check(remember("mr", NGX_SLACK_NEW_STATE, 20) == 0 && put_entry.stale == 1,
          "what is older than that is stale");

    one = remember("mr", NGX_SLACK_NEW_STATE, 40);

    check(put_entry.superseded == 1 && change_of(root) == one
          && fate_of(two) == NGX_SLACK_FATE_SENT
          && strcmp(fate.answer, "superseded") == 0,
          "what is newer replaces that of the other");

    (void) settle(one, NGX_SLACK_SETTLE_SENT, 0, 1, "");
    two = remember("mr", NGX_SLACK_NEW_STATE, 50);

    check(put_entry.superseded == 0 && change_of(root) == two
          && look(0) == NGX_OK && survey.waiting == 1,
          "a change that the other has sent is not replaced");

    (void) refused(two, NGX_SLACK_SETTLE_REPLY);
    one = remember("mr", NGX_SLACK_NEW_STATE, 60);

    check(waits_as(one, NGX_SLACK_ROLE_REPLY, "h") && change_of(root) == 0,
          "a state replies where the other was refused a change");

    (void) sent(one, "");
    (void) sent(two, "");

    root = remember("later", NGX_SLACK_NEW_STATE, 10);
    one = remember("later", NGX_SLACK_NEW_STATE, 20);

    (void) sent(root, "h");
    (void) settle(one, NGX_SLACK_SETTLE_SENT, 0, 1, "");

    two = remember("later", NGX_SLACK_NEW_STATE, 30);

    check(put_entry.superseded == 0 && change_of(root) == two,
          "a root that the other has sent is changed");

    (void) steer_one(NGX_SLACK_STEER_FORGET, root);

    one = remember("later", NGX_SLACK_NEW_STATE, 20);

    check(waits_as(one, NGX_SLACK_ROLE_STATE_ROOT, "")
          && line(one)->part.id == one,
          "a thread that the other has forgotten begins anew");

    (void) sent(one, "i");
    two = put("#dev", "later", NGX_SLACK_NEW_START, NULL, "5");
    one = remember("later", NGX_SLACK_NEW_STATE, 40);

    check(waits_as(one, NGX_SLACK_ROLE_STATE_ROOT, "")
          && line(one)->part.id == one && line(two)->part.id == two,
          "a state does not change what the other has started");

    ngx_slack_outbox_close(other);
}


/* what an entry makes of threads goes with it if there is no room */

static void
test_undone(void)
{
    int64_t                  root, change, id;
    ngx_slack_entry_t        entry;
    ngx_slack_new_message_t  all[3];

    entry_init(&entry, &all[2], "", "#dev", "1");
    all[0] = all[2];
    all[1] = all[2];
    put_init(&all[0], "new", NGX_SLACK_NEW_STATE, 10);
    put_init(&all[1], "new", NGX_SLACK_NEW_REPLY, 0);

    entry.messages = all;
    entry.nmessages = 3;

    conf.max = 2;

    check(append_entries(outbox, &entry, 1) == NGX_OK
          && entry.result == NGX_SLACK_ENTRY_FULL, "no room for a new thread");

    id = put("#dev", "new", NGX_SLACK_NEW_REPLY, NULL, "2");

    check(waits_as(id, NGX_SLACK_ROLE_ROOT, "") && line(id)->part.id == id,
          "there is none");

    (void) sent(id, "");

    root = shown("mr", 10, "h");
    change = state("mr", 20, "3");

    put_init(&all[0], "mr", NGX_SLACK_NEW_STATE, 30);
    put_init(&all[1], "mr", NGX_SLACK_NEW_REPLY, 0);

    check(append_entries(outbox, &entry, 1) == NGX_OK
          && entry.result == NGX_SLACK_ENTRY_FULL
          && change_of(root) == change, "nor for another state");

    id = state("mr", 25, "4");

    check(put_entry.superseded == 1 && put_entry.stale == 0
          && change_of(root) == id, "which makes no other stale");
}


case_t  cases_shared[] = {
    { "threads: replies where others write", test_shared_replies },
    { "threads: states where others write", test_shared_states },
    { "threads: no room", test_undone },
    { NULL, NULL }
};
