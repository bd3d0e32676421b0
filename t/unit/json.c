
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The JSON reader: whatever the pieces a document comes in, the same values,
 * and nothing that a document does to its limits.
 */

/* unit: json/ngx_slack_json.c json/ngx_slack_json_paths.c
 *       json/ngx_slack_json_decode.c json/ngx_slack_json_skim.c
 *       json/ngx_slack_json_text.c json/ngx_slack_json_token.c
 *       core/ngx_slack_text.c core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c
 * libs: -lyajl
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_text.h>

#include "json_doc.h"


static void
repeat(const char *text, ngx_uint_t n)
{
    while (n--) {
        add(text);
    }
}


static void
values(void)
{
    result_t  r;

    begin("{\"a\": \"one\", \"x\": [1, {\"a\": 2}], \"b\": {\"c\": -1.5e3},"
          " \"list\": [{\"t\": \"p\"}, {\"u\": 1}, {\"t\": null},"
          " {\"t\": \"\\u00e4\\ud83d\\ude80\"}]}");
    read_all("a small document in all pieces", &r);

    tap_ok(r.rc == NGX_OK, "it is read");
    tap_is(r.first[0].data, r.first[0].len, "one", "a value at the top");
    tap_is(r.first[1].data, r.first[1].len, "-1.5e3", "a number as it stands");
    tap_is(r.first[2].data, r.first[2].len, "p", "a value in a list");
    tap_ok(r.n[0] == 1 && r.n[1] == 1 && r.n[2] == 3,
           "only the values at the paths");

    begin("[{\"a\": 1, \"b\": {\"c\": 2}, \"list\": [{\"t\": 3}]}]");
    read_all("a list at the top", &r);
    tap_ok(r.rc == NGX_OK && r.n[0] + r.n[1] + r.n[2] == 0, "has no paths");
}


/* strings that are cut, and what comes after them */

static void
strings(void)
{
    char        name[64];
    result_t    r;
    ngx_uint_t  i, k, n;

    static const char  *parts[] = {
        "x", "\\\"", "\\\\", "\\u0041", "\\ud83d\\ude80", "\xc3\xa4"
    };

    static ngx_uint_t  sizes[] = {
        16384, 16385, 98200, 98368, 131080
    };

    for (k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
        for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {

            n = sizes[i] / strlen(parts[k]);

            begin("{\"a\":\"");
            repeat(parts[k], n);
            add("\",\"skipped\":\"");
            repeat(parts[k], n);
            add("\",\"");
            repeat(parts[k], n);
            add("\":1,\"b\":{\"c\":\"after\"},\"list\":[{\"t\":\"end\"}]}");

            snprintf(name, sizeof(name), "part %u, %u bytes", (unsigned) k,
                     (unsigned) sizes[i]);

            read_all(name, &r);

            if (r.rc != NGX_OK
                || r.first[0].len == 0
                || r.first[0].len > NGX_SLACK_JSON_STRING_MAX)
            {
                tap_ok(0, "a long string is kept to its limit");
            }

            tap_is(r.first[1].data, r.first[1].len, "after",
                   "the value after long strings");
            tap_is(r.first[2].data, r.first[2].len, "end",
                   "the last value");
        }
    }

    begin("{\"a\":\"");
    repeat("x", 6 * 1024 * 1024);
    add("\",\"b\":{\"c\":\"after\"}}");
    read_all("a string of 6 MB", &r);

    tap_ok(r.rc == NGX_OK && r.first[0].len == NGX_SLACK_JSON_STRING_MAX,
           "is cut");
    tap_is(r.first[1].data, r.first[1].len, "after", "what follows is read");

    begin("{\"a\":\"");
    repeat("x", 200000);
    read_all("a long string that does not end", &r);

    tap_ok(r.rc == NGX_DECLINED && strcmp(r.error, "ends early") == 0,
           "ends early");

    begin("{\"a\":\"\xc3\xa4\xff\xfe\x7f\\u0000b\"}");
    read_all("broken bytes", &r);
    tap_is(r.first[0].data, r.first[0].len,
           "\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd" "b", "are replaced");
}


