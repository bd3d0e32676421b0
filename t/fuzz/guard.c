
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The headers of requests from Slack against a second implementation.  Input:
 * X-Slack-Request-Timestamp to the first line feed, then X-Slack-Signature.
 */

/* fuzz: guard/ngx_slack_guard_claim.c
 */


#include <ngx_slack_guard_claim.h>

#include "fuzz.h"


static ngx_uint_t guard_is_hex(u_char *data, size_t len);
static ngx_slack_guard_result_e guard_expected(ngx_str_t *timestamp,
    ngx_str_t *signature);


static ngx_uint_t
guard_is_hex(u_char *data, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if (data[i] == '\0' || !strchr("0123456789abcdefABCDEF", data[i])) {
            return 0;
        }
    }

    return 1;
}


static ngx_slack_guard_result_e
guard_expected(ngx_str_t *timestamp, ngx_str_t *signature)
{
    size_t   i;
    int64_t  n;

    if (timestamp->len < 1 || timestamp->len > 10
        || signature->len != 67
        || memcmp(signature->data, "v0=", 3) != 0
        || !guard_is_hex(signature->data + 3, 64))
    {
        return NGX_SLACK_GUARD_MALFORMED;
    }

    n = 0;

    for (i = 0; i < timestamp->len; i++) {
        if (timestamp->data[i] < '0' || timestamp->data[i] > '9') {
            return NGX_SLACK_GUARD_MALFORMED;
        }

        n = n * 10 + (timestamp->data[i] - '0');
    }

    return (llabs(n - FUZZ_NOW) > 300) ? NGX_SLACK_GUARD_TIME
                                       : NGX_SLACK_GUARD_PASSED;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u_char                    hex[2 * NGX_SLACK_HMAC_LEN + 1], *copy, *end;
    ngx_str_t                 timestamp, signature;
    ngx_uint_t                i;
    ngx_slack_guard_claim_t   claim;
    ngx_slack_guard_result_e  result;

    /* a block of its own, so that a byte read behind it is found */

    copy = malloc(size ? size : 1);
    if (copy == NULL) {
        exit(2);
    }

    if (size) {
        memcpy(copy, data, size);
    }

    end = size ? memchr(copy, '\n', size) : NULL;

    timestamp.data = copy;
    timestamp.len = end ? (size_t) (end - copy) : size;

    signature.data = end ? end + 1 : copy + size;
    signature.len = end ? size - timestamp.len - 1 : 0;

    result = ngx_slack_guard_parse(&claim, &timestamp, &signature, FUZZ_NOW);

    fuzz_check(result == guard_expected(&timestamp, &signature), "result");

    if (result == NGX_SLACK_GUARD_PASSED) {

        for (i = 0; i < NGX_SLACK_HMAC_LEN; i++) {
            sprintf((char *) hex + 2 * i, "%02x", claim.digest[i]);
        }

        fuzz_check(strncasecmp((char *) hex, (char *) signature.data + 3, 64)
                   == 0,
                   "digest");
        fuzz_check(claim.timestamp.data == timestamp.data
                   && claim.timestamp.len == timestamp.len,
                   "timestamp");
    }

    free(copy);

    return 0;
}
