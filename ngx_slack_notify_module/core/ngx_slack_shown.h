
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Scrubs values from outside before operators and senders see them in the log,
 * in answers, on the status page and in metrics.
 *
 * Each output has one place that scrubs: ngx_slack_json_writer_shown() for
 * answers and status.json, ngx_slack_html_value() for the status page,
 * ngx_slack_metrics_label() for metrics, ngx_slack_log() for the log, and
 * ngx_slack_outcome_judge() for Slack's answers in the outbox.
 *
 * The functions have no state, do not fail, and run in any thread.
 */


#ifndef _NGX_SLACK_SHOWN_H_INCLUDED_
#define _NGX_SLACK_SHOWN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* in bytes: the longest piece that one call takes, and the room it may need */

#define NGX_SLACK_SHOWN_PIECE  256
#define NGX_SLACK_SHOWN_SIZE   (3 * NGX_SLACK_SHOWN_PIECE)


/*
 * Takes the next piece off a value from outside, by advancing "value", and
 * writes it to "dst", which has room for NGX_SLACK_SHOWN_SIZE bytes.  The
 * output is valid UTF-8, see ngx_slack_text_scrub(), on one line: line breaks
 * (LF, U+2028, U+2029) and tabs become spaces; bidi controls, which reorder
 * text, and U+FEFF are dropped.  Returns the number of bytes written.  Call it
 * while value->len is not 0.
 */

size_t ngx_slack_shown(u_char *dst, ngx_str_t *value);


/*
 * Copies at most "size" - 1 bytes of a text from outside as printable ASCII,
 * and a terminating NUL.  Spaces and line breaks in a row become one space,
 * double quotes single ones, and all other bytes in a row one '?', backslashes
 * included.  Returns the length without the NUL.
 */

size_t ngx_slack_shown_ascii(char *dst, size_t size, ngx_str_t *src);


#endif /* _NGX_SLACK_SHOWN_H_INCLUDED_ */
