
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The schedule: whose turn it is under the pace and the holds of an endpoint.
 */

/* unit: delivery/ngx_slack_schedule.c delivery/ngx_slack_schedule_endpoint.c
 *       delivery/ngx_slack_pace.c slack/ngx_slack_workspace.c
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_schedule.h>

#include "tap.h"


#define START     1000000                   /* ms */
#define SECOND    1000
#define TURNS     256


typedef struct {
    char                     *name;
    char                     *token;        /* NULL: a webhook */
    char                     *url;
    ngx_uint_t                rate;         /* of the endpoint */
    ngx_uint_t                burst;
} conf_t;


static ngx_slack_workspace_t  workspaces[3];
static ngx_slack_endpoint_t   endpoints[3];
static ngx_array_t            array;
static ngx_slack_schedule_t  *s;
static char                   turns[TURNS];


/*
 * Stands for nginx's trees and checksums: a tree is a chain of right children,
 * in the order of their keys.
 */

uint32_t   ngx_crc32_table256[256];
uint32_t  *ngx_crc32_table_short = ngx_crc32_table256;


void
ngx_rbtree_insert_value(ngx_rbtree_node_t *root, ngx_rbtree_node_t *node,
    ngx_rbtree_node_t *sentinel)
{
    abort();
}


void
ngx_rbtree_insert(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    ngx_rbtree_node_t  **link;

    link = &tree->root;

    while (*link != tree->sentinel && (*link)->key <= node->key) {
        link = &(*link)->right;
    }

    node->left = tree->sentinel;
    node->right = *link;
    *link = node;
}


void
ngx_rbtree_delete(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    ngx_rbtree_node_t  **link;

    link = &tree->root;

    while (*link != node) {
        link = &(*link)->right;
    }

    *link = node->right;
}


ngx_rbtree_node_t *
ngx_rbtree_next(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    return (node->right == tree->sentinel) ? NULL : node->right;
}


static void
crc32_init(void)
{
    uint32_t    crc;
    ngx_uint_t  i, k;

    for (i = 0; i < 256; i++) {
        crc = (uint32_t) i;

        for (k = 0; k < 8; k++) {
            crc = (crc & 1) ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }

        ngx_crc32_table256[i] = crc;
    }
}


static ngx_str_t
str(char *text)
{
    ngx_str_t  value;

    value.data = (u_char *) text;
    value.len = strlen(text);

    return value;
}


/* a schedule for "n" workspaces, whose channels have no pace to speak of */

static void
fresh(conf_t *conf, ngx_uint_t n)
{
    ngx_uint_t              i;
    ngx_slack_workspace_t  *ws;

    if (s) {
        ngx_slack_schedule_destroy(s);
    }

    ngx_memzero(workspaces, sizeof(workspaces));
    ngx_memzero(endpoints, sizeof(endpoints));

    for (i = 0; i < n; i++) {

        ws = &workspaces[i];

        ws->name = str(conf[i].name);
        ws->rate.limit = 1000000000;
        ws->rate.burst = 1;
        ws->endpoints.elts = &endpoints[i];
        ws->endpoints.nelts = 1;

        endpoints[i].url = str(conf[i].url);
        endpoints[i].any = 1;
        endpoints[i].post_rate.limit = conf[i].rate;
        endpoints[i].post_rate.burst = conf[i].burst;

        if (conf[i].token) {
            endpoints[i].token = str(conf[i].token);
        }
    }

    array.elts = workspaces;
    array.nelts = n;

    s = ngx_slack_schedule_create(&array, START);

    if (s == NULL) {
        printf("Bail out! no memory\n");
        exit(1);
    }
}


/* the channel "name" of a workspace, whose turn is at "when" */

static ngx_slack_channel_t *
channel(char *workspace, char *name, int64_t id, int64_t when)
{
    ngx_str_t                    ws, text;
    ngx_slack_channel_t         *ch;
    ngx_slack_schedule_target_t  target;

    ws = str(workspace);
    text = str(name);

    if (ngx_slack_schedule_target(s, &ws, &text, &target) != NGX_OK) {
        return NULL;
    }

    ch = ngx_slack_schedule_add(s, id, &target, &text);

    if (ch) {
        ngx_slack_schedule_at(s, ch, when);
    }

    return ch;
}


