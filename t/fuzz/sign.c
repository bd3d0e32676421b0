
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Who may come in: slack_secret, X-Gitlab-Token and the headers of Standard
 * Webhooks against a second implementation.  Input: lines "slack_secret
 * VALUE" and "NAME: VALUE" to an empty one, then the body.  In the value of
 * webhook-signature a word "v1,?N" stands for the signature of the Nth
 * secret, as no fuzzer finds one.
 */

/* fuzz: http/ngx_slack_http_auth.c http/ngx_slack_http_lookup.c
 *       conf/ngx_slack_conf_secret.c
 *       core/ngx_slack_sign.c core/ngx_slack_log.c core/ngx_slack_clock.c
 *       core/ngx_slack_log_line.c
 *       json/ngx_slack_json.c json/ngx_slack_json_paths.c
 *       json/ngx_slack_json_decode.c json/ngx_slack_json_skim.c
 *       json/ngx_slack_json_text.c json/ngx_slack_json_token.c
 *       core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c core/ngx_slack_time.c
 *       source/
 * libs: -lcrypto -lyajl
 */


#include <ngx_slack_http.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "fuzz.h"


#define SIGN_SECRETS  4
#define SIGN_HEADERS  16
#define SIGN_TEXT     64


typedef struct {
    ngx_pool_t                *pool;
    ngx_slack_loc_conf_t       conf;
    ngx_table_elt_t            headers[SIGN_HEADERS];
    ngx_uint_t                 n;
    ngx_str_t                  body;
} sign_t;


/* nginx core's */

volatile ngx_msec_t  ngx_current_msec;


static ngx_uint_t sign_is(ngx_str_t *s, const char *name);
static ngx_int_t sign_input(sign_t *sign, ngx_str_t *rest);
static ngx_str_t *sign_header(sign_t *sign, const char *name, ngx_uint_t *n);
static ngx_uint_t sign_make(sign_t *sign, ngx_str_t *key, u_char *text);
static void sign_fill_in(sign_t *sign);
static ngx_uint_t sign_digit(u_char ch);
static ngx_uint_t sign_words(sign_t *sign, ngx_str_t *value);
static ngx_uint_t sign_time(ngx_str_t *value);
static ngx_uint_t sign_expected(sign_t *sign);
static ngx_int_t sign_tried(sign_t *sign);


static ngx_uint_t
sign_is(ngx_str_t *s, const char *name)
{
    return s->len == strlen(name)
           && strncasecmp((char *) s->data, name, s->len) == 0;
}


/* NGX_ERROR: nginx would not start */

static ngx_int_t
sign_input(sign_t *sign, ngx_str_t *rest)
{
    u_char           *colon;
    ngx_str_t         line, *word;
    ngx_conf_t        cf;
    ngx_uint_t        secrets;
    ngx_table_elt_t  *header;

    secrets = 0;

    while (fuzz_line(rest, &line) && line.len) {

        if (line.len >= 13 && memcmp(line.data, "slack_secret ", 13) == 0) {

            if (secrets++ == SIGN_SECRETS) {
                continue;
            }

            ngx_memzero(&cf, sizeof(ngx_conf_t));
            cf.pool = sign->pool;
            cf.log = &fuzz_log;
            cf.args = ngx_array_create(sign->pool, 2, sizeof(ngx_str_t));

            if (cf.args == NULL) {
                exit(2);
            }

            word = ngx_array_push_n(cf.args, 2);

            if (word == NULL) {
                exit(2);
            }

            ngx_str_set(&word[0], "slack_secret");
            word[1].data = line.data + 13;
            word[1].len = line.len - 13;

            if (ngx_slack_conf_secret(&cf, NULL, &sign->conf) != NGX_CONF_OK)
            {
                return NGX_ERROR;
            }

            continue;
        }

        colon = memchr(line.data, ':', line.len);

        if (colon == NULL || sign->n == SIGN_HEADERS) {
            continue;
        }

        header = &sign->headers[sign->n++];

        header->key.data = line.data;
        header->key.len = (size_t) (colon - line.data);

        do {
            colon++;
        } while (colon < line.data + line.len && *colon == ' ');

        header->value.data = colon;
        header->value.len = (size_t) (line.data + line.len - colon);
    }

    sign->body = *rest;

    return NGX_OK;
}


/* the first of that name, and how many there are */

