
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Scrubs values from outside before they are shown to operators and senders,
 * in the log, in answers, on the status page and in metrics.
 *
 * Every output has one place that scrubs: ngx_slack_json_writer_shown() for
 * answers and for status.json, ngx_slack_html_value() for the page,
 * ngx_slack_metrics_label() for metrics, ngx_slack_log() for the log, and
 * ngx_slack_outcome_judge() for Slack's answers in the outbox.
 *
 * Any thread; no state.
 */


#ifndef _NGX_SLACK_SHOWN_H_INCLUDED_
#define _NGX_SLACK_SHOWN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* bytes of a value that are shown at once, and the room they may need */

#define NGX_SLACK_SHOWN_PIECE  256
#define NGX_SLACK_SHOWN_SIZE   (3 * NGX_SLACK_SHOWN_PIECE)


/*
 * Takes the next piece off a value from outside and writes it as valid UTF-8,
 * see ngx_slack_text_scrub(), in one line: line breaks (LF, U+2028, U+2029)
 * and tabs become spaces, what reorders text (bidi controls) and U+FEFF are
 * dropped.  "dst" has room for NGX_SLACK_SHOWN_SIZE bytes; returns the bytes
 * written.  To be called while value->len is not 0
 */

size_t ngx_slack_shown(u_char *dst, ngx_str_t *value);


/*
 * Copies at most "size" - 1 bytes of an outside text as printable ASCII
 * without double quotes and backslashes, and a NUL; runs of spaces and line
 * breaks become one space, runs of anything else one '?'.  Returns the length
 */

size_t ngx_slack_shown_ascii(char *dst, size_t size, ngx_str_t *src);


#endif /* _NGX_SLACK_SHOWN_H_INCLUDED_ */
