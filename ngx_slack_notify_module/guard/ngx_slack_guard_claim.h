
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the headers of a request claim about its signature, and the results
 * that a request to a guarded location may have.  Knows nginx's core types
 * only.
 */


#ifndef _NGX_SLACK_GUARD_CLAIM_H_INCLUDED_
#define _NGX_SLACK_GUARD_CLAIM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_sign.h>


/* seconds; Slack's recommendation */
#define NGX_SLACK_GUARD_AGE  300


typedef enum {
    NGX_SLACK_GUARD_PASSED = 0,
    NGX_SLACK_GUARD_SSL_CHECK,               /* Slack has tested the
                                                certificate */
    NGX_SLACK_GUARD_UNSIGNED,                /* a header is missing */
    NGX_SLACK_GUARD_TWICE,                   /* a header was sent twice */
    NGX_SLACK_GUARD_MALFORMED,
    NGX_SLACK_GUARD_TIME,                    /* too old, or in the future */
    NGX_SLACK_GUARD_SIGNATURE,               /* it does not fit a secret */
    NGX_SLACK_GUARD_BODY,                    /* there is no whole body to
                                                check */
    NGX_SLACK_GUARD_LAST
} ngx_slack_guard_result_e;


/* Their names in the status, in this order. */

extern ngx_str_t  ngx_slack_guard_results[];


typedef struct {
    ngx_str_t                   timestamp;   /* as sent: it is signed, too */
    u_char                      digest[NGX_SLACK_HMAC_LEN];
} ngx_slack_guard_claim_t;


/*
 * Parses X-Slack-Request-Timestamp, which is not copied, and
 * X-Slack-Signature, "v0=" and 64 hexadecimal digits.  "now" is the time of
 * this host in seconds.  Returns NGX_SLACK_GUARD_PASSED, _MALFORMED or _TIME;
 * "claim" is set in the first case.  Any thread.
 */

ngx_slack_guard_result_e ngx_slack_guard_parse(ngx_slack_guard_claim_t *claim,
    ngx_str_t *timestamp, ngx_str_t *signature, time_t now);


#endif /* _NGX_SLACK_GUARD_CLAIM_H_INCLUDED_ */
