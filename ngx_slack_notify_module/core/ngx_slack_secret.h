
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Hides our secrets in what is logged, answered, stored or shown.  Any thread;
 * no state.
 */


#ifndef _NGX_SLACK_SECRET_H_INCLUDED_
#define _NGX_SLACK_SECRET_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Overwrites with '*' what stands in "text" of the path of a URL of ours and
 * of the credentials in it, also as "Authorization: Basic" has them: an answer
 * may quote our request.  Less than 6 bytes are no secret
 */

void ngx_slack_secret_hide(u_char *text, size_t len, ngx_str_t *url);


/*
 * A word of the configuration as a message may show it, the word itself or
 * "(hidden)" for a URL or a token: after a missing ";" these stand where
 * another word belongs
 */

ngx_str_t *ngx_slack_secret_word(ngx_str_t *word);


/* host and port of a URL, which may have no scheme; points into it */

ngx_str_t ngx_slack_secret_host(ngx_str_t *url);


#endif /* _NGX_SLACK_SECRET_H_INCLUDED_ */
