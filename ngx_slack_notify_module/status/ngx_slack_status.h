
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the files of slack_status share: its resources, their answers, and
 * jobs, which ask the outbox in a pool thread.
 */


#ifndef _NGX_SLACK_STATUS_H_INCLUDED_
#define _NGX_SLACK_STATUS_H_INCLUDED_


#include <ngx_slack_outbox.h>
#include <ngx_slack_http.h>


/*
 * What is found below the location.  The handler runs in the event loop and
 * returns what ngx_http_finalize_request() takes, after a job was posted what
 * ngx_slack_status_job_post() has returned.  Before the handler of a POST is
 * called, it was checked that the request may be posted here, and its body,
 * JSON if anything, was read to memory of the request's pool.
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


/* answers; what ngx_http_finalize_request() takes */

ngx_int_t ngx_slack_status_send(ngx_http_request_t *r, ngx_uint_t code,
    ngx_str_t *type, ngx_str_t *body);

/* "text" is JSON; its memory is the request's, or its pool's */

ngx_int_t ngx_slack_status_send_json(ngx_http_request_t *r, ngx_uint_t code,
    ngx_slack_text_t *text);

/*
 * {"error":"…"}, with the format of ngx_sprintf(), at most 512 bytes, which
 * may be any
 */

ngx_int_t ngx_slack_status_error(ngx_http_request_t *r, ngx_uint_t code,
    const char *fmt, ...);


/*
 * Whether the request may act.  NULL: it may, if it does not come from another
 * site; else the reason, which says what to change.  Static.
 */

const char *ngx_slack_status_refuses(ngx_http_request_t *r);

/*
 * Whether a POST comes from where one may: a page of this very location, or no
 * page at all.  NULL, or the reason.  Static.
 */

const char *ngx_slack_status_foreign(ngx_http_request_t *r);


/*
 * Work in a pool thread with an outbox of this worker's own; one job at a
 * time, others wait for their turn.  The request stays until it is done.
 */

typedef struct ngx_slack_http_job_s  ngx_slack_status_job_t;

struct ngx_slack_http_job_s {

    /*
     * in the thread, or without workspaces, and then without an outbox, in the
     * event loop; must not touch the request
     */
    void                      (*work)(ngx_slack_status_job_t *job,
                                  ngx_slack_outbox_t *outbox);

    /* in the event loop; answers, returns what a resource's handler does */
    ngx_int_t                 (*done)(ngx_slack_status_job_t *job);

    void                       *data;
    ngx_pool_t                 *pool;        /* its own; goes with r */
    ngx_http_request_t         *request;
    ngx_slack_main_conf_t      *smcf;
    ngx_log_t                  *log;         /* for the thread */
    ngx_int_t                   rc;          /* NGX_ERROR until work sets it */
    unsigned                    reads:1;     /* it changes nothing */

    ngx_queue_t                 queue;       /* private */
    unsigned                    finished:1;
};


/* zeroed but for what is known; NULL: no memory */

ngx_slack_status_job_t *ngx_slack_status_job_create(ngx_http_request_t *r);


/* NGX_DONE, or an answer to return: too many wait */

ngx_int_t ngx_slack_status_job_post(ngx_slack_status_job_t *job);

/* at the end of a worker, when no thread runs any more */

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
ngx_int_t ngx_slack_status_action_test(ngx_http_request_t *r, ngx_str_t *body);
ngx_int_t ngx_slack_status_action_replay(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_action_drop(ngx_http_request_t *r, ngx_str_t *body);
ngx_int_t ngx_slack_status_action_pause(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_action_resume(ngx_http_request_t *r,
    ngx_str_t *body);
ngx_int_t ngx_slack_status_explain_handler(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_SLACK_STATUS_H_INCLUDED_ */
