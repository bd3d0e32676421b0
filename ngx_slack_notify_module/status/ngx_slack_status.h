
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the files of slack_status share: its resources, their answers, and
 * jobs, which use the outbox in a pool thread.  Functions are called in the
 * event loop unless stated otherwise.
 */


#ifndef _NGX_SLACK_STATUS_H_INCLUDED_
#define _NGX_SLACK_STATUS_H_INCLUDED_


#include <ngx_slack_outbox.h>
#include <ngx_slack_http.h>
#include <ngx_slack_json_writer.h>


/*
 * A resource below the location, such as "status.json".  The handler runs in
 * the event loop.  It returns what ngx_http_finalize_request() takes, or,
 * after posting a job, what ngx_slack_status_job_post() returned.  Before the
 * handler of a POST is called, the request was checked to be allowed, and its
 * body, which is JSON or empty, was read to memory of the request's pool.
 */

typedef struct {
    ngx_str_t                   name;
    ngx_uint_t                  method;      /* NGX_HTTP_GET, …_POST */
    ngx_uint_t                  action;      /* it changes something */
    ngx_int_t                 (*handler)(ngx_http_request_t *r,
                                  ngx_str_t *body);
} ngx_slack_status_resource_t;


/* the content handler of slack_status */

ngx_int_t ngx_slack_status_handler(ngx_http_request_t *r);


/*
 * Sends an answer.  "type" is its content type; "body" must live as long as
 * the request.  Returns what ngx_http_finalize_request() takes.
 */

ngx_int_t ngx_slack_status_send(ngx_http_request_t *r, ngx_uint_t code,
    ngx_str_t *type, ngx_str_t *body);

/*
 * The same for JSON.  "text" must be in memory of the request's pool, or of a
 * pool that lives as long.
 */

ngx_int_t ngx_slack_status_send_json(ngx_http_request_t *r, ngx_uint_t code,
    ngx_slack_text_t *text);

/*
 * Answers with {"error":"…"}.  The message is formatted as by ngx_sprintf()
 * and cut after 512 bytes; it may contain any bytes.
 */

ngx_int_t ngx_slack_status_error(ngx_http_request_t *r, ngx_uint_t code,
    const char *fmt, ...);


/*
 * Gets the decoded value of an argument of the request, in memory of its pool;
 * an empty one if it is missing, which NGX_DECLINED tells.  NGX_ERROR: no
 * memory.
 */

ngx_int_t ngx_slack_status_arg(ngx_http_request_t *r, const char *name,
    ngx_str_t *value);


/*
 * Composes the post of a stored message as Slack gets it.  The result is in
 * malloc()ed memory; the caller free()s message->data.  NGX_ERROR: no memory.
 * Runs in any thread.
 */

ngx_int_t ngx_slack_status_message(ngx_slack_main_conf_t *smcf,
    ngx_str_t *workspace, ngx_str_t *channel, ngx_str_t *envelope,
    ngx_str_t *body, ngx_str_t *message);


/*
 * Whether the request may execute actions at this location.  Returns NULL if
 * it may, which does not include the check of ngx_slack_status_foreign();
 * otherwise the reason with what to change, a static string.
 */

const char *ngx_slack_status_refuses(ngx_http_request_t *r);

/*
 * Whether a POST comes from another site.  Returns NULL if it comes from a
 * page of this very location, or from no page at all; otherwise the reason, a
 * static string.
 */

const char *ngx_slack_status_foreign(ngx_http_request_t *r);


/*
 * Work in a pool thread, with an outbox that the worker opened for jobs.  One
 * job runs at a time, others wait for their turn.  The request is blocked
 * meanwhile.
 */

typedef struct ngx_slack_status_job_s  ngx_slack_status_job_t;


/*
 * Executed in a pool thread; without workspaces in the event loop, with
 * "outbox" NULL.  Must not use the request.
 */

typedef void (*ngx_slack_status_work_pt)(ngx_slack_status_job_t *job,
    ngx_slack_outbox_t *outbox);


/*
 * Called in the event loop; answers, and returns what a resource's handler
 * returns.
 */

typedef ngx_int_t (*ngx_slack_status_done_pt)(ngx_slack_status_job_t *job);


