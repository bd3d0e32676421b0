
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Words of the operator: a text in the markup of Slack with variables.  What
 * the operator wrote is raw, the value of every variable is escaped for the
 * place where it stands, so that no value can break a limit, a link or an
 * entity, or notify people.
 *
 * Templates are parsed when the configuration is read, in the master, and not
 * changed afterwards, except that the caller sets the indexes of variables.
 * They are written in the event loop.
 */


#ifndef _NGX_SLACK_TEMPLATE_H_INCLUDED_
#define _NGX_SLACK_TEMPLATE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_text.h>


#define NGX_SLACK_TEMPLATE_MAX      3000     /* code points, with markup */
#define NGX_SLACK_TEMPLATE_CUT      2000     /* of the value of a variable */
#define NGX_SLACK_TEMPLATE_VALUE    16384    /* bytes of it that are read */


/*
 * U+202B, of which no message has any, in front of a value that a sender sent
 * and that rings.  Where values may have markup of the operator, what has it
 * is no mention.
 */

#define NGX_SLACK_TEMPLATE_FOREIGN  "\xe2\x80\xab"


typedef struct {
    ngx_str_t                 name;          /* without "$" */
    ngx_uint_t                list;          /* of ngx_slack_lists[], or
                                                NGX_SLACK_LIST_NONE */
    ngx_int_t                 index;         /* set by the caller of parse() */
} ngx_slack_template_variable_t;


typedef struct {
    ngx_str_t                 source;
    ngx_array_t               parts;         /* ngx_slack_template_part_t */
    ngx_array_t               variables;     /* ngx_slack_template_variable_t,
                                                each name once */
    unsigned                  words:1;       /* values of variables are words
                                                of the operator, too: markup
                                                that is right stays markup.
                                                Set by the caller */
    unsigned                  fence:1;       /* it has fences of code */
} ngx_slack_template_t;


/*
 * Whether a value could stand between the brackets of a mention, as an ID or
 * as "channel" could.
 */

ngx_uint_t ngx_slack_template_rings(ngx_str_t *value);


/*
 * Appends the value of a sender's variable as words of the operator may have
 * it: escaped, and with NGX_SLACK_TEMPLATE_FOREIGN in front if it rings.
 * Others have no mark, so that maps find them.  The caller looks at
 * text->failed.
 */

void ngx_slack_template_foreign(ngx_slack_text_t *text, ngx_str_t *value);


/*
 * Parses a template; it keeps references to "source".  "template" was zeroed.
 * Returns NULL, or a text for the error message, in which "%V" is *where.
 */

char *ngx_slack_template_parse(ngx_pool_t *pool, ngx_str_t *source,
    ngx_slack_template_t *template, ngx_str_t *where);


/*
 * Makes a value fit to be written: valid UTF-8 without control characters and
 * of limited length.  What it was is not changed; it may be in use still.
 * NGX_OK or NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_template_value(ngx_pool_t *pool, ngx_str_t *value);


/*
 * Appends a template with the values of its variables, which are in the order
 * of template->variables and fit to be written.  A text that is plain gets
 * neither links nor mentions.
 */

void ngx_slack_template_write(ngx_slack_text_t *text,
    ngx_slack_template_t *template, ngx_str_t *values);


/* Whether nothing can be seen of a text. */

ngx_uint_t ngx_slack_template_blank(ngx_slack_text_t *text);


#endif /* _NGX_SLACK_TEMPLATE_H_INCLUDED_ */
