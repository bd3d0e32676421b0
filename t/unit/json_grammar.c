
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What is JSON and what is not, as RFC 8259 has it, where it is read and where
 * it is skipped.
 */

/* unit: json/ngx_slack_json.c json/ngx_slack_json_paths.c
 *       json/ngx_slack_json_decode.c json/ngx_slack_json_skim.c
 *       json/ngx_slack_json_check.c json/ngx_slack_json_text.c
 *       json/ngx_slack_json_token.c core/ngx_slack_text.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c
 * libs: -lyajl
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include "json_doc.h"


/* each "^" of the document becomes a NUL */

static void
nul(void)
{
    size_t  i;

    for (i = 0; i < doc_len; i++) {
        if (doc[i] == '^') {
            doc[i] = '\0';
        }
    }
}


/*
 * What RFC 8259 does not allow, alone, where it is read, and where it is
 * skipped; "^" stands for a NUL.  The last byte that is named is the first
 * that is wrong.
 */

static void
grammar(void)
{
    char         name[64];
    size_t       n;
    result_t     r;
    ngx_str_t    text;
    ngx_uint_t   i, k;

    static const char  *spaces[] = {
        "\v", "\f", "^", "\b", "\x1b", "\x7f", "\xc2\xa0", "\xc2\x85",
        "\xe2\x80\xa8", "\xe3\x80\x80", "\xef\xbb\xbf", "\x85", "\xa0"
    };

    static const struct {
        const char  *before;
        const char  *after;
    } places[] = {
        { "", "{\"a\":1}" },
        { "{", "\"a\":1}" },
        { "{\"a\"", ":1}" },
        { "{\"a\":", "1}" },
        { "{\"a\":1", "}" },
        { "{\"a\":true", "}" },
        { "{\"a\":\"x\"", "}" },
        { "{\"a\":1,", "\"b\":2}" },
        { "{\"a\":[", "]}" },
        { "{\"a\":[1,", "2]}" },
        { "{\"skipped\":{", "\"a\":1}}" },
        { "{\"skipped\":{\"a\"", ":1}}" },
        { "{\"skipped\":[1", ",2]}" },
        { "{\"skipped\":\"x\"", "}" },
        { "{\"a\":1}", "" },
        { "{\"a\":1} ", " " }
    };

    static const char  *values[] = {
        "01", "-01", "00", "+1", ".5", "-.5", "1.", "1.e1", "-", "--1", "1e",
        "1e+", "1E-", "0x10", "1_000", "1,000.5.", "NaN", "nan", "Infinity",
        "-Infinity", "inf", "undefined", "None", "True", "TRUE", "nul",
        "nulll", "truefalse", "'x'", "x", "\"x", "\"\\x41\"", "\"\\u12g4\"",
        "\"\\u12\"", "\"\\'\"", "\"\\", "\"a\nb\"", "\"a\tb\"",
        "\"a^b\"", "\"a\x1f" "b\"", "[1,]", "[,1]", "[1 2]", "[", "]",
        "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\":}", "{a:1}", "{1:1}",
        "{\"a\":1 \"b\":2}", "// c\n1", "1 // c", "/* c */1", "# c\n1", "1;",
        "1 1", "{}{}", "[][]", "\"\"\"\"", ""
    };

    static const char  *frames[] = {
        "%s", "{\"a\":%s}", "{\"skipped\":%s}", "{\"a\":[%s]}",
        "{\"skipped\":{\"x\":[0,%s]}}"
    };

    for (i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
        for (k = 0; k < sizeof(places) / sizeof(places[0]); k++) {

            if (k == 0 && strcmp(spaces[i], "\xef\xbb\xbf") == 0) {
                continue;
            }

            begin(places[k].before);
            add(spaces[i]);
            n = doc_len;
            add(places[k].after);
            nul();

            snprintf(name, sizeof(name), "no white space, %u in place %u",
                     (unsigned) i, (unsigned) k);

            read_all(name, &r);

            if (r.rc != NGX_DECLINED || strcmp(r.error, "is not JSON") != 0
                || r.offset <= (off_t) strlen(places[k].before)
                || r.offset > (off_t) n)
            {
                tap_ok(0, "is no white space");
            }

            text.data = doc;
            text.len = doc_len;

            if (ngx_slack_json_is_valid(&text)) {
                tap_ok(0, "is not valid");
            }
        }
    }

    for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        for (k = 0; k < sizeof(frames) / sizeof(frames[0]); k++) {

            if (k == 3 && values[i][0] == '\0') {
                continue;
            }

            doc_len = (size_t) snprintf((char *) doc, sizeof(doc), frames[k],
                                        values[i]);
            nul();

            snprintf(name, sizeof(name), "no value, %u in frame %u",
                     (unsigned) i, (unsigned) k);

            read_all(name, &r);

            if (r.rc != NGX_DECLINED) {
                tap_ok(0, "is no value");
            }

            text.data = doc;
            text.len = doc_len;

            if (ngx_slack_json_is_valid(&text)) {
                tap_ok(0, "is not valid");
            }
        }
    }

    begin(" \t\r\n{ \t\r\n\"a\" \t\r\n: \t\r\n[ \t\r\n-0.0e-0 \t\r\n, "
          "\t\r\n\"\x7f\" \t\r\n] \t\r\n} \t\r\n");
    read_all("the four bytes of white space", &r);
    tap_ok(r.rc == NGX_OK && r.n[0] == 2, "are read everywhere");
}


