
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/ngx_slack_markdown*: what becomes of people's markup, piece by
 * piece.
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

#include "tap.h"
#include "events.h"
#include "expect.h"


#define Z    "\xe2\x80\x8b"                /* U+200B */
#define DOT  "\xe2\x80\xa6"                /* U+2026 */

typedef struct {
    const char  *in;
    const char  *out;
} row_t;


static ngx_str_t  base = ngx_string("https://x.test/p");


static void
written(const char *in, size_t limit, const char *out)
{
    ngx_str_t         s;
    ngx_slack_text_t  text;

    s.data = (u_char *) in;
    s.len = strlen(in);

    ngx_slack_text_init(&text, NULL, NULL, 0, limit);
    ngx_slack_text_receiver(&text, &ngx_slack_receivers[receiver]);

    ngx_slack_text_markdown(&text, &s, &base);
    tap_is(text.start, text.len, out, in);

    ngx_slack_text_done(&text);
}


static void
rows(row_t *row)
{
    for ( /* void */ ; row->in; row++) {
        written(row->in, NGX_SLACK_TEXT_NO_LIMIT, row->out);
    }
}


/* the 2048 bytes looked back for a cut URL begin within a character */

static void
cut_long_word(void)
{
    char        value[900 * 3 + 3 + 200 + 1], expected[250 * 3 + 3 + 1], *p;
    ngx_uint_t  i;

    for (p = value, i = 0; i < 900; i++, p += 3) {
        ngx_memcpy(p, "\xe2\x82\xac", 3);
    }

    ngx_memcpy(p, "://", 3);
    ngx_memset(p + 3, 'b', 200);
    p[203] = '\0';

    ngx_memcpy(expected, value, 250 * 3);
    ngx_memcpy(expected + 250 * 3, "\xe2\x80\xa6", 4);

    written(value, 1001, expected);
}


/* or within an entity */

static void
cut_long_word_of_entities(void)
{
    char        value[3 + 100 + 3 + 2000 + 1], expected[3 + 12 * 4 + 3 + 1];
    char       *p;
    ngx_uint_t  i, before;

    for (before = 0; before < 4; before++) {
        ngx_memset(value, 'a', before);
        ngx_memset(value + before, '>', 100);
        ngx_memcpy(value + before + 100, "://", 3);
        ngx_memset(value + before + 103, 'b', 2000);
        value[before + 2103] = '\0';

        p = expected;
        ngx_memset(p, 'a', before);
        p += before;

        for (i = 0; i < 12; i++, p += 4) {
            ngx_memcpy(p, "&gt;", 4);
        }

        ngx_memcpy(p, "\xe2\x80\xa6", 4);

        written(value, 2101, expected);
    }
}


static row_t  texts[] = {
    { "", "" },
    { " \n a\n\tb  \n", "a\n\tb" },
    { "a <b> & <!channel> <@U1>",
      "a &lt;b&gt; &amp; &lt;!channel&gt; &lt;@U1&gt;" },
    { "a!b", "a!b" },
    { "## a\n- [x] b\n- [ ] c\n> d", "## a\n- [x] b\n- [ ] c\n&gt; d" },

    /* comments */

    { "a <!-- b\nc --> d", "a  d" },
    { "<!-- a -->\n\nb\n<!-- c -->\nd\n<!-- e -->", "b\nd" },
    { "a <!-- b", "a" },
    { "<!-- a -->", "" },
    { "<!-->a", "a" },
    { "`<!-- a -->` b", "`&lt;!-- a --&gt;` b" },
    { "` <!-- a --> b", "`  b" },
    { "```\n<!-- a -->\n```", "```\n&lt;!-- a --&gt;\n```" },

    /* code */

    { "``a ` b`` c", "``a ` b`` c" },
    { "```c\nint a;\n```\nb", "```\nint a;\n```\nb" },
    { "``<!-- a -->`b", "`` `b" },
    { "``\xe2\x80\xae`b", "`` `b" },
    { "a ```c``` d", "a ```c``` d" },
    { "`````\na", "```\na\n```" },
    { "~~~yaml\na: 1\n~~~\nb", "```\na: 1\n```\nb" },
    { "~~~\na\n```\nb\n~~~\nc", "```\na\n'''\nb\n```\nc" },
    { "````\na\n```\nb\n````", "```\na\n'''\nb\n```" },
    { "```\n~~~\n```", "```\n~~~\n```" },
    { "~~~\na", "```\na\n```" },
    { "a ~~~ b ~~~", "a ~~~ b ~~~" },
    { "  ```js\n  a\n  ```", "```\n  a\n  ```" },
    { "`[a](https://x.test/a)` `&lt;` `<br>`",
      "`[a](https://x.test/a)` `&amp;lt;` `&lt;br&gt;`" },
    { "    indented *x*", "indented *x*" },

    /* bold */

    { "**a** b", "*a* b" },
    { "**a b", "**a b" },
    { "**a [b** c](https://h.test/)", "*a <https://h.test/|b c>*" },

    { NULL, NULL }
};


