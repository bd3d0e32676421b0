
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Reads a JSON object strictly (see the header).  ngx_slack_json_skim.h reads
 * the structure.  Runs in any thread.
 */


#include <ngx_slack_json_decode.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_json_members.h>
#include <ngx_slack_json_skim.h>
#include <ngx_slack_shown.h>
#include <ngx_slack_text.h>


#define NGX_SLACK_JSON_MEMBERS_ERROR  256    /* bytes of the error's text */
#define NGX_SLACK_JSON_MEMBERS_NAME   64     /* bytes of an unknown name in
                                                it */


typedef struct {
    ngx_slack_json_member_t   *members;
    ngx_slack_json_member_t   *member;       /* whose value is read */
    ngx_uint_t                 depth;        /* 1: in the object, 2: in a
                                                list */
    ngx_pool_t                *pool;
    ngx_str_t                 *error;        /* len 0: no error */
    ngx_slack_json_decoder_t   decoder;
} ngx_slack_json_members_t;


static ngx_int_t ngx_slack_json_members_read(ngx_slack_json_members_t *m,
    ngx_str_t *body);
static ngx_int_t ngx_slack_json_members_key(void *data, u_char *token,
    size_t len, ngx_uint_t escaped);
static ngx_int_t ngx_slack_json_members_scalar(void *data, ngx_uint_t type,
    u_char *token, size_t len, ngx_uint_t escaped);
static ngx_int_t ngx_slack_json_members_text(ngx_slack_json_members_t *m,
    ngx_str_t *value);
static ngx_int_t ngx_slack_json_members_element(ngx_slack_json_members_t *m,
    ngx_str_t *value);
static ngx_int_t ngx_slack_json_members_open(void *data, ngx_uint_t array);
static void ngx_slack_json_members_close(void *data);
static ngx_int_t ngx_slack_json_members_type(ngx_slack_json_members_t *m);
static ngx_int_t ngx_slack_json_members_wrong(ngx_slack_json_members_t *m,
    const char *fmt, ...);


static const ngx_slack_json_skim_handlers_t
    ngx_slack_json_members_handlers =
{
    .key = ngx_slack_json_members_key,
    .scalar = ngx_slack_json_members_scalar,
    .open = ngx_slack_json_members_open,
    .close = ngx_slack_json_members_close
};


ngx_int_t
ngx_slack_json_members(ngx_str_t *body, ngx_slack_json_member_t *members,
    ngx_pool_t *pool, ngx_str_t *error)
{
    ngx_int_t                  rc;
    ngx_slack_json_member_t   *member;
    ngx_slack_json_members_t   m;

    for (member = members; member->name.len; member++) {
        member->found = 0;
        member->flag = 0;
        member->list = NULL;
        ngx_str_null(&member->text);
    }

    ngx_memzero(&m, sizeof(ngx_slack_json_members_t));

    m.members = members;
    m.pool = pool;
    m.error = error;

    ngx_str_null(error);

    rc = ngx_slack_json_members_read(&m, body);

    ngx_slack_json_decode_done(&m.decoder);

    return rc;
}


