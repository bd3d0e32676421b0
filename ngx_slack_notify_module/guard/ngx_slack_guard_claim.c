
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Parses the headers of a request that Slack has signed.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_guard_claim.h>


/* digits of a time in seconds that no overflow is near */
#define NGX_SLACK_GUARD_DIGITS  10


static ngx_int_t ngx_slack_guard_hex(u_char c);


ngx_str_t  ngx_slack_guard_results[] = {
    ngx_string("passed"),
    ngx_string("ssl_check"),
    ngx_string("unsigned"),
    ngx_string("twice"),
    ngx_string("malformed"),
    ngx_string("time"),
    ngx_string("signature"),
    ngx_string("body"),
    ngx_null_string
};


ngx_slack_guard_result_e
ngx_slack_guard_parse(ngx_slack_guard_claim_t *claim, ngx_str_t *timestamp,
    ngx_str_t *signature, time_t now)
{
    u_char      *p;
    time_t       sent;
    ngx_int_t    high, low;
    ngx_uint_t   i;

    if (timestamp->len == 0 || timestamp->len > NGX_SLACK_GUARD_DIGITS) {
        return NGX_SLACK_GUARD_MALFORMED;
    }

    sent = ngx_atotm(timestamp->data, timestamp->len);

    if (sent == (time_t) NGX_ERROR) {
        return NGX_SLACK_GUARD_MALFORMED;
    }

    if (signature->len != 3 + 2 * NGX_SLACK_HMAC_LEN
        || ngx_strncmp(signature->data, "v0=", 3) != 0)
    {
        return NGX_SLACK_GUARD_MALFORMED;
    }

    p = signature->data + 3;

    for (i = 0; i < NGX_SLACK_HMAC_LEN; i++) {
        high = ngx_slack_guard_hex(*p++);
        low = ngx_slack_guard_hex(*p++);

        if (high == NGX_ERROR || low == NGX_ERROR) {
            return NGX_SLACK_GUARD_MALFORMED;
        }

        claim->digest[i] = (u_char) (high << 4 | low);
    }

    if (sent < now - NGX_SLACK_GUARD_AGE || sent > now + NGX_SLACK_GUARD_AGE) {
        return NGX_SLACK_GUARD_TIME;
    }

    claim->timestamp = *timestamp;

    return NGX_SLACK_GUARD_PASSED;
}


static ngx_int_t
ngx_slack_guard_hex(u_char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : NGX_ERROR;
}
