
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * HTML into a text.
 */


#ifndef _NGX_SLACK_HTML_H_INCLUDED_
#define _NGX_SLACK_HTML_H_INCLUDED_


#include <ngx_slack_text.h>


/*
 * a value from outside, of any bytes, as text or in a quoted attribute: as it
 * may be shown, see ngx_slack_shown()
 */

void ngx_slack_html_value(ngx_slack_text_t *text, ngx_str_t *value);


/* a text that is UTF-8 and may have several lines, in the same places */

void ngx_slack_html_escape(ngx_slack_text_t *text, ngx_str_t *value);


/* "1,234,567" */

void ngx_slack_html_number(ngx_slack_text_t *text, ngx_uint_t n);


/* "12 s", "3 min", "1 h 5 min", "2 days" */

void ngx_slack_html_span(ngx_slack_text_t *text, time_t seconds);


/*
 * <time>: "3 min ago", or for what is to come "19:05:12, in 3 min", both UTC
 * with the whole time as title; nothing for 0
 */

void ngx_slack_html_time(ngx_slack_text_t *text, time_t when, time_t now);


/* <time>: "19:05:12 UTC" */

void ngx_slack_html_clock(ngx_slack_text_t *text, time_t when);


/*
 * A text with Slack's marks, as in a message: Slack's own escapes are kept,
 * anything else is escaped.
 */

void ngx_slack_html_mrkdwn(ngx_slack_text_t *text, ngx_str_t *value);


/* a link of a message, only its label if the URL is no http(s) or mailto */

void ngx_slack_html_link(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label);


#endif /* _NGX_SLACK_HTML_H_INCLUDED_ */
