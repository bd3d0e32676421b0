
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The JSON reader that all others are built on: reads a document in pieces of
 * any size, checks it, and calls handlers for the tokens they want.  Skipping
 * unwanted values takes a tenth of the time of yajl's lexer.  It serves
 * payloads read by paths (ngx_slack_json.c), strict objects
 * (ngx_slack_json_members.c) and Slack's answers (slack/ngx_slack_outcome.c).
 *
 * A wanted token is passed as it is written, a string with its quotes.  It is
 * valid until the handler returns; but if the document came in one piece and
 * the token is not longer than NGX_SLACK_JSON_TOKEN_MAX, it is part of that
 * piece.  Runs in any thread.
 */


#ifndef _NGX_SLACK_JSON_SKIM_H_INCLUDED_
#define _NGX_SLACK_JSON_SKIM_H_INCLUDED_


#include <ngx_slack_json.h>
#include <ngx_slack_json_token.h>


/*
 * Handlers return NGX_OK, NGX_DECLINED where stated, or NGX_ERROR: no memory.
 * "len" is in bytes; "escaped": the string contains a backslash.
 */

typedef struct {

    /* NGX_DECLINED: this key's value is not wanted */
    ngx_int_t               (*key)(void *data, u_char *token, size_t len,
                                  ngx_uint_t escaped);

    /* "type" is ngx_slack_json_type_e */
    ngx_int_t               (*scalar)(void *data, ngx_uint_t type,
                                  u_char *token, size_t len,
                                  ngx_uint_t escaped);

    /* NGX_DECLINED: its content is not wanted, "close" is not called */
    ngx_int_t               (*open)(void *data, ngx_uint_t array);
    void                    (*close)(void *data);
} ngx_slack_json_skim_handlers_t;


typedef struct {
    const ngx_slack_json_skim_handlers_t  *handlers;
    void                      *data;         /* of the handlers */
    ngx_log_t                 *log;

    char                      *error;        /* a static string; NULL: none */
    off_t                      size;         /* bytes read, or up to the
                                                error */
    off_t                      mark;         /* bytes of a byte order mark */

    ngx_uint_t                 state;
    ngx_uint_t                 depth;
    ngx_uint_t                 skip;         /* levels that are skipped */
    uint64_t                   arrays;       /* a bit for each level, 1: an
                                                array */

    /* the token in which the last piece ended */
    ngx_slack_json_token_t     token;        /* its text, if it is wanted */
    ngx_slack_json_number_t    number;
    ngx_uint_t                 hex;          /* digits missing in an escape */
    const char                *literal;      /* its missing characters */
    ngx_uint_t                 type;         /* ngx_slack_json_type_e */

    /* bytes, not bits, because they are set for each token */
    u_char                     array;        /* the innermost level is one */
    u_char                     wanted;       /* the next value is wanted */
    u_char                     key;          /* the string is a key */
    u_char                     escaped;
} ngx_slack_json_skim_t;


void ngx_slack_json_skim_init(ngx_slack_json_skim_t *skim,
    const ngx_slack_json_skim_handlers_t *handlers, void *data,
    ngx_log_t *log);

/*
 * Reads the next piece, "len" bytes.  NGX_OK; NGX_DECLINED: not JSON or nested
 * too deep, see skim->error; NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_json_skim(ngx_slack_json_skim_t *skim, u_char *data,
    size_t len);

/* ends the document; returns the same */

ngx_int_t ngx_slack_json_skim_end(ngx_slack_json_skim_t *skim);

#endif /* _NGX_SLACK_JSON_SKIM_H_INCLUDED_ */
