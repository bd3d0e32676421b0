
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Two clocks in milliseconds, which each call reads anew.  nginx's cached time
 * belongs to the event loop; these functions work in any thread and do not
 * fail.
 */


#ifndef _NGX_SLACK_CLOCK_H_INCLUDED_
#define _NGX_SLACK_CLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Milliseconds since the epoch, for what is stored.  Jumps when the clock is
 * set.
 */

int64_t ngx_slack_clock_wall(void);


/*
 * Milliseconds since an arbitrary moment of this boot, for delays.  Never
 * jumps.
 */

int64_t ngx_slack_clock_monotonic(void);


#endif /* _NGX_SLACK_CLOCK_H_INCLUDED_ */
