
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Lists of patterns with regular expressions that fail: what passes, and how
 * often one is tried.  Globs are tried in t/fuzz/pattern.c.
 */

/* unit: route/ngx_slack_pattern.c core/ngx_slack_log_line.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_pattern.h>

#include "shim.h"
#include "tap.h"


#define FAILS  -47                     /* PCRE2_ERROR_MATCHLIMIT */


static ngx_pool_t  *pool;
static ngx_uint_t   tried;
static ngx_uint_t   without_data;
static u_char      *compiled;
static char        *refused;           /* a pattern PCRE does not take */


/* the last byte of a pattern tells what becomes of it: y, n, f or e */

ngx_int_t
ngx_regex_compile(ngx_regex_compile_t *rc)
{
    u_char  *copy;

    if (refused && ngx_strncmp(rc->pattern.data, refused, strlen(refused))
                   == 0)
    {
        return NGX_ERROR;
    }

    copy = ngx_pnalloc(rc->pool, rc->pattern.len + 1);
    if (copy == NULL) {
        return NGX_ERROR;
    }

    memcpy(copy, rc->pattern.data, rc->pattern.len);
    copy[rc->pattern.len] = '\0';

    compiled = copy;
    rc->regex = (ngx_regex_t *) copy;

    return NGX_OK;
}


ngx_int_t
ngx_regex_exec(ngx_regex_t *re, ngx_str_t *s, int *captures, ngx_uint_t size)
{
    u_char  *text;

    text = (u_char *) re;
    tried++;

    if (s->data == NULL) {
        without_data++;
    }

    switch (text[strlen((char *) text) - 1]) {

    case 'y':
        return 0;

    case 'n':
        return NGX_REGEX_NO_MATCHED;

    default:
        return FAILS;
    }
}


/* words of patterns, separated by spaces */

static ngx_uint_t
list_of(ngx_slack_patterns_t *list, const char *words)
{
    u_char      *p, *end, *copy;
    ngx_str_t    word;
    ngx_conf_t   cf;

    memset(list, 0, sizeof(ngx_slack_patterns_t));
    memset(&cf, 0, sizeof(ngx_conf_t));

    cf.pool = pool;
    cf.log = pool->log;

    copy = ngx_pnalloc(pool, strlen(words) + 1);
    if (copy == NULL) {
        return 0;
    }

    strcpy((char *) copy, words);

    for (p = copy; *p; p = end) {

        for (end = p; *end && *end != ' '; end++) { /* void */ }

        word.data = p;
        word.len = (size_t) (end - p);

        if (ngx_slack_patterns_add(&cf, list, &word) != NGX_OK) {
            return 0;
        }

        if (*end) {
            end++;
        }
    }

    return 1;
}


