
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Members of JSON objects that operators read, each a key and a value.  Errors
 * stay in the writer until ngx_slack_json_writer_done().  Runs in any thread.
 */


#ifndef _NGX_SLACK_STATUS_MEMBER_H_INCLUDED_
#define _NGX_SLACK_STATUS_MEMBER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_json_writer.h>


/* writes the key alone */

void ngx_slack_status_member(ngx_slack_json_writer_t *w, const char *key);

/*
 * Writes a value from outside, of any bytes; what ngx_slack_shown() does not
 * allow is replaced.
 */

void ngx_slack_status_member_text(ngx_slack_json_writer_t *w, const char *key,
    ngx_str_t *value);

/*
 * Writes a value that is JSON already and may contain bytes that are not
 * UTF-8.  Uses memory of the pool of the writer's text; if there is none, the
 * writer fails.
 */

void ngx_slack_status_member_json(ngx_slack_json_writer_t *w, const char *key,
    ngx_str_t *json);

void ngx_slack_status_member_number(ngx_slack_json_writer_t *w,
    const char *key, ngx_uint_t n);

/* seconds since the epoch; 0: null */

void ngx_slack_status_member_time(ngx_slack_json_writer_t *w, const char *key,
    time_t t);

void ngx_slack_status_member_bool(ngx_slack_json_writer_t *w, const char *key,
    ngx_uint_t yes);
void ngx_slack_status_member_null(ngx_slack_json_writer_t *w, const char *key);


#endif /* _NGX_SLACK_STATUS_MEMBER_H_INCLUDED_ */
