
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The structure of a document, in whatever pieces it comes: what is JSON, and
 * each key, value and level, as yajl says; and what is JSON also where parts
 * are skipped.
 */

/* fuzz: json/ngx_slack_json_skim.c json/ngx_slack_json_token.c
 *       json/ngx_slack_json_decode.c
 * libs: -lyajl
 */


#include <ngx_slack_json_decode.h>
#include <ngx_slack_json_skim.h>

#include "fuzz.h"
#include "yajl.h"


#define SKIM_LOG  (1024 * 1024)


/* what was told, a line for each */

typedef struct {
    u_char                    *text;
    size_t                     len;
    ngx_uint_t                 depth;
    ngx_uint_t                 deepest;
    size_t                     number;   /* the longest */
    uint64_t                   skip;     /* by chance, 0: nothing */
} skim_log_t;


static ngx_slack_json_decoder_t  skim_decoder;
static u_char                    skim_told[SKIM_LOG], skim_text[SKIM_LOG];


static void skim_add(skim_log_t *log, char what, const u_char *data,
    size_t len);
static ngx_uint_t skim_chance(skim_log_t *log);
static int skim_null(void *data);
static int skim_boolean(void *data, int value);
static int skim_number(void *data, const char *text, size_t len);
static int skim_string(void *data, const unsigned char *text, size_t len);
static int skim_map_key(void *data, const unsigned char *text, size_t len);
static int skim_map(void *data);
static int skim_array(void *data);
static int skim_end(void *data);
static ngx_int_t skim_key(void *data, u_char *token, size_t len,
    ngx_uint_t escaped);
static ngx_int_t skim_scalar(void *data, ngx_uint_t type, u_char *token,
    size_t len, ngx_uint_t escaped);
static ngx_int_t skim_open(void *data, ngx_uint_t array);
static void skim_close(void *data);
static ngx_uint_t skim_yajl(const uint8_t *data, size_t size,
    skim_log_t *log);
static ngx_int_t skim_read(const uint8_t *data, size_t size, uint64_t seed,
    skim_log_t *log);


static yajl_callbacks  skim_callbacks = {
    skim_null,
    skim_boolean,
    NULL,
    NULL,
    skim_number,
    skim_string,
    skim_map,
    skim_map_key,
    skim_end,
    skim_array,
    skim_end
};


static const ngx_slack_json_skim_handlers_t  skim_handlers = {
    skim_key,
    skim_scalar,
    skim_open,
    skim_close
};


static void
skim_add(skim_log_t *log, char what, const u_char *data, size_t len)
{
    fuzz_check(log->len + len + 2 < SKIM_LOG, "the log is too short");

    log->text[log->len++] = (u_char) what;
    memcpy(log->text + log->len, data, len);
    log->len += len;
    log->text[log->len++] = LF;
}


static ngx_uint_t
skim_chance(skim_log_t *log)
{
    if (log->skip == 0) {
        return 0;
    }

    log->skip = log->skip * 6364136223846793005u + 1442695040888963407u;

    return (log->skip >> 40) & 1;
}


static int
skim_null(void *data)
{
    skim_add(data, 'v', (u_char *) "null", 4);

    return 1;
}


static int
skim_boolean(void *data, int value)
{
    skim_add(data, 'v', (u_char *) (value ? "true" : "false"), value ? 4 : 5);

    return 1;
}


static int
skim_number(void *data, const char *text, size_t len)
{
    skim_log_t  *log = data;

    log->number = ngx_max(log->number, len);
    skim_add(log, 'v', (const u_char *) text, len);

    return 1;
}


static int
skim_string(void *data, const unsigned char *text, size_t len)
{
    skim_add(data, 's', text, len);

    return 1;
}


static int
skim_map_key(void *data, const unsigned char *text, size_t len)
{
    skim_add(data, 'k', text, len);

    return 1;
}


static int
skim_map(void *data)
{
    skim_log_t  *log = data;

    log->depth++;
    log->deepest = ngx_max(log->deepest, log->depth);
    skim_add(log, '{', (u_char *) "", 0);

    return 1;
}


static int
skim_array(void *data)
{
    skim_log_t  *log = data;

    log->depth++;
    log->deepest = ngx_max(log->deepest, log->depth);
    skim_add(log, '[', (u_char *) "", 0);

    return 1;
}


static int
skim_end(void *data)
{
    skim_log_t  *log = data;

    log->depth--;
    skim_add(log, '.', (u_char *) "", 0);

    return 1;
}


