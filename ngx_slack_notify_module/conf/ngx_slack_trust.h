
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Files with certificates of trusted CAs, as libcurl will read them.
 */


#ifndef _NGX_SLACK_TRUST_H_INCLUDED_
#define _NGX_SLACK_TRUST_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Returns the number of PEM certificates in a file, whose name is
 * NUL-terminated.  Nothing is logged, and OpenSSL's error queue is left empty.
 * Blocks on the file; in the master when the configuration is read.
 *
 * NGX_DECLINED  the content cannot be read as PEM
 * NGX_ERROR     the file cannot be opened, see ngx_errno; 0: no memory
 */

ngx_int_t ngx_slack_trust_count(u_char *name);


#endif /* _NGX_SLACK_TRUST_H_INCLUDED_ */
