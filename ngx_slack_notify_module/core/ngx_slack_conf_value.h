
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Values of directives: one word of a few.  Runs in the master, when the
 * configuration is read.
 */


#ifndef _NGX_SLACK_CONF_VALUE_H_INCLUDED_
#define _NGX_SLACK_CONF_VALUE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * The value of the directive's first parameter among "choices", which are at
 * most ten and end with an empty name; no value is negative.  NGX_ERROR: it is
 * none of them; a message was logged that names them.
 */

ngx_int_t ngx_slack_conf_choice(ngx_conf_t *cf, ngx_conf_enum_t *choices);


/*
 * The setter of a directive that takes one of a few words, like
 * ngx_conf_set_enum_slot(): cmd->post are the choices, at cmd->offset in
 * "conf" is an ngx_uint_t, NGX_CONF_UNSET_UINT before.  Also for an
 * ngx_flag_t, NGX_CONF_UNSET before.
 */

char *ngx_slack_conf_set_enum(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);


#endif /* _NGX_SLACK_CONF_VALUE_H_INCLUDED_ */