static void
lists(void)
{
    ngx_str_t                  value;
    ngx_uint_t                 i;
    ngx_slack_patterns_t       list;
    ngx_slack_pattern_state_t  state;

    static const struct {
        const char  *words;
        ngx_uint_t   test;
        ngx_int_t    pass;
        ngx_uint_t   tried;
    } cases[] = {
        { "~y", NGX_SLACK_PATTERN_MATCH, NGX_OK, 1 },
        { "~n", NGX_SLACK_PATTERN_NONE, NGX_DECLINED, 1 },
        { "~f", NGX_SLACK_PATTERN_FAILED, NGX_ERROR, 1 },
        { "!~y", NGX_SLACK_PATTERN_EXCLUDE, NGX_DECLINED, 1 },
        { "!~n", NGX_SLACK_PATTERN_NONE, NGX_OK, 1 },
        { "!~f", NGX_SLACK_PATTERN_FAILED, NGX_ERROR, 1 },
        { "!~*f", NGX_SLACK_PATTERN_FAILED, NGX_ERROR, 1 },
        { "~y !~f", NGX_SLACK_PATTERN_FAILED, NGX_ERROR, 2 },
        { "!~f ~y", NGX_SLACK_PATTERN_FAILED, NGX_ERROR, 1 },
        { "~f ~y", NGX_SLACK_PATTERN_FAILED, NGX_ERROR, 1 },
        { "~y ~f", NGX_SLACK_PATTERN_MATCH, NGX_OK, 1 },
        { "~f value", NGX_SLACK_PATTERN_FAILED, NGX_ERROR, 1 },
        { "value ~f", NGX_SLACK_PATTERN_MATCH, NGX_OK, 0 },
        { "value !~f", NGX_SLACK_PATTERN_FAILED, NGX_ERROR, 1 },
        { "!value ~f", NGX_SLACK_PATTERN_EXCLUDE, NGX_DECLINED, 0 },
        { "!~y !~f", NGX_SLACK_PATTERN_EXCLUDE, NGX_DECLINED, 1 },
        { "!~f !~y", NGX_SLACK_PATTERN_FAILED, NGX_ERROR, 1 },
        { "!~f !~f !~f !~f !~f", NGX_SLACK_PATTERN_FAILED, NGX_ERROR, 1 },
        { "~n ~n !~n", NGX_SLACK_PATTERN_NONE, NGX_DECLINED, 3 }
    };

    ngx_str_set(&value, "value");

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {

        tap_ok((int) list_of(&list, cases[i].words), cases[i].words);

        tried = 0;
        memset(&state, 0, sizeof(state));

        tap_ok(ngx_slack_patterns_test(&list, &value, &state) == cases[i].test,
               "what is known");
        tap_ok(tried == cases[i].tried, "how many were tried");
        tap_ok((cases[i].test == NGX_SLACK_PATTERN_FAILED)
               == (state.failures == 1 && state.error == FAILS),
               "its error");
        tap_ok(ngx_slack_patterns_pass(&list, &value, &state) == cases[i].pass,
               "whether it passes");
    }
}


/* an event with a hostile value is not tried by each of a thousand routes */

static void
failures(void)
{
    ngx_str_t                  value;
    ngx_uint_t                 i;
    ngx_slack_patterns_t       failing, other, globs;
    ngx_slack_pattern_state_t  state;

    ngx_str_set(&value, "value");
    memset(&state, 0, sizeof(state));

    tap_ok(list_of(&failing, "!~f") && list_of(&other, "~y")
           && list_of(&globs, "v*"), "three lists");

    tried = 0;

    for (i = 0; i < 1000; i++) {
        if (ngx_slack_patterns_pass(&failing, &value, &state) != NGX_ERROR) {
            tap_ok(0, "a failure passes");
        }
    }

    tap_ok(tried == NGX_SLACK_PATTERN_FAILURES, "then no more are tried");
    tap_ok(ngx_slack_patterns_pass(&other, &value, &state) == NGX_ERROR
           && tried == NGX_SLACK_PATTERN_FAILURES,
           "and none of another list");
    tap_ok(ngx_slack_patterns_pass(&globs, &value, &state) == NGX_OK,
           "globs are");

    memset(&state, 0, sizeof(state));

    tap_ok(ngx_slack_patterns_pass(&other, &value, &state) == NGX_OK,
           "the next event begins anew");
}


static void
limits(void)
{
    ngx_str_t                  none;
    ngx_slack_patterns_t       list;
    ngx_slack_pattern_state_t  state;

    tap_ok((int) list_of(&list, "!~(*UTF)(*LIMIT_MATCH=9)a|by"), "verbs");
    tap_ok(ngx_strncmp(compiled, "(*LIMIT_MATCH=50000)", 20) == 0
           && strstr((char *) compiled, "(*UTF)(*LIMIT_MATCH=9)a|by") != NULL,
           "come behind the limit");

    ngx_str_null(&none);
    memset(&state, 0, sizeof(state));

    tap_ok(ngx_slack_patterns_pass(&list, &none, &state) == NGX_DECLINED
           && without_data == 0, "an empty value has data");

    refused = (char *) "(*LIMIT_MATCH";
    tap_ok(!list_of(&list, "~y"), "a PCRE without limits is refused");

    refused = (char *) "";
    tap_ok(!list_of(&list, "~("), "a pattern that is wrong is refused");
    refused = NULL;
}


int
main(void)
{
    ngx_log_t  log;

    memset(&log, 0, sizeof(log));

    pool = ngx_create_pool(4096, &log);
    if (pool == NULL) {
        return 1;
    }

    lists();
    failures();
    limits();

    ngx_destroy_pool(pool);

    return tap_done();
}
