
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Lists of patterns.  Input: the value in the first line, a pattern in each
 * that follows.  A glob matches where trying all ways does.
 */

/* fuzz: route/ngx_slack_pattern.c core/ngx_slack_log_line.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c
 */


#include <ngx_slack_pattern.h>

#include "fuzz.h"


static ngx_uint_t pattern_glob(ngx_str_t *glob, ngx_str_t *value);
static ngx_uint_t pattern_regex(ngx_str_t *pattern);


/* the set of places of the value where the glob so far may end */

static ngx_uint_t
pattern_glob(ngx_str_t *glob, ngx_str_t *value)
{
    size_t       i, j, k;
    u_char      *now, *next, *swap;
    ngx_uint_t   rc;

    now = calloc(1, value->len + 1);
    next = calloc(1, value->len + 1);

    if (now == NULL || next == NULL) {
        exit(2);
    }

    now[0] = 1;

    for (i = 0; i < glob->len; i++) {
        memset(next, 0, value->len + 1);

        for (j = 0; j <= value->len; j++) {

            if (!now[j]) {
                continue;
            }

            if (glob->data[i] == '*') {
                memset(next + j, 1, value->len + 1 - j);
                break;
            }

            if (j == value->len) {
                continue;
            }

            if (glob->data[i] == '?') {
                k = j + 1;

                while (k < value->len && (value->data[k] & 0xc0) == 0x80) {
                    k++;
                }

                next[k] = 1;

            } else if (glob->data[i] == value->data[j]) {
                next[j + 1] = 1;
            }
        }

        swap = now;
        now = next;
        next = swap;
    }

    rc = now[value->len];

    free(now);
    free(next);

    return rc;
}


static ngx_uint_t
pattern_regex(ngx_str_t *pattern)
{
    return (pattern->len && pattern->data[0] == '~')
           || (pattern->len > 1 && pattern->data[0] == '!'
               && pattern->data[1] == '~');
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u_char                     *copy;
    ngx_int_t                   rc;
    ngx_str_t                   rest, value, line, glob;
    ngx_conf_t                  cf;
    ngx_uint_t                  included, excluded, includes, expected;
    ngx_slack_patterns_t        list;
    ngx_slack_pattern_state_t   state;

    copy = fuzz_dup(data, size);

    rest.data = copy;
    rest.len = size;

    if (!fuzz_line(&rest, &value)) {
        free(copy);
        return 0;
    }

    ngx_memzero(&cf, sizeof(ngx_conf_t));
    ngx_memzero(&list, sizeof(ngx_slack_patterns_t));

    cf.pool = fuzz_pool();
    cf.log = &fuzz_log;

    included = 0;
    excluded = 0;
    includes = 0;

    while (fuzz_line(&rest, &line)) {

        if (pattern_regex(&line)) {
            continue;
        }

        glob = line;

        if (glob.len && glob.data[0] == '!') {
            glob.data++;
            glob.len--;
        }

        rc = ngx_slack_patterns_add(&cf, &list, &line);
        fuzz_check((rc == NGX_OK) == (glob.len != 0), "what is a pattern");

        if (rc != NGX_OK) {

            /* nginx does not start */

            goto done;
        }

        expected = pattern_glob(&glob, &value);

        fuzz_check(ngx_slack_glob(&glob, &value) == expected, "a glob");

        if (line.data[0] == '!') {
            excluded |= expected;

        } else {
            included |= expected;
            includes++;
        }
    }

    expected = excluded ? NGX_SLACK_PATTERN_EXCLUDE
                        : included ? NGX_SLACK_PATTERN_MATCH
                                   : NGX_SLACK_PATTERN_NONE;

    ngx_memzero(&state, sizeof(ngx_slack_pattern_state_t));

    fuzz_check(ngx_slack_patterns_test(&list, &value, &state) == expected,
               "a list");

    fuzz_check((ngx_slack_patterns_pass(&list, &value, &state) == NGX_OK)
               == (!excluded && (included || includes == 0)),
               "what passes");

done:

    ngx_destroy_pool(cf.pool);
    free(copy);

    return 0;
}
