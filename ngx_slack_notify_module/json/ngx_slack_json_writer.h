
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Writes JSON to a text: yajl_gen without its buffer and without malloc().
 * Runs in any thread.
 */


#ifndef _NGX_SLACK_JSON_WRITER_H_INCLUDED_
#define _NGX_SLACK_JSON_WRITER_H_INCLUDED_


#include <ngx_slack_text.h>

#include <yajl/yajl_gen.h>


/* bytes for yajl's generator (576) and its unused buffer (32) */

#define NGX_SLACK_JSON_WRITER_ARENA  1024


/*
 * The caller owns it, usually on the stack; it needs no freeing.  It must not
 * be moved or copied after its initialisation.
 */

typedef struct {
    yajl_gen                  gen;
    ngx_slack_text_t         *text;
    yajl_alloc_funcs          alloc;
    size_t                    used;
    ngx_uint_t                failed;
    union {
        void                 *align;
        u_char                data[NGX_SLACK_JSON_WRITER_ARENA];
    } arena;
} ngx_slack_json_writer_t;


/*
 * Writes one JSON value to the end of the text, regardless of the text's
 * limit.  Strings must be UTF-8.  An error is kept until
 * ngx_slack_json_writer_done().
 */

void ngx_slack_json_writer_init(ngx_slack_json_writer_t *w,
    ngx_slack_text_t *text);


void ngx_slack_json_writer_object(ngx_slack_json_writer_t *w);
void ngx_slack_json_writer_object_end(ngx_slack_json_writer_t *w);
void ngx_slack_json_writer_array(ngx_slack_json_writer_t *w);
void ngx_slack_json_writer_array_end(ngx_slack_json_writer_t *w);


/* writes a key or a string of "len" bytes */

void ngx_slack_json_writer_string(ngx_slack_json_writer_t *w, u_char *data,
    size_t len);

#define ngx_slack_json_writer_lit(w, s)                                       \
    ngx_slack_json_writer_string(w, (u_char *) s, sizeof(s) - 1)


/*
 * Writes a string from outside, of any bytes; what ngx_slack_shown() does not
 * allow is replaced.
 */

void ngx_slack_json_writer_shown(ngx_slack_json_writer_t *w,
    ngx_str_t *value);


void ngx_slack_json_writer_integer(ngx_slack_json_writer_t *w, int64_t n);
void ngx_slack_json_writer_bool(ngx_slack_json_writer_t *w, ngx_uint_t yes);


/* writes a value that is JSON already */

void ngx_slack_json_writer_json(ngx_slack_json_writer_t *w, u_char *data,
    size_t len);


/* NGX_OK, or NGX_ERROR if anything failed since the initialisation */

ngx_int_t ngx_slack_json_writer_done(ngx_slack_json_writer_t *w);


#endif /* _NGX_SLACK_JSON_WRITER_H_INCLUDED_ */
