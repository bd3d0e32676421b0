
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Makes a string of a document fit for further use: valid UTF-8, of limited
 * length.  Has no side effects; runs in any thread.
 */


#include <ngx_slack_json_text.h>
#include <ngx_slack_json_run.h>
#include <ngx_slack_text.h>


static ngx_uint_t ngx_slack_json_plain_bytes(const u_char *data, size_t len);


ngx_int_t
ngx_slack_json_text(ngx_str_t *text, const u_char *data, size_t len,
    ngx_pool_t *pool)
{
    u_char  *p, *scrubbed, buf[1024];

    /* an invalid byte becomes a replacement character of three bytes */

    scrubbed = buf;

    if (len > sizeof(buf) / 3) {
        scrubbed = ngx_alloc(len * 3, pool->log);
        if (scrubbed == NULL) {
            return NGX_ERROR;
        }
    }

    len = ngx_slack_text_scrub(scrubbed, (u_char *) data, len);

    p = ngx_pnalloc(pool, ngx_max(len, 1));

    if (p != NULL) {
        ngx_memcpy(p, scrubbed, len);
        text->data = p;
        text->len = len;
    }

    if (scrubbed != buf) {
        ngx_free(scrubbed);
    }

    return (p != NULL) ? NGX_OK : NGX_ERROR;
}


ngx_uint_t
ngx_slack_json_plain(const u_char *data, size_t len)
{
    size_t    i;
    uint64_t  word, other;

    for (i = 0; i + sizeof(uint64_t) <= len; i += sizeof(uint64_t)) {
        ngx_memcpy(&word, data + i, sizeof(uint64_t));

        /* bytes from DEL on, and bytes below space */

        other = word | (word + 0x0101010101010101ULL)
                | ((word - 0x2020202020202020ULL) & ~word);

        if ((other & 0x8080808080808080ULL)
            && !ngx_slack_json_plain_bytes(data + i, sizeof(uint64_t)))
        {
            return 0;
        }
    }

    return ngx_slack_json_plain_bytes(data + i, len - i);
}


static ngx_uint_t
ngx_slack_json_plain_bytes(const u_char *data, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if ((data[i] < 0x20 && data[i] != LF && data[i] != '\t')
            || data[i] > 0x7e)
        {
            return 0;
        }
    }

    return 1;
}


u_char *
ngx_slack_json_line(u_char *token, size_t *len, u_char *buf,
    size_t size)
{
    u_char      *p, *last;
    ngx_uint_t   seen;

    last = token + ngx_min(*len, size) - 1;
    seen = 0;

    for (p = token + 1; p < last; p++) {

        if (*p != '\\') {
            seen |= (*p > ' ' && *p < 0x7f);

            if (seen) {
                p = ngx_slack_json_run(p, last) - 1;
            }

            continue;
        }

        if (*++p == 'n' && seen) {
            *len = p - token;
            *ngx_cpymem(buf, token, *len - 1) = '"';

            return buf;
        }

        if (*p == 'u') {

            /* the digits of an escape are not visible text */

            p += 4;
        }
    }

    return token;
}
