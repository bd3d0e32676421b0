
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to message/ngx_slack_template*.c: the parts of a template.
 */


#ifndef _NGX_SLACK_TEMPLATE_PRIVATE_H_INCLUDED_
#define _NGX_SLACK_TEMPLATE_PRIVATE_H_INCLUDED_


#include <ngx_slack_template.h>


typedef enum {
    NGX_SLACK_TEMPLATE_TEXT = 0,
    NGX_SLACK_TEMPLATE_ENTITY,           /* not to be cut */
    NGX_SLACK_TEMPLATE_MENTION,          /* the same, not for plain texts */
    NGX_SLACK_TEMPLATE_ID,               /* a variable between "text" and ">",
                                            to be an ID */
    NGX_SLACK_TEMPLATE_VARIABLE,
    NGX_SLACK_TEMPLATE_LINK
} ngx_slack_template_kind_e;


typedef struct {
    ngx_slack_template_kind_e   kind;
    ngx_str_t                   text;
    ngx_uint_t                  variable;
    ngx_uint_t                  code;    /* the variable stands in code */

    /*
     * ngx_slack_template_part_t; texts of links have no entities.  No label:
     * NULL.
     */
    ngx_array_t                *url;
    ngx_array_t                *label;
} ngx_slack_template_part_t;


/* a token in "<" and ">" that the operator wrote */

typedef struct {
    ngx_slack_template_kind_e   kind;    /* MENTION, or LINK */
    ngx_str_t                   whole;
    ngx_str_t                   url;     /* of a link, with entities */
    ngx_str_t                   label;   /* data is NULL: none */
} ngx_slack_template_token_t;


/* a template while it is written */

#define NGX_SLACK_TEMPLATE_BUF    1024       /* bytes, usually enough */

typedef struct {
    ngx_slack_text_t           *text;
    ngx_slack_template_t       *template;
    ngx_str_t                  *values;
    ngx_slack_text_t            url;
    ngx_slack_text_t            label;
    u_char                      url_buf[NGX_SLACK_TEMPLATE_BUF];
    u_char                      label_buf[NGX_SLACK_TEMPLATE_BUF];
} ngx_slack_template_writer_t;


/* what may be written before an ID, and with what such IDs begin */

typedef struct {
    ngx_str_t                   begin;
    char                       *kinds;
} ngx_slack_template_id_t;


/* the row for a token that begins at p; NULL: it is no token with an ID */

const ngx_slack_template_id_t *ngx_slack_template_id(u_char *p, u_char *last);

/* The same by the whole of "begin", and whether a string is such an ID. */

ngx_uint_t ngx_slack_template_is_id(ngx_str_t *begin, ngx_str_t *value);


/*
 * Reads a token without variables at the "<" at p; "end" is its ">".
 * NGX_DECLINED: Slack knows no such token.
 */

ngx_int_t ngx_slack_template_token(u_char *p, u_char *end,
    ngx_slack_template_token_t *token);


/* Appends a link, whose label may be all there is of it. */

void ngx_slack_template_anchor(ngx_slack_template_writer_t *w,
    ngx_slack_template_part_t *part);


/*
 * Appends a value that the operator has written, in a map for example: markup
 * that is right is kept, and whatever else looks like markup is escaped.
 */

void ngx_slack_template_words(ngx_slack_template_writer_t *w,
    ngx_str_t *value);


/* the length of the entity at the "&" at p; 0: it is none */

size_t ngx_slack_template_entity(u_char *p, u_char *last);


/* Copies a string with characters in place of entities; returns the end. */

u_char *ngx_slack_template_decode(u_char *dst, u_char *p, u_char *last);


#endif /* _NGX_SLACK_TEMPLATE_PRIVATE_H_INCLUDED_ */
