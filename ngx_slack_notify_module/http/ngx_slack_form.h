
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * One field of an application/x-www-form-urlencoded body that comes in pieces,
 * or of a query, which is written in the same way.
 */


#ifndef _NGX_SLACK_FORM_H_INCLUDED_
#define _NGX_SLACK_FORM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* takes a decoded piece; what it returns other than NGX_OK ends the feeding */

typedef ngx_int_t (*ngx_slack_form_handler_pt)(void *data, u_char *piece,
    size_t len);


typedef struct {
    ngx_slack_form_handler_pt  handler;
    void                      *data;
    ngx_str_t                 *name;      /* of the field; NULL: payload */

    ngx_uint_t                 state;
    ngx_uint_t                 matched;   /* of the name */
    u_char                     hex;
    unsigned                   found:1;   /* there was such a field */
} ngx_slack_form_t;


/* the structure is the caller's; zero it, set handler, data and name */

ngx_int_t ngx_slack_form_feed(ngx_slack_form_t *form, u_char *data,
    size_t len);

/* hands on what is left of an escape that was cut off by the body's end */

ngx_int_t ngx_slack_form_end(ngx_slack_form_t *form);


#endif /* _NGX_SLACK_FORM_H_INCLUDED_ */
