
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What targets need of nginx core besides t/unit/shim.c: numbers, base64,
 * comparison without regard to case, and regular expressions that match
 * nothing.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include "fuzz.h"


static ngx_time_t  core_now = { FUZZ_NOW, 0, 0 };

volatile ngx_time_t  *ngx_cached_time = &core_now;


static int core_sextet(u_char ch);


ngx_int_t
ngx_atoi(u_char *line, size_t n)
{
    ngx_int_t  value;

    if (n == 0) {
        return NGX_ERROR;
    }

    for (value = 0; n; n--, line++) {

        if (*line < '0' || *line > '9'
            || __builtin_mul_overflow(value, 10, &value)
            || __builtin_add_overflow(value, *line - '0', &value))
        {
            return NGX_ERROR;
        }
    }

    return value;
}


time_t
ngx_atotm(u_char *line, size_t n)
{
    return ngx_atoi(line, n);
}


ngx_int_t
ngx_strncasecmp(u_char *s1, u_char *s2, size_t n)
{
    return n ? strncasecmp((char *) s1, (char *) s2, n) : 0;
}


void
ngx_strlow(u_char *dst, u_char *src, size_t n)
{
    for ( /* void */ ; n; n--) {
        *dst++ = ngx_tolower(*src);
        src++;
    }
}


u_char *
ngx_strlcasestrn(u_char *s1, u_char *last, u_char *s2, size_t n)
{
    /* n is one less than the length of s2 */

    for ( /* void */ ; s1 + n < last; s1++) {
        if (strncasecmp((char *) s1, (char *) s2, n + 1) == 0) {
            return s1;
        }
    }

    return NULL;
}


static int
core_sextet(u_char ch)
{
    static const char  *digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char         *p;

    p = ch ? strchr(digits, ch) : NULL;

    return p ? (int) (p - digits) : -1;
}


ngx_int_t
ngx_decode_base64(ngx_str_t *dst, ngx_str_t *src)
{
    int       sextet;
    size_t    n, i;
    u_char   *p;
    uint32_t  bits;

    for (n = 0; n < src->len && src->data[n] != '='; n++) {
        if (core_sextet(src->data[n]) < 0) {
            return NGX_ERROR;
        }
    }

    if (n % 4 == 1) {
        return NGX_ERROR;
    }

    p = dst->data;
    bits = 0;

    for (i = 0; i < n; i++) {
        sextet = core_sextet(src->data[i]);
        bits = bits << 6 | (uint32_t) sextet;

        if (i % 4) {
            *p++ = (u_char) (bits >> (6 - i % 4 * 2));
        }
    }

    dst->len = (size_t) (p - dst->data);

    return NGX_OK;
}


#if (NGX_PCRE)

/* targets give no regular expressions */

ngx_int_t
ngx_regex_compile(ngx_regex_compile_t *rc)
{
    return NGX_ERROR;
}


ngx_int_t
ngx_regex_exec(ngx_regex_t *re, ngx_str_t *s, int *captures, ngx_uint_t size)
{
    return NGX_REGEX_NO_MATCHED;
}

#endif
