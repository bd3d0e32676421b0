
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Appends HTML to a text.  A failed allocation sets text->failed.  Runs in any
 * thread.
 */


#ifndef _NGX_SLACK_HTML_H_INCLUDED_
#define _NGX_SLACK_HTML_H_INCLUDED_


#include <ngx_slack_text.h>


/*
 * Appends a value from outside, of any bytes, as text or in a quoted
 * attribute.  What ngx_slack_shown() does not allow is replaced, the rest is
 * escaped.
 */

void ngx_slack_html_value(ngx_slack_text_t *text, ngx_str_t *value);


/* appends UTF-8 text of several lines, in the same places */

void ngx_slack_html_escape(ngx_slack_text_t *text, ngx_str_t *value);


/* "1,234,567" */

void ngx_slack_html_number(ngx_slack_text_t *text, ngx_uint_t n);


/* "12 s", "3 min", "1 h 5 min", "2 days" */

void ngx_slack_html_span(ngx_slack_text_t *text, time_t seconds);


/* a short time in milliseconds: "160 ms", "1.5 s", "3 min" */

void ngx_slack_html_delay(ngx_slack_text_t *text, int64_t ms);


/*
 * Appends a <time> in UTC: "3 min ago", or for a time to come "19:05:12 UTC,
 * in 3 min", whose class is "clock".  Its title shows date and time.  "when"
 * and "now" are seconds since the epoch; if "when" is 0, nothing is appended.
 */

void ngx_slack_html_time(ngx_slack_text_t *text, time_t when, time_t now);


/* <time>: "19:05:12 UTC" */

void ngx_slack_html_clock(ngx_slack_text_t *text, time_t when);


/*
 * Appends text in Slack's mrkdwn, formatted as in a message.  Slack's own
 * escapes are kept, everything else is escaped.
 */

void ngx_slack_html_mrkdwn(ngx_slack_text_t *text, ngx_str_t *value);


/*
 * Appends a link of a message; only its label if the URL is not http(s) or
 * mailto.
 */

void ngx_slack_html_link(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label);


#endif /* _NGX_SLACK_HTML_H_INCLUDED_ */
