
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What shim.c offers beyond nginx's own names.
 */


#ifndef _NGX_SLACK_SHIM_H_INCLUDED_
#define _NGX_SLACK_SHIM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* the last line logged, NUL-terminated, its level, and how many there were */

extern u_char      ngx_slack_shim_line[];
extern ngx_uint_t  ngx_slack_shim_level;
extern ngx_uint_t  ngx_slack_shim_lines;

/* and how many of each level */

extern ngx_uint_t  ngx_slack_shim_count[];


#endif /* _NGX_SLACK_SHIM_H_INCLUDED_ */