static ngx_int_t
skim_key(void *data, u_char *token, size_t len, ngx_uint_t escaped)
{
    ngx_str_t  text;

    fuzz_check(escaped == (memchr(token, '\\', len) != NULL), "an escape");
    fuzz_check(ngx_slack_json_decode(&skim_decoder, token, len, escaped,
                                     &text)
               == NGX_OK, "a key that yajl does not read");
    skim_add(data, 'k', text.data, text.len);

    return skim_chance(data) ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
skim_scalar(void *data, ngx_uint_t type, u_char *token, size_t len,
    ngx_uint_t escaped)
{
    ngx_str_t  text;

    if (type != NGX_SLACK_JSON_STRING) {
        fuzz_check(type == (*token == 't' ? NGX_SLACK_JSON_TRUE
                            : *token == 'f' ? NGX_SLACK_JSON_FALSE
                            : *token == 'n' ? NGX_SLACK_JSON_NULL
                            : NGX_SLACK_JSON_NUMBER), "the type of a value");
        skim_add(data, 'v', token, len);
        return NGX_OK;
    }

    fuzz_check(escaped == (memchr(token, '\\', len) != NULL), "an escape");
    fuzz_check(ngx_slack_json_decode(&skim_decoder, token, len, escaped,
                                     &text)
               == NGX_OK, "a string that yajl does not read");
    skim_add(data, 's', text.data, text.len);

    return NGX_OK;
}


static ngx_int_t
skim_open(void *data, ngx_uint_t array)
{
    skim_add(data, array ? '[' : '{', (u_char *) "", 0);

    return skim_chance(data) ? NGX_DECLINED : NGX_OK;
}


static void
skim_close(void *data)
{
    skim_add(data, '.', (u_char *) "", 0);
}


static ngx_uint_t
skim_yajl(const uint8_t *data, size_t size, skim_log_t *log)
{
    ngx_uint_t  rc;

    log->len = 0;
    log->depth = 0;
    log->deepest = 0;
    log->number = 0;

    rc = fuzz_yajl(data, size, &skim_callbacks, log);

    return rc && log->deepest <= NGX_SLACK_JSON_DEPTH
           && log->number <= NGX_SLACK_JSON_NUMBER_MAX;
}


/* seed 0: all at once, 1: by bytes */

static ngx_int_t
skim_read(const uint8_t *data, size_t size, uint64_t seed, skim_log_t *log)
{
    size_t                  n, pos;
    u_char                 *copy;
    ngx_int_t               rc;
    ngx_slack_json_skim_t   skim;

    log->len = 0;
    rc = NGX_OK;

    ngx_slack_json_skim_init(&skim, &skim_handlers, log, &fuzz_log);

    for (pos = 0; pos < size && rc == NGX_OK; pos += n) {
        n = (seed > 1) ? fuzz_piece(&seed, size - pos) : seed ? 1 : size;

        copy = fuzz_dup(data + pos, n);
        rc = ngx_slack_json_skim(&skim, copy, n);
        free(copy);

        fuzz_check(skim.size <= (off_t) (pos + n)
                   && (rc != NGX_OK || skim.size == (off_t) (pos + n)),
                   "its place");
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_json_skim_end(&skim);
    }

    fuzz_check(rc == NGX_OK || rc == NGX_DECLINED, "the result");
    fuzz_check((rc == NGX_OK) == (skim.error == NULL), "the error");

    ngx_slack_json_token_free(&skim.token);

    return rc;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t    i;
    ngx_uint_t  accepted;
    skim_log_t  told, log;

    ngx_memzero(&told, sizeof(skim_log_t));
    ngx_memzero(&log, sizeof(skim_log_t));

    told.text = skim_told;
    log.text = skim_text;

    accepted = skim_yajl(data, size, &told);

    for (i = 0; i < 4; i++) {
        fuzz_check((skim_read(data, size, i, &log) == NGX_OK) == accepted,
                   "what is JSON");
        fuzz_check(!accepted
                   || (told.len == log.len
                       && memcmp(told.text, log.text, told.len) == 0),
                   "what is told");
    }

    for (i = 1; i < 4; i++) {
        log.skip = i * 0x9e3779b97f4a7c15u;

        fuzz_check((skim_read(data, size, i - 1, &log) == NGX_OK) == accepted,
                   "what is JSON, skipped");
    }

    return 0;
}