static row_t  links[] = {
    { "[l](https://h.test/a?b=1&c=2)", "<https://h.test/a?b=1&amp;c=2|l>" },
    { "[l](http://h.test \"a title\") b", "<http://h.test|l> b" },
    { "[l](<https://h.test/a b>)", "[l](&lt;https://h.test/a b&gt;)" },
    { "[l](<https://h.test/a>)", "<https://h.test/a|l>" },
    { "[l](https://h.test/a_(b)) c", "<https://h.test/a_(b)|l> c" },
    { "([l](https://h.test/a))", "(<https://h.test/a|l>)" },
    { "[a|b <c> & d](https://h.test/)",
      "<https://h.test/|a\xc2\xa6" "b &lt;c&gt; &amp; d>" },
    { "[**a** `b` &mdash; \\] c](https://h.test/)",
      "<https://h.test/|a `b` \xe2\x80\x94 ] c>" },
    { "[](https://h.test/)", "<https://h.test/>" },
    { "[a\nb](https://h.test/)", "<https://h.test/|a b>" },
    { "[x] y [l](https://h.test/)", "[x] y <https://h.test/|l>" },
    { "[a [b] c](https://h.test/)", "<https://h.test/|a [b] c>" },
    { "[a](https://h.test/)[b](https://i.test/)",
      "<https://h.test/|a><https://i.test/|b>" },
    { "[l](HTTPS://h.test/)", "<https://h.test/|l>" },
    { "[l](//h.test/a)", "<https://h.test/a|l>" },
    { "[l](https://h.test/a&amp;b)", "<https://h.test/a&amp;b|l>" },

    /* no links */

    { "[l](javascript:alert(1))", "[l](javascript:alert(1))" },
    { "[l](ftp://h.test/)", "[l](ftp://h.test/)" },
    { "[l](data:text/html,x)", "[l](data:text/html,x)" },
    { "[l](#here)", "[l](#here)" },
    { "[l]()", "[l]()" },
    { "[l](https://h.test", "[l](https://h.test" },
    { "[l] (https://h.test)", "[l] (https://h.test)" },
    { "\\[l](https://h.test)", "\\[l](https://h.test)" },
    { "[[[[[l", "[[[[[l" },
    { "](https://h.test)", "](https://h.test)" },
    { "[!channel](<!channel|a>)", "[!channel](&lt;!channel|a&gt;)" },
    { "[l](https:///a)", "[l](https:///a)" },

    /* addresses */

    { "[l](mailto:a@b.test)", "<mailto:a@b.test|l>" },
    { "[a@b.test](mailto:a@b.test)", "<mailto:a@b.test|a@b.test>" },
    { "[c@d.test](mailto:a@b.test)",
      "<mailto:a@b.test|c@d.test> (a@b.test)" },
    { "[l](mailto:x)", "[l](mailto:x)" },

    /* hosts that a label pretends */

    { "[https://h.test/a](https://h.test/b)",
      "<https://h.test/b|https://h.test/a>" },
    { "[https://good.test/](https://evil.test/a)",
      "<https://evil.test/a|https://good.test/> (evil.test)" },
    { "[good.test](https://evil.test:8080/)",
      "<https://evil.test:8080/|good.test> (evil.test)" },
    { "[www.h.test](https://h.test/)", "<https://h.test/|www.h.test>" },
    { "[H.TEST/a](https://h.test/)", "<https://h.test/|H.TEST/a>" },
    { "[see good.test/a now](https://evil.test/)",
      "<https://evil.test/|see good.test/a now> (evil.test)" },
    { "[good.test](https://good.test@evil.test/)",
      "<https://good.test@evil.test/|good.test> (evil.test)" },
    { "[https://good.test@evil.test](https://evil.test/)",
      "<https://evil.test/|https://good.test@evil.test> (evil.test)" },
    { "[good.test](https://good.test.evil.test/)",
      "<https://good.test.evil.test/|good.test> (good.test.evil.test)" },
    { "[good\xef\xbc\x8etest](https://evil.test/)",
      "<https://evil.test/|good\xef\xbc\x8etest> (evil.test)" },
    { "[http://localhost](https://evil.test/)",
      "<https://evil.test/|http://localhost> (evil.test)" },
    { "[good&#46;test](https://evil.test/)",
      "<https://evil.test/|good.test> (evil.test)" },
    { "[**good.test**](https://evil.test/)",
      "<https://evil.test/|good.test> (evil.test)" },
    { "[README.md v1.2.3 e.g. a..b](https://h.test/)",
      "<https://h.test/|README.md v1.2.3 e.g. a..b>" },
    { "<a href=\"https://evil.test/\">good.test</a>",
      "<https://evil.test/|good.test> (evil.test)" },
    { "[![good.test](https://good.test/i.png)](https://evil.test/)",
      "<https://evil.test/|good.test> (evil.test)" },

    /* relative ones */

    { "[l](/uploads/1/a.txt)", "<https://x.test/p/uploads/1/a.txt|l>" },
    { "[l](/p/-/issues/1)", "<https://x.test/p/-/issues/1|l>" },
    { "[l](/-/project/1/uploads/a)",
      "<https://x.test/-/project/1/uploads/a|l>" },
    { "[l](docs/a.md)", "<https://x.test/p/docs/a.md|l>" },
    { "[l](./docs/a.md#b)", "<https://x.test/p/docs/a.md#b|l>" },
    { "[l](../issues)", "<https://x.test/p/../issues|l>" },
    { "[l](?a=b)", "<https://x.test/p?a=b|l>" },

    /* of their own */

    { "<https://h.test/a?b&c>", "<https://h.test/a?b&amp;c>" },
    { "<https://h.test/|a>", "&lt;https://h.test/|a&gt;" },
    { "<mailto:a@b.test>", "&lt;mailto:a@b.test&gt;" },
    { "https://h.test/_a_?b=1&c=2", "https://h.test/_a_?b=1&amp;c=2" },

    /* named ones */

    { "[a][b] [B] [b][]\n\n[b]: https://h.test/ \"t\"\nc",
      "<https://h.test/|a> <https://h.test/|B> <https://h.test/|b>\n\nc" },
    { "[a][c]\n\n[b]: https://h.test/", "[a][c]" },
    { "[b]: javascript:x\n[b]", "[b]: javascript:x\n[b]" },
    { "a [b]: https://h.test/\n[b]", "a [b]: https://h.test/\n[b]" },
    { "```\n[b]: https://h.test/\n```", "```\n[b]: https://h.test/\n```" },

    { NULL, NULL }
};


