
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * TAP for unit programs; included by the one file of a program.
 */


#ifndef _NGX_SLACK_TAP_H_INCLUDED_
#define _NGX_SLACK_TAP_H_INCLUDED_


#include <stdio.h>
#include <string.h>


static unsigned  tap_tests;
static unsigned  tap_failures;


static inline int
tap_ok(int ok, const char *name)
{
    printf("%sok %u - %s\n", ok ? "" : "not ", ++tap_tests, name);

    if (!ok) {
        tap_failures++;
    }

    return ok;
}


/* bytes against a string */

static inline int
tap_is(const unsigned char *got, size_t len, const char *expected,
    const char *name)
{
    int  ok;

    ok = (len == strlen(expected)
          && (len == 0 || memcmp(got, expected, len) == 0));

    tap_ok(ok, name);

    if (!ok) {
        printf("#      got: \"%.*s\"\n", (int) len, (const char *) got);
        printf("# expected: \"%s\"\n", expected);
    }

    return ok;
}


static inline int
tap_done(void)
{
    printf("1..%u\n", tap_tests);

    return tap_failures ? 1 : 0;
}


#endif /* _NGX_SLACK_TAP_H_INCLUDED_ */
