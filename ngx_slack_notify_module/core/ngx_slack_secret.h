
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Hides the module's secrets in what is logged, answered, stored or shown.
 * The functions have no state, do not fail, and run in any thread.
 */


#ifndef _NGX_SLACK_SECRET_H_INCLUDED_
#define _NGX_SLACK_SECRET_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Overwrites with '*' all parts of "url" that are secret, wherever they occur
 * in the "len" bytes of "text": those of its path and arguments, and its
 * credentials, plain or as in "Authorization: Basic".  Slack's answer may
 * quote the request.  Parts of less than 6 bytes are not regarded as secret.
 */

void ngx_slack_secret_hide(u_char *text, size_t len, ngx_str_t *url);


/*
 * The same for a token, wherever it or what follows its last '-' occurs.
 */

void ngx_slack_secret_hide_token(u_char *text, size_t len, ngx_str_t *token);


/*
 * Returns a word of the configuration as a message may show it: the word
 * itself, or "(hidden)" for a URL or a token.  If a ";" is missing, a secret
 * may be where another word belongs.
 */

ngx_str_t *ngx_slack_secret_word(ngx_str_t *word);


/* Host and port of a URL, which may have no scheme; points into the URL. */

ngx_str_t ngx_slack_secret_host(ngx_str_t *url);


#endif /* _NGX_SLACK_SECRET_H_INCLUDED_ */