static ngx_str_t *
sign_header(sign_t *sign, const char *name, ngx_uint_t *n)
{
    ngx_str_t  *value;
    ngx_uint_t  i;

    value = NULL;
    *n = 0;

    for (i = 0; i < sign->n; i++) {
        if (sign_is(&sign->headers[i].key, name) && (*n)++ == 0) {
            value = &sign->headers[i].value;
        }
    }

    return value;
}


/* "v1," and base64, NUL-terminated */

static ngx_uint_t
sign_make(sign_t *sign, ngx_str_t *key, u_char *text)
{
    u_char     *input, *p, digest[EVP_MAX_MD_SIZE];
    unsigned    len;
    ngx_str_t  *id, *sent;
    ngx_uint_t  n;

    id = sign_header(sign, "webhook-id", &n);
    sent = sign_header(sign, "webhook-timestamp", &n);

    if (id == NULL || sent == NULL) {
        return 0;
    }

    input = malloc(id->len + sent->len + sign->body.len + 2);
    if (input == NULL) {
        exit(2);
    }

    p = ngx_cpymem(input, id->data, id->len);
    *p++ = '.';
    p = ngx_cpymem(p, sent->data, sent->len);
    *p++ = '.';

    if (sign->body.len) {
        p = ngx_cpymem(p, sign->body.data, sign->body.len);
    }

    len = 0;

    fuzz_check(HMAC(EVP_sha256(), key->data, (int) key->len, input,
                    (size_t) (p - input), digest, &len)
               && len == 32, "HMAC");

    memcpy(text, "v1,", 3);
    (void) EVP_EncodeBlock(text + 3, digest, (int) len);

    free(input);

    return 1;
}


/* signatures in the place of "v1,?N" */

static void
sign_fill_in(sign_t *sign)
{
    u_char                   *p, *end, *text, made[SIGN_TEXT];
    ngx_str_t                *value;
    ngx_uint_t                n, i;
    ngx_slack_conf_secret_t  *secret;

    value = sign_header(sign, "webhook-signature", &n);

    if (value == NULL || sign->conf.secrets == NGX_CONF_UNSET_PTR) {
        return;
    }

    secret = sign->conf.secrets->elts;

    text = ngx_pnalloc(sign->pool, value->len * SIGN_TEXT + 1);
    if (text == NULL) {
        exit(2);
    }

    end = text;

    for (p = value->data; p < value->data + value->len; p++) {

        if (value->data + value->len - p >= 5 && memcmp(p, "v1,?", 4) == 0) {

            i = (ngx_uint_t) (p[4] - '0');

            if (i < sign->conf.secrets->nelts
                && sign_make(sign, &secret[i].value, made))
            {
                end = ngx_cpymem(end, made, strlen((char *) made));
                p += 4;
                continue;
            }
        }

        *end++ = *p;
    }

    value->len = (size_t) (end - text);
    value->data = ngx_pnalloc(sign->pool, value->len);

    if (value->data == NULL) {
        exit(2);
    }

    memcpy(value->data, text, value->len);
}


static ngx_uint_t
sign_digit(u_char ch)
{
    static const char  *digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char         *p;

    p = ch ? strchr(digits, ch) : NULL;

    return p ? (ngx_uint_t) (p - digits) : NGX_MAX_UINT32_VALUE;
}


/* whether a word is the signature of a secret */

static ngx_uint_t
sign_words(sign_t *sign, ngx_str_t *value)
{
    u_char                   *p, *last, *end, made[SIGN_TEXT];
    ngx_uint_t                i, rc;
    ngx_slack_conf_secret_t  *secret;

    rc = 0;
    last = value->data + value->len;
    secret = sign->conf.secrets->elts;

    for (p = value->data; p < last; p = end + 1) {

        end = memchr(p, ' ', (size_t) (last - p));

        if (end == NULL) {
            end = last;
        }

        for (i = 0; i < sign->conf.secrets->nelts; i++) {

            if (!secret[i].signing || !sign_make(sign, &secret[i].value, made))
            {
                continue;
            }

            /* the last digit of 32 bytes has two bits that say nothing */

            if (end - p == 47
                && memcmp(p, made, 45) == 0
                && sign_digit(p[45]) / 4 == sign_digit(made[45]) / 4
                && p[46] == '=')
            {
                rc = 1;
            }
        }
    }

    return rc;
}


