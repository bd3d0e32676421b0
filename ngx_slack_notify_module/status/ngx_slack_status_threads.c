
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Lists the threads that the outbox knows, newest first.  Reads and writes
 * them in a pool thread; the other functions run in the event loop.
 */


#include <ngx_slack_clock.h>
#include <ngx_slack_status.h>
#include <ngx_slack_status_member.h>


#define NGX_SLACK_THREADS_DEFAULT  100
#define NGX_SLACK_THREADS_MAX      1000


typedef struct {
    ngx_slack_scope_t           scope;       /* workspace empty: all */
    ngx_uint_t                  max;
    ngx_uint_t                  n;
    ngx_uint_t                  more;        /* there are older threads */
    ngx_slack_text_t            text;
    ngx_slack_json_writer_t     writer;
} ngx_slack_status_threads_t;


static ngx_int_t ngx_slack_status_threads_asked(ngx_http_request_t *r,
    ngx_slack_status_threads_t *list, const char **error);
static void ngx_slack_status_threads_work(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox);
static ngx_int_t ngx_slack_status_threads_add(ngx_slack_thread_info_t *thread,
    void *data);
static void ngx_slack_status_threads_handle(ngx_slack_json_writer_t *w,
    ngx_str_t *handle);
static ngx_int_t ngx_slack_status_threads_done(ngx_slack_status_job_t *job);


