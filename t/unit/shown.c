
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * ngx_slack_shown(), and JSON of what it shows.
 */

/* unit: core/ngx_slack_text.c core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c
 *       json/ngx_slack_json_writer.c
 * libs: -lyajl
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_json_writer.h>
#include <ngx_slack_shown.h>

#include "tap.h"


#define R  "\xef\xbf\xbd"


/* shown by pieces of any length: nothing is lost where they meet */

static void
shown(const char *in, size_t len, const char *expected, const char *name)
{
    int         ok;
    size_t      n, total, more;
    u_char     *src, dst[NGX_SLACK_SHOWN_SIZE], all[4096];
    ngx_str_t   rest;

    ok = 1;
    n = 0;

    for (more = 0; more < 2 * NGX_SLACK_SHOWN_PIECE; more += 1 + more / 64) {

        src = malloc(more + len + 1);

        if (src == NULL) {
            ok = 0;
            break;
        }

        memset(src, 'x', more);
        ngx_memcpy(src + more, in, len);

        rest.data = src;
        rest.len = more + len;

        for (total = 0; rest.len; total += n) {
            n = ngx_slack_shown(dst, &rest);
            ngx_memcpy(all + total, dst, n);
        }

        if (total != more + strlen(expected)
            || memcmp(all + more, expected, total - more) != 0)
        {
            ok = 0;
        }

        if (more == 0) {
            tap_is(all, total, expected, name);
        }

        free(src);
    }

    tap_ok(ok, "and behind any other bytes");
}

#define show(in, expected, name)                                              \
    shown(in, sizeof(in) - 1, expected, name)


static void
shows(void)
{
    show("abc", "abc", "ASCII");
    show("\xc3\xa4\xe2\x82\xac\xf0\x9f\x9a\x80\xd8\xa7\xe2\x81\xaa",
         "\xc3\xa4\xe2\x82\xac\xf0\x9f\x9a\x80\xd8\xa7\xe2\x81\xaa",
         "UTF-8");
    show("star\xc3", "star" R, "cut at the end");
    show("\xe2\x80", R, "a mark that is cut");
    show("a\0b\x1b[2J\x7f\xc2\x9b" "c", "ab[2Jc", "controls");
    show("a\r\nb\tc\nd", "a b c d", "lines");
    show("a\xe2\x80\xa8" "b\xe2\x80\xa9" "c", "a b c", "U+2028, U+2029");
    show("a\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad\xe2\x80\xae"
         "\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9"
         "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c\xef\xbb\xbf" "b", "ab",
         "bidi controls and U+FEFF");
    show("\xed\xa0\x80\xed\xb0\x80", R R, "surrogates");
    show("\xff\xfe\x80\x80\x80\x80", R R R R R R, "no UTF-8 at all");
}


static void
json(void)
{
    size_t                   i;
    u_char                   data[1000];
    ngx_str_t                value;
    ngx_slack_text_t         text;
    ngx_slack_json_writer_t  w;

    static ngx_str_t  values[] = {
        ngx_null_string,
        ngx_string("\"\xc3\"\0\\\n")
    };

    ngx_slack_text_init(&text, NULL, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);

    ngx_slack_json_writer_init(&w, &text);
    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_lit(&w, "a");
    ngx_slack_json_writer_shown(&w, &values[0]);
    ngx_slack_json_writer_lit(&w, "b");
    ngx_slack_json_writer_shown(&w, &values[1]);
    ngx_slack_json_writer_object_end(&w);

    tap_ok(ngx_slack_json_writer_done(&w) == NGX_OK, "JSON");
    tap_is(text.start, text.len,
           "{\"a\":\"\",\"b\":\"\\\"" R "\\\"\\\\ \"}", "JSON text");

    /* of several pieces, from a text without room for any */

    ngx_slack_text_done(&text);
    ngx_slack_text_init(&text, NULL, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);

    memset(data, '"', sizeof(data));

    value.data = data;
    value.len = sizeof(data);

    ngx_slack_json_writer_init(&w, &text);
    ngx_slack_json_writer_shown(&w, &value);

    tap_ok(ngx_slack_json_writer_done(&w) == NGX_OK, "a long string");
    tap_ok(text.len == 2 * sizeof(data) + 2, "all of it");

    for (i = 1; i < text.len - 1; i++) {
        if (text.start[i] != (i % 2 ? '\\' : '"')) {
            break;
        }
    }

    tap_ok(i == text.len - 1 && text.start[0] == '"' && text.start[i] == '"',
           "escaped, between quotes");

    ngx_slack_text_done(&text);
}


int
main(void)
{
    shows();
    json();

    return tap_done();
}