/*
 * The first letters of the channels that have a turn at "now", in that order.
 * Each posts, and with "again" has its next turn at once.
 */

static char *
posted(int64_t now, ngx_uint_t max, ngx_uint_t again)
{
    ngx_uint_t            n;
    ngx_slack_channel_t  *ch;

    for (n = 0; n < max && n < TURNS - 1; n++) {

        ch = ngx_slack_schedule_next(s, now);

        if (ch == NULL) {
            break;
        }

        ngx_slack_schedule_take(ch->endpoint, now);
        ngx_slack_schedule_ended(s, ch);

        if (again) {
            ngx_slack_schedule_at(s, ch, now);
        }

        turns[n] = (char) ch->name.data[0];
    }

    turns[n] = '\0';

    return turns;
}


static void
is(const char *got, const char *expected, const char *name)
{
    tap_is((const unsigned char *) got, strlen(got), expected, name);
}


static void
test_rate(void)
{
    conf_t  conf = { "acme", "xoxb-1", "api", 1000, 3 };

    fresh(&conf, 1);

    (void) channel("acme", "a", 1, START);
    (void) channel("acme", "b", 2, START);
    (void) channel("acme", "c", 3, START);

    is(posted(START, 9, 1), "a", "a term starts without a burst");
    tap_ok(ngx_slack_schedule_due(s) == START + SECOND,
           "the next post is due when the rate allows it");
    is(posted(START + SECOND - 1, 9, 1), "", "none is early");
    is(posted(START + SECOND, 9, 1), "b", "the next channel has its turn");
    is(posted(START + 2 * SECOND, 9, 1), "c", "then the last");
    is(posted(START + 3 * SECOND, 9, 1), "a", "and the first again");
    is(posted(START + 20 * SECOND, 9, 1), "bca",
       "a burst after a pause, in the order of waiting");
    is(posted(START + 21 * SECOND, 9, 1), "b", "and no more than that");
}


/* A channel that always has messages does not keep out one with few. */

static void
test_fair(void)
{
    conf_t      conf = { "acme", "xoxb-1", "api", 1000, 1 };
    int64_t     now;
    ngx_uint_t  i, n;

    fresh(&conf, 1);

    (void) channel("acme", "a", 1, START);
    (void) channel("acme", "b", 2, START);

    now = START;

    is(posted(now, 9, 1), "a", "one of two");

    (void) channel("acme", "z", 3, now);

    for (n = 0, i = 1; i <= 30; i++) {
        now += SECOND;
        n += (posted(now, 9, 1)[0] == 'z');
    }

    tap_ok(n == 10, "each of three has a third of the posts");
}


static void
test_off(void)
{
    conf_t  conf = { "acme", "xoxb-1", "api", 0, 1 };

    fresh(&conf, 1);

    (void) channel("acme", "a", 1, START);
    (void) channel("acme", "b", 2, START);
    (void) channel("acme", "c", 3, START);

    is(posted(START, 6, 1), "abcabc", "post_rate off: no pace of the token");

    ngx_slack_schedule_hold(s->endpoints, START + 5 * SECOND);

    is(posted(START + SECOND, 9, 1), "", "but a hold");
    tap_ok(ngx_slack_schedule_due(s) == START + 5 * SECOND,
           "until it is over");
    is(posted(START + 5 * SECOND, 3, 1), "abc", "for all its channels");
}


static void
test_hold(void)
{
    conf_t                conf[] = {
        { "acme", "xoxb-1", "api", 1000, 5 },
        { "other", "xoxb-2", "api", 1000000, 100 }
    };
    ngx_slack_channel_t  *ch;

    fresh(conf, 2);

    (void) channel("acme", "a", 1, START);
    (void) channel("acme", "b", 2, START);
    (void) channel("other", "x", 3, START);

    /* the first post is refused by 429; the channel comes last */

    ch = ngx_slack_schedule_next(s, START);

    tap_ok(ch && ch->id == 1, "a post");

    ngx_slack_schedule_take(ch->endpoint, START);
    ngx_slack_schedule_hold(ch->endpoint, START + 9 * SECOND);
    ngx_slack_schedule_ended(s, ch);
    ngx_slack_schedule_at(s, ch, START + 9 * SECOND);

    is(posted(START, 9, 0), "x", "the other token goes on");

    ngx_slack_schedule_hold(ch->endpoint, START + 4 * SECOND);

    is(posted(START + 5 * SECOND, 9, 0), "",
       "a shorter hold ends no longer one");
    is(posted(START + 9 * SECOND, 9, 1), "b",
       "after it the one that waited, and no burst");
    is(posted(START + 10 * SECOND, 9, 1), "a", "then the refused one");
}


