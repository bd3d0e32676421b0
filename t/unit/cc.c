
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/: what a value of "member" is, the places of people in a stored
 * message, and what becomes of them.
 */

/* unit: core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_receiver.c core/ngx_slack_shown.c
 *       json/ngx_slack_json_writer.c message/ngx_slack_cc.c
 * libs: -lyajl
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_cc.h>
#include <ngx_slack_json_writer.h>

#include "tap.h"


static ngx_str_t
str(const char *text)
{
    ngx_str_t  s;

    s.data = (u_char *) text;
    s.len = strlen(text);

    return s;
}


static const struct {
    const char           *value;
    ngx_slack_cc_kind_e   kind;
} kinds[] = {
    { "", NGX_SLACK_CC_NOBODY },
    { "U024BE7LH", NGX_SLACK_CC_MEMBER },
    { "W024BE7LH", NGX_SLACK_CC_MEMBER },
    { "S0614TZR7", NGX_SLACK_CC_GROUP },
    { "U024BE7L", NGX_SLACK_CC_NOBODY },
    { "U024BE7LHU024BE7LHU024BE7LH01234", NGX_SLACK_CC_MEMBER },
    { "U024BE7LHU024BE7LHU024BE7LH012345", NGX_SLACK_CC_NOBODY },
    { "C024BE7LH", NGX_SLACK_CC_NOBODY },
    { "D024BE7LH", NGX_SLACK_CC_NOBODY },
    { "T024BE7LH", NGX_SLACK_CC_NOBODY },
    { "U024be7lh", NGX_SLACK_CC_NOBODY },
    { "U024BE7LH ", NGX_SLACK_CC_NOBODY },
    { " U024BE7LH", NGX_SLACK_CC_NOBODY },
    { "U024BE7LH>|x", NGX_SLACK_CC_NOBODY },
    { "<@U024BE7LH>", NGX_SLACK_CC_NOBODY },
    { "<!channel>", NGX_SLACK_CC_NOBODY },
    { "!subteam^S0614TZR7", NGX_SLACK_CC_NOBODY },
    { "@jane", NGX_SLACK_CC_NOBODY },
    { "jane@acme.test", NGX_SLACK_CC_ADDRESS },
    { "Jane.O'Hara+x_y%z=~@a-b.acme.test", NGX_SLACK_CC_ADDRESS },
    { "jane@acme", NGX_SLACK_CC_NOBODY },
    { "jane@acme.", NGX_SLACK_CC_NOBODY },
    { "@acme.test", NGX_SLACK_CC_NOBODY },
    { "jane@", NGX_SLACK_CC_NOBODY },
    { "ja|ne@acme.test", NGX_SLACK_CC_NOBODY },
    { "ja\"ne@acme.test", NGX_SLACK_CC_NOBODY },
    { "ja\\ne@acme.test", NGX_SLACK_CC_NOBODY },
    { "ja ne@acme.test", NGX_SLACK_CC_NOBODY },
    { "jane@acme.test\n", NGX_SLACK_CC_NOBODY },
    { "jane@b@acme.test", NGX_SLACK_CC_NOBODY },
    { "<jane@acme.test>", NGX_SLACK_CC_NOBODY },
    { "j\xc3\xa4ne@acme.test", NGX_SLACK_CC_NOBODY },
    { "[REDACTED]", NGX_SLACK_CC_NOBODY },
    { "12+jane@users.noreply.github.com", NGX_SLACK_CC_NOBODY },
    { "No-Reply@acme.test", NGX_SLACK_CC_NOBODY },
    { "donotreply@acme.test", NGX_SLACK_CC_NOBODY },
    { NULL, NGX_SLACK_CC_NOBODY }
};


static void
test_kinds(void)
{
    u_char      buf[300];
    ngx_str_t   value;
    ngx_uint_t  i;

    for (i = 0; kinds[i].value != NULL; i++) {
        value = str(kinds[i].value);

        tap_ok(ngx_slack_cc_kind(&value) == kinds[i].kind, kinds[i].value);
    }

    memset(buf, 'a', sizeof(buf));
    memcpy(buf + 244, "@acme.test", 10);

    value.data = buf;
    value.len = 254;

    tap_ok(ngx_slack_cc_kind(&value) == NGX_SLACK_CC_ADDRESS,
           "the longest address");

    memcpy(buf + 245, "@acme.test", 10);
    value.len = 255;

    tap_ok(ngx_slack_cc_kind(&value) == NGX_SLACK_CC_NOBODY, "one too long");
}


static ngx_slack_cc_t  people[] = {
    { NGX_SLACK_CC_MEMBER, ngx_string("U024BE7LH"), ngx_string("Jane") },
    { NGX_SLACK_CC_GROUP, ngx_string("S0614TZR7"),
      ngx_string("<!here> *x* &") },
    { NGX_SLACK_CC_NOBODY, ngx_null_string,
      ngx_string("\"\\ \xef\xb7\x90U024BE7LH\xef\xb7\x91x\xef\xb7\x92") },
    { NGX_SLACK_CC_ADDRESS, ngx_string("jane@acme.test"),
      ngx_string("Ad Dress") },
    { NGX_SLACK_CC_MEMBER, ngx_string("U0NONAME0"), ngx_string(" \n ") }
};


/* members and groups are notified, addresses are another member's */

