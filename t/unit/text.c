
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * core/ngx_slack_text and core/ngx_slack_json_writer.
 */

/* unit: core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c json/ngx_slack_json_writer.c
 * libs: -lyajl
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_json_writer.h>

#include "tap.h"


#define Z  "\xe2\x80\x8b"     /* U+200B */


typedef void (*write_pt)(ngx_slack_text_t *text, ngx_str_t *s, size_t max);


static ngx_str_t  no_url = ngx_null_string;
static ngx_str_t  url = ngx_string("https://x.test/a?b=1&c=2");
static ngx_str_t  base = ngx_string("https://x.test/p");


static ngx_str_t
str(const char *s)
{
    ngx_str_t  v;

    v.data = (u_char *) s;
    v.len = strlen(s);

    return v;
}


static void
label(ngx_slack_text_t *text, ngx_str_t *s, size_t max)
{
    ngx_slack_text_label(text, s, max);
}


static void
bold(ngx_slack_text_t *text, ngx_str_t *s, size_t max)
{
    ngx_slack_text_bold(text, s, max);
}


static void
link_(ngx_slack_text_t *text, ngx_str_t *s, size_t max)
{
    ngx_slack_text_link(text, &url, s, max);
}


static void
unlinked(ngx_slack_text_t *text, ngx_str_t *s, size_t max)
{
    ngx_slack_text_link(text, &no_url, s, max);
}


static void
link_to(ngx_slack_text_t *text, ngx_str_t *s, size_t max)
{
    ngx_str_t  l = ngx_string("l");

    ngx_slack_text_link(text, s, &l, max);
}


static void
typed(ngx_slack_text_t *text, ngx_str_t *s, size_t max)
{
    ngx_slack_text_typed(text, s, max);
}


static void
typed_link(ngx_slack_text_t *text, ngx_str_t *s, size_t max)
{
    ngx_slack_text_typed_link(text, &url, s, max);
}


static void
lines_(ngx_slack_text_t *text, ngx_str_t *s, size_t max)
{
    ngx_slack_text_lines(text, s);
}


/* what is written of a value; also into room that grows from nothing */

static void
written(write_pt write, const char *value, size_t limit, size_t max,
    const char *expected, const char *name)
{
    u_char            buf[8192];
    ngx_str_t         s, copy;
    ngx_pool_t       *pool;
    ngx_slack_text_t  text;

    s = str(value);

    ngx_slack_text_init(&text, NULL, buf, sizeof(buf), limit);
    write(&text, &s, max);
    tap_is(text.start, text.len, expected, name);
    ngx_slack_text_done(&text);

    pool = ngx_create_pool(4096, NULL);
    if (pool == NULL) {
        tap_ok(0, "no memory");
        return;
    }

    ngx_slack_text_init(&text, pool, NULL, 0, limit);
    write(&text, &s, max);

    if (ngx_slack_text_copy(&text, pool, &copy) != NGX_OK
        || copy.len != strlen(expected)
        || (copy.len && ngx_memcmp(copy.data, expected, copy.len) != 0))
    {
        tap_ok(0, "the same in a pool");
    }

    ngx_slack_text_done(&text);
    ngx_destroy_pool(pool);
}