static void
limits(void)
{
    result_t  r;

    begin("{\"b\":{\"c\":");
    repeat("1", NGX_SLACK_JSON_NUMBER_MAX);
    add("},\"a\":\"after\"}");
    read_all("a number of the largest length", &r);
    tap_ok(r.rc == NGX_OK && r.first[1].len == NGX_SLACK_JSON_NUMBER_MAX,
           "is read");

    begin("{\"b\":{\"c\":");
    repeat("1", NGX_SLACK_JSON_NUMBER_MAX + 1);
    add("}}");
    read_all("a longer number", &r);
    tap_ok(r.rc == NGX_DECLINED && strstr(r.error, "number") != NULL,
           "is refused");

    begin("");
    repeat("[", NGX_SLACK_JSON_DEPTH);
    repeat("]", NGX_SLACK_JSON_DEPTH);
    read_all("the deepest nesting", &r);
    tap_ok(r.rc == NGX_OK, "is read");

    begin("");
    repeat("[", NGX_SLACK_JSON_DEPTH + 1);
    repeat("]", NGX_SLACK_JSON_DEPTH + 1);
    read_all("deeper nesting", &r);
    tap_ok(r.rc == NGX_DECLINED && strstr(r.error, "deep") != NULL
           && r.offset == NGX_SLACK_JSON_DEPTH + 1,
           "is refused where it begins");

    begin("{\"a\":1,\"b\":{");
    repeat("\"a\":1,\"c\":\"v\",", 30000);
    add("\"c\":\"last\"},\"a\":\"end\",\"list\":{\"t\":\"first\"}}");
    read_all("60,000 keys", &r);
    tap_ok(r.rc == NGX_OK && r.n[0] == 1
           && r.n[1] == NGX_SLACK_JSON_VALUES_MAX - 1,
           "are read, values are kept to the limit");
    tap_is(r.first[2].data, r.first[2].len, "first",
           "but the first one of another path");

    begin("[");
    repeat(" \n", 40000);
    add("1, 2");
    repeat("\t", 80000);
    add(" ] ");
    read_all("much white space", &r);
    tap_ok(r.rc == NGX_OK, "is no token");
}


static void
errors(void)
{
    result_t    r;
    ngx_uint_t  i;

    static struct {
        const char  *text;
        off_t        offset;
    } wrong[] = {
        { "{\"a\":tru}", 9 },
        { "{\"a\" 1}", 6 },
        { "{\"a\":1} x", 9 },
        { "{'a':1}", 2 },
        { "[1,]", 4 },
        { "nonsense", 2 },
        { "<xml/>", 1 }
    };

    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        begin(wrong[i].text);
        read_all(wrong[i].text, &r);

        tap_ok(r.rc == NGX_DECLINED && strcmp(r.error, "is not JSON") == 0,
               "is not JSON");

        if (r.offset < 0 || r.offset > (off_t) doc_len) {
            tap_ok(0, "the offset is in the document");
        }
    }

    begin("{\"a\":{\"b\":[1,2,\"three\",true]},\"c\":null}");

    while (--doc_len) {
        read_in(5, &r);

        if (r.rc != NGX_DECLINED || strcmp(r.error, "ends early") != 0
            || r.offset != (off_t) doc_len)
        {
            tap_ok(0, "a truncated document ends early, at its end");
        }
    }
}


static void
any_key(void)
{
    result_t  r;

    begin("{\"any\":[{\"k\":\"v\",\"n\":null,\"o\":{\"p\":1},\"l\":[2],"
          "\"known\":3},{\"\":true}],\"other\":4}");
    read_all("any key", &r);
    tap_is(r.first[3].data, r.first[3].len, "k=v", "is read with its value");
    tap_ok(r.n[3] == 3, "null, objects and arrays have none");
    tap_is(r.first[4].data, r.first[4].len, "3",
           "a key that is known is read there too");

    begin("{\"any\":{\"");
    repeat("\xc3\xa4", 200);
    add("\":\"");
    repeat("x\xc3\xa4", 16000);
    add("\"}}");
    read_all("a long key with a long value", &r);
    tap_ok(r.n[3] == 1 && r.first[3].len == 128 + 1 + 1024
           && memchr(r.first[3].data, 0xef, r.first[3].len) == NULL,
           "are cut between characters");

    begin("{\"any\":{\"a\":{\"known\":1},\"b\":\"\"}}");
    read_all("no value", &r);
    tap_is(r.first[3].data, r.first[3].len, "b=", "is an empty one");
}


/* what follows the first line may be left out, the line never */