ngx_int_t
ngx_slack_status_threads_handler(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                    rc;
    const char                  *error;
    ngx_slack_status_job_t      *job;
    ngx_slack_status_threads_t  *list;

    list = ngx_pcalloc(r->pool, sizeof(ngx_slack_status_threads_t));
    if (list == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_slack_status_threads_asked(r, list, &error);

    if (rc == NGX_DECLINED) {
        return ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST, "%s", error);
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    job = ngx_slack_status_job_create(r);
    if (job == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_slack_text_init(&list->text, job->pool, NULL, 0,
                        NGX_SLACK_TEXT_NO_LIMIT);

    ngx_slack_status_job_reads(job, list, ngx_slack_status_threads_work,
                               ngx_slack_status_threads_done);

    return ngx_slack_status_job_post(job);
}


/* NGX_DECLINED: *error tells what is wrong with the arguments */

static ngx_int_t
ngx_slack_status_threads_asked(ngx_http_request_t *r,
    ngx_slack_status_threads_t *list, const char **error)
{
    ngx_int_t   rc, n;
    ngx_str_t   value;
    ngx_uint_t  named;

    rc = ngx_slack_status_arg(r, "workspace", &list->scope.workspace);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    named = (rc == NGX_OK);

    if (named && list->scope.workspace.len == 0) {
        *error = "\"workspace\" is empty";
        return NGX_DECLINED;
    }

    rc = ngx_slack_status_arg(r, "channel", &list->scope.channel);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    list->scope.whole = (rc == NGX_DECLINED);

    if (!list->scope.whole && !named) {
        *error = "\"channel\" needs a \"workspace\"";
        return NGX_DECLINED;
    }

    list->max = NGX_SLACK_THREADS_DEFAULT;

    rc = ngx_slack_status_arg(r, "n", &value);

    if (rc != NGX_OK) {
        return (rc == NGX_DECLINED) ? NGX_OK : NGX_ERROR;
    }

    n = ngx_atoi(value.data, value.len);

    if (n < 1 || n > NGX_SLACK_THREADS_MAX) {
        *error = "n= is a number from 1 to 1000";
        return NGX_DECLINED;
    }

    list->max = (ngx_uint_t) n;

    return NGX_OK;
}


/* executed in a pool thread; without workspaces there is no outbox */

static void
ngx_slack_status_threads_work(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox)
{
    ngx_slack_status_threads_t  *list = job->data;

    ngx_int_t                 rc;
    ngx_slack_scope_t        *scope;
    ngx_slack_json_writer_t  *w;

    w = &list->writer;
    scope = list->scope.workspace.len ? &list->scope : NULL;

    ngx_slack_json_writer_init(w, &list->text);
    ngx_slack_json_writer_object(w);

    ngx_slack_status_member_number(w, "time",
                              (ngx_uint_t) (ngx_slack_clock_wall() / 1000));

    ngx_slack_status_member(w, "threads");
    ngx_slack_json_writer_array(w);

    rc = outbox ? ngx_slack_outbox_threads(outbox, scope, NULL,
                                           ngx_slack_status_threads_add, list)
                : NGX_OK;

    if (rc != NGX_OK && !list->more) {
        return;
    }

    ngx_slack_json_writer_array_end(w);
    ngx_slack_status_member_bool(w, "more", list->more);
    ngx_slack_json_writer_object_end(w);

    job->rc = NGX_OK;
}


/* executed in a pool thread; ends the walk after as many as were asked for */

static ngx_int_t
ngx_slack_status_threads_add(ngx_slack_thread_info_t *thread, void *data)
{
    ngx_slack_status_threads_t  *list = data;

    u_char                   *last, buf[NGX_INT64_LEN];
    ngx_slack_json_writer_t  *w;

    if (list->n == list->max) {
        list->more = 1;
        return NGX_DONE;
    }

    list->n++;
    w = &list->writer;

    ngx_slack_json_writer_object(w);

    /* a string, since JavaScript's numbers are not exact beyond 53 bits */

    last = ngx_sprintf(buf, "%L", thread->id);

    ngx_slack_status_member(w, "id");
    ngx_slack_json_writer_string(w, buf, (size_t) (last - buf));

    ngx_slack_status_member_text(w, "workspace", &thread->workspace);
    ngx_slack_status_member_text(w, "channel", &thread->channel);
    ngx_slack_status_member_text(w, "key", &thread->key);

    ngx_slack_status_threads_handle(w, &thread->handle);

    ngx_slack_status_member_time(w, "stamp", (time_t) (thread->stamp / 1000));
    ngx_slack_status_member_time(w, "touched",
                                 (time_t) (thread->touched / 1000));
    ngx_slack_status_member_time(w, "expires",
                                 (time_t) (thread->expires / 1000));
    ngx_slack_status_member_bool(w, "final", thread->final);
    ngx_slack_status_member_bool(w, "waits", thread->waits);
    ngx_slack_status_member_bool(w, "ended", thread->ended);

    ngx_slack_json_writer_object_end(w);

    return NGX_OK;
}


/*
 * executed in a pool thread
 *
 * What Slack calls the first message: its channel and its time, with a space
 * between them, as delivery writes a handle.  null: it was not sent.
 */

static void
ngx_slack_status_threads_handle(ngx_slack_json_writer_t *w, ngx_str_t *handle)
{
    u_char     *p, *last;
    ngx_str_t   channel, ts;

    last = handle->data + handle->len;
    p = ngx_strlchr(handle->data, last, ' ');

    if (p == NULL) {
        ngx_slack_status_member_null(w, "message");
        return;
    }

    channel.data = handle->data;
    channel.len = (size_t) (p - handle->data);

    ts.data = p + 1;
    ts.len = (size_t) (last - p - 1);

    ngx_slack_status_member(w, "message");
    ngx_slack_json_writer_object(w);
    ngx_slack_status_member_text(w, "channel", &channel);
    ngx_slack_status_member_text(w, "ts", &ts);
    ngx_slack_json_writer_object_end(w);
}


static ngx_int_t
ngx_slack_status_threads_done(ngx_slack_status_job_t *job)
{
    ngx_slack_status_threads_t  *list = job->data;

    if (job->rc != NGX_OK) {
        return ngx_slack_status_error(job->request,
                                      NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "the outbox failed, see the error log");
    }

    if (ngx_slack_json_writer_done(&list->writer) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_send_json(job->request, NGX_HTTP_OK, &list->text);
}
