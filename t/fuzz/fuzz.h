
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the fuzz targets share.  A target is one file with
 * LLVMFuzzerTestOneInput(); a comment "fuzz:" in it names its sources and
 * libraries, as "unit:" does for t/unit.  Included by the one file of a
 * target.
 */


#ifndef _NGX_SLACK_FUZZ_H_INCLUDED_
#define _NGX_SLACK_FUZZ_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* the clock of all targets */
#define FUZZ_NOW  1700000000


/* a finding: both libFuzzer and the replay take an abort() for one */

#define fuzz_check(ok, what)                                                  \
    do {                                                                      \
        if (!(ok)) {                                                          \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, what);         \
            abort();                                                          \
        }                                                                     \
    } while (0)


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* of libFuzzer, for mutators of our own; not there in a replay */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max)
    __attribute__((weak));

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
    unsigned seed);


/* a log which takes nothing: what targets provoke is not for the screen */

static ngx_log_t  fuzz_log;


static inline ngx_pool_t *
fuzz_pool(void)
{
    ngx_pool_t  *pool;

    pool = ngx_create_pool(4096, &fuzz_log);
    if (pool == NULL) {
        exit(2);
    }

    return pool;
}


/* memory of exactly this size, so that a sanitizer sees its ends */

static inline u_char *
fuzz_dup(const u_char *data, size_t len)
{
    u_char  *copy;

    copy = malloc(len);
    if (copy == NULL && len) {
        exit(2);
    }

    if (len) {
        memcpy(copy, data, len);
    }

    return copy;
}


/* the next piece of "left" bytes; sizes come from the seed */

static inline size_t
fuzz_piece(uint64_t *seed, size_t left)
{
    size_t  n;

    /* Knuth's MMIX */

    *seed = *seed * 6364136223846793005u + 1442695040888963407u;

    n = (size_t) (*seed >> 33) % ((*seed >> 32) & 1 ? 5 : 64) + 1;

    return ngx_min(n, left);
}


/* cuts a line off the input; 0: there is none any more */

static inline ngx_uint_t
fuzz_line(ngx_str_t *rest, ngx_str_t *line)
{
    u_char  *end;

    if (rest->len == 0) {
        return 0;
    }

    end = memchr(rest->data, LF, rest->len);

    line->data = rest->data;
    line->len = end ? (size_t) (end - rest->data) : rest->len;

    rest->data += line->len;
    rest->len -= line->len;

    if (end) {
        rest->data++;
        rest->len--;
    }

    return 1;
}


#endif /* _NGX_SLACK_FUZZ_H_INCLUDED_ */
