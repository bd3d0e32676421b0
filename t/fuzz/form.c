
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Form decoding: the bytes of "payload" are those which a decoder of the
 * whole body finds, in whatever pieces the body comes.
 */

/* fuzz: http/ngx_slack_form.c */


#include <ngx_slack_form.h>

#include "fuzz.h"


typedef struct {
    u_char  *data;
    size_t   len;
    size_t   max;
} form_text_t;


static int form_hex(u_char ch);
static ngx_uint_t form_decode(u_char *p, u_char *last, form_text_t *text);
static ngx_int_t form_take(void *data, u_char *piece, size_t len);
static void form_feed(u_char *data, size_t size, uint64_t seed,
    form_text_t *expected, ngx_uint_t found);


static int
form_hex(u_char ch)
{
    static const char  *digits = "0123456789abcdef";
    const char         *p;

    p = ch ? strchr(digits, tolower(ch)) : NULL;

    return p ? (int) (p - digits) : -1;
}


/* the whole body at once; whether there is a field "payload" */

static ngx_uint_t
form_decode(u_char *p, u_char *last, form_text_t *text)
{
    u_char  *end;

    for ( /* void */ ; p < last; p = end + 1) {

        end = memchr(p, '&', (size_t) (last - p));

        if (end == NULL) {
            end = last;
        }

        if (end - p < 8 || memcmp(p, "payload=", 8) != 0) {
            continue;
        }

        for (p += 8; p < end; p++) {

            if (*p != '%') {
                text->data[text->len++] = (*p == '+') ? ' ' : *p;
                continue;
            }

            if (end - p > 2 && form_hex(p[1]) >= 0 && form_hex(p[2]) >= 0) {
                text->data[text->len++] = (u_char) (form_hex(p[1]) * 16
                                                    + form_hex(p[2]));
                p += 2;
                continue;
            }

            /* an escape the body ends in is not known to be broken */

            if (end == last
                && (p + 1 == end
                    || (p + 2 == end && form_hex(p[1]) >= 0)))
            {
                break;
            }

            text->data[text->len++] = '%';
        }

        return 1;
    }

    return 0;
}


static ngx_int_t
form_take(void *data, u_char *piece, size_t len)
{
    form_text_t *text = data;

    fuzz_check(len != 0, "an empty piece");
    fuzz_check(len <= text->max - text->len, "more than the body has");

    memcpy(text->data + text->len, piece, len);
    text->len += len;

    return NGX_OK;
}


/* seed 0: all at once */

static void
form_feed(u_char *data, size_t size, uint64_t seed, form_text_t *expected,
    ngx_uint_t found)
{
    size_t            n;
    u_char           *copy, *p, *last;
    form_text_t       text;
    ngx_slack_form_t  form;

    text.data = malloc(size + 1);
    text.len = 0;
    text.max = size;

    if (text.data == NULL) {
        exit(2);
    }

    ngx_memzero(&form, sizeof(ngx_slack_form_t));
    form.handler = form_take;
    form.data = &text;

    last = data + size;

    for (p = data; p < last; p += n) {
        n = seed ? fuzz_piece(&seed, (size_t) (last - p)) : size;

        copy = fuzz_dup(p, n);
        fuzz_check(ngx_slack_form_feed(&form, copy, n) == NGX_OK, "refused");
        free(copy);
    }

    fuzz_check(form.found == found, "the field");
    fuzz_check(text.len == expected->len
               && memcmp(text.data, expected->data, text.len) == 0,
               "the value");

    free(text.data);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ngx_uint_t   found;
    form_text_t  expected;

    expected.data = malloc(size + 1);
    expected.len = 0;
    expected.max = size;

    if (expected.data == NULL) {
        exit(2);
    }

    found = form_decode((u_char *) data, (u_char *) data + size, &expected);

    form_feed((u_char *) data, size, 0, &expected, found);
    form_feed((u_char *) data, size, size + 1, &expected, found);

    free(expected.data);

    return 0;
}
