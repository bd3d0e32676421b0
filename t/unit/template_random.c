
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/ngx_slack_template*: at random, with every variable in every place,
 * and with values of 1 MB: no value breaks anything or notifies anybody.
 */

/* unit: core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c core/ngx_slack_receiver.c
 *       core/ngx_slack_shown.c json/ngx_slack_json_writer.c
 *       core/ngx_slack_time.c source/ngx_slack_event.c message/
 * libs: -lyajl
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include "tap.h"
#include "judge_template.h"


#define BIG    (1024 * 1024)
#define TURNS  60000

#define HERE   "<!here>"


static ngx_slack_template_t *
parsed(const char *source)
{
    ngx_str_t              s, where;
    ngx_slack_template_t  *template;

    template = ngx_pcalloc(pool, sizeof(ngx_slack_template_t));
    if (template == NULL) {
        exit(2);
    }

    s.data = (u_char *) source;
    s.len = strlen(source);

    return ngx_slack_template_parse(pool, &s, template, &where) ? NULL
                                                                 : template;
}


/* templates and values at random */

static uint64_t  seed = 1;


static ngx_uint_t
roll(ngx_uint_t n)
{
    /* Knuth's MMIX */

    seed = seed * 6364136223846793005u + 1442695040888963407u;

    return (ngx_uint_t) (seed >> 33) % n;
}


static const char  *places[] = {
    "${a}", "${b}", "${c}", "<@${a}>", "<@${b}>", "<@${c}>",
    "<!subteam^${a}>", "<!subteam^${b}>", "<#${a}>", "<#${c}>", "<${a}>",
    "<${b}|${a}>", "<${c}|${b}>", "<https://x.test/${a}>",
    "<https://x.test/${b}?x=${c}|${a} ${b}>", "<https://${a}/|x>",
    "<mailto:${b}|${c}>", "<http://x.test/|${a}>", "`${a}`", "`${b} ${c}`",
    "```\n${a}\n```", "```${b}```", "*${a}*", "_${b}_", " ", "\n", "&",
    "&amp;", "&lt;", "R&D", "text", "\xe2\x80\xa6", "@here", HERE,
    "<@U024BE7LH>", "<https://x.test|a>", "|", ":", "x${a}"
};


static const char  *values[] = {
    "<!channel>", "<!everyone>", "<@U0EVIL0001>", "<!subteam^S0EVIL0001>",
    "<#C0EVIL0001>", "U0GOOD0001", "S0GOOD0001", "C0GOOD0001", "<", ">", "|",
    "&", "&amp;", "&lt;", "`", "``", "```", "\n", " ", "@here", "@channel",
    "https://x.test/", "http://", "https://", "mailto:a@x.test", "?", "#",
    "/", "\\", "\"", "'", "*", "_", "~", "%", "%3c", "\xc3\xa4",
    "\xf0\x9f\x9a\x80", "\xe2\x80\xae", "\xe2\x80\xa8", "\xff", "\x01", "^",
    "!", "!channel", "$a", "abc", "<https://evil.test|x>", "x@y.test"
};


static void
put(char *buf, size_t size, const char **pieces, ngx_uint_t n, ngx_uint_t most)
{
    size_t      len, add;
    ngx_uint_t  i;

    len = 0;

    for (i = roll(most) + 1; i; i--) {
        const char  *piece = pieces[roll(n)];

        add = strlen(piece);

        if (len + add >= size) {
            break;
        }

        memcpy(buf + len, piece, add);
        len += add;
    }

    buf[len] = '\0';
}