static size_t
whom(ngx_slack_cc_place_t *place, u_char *id, void *data)
{
    ngx_uint_t  *n = data;

    (*n)++;

    if (ngx_slack_cc_kind(&place->token) == NGX_SLACK_CC_ADDRESS) {
        memcpy(id, "W0ADDRESS", 9);
        return 9;
    }

    memcpy(id, place->token.data, place->token.len);

    return place->token.len;
}


/* an object in JSON whose "a" names the first n of them */

static ngx_str_t
message(ngx_uint_t n, size_t max, size_t room, ngx_slack_text_t *json)
{
    ngx_str_t                s;
    ngx_array_t              cc;
    ngx_slack_text_t         text;
    ngx_slack_json_writer_t  w;

    ngx_memzero(&cc, sizeof(ngx_array_t));
    cc.elts = people;
    cc.nelts = n;

    ngx_slack_text_init(&text, NULL, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_text_init(json, NULL, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&w, json);

    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_lit(&w, "a");

    (void) ngx_slack_cc_append(&text, &cc, "cc ", max, room);

    ngx_slack_json_writer_string(&w, text.start, text.len);
    ngx_slack_json_writer_object_end(&w);

    tap_ok(ngx_slack_json_writer_done(&w) == NGX_OK && !text.failed,
           "written");

    ngx_slack_text_done(&text);

    s.data = json->start;
    s.len = json->len;

    return s;
}


static void
test_places(void)
{
    ngx_str_t         stored, copy;
    ngx_uint_t        asked;
    ngx_slack_text_t  json;

    stored = message(2, 80, NGX_MAX_SIZE_T_VALUE, &json);

    asked = 0;

    tap_ok(ngx_slack_cc_places(&stored) == 2, "two places");
    tap_ok(ngx_slack_cc_resolve(&stored, whom, &asked, &copy) == NGX_OK
           && asked == 2, "each is asked for");
    tap_is(copy.data, copy.len,
           "{\"a\":\"cc <@U024BE7LH>, <!subteam^S0614TZR7>\"}",
           "who is notified");
    free(copy.data);

    tap_ok(ngx_slack_cc_resolve(&stored, NULL, NULL, &copy) == NGX_OK
           && ngx_slack_cc_places(&copy) == 0, "nobody");
    tap_ok(memmem(copy.data, copy.len, "cc Jane, &lt;!here&gt; ", 23) != NULL,
           "names are escaped");
    free(copy.data);

    ngx_slack_text_done(&json);

    stored = message(5, 80, NGX_MAX_SIZE_T_VALUE, &json);

    asked = 0;

    tap_ok(ngx_slack_cc_resolve(&stored, whom, &asked, &copy) == NGX_OK
           && memmem(copy.data, copy.len, "<@W0ADDRESS>\"}", 14) != NULL,
           "an address; who has no name is left out");
    free(copy.data);

    ngx_slack_text_done(&json);

    /* "cc " and a mention of 12, ", " and one of 21 */

    stored = message(2, 80, 15, &json);
    tap_ok(ngx_slack_cc_places(&stored) == 1, "only as many as there is room");
    ngx_slack_text_done(&json);

    stored = message(2, 80, 14, &json);
    tap_ok(ngx_slack_cc_places(&stored) == 0
           && memmem(stored.data, stored.len, "cc", 2) == NULL, "or none");
    ngx_slack_text_done(&json);
}


/* what is no place is copied as it is */

static void
test_broken(void)
{
    ngx_str_t          s, copy;
    ngx_uint_t         i, asked;
    static const char  *texts[] = {
        "", "x", "\xef\xb7\x90", "\xef\xb7\x90U024BE7LH\xef\xb7\x91" "Jane",
        "\xef\xb7\x90U024BE7LH", "\xef\xb7\x91\xef\xb7\x92", "\xef\xb7",
        NULL
    };

    for (i = 0; texts[i] != NULL; i++) {

        s = str(texts[i]);
        asked = 0;

        tap_ok(ngx_slack_cc_resolve(&s, whom, &asked, &copy) == NGX_OK
               && asked == 0 && copy.len == s.len
               && memcmp(copy.data, s.data, s.len) == 0, "kept");
        free(copy.data);
    }
}


int
main(void)
{
    test_kinds();
    test_places();
    test_broken();

    return tap_done();
}
