
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an answer of Slack, or the lack of one, means for the message, its
 * channel and its workspace.  Pure rules: no state, no input, no output.
 */


#ifndef _NGX_SLACK_OUTCOME_H_INCLUDED_
#define _NGX_SLACK_OUTCOME_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_TRANSFER_DONE         0  /* answered */
#define NGX_SLACK_TRANSFER_UNSENT       1  /* request not written as a whole */
#define NGX_SLACK_TRANSFER_UNANSWERED   2  /* written; no whole answer came */


/* what came of a request */

typedef struct {
    ngx_uint_t                transfer;     /* NGX_SLACK_TRANSFER_… */
    ngx_uint_t                status;       /* 0: none came */
    ngx_str_t                 body;         /* of any bytes, may be cut */
    ngx_str_t                 shown;        /* the same without our secrets */
    ngx_str_t                 retry_after;  /* headers, empty: none */
    ngx_str_t                 date;
    ngx_msec_t                ready;        /* from start to first byte sent */

    /* texts if the transfer was not done, hint may be NULL */
    const char               *error;
    const char               *hint;
} ngx_slack_answer_t;


#define NGX_SLACK_OUTCOME_SENT               0
#define NGX_SLACK_OUTCOME_RETRY              1
#define NGX_SLACK_OUTCOME_WAIT               2  /* whole channel, no attempt */
#define NGX_SLACK_OUTCOME_SUSPEND_CHANNEL    3
#define NGX_SLACK_OUTCOME_SUSPEND_WORKSPACE  4  /* all that use the webhook */
#define NGX_SLACK_OUTCOME_DEAD               5  /* content refused */
#define NGX_SLACK_OUTCOME_AMBIGUOUS          6  /* Slack may have it */


#define NGX_SLACK_REASON_MAX  200               /* bytes of Slack's words */

#define NGX_SLACK_WAIT_MIN   1000               /* ms */
#define NGX_SLACK_WAIT_MAX   (60 * 60 * 1000)


typedef struct {
    ngx_uint_t                outcome;      /* NGX_SLACK_OUTCOME_… */
    ngx_msec_t                wait;         /* ms, if to WAIT */
    unsigned                  server_error:1;   /* HTTP 5xx */

    /* printable ASCII: what happened; what to do about it, NULL: nothing */
    size_t                    len;
    char                      reason[NGX_SLACK_REASON_MAX + 64];
    const char               *hint;
} ngx_slack_outcome_t;


/*
 * Judges an answer.  "now" is the wall clock in milliseconds: an HTTP date in
 * Retry-After is compared with the answer's own Date, and with it only if
 * there is none.
 */

void ngx_slack_outcome_judge(ngx_slack_answer_t *answer, int64_t now,
    ngx_slack_outcome_t *outcome);


#endif /* _NGX_SLACK_OUTCOME_H_INCLUDED_ */
