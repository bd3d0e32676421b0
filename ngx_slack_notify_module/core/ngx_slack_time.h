
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Times as senders write them.
 */


#ifndef _NGX_SLACK_TIME_H_INCLUDED_
#define _NGX_SLACK_TIME_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Seconds since the epoch of "2026-03-04 15:26:29 UTC",
 * "2026-03-04T15:26:29.123Z", "2026-03-04 16:26:29 +0100" and the like;
 * without a zone it is UTC.  0: not a time.
 */

time_t ngx_slack_time_parse(ngx_str_t *text);


#endif /* _NGX_SLACK_TIME_H_INCLUDED_ */