/* a byte order mark of UTF-8 is not read, and counts */

static void
marks(void)
{
    result_t    r;
    ngx_uint_t  i;

    static const struct {
        const char  *text;
        off_t        offset;
    } wrong[] = {
        { "\xef\xbb\xbf\xef\xbb\xbf{}", 4 },
        { "\xef\xbb\xbf\xef", 4 },
        { " \xef\xbb\xbf{}", 2 },
        { "\xef{}", 2 },
        { "\xef\xbb{}", 3 },
        { "\xef \xbb\xbf{}", 2 },
        { "\xef\xbb \xbf{}", 3 },
        { "\xbb\xbf{}", 1 },
        { "{}\xef\xbb\xbf", 3 },
        { "{\xef\xbb\xbf}", 2 },
        { "[\xef\xbb\xbf]", 2 },
        { "\xff\xfe{^}^", 1 },
        { "\xfe\xff^{^}", 1 },
        { "^^\xfe\xff^^^{", 1 },
        { "\xef\xbb\xbf{'", 5 }
    };

    static const char  *early[] = {
        "\xef", "\xef\xbb", "\xef\xbb\xbf", "\xef\xbb\xbf \n",
        "\xef\xbb\xbf{\"a\":"
    };

    begin("\xef\xbb\xbf{\"a\":\"one\",\"b\":{\"c\":2}}");
    read_all("a document behind a mark", &r);
    tap_ok(r.rc == NGX_OK, "is read");
    tap_is(r.first[0].data, r.first[0].len, "one", "with its values");

    begin("\xef\xbb\xbf \n {\"a\":\"\xef\xbb\xbf\"}");
    read_all("a mark before white space", &r);
    tap_is(r.first[0].data, r.first[0].len, "\xef\xbb\xbf",
           "a mark in a string is text");

    begin("\xef\xbb\xbf" "17");
    read_all("a number behind a mark", &r);
    tap_ok(r.rc == NGX_OK, "is read");

    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        begin(wrong[i].text);
        nul();
        read_all("a mark where none may be", &r);
        tap_ok(r.rc == NGX_DECLINED && strcmp(r.error, "is not JSON") == 0
               && r.offset == wrong[i].offset,
               "is not JSON, from there on");
    }

    for (i = 0; i < sizeof(early) / sizeof(early[0]); i++) {
        begin(early[i]);
        read_all("nothing but a mark", &r);
        tap_ok(r.rc == NGX_DECLINED && strcmp(r.error, "ends early") == 0
               && r.offset == (off_t) doc_len,
               "ends early");
        tap_ok((int) r.empty == (i == 2), "is empty if it is whole");
    }

    begin("");
    read_in(1, &r);
    tap_ok((int) r.empty, "no bytes are empty");
}


int
main(void)
{
    if (!setup()) {
        return 1;
    }

    grammar();
    marks();

    ngx_destroy_pool(pool);

    return tap_done();
}