static ngx_uint_t
judged(ngx_slack_template_t *template, ngx_str_t *value, size_t limit,
    ngx_uint_t receiver, ngx_uint_t plain)
{
    ngx_uint_t        ok;
    ngx_slack_text_t  text;

    ngx_slack_text_init(&text, NULL, NULL, 0, limit);
    ngx_slack_text_receiver(&text, &ngx_slack_receivers[receiver]);
    text.plain = plain ? 1 : 0;

    ngx_slack_template_write(&text, template, value);

    ok = text.len == 0
         || judge_template(template, value, &text, limit, receiver);

    if (ok && plain && text.len && memchr(text.start, '<', text.len)) {
        ok = wrong("template", "markup in a plain text");
    }

    if (!ok) {
        printf("# %s\n# template: %.*s\n# text: %.*s\n", why,
               (int) template->source.len, template->source.data,
               (int) ngx_min(text.len, 1000), text.start);
    }

    ngx_slack_text_done(&text);

    return ok;
}


static void
at_random(void)
{
    char                   source[512], raw[3][4096];
    ngx_str_t              value[3], clean[3];
    ngx_uint_t             i, k, ok;
    ngx_pool_t            *outer;
    ngx_slack_template_t  *template;

    outer = pool;
    ok = 1;

    for (i = 0; ok && i < TURNS; i++) {

        pool = ngx_create_pool(4096, NULL);
        if (pool == NULL) {
            exit(2);
        }

        put(source, sizeof(source), places, sizeof(places) / sizeof(char *),
            8);

        template = parsed(source);

        if (template == NULL) {
            printf("# refused: %s\n", source);
            ok = 0;
            break;
        }

        for (k = 0; k < template->variables.nelts; k++) {
            put(raw[k], sizeof(raw[k]), values,
                sizeof(values) / sizeof(char *), roll(3) ? 3 : 400);

            value[k].data = (u_char *) raw[k];
            value[k].len = strlen(raw[k]);
            clean[k] = value[k];

            if (ngx_slack_template_value(pool, &clean[k]) != NGX_OK) {
                exit(2);
            }
        }

        ok = judged(template, clean,
                    roll(2) ? NGX_SLACK_TEMPLATE_MAX : 1 + roll(120),
                    i % NGX_SLACK_RECEIVER_MAX, roll(4) == 0);

        ngx_destroy_pool(pool);
    }

    pool = outer;

    tap_ok(ok != 0, "no value breaks a template at random");
}


/* words of the operator, in which a map has put values of senders */

static const char  *own[] = {
    "<@U0OWN00001>", "<!everyone>", "<!subteam^S0OWN00001>", "<@", "<!", "<#",
    "<!subteam^", "<!date^1^", "<", ">", "|x>", "@", "&", "&lt;", " ", "\n",
    "on call: ", "<https://x.test/", "<https://x.test|", "`"
};

static const char  *sent[] = {
    "here", "channel", "everyone", "<!here>", "<!channel>", "<!everyone",
    "!here>", "@U0EVIL0001", "U0EVIL0001", "<@U0EVIL0001>", "S0EVIL0001",
    "subteam^S0EVIL0001", "C0EVIL0001", "#C0EVIL0001", "<", ">", "|", "&lt;",
    "!", "\xe2\x80\xab", "<https://evil.test|x>", "Fix it", "jane", "`"
};


/* each token is one that the operator wrote, or a link */

static ngx_uint_t
judged_mention(ngx_slack_text_t *text)
{
    size_t       len;
    u_char      *p, *end, *last;
    ngx_uint_t   i;

    last = text->start + text->len;

    for (p = text->start; p < last; p = end) {

        p = ngx_strlchr(p, last, '<');
        if (p == NULL) {
            return 1;
        }

        end = ngx_strlchr(p, last, '>');
        if (end == NULL) {
            return 0;
        }

        len = (size_t) (++end - p);

        for (i = 0; i < 3; i++) {
            if (len == strlen(own[i]) && memcmp(p, own[i], len) == 0) {
                break;
            }
        }

        if (i == 3 && strncmp((char *) p, "<http", 5) != 0) {
            return 0;
        }
    }

    return 1;
}