static row_t  images[] = {
    { "a ![b](https://h.test/c.png) d", "a https://h.test/c.png d" },
    { "![b](/uploads/1/c.png \"t\"){width=100}",
      "https://x.test/p/uploads/1/c.png" },
    { "![b](c.png)", "https://x.test/p/c.png" },
    { "![b](javascript:x) ![b", "![b](javascript:x) ![b" },
    { "`![b](https://h.test/c.png)`", "`![b](https://h.test/c.png)`" },
    { "![a ] b](https://h.test/c.png \"t\")", "https://h.test/c.png" },
    { "![](https://h.test/_a_*b*_c_.png)", "https://h.test/_a_*b*_c_.png" },
    { "[![a](https://h.test/i.png)](https://i.test/)",
      "<https://i.test/|a>" },
    { "[![](https://h.test/i.png)](https://i.test/)", "<https://i.test/>" },
    { "[\n![a](b.png)\n![c](d.png) e\n](https://i.test/)",
      "<https://i.test/|a c e>" },
    { "[![a](https://h.test/i.png)](javascript:x)",
      "[https://h.test/i.png](javascript:x)" },
    { "[![a](https://h.test/i.png)", "[https://h.test/i.png" },
    { "[<img src=\"https://h.test/i.png\" alt='A B'>](https://i.test/)",
      "<https://i.test/|A B>" },
    { "[![][s]][l] ![a][s]\n\n[s]: https://h.test/s.svg\n"
      "[l]: https://i.test",
      "<https://i.test> https://h.test/s.svg" },

    { NULL, NULL }
};


