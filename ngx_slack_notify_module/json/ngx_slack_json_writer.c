
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A thin layer over yajl_gen, which takes care of the structure; strings are
 * escaped here, in runs.  Knows texts only.  Runs in any thread.
 *
 * yajl does not check whether it got memory for a generator's buffer.  Here
 * the generator prints to a text, so its buffer is never filled, and both are
 * taken from memory of the writer.  The allocator refuses the generator, which
 * yajl does check, unless the buffer fits too.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_json_run.h>
#include <ngx_slack_json_writer.h>
#include <ngx_slack_shown.h>


/*
 * bytes reserved for yajl's buffer, which takes four words and a little more
 */

#define NGX_SLACK_JSON_WRITER_RESERVE  128


static void *ngx_slack_json_writer_malloc(void *ctx, size_t size);
static void *ngx_slack_json_writer_realloc(void *ctx, void *p, size_t size);
static void ngx_slack_json_writer_free(void *ctx, void *p);
static void ngx_slack_json_writer_print(void *ctx, const char *data,
    size_t len);
static void ngx_slack_json_writer_escape(ngx_slack_text_t *text, u_char *data,
    size_t len);
static size_t ngx_slack_json_writer_escaped(u_char *dst, u_char ch);


void
ngx_slack_json_writer_init(ngx_slack_json_writer_t *w, ngx_slack_text_t *text)
{
    w->text = text;
    w->used = 0;
    w->failed = 0;

    w->alloc.malloc = ngx_slack_json_writer_malloc;
    w->alloc.realloc = ngx_slack_json_writer_realloc;
    w->alloc.free = ngx_slack_json_writer_free;
    w->alloc.ctx = w;

    w->gen = yajl_gen_alloc(&w->alloc);
    if (w->gen == NULL) {
        w->failed = 1;
        return;
    }

    if (!yajl_gen_config(w->gen, yajl_gen_print_callback,
                         ngx_slack_json_writer_print, text))
    {
        w->failed = 1;
    }
}


static void *
ngx_slack_json_writer_malloc(void *ctx, size_t size)
{
    ngx_slack_json_writer_t *w = ctx;

    size_t   reserve;
    u_char  *p;

    reserve = w->used ? 0 : NGX_SLACK_JSON_WRITER_RESERVE;

    if (size > NGX_SLACK_JSON_WRITER_ARENA - w->used - reserve) {
        return NULL;
    }

    p = w->arena.data + w->used;
    w->used += ngx_align(size, NGX_ALIGNMENT);

    return p;
}


static void *
ngx_slack_json_writer_realloc(void *ctx, void *p, size_t size)
{
    /* yajl calls this to enlarge its buffer, which stays empty here */

    return NULL;
}


static void
ngx_slack_json_writer_free(void *ctx, void *p)
{
    /* the arena is part of the writer */
}


static void
ngx_slack_json_writer_print(void *ctx, const char *data, size_t len)
{
    ngx_slack_text_t *text = ctx;

    /* usually a quote, a colon, a comma */

    if (len == 1 && text->len < text->size) {
        text->start[text->len++] = (u_char) *data;
        return;
    }

    ngx_slack_text_append(text, (u_char *) data, len);
}


void
ngx_slack_json_writer_object(ngx_slack_json_writer_t *w)
{
    if (!w->failed && yajl_gen_map_open(w->gen) != yajl_gen_status_ok) {
        w->failed = 1;
    }
}


void
ngx_slack_json_writer_object_end(ngx_slack_json_writer_t *w)
{
    if (!w->failed && yajl_gen_map_close(w->gen) != yajl_gen_status_ok) {
        w->failed = 1;
    }
}


void
ngx_slack_json_writer_array(ngx_slack_json_writer_t *w)
{
    if (!w->failed && yajl_gen_array_open(w->gen) != yajl_gen_status_ok) {
        w->failed = 1;
    }
}


void
ngx_slack_json_writer_array_end(ngx_slack_json_writer_t *w)
{
    if (!w->failed && yajl_gen_array_close(w->gen) != yajl_gen_status_ok) {
        w->failed = 1;
    }
}


