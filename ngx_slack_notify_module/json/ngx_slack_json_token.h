
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Tokens of JSON that come in pieces, for ngx_slack_json_skim.c only.  A
 * wanted token is collected; a string is cut when it is longer than what the
 * reader keeps.  A number is checked.
 */


#ifndef _NGX_SLACK_JSON_TOKEN_H_INCLUDED_
#define _NGX_SLACK_JSON_TOKEN_H_INCLUDED_


#include <ngx_slack_json.h>


/*
 * Bytes of a string as it is written, after which it is cut.  An escape has at
 * most six bytes for a decoded one, so a cut string still decodes to more than
 * is kept.
 */
#define NGX_SLACK_JSON_TOKEN_MAX   (6 * NGX_SLACK_JSON_STRING_MAX + 64)


/* zeroed by the caller; "data" is on the heap */

typedef struct {
    u_char                    *data;
    size_t                     len;
    size_t                     allocated;
    unsigned                   cut:1;    /* further pieces are ignored */
} ngx_slack_json_token_t;


/* how far a number was read */

typedef struct {
    ngx_uint_t                 part;
    size_t                     len;
} ngx_slack_json_number_t;


/*
 * Adds a piece of "len" bytes.  A string that is cut gets its closing quote.
 * NGX_OK or NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_json_token_gather(ngx_slack_json_token_t *token,
    u_char *data, size_t len, ngx_log_t *log);

/* the first keeps the memory for the next token, the second frees it */

void ngx_slack_json_token_reset(ngx_slack_json_token_t *token);
void ngx_slack_json_token_free(ngx_slack_json_token_t *token);


void ngx_slack_json_number_begin(ngx_slack_json_number_t *number);

/*
 * Advances "p" to the end of the number, or to "last".  NGX_OK; NGX_DECLINED:
 * no number, "p" is behind the wrong character.
 */
ngx_int_t ngx_slack_json_number(ngx_slack_json_number_t *number, u_char **p,
    u_char *last);

/* whether it is longer than NGX_SLACK_JSON_NUMBER_MAX */

ngx_uint_t ngx_slack_json_number_long(ngx_slack_json_number_t *number);

/* whether it is complete, so that it may end here */

ngx_uint_t ngx_slack_json_number_whole(ngx_slack_json_number_t *number);


#endif /* _NGX_SLACK_JSON_TOKEN_H_INCLUDED_ */