static row_t  html[] = {
    { "a<br>b<br/>\nc<BR />d", "a\nb\nc\nd" },
    { "<img width=\"1\" alt=\"a > b\" src=\"https://h.test/a.png\" /> b",
      "https://h.test/a.png b" },
    { "<img src=/uploads/1/a.png>", "https://x.test/p/uploads/1/a.png" },
    { "<img src=\"data:x\" alt=\"A\">", "A" },
    { "<img src=\"https://h.test/a.png",
      "&lt;img src=\"https://h.test/a.png" },
    { "<img alt=\"a\">", "&lt;img alt=\"a\"&gt;" },

    { "<a href=\"https://h.test/?a&amp;b\">l <b>m</b></a> n",
      "<https://h.test/?a&amp;b|l m> n" },
    { "<a href='/uploads/1'>l</a>", "<https://x.test/p/uploads/1|l>" },
    { "<a href=\"https://h.test/\"><img src=\"b.png\" alt=\"c\"></a>",
      "<https://h.test/|c>" },
    { "<a href=\"https://h.test/\">l", "&lt;a href=\"https://h.test/\"&gt;l" },
    { "<a href=\"javascript:x\">l</a>",
      "&lt;a href=\"javascript:x\"&gt;l&lt;/a&gt;" },
    { "<a href=\"https://h.test/\">[m](https://i.test/)</a>",
      "<https://h.test/|[m>" },

    { "<details>\n<summary>Log <b>x</b></summary>\n\n```text\na\n```\n\n"
      "</details>\n\nb", "*Log x*\n```\na\n```\n\nb" },
    { "<details><summary>a</summary>b</details>c", "*a*\nb\nc" },
    { "<details><summary>a", "&lt;summary&gt;a" },
    { "<summary>**a**</summary>", "*a*" },
    { "<h3>a</h3>b", "*a*\nb" },

    { "<b>a</b> <strong>b</strong> <i>c</i> <em>d</em> <s>e</s> <kbd>f</kbd>",
      "*a* *b* _c_ _d_ ~e~ `f`" },
    { "<kbd>Ctrl</kbd>+<kbd>C</kbd> H<sub>2</sub>O",
      "`Ctrl`+`C` H2O" },
    { "x<b>y</b>", "xy" },
    { "<b></b>a <b> a </b>b", "a * a*b" },
    { "<b>a <i>b</i> c</b>", "*a b c*" },
    { "<b>a **b** c</b>", "*a b c*" },
    { "a <b>b", "a &lt;b&gt;b" },
    { "a </b>b", "a &lt;/b&gt;b" },
    { "Vec<T> Map<String, u8> a<b",
      "Vec&lt;T&gt; Map&lt;String, u8&gt; a&lt;b" },
    { "<code>a`b</code>", "`a'b`" },

    { "<p align=\"right\">a</p>\n\n<div>b</div>", "a\nb" },
    { "<ul>\n<li>a</li>\n<li>b</li>\n</ul>c",
      "\xe2\x80\xa2 a\n\xe2\x80\xa2 b\nc" },
    { "<pre><code class=\"x\">a &lt;b&gt;\n  ```c\n</code></pre>d",
      "```\na &lt;b&gt;\n  '''c\n```d" },
    { "<pre>a", "&lt;pre&gt;a" },
    { "<pre>a <b title=\"</pre>\"> c", "```\na  c\n```" },

    { "<table>\n<thead><tr><th></th><th>2 Errors</th></tr></thead>\n<tbody>"
      "<tr><td>:x:</td><td>No <code>a</code> entry</td></tr></tbody></table>"
      "\n\nb", "2 Errors\n:x: | No `a` entry\nb" },
    { "<table>\n <tr>\n  <td> a\n</td>\n  <td>\nb<br>c\n  </td>\n </tr>\n"
      "<tr><td>d</td></tr></table>", "a | b c\nd" },
    { "<tr><td>a\nb", "&lt;tr&gt;&lt;td&gt;a\nb" },

    /* entities */

    { "a&nbsp;b &mdash; &amp;lt; &lt;!channel&gt; &quot;&#39;&#x27;",
      "a b \xe2\x80\x94 &amp;lt; &lt;!channel&gt; \"''" },
    { "&copy; &rarr; &hellip; &#128640;",
      "\xc2\xa9 \xe2\x86\x92 " DOT " \xf0\x9f\x9a\x80" },
    { "& &; &x; &unknown; &#; &#x; &#0; &#xd800; &#xffff; &#9999999;",
      "&amp; &amp;; &amp;x; &amp;unknown; &amp;#; &amp;#x; &amp;#0; "
      "&amp;#xd800; &amp;#xffff; &amp;#9999999;" },
    { "a&#x202e;b&#xfeff;c&shy;d&#8203;e&#10;f", "abcde f" },
    { "&#96;&#96;&#96;a", "'''a" },
    { "&#60;@U1&#62;", "&lt;@U1&gt;" },

    { NULL, NULL }
};


