
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Lists of an event, and its description, as texts for variables.  Runs in the
 * event loop.
 */


#ifndef _NGX_SLACK_LIST_H_INCLUDED_
#define _NGX_SLACK_LIST_H_INCLUDED_


#include <ngx_slack_event.h>
#include <ngx_slack_text.h>


#define NGX_SLACK_LIST_NONE  NGX_MAX_UINT32_VALUE


typedef struct {
    ngx_str_t                 name;          /* of the variable */
    ngx_uint_t                lines;         /* its parts are worth lines of
                                                their own */
    void                    (*write)(ngx_slack_text_t *text,
                                ngx_slack_event_t *event, const char *glue);
} ngx_slack_list_t;


/* an empty name ends the table */

extern const ngx_slack_list_t  ngx_slack_lists[];


/* The list of the variable with this name; NGX_SLACK_LIST_NONE. */

ngx_uint_t ngx_slack_list_find(ngx_str_t *name);


/*
 * Sets the value of a list, in memory of the pool and not escaped.  Its parts
 * are separated by commas, with "lines" by line feeds where they are worth it.
 * NGX_OK or NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_list_value(ngx_uint_t list, ngx_slack_event_t *event,
    ngx_uint_t lines, ngx_pool_t *pool, ngx_str_t *value);


#endif /* _NGX_SLACK_LIST_H_INCLUDED_ */