struct ngx_slack_status_job_s {
    ngx_slack_status_work_pt    work;
    ngx_slack_status_done_pt    done;
    void                       *data;
    ngx_pool_t                 *pool;        /* its own; freed with the
                                                request */
    ngx_http_request_t         *request;
    ngx_slack_main_conf_t      *smcf;
    ngx_log_t                  *log;         /* for the thread */
    ngx_int_t                   rc;          /* NGX_ERROR until work sets it */
    unsigned                    reads:1;     /* it does not change the
                                                outbox */

    ngx_queue_t                 queue;       /* private */
    unsigned                    finished:1;
};


/*
 * Creates a job of the request, with its pool; what it does is set next.
 * NULL: no memory.
 */

ngx_slack_status_job_t *ngx_slack_status_job_create(ngx_http_request_t *r);


/*
 * Set what a job does that only reads the outbox, and one that changes it,
 * after which surveys are taken anew.  They may be called again before the job
 * is posted again.
 */

void ngx_slack_status_job_reads(ngx_slack_status_job_t *job, void *data,
    ngx_slack_status_work_pt work, ngx_slack_status_done_pt done);
void ngx_slack_status_job_changes(ngx_slack_status_job_t *job, void *data,
    ngx_slack_status_work_pt work, ngx_slack_status_done_pt done);


/*
 * Posts the job, which may be posted again by "done".  Returns NGX_DONE, or,
 * if it did not have to wait or could not be posted, what the handler has to
 * return.
 */

ngx_int_t ngx_slack_status_job_post(ngx_slack_status_job_t *job);


/*
 * Blocks the request until "handler", its write_event_handler, is called by
 * ngx_slack_http_resume(); "data" is then in ctx->job.  Returns NGX_DONE, as
 * the resource's handler does then.  In the event loop.
 */

ngx_int_t ngx_slack_status_wait(ngx_http_request_t *r, void *data,
    ngx_http_event_handler_pt handler);

/* frees what jobs used, at the end of a worker; no thread runs any more */

void ngx_slack_status_job_exit(void);


/* handlers of resources */

ngx_int_t ngx_slack_status_page_handler(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_style_handler(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_script_handler(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_json_handler(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_metrics_handler(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_threads_handler(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_action_test(ngx_http_request_t *r, ngx_str_t *body);
ngx_int_t ngx_slack_status_action_replay(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_action_drop(ngx_http_request_t *r, ngx_str_t *body);
ngx_int_t ngx_slack_status_action_forget(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_action_pause(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_action_resume(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_explain_handler(ngx_http_request_t *r,
    ngx_str_t *body);


/* ngx_slack_status_explain_location.c */

/*
 * Finds the location with this name, or with the names of server and location.
 * Without a name it is the only location, or the first if all have the same
 * routes.  NULL: there is none, or several.
 */
ngx_slack_conf_location_t *ngx_slack_status_explain_location(
    ngx_slack_main_conf_t *smcf, ngx_str_t *name);

/* Answers that there is none, with the names that there are. */
ngx_int_t ngx_slack_status_explain_which(ngx_http_request_t *r,
    ngx_slack_main_conf_t *smcf, ngx_str_t *name);


/* ngx_slack_status_explain_thread.c */

/* a message of an explained event, and what the outbox knows of its thread */

typedef struct {
    ngx_slack_new_message_t    *message;
    unsigned                    looked:1;    /* the outbox has been read */
    unsigned                    root:1;      /* the thread has one */
    unsigned                    sent:1;      /* and it was sent */
    unsigned                    ended:1;     /* the thread has ended */
} ngx_slack_status_root_t;

/*
 * Returns the messages of an event that have threads, as an array of
 * ngx_slack_status_root_t.  NULL: no memory.
 */
ngx_array_t *ngx_slack_status_explain_roots(ngx_slack_http_event_t *event,
    ngx_pool_t *pool);

/* Looks for their threads in the outbox.  In a pool thread. */
void ngx_slack_status_explain_look(ngx_array_t *roots,
    ngx_slack_outbox_t *outbox);

/* Writes what they would be to their threads. */
void ngx_slack_status_explain_threads(ngx_array_t *roots,
    ngx_slack_json_writer_t *w);


#endif /* _NGX_SLACK_STATUS_H_INCLUDED_ */
