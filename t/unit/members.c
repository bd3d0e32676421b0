
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * json/ngx_slack_json_members: what is not exactly a known member of its type
 * is refused, with what is wrong.
 */

/* unit: json/ngx_slack_json_members.c json/ngx_slack_json_decode.c
 *       json/ngx_slack_json_skim.c json/ngx_slack_json_token.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c
 * libs: -lyajl
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_json_members.h>

#include "shim.h"
#include "tap.h"


#define TEXT  0
#define FLAG  1
#define LIST  2


static const ngx_slack_json_member_t  table[] = {
    { ngx_string("text"), NGX_SLACK_JSON_MEMBER_TEXT, 0,
      0, ngx_null_string, 0, NULL },
    { ngx_string("flag"), NGX_SLACK_JSON_MEMBER_FLAG, 0,
      0, ngx_null_string, 0, NULL },
    { ngx_string("list"), NGX_SLACK_JSON_MEMBER_NUMBERS, 3,
      0, ngx_null_string, 0, NULL },
    { ngx_null_string, 0, 0, 0, ngx_null_string, 0, NULL }
};

static ngx_log_t  quiet;


/* "text|flag|list", "-" for what is not there; or what is wrong */

static void
is(const char *body, const char *expected)
{
    u_char                   *p, *copy, buf[512];
    size_t                    len;
    ngx_int_t                 rc;
    ngx_str_t                 error, s, *element;
    ngx_uint_t                i;
    ngx_pool_t               *pool;
    ngx_slack_json_member_t   members[4];

    len = strlen(body);
    copy = malloc(len ? len : 1);
    pool = ngx_create_pool(4096, &quiet);

    if (copy == NULL || pool == NULL) {
        tap_ok(0, "no memory");
        return;
    }

    /* a room of the exact size, for the sanitizer */

    ngx_memcpy(copy, body, len);
    ngx_memcpy(members, table, sizeof(members));

    s.data = copy;
    s.len = len;

    rc = ngx_slack_json_members(&s, members, pool, &error);

    p = buf;

    if (rc == NGX_DECLINED) {
        p = ngx_cpymem(p, error.data, error.len);

    } else if (rc == NGX_OK) {
        p = ngx_sprintf(p, "%V|", members[TEXT].found ? &members[TEXT].text
                                                      : &table[3].name);
        p = ngx_sprintf(p, "%s|", !members[FLAG].found ? "-"
                                  : members[FLAG].flag ? "yes" : "no");

        if (members[LIST].found) {
            element = members[LIST].list->elts;

            for (i = 0; i < members[LIST].list->nelts; i++) {
                p = ngx_sprintf(p, "%V ", &element[i]);
            }
        }
    }

    tap_is(buf, (size_t) (p - buf), expected, body);

    ngx_destroy_pool(pool);
    free(copy);
}


int
main(void)
{
    is("{}", "|-|");
    is(" { \"text\" : \"a\\u0062\\\"\" , \"flag\" : true } \n", "ab\"|yes|");
    is("{\"list\":[1,\"2\",-3.5e1],\"flag\":false}", "|no|1 2 -3.5e1 ");
    is("{\"text\":\"\"}", "|-|");
    is("{\"te\\u0078t\":\"x\"}", "x|-|");

    is("", "body ends early at byte 0");
    is("{\"text\":null", "body ends early at byte 12");
    is("{\"x\":1}{}", "body is not JSON at byte 8");
    is("null", "the body is not an object");
    is("\"text\"", "the body is not an object");
    is("[]", "the body is not an object");
    is("[{\"text\":\"x\"}]", "the body is not an object");

    is("{\"text\":null}", "\"text\" must be a string");
    is("{\"text\":[\"x\"]}", "\"text\" must be a string");
    is("{\"text\":{\"text\":\"x\"}}", "\"text\" must be a string");
    is("{\"text\":1,\"flag\":1}", "\"text\" must be a string");
    is("{\"flag\":\"true\"}", "\"flag\" must be true or false");
    is("{\"flag\":null}", "\"flag\" must be true or false");
    is("{\"flag\":[true]}", "\"flag\" must be true or false");
    is("{\"list\":1}", "\"list\" must be a list of numbers");
    is("{\"list\":null}", "\"list\" must be a list of numbers");
    is("{\"list\":{}}", "\"list\" must be a list of numbers");
    is("{\"list\":[1,null]}", "\"list\" must be a list of numbers");
    is("{\"list\":[1,[2]]}", "\"list\" must be a list of numbers");
    is("{\"list\":[{\"list\":1}]}", "\"list\" must be a list of numbers");
    is("{\"list\":[true]}", "\"list\" must be a list of numbers");
    is("{\"list\":[]}", "\"list\" is empty");
    is("{\"list\":[1,2,3,4]}", "more than 3 list");

    is("{\"text\":\"a\",\"text\":\"a\"}", "\"text\" is given twice");
    is("{\"text\":\"a\",\"te\\u0078t\":null}", "\"text\" is given twice");
    is("{\"list\":[1],\"list\":[2]}", "\"list\" is given twice");
    is("{\"Text\":\"a\"}", "unknown member \"Text\"");
    is("{\"tex\":\"a\",\"text\":null}", "unknown member \"tex\"");
    is("{\"x\":{\"text\":\"a\"}}", "unknown member \"x\"");
    is("{\"\":1}", "unknown member \"\"");

    is("{\"text\":\"a\\u0000b\"}", "\"text\" has invalid characters");
    is("{\"text\":\"a\\nb\"}", "\"text\" has invalid characters");
    is("{\"text\":\"a\xc3\"}", "\"text\" has invalid characters");
    is("{\"text\":\"a\\udc00\"}", "\"text\" has invalid characters");
    is("{\"text\":\"a\\u202eb\"}", "\"text\" has invalid characters");
    is("{\"text\":\"\xc3\xa4\xf0\x9f\x9a\x80\"}",
       "\xc3\xa4\xf0\x9f\x9a\x80|-|");

    return tap_done();
}