static void
lines(void)
{
    result_t    r;
    ngx_str_t   line;
    ngx_uint_t  i;

    static const struct {
        const char  *text;
        const char  *line;
        size_t       kept;
    } texts[] = {
        { "one\\ntwo", "one", 3 },
        { " \\n \\none\\ntwo", "one", 7 },
        { "\\u0020\\none\\ntwo", "one", 5 },
        { "\\u200b\\none\\ntwo", "\xe2\x80\x8b", 7 },
        { "\\u000aone\\ntwo", "one", 4 },
        { "\\\"one\\\\ntwo\\\"", "\"one\\ntwo\"", 10 },
        { "one\\n", "one", 3 },
        { "\\n", "", 1 }
    };

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        begin("{\"line\":\"");
        add(texts[i].text);
        add("\",\"a\":1}");

        read_all("a string of which the line is read", &r);

        line = ngx_slack_text_first_line(&r.first[LINE]);

        tap_is(line.data, line.len, texts[i].line, "its line");
        tap_ok(r.first[LINE].len == texts[i].kept, "no more is kept");
        tap_is(r.first[0].data, r.first[0].len, "1", "what follows");
    }
}


/* what is known of a path besides its values */

static void
states(void)
{
    result_t    r;
    ngx_uint_t  i;

    static const struct {
        const char  *text;
        ngx_uint_t   slot;
        ngx_uint_t   state;
    } told[] = {
        { "{}", 0, 0 },
        { "{\"b\":{\"d\":1}}", 1, 0 },
        { "{\"a\":\"\"}", 0, NGX_SLACK_JSON_TOLD },
        { "{\"a\":null}", 0, NGX_SLACK_JSON_TOLD },
        { "{\"b\":null}", 1, NGX_SLACK_JSON_TOLD },
        { "{\"b\":false}", 1, NGX_SLACK_JSON_SCALAR },
        { "{\"b\":\"c\"}", 1, NGX_SLACK_JSON_SCALAR },
        { "{\"b\":[]}", 1, NGX_SLACK_JSON_TOLD },
        { "{\"b\":[[{}]]}", 1, NGX_SLACK_JSON_TOLD },
        { "{\"b\":[1,2]}", 1, NGX_SLACK_JSON_TOLD|NGX_SLACK_JSON_SCALAR },
        { "{\"b\":{}}", 1, 0 },
        { "{\"b\":{\"c\":{}}}", 1, NGX_SLACK_JSON_OBJECT },
        { "{\"b\":{\"c\":{\"x\":[1]}}}", 1, NGX_SLACK_JSON_OBJECT },
        { "{\"b\":{\"c\":[]}}", 1,
          NGX_SLACK_JSON_TOLD|NGX_SLACK_JSON_ARRAY },
        { "{\"a\":[[1]]}", 0, NGX_SLACK_JSON_TOLD|NGX_SLACK_JSON_ARRAY },
        { "{\"a\":[1,{}]}", 0, NGX_SLACK_JSON_TOLD|NGX_SLACK_JSON_ARRAY
                                |NGX_SLACK_JSON_OBJECT },
        { "{\"list\":[{\"u\":1}]}", 2, NGX_SLACK_JSON_TOLD },
        { "{\"list\":[{\"t\":1},2]}", 2,
          NGX_SLACK_JSON_TOLD|NGX_SLACK_JSON_SCALAR },
        { "{\"any\":null}", 3, NGX_SLACK_JSON_TOLD },
        { "{\"any\":7}", 3, NGX_SLACK_JSON_SCALAR },
        { "{\"any\":{\"k\":null}}", 3, NGX_SLACK_JSON_TOLD },
        { "{\"any\":{\"k\":{}}}", 3, NGX_SLACK_JSON_OBJECT },
        { "{\"any\":{\"k\":[1]}}", 3, NGX_SLACK_JSON_OBJECT },
        { "{\"any\":{\"known\":1}}", 4, NGX_SLACK_JSON_TOLD },
        { "true", 0, NGX_SLACK_JSON_SCALAR },
        { "[{\"a\":1}]", 0, 0 }
    };

    for (i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        begin(told[i].text);
        read_all(told[i].text, &r);
        tap_ok(r.state[told[i].slot] == told[i].state, "what is known of it");
    }

    begin("{\"a\":\"");
    repeat("x", NGX_SLACK_JSON_STRING_MAX);
    add("\"}");
    read_all("the longest string", &r);
    tap_ok(r.state[0] == NGX_SLACK_JSON_TOLD && r.cut[0] == 0, "is whole");

    for (i = 1; i < 200000; i *= 10) {
        begin("{\"a\":[\"y\",\"");
        repeat("x", NGX_SLACK_JSON_STRING_MAX + i);
        add("\"]}");
        read_all("a longer string", &r);
        tap_ok((r.state[0] & NGX_SLACK_JSON_CUT) && r.cut[0] == 1, "is cut");
    }

    begin("{\"any\":{\"");
    repeat("k", 129);
    add("\":1}}");
    read_all("a long key", &r);
    tap_ok((r.state[3] & NGX_SLACK_JSON_CUT) && r.cut[3] == 1, "is cut");

    begin("{\"any\":{\"k\":\"");
    repeat("v", 1025);
    add("\"}}");
    read_all("a long value of any key", &r);
    tap_ok((r.state[3] & NGX_SLACK_JSON_CUT) && r.cut[3] == 1, "is cut");

    begin("{\"a\":[1");
    repeat(",2", NGX_SLACK_JSON_VALUES_MAX - 1);
    add("],\"b\":{\"c\":3}}");
    read_all("as many values as are kept", &r);
    tap_ok(!(r.state[0] & NGX_SLACK_JSON_MORE)
           && r.state[1] == NGX_SLACK_JSON_TOLD, "are all of them");

    begin("{\"a\":[1");
    repeat(",2", NGX_SLACK_JSON_VALUES_MAX);
    add("],\"b\":{\"c\":[3,4]}}");
    read_all("more values", &r);
    tap_ok((r.state[0] & NGX_SLACK_JSON_MORE) && r.n[1] == 1
           && (r.state[1] & NGX_SLACK_JSON_MORE), "are not all of them");

    begin("{\"list\":[");

    for (i = 0; i < 70; i++) {
        add("{\"t\":\"");
        repeat("x", NGX_SLACK_JSON_STRING_MAX);
        add("\"},");
    }

    add("0],\"a\":\"");
    repeat("x", 1025);
    add("\"}");
    read_all("more bytes than are kept", &r);
    tap_ok((r.state[2] & NGX_SLACK_JSON_MORE) && r.n[0] == 0
           && r.state[0] == (NGX_SLACK_JSON_TOLD|NGX_SLACK_JSON_MORE),
           "are not all of them");
}


