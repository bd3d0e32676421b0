
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * status/ngx_slack_html.
 */

/* unit: status/ngx_slack_html.c core/ngx_slack_text.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_html.h>

#include "tap.h"


#define NOW  1795633800                   /* 2026-11-25 19:10:00 UTC */


static ngx_slack_text_t  text;


static void
is(const char *expected, const char *name)
{
    tap_is(text.start, text.len, expected, name);
    ngx_slack_text_reset(&text, NGX_SLACK_TEXT_NO_LIMIT);
}


static void
values(void)
{
    ngx_str_t  v;

    ngx_str_set(&v, "<img src=x onerror='alert(1)' \"&amp;\">");
    ngx_slack_html_value(&text, &v);
    is("&lt;img src=x onerror=&#39;alert(1)&#39; &quot;&amp;amp;&quot;&gt;",
       "no markup");

    ngx_str_set(&v, "a\0b\x1b[0m\nc\td");
    ngx_slack_html_value(&text, &v);
    is("ab[0m c d", "no control characters");

    ngx_str_set(&v, "a\nb\tc<");
    ngx_slack_html_escape(&text, &v);
    is("a\nb\tc&lt;", "lines of a text");

    ngx_str_set(&v, "star\xC3<\x80\xE2\x80\xAE&");
    ngx_slack_html_value(&text, &v);
    is("star\xEF\xBF\xBD&lt;\xEF\xBF\xBD&amp;", "any bytes");

    ngx_str_set(&v, "\xC3\xA9\xF0\x9F\x9A\x80");
    ngx_slack_html_value(&text, &v);
    is("\xC3\xA9\xF0\x9F\x9A\x80", "UTF-8 as it is");

    ngx_str_null(&v);
    ngx_slack_html_value(&text, &v);
    is("", "nothing");
}


static void
numbers(void)
{
    static const struct {
        ngx_uint_t   n;
        const char  *shown;
    } rows[] = {
        { 0, "0" }, { 12, "12" }, { 999, "999" }, { 1000, "1,000" },
        { 98231, "98,231" }, { 1234567, "1,234,567" },
        { (ngx_uint_t) -1, "18,446,744,073,709,551,615" }
    };

    ngx_uint_t  i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ngx_slack_html_number(&text, rows[i].n);
        is(rows[i].shown, "a number");
    }
}


static void
times(void)
{
    static const struct {
        time_t       seconds;
        const char  *shown;
    } rows[] = {
        { -5, "0 s" }, { 0, "0 s" }, { 59, "59 s" }, { 60, "1 min" },
        { 3599, "59 min" }, { 3600, "1 h" }, { 3665, "1 h 1 min" },
        { 86399, "23 h 59 min" }, { 86400, "1 day" }, { 172800, "2 days" }
    };

    ngx_uint_t  i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ngx_slack_html_span(&text, rows[i].seconds);
        is(rows[i].shown, "a span");
    }

    ngx_slack_html_time(&text, NOW - 65, NOW);
    is("<time datetime=\"2026-11-25T19:08:55Z\" "
       "title=\"2026-11-25 19:08:55 UTC\">1 min ago</time>", "what was");

    ngx_slack_html_time(&text, NOW + 30, NOW);
    is("<time class=\"clock\" datetime=\"2026-11-25T19:10:30Z\" "
       "title=\"2026-11-25 19:10:30 UTC\">19:10:30 UTC</time>, in 30 s",
       "what will be");

    ngx_slack_html_clock(&text, NOW);
    is("<time class=\"clock\" datetime=\"2026-11-25T19:10:00Z\" "
       "title=\"2026-11-25 19:10:00 UTC\">19:10:00 UTC</time>", "a clock");

    ngx_slack_html_time(&text, 0, NOW);
    is("", "never");
}


int
main(void)
{
    ngx_slack_text_init(&text, NULL, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);

    values();
    numbers();
    times();

    ngx_slack_text_done(&text);

    return tap_done();
}
