
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * States that the outbox remembers, such as whether an alert fires, and
 * compares with those of the next event.  Plain data, used in any thread.
 */


#ifndef _NGX_SLACK_STATE_H_INCLUDED_
#define _NGX_SLACK_STATE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* a state that is stored with an event and compared with the next event */

typedef struct {
    ngx_str_t                   key;
    ngx_str_t                   value;
    int64_t                     since;       /* when what it tells of began, by
                                                the sender's clock, ms since
                                                the epoch; 0: not told */
    unsigned                    first:1;     /* counts as changed if no value
                                                is stored */
} ngx_slack_state_t;


/*
 * Whether a state with the same value as the stored one tells of something
 * that began anew, so that it has changed: later than when the stored one was
 * heard last, or much later than what that one tells of, since what comes from
 * a queue is heard late.  Two senders may differ by seconds about the same.
 * "since" and "before" are those of the state and of the stored one, "heard"
 * is the time of this host.  Any thread.
 */

ngx_uint_t ngx_slack_state_anew(int64_t since, int64_t before, int64_t heard);


#endif /* _NGX_SLACK_STATE_H_INCLUDED_ */