static void
labels(void)
{
    written(label, "", 0, 10, "", "empty");
    written(label, "plain", 0, 10, "plain", "plain");
    written(label, "  a \n", 0, 10, "a", "spaces around");
    written(label, "a\n\tb\r\nc", 0, 10, "a b c", "breaks");
    written(label, "<!channel> & <@U1>", 0, 99,
            "&lt;!channel&gt; &amp; &lt;@U1&gt;", "escaped");
    written(label, "&amp;", 0, 99, "&amp;amp;", "escaped once each");
    written(label, "a|b", 0, 99, "a|b", "bar");
    written(label, "a `b` c", 0, 99, "a `b` c", "code");
    written(label, "a `b c", 0, 99, "a 'b c", "half a code");
    written(label, "```a", 0, 99, "'''a", "fence");
    written(label, "a``b``", 0, 99, "a''b''", "long code");
    written(label, "a\xe2\x80\xae" "b\xe2\x81\xa6" "c\xef\xbb\xbf" "d", 0, 99,
            "abcd", "bidi controls and byte order mark");
    written(label, "`\xe2\x80\xae`\xe2\x80\xae`\xe2\x80\xae`", 0, 99,
            "`'`'", "no fence of what is left");
    written(label, "a\xe2\x80\xa8" "b", 0, 99, "a b", "line separator");
    written(label, "\xe2\x80\xa6\xef\xbc\x81\xe2\x9c\x85", 0, 99,
            "\xe2\x80\xa6\xef\xbc\x81\xe2\x9c\x85", "their neighbours");
    written(label, "\x01" "a\x7f", 0, 99, "a", "control characters");

    written(typed, "Pass *a and **b to __c__", 0, 99,
            "Pass *" Z "a and **b to __" Z "c__", "marks are shown");
    written(typed, "*a* _b_ ~c~ @d", 0, 99,
            "*" Z "a* _" Z "b_ ~" Z "c~ @d", "each of them");
    written(typed, "a_b_c x*y*z 2 * 3 ~/a **", 0, 99,
            "a_b_c x*y*z 2 * 3 ~/a **", "marks that begin nothing");
    written(typed, "*.c", 0, 99, "*.c", "a mark that nothing ends");
    written(typed, "`_a_` _b_", 0, 99, "`_a_` _" Z "b_", "not in code");
    written(typed, "https://x.test/_a_*b* _c_", 0, 99,
            "https://x.test/_a_*b* _" Z "c_", "not in a URL");
    written(typed, "a::B: 1:c-d: : e: `:f:` :", 0, 99,
            "a::" Z "B: 1:" Z "c-d: : e: `:f:` :", "no emoji");
    written(label, "*a* _b_ ~c~ :d:", 0, 99, "*a* _b_ ~c~ :d:",
            "other labels keep theirs");
    written(typed_link, "*a* :b:", 0, 99,
            "<https://x.test/a?b=1&amp;c=2|*" Z "a* :" Z "b:>",
            "label of a link");

    written(label, "abcdef", 0, 6, "abcdef", "as long as it may be");
    written(label, "abcdefg", 0, 6, "abcde\xe2\x80\xa6", "cut");
    written(label, "\xc3\xa4\xc3\xb6\xc3\xbc", 0, 3,
            "\xc3\xa4\xc3\xb6\xc3\xbc", "code points, not bytes");
    written(label, "\xc3\xa4\xc3\xb6\xc3\xbc\xf0\x9f\x9a\x80", 0, 3,
            "\xc3\xa4\xc3\xb6\xe2\x80\xa6", "cut between code points");

    written(label, "abcdef", 6, 99, "abcde\xe2\x80\xa6", "text's limit");
    written(label, "abcde", 6, 99, "abcde", "text's limit reached");
    written(label, "ab&cd", 6, 99, "ab\xe2\x80\xa6",
            "no entity at the limit is cut");
    written(label, "\xf0\x9f\x9a\x80\xf0\x9f\x9a\x80\xf0\x9f\x9a\x80", 4, 99,
            "\xf0\x9f\x9a\x80\xf0\x9f\x9a\x80\xf0\x9f\x9a\x80",
            "limit in code points");

    written(bold, "a", 0, 99, "*a*", "bold");
    written(bold, "*.c", 0, 99, "*\xe2\x88\x97.c*", "asterisk in bold");
    written(bold, "  ", 0, 99, "", "blank in bold");
    written(bold, "abcdef", 7, 99, "*abcd\xe2\x80\xa6*", "bold cut");
    written(bold, "abcdef", 3, 99, "*\xe2\x80\xa6*", "bold, nothing fits");
    written(bold, "abcdef", 2, 99, "\xe2\x80\xa6", "bold, one mark fits");
    written(bold, "abcdef", 1, 99, "\xe2\x80\xa6", "bold, no mark fits");
}


