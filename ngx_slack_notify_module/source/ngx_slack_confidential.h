
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What shows that an event is confidential, of any kind and any forge.
 */


#ifndef _NGX_SLACK_CONFIDENTIAL_H_INCLUDED_
#define _NGX_SLACK_CONFIDENTIAL_H_INCLUDED_


#include <ngx_slack_event.h>


/*
 * The flags of payloads, as paths for ngx_slack_json_paths_add_flag(): any
 * value but null and false sets one, so that none is overlooked because it is
 * of another type.  Ends with len 0.
 */

extern ngx_str_t  ngx_slack_confidential_flags[];


/*
 * Whether a name of an event, in a header or in the payload, says so:
 * "Confidential Note Hook", "confidential_issue"
 */

ngx_uint_t ngx_slack_confidential_name(ngx_str_t *name);


/*
 * Makes an event with event->confidential one of the confidential kind.
 * NGX_OK; NGX_DECLINED with a reason: its kind has none, so that no route can
 * name it; NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_confidential_kind(ngx_slack_event_t *event,
    ngx_pool_t *pool, ngx_str_t *reason);


#endif /* _NGX_SLACK_CONFIDENTIAL_H_INCLUDED_ */