static ngx_uint_t
sign_time(ngx_str_t *value)
{
    size_t   i;
    int64_t  n;

    if (value->len == 0) {
        return 0;
    }

    for (i = 0, n = 0; i < value->len; i++) {

        if (value->data[i] < '0' || value->data[i] > '9') {
            return 0;
        }

        /* far beyond what is near to the clock */

        n = ngx_min(n * 10 + (value->data[i] - '0'), 100000000000);
    }

    return n >= FUZZ_NOW - 300 && n <= FUZZ_NOW + 300;
}


static ngx_uint_t
sign_expected(sign_t *sign)
{
    ngx_str_t                *token, *words, *id, *sent;
    ngx_uint_t                i, n, ids, times;
    ngx_slack_conf_secret_t  *secret;

    if (sign->conf.secrets == NGX_CONF_UNSET_PTR) {
        return 1;
    }

    words = sign_header(sign, "webhook-signature", &n);

    if (n) {
        id = sign_header(sign, "webhook-id", &ids);
        sent = sign_header(sign, "webhook-timestamp", &times);

        return n == 1 && ids == 1 && id->len && times == 1 && sign_time(sent)
               && sign_words(sign, words);
    }

    token = sign_header(sign, "x-gitlab-token", &n);
    secret = sign->conf.secrets->elts;

    for (i = 0; n == 1 && i < sign->conf.secrets->nelts; i++) {
        if (!secret[i].signing
            && secret[i].value.len == token->len
            && memcmp(secret[i].value.data, token->data, token->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
sign_tried(sign_t *sign)
{
    size_t                  n;
    u_char                 *p, *last;
    uint64_t                seed;
    ngx_int_t               rc;
    ngx_str_t               name;
    ngx_uint_t              i;
    ngx_list_part_t        *next;
    ngx_connection_t        c;
    ngx_http_request_t      r;
    ngx_slack_reader_t      reader;
    ngx_slack_http_ctx_t    ctx;
    ngx_slack_http_hmac_t  *hmac;

    ngx_memzero(&c, sizeof(ngx_connection_t));
    ngx_memzero(&r, sizeof(ngx_http_request_t));
    ngx_memzero(&ctx, sizeof(ngx_slack_http_ctx_t));
    ngx_memzero(&reader, sizeof(ngx_slack_reader_t));

    ngx_str_set(&name, "gitlab");

    reader.source = ngx_slack_source_find(&name);
    ctx.reader = &reader;

    c.log = &fuzz_log;
    r.connection = &c;
    r.pool = sign->pool;

    /* a list of two parts, as nginx's is when headers are many */

    next = ngx_pcalloc(sign->pool, sizeof(ngx_list_part_t));
    if (next == NULL) {
        exit(2);
    }

    r.headers_in.headers.part.elts = sign->headers;
    r.headers_in.headers.part.nelts = sign->n / 2;
    r.headers_in.headers.part.next = next;

    next->elts = sign->headers + sign->n / 2;
    next->nelts = sign->n - sign->n / 2;

    rc = ngx_slack_http_auth_headers(&r, &ctx,
                                     sign->conf.secrets == NGX_CONF_UNSET_PTR
                                     ? NULL : sign->conf.secrets);

    if (rc != NGX_OK) {
        return rc;
    }

    seed = sign->body.len;
    last = sign->body.data + sign->body.len;

    for (p = sign->body.data; ctx.hmacs && p < last; p += n) {

        n = fuzz_piece(&seed, (size_t) (last - p));
        hmac = ctx.hmacs->elts;

        for (i = 0; i < ctx.hmacs->nelts; i++) {
            fuzz_check(ngx_slack_hmac_update(hmac[i].hmac, p, n) == NGX_OK,
                       "a piece of the body");
        }
    }

    return ngx_slack_http_auth_body(&r, &ctx);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u_char    *copy;
    sign_t     sign;
    ngx_int_t  rc;
    ngx_str_t  rest;

    ngx_memzero(&sign, sizeof(sign_t));
    sign.conf.secrets = NGX_CONF_UNSET_PTR;
    sign.pool = fuzz_pool();

    copy = fuzz_dup(data, size);

    rest.data = copy;
    rest.len = size;

    if (sign_input(&sign, &rest) == NGX_OK) {

        sign_fill_in(&sign);

        rc = sign_tried(&sign);

        fuzz_check(rc == NGX_OK || rc == NGX_HTTP_UNAUTHORIZED, "the result");
        fuzz_check((rc == NGX_OK) == sign_expected(&sign), "who may come in");
    }

    ngx_destroy_pool(sign.pool);
    free(copy);

    return 0;
}