static void
test_same_token(void)
{
    conf_t  conf[] = {
        { "acme", "xoxb-1", "api", 1000, 1 },
        { "other", "xoxb-1", "api", 1000, 1 },
        { "third", "xoxb-1", "elsewhere", 1000, 1 }
    };

    fresh(conf, 3);

    tap_ok(s->nendpoints == 2
           && s->workspaces[0].endpoints[0] == s->workspaces[1].endpoints[0]
           && s->workspaces[0].endpoints[0] != s->workspaces[2].endpoints[0],
           "one token at one URL is one endpoint");

    (void) channel("acme", "a", 1, START);
    (void) channel("other", "b", 2, START);
    (void) channel("third", "c", 3, START);

    is(posted(START, 9, 1), "ac", "with one pace");
    is(posted(START + SECOND, 9, 1), "bc", "in turn");

    ngx_slack_schedule_suspend(s->workspaces[1].endpoints[0],
                               START + 60 * SECOND);

    is(posted(START + 9 * SECOND, 9, 1), "c", "and refused for both");

    conf[0].token = NULL;
    conf[1].token = NULL;

    fresh(conf, 2);

    tap_ok(s->nendpoints == 2, "webhooks are never one");
}


static void
test_remove(void)
{
    conf_t                conf = { "acme", "xoxb-1", "api", 1000, 1 };
    ngx_slack_channel_t  *a, *b, *c;

    fresh(&conf, 1);

    a = channel("acme", "a", 1, START);
    b = channel("acme", "b", 2, START);
    c = channel("acme", "c", 3, START);

    is(posted(START, 9, 0), "a", "two wait for the pace");
    tap_ok(b->queued && c->queued && !a->queued, "in the list");

    ngx_slack_schedule_remove(s, b);

    is(posted(START + SECOND, 9, 0), "c", "one is removed");
    tap_ok(ngx_slack_schedule_due(s) == NGX_SLACK_NEVER,
           "an empty list is due never");
    is(posted(START + 9 * SECOND, 9, 0), "", "nothing is left");

    ngx_slack_schedule_at(s, a, START + 9 * SECOND);

    is(posted(START + 9 * SECOND, 9, 0), "a", "it may come back");

    ngx_slack_schedule_at(s, a, START);
    ngx_slack_schedule_at(s, c, START);
    (void) posted(START + 9 * SECOND, 9, 0);

    tap_ok(a->queued && c->queued && ngx_slack_schedule_drop(s, a)
           && ngx_slack_schedule_drop(s, c) && s->n == 0,
           "who waits may be dropped");
    is(posted(START + 99 * SECOND, 9, 0), "", "all of them");

    (void) channel("acme", "a", 1, START);
    (void) channel("acme", "b", 2, START);
    (void) posted(START + 99 * SECOND, 1, 0);
    (void) posted(START + 99 * SECOND, 9, 0);

    ngx_slack_schedule_reset(s, START + 100 * SECOND);

    tap_ok(s->n == 0 && ngx_queue_empty(&s->endpoints[0].waiting)
           && ngx_queue_empty(&s->busy), "a new term starts empty");

    (void) channel("acme", "a", 1, START);
    (void) channel("acme", "b", 2, START);

    is(posted(START + 100 * SECOND, 9, 1), "a", "and without a burst");
}


/* A probe of a suspended endpoint, while others wait for its pace. */

