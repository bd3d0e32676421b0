
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What Slack has told about tokens (auth.test), in the shared zone: the leader
 * writes it, the status of every worker shows it, and it is known over a
 * reload.  Tokens themselves are not kept.  The functions do not fail and run
 * in any thread.
 */


#ifndef _NGX_SLACK_TOKENS_H_INCLUDED_
#define _NGX_SLACK_TOKENS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_TOKENS_MAX  32            /* the oldest ones are forgotten */
#define NGX_SLACK_TOKEN_HASH  20            /* bytes */


/* Strings are NUL-terminated, valid UTF-8 on one line, cut if too long. */

typedef struct {
    int64_t                   told;         /* wall clock ms; 0: never */
    ngx_uint_t                rotates;      /* the token expires by itself */
    u_char                    team[80];
    u_char                    user[80];     /* of the app's bot */
    u_char                    url[128];     /* of the workspace in Slack */
    u_char                    scopes[512];
    u_char                    error[264];   /* of the last auth.test; empty: it
                                               succeeded */
} ngx_slack_token_info_t;


typedef struct {
    u_char                    hash[NGX_SLACK_TOKEN_HASH];
    int64_t                   asked;        /* wall clock ms */
    ngx_slack_token_info_t    info;
} ngx_slack_token_t;


/* in shared memory, zeroed by its creator, who sets the mutex */

typedef struct {
    ngx_shmtx_t              *mutex;
    ngx_atomic_t              asks;         /* calls of
                                               ngx_slack_tokens_ask() */
    ngx_uint_t                next;         /* to be replaced */
    ngx_slack_token_t         tokens[NGX_SLACK_TOKENS_MAX];
} ngx_slack_tokens_t;


/*
 * Copies what is known of a token.  NGX_DECLINED: nothing.  "tokens" may be
 * NULL.
 */

ngx_int_t ngx_slack_tokens_get(ngx_slack_tokens_t *tokens, u_char *hash,
    ngx_slack_token_info_t *info);

void ngx_slack_tokens_put(ngx_slack_tokens_t *tokens, u_char *hash,
    ngx_slack_token_info_t *info);


/*
 * Asks the leader for another auth.test, and tells when that was asked last;
 * 0: never, or the result is known.
 */

void ngx_slack_tokens_ask(ngx_slack_tokens_t *tokens, u_char *hash,
    int64_t now);
int64_t ngx_slack_tokens_asked(ngx_slack_tokens_t *tokens, u_char *hash);


/*
 * Whether a list of scopes, separated by commas, has "scope".
 */

ngx_uint_t ngx_slack_tokens_scope(u_char *scopes, const char *scope);


#endif /* _NGX_SLACK_TOKENS_H_INCLUDED_ */
