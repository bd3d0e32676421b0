
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Mutates JSON: mostly inside one of its strings, so that it stays JSON and
 * the values get strange; else as libFuzzer likes.  Included by the one file
 * of a target.
 */


#ifndef _NGX_SLACK_MUTATE_H_INCLUDED_
#define _NGX_SLACK_MUTATE_H_INCLUDED_


#include "fuzz.h"


#define MUTATE_TRIES  16


/* what breaks messages, as it stands in a string of JSON */

static const char  *mutate_values[] = {
    "<!channel>", "<@U1>", "<!subteam^S1|x>", "&", "&amp;", "<", ">", "|",
    "```", "`", "*", "_", "~", "\\n", "\\n\\n", "\\t", "\\u0000", "\\u202e",
    "\\ud800", "\\udc00", "\\ud83d\\ude80", "\xc3\xa9", "\xe2\x80\x8b",
    "\xff", "\xf0\x9f", "https://", "https://x.test/a?b&c|d>", "javascript:",
    "](/uploads/a)", "![a](", "<!--", "-->", "[a](b)", "refs/tags/",
    "refs/heads/", "0000000000000000000000000000000000000000", "\\\"",
    "\\\\", "99999999999999999999", "-1", "1e99", "2026-03-04 15:26:29 UTC",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
};

#define MUTATE_VALUES  (sizeof(mutate_values) / sizeof(mutate_values[0]))


/* the string around or after a place; 0: none */

static inline ngx_uint_t
mutate_string(uint8_t *data, size_t size, size_t place, size_t *from,
    size_t *to)
{
    size_t      i, start;
    ngx_uint_t  in;

    in = 0;
    start = 0;

    for (i = 0; i < size; i++) {

        if (in && data[i] == '\\') {
            i++;
            continue;
        }

        if (data[i] != '"') {
            continue;
        }

        in = !in;

        if (in) {
            start = i + 1;

        } else if (i >= place) {
            *from = start;
            *to = i;
            return 1;
        }
    }

    return 0;
}


/* replaces some bytes by others; the new size, 0: there is no room */

static inline size_t
mutate_splice(uint8_t *data, size_t size, size_t max, size_t from, size_t to,
    const uint8_t *text, size_t len)
{
    if (size - (to - from) + len > max) {
        return 0;
    }

    memmove(data + from + len, data + to, size - to);
    memcpy(data + from, text, len);

    return size - (to - from) + len;
}


static inline size_t
mutate_json(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    size_t       from, to, place, n, i, changed;
    uint8_t      text[512];
    uint64_t     dice;
    const char  *value;

    dice = seed;

    for (i = 0; i < MUTATE_TRIES && size; i++) {

        /* Knuth's MMIX */

        dice = dice * 6364136223846793005u + 1442695040888963407u;

        place = (size_t) (dice >> 33) % size;

        if ((dice >> 20) % 8 == 0) {
            break;
        }

        if (!mutate_string(data, size, place, &from, &to)) {
            continue;
        }

        if (place < from || place > to) {
            place = from;
        }

        if ((dice >> 24) % 4 == 0) {

            /* bytes of the string, without what would end it */

            n = ngx_min(to - from, sizeof(text));
            memcpy(text, data + from, n);
            n = LLVMFuzzerMutate(text, n, sizeof(text));

            if (memchr(text, '"', n) || memchr(text, '\\', n)) {
                continue;
            }

        } else {
            value = mutate_values[(dice >> 40) % MUTATE_VALUES];
            n = strlen(value);
            memcpy(text, value, n);

            if ((dice >> 24) % 4 != 1) {

                /* into it, not in the place of it */

                from = place;
                to = place;
            }
        }

        changed = mutate_splice(data, size, max, from, to, text, n);

        if (changed) {
            return changed;
        }
    }

    return LLVMFuzzerMutate(data, size, max);
}


#endif /* _NGX_SLACK_MUTATE_H_INCLUDED_ */
