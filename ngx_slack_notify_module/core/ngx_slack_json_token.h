
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The token of JSON a piece ends in, for the reader (ngx_slack_json.c) only.
 *
 * yajl gathers a token that comes in pieces, of any length, and looks at it
 * from its beginning again with each piece.  So the rest of a string is
 * gathered here, to be given to yajl at once, and cut when it is longer than
 * what the reader keeps.
 */


#ifndef _NGX_SLACK_JSON_TOKEN_H_INCLUDED_
#define _NGX_SLACK_JSON_TOKEN_H_INCLUDED_


#include <ngx_slack_json.h>


/* zeroed: between tokens */

typedef struct {
    ngx_uint_t                state;
    ngx_uint_t                hex;       /* digits of an escape to come */
    size_t                    length;    /* of the token so far */

    u_char                   *rest;      /* of a string, for yajl */
    size_t                    size;
    size_t                    allocated;

    unsigned                  string:1;  /* take the next piece first */
    unsigned                  ready:1;   /* the rest is for yajl now */
    unsigned                  cut:1;     /* what else comes is dropped */
} ngx_slack_json_token_t;


/*
 * After yajl took a piece: "whole" is where the last token ended that it
 * completed, negative if it completed none.  NGX_DECLINED: a number that is
 * too long.
 */

ngx_int_t ngx_slack_json_token_watch(ngx_slack_json_token_t *token,
    u_char *data, size_t len, ssize_t whole);

/*
 * In a string, takes what belongs to it of a piece; "len" is set to how much
 * that was.  The quote that closes the string stays in the piece.  The caller
 * gives the rest to yajl if it is ready, and says so by
 * ngx_slack_json_token_given().  NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_json_token_take(ngx_slack_json_token_t *token,
    u_char *data, size_t *len, ngx_log_t *log);

void ngx_slack_json_token_given(ngx_slack_json_token_t *token);

/* frees the rest */

void ngx_slack_json_token_free(ngx_slack_json_token_t *token);


#endif /* _NGX_SLACK_JSON_TOKEN_H_INCLUDED_ */
