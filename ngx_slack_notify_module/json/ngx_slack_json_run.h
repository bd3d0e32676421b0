
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Finds runs of bytes that need no escape in a JSON string, for the reader and
 * the writer.  Has no side effects; runs in any thread.
 */


#ifndef _NGX_SLACK_JSON_RUN_H_INCLUDED_
#define _NGX_SLACK_JSON_RUN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#if (__SSE2__)
#include <emmintrin.h>
#endif


/*
 * Returns the position of the first quote, backslash or byte below space, or
 * "last" if there is none.
 */

static ngx_inline u_char *
ngx_slack_json_run(u_char *p, u_char *last)
{
#if (__SSE2__)
    int      found;
    __m128i  bytes, other;

    while (last - p >= (ssize_t) sizeof(__m128i)) {
        bytes = _mm_loadu_si128((void *) p);

        other = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                             _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
        other = _mm_or_si128(other,
                             _mm_cmpeq_epi8(_mm_min_epu8(bytes,
                                                         _mm_set1_epi8(0x1f)),
                                            bytes));

        found = _mm_movemask_epi8(other);

        if (found) {
            return p + __builtin_ctz((unsigned) found);
        }

        p += sizeof(__m128i);
    }

#else
    uint64_t  word, quote, slash;

    while (last - p >= (ssize_t) sizeof(uint64_t)) {
        ngx_memcpy(&word, p, sizeof(uint64_t));

        /* stop at such a byte; the loop below finds which it is */

        quote = word ^ 0x2222222222222222ULL;
        slash = word ^ 0x5c5c5c5c5c5c5c5cULL;

        if ((((word - 0x2020202020202020ULL) & ~word)
             | ((quote - 0x0101010101010101ULL) & ~quote)
             | ((slash - 0x0101010101010101ULL) & ~slash))
            & 0x8080808080808080ULL)
        {
            break;
        }

        p += sizeof(uint64_t);
    }

#endif

    while (p < last && *p >= 0x20 && *p != '"' && *p != '\\') {
        p++;
    }

    return p;
}


#endif /* _NGX_SLACK_JSON_RUN_H_INCLUDED_ */
