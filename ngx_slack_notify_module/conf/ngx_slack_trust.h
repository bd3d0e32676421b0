
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Files with certificates to trust, as libcurl will read them.  Runs when the
 * configuration is read: it blocks.
 */


#ifndef _NGX_SLACK_TRUST_H_INCLUDED_
#define _NGX_SLACK_TRUST_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * The number of certificates in PEM the file has, its name NUL-terminated.
 * NGX_DECLINED: what it has cannot be read as PEM; NGX_ERROR: it cannot be
 * opened, ngx_errno tells why, or is 0: no memory.  OpenSSL's queue of errors
 * is left empty.
 */

ngx_int_t ngx_slack_trust_count(u_char *name);


#endif /* _NGX_SLACK_TRUST_H_INCLUDED_ */
