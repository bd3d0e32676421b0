
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/ngx_slack_markdown*: pieces of markup at random, cut anywhere, for
 * each receiver; then what would take long if anything were looked at again
 * and again.
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
#include <ngx_slack_markdown.h>
#include <ngx_slack_text.h>

#include <time.h>

#include "tap.h"
#include "events.h"
#include "judge.h"


#define LONG  (1024 * 1024)


static ngx_str_t  base = ngx_string("https://x.test/p");


static ngx_uint_t  receiver;


/* pieces at random, in any order, cut anywhere */

static uint64_t  seed = 1;


static ngx_uint_t
roll(ngx_uint_t n)
{
    /* Knuth's MMIX */

    seed = seed * 6364136223846793005u + 1442695040888963407u;

    return (ngx_uint_t) (seed >> 33) % n;
}


static const char  *pieces[] = {
    "[", "]", "](", ")", "![", "[a](https://x.test/b)", "](https://h.test/",
    "(", "<", ">", "&", "&lt;", "&#60;", "&#64;all", "&#x202e;", "&amp;",
    "<!channel>", "<@U1>", "<!--", "-->", "@all", "@", "|", "\n", "\n\n",
    "\n|---|---|\n", "| a | b |", "\\|", "\\", "`", "``", "```", "~~~",
    "\n~~~\n", "\n```\n", "**", "*", "__", "_", "~~", " ", "a", "word",
    "<b>", "</b>", "<i>", "</i>", "<code>", "</code>", "<pre>", "</pre>",
    "<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>", "<br>", "<li>",
    "<summary>", "</summary>", "<details>", "<a href=\"https://h.test/\">",
    "<a href='javascript:x'>", "</a>", "<img src=\"/uploads/1@2.png\">",
    "<img src=x alt=\"", "\"", "'", "[s]", "\n[s]: https://h.test/s\n",
    "[s][]", "https://u@h.test/@all", "https://", "good.test", "mailto:a@b.c",
    "(mailto:a@b.test)", "\xf0\x9f\x9a\x80", "\xe2\x80\xae", "\xc3\xa9",
    "\xe2\x80\xa8", "\xef\xbb\xbf", "<https://h.test/>", "{width=1}", "\t",
    "(javascript:x)", "(/a/../b)", "(//h.test)"
};

#define NPIECES  (sizeof(pieces) / sizeof(pieces[0]))


static void
random_texts(void)
{
    u_char            *p, *copy, buf[4096];
    size_t             limit, len;
    ngx_str_t          s;
    ngx_uint_t         i, n, ok;
    const char        *piece;
    ngx_slack_text_t   text;

    ok = 1;

    for (i = 0; ok && i < 30000; i++) {

        receiver = roll(NGX_SLACK_RECEIVER_MAX);
        judged_receiver = receiver;
        judged_sum = judged_description = 0;

        for (p = buf, n = roll(60); n; n--) {
            piece = pieces[roll(NPIECES)];
            len = strlen(piece);
            p = ngx_cpymem(p, piece, len);
        }

        /* in memory of exactly this size, for the sanitizer */

        s.len = p - buf;
        s.data = malloc(s.len ? s.len : 1);
        if (s.data == NULL) {
            exit(2);
        }

        ngx_memcpy(s.data, buf, s.len);

        limit = roll(3) ? 1 + roll(400)
                : ngx_slack_receivers[receiver].parts[NGX_SLACK_PART_TEXT];

        ngx_slack_text_init(&text, NULL, NULL, 0, limit);
        ngx_slack_text_receiver(&text, &ngx_slack_receivers[receiver]);
        ngx_slack_text_markdown(&text, &s, &base);

        copy = malloc(text.len + 1);
        if (copy == NULL) {
            exit(2);
        }

        if (text.len) {
            ngx_memcpy(copy, text.start, text.len);
        }

        copy[text.len] = '\0';

        ok = judge_text("text", (char *) copy, limit, 1)
             && judge_at("text", (char *) copy);

        if (!ok) {
            printf("# in: %.*s\n# out: %s\n", (int) s.len, s.data, copy);
        }

        free(copy);
        free(s.data);
        ngx_slack_text_done(&text);
    }

    if (!tap_ok(ok != 0, "pieces at random break nothing")) {
        printf("# %s\n", why);
    }
}


/* a megabyte of each piece, of pairs of them, and of one behind another */

static void
long_texts(void)
{
    char               name[128];
    u_char            *big, *p;
    clock_t            begun;
    ngx_str_t          s;
    ngx_uint_t         i, k;
    ngx_slack_text_t   text;

    static const char  *slow[] = {
        "[", "![", "[![", "](", "[a](", "[a](b(", "[a](b \"", "![](", "<a ",
        "<b>", "<b ", "<b \"", "<b '", "</b ", "<a href=\"x\">", "<tr>",
        "<!--",
        "`", "`` `", "**a", "&", "&a", "~~~", "\n~~~", "|\n", "|\n|-|\n", "a|",
        "[a]: ", "\n[a]:", "<https://", "<i></b>", "[a]", "[[a]", "[![a](b)",
        "<kbd>a</kbd>", "<summary>", "<pre>", "[s]", "<td>", "a ]", ":a",
        "<p>",
        "[a](https://h.test/ "
    };

    receiver = NGX_SLACK_RECEIVER_SLACK;

    big = malloc(LONG + 256);
    if (big == NULL) {
        exit(2);
    }

    for (i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {

        for (k = 0; k < 2; k++) {

            p = big;

            if (k) {
                p = ngx_cpymem(p, "[s]: https://h.test/\n<b>`[", 27);
            }

            while (p < big + LONG) {
                p = ngx_cpymem(p, slow[i], strlen(slow[i]));
            }

            s.data = big;
            s.len = p - big;

            ngx_slack_text_init(&text, NULL, NULL, 0,
                                NGX_SLACK_TEXT_NO_LIMIT);

            begun = clock();
            ngx_slack_text_markdown(&text, &s, &base);
            begun = clock() - begun;

            snprintf(name, sizeof(name), "1 MB of %s takes no longer",
                     slow[i]);

            for (p = (u_char *) name; *p; p++) {
                if (*p == LF) {
                    *p = ' ';
                }
            }

            /* what is looked at again and again would take minutes */

            if (!tap_ok(begun < 8 * CLOCKS_PER_SEC, name)
                || getenv("MARKDOWN_TIMES"))
            {
                printf("# %ld ms\n", (long) (begun * 1000 / CLOCKS_PER_SEC));
            }

            ngx_slack_text_done(&text);
        }
    }

    free(big);
}


int
main(void)
{
    random_texts();
    long_texts();

    return tap_done();
}
