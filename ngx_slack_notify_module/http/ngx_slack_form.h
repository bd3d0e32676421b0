
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Finds one field of an application/x-www-form-urlencoded body that arrives in
 * pieces, or of a query string, which has the same syntax, and decodes its
 * value.  Knows nginx's core types only; runs in any thread.
 */


#ifndef _NGX_SLACK_FORM_H_INCLUDED_
#define _NGX_SLACK_FORM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Receives a decoded piece of the value, which is valid during the call only.
 * A return value other than NGX_OK ends the call of the parser, which returns
 * it.
 */

typedef ngx_int_t (*ngx_slack_form_handler_pt)(void *data, u_char *piece,
    size_t len);


typedef struct {
    ngx_slack_form_handler_pt  handler;
    void                      *data;
    ngx_str_t                 *name;      /* of the field; NULL: "payload" */

    ngx_uint_t                 state;
    ngx_uint_t                 matched;   /* bytes of the name */
    u_char                     hex;
    unsigned                   found:1;   /* the field exists */
} ngx_slack_form_t;


/*
 * Parses the next piece, "len" bytes.  The caller owns the structure, zeroes
 * it before the first piece and sets handler, data and, if needed, name.  Only
 * the first field with the name is read.  Returns NGX_OK or what the handler
 * returned.
 */

ngx_int_t ngx_slack_form_feed(ngx_slack_form_t *form, u_char *data,
    size_t len);

/*
 * Ends the body.  If it ends within an escape such as "%4", the handler gets
 * these characters as they are.  Returns NGX_OK or what the handler returned.
 */

ngx_int_t ngx_slack_form_end(ngx_slack_form_t *form);


#endif /* _NGX_SLACK_FORM_H_INCLUDED_ */
