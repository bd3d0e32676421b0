
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Detects confidential events, of all kinds and forges.  Runs in the
 * event loop.
 */


#ifndef _NGX_SLACK_CONFIDENTIAL_H_INCLUDED_
#define _NGX_SLACK_CONFIDENTIAL_H_INCLUDED_


#include <ngx_slack_event.h>


/*
 * Paths of the payloads' flags for ngx_slack_json_paths_add_flag().  Any value
 * other than null and false sets a flag, so that none is missed because of its
 * type.  An element with len 0 ends the list.
 */

extern ngx_str_t  ngx_slack_confidential_flags[];


/*
 * Whether an event's name, from a header or the payload, marks it as
 * confidential: "Confidential Note Hook", "confidential_issue".
 */

ngx_uint_t ngx_slack_confidential_name(ngx_str_t *name);


/*
 * Changes the kind of an event with event->confidential to its confidential
 * one.  NGX_OK; NGX_DECLINED with a reason: there is no such kind, so that no
 * route can ask for the event; NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_confidential_kind(ngx_slack_event_t *event,
    ngx_pool_t *pool, ngx_str_t *reason);


#endif /* _NGX_SLACK_CONFIDENTIAL_H_INCLUDED_ */
