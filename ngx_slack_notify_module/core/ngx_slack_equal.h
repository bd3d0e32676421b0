
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Comparing strings.  In any thread.
 */


#ifndef _NGX_SLACK_EQUAL_H_INCLUDED_
#define _NGX_SLACK_EQUAL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Whether two strings, each an ngx_str_t *, have the same bytes.  An empty one
 * may have no data, which ngx_memcmp() must not be given.  The arguments are
 * evaluated more than once.
 */

#define ngx_slack_equal(a, b)                                                 \
    ((a)->len == (b)->len                                                     \
     && ((a)->len == 0 || ngx_memcmp((a)->data, (b)->data, (a)->len) == 0))


#endif /* _NGX_SLACK_EQUAL_H_INCLUDED_ */
