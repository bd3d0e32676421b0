
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What is a channel: names, IDs, and anything that a variable may hold; and
 * how many names variables may give.
 */

/* unit: slack/ngx_slack_channel.c slack/ngx_slack_workspace.c
 *       core/ngx_slack_secret.c core/ngx_slack_shown.c core/ngx_slack_text.c
 *       core/ngx_slack_text_scrub.c core/ngx_slack_names.c
 *       core/ngx_slack_sign.c
 * libs: -lcrypto
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_channel.h>
#include <ngx_slack_names.h>

#include "tap.h"


#define LONG  1000000
#define DAY   ((time_t) 24 * 3600)


static ngx_slack_workspace_t  workspace;
static ngx_slack_endpoint_t   endpoints[2];
static ngx_slack_names_t     *names;
static ngx_shmtx_t            mutex;
static ngx_atomic_t           lock;


/* in memory of its own length; what it is, or "" */

static const char *
channel_of(const char *data, size_t len)
{
    u_char       *copy, buf[NGX_SLACK_CHANNEL_SIZE];
    ngx_str_t     in, out;
    const char   *why;
    static char   text[NGX_SLACK_CHANNEL_SIZE + 1];

    copy = malloc(len ? len : 1);

    if (copy == NULL) {
        abort();
    }

    memcpy(copy, data, len);

    in.data = copy;
    in.len = len;

    why = ngx_slack_channel_check(&workspace, &in, buf, &out);

    text[0] = '\0';

    if (why == NULL) {
        memcpy(text, out.data, out.len);
        text[out.len] = '\0';
    }

    free(copy);

    return text;
}


