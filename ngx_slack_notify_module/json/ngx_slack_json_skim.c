
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Reads the structure of a document (see the header).  Knows nothing of paths
 * and values.  Runs in any thread, also in fuzzers and unit programs;
 * t/fuzz/skim.c compares it with yajl.
 *
 * Accepts RFC 8259, but in strings any byte from space on, as yajl does with
 * yajl_dont_validate_strings.  Unlike yajl it does not accept vertical tabs
 * and form feeds as white space, and it does accept a byte order mark before
 * the document.
 */


#include <ngx_slack_json_skim.h>
#include <ngx_slack_json_run.h>


#define NGX_SLACK_JSON_BAD         "is not JSON"


enum {
    NGX_SLACK_JSON_NOTHING = 0,          /* after an error */
    NGX_SLACK_JSON_VALUE,
    NGX_SLACK_JSON_ELEMENT,              /* or the end of an empty array */
    NGX_SLACK_JSON_NAME,
    NGX_SLACK_JSON_MEMBER,               /* or the end of an empty object */
    NGX_SLACK_JSON_COLON,
    NGX_SLACK_JSON_NEXT,                 /* a comma, or the level's end */
    NGX_SLACK_JSON_END,
    NGX_SLACK_JSON_IN_STRING,
    NGX_SLACK_JSON_IN_ESCAPE,
    NGX_SLACK_JSON_IN_NUMBER,
    NGX_SLACK_JSON_IN_LITERAL,
    NGX_SLACK_JSON_IN_MARK               /* the byte order mark */
};


static ngx_uint_t ngx_slack_json_skim_begin(ngx_slack_json_skim_t *skim,
    u_char ch);
static ngx_int_t ngx_slack_json_skim_open(ngx_slack_json_skim_t *skim,
    ngx_uint_t array);
static ngx_uint_t ngx_slack_json_skim_close(ngx_slack_json_skim_t *skim);
static ngx_int_t ngx_slack_json_skim_token(ngx_slack_json_skim_t *skim,
    u_char *token, u_char *end);
static ngx_int_t ngx_slack_json_skim_tell(ngx_slack_json_skim_t *skim,
    u_char *token, size_t len);


#define ngx_slack_json_space(ch)                                              \
    ((ch) == ' ' || (ch) == '\t' || (ch) == LF || (ch) == CR)


void
ngx_slack_json_skim_init(ngx_slack_json_skim_t *skim,
    const ngx_slack_json_skim_handlers_t *handlers, void *data, ngx_log_t *log)
{
    ngx_memzero(skim, sizeof(ngx_slack_json_skim_t));

    skim->handlers = handlers;
    skim->data = data;
    skim->log = log;

    skim->state = NGX_SLACK_JSON_VALUE;
    skim->wanted = 1;
}


