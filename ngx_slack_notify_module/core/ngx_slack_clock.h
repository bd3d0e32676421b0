
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Two clocks in milliseconds, read afresh at each call.  nginx's cached time
 * belongs to the event loop; these may be asked in any thread.
 */


#ifndef _NGX_SLACK_CLOCK_H_INCLUDED_
#define _NGX_SLACK_CLOCK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* since the epoch; jumps when the clock is set: for what is stored */

int64_t ngx_slack_clock_wall(void);


/* since some moment, never jumps; of this boot only: for delays */

int64_t ngx_slack_clock_monotonic(void);


#endif /* _NGX_SLACK_CLOCK_H_INCLUDED_ */
