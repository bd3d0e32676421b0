
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The one reader of JSON: takes a document in pieces of any size, checks it,
 * and calls handlers for what they want.  Skipping what is not wanted costs a
 * tenth of yajl's lexer.  On it are built: payloads read by paths
 * (ngx_slack_json.c), strict objects (ngx_slack_json_members.c) and Slack's
 * answers (slack/ngx_slack_outcome.c).
 *
 * A wanted token is passed as it is written, a string with its quotes; it is
 * valid until the handler returns, unless the document came in one piece and
 * the token is not longer than NGX_SLACK_JSON_TOKEN_MAX: then it lies in that
 * piece.  Any thread may read a document.
 */


#ifndef _NGX_SLACK_JSON_SKIM_H_INCLUDED_
#define _NGX_SLACK_JSON_SKIM_H_INCLUDED_


#include <ngx_slack_json.h>
#include <ngx_slack_json_token.h>


/*
 * Handlers return NGX_OK, NGX_DECLINED where that is said, or NGX_ERROR: no
 * memory.  "escaped": the string has a backslash.
 */

typedef struct {

    /* NGX_DECLINED: the value of this key is not wanted */
    ngx_int_t               (*key)(void *data, u_char *token, size_t len,
                                  ngx_uint_t escaped);

    /* "type" is ngx_slack_json_type_e */
    ngx_int_t               (*scalar)(void *data, ngx_uint_t type,
                                  u_char *token, size_t len,
                                  ngx_uint_t escaped);

    /*
     * NGX_DECLINED: nothing in it is wanted, and "close" is not called for it
     */
    ngx_int_t               (*open)(void *data, ngx_uint_t array);
    void                    (*close)(void *data);
} ngx_slack_json_skim_handlers_t;


typedef struct {
    const ngx_slack_json_skim_handlers_t  *handlers;
    void                      *data;         /* of the handlers */
    ngx_log_t                 *log;

    char                      *error;        /* a constant text */
    off_t                      size;         /* fed, or up to the error */
    off_t                      mark;         /* of that a byte order mark */

    ngx_uint_t                 state;
    ngx_uint_t                 depth;
    ngx_uint_t                 skip;         /* levels that are not wanted */
    uint64_t                   arrays;       /* a bit a level, 1: an array */

    /* of the token the last piece ended in */
    ngx_slack_json_token_t     token;        /* if it is wanted */
    ngx_slack_json_number_t    number;
    ngx_uint_t                 hex;          /* digits of an escape to come */
    const char                *literal;      /* what must follow of it */
    ngx_uint_t                 type;         /* ngx_slack_json_type_e */

    /* bytes: they are set for each token */
    u_char                     array;        /* the innermost level is one */
    u_char                     wanted;       /* the value that comes */
    u_char                     key;          /* the string is a key */
    u_char                     escaped;
} ngx_slack_json_skim_t;


void ngx_slack_json_skim_init(ngx_slack_json_skim_t *skim,
    const ngx_slack_json_skim_handlers_t *handlers, void *data,
    ngx_log_t *log);

/* NGX_OK, NGX_DECLINED: not JSON, see "error", NGX_ERROR */

ngx_int_t ngx_slack_json_skim(ngx_slack_json_skim_t *skim, u_char *data,
    size_t len);

/* the end of the document; same results */

ngx_int_t ngx_slack_json_skim_end(ngx_slack_json_skim_t *skim);

#endif /* _NGX_SLACK_JSON_SKIM_H_INCLUDED_ */