static void
mentions(void)
{
    size_t                 len, add;
    u_char                 buf[1024];
    ngx_str_t              value;
    ngx_uint_t             i, k, n, seen, ok;
    ngx_pool_t            *outer;
    const char            *piece;
    ngx_slack_text_t       text, foreign;
    ngx_slack_template_t  *template;

    outer = pool;
    ok = 1;
    seen = 0;

    for (i = 0; ok && i < TURNS; i++) {

        pool = ngx_create_pool(4096, NULL);
        if (pool == NULL) {
            exit(2);
        }

        len = 0;

        for (n = roll(8) + 1; n; n--) {

            k = roll(2);
            piece = k ? own[roll(sizeof(own) / sizeof(char *))]
                      : sent[roll(sizeof(sent) / sizeof(char *))];

            value.data = (u_char *) piece;
            value.len = strlen(piece);

            ngx_slack_text_init(&foreign, pool, NULL, 0,
                                NGX_SLACK_TEXT_NO_LIMIT);

            if (!k) {
                ngx_slack_template_foreign(&foreign, &value);
                value.data = foreign.start;
                value.len = foreign.len;
            }

            add = ngx_min(value.len, sizeof(buf) - len);

            if (add) {
                memcpy(buf + len, value.data, add);
                len += add;
            }
        }

        value.data = buf;
        value.len = len;

        template = parsed("$v");

        if (template == NULL
            || ngx_slack_template_value(pool, &value) != NGX_OK)
        {
            exit(2);
        }

        template->words = 1;

        ngx_slack_text_init(&text, pool, NULL, 0, NGX_SLACK_TEMPLATE_MAX);
        ngx_slack_template_write(&text, template, &value);

        ok = judged_mention(&text);
        seen += (ngx_strlchr(text.start, text.start + text.len, '<') != NULL);

        if (!ok) {
            printf("# words: %.*s\n# text: %.*s\n", (int) len, buf,
                   (int) text.len, text.start);
        }

        ngx_destroy_pool(pool);
    }

    pool = outer;

    tap_ok(ok != 0, "no value notifies through words of the operator");
    tap_ok(seen > TURNS / 10, "which do");
}


static void
long_values(void)
{
    size_t                 i;
    u_char                *big;
    ngx_str_t              value, cut;
    ngx_uint_t             k, ok;
    ngx_slack_text_t       text;
    ngx_slack_template_t  *template;

    static const char  *fills[] = { "a", "<", "&amp;", "\xf0\x9f\x9a\x80",
                                    "\n", "x y ", "`" };

    big = malloc(BIG);
    if (big == NULL) {
        exit(2);
    }

    ok = 1;

    for (k = 0; ok && k < sizeof(fills) / sizeof(char *); k++) {

        for (i = 0; i < BIG; i++) {
            big[i] = fills[k][i % strlen(fills[k])];
        }

        template = parsed("[$v] <https://x.test/$v|$v> <$v> <@$v> `$v` end");

        value.data = big;
        value.len = BIG;
        cut = value;

        ok = template != NULL
             && ngx_slack_template_value(pool, &cut) == NGX_OK
             && judged(template, &cut, NGX_SLACK_TEMPLATE_MAX, 0, 0)
             && judged(template, &cut, NGX_SLACK_TEMPLATE_MAX, 1, 0)
             && judged(template, &cut, 1000, 0, 1);
    }

    tap_ok(ok != 0, "values of 1 MB");

    memset(big, 'a', BIG);

    value.data = big;
    value.len = BIG;

    template = parsed("$v <https://x.test|more>");

    ngx_slack_text_init(&text, pool, NULL, 0, NGX_SLACK_TEMPLATE_MAX);

    if (template == NULL
        || ngx_slack_template_value(pool, &value) != NGX_OK)
    {
        exit(2);
    }

    ngx_slack_template_write(&text, template, &value);

    tap_is(text.start + text.len - 28, 28,
           "aaa\xe2\x80\xa6 <https://x.test|more>",
           "a long value is cut, and what follows is there");

    free(big);
}


int
main(void)
{
    pool = ngx_create_pool(4096, NULL);
    if (pool == NULL) {
        return 2;
    }

    long_values();
    at_random();
    mentions();

    ngx_destroy_pool(pool);

    return tap_done();
}
