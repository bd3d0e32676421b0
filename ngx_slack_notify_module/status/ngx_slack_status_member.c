
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Members of JSON objects that operators read.  Knows the writer only.  Runs
 * in any thread, mostly in a pool thread.
 */


#include <ngx_slack_status_member.h>


void
ngx_slack_status_member(ngx_slack_json_writer_t *w, const char *key)
{
    ngx_slack_json_writer_string(w, (u_char *) key, ngx_strlen(key));
}


void
ngx_slack_status_member_text(ngx_slack_json_writer_t *w, const char *key,
    ngx_str_t *value)
{
    ngx_slack_status_member(w, key);
    ngx_slack_json_writer_shown(w, value);
}


/*
 * The outbox may have been edited by hand, so replace invalid bytes.  Valid
 * JSON has them only within strings.
 */

void
ngx_slack_status_member_json(ngx_slack_json_writer_t *w, const char *key,
    ngx_str_t *json)
{
    u_char  *p;

    ngx_slack_status_member(w, key);

    p = ngx_pnalloc(w->text->pool, 3 * json->len + 1);
    if (p == NULL) {
        w->failed = 1;
        return;
    }

    ngx_slack_json_writer_json(w, p, ngx_slack_text_scrub(p, json->data,
                                                          json->len));
}


void
ngx_slack_status_member_number(ngx_slack_json_writer_t *w, const char *key,
    ngx_uint_t n)
{
    ngx_slack_status_member(w, key);
    ngx_slack_json_writer_integer(w, (int64_t) n);
}


void
ngx_slack_status_member_time(ngx_slack_json_writer_t *w, const char *key,
    time_t t)
{
    if (t) {
        ngx_slack_status_member_number(w, key, (ngx_uint_t) t);

    } else {
        ngx_slack_status_member_null(w, key);
    }
}


void
ngx_slack_status_member_bool(ngx_slack_json_writer_t *w, const char *key,
    ngx_uint_t yes)
{
    ngx_slack_status_member(w, key);
    ngx_slack_json_writer_bool(w, yes);
}


void
ngx_slack_status_member_null(ngx_slack_json_writer_t *w, const char *key)
{
    ngx_slack_status_member(w, key);
    ngx_slack_json_writer_json(w, (u_char *) "null", sizeof("null") - 1);
}