void
ngx_slack_json_writer_string(ngx_slack_json_writer_t *w, u_char *data,
    size_t len)
{
    yajl_gen_status  status;

    if (w->failed) {
        return;
    }

    /*
     * yajl escapes byte by byte.  Give it only the opening quote, as a
     * "number": it copies a number as it is, but does not accept one as a key.
     */

    status = yajl_gen_number(w->gen, "\"", 1);

    if (status == yajl_gen_status_ok) {

        ngx_slack_json_writer_escape(w->text, data, len);
        return;
    }

    if (status != yajl_gen_keys_must_be_strings
        || yajl_gen_string(w->gen, data, len) != yajl_gen_status_ok)
    {
        w->failed = 1;
    }
}


void
ngx_slack_json_writer_shown(ngx_slack_json_writer_t *w, ngx_str_t *value)
{
    size_t             n;
    u_char             piece[NGX_SLACK_SHOWN_SIZE];
    ngx_str_t          rest;
    ngx_slack_text_t  *text;

    ngx_slack_json_writer_string(w, NULL, 0);

    text = w->text;
    rest = *value;

    while (rest.len && !w->failed && !text->failed) {

        n = ngx_slack_shown(piece, &rest);

        /* each piece adds the closing quote again */

        text->len--;
        ngx_slack_json_writer_escape(text, piece, n);
    }
}


/*
 * Appends the escaped text and the closing quote.  Most texts need no escape.
 */

static void
ngx_slack_json_writer_escape(ngx_slack_text_t *text, u_char *data, size_t len)
{
    u_char  *p, *last, *dst;

    if (ngx_slack_text_reserve(text, len + 1) != NGX_OK) {
        return;
    }

    last = data + len;

    for ( ;; ) {

        p = ngx_slack_json_run(data, last);

        dst = text->start + text->len;

        if (p > data) {
            dst = ngx_cpymem(dst, data, p - data);
        }

        if (p == last) {
            *dst++ = '"';
            text->len = dst - text->start;
            return;
        }

        text->len = dst - text->start;
        data = p + 1;

        /* room for an escape, the unescaped rest, and the quote */

        if (ngx_slack_text_reserve(text, 6 + (last - data) + 1) != NGX_OK) {
            return;
        }

        text->len += ngx_slack_json_writer_escaped(text->start + text->len,
                                                   *p);
    }
}


static size_t
ngx_slack_json_writer_escaped(u_char *dst, u_char ch)
{
    static u_char  hex[] = "0123456789ABCDEF";

    dst[0] = '\\';

    switch (ch) {

    case '"':
    case '\\':
        dst[1] = ch;
        return 2;

    case LF:
        dst[1] = 'n';
        return 2;

    case CR:
        dst[1] = 'r';
        return 2;

    case '\t':
        dst[1] = 't';
        return 2;

    case '\f':
        dst[1] = 'f';
        return 2;

    case '\b':
        dst[1] = 'b';
        return 2;

    default:
        dst[1] = 'u';
        dst[2] = '0';
        dst[3] = '0';
        dst[4] = hex[ch >> 4];
        dst[5] = hex[ch & 0xf];
        return 6;
    }
}


void
ngx_slack_json_writer_integer(ngx_slack_json_writer_t *w, int64_t n)
{
    u_char    *p, buf[NGX_INT64_LEN];
    uint64_t   rest;

    /* faster than yajl_gen_integer(), which uses printf() */

    p = buf + NGX_INT64_LEN;
    rest = (n < 0) ? 0 - (uint64_t) n : (uint64_t) n;

    do {
        *--p = (u_char) (rest % 10 + '0');
        rest /= 10;
    } while (rest);

    if (n < 0) {
        *--p = '-';
    }

    ngx_slack_json_writer_json(w, p, buf + NGX_INT64_LEN - p);
}


void
ngx_slack_json_writer_bool(ngx_slack_json_writer_t *w, ngx_uint_t yes)
{
    if (!w->failed && yajl_gen_bool(w->gen, yes != 0) != yajl_gen_status_ok) {
        w->failed = 1;
    }
}


void
ngx_slack_json_writer_json(ngx_slack_json_writer_t *w, u_char *data,
    size_t len)
{
    /* yajl copies a "number" unchanged */

    if (!w->failed
        && yajl_gen_number(w->gen, (char *) data, len) != yajl_gen_status_ok)
    {
        w->failed = 1;
    }
}


ngx_int_t
ngx_slack_json_writer_done(ngx_slack_json_writer_t *w)
{
    if (w->gen) {
        yajl_gen_free(w->gen);
        w->gen = NULL;
    }

    return (w->failed || w->text->failed) ? NGX_ERROR : NGX_OK;
}