static void
test_probe(void)
{
    conf_t                conf = { "acme", "xoxb-1", "api", 1000, 1 };
    ngx_slack_channel_t  *ch;

    fresh(&conf, 1);

    (void) channel("acme", "a", 1, START);
    (void) channel("acme", "b", 2, START);
    (void) channel("acme", "c", 3, START);

    ngx_slack_schedule_suspend(s->endpoints, START + 5 * SECOND);

    is(posted(START, 9, 0), "", "a suspended token");

    ch = ngx_slack_schedule_next(s, START + 5 * SECOND);

    tap_ok(ch && ch->probe, "is probed");

    ngx_slack_schedule_take(ch->endpoint, START + 5 * SECOND);

    tap_ok(ngx_slack_schedule_next(s, START + 8 * SECOND) == NULL,
           "by one at a time");

    tap_ok(ngx_slack_schedule_resume(s, ch->endpoint) == 1, "it works again");

    ngx_slack_schedule_ended(s, ch);

    is(posted(START + 8 * SECOND, 9, 0), "b", "the others follow");
    is(posted(START + 9 * SECOND, 9, 0), "c", "by its pace");
}


static void
test_twins(void)
{
    conf_t                conf[] = {
        { "acme", "xoxb-1", "api", 0, 1 },
        { "other", "xoxb-1", "api", 0, 1 },
        { "third", "xoxb-2", "api", 0, 1 }
    };
    ngx_str_t             id, *name;
    ngx_slack_channel_t  *a, *b, *c;

    fresh(conf, 3);

    workspaces[0].rate.limit = 1000;
    workspaces[0].rate.burst = 4;
    workspaces[1].rate.limit = 500;
    workspaces[1].rate.burst = 1;

    a = channel("acme", "dev", 1, START);
    b = channel("other", "C024BE91L", 2, START);
    c = channel("third", "C024BE91L", 3, START);

    id = str("C024BE91L");

    tap_ok(ngx_slack_schedule_identify(s, a, &id) == NULL, "a first name");
    tap_ok(ngx_slack_schedule_identify(s, c, &id) == NULL,
           "another token's channel is another");

    ngx_slack_pace_take(&b->pace, START);

    name = ngx_slack_schedule_identify(s, b, &id);

    tap_ok(name && name->len == 3 && ngx_memcmp(name->data, "dev", 3) == 0,
           "a second name of it");
    tap_ok(ngx_slack_pace_tokens(&a->pace, START) == 0
           && ngx_slack_pace_next(&a->pace) == START + 2 * SECOND
           && ngx_slack_pace_next(&b->pace) == START + 2 * SECOND,
           "both have the slower pace");

    ngx_slack_pace_take(&a->pace, START + 2 * SECOND);
    ngx_slack_schedule_share(a);

    tap_ok(ngx_slack_pace_next(&b->pace) == START + 4 * SECOND
           && ngx_slack_pace_next(&c->pace) < START,
           "a post by one name is one by the other");

    /* "dev" has no more messages; "C024BE91L" follows */

    ngx_slack_schedule_remember(s, a);
    ngx_slack_schedule_remove(s, a);
    ngx_slack_schedule_remember(s, b);
    ngx_slack_schedule_remove(s, b);

    a = channel("acme", "dev", 1, START);

    name = ngx_slack_schedule_identify(s, a, &id);

    tap_ok(name && name->len == 9 && ngx_slack_pace_next(&a->pace)
                                     == START + 4 * SECOND,
           "the pace outlives the channel");

    /* Slack says that "dev" is another channel now */

    b = channel("other", "C024BE91L", 2, START);
    (void) ngx_slack_schedule_identify(s, b, &id);

    id = str("C0OTHER00");

    tap_ok(ngx_slack_schedule_identify(s, a, &id) == NULL
           && ngx_queue_empty(&b->twins), "names part");
}


static void
test_target(void)
{
    conf_t  conf[] = {
        { "acme", "xoxb-1", "api", 0, 1 },
        { "hook", NULL, "hook", 0, 1 }
    };

    fresh(conf, 2);

    tap_ok(channel("acme", "dev", 1, START) != NULL
           && channel("acme", "U024BE7LH", 2, START) != NULL
           && channel("acme", "", 3, START) == NULL,
           "a token serves what has a name");
    tap_ok(channel("hook", "", 4, START) != NULL,
           "a webhook has a channel of its own");
    tap_ok(channel("none", "dev", 5, START) == NULL, "no workspace");
}


int
main(void)
{
    crc32_init();

    test_rate();
    test_fair();
    test_off();
    test_hold();
    test_same_token();
    test_remove();
    test_probe();
    test_twins();
    test_target();

    ngx_slack_schedule_destroy(s);

    return tap_done();
}