ngx_int_t
ngx_slack_json_skim(ngx_slack_json_skim_t *skim, u_char *data, size_t len)
{
    u_char      ch, *p, *last, *token;
    ngx_uint_t  state;

    p = data;
    last = data + len;
    token = data;

    state = skim->state;

    while (p < last) {

        ch = *p;

        if (state < NGX_SLACK_JSON_IN_STRING && ngx_slack_json_space(ch)) {
            p++;
            continue;
        }

        switch (state) {

        case NGX_SLACK_JSON_ELEMENT:

            if (ch == ']') {
                p++;
                state = ngx_slack_json_skim_close(skim);
                break;
            }

            /* fall through */

        case NGX_SLACK_JSON_VALUE:

            token = p++;

            if (ch == '"') {
                skim->type = NGX_SLACK_JSON_STRING;
                goto string;
            }

            state = ngx_slack_json_skim_begin(skim, ch);

            if (state == NGX_SLACK_JSON_IN_NUMBER) {
                p = token;

            } else if (state == NGX_SLACK_JSON_NOTHING) {

                if (ch == 0xef && skim->size == 0 && token == data) {
                    skim->error = NULL;
                    skim->literal = "\xbb\xbf";
                    state = NGX_SLACK_JSON_IN_MARK;
                    break;
                }

                goto failed;
            }

            break;

        case NGX_SLACK_JSON_MEMBER:

            if (ch == '}') {
                p++;
                state = ngx_slack_json_skim_close(skim);
                break;
            }

            /* fall through */

        case NGX_SLACK_JSON_NAME:

            token = p++;

            if (ch != '"') {
                goto bad;
            }

            skim->key = 1;
            skim->wanted = (skim->skip == 0);

        string:

            skim->escaped = 0;
            state = NGX_SLACK_JSON_IN_STRING;

            /* fall through */

        case NGX_SLACK_JSON_IN_STRING:

        run:

            p = ngx_slack_json_run(p, last);

            if (p == last) {
                break;
            }

            if (*p == '\\') {
                skim->escaped = 1;

                if (last - p > 2 && (p[1] == 'n' || p[1] == '"')) {
                    p += 2;
                    goto run;
                }

                p++;
                skim->hex = 0;
                state = NGX_SLACK_JSON_IN_ESCAPE;
                break;
            }

            if (*p++ != '"') {
                goto bad;
            }

            if (skim->wanted
                && ngx_slack_json_skim_token(skim, token, p) != NGX_OK)
            {
                goto failed;
            }

            if (skim->key) {
                skim->key = 0;
                state = NGX_SLACK_JSON_COLON;

                if (last - p < 2 || *p != ':') {
                    break;
                }

                p++;
                state = NGX_SLACK_JSON_VALUE;

                if (*p != '"') {
                    break;
                }

                token = p++;
                skim->type = NGX_SLACK_JSON_STRING;

                goto string;
            }

            if (skim->depth == 0) {
                state = NGX_SLACK_JSON_END;
                break;
            }

            state = NGX_SLACK_JSON_NEXT;

            if (p < last && *p == ',') {
                p++;
                state = skim->array ? NGX_SLACK_JSON_VALUE
                                    : NGX_SLACK_JSON_NAME;
            }

            break;

        case NGX_SLACK_JSON_IN_ESCAPE:

            p++;

            if (skim->hex) {

                if (!((ch >= '0' && ch <= '9')
                      || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'f')))
                {
                    goto bad;
                }

                if (--skim->hex == 0) {
                    state = NGX_SLACK_JSON_IN_STRING;
                }

                break;
            }

            switch (ch) {

            case 'n':
            case '"':
            case '\\':
            case '/':
            case 'b':
            case 'f':
            case 'r':
            case 't':
                state = NGX_SLACK_JSON_IN_STRING;
                break;

            case 'u':
                skim->hex = 4;
                break;

            default:
                goto bad;
            }

            break;

        case NGX_SLACK_JSON_COLON:

            p++;

            if (ch != ':') {
                goto bad;
            }

            state = NGX_SLACK_JSON_VALUE;
            break;

        case NGX_SLACK_JSON_NEXT:

            p++;

            if (ch == ',') {
                state = skim->array ? NGX_SLACK_JSON_VALUE
                                    : NGX_SLACK_JSON_NAME;
                break;
            }

            if (ch != (skim->array ? ']' : '}')) {
                goto bad;
            }

            state = ngx_slack_json_skim_close(skim);
            break;

        case NGX_SLACK_JSON_IN_NUMBER:

            if (ngx_slack_json_number(&skim->number, &p, last) != NGX_OK) {
                goto bad;
            }

            if (ngx_slack_json_number_long(&skim->number)) {
                skim->error = "has a number that is too long";
                goto failed;
            }

            if (p == last) {
                break;
            }

            if (skim->wanted
                && ngx_slack_json_skim_token(skim, token, p) != NGX_OK)
            {
                goto failed;
            }

            state = skim->depth ? NGX_SLACK_JSON_NEXT : NGX_SLACK_JSON_END;
            break;

        case NGX_SLACK_JSON_IN_LITERAL:

            while (p < last && *skim->literal && *p == *skim->literal) {
                p++;
                skim->literal++;
            }

            if (*skim->literal) {

                if (p == last) {
                    break;
                }

                p++;
                goto bad;
            }

            if (skim->wanted
                && ngx_slack_json_skim_token(skim, token, p) != NGX_OK)
            {
                goto failed;
            }

            state = skim->depth ? NGX_SLACK_JSON_NEXT : NGX_SLACK_JSON_END;
            break;

        case NGX_SLACK_JSON_IN_MARK:

            p++;

            if (ch != (u_char) *skim->literal) {
                goto bad;
            }

            if (*++skim->literal == '\0') {
                skim->mark = 3;
                state = NGX_SLACK_JSON_VALUE;
            }

            break;

        default: /* NGX_SLACK_JSON_END */
            p++;
            goto bad;
        }
    }

    skim->state = state;

    if (state >= NGX_SLACK_JSON_IN_STRING && state != NGX_SLACK_JSON_IN_MARK
        && skim->wanted
        && ngx_slack_json_token_gather(&skim->token, token, last - token,
                                       skim->log)
           != NGX_OK)
    {
        goto failed;
    }

    skim->size += len;

    return NGX_OK;

bad:

    skim->error = NGX_SLACK_JSON_BAD;

