
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/: what outside values can do to a message (nothing), and no memory.
 * Every message is judged by Slack's rules.
 */

/* unit: core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_receiver.c core/ngx_slack_shown.c
 *       json/ngx_slack_json_writer.c
 *       core/ngx_slack_time.c source/ngx_slack_event.c message/
 * libs: -lyajl -Wl,--wrap=malloc -Wl,--wrap=realloc
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_message.h>
#include <ngx_slack_text.h>

#include "tap.h"
#include "events.h"
#include "judge.h"
#include "fill.h"


#define BIG   (1024 * 1024)


/* the allocation that fails, 0: none */
static ngx_uint_t   fail_at;
static ngx_uint_t   allocations;


void *__real_malloc(size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *p, size_t size);


void *
__wrap_malloc(size_t size)
{
    return (++allocations == fail_at) ? NULL : __real_malloc(size);
}


void *
__wrap_realloc(void *p, size_t size)
{
    return (++allocations == fail_at) ? NULL : __real_realloc(p, size);
}


static ngx_uint_t
judged_for(ngx_slack_event_t *event, ngx_uint_t receiver, ngx_uint_t format)
{
    ngx_str_t    attachment;
    ngx_uint_t   rc;
    ngx_pool_t  *own;

    own = ngx_create_pool(4096, NULL);
    if (own == NULL) {
        return wrong("pool", "no memory");
    }

    ngx_str_null(&attachment);

    rc = (ngx_slack_message_attachment(event, receiver, format, own,
                                       &attachment)
          == NGX_OK)
         ? judge(&attachment, receiver) : wrong("attachment", "none");

    if (rc && format == NGX_SLACK_FORMAT_COMPACT) {
        rc = judge_compact(&attachment);
    }

    if (!rc && attachment.len && attachment.len < 3000) {
        printf("# receiver %u, format %u: %.*s\n", (unsigned) receiver,
               (unsigned) format, (int) attachment.len, attachment.data);
    }

    ngx_destroy_pool(own);

    return rc;
}


/* one message, of the next receiver or format, as all of them take time */

static ngx_uint_t
judged_next(ngx_slack_event_t *event)
{
    static ngx_uint_t  turn;

    turn++;

    return judged_for(event, turn % NGX_SLACK_RECEIVER_MAX,
                      turn / NGX_SLACK_RECEIVER_MAX % NGX_SLACK_FORMAT_MAX);
}


/* the event's message in each format, to each receiver in its turn */

static ngx_uint_t
judged(ngx_slack_event_t *event)
{
    ngx_uint_t  i;

    static ngx_uint_t  turn;

    for (i = 0; i < NGX_SLACK_FORMAT_MAX; i++) {
        if (!judged_for(event, (turn + i) % NGX_SLACK_RECEIVER_MAX, i)) {
            return 0;
        }
    }

    turn++;

    return 1;
}


static void
hostile(ngx_str_t *value, const char *name)
{
    ngx_str_t          *field, word[4];
    ngx_uint_t          kind, i, action, ok;
    ngx_slack_event_t   event;

    ok = 1;

    set(word[0], "open");
    set(word[1], "update");
    set(word[2], "failed");
    set(word[3], "create");

    for (kind = 1; ok && kind < NGX_SLACK_EVENT_MAX; kind++) {

        common(&event, kind);
        fill(&event, 25, same, value);
        ok = judged(&event);

        for (action = 0; ok && action < 4; action++) {
            event.action = word[action];
            ok = judged(&event);
        }

        /* each string alone */

        for (i = 0; ok && i < NFIELDS; i++) {

            common(&event, kind);
            set(event.url, P "/-/x");
            set(event.ref_url, P "/-/x");
            set(event.title, "t");
            event.action = word[i % 4];

            field = (ngx_str_t *) ((u_char *) &event + fields[i]);
            *field = *value;

            ok = judged_next(&event);
        }
    }

    if (!tap_ok(ok != 0, name)) {
        printf("# event %u: %s\n", (unsigned) kind - 1, why);
    }
}


