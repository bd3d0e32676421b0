
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Times in the formats that senders use.
 */


#ifndef _NGX_SLACK_TIME_H_INCLUDED_
#define _NGX_SLACK_TIME_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Seconds since the epoch of a time such as "2026-03-04 15:26:29 UTC",
 * "2026-03-04T15:26:29.123Z" or "2026-03-04 16:26:29 +0100"; without a zone it
 * is UTC.  Returns 0 if the text is not a time.  Any thread.
 */

time_t ngx_slack_time_parse(ngx_str_t *text);

/*
 * The same in milliseconds, for times that are compared: returns 0 also if
 * what follows the seconds is not read completely, such as another zone's
 * name.
 */

int64_t ngx_slack_time_parse_ms(ngx_str_t *text);


#endif /* _NGX_SLACK_TIME_H_INCLUDED_ */
