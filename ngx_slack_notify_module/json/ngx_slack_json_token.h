
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Tokens of JSON that come in pieces, for ngx_slack_json_skim.c only: a wanted
 * one is gathered, and a string cut when it is longer than what the reader
 * keeps; a number is followed.
 */


#ifndef _NGX_SLACK_JSON_TOKEN_H_INCLUDED_
#define _NGX_SLACK_JSON_TOKEN_H_INCLUDED_


#include <ngx_slack_json.h>


/*
 * of a string as it is written, after which it is cut: whatever it decodes to
 * (six bytes of an escape to one) is more than what is kept
 */
#define NGX_SLACK_JSON_TOKEN_MAX   (6 * NGX_SLACK_JSON_STRING_MAX + 64)


/* zeroed; "data" is the heap's */

typedef struct {
    u_char                    *data;
    size_t                     len;
    size_t                     allocated;
    unsigned                   cut:1;    /* what else comes is dropped */
} ngx_slack_json_token_t;


/* enough of it to go on */

typedef struct {
    ngx_uint_t                 part;
    size_t                     len;
} ngx_slack_json_number_t;


/* adds a piece; a string that is cut has its quote already; or NGX_ERROR */

ngx_int_t ngx_slack_json_token_gather(ngx_slack_json_token_t *token,
    u_char *data, size_t len, ngx_log_t *log);

/* keeps the memory, and frees it */

void ngx_slack_json_token_reset(ngx_slack_json_token_t *token);
void ngx_slack_json_token_free(ngx_slack_json_token_t *token);


void ngx_slack_json_number_begin(ngx_slack_json_number_t *number);

/*
 * moves "p" to where the number ends, or to "last"; NGX_DECLINED: behind what
 * no number has there
 */
ngx_int_t ngx_slack_json_number(ngx_slack_json_number_t *number, u_char **p,
    u_char *last);

/* more than NGX_SLACK_JSON_NUMBER_MAX */

ngx_uint_t ngx_slack_json_number_long(ngx_slack_json_number_t *number);

/* whether it may end */

ngx_uint_t ngx_slack_json_number_whole(ngx_slack_json_number_t *number);


#endif /* _NGX_SLACK_JSON_TOKEN_H_INCLUDED_ */