failed:

    skim->size += p - data;

    return skim->error ? NGX_DECLINED : NGX_ERROR;
}


ngx_int_t
ngx_slack_json_skim_end(ngx_slack_json_skim_t *skim)
{
    /* the end of the document may end a number */

    if (skim->state == NGX_SLACK_JSON_IN_NUMBER && skim->depth == 0
        && ngx_slack_json_number_whole(&skim->number))
    {
        skim->state = NGX_SLACK_JSON_END;

        return ngx_slack_json_skim_token(skim, NULL, NULL);
    }

    if (skim->state == NGX_SLACK_JSON_END) {
        return NGX_OK;
    }

    skim->error = "ends early";

    return NGX_DECLINED;
}


/* begins a value that is not a string; returns the next state */

static ngx_uint_t
ngx_slack_json_skim_begin(ngx_slack_json_skim_t *skim, u_char ch)
{
    switch (ch) {

    case '{':
        return ngx_slack_json_skim_open(skim, 0) == NGX_OK
               ? NGX_SLACK_JSON_MEMBER : NGX_SLACK_JSON_NOTHING;

    case '[':
        return ngx_slack_json_skim_open(skim, 1) == NGX_OK
               ? NGX_SLACK_JSON_ELEMENT : NGX_SLACK_JSON_NOTHING;

    case 't':
        skim->type = NGX_SLACK_JSON_TRUE;
        skim->literal = "rue";
        return NGX_SLACK_JSON_IN_LITERAL;

    case 'f':
        skim->type = NGX_SLACK_JSON_FALSE;
        skim->literal = "alse";
        return NGX_SLACK_JSON_IN_LITERAL;

    case 'n':
        skim->type = NGX_SLACK_JSON_NULL;
        skim->literal = "ull";
        return NGX_SLACK_JSON_IN_LITERAL;
    }

    if (ch != '-' && (ch < '0' || ch > '9')) {
        skim->error = NGX_SLACK_JSON_BAD;
        return NGX_SLACK_JSON_NOTHING;
    }

    ngx_slack_json_number_begin(&skim->number);

    skim->type = NGX_SLACK_JSON_NUMBER;

    return NGX_SLACK_JSON_IN_NUMBER;
}


static ngx_int_t
ngx_slack_json_skim_open(ngx_slack_json_skim_t *skim, ngx_uint_t array)
{
    ngx_int_t  rc;

    if (skim->depth == NGX_SLACK_JSON_DEPTH) {
        skim->error = "is nested too deep";
        return NGX_ERROR;
    }

    skim->depth++;
    skim->arrays = skim->arrays << 1 | array;
    skim->array = (u_char) array;

    if (!skim->wanted) {
        skim->skip++;
        return NGX_OK;
    }

    rc = skim->handlers->open(skim->data, array);

    if (rc == NGX_DECLINED) {
        skim->skip = 1;
        skim->wanted = 0;
        return NGX_OK;
    }

    return rc;
}


/* returns the next state */

static ngx_uint_t
ngx_slack_json_skim_close(ngx_slack_json_skim_t *skim)
{
    skim->depth--;
    skim->arrays >>= 1;
    skim->array = skim->arrays & 1;

    if (skim->skip) {
        skim->skip--;

    } else {
        skim->handlers->close(skim->data);
    }

    /* in an array either all elements are wanted or none */

    skim->wanted = (skim->skip == 0);

    return skim->depth ? NGX_SLACK_JSON_NEXT : NGX_SLACK_JSON_END;
}


/* passes a complete wanted token to its handler */

static ngx_int_t
ngx_slack_json_skim_token(ngx_slack_json_skim_t *skim, u_char *token,
    u_char *end)
{
    size_t  len;

    len = end - token;

    if (skim->token.len == 0 && len <= NGX_SLACK_JSON_TOKEN_MAX) {
        return ngx_slack_json_skim_tell(skim, token, len);
    }

    if (ngx_slack_json_token_gather(&skim->token, token, len, skim->log)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    len = skim->token.len;

    ngx_slack_json_token_reset(&skim->token);

    return ngx_slack_json_skim_tell(skim, skim->token.data, len);
}


static ngx_inline ngx_int_t
ngx_slack_json_skim_tell(ngx_slack_json_skim_t *skim, u_char *token,
    size_t len)
{
    ngx_int_t  rc;

    if (!skim->key) {
        return skim->handlers->scalar(skim->data, skim->type, token, len,
                                      skim->escaped);
    }

    rc = skim->handlers->key(skim->data, token, len, skim->escaped);

    skim->wanted = (rc == NGX_OK);

    return (rc == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}
