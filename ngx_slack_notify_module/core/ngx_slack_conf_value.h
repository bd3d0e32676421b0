
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Parameters of directives that take one of a few words.  The functions run in
 * the master when the configuration is read.
 */


#ifndef _NGX_SLACK_CONF_VALUE_H_INCLUDED_
#define _NGX_SLACK_CONF_VALUE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Looks up the directive's first parameter among "choices", which are at most
 * ten and end with an empty name.  Returns the value of the choice, which must
 * not be negative.  NGX_ERROR: no such choice; logged, with the names of all
 * choices.
 */

ngx_int_t ngx_slack_conf_choice(ngx_conf_t *cf, ngx_conf_enum_t *choices);


/*
 * The setter of a directive that takes one of a few words, like
 * ngx_conf_set_enum_slot().  cmd->post points to the choices.  At cmd->offset
 * in "conf" is an ngx_uint_t that was NGX_CONF_UNSET_UINT, or an ngx_flag_t
 * that was NGX_CONF_UNSET.  Returns what setters return; NGX_CONF_ERROR is
 * logged.
 */

char *ngx_slack_conf_set_enum(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);


#endif /* _NGX_SLACK_CONF_VALUE_H_INCLUDED_ */
