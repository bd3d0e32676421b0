
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Reads the members of an answer, in one pass and without memory of its own
 * unless a string has escapes.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_said.h>
#include <ngx_slack_json_decode.h>
#include <ngx_slack_json_skim.h>


/* members that lead elsewhere than to a string of ngx_slack_said_t */

enum {
    NGX_SLACK_SAID_OK = NGX_SLACK_SAID_LAST,
    NGX_SLACK_SAID_METADATA,
    NGX_SLACK_SAID_MESSAGE
};


typedef struct {
    ngx_str_t                 name;         /* with quotes, as it is written */
    ngx_uint_t                member;
    ngx_uint_t                type;         /* of a scalar */
} ngx_slack_said_member_t;


typedef struct {
    ngx_slack_said_t         *said;
    ngx_slack_json_decoder_t  decoder;
    ngx_uint_t                depth;
    ngx_uint_t                closed;       /* the outermost object is */
    ngx_uint_t                odd;          /* "ok" is there twice, or neither
                                               true nor false */
    ngx_uint_t                inner;        /* the object inside the outermost
                                               one, METADATA, USER or
                                               MESSAGE */
    const ngx_slack_said_member_t  *next;   /* whose value is next */
} ngx_slack_said_reader_t;


static ngx_int_t ngx_slack_said_key(void *data, u_char *token, size_t len,
    ngx_uint_t escaped);
static ngx_int_t ngx_slack_said_scalar(void *data, ngx_uint_t type,
    u_char *token, size_t len, ngx_uint_t escaped);
static ngx_int_t ngx_slack_said_open(void *data, ngx_uint_t array);
static void ngx_slack_said_close(void *data);
static ngx_int_t ngx_slack_said_keep(ngx_slack_said_reader_t *reader,
    ngx_uint_t member, ngx_str_t *text);


static const ngx_slack_said_member_t  ngx_slack_said_outer[] = {
    { ngx_string("\"ok\""), NGX_SLACK_SAID_OK, NGX_SLACK_JSON_TRUE },
    { ngx_string("\"error\""), NGX_SLACK_SAID_ERROR, NGX_SLACK_JSON_STRING },
    { ngx_string("\"retry_after\""), NGX_SLACK_SAID_RETRY_AFTER,
      NGX_SLACK_JSON_NUMBER },
    { ngx_string("\"needed\""), NGX_SLACK_SAID_NEEDED,
      NGX_SLACK_JSON_STRING },
    { ngx_string("\"channel\""), NGX_SLACK_SAID_CHANNEL,
      NGX_SLACK_JSON_STRING },
    { ngx_string("\"ts\""), NGX_SLACK_SAID_TS, NGX_SLACK_JSON_STRING },
    { ngx_string("\"team\""), NGX_SLACK_SAID_TEAM, NGX_SLACK_JSON_STRING },
    { ngx_string("\"url\""), NGX_SLACK_SAID_URL, NGX_SLACK_JSON_STRING },
    { ngx_string("\"user\""), NGX_SLACK_SAID_USER, NGX_SLACK_JSON_STRING },
    { ngx_string("\"expires_in\""), NGX_SLACK_SAID_EXPIRES,
      NGX_SLACK_JSON_NUMBER },
    { ngx_string("\"response_metadata\""), NGX_SLACK_SAID_METADATA, 0 },
    { ngx_string("\"message\""), NGX_SLACK_SAID_MESSAGE, 0 },
    { ngx_null_string, 0, 0 }
};


static const ngx_slack_said_member_t  ngx_slack_said_metadata[] = {
    { ngx_string("\"messages\""), NGX_SLACK_SAID_DETAIL,
      NGX_SLACK_JSON_STRING },
    { ngx_null_string, 0, 0 }
};


static const ngx_slack_said_member_t  ngx_slack_said_message[] = {
    { ngx_string("\"thread_ts\""), NGX_SLACK_SAID_THREAD,
      NGX_SLACK_JSON_STRING },
    { ngx_null_string, 0, 0 }
};


static const ngx_slack_said_member_t  ngx_slack_said_user[] = {
    { ngx_string("\"id\""), NGX_SLACK_SAID_ID, NGX_SLACK_JSON_STRING },
    { ngx_null_string, 0, 0 }
};


static const ngx_slack_json_skim_handlers_t  ngx_slack_said_handlers = {
    .key = ngx_slack_said_key,
    .scalar = ngx_slack_said_scalar,
    .open = ngx_slack_said_open,
    .close = ngx_slack_said_close
};


/* nothing is logged */

static ngx_log_t  ngx_slack_said_log;