static ngx_int_t
ngx_slack_json_members_read(ngx_slack_json_members_t *m, ngx_str_t *body)
{
    ngx_int_t                 rc;
    ngx_slack_json_skim_t     skim;
    ngx_slack_json_member_t  *member;

    ngx_slack_json_skim_init(&skim, &ngx_slack_json_members_handlers, m,
                             m->pool->log);

    rc = ngx_slack_json_skim(&skim, body->data, body->len);

    if (rc == NGX_OK) {
        rc = ngx_slack_json_skim_end(&skim);
    }

    ngx_slack_json_token_free(&skim.token);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {

        /* Malformed JSON takes precedence over earlier errors. */

        m->error->len = 0;

        return ngx_slack_json_members_wrong(m, "body %s at byte %O",
                                            skim.error, skim.size)
               == NGX_OK ? NGX_DECLINED : NGX_ERROR;
    }

    for (member = m->members; member->name.len; member++) {

        if (member->list && member->list->nelts == 0
            && ngx_slack_json_members_wrong(m, "\"%V\" is empty",
                                            &member->name)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return m->error->len ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
ngx_slack_json_members_key(void *data, u_char *token, size_t len,
    ngx_uint_t escaped)
{
    ngx_slack_json_members_t *m = data;

    ngx_int_t                 rc;
    ngx_str_t                 name;
    ngx_slack_json_member_t  *member;

    if (ngx_slack_json_decode(&m->decoder, token, len, escaped, &name)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (member = m->members; member->name.len; member++) {
        if (ngx_slack_equal(&member->name, &name)) {
            break;
        }
    }

    if (member->name.len && !member->found) {
        member->found = 1;
        m->member = member;
        return NGX_OK;
    }

    if (member->name.len) {
        rc = ngx_slack_json_members_wrong(m, "\"%V\" is given twice",
                                          &member->name);

    } else {
        name.len = ngx_min(name.len, NGX_SLACK_JSON_MEMBERS_NAME);
        rc = ngx_slack_json_members_wrong(m, "unknown member \"%V\"", &name);
    }

    return (rc == NGX_OK) ? NGX_DECLINED : NGX_ERROR;
}


static ngx_int_t
ngx_slack_json_members_scalar(void *data, ngx_uint_t type, u_char *token,
    size_t len, ngx_uint_t escaped)
{
    ngx_slack_json_members_t *m = data;

    ngx_str_t                 value;
    ngx_slack_json_member_t  *member;

    if (m->depth == 0) {
        return ngx_slack_json_members_wrong(m, "the body is not an object");
    }

    value.data = token;
    value.len = len;

    if (type == NGX_SLACK_JSON_STRING
        && ngx_slack_json_decode(&m->decoder, token, len, escaped, &value)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    member = m->member;

    switch (member->type) {

    case NGX_SLACK_JSON_MEMBER_TEXT:

        if (type == NGX_SLACK_JSON_STRING) {
            return ngx_slack_json_members_text(m, &value);
        }

        break;

    case NGX_SLACK_JSON_MEMBER_FLAG:

        if (type == NGX_SLACK_JSON_TRUE || type == NGX_SLACK_JSON_FALSE) {
            member->flag = (type == NGX_SLACK_JSON_TRUE);
            return NGX_OK;
        }

        break;

    default: /* NGX_SLACK_JSON_MEMBER_NUMBERS */

        if (m->depth == 2
            && (type == NGX_SLACK_JSON_STRING
                || type == NGX_SLACK_JSON_NUMBER))
        {
            return ngx_slack_json_members_element(m, &value);
        }
    }

    return ngx_slack_json_members_type(m);
}


/* Refuses a text that would not be shown as it is written. */

static ngx_int_t
ngx_slack_json_members_text(ngx_slack_json_members_t *m, ngx_str_t *value)
{
    size_t      n;
    u_char     *p, piece[NGX_SLACK_SHOWN_SIZE];
    ngx_str_t   rest;

    rest = *value;

    while (rest.len) {
        p = rest.data;
        n = ngx_slack_shown(piece, &rest);

        if (n != (size_t) (rest.data - p) || ngx_memcmp(piece, p, n) != 0) {
            return ngx_slack_json_members_wrong(m, "\"%V\" has invalid "
                                                "characters",
                                                &m->member->name);
        }
    }

    m->member->text.data = ngx_pnalloc(m->pool, ngx_max(value->len, 1));
    if (m->member->text.data == NULL) {
        return NGX_ERROR;
    }

    if (value->len) {
        ngx_memcpy(m->member->text.data, value->data, value->len);
    }

    m->member->text.len = value->len;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_json_members_element(ngx_slack_json_members_t *m, ngx_str_t *value)
{
    ngx_str_t                *element;
    ngx_slack_json_member_t  *member;

    member = m->member;

    if (member->list->nelts == member->max) {
        return ngx_slack_json_members_wrong(m, "more than %ui %V",
                                            member->max, &member->name);
    }

    element = ngx_array_push(member->list);
    if (element == NULL) {
        return NGX_ERROR;
    }

    element->len = value->len;
    element->data = ngx_pnalloc(m->pool, ngx_max(value->len, 1));
    if (element->data == NULL) {
        return NGX_ERROR;
    }

    if (value->len) {
        ngx_memcpy(element->data, value->data, value->len);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_json_members_open(void *data, ngx_uint_t array)
{
    ngx_slack_json_members_t *m = data;

    ngx_int_t  rc;

    switch (m->depth) {

    case 0:

        if (!array) {
            m->depth = 1;
            return NGX_OK;
        }

        rc = ngx_slack_json_members_wrong(m, "the body is not an object");
        break;

    case 1:

        if (array && m->member->type == NGX_SLACK_JSON_MEMBER_NUMBERS) {

            m->member->list = ngx_array_create(m->pool, 4, sizeof(ngx_str_t));
            if (m->member->list == NULL) {
                return NGX_ERROR;
            }

            m->depth = 2;
            return NGX_OK;
        }

        /* fall through */

    default:
        rc = ngx_slack_json_members_type(m);
    }

    return (rc == NGX_OK) ? NGX_DECLINED : NGX_ERROR;
}


static void
ngx_slack_json_members_close(void *data)
{
    ngx_slack_json_members_t *m = data;

    m->depth--;
}


static ngx_int_t
ngx_slack_json_members_type(ngx_slack_json_members_t *m)
{
    static const char  *types[] = {
        [NGX_SLACK_JSON_MEMBER_TEXT] = "a string",
        [NGX_SLACK_JSON_MEMBER_FLAG] = "true or false",
        [NGX_SLACK_JSON_MEMBER_NUMBERS] = "a list of numbers"
    };

    return ngx_slack_json_members_wrong(m, "\"%V\" must be %s",
                                        &m->member->name,
                                        types[m->member->type]);
}


/* Keeps the first error; NGX_OK or NGX_ERROR: no memory. */

static ngx_int_t
ngx_slack_json_members_wrong(ngx_slack_json_members_t *m, const char *fmt,
    ...)
{
    u_char   *p;
    va_list   args;

    if (m->error->len) {
        return NGX_OK;
    }

    p = ngx_pnalloc(m->pool, NGX_SLACK_JSON_MEMBERS_ERROR);
    if (p == NULL) {
        return NGX_ERROR;
    }

    m->error->data = p;

    va_start(args, fmt);
    p = ngx_vslprintf(p, p + NGX_SLACK_JSON_MEMBERS_ERROR, fmt, args);
    va_end(args);

    m->error->len = p - m->error->data;

    return NGX_OK;
}