#define is_channel(s, as)                                                     \
    tap_ok(strcmp(channel_of(s, sizeof(s) - 1), as) == 0,                     \
           as[0] ? "is a channel: " s : "is none: " #s)

#define is_none(s)  is_channel(s, "")


static void
test_words(void)
{
    char  *big;

    is_channel("dev", "#dev");
    is_channel("#dev", "#dev");
    is_channel("a.b-c_1", "#a.b-c_1");
    is_channel("\xc3\xa9quipe", "#\xc3\xa9quipe");
    is_channel("\xe6\x97\xa5\xe6\x9c\xac", "#\xe6\x97\xa5\xe6\x9c\xac");
    is_channel("U024BE7LH", "U024BE7LH");
    is_channel("#C024BE7LR", "C024BE7LR");
    is_channel("D024BE7LR", "D024BE7LR");

    is_none("");
    is_none("#");
    is_none("@");
    is_none("@jdoe");
    is_none("@U024BE7LH");
    is_none("##dev");
    is_none("?");
    is_none("Dev");
    is_none("U024");
    is_none("U024BE7LH\n");
    is_none("<!channel>");
    is_none("<!here>");
    is_none("<@U024BE7LH>");
    is_none("U1>|x");
    is_none("a,b");
    is_none("a b");
    is_none("a\nb");
    is_none("a\rb");
    is_none("a\tb");
    is_none("a\0b");
    is_none("\0");
    is_none("a\x1b[31m");
    is_none("a\x7f");
    is_none("a\"b");
    is_none("a\\b");
    is_none("a/b");
    is_none("$x");
    is_none("a\xff");
    is_none("\xc3");
    is_none("\xc0\xaf");
    is_none("\xed\xa0\x80");
    is_none("\xef\xbf\xbd");
    is_none("a\xc2\x85");
    is_none("\xe2\x80\xa8");
    is_none("a\xe2\x80\xae");
    is_none("\xef\xbb\xbf");
    is_none("xoxb-1-2-secret");
    is_none("https://hooks.slack.com/");

    big = malloc(LONG);

    if (big == NULL) {
        abort();
    }

    memset(big, 'a', LONG);

    tap_ok(channel_of(big, 80)[0] == '#', "80 characters");
    tap_ok(channel_of(big, 81)[0] == '\0', "one more");
    tap_ok(channel_of(big, LONG)[0] == '\0', "a million");

    memset(big, 'C', LONG);

    tap_ok(channel_of(big, 80)[0] == 'C', "a long ID");
    tap_ok(channel_of(big, 81)[0] == '\0' && channel_of(big, LONG)[0] == '\0',
           "one that is too long");

    memset(big, 0xe2, LONG);

    tap_ok(channel_of(big, 320)[0] == '\0' && channel_of(big, LONG)[0] == '\0',
           "bytes");

    free(big);
}


/* whatever is one has no byte that means something elsewhere */

static void
test_random(void)
{
    int          ok;
    char         s[16];
    size_t       i, n;
    unsigned     round;
    const char  *is;

    static char  bytes[] = "ab1-_.#@<>!|&,\"\\/ \n\t\r$?UCW0"
                           "\xc3\xa9\xe2\x80\xff";

    srandom(1);
    ok = 1;

    for (round = 0; round < 200000; round++) {

        n = (size_t) random() % sizeof(s);

        for (i = 0; i < n; i++) {
            s[i] = bytes[(size_t) random() % sizeof(bytes)];
        }

        is = channel_of(s, n);

        ok = ok && strpbrk(is, "<>!|&,\"\\/ \n\t\r$?") == NULL
             && strpbrk(is[0] ? is + 1 : is, "#@") == NULL
             && (strcmp(channel_of(is, strlen(is)), is) == 0);
    }

    tap_ok(ok, "nothing else in it, and it stays what it is");
}


static void
test_served(void)
{
    endpoints[0].any = 0;
    ngx_str_set(&endpoints[0].channel, "dev");

    is_channel("dev", "#dev");
    is_none("ops");
    is_none("U024BE7LH");

    endpoints[0].any = 1;
    ngx_str_null(&endpoints[0].channel);
    workspace.receiver = NGX_SLACK_RECEIVER_MATTERMOST;

    is_channel("@jdoe", "@jdoe");
    is_none("U024BE7LH");
    is_none("@Jdoe");

    workspace.receiver = NGX_SLACK_RECEIVER_DISCORD;

    is_none("dev");

    workspace.receiver = NGX_SLACK_RECEIVER_SLACK;
}


static void
test_list(void)
{
    ngx_str_t  list, word;

    ngx_str_set(&list, ", a,,b  #c,");

    word = ngx_slack_channel_next(&list);
    tap_is(word.data, word.len, "a", "a list");
    word = ngx_slack_channel_next(&list);
    tap_is(word.data, word.len, "b", "its second");
    word = ngx_slack_channel_next(&list);
    tap_is(word.data, word.len, "#c", "its third");
    word = ngx_slack_channel_next(&list);
    tap_ok(word.len == 0 && list.len == 0, "and no more");
}


static ngx_int_t
take(const char *space, unsigned n, time_t now)
{
    char       name[16];
    ngx_str_t  ws, channel;

    ws.data = (u_char *) space;
    ws.len = strlen(space);
    channel.data = (u_char *) name;
    channel.len = (size_t) snprintf(name, sizeof(name), "#c%u", n);

    return ngx_slack_names_take(names, &ws, &channel, now);
}


static unsigned
taken(const char *space, unsigned from, unsigned to, time_t now)
{
    unsigned  n;

    for (n = 0; from < to; from++) {
        n += (take(space, from, now) == NGX_OK);
    }

    return n;
}


static void
test_names(void)
{
    unsigned  max = NGX_SLACK_NAMES_MAX;

    names = calloc(1, ngx_slack_names_size(2));

    if (names == NULL) {
        abort();
    }

    mutex.lock = &lock;
    names->mutex = &mutex;
    names->n = 2;

    tap_ok(ngx_slack_names_take(NULL, NULL, NULL, 0) == NGX_OK,
           "without memory nothing is limited");

    tap_ok(taken("a", 0, max, DAY) == max, "as many as there may be");
    tap_ok(taken("a", max, max + 10, DAY) == 0, "and no more");
    tap_ok(taken("a", 0, max, 2 * DAY) == max, "those are known");
    tap_ok(taken("b", 0, 10, DAY) == 10, "others have their own");

    tap_ok(taken("a", 0, max / 2, 3 * DAY) == max / 2
           && take("a", max, 8 * DAY) == NGX_DECLINED,
           "seven days have not passed");

    tap_ok(taken("a", max, max + max / 2, 9 * DAY) == max / 2,
           "those that were not seen for 7 days go");
    tap_ok(taken("a", 0, max / 2, 9 * DAY) == max / 2
           && take("a", 2 * max, 9 * DAY) == NGX_DECLINED, "others stay");

    tap_ok(take("a", 2 * max, 20 * DAY) == NGX_OK
           && names->tables[0].n == 1, "at last all do");

    tap_ok(take("c", 0, 21 * DAY) == NGX_OK && take("a", 2 * max, 21 * DAY)
           == NGX_OK && names->tables[0].n == 1,
           "the workspace that was used last keeps its own");

    free(names);
}


int
main(void)
{
    ngx_pid = 1;

    workspace.endpoints.elts = endpoints;
    workspace.endpoints.nelts = 1;
    endpoints[0].any = 1;

    test_words();
    test_random();
    test_served();
    test_list();
    test_names();

    return tap_done();
}