static row_t  tables[] = {
    { "a\n\n| File | Lines |\n|:-----|------:|\n| `a_b.c` | 97% |\n"
      "| b\\|c | **88%** |\n\nb",
      "a\n\n*File* | *Lines*\n`a_b.c` | 97%\nb|c | *88%*\n\nb" },
    { "a | b\n--|--\n1 | [l](https://h.test/)",
      "*a* | *b*\n1 | <https://h.test/|l>" },
    { "| | b |\n|---|---|\n| 1 | |", "*b*\n1" },
    { "| `a` | b |\n|---|---|", "`a` | *b*" },
    { "<details>\n\n| a |\n|---|\n| 1 |\n\n</details>", "*a*\n1" },
    { "a | b\nc | d", "a | b\nc | d" },
    { "| a |\n|---|", "*a*" },
    { "|---|\n|---|", "*---*" },
    { "```\n| a |\n|---|\n```", "```\n| a |\n|---|\n```" },
    { "| a |\n|---|\nb", "*a*\nb" },

    { NULL, NULL }
};


/* for receivers that read Markdown, and ring for "@" */

static row_t  others[] = {
    { "[@a](https://h.test/@b)@c", "<https://h.test/%40b|@" Z "a>@" Z "c" },
    { "[l](mailto:a@b.test)", "l (a@" Z "b.test)" },
    { "**a** <b>b</b> <s>c</s>", "**a** **b** ~~c~~" },
    { "&#64;all <img src=\"/@all\">", "@" Z "all https://x.test/p/%40all" },
    { "[good.test](https://evil.test/)",
      "<https://evil.test/|good.test> (evil.test)" },
    { "[@all](https://u@h.test/)", "@" Z "all" },
    { "| @a |\n|---|\n| @b |", "**@" Z "a**\n@" Z "b" },

    { NULL, NULL }
};


static void
cuts(void)
{
    written("abcdefghij", 10, "abcde" DOT);
    written("```\nabcdefghij\n```", 14, "```\nabcde" DOT "\n```");
    written("~~~\nabcdefghij\n~~~", 14, "```\nabcde" DOT "\n```");
    written("abcde ```f\ng```", 13, "abcde " DOT);
    written("ab https://x.test/c?d=1&e=2", 28, "ab " DOT);
    written("```https://x.test/c?d=1&e=2", 26, "```" DOT "\n```");

    written("**abcdefghij**", 12, "*abcdef" DOT "*");
    written("`abcdefghij`", 12, "`abcdef" DOT "`");
    written("<i>abcdefghij</i>", 12, "_abcdef" DOT "_");
    written("**abcdefghij**", 5, "");

    written("ab [label](https://x.test/c)", 33, "ab <https://x.test/c|label>");
    written("ab [label](https://x.test/c) d", 32, "ab <https://x.test/c|label>"
            DOT);
    written("ab [label](https://x.test/c)", 30, "ab label");
    written("[see https://x.test/c](https://x.test/c)de", 44,
            "<https://x.test/c|see https://x.test/c>" DOT);

    /* rather no link than one without its host */

    written("[good.test](https://evil.test/)", 40, "good.test");
    written("[good.test](https://evil.test/)", 49,
            "<https://evil.test/|good.test> (evil.test)");

    cut_long_word();
    cut_long_word_of_entities();
}


int
main(void)
{
    receiver = NGX_SLACK_RECEIVER_SLACK;

    rows(texts);
    rows(links);
    rows(images);
    rows(html);
    rows(tables);
    cuts();

    for (receiver = NGX_SLACK_RECEIVER_MATTERMOST;
         receiver < NGX_SLACK_RECEIVER_MAX;
         receiver++)
    {
        rows(others);
    }

    return tap_done();
}