static void
hostiles(void)
{
    char         name[64];
    size_t       n, len;
    u_char      *big, *p;
    ngx_str_t    value;
    ngx_uint_t   i;

    static const char  *values[] = {
        "<!channel> <@U1> & > | ](x) ``` * _ ~ \n",
        "<!here|a> <#C1> <!subteam^S1> <!date^1^{date}|x> <mailto:a@b.test|c>",
        "&amp; &lt; &gt; &quot; &#60;",
        "https://x.test/<!channel>?a=1&b=2|label>",
        "http://x.test/```\"\\",
        "`` ` ``` ```` `",
        "`",
        "```",
        "```\n<!-- --> ![a](https://x.test/b?c=1&d=2)",
        "![](/uploads/`) ![a](https://x.test/```b)",
        "<!-- a",
        "* ** ***",
        "|",
        ">",
        "\"\\\t\n\"",
        "\xe2\x80\xae" "abc" "\xe2\x81\xa6\xef\xbb\xbf",
        "\xc2\xa0",
        " ",
        "",
        "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
        "javascript:alert(1)",
        "https://",
        "https:///",
        "https://x.test",
        "@channel @here @all @everyone @jdoe a@b.test \\@all @@all @",
        "@`@channel` ```@all``` **@here** [@all](https://x.test/@all)",
        "https://u:p@x.test/@channel?a=@here#@all @all",
        "https://x.test/@channel/(@all)/[@all]",
        "https://[@all/@channel",
        "![@all](/uploads/@channel) ![a](https://x.test/@all) <@U1> <@&1>",
        NULL
    };

    for (i = 0; values[i]; i++) {
        value.data = (u_char *) values[i];
        value.len = strlen(values[i]);
        snprintf(name, sizeof(name), "value %u", (unsigned) i);
        hostile(&value, name);
    }

    /* the same in 1 MB, and as the path of a long URL */

    big = malloc(BIG + 128);
    if (big == NULL) {
        tap_ok(0, "no memory");
        return;
    }

    for (i = 0; values[i]; i++) {
        len = strlen(values[i]);

        if (len == 0) {
            continue;
        }

        for (p = big; p < big + BIG; p += len) {
            ngx_memcpy(p, values[i], len);
        }

        value.data = big;
        value.len = p - big;
        snprintf(name, sizeof(name), "value %u, 1 MB", (unsigned) i);
        hostile(&value, name);

        /* cut at every length around the limits of a label */

        for (n = 70; n < 90; n++) {
            value.len = ngx_slack_text_prefix(big, BIG, n);
            hostile(&value, name);
        }
    }

    ngx_memset(big, 'a', BIG);
    ngx_memcpy(big, "https://x.test/", 15);
    value.data = big;

    for (n = 1990; n < 2010; n += 5) {
        value.len = n;
        snprintf(name, sizeof(name), "URL of %u", (unsigned) n);
        hostile(&value, name);
    }

    free(big);
}


/* strings put together at random, but the same ones each time */

typedef struct {
    ngx_pool_t          *pool;
    uint64_t             seed;
} dice_t;


static ngx_uint_t
roll(dice_t *dice, ngx_uint_t n)
{
    /* Knuth's MMIX */

    dice->seed = dice->seed * 6364136223846793005u + 1442695040888963407u;

    return (ngx_uint_t) (dice->seed >> 33) % n;
}


static ngx_str_t
random_value(void *data)
{
    dice_t *dice = data;

    size_t       n, len;
    u_char      *p;
    ngx_str_t    s;
    const char  *piece;

    static const char  *pieces[] = {
        "<!channel>", "<@U1>", "&", "<", ">", "|", "](x)", "```", "``", "`",
        "*", "_", "~", "\n", "\n\n", " ", "a", "word", "\xf0\x9f\x9a\x80",
        "\xc2\xa0", "\xe2\x80\xae", "\xe2\x80\xa8", "\xef\xbb\xbf",
        "https://x.test/a?b&c", "http://", "![", "](/uploads/a)",
        "![a](https://x.test/`)", "<!--", "-->", "\"", "\\", "{w}", "\t",
        "&amp;", "%20", "\xc3\xa9", "@channel", "@", "@all", "://",
        "https://u@x/@here", "](/uploads/@a)", "**@all**"
    };

    ngx_str_null(&s);

    if (roll(dice, 3) == 0) {
        return s;
    }

    n = roll(dice, 4) ? roll(dice, 60) : roll(dice, 3000);

    s.data = ngx_pnalloc(dice->pool, 22 * n + sizeof("https://x"));
    if (s.data == NULL) {
        exit(2);
    }

    p = s.data;

    if (roll(dice, 3) == 0) {
        p = ngx_cpymem(p, "https://x", 9);
    }

    while (n--) {
        piece = pieces[roll(dice, sizeof(pieces) / sizeof(pieces[0]))];
        len = strlen(piece);
        p = ngx_cpymem(p, piece, len);
    }

    s.len = p - s.data;

    return s;
}