static void
links(void)
{
    u_char            buf[2100];
    ngx_str_t         s;
    ngx_slack_text_t  text;

    written(link_, "l", 0, 99, "<https://x.test/a?b=1&amp;c=2|l>", "link");
    written(link_, "a|b>c", 0, 99,
            "<https://x.test/a?b=1&amp;c=2|a\xc2\xa6" "b&gt;c>",
            "bar in a link");
    written(link_, " \xc2\xa0\xe2\x80\x8b", 0, 99,
            "<https://x.test/a?b=1&amp;c=2>", "blank label");
    written(link_, "l", 33, 99, "<https://x.test/a?b=1&amp;c=2|l>",
            "link that just fits");
    written(link_, "l", 32, 99, "l", "link that does not fit");
    written(unlinked, "a|b", 0, 99, "a|b", "no URL");

    written(link_to, "http://h", 0, 9, "<http://h|l>", "short URL");
    written(link_to, "HTTPS://h/x", 0, 9, "<https://h/x|l>", "capitals");
    written(link_to, "javascript:alert(1)", 0, 9, "l", "other scheme");
    written(link_to, "ftp://host/path", 0, 9, "l", "other protocol");
    written(link_to, "https:///path/x", 0, 9, "l", "no host");
    written(link_to, "https://#xxxxxx", 0, 9, "l", "fragment for a host");
    written(link_to, "//host/path/x", 0, 9, "l", "no scheme");
    written(link_to, "!channel|http://h", 0, 9, "l", "a command");
    written(link_to, "https://h/ <>|\"`\\\x01\x7f\xc3\xa4%20", 0, 9,
            "<https://h/%20%3C%3E%7C%22%60%5C%01%7F%C3%A4%20|l>",
            "percent-encoded");

    memset(buf, 'a', sizeof(buf));
    ngx_memcpy(buf, "http://h/", 9);
    s.data = buf;
    s.len = NGX_SLACK_TEXT_URL_MAX;

    ngx_slack_text_init(&text, NULL, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    link_to(&text, &s, 9);
    tap_ok(text.len == s.len + 4, "longest URL");

    s.len++;
    ngx_slack_text_reset(&text, NGX_SLACK_TEXT_NO_LIMIT);
    link_to(&text, &s, 9);
    tap_is(text.start, text.len, "l", "URL that is too long");

    s.len--;
    buf[20] = ' ';
    ngx_slack_text_reset(&text, NGX_SLACK_TEXT_NO_LIMIT);
    link_to(&text, &s, 9);
    tap_is(text.start, text.len, "l", "URL that is too long when encoded");

    ngx_slack_text_reset(&text, NGX_SLACK_TEXT_NO_LIMIT);
    tap_ok(ngx_slack_text_url(&text, &url) == NGX_OK, "URL as a value");
    tap_is(text.start, text.len, "https://x.test/a?b=1&c=2", "not escaped");

    ngx_slack_text_reset(&text, NGX_SLACK_TEXT_NO_LIMIT);
    tap_ok(ngx_slack_text_url(&text, &no_url) == NGX_DECLINED && !text.len,
           "no URL as a value");

    ngx_slack_text_reset(&text, NGX_SLACK_TEXT_NO_LIMIT);
    text.plain = 1;
    link_(&text, &base, 99);
    bold(&text, &base, 99);
    tap_is(text.start, text.len, "https://x.test/phttps://x.test/p", "plain");

    ngx_slack_text_done(&text);
}


static void
plain_lines(void)
{
    written(lines_, "", 0, 0, "", "no lines");
    written(lines_, " \n a\n\tb  \n", 0, 0, "a\n\tb", "lines");
    written(lines_, "<b> & <!channel> &amp; <!-- a -->", 0, 0,
            "&lt;b&gt; &amp; &lt;!channel&gt; &amp;amp; &lt;!-- a --&gt;",
            "no markup");
    written(lines_, "[a](https://x.test) **b** ![c](d) | e", 0, 0,
            "[a](https://x.test) **b** ![c](d) | e", "nor Markdown");
    written(lines_, "```c\na\n```\n`b`", 0, 0, "```\na\n```\n`b`", "fence");
    written(lines_, "a\n```\nb", 0, 0, "a\n```\nb\n```", "open fence");
    written(lines_, "``\xe2\x80\xae`a", 0, 0, "`` `a",
            "no fence of what is left");
    written(lines_, "ab https://x.test/c?d=1&e=2", 28, 0, "ab \xe2\x80\xa6",
            "cut URL");
    written(lines_, "```\nabcdefghij\n```", 14, 0,
            "```\nabcde\xe2\x80\xa6\n```", "cut in a fence");
}


static void
scrubbed(const char *in, size_t len, const char *expected, const char *name)
{
    u_char  *src, *dst;
    size_t   n;

    /* rooms of the exact size, for the sanitizer */

    src = malloc(len ? len : 1);
    dst = malloc(len ? 3 * len : 1);

    if (src == NULL || dst == NULL) {
        tap_ok(0, "no memory");

    } else {
        ngx_memcpy(src, in, len);
        n = ngx_slack_text_scrub(dst, src, len);
        tap_is(dst, n, expected, name);
    }

    free(src);
    free(dst);
}

#define scrub(in, expected, name)                                             \
    scrubbed(in, sizeof(in) - 1, expected, name)


#define R  "\xef\xbf\xbd"

static void
scrubs(void)
{
    scrub("", "", "empty");
    scrub("abc\n\td", "abc\n\td", "ASCII");
    scrub("\xc3\xa4\xe2\x82\xac\xf0\x9f\x9a\x80", "ä€🚀", "UTF-8");
    scrub("\xf4\x8f\xbf\xbd\xef\xbf\xbd", "\xf4\x8f\xbf\xbd\xef\xbf\xbd",
          "last ones");
    scrub("\xf4\x8f\xbf\xbf\xef\xbf\xbe\xef\xb7\x90", R R R,
          "noncharacters");
    scrub("a\0b", "ab", "NUL");
    scrub("a\r\nb\x01\x1f\x7f\x0b" "c", "a\nbc", "controls");
    scrub("a\xc2\x80" "b\xc2\x9f\xc2\xa0", "ab\xc2\xa0", "C1 controls");
    scrub("a\x80" "b\xbf", "a" R "b" R, "continuations");
    scrub("\xc0\x80\xc1\xbf" "a", R R "a", "overlong in two");
    scrub("\xe0\x80\x80\xe0\x9f\xbf" "a", R R "a", "overlong in three");
    scrub("\xf0\x80\x80\x80\xf0\x8f\xbf\xbf" "a", R R "a",
          "overlong in four");
    scrub("\xed\xa0\x80\xed\xbf\xbf" "a", R R "a", "surrogates");
    scrub("\xf4\x90\x80\x80\xf7\xbf\xbf\xbf" "a", R R "a", "too large");
    scrub("\xf8\x88\x80\x80\x80\xff\xfe", R R R R R R R, "no UTF-8 at all");
    scrub("\xe2\x82", R, "cut at the end");
    scrub("\xe2\x82" "a\xf0\x9f\x9a" "b", R "a" R "b", "cut by ASCII");
    scrub("\xe2\xe2\x82\xac\xf0\xc3\xa4", R "€" R "ä", "cut by another");
}


static void
lines(void)
{
    u_char     buf[64], *last;
    ngx_str_t  s;

    s = str("  a b \n c");
    s = ngx_slack_text_first_line(&s);
    tap_is(s.data, s.len, "a b", "first line");

    s = str("\n\n a");
    s = ngx_slack_text_first_line(&s);
    tap_is(s.data, s.len, "a", "first line that is not empty");

    s = str("");
    s = ngx_slack_text_first_line(&s);
    tap_ok(s.len == 0, "no line");

    s = str("feature/a#b c%\"<ä");
    last = ngx_slack_text_escape_path(buf, s.data, s.len);
    tap_is(buf, last - buf, "feature/a%23b%20c%25%22%3C%C3%A4", "path");
}


static void
numbers_and_rollback(void)
{
    ngx_slack_text_t  text;

    ngx_slack_text_init(&text, NULL, NULL, 0, 12);
    ngx_slack_text_number(&text, 0);
    ngx_slack_text_lit(&text, " ");
    ngx_slack_text_number(&text, 1234567);
    tap_is(text.start, text.len, "0 1234567", "numbers");

    ngx_slack_text_lit(&text, "literal");
    tap_is(text.start, text.len, "0 1234567\xe2\x80\xa6",
           "a literal is not cut");
    tap_ok(text.full, "full");

    ngx_slack_text_lit(&text, "x");
    tap_ok(text.len == 12, "nothing is added to a full text");

    ngx_slack_text_rollback(&text, 1);
    ngx_slack_text_lit(&text, "0123456789");
    tap_is(text.start, text.len, "00123456789", "rolled back");

    ngx_slack_text_done(&text);
}


static void
json(void)
{
    ngx_slack_text_t         text;
    ngx_slack_json_writer_t  w;

    ngx_slack_text_init(&text, NULL, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);

    ngx_slack_json_writer_init(&w, &text);
    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_lit(&w, "a");
    ngx_slack_json_writer_array(&w);
    ngx_slack_json_writer_lit(&w, "\"\\/\n\tä");
    ngx_slack_json_writer_integer(&w, -1);
    ngx_slack_json_writer_bool(&w, 1);
    ngx_slack_json_writer_json(&w, (u_char *) "{\"b\":1}", 7);
    ngx_slack_json_writer_string(&w, NULL, 0);
    ngx_slack_json_writer_array_end(&w);
    ngx_slack_json_writer_object_end(&w);

    tap_ok(ngx_slack_json_writer_done(&w) == NGX_OK, "JSON");
    tap_is(text.start, text.len,
           "{\"a\":[\"\\\"\\\\/\\n\\tä\",-1,true,{\"b\":1},\"\"]}",
           "JSON text");

    ngx_slack_text_reset(&text, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&w, &text);
    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_integer(&w, 1);
    ngx_slack_json_writer_lit(&w, "a");
    tap_ok(ngx_slack_json_writer_done(&w) == NGX_ERROR,
           "a number for a key is an error that stays");

    ngx_slack_text_done(&text);
}


/* each byte, at each place of a run: what yajl itself would write */

static void
json_escapes(void)
{
    size_t                   n;
    u_char                   data[20];
    yajl_gen                 gen;
    ngx_uint_t               byte, place, len, checked, differ;
    ngx_slack_text_t         text;
    const unsigned char     *wanted;
    ngx_slack_json_writer_t  w;

    checked = 0;
    differ = 0;

    ngx_slack_text_init(&text, NULL, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);

    for (byte = 0; byte < 256; byte++) {
        for (len = 1; len <= sizeof(data); len++) {

            place = (byte + len) % len;

            ngx_memset(data, 'a', sizeof(data));
            data[place] = (u_char) byte;

            ngx_slack_text_reset(&text, NGX_SLACK_TEXT_NO_LIMIT);
            ngx_slack_json_writer_init(&w, &text);
            ngx_slack_json_writer_string(&w, data, len);

            gen = yajl_gen_alloc(NULL);
            if (gen == NULL) {
                break;
            }

            (void) yajl_gen_string(gen, data, len);
            (void) yajl_gen_get_buf(gen, &wanted, &n);

            if (ngx_slack_json_writer_done(&w) != NGX_OK
                || text.len != n || ngx_memcmp(text.start, wanted, n) != 0)
            {
                differ++;
            }

            yajl_gen_free(gen);
            checked++;
        }
    }

    tap_ok(checked == 256 * sizeof(data) && differ == 0,
           "JSON strings are written as yajl does");

    ngx_slack_text_done(&text);
}


int
main(void)
{
    labels();
    links();
    plain_lines();
    scrubs();
    lines();
    numbers_and_rollback();
    json();
    json_escapes();

    return tap_done();
}
