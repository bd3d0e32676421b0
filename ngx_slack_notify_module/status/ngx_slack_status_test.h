
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The test of a workspace or channel: what its two files share.  Runs in the
 * event loop unless stated otherwise.
 */


#ifndef _NGX_SLACK_STATUS_TEST_H_INCLUDED_
#define _NGX_SLACK_STATUS_TEST_H_INCLUDED_


#include <ngx_slack_status_action.h>


#define NGX_SLACK_TEST_TIME  10000           /* ms, the longest wait */


typedef struct {
    ngx_http_request_t         *request;
    ngx_slack_workspace_t      *workspace;
    ngx_slack_entry_t           entry;
    ngx_slack_new_message_t     message;
    ngx_slack_status_job_t     *job;
    ngx_slack_scope_t           scope;
    ngx_slack_fate_t            fate;
    ngx_event_t                 timer;
    ngx_connection_t            dummy;       /* of the timer, for debug logs */
    ngx_msec_t                  end;
    ngx_msec_t                  pause;
    int64_t                     started;     /* wall clock, ms */
    ngx_uint_t                  paused;
    ngx_slack_endpoint_t       *token;       /* NULL: a webhook */
    unsigned                    only_token:1;    /* no message is sent */
    unsigned                    known:1;     /* the channel is configured */
    unsigned                    stored:1;
    unsigned                    late:1;      /* the time has expired */
    unsigned                    over:1;      /* the result is final */
    unsigned                    failed:1;
} ngx_slack_status_test_t;


/* Answers with the result.  Returns what a resource's handler returns. */

ngx_int_t ngx_slack_status_test_answer(ngx_slack_status_test_t *test);


/* What it means to read the test in another channel; NULL: nothing. */

const char *ngx_slack_status_test_elsewhere(ngx_slack_status_test_t *test);


#endif /* _NGX_SLACK_STATUS_TEST_H_INCLUDED_ */