void
ngx_slack_said_read(ngx_str_t *body, ngx_uint_t cut, ngx_slack_said_t *said)
{
    ngx_int_t                rc;
    ngx_slack_json_skim_t    skim;
    ngx_slack_said_reader_t  reader;

    ngx_memzero(said, offsetof(ngx_slack_said_t, buf));

    if (body->len == 0 || *body->data != '{') {
        return;
    }

    ngx_memzero(&reader, sizeof(ngx_slack_said_reader_t));
    reader.said = said;

    ngx_slack_json_skim_init(&skim, &ngx_slack_said_handlers, &reader,
                             &ngx_slack_said_log);

    rc = ngx_slack_json_skim(&skim, body->data, body->len);

    if (rc == NGX_OK && !cut) {
        rc = ngx_slack_json_skim_end(&skim);
    }

    said->object = ((rc != NGX_DECLINED || reader.closed) && !reader.odd);

    if (!said->object) {
        said->ok = 0;
        said->refused = 0;
    }

    ngx_slack_json_token_free(&skim.token);
    ngx_slack_json_decode_done(&reader.decoder);
}


static ngx_int_t
ngx_slack_said_key(void *data, u_char *token, size_t len, ngx_uint_t escaped)
{
    ngx_slack_said_reader_t  *reader = data;

    const ngx_slack_said_member_t  *m;

    if (reader->depth == 1) {
        m = ngx_slack_said_outer;

    } else if (reader->inner == NGX_SLACK_SAID_METADATA) {
        m = ngx_slack_said_metadata;

    } else if (reader->inner == NGX_SLACK_SAID_USER) {
        m = ngx_slack_said_user;

    } else {
        m = ngx_slack_said_message;
    }

    for ( /* void */ ; m->name.len; m++) {
        if (m->name.len == len && ngx_memcmp(m->name.data, token, len) == 0) {
            reader->next = m;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_slack_said_scalar(void *data, ngx_uint_t type, u_char *token, size_t len,
    ngx_uint_t escaped)
{
    ngx_slack_said_reader_t  *reader = data;

    ngx_str_t          text;
    ngx_slack_said_t  *said;

    said = reader->said;

    if (reader->next->member == NGX_SLACK_SAID_OK) {
        reader->odd |= (said->ok || said->refused);
        said->ok = (type == NGX_SLACK_JSON_TRUE);
        said->refused = (type == NGX_SLACK_JSON_FALSE);
        reader->odd |= (!said->ok && !said->refused);
        return NGX_OK;
    }

    if (type != reader->next->type) {
        return NGX_OK;
    }

    text.data = token;
    text.len = len;

    if (type == NGX_SLACK_JSON_STRING
        && ngx_slack_json_decode(&reader->decoder, token, len, escaped, &text)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_said_keep(reader, reader->next->member, &text);
}


static ngx_int_t
ngx_slack_said_open(void *data, ngx_uint_t array)
{
    ngx_slack_said_reader_t  *reader = data;

    if (reader->depth == 0) {
        reader->depth = 1;
        return NGX_OK;
    }

    if (reader->next->member == NGX_SLACK_SAID_OK) {
        reader->odd = 1;
        return NGX_DECLINED;
    }

    /* objects inside the outermost one, and the list "messages" of one */

    if (reader->depth == 1 && !array
        && (reader->next->member == NGX_SLACK_SAID_METADATA
            || reader->next->member == NGX_SLACK_SAID_USER
            || reader->next->member == NGX_SLACK_SAID_MESSAGE))
    {
        reader->inner = reader->next->member;
        reader->depth++;
        return NGX_OK;
    }

    if (reader->depth == 2 && array
        && reader->next->member == NGX_SLACK_SAID_DETAIL)
    {
        reader->depth++;
        return NGX_OK;
    }

    return NGX_DECLINED;
}


static void
ngx_slack_said_close(void *data)
{
    ngx_slack_said_reader_t  *reader = data;

    reader->depth--;
    reader->closed = (reader->depth == 0);

    if (reader->depth == 1 && reader->inner == NGX_SLACK_SAID_MESSAGE) {
        reader->said->message = 1;
    }
}


static ngx_int_t
ngx_slack_said_keep(ngx_slack_said_reader_t *reader, ngx_uint_t member,
    ngx_str_t *text)
{
    size_t             n;
    u_char            *p;
    ngx_str_t         *value;
    ngx_slack_said_t  *said;

    said = reader->said;
    value = &said->members[member];

    p = said->buf + said->len;
    n = NGX_SLACK_SAID_SIZE - said->len;

    if (value->len) {

        /* Details are joined, as the last string that was kept. */

        if (member != NGX_SLACK_SAID_DETAIL || value->data + value->len != p
            || n < 2)
        {
            return NGX_OK;
        }

        p = ngx_cpymem(p, "; ", 2);
        value->len += 2;
        said->len += 2;
        n -= 2;

    } else {
        value->data = p;
    }

    n = ngx_min(n, text->len);

    ngx_memcpy(p, text->data, n);
    value->len += n;
    said->len += n;

    return NGX_OK;
}