static void
random_events(void)
{
    dice_t              dice;
    ngx_pool_t         *shared;
    ngx_uint_t          i, ok;
    ngx_slack_event_t   event;

    static ngx_str_t  open = ngx_string("open");

    dice.seed = 1;
    shared = pool;
    ok = 1;

    for (i = 0; ok && i < 1500; i++) {

        pool = ngx_create_pool(4096, NULL);
        if (pool == NULL) {
            exit(2);
        }

        dice.pool = pool;

        common(&event, 1 + roll(&dice, NGX_SLACK_EVENT_MAX - 1));
        fill(&event, roll(&dice, 25), random_value, &dice);

        if (roll(&dice, 2)) {
            event.action = open;
        }

        event.total_commits = roll(&dice, 30);
        event.known_commits = roll(&dice, 3);
        event.forced = roll(&dice, 2) & 1;

        ok = judged_next(&event);

        ngx_destroy_pool(pool);
    }

    pool = shared;

    if (!tap_ok(ok != 0, "random values")) {
        printf("# event %u: %s\n", (unsigned) i, why);
    }
}


/* each allocation fails in turn: an error, and nothing lost */

static void
no_memory(void)
{
    u_char                *big;
    ngx_str_t              attachment, message, value;
    ngx_int_t              rc;
    ngx_uint_t             i, errors, format;
    ngx_pool_t            *own;
    ngx_slack_event_t      event;
    ngx_slack_post_head_t  head;

    big = malloc(BIG);
    if (big == NULL) {
        tap_ok(0, "no memory");
        return;
    }

    ngx_memset(big, '&', BIG);
    value.data = big;
    value.len = BIG;

    common(&event, NGX_SLACK_EVENT_ISSUE);
    fill(&event, 25, same, &value);
    set(event.action, "open");
    set(event.url, P "/-/x");

    for (format = 0; format < NGX_SLACK_FORMAT_MAX; format++) {

        errors = 0;

        for (i = 1; ; i++) {
            own = ngx_create_pool(4096, NULL);
            if (own == NULL) {
                break;
            }

            allocations = 0;
            fail_at = i;
            rc = ngx_slack_message_attachment(&event,
                                              NGX_SLACK_RECEIVER_DISCORD,
                                              format, own, &attachment);
            fail_at = 0;

            ngx_destroy_pool(own);

            if (rc == NGX_OK) {
                break;
            }

            errors += (rc == NGX_ERROR);
        }

        tap_ok(errors == i - 1
               && errors >= (format == NGX_SLACK_FORMAT_COMPACT ? 1 : 3),
               "no memory for an attachment");
    }

    ngx_memzero(&head, sizeof(ngx_slack_post_head_t));
    set(head.envelope, "{}");
    set(head.channel, "dev");
    value.len = 100;

    for (i = 1, errors = 0; ; i++) {
        allocations = 0;
        fail_at = i;
        rc = ngx_slack_message_compose(&head, &value, 1, &message);
        fail_at = 0;

        if (rc == NGX_OK) {
            free(message.data);
            break;
        }

        errors += (rc == NGX_ERROR);
    }

    tap_ok(errors == 1, "no memory for a message, and one allocation");

    free(big);
}


int
main(void)
{
    pool = ngx_create_pool(4096, NULL);
    if (pool == NULL) {
        return 2;
    }

    hostiles();
    random_events();
    no_memory();

    ngx_destroy_pool(pool);

    return tap_done();
}