static void
flagged(void)
{
    result_t    r;
    ngx_uint_t  i;

    static const struct {
        const char  *text;
        ngx_uint_t   set;
    } told[] = {
        { "{}", 0 },
        { "{\"flag\":null}", 0 },
        { "{\"flag\":false,\"b\":{\"flag\":false},\"a\":null}", 0 },
        { "{\"flag\":true}", 1 },
        { "{\"flag\":\"\"}", 1 },
        { "{\"flag\":\"false\"}", 1 },
        { "{\"flag\":0}", 1 },
        { "{\"flag\":{}}", 1 },
        { "{\"flag\":[]}", 1 },
        { "{\"flag\":[false]}", 1 },
        { "{\"f\\u006cag\":true}", 1 },
        { "{\"flag\":true,\"flag\":false}", 1 },
        { "{\"flag\":false,\"flag\":true}", 1 },
        { "{\"b\":{\"flag\":true}}", 1 },
        { "{\"b\":[{},{\"flag\":1}]}", 1 },
        { "{\"b\":true,\"c\":{\"flag\":true}}", 0 },
        { "{\"b\":\"flag\"}", 0 },
        { "{\"a\":true}", 1 },
        { "{\"a\":false}", 0 },
        { "[{\"flag\":true}]", 0 }
    };

    for (i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        begin(told[i].text);
        read_all(told[i].text, &r);
        tap_ok(r.flagged == told[i].set, "whether a flag is set");
    }

    begin("{\"a\":[null");
    repeat(",false", NGX_SLACK_JSON_VALUES_MAX);
    add("],\"flag\":false,\"b\":{\"flag\":true}}");
    read_all("a flag behind more values than are kept", &r);
    tap_ok(r.flagged == 1, "is set");
}


int
main(void)
{
    if (!setup()) {
        return 1;
    }

    values();
    strings();
    limits();
    errors();
    any_key();
    lines();
    states();
    flagged();

    ngx_destroy_pool(pool);

    return tap_done();
}
